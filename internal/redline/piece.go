package redline

import "github.com/privgen/privgen/internal/markdown"

// A mark is on which side a piece stands.
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
	of markdown.Part // the part that it is or stands in
	*markdown.Passage
}

func (n node) none() bool { return n.Passage == nil }

// kids gives the passages in a node.
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
	return a.of.Same(a.Passage, b.of, b.Passage) && (a.Kind != markdown.Heading || a.of.Element(a.Passage) == b.of.Element(b.Passage))
}

// A piece is a passage of either text, or two that belong together.
type piece struct {
	mark     mark
	old, new node
	alike    bool                // nothing in it changed
	kids     []*piece            // of two containers that are not alike
	runs     []run               // of two leaves that are not alike
	reset    []*markdown.Passage // of what is added or removed: what the other text has too, in another structure
	weave    *weave              // of a passage whose words are woven with others
	olds     []node              // the old passages that it is the first woven piece of
	columns  *columns            // of the table, for a row of one text
	to       *piece              // for away: the piece at its new place
	move     int                 // for here and away: which move it is, from 1
	level    int                 // of a heading: the level that it is shown at, 1 to 6
}

// A run is a stretch of words in two leaves.
type run struct {
	op             op
	o0, o1, n0, n1 int // old words [o0,o1), new words [n0,n1)
}

type op uint8

const (
	equal    op = iota
	replaced    // either side may be empty
	numbered    // the number of a heading
	relinked    // the same words, that lead elsewhere
	restyled    // the same words in other markup
	respaced    // a word with a space before it on one side only
)
