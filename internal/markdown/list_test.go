package markdown_test

import (
	"regexp"
	"strings"
	"testing"

	"github.com/privgen/privgen/internal/markdown"
	"github.com/privgen/privgen/internal/source"
)

// page returns the HTML and the plain text of a text.
func page(t *testing.T, text string, rules markdown.Rules) (html, plain string) {
	t.Helper()
	b, problems := markdown.NewRenderer(1<<16).Parse(&source.File{Name: "x.md", Text: []byte(text)}, 0, rules)
	if len(problems) > 0 {
		t.Errorf("%q: %v", text, problems)
	}
	out, _ := b.HTML(nil, &markdown.RenderOptions{})
	return string(out), string(b.Plain(nil, &markdown.RenderOptions{}))
}

var listTags = regexp.MustCompile(`<(?:ol|li)[^>]*>`)

func TestListNumbersAreThoseWritten(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ text, tags, plain string }{
		{"1. a\n2. b\n", "<ol> <li> <li>", "1. a\n2. b"},
		{"1. a\n1. b\n1. c\n", "<ol> <li> <li> <li>", "1. a\n2. b\n3. c"},
		{"3. a\n4. b\n7. c\n8. d\n", `<ol start="3"> <li> <li> <li value="7"> <li>`, "3. a\n4. b\n7. c\n8. d"},
		{"3. Aufträge\n\n7. Preise\n", `<ol start="3"> <li> <li value="7">`, "3. Aufträge\n\n7. Preise"},
		{"1. 一\n2. 二\n2. 二の二\n3. 三\n", `<ol> <li> <li> <li value="2"> <li>`, "1. 一\n2. 二\n2. 二の二\n3. 三"},
		{"5. a\n4. b\n3. c\n", `<ol start="5"> <li> <li value="4"> <li value="3">`, "5. a\n4. b\n3. c"},
		{"0. a\n1. b\n", `<ol start="0"> <li> <li>`, "0. a\n1. b"},
		{"5. a\n5. b\n", `<ol start="5"> <li> <li>`, "5. a\n6. b"},
		{"- a\n\n  2) b\n  4) c\n", `<li> <ol start="2"> <li> <li value="4">`, "- a\n\n  2. b\n  4. c"},
		{"> 1. a\n> 9. b\n", `<ol> <li> <li value="9">`, "> 1. a\n> 9. b"},
		{"  1. a\n  3. b\n", `<ol> <li> <li value="3">`, "1. a\n3. b"},
		{"- a\n\t1. 5 b\n\t3. 6 c\n", `<li> <ol> <li> <li value="3">`, "- a\n  1. 5 b\n  3. 6 c"},
		{"- a\n\n\t8) b\n\t2000) c\n", `<li> <ol start="8"> <li> <li value="2000">`, "- a\n\n  8. b\n  2000. c"},
		{"1.\t3. a\n\t5. b\n", `<ol> <li> <ol start="3"> <li> <li value="5">`, "1. 3. a\n   5. b"},
		{"> - a\n>\t 1. 3\n>\t 7. 5\n", `<li> <ol> <li> <li value="7">`, "> - a\n>   1. 3\n>   7. 5"},
		{"甲\n:\t1. 2 乙\n\t4. 3 丙\n", `<ol> <li> <li value="4">`, "甲\n    1. 2 乙\n    4. 3 丙"},
	} {
		html, plain := page(t, c.text, markdown.Rules{})
		tags := strings.Join(listTags.FindAllString(html, -1), " ")
		if tags != c.tags || strings.TrimSpace(plain) != c.plain {
			t.Errorf("%q\n\thave %s\n\twant %s\n\thave %q\n\twant %q", c.text, tags, c.tags, plain, c.plain)
		}
	}
}

