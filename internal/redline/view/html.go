// Package view shows redlines as a lawyer would mark them: the new text, with deletions
// struck through and additions underlined, and with words for screen readers. HTML is for
// pages, Text for a terminal or a log, and a Report for programs.
//
// Its two fundamental types are RenderOptions, the texts and URLs that differ between
// pages, and Change, an entry of the list of changes.
//
// # The laws
//
// In the HTML of a redline:
//
//   - Without every ins and every element with data-mark="ins", the old text is left.
//     Without every del and every element with data-mark="del", the new text is left:
//     words, targets of links, and structure. Elements with data-added belong to neither.
//   - Text that is equal in both is not marked. The exceptions are a few words between two
//     changes, and words that moved or were restructured.
//   - Paragraphs are part of the structure: two consecutive paragraphs stay two paragraphs
//     in the text that is left.
//   - An ins or del is inside a paragraph, a list item, or a cell, never between them.
//     Nothing in a del has an id or is a link.
//
// A space before changed words is before their mark, or in a mark of the class "space" if
// only one text has it. data-say and data-said have the words for screen readers, and
// data-sign or the style sheet has the signs for invisible characters, so no copy of the
// text contains them.
//
// Unchanged text is in elements with data-kept, after a checkbox that shows it. Or it is
// omitted, and an element with data-gap is in its place. Each change has an id, on an
// element of the class "step" before it, with links to its neighbors.
//
// # Attributes for the old text
//
//   - data-was on an element: its old element (h2, ol)
//   - data-numbers-was on an ordered list: the old numbers of its items
//   - data-href-was around words: their old link target, empty if they had none
//   - data-href on a link inside a del: its target
//   - data-markup-was around words: the inline elements that they were in
//   - data-src-was around the words of an image in a link: the file of the old image.
//     Elsewhere, an image with another file is a replaced word.
//
// # Divided and joined paragraphs
//
// If a paragraph was divided, two were joined, or paragraphs became the items of a list,
// only the division is marked, and not the words. An element with data-anew belongs only to
// the structure of the new text: for the old text, ignore its tags and keep its words. An
// element with data-cut is where the old text was divided. It names the elements that ended
// there, each with a slash, and those that began ("/p ul li"). Elements of the class "break"
// have a pilcrow that is in neither text: a del if the two parts are one passage now, an ins
// if one passage became two, and a span if the words after it have another structure now.
//
// # Numbers and moves
//
// A del and an ins with data-number have the number of a heading: a new number is shown,
// but is no change of the text. Moved words have data-moved, with the same number at their
// old place, in a del, and at their new place, in an ins. Inside that ins, an inner ins and
// del mark what else changed. Words that have another structure at another place are in a
// del and an ins of the class "reset".
package view

import (
	"strconv"
	"strings"

	"github.com/privgen/privgen/internal/markdown"
	"github.com/privgen/privgen/internal/redline"
)

// RenderOptions is what differs between the pages that show a redline: the options of the
// new text, and the program's own words.
type RenderOptions struct {
	markdown.RenderOptions

	// Before returns the URLs for links of the old text, as Address does for those of
	// the new one. If it is nil, Address is used for both.
	Before func(dest string) (string, bool)

	// The texts for screen readers at the marks, without spaces around them.
	Insertion, InsertionEnd   string
	Deletion, DeletionEnd     string
	MovedHere, MovedHereEnd   string
	MovedAway, MovedAwayEnd   string
	LinkChanged, StyleChanged string // after the words with the change

	// Moved is the label that a style sheet shows before moved words. At their old place,
	// it has an arrow and the title of the clause at the new place.
	Moved string

	// The plain text of the links from each change to the previous and the next one.
	// If NextChange is empty, there are no such links.
	PreviousChange, NextChange string

	// Unchanged is the label of collapsed text, in which no words changed. If it is
	// empty, no text is collapsed. Beginning is the name of the text before the first
	// heading.
	Unchanged, Beginning string

	// Permalink is the URL of the page with the whole new text. If it is not empty,
	// text that would be collapsed is omitted: an element with data-gap, with links to
	// that page's clauses, is in its place. Fragment returns the fragment of a URL for
	// the id of a clause.
	Permalink string
	Fragment  func(id string) string

	// Change is called with each change as it is written. Nil means that changes
	// have no ids.
	Change func(Change)
}

