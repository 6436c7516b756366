package markdown_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/privgen/privgen/internal/corpus"
	"github.com/privgen/privgen/internal/markdown"
	"github.com/privgen/privgen/internal/source"
)

func take(t *testing.T, text string, rules markdown.Rules) (*markdown.Body, source.Problems) {
	t.Helper()
	f, problem := source.Parse("content/p/2026-01-01.md", []byte(text))
	if problem != nil {
		t.Fatal(problem)
	}
	return markdown.NewRenderer(1<<16).Parse(f, 0, rules)
}

var setting = &markdown.RenderOptions{
	Address: func(dest string) (string, bool) {
		return "/at/" + strings.TrimSuffix(dest, ".md"), strings.HasSuffix(dest, ".md")
	},
	Clause: "Link to this clause", Table: "Table", Footnotes: "Footnotes", Back: "Back to the text",
}

func TestHTML(t *testing.T) {
	t.Parallel()
	anchor := func(id, title string) string {
		return `<a class="anchor" href="#` + id + `" data-added aria-label="Link to this clause: ` + title + `">#</a>`
	}
	for _, c := range []struct {
		name, text, want string
		rules            markdown.Rules
	}{
		{name: "headings", text: "# 1. Who *we* are\n\n## § 4.2 Übersicht & Mehr\n\n## Übersicht – mehr\n\n### Own {#my-id}\n",
			want: `<h1 id="who-we-are">1. Who <em>we</em> are</h1>` + "\n" +
				`<h2 id="übersicht-mehr">§ 4.2 Übersicht &amp; Mehr</h2>` + anchor("übersicht-mehr", "§ 4.2 Übersicht &amp; Mehr") + "\n" +
				`<h2 id="übersicht-mehr-2">Übersicht – mehr</h2>` + anchor("übersicht-mehr-2", "Übersicht – mehr") + "\n" +
				`<h3 id="my-id">Own</h3>` + anchor("my-id", "Own") + "\n"},
		{name: "a table", text: "| a | b |\n|:-:|--:|\n| 1<br>2 | |\n",
			want: `<div class="table" role="group" tabindex="0" aria-label="Table">` + "\n<table>\n<thead>\n<tr>\n" +
				`<th scope="col" class="center">a</th>` + "\n" + `<th scope="col" class="right">b</th>` + "\n</tr>\n</thead>\n<tbody>\n<tr>\n" +
				`<td class="center">1<br>2</td>` + "\n" + `<td class="right"></td>` + "\n</tr>\n</tbody>\n</table>\n</div>\n"},
		{name: "a table of a clause", text: "## A & B\n\n| a |\n|---|\n",
			want: `<h2 id="a-b">A &amp; B</h2>` + anchor("a-b", "A &amp; B") + "\n" +
				`<div class="table" role="group" tabindex="0" aria-label="Table: A &amp; B">` +
				"\n<table>\n<thead>\n<tr>\n" + `<th scope="col">a</th>` + "\n</tr>\n</thead>\n</table>\n</div>\n"},
		{name: "links", text: "[a](b.md \"t\") [c](https://example.com/?a=1&b=2) <me@example.com> www.example.com [d](/x)\n",
			want: `<p><a href="/at/b" title="t">a</a> <a href="https://example.com/?a=1&amp;b=2">c</a> <a class="url" href="mailto:me@example.com">me@example.com</a> ` +
				`<a class="url" href="http://www.example.com">www.example.com</a> d</p>` + "\n"},
		{name: "dead links kept", text: "[a](#gone) [b](javascript:x) [c](no.txt) [d]() [e](#h)\n\n# h\n", rules: markdown.Rules{DeadLinks: "keep"},
			want: `<p>a b c d <a href="#h">e</a></p>` + "\n" + `<h2 id="h">h</h2>` + anchor("h", "h") + "\n"},
		{name: "images", text: "![a \"b\"](x.md) ![c](https://example.com/c.png) ![d](data:image/png;base64,x)\n", rules: markdown.Rules{Images: "link"},
			want: `<p><img src="/at/x" alt="a &#34;b&#34;"> <a href="https://example.com/c.png">c</a> d</p>` + "\n"},
		{name: "no links in links", text: "[see <https://a.example/> ![i](https://b.example/i.png)](https://c.example/)\n", rules: markdown.Rules{Images: "link"},
			want: `<p><a href="https://c.example/">see https://a.example/ i</a></p>` + "\n"},
		{name: "addresses that are none", text: "[a](https://not a host/) [b](<https://not a host/>) [c](http://u:p@h.example/) [d](https://)\n", rules: markdown.Rules{DeadLinks: "keep"},
			want: `<p>[a](https://not a host/) b c d</p>` + "\n"},
		{name: "HTML let in", text: "a <b onclick=\"x\">b</b> <script>alert(1)</script>\n\n<div style=\"x\">open\n\n# h\n", rules: markdown.Rules{HTML: "sanitize"},
			want: `<p>a <b>b</b> </p>` + "\n" + `<div>open` + "\n" + `<h2 id="h">h</h2><a aria-label="Link to this clause: h" class="anchor" data-added="" href="#h">#</a>` + "\n</div>"},
		{name: "a footnote", text: "A[^1].\n\n[^1]: Note.\n",
			want: `<p>A<sup id="fnref:1"><a href="#fn:1" class="footnote-ref" role="doc-noteref">1</a></sup>.</p>` + "\n" +
				`<section class="footnotes" role="doc-endnotes" aria-label="Footnotes">` + "\n<ol>\n" +
				`<li id="fn:1">` + "\n" + `<p>Note. <a class="back" data-added href="#fnref:1" role="doc-backlink" aria-label="Back to the text">↩︎</a></p>` + "\n</li>\n</ol>\n</section>\n"},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			b, _ := take(t, c.text, c.rules)
			have, _ := b.HTML(nil, setting)
			if string(have) != c.want {
				t.Errorf("\nhave %s\nwant %s", have, c.want)
			}
		})
	}
}

