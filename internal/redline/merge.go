package redline

import (
	"slices"
	"strings"

	"github.com/privgen/privgen/internal/markdown"
)

// This file merges passages: where the same words are in other passages now, because a
// paragraph was divided, two were joined, or paragraphs became a list, it
// compares the words of all of them in a row, with a boundary between any two
// passages. Shown is the new structure; where the old one was divided otherwise
// is noted between the words.

// A sequence is the words of some passages in a row.
type sequence struct {
	leaves []leaf
	words  []markdown.Word // with a boundary before each leaf but the first
	keys   []uint64
	at     []int // for each word, which leaf it is of; for a boundary, the leaf behind it
	first  []int // for each leaf, where its words begin
	end    string
}

// A leaf is a passage with words in a sequence.
type leaf struct {
	node
	top  int    // in which of the sequence's passages it stands
	cut  string // the elements that end and begin before it: "/p li"
	path string // the elements around it that count as structure
}

// boundary stands between two leaves of a sequence. It ends a sentence.
var boundary = markdown.Word{Text: "¶", Kind: markdown.Mark, Sum: 0x9E3779B97F4A7C15}

const boundaryKey = 0x9E3779B97F4A7C15

func newSequence(ns []node) *sequence {
	size := 0
	for _, n := range ns {
		size += wordsIn(n.Passage)
	}
	s := &sequence{words: make([]markdown.Word, 0, size), keys: make([]uint64, 0, size), at: make([]int, 0, size)}
	for i, n := range ns {
		s.take(n, i, nil)
	}
	return s
}

// wordsIn returns how many words and boundaries a sequence has of a passage at most.
func wordsIn(p *markdown.Passage) int {
	n := len(p.Words) + 1
	for _, k := range p.Kids {
		n += wordsIn(k)
	}
	return n
}

// structural are the kinds of passages that a reader sees from what they hold.
func structural(k markdown.Kind) bool {
	return k != markdown.Text && k != markdown.Paragraph && k != markdown.Box
}

func (s *sequence) take(n node, top int, path []string) {
	name := n.element()
	if structural(n.Kind) {
		path = append(path[:len(path):len(path)], name)
	}
	s.tell(name)
	if n.Kind.Leaf() {
		s.leaf(leaf{node: n, top: top, cut: s.end, path: strings.Join(path, " ")})
		s.end = ""
	}
	for _, k := range n.Kids {
		s.take(node{n.of, k}, top, path)
	}
	if name != "" {
		s.tell("/" + name)
	}
}

func (s *sequence) tell(name string) {
	if s.end != "" && name != "" {
		s.end += " "
	}
	s.end += name
}

func (s *sequence) leaf(l leaf) {
	if len(s.leaves) > 0 {
		s.words, s.keys, s.at = append(s.words, boundary), append(s.keys, boundaryKey), append(s.at, len(s.leaves))
	}
	s.first = append(s.first, len(s.words))
	s.words, s.keys = append(s.words, l.Words...), keys(s.keys, l.Words)
	for range l.Words {
		s.at = append(s.at, len(s.leaves))
	}
	s.leaves = append(s.leaves, l)
}

// isBoundary reports whether a place is a boundary.
func (s *sequence) isBoundary(i int) bool { return i < s.first[s.at[i]] }

// boundaries returns the first and the last boundary in a stretch, or -1.
func (s *sequence) boundaries(from, to int) (first, last int) {
	first, last = -1, -1
	for i := from; i < to; i++ {
		if s.isBoundary(i) {
			if last = i; first < 0 {
				first = i
			}
		}
	}
	return first, last
}

// A merged is a passage of the new text whose words are merged.
type merged struct {
	node
	parent   *merged
	kids     []*merged
	inserted bool    // none of its words is in the old text
	gone     []gone  // what stood before it
	after    []gone  // what stood behind it, at the end of all that is merged
	events   []event // of a leaf
	split    bool    // a leaf's: the passage that the next one was one with
}

// A gone is a passage that is gone, among what is merged.
type gone struct {
	node
	cut, end string // the elements that ended and began before it, and that ended behind it
}

