package complete

import (
	"bytes"

	"golang.org/x/text/unicode/norm"
)

// Copied compares a text with a copy of it in another form. It returns the first word
// that the copy does not have where the text has it. The amount of white space
// between two words does not count, nor does the form in which Unicode composes a
// character.
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
