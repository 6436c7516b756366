// Package view shows redlines as a lawyer would mark them: the new text, with what
// was taken away struck out and what was added underlined, in words that a screen
// reader says too. HTML is for pages, Text for a terminal or a log, and a Report
// for programs.
//
// Its two fundamental types are RenderOptions, what differs between the pages that
// show a redline, and Change, an entry of the list of changes.
//
// # The laws
//
// In the HTML of a redline
//
//   - taking away every ins and every element with data-mark="ins" leaves the old
//     text, taking away every del and every element with data-mark="del" the new
//     one: words, where links lead, and structure. What has data-added is of
//     neither;
//   - nothing is marked where the two texts are alike;
//   - paragraphs are part of the structure: two that follow each other are two in
//     what is left;
//   - ins and del stand inside paragraphs, list items and cells, never between
//     them; nothing in a del has an id or leads anywhere.
//
// A space before words that changed stands before their mark, or in a mark of
// the class "space" if only one text has it. What a screen reader says at a mark is
// in data-say and data-said, and signs for what cannot be seen are in data-sign or
// in the style sheet: so no copy of the text has them.
//
// What did not change is in elements with data-kept, behind a box that shows it, or
// is left out: an element with data-gap is in its place. Each change has an id, on
// an element of the class "step" before it with links to its neighbors.
//
// Five things that are not words have the old side in an attribute, for those
// who look for it: data-was on an element, the element that it was (h2, ol);
// data-numbers-was on an ordered list, the numbers that its items had;
// data-href-was around words, where their link led, empty when there was none;
// data-href on a link inside a del; data-markup-was around words, the inline
// elements they stood in. An image whose file changed
// is a word that was replaced; data-src-was around words that stand for an image
// in a link is the file that it was.
//
// A paragraph that was divided, two that were joined, paragraphs that became
// the items of a list: there the words of both texts run through passages that
// are divided otherwise, and only the dividing is marked. An element with
// data-anew is of neither text's structure but the new one's: for the old text
// its tags say nothing, what it holds is words as any. Where the old text was
// divided stands an element with data-cut: the names of the elements that ended
// there, each with a slash, and of those that began ("/p ul li"). It is a del
// of the class "break" where what it divided is one passage now, and holds only
// a pilcrow that is in neither text. An ins of the class "break" is where one
// passage became two. A span of the class "reset" with data-cut means that what
// follows had another structure.
//
// A del and ins with data-number are the number of a heading: renumbering is
// shown, and is no change of text. What moved has data-moved, with the same
// number at its old place, where it is in a del, and at its new place, where it is
// in an ins. Inside that ins, an inner ins and del mark what also changed. Words
// that have another structure at another place are in a del and an ins of the
// class "reset".
package view

import (
	"html"
	"strconv"

	"github.com/privgen/privgen/internal/markdown"
	"github.com/privgen/privgen/internal/redline"
)

// RenderOptions is what differs between the pages that show a redline: that of the
// new text, and the program's own words.
type RenderOptions struct {
	markdown.RenderOptions

	// Before returns the addresses for links of the old text, as Address does
	// for the new one's; nil means Address.
	Before func(dest string) (string, bool)

	// What a screen reader says at the marks, with no space around.
	Insertion, InsertionEnd   string
	Deletion, DeletionEnd     string
	MovedHere, MovedHereEnd   string
	MovedAway, MovedAwayEnd   string
	LinkChanged, StyleChanged string // after the words that are concerned

	// The words of the links from each change to the one before and after, as
	// plain text; without them there are none.
	PreviousChange, NextChange string

	// Unchanged is the label of text that is collapsed since no words in it
	// changed; if it is empty, nothing is. Beginning is the name of the text
	// before the first heading.
	Unchanged, Beginning string

	// Permalink is the address of the page with the whole new text. If it is not
	// empty, text that would be collapsed is left out: an element with data-gap,
	// with links to that page's clauses, is in its place. Fragment returns the
	// part of an address that leads to a clause.
	Permalink string
	Fragment  func(id string) string

	// Change is called with each change as it is written. Nil means that changes
	// have no ids.
	Change func(Change)
}

