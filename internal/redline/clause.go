package redline

import (
	"bytes"
	"cmp"
	"slices"

	"znkr.io/diff"

	"github.com/privgen/privgen/internal/lang"
	"github.com/privgen/privgen/internal/markdown"
)

// This file groups edits by clause, and counts what happened to each clause.

// gather sets the clauses of a redline, its extent, and its verdict.
func (r *Redline) gather() {
	r.levels()
	var c *Clause
	begin := func(i int) {
		c = &Clause{First: i, redline: r}
		r.Groups = append(r.Groups, c)
	}
	for i, p := range r.Edits {
		switch {
		case c == nil, p.IsHeading() && p.InNew(), p.IsHeading() && r.standsAlone(i), c.gone() && p.InNew():
			begin(i)
		}
		c.Last = i + 1
	}
	r.findNotes()
	at := map[*Edit]*Clause{}
	for _, c := range r.Groups {
		c.name()
		c.judge()
	}
	for _, c := range r.Groups {
		if c.WordsAdded+c.WordsRemoved > 0 && !c.State.Has(Added) && !c.State.Has(Removed) {
			c.State |= TextChanged
		}
		if p := r.Edits[c.First]; p.IsHeading() && p.InNew() {
			at[p] = c
		}
	}
	for _, c := range r.Groups {
		if to := at[r.Edits[c.First].to]; to != nil {
			to.take(c)
		} else {
			r.Clauses = append(r.Clauses, c)
		}
	}
	r.measure()
}

// take adds the removed text at a clause's old place that did not move with it.
func (c *Clause) take(was *Clause) {
	c.was = was
	c.State |= was.State &^ TextChanged // it is also set for text that moved along
	if was.WordsAdded+was.WordsRemoved > 0 {
		c.State |= TextChanged
	}
	c.Counts.add(was.Counts)
}

// standsAlone reports whether no text under a removed heading is left. If some is, it
// belongs to the clause before the heading now.
func (r *Redline) standsAlone(i int) bool {
	for _, p := range r.Edits[i+1:] {
		if p.IsHeading() {
			return true
		}
		if p.InNew() {
			return false
		}
	}
	return true
}

// gone reports whether only the old text has the clause.
func (c *Clause) gone() bool {
	p := c.redline.Edits[c.First]
	return !p.InNew() && p.IsHeading() && c.redline.standsAlone(c.First)
}

// name sets the ids and titles of a clause.
func (c *Clause) name() {
	p := c.redline.Edits[c.First]
	if p.IsHeading() {
		if !p.Old.none() {
			c.OldID, c.OldTitle = p.Old.Of.ID(p.Old.Passage), p.Old.Title()
		}
		switch {
		case p.New.none():
			c.ID, c.Title = c.OldID, c.OldTitle
		case p.New.Passage == p.Old.Passage:
			c.ID, c.Title = p.New.Of.ID(p.New.Passage), c.OldTitle
		default:
			c.ID, c.Title = p.New.Of.ID(p.New.Passage), p.New.Title()
		}
	}
}

// judge sets the state and the counts of a clause.
func (c *Clause) judge() {
	for i, p := range c.redline.Edits[c.First:c.Last] {
		heading := i == 0 && p.IsHeading()
		c.count(p, heading)
		if !heading {
			continue
		}
		switch p.Mark {
		case Inserted:
			c.State |= Added
		case Deleted:
			c.State |= Removed
		case MovedHere:
			c.State |= Moved
		}
	}
}

