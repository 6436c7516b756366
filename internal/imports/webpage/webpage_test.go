package webpage_test

import (
	"bytes"
	"strings"
	"testing"

	"golang.org/x/text/encoding/charmap"
	"golang.org/x/text/encoding/unicode"

	"github.com/privgen/privgen/internal/imports/webpage"
)

// readPage reads a page, and fails the test if it cannot.
func readPage(t *testing.T, saved string, opt webpage.Options) *webpage.Page {
	t.Helper()
	p, problem := webpage.Read("page.html", []byte(saved), opt)
	if problem != nil {
		t.Fatalf("%v", problem)
	}
	return p
}

// TestPageElements converts single elements.
func TestPageElements(t *testing.T) {
	t.Parallel()
	for _, test := range []struct{ what, html, want string }{
		{"paragraphs", "<p>One\n  line.</p><p>Two&nbsp;lines.</p>", "One line.\n\nTwo\u00a0lines."},
		{"headings with ids", `<h2 id="data">Data</h2><p>x</p><h3 id="who-we-are">Who we <b>are</b></h3>`, "## Data\n\nx\n\n### Who we are"},
		{"a heading's own id", `<h2 id="s4">Keeping</h2><p>See <a href="#s4">there</a>.</p>`, "## Keeping {#s4}\n\nSee [there](#s4)."},
		{"an empty anchor before a heading", `<a name="keep"></a><h2>Storage</h2><p><a href="#keep">Up</a></p>`, "## Storage {#keep}\n\n[Up](#keep)"},
		{"a link to a paragraph", `<h2>Rights</h2><p id="p9">x</p><p><a href="#p9">see</a> <a href="#gone">no</a></p>`, "## Rights\n\nx\n\n[see](#rights) no"},
		{"emphasis", `<p><b>Bold </b>and <em>soft</em>, <strong><i>both</i></strong>, <s>gone</s>.</p>`, "**Bold** and *soft*, ***both***, ~~gone~~."},
		{"emphasis that touches", `<p><b>a</b><b>b</b><i>c</i> <b>“q”</b>d</p>`, "**ab**c “q”d"},
		{"code", "<p><code>a`b</code> and <kbd>x</kbd></p><pre>one\n  two</pre>", "``a`b`` and `x`\n\n```\none\n  two\n```"},
		{"signs that are words", `<p>2 * 3 * 4 [a] snake_case _x_ &lt;b&gt; &amp;amp; 5 < 6</p>`, `2 \* 3 \* 4 \[a\] snake_case \_x\_ \<b> \&amp; 5 < 6`},
		{"beginnings that are words", `<p>1. Not a list</p><p># No</p><p>- No</p><p>: no</p><p>+++</p><p>===</p>`, "1\\. Not a list\n\n\\# No\n\n\\- No\n\n\\: no\n\n\\+++\n\n\\==="},
		{"breaks", `<p>7 Mill Lane<br>Fernhill<br><br>Next</p>`, "7 Mill Lane\\\nFernhill\n\nNext"},
		{"nested lists", `<ul><li>a<ul><li>b</li><li>c</li></ul></li><li>d</li></ul>`, "- a\n  - b\n  - c\n- d"},
		{"a list that starts later", `<ol start="3"><li>c</li><li>d</li></ol>`, "3. c\n4. d"},
		{"letters", `<ol type="a"><li>one</li><li>two</li></ol>`, "- a. one\n- b. two"},
		{"Roman numbers", `<ol style="list-style-type: lower-roman"><li>one</li><li value="4">two</li></ol>`, "- i. one\n- iv. two"},
		{"numbers that go down", `<ol reversed><li>c</li><li>b<p>more</p></li></ol><table><tr><td>x<td><ol reversed><li>q</li><li>r</li></ol></table>`, "- 2\\. c\n\n- 1\\. b\n\n  more\n\n|  |  |\n| --- | --- |\n| x | 2. q<br>1. r |"},
		{"numbers with a gap", `<ol><li>a</li><li value="5">e</li><li>f</li></ol>`, "- 1\\. a\n- 5\\. e\n- 6\\. f"},
		{"a list that starts with a value", `<ol><li value="4">d</li><li>e</li></ol>`, "4. d\n5. e"},
		{"a title over all columns", `<table><tr><td colspan="2">All</td></tr><tr><td>a</td><td>b</td></tr></table>`, "|  |  |\n| --- | --- |\n| All |  |\n| a | b |"},
		{"two lists", `<ul><li>a</li></ul><ul><li>b</li></ul>`, "- a\n\n* b"},
		{"items of paragraphs", `<ol><li><p>a</p><p>b</p></li><li><p>c</p></li></ol>`, "1. a\n\n   b\n\n2. c"},
		{"definitions", `<dl><div><dt>Log</dt><dt>Journal</dt><dd><p>A list.</p><p>Kept.</p></dd></div><dt>Key</dt><dd>x</dd><dd>y</dd></dl>`,
			"Log\nJournal\n:   A list.\n\n    Kept.\n\nKey\n:   x\n:   y"},
		{"a quote", `<blockquote><p>a</p><p>b</p></blockquote><hr><p>c</p>`, "> a\n>\n> b\n\n* * *\n\nc"},
		{"a table", `<table><thead><tr><th>Who<th align="right">How | long</thead><tr><td>We<td>1 year<br>or two</table>`,
			"| Who | How \\| long |\n| --- | ---: |\n| We | 1 year<br>or two |"},
		{"a table without heads that spans", `<table><tr><td colspan="2">a</td><td rowspan="2">b</td></tr><tr><td>c</td><td><ul><li>d</li><li>e</li></ul></td></tr></table>`,
			"|  |  |  |\n| --- | --- | --- |\n| a | a | b |\n| c | • d<br>• e | b |"},
		{"a table with bold heads", `<table><tr><td><p><b>Who</b></p></td><td><b>How</b> <b>long</b></td></tr><tr><td>We</td><td>1&nbsp;year</td></tr></table>`,
			"| Who | How long |\n| --- | --- |\n| We | 1\u00a0year |"},
		{"spaces for the look", "<p>1.&nbsp;&nbsp;&nbsp; Delivery &nbsp; 5&nbsp;%</p>", "1\\. Delivery 5\u00a0%"},
		{"a table for the layout", `<table><tr><td><h1>Privacy</h1><p>a</p></td><td>b</td></tr></table>`, "# Privacy\n\na\n\nb"},
		{"links", `<p><a href="/terms?utm_source=x">terms</a> <a href="mailto:a@fernhill.example">a@fernhill.example</a> <a href="javascript:go()">go</a> <a href="https://b.example/(x)">b</a></p>`,
			"[terms](https://fernhill.example/terms?utm_source=x) <a@fernhill.example> go [b](https://b.example/(x))"},
		{"a link around blocks", `<a href="/x"><h3>Title</h3><p>text</p></a>`, "### [Title](https://fernhill.example/x)\n\n[text](https://fernhill.example/x)"},
		{"images", `<p>See <img src="https://b.example/i.png" alt="a map"> <img src="data:x"> here</p>`, "See [a map](https://b.example/i.png) here"},
		{"footnotes", `<p>Kept<sup><a href="#fn1">1</a></sup> long.</p><section class="footnotes"><ol><li id="fn1"><p>Ten years. <a href="#fnref1">↩</a></p></li></ol></section>`,
			"Kept[^1] long.\n\n[^1]: Ten years."},
		{"folded text", `<details><summary>More</summary><p>Text</p></details>`, "More\n\nText"},
		{"a heading with a button in it", `<h3><button>What we keep</button></h3><div>Little. <button>Copy</button></div>`, "### What we keep\n\nLittle."},
		{"words that are not shown", `<p>a<script>x</script><style>y</style><!-- z --><span hidden>no</span> b</p>`, "a b"},
	} {
		saved := `<html><head><link rel=canonical href="https://fernhill.example/privacy"></head><body><main>` + test.html + `</main></body></html>`
		p, problem := webpage.Read("page.html", []byte(saved), webpage.Options{Select: "main"})
		if problem != nil {
			t.Errorf("%s: %v", test.what, problem)
			continue
		}
		if have := strings.TrimSuffix(string(p.Text), "\n"); have != test.want {
			t.Errorf("%s:\nhave %q\nwant %q", test.what, have, test.want)
		}
		if p.Differs != "" {
			t.Errorf("%s: %s", test.what, p.Differs)
		}
	}
}

