package redline

import (
	"slices"

	"github.com/privgen/privgen/internal/markdown"
)

// This file finds renamed headings, and the level at which a deleted heading is shown.

// A headingPair is a deleted heading and an inserted one.
type headingPair struct{ o, n *Edit }

// renames pairs deleted and inserted headings that are over the same text or have the
// same id: the clause was renamed. The text is the same if its words are more than half
// of the words under either heading.
func (c *comparison) renames(ps []*Edit) []*Edit {
	var o, n *Edit                  // the headings that an edit is under
	shared := map[headingPair]int{} // the words of both texts under the pair
	var found []headingPair
	olds, news := map[*Edit]int{}, map[*Edit]int{}
	ids := map[string]*Edit{}
	for _, p := range ps {
		was, is := p.sides()
		if slices.ContainsFunc(was, isHeading) {
			o = p
		} else {
			olds[o] += count(was)
		}
		if slices.ContainsFunc(is, isHeading) {
			n = p
		} else {
			news[n] += count(is)
		}
		switch {
		case p.Mark == Both && o != nil && n != nil && o.Mark == Deleted && n.Mark == Inserted:
			h := headingPair{o, n}
			if shared[h] == 0 {
				found = append(found, h)
			}
			shared[h] += min(count(was), count(is))
		case p.Mark == Deleted && o == p:
			ids[p.Old.Of.ID(p.Old.Passage)] = p
		}
	}
	found = slices.DeleteFunc(found, func(h headingPair) bool {
		return 2*shared[h] <= olds[h.o] || 2*shared[h] <= news[h.n]
	})
	for _, p := range ps {
		if p.Mark != Inserted || !isHeading(p.New) {
			continue
		}
		if id := p.New.Of.ID(p.New.Passage); id != "" && ids[id] != nil {
			found = append(found, headingPair{ids[id], p})
		}
	}
	for _, h := range found {
		c.rename(ps, h)
	}
	return slices.DeleteFunc(ps, func(p *Edit) bool { return p == nil })
}

func isHeading(n Node) bool { return n.Kind == markdown.Heading }

// sides returns the passages of an edit in each text.
func (p *Edit) sides() (olds, news []Node) {
	switch {
	case p.Merged != nil:
		return p.olds, []Node{p.New}
	case p.Mark == Inserted:
		return nil, []Node{p.New}
	case p.Mark == Deleted:
		return []Node{p.Old}, nil
	}
	return []Node{p.Old}, []Node{p.New}
}

func count(ns []Node) int {
	n := 0
	for _, x := range ns {
		n += x.Count
	}
	return n
}

// rename joins two headings into one edit, unless a passage of both texts is between
// them. It sets the slots of ps that become free to nil.
func (c *comparison) rename(ps []*Edit, h headingPair) {
	i, j := slices.Index(ps, h.o), slices.Index(ps, h.n)
	if i < 0 || j < 0 {
		return // already paired
	}
	first, last := min(i, j), max(i, j)
	between := make([]*Edit, 0, last-first)
	var behind []*Edit // the edits on the side of the first heading
	for _, p := range ps[first+1 : last] {
		switch {
		case p == nil:
		case p.Mark == Both:
			return
		case p.Mark == ps[first].Mark:
			behind = append(behind, p)
		default:
			between = append(between, p)
		}
	}
	between = append(between, c.pair(h.o.Old, h.n.New))
	clear(ps[first : last+1])
	copy(ps[first:], append(between, behind...))
}

// levels sets the levels of all headings. It changes the level of a deleted heading if
// there would be a skipped level, because the headings around it may have changed theirs.
func (r *Redline) levels() {
	var heads []*Edit
	for _, p := range r.Edits {
		if p.IsHeading() {
			p.Level = p.Shown().Level()
			heads = append(heads, p)
		}
	}
	next := 0
	for _, p := range slices.Backward(heads) {
		if !p.InNew() {
			p.Level = max(p.Level, next-1)
		}
		next = p.Level
	}
	last := 1 // the page's title
	for _, p := range heads {
		if !p.InNew() {
			p.Level = min(p.Level, last+1)
		}
		last = p.Level
	}
}