// HTML appends a redline to dst: the new text as markdown.Body sets it, with
// the marks that the package comment describes. The second result is the
// offset in dst after the text's own title, which the one that it replaced may
// stand before; or len(dst) as it came when the text has none.
func HTML(dst []byte, r *redline.Redline, s *RenderOptions) ([]byte, int) {
	w := &writer{r: r, dst: dst, s: s, old: s.RenderOptions, ids: map[string]bool{}}
	w.title = len(dst)
	w.changes.give = s.Change
	if s.Before != nil {
		w.old.Address = s.Before
	}
	if s.Unchanged == "" {
		for _, c := range r.Groups {
			w.begins(c)
			w.top(c, c.First, c.Last)
		}
	} else {
		w.folded(r)
	}
	w.changes.finish()
	w.lastLink()
	if s.Permalink != "" {
		w.leadOut()
	}
	return w.dst, w.title
}

// begins begins a clause in the list of changes.
func (w *writer) begins(c *redline.Clause) {
	w.changes.finish()
	w.changes.clause, w.changes.cosmetic = c, false
	w.changes.enter()
}

// A writer writes the HTML of a redline.
type writer struct {
	r   *redline.Redline
	dst []byte
	s   *RenderOptions
	old markdown.RenderOptions // for addresses in the old text
	ids map[string]bool        // that were written

	kept   bool // the next passage is collapsed
	moving bool // at the new place of a move, where what changed is marked within the mark
	reset  bool // what is marked only has another structure
	move   int  // the number of the move of a passage in what is added or removed
	spaced bool // the space before the next word is written already
	open   []openTag

	numbers   string        // of the items of a list that have others now
	numbersAt *redline.Edit // the first of these items, until it is written

	changes changeList
	unseen  bool // characters that cannot be seen are what changed
	title   int  // where the title ends
	body    bool // what is no title was written
}

func (w *writer) add(parts ...string) {
	for _, p := range parts {
		w.dst = append(w.dst, p...)
	}
}

// top writes the edits [from,to) of a clause. Blocks that were replaced by others
// are in an element with them, so that a wide page can show both side by side.
func (w *writer) top(c *redline.Clause, from, to int) {
	edits := w.r.Edits
	for i := from; i < to; {
		n := 0 // blocks that are gone, and then others that came
		for i+n < to && edits[i+n].Mark == redline.Deleted && isBlock(edits[i+n]) {
			n++
		}
		gone := n
		for n > 0 && i+n < to && edits[i+n].Mark == redline.Inserted && isBlock(edits[i+n]) {
			n++
		}
		sides := n > gone && w.changes.give != nil
		if n = max(n, 1); sides {
			w.add(`<div class="sides">`, "\n<div>\n")
		}
		for k, p := range edits[i : i+n] {
			if sides && k == gone {
				w.add("</div>\n<div>\n")
			}
			w.edit(p)
			n := p.Shown()
			w.body = w.body || n.Element() != "h1"
			if p.InNew() && !w.body {
				w.title = len(w.dst)
			}
		}
		if sides {
			w.add("</div>\n</div>\n")
		}
		i += n
	}
}

// attr writes an attribute.
func (w *writer) attr(name, value string) {
	w.add(" ", name, `="`, html.EscapeString(value), `"`)
}

func (w *writer) edit(p *redline.Edit) {
	if w.moving && p.LeftAway() {
		return
	}
	switch p.Mark {
	case redline.Inserted:
		w.whole(p.New, p)
	case redline.Deleted, redline.MovedAway:
		w.whole(p.Old, p)
	case redline.MovedHere:
		if p.Alike {
			w.whole(p.New, p)
			return
		}
		moving := w.moving
		w.moving = true
		w.pair(p)
		w.moving = moving
	default:
		if p.Alike {
			w.whole(p.New, p)
			return
		}
		if p.Merged != nil {
			w.merged(p.Merged)
			return
		}
		w.pair(p)
	}
}

