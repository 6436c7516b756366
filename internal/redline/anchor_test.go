package redline_test

import (
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"

	"github.com/privgen/privgen/internal/markdown"
	"github.com/privgen/privgen/internal/redline"
)

// A long row of paragraphs that were joined, with a word of each changed, is merged:
// little is marked but those words. So is one whose sentences come again and again, and
// one of few words, in which no stretch stands only once.
func TestLongRowsAreMerged(t *testing.T) {
	t.Parallel()
	for name, vocabulary := range map[string]int{"many words": 5000, "few words": 6} {
		t.Run(name, func(t *testing.T) {
			r := rand.New(rand.NewPCG(7, 28))
			var before, after strings.Builder
			const paragraphs, words = 40, 30
			for p := range paragraphs {
				for w := range words {
					word := fmt.Sprintf("word%d", r.IntN(vocabulary))
					before.WriteString(word + " ")
					if w == words/2 {
						word = fmt.Sprintf("other%d", p)
					}
					after.WriteString(word + " ")
				}
				before.WriteString("always the same words at the end.\n\n")
				after.WriteString("always the same words at the end.")
				after.WriteString([]string{" ", "\n\n"}[p%2])
			}
			render := markdown.NewRenderer(1 << 20)
			a, b := take(render, before.String()), take(render, after.String())
			c := redline.Compare(a, b)
			if s := lawful(t, a, b, c); s != "" {
				t.Fatal(s)
			}
			if c.Verdict != redline.Changed || c.Extent.WordsAdded > 2*paragraphs || c.Kept > 2*paragraphs {
				t.Errorf("%v, %d words added, %d kept, want a word of each of %d paragraphs", c.Verdict, c.Extent.WordsAdded,
					c.Kept, paragraphs)
			}
		})
	}
}
