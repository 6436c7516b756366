package numbering

import (
	"regexp"
	"strings"
	"unicode"

	"golang.org/x/text/unicode/norm"
)

// formerNumber matches what earlier releases took for a number and omitted from ids:
// "4.1 ", "(b) ", "IV. ", but also the quantity in "18 years or older".
var formerNumber = regexp.MustCompile(`^(?:§+\s*)?(?:[0-9]{1,3}(?:\.[0-9]{1,3})*[.):]?|\(?(?:[a-zA-Z]|[ivxlcIVXLC]{1,7})[.)])\s+`)

// FormerSlug returns the id that a heading had in earlier releases.
func FormerSlug(title string) string {
	title = norm.NFC.String(strings.TrimSpace(title))
	return Slug(title, len(formerNumber.FindString(title)))
}

// maxID is the length in characters after which a derived id is cut off, before a word.
const maxID = 64

// Slug returns the id of a clause, derived from the words of its heading without the
// number, which has n bytes: lower case letters and digits of any script, with hyphens
// between words. So links to a clause stay valid if it is renumbered.
func Slug(title string, n int) string {
	if rest := title[n:]; strings.ContainsFunc(rest, IsWord) {
		title = rest
	}
	var b strings.Builder
	n, gap, cut := 0, false, 0
	for _, r := range title {
		switch {
		case IsWord(r):
			if gap && n > 0 {
				cut = b.Len()
				b.WriteByte('-')
				n++
			}
			gap = false
			b.WriteRune(unicode.ToLower(r))
			n++
		case r == '\'' || r == '’' || r == '\u00AD' || unicode.Is(unicode.Cf, r):
			// Omitted within a word: an apostrophe (don't), a soft hyphen, a joiner.
		default:
			gap = true
		}
		if n > maxID && cut > 0 {
			return b.String()[:cut]
		}
	}
	if b.Len() == 0 {
		return "clause"
	}
	return strings.TrimPrefix(b.String(), Reserved)
}

// IsWord reports whether a character can be part of a word: a letter, digit, or mark.
func IsWord(r rune) bool { return unicode.IsLetter(r) || unicode.IsDigit(r) || unicode.IsMark(r) }

// Reserved is the prefix of a page's own ids. No clause has an id with it.
const Reserved = "pg:"
