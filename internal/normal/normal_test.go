package normal

import (
	"bytes"
	"crypto/sha256"
	"math/rand/v2"
	"strings"
	"testing"

	"golang.org/x/text/unicode/norm"

	"github.com/privgen/privgen/internal/corpus"
)

// The fast path of composed is right for every character and its neighbors.
func TestComposed(t *testing.T) {
	t.Parallel()
	for r := rune(1); r < 0x3000; r++ {
		for _, text := range []string{string(r), "abcdefghij" + string(r), string(r) + "e\u0301", "e" + string(r) + "\u0301x", "\u2019" + string(r) + "\u201c"} {
			if have, want := composed([]byte(text)), norm.NFC.IsNormalString(text); have != want {
				t.Fatalf("%q: %t", text, have)
			}
		}
	}
}

// The first digest is that of the normal form. The second differs from it if the page may
// differ.
func TestDigest(t *testing.T) {
	t.Parallel()
	random := rand.New(rand.NewPCG(1, 2))
	pieces := []string{"word ", "\n", "\n\n", " ", "\t", "é", "e\u0301", "“", "\u2001", "```\n", "# "}
	check := func(text []byte) {
		normal, whole := Digest(text)
		form := Form(text)
		if normal != sha256.Sum256(form) {
			t.Fatalf("%q", text)
		}
		feed := []byte("\n")
		same := norm.NFC.IsNormal(text) && bytes.HasSuffix(bytes.TrimSuffix(text, feed), bytes.TrimSuffix(form, feed))
		if len(form) == 0 {
			same = len(text) == 0
		}
		if (whole == normal) != same {
			t.Fatalf("%q: whole is normal: %t", text, whole == normal)
		}
	}
	for range 20_000 {
		var b strings.Builder
		for range random.IntN(8) {
			b.WriteString(pieces[random.IntN(len(pieces))])
		}
		check([]byte(b.String()))
	}
	corpus.Bundle(t, "genai-eu-versions", func(v corpus.Version) { check(v.Text) })
}