// An event is words in a merged leaf, or a place where the old text was divided.
type event struct {
	run
	old   node   // of the run's old words
	cut   string // when it is a cut: as leaf.cut
	join  bool   // the cut divided what is one passage now
	reset bool   // the cut is where words begin that have another structure now
}

func (e *event) isCut() bool { return e.cut != "" }
func (e *event) isNew() bool { return !e.isCut() && e.op == replaced && e.o0 == e.o1 }
func (e *event) wholeGone() bool {
	return !e.isCut() && e.op == replaced && e.n0 == e.n1 && e.o0 == 0 && e.o1 == len(e.old.Words)
}

// A merger makes the events of all leaves.
type merger struct {
	o, n    *sequence
	leaves  []*merged
	j       int     // the leaf that is being filled
	pending string  // what ended and began before the next old word
	cutAt   int     // the old leaf that begins with it
	last    *merged // the last leaf with words of the old text
}

// merge compares the words of passages in a row. It returns an edit for each new
// one.
func (c *comparison) merge(o, n *sequence, olds, news []node) []*edit {
	b := &merger{o: o, n: n}
	out := make([]*edit, len(news))
	for i, x := range news {
		out[i] = &edit{mark: both, new: x, merged: b.mirror(x, nil)}
	}
	b.pending = o.leaves[0].cut
	rs := diffKeys(o.keys, n.keys, 0, 0)
	respace(rs, o.words, n.words)
	for _, r := range shape(rs, o.words, n.words) {
		if r.op == equal {
			b.equal(r)
		} else {
			b.replaced(r)
		}
	}
	b.advance(len(n.leaves) - 1)
	if b.last == nil {
		return nil
	}
	b.close()
	for _, p := range out {
		p.merged.findInserted()
	}
	for _, l := range b.leaves {
		l.place()
	}
	out[0].olds = olds
	return out
}

func (b *merger) mirror(n node, parent *merged) *merged {
	v := &merged{node: n, parent: parent}
	if n.Kind.Leaf() {
		b.leaves = append(b.leaves, v)
	}
	for _, k := range n.Kids {
		v.kids = append(v.kids, b.mirror(node{n.of, k}, v))
	}
	return v
}

func (b *merger) advance(leaf int) { b.j = max(b.j, leaf) }

// divide notes that the old text goes on in another leaf.
func (b *merger) divide(leaf int) {
	if b.pending != "" {
		b.pending += " "
	}
	b.pending += b.o.leaves[leaf].cut
	b.cutAt = leaf
}

func (b *merger) add(e event) {
	v := b.leaves[b.j]
	if e.isNew() {
		v.events = append(v.events, e)
		return
	}
	if b.last != nil && b.last != v && b.pending == "" && e.o0 > 0 && e.old.Words[e.o0].Gap == "" {
		if e = b.attach(e); e.o0 == e.o1 && e.n0 == e.n1 {
			return
		}
	}
	if b.pending != "" {
		v.events = append(v.events, event{cut: b.pending, reset: b.o.leaves[b.cutAt].path != b.n.leaves[b.j].path})
		b.pending = ""
	}
	if e.o0 < e.o1 {
		b.last = v
	}
	v.events = append(v.events, e)
}

// attach leaves old words that follow another without a space in the passage of
// that one: between two passages there is space. It returns what is left.
func (b *merger) attach(e event) event {
	to := e.o0
	for to < e.o1 && e.old.Words[to].Gap == "" {
		to++
	}
	b.last.events = append(b.last.events, event{run: run{replaced, e.o0, to, 0, 0}, old: e.old})
	if e.op == replaced {
		e.o0 = to
		return e
	}
	n := e.n0 + to - e.o0
	b.leaves[b.j].events = append(b.leaves[b.j].events, event{run: run{replaced, 0, 0, e.n0, n}, old: e.old})
	e.o0, e.n0 = to, n
	return e
}

