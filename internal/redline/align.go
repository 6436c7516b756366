package redline

import (
	"slices"
	"sync"

	"github.com/privgen/privgen/internal/markdown"
)

// This file aligns passages: first those that read the same, then, in the gaps
// between them, similar ones.

// A comparison is the state of one call of Compare.
type comparison struct {
	before, after []Node
	soleHeadings  func() (olds, news map[uint64]Node) // the headings that each text has once, by Passage.Read

	anchors bool     // the text was rewritten: pair only passages that read the same
	columns *columns // of the table that is being compared
	moves   int      // the number of the last move
	spare   []Edit   // allocated for pair
}

func newComparison(before, after *markdown.Body) *comparison {
	c := &comparison{before: nodes(before), after: nodes(after)}
	c.soleHeadings = sync.OnceValues(func() (olds, news map[uint64]Node) { return sole(c.before), sole(c.after) })
	return c
}

func nodes(b *markdown.Body) []Node {
	parts := b.Parts()
	out := make([]Node, len(parts))
	for i, p := range parts {
		out[i] = Node{p, p.Passage}
	}
	return out
}

// align returns the edits of the two texts.
func (c *comparison) align() []*Edit {
	edits := c.alignRow(c.before, c.after, false)
	if !c.anchors {
		edits = c.renames(edits)
	}
	return c.findMoves(edits)
}

// alignRow aligns two sequences of passages. It pairs the common head and the common
// tail, and aligns the rest. With inside, the passages are those of two paired containers:
// then two passages alone in a gap are a pair if their kinds fit, however much changed.
func (c *comparison) alignRow(olds, news []Node, inside bool) []*Edit {
	out := make([]*Edit, 0, max(len(olds), len(news)))
	first := 0
	for first < len(olds) && first < len(news) && twins(olds[first], news[first]) {
		out = append(out, c.pair(olds[first], news[first]))
		first++
	}
	lo, ln := len(olds), len(news)
	for lo > first && ln > first && twins(olds[lo-1], news[ln-1]) {
		lo, ln = lo-1, ln-1
	}
	out = c.middle(out, olds[first:lo], news[first:ln], inside)
	for i := range len(olds) - lo {
		out = append(out, c.pair(olds[lo+i], news[ln+i]))
	}
	return out
}

// twins reports whether two passages read the same.
func twins(a, b Node) bool {
	return a.Passage == b.Passage || a.Read == b.Read && a.Count == b.Count
}

// middle aligns passages by a diff of what is read, and fills the gaps.
func (c *comparison) middle(out []*Edit, olds, news []Node, inside bool) []*Edit {
	if len(olds) == 0 || len(news) == 0 {
		return oneSided(out, olds, news)
	}
	oldKeys, newKeys := reads(olds), reads(news)
	if c.columns != nil && !c.columns.straight() {
		oldKeys, newKeys = c.columns.rowKeys(olds, true), c.columns.rowKeys(news, false)
	}
	for _, r := range diffKeys(oldKeys, newKeys, 0, 0) {
		if r.Op == OpReplace {
			out = c.gap(out, olds[r.O0:r.O1], news[r.N0:r.N1], inside)
			continue
		}
		for i := range r.O1 - r.O0 {
			out = append(out, c.pair(olds[r.O0+i], news[r.N0+i]))
		}
	}
	return out
}

func reads(ns []Node) []uint64 {
	out := make([]uint64, len(ns))
	for i, n := range ns {
		out[i] = n.Read
	}
	return out
}

func oneSided(out []*Edit, olds, news []Node) []*Edit {
	for _, n := range olds {
		out = append(out, &Edit{Mark: Deleted, Old: n})
	}
	for _, n := range news {
		out = append(out, &Edit{Mark: Inserted, New: n})
	}
	return out
}

// gap aligns the passages between two pairs. It uses the steps of the gap, and what
// is between these is in one text only.
func (c *comparison) gap(out []*Edit, olds, news []Node, inside bool) []*Edit {
	if len(olds) == 0 || len(news) == 0 || c.anchors && !inside {
		return oneSided(out, olds, news)
	}
	if len(olds) == 1 && len(news) == 1 && c.fit(olds[0], news[0]) > 0 && (inside || brief(olds[0]) && brief(news[0])) {
		return append(out, c.pair(olds[0], news[0]))
	}
	steps, edits := c.steps(olds, news)
	o, n := 0, 0
	for i, s := range steps {
		out = append(oneSided(out, olds[o:s.o0], news[n:s.n0]), edits[i]...)
		o, n = s.o1, s.n1
	}
	return oneSided(out, olds[o:], news[n:])
}

