package complete

import (
	"bytes"

	"golang.org/x/text/unicode/norm"
)

// Copied reports whether a copy has the words of a text. If not, it returns the first
// word that differs, or the end of the text if the copy has more. White space between
// words and the Unicode normal form do not count.
func Copied(text, other []byte) (l Loss, ok bool) {
	if bytes.Equal(bytes.TrimSpace(text), bytes.TrimSpace(other)) {
		return Loss{}, true
	}
	rest, at := bytes.Fields(other), 0
	for word := range bytes.FieldsSeq(text) {
		at += bytes.Index(text[at:], word)
		if len(rest) == 0 || !bytes.Equal(norm.NFD.Bytes(word), norm.NFD.Bytes(rest[0])) {
			return Loss{From: at, To: at + len(word)}, false
		}
		rest, at = rest[1:], at+len(word)
	}
	return Loss{From: at, To: at}, len(rest) == 0
}