func (b *merger) equal(r run) {
	for i := 0; i < r.o1-r.o0; {
		o, n := r.o0+i, r.n0+i
		if b.o.isBoundary(o) {
			b.divide(b.o.at[o])
			b.advance(b.n.at[n])
			i++
			continue
		}
		to := i
		for to < r.o1-r.o0 && !b.o.isBoundary(r.o0+to) {
			to++
		}
		old, now := &b.o.leaves[b.o.at[o]], &b.n.leaves[b.n.at[n]]
		o0, n0 := o-b.o.first[b.o.at[o]], n-b.n.first[b.n.at[n]]
		b.advance(b.n.at[n])
		for _, x := range markups(nil, run{equal, o0, o0 + to - i, n0, n0 + to - i}, old.node, now.node) {
			b.add(event{run: x, old: old.node})
		}
		i = to
	}
}

// replaced adds words that are gone and words that have come. Where both
// are several passages, they begin and end together.
func (b *merger) replaced(r run) {
	a, z := b.o.boundaries(r.o0, r.o1)
	x, y := b.n.boundaries(r.n0, r.n1)
	if a < 0 || x < 0 {
		b.words(r)
		return
	}
	b.words(run{replaced, r.o0, a, r.n0, x})
	b.divide(b.o.at[a])
	b.advance(b.n.at[x])
	if a == z || x == y {
		b.replaced(run{replaced, a + 1, r.o1, x + 1, r.n1})
		return
	}
	b.words(run{replaced, a + 1, z, x + 1, y})
	b.divide(b.o.at[z])
	b.advance(b.n.at[y])
	b.words(run{replaced, z + 1, r.o1, y + 1, r.n1})
}

// words adds a run, leaf by leaf. Words of one leaf beside words of one may
// have more in common than was seen over the whole row.
func (b *merger) words(r run) {
	a, _ := b.o.boundaries(r.o0, r.o1)
	if x, _ := b.n.boundaries(r.n0, r.n1); x >= 0 && a < 0 && r.o0 < r.o1 { // beside the first of several
		b.words(run{replaced, r.o0, r.o1, r.n0, x})
		b.words(run{replaced, r.o1, r.o1, x, r.n1})
		return
	}
	olds, news := b.o.parts(r.o0, r.o1), b.n.parts(r.n0, r.n1)
	if len(olds) == 1 && len(news) == 1 && !olds[0].boundary && !news[0].boundary && min(r.o1-r.o0, r.n1-r.n0) > 2 {
		rs := shape(diffKeys(b.o.keys[r.o0:r.o1], b.n.keys[r.n0:r.n1], r.o0, r.n0), b.o.words, b.n.words)
		if !scattered(rs, b.o.words, b.n.words) {
			for _, x := range rs {
				if x.op == equal {
					b.equal(x)
				} else {
					b.beside(x)
				}
			}
			return
		}
	}
	b.leafwise(olds, news)
}

// beside adds a run of one leaf on both sides.
func (b *merger) beside(r run) { b.leafwise(b.o.parts(r.o0, r.o1), b.n.parts(r.n0, r.n1)) }

func (b *merger) leafwise(olds, news []part) {
	last := len(olds) - 1 // with words
	for last >= 0 && olds[last].from == olds[last].to {
		last--
	}
	for i, p := range olds {
		if i > 0 || p.boundary {
			b.divide(p.leaf)
		}
		if p.from == p.to {
			continue
		}
		old := b.o.leaves[p.leaf].node
		if i == last && len(news) > 0 && !news[0].boundary { // beside each other
			q := news[0]
			b.advance(q.leaf)
			now := b.n.leaves[q.leaf].node
			for _, x := range trim([]run{{replaced, p.from, p.to, q.from, q.to}}, old.Words, now.Words) {
				if x.op != equal {
					b.add(event{run: x, old: old})
					continue
				}
				for _, y := range markups(nil, x, old, now) {
					b.add(event{run: y, old: old})
				}
			}
			news = news[1:]
			continue
		}
		b.add(event{run: run{replaced, p.from, p.to, 0, 0}, old: old})
	}
	for _, p := range news {
		b.advance(p.leaf)
		if p.from < p.to {
			b.add(event{run: run{replaced, 0, 0, p.from, p.to}, old: b.o.leaves[0].node})
		}
	}
}

