package webpage_test

import (
	"strings"
	"testing"

	"github.com/privgen/privgen/internal/imports/webpage"
)

// TestPrepare reads pages whose words are not in plain elements. The lost elements are
// those that a reader of the page sees and the text lacks.
func TestPrepare(t *testing.T) {
	t.Parallel()
	row := func(cells string) string { return "<table><tr><th>A<th>B<th>C</tr>" + cells + "</table>" }
	for _, test := range []struct{ what, html, want, lost string }{
		{"a note at a price", `<p>The fee is $5<sup>1</sup>.</p>`, "The fee is $5¹.", ""},
		{"powers and units", `<p>10<sup>-6</sup> m<sup>2</sup>, CO<sub>2</sub>, 2<sup>10</sup></p>`, "10⁻⁶ m², CO₂, 2¹⁰", ""},
		{"ordinals stay", `<p>2<sup>nd</sup>, 1<sup>er</sup> janvier, M<sup>me</sup>, 1<sup>o</sup></p>`, "2nd, 1er janvier, Mᵐᵉ, 1º", ""},
		{"a mark and a sign", `<p>Fern<sup>TM</sup>, Mill<sup>®</sup>, fees<sup>*</sup>, days<sup>[2]</sup></p>`, `Fern™, Mill®, fees\*, days\[2\]`, ""},
		{"a note after a stop", `<p>Wir löschen.<sup>3</sup></p><p><sup>3</sup> Bald.</p>`, "Wir löschen.³\n\n3 Bald.", ""},
		{"a linked note", `<p>30<sup><a href="https://a.example/">1</a></sup> jours</p>`, "30[¹](https://a.example/) jours", ""},
		{"an exponent in letters", `<p>x<sup>n+1</sup> und 10<sup>q/2</sup></p>`, "xⁿ⁺¹ und 10^(q/2)", ""},
		{"a hidden mail address", `<p><a href="/cdn-cgi/l/email-protection#6b070e0c0a072b0a08041905450e130a061b070e"><span data-cfemail="6b070e0c0a072b0a08041905450e130a061b070e">[email&#160;protected]</span></a></p>`,
			"<legal@acorn.example>", ""},
		{"a cell of two rows", row(`<tr><td rowspan=2>sid<td>x<td>1<tr><td>y<td>2<tr><td>z<td>w<td>3`),
			"| A | B | C |\n| --- | --- | --- |\n| sid | x | 1 |\n| sid | y | 2 |\n| z | w | 3 |", ""},
		{"a cell of two rows at the end", row(`<tr><td>x<td>1<td rowspan=3>an<tr><td>y<td>2<tr><td>z<td>3`),
			"| A | B | C |\n| --- | --- | --- |\n| x | 1 | an |\n| y | 2 | an |\n| z | 3 | an |", ""},
		{"cells of rows and columns", row(`<tr><td rowspan=2 colspan=2>x<td>1<tr><td>2`), "| A | B | C |\n| --- | --- | --- |\n| x | x | 1 |\n| x | x | 2 |", ""},
		{"panels of buttons", `<h2><button aria-expanded=false aria-controls=a>Aufbewahrung</button></h2><div id=a hidden><p>Zwölf Monate.</p></div>`,
			"## Aufbewahrung\n\nZwölf Monate.", ""},
		{"buttons as headings", `<h1>Conditions</h1><button aria-expanded=true>Paiement</button><div><p>Le prix est dû à la livraison.</p></div><button aria-expanded=true>Retours</button><div style="display:none"><p>Sous quatorze jours.</p></div>`,
			"# Conditions\n\n## Paiement\n\nLe prix est dû à la livraison.\n\n## Retours\n\nSous quatorze jours.", ""},
		{"tabs", `<div role=tablist><button role=tab aria-controls=p1>Data</button><button role=tab aria-controls=p2>Rights</button></div><div role=tabpanel id=p1><p>Names and letters only.</p></div><div role=tabpanel id=p2 hidden><p>You may object.</p></div>`,
			"## Data\n\nNames and letters only.\n\n## Rights\n\nYou may object.", ""},
		{"a panel after its heading", `<h3>プライバシー</h3><div aria-hidden=true><p>お名前を保存します。</p></div>`, "### プライバシー\n\nお名前を保存します。", ""},
		{"a hidden block that readers see", `<p>One.</p><div aria-hidden=true><p>We keep invoices for ten years.</p></div>`, "One.\n\nWe keep invoices for ten years.", ""},
		{"a menu is no text", `<p>One.</p><button aria-expanded=false aria-controls=m>Menu</button><ul id=m hidden><li><a href=/a>A page</a></ul>`, "One.", ""},
		{"a word for screen readers", `<p>One<span hidden> two</span>.</p><button>Copy</button>`, "One.", ""},
		{"a formula", `<p>for <math><mn>30</mn></math> days, <math><mfrac><mn>1</mn><mn>2</mn></mfrac></math>, <math><msup><mi>x</mi><mn>2</mn></msup></math></p>`, "for 30 days, 1/2, x²", ""},
		{"labels of a drawing", `<p>See <svg><title>t</title><text>step one</text></svg> here</p>`, "See step one here", ""},
		{"a fallback", `<object data=x.pdf><p>Read the paper.</p></object><video>Old browser</video>`, "Read the paper.", ""},
		{"an object without an end", `<p>a</p><object data=x.pdf><h2>Rights</h2><p>You may ask.</p>`, "a\n\n## Rights\n\nYou may ask.", ""},
		{"a video without an end", `<p>a</p><video src=x><h2>Derechos</h2><p>Puede pedir.</p>`, "a\n\n## Derechos\n\nPuede pedir.", ""},
		{"a title of Word", `<p class=MsoTitle>Aviso de privacidad</p><h1>Datos</h1><p>Nada.</p>`, "# Aviso de privacidad\n\n# Datos\n\nNada.", ""},
		{"a text field", `<textarea readonly>Terms of use.</textarea>`, "Terms of use.", ""},
		{"a choice", `<p>a <select><option>One</option><option>Two</option></select></p>`, "a", "select"},
		{"a choice without an end", `<p>a</p><select><option>One<p>Kept for <b>ten</b> years.</p><h2>Rights</h2>`, "a\n\nKept for **ten** years.\n\n## Rights", "select"},
		{"what a browser does not show", `<p>a</p><noscript>Turn scripts on</noscript><iframe src=x>frame</iframe><template>t</template>`, "a", ""},
	} {
		p, problem := webpage.Read("page.html", []byte(`<html><body><main>`+test.html+`</main></body></html>`), webpage.Options{Select: "main"})
		if problem != nil {
			t.Errorf("%s: %v", test.what, problem)
			continue
		}
		if have := strings.TrimSuffix(string(p.Text), "\n"); have != test.want {
			t.Errorf("%s:\nhave %q\nwant %q", test.what, have, test.want)
		}
		var lost []string
		for _, d := range p.Dropped {
			if d.Text {
				lost = append(lost, d.What)
			}
		}
		if have := strings.Join(lost, " "); have != test.lost || p.Differs != "" {
			t.Errorf("%s: lost %q, want %q; %s", test.what, have, test.lost, p.Differs)
		}
	}
}

