package redline

import (
	"slices"

	"github.com/privgen/privgen/internal/markdown"
)

// This file looks after headings: which of those that are gone and that have come
// are one with other words, and which level one that is gone is shown with.

// A headingPair is two headings of which one is gone and the other has come.
type headingPair struct{ o, n *edit }

// renames pairs headings that are not alike, but stand over the same text or
// have the same id: the clause was renamed.
func (c *comparison) renames(ps []*edit) []*edit {
	var o, n *edit // the headings that an edit stands under
	shared := map[headingPair]int{}
	var found []headingPair
	olds, news := map[*edit]int{}, map[*edit]int{}
	ids := map[string]*edit{}
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
		case p.mark == both && o != nil && n != nil && o.mark == removed && n.mark == added:
			h := headingPair{o, n}
			if shared[h] == 0 {
				found = append(found, h)
			}
			shared[h] += min(count(was), count(is))
		case p.mark == removed && o == p:
			ids[p.old.of.ID(p.old.Passage)] = p
		}
	}
	found = slices.DeleteFunc(found, func(h headingPair) bool {
		return 2*shared[h] <= olds[h.o] || 2*shared[h] <= news[h.n]
	})
	for _, p := range ps {
		if p.mark != added || !isHeading(p.new) {
			continue
		}
		if id := p.new.of.ID(p.new.Passage); id != "" && ids[id] != nil {
			found = append(found, headingPair{ids[id], p})
		}
	}
	for _, h := range found {
		c.rename(ps, h)
	}
	return slices.DeleteFunc(ps, func(p *edit) bool { return p == nil })
}

func isHeading(n node) bool { return n.Kind == markdown.Heading }

// sides returns the passages of either text in an edit.
func (p *edit) sides() (olds, news []node) {
	switch {
	case p.merged != nil:
		return p.olds, []node{p.new}
	case p.mark == added:
		return nil, []node{p.new}
	case p.mark == removed:
		return []node{p.old}, nil
	}
	return []node{p.old}, []node{p.new}
}

func count(ns []node) int {
	n := 0
	for _, x := range ns {
		n += x.Count
	}
	return n
}

// rename makes one edit of two headings, where nothing stands between them that
// is in both texts. One of the two places is left empty.
func (c *comparison) rename(ps []*edit, h headingPair) {
	i, j := slices.Index(ps, h.o), slices.Index(ps, h.n)
	if i < 0 || j < 0 {
		return // paired with another
	}
	first, last := min(i, j), max(i, j)
	between := make([]*edit, 0, last-first)
	var behind []*edit // what follows the heading that stood first, on its side
	for _, p := range ps[first+1 : last] {
		switch {
		case p == nil:
		case p.mark == both:
			return
		case p.mark == ps[first].mark:
			behind = append(behind, p)
		default:
			between = append(between, p)
		}
	}
	between = append(between, c.pair(h.o.old, h.n.new))
	clear(ps[first : last+1])
	copy(ps[first:], append(between, behind...))
}

// levels returns headings that are gone a level at which none is skipped: those
// around them may have another now.
func (r *Redline) levels() {
	var heads []*edit
	for _, p := range r.edits {
		if p.isHeading() {
			p.level = level(p.shownNode())
			heads = append(heads, p)
		}
	}
	next := 0
	for _, p := range slices.Backward(heads) {
		if !p.inNew() {
			p.level = max(p.level, next-1)
		}
		next = p.level
	}
	last := 1 // the page's title
	for _, p := range heads {
		if !p.inNew() {
			p.level = min(p.level, last+1)
		}
		last = p.level
	}
}

func level(n node) int {
	if name := n.element(); len(name) == 2 && name[0] == 'h' {
		return int(name[1] - '0')
	}
	return 1
}

// shownNode returns the passage that an edit is shown as.
func (p *edit) shownNode() node {
	if p.inNew() {
		return p.new
	}
	return p.old
}

// visible reports for each clause whether its heading is shown: clauses that are
// not folded, and all clauses that contain them.
func (r *Redline) visible() []bool {
	out := make([]bool, len(r.groups))
	below, belowNew := 0, 0 // the levels of the next visible headings; of the next in the new text
	for i, c := range slices.Backward(r.groups) {
		out[i] = !c.folds()
		p := r.edits[c.first]
		if !p.isHeading() {
			continue
		}
		if out[i] = out[i] || p.level < below || p.level < belowNew; !out[i] {
			continue
		}
		if below = p.level; p.inNew() {
			belowNew = p.level
		}
	}
	return out
}
