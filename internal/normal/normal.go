// Package normal defines the normal form of a text. Digests are computed from it, and
// index.md has it below its head.
package normal

import (
	"bytes"
	"crypto/sha256"
	"encoding/binary"

	"golang.org/x/text/unicode/norm"
)

// Form returns the normal form of a text: it is in Unicode's Normalization Form C,
// it begins with the first line that is not blank, and it ends with exactly one
// line feed after the last one. Other white space is kept, since it can have a
// meaning in Markdown. The text must be that of a source.File: without a byte order
// mark, and with line feeds only. If possible, the result is a slice of text.
func Form(text []byte) []byte {
	words, behind := apart(text)
	switch {
	case len(words) == 0:
		return nil
	case behind[:min(1, len(behind))] == "\n":
		words = words[:len(words)+1]
	default:
		words = append(words[:len(words):len(words)], '\n')
	}
	if !composed(words) {
		words = norm.NFC.Bytes(words)
	}
	return words
}

// Digest returns two SHA-256 digests: that of the normal form, and one for the key of
// the text's page. The second differs from the first if the text is not in normal form,
// except for blank lines before it and a missing line feed at its end.
func Digest(text []byte) (normal, whole [32]byte) {
	words, behind := apart(text)
	if !composed(words) || len(words) == 0 {
		return sha256.Sum256(Form(text)), sha256.Sum256(text)
	}
	h := sha256.New()
	h.Write(words)
	h.Write([]byte("\n"))
	h.Sum(normal[:0])
	if whole = normal; behind != "" && behind != "\n" {
		whole = sha256.Sum256(text) // the end may belong to code
	}
	return normal, whole
}

// apart returns a text without the blank lines at its beginning and the white space at
// its end, and the white space at its end.
func apart(text []byte) ([]byte, string) {
	for {
		line, rest, more := bytes.Cut(text, []byte("\n"))
		if !more || len(bytes.Trim(line, " \t")) > 0 {
			break
		}
		text = rest
	}
	end := len(bytes.TrimRight(text, " \t\n"))
	return text[:end], string(text[end:])
}

// composed reports whether a text is in Normalization Form C. It has a fast path for
// frequent characters that are always in this form: those below U+0300, and the
// dashes, quotation marks, and bullets from U+2010 to U+203F.
func composed(text []byte) bool {
	for i := 0; i < len(text); {
		switch c := text[i]; {
		case c < 0x80:
			for i += 1; i+8 <= len(text) && binary.NativeEndian.Uint64(text[i:])&0x8080808080808080 == 0; {
				i += 8
			}
		case c < 0xcc && i+1 < len(text):
			i += 2
		case c == 0xe2 && i+2 < len(text) && text[i+1] == 0x80 && text[i+2] >= 0x90:
			i += 3
		default:
			return norm.NFC.IsNormal(text)
		}
	}
	return true
}

// Equivalent reports whether two texts are canonically equivalent by Unicode's rules.
func Equivalent(a, b []byte) bool {
	return bytes.Equal(a, b) || (!composed(a) || !composed(b)) && bytes.Equal(norm.NFC.Bytes(a), norm.NFC.Bytes(b))
}
