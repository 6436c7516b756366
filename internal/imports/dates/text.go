package dates

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/privgen/privgen/internal/lang"
)

// A view is roughly what a reader sees of a Markdown text: without emphasis
// marks and link destinations, with plain spaces and the digits 0 to 9.
type view struct {
	s  string
	at []int // the offset in the text of each byte of s, and of the end
}

func viewOf(text []byte) *view {
	v := &view{}
	var b strings.Builder
	b.Grow(len(text))
	v.at = make([]int, 0, len(text)+1)
	var last rune
	put := func(r rune, at int) {
		if (r < 'a' || r > 'z') && unicode.IsUpper(r) && unicode.IsLower(last) {
			b.WriteByte(' ') // HTML without spaces: Privacy PolicyLast modified
			v.at = append(v.at, at)
		}
		last = r
		n, _ := b.WriteRune(r)
		for range n {
			v.at = append(v.at, at)
		}
	}
	for i := 0; i < len(text); {
		r, n := utf8.DecodeRune(text[i:])
		switch {
		case r >= 'a' && r <= 'z' || r == ' ' || r >= 'A' && r <= 'Z' || r == '\n':
			put(r, i) // the common case
		case r == '*' || r == '_' || r == '`' || r == '[' || r == '\r':
		case r == '\\' && i+1 < len(text) && text[i+1] < 0x80 && unicode.IsPunct(rune(text[i+1])):
			// an escaped character
		case r == ']':
			if skip := destination(text[i+1:]); skip > 0 {
				put(' ', i)
				n += skip
			}
		case r == '<':
			end := strings.IndexByte(string(text[i:min(len(text), i+200)]), '>')
			if end > 0 && (unicode.IsLetter(rune(text[i+1])) || text[i+1] == '/') {
				put(' ', i)
				n = end + 1
			} else {
				put(r, i)
			}
		case r == '：':
			put(':', i)
		case unicode.Is(unicode.Cf, r):
		case unicode.Is(unicode.Zs, r) || r == '\t':
			put(' ', i)
		default:
			if d, ok := lang.Digit(r); ok {
				r = rune('0' + d)
			}
			put(r, i)
		}
		i += n
	}
	v.s = b.String()
	v.at = append(v.at, len(text))
	return v
}

// destination returns the length of a link destination at the start of text, or 0.
func destination(text []byte) int {
	if len(text) == 0 || text[0] != '(' {
		return 0
	}
	depth := 0
	for i, c := range text {
		switch c {
		case '(':
			depth++
		case ')':
			if depth--; depth == 0 {
				return i + 1
			}
		case '\n':
			return 0
		}
	}
	return 0
}

// line returns the bounds of the line that contains the offset at.
func (v *view) line(at int) (from, to int) {
	from = strings.LastIndexByte(v.s[:at], '\n') + 1
	to = len(v.s)
	if i := strings.IndexByte(v.s[at:], '\n'); i >= 0 {
		to = at + i
	}
	return from, to
}

// lineBefore returns the bounds of the last line with letters before the offset
// at, which is the start of a line. It returns an empty range if that is more than
// two lines away.
func (v *view) lineBefore(at int) (from, to int) {
	for range 3 {
		if at == 0 {
			return 0, 0
		}
		to = at - 1
		from = strings.LastIndexByte(v.s[:to], '\n') + 1
		if hasWords(v.s[from:to]) {
			return from, to
		}
		at = from
	}
	return 0, 0
}