// A part is a stretch of words in one leaf of a sequence.
type part struct {
	leaf, from, to int
	boundary       bool // the leaf begins within the stretch
}

func (s *sequence) parts(from, to int) []part {
	var out []part
	for i := from; i < to; i++ {
		l := s.at[i]
		if s.isBoundary(i) {
			out = append(out, part{leaf: l, boundary: true})
			continue
		}
		at := i - s.first[l]
		if len(out) == 0 || out[len(out)-1].leaf != l {
			out = append(out, part{leaf: l, from: at, to: at})
		}
		out[len(out)-1].to = at + 1
	}
	return out
}

// close ends what the old text has open, and finds what was divided and joined.
func (b *merger) close() {
	end := b.pending
	if end != "" && b.o.end != "" {
		end += " "
	}
	end += b.o.end
	v := b.last
	from := v.trailing()
	for i := from; i < len(v.events); i += 2 {
		v.after = append(v.after, gone{node: v.events[i+1].old, cut: v.events[i].cut})
	}
	v.events = v.events[:from]
	if n := len(v.after); n > 0 {
		v.after[n-1].end = end
	} else if end != "" {
		v.events = append(v.events, event{cut: end})
	}
	for i, v := range b.leaves[:len(b.leaves)-1] { // passages that are gone stand between others
		if from := v.trailing(); from < len(v.events) {
			next := b.leaves[i+1]
			next.events = append(slices.Clone(v.events[from:]), next.events...)
			v.events = v.events[:from]
		}
	}
	var before *merged
	resetBefore := false
	for i, v := range b.leaves {
		for len(v.events) > 0 {
			cut := ""
			e := v.events
			if e[0].isCut() && len(e) > 1 {
				cut, e = e[0].cut, e[1:]
			}
			if !e[0].wholeGone() || len(e) == 1 && i == len(b.leaves)-1 {
				break
			}
			v.gone = append(v.gone, gone{node: e[0].old, cut: cut})
			v.events = e[1:]
		}
		v.inserted = true
		for k := range v.events {
			e := &v.events[k]
			switch {
			case e.isNew():
				continue
			case v.inserted:
				if before != nil && !e.isCut() && len(v.gone) == 0 {
					before.split = true
				}
				reset := e.reset
				e.reset = reset && !resetBefore // said once
				resetBefore = reset
				if e.isCut() { // before what is new
					first := *e
					copy(v.events[1:k+1], v.events[:k])
					v.events[0] = first
				}
			case e.isCut():
				e.join, e.reset = k < len(v.events)-1, false
			}
			v.inserted = false
		}
		if !v.inserted {
			before = v
		}
	}
}

// trailing returns where the passages begin that are gone, at the end of a leaf
// that holds other words.
func (v *merged) trailing() int {
	from := len(v.events)
	for from >= 2 && v.events[from-1].wholeGone() && v.events[from-2].isCut() {
		from -= 2
	}
	if from == 0 {
		return len(v.events)
	}
	return from
}

// findInserted finds the containers of which nothing is in the old text.
func (v *merged) findInserted() {
	if v.Kind.Leaf() {
		return
	}
	v.inserted = true
	for _, k := range v.kids {
		k.findInserted()
		v.inserted = v.inserted && k.inserted
	}
}

// place moves what stood before a leaf to where it can be shown: before the
// item that begins with the leaf, before what is new as a whole.
func (v *merged) place() {
	at := v
	for at.parent != nil && (at.parent.inserted || at.parent.Kind == markdown.Item && at.parent.kids[0] == at) {
		at = at.parent
	}
	if at != v {
		at.gone = append(at.gone, v.gone...)
		v.gone = nil
	}
	if len(v.after) > 0 { // only what is new comes behind it
		top := v
		for top.parent != nil {
			top = top.parent
		}
		if top != v {
			top.after, v.after = v.after, nil
		}
	}
}
