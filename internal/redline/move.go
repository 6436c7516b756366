package redline

import (
	"github.com/privgen/privgen/internal/markdown"
)

// This file finds moves: passages that the alignment left on one side, although the other
// text has them at another place.

// apart has the passages that are in one text only, in order.
type apart struct {
	olds, news []*Edit
	shared     map[*Edit]int // for each, how many words of both texts are before it
	words      int           // words of both texts so far
	within     map[*Edit]int // for passages that changed inside a moved one: the number of that move
}

// gather adds the passages of one text among edits and in them.
func (a *apart) gather(ps []*Edit) {
	for _, p := range ps {
		switch {
		case p.Mark == Deleted:
			a.olds, a.shared[p] = append(a.olds, p), a.words
		case p.Mark == Inserted:
			a.news, a.shared[p] = append(a.news, p), a.words
		case p.Mark == Both && len(p.Kids) > 0:
			a.gather(p.Kids)
		case p.Mark == Both:
			a.words += p.New.Count
		}
	}
}

const (
	fewMoved        = 6    // the least number of words of a passage that moved unchanged
	likeMoved       = 8    // the least number of words of one that moved and changed
	fewRestructured = 3    // the least number of words of one in another structure
	sameMoved       = 0.72 // the least likeness of one that moved and changed
)

// movable reports whether passages of a kind can move by themselves.
func movable(k markdown.Kind) bool { return k != markdown.Cell && k != markdown.Rows }

// findMoves turns pairs of removed and added passages into moves: first those that read the
// same, then similar ones, then headings. In the end it links what was restructured.
func (c *comparison) findMoves(ps []*Edit) []*Edit {
	a := apart{shared: map[*Edit]int{}, within: map[*Edit]int{}}
	a.gather(ps)
	if len(a.olds) == 0 || len(a.news) == 0 {
		return ps
	}
	to := map[*Edit]*Edit{} // from an old place to the new one
	byRead := map[uint64][]*Edit{}
	for _, p := range a.news {
		byRead[p.New.Read] = append(byRead[p.New.Read], p)
	}
	taken := map[*Edit]bool{}
	for _, p := range a.olds {
		if p.Old.Count < fewMoved || !movable(p.Old.Kind) {
			continue
		}
		if at := byRead[p.Old.Read]; len(at) > 0 && twins(p.Old, at[0].New) {
			to[p], taken[at[0]] = at[0], true
			byRead[p.Old.Read] = at[1:]
		}
	}
	if !c.anchors {
		c.likeMoves(a, to, taken)
	}
	c.headingMoves(ps, to, taken)
	if !c.anchors {
		c.soleHeadingMoves(a, to, taken)
	}
	c.applyMoves(a, to)
	c.findRestructured(a)
	return ps
}

// findRestructured links leaves that both texts have, but in containers that are not
// paired. If no words of both texts are between the two places, and the order is the same,
// they were restructured: paragraphs became items of a list, or a list is in another one.
// Otherwise they moved. Both places stay marked, because one place cannot show two
// structures, but the words do not count as added or removed.
func (c *comparison) findRestructured(a apart) {
	gone, come := a.left()
	c.linkContainers(a, gone, come)
	olds, from := unlinked(gone)
	news, into := unlinked(come)
	if len(olds) == 0 || len(news) == 0 {
		return
	}
	apart := map[uint64][]int{} // the new leaves that are not in the same order, by Passage.Read
	var alone []int             // the old ones
	for _, r := range diffKeys(reads(olds), reads(news), 0, 0) {
		if r.Op == OpReplace {
			for o := r.O0; o < r.O1; o++ {
				alone = append(alone, o)
			}
			for n := r.N0; n < r.N1; n++ {
				apart[news[n].Read] = append(apart[news[n].Read], n)
			}
			continue
		}
		for i := range r.O1 - r.O0 {
			o, n := r.O0+i, r.N0+i
			switch near := a.shared[from[o]] == a.shared[into[n]]; {
			case near && olds[o].Count >= fewRestructured:
				link(from[o], into[n], olds[o], news[n], 0)
			case !near && olds[o].Count >= fewMoved:
				link(from[o], into[n], olds[o], news[n], c.nextMove(a, from[o]))
			}
		}
	}
	for _, o := range alone {
		at := apart[olds[o].Read]
		if len(at) == 0 || olds[o].Count < fewMoved || !twins(olds[o], news[at[0]]) {
			continue
		}
		link(from[o], into[at[0]], olds[o], news[at[0]], c.nextMove(a, from[o]))
		apart[olds[o].Read] = at[1:]
	}
}

