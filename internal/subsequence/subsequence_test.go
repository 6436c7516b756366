package subsequence_test

import (
	"cmp"
	"math/rand/v2"
	"slices"
	"testing"

	"github.com/privgen/privgen/internal/subsequence"
)

func TestLongest(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ list, want []int }{
		{nil, []int{}},
		{[]int{3}, []int{3}},
		{[]int{3, 2, 1}, []int{1}},
		{[]int{1, 2, 3}, []int{1, 2, 3}},
		{[]int{2, 2, 2}, []int{2, 2, 2}},
		{[]int{5, 1, 6, 2, 3}, []int{1, 2, 3}},
	} {
		if have := subsequence.Longest(c.list, cmp.Compare); !slices.Equal(have, c.want) {
			t.Errorf("%d: %d, want %d", c.list, have, c.want)
		}
	}
}

// For short lists, no subsequence in order is longer.
func TestLongestOfAll(t *testing.T) {
	t.Parallel()
	r := rand.New(rand.NewPCG(1, 2))
	for range 500 {
		list := make([]int, r.IntN(10))
		for i := range list {
			list[i] = r.IntN(8)
		}
		most := 0
		for set := range 1 << len(list) {
			var some []int
			for i, x := range list {
				if set>>i&1 == 1 {
					some = append(some, x)
				}
			}
			if slices.IsSorted(some) {
				most = max(most, len(some))
			}
		}
		have := subsequence.Longest(list, cmp.Compare)
		at := 0
		for _, x := range have { // it must be a subsequence of the list
			for at < len(list) && list[at] != x {
				at++
			}
			at++
		}
		if len(have) != most || !slices.IsSorted(have) || at > len(list) {
			t.Fatalf("%d: %d, and the longest has %d", list, have, most)
		}
	}
}
