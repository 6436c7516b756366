// Package subsequence finds a longest subsequence of a list that is in order. Imports use it
// for the dates of past texts, and redlines for the anchors of a comparison.
package subsequence

import (
	"slices"
	"sort"
)

// Longest returns a longest non-decreasing subsequence of a list, in time proportional
// to n log n: Fredman, "On computing the length of longest increasing subsequences",
// Discrete Mathematics 11 (1975).
func Longest[T any](list []T, compare func(a, b T) int) []T {
	ends := make([]int, 0, len(list)) // for each length, the index of the lowest last element
	before := make([]int, len(list))  // for each element, the index of the one before it in a subsequence, or -1
	for i, x := range list {
		n := sort.Search(len(ends), func(n int) bool { return compare(list[ends[n]], x) > 0 })
		before[i] = -1
		if n > 0 {
			before[i] = ends[n-1]
		}
		if n == len(ends) {
			ends = append(ends, i)
		} else {
			ends[n] = i
		}
	}
	out := make([]T, 0, len(ends))
	if len(ends) > 0 {
		for i := ends[len(ends)-1]; i >= 0; i = before[i] {
			out = append(out, list[i])
		}
	}
	slices.Reverse(out)
	return out
}