// A step is a region of a gap that is compared as a whole: a pair of passages, or
// several passages that are merged.
type step struct {
	region
	pair bool
}

// steps returns the steps of a gap, in order, and the edits of each.
func (c *comparison) steps(olds, news []Node) (steps []step, edits [][]*Edit) {
	var of digest
	if c.columns == nil {
		of = digestOf(olds, news, c.soleHeadings)
		if steps, ok := knownGaps.get(of); ok {
			for _, s := range steps {
				edits = append(edits, c.together(olds[s.o0:s.o1], news[s.n0:s.n1], s.pair))
			}
			return steps, edits
		}
	}
	var ms []linked
	for _, m := range chain(c.matches(olds, news), len(news)) {
		ms = append(ms, linked{m.o, m.n, c.pair(olds[m.o], news[m.n])})
	}
	rs, merged := c.mergeRegions(olds, news, ms)
	o, n := 0, 0
	for i := 0; i <= len(rs); i++ {
		r := region{len(olds), len(olds), len(news), len(news)}
		if i < len(rs) {
			r = rs[i]
		}
		for _, m := range ms {
			if m.o >= o && m.n >= n && m.o < r.o0 && m.n < r.n0 {
				o, n = m.o+1, m.n+1
				steps, edits = append(steps, step{region{m.o, o, m.n, n}, true}), append(edits, []*Edit{m.edit})
			}
		}
		if i < len(rs) {
			steps, edits = append(steps, step{r, false}), append(edits, merged[i])
		}
		o, n = r.o1, r.n1
	}
	if c.columns == nil {
		knownGaps.put(of, steps)
	}
	return steps, edits
}

// together returns the edits of a step.
func (c *comparison) together(olds, news []Node, pair bool) []*Edit {
	if o, n := olds[0], news[0]; pair || len(olds) == 1 && len(news) == 1 && c.fit(o, n) > 0 {
		return []*Edit{c.pair(o, n)} // they share enough words in order, though not enough for a match
	}
	return merge(olds, news)
}

// digestOf returns a digest of everything that the steps of a gap depend on: its
// passages, and which of their headings the other text has once.
func digestOf(olds, news []Node, soleHeadings func() (olds, news map[uint64]Node)) digest {
	var d digest
	var headings func(p *markdown.Passage, old bool)
	headings = func(p *markdown.Passage, old bool) {
		if p.Kind == markdown.Heading {
			other, inNew := soleHeadings()
			if old {
				other = inNew
			}
			if !other[p.Read].none() {
				d.add(1)
			}
			d.add(2)
		}
		for _, k := range p.Kids {
			headings(k, old)
		}
	}
	for i, n := range slices.Concat(olds, news) {
		d.add(n.Sum)
		headings(n.Passage, i < len(olds))
	}
	d.add(uint64(len(olds)))
	return d
}

// brief reports whether a passage is so short that a passage in its place is the same
// one with other words: the number of a note, a date.
func brief(n Node) bool { return n.Kind <= markdown.Paragraph && n.Count <= 3 }

// A match is a pair of similar passages.
type match struct {
	o, n   int
	weight float64
}

// few is the number of possible pairs up to which every pair is tried. In larger gaps,
// only the pairs that candidates finds are tried.
const few = 400

// matches returns the pairs of passages that are similar enough to be one passage. Their
// weight grows with similarity and length.
func (c *comparison) matches(olds, news []Node) []match {
	var out []match
	try := func(i, j int) {
		fit := c.fit(olds[i], news[j])
		if fit == 0 {
			return
		}
		alone := len(olds) == 1 && len(news) == 1
		like, least := c.likeness(olds[i], news[j]), enoughFor(olds[i], alone)
		if like*fit < least && c.contained(olds[i], news[j], alone) {
			like = least / fit
		}
		if like*fit >= least {
			out = append(out, match{i, j, like * fit * (2 + float64(min(olds[i].Count, news[j].Count)))})
		}
	}
	if len(olds)*len(news) <= few {
		for i := range olds {
			for j := range news {
				try(i, j)
			}
		}
		return out
	}
	c.candidates(olds, news, try)
	return out
}

