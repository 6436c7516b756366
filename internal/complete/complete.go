// Package complete compares the words and numbers of a text with those on its page:
// each must be on the page once, in order.
//
// Its two fundamental types are Text, Markdown as it was written, and Page, the HTML
// that shows it. The package does not use the Markdown parser, so that a bug of the parser
// cannot hide a loss: it reads the text byte by byte. If a passage can be markup, such as
// the URL of a link, it can be on the page or not. Every other word or number that is not
// on the page is a Loss.
package complete

import (
	"unicode"
	"unicode/utf8"
)

// A Text is a text in Markdown.
type Text struct {
	Source []byte
	Notes  map[int]int // the number of the footnote that is defined at an offset
	HTML   bool        // it can have lists in HTML, whose numbers are only on the page
}

// A Page is the HTML of a text: well-formed, as the renderer writes it. Additions to
// the text are in elements a or span with the attribute data-added.
type Page struct {
	HTML  []byte
	Holes []Hole // in order
}

// A Hole is the position of an element that is inserted into the HTML later.
type Hole struct {
	At    int    // offset in the HTML
	Words string // of an image
}

// A Loss is a passage of a text that is missing or different on its page.
type Loss struct {
	From, To int  // offsets in the text; equal if the page has additional words here
	Number   bool // the passage is the number of an item
	Shown    int  // the number that the page shows instead
}

// Losses returns the passages of a text that are missing or different on its page, at most 20.
func Losses(t Text, p Page) []Loss {
	m := &matcher{text: readText(t), page: readPage(p), free: t.HTML}
	return m.losses()
}

// A wordKind is the kind of a piece.
type wordKind uint8

const (
	oneWord wordKind = iota // a word, a number or a sign
	number                  // of a list's item: n is its value
	note                    // the beginning of a footnote: n is its number
	choice                  // the page has either the next n pieces, or the m pieces after those
)

// A piece is a word of a text, or a choice between the pieces that follow.
type piece struct {
	sum     uint64
	at, end int
	kind    wordKind
	n, m    int
}

// Sums of marks that a page has between words. No word has one of these sums.
const (
	itemSum    = iota + 1 // the number of an item
	noteSum               // a footnote begins
	noteEndSum            // it ends
	notesSum              // the list of footnotes begins
	leastSum
)

// A shown is a word or a mark of a page.
type shown struct {
	sum uint64
	n   int // the number of an item or footnote
}

// wordSum returns a hash of a word.
func wordSum[T []byte | string](s T) uint64 {
	h := uint64(14695981039346656037) // FNV-1a
	for i := range len(s) {
		h = (h ^ uint64(s[i])) * 1099511628211
	}
	return max(h, leastSum)
}

// cutWords calls word with the offsets of each word of a text. A word is a run of
// characters, without white space, ASCII punctuation, and invisible characters (Cf). A
// wide character is a word, and so are the signs % and $.
func cutWords[T []byte | string](s T, word func(from, to int)) {
	from := -1
	end := func(at int) {
		if from >= 0 {
			word(from, at)
			from = -1
		}
	}
	for i := 0; i < len(s); {
		c := s[i]
		if c < utf8.RuneSelf {
			switch {
			case inWord(c):
				if from < 0 {
					from = i
				}
			case c == '%' || c == '$':
				end(i)
				word(i, i+1)
			default:
				end(i)
			}
			i++
			continue
		}
		r, n := utf8.DecodeRuneInString(string(s[i:min(len(s), i+utf8.UTFMax)]))
		switch {
		case unicode.IsSpace(r) || unicode.Is(unicode.Cf, r):
			end(i)
		case wide(r):
			end(i)
			word(i, i+n)
		case from < 0:
			from = i
		}
		i += n
	}
	end(len(s))
}

// wide reports whether a character counts as a word. In scripts without spaces, a line
// can end between two characters of a word, and the page joins the lines.
func wide(r rune) bool {
	return unicode.In(r, unicode.Han, unicode.Hiragana, unicode.Katakana, unicode.Hangul, unicode.Lm)
}

func inWord(c byte) bool { return c|0x20 >= 'a' && c|0x20 <= 'z' || c >= '0' && c <= '9' }