// count adds an edit to the state and the counts of its clause. For a footnote, this is
// the clause that refers to it.
func (c *Clause) count(p *Edit, heading bool) {
	e := &c.redline.Extent
	c = cmp.Or(c.redline.Refers(p.Shown().Passage), c)
	if (p.Mark == Inserted || p.Mark == Deleted) && p.Shown().IsNotes() {
		c.countNotes(p, p.Shown())
		return
	}
	switch p.Mark {
	case Inserted, Deleted:
		c.countWhole(p)
		return
	case MovedAway:
		e.WordsBefore += p.Old.Count
		c.approximate(p.Old.Passage)
		if !heading && !c.State.Has(Removed) {
			c.State |= TextChanged
		}
		return
	case MovedHere:
		e.WordsBefore -= p.Old.Count // counted at its old place
		removed := c.WordsRemoved
		defer func() { c.WordsMoved += p.Old.Count - (c.WordsRemoved - removed) - p.leftBehind() }()
		if !heading && !c.State.Has(Moved) && !c.State.Has(Added) {
			c.State |= TextChanged
		}
	}
	if p.Merged != nil {
		for _, o := range p.olds {
			e.WordsBefore += o.Count
		}
		e.WordsAfter += p.New.Count
		styles, words := c.Styles, c.WordsAdded+c.WordsRemoved
		if c.countMerged(p.Merged); c.Styles > styles || c.WordsAdded+c.WordsRemoved == words {
			c.State |= StyleChanged
			c.Styles = max(c.Styles, styles+1)
		}
		return
	}
	if !p.Old.none() && p.Restructured() {
		c.Styles++
		c.State |= StyleChanged
	}
	if p.Alike || p.New.Kind.Leaf() || len(p.Kids) == 0 {
		e.WordsAfter += p.New.Count
		e.WordsBefore += p.Old.Count
	}
	if n := p.renumbered().count(); n > 0 {
		c.ListNumbers += n
		c.State |= TextChanged
	}
	for _, k := range p.Kids {
		c.count(k, false)
	}
	for _, r := range p.Runs {
		c.countRun(p, r, heading)
	}
}

// countMerged counts a merged passage.
func (c *Clause) countMerged(v *Merged) {
	for _, g := range slices.Concat(v.Gone, v.After) {
		c.WordsRemoved += g.Count
		c.State |= TextChanged
		c.approximate(g.Passage)
	}
	if v.Inserted {
		c.WordsAdded += v.Count
		c.State |= TextChanged
		c.approximate(v.Passage)
		return
	}
	for i := range v.Events {
		e := &v.Events[i]
		if !e.IsCut() {
			c.countRun(&Edit{Old: e.Old, New: v.Node}, e.Run, false)
		} else if e.Join || e.Reset {
			c.Styles++
		}
	}
	if v.Split {
		c.Styles++
	}
	for _, k := range v.Kids {
		c.countMerged(k)
	}
}

// countWhole counts a passage that is in one text only. Words that moved or were
// restructured do not count as added or removed.
func (c *Clause) countWhole(p *Edit) {
	n, e := p.Shown(), &c.redline.Extent
	restructured, moved := p.wordsElsewhere()
	if p.Mark == Inserted {
		c.WordsAdded += n.Count - restructured - moved
		e.WordsAfter += n.Count
		c.WordsRestructured += restructured
		c.WordsMoved += moved
	} else {
		c.WordsRemoved += n.Count - restructured - moved
		e.WordsBefore += n.Count
	}
	c.approximate(n.Passage)
	if n.Count == 0 { // a passage without words, such as a thematic break
		c.State |= TextChanged
	}
	for _, x := range p.elsewhere {
		if x.move > 0 {
			c.State |= TextChanged
			continue
		}
		c.State |= StyleChanged
		if p.Mark == Inserted {
			c.Styles++
		}
	}
}