// fit returns how well the kinds of two passages fit, from 0 (never one passage) to 1.
func (c *comparison) fit(a, b Node) float64 {
	if isHeading(a) && isHeading(b) && a.Read != b.Read {
		if olds, news := c.soleHeadings(); !news[a.Read].none() || !olds[b.Read].none() {
			return 0 // one of them is the heading of another clause that both texts have
		}
	}
	switch {
	case a.Kind == b.Kind && (a.Kind != markdown.Box || a.Tag == b.Tag) && (a.Kind != markdown.Rows || a.Tag == b.Tag):
		return 1
	case a.Kind <= markdown.Paragraph && b.Kind <= markdown.Paragraph:
		return 1
	case a.Kind.Leaf() && b.Kind.Leaf():
		return 0.7 // for example, a paragraph that became a heading or code
	}
	return 0
}

// chain returns a heaviest chain of matches: matches in the same order on both sides. This
// is the longest increasing subsequence with weights, in time n log n with a Fenwick tree.
func chain(ms []match, news int) []match {
	slices.SortFunc(ms, func(a, b match) int {
		if a.o != b.o {
			return a.o - b.o
		}
		return b.n - a.n
	})
	best := make([]int, news+1) // Fenwick tree of maxima: index+1 of the match that ends the heaviest chain
	sum := make([]float64, len(ms))
	prev := make([]int, len(ms))
	top := -1
	for i, m := range ms {
		prev[i] = -1
		for j := m.n; j > 0; j &= j - 1 {
			if k := best[j] - 1; k >= 0 && (prev[i] < 0 || sum[k] > sum[prev[i]]) {
				prev[i] = k
			}
		}
		sum[i] = m.weight
		if prev[i] >= 0 {
			sum[i] += sum[prev[i]]
		}
		for j := m.n + 1; j <= news; j += j & -j {
			if best[j] == 0 || sum[i] > sum[best[j]-1] {
				best[j] = i + 1
			}
		}
		if top < 0 || sum[i] > sum[top] {
			top = i
		}
	}
	var out []match
	for ; top >= 0; top = prev[top] {
		out = append(out, ms[top])
	}
	slices.Reverse(out)
	return out
}

// pair returns the edit of two paired passages: it compares the words of leaves, and
// aligns the passages in containers.
func (c *comparison) pair(o, n Node) *Edit {
	if len(c.spare) == 0 {
		c.spare = make([]Edit, 16)
	}
	p := &c.spare[0]
	p.Old, p.New, c.spare = o, n, c.spare[1:]
	if same(o, n) && (n.Kind.Leaf() || !hasKind(n.Passage, markdown.Heading)) { // a heading's level depends on its text
		p.Alike = true
		return p
	}
	switch {
	case n.Kind.Leaf() && o.Kind.Leaf():
		if d := newDivisions([]Node{o}, []Node{n}); d != nil {
			o, n = d.divide(o), d.divide(n)
			p.Old, p.New = o, n
		}
		p.Runs = c.runs(o, n)
		p.Alike = len(p.Runs) == 0 && o.Element() == n.Element()
	case n.Kind == markdown.Table:
		outer := c.columns
		c.columns = c.alignColumns(o, n)
		p.Kids = c.alignRow(o.kids(), n.kids(), true)
		c.columns = outer
	case n.Kind == markdown.Row && c.columns != nil:
		p.Kids = c.cells(o, n)
	default:
		outer := c.columns
		if n.Kind != markdown.Rows {
			c.columns = nil
		}
		p.Kids = c.alignRow(o.kids(), n.kids(), true)
		if c.columns != nil {
			c.columns.level(p.Kids)
		}
		c.columns = outer
	}
	return p
}

// hasKind reports whether a passage, or one in it, is of one of the kinds.
func hasKind(p *markdown.Passage, kinds ...markdown.Kind) bool {
	return slices.Contains(kinds, p.Kind) ||
		slices.ContainsFunc(p.Kids, func(k *markdown.Passage) bool { return hasKind(k, kinds...) })
}
