package history

import (
	"bytes"
	"crypto/sha256"
	"fmt"
	"regexp"
	"sync"
	"unicode/utf16"
	"unicode/utf8"

	"golang.org/x/text/encoding/charmap"

	"github.com/privgen/privgen/internal/source"
)

// This file makes texts of bytes: which encoding they are in, and where the
// front matter ends.

// Decode gives bytes as UTF-8 that source.Parse takes. It gives the same bytes
// where they are that already. From says from which encoding they had to be
// brought, or nothing. The error is an *Unfit.
func Decode(raw []byte) (text []byte, from string, err error) {
	if len(raw) > source.MaxSize {
		return nil, "", tooLarge(int64(len(raw)))
	}
	switch {
	case bytes.HasPrefix(raw, []byte("\xFF\xFE")) || bytes.HasPrefix(raw, []byte("\xFE\xFF")):
		text, from = fromUTF16(raw), "utf-16"
	case bytes.IndexByte(raw, 0) >= 0:
		return nil, "", &Unfit{NotText, "it holds NUL bytes, as binary files do"}
	case utf8.Valid(raw):
		return raw, "", nil
	default:
		text, from = fromWindows(raw), "windows-1252"
	}
	if text == nil {
		return nil, "", &Unfit{NotText, "its encoding cannot be told; it is not UTF-8"}
	}
	if len(text) > source.MaxSize {
		return nil, "", tooLarge(int64(len(text)))
	}
	return text, from, nil
}

func tooLarge(size int64) error {
	return &Unfit{TooLarge, fmt.Sprintf("%d MB; a text may have at most %d MB", (size+1<<20-1)>>20, source.MaxSize>>20)}
}

// fromUTF16 reads UTF-16 with a byte order mark; nil when it is broken.
func fromUTF16(raw []byte) []byte {
	if len(raw)%2 != 0 {
		return nil
	}
	hi, lo := 1, 0
	if raw[0] == 0xFE {
		hi, lo = 0, 1
	}
	units := make([]uint16, 0, len(raw)/2)
	for i := 2; i < len(raw); i += 2 {
		units = append(units, uint16(raw[i+hi])<<8|uint16(raw[i+lo]))
	}
	var b bytes.Buffer
	for _, r := range utf16.Decode(units) {
		if r == utf8.RuneError || r == 0 {
			return nil
		}
		b.WriteRune(r)
	}
	return b.Bytes()
}

// western are the characters beyond ASCII that texts in windows-1252 hold. An
// other encoding of eight bits would show as others of the 128 there are.
const western = "äöüßÄÖÜéèêëàâáãçñóòôõúùûíìîïåøæØÆÅœŒÉÈÀÂÇÑÓÚÍÁÊÎÔÛ–—‘’“”„…•€£§©®™°«»¡¿´·½ºª\u00A0\u00AD"

// fromWindows reads windows-1252, which Latin-1 is a part of, where that is
// what the bytes are without a doubt: few beyond ASCII, all of them used in the
// languages that were written in it. Else nil.
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
	usual := map[rune]bool{}
	for _, r := range western {
		usual[r] = true
	}
	for _, r := range string(text) {
		if r >= 0x80 && !usual[r] {
			return nil
		}
	}
	return text
}

// textOf gives the text of a version file as it stands there: what comes after
// the front matter.
func textOf(raw []byte) []byte {
	rest, ok := bytes.CutPrefix(bytes.TrimPrefix(raw, []byte("\uFEFF")), []byte("+++"))
	if !ok {
		return raw
	}
	for at := 0; at < len(rest); {
		end := bytes.IndexByte(rest[at:], '\n')
		line := rest[at:]
		if end >= 0 {
			line = rest[at : at+end]
		}
		if at > 0 && string(bytes.TrimRight(line, " \t\r")) == "+++" {
			return rest[min(at+len(line)+1, len(rest)):]
		}
		at += len(line) + 1
	}
	return raw
}

// digests gives the digest of a text, and that of the text with line feeds
// only.
func digests(text []byte) (as, lines Digest) {
	as = sha256.Sum256(text)
	if bytes.IndexByte(text, '\r') < 0 {
		return as, as
	}
	return as, sha256.Sum256(bytes.ReplaceAll(text, []byte("\r\n"), []byte("\n")))
}

// pattern gives a regular expression that is compiled when it is first used:
// all of them would take longer than many a run of the program.
func pattern(expr string) func() *regexp.Regexp {
	return sync.OnceValue(func() *regexp.Regexp { return regexp.MustCompile(expr) })
}