// unlinked returns the leaves with words in edits of one text, and the edit of each. It
// omits leaves that are linked already.
func unlinked(ps []*Edit) (ns []Node, of []*Edit) {
	for _, p := range ps {
		for _, n := range leaves(nil, p.Shown()) {
			if _, linked := p.OtherPlace(n.Passage); !linked {
				ns, of = append(ns, n), append(of, p)
			}
		}
	}
	return ns, of
}

// left returns the removed and added passages that did not move as a whole, and those
// inside of moved passages.
func (a *apart) left() (olds, news []*Edit) {
	for _, p := range a.olds {
		if p.Mark == Deleted {
			olds = append(olds, p)
		}
	}
	for _, p := range a.news {
		if p.Mark == Inserted {
			news = append(news, p)
		} else {
			inside := apart{shared: map[*Edit]int{}}
			inside.gather(p.Kids)
			for _, k := range inside.olds {
				a.within[k], a.shared[k] = p.Move, -1 // never equal to another place
			}
			for _, k := range inside.news {
				a.within[k], a.shared[k] = p.Move, -2
			}
			olds, news = append(olds, inside.olds...), append(news, inside.news...)
		}
	}
	return olds, news
}

// linkContainers links containers in removed passages with equal ones in added passages. An
// example is the list in an item that moved without its list.
func (c *comparison) linkContainers(a apart, gone, come []*Edit) {
	type place struct {
		edit  *Edit
		node  Node
		order int // of its edit
	}
	at := map[uint64][]place{}
	for i, p := range come {
		walk(p.New, func(n Node) bool {
			if !n.Kind.Leaf() && n.Count >= fewMoved {
				at[n.Read] = append(at[n.Read], place{p, n, i})
			}
			return true
		})
	}
	if len(at) == 0 {
		return
	}
	for _, p := range gone {
		var last place // of the preceding container
		walk(p.Old, func(n Node) bool {
			if n.Kind.Leaf() || n.Count < fewMoved {
				last.edit = nil
				return false
			}
			to := at[n.Read]
			if len(to) == 0 || !twins(n, to[0].node) {
				return true
			}
			olds, news := leaves(nil, n), leaves(nil, to[0].node)
			if _, linked := to[0].edit.OtherPlace(news[0].Passage); linked || len(olds) != len(news) {
				return true
			}
			at[n.Read] = to[1:]
			move := 0
			switch {
			case a.shared[p] == a.shared[to[0].edit]:
			case last.edit != nil && to[0].order == last.order+1 && a.shared[last.edit] == a.shared[to[0].edit]:
				move = c.moves // they moved together
			default:
				move = c.nextMove(a, p)
			}
			last = to[0]
			for i := range olds {
				link(p, to[0].edit, olds[i], news[i], move)
			}
			return false
		})
	}
}

// walk calls visit for a passage and, as long as it returns true, for those in it.
func walk(n Node, visit func(n Node) bool) {
	if !visit(n) {
		return
	}
	for _, k := range n.Kids {
		walk(n.In(k), visit)
	}
}

// nextMove returns the number for the move of a passage: the number of the moved passage
// that contained it, or a new one.
func (c *comparison) nextMove(a apart, from *Edit) int {
	if move := a.within[from]; move > 0 {
		return move
	}
	c.moves++
	return c.moves
}

// link records that a leaf of a removed passage is equal to a leaf of an added one.
func link(from, into *Edit, o, n Node, move int) {
	from.elsewhere = append(from.elsewhere, elsewhere{o.Passage, move})
	into.elsewhere = append(into.elsewhere, elsewhere{n.Passage, move})
}

