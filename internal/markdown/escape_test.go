package markdown_test

import (
	"strings"
	"testing"

	"github.com/privgen/privgen/internal/markdown"
)

func TestEscapesAndReferences(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ text, html, plain string }{
		{`http://a.example/opt\_out.asp now`, `<a class="url" href="http://a.example/opt_out.asp">http://a.example/opt_out.asp</a> now`, `http://a.example/opt_out.asp now`},
		{`(siehe https://b.example/x\_y\_z/\#ende).`, `(siehe <a class="url" href="https://b.example/x_y_z/#ende">https://b.example/x_y_z/#ende</a>).`, `(siehe https://b.example/x_y_z/#ende).`},
		{`voir www.c.example/l\_eau\-vive`, `voir <a class="url" href="http://www.c.example/l_eau-vive">www.c.example/l_eau-vive</a>`, `voir www.c.example/l_eau-vive`},
		{`http://d\-e.example/a\_b`, `<a class="url" href="http://d-e.example/a_b">http://d-e.example/a_b</a>`, `http://d-e.example/a_b`},
		{`https://f.example/?a=1&amp;b=2 x`, `<a class="url" href="https://f.example/?a=1&amp;b=2">https://f.example/?a=1&amp;b=2</a> x`, `https://f.example/?a=1&b=2 x`},
		{`<https://g.example/a\_b>`, `<a class="url" href="https://g.example/a%5C_b">https://g.example/a\_b</a>`, `https://g.example/a\_b`},
		{`[m](mailto&#58;x@y.example)`, `<a href="mailto:x@y.example">m</a>`, `m <mailto:x@y.example>`},
		{`[t](https://h.example/ "a \&amp; b&copy;")`, `<a href="https://h.example/" title="a &amp;amp; b©">t</a>`, `t <https://h.example/>`},
		{`Rates \&amp; fees R&copy D`, `Rates &amp;amp; fees R&amp;copy D`, `Rates &amp; fees R&copy D`},
		{`Write to first\_last@example.com, or a\-b@c\-d.example.`,
			`Write to <a class="url" href="mailto:first_last@example.com">first_last@example.com</a>, ` +
				`or <a class="url" href="mailto:a-b@c-d.example">a-b@c-d.example</a>.`,
			`Write to first_last@example.com, or a-b@c-d.example.`},
		{`(datenschutz\.team@beispiel.example)`, `(<a class="url" href="mailto:datenschutz.team@beispiel.example">datenschutz.team@beispiel.example</a>)`,
			`(datenschutz.team@beispiel.example)`},
		{`連絡先 x\_y\@z.example`, `連絡先 <a class="url" href="mailto:x_y@z.example">x_y@z.example</a>`, `連絡先 x_y@z.example`},
		{`mailto:team_a@x.example oder Mailto:b-c\_d@y.example.`, `<a class="url" href="mailto:team_a@x.example">mailto:team_a@x.example</a> ` +
			`oder <a class="url" href="Mailto:b-c_d@y.example">Mailto:b-c_d@y.example</a>.`, `mailto:team_a@x.example oder Mailto:b-c_d@y.example.`},
		{`联系 (mailto:fa_wu@x.example/) mailto:a_b@x-`, `联系 (<a class="url" href="mailto:fa_wu@x.example">mailto:fa_wu@x.example</a>/) mailto:a_b@x-`,
			`联系 (mailto:fa_wu@x.example/) mailto:a_b@x-`},
		{`a\*b @ c.example, \_x@y.example, d\_e@nowhere`, `a*b @ c.example, _x@y.example, d_e@nowhere`, `a*b @ c.example, _x@y.example, d_e@nowhere`},
		{`?a=1&copy=2&reg=3 \&lt;b\&gt;`, `?a=1&amp;copy=2&amp;reg=3 &amp;lt;b&amp;gt;`, `?a=1&copy=2&reg=3 &lt;b&gt;`},
		{`&#8364; &#x20AC; &euro; &#0; &nosuch;`, "€ € € \uFFFD &amp;nosuch;", "€ € € \uFFFD &nosuch;"},
		{"`a\\_b &amp;`", `<code>a\_b &amp;amp;</code>`, `a\_b &amp;`},
	} {
		html, plain := page(t, c.text+"\n", markdown.Rules{})
		if have := strings.TrimSpace(html); have != "<p>"+c.html+"</p>" {
			t.Errorf("%s\n\thave %s\n\twant <p>%s</p>", c.text, have, c.html)
		}
		if have := strings.TrimSpace(plain); have != c.plain {
			t.Errorf("%s\n\thave %s\n\twant %s", c.text, have, c.plain)
		}
	}
}