func TestPlain(t *testing.T) {
	t.Parallel()
	text := "# Title *x*\n\nOne\ntwo  \nthree [a](b.md) <https://example.com> [w](https://e.example/).\n\n- a\n- b\n\n  more\n\n3. x\n4. y\n\n> q\n> r\n\n| a | b |\n|---|---|\n| 1 | 2<br>3 |\n\n```\ncode\n  x\n```\n\nT\n: d\n\nN[^1]\n\n[^1]: note\n"
	want := "Title x\n=======\n\nOne two\nthree a </at/b> https://example.com w <https://e.example/>.\n\n- a\n\n- b\n\n  more\n\n3. x\n4. y\n\n> q r\n\na | b\n--- | ---\n1 | 2 / 3\n\n    code\n      x\n\nT\n    d\n\nN[1]\n\n[1] note\n"
	b, problems := take(t, text, markdown.Rules{DeadLinks: "keep"})
	if len(problems) > 0 {
		t.Fatal(problems[0])
	}
	if have := strings.TrimRight(string(b.Plain(nil, setting)), "\n") + "\n"; have != want {
		t.Errorf("\nhave %q\nwant %q", have, want)
	}
}

func TestTitle(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ text, want, heading string }{
		{"# A\n\ntext\n", "A", "<h1"},
		{"\n\n# A\ntext\n", "A", "<h1"},
		{"A\n===\ntext\n", "A", "<h1"},
		{"text\n\n# A\n", "", ""},
		{"## A\n", "", ""},
		{"> # A\n\n# B\n", "", ""},
		{"# A[^1]\n\n[^1]: x\n", "A", "<h1"},
		{"", "", ""},
	} {
		b, _ := take(t, c.text, markdown.Rules{})
		html, end := b.HTML(nil, setting)
		if b.Title() != c.want || !strings.HasPrefix(string(html[:end]), c.heading) || (end == 0) != (c.heading == "") {
			t.Errorf("%q: title %q, heading %q; want %q, %q...", c.text, b.Title(), html[:end], c.want, c.heading)
		}
		if end > 0 && !strings.HasSuffix(string(html[:end]), "</h1>\n") {
			t.Errorf("%q: the heading ends with %q", c.text, html[:end])
		}
	}
}

