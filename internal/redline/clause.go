package redline

import (
	"slices"
	"strings"

	"github.com/privgen/privgen/internal/markdown"
	"znkr.io/diff"
)

// This file gathers edits into clauses, and says what happened to each.

func (p *edit) isHeading() bool {
	if p.new.none() {
		return p.old.Kind == markdown.Heading
	}
	return p.new.Kind == markdown.Heading
}

// inNew reports whether an edit is in the new text.
func (p *edit) inNew() bool { return p.mark != removed && p.mark != away }

// gather makes the clauses of a redline, and its extent and verdict.
func (r *Redline) gather() {
	r.levels()
	var c *Clause
	begin := func(i int) {
		c = &Clause{first: i, redline: r}
		r.groups = append(r.groups, c)
	}
	for i, p := range r.edits {
		switch {
		case c == nil, p.isHeading() && p.inNew(), p.isHeading() && r.standsAlone(i), c.gone() && p.inNew():
			begin(i)
		}
		c.last = i + 1
	}
	at := map[*edit]*Clause{}
	for _, c := range r.groups {
		c.name()
		c.judge()
		if p := r.edits[c.first]; p.isHeading() && p.inNew() {
			at[p] = c
		}
	}
	for _, c := range r.groups {
		if to := at[r.edits[c.first].to]; to != nil {
			to.take(c)
		} else {
			r.Clauses = append(r.Clauses, c)
		}
	}
	r.measure()
}

// take adds what stood at a clause's old place and was not taken along.
func (c *Clause) take(was *Clause) {
	c.was = was
	c.State |= was.State &^ TextChanged // which it has for what was taken along, too
	if was.WordsAdded+was.WordsRemoved > 0 {
		c.State |= TextChanged
	}
	c.WordsAdded, c.WordsRemoved = c.WordsAdded+was.WordsAdded, c.WordsRemoved+was.WordsRemoved
	c.WordsMoved, c.WordsRestructured = c.WordsMoved+was.WordsMoved, c.WordsRestructured+was.WordsRestructured
	c.Links, c.Images = c.Links+was.Links, c.Images+was.Images
	c.ListNumbers, c.Styles = c.ListNumbers+was.ListNumbers, c.Styles+was.Styles
}

// standsAlone reports whether a heading that is gone took all that stood under
// it with it. If not, what is left belongs to the clause before it.
func (r *Redline) standsAlone(i int) bool {
	for _, p := range r.edits[i+1:] {
		if p.isHeading() {
			return true
		}
		if p.inNew() {
			return false
		}
	}
	return true
}

// gone reports whether a clause is in the old text only.
func (c *Clause) gone() bool {
	p := c.redline.edits[c.first]
	return !p.inNew() && p.isHeading() && c.redline.standsAlone(c.first)
}

// name returns a clause its ids and titles.
func (c *Clause) name() {
	p := c.redline.edits[c.first]
	if p.isHeading() {
		if !p.old.none() {
			c.OldID, c.OldTitle = p.old.of.ID(p.old.Passage), title(p.old)
		}
		if !p.new.none() {
			c.ID, c.Title = p.new.of.ID(p.new.Passage), title(p.new)
		} else {
			c.ID, c.Title = c.OldID, c.OldTitle
		}
	}
}

func title(n node) string {
	var b strings.Builder
	plainWords(&b, n.Passage)
	return b.String()
}

// judge sets the state of a clause: what happened to it.
func (c *Clause) judge() {
	for i, p := range c.redline.edits[c.first:c.last] {
		heading := i == 0 && p.isHeading()
		c.count(p, heading)
		if !heading {
			continue
		}
		switch p.mark {
		case added:
			c.State |= Added
		case removed:
			c.State |= Removed
		case here:
			c.State |= Moved
		}
	}
	if c.WordsAdded+c.WordsRemoved > 0 && !c.State.Has(Added) && !c.State.Has(Removed) {
		c.State |= TextChanged
	}
}

