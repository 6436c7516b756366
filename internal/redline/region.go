package redline

import (
	"slices"

	"github.com/privgen/privgen/internal/markdown"
)

// This file finds the regions of a gap in which passages are merged: where consecutive old
// passages have the words of consecutive new ones, but are divided in another way.

// A region is consecutive passages on each side of a gap: [o0,o1) and [n0,n1).
type region struct{ o0, o1, n0, n1 int }

const (
	linkWords  = 4    // two leaves with this many equal words in a row are linked
	linkWhole  = 2    // so are two that share this many words in order, if these are half of both
	mergeSaves = 6    // the least number of marked words that merging a region must save
	mergeShare = 5    // it must save a fifth of the marked words, too
	longGap    = 5000 // in gaps with more words, share decides first whether to compare them
)

// mergeable reports whether passages of the new text can be merged: all but tables,
// definition lists, and their parts. Old passages need no check: they may be tables, and
// they are parts of one only if the new passages are, too.
func mergeable(ns []Node) bool {
	for _, n := range ns {
		switch n.Kind {
		case markdown.Row, markdown.Rows, markdown.Cell, markdown.Term, markdown.Meaning:
			return false
		}
		if hasKind(n.Passage, markdown.Table, markdown.Definitions) {
			return false
		}
	}
	return true
}

// regions returns the regions of a gap that may be merged. It compares the words of each
// side as one sequence. Two leaves that share enough words are linked: then their passages
// are in one region. Regions that overlap are joined.
func regions(olds, news []Node) []region {
	if count(olds)+count(news) > longGap && !share(olds, news) {
		return nil
	}
	o, n := newKeySequence(olds, nil), newKeySequence(news, nil)
	if len(o.leaves) == 0 || len(n.leaves) == 0 {
		return nil
	}
	var out, short []region // short has leaves that share all their words, but too few to begin a region
	link := func(i, j int) {
		if k := len(out) - 1; k >= 0 && (i < out[k].o1 || j < out[k].n1) {
			out[k].o1, out[k].n1 = max(out[k].o1, i+1), max(out[k].n1, j+1)
			return
		}
		r := region{i, i + 1, j, j + 1}
		for _, s := range slices.Backward(short) {
			if s.o0 == r.o0 || s.n0 == r.n0 {
				r.o0, r.n0 = s.o0, s.n0
			}
		}
		out, short = append(out, r), nil
	}
	l, m, total := -1, -1, 0 // the current leaves, and the words that they share so far
	for _, r := range anchoredKeys(o.keys, n.keys) {
		if r.Op != OpEqual {
			continue
		}
		for from := 0; from < r.O1-r.O0; {
			if x, y := o.at[r.O0+from], n.at[r.N0+from]; x != l || y != m {
				l, m, total = x, y, 0
			}
			to := from
			for to < r.O1-r.O0 && o.at[r.O0+to] == l && n.at[r.N0+to] == m {
				to++
			}
			a, b := &o.leaves[l], &n.leaves[m]
			at := r.O0 - o.first[l] // offset in the words of the leaf; -1 at the boundary before it
			words := countWords(a.Words[max(0, at+from):max(0, at+to)])
			total += words
			within := len(out) > 0 && (a.top < out[len(out)-1].o1 || b.top < out[len(out)-1].n1)
			half := total >= linkWhole && total*2 >= max(a.Count, b.Count)
			whole := total == min(a.Count, b.Count)
			if words >= linkWords || half || within && whole {
				link(a.top, b.top)
			} else if whole {
				short = append(short, region{o0: a.top, n0: b.top})
			}
			from = to
		}
	}
	return out
}

// shared returns how many words two lists of passages share, in any order.
func shared(olds, news []Node) int {
	n, _ := common(wordSums(olds), wordSums(news))
	return n
}

// wordSums returns the hashes of the words in a list of passages, sorted.
func wordSums(ns []Node) []uint64 {
	out := make([]uint64, 0, count(ns))
	for _, n := range ns {
		out = sums(out, n.Passage)
	}
	slices.Sort(out)
	return out
}