// HTML appends a redline to dst: the new text as markdown.Body.HTML renders it, with the
// marks that the package comment describes. The second result is the offset in dst after
// the title of the new text, or the original len(dst) if it has none. A removed title
// may be before it.
func HTML(dst []byte, r *redline.Redline, s *RenderOptions) ([]byte, int) {
	set := *s
	w := &writer{dst: dst, s: &set, old: s.RenderOptions, ids: map[string]bool{}}
	w.changes.give = s.Change
	if s.Before != nil {
		w.old.Address = s.Before
	}
	b := &blocks{r: r, w: w, title: len(dst)}
	if s.Unchanged == "" {
		for _, c := range r.Groups {
			b.begins(c)
			b.top(c.First, c.Last)
		}
	} else {
		b.folded(r)
	}
	w.changes.finish()
	b.completeLinks()
	if s.Permalink != "" {
		b.leadOut()
	}
	return w.dst, b.title
}

// begins starts a clause in the list of changes.
func (b *blocks) begins(c *redline.Clause) {
	b.clause = c
	b.w.s.Table = b.w.old.Table
	if t := strings.TrimSpace(c.Title); t != "" {
		b.w.s.Table += ": " + t
	}
	b.w.changes.begins(c)
}

// blocks writes the blocks of a redline. Its writer writes their words.
type blocks struct {
	r *redline.Redline
	w *writer

	clause *redline.Clause

	move  int    // the number of the move at whose new place the passages are
	kept  bool   // the next passage is collapsed
	value string // the number of the next list item, if items before it are omitted
	title int    // the offset after the title
	body  bool   // a block after the title was written

	numbers   string        // the changed numbers of list items, old and new
	numbersAt *redline.Edit // the first of these items, until it is written
}

// top writes the edits [from,to) of the redline. It puts deleted blocks and the inserted
// ones after them in one element, so that a wide page can show both side by side.
func (b *blocks) top(from, to int) {
	edits := b.r.Edits
	for i := from; i < to; {
		n := 0 // deleted blocks, and then the inserted ones after them
		for i+n < to && edits[i+n].Mark == redline.Deleted && isBlock(edits[i+n]) {
			n++
		}
		gone := n
		for n > 0 && i+n < to && edits[i+n].Mark == redline.Inserted && isBlock(edits[i+n]) {
			n++
		}
		sides := n > gone && b.w.changes.give != nil
		if n = max(n, 1); sides {
			b.w.add(`<div class="sides">`, "\n<div>\n")
		}
		for k, p := range edits[i : i+n] {
			if sides && k == gone {
				b.w.add("</div>\n<div>\n")
			}
			b.edit(p)
			n := p.Shown()
			b.body = b.body || n.Element() != "h1"
			if p.InNew() && !b.body {
				b.title = len(b.w.dst)
			}
		}
		if sides {
			b.w.add("</div>\n</div>\n")
		}
		i += n
	}
}

func (b *blocks) edit(p *redline.Edit) {
	if b.w.moving && p.LeftAway() {
		return
	}
	switch {
	case p.Alike, p.Mark == redline.Inserted, !p.InNew():
		b.whole(p.Shown(), p)
	case p.Mark == redline.MovedHere:
		moving, move := b.w.moving, b.move
		b.w.moving, b.move = true, p.Move
		b.pair(p)
		b.w.moving, b.move = moving, move
	case p.Merged != nil:
		b.merged(p.Merged)
	default:
		b.pair(p)
	}
}

