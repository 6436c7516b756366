package markdown

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/clipperhouse/uax29/v2/graphemes"
	"github.com/clipperhouse/uax29/v2/words"

	"github.com/privgen/privgen/internal/lang"
	"github.com/privgen/privgen/internal/numbering"
)

// This file divides what is read into words: by Unicode's word boundaries,
// and then put together again where a reader sees one thing: an address, a
// date, a compound with hyphens.

// cut divides s, which follows the words before it without a break. In code,
// white space is kept as it is.
func cut(ws []Word, s string, m *Markup, code bool) []Word {
	for s != "" {
		gap, i := leadingSpace(s)
		if code {
			gap = s[:i]
		}
		s = s[i:]
		n := 0
		for n < len(s) && !isSpace(s[n]) {
			if s[n] >= 0xC2 && s[n] <= 0xE3 {
				if _, i := leadingSpace(s[n:]); i > 0 {
					break
				}
			}
			n++
		}
		if n == 0 {
			if gap != "" {
				ws = takePending(ws, Word{Gap: gap, Kind: pending})
			}
			break
		}
		ws = cutChunk(ws, gap, s[:n], m)
		s = s[n:]
	}
	return ws
}

// leadingSpace returns the white space that a stretch begins with, as a gap, and
// its length. A gap is one space; a space of another kind, such as one at which
// no line breaks, is kept as it is.
func leadingSpace(s string) (gap string, n int) {
	for n < len(s) {
		if isSpace(s[n]) {
			n++
			if gap == "" {
				gap = " "
			}
			continue
		}
		if s[n] < 0xC2 || s[n] > 0xE3 {
			break
		}
		r, size := utf8.DecodeRuneInString(s[n:])
		if !unicode.IsSpace(r) {
			break
		}
		gap = s[n : n+size]
		n += size
	}
	return gap, n
}

// pending is the kind of a space that no word has followed yet. It becomes the
// gap of the next word. At the end of the passage, it is dropped.
const pending WordKind = 100

func isSpace(c byte) bool { return c == ' ' || c == '\n' || c == '\t' || c == '\r' || c == '\f' }

// takePending appends a word, and makes a pending space its gap.
func takePending(ws []Word, w Word) []Word {
	if n := len(ws); n > 0 && ws[n-1].Kind == pending {
		if w.Gap == "" {
			w.Gap = ws[n-1].Gap
		}
		ws[n-1] = w
		return ws
	}
	return append(ws, w)
}

// cutChunk divides a stretch without white space.
func cutChunk(ws []Word, gap, chunk string, m *Markup) []Word {
	letters := 0
	for letters < len(chunk) && isLetter(chunk[letters]) {
		letters++
	}
	if rest := chunk[letters:]; letters > 0 && (rest == "" || len(rest) == 1 && strings.Contains(".,;:!?)", rest)) {
		ws = takePending(ws, Word{Text: chunk[:letters], Gap: gap, Markup: m, Kind: Plain}) // nearly every word
		if chunk, gap = chunk[letters:], ""; chunk == "" {
			return ws
		}
	}
	end := 0 // of an address that begins here; found once for all the words before it
	for chunk != "" {
		if end <= 0 {
			end = addressEnd(chunk)
		}
		n, kind := first(chunk, end)
		n = whole(chunk, n)
		ws = takePending(ws, Word{Text: chunk[:n], Gap: gap, Markup: m, Kind: kind})
		chunk, gap, end = chunk[n:], "", end-n
	}
	return ws
}

// whole returns the least length, n or more, that does not divide a grapheme
// cluster: what people see as one character is in one word.
func whole(s string, n int) int {
	if n == len(s) || s[n] < utf8.RuneSelf {
		return n
	}
	end := 0
	for it := graphemes.FromString(s); end < n && it.Next(); {
		end = it.End()
	}
	return max(end, n)
}

