package redline_test

import (
	"os"
	"testing"

	"github.com/privgen/privgen/internal/corpus"
	"github.com/privgen/privgen/internal/markdown"
	"github.com/privgen/privgen/internal/redline"
)

// A pair is two neighboring versions of a document.
type pair struct {
	name          string
	before, after *markdown.Body
}

// pairs gives the neighboring pairs of a bundle to each, in the order in which
// they were recorded.
func pairs(t testing.TB, bundle string, each func(pair)) {
	p := markdown.NewPress(64 << 20)
	last := map[string]*markdown.Body{}
	corpus.Bundle(t, bundle, func(v corpus.Version) {
		b := take(p, string(v.Text))
		if before := last[v.Document]; before != nil {
			each(pair{v.Document + " " + v.ID, before, b})
		}
		last[v.Document] = b
	})
}

func TestLawsOnRealTexts(t *testing.T) {
	if testing.Short() {
		t.Skip("compares pairs of real policies")
	}
	// All 5,662 pairs take minutes: .ci/laws does them. Every day, a sample does.
	every := 60
	if os.Getenv("PRIVGEN_ALL_PAIRS") != "" {
		every = 1
	}
	for _, bundle := range []string{"genai-eu-versions", "pga-versions"} {
		t.Run(bundle, func(t *testing.T) {
			n, broken := 0, 0
			pairs(t, bundle, func(p pair) {
				if n++; n%every != 0 {
					return
				}
				r := redline.Compare(p.before, p.after)
				if s := lawful(t, p.before, p.after, r); s != "" {
					if broken++; broken < 12 {
						t.Errorf("%s: %s", p.name, s)
					}
				}
				if s := unmarked(redline.Compare(p.after, p.after)); s != "" && broken < 12 {
					broken++
					t.Errorf("%s: %s", p.name, s)
				}
			})
			t.Logf("%d pairs, one in %d judged, %d break a law", n, every, broken)
		})
	}
}
