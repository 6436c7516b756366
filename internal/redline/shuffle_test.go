package redline_test

import (
	"math/rand/v2"
	"os"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/privgen/privgen/internal/markdown"
	"github.com/privgen/privgen/internal/redline"
	"github.com/privgen/privgen/internal/redline/view"
)

// The laws hold for random texts that consist of the blocks of all cases: in another order, in
// lists, or without some words. PRIVGEN_SHUFFLES is the number of pairs.
func TestLawsOnShuffledCases(t *testing.T) {
	t.Parallel()
	var blocks []string
	eachCase(t, func(_, before, after string) {
		for _, text := range []string{before, after} {
			blocks = append(blocks, strings.Split(strings.TrimSpace(text), "\n\n")...)
		}
	})
	n := 300
	if more, err := strconv.Atoi(os.Getenv("PRIVGEN_SHUFFLES")); err == nil {
		n = more
	}
	r := rand.New(rand.NewPCG(14, 12))
	for range n {
		var before, after []string
		for range 2 + r.IntN(6) {
			b := blocks[r.IntN(len(blocks))]
			before = append(before, b)
			after = append(after, changed(r, b))
		}
		if r.IntN(2) == 0 {
			r.Shuffle(len(after), func(i, j int) { after[i], after[j] = after[j], after[i] })
		}
		old, now := strings.Join(before, "\n\n")+"\n", strings.Join(after, "\n\n")+"\n"
		p := markdown.NewRenderer(1 << 20)
		a, b := take(p, old), take(p, now)
		c := redline.Compare(a, b)
		if s := lawful(t, a, b, c); s != "" {
			t.Fatalf("%s\nfrom\n%s\nto\n%s", s, old, now)
		}
		numbers := slices.ContainsFunc(c.Clauses, func(c *redline.Clause) bool { return c.State.Has(redline.Renumbered) })
		if e := c.Extent; min(e.WordsAdded, e.WordsRemoved, e.WordsMoved, e.WordsRestructured) < 0 ||
			!numbers && e.WordsBefore-e.WordsRemoved != e.WordsAfter-e.WordsAdded {
			t.Fatalf("the counts do not add up: %+v\nfrom\n%s\nto\n%s", e, old, now)
		}
		view.Text(nil, c, false)
	}
}

// changed returns a block unchanged, as code, in a list, divided, without some words, or
// with links.
func changed(r *rand.Rand, block string) string {
	if strings.HasPrefix(block, "#") {
		return block // a heading in a list has no level of its own
	}
	switch r.IntN(8) {
	case 0:
		return "- " + strings.ReplaceAll(block, "\n", "\n  ")
	case 1:
		return "    " + strings.ReplaceAll(block, "\n", "\n    ")
	case 2:
		return strings.Replace(block, " ", "\n\n", 1)
	case 3:
		words := strings.Split(block, " ")
		at := r.IntN(len(words))
		return strings.Join(append(words[:at:at], words[min(len(words), at+1+r.IntN(3)):]...), " ")
	case 4:
		return strings.ReplaceAll(block, "data", "[data](https://a.example/)")
	}
	return block
}