// first returns the length and kind of the first word of a stretch without white
// space. If the stretch begins with an address, end is the offset of its end.
func first(s string, end int) (int, WordKind) {
	r, size := utf8.DecodeRuneInString(s)
	if !numbering.IsWord(r) && !isJoiner(r) && r != '_' && r != '@' && r != '#' {
		n := size
		for n < len(s) { // dots and dashes in a row are one mark
			next, size := utf8.DecodeRuneInString(s[n:])
			if next != r && !unicode.Is(unicode.Mn, next) {
				break
			}
			n += size
		}
		return n, Mark
	}
	if n := address(s[:end]); n > 0 {
		return n, Plain
	}
	n := piece(s)
	for n < len(s) {
		joint, size := utf8.DecodeRuneInString(s[n:])
		next, _ := utf8.DecodeRuneInString(s[n+size:])
		last, _ := utf8.DecodeLastRuneInString(s[:n])
		if n+size == len(s) || !binds(joint, last, next) || !numbering.IsWord(next) && !isJoiner(next) {
			break
		}
		n += size + piece(s[n+size:])
	}
	return n, Plain
}

// isJoiner reports whether a character is invisible or only changes its
// neighbors. It belongs to the word around it.
func isJoiner(r rune) bool { return r >= 0x80 && unicode.Is(unicode.Cf, r) }

// piece returns the length of the first word by Unicode's rules: usually a row
// of letters and digits.
func piece(s string) int {
	n := 0
	for n < len(s) {
		c := s[n]
		if c >= utf8.RuneSelf {
			break
		}
		if c|0x20 >= 'a' && c|0x20 <= 'z' || c >= '0' && c <= '9' || c == '_' || c == '@' || c == '#' {
			n++
			continue
		}
		return max(n, 1)
	}
	if n == len(s) {
		return n
	}
	it := words.FromString(s)
	total := 0
	for it.Next() {
		v := it.Value()
		total += len(v)
		// A joiner does not divide a word.
		next, _ := utf8.DecodeRuneInString(s[total:])
		last, _ := utf8.DecodeLastRuneInString(s[:total])
		if total < len(s) && (isJoiner(next) || isJoiner(last) && numbering.IsWord(next)) {
			continue
		}
		break
	}
	return max(total, 1)
}

// binds reports whether a character between two others joins them into one
// word.
func binds(joint, last, next rune) bool {
	switch joint {
	case '-', '\u2010', '\u2011', '\'', '’', '&':
		return !lang.Spaceless(last) && !lang.Spaceless(next)
	case '.':
		return !lang.Spaceless(last) && !lang.Spaceless(next) && (!unicode.IsUpper(next) || unicode.IsUpper(last))
	case ',', ':', '/':
		return unicode.IsDigit(last) && unicode.IsDigit(next)
	}
	return false
}

// longAddress is the maximum length in bytes of an address that stays one word:
// about what browsers accept.
const longAddress = 2048

// addressEnd returns the offset of the first character that no address
// contains.
func addressEnd(s string) int {
	for i, r := range s {
		if r < utf8.RuneSelf && (isLetter(byte(r)) || r >= '.' && r <= ':') {
			continue
		}
		if strings.ContainsRune("<>\"“”«»()[]{}|", r) || lang.Spaceless(r) || r >= 0x3000 && r <= 0x303F ||
			r >= 0xFF00 && r <= 0xFF60 {
			return i
		}
	}
	return len(s)
}

// address returns the length of the URL or mail address that the stretch begins
// with, or 0.
func address(s string) int {
	if len(s) > longAddress {
		return 0
	}
	s = strings.TrimRight(s, ".,;:!?'’*…")
	at := strings.IndexByte(s, '@')
	person := at > 0 && at+1 < len(s) && strings.IndexByte(s[at+1:], '.') > 0
	web := strings.HasPrefix(s, "www.") || strings.Contains(s, "://")
	if !web && !person {
		slash := strings.IndexByte(s, '/')
		dot := strings.IndexByte(s, '.')
		web = dot > 0 && dot+2 < slash && isLetter(s[dot+1]) && isLetter(s[slash-1])
	}
	if web || person {
		return len(s)
	}
	return 0
}

func isLetter(c byte) bool { return c|0x20 >= 'a' && c|0x20 <= 'z' }