// A page skips no level of headings, even if the text does.
func TestLevels(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ written, shown string }{
		{"1 2 3 2 3 4", "1 2 3 2 3 4"},
		{"2 3 2", "2 3 2"},
		{"1 2 4 4 3 6 2", "1 2 3 3 3 4 2"},
		{"1 3 3 2 3", "1 2 2 2 3"},
		{"4 2 3", "2 2 3"},
		{"1 2 1 2", "1 2 1 2"},
		{"6 5 1", "2 2 2"},
		{"2 1 2", "2 2 3"},
	} {
		var text strings.Builder
		for _, level := range strings.Fields(c.written) {
			text.WriteString(strings.Repeat("#", int(level[0]-'0')) + " h\n\n")
		}
		b, _ := take(t, text.String(), markdown.Rules{})
		html, _ := b.HTML(nil, setting)
		var have []string
		for _, h := range strings.Split(string(html), "<h")[1:] {
			have = append(have, h[:1])
		}
		if have := strings.Join(have, " "); have != c.shown {
			t.Errorf("levels %s are shown as %s, want %s", c.written, have, c.shown)
		}
	}
}

// checkClauses checks that the clauses, in order, are the whole text.
func checkClauses(t *testing.T, name, text string, b *markdown.Body) {
	t.Helper()
	at := 0
	ids := map[string]bool{}
	for i, c := range b.Clauses() {
		if c.Start != at || c.End < c.Start || c.End > len(text) {
			t.Fatalf("%s: clause %d is %d to %d, want it to begin at %d", name, i, c.Start, c.End, at)
		}
		at = c.End
		if c.Level > 0 && (c.ID == "" || ids[c.ID]) {
			t.Fatalf("%s: clause %d has the id %q, which is empty or another's", name, i, c.ID)
		}
		ids[c.ID] = true
	}
	if at != len(text) {
		t.Fatalf("%s: the clauses end at %d, the text at %d", name, at, len(text))
	}
}

func TestClauses(t *testing.T) {
	t.Parallel()
	text := "Before.\n\n# A\n\nx\n\nB\n---\n\n> # not one\n\n### C {#see}\ny\n"
	b, _ := take(t, text, markdown.Rules{})
	checkClauses(t, "text", text, b)
	var have []string
	for _, c := range b.Clauses() {
		have = append(have, c.ID+"="+text[c.Start:c.End])
	}
	want := []string{"=Before.\n\n", "a=# A\n\nx\n\n", "b=B\n---\n\n> # not one\n\n", "see=### C {#see}\ny\n"}
	if strings.Join(have, "|") != strings.Join(want, "|") {
		t.Errorf("\nhave %q\nwant %q", have, want)
	}
	for _, c := range cuts {
		b, _ := take(t, c.text, markdown.Rules{})
		checkClauses(t, c.name, c.text, b)
	}
}

func TestClausesOfRealTexts(t *testing.T) {
	if testing.Short() {
		t.Skip("reads 70 MB of real policies")
	}
	p := markdown.NewRenderer(64 << 20)
	rules := markdown.Rules{HTML: "sanitize", DeadLinks: "keep", Images: "link", Mistakes: "keep"} // as an import has them
	corpus.Bundle(t, "genai-eu-versions", func(v corpus.Version) {
		f, problem := source.Parse(v.Document, v.Text)
		if problem != nil {
			t.Fatal(problem)
		}
		b, problems := p.Parse(f, 0, rules)
		if len(problems) > 0 {
			t.Errorf("%s %s: %v", v.Document, v.ID, problems[0])
		}
		checkClauses(t, v.Document+" "+v.ID, string(f.Text), b)
	})
}

