package redline

import (
	"cmp"
	"slices"

	"github.com/privgen/privgen/internal/markdown"
)

// This file measures how similar two passages are: how many words they share, in
// any order. Long words count more than those that every sentence has. Order does
// not count because a passage may be reordered, so sequences (region.go) will not
// do.

// The likeness from which two passages in a gap are one that changed: of
// words; of lists, tables and the like, in which changes are small anyway; and
// of two that are alone between unchanged passages.
const (
	enough       = 0.45
	enoughAround = 0.3
	enoughAlone  = 0.25
)

// enoughFor returns how like two passages have to be to belong together.
func enoughFor(n Node, alone bool) float64 {
	switch {
	case alone:
		return enoughAlone
	case n.Kind.Leaf() || n.Kind == markdown.Item || n.Kind == markdown.Row || n.Kind == markdown.Cell:
		return enough
	}
	return enoughAround
}

// A bag is the words of a passage, in any order.
type bag struct {
	words []uint64 // sorted, each as often as it occurs: a sum whose last bit is set for a short word
	total int
	sum   uint64 // of all of its words
}

// weight returns how much a word of a bag counts.
func weight(word uint64) int { return 4 - 3*int(word&1) }

// bagOf returns the words of a passage. They are kept with it, since most passages that
// change are in several comparisons.
func bagOf(p *markdown.Passage) *bag {
	if b, ok := p.Bag.Load().(*bag); ok {
		return b
	}
	b := &bag{words: collect(make([]uint64, 0, p.Count+4), p)}
	slices.Sort(b.words)
	for _, w := range b.words {
		b.total += weight(w)
		b.sum += w * 31
	}
	p.Bag.Store(b)
	return b
}

func collect(ws []uint64, p *markdown.Passage) []uint64 {
	for i := p.Number; i < len(p.Words); i++ {
		w := &p.Words[i]
		if w.Kind != markdown.Plain && w.Kind != markdown.Image {
			continue
		}
		word := w.Sum &^ 1
		if len(w.Text) <= 3 {
			word |= 1
		}
		ws = append(ws, word)
	}
	for _, k := range p.Kids {
		ws = collect(ws, k)
	}
	return ws
}

// likeness returns how much of two passages is the same, 0 to 1.
func (c *comparison) likeness(a, b Node) float64 {
	notes := a.IsNotes() && a.Attr == b.Attr
	if notes || a.Kind == markdown.Rows {
		return 1 // there is one of each
	}
	x, y := bagOf(a.Passage), bagOf(b.Passage)
	if x.total == 0 || y.total == 0 {
		if x.total == y.total {
			return 1
		}
		return 0
	}
	first := 0.0
	switch {
	case a.Kind == markdown.Row && b.Kind == markdown.Row && sameFirst(a, b):
		first = enough // what a row is about is in its first cell
	case a.Kind == markdown.Item && b.Kind == markdown.Item && len(a.Kids)+len(b.Kids) > 2 && leads(a) && leads(b):
		// a list may have come below an item, or be gone
		first = c.likeness(a.In(a.Kids[0]), b.In(b.Kids[0]))
	}
	if m := min(x.total, y.total); float64(2*m)/float64(x.total+y.total) < enoughAlone {
		return first
	}
	return max(first, 2*float64(weightShared(x, y))/float64(x.total+y.total))
}

// contained reports whether nearly all of the shorter one of two passages is in the
// longer one: words were added to it or removed from it, however many. Between
// others, a short passage has to be longer than a phrase, or it is contained in many.
func (c *comparison) contained(a, b Node, alone bool) bool {
	least := fewContained
	if alone || enoughFor(a, false) == enoughAround {
		least = 2
	}
	if min(a.Count, b.Count) < least {
		return false
	}
	x, y := bagOf(a.Passage), bagOf(b.Passage)
	return 10*(weightShared(x, y)+1) >= 9*min(x.total, y.total) // a short word may be another
}

// fewContained is how many words a passage has at least that is found in another.
const fewContained = 8

// leads reports whether an item begins with words that are not in an inner list.
func leads(item Node) bool {
	return len(item.Kids) > 0 && item.Kids[0].Kind.Leaf() && item.Kids[0].Count > 1
}

// sameFirst reports whether two rows begin with the same cell.
func sameFirst(a, b Node) bool {
	return len(a.Kids) > 1 && len(b.Kids) > 1 && a.Kids[0].Count > 0 && a.Kids[0].Read == b.Kids[0].Read
}

// weightShared returns how much the words count that two passages share.
func weightShared(x, y *bag) int {
	all, short := common(x.words, y.words)
	return 4*all - 3*short
}

// common returns how many elements two sorted rows have in common, and the last bit of
// how many of these is set.
func common(x, y []uint64) (all, odd int) {
	for i, j := 0, 0; i < len(x) && j < len(y); {
		switch a, b := x[i], y[j]; {
		case a < b:
			i++
		case a > b:
			j++
		default:
			i, j, all, odd = i+1, j+1, all+1, odd+int(a&1)
		}
	}
	return all, odd
}

// rare is in how many passages of one side a word may be, for it to say
// which of them belong together.
const rare = 6

// candidates returns the pairs of passages that share rare words to try: for each
// old one, the few that share most.
func (c *comparison) candidates(olds, news []Node, try func(i, j int)) {
	where := map[uint64][]int32{}
	whole := map[uint64][]int32{} // short lines may hold no rare word, and yet be the same
	for j, n := range news {
		b := bagOf(n.Passage)
		whole[b.sum] = append(whole[b.sum], int32(j))
		for i, w := range b.words {
			if at := where[w]; len(at) <= rare && (i == 0 || b.words[i-1] != w) {
				where[w] = append(at, int32(j))
			}
		}
	}
	score := make([]int32, len(news))
	for i, o := range olds {
		var touched []int32
		if len(olds) == len(news) { // in a table, every row may be changed and none have a rare word
			touched = append(touched, int32(i))
			score[i]++
		}
		for _, j := range whole[bagOf(o.Passage).sum] {
			if len(touched) == 4 {
				break
			}
			if score[j] == 0 {
				touched = append(touched, j)
			}
			score[j] += int32(bagOf(o.Passage).total)
		}
		for _, w := range bagOf(o.Passage).words {
			at := where[w]
			if len(at) > rare {
				continue
			}
			for _, j := range at {
				if score[j] == 0 {
					touched = append(touched, j)
				}
				score[j] += int32(weight(w))
			}
		}
		slices.SortFunc(touched, func(a, b int32) int {
			return cmp.Or(cmp.Compare(score[b], score[a]), cmp.Compare(a, b))
		})
		for k, j := range touched {
			if k < 4 {
				try(i, int(j))
			}
			score[j] = 0
		}
	}
}
