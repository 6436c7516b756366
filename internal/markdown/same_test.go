package markdown_test

import (
	"slices"
	"testing"

	"github.com/privgen/privgen/internal/markdown"
	"github.com/privgen/privgen/internal/source"
)

// TestSame has pairs of texts in several languages that are the same to readers, and
// pairs that are not.
func TestSame(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		name, a, b string
		same       bool
	}{
		{"wrapped anew", "We keep\nit for years.\n", "We keep it\nfor years.\n", true},
		{"blanks at the end of lines", "Wir speichern es. \nImmer.\n\n- a\t\n- b\n", "Wir speichern es.\nImmer.\n\n- a\n- b\n", true},
		{"German, decomposed", "# Löschung\n\nSiehe [Fristen](#löschung).\n", "# Lo\u0308schung\n\nSiehe [Fristen](#lo\u0308schung).\n", true},
		{"a fragment with percent signs", "# Löschung\n\n[x](#löschung)\n", "# Löschung\n\n[x](#l%C3%B6schung)\n", true},
		{"Vietnamese, decomposed", "Chính sách bảo mật\n", "Chi\u0301nh sa\u0301ch ba\u0309o ma\u0323\u0302t\n", true},
		{"Korean, decomposed", "개인정보\n", "\u1100\u1162\u110b\u1175\u11ab\u110c\u1165\u11bc\u1107\u1169\n", true},
		{"Arabic, line endings", "سياسة\r\nالخصوصية\r\n", "سياسة\nالخصوصية\n", true},
		{"a byte order mark", "\uFEFFa\n", "a\n", true},
		{"other markers of the same structure", "Terms\n===\n\n* a\n* b\n\n__c__\n", "# Terms\n\n- a\n- b\n\n**c**\n", true},
		{"entities", "a &amp; b &copy;\n", "a & b ©\n", true},
		{"blanks that break a line", "a\nb\n", "a  \nb\n", false},
		{"blanks in code", "```\na b\n```\n", "```\na  b\n```\n", false},
		{"a no-break space", "10 km\n", "10\u00A0km\n", false},
		{"a soft hyphen", "Datenschutz\n", "Daten\u00ADschutz\n", false},
		{"compatibility forms", "ﬁne\n", "fine\n", false},
		{"quotation marks", "“a”\n", "\"a\"\n", false},
		{"emphasis", "*a*\n", "a\n", false},
		{"the target of a link", "[a](https://a.example)\n", "[a](https://b.example)\n", false},
		{"an image", "![a](a.png)\n", "![a](b.png)\n", false},
		{"numbers of a list", "1. a\n3. b\n", "1. a\n4. b\n", false},
		{"an id", "# A {#a}\n", "# A {#b}\n", false},
		{"a level", "# A\n\n## B\n", "# A\n\n# B\n", false},
		{"a divided paragraph", "a b\n", "a\n\nb\n", false},
		{"a cell", "| a | b |\n|---|---|\n| c | d |\n", "| a | b |\n|---|---|\n| c d | |\n", false},
		{"a footnote's text", "a[^1]\n\n[^1]: b\n", "a[^1]\n\n[^1]: c\n", false},
		{"a footnote's name", "a[^1]\n\n[^1]: b\n", "a[^x]\n\n[^x]: b\n", true},
		{"a rule", "a\n\n---\n\nb\n", "a\n\nb\n", false},
	} {
		body := func(text string) *markdown.Body {
			f, problem := source.Parse("a.md", []byte(text))
			if problem != nil {
				t.Fatal(problem)
			}
			b, _ := markdown.NewRenderer(1<<16).Parse(f, 0, markdown.Rules{Images: "link"})
			return b
		}
		a, b := body(test.a), body(test.b)
		if have := markdown.Same(a, b); have != test.same {
			t.Errorf("%s: have %t, want %t", test.name, have, test.same)
		}
		if have := slices.Contains(markdown.Readings([]byte(test.b)), a.Reading()); have != test.same {
			t.Errorf("%s: Readings: have %t, want %t", test.name, have, test.same)
		}
	}
}
