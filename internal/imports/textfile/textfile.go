// Package textfile reads text files that other programs wrote: their encoding,
// their front matter, and the tags of their templates.
//
// Its two fundamental types are FrontMatter, the fields of a front matter that a
// version can use, and Unfit, the error that says why a file has no text.
//
// # What is read
//
//   - UTF-8, UTF-16 with a byte order mark, and windows-1252 (which includes
//     Latin-1) if it can only be that. Other encodings are refused, not
//     guessed.
//   - Front matter as YAML between lines of --- and as TOML between lines of +++,
//     as Jekyll, Hugo, and many others write it. If it cannot be parsed, it is
//     text.
//   - Template tags in {{ }} are replaced only by words that the user supplies;
//     statements ({% %}, <?php ?>) are removed from HTML only.
package textfile

import (
	"bytes"
	"fmt"
	"strings"
	"unicode/utf8"

	"golang.org/x/text/encoding/charmap"
	"golang.org/x/text/encoding/unicode"

	"github.com/privgen/privgen/internal/source"
)

// An Unfit is the error for a file that has no text that can be imported.
type Unfit struct {
	Reason string // NotText or TooLarge
	Note   string // details, for people
}

// The reasons.
const (
	NotText  = "not text"  // binary, or its encoding is unknown
	TooLarge = "too large" // more than source.MaxSize bytes
)

func (u *Unfit) Error() string { return u.Reason + ": " + u.Note }

// CheckSize returns an *Unfit if a text of size bytes is too large, or nil.
func CheckSize(size int64) *Unfit {
	if size <= source.MaxSize {
		return nil
	}
	return &Unfit{Reason: TooLarge, Note: fmt.Sprintf("%d MB; a text may have at most %d MB", (size+1<<20-1)>>20,
		source.MaxSize>>20)}
}

// Decode converts bytes to UTF-8 that source.Parse accepts, and removes a byte
// order mark. It copies no bytes if nothing else has to change. The result from
// names the encoding that was converted, or is empty. The error is an *Unfit.
func Decode(raw []byte) (text []byte, from string, err error) {
	if unfit := CheckSize(int64(len(raw))); unfit != nil {
		return nil, "", unfit
	}
	switch {
	case bytes.HasPrefix(raw, []byte("\xFF\xFE")) || bytes.HasPrefix(raw, []byte("\xFE\xFF")):
		text, from = fromUTF16(raw), "utf-16"
	case bytes.IndexByte(raw, 0) >= 0:
		return nil, "", &Unfit{Reason: NotText, Note: "it has NUL bytes, as binary files do"}
	case utf8.Valid(raw):
		return bytes.TrimPrefix(raw, []byte("\uFEFF")), "", nil
	default:
		text, from = fromWindows(raw), "windows-1252"
	}
	if text == nil {
		return nil, "", &Unfit{Reason: NotText, Note: "its encoding is unknown; it is not UTF-8"}
	}
	if unfit := CheckSize(int64(len(text))); unfit != nil {
		return nil, "", unfit
	}
	return text, from, nil
}

// fromUTF16 decodes UTF-16 with a byte order mark. It returns nil if the text is
// malformed.
func fromUTF16(raw []byte) []byte {
	text, err := unicode.UTF16(unicode.LittleEndian, unicode.ExpectBOM).NewDecoder().Bytes(raw)
	if err != nil || bytes.ContainsAny(text, "\uFFFD\x00") {
		return nil
	}
	return text
}

// western has the characters beyond ASCII that texts in windows-1252 use. A text
// in another 8-bit encoding would decode to other characters.
const western = "äöüßÄÖÜéèêëàâáãçñóòôõúùûíìîïåøæØÆÅœŒÉÈÀÂÇÑÓÚÍÁÊÎÔÛ–—‘’“”„…•€£§©®™°«»¡¿´·½ºª\u00A0\u00AD"

// fromWindows decodes windows-1252. It returns nil if the bytes may be in another
// encoding: more than a fifth are beyond ASCII, or one is not in western.
func fromWindows(raw []byte) []byte {
	high := 0
	for _, c := range raw {
		if c >= 0x80 {
			high++
		}
	}
	if high*5 > len(raw) {
		return nil
	}
	text, err := charmap.Windows1252.NewDecoder().Bytes(raw)
	if err != nil {
		return nil
	}
	for _, r := range string(text) {
		if r >= 0x80 && !strings.ContainsRune(western, r) {
			return nil
		}
	}
	return text
}