// begin writes the opening tag of a passage. was is its element in the old text, or "".
func (b *blocks) begin(n redline.Node, p *redline.Edit, was string) {
	name := element(n, p)
	if name == "" {
		return
	}
	if n.Kind == markdown.List && p.Mark == redline.Both && !p.Alike && p.Merged == nil && b.foldsItems(p) {
		b.w.add(`<p class="gap" data-added>`)
		b.toggle(b.w.s.Unchanged)
		b.w.add("</p>\n")
	}
	if c := b.r.Refers(n.Passage); c != nil {
		b.w.changes.begins(c)
	}
	b.w.add("<", name)
	if b.kept {
		b.w.add(" data-kept")
		b.kept = false
	}
	if p.Mark == redline.Both || p.Mark == redline.Inserted || p.Mark == redline.MovedHere {
		b.w.id(n.Of.ID(n.Passage))
	}
	if b.value != "" && !strings.Contains(n.Attr, " value=") {
		b.w.attr("value", b.value)
	}
	b.value = ""
	b.w.dst = n.Of.Fill(b.w.dst, n.Attr, &b.w.s.RenderOptions)
	switch p.Mark {
	case redline.Inserted, redline.MovedHere:
		b.w.attr("data-mark", "ins")
	case redline.Deleted, redline.MovedAway:
		b.w.attr("data-mark", "del")
	}
	if p.Move > 0 {
		b.w.attr("data-moved", strconv.Itoa(p.Move))
	}
	if p.Merged != nil {
		b.w.add(" data-anew")
	}
	if b.w.changes.give != nil && rewritten(p) {
		b.w.add(" data-sides")
	}
	if was != "" && was != name {
		b.w.attr("data-was", was)
	}
	if n.Kind == markdown.List && p.New.Passage == n.Passage {
		if was, is, first := p.Renumbered(); first != nil {
			b.w.attr("data-numbers-was", was)
			b.numbers, b.numbersAt = was+" → "+is, first
		}
		b.numbered(p)
	}
	b.w.add(">")
	if b.numbersAt == p {
		b.numbersSign()
	}
	if !n.Kind.Leaf() && n.Kind != markdown.Item && n.Kind != markdown.Cell && n.Kind != markdown.Rule {
		b.w.add("\n")
		b.w.dst = n.Of.Label(b.w.dst, n.Passage, &b.w.s.RenderOptions)
	}
}

// numbersSign writes the sign before the first list item whose number changed.
func (b *blocks) numbersSign() {
	b.w.changes.enter()
	b.w.changing(NumbersChanged, "ins", []markdown.Word{{Text: b.numbers}})
	b.w.add(`<span class="sign reset" data-added`)
	b.w.attr("data-sign", b.numbers)
	b.w.add("></span>")
	b.numbersAt = nil
}

// longSide is the least number of words on each side of a rewritten paragraph whose sides
// can be shown beside each other.
const longSide = 20

// rewritten reports whether an edit is a long paragraph in which all words were replaced.
func rewritten(p *redline.Edit) bool {
	return p.Mark == redline.Both && len(p.Runs) == 1 && p.Runs[0].Op == redline.OpReplace &&
		p.New.Kind == markdown.Paragraph &&
		min(p.Old.Count, p.New.Count) >= longSide
}

// element returns the name of the element that is written for a passage of an edit.
func element(n redline.Node, p *redline.Edit) string {
	if p.Level > 0 && !p.InNew() {
		return "h" + strconv.Itoa(p.Level)
	}
	return n.Element()
}

func (b *blocks) end(n redline.Node, p *redline.Edit) {
	name := element(n, p)
	if name == "" || n.Kind == markdown.Rule {
		b.w.add("\n")
		return
	}
	b.w.add("</", name, ">")
	if b.r.Refers(n.Passage) != nil {
		b.w.changes.begins(b.clause)
	}
	if n.Kind == markdown.Heading && name != "h1" && p.InNew() {
		b.w.dst = n.Of.Anchor(b.w.dst, n.Passage, n.Title(), &b.w.s.RenderOptions)
	}
	b.w.add("\n")
}

