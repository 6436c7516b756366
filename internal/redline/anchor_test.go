package redline_test

import (
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"

	"github.com/privgen/privgen/internal/markdown"
	"github.com/privgen/privgen/internal/redline"
)

// Many paragraphs that were joined, with one changed word in each, are merged: hardly any
// other word is marked. They all end with the same sentence. With few words, most n-grams
// of a text occur more than once.
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
