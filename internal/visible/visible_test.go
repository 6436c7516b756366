package visible_test

import (
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/privgen/privgen/internal/visible"
)

func TestVisible(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ name, in, want string }{
		{"plain text", "We keep\tit.\n", "We keep\tit.\n"},
		{"an escape sequence", "a\x1b[2Jb", "a<U+001B>[2Jb"},
		{"a title of the window", "\x1b]0;owned\a", "<U+001B>]0;owned<U+0007>"},
		{"carriage return and backspace", "evil\r\b\b\bgood", "evil<U+000D><U+0008><U+0008><U+0008>good"},
		{"delete and NUL", "\x7f\x00", "<U+007F><U+0000>"},
		{"C1 as UTF-8", "\u009b31m\u0085", "<U+009B>31m<U+0085>"},
		{"C1 as a byte", "a\x9b31m", "a<0x9B>31m"},
		{"an override", "privacy\u202Edm.txt", "privacy<U+202E>dm.txt"},
		{"isolates and embeddings", "\u2066a\u2069\u202Ab\u202C", "<U+2066>a<U+2069><U+202A>b<U+202C>"},
		{"a zero width space", "ter\u200Bms", "ter<U+200B>ms"},
		{"a soft hyphen, a word joiner, a byte order mark", "a\u00ADb\u2060c\uFEFF", "a<U+00AD>b<U+2060>c<U+FEFF>"},
		{"a joiner between Latin letters", "ter\u200Dms", "ter<U+200D>ms"},
		{"a joiner at an end", "\u200Da\u200C", "<U+200D>a<U+200C>"},
		{"line and paragraph separators", "a\u2028b\u2029", "a<U+2028>b<U+2029>"},
		{"fillers that look like spaces", "a\u3164\u115F\uFFA0b", "a<U+3164><U+115F><U+FFA0>b"},
		{"letters hidden in tags", "a\U000E0061\U000E0062", "a<U+E0061><U+E0062>"},
		{"a variation selector after a letter", "a\uFE0F", "a<U+FE0F>"},
		{"direction marks among Latin letters", "a\u200Eb\u200Fc", "a<U+200E>b<U+200F>c"},
		{"a noncharacter", "\uFDD0\uFFFE", "<U+FDD0><U+FFFE>"},

		{"German", "§ 7 Löschung – „sofort“", "§ 7 Löschung – „sofort“"},
		{"combining marks", "cafe\u0301 o\u0308", "cafe\u0301 o\u0308"},
		{"Arabic with a mark", "سياسة\u200F الخصوصية", "سياسة\u200F الخصوصية"},
		{"Hebrew", "מדיניות פרטיות\u200E 1", "מדיניות פרטיות\u200E 1"},
		{"Persian with a non-joiner", "می\u200Cشود", "می\u200Cشود"},
		{"Hindi with a joiner", "क्\u200Dष", "क्\u200Dष"},
		{"a family", "👩\u200D👩\u200D👧\u200D👦", "👩\u200D👩\u200D👧\u200D👦"},
		{"a heart and a keycap", "❤\uFE0F 1\uFE0F\u20E3", "❤\uFE0F 1\uFE0F\u20E3"},
		{"the flag of Wales", "🏴\U000E0067\U000E0062\U000E0077\U000E006C\U000E0073\U000E007F", "🏴\U000E0067\U000E0062\U000E0077\U000E006C\U000E0073\U000E007F"},
		{"an ideograph's variant", "葛\U000E0100", "葛\U000E0100"},
		{"the replacement character itself", "a\uFFFD", "a\uFFFD"},
	} {
		if have := visible.Text(c.in); have != c.want {
			t.Errorf("%s: Text(%q) = %q, want %q", c.name, c.in, have, c.want)
		}
	}
	if have := visible.Line("a\nb"); have != "a<U+000A>b" {
		t.Errorf("Line: %q", have)
	}
}

// TestNameAt checks the name and the length of a character at an offset.
func TestNameAt(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		text, name string
		at, size   int
	}{
		{"a\u00ADb", "<U+00AD>", 1, 2},
		{"a\u00ADb", "", 0, 1},
		{"a\nb", "", 1, 1},
		{"a\u0600\u0661", "", 1, 2}, // the Arabic number sign, which is visible
		{"می\u200Cشود", "", 4, 3},
		{"a\u200Cb", "<U+200C>", 1, 3},
	} {
		if name, size := visible.NameAt(c.text, c.at); name != c.name || size != c.size {
			t.Errorf("%q at %d: have %q, %d, want %q, %d", c.text, c.at, name, size, c.name, c.size)
		}
	}
}

func FuzzVisible(f *testing.F) {
	for _, s := range []string{"", "a\x1b[0m", "\u202E", "👩\u200D👩", "\xff\x9b", "\u200Fא"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		v := visible.Text(s)
		if !utf8.ValidString(v) {
			t.Errorf("not UTF-8: %q", v)
		}
		if i := strings.IndexFunc(v, func(r rune) bool {
			return r < ' ' && r != '\n' && r != '\t' || r >= 0x7F && r < 0xA0 || r >= '\u202A' && r <= '\u202E' || r >= '\u2066' && r <= '\u2069'
		}); i >= 0 {
			t.Errorf("a control character is left: %q", v[i:])
		}
		if again := visible.Text(v); again != v {
			t.Errorf("Text is not stable: %q, then %q", v, again)
		}
	})
}