// sums appends the hashes of the words in a passage that countWords counts.
func sums(out []uint64, p *markdown.Passage) []uint64 {
	out = appendSums(out, p.Words)
	for _, k := range p.Kids {
		out = sums(out, k)
	}
	return out
}

// share reports whether two lists of passages share some text: at least a tenth of the new
// text's n-grams of linkWords words. It uses n-grams, because long texts share single
// words whatever they are about.
func share(olds, news []Node) bool {
	have := map[uint64]bool{}
	for _, n := range olds {
		wordStretches(n.Passage, func(sum uint64) { have[sum] = true })
	}
	all, common := 0, 0
	for _, n := range news {
		wordStretches(n.Passage, func(sum uint64) {
			if all++; have[sum] {
				common++
			}
		})
	}
	return common*10 >= all && all > 0
}

// wordStretches calls yield with the hashes of the n-grams in each leaf of a passage.
func wordStretches(p *markdown.Passage, yield func(sum uint64)) {
	eachStretch(appendSums(nil, p.Words), func(_ int, sum uint64) { yield(sum) })
	for _, k := range p.Kids {
		wordStretches(k, yield)
	}
}

// marked returns how many words of an edit are marked.
func (p *Edit) marked() int {
	n := 0
	switch p.Mark {
	case Inserted:
		return p.New.Count
	case Deleted:
		return p.Old.Count
	}
	for _, k := range p.Kids {
		n += k.marked()
	}
	for _, r := range p.Runs {
		if r.Op == OpReplace {
			n += countWords(p.Old.Words[r.O0:r.O1]) + countWords(p.New.Words[r.N0:r.N1])
		}
	}
	if p.Merged != nil {
		n += p.Merged.marked()
	}
	return n
}

// marked returns how many words of a merged passage are marked.
func (v *Merged) marked() int {
	n := 0
	for _, g := range slices.Concat(v.Gone, v.After) {
		n += g.Count
	}
	if v.Inserted {
		return n + v.Count
	}
	for _, e := range v.Events {
		if !e.IsCut() && e.Op == OpReplace {
			n += countWords(e.Old.Words[e.O0:e.O1]) + countWords(v.Words[e.N0:e.N1])
		}
	}
	for _, k := range v.Kids {
		n += k.marked()
	}
	return n
}

// A linked is a pair of passages of a gap, by index.
type linked struct {
	o, n int
	edit *Edit
}

// mergeRegions returns the regions of a gap that merging improves, with their edits. ms are
// the pairs of the alignment: merging must mark fewer words than they do.
func (c *comparison) mergeRegions(olds, news []Node, ms []linked) (rs []region, edits [][]*Edit) {
	if len(olds) == 1 && len(news) == 1 && len(ms) == 1 {
		return nil, nil
	}
	pairedWords, cost := 0, 0 // the words of paired passages; how many of these are marked
	for _, m := range ms {
		pairedWords += olds[m.o].Count + news[m.n].Count
		cost += m.edit.marked()
	}
	if most := 2*shared(olds, news) - (pairedWords - cost); most < mergeSaves {
		return nil, nil // it would save too little even if all shared words became equal
	}
	for _, r := range regions(olds, news) {
		paired := func(m linked) bool { return m.o == r.o0 && m.n == r.n0 }
		if r.o1-r.o0 == 1 && r.n1-r.n0 == 1 && slices.ContainsFunc(ms, paired) {
			continue
		}
		if !mergeable(news[r.n0:r.n1]) {
			continue
		}
		plain := count(olds[r.o0:r.o1]) + count(news[r.n0:r.n1]) // the words that are marked without merging
		for _, m := range ms {
			if in := m.o >= r.o0 && m.o < r.o1; in && m.n >= r.n0 && m.n < r.n1 {
				plain += m.edit.marked() - olds[m.o].Count - news[m.n].Count
			}
		}
		ps := c.together(olds[r.o0:r.o1], news[r.n0:r.n1], false)
		saved := plain
		for _, p := range ps {
			saved -= p.marked()
		}
		if saved >= mergeSaves && saved*mergeShare >= plain {
			rs, edits = append(rs, r), append(edits, ps)
		}
	}
	return rs, edits
}