// shop is a typical page of a shop: the policy is the smaller part.
const shop = `<!DOCTYPE html>
<html lang="de-AT"><head><title>Datenschutz | Fernhill</title>
<meta property="article:modified_time" content="2024-03-01T10:00:00+01:00">
<base href="https://www.fernhill.example/legal/"></head>
<body class="has-cookie-banner">
<div id="cookie-banner" role="dialog"><p>We value your privacy. Accept all cookies?</p><button>OK</button></div>
<header class="site-header"><nav><ul><li><a href="/a">Shop</a></li><li><a href="/b">Cart</a></li></ul></nav></header>
<div class="wrap"><aside class="sidebar"><a href="/c">Related</a></aside>
<div class="content"><h1>Datenschutz</h1><p>Stand: 1. Februar 2024</p>
<p>Wir erheben wenig. Siehe <a href="agb.html">AGB</a>.</p>
<div class="cookie-policy"><h2>Cookies</h2><p>Ein Cookie hält den Warenkorb fest, sonst nichts, und wird nach dreißig Tagen gelöscht.</p></div>
<div class="share-buttons"><a href="https://s.example/share">Teilen</a></div>
</div></div>
<footer class="site-footer"><p>© 2024 Fernhill</p></footer>
<script>track()</script></body></html>`