// begin writes the opening tag of a passage; was is its element in the old text
// when that is another.
func (w *writer) begin(n redline.Node, p *redline.Edit, was string) {
	name := element(n, p)
	if name == "" {
		return
	}
	if n.Kind == markdown.List && p.Mark == redline.Both && !p.Alike && p.Merged == nil && w.foldsItems(p) {
		w.add(`<p class="gap" data-added>`)
		w.toggle(w.s.Unchanged)
		w.add("</p>\n")
	}
	w.add("<", name)
	if w.kept {
		w.add(" data-kept")
		w.kept = false
	}
	if p.Mark == redline.Both || p.Mark == redline.Inserted || p.Mark == redline.MovedHere {
		w.id(n.Of.ID(n.Passage))
	}
	w.dst = n.Of.Fill(w.dst, n.Attr, &w.s.RenderOptions)
	switch p.Mark {
	case redline.Inserted, redline.MovedHere:
		w.attr("data-mark", "ins")
	case redline.Deleted, redline.MovedAway:
		w.attr("data-mark", "del")
	}
	if p.Move > 0 {
		w.attr("data-moved", strconv.Itoa(p.Move))
	}
	if p.Merged != nil {
		w.add(" data-anew")
	}
	if w.changes.give != nil && rewritten(p) {
		w.add(" data-sides")
	}
	if was != "" && was != name {
		w.attr("data-was", was)
	}
	if n.Kind == markdown.List && p.New.Passage == n.Passage {
		if was, is, first := p.Renumbered(); first != nil {
			w.attr("data-numbers-was", was)
			w.numbers, w.numbersAt = was+" → "+is, first
		}
	}
	w.add(">")
	if w.numbersAt != nil && w.numbersAt == p {
		w.changes.enter()
		w.changing(NumbersChanged, "ins", []markdown.Word{{Text: w.numbers}})
		w.add(`<span class="sign reset" data-added`)
		w.attr("data-sign", w.numbers)
		w.add("></span>")
		w.numbersAt = nil
	}
	if !n.Kind.Leaf() && n.Kind != markdown.Item && n.Kind != markdown.Cell && n.Kind != markdown.Rule {
		w.add("\n")
	}
}

// longSide is from how many words on the two sides of a rewritten paragraph can be
// shown beside each other.
const longSide = 20

// rewritten reports whether an edit is a paragraph of which all words were replaced.
func rewritten(p *redline.Edit) bool {
	return p.Mark == redline.Both && len(p.Runs) == 1 && p.Runs[0].Op == redline.OpReplace &&
		p.New.Kind == markdown.Paragraph &&
		min(p.Old.Count, p.New.Count) >= longSide
}

func (w *writer) id(id string) {
	if id != "" && !w.ids[id] {
		w.ids[id] = true
		w.attr("id", id)
	}
}

// element returns the name of the element that a passage of an edit is shown as.
func element(n redline.Node, p *redline.Edit) string {
	if p.Level > 0 && !p.InNew() {
		return "h" + strconv.Itoa(p.Level)
	}
	return n.Element()
}

func (w *writer) end(n redline.Node, p *redline.Edit) {
	name := element(n, p)
	if name == "" || n.Kind == markdown.Rule {
		w.add("\n")
		return
	}
	w.add("</", name, ">")
	if n.Kind == markdown.Heading && name != "h1" && p.InNew() {
		w.dst = n.Of.Anchor(w.dst, n.Passage, n.Title(), &w.s.RenderOptions)
	}
	w.add("\n")
}

