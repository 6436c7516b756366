package markdown

import "testing"

func TestHiddenChanges(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ before, after, want string }{
		{"We keep it.", "We keep it.", ""},
		{"We keep it.", "We sell it.", ""},
		{"Datenschutz", "Daten\u00ADschutz", "+1 <U+00AD>"},
		{"Frais\u00A0: 5\u00A0€", "Frais : 5 €", "-2 <U+00A0>"},
		{"100\u00A0000 €", "100\u202F000 €", "-1 <U+00A0>, +1 <U+202F>"},
		{"利用規約\u3000第1条", "利用規約 第1条", "-1 <U+3000>"},
		{"条款", "条\uFEFF款\u200B", "+1 <U+200B>, +1 <U+FEFF>"},
		{"سياسة الخصوصية", "سياسة\u202E الخصوصية\u202C", "+1 <U+202C>, +1 <U+202E>"},
		{"سياسة", "سياسة\u200F", ""}, // a direction mark beside letters of its script
		{"می\u200Cشود", "میشود", ""}, // readers see it, because the letters are not joined
		{"ข้อตกลง", "ข้อ\u200Bตกลง", "+1 <U+200B>"},
		{"a\u00ADb", "\u00ADab", ""}, // at another position
	} {
		if have := hiddenChanges(c.before, c.after); have != c.want {
			t.Errorf("%q, %q: have %q, want %q", c.before, c.after, have, c.want)
		}
	}
	for only, want := range map[rune]string{0: "a b c", '\u00A0': "a b\u00AD c", '\u00AD': "a\u00A0b c", 'b': "a\u00A0b\u00AD c"} {
		if have := withoutHidden("a\u00A0b\u00AD c", only); have != want {
			t.Errorf("without %q: have %q, want %q", only, have, want)
		}
	}
}
