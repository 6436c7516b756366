// Package normal defines the normal form of a text: the form that digests are made
// of, and that index.md offers below its head.
package normal

import (
	"bytes"
	"crypto/sha256"
	"encoding/binary"

	"golang.org/x/text/unicode/norm"
)

// Form returns a text in the form that digests are made of: what Unicode calls
// the same (NFC) is the same, nothing is before the first line that is not
// blank, and one line feed after the last. White space elsewhere is kept, since
// in Markdown it can mean something. The text is that of a source.File, so it
// has no byte order mark and line feeds only. When nothing has to be changed,
// the result is part of text.
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

// Digest returns the SHA-256 of a text in its normal form, as sha256.Sum256 of
// Form does, and one of all that its page depends on. They differ when the text
// is not in that form.
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

// apart returns a text without the blank lines before it and the white space at
// its end, and that white space.
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

// composed reports whether a text is in Normalization Form C. It knows at a glance
// the characters of most texts that are there in no other form: those below
// U+0300, and the dashes, quotation marks and bullets from U+2010 to U+203F.
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

// Equivalent reports whether two texts are the same characters, in whatever of
// the forms that Unicode calls canonically equivalent.
func Equivalent(a, b []byte) bool {
	return bytes.Equal(a, b) || (!composed(a) || !composed(b)) && bytes.Equal(norm.NFC.Bytes(a), norm.NFC.Bytes(b))
}
