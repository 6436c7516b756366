package redline

import (
	"github.com/privgen/privgen/internal/markdown"
	"znkr.io/diff"
)

// A comparison is a redline while it is being made.
type comparison struct {
	before, after []node
}

func newComparison(before, after *markdown.Body) *comparison {
	return &comparison{nodes(before), nodes(after)}
}

func nodes(b *markdown.Body) []node {
	parts := b.Parts()
	out := make([]node, len(parts))
	for i, p := range parts {
		out[i] = node{p, p.Passage}
	}
	return out
}

func (c *comparison) align() []*piece {
	var out []*piece
	o, n := 0, 0
	for _, e := range diff.Edits(sums(c.before), sums(c.after)) {
		switch e.Op {
		case diff.Match:
			out = append(out, &piece{old: c.before[o], new: c.after[n], alike: true})
			o, n = o+1, n+1
		case diff.Delete:
			out = append(out, &piece{mark: removed, old: c.before[o]})
			o++
		case diff.Insert:
			out = append(out, &piece{mark: added, new: c.after[n]})
			n++
		}
	}
	return out
}

func sums(ns []node) []uint64 {
	out := make([]uint64, len(ns))
	for i, n := range ns {
		out[i] = n.Sum
	}
	return out
}