// whole writes a passage of which all of the words have one mark, or none.
func (w *writer) whole(n redline.Node, p *redline.Edit) {
	w.begin(n, p, n.Element())
	if n.Kind.Leaf() {
		w.enter(n)
		if n.Kind == markdown.Heading && n.Count+len(n.Words) == 0 && !p.InNew() { // it would be without words
			w.breakMark(`<del`, w.s.Deletion, "", "</del>")
		}
		m := p.Mark
		if move, ok := p.OtherPlace(n.Passage); ok {
			w.reset, w.move = move == 0, move
			switch {
			case move > 0 && m == redline.Inserted:
				m = redline.MovedHere
			case move > 0:
				m = redline.MovedAway
			}
		}
		w.words(n, m, 0, len(n.Words), false)
		w.reset, w.move = false, 0
		w.finish()
		if p.InNew() {
			w.tail(n)
		}
	}
	for i, k := range n.Kids {
		w.level(n, p, i)
		w.whole(n.In(k), p)
	}
	w.level(n, p, len(n.Kids))
	w.end(n, p)
}

// level writes empty cells where a row has none, since the other text has a
// column more.
func (w *writer) level(n redline.Node, p *redline.Edit, i int) {
	if n.Kind != markdown.Row {
		return
	}
	for range p.Missing(i) {
		w.add("<td data-added></td>\n")
	}
}

func (w *writer) tail(n redline.Node) { w.dst = n.Of.Fill(w.dst, n.Tail, &w.s.RenderOptions) }

// pair writes two passages that belong together.
func (w *writer) pair(p *redline.Edit) {
	was := p.Old.Element()
	if was == "" && p.New.Tag != "" {
		was = "p" // words that were in no paragraph of their own
	}
	w.begin(p.New, p, was)
	w.kids(p)
	if p.New.Kind.Leaf() {
		w.enter(p.New)
		if p.Runs == nil {
			w.words(p.New, redline.Both, 0, len(p.New.Words), false)
		}
		for _, r := range p.Runs {
			w.run(p, r)
		}
		w.finish()
		w.tail(p.New)
	}
	w.end(p.New, p)
}

// enter begins the words of a passage.
func (w *writer) enter(n redline.Node) {
	w.changes.enter()
	if w.moving && len(n.Words) > 0 {
		w.changing(WordsMoved, "ins", nil)
		w.openMark(redline.MovedHere, false)
	}
}

func (w *writer) run(p *redline.Edit, r redline.Run) {
	if r.Op != redline.OpReplace && r.Op != redline.OpNumber && r.N0 == 0 && r.O0 > 0 && !w.spaced {
		w.shut(w.floor())
		w.add(html.EscapeString(p.Old.Words[r.O0].Gap)) // what was before it is gone
	}
	if r.O0 < r.O1 && r.N0 > 0 && r.N0 < r.N1 && r.Op != redline.OpReplace && r.Op != redline.OpNumber && !w.spaced &&
		p.New.Words[r.N0].Gap == "" && p.New.Words[r.N0-1].Kind == markdown.Break && p.Old.Words[r.O0].Gap != "" {
		w.add(" ") // where a line break is now
	}
	switch r.Op {
	case redline.OpEqual:
		w.words(p.New, redline.Both, r.N0, r.N1, false)
	case redline.OpLink, redline.OpMarkup:
		w.changed(p, r)
	case redline.OpImage:
		if !isDrawn(p.Old, r.O0, &w.old) && !isDrawn(p.New, r.N0, &w.s.RenderOptions) {
			w.changed(p, r) // there are only words to see
			break
		}
		w.words(p.Old, redline.Deleted, r.O0, r.O1, false)
		w.words(p.New, redline.Inserted, r.N0, r.N1, false)
	case redline.OpSpace:
		w.space(p, r)
	default:
		w.replaced(p, r)
	}
}

