package pages

import (
	"slices"

	"github.com/privgen/privgen/internal/config"
	"github.com/privgen/privgen/internal/policy"
)

// This file decides which pairs of versions have a redline: neighbors, including
// those with a withdrawn version between them. Such a URL is permanent: pairs
// that were neighbors once keep their redline when a version is published between
// them, and a limit counts back from each version, so that newer versions do not
// remove any.

// A pair is two versions of a policy, by index.
type pair struct{ before, after int }

// pairsOf returns the pairs of versions that have a redline by the config: all that
// were within its reach at any instant until now.
func pairsOf(c *config.Redlines, versions []*policy.Version) map[pair]bool {
	reach := 1
	switch c.Pairs {
	case "none":
		return nil
	case "all":
		reach = max(1, c.Limit)
	}
	order := make([]int, len(versions))
	for i := range order {
		order[i] = i
	}
	// Those of which nobody knows when they were published were always there:
	// their time is zero.
	slices.SortStableFunc(order, func(a, b int) int { return versions[a].Published.Compare(versions[b].Published) })

	pairs := map[pair]bool{}
	var there, stay []int // in the order of the versions; stay are those that were never withdrawn
	for len(order) > 0 {
		n := 1
		for n < len(order) && versions[order[n]].Published.Equal(versions[order[0]].Published) {
			n++
		}
		there = meet(pairs, there, order[:n], reach)
		stay = meet(pairs, stay, slices.DeleteFunc(order[:n:n],
			func(i int) bool { return !versions[i].Withdrawn.IsZero() }), 1)
		order = order[n:]
	}
	return pairs
}

// meet adds versions to existing ones, and the pairs that they form with those
// within their reach.
func meet(pairs map[pair]bool, there, fresh []int, reach int) []int {
	there = append(there, fresh...)
	slices.Sort(there)
	for _, i := range fresh {
		at, _ := slices.BinarySearch(there, i)
		for _, j := range there[max(0, at-reach):at] {
			pairs[pair{j, i}] = true
		}
		for _, j := range there[at+1 : min(len(there), at+1+reach)] {
			pairs[pair{i, j}] = true
		}
	}
	return there
}

// LeftOut returns how many redlines of a policy the config's limit omits.
func LeftOut(c *config.Redlines, st policy.Status) int {
	if c.Pairs != "all" {
		return 0
	}
	n := len(st.Versions)
	return n*(n-1)/2 - len(pairsOf(c, st.Versions))
}
