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
	divisions
	leaves []leaf
	words  []markdown.Word // with a boundary before each leaf but the first; nil if only keys are needed
	keys   []uint64        // of them
	at     []int           // for each word, which leaf it is of; for a boundary, the leaf behind it
	first  []int           // for each leaf, where its words begin
	end    string
}

// A leaf is a passage with words in a sequence.
type leaf struct {
	Node
	top  int    // in which of the sequence's passages it is
	cut  string // the elements that end and begin before it: "/p li"
	path string // the elements around it that count as structure
}

// boundary is between two leaves of a sequence. It ends a sentence.
var boundary = markdown.Word{Text: "¶", Kind: markdown.Mark, Sum: 0x9E3779B97F4A7C15}

const boundaryKey = 0x9E3779B97F4A7C15

// newSequence returns the words of passages, with divisions made.
func newSequence(ns []Node, d divisions) *sequence {
	s := newKeySequence(ns, d)
	s.words = make([]markdown.Word, 0, len(s.keys))
	for i := range s.leaves {
		if i > 0 {
			s.words = append(s.words, boundary)
		}
		s.words = append(s.words, s.leaves[i].Words...)
	}
	return s
}

// newKeySequence returns the same without the words.
func newKeySequence(ns []Node, d divisions) *sequence {
	size := 0
	for _, n := range ns {
		size += wordsIn(n.Passage)
	}
	s := &sequence{divisions: d, keys: make([]uint64, 0, size), at: make([]int, 0, size)}
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

func (s *sequence) take(n Node, top int, path []string) {
	name := n.Element()
	if structural(n.Kind) {
		path = append(path[:len(path):len(path)], name)
	}
	s.tell(name)
	if n.Kind.Leaf() && !n.blank() {
		s.leaf(leaf{Node: s.divide(n), top: top, cut: s.end, path: strings.Join(path, " ")})
		s.end = ""
	}
	for _, k := range n.Kids {
		s.take(n.In(k), top, path)
	}
	if name != "" {
		s.tell("/" + name)
	}
}

// blank reports whether a node is only space between elements, for which words in a
// link around them are taken.
func (n Node) blank() bool { return n.Kind == markdown.Text && len(n.Words) == 0 }

func (s *sequence) tell(name string) {
	if s.end != "" && name != "" {
		s.end += " "
	}
	s.end += name
}

func (s *sequence) leaf(l leaf) {
	if len(s.leaves) > 0 {
		s.keys, s.at = append(s.keys, boundaryKey), append(s.at, len(s.leaves))
	}
	s.first = append(s.first, len(s.keys))
	s.keys = keys(s.keys, l.Words)
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

// A Merged is a passage of the new text whose words are merged.
type Merged struct {
	Node
	parent   *Merged
	Kids     []*Merged
	Inserted bool    // none of its words is in the old text
	Gone     []Gone  // what was before it
	After    []Gone  // what was after it, at the end of all that is merged
	Events   []Event // of a leaf
	Split    bool    // a leaf's: the passage that the next one was one with
}

// A Gone is a passage that is gone, among what is merged.
type Gone struct {
	Node
	Cut, End string // the elements that ended and began before it, and that ended behind it
}

// An Event is words in a merged leaf, or a place where the old text was divided.
type Event struct {
	Run
	Old   Node   // of the run's old words
	Cut   string // when it is a cut: as leaf.cut
	Join  bool   // the cut divided what is one passage now
	Reset bool   // the cut is where words begin that have another structure now
}

func (e *Event) IsCut() bool { return e.Cut != "" }
func (e *Event) isNew() bool { return !e.IsCut() && e.Op == OpReplace && e.O0 == e.O1 }
func (e *Event) wholeGone() bool {
	return !e.IsCut() && e.Op == OpReplace && e.N0 == e.N1 && e.O0 == 0 && e.O1 == len(e.Old.Words)
}

// A merger makes the events of all leaves.
type merger struct {
	o, n    *sequence
	leaves  []*Merged
	j       int     // the leaf that is being filled
	pending string  // what ended and began before the next old word
	cutAt   int     // the old leaf that begins with it
	last    *Merged // the last leaf with words of the old text
}

// merge compares the words of passages in a row. It returns an edit for each new
// one.
func merge(olds, news []Node) []*Edit {
	d := newDivisions(olds, news)
	o, n := newSequence(olds, d), newSequence(news, d)
	b := &merger{o: o, n: n}
	out := make([]*Edit, len(news))
	for i, x := range news {
		out[i] = &Edit{Mark: Both, New: x, Merged: b.mirror(x, nil)}
	}
	for i, l := range n.leaves {
		b.leaves[i].Node = l.Node // with the divisions
	}
	b.pending = o.leaves[0].cut
	rs := diffKeys(o.keys, n.keys, 0, 0)
	respace(rs, o.words, n.words)
	for _, r := range shape(rs, o.words, n.words) {
		if r.Op == OpEqual {
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
		p.Merged.findInserted()
	}
	for _, l := range b.leaves {
		l.place()
	}
	out[0].olds = olds
	return out
}

func (b *merger) mirror(n Node, parent *Merged) *Merged {
	v := &Merged{Node: n, parent: parent, Inserted: n.blank()}
	if n.Kind.Leaf() && !n.blank() {
		b.leaves = append(b.leaves, v)
	}
	for _, k := range n.Kids {
		v.Kids = append(v.Kids, b.mirror(n.In(k), v))
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

func (b *merger) add(e Event) {
	v := b.leaves[b.j]
	if e.isNew() {
		v.Events = append(v.Events, e)
		return
	}
	if b.last != nil && b.last != v && b.pending == "" && e.O0 > 0 && e.Old.Words[e.O0].Gap == "" {
		if e = b.attach(e); e.O0 == e.O1 && e.N0 == e.N1 {
			return
		}
	}
	if b.pending != "" {
		v.Events = append(v.Events, Event{Cut: b.pending, Reset: b.o.leaves[b.cutAt].path != b.n.leaves[b.j].path})
		b.pending = ""
	}
	if e.O0 < e.O1 {
		b.last = v
	}
	v.Events = append(v.Events, e)
}

// attach leaves old words that follow another without a space in the passage of
// that one: between two passages there is space. It returns what is left.
func (b *merger) attach(e Event) Event {
	to := e.O0
	for to < e.O1 && e.Old.Words[to].Gap == "" {
		to++
	}
	b.last.Events = append(b.last.Events, Event{Run: Run{OpReplace, e.O0, to, 0, 0}, Old: e.Old})
	if e.Op == OpReplace {
		e.O0 = to
		return e
	}
	n := e.N0 + to - e.O0
	b.leaves[b.j].Events = append(b.leaves[b.j].Events, Event{Run: Run{OpReplace, 0, 0, e.N0, n}, Old: e.Old})
	e.O0, e.N0 = to, n
	return e
}

func (b *merger) equal(r Run) {
	for i := 0; i < r.O1-r.O0; {
		o, n := r.O0+i, r.N0+i
		if b.o.isBoundary(o) {
			b.divide(b.o.at[o])
			b.advance(b.n.at[n])
			i++
			continue
		}
		to := i
		for to < r.O1-r.O0 && !b.o.isBoundary(r.O0+to) {
			to++
		}
		old, now := &b.o.leaves[b.o.at[o]], &b.n.leaves[b.n.at[n]]
		o0, n0 := o-b.o.first[b.o.at[o]], n-b.n.first[b.n.at[n]]
		b.advance(b.n.at[n])
		for _, x := range markups(nil, Run{OpEqual, o0, o0 + to - i, n0, n0 + to - i}, old.Node, now.Node) {
			b.add(Event{Run: x, Old: old.Node})
		}
		i = to
	}
}

// replaced adds words that are gone and words that have come. Where both
// are several passages, they begin and end together.
func (b *merger) replaced(r Run) {
	a, z := b.o.boundaries(r.O0, r.O1)
	x, y := b.n.boundaries(r.N0, r.N1)
	if a < 0 || x < 0 {
		b.words(r)
		return
	}
	b.words(Run{OpReplace, r.O0, a, r.N0, x})
	b.divide(b.o.at[a])
	b.advance(b.n.at[x])
	if a == z || x == y {
		b.replaced(Run{OpReplace, a + 1, r.O1, x + 1, r.N1})
		return
	}
	b.words(Run{OpReplace, a + 1, z, x + 1, y})
	b.divide(b.o.at[z])
	b.advance(b.n.at[y])
	b.words(Run{OpReplace, z + 1, r.O1, y + 1, r.N1})
}

// words adds a run, leaf by leaf. Words of one leaf beside words of one may
// have more in common than was seen over the whole row.
func (b *merger) words(r Run) {
	a, _ := b.o.boundaries(r.O0, r.O1)
	if x, _ := b.n.boundaries(r.N0, r.N1); x >= 0 && a < 0 && r.O0 < r.O1 { // beside the first of several
		b.words(Run{OpReplace, r.O0, r.O1, r.N0, x})
		b.words(Run{OpReplace, r.O1, r.O1, x, r.N1})
		return
	}
	olds, news := b.o.parts(r.O0, r.O1), b.n.parts(r.N0, r.N1)
	if len(olds) == 1 && len(news) == 1 && !olds[0].boundary && !news[0].boundary && min(r.O1-r.O0, r.N1-r.N0) > 2 {
		rs := shape(diffKeys(b.o.keys[r.O0:r.O1], b.n.keys[r.N0:r.N1], r.O0, r.N0), b.o.words, b.n.words)
		if !scattered(rs, b.o.words, b.n.words) {
			for _, x := range rs {
				if x.Op == OpEqual {
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
func (b *merger) beside(r Run) { b.leafwise(b.o.parts(r.O0, r.O1), b.n.parts(r.N0, r.N1)) }

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
		old := b.o.leaves[p.leaf].Node
		if i == last && len(news) > 0 && !news[0].boundary { // beside each other
			q := news[0]
			b.advance(q.leaf)
			now := b.n.leaves[q.leaf].Node
			for _, x := range trim([]Run{{OpReplace, p.from, p.to, q.from, q.to}}, old.Words, now.Words) {
				if x.Op != OpEqual {
					b.add(Event{Run: x, Old: old})
					continue
				}
				for _, y := range markups(nil, x, old, now) {
					b.add(Event{Run: y, Old: old})
				}
			}
			news = news[1:]
			continue
		}
		b.add(Event{Run: Run{OpReplace, p.from, p.to, 0, 0}, Old: old})
	}
	for _, p := range news {
		b.advance(p.leaf)
		if p.from < p.to {
			b.add(Event{Run: Run{OpReplace, 0, 0, p.from, p.to}, Old: b.o.leaves[0].Node})
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
	b.closeLast()
	for i, v := range b.leaves[:len(b.leaves)-1] { // deleted passages are between others
		if from := v.trailing(); from < len(v.Events) {
			next := b.leaves[i+1]
			next.Events = append(slices.Clone(v.Events[from:]), next.Events...)
			v.Events = v.Events[:from]
		}
	}
	var before *Merged
	resetBefore := false
	for i, v := range b.leaves {
		v.takeGone(i == len(b.leaves)-1)
		v.Inserted = true
		for k := range v.Events {
			e := &v.Events[k]
			switch {
			case e.isNew():
				continue
			case v.Inserted:
				if before != nil && !e.IsCut() && len(v.Gone) == 0 {
					before.Split = true
				}
				reset := e.Reset
				e.Reset = reset && !resetBefore // said once
				resetBefore = reset
				if e.IsCut() { // before what is new
					first := *e
					copy(v.Events[1:k+1], v.Events[:k])
					v.Events[0] = first
				}
			case e.IsCut():
				e.Join, e.Reset = k < len(v.Events)-1, false
			}
			v.Inserted = false
		}
		if !v.Inserted {
			before = v
		}
	}
}

// closeLast ends the last leaf with words of the old text: passages that are gone stand
// behind it, and then the elements end that the old text has open.
func (b *merger) closeLast() {
	end := b.pending
	if end != "" && b.o.end != "" {
		end += " "
	}
	end += b.o.end
	v := b.last
	from := v.trailing()
	for i := from; i < len(v.Events); i += 2 {
		v.After = append(v.After, Gone{Node: v.Events[i+1].Old, Cut: v.Events[i].Cut})
	}
	v.Events = v.Events[:from]
	if n := len(v.After); n > 0 {
		v.After[n-1].End = end
	} else if end != "" {
		v.Events = append(v.Events, Event{Cut: end})
	}
}

// takeGone makes the passages at the beginning of a leaf that are gone those before it.
// The last leaf keeps one as its words if it has no others.
func (v *Merged) takeGone(last bool) {
	for len(v.Events) > 0 {
		cut := ""
		e := v.Events
		if e[0].IsCut() && len(e) > 1 {
			cut, e = e[0].Cut, e[1:]
		}
		if !e[0].wholeGone() || len(e) == 1 && last {
			break
		}
		v.Gone = append(v.Gone, Gone{Node: e[0].Old, Cut: cut})
		v.Events = e[1:]
	}
}

// trailing returns where the passages begin that are gone, at the end of a leaf
// that holds other words.
func (v *Merged) trailing() int {
	from := len(v.Events)
	for from >= 2 && v.Events[from-1].wholeGone() && v.Events[from-2].IsCut() {
		from -= 2
	}
	if from == 0 {
		return len(v.Events)
	}
	return from
}

// findInserted finds the containers of which nothing is in the old text.
func (v *Merged) findInserted() {
	if v.Kind.Leaf() {
		return
	}
	v.Inserted = true
	for _, k := range v.Kids {
		k.findInserted()
		v.Inserted = v.Inserted && k.Inserted
	}
}

// place moves what was before a leaf to where it can be shown: before the
// item that begins with the leaf, before what is new as a whole.
func (v *Merged) place() {
	at := v
	for at.parent != nil && (at.parent.Inserted || at.parent.Kind == markdown.Item && at.parent.Kids[0] == at) {
		at = at.parent
	}
	if at != v {
		at.Gone = append(at.Gone, v.Gone...)
		v.Gone = nil
	}
	if len(v.After) > 0 { // only what is new comes behind it
		top := v
		for top.parent != nil {
			top = top.parent
		}
		if top != v {
			top.After, v.After = v.After, nil
		}
	}
}