// TestHeaderTitle finds the title in the page's header, but not a site's name.
func TestHeaderTitle(t *testing.T) {
	t.Parallel()
	for _, test := range []struct{ head, h1, want string }{
		{"Terms", "Terms of sale", "# Terms of sale"},
		{"Datenschutz | Fernhill", "Datenschutz", "# Datenschutz"},
		{"Privacy - Fernhill", "Fernhill", "We keep"},
		{"", "Confidentialité", "# Confidentialité"},
	} {
		p := readPage(t, `<html><head><title>`+test.head+`</title></head><body><header><h1>`+test.h1+
			`</h1></header><main><p>We keep the names of buyers for ten years.</p></main></body></html>`, webpage.Options{})
		if !strings.HasPrefix(string(p.Text), test.want) {
			t.Errorf("%q with %q: have %q", test.head, test.h1, p.Text)
		}
	}
}

// Words beside the element that has nearly all of them are reported.
func TestBeside(t *testing.T) {
	t.Parallel()
	p := readPage(t, `<html><body><main><p>Read this first.</p><div>`+strings.Repeat("<p>We keep the names of buyers.</p>", 40)+
		`</div></main></body></html>`, webpage.Options{})
	if len(p.Dropped) != 1 || p.Dropped[0].Words != 3 || !p.Dropped[0].Text {
		t.Errorf("have %v of a text with three words beside it", p.Dropped)
	}
}
