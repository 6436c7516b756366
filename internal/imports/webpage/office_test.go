package webpage_test

import (
	"strings"
	"testing"

	"github.com/privgen/privgen/internal/imports/webpage"
)

// TestOffice reads lists and footnotes as word processors save them.
func TestOffice(t *testing.T) {
	t.Parallel()
	const gap = `<span style='font:7.0pt "Times New Roman"'>&nbsp;&nbsp; </span>`
	item := func(style, marker, text string) string {
		return "<p class=MsoListParagraph style='" + style + "'>" + marker + gap + text + "</p>\n"
	}
	for _, test := range []struct{ what, html, want string }{
		{"numbers", item("", "1.", "Orders") + item("", "2.", "Returns") + item("", "3.", "Fees"), "1. Orders\n2. Returns\n3. Fees"},
		{"signs", item("", "<span style='font-family:Symbol'>·", "Namen</span>") + item("margin-left:1.0in", "o", "Vornamen") + item("", "·", "Adressen"),
			"- Namen\n  - Vornamen\n- Adressen"},
		{"three levels", item("margin-left:18pt", "1.", "a1") + item("margin-left:36pt", "1)", "b1") + item("margin-left:54pt", "§", "c1") + item("margin-left:36pt", "2)", "b2") + item("margin-left:18pt", "2.", "a2"),
			"1. a1\n   1. b1\n      - c1\n   2. b2\n2. a2"},
		{"letters and numbers as clauses have them", item("", "(a)", "Ask us.") + item("", "(b)", "Write to us.") + item("margin-left:1in", "1.1.", "By post."),
			"- (a) Ask us.\n- (b) Write to us.\n  - 1.1. By post."},
		{"an export that is not filtered", `<p class=MsoNormal style='margin-left:36.0pt;mso-list:l0 level1 lfo1'><![if !supportLists]><span style='mso-list:Ignore'>1.<span style='font:7.0pt "Times New Roman"'>&nbsp;</span></span><![endif]>Données</p>` +
			`<p class=MsoNormal style='mso-list:l0 level2 lfo1'><span style='mso-list:Ignore'>a.` + gap + `</span>le nom</p>`, "1. Données\n   - a. le nom"},
		{"two lists with words between", item("", "1.", "One") + "<p>Then:</p>" + item("", "1.", "Two"), "1. One\n\nThen:\n\n1. Two"},
		{"a paragraph that begins with a number", "<p class=MsoNormal>1. We keep it.</p>", "1\\. We keep it."},
		{"words before the gap", "<p class=MsoNormal>We keep it" + gap + "for a year.</p>", "We keep it for a year."},
		{"footnotes of Word", `<p>Nothing<a href="#_ftn1" name="_ftnref1">[1]</a> is shared<a href="#_ftn2" name="_ftnref2">[2]</a>.</p><br clear=all><hr>` +
			`<div id=ftn1><p class=MsoFootnoteText><a href="#_ftnref1" name="_ftn1">[1]</a> By law.</p></div><div id=ftn2><p class=MsoFootnoteText><a href="#_ftnref2" name="_ftn2">[2]</a> Today.</p></div>`,
			"Nothing[^1] is shared[^2].\n\n[^1]: By law.\n\n[^2]: Today."},
		{"endnotes of two paragraphs", `<p>Alles<a href="#_edn1" name="_ednref1"><sup>i</sup></a>.</p><div id=edn1><p><a href="#_ednref1" name="_edn1">i</a> Nach dem Gesetz.</p><p>Und sonst nichts.</p></div>`,
			"Alles[^1].\n\n[^1]: Nach dem Gesetz.\n\n    Und sonst nichts."},
		{"footnotes of LibreOffice", `<p>Le prix<a class=sdfootnoteanc name=sdfootnote1anc href="#sdfootnote1sym"><sup>1</sup></a> est fixe.</p><div id=sdfootnote1><p class=sdfootnote><a class=sdfootnotesym name=sdfootnote1sym href="#sdfootnote1anc">1</a>Hors taxes.</p></div>`,
			"Le prix[^1] est fixe.\n\n[^1]: Hors taxes."},
		{"footnotes of Google Docs", `<p>We keep it<sup><a href="#ftnt1" id=ftnt_ref1>[1]</a></sup>.</p><hr><div><p><a href="#ftnt_ref1" id=ftnt1>[1]</a>&nbsp;For a year.</p></div>`,
			"We keep it[^1].\n\n[^1]: For a year."},
		{"footnotes by hand", `<p>$5<sup><a href="#f1" id=r1>1</a></sup> a month.</p><p id=f1><a href="#r1">1</a> Without tax.</p>`,
			"$5[^1] a month.\n\n[^1]: Without tax."},
		{"a title and numbered headings of pandoc", `<header id="title-block-header"><h1 class="title">Privacy policy</h1></header><ol type="1"><li><h1 id="scope">Scope</h1><ol type="1"><li><p>It applies to all.</p></li></ol></li></ol>` +
			`<p>Words between.</p><ol start="2" type="1"><li><h1 id="data">Data</h1><p>Ours.</p></li></ol>`,
			"# Privacy policy\n\n## 1. Scope\n\n1. It applies to all.\n\nWords between.\n\n## 2. Data\n\nOurs."},
		{"letters of headings", `<ol type="A"><li><h2>Scope</h2></li><li><h2>Data</h2></li></ol>`, "## A. Scope\n\n## B. Data"},
		{"a list with a heading in one item", `<ol><li><h3>Scope</h3></li><li>Data</li></ol>`, "1. ### Scope\n2. Data"},
		{"a list without items", `<h2>Scope</h2><ol>Ours.</ol>`, "## Scope\n\n1. Ours."},
		{"words between headings in a list", `<ol><li><h3>Scope</h3></li>Ours.<li><h3>Data</h3></li></ol>`,
			"1. ### Scope\n2. Ours.\n3. ### Data"},
		{"links that are no footnotes", `<p><a href="#b" id=a>Rights</a></p><h2 id=b>Rights</h2><p>Back to the <a href="#a">beginning</a>.</p>`,
			"[Rights](#b)\n\n## Rights {#b}\n\nBack to the beginning."},
	} {
		p, problem := webpage.Read("page.html", []byte(`<html><body><main>`+test.html+`</main></body></html>`), webpage.Options{Select: "main"})
		if problem != nil {
			t.Errorf("%s: %v", test.what, problem)
			continue
		}
		if have := strings.TrimSuffix(string(p.Text), "\n"); have != test.want {
			t.Errorf("%s:\nhave %q\nwant %q", test.what, have, test.want)
		}
		if p.Lost() != "" {
			t.Errorf("%s: lost %s", test.what, p.Lost())
		}
	}
}
