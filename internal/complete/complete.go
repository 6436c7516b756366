// Package complete compares the words and numbers of a text with those on its page:
// each must be on the page once, in order.
//
// Its two fundamental types are Text, Markdown as it was written, and Page, the HTML
// that shows it. The package does not use the Markdown parser, so that a bug of the parser
// cannot hide a loss: it reads the text byte by byte. Where a passage may be markup, such
// as the URL of a link, the page may show it or not. Every other word or number that is not
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
	HTML   bool        // it may have lists in HTML, whose numbers are on the page alone
}

// A Page is HTML that shows a text: well-formed, as the renderer writes it. What it
// adds to the text has the attribute data-added.
type Page struct {
	HTML  []byte
	Holes []Hole // in order
}

// A Hole is where a page has an element that its HTML does not have yet.
type Hole struct {
	At    int
	Words string // of an image
}

// A Loss is a stretch of a text that is not on its page as it is in the text.
type Loss struct {
	From, To int  // in the text; equal where the page has words that the text does not have
	Number   bool // it is the number of an item
	Shown    int  // which the page shows as this one
}

// Losses returns what of a text is not on its page, at most 20 stretches.
func Losses(t Text, p Page) []Loss {
	m := &matcher{text: readText(t), page: readPage(p), free: t.HTML}
	return m.losses()
}

// A wordKind is what a piece of a text is.
type wordKind uint8

const (
	oneWord wordKind = iota // a word, a number or a sign
	number                  // of a list's item: n is its value
	note                    // the beginning of a footnote: n is its number
	choice                  // the next n pieces, or the m behind them
)

// A piece is a word of a text, or a choice of what follows.
type piece struct {
	sum     uint64
	at, end int
	kind    wordKind
	n, m    int
}

// Sums of what a page has beside words. No word has one of these.
const (
	itemSum    = iota + 1 // the number of an item
	noteSum               // a footnote begins
	noteEndSum            // it ends
	notesSum              // the footnotes begin
	leastSum
)

// A shown is a word of a page.
type shown struct {
	sum uint64
	n   int // the number of an item or footnote
}

// wordSum returns a number for a word; other words have other numbers, almost
// certainly.
func wordSum[T []byte | string](s T) uint64 {
	h := uint64(14695981039346656037) // FNV-1a
	for i := range len(s) {
		h = (h ^ uint64(s[i])) * 1099511628211
	}
	return max(h, leastSum)
}

// cutWords calls a function with each word of a text: letters, digits and other
// characters in a row, except for marks that ASCII has and what is not seen. A character of a script
// without spaces is a word, and so are the signs % and $.
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

// wide reports whether a character is of a script without spaces: a line may end
// between two of them, and the page shows them as one word.
func wide(r rune) bool {
	return unicode.In(r, unicode.Han, unicode.Hiragana, unicode.Katakana, unicode.Hangul, unicode.Lm)
}

func inWord(c byte) bool { return c|0x20 >= 'a' && c|0x20 <= 'z' || c >= '0' && c <= '9' }
