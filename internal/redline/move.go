package redline

import (
	"github.com/privgen/privgen/internal/markdown"
)

// This file finds what moved: content that seems to be on one side only, but is
// on the other side at another place.

// apart has the passages that are on one side only, in order.
type apart struct {
	olds, news []*edit
	shared     map[*edit]int // how many words of both texts stand before each
	words      int
	within     map[*edit]int // the number of the move of what they changed on the way of
}

func (a *apart) gather(ps []*edit) {
	for _, p := range ps {
		switch {
		case p.mark == removed:
			a.olds, a.shared[p] = append(a.olds, p), a.words
		case p.mark == added:
			a.news, a.shared[p] = append(a.news, p), a.words
		case p.mark == both && len(p.kids) > 0:
			a.gather(p.kids)
		case p.mark == both:
			a.words += p.new.Count
		}
	}
}

const (
	fewMoved        = 6    // words from which a passage that reads the same at two places moved
	likeMoved       = 8    // words from which one that changed on the way did
	fewRestructured = 3    // words from which a passage in another structure is the same one
	sameMoved       = 0.72 // how like it has to be then
)

func movable(k markdown.Kind) bool { return k != markdown.Cell && k != markdown.Rows }

// findMoves turns removed and added edits into moves.
func (c *comparison) findMoves(ps []*edit) []*edit {
	a := apart{shared: map[*edit]int{}, within: map[*edit]int{}}
	a.gather(ps)
	if len(a.olds) == 0 || len(a.news) == 0 {
		return ps
	}
	to := map[*edit]*edit{} // from an old place to the new one
	byRead := map[uint64][]*edit{}
	for _, p := range a.news {
		byRead[p.new.Read] = append(byRead[p.new.Read], p)
	}
	taken := map[*edit]bool{}
	for _, p := range a.olds {
		if p.old.Count < fewMoved || !movable(p.old.Kind) {
			continue
		}
		if at := byRead[p.old.Read]; len(at) > 0 && twins(p.old, at[0].new) {
			to[p], taken[at[0]] = at[0], true
			byRead[p.old.Read] = at[1:]
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

// findRestructured finds the passages with words that are on both sides in
// containers that do not belong together. In the same order, with nothing of both
// texts between the two places, they have another structure: paragraphs that
// became items of a list, a list within another. Otherwise they moved. They are
// marked, because nothing else can show both, but do not count as words added or
// removed.
func (c *comparison) findRestructured(a apart) {
	gone, come := a.left()
	c.linkContainers(a, gone, come)
	var olds, news []node
	var from, into []*edit
	for _, p := range gone {
		for _, n := range leaves(nil, p.old) {
			if _, linked := p.otherPlace(n.Passage); !linked {
				olds, from = append(olds, n), append(from, p)
			}
		}
	}
	for _, p := range come {
		for _, n := range leaves(nil, p.new) {
			if _, linked := p.otherPlace(n.Passage); !linked {
				news, into = append(news, n), append(into, p)
			}
		}
	}
	if len(olds) == 0 || len(news) == 0 {
		return
	}
	apart := map[uint64][]int{} // the new passages that are not in the same order, by what is read
	var alone []int             // the old ones
	for _, r := range diffKeys(reads(olds), reads(news), 0, 0) {
		if r.op == replaced {
			for o := r.o0; o < r.o1; o++ {
				alone = append(alone, o)
			}
			for n := r.n0; n < r.n1; n++ {
				apart[news[n].Read] = append(apart[news[n].Read], n)
			}
			continue
		}
		for i := range r.o1 - r.o0 {
			o, n := r.o0+i, r.n0+i
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

// left returns what did not move as a whole, also of what changed on its way.
func (a *apart) left() (olds, news []*edit) {
	for _, p := range a.olds {
		if p.mark == removed {
			olds = append(olds, p)
		}
	}
	for _, p := range a.news {
		if p.mark == added {
			news = append(news, p)
		} else {
			inside := apart{shared: map[*edit]int{}}
			inside.gather(p.kids)
			for _, k := range inside.olds {
				a.within[k], a.shared[k] = p.move, -1 // at another place, whatever stands between
			}
			for _, k := range inside.news {
				a.within[k], a.shared[k] = p.move, -2
			}
			olds, news = append(olds, inside.olds...), append(news, inside.news...)
		}
	}
	return olds, news
}

// linkContainers finds the lists and the like in what was removed that are in
// what was added, such as a list that an item left behind when it moved.
func (c *comparison) linkContainers(a apart, gone, come []*edit) {
	type place struct {
		edit  *edit
		node  node
		order int // of its edit
	}
	at := map[uint64][]place{}
	for i, p := range come {
		walk(p.new, func(n node) bool {
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
		var last place // of the container right before
		walk(p.old, func(n node) bool {
			if n.Kind.Leaf() || n.Count < fewMoved {
				last.edit = nil
				return false
			}
			to := at[n.Read]
			if len(to) == 0 || !twins(n, to[0].node) {
				return true
			}
			olds, news := leaves(nil, n), leaves(nil, to[0].node)
			if _, linked := to[0].edit.otherPlace(news[0].Passage); linked || len(olds) != len(news) {
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
func walk(n node, visit func(n node) bool) {
	if !visit(n) {
		return
	}
	for _, k := range n.Kids {
		walk(node{n.of, k}, visit)
	}
}

// nextMove returns the number of the move of a passage: that of the one that it
// moved away with, or a new one.
func (c *comparison) nextMove(a apart, from *edit) int {
	if move := a.within[from]; move > 0 {
		return move
	}
	c.moves++
	return c.moves
}

// link notes that a passage of what was removed is one of what was added.
func link(from, into *edit, o, n node, move int) {
	from.elsewhere = append(from.elsewhere, elsewhere{o.Passage, move})
	into.elsewhere = append(into.elsewhere, elsewhere{n.Passage, move})
}

// leaves returns the passages with words in a node.
func leaves(out []node, n node) []node {
	if n.Kind.Leaf() {
		if n.Count > 0 {
			out = append(out, n)
		}
		return out
	}
	for _, k := range n.Kids {
		out = leaves(out, node{n.of, k})
	}
	return out
}

// likeMoves finds what moved and changed.
func (c *comparison) likeMoves(a apart, to map[*edit]*edit, taken map[*edit]bool) {
	var olds, news []node
	var from, into []*edit
	for _, p := range a.olds {
		if to[p] == nil && p.old.Count >= likeMoved && movable(p.old.Kind) {
			olds, from = append(olds, p.old), append(from, p)
		}
	}
	for _, p := range a.news {
		if !taken[p] && p.new.Count >= likeMoved && movable(p.new.Kind) {
			news, into = append(news, p.new), append(into, p)
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

// headingMoves lets a heading move with what stands under it.
func (c *comparison) headingMoves(ps []*edit, to map[*edit]*edit, taken map[*edit]bool) {
	under := map[*edit]*edit{} // the heading before what was added
	for i, p := range ps[:max(0, len(ps)-1)] {
		if p.mark == added && p.new.Kind == markdown.Heading {
			under[ps[i+1]] = p
		}
	}
	for i := len(ps) - 2; i >= 0; i-- {
		p := ps[i]
		if p.mark != removed || p.old.Kind != markdown.Heading || to[p] != nil {
			continue
		}
		next := i + 1
		for next < len(ps)-1 && ps[next].mark == added {
			next++
		}
		if h := under[to[ps[next]]]; h != nil && !taken[h] && (twins(p.old, h.new) || c.likeness(p.old, h.new) >= 0.5) {
			to[p], taken[h] = h, true
		}
	}
}

// soleHeadingMoves lets a heading move that each text has once, even where all that
// stood under it was written anew: it is the same clause.
func (c *comparison) soleHeadingMoves(a apart, to map[*edit]*edit, taken map[*edit]bool) {
	olds, news := c.soleHeadings()
	at := map[*markdown.Passage]*edit{}
	for _, p := range a.news {
		at[p.new.Passage] = p
	}
	for _, p := range a.olds {
		if to[p] != nil || !isHeading(p.old) || p.old.Count == 0 || olds[p.old.Read].Passage != p.old.Passage {
			continue
		}
		if q := at[news[p.old.Read].Passage]; q != nil && !taken[q] {
			to[p], taken[q] = q, true
		}
	}
}

// sole returns the headings that no other reads like, by what is read.
func sole(ns []node) map[uint64]node {
	out := map[uint64]node{}
	for _, n := range ns {
		if !isHeading(n) {
			continue
		}
		read := n.Read
		if _, twice := out[read]; twice {
			n = node{}
		}
		out[read] = n
	}
	return out
}

// applyMoves makes the moves that were found. What moved together has one number.
func (c *comparison) applyMoves(a apart, to map[*edit]*edit) {
	at := map[*edit]int{}
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
		inner := c.pair(p.old, q.new)
		p.mark, p.move, p.to = away, c.moves, q
		q.mark, q.move, q.old = here, c.moves, p.old
		q.kids, q.runs, q.alike = inner.kids, inner.runs, inner.alike
	}
}