func TestSanitizingKeepsListNumbers(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]string{
		"5. a\n6. b\n\n<b>x</b>\n": `<ol start="5"> <li> <li>`,
		"5. a\n9. b\n\n<b>x</b>\n": `<ol start="5"> <li> <li value="9">`,
		"<ol type=\"a\" start=\"3\">\n<li>a</li>\n<li value=\"7\">b</li>\n</ol>\n":               `<ol type="a" start="3"> <li> <li value="7">`,
		"<ol reversed>\n<li>a</li>\n</ol>\n":                                                     `<ol reversed=""> <li>`,
		"<ol start=\"x\" type=\"z\">\n<li>a</li>\n</ol>\n":                                       `<ol> <li>`,
		"3) un\n5) deux\n\n<i>x</i>\n":                                                           `<ol start="3"> <li> <li value="5">`,
		"> 7. eins\n> 9. zwei\n\n<b>x</b>\n":                                                     `<ol start="7"> <li> <li value="9">`,
		"1. 一\n1. 二\n\n<b>x</b>\n":                                                               `<ol> <li> <li>`,
		"<ol type=\"I\">\n<li value=\"4\">第四</li>\n</ol>\n":                                      `<ol type="I"> <li value="4">`,
		"<ol type=\"A\" start=\"2\"><li>b<ol type=\"i\" start=\"5\"><li>v</li></ol></li></ol>\n": `<ol type="A" start="2"> <li> <ol type="i" start="5"> <li>`,
	} {
		html, _ := page(t, text, markdown.Rules{HTML: "sanitize"})
		if have := strings.Join(listTags.FindAllString(html, -1), " "); have != want {
			t.Errorf("%q\n\thave %s\n\twant %s", text, have, want)
		}
	}
}

func parseWith(text string, rules markdown.Rules) (*markdown.Body, source.Problems) {
	return markdown.NewRenderer(1<<16).Parse(&source.File{Name: "x.md", Text: []byte(text)}, 0, rules)
}

func parse(t *testing.T, text string) *markdown.Body {
	t.Helper()
	b, problems := parseWith(text, markdown.Rules{})
	if len(problems) > 0 {
		t.Errorf("%q: %v", text, problems)
	}
	return b
}

func TestBoxesAreSigns(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]string{
		"- [ ] We sell data\n- [x] We do not\n": "<li>☐ We sell data</li>\n<li>☑ We do not</li>",
		"1. [X] Nein\n":                         "<li>☑ Nein</li>",
		"- [x](https://a.example/)\n":           `<li><a href="https://a.example/">x</a></li>`,
		"- a [ ] b\n":                           "<li>a [ ] b</li>",
		"[x] 同意する\n":                            "<p>[x] 同意する</p>",
	} {
		html, _ := page(t, text, markdown.Rules{})
		if !strings.Contains(html, want) {
			t.Errorf("%q\n\thave %s\n\twant %s", text, html, want)
		}
	}
}

func TestCellsWithoutAColumnAreShown(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]string{
		"| a |\n|---|\n| b | c \\| d | e |\n":         "<td>b</td>\n<td>c | d</td>\n<td>e</td>",
		"| 数据 | 期限 |\n|:-:|---|\n| 一 | 二 | **三** |\n": "<td>二</td>\n<td><strong>三</strong></td>",
		"> | a |\n> |---|\n> | b ||  c\n\nd":          "<td>b</td>\n<td>c</td>",
		"- a\n--\n":                                   "<li>a\n--</li>",
	} {
		html, _ := page(t, text, markdown.Rules{Mistakes: "keep"})
		if !strings.Contains(html, want) {
			t.Errorf("%q\n\thave %s\n\twant %s", text, html, want)
		}
	}
	html, plain := page(t, "A[^1]\n\n[^2]: zwei\n[^1]: eins\n[^1]: noch eins\n", markdown.Rules{Mistakes: "keep"})
	for _, want := range []string{"eins", "zwei", "noch eins"} {
		if !strings.Contains(html, want) || !strings.Contains(plain, want) {
			t.Errorf("%q is not shown in\n%s\n%s", want, html, plain)
		}
	}
}