// count adds what happened to an edit to its clause.
func (c *Clause) count(p *edit, heading bool) {
	e := &c.redline.Extent
	switch p.mark {
	case added:
		restructured, moved := p.wordsElsewhere()
		c.WordsAdded += p.new.Count - restructured - moved
		c.approximate(leaves(nil, p.new)...)
		e.WordsAfter += p.new.Count
		c.WordsRestructured += restructured
		c.WordsMoved += moved
		c.empty(p.new)
		c.noteRestructured(p)
		return
	case removed:
		restructured, moved := p.wordsElsewhere()
		c.WordsRemoved += p.old.Count - restructured - moved
		c.approximate(leaves(nil, p.old)...)
		e.WordsBefore += p.old.Count
		c.empty(p.old)
		c.noteRestructured(p)
		return
	case away:
		e.WordsBefore += p.old.Count
		c.approximate(leaves(nil, p.old)...)
		if !heading && !c.State.Has(Removed) {
			c.State |= TextChanged
		}
		return
	case here:
		e.WordsBefore -= p.old.Count // counted at its old place
		removed := c.WordsRemoved
		defer func() { c.WordsMoved += p.old.Count - (c.WordsRemoved - removed) - p.leftBehind() }()
		if !heading && !c.State.Has(Moved) && !c.State.Has(Added) {
			c.State |= TextChanged
		}
	}
	if p.merged != nil {
		for _, o := range p.olds {
			e.WordsBefore += o.Count
		}
		e.WordsAfter += p.new.Count
		styles, words := c.Styles, c.WordsAdded+c.WordsRemoved
		if c.countMerged(p.merged); c.Styles > styles || c.WordsAdded+c.WordsRemoved == words {
			c.State |= StyleChanged
			c.Styles = max(c.Styles, styles+1)
		}
		return
	}
	if !p.old.none() && p.old.element() != p.new.element() && !sameParagraph(p.old, p.new) {
		c.Styles++
		c.State |= StyleChanged
	}
	if p.alike || p.new.Kind.Leaf() || len(p.kids) == 0 {
		e.WordsAfter += p.new.Count
		e.WordsBefore += p.old.Count
	}
	if n := p.renumbered().count(); n > 0 {
		c.ListNumbers += n
		c.State |= TextChanged
	}
	for _, k := range p.kids {
		c.count(k, false)
	}
	for _, r := range p.runs {
		c.countRun(p, r, heading)
	}
}

// countMerged adds what happened to a merged passage.
func (c *Clause) countMerged(v *merged) {
	for _, g := range slices.Concat(v.gone, v.after) {
		c.WordsRemoved += g.Count
		c.State |= TextChanged
		c.approximate(g.node)
	}
	if v.inserted {
		c.WordsAdded += v.Count
		c.State |= TextChanged
		c.approximate(leaves(nil, v.node)...)
		return
	}
	for i := range v.events {
		e := &v.events[i]
		if !e.isCut() {
			c.countRun(&edit{old: e.old, new: v.node}, e.run, false)
		} else if e.join || e.reset {
			c.Styles++
		}
	}
	if v.split {
		c.Styles++
	}
	for _, k := range v.kids {
		c.countMerged(k)
	}
}

// noteRestructured notes what only has another structure, or moved.
func (c *Clause) noteRestructured(p *edit) {
	for _, e := range p.elsewhere {
		switch {
		case e.move > 0:
			c.State |= TextChanged
		case p.mark == added:
			c.Styles++
			fallthrough
		default:
			c.State |= StyleChanged
		}
	}
}

// empty notes what holds no words, and yet is there or is not.
func (c *Clause) empty(n node) {
	if n.Count == 0 {
		c.State |= TextChanged
	}
}

