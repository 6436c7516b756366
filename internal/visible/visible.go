// Package visible names the characters that a reader cannot see, and shows these names in
// texts: on a terminal, in a problem, in a redline.
package visible

import (
	"fmt"
	"strings"
	"unicode"
	"unicode/utf8"
)

// Text returns s with control characters and invisible characters replaced by
// their code points: <U+001B>, <U+202E>. A byte that is not UTF-8 becomes <0x9B>.
// Line feeds and tabs stay. Invisible parts of words and pictures stay, too:
// combining marks, joiners between letters or within an emoji, variation
// selectors after the characters they select, and direction marks beside letters
// of right-to-left scripts.
func Text(s string) string {
	i := firstHidden(s)
	if i < 0 {
		return s
	}
	var b strings.Builder
	b.WriteString(s[:i])
	before, _ := utf8.DecodeLastRuneInString(s[:i])
	for i < len(s) {
		r, n := utf8.DecodeRuneInString(s[i:])
		after, _ := utf8.DecodeRuneInString(s[i+n:])
		switch {
		case r == utf8.RuneError && n == 1:
			fmt.Fprintf(&b, "<0x%02X>", s[i])
			r = '>'
		case hidden(r, before, after):
			fmt.Fprintf(&b, "<U+%04X>", r)
			r = '>'
		default:
			b.WriteRune(r)
		}
		before = r
		i += n
	}
	return b.String()
}

// Line is like Text for text that must stay on one line, such as a
// path: a line feed is replaced by its code point too.
func Line(s string) string {
	return strings.ReplaceAll(Text(s), "\n", "<U+000A>")
}

// firstHidden returns the offset of the first byte that is not printable ASCII,
// a line feed, or a tab. It returns -1 for most texts.
func firstHidden(s string) int {
	return strings.IndexFunc(s, func(r rune) bool { return (r < ' ' || r > '~') && r != '\n' && r != '\t' })
}

// hidden reports whether r is not shown between the characters around it. A
// missing neighbor is utf8.RuneError.
func hidden(r, before, after rune) bool {
	switch {
	case r == '\n' || r == '\t':
		return false
	case unicode.IsControl(r), r == '\u2028', r == '\u2029':
		return true
	case r == '\u200C' || r == '\u200D': // joiners
		return !joins(before) || !joins(after)
	case r == '\u200E' || r == '\u200F' || r == '\u061C': // direction marks
		return !rightToLeft(before) && !rightToLeft(after)
	case r >= '\uFE00' && r <= '\uFE0F' || r >= 0xE0100 && r <= 0xE01EF: // variation selectors
		return !joins(before) && !(before >= '0' && before <= '9') && before != '#' && before != '*'
	case r >= 0xE0020 && r <= 0xE007F: // tags, which spell the region of a flag
		return before != 0x1F3F4 && !(before >= 0xE0020 && before < 0xE007F)
	case unicode.Is(unicode.Prepended_Concatenation_Mark, r): // these have a glyph although their category is Cf
		return false
	}
	return unicode.Is(unicode.Cf, r) || unicode.Is(unicode.Other_Default_Ignorable_Code_Point, r) ||
		unicode.Is(unicode.Noncharacter_Code_Point, r) || r >= '\u180B' && r <= '\u180F'
}

// NameAt returns the name that Text writes for the character at s[i:], and the
// character's length in bytes. For a visible character, the name is empty.
func NameAt(s string, i int) (name string, size int) {
	r, size := utf8.DecodeRuneInString(s[i:])
	before, _ := utf8.DecodeLastRuneInString(s[:i])
	after, _ := utf8.DecodeRuneInString(s[i+size:])
	if hidden(r, before, after) {
		name = fmt.Sprintf("<U+%04X>", r)
	}
	return name, size
}

// joins reports whether a character can be beside a joiner: a letter or mark
// beyond ASCII, or a picture.
func joins(r rune) bool {
	return r >= 0x80 && r != utf8.RuneError && (unicode.IsLetter(r) || unicode.IsMark(r) || unicode.IsSymbol(r)) &&
		!unicode.Is(unicode.Other_Default_Ignorable_Code_Point, r)
}

func rightToLeft(r rune) bool {
	return unicode.In(r, unicode.Arabic, unicode.Hebrew, unicode.Syriac, unicode.Thaana, unicode.Nko, unicode.Adlam,
		unicode.Mandaic, unicode.Samaritan, unicode.Hanifi_Rohingya)
}