func TestWhatIsNoTagIsShown(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]string{
		"Write to <your name> at <address>.":          "<p>Write to &lt;your name&gt; at &lt;address&gt;.</p>",
		"<EU Representative>\n":                       "&lt;EU Representative&gt;",
		"cookie ga-<property-id> | <link> <b>x</b>":   "cookie ga-&lt;property-id&gt; | &lt;link&gt; <b>x</b>",
		"# Liebe <Kundin>\n":                          "Liebe &lt;Kundin&gt;",
		"<?name?> und <![CDATA[Wort]]> und <!WORT x>": "&lt;?name?&gt; und &lt;![CDATA[Wort]]&gt; und &lt;!WORT x&gt;",
		"<address>Acme</address> <hr>":                "Acme <hr",
	} {
		html, plain := page(t, text, markdown.Rules{HTML: "sanitize"})
		words := strings.NewReplacer("&lt;", "<", "&gt;", ">", "<b>", "", "</b>", "", "<p>", "", "</p>", "", " <hr", "").Replace(want)
		if !strings.Contains(html, want) || !strings.Contains(plain, words) {
			t.Errorf("%q\n\thave %s%s\n\twant %s", text, html, plain, want)
		}
	}
}

func TestOpenDeclarations(t *testing.T) {
	t.Parallel()
	for text, refused := range map[string]bool{
		"A\n\n<?php B\n\n# C\n":         true,
		"甲\n\n<![CDATA[ 乙\n\n# 丙\n":     true,
		"A\n\n<?php B ?>\n\n# C\n":      false,
		"A <?php B\n\n# C\n":            false,
		"A\n\n<!DOCTYPE html\n\n# B\n":  true,
		"甲\n\n<!DOCTYPE 乙\n\n# 丙\n":     true,
		"甲\n\n<!doctype 乙\n\n# 丙\n":     false, // goldmark reads words
		"A\n\n\\<!DOCTYPE B\n\n# C\n":   false,
		"A\n\n<!DOCTYPE html>\n\n# C\n": false,
		"A\n\n\\<![CDATA[ B\n\n# C\n":   false,
		"A\n\n<![CDATA[ B ]]>\n\n# C\n": false,
		// One without an end hides the text up to the end of the next one.
		"<!-- A\n\nB\n\n<!-- C -->\n":               true,
		"A <!-- B\nC <!-- D --> E\n":                true,
		"甲 <!-- 乙 --> 丙 <!-- 丁 -->\n":               false,
		"<script>a\n\nB\n\n<script>c</script>\n":    true,
		"A <style>b\nC <style>d</style> E\n":        true,
		"A <script>b</script> <script>c</script>\n": false,
	} {
		_, problems := parseWith(text, markdown.Rules{HTML: "sanitize", Mistakes: "keep"})
		if (len(problems) > 0 && problems[0].Code == "open-html") != refused {
			t.Errorf("%q: have %v, want it refused: %v", text, problems, refused)
		}
	}
}

// TestHyphensBelowATable checks that a line of hyphens below a table or a legal list is a
// rule. goldmark makes the paragraph above the table a heading, and puts it after the
// table.
func TestHyphensBelowATable(t *testing.T) {
	t.Parallel()
	tags := regexp.MustCompile(`<(p|table|ul|hr|h2)\b|[XY]|Preise|条款`)
	for text, want := range map[string]string{
		"X\n| a |\n|---|\n| Y |\n---\n":                "<p X <table Y <hr",
		"X\n| a |\n|---|\n| Y |\n===\n":                "<p X <table Y <p",
		"> Preise\n> | a |\n> |---|\n> | Y |\n> ---\n": "<p Preise <table Y <hr",
		"- 条款\n  | a |\n  |---|\n  | Y |\n  ---\n":     "<ul 条款 <table Y <hr",
		"| a |\n|---|\n| Y |\n---\n":                   "<table Y <hr",
		"X\n(a) Y\n(b) Y\n---\n":                       "<p X <ul Y Y <hr",
		"(1) X\n(2) Y\n---\n":                          "<ul X Y <hr",
		"(a) X\n(b) X\n| a |\n|---|\n| Y |\n- - -\n":   "<ul X X <table Y <hr",
		"X\n---\n": "<h2 X X",
	} {
		html, _ := page(t, text, markdown.Rules{})
		if have := strings.Join(tags.FindAllString(html, -1), " "); have != want {
			t.Errorf("%q\n\thave %s\n\twant %s\n%s", text, have, want, html)
		}
	}
}
