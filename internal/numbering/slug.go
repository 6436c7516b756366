package numbering

import (
	"regexp"
	"strings"
	"unicode"

	"golang.org/x/text/unicode/norm"
)

// formerNumber is what was left out of ids before clause numbers were told from
// quantities.
var formerNumber = regexp.MustCompile(`^(?:§+\s*)?(?:[0-9]{1,3}(?:\.[0-9]{1,3})*[.):]?|\(?(?:[a-zA-Z]|[ivxlcIVXLC]{1,7})[.)])\s+`)

// FormerSlug returns the id that a heading had then.
func FormerSlug(title string) string {
	title = norm.NFC.String(strings.TrimSpace(title))
	return Slug(title, len(formerNumber.FindString(title)))
}

// maxID is the length in characters after which a derived id is cut, at a word.
const maxID = 64

// Slug derives a clause's id from the words of its heading without its number of n
// bytes: lower case letters and digits of any script, with hyphens between the
// words. Renumbering must not move an address.
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
			// Part of a word that leaves no trace: don't, soft hyphens, joiners.
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

// IsWord reports whether a character is of a word.
func IsWord(r rune) bool { return unicode.IsLetter(r) || unicode.IsDigit(r) || unicode.IsMark(r) }

// Reserved begins the ids of a page's frame, so that no clause can have them.
const Reserved = "pg:"