func TestTitlesAndFilesAreReadAsWords(t *testing.T) {
	t.Parallel()
	b := parse(t, "## Rates \\&amp; fees R&copy D\n\n[a](my\\_file.pdf) [b](a&amp;b.pdf) ![R\\&copy;](x&amp;y.png) [c](&#x6d;y.pdf)\n")
	if have := b.Clauses()[0].Title; have != "Rates &amp; fees R&copy D" {
		t.Errorf("the title is %q", have)
	}
	var files []string
	for _, r := range b.Refs() {
		files = append(files, r.Dest)
	}
	if have := strings.Join(files, " "); have != "my_file.pdf a&b.pdf x&y.png my.pdf" {
		t.Errorf("the links lead to %s", have)
	}
	out, _ := b.HTML(nil, &markdown.RenderOptions{})
	if !strings.Contains(string(out), `alt="R&amp;copy;"`) {
		t.Errorf("the alternative text is not R&copy;: %s", out)
	}
}

// TestTitles checks that the title of a clause is what its heading shows.
func TestTitles(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]string{
		"## AT&amp;T und \\&lt;b\\&gt;":      "AT&T und &lt;b&gt;",
		"## Tarifs &eacute;t&eacute; \\& co": "Tarifs été & co",
		"## \\*Preise\\* \\_netto\\_":        "*Preise* _netto_",
		"## `a &amp; b\\_c`":                 "a &amp; b\\_c",
		"## 料金 &copy;2026 &#8364;":           "料金 ©2026 €",
		"## ?a=1&copy=2&reg=3":               "?a=1&copy=2&reg=3",
		"## [الرسوم \\&amp;](#x) {#x}":       "الرسوم &amp;",
		"Fees &nosuch; \\\\\n---":            "Fees &nosuch; \\",
	} {
		if have := parse(t, text+"\n").Clauses()[0].Title; have != want {
			t.Errorf("%q: have %q, want %q", text, have, want)
		}
	}
}

// TestFiles checks which file a relative link leads to.
func TestFiles(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]string{
		`[a](my\_file.pdf)`:              "my_file.pdf",
		`[a](a&amp;b.pdf)`:               "a&b.pdf",
		`[a](über\_uns\-2.pdf)`:          "über_uns-2.pdf",
		`[a](利用\(規約\).pdf)`:              "利用(規約).pdf",
		`[a](<mes tarifs\_2.pdf>)`:       "mes tarifs_2.pdf",
		`[a](d&eacute;j&agrave;.pdf)`:    "déjà.pdf",
		`![a](&#x6c;ogo\_1.png)`:         "logo_1.png",
		"[a][b]\n\n[b]: x\\_y&amp;z.pdf": "x_y&z.pdf",
		"`[a](x\\_y.pdf)` [b](z.pdf)":    "z.pdf",
	} {
		refs := parse(t, text+"\n").Refs()
		if len(refs) != 1 || refs[0].Dest != want {
			t.Errorf("%q: have %v, want %q", text, refs, want)
		}
	}
}

func TestSchemesInReferencesAreSeen(t *testing.T) {
	t.Parallel()
	for _, text := range []string{"[x](javascript&colon;alert(1))\n", "[x](java\\script:alert)\n", "[x](&#106;avascript:alert)\n", "[x](vbscript&#58;a)\n", "[x](data&#x3a;text/html,x)\n"} {
		if _, problems := parseWith(text, markdown.Rules{}); len(problems) == 0 {
			t.Errorf("%q has no problem", text)
		}
	}
}
