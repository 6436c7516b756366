package redline

import "github.com/privgen/privgen/internal/markdown"

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
	likeMoved = 8   // words from which one that changed on the way did
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
	c.carry(a, to)
	return ps
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
		p.mark, p.move = away, c.moves
		q.mark, q.move, q.old = here, c.moves, p.old
		q.kids, q.runs, q.alike = inner.kids, inner.runs, inner.alike
	}
}
