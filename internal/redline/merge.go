package redline

import (
	"slices"
	"strings"

	"github.com/privgen/privgen/internal/markdown"
)

// This file merges passages, for text that is divided into other passages now: because a
// paragraph was divided, two were joined, or paragraphs became a list. It compares the
// words of all these passages as two sequences, with a boundary between two leaves. The
// result has the new structure. Events between its words tell where the old text was
// divided. README.md has a drawing.

// A sequence is the words of consecutive passages.
type sequence struct {
	divisions
	leaves []leaf
	words  []markdown.Word // with a boundary before each leaf but the first; nil if only keys are needed
	keys   []uint64        // of the words
	at     []int           // for each word, the index of its leaf; for a boundary, of the leaf after it
	first  []int           // for each leaf, the index of its first word
	end    string          // the elements that end and begin after the last leaf so far
}

// A leaf is a passage with words in a sequence.
type leaf struct {
	Node
	top  int    // the index of the sequence's passage that contains it
	cut  string // the elements that end and begin before it: "/p li"
	path string // the structural elements around it
}

// boundary is the word between two leaves of a sequence. It ends a sentence.
var boundary = markdown.Word{Text: "¶", Kind: markdown.Mark, Sum: 0x9E3779B97F4A7C15}

const boundaryKey = 0x9E3779B97F4A7C15

// newSequence returns the sequence of passages. It applies the divisions to their words.
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

// newKeySequence returns a sequence without words: only leaves and keys.
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

// wordsIn returns the largest number of words and boundaries that a sequence has of a passage.
func wordsIn(p *markdown.Passage) int {
	n := len(p.Words) + 1
	for _, k := range p.Kids {
		n += wordsIn(k)
	}
	return n
}

// structural reports whether readers see passages of a kind as structure around words.
func structural(k markdown.Kind) bool {
	return k != markdown.Text && k != markdown.Paragraph && k != markdown.Box
}

// take appends the leaves in a passage, which has the index top and is in the elements of path.
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

// blank reports whether a node is only white space between blocks. In an inline element
// around blocks, such white space is a passage without words.
func (n Node) blank() bool { return n.Kind == markdown.Text && len(n.Words) == 0 }

// tell adds an element that begins, or ends ("/p"), to the cut before the next leaf.
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

// isBoundary reports whether the word i is a boundary.
func (s *sequence) isBoundary(i int) bool { return i < s.first[s.at[i]] }

// boundaries returns the first and the last boundary in the words [from,to), or -1.
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
	Inserted bool    // none of its words are in the old text
	Gone     []Gone  // the deleted passages before it
	After    []Gone  // the deleted passages after it, at the end of a merge
	Events   []Event // for a leaf
	Split    bool    // for a leaf: it was one passage with the next leaf
}

// A Gone is a deleted passage in a merge.
type Gone struct {
	Node
	Cut, End string // the elements that ended and began before it; those that ended after it
}

// An Event is a run of words in a merged leaf, or a cut: a place where the old text was divided.
type Event struct {
	Run
	Old   Node   // the leaf of the run's old words
	Cut   string // for a cut: as leaf.cut
	Join  bool   // for a cut: the passages before and after it are one passage now
	Reset bool   // for a cut: the words after it have another structure now
}

func (e *Event) IsCut() bool { return e.Cut != "" }
func (e *Event) isNew() bool { return !e.IsCut() && e.Op == OpReplace && e.O0 == e.O1 }
func (e *Event) wholeGone() bool {
	return !e.IsCut() && e.Op == OpReplace && e.N0 == e.N1 && e.O0 == 0 && e.O1 == len(e.Old.Words)
}

// A merger adds the events of a merge to its leaves, in order.
type merger struct {
	o, n    *sequence
	leaves  []*Merged // of the new text
	j       int       // the index of the current leaf
	pending string    // the cut before the next old word
	cutAt   int       // the index of the old leaf after that cut
	last    *Merged   // the last leaf with words of the old text
}

