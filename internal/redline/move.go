package redline

import (
	"github.com/privgen/privgen/internal/markdown"
	"znkr.io/diff"
)

// This file finds what moved: of all that stands on one side only, what stands
// on the other side too, at another place.

// apart are the passages that stand on one side only, in order.
type apart struct{ olds, news []*piece }

func (a *apart) gather(ps []*piece) {
	for _, p := range ps {
		switch p.mark {
		case removed:
			a.olds = append(a.olds, p)
		case added:
			a.news = append(a.news, p)
		case both:
			a.gather(p.kids)
		}
	}
}

const (
	fewMoved  = 6    // words from which a passage that reads the same at two places moved
	likeMoved = 8    // words from which one that changed on the way did
	fewReset  = 3    // words from which a passage in another structure is the same one
	sameMoved = 0.72 // how like it has to be then
)

func movable(k markdown.Kind) bool { return k != markdown.Cell && k != markdown.Rows }

// findMoves turns removed and added pieces into moves.
func (c *comparison) findMoves(ps []*piece) []*piece {
	var a apart
	a.gather(ps)
	if len(a.olds) == 0 || len(a.news) == 0 {
		return ps
	}
	to := map[*piece]*piece{} // from an old place to the new one
	byRead := map[uint64][]*piece{}
	for _, p := range a.news {
		byRead[p.new.Read] = append(byRead[p.new.Read], p)
	}
	taken := map[*piece]bool{}
	for _, p := range a.olds {
		if at := byRead[p.old.Read]; len(at) > 0 && p.old.Count >= fewMoved && movable(p.old.Kind) && twins(p.old, at[0].new) {
			to[p], taken[at[0]] = at[0], true
			byRead[p.old.Read] = at[1:]
		}
	}
	if !c.anchors {
		c.likeMoves(a, to, taken)
	}
	c.headingMoves(ps, to, taken)
	if !c.anchors {
		c.soleHeadings(a, to, taken)
	}
	c.carry(a, to)
	c.findReset(a)
	return ps
}

// findReset finds the words that stand on both sides in the same order, but set
// in another structure: paragraphs that became items of a list, a list within
// another. They are marked, for there is no other way to show both, but they
// are no words added or removed.
func (c *comparison) findReset(a apart) {
	var olds, news []node
	var from, into []*piece
	for _, p := range a.olds {
		if p.mark == removed {
			olds = leaves(olds, p.old)
			for len(from) < len(olds) {
				from = append(from, p)
			}
		}
	}
	for _, p := range a.news {
		if p.mark == added {
			news = leaves(news, p.new)
			for len(into) < len(news) {
				into = append(into, p)
			}
		}
	}
	if len(olds) == 0 || len(news) == 0 {
		return
	}
	o, n := 0, 0
	for _, e := range diff.Edits(reads(olds), reads(news)) {
		switch e.Op {
		case diff.Delete:
			o++
		case diff.Insert:
			n++
		case diff.Match:
			if olds[o].Count < fewReset {
				o, n = o+1, n+1
				continue
			}
			from[o].reset = append(from[o].reset, olds[o].Passage)
			into[n].reset = append(into[n].reset, news[n].Passage)
			o, n = o+1, n+1
		}
	}
}

// leaves gives the passages with words in a node.
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

// resetWords gives how many words of a piece are only set otherwise.
func (p *piece) resetWords() int {
	n := 0
	for _, r := range p.reset {
		n += r.Count
	}
	return n
}

// likeMoves finds what moved and changed.
func (c *comparison) likeMoves(a apart, to map[*piece]*piece, taken map[*piece]bool) {
	var olds, news []node
	var from, into []*piece
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
		if to[from[i]] == nil && !taken[into[j]] && c.fit(olds[i], news[j]) == 1 && c.likeness(olds[i], news[j]) >= sameMoved {
			to[from[i]], taken[into[j]] = into[j], true
		}
	})
}

// headingMoves lets a heading move with what stands under it.
func (c *comparison) headingMoves(ps []*piece, to map[*piece]*piece, taken map[*piece]bool) {
	under := map[*piece]*piece{} // the heading before what was added
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

// soleHeadings lets a heading move that each text has once, even where all that
// stood under it was written anew: it is the same clause.
func (c *comparison) soleHeadings(a apart, to map[*piece]*piece, taken map[*piece]bool) {
	olds, news := sole(c.before), sole(c.after)
	at := map[*markdown.Passage]*piece{}
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

// sole gives the headings that no other reads like, by what is read.
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

// carry makes the moves that were found. What moved together has one number.
func (c *comparison) carry(a apart, to map[*piece]*piece) {
	at := map[*piece]int{}
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