func (c *Clause) countRun(p *Edit, r Run, heading bool) {
	switch r.Op {
	case OpNumber:
		c.State |= Renumbered
	case OpLink:
		if p.Old.IsImage(r.O0) && p.New.IsImage(r.N0) {
			c.Images++ // shown as a link to its file
			c.State |= TextChanged
			return
		}
		c.Links++
		c.State |= LinksChanged
	case OpMarkup:
		if (p.Old.Kind == markdown.Code) != (p.New.Kind == markdown.Code) {
			return // count has counted the passage, and all of its words changed alike
		}
		c.Styles++
		c.State |= StyleChanged
	case OpSpace:
		c.State |= TextChanged
	case OpImage:
		c.Images++
		c.State |= TextChanged
		if p.Old.Dest(r.O0) != p.New.Dest(r.N0) {
			c.Links++
			c.State |= LinksChanged
		}
	case OpReplace:
		if r.Hidden(p.Old, p.New) && r.Cosmetic(p.Old, p.New) {
			c.Styles++
			c.State |= TextChanged
			return
		}
		olds, news := p.Old.Words[r.O0:r.O1], p.New.Words[r.N0:r.N1]
		c.redline.Extent.Approximate = c.redline.Extent.Approximate || unspaced(olds) || unspaced(news)
		kept := keptWords(olds, news)
		c.redline.Kept += kept
		c.WordsRemoved += countWords(olds) - kept
		c.WordsAdded += countWords(news) - kept
		c.State |= TextChanged
		if heading {
			c.State |= Renamed
		}
	}
}

// approximate sets Extent.Approximate if a counted passage has words of a script without spaces.
func (c *Clause) approximate(p *markdown.Passage) {
	e := &c.redline.Extent
	e.Approximate = e.Approximate || p.Count > 0 && unspaced(p.Words)
	for _, k := range p.Kids {
		c.approximate(k)
	}
}

// unspaced reports whether any of the words is of a script without spaces.
func unspaced(ws []markdown.Word) bool {
	return slices.ContainsFunc(ws, func(w markdown.Word) bool { return lang.SpacelessWord(w.Text) })
}

// countWords returns how many words there are without punctuation, line breaks, and notes.
func countWords(ws []markdown.Word) int {
	n := 0
	for i := range ws {
		if ws[i].Kind == markdown.Plain || ws[i].Kind == markdown.Image {
			n++
		}
	}
	return n
}

// keptWords returns how many words both sides of a replacement have in the same order: the
// length of a longest common subsequence. They are marked, but did not change.
func keptWords(olds, news []markdown.Word) int {
	if len(olds) == 0 || len(news) == 0 {
		return 0
	}
	kept := 0
	for _, r := range diffKeys(appendSums(nil, olds), appendSums(nil, news), 0, 0, diff.Minimal()) {
		if r.Op == OpEqual {
			kept += r.O1 - r.O0
		}
	}
	return kept
}

// appendSums appends the hashes of the words that countWords counts.
func appendSums(out []uint64, ws []markdown.Word) []uint64 {
	out = slices.Grow(out, len(ws))
	for i := range ws {
		if ws[i].Kind == markdown.Plain || ws[i].Kind == markdown.Image {
			out = append(out, ws[i].Sum)
		}
	}
	return out
}

// measure sets the extent and the verdict from the clauses.
func (r *Redline) measure() {
	e := &r.Extent
	all := State(0)
	for _, c := range r.Clauses {
		all |= c.State
		e.Counts.add(c.Counts)
		switch {
		case c.State.Has(Added):
			e.ClausesAdded++
			continue
		case c.State.Has(Removed):
			e.ClausesRemoved++
			continue
		case c.State.Has(Moved):
			e.ClausesMoved++
		}
		if c.State&(TextChanged|Renamed|LinksChanged|StyleChanged) != 0 {
			e.ClausesChanged++
		}
	}
	if e.WordsAdded+e.WordsRemoved+e.WordsMoved == 0 && !bytes.Equal(r.Before.Markdown(), r.After.Markdown()) {
		e.Hidden = r.After.HiddenChanges(r.Before)
	}
	switch {
	case r.Verdict >= Rewritten: // found when the texts were aligned
	case all&^(LinksChanged|StyleChanged) != 0:
		r.Verdict = Changed
	case all.Has(StyleChanged):
		r.Verdict = Restyled
	case all.Has(LinksChanged):
		r.Verdict = Relinked
	case !markdown.Same(r.Before, r.After):
		r.Verdict = Rewrapped
	}
}