// merge compares the words of passages as two sequences. It returns an edit for each new
// passage, or nil if the old passages have no words.
func merge(olds, news []Node) []*Edit {
	d := newDivisions(olds, news)
	o, n := newSequence(olds, d), newSequence(news, d)
	b := &merger{o: o, n: n}
	out := make([]*Edit, len(news))
	for i, x := range news {
		out[i] = &Edit{Mark: Both, New: x, Merged: b.mirror(x, nil)}
	}
	for i, l := range n.leaves {
		b.leaves[i].Node = l.Node // with the divisions applied
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

// mirror returns a Merged for a passage of the new text and for each passage in it.
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

// divide adds the cut before an old leaf to the pending cut.
func (b *merger) divide(leaf int) {
	if b.pending != "" {
		b.pending += " "
	}
	b.pending += b.o.leaves[leaf].cut
	b.cutAt = leaf
}

// add appends an event to the current leaf. The pending cut precedes the next old words.
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

// attach handles old words that follow the last old word without a space: they would have
// a space before them in another passage. So they are deleted in the passage of the last old
// word and, if the new text has them, inserted here. It returns the rest of the event.
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

// equal adds equal words, leaf by leaf.
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

// replaced adds replaced words. If both sides have boundaries, the first boundaries are
// aligned, and so are the last ones.
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

// words adds replaced words, leaf by leaf. If the words of each side are in one leaf, it
// compares them again: the diff of the whole sequences may have missed equal words.
func (b *merger) words(r Run) {
	a, _ := b.o.boundaries(r.O0, r.O1)
	if x, _ := b.n.boundaries(r.N0, r.N1); x >= 0 && a < 0 && r.O0 < r.O1 { // the first new leaf replaces the old one
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

// beside adds replaced words of one leaf on each side.
func (b *merger) beside(r Run) { b.leafwise(b.o.parts(r.O0, r.O1), b.n.parts(r.N0, r.N1)) }

// leafwise adds deleted and inserted words. The last old words and the first new ones are
// a replacement, unless the new ones begin with a boundary.
func (b *merger) leafwise(olds, news []part) {
	last := len(olds) - 1 // the last one with words
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
		if i == last && len(news) > 0 && !news[0].boundary { // a replacement
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

// A part is words of one leaf of a sequence, by their indices in the leaf.
type part struct {
	leaf, from, to int
	boundary       bool // it begins with the boundary before the leaf
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

// close moves deleted passages out of the events, and sets Inserted, Split, Join, and Reset.
func (b *merger) close() {
	b.closeLast()
	for i, v := range b.leaves[:len(b.leaves)-1] { // deleted passages at the end of a leaf go before the next one
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
				e.Reset = reset && !resetBefore // only at the first of consecutive leaves
				resetBefore = reset
				if e.IsCut() { // it precedes inserted words
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

// closeLast ends the last leaf with words of the old text. Deleted passages at its end go to
// After. The last cut has the elements that end with the old text.
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

// takeGone moves the deleted passages at the beginning of a leaf to Gone. If the last leaf
// has no other words, one of them stays in it.
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

// trailing returns the index of the first event of the deleted passages at the end of a
// leaf. Each is a cut and a run. If the leaf has no other events, it returns len(v.Events).
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

// findInserted sets Inserted for the containers without words of the old text.
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

// place moves the deleted passages before a leaf to a place where they can be shown: before
// the item that begins with the leaf, or before an inserted container.
func (v *Merged) place() {
	at := v
	for at.parent != nil && (at.parent.Inserted || at.parent.Kind == markdown.Item && at.parent.Kids[0] == at) {
		at = at.parent
	}
	if at != v {
		at.Gone = append(at.Gone, v.Gone...)
		v.Gone = nil
	}
	if len(v.After) > 0 { // only inserted passages follow
		top := v
		for top.parent != nil {
			top = top.parent
		}
		if top != v {
			top.After, v.After = v.After, nil
		}
	}
}