// leaves appends the leaves with words in a node.
func leaves(out []Node, n Node) []Node {
	if n.Kind.Leaf() {
		if n.Count > 0 {
			out = append(out, n)
		}
		return out
	}
	for _, k := range n.Kids {
		out = leaves(out, n.In(k))
	}
	return out
}

// likeMoves finds passages that moved and changed.
func (c *comparison) likeMoves(a apart, to map[*Edit]*Edit, taken map[*Edit]bool) {
	var olds, news []Node
	var from, into []*Edit
	for _, p := range a.olds {
		if to[p] == nil && p.Old.Count >= likeMoved && movable(p.Old.Kind) {
			olds, from = append(olds, p.Old), append(from, p)
		}
	}
	for _, p := range a.news {
		if !taken[p] && p.New.Count >= likeMoved && movable(p.New.Kind) {
			news, into = append(news, p.New), append(into, p)
		}
	}
	c.candidates(olds, news, func(i, j int) {
		if to[from[i]] != nil || taken[into[j]] {
			return
		}
		if c.fit(olds[i], news[j]) == 1 && c.likeness(olds[i], news[j]) >= sameMoved {
			to[from[i]], taken[into[j]] = into[j], true
		}
	})
}

// headingMoves moves a removed heading with the passage after it, if a similar heading
// was added before that passage's new place.
func (c *comparison) headingMoves(ps []*Edit, to map[*Edit]*Edit, taken map[*Edit]bool) {
	under := map[*Edit]*Edit{} // for an edit, the added heading directly before it
	for i, p := range ps[:max(0, len(ps)-1)] {
		if p.Mark == Inserted && p.New.Kind == markdown.Heading {
			under[ps[i+1]] = p
		}
	}
	for i := len(ps) - 2; i >= 0; i-- {
		p := ps[i]
		if p.Mark != Deleted || p.Old.Kind != markdown.Heading || to[p] != nil {
			continue
		}
		if h := under[to[ps[i+1]]]; h != nil && !taken[h] && (twins(p.Old, h.New) || c.likeness(p.Old, h.New) >= 0.5) {
			to[p], taken[h] = h, true
		}
	}
}

// soleHeadingMoves moves a heading that each text has once. It is the same clause, even
// if all text under it is new.
func (c *comparison) soleHeadingMoves(a apart, to map[*Edit]*Edit, taken map[*Edit]bool) {
	olds, news := c.soleHeadings()
	at := map[*markdown.Passage]*Edit{}
	for _, p := range a.news {
		at[p.New.Passage] = p
	}
	for _, p := range a.olds {
		if to[p] != nil || !isHeading(p.Old) || p.Old.Count == 0 || olds[p.Old.Read].Passage != p.Old.Passage {
			continue
		}
		if q := at[news[p.Old.Read].Passage]; q != nil && !taken[q] {
			to[p], taken[q] = q, true
		}
	}
}

// sole returns the headings of a text by Passage.Read. For a heading that the text has
// more than once, the Node is empty.
func sole(ns []Node) map[uint64]Node {
	out := map[uint64]Node{}
	for _, n := range ns {
		if !isHeading(n) {
			continue
		}
		read := n.Read
		if _, twice := out[read]; twice {
			n = Node{}
		}
		out[read] = n
	}
	return out
}

// applyMoves marks both places of each move. Neighbors that stayed neighbors share a number.
func (c *comparison) applyMoves(a apart, to map[*Edit]*Edit) {
	at := map[*Edit]int{}
	for i, p := range a.news {
		at[p] = i
	}
	last, lastOld := -2, -2
	for i, p := range a.olds {
		q := to[p]
		if q == nil {
			continue
		}
		if at[q] != last+1 || i != lastOld+1 {
			c.moves++
		}
		last, lastOld = at[q], i
		inner := c.pair(p.Old, q.New)
		p.Mark, p.Move, p.to = MovedAway, c.moves, q
		q.Mark, q.Move = MovedHere, c.moves
		q.Old, q.New, q.Kids, q.Runs, q.Alike = inner.Old, inner.New, inner.Kids, inner.Runs, inner.Alike
	}
}