// whole writes a passage whose words all have one mark, or none.
func (b *blocks) whole(n redline.Node, p *redline.Edit) {
	b.begin(n, p, n.Element())
	if n.Kind.Leaf() {
		b.w.enter(n)
		if n.Kind == markdown.Heading && n.Count+len(n.Words) == 0 && !p.InNew() { // otherwise it would be invisible
			b.w.breakMark(`<del`, b.w.s.Deletion, "", "</del>")
		}
		m := p.Mark
		if move, ok := p.OtherPlace(n.Passage); ok {
			b.w.reset, b.w.move = move == 0, move
			switch {
			case move > 0 && m == redline.Inserted:
				m = redline.MovedHere
			case move > 0:
				m = redline.MovedAway
			}
		}
		if m == redline.MovedAway && len(n.Words) > 0 && b.w.changes.give != nil && b.w.s.Moved != "" {
			b.w.changes.movedAway(len(b.w.dst), max(p.Move, b.w.move))
		}
		b.w.words(n, m, 0, len(n.Words), false)
		if m == redline.MovedHere {
			b.w.changes.movedHere(max(p.Move, b.w.move))
		}
		b.w.reset, b.w.move = false, 0
		b.w.shut(0)
		if p.InNew() {
			b.w.tail(n)
		}
	}
	for i, k := range n.Kids {
		b.level(n, p, i)
		b.whole(n.In(k), p)
	}
	b.level(n, p, len(n.Kids))
	b.end(n, p)
}

// level writes the empty cells of a row before its cell i, for columns that only the other
// text has.
func (b *blocks) level(n redline.Node, p *redline.Edit, i int) {
	if n.Kind != markdown.Row {
		return
	}
	for range p.Missing(i) {
		b.w.add("<td data-added></td>\n")
	}
}

// pair writes a pair of passages.
func (b *blocks) pair(p *redline.Edit) {
	was := p.Old.Element()
	if was == "" && p.New.Tag != "" {
		was = "p" // words without a paragraph count as one
	}
	b.begin(p.New, p, was)
	b.kids(p)
	if p.New.Kind.Leaf() {
		b.w.enter(p.New)
		if b.w.moving {
			b.w.changes.movedHere(b.move)
		}
		if p.Runs == nil {
			b.w.words(p.New, redline.Both, 0, len(p.New.Words), false)
		}
		for _, r := range p.Runs {
			b.w.run(p, r)
		}
		b.w.shut(0)
		b.w.tail(p.New)
	}
	b.end(p.New, p)
}

// spaceFollows reports whether a space or the end of the passage follows a run in
// both texts.
func spaceFollows(p *redline.Edit, r redline.Run) bool {
	if r.O1 == len(p.Old.Words) || r.N1 == len(p.New.Words) {
		return r.O1 == len(p.Old.Words) && r.N1 == len(p.New.Words)
	}
	return p.Old.Words[r.O1].Gap == " " && p.New.Words[r.N1].Gap == " "
}

// merged writes a passage whose words are merged.
func (b *blocks) merged(v *redline.Merged) {
	b.gone(v, v.Gone)
	if v.Inserted {
		b.whole(v.Node, &redline.Edit{Mark: redline.Inserted, New: v.Node})
		return
	}
	b.begin(v.Node, &redline.Edit{New: v.Node, Merged: v}, "")
	if v.Kind.Leaf() {
		b.w.enter(v.Node)
		b.w.spaced = true
		for i := range v.Events {
			if e := &v.Events[i]; e.IsCut() {
				b.w.cut(e)
			} else {
				b.w.run(&redline.Edit{Old: e.Old, New: v.Node, Merged: v}, e.Run)
			}
		}
		if v.Split {
			b.w.shut(b.w.floor())
			b.w.breakMark("<ins", b.w.s.Insertion, "", "</ins>")
		}
		b.w.spaced = false
		b.w.shut(0)
		b.w.tail(v.Node)
	}
	for _, k := range v.Kids {
		b.merged(k)
	}
	b.end(v.Node, &redline.Edit{})
	b.gone(v, v.After)
}

// gone writes the deleted passages before or after a merged one.
func (b *blocks) gone(v *redline.Merged, list []redline.Gone) {
	for _, g := range list {
		name := "p"
		if v.Kind == markdown.Item {
			name = "li"
		}
		b.w.add("<", name, ` data-mark="del" data-anew>`)
		b.w.enter(g.Node)
		b.w.cut(&redline.Event{Cut: g.Cut})
		b.w.words(g.Node, redline.Deleted, 0, len(g.Words), false)
		b.w.cut(&redline.Event{Cut: g.End})
		b.w.shut(0)
		b.w.add("</", name, ">\n")
	}
}