func TestPageMain(t *testing.T) {
	t.Parallel()
	p := readPage(t, shop, webpage.Options{})
	want := "# Datenschutz\n\nStand: 1. Februar 2024\n\nWir erheben wenig. Siehe [AGB](https://www.fernhill.example/legal/agb.html).\n\n" +
		"## Cookies\n\nEin Cookie hält den Warenkorb fest, sonst nichts, und wird nach dreißig Tagen gelöscht.\n"
	if string(p.Text) != want {
		t.Errorf("have %q\nwant %q", p.Text, want)
	}
	if p.Title != "Datenschutz" || p.Lang != "de-AT" || p.Modified.String() != "2024-03-01" || p.Found != "div.content" {
		t.Errorf("title %q, language %q, modified %v, found %q", p.Title, p.Lang, p.Modified, p.Found)
	}
	var dropped []string
	for _, d := range p.Dropped {
		dropped = append(dropped, d.What)
	}
	if have := strings.Join(dropped, " "); have != "div#cookie-banner header.site-header aside.sidebar div.share-buttons footer.site-footer" {
		t.Errorf("dropped %s", have)
	}
}

func TestPageSelect(t *testing.T) {
	t.Parallel()
	p := readPage(t, shop, webpage.Options{Select: ".cookie-policy"})
	if !strings.HasPrefix(string(p.Text), "## Cookies\n") {
		t.Errorf("have %q", p.Text)
	}
}

func TestPageEncodings(t *testing.T) {
	t.Parallel()
	saved := func(meta string) string {
		return "<html><head>" + meta + "</head><body><p>Größe “x” für alle</p></body></html>"
	}
	windows, err := charmap.Windows1252.NewEncoder().String(saved(`<meta charset="iso-8859-1">`))
	if err != nil {
		t.Fatal(err)
	}
	unsaid, err := charmap.Windows1252.NewEncoder().String(saved(""))
	if err != nil {
		t.Fatal(err)
	}
	utf16, err := unicode.UTF16(unicode.LittleEndian, unicode.UseBOM).NewEncoder().String(saved(""))
	if err != nil {
		t.Fatal(err)
	}
	for what, raw := range map[string]string{
		"utf-8": saved(`<meta charset="utf-8">`), "utf-8, unsaid": saved(""), "with a mark": "\uFEFF" + saved(""),
		"windows-1252": windows, "windows-1252, unsaid": unsaid, "utf-16": utf16,
	} {
		p, problem := webpage.Read("page.html", []byte(raw), webpage.Options{})
		if problem != nil {
			t.Errorf("%s: %v", what, problem)
		} else if string(p.Text) != "Größe “x” für alle\n" {
			t.Errorf("%s: have %q", what, p.Text)
		}
	}
}

func TestPageProblems(t *testing.T) {
	t.Parallel()
	long := "<p>" + strings.Repeat("words and words ", 50) + "</p>"
	for _, test := range []struct{ page, selector, code string }{
		{"<html><body></body></html>", "", "empty-page"},
		{`<html><body><div id="root"></div><script src="app.js"></script><noscript>Turn on scripts</noscript></body></html>`, "", "empty-page"},
		{"", "", "empty-page"},
		{long, "#gone", "selects-nothing"},
		{long, "p[", "bad-selector"},
		{"<p></p>" + long, "p:empty", "empty-page"},
		{`<meta charset="utf-8"><p>Gr` + "\xf6" + `sse</p>`, "", "not-utf8"},
		{"%PDF-1.7\n\x00", "", "not-text"},
		{"<p>a\x00b</p>", "", "not-text"},
		{strings.Repeat("<div>", 3000) + "x", "", "bad-page"},
		{strings.Repeat("x", webpage.MaxSize+1), "", "too-large"},
		{"<p>" + strings.Repeat("words ", 1_000_000) + "</p>", "", "too-large"},
	} {
		_, problem := webpage.Read("page.html", []byte(test.page), webpage.Options{Select: test.selector})
		if problem == nil || problem.Code != test.code {
			t.Errorf("%.60q with %q: have %v, want %s", test.page, test.selector, problem, test.code)
		}
	}
}

// FuzzReadPage checks that the text of any page has the words of the page, and does
// not begin like front matter.
func FuzzReadPage(f *testing.F) {
	f.Add([]byte(shop))
	for _, s := range []string{
		"<p><b>a</b>b<i> c</i>d*e_f_ <code>`</code>", "<ol><li>1. a<ul><li># b</ol>", "<table><tr><td rowspan=0>a|b<td><p>c<tr><td>d</table>",
		"<dl><dt>a<dd>b<p>c</dl>", "<h1>a #</h1><h2>{b}</h2>", "<pre>```\n~~~</pre>", "<a href='#x'>a</a><h2 id=x>b</h2>", "<p>&#0;&nbsp;&shy;a&#8203;b",
		"<blockquote><ul><li><pre>a\n\n b</pre><li><h2>c</h2></ul></blockquote>",
	} {
		f.Add([]byte(s))
	}
	f.Fuzz(func(t *testing.T, raw []byte) {
		p, problem := webpage.Read("page.html", raw, webpage.Options{})
		if problem != nil {
			return
		}
		if p.Differs != "" {
			t.Errorf("%s\n%q\n%q", p.Differs, raw, p.Text)
		}
		if bytes.HasPrefix(p.Text, []byte("+++\n")) {
			t.Errorf("the text begins like front matter: %q", p.Text)
		}
	})
}