func (c *Clause) countRun(p *edit, r run, heading bool) {
	switch r.op {
	case numbered:
		c.State |= Renumbered
	case relinked:
		if isShownImage(&p.old.Words[r.o0]) && isShownImage(&p.new.Words[r.n0]) {
			c.Images++ // shown as words that lead to it
			c.State |= TextChanged
			return
		}
		c.Links++
		c.State |= LinksChanged
	case restyled:
		if (p.old.Kind == markdown.Code) != (p.new.Kind == markdown.Code) {
			return // the passage counts, and all of its words are so
		}
		c.Styles++
		c.State |= StyleChanged
	case respaced:
		c.State |= TextChanged
	case repictured:
		c.Images++
		c.State |= TextChanged
		if destOf(p.old, r.o0) != destOf(p.new, r.n0) {
			c.Links++
			c.State |= LinksChanged
		}
	case replaced:
		olds, news := p.old.Words[r.o0:r.o1], p.new.Words[r.n0:r.n1]
		c.redline.Extent.Approximate = c.redline.Extent.Approximate || unspaced(olds) || unspaced(news)
		kept := keptWords(olds, news)
		c.redline.kept += kept
		c.WordsRemoved += countWords(olds) - kept
		c.WordsAdded += countWords(news) - kept
		c.State |= TextChanged
		if heading {
			c.State |= Renamed
		}
	}
}

// approximate notes that words of passages are counted, if their script has no
// spaces.
func (c *Clause) approximate(leaves ...node) {
	e := &c.redline.Extent
	e.Approximate = e.Approximate || slices.ContainsFunc(leaves, func(n node) bool { return unspaced(n.Words) })
}

// unspaced reports whether some words are of a script without spaces.
func unspaced(ws []markdown.Word) bool {
	return slices.ContainsFunc(ws, func(w markdown.Word) bool { return markdown.Wide(w.Text) })
}

func countWords(ws []markdown.Word) int {
	n := 0
	for i := range ws {
		if ws[i].Kind == markdown.Plain || ws[i].Kind == markdown.Image {
			n++
		}
	}
	return n
}

// keptWords returns how many words are on both sides of a replacement, in the
// same order: they are marked, but did not change.
func keptWords(olds, news []markdown.Word) int {
	if len(olds) == 0 || len(news) == 0 {
		return 0
	}
	kept := 0
	for _, r := range diffKeys(countedWords(olds), countedWords(news), 0, 0, diff.Minimal()) {
		if r.op == equal {
			kept += r.o1 - r.o0
		}
	}
	return kept
}

// countedWords returns the sums of the words that countWords counts.
func countedWords(ws []markdown.Word) []uint64 {
	out := make([]uint64, 0, len(ws))
	for i := range ws {
		if ws[i].Kind == markdown.Plain || ws[i].Kind == markdown.Image {
			out = append(out, ws[i].Sum)
		}
	}
	return out
}

// sameParagraph reports whether two passages differ at most in whether their
// words have a separate paragraph, as in the items of a loose list. Readers do not
// see that difference.
func sameParagraph(a, b node) bool {
	return a.Kind <= markdown.Paragraph && b.Kind <= markdown.Paragraph
}

// measure makes the extent of the whole of those of the clauses.
func (r *Redline) measure() {
	e := &r.Extent
	all := State(0)
	for _, c := range r.Clauses {
		all |= c.State
		e.WordsAdded += c.WordsAdded
		e.WordsRemoved += c.WordsRemoved
		e.WordsMoved += c.WordsMoved
		e.WordsRestructured += c.WordsRestructured
		e.Links += c.Links
		e.Images += c.Images
		e.Styles += c.Styles
		e.ListNumbers += c.ListNumbers
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
	switch {
	case r.Verdict >= Rewritten: // found when the texts were aligned
	case all&^(LinksChanged|StyleChanged) != 0:
		r.Verdict = Changed
	case all.Has(StyleChanged):
		r.Verdict = Restyled
	case all.Has(LinksChanged):
		r.Verdict = Relinked
	case !markdown.Same(r.before, r.after):
		r.Verdict = Rewrapped
	}
}
