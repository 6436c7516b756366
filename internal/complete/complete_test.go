package complete_test

import (
	"fmt"
	"testing"

	"github.com/privgen/privgen/internal/complete"
)

func TestLosses(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ text, page, want string }{
		{"Ein *kurzes* Wort.", "<p>Ein <em>kurzes</em> Wort.</p>", ""},
		{"a [link](https://example.com/x_y \"its title\") b", `<p>a <a href="https://example.com/x_y" title="its title">link</a> b</p>`, ""},
		{"a [no link](x y) b", "<p>a [no link](x y) b</p>", ""},
		{"a [no link](x y) b", "<p>a [no link] b</p>", `"x y"`},
		{"a [link][ref]\n\n[ref]: https://example.com/ (Title)\n", `<p>a <a href="https://example.com/">link</a></p>`, ""},
		{"[Note]: important\n", "", `"Note important"`},
		{"[Note]: important\n\nA [Note]\n", "<p>A Note</p>", `"Note important"`},
		{"[site]: https://example.com/\n", "", `"site https example com"`},
		{"[site]: a.md#b\n\nA [b][site] [site]\n", `<p>A <a href="a.md#b">b</a> site</p>`, ""},
		{"[two words]: /x\n\nA [b][two\nwords]\n", `<p>A <a href="/x">b</a></p>`, ""},
		{"[//]: # (comment)\nA\n", "<p>A</p>", ""},
		{"caf&eacute; 100\\% &amp; `&eacute;`", "<p>café 100% &amp; <code>&amp;eacute;</code></p>", ""},
		{"3. c\n4. d\n7. e\n", `<ol start="3"><li>c</li><li>d</li><li value="7">e</li></ol>`, ""},
		{"3. c\n4. d\n7. e\n", `<ol start="3"><li>c</li><li>d</li><li>e</li></ol>`, "7 is 5"},
		{"1. c\n1. d\n", "<ol><li>c</li><li>d</li></ol>", ""},
		{"1. c\n2. d\n", "<ul><li>c</li><li>d</li></ul>", `"1 c 2"`},
		{"We say:\n14) days", "<p>We say:\n14) days</p>", ""},
		{"第一条 用户\n须知", "<p>第一条 用户须知</p>", ""},
		{"第一条 用户\n须知", "<p>第一条 用須知</p>", `"户 须"`},
		{"30 days or 14 days", "<p>30 days or 41 days</p>", `"14"`},
		{"one two", "<p>two one</p>", `"one two"`},
		{"one two", "<p>one two two</p>", "more"},
		{"a <your name> b", "<p>a  b</p>", `"your name"`},
		{"a <address> b", "<p>a  b</p>", `"address"`},
		{"a <b class=\"x\">c</b><br> <!-- d --> e", "<p>a <b>c</b><br>  e</p>", ""},
		{"a <!-- b", "<p>a</p>", `"b"`},
		{"## x {#y}\n", `<h2 id="y">x <a class="anchor" data-added href="#y">link</a></h2>`, ""},
		{"```go\nx\n```\n", "<pre><code>x\n</code></pre>", ""},
		{"``` go home\nx\n```\n", "<pre><code>x\n</code></pre>", `"home"`},
		{"€ 5 % of $7", "<p>€ 5 of 7</p>", `"% of $"`},
		{"לא 30 ימים", "<p>לא 30 ימים</p>", ""},
		{"ไม่เกิน ๓๐ วัน", "<p>ไม่เกิน วัน</p>", `"๓๐"`},
	} {
		have := ""
		for _, l := range complete.Losses(complete.Text{Source: []byte(c.text)}, complete.Page{HTML: []byte(c.page)}) {
			if have != "" {
				have += "; "
			}
			switch words := complete.Words(c.text[l.From:l.To]); {
			case l.Number:
				have += fmt.Sprintf("%s is %d", words, l.Shown)
			case words == "":
				have += "more"
			default:
				have += fmt.Sprintf("%q", words)
			}
		}
		if have != c.want {
			t.Errorf("%q as %q\n\thave %s\n\twant %s", c.text, c.page, have, c.want)
		}
	}
}

// A footnote is compared with the footnote of the same number, wherever it is defined.
func TestNotes(t *testing.T) {
	t.Parallel()
	const text = "[^b]: the second\n\nA[^a] B[^b]\n\n[^a]: the first\n"
	const head = `<p>A<sup><a href="#fn:1" class="footnote-ref">1</a></sup> B<sup><a href="#fn:2" class="footnote-ref">2</a></sup></p>` +
		`<section class="footnotes"><ol><li id="fn:1"><p>`
	from := complete.Text{Source: []byte(text), Notes: map[int]int{0: 2, 31: 1}}
	if losses := complete.Losses(from, complete.Page{HTML: []byte(head + "the first</p></li><li id=\"fn:2\"><p>the second</p></li></ol></section>")}); len(losses) > 0 {
		t.Errorf("a whole page has losses: %v", losses)
	}
	if losses := complete.Losses(from, complete.Page{HTML: []byte(head + "the second</p></li><li id=\"fn:2\"><p>the first</p></li></ol></section>")}); len(losses) == 0 {
		t.Error("exchanged footnotes are not found")
	}
}

func TestCopied(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		text, other string
		lost        string // or "=" for nothing
	}{
		{"\n\nWe keep it.\n\n", "We keep it.\n", "="},
		{"# Lo\u0308schung\n", "# Löschung\n", "="},
		{"\u1100\u1162\u110b\u1175\u11ab 정보\n", "개인 정보\n", "="},
		{"a  b\tc\n", "a b c", "="},
		{"We keep it for 30 days.", "We keep it for 3 days.", "30"},
		{"Wir speichern nichts.", "Wir speichern.", "speichern"},
		{"我们 保留 数据", "我们 数据", "保留"},
		{"a b b c", "a b c", "b"},
		{"a b", "b a", "a"},
		{"**not**", "not", "**not**"},
		{"a", "a b", ""},
		{"e", "e\u0301", "e"},
	} {
		l, ok := complete.Copied([]byte(c.text), []byte(c.other))
		have := c.text[l.From:l.To]
		if ok {
			have = "="
		}
		if have != c.lost {
			t.Errorf("%q, %q: have %q, want %q", c.text, c.other, have, c.lost)
		}
	}
}