// TestFormerIDsStay checks that a heading whose id changed also has its former id.
func TestFormerIDsStay(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ heading, now, former string }{
		{"18 years or older", "18-years-or-older", "years-or-older"},
		{"Article 2 – Fees", "fees", "article-2-fees"},
		{"第5条 目的", "目的", "第5条-目的"},
		{"Раздел II. Сроки", "сроки", "раздел-ii-сроки"},
		{"100 EUR Kaution", "100-eur-kaution", "eur-kaution"},
		{"R\\&copy D", "r-copy-d", "r-d"},
		{"المادة (4) الرسوم", "الرسوم", "المادة-4-الرسوم"},
		{"4. Cookies", "cookies", ""},
		{"Cookies", "cookies", ""},
	} {
		b, _ := parseWith("## "+c.heading+"\n", markdown.Rules{Former: true})
		if !b.IDs()[c.now] || c.former != "" && b.Former()[c.former] != c.now || c.former == "" && len(b.Former()) > 0 {
			t.Errorf("%s: the ids are %v and formerly %v", c.heading, b.IDs(), b.Former())
		}
	}
	if b := parse(t, "## Article 2 – Fees\n"); b.Former() != nil {
		t.Errorf("a text without former ids has %v", b.Former())
	}
}

func FuzzTake(f *testing.F) {
	for _, c := range cuts {
		f.Add(c.text, uint8(0))
	}
	f.Fuzz(func(t *testing.T, text string, rules uint8) {
		file, problem := source.Parse("f.md", []byte(text))
		if problem != nil || len(text) > 4000 {
			t.Skip()
		}
		r := markdown.Rules{}
		if rules&1 > 0 {
			r.HTML = "sanitize"
		}
		if rules&2 > 0 {
			r.DeadLinks, r.Images = "keep", "link"
		}
		b, problems := markdown.NewRenderer(1<<16).Parse(file, 0, r)
		checkClauses(t, "fuzzed", string(file.Text), b)
		lines := strings.Count(string(file.Text), "\n") + 1
		for _, p := range problems {
			if p.Line < 1 || p.Line > lines || p.Col < 1 || p.Col > len([]rune(file.Line(p.Line)))+1 {
				t.Errorf("%v is not in the file", p.Pos)
			}
		}
		html, end := b.HTML(nil, setting)
		if end > len(html) {
			t.Errorf("the heading ends at %d of %d", end, len(html))
		}
		b.Plain(nil, setting)
	})
}

// TestAgain parses texts with mistakes again: the bodies are equal, and the mistakes are
// reported afterward, though the blocks are known.
func TestAgain(t *testing.T) {
	t.Parallel()
	for _, text := range []string{"A word\n\n| a | b |\n|---|---|\n| 1 | 2 | 3 |\n", "# \n\nWords.\n",
		"Words and\n\n[^2]: none\n"} {
		r := markdown.NewRenderer(1 << 20)
		f := &source.File{Name: "a.md", Text: []byte(text)}
		again := r.Again(f, 0, markdown.Rules{})
		have, problems := r.Parse(f, 0, markdown.Rules{})
		want, all := markdown.NewRenderer(0).Parse(f, 0, markdown.Rules{})
		if len(all) == 0 || fmt.Sprint(problems) != fmt.Sprint(all) {
			t.Errorf("%q has %v after Again, want %v", text, problems, all)
		}
		page := func(b *markdown.Body) string {
			html, _ := b.HTML(nil, &markdown.RenderOptions{})
			return string(b.Plain(html, &markdown.RenderOptions{}))
		}
		if page(again) != page(want) || page(have) != page(want) {
			t.Errorf("%q is rendered as %q and %q, want %q", text, page(again), page(have), page(want))
		}
	}
}
