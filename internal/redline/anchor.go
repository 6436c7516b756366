package redline

import (
	"cmp"

	"github.com/privgen/privgen/internal/subsequence"
)

// This file compares long sequences of words in linear time, as a patience diff does. An
// anchor is an n-gram (linkWords words in a row) that each sequence has once. The anchors
// that are in the same order in both divide the sequences, and what is between two
// anchors is compared by the same rules.

const (
	shortRows = 200 // two sequences with at most this many words in all are compared without anchors
	longRow   = 300 // if both sequences have more words and no anchor, they count as replaced
	deepest   = 8   // anchors are searched between anchors to this depth
)

// An anchor is the offsets of the same n-gram in both sequences.
type anchor struct{ o, n int }

// anchoredKeys returns the runs of a diff of two sequences of keys, as diffKeys does. The diff
// is not always minimal: long parts without an anchor are replaced as a whole.
func anchoredKeys(ok, nk []uint64) []Run { return anchored(nil, ok, nk, 0, 0, 0) }

func anchored(out []Run, ok, nk []uint64, o, n, deep int) []Run {
	if len(ok)+len(nk) <= shortRows {
		return appendRuns(out, diffKeys(ok, nk, o, n)...)
	}
	var as []anchor
	if deep < deepest {
		as = subsequence.Longest(anchors(ok, nk), func(a, b anchor) int { return cmp.Compare(a.n, b.n) })
	}
	if len(as) == 0 {
		if min(len(ok), len(nk)) > longRow {
			return appendRuns(out, Run{OpReplace, o, o + len(ok), n, n + len(nk)})
		}
		return appendRuns(out, diffKeys(ok, nk, o, n)...)
	}
	x, y := 0, 0 // the keys before these are compared
	for _, a := range append(as, anchor{len(ok), len(nk)}) {
		if a.o < x || a.n < y {
			continue // in the equal words after an earlier anchor
		}
		same := 0 // equal words before the anchor
		for a.o-same > x && a.n-same > y && ok[a.o-same-1] == nk[a.n-same-1] {
			same++
		}
		out = anchored(out, ok[x:a.o-same], nk[y:a.n-same], o+x, n+y, deep+1)
		from := Run{OpEqual, o + a.o - same, 0, n + a.n - same, 0}
		for x, y = a.o, a.n; x < len(ok) && y < len(nk) && ok[x] == nk[y]; {
			x, y = x+1, y+1
		}
		from.O1, from.N1 = o+x, n+y
		out = appendRuns(out, from)
	}
	return out
}

// appendRuns appends runs, and joins neighbors with the same operation.
func appendRuns(out []Run, rs ...Run) []Run {
	for _, r := range rs {
		if k := len(out) - 1; k >= 0 && out[k].Op == r.Op {
			out[k].O1, out[k].N1 = r.O1, r.N1
		} else if r.O0 < r.O1 || r.N0 < r.N1 {
			out = append(out, r)
		}
	}
	return out
}

// anchors returns the n-grams that both sequences have once, in the order of the old one. Its
// table is a hash table with open addressing.
func anchors(ok, nk []uint64) []anchor {
	const none, many = -1, -2
	type place struct {
		sum  uint64
		o, n int32
		used bool
	}
	size := 1
	for size < 2*len(ok) {
		size *= 2
	}
	table := make([]place, size)
	find := func(sum uint64) *place {
		i := int(sum>>32) & (size - 1)
		for table[i].used && table[i].sum != sum {
			i = (i + 1) & (size - 1)
		}
		return &table[i]
	}
	eachStretch(ok, func(i int, sum uint64) {
		if p := find(sum); p.used {
			p.o = many
		} else {
			*p = place{sum, int32(i), none, true}
		}
	})
	eachStretch(nk, func(i int, sum uint64) {
		if p := find(sum); p.used && p.n == none {
			p.n = int32(i)
		} else if p.used {
			p.n = many
		}
	})
	var out []anchor
	eachStretch(ok, func(i int, sum uint64) {
		if p := find(sum); p.o >= 0 && p.n >= 0 {
			out = append(out, anchor{int(p.o), int(p.n)})
		}
	})
	return out
}

// eachStretch calls yield with the offset and the hash of each n-gram of linkWords keys.
func eachStretch(keys []uint64, yield func(i int, sum uint64)) {
	for i := 0; i+linkWords <= len(keys); i++ {
		sum := uint64(0)
		for _, k := range keys[i : i+linkWords] {
			sum = (sum ^ k) * 0x9E3779B97F4A7C15
		}
		yield(i, sum)
	}
}
