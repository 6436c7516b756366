package redline

import (
	"cmp"
	"slices"

	"github.com/privgen/privgen/internal/markdown"
)

// This file measures how similar two passages are, by the Sørensen–Dice coefficient of
// their bags of words: twice the shared words by the words of both. Words of up to three
// bytes weigh a quarter, because every sentence has them. The order of words does not
// count, because it may have changed.

// The least likeness of two passages in a gap that are one changed passage.
const (
	enough       = 0.45 // of leaves, items, rows, and cells
	enoughAround = 0.3  // of other containers, in which changes are marked word by word
	enoughAlone  = 0.25 // of any two that are the only ones in the gap
)

// enoughFor returns the least likeness at which two passages are one.
func enoughFor(n Node, alone bool) float64 {
	switch {
	case alone:
		return enoughAlone
	case n.Kind.Leaf() || n.Kind == markdown.Item || n.Kind == markdown.Row || n.Kind == markdown.Cell:
		return enough
	}
	return enoughAround
}

// A bag is the multiset of a passage's words.
type bag struct {
	words []uint64 // sorted hashes, with repetitions; the last bit is set for a short word
	total int      // the weight of all words
	sum   uint64   // a hash of the bag
}

// weight returns the weight of a word of a bag: 4, or 1 for a short word.
func weight(word uint64) int { return 4 - 3*int(word&1) }

// bagOf returns the bag of a passage. It caches the bag in the passage, since most changed
// passages are in several comparisons.
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

// collect appends the hashes of the words in a passage, without the number of a heading.
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

// likeness returns how similar two passages are, from 0 to 1.
func (c *comparison) likeness(a, b Node) float64 {
	notes := a.IsNotes() && a.Attr == b.Attr
	if notes || a.Kind == markdown.Rows {
		return 1 // a text has one list of footnotes, and a table one group of each kind
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
		first = enough // the first cell names the subject of a row
	case a.Kind == markdown.Item && b.Kind == markdown.Item && len(a.Kids)+len(b.Kids) > 2 && leads(a) && leads(b):
		// a list in the item may have been added or removed
		first = c.likeness(a.In(a.Kids[0]), b.In(b.Kids[0]))
	}
	if m := min(x.total, y.total); float64(2*m)/float64(x.total+y.total) < enoughAlone {
		return first
	}
	return max(first, 2*float64(weightShared(x, y))/float64(x.total+y.total))
}

// contained reports whether the longer of two passages has nearly all words of the shorter
// one: then words were only added or removed, however many. Unless the two are alone, or
// lists or tables, the shorter one needs fewContained words: many passages contain a phrase.
func (c *comparison) contained(a, b Node, alone bool) bool {
	least := fewContained
	if alone || enoughFor(a, false) == enoughAround {
		least = 2
	}
	if min(a.Count, b.Count) < least {
		return false
	}
	x, y := bagOf(a.Passage), bagOf(b.Passage)
	return 10*(weightShared(x, y)+1) >= 9*min(x.total, y.total) // one short word may differ
}

// fewContained is the least number of words of a passage for contained.
const fewContained = 8

// leads reports whether an item begins with at least two words outside of an inner list.
func leads(item Node) bool {
	return len(item.Kids) > 0 && item.Kids[0].Kind.Leaf() && item.Kids[0].Count > 1
}

// sameFirst reports whether two rows begin with the same cell.
func sameFirst(a, b Node) bool {
	return len(a.Kids) > 1 && len(b.Kids) > 1 && a.Kids[0].Count > 0 && a.Kids[0].Read == b.Kids[0].Read
}

// weightShared returns the weight of the words that two bags share.
func weightShared(x, y *bag) int {
	all, short := common(x.words, y.words)
	return 4*all - 3*short
}

// common returns how many elements two sorted lists share, and how many of these are odd.
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

// rare is the number of passages on the new side in which a word may be and still suggest
// a pair.
const rare = 6

// candidates calls try with likely pairs, for gaps in which trying all pairs is too slow. For
// each old passage, these are the four new ones that share the most rare words with it.
func (c *comparison) candidates(olds, news []Node, try func(i, j int)) {
	where := map[uint64][]int32{}
	whole := map[uint64][]int32{} // by bag.sum, for short lines without a rare word
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
		if len(olds) == len(news) { // in a table, all rows may have changed, and none may have a rare word
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
