package redline

import "github.com/privgen/privgen/internal/markdown"

// A mark is on which side an edit stands.
type mark uint8

const (
	both    mark = iota
	added        // in the new text only
	removed      // in the old text only
	here         // moved: its new place
	away         // moved: its old place
)

// A node is a passage in its text.
type node struct {
	of markdown.Part // the part that it is or is in
	*markdown.Passage
}

// element returns the name of the element that a node is shown as in its text.
func (n node) element() string { return n.of.Element(n.Passage) }

// none reports whether there is no node.
func (n node) none() bool { return n.Passage == nil }

// kids returns the passages in a node.
func (n node) kids() []node {
	out := make([]node, len(n.Kids))
	for i, k := range n.Kids {
		out[i] = node{n.of, k}
	}
	return out
}

// same reports whether two nodes are shown alike; an element that differs, as
// by the level of a heading, is found apart.
func same(a, b node) bool {
	return a.of.Same(a.Passage, b.of, b.Passage) && (a.Kind != markdown.Heading || a.element() == b.element())
}

// An edit is a passage of either text, or two that belong together.
type edit struct {
	mark      mark
	old, new  node
	alike     bool        // nothing in it changed
	kids      []*edit     // of two containers that are not alike
	runs      []run       // of two leaves that are not alike
	elsewhere []elsewhere // of what is added or removed: what is in the other text too
	merged    *merged     // of a passage whose words are merged with others
	olds      []node      // the old passages that it is the first merged edit of
	columns   *columns    // of the table, for a row of one text
	to        *edit       // for away: the edit at its new place
	move      int         // for here and away: which move it is, from 1
	level     int         // of a heading: the level that it is shown at, 1 to 6
}

// A run is a stretch of words in two leaves.
type run struct {
	op             op
	o0, o1, n0, n1 int // old words [o0,o1), new words [n0,n1)
}

type op uint8

const (
	equal      op = iota
	replaced      // either side may be empty
	numbered      // the number of a heading
	relinked      // the same words, that lead elsewhere
	restyled      // the same words in other markup
	repictured    // the same alternative text of another image
	respaced      // a word with a space before it on one side only
)

// An elsewhere is a passage of what was added or removed that is in the other text
// too: in another structure at the same place, or, with the number of a move, at
// another place.
type elsewhere struct {
	*markdown.Passage
	move int
}

// otherPlace returns whether and how a passage of what was added or removed is in
// the other text too.
func (p *edit) otherPlace(x *markdown.Passage) (e elsewhere, ok bool) {
	for _, e := range p.elsewhere {
		if e.Passage == x {
			return e, true
		}
	}
	return elsewhere{}, false
}

// wordsElsewhere returns how many words of a passage that was added or removed
// have another structure in the other text, and how many have another place.
func (p *edit) wordsElsewhere() (restructured, moved int) {
	for _, e := range p.elsewhere {
		if e.move > 0 {
			moved += e.Count
		} else {
			restructured += e.Count
		}
	}
	return restructured, moved
}

// leftBehind returns how many words of what moved stand elsewhere now, and not
// where it moved to.
func (p *edit) leftBehind() int {
	n := 0
	for _, k := range p.kids {
		if k.mark == removed {
			restructured, moved := k.wordsElsewhere()
			n += restructured + moved
		}
		n += k.leftBehind()
	}
	return n
}

// leftAway reports whether all of a removed passage stands elsewhere now. On the
// way of a move it need not be shown: it is at the old place.
func (p *edit) leftAway() bool {
	restructured, moved := p.wordsElsewhere()
	return p.mark == removed && p.old.Count > 0 && restructured+moved == p.old.Count
}
