package redline

import (
	"cmp"
	"strings"

	"github.com/privgen/privgen/internal/markdown"
)

// This file assigns footnotes to the clauses that refer to them. Footnotes are at the end
// of the text, but a changed footnote is a change of the clause that it explains.

// Refers returns the first clause that refers to a footnote, which is an item at the end
// of one of the texts. It returns nil for all other passages.
func (r *Redline) Refers(item *markdown.Passage) *Clause { return r.notes[item] }

// IsNotes reports whether a node contains the footnotes of a text.
func (n Node) IsNotes() bool {
	return n.Kind == markdown.Box && strings.Contains(n.Attr, "doc-endnotes")
}

// findNotes finds the clauses that refer to footnotes, if any footnote changed.
func (r *Redline) findNotes() {
	for _, p := range r.Edits {
		if p.Merged != nil || p.Alike || !p.Shown().IsNotes() {
			continue
		}
		if r.notes == nil {
			r.notes = map[*markdown.Passage]*Clause{}
		}
		if !p.Old.none() {
			r.refer(p.Old, func(q *Edit) []Node { olds, _ := q.sides(); return olds })
		}
		if !p.New.none() {
			r.refer(p.New, func(q *Edit) []Node { _, news := q.sides(); return news })
		}
	}
}

// refer adds the first clause that refers to each footnote of one text to r.notes.
func (r *Redline) refer(notes Node, side func(*Edit) []Node) {
	first := map[string]*Clause{} // by the link to the footnote
	for _, c := range r.Groups {
		for _, p := range r.Edits[c.First:c.Last] {
			for _, n := range side(p) {
				if n.none() {
					continue // it moved away
				}
				walk(n, func(n Node) bool {
					for i := range n.Words {
						if link := n.Words[i].Markup.Link(); n.Words[i].Kind == markdown.Note && link != nil {
							first[link.Dest] = cmp.Or(first[link.Dest], c)
						}
					}
					return true
				})
			}
		}
	}
	walk(notes, func(n Node) bool {
		if n.Kind == markdown.Item {
			if c := first["#"+n.Of.ID(n.Passage)]; c != nil {
				r.notes[n.Passage] = c
			}
		}
		return n.Kind != markdown.Item
	})
}

// countNotes counts footnotes that were added or removed all at once, each for the clause
// that refers to it.
func (c *Clause) countNotes(p *Edit, n Node) {
	for _, list := range n.Kids {
		for _, item := range list.Kids {
			one := &Edit{Mark: p.Mark, columns: p.columns}
			if p.InNew() {
				one.New = n.In(item)
			} else {
				one.Old = n.In(item)
			}
			walk(n.In(item), func(n Node) bool {
				for _, e := range p.elsewhere {
					if e.Passage == n.Passage {
						one.elsewhere = append(one.elsewhere, e)
					}
				}
				return true
			})
			c.count(one, false)
		}
	}
}