// replaced writes words that were replaced, added, or removed. A space before them
// is written before the mark; a space that is in one text only has a separate mark.
func (w *writer) replaced(p *redline.Edit, r redline.Run) {
	olds, news := p.Old.Words[r.O0:r.O1], p.New.Words[r.N0:r.N1]
	gone, come := len(olds) > 0 && olds[0].Gap == " ", len(news) > 0 && news[0].Gap == " "
	if len(olds) > 0 && !gone && olds[0].Gap != "" || len(news) > 0 && !come && news[0].Gap != "" {
		gone, come = false, false // a space of another kind
	}
	if gone || come {
		depth := 1 << 20
		if gone {
			depth = min(depth, w.shared(p.Old, tags(p.Old, &olds[0]), true))
		}
		if come {
			depth = min(depth, w.shared(p.New, tags(p.New, &news[0]), false))
		}
		w.shut(depth)
		switch {
		case gone && come, len(olds)*len(news) == 0 && p.Merged == nil && spaceFollows(p, r):
			w.add(" ")
		case gone:
			w.add(`<del class="space"> </del>`)
		default:
			w.add(`<ins class="space"> </ins>`)
		}
		w.spaced = true
	}
	w.unseen = visible(olds) == visible(news)
	w.words(p.Old, redline.Deleted, r.O0, r.O1, r.Op == redline.OpNumber)
	if gone && come {
		w.shut(w.floor())
		w.add("<span data-added> </span>")
	}
	w.spaced = w.spaced || come && len(olds) > 0
	w.words(p.New, redline.Inserted, r.N0, r.N1, r.Op == redline.OpNumber)
	w.unseen = false
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
func (w *writer) merged(v *redline.Merged) {
	w.gone(v, v.Gone)
	if v.Inserted {
		w.whole(v.Node, &redline.Edit{Mark: redline.Inserted, New: v.Node})
		return
	}
	w.begin(v.Node, &redline.Edit{New: v.Node, Merged: v}, "")
	if v.Kind.Leaf() {
		w.enter(v.Node)
		w.spaced = true
		for i := range v.Events {
			if e := &v.Events[i]; e.IsCut() {
				w.cut(e)
			} else {
				w.run(&redline.Edit{Old: e.Old, New: v.Node, Merged: v}, e.Run)
			}
		}
		if v.Split {
			w.shut(w.floor())
			w.breakMark("<ins", w.s.Insertion, "", "</ins>")
		}
		w.spaced = false
		w.finish()
		w.tail(v.Node)
	}
	for _, k := range v.Kids {
		w.merged(k)
	}
	w.end(v.Node, &redline.Edit{})
	w.gone(v, v.After)
}

// gone writes passages that are gone, beside a merged one.
func (w *writer) gone(v *redline.Merged, list []redline.Gone) {
	for _, g := range list {
		name := "p"
		if v.Kind == markdown.Item {
			name = "li"
		}
		w.add("<", name, ` data-mark="del" data-anew>`)
		w.enter(g.Node)
		w.cut(&redline.Event{Cut: g.Cut})
		w.words(g.Node, redline.Deleted, 0, len(g.Words), false)
		w.cut(&redline.Event{Cut: g.End})
		w.finish()
		w.add("</", name, ">\n")
	}
}

// cut writes where the old text was divided.
func (w *writer) cut(e *redline.Event) {
	if e.Cut == "" {
		return
	}
	w.shut(w.floor())
	switch {
	case e.Join:
		w.breakMark("<del", w.s.Deletion, e.Cut, " </del>")
	case e.Reset:
		w.breakMark("<span", w.s.StyleChanged, e.Cut, "</span>")
	default:
		w.add("<span")
		w.attr("data-cut", e.Cut)
		w.add("></span>")
	}
}

// breakMark writes a mark at the end of a passage. Its sign is not in the text.
func (w *writer) breakMark(tag, say, cut, end string) {
	w.add(tag, ` class="break"`)
	if cut != "" {
		w.attr("data-cut", cut)
	}
	w.say("data-say", say)
	if id := w.cosmetic(); id != "" {
		w.attr("id", id)
	}
	w.add(">", end)
}
