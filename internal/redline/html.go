package redline

import (
	"html"
	"strconv"
	"strings"

	"github.com/privgen/privgen/internal/markdown"
)

// HTML appends the redline to dst: the new text as markdown.Body sets it, with
// the marks that the package comment describes. The second result is the
// offset in dst after the text's own title, which the one that it replaced may
// stand before; or len(dst) as it came when the text has none.
func (r *Redline) HTML(dst []byte, s *RenderOptions) ([]byte, int) {
	w := &writer{dst: dst, s: s, old: s.RenderOptions, ids: map[string]bool{}}
	w.title = len(dst)
	if s.Before != nil {
		w.old.Address = s.Before
	}
	fold := func(cs []*Clause, from int) {
		w.add(`<details class="fold"><summary data-added>`, html.EscapeString(s.Unchanged(cs)), "</summary>\n")
		for _, c := range cs {
			w.clause(c, max(from, c.first), c.last)
		}
		w.add("</details>\n")
	}
	if s.Unchanged == nil {
		fold = nil
	}
	r.stretches(w.clause, fold)
	return w.dst, w.title
}

// stretches calls show for the edits [from,to) of each clause in turn, and fold
// for clauses that follow each other and in which nothing changed; the first of
// them without what stands before from, which was shown. If fold is nil, show is
// called for all.
func (r *Redline) stretches(show func(c *Clause, from, to int), fold func(cs []*Clause, from int)) {
	if fold == nil {
		for _, c := range r.groups {
			show(c, c.first, c.last)
		}
		return
	}
	visible := r.visible()
	for i := 0; i < len(r.groups); {
		c := r.groups[i]
		from := c.first
		if !c.folds() {
			show(c, from, c.last)
			i++
			continue
		}
		if visible[i] {
			from++ // all but the heading
			show(c, c.first, from)
		}
		n := 1
		for i+n < len(r.groups) && r.groups[i+n].folds() && !visible[i+n] {
			n++
		}
		if from < r.groups[i+n-1].last {
			fold(r.groups[i:i+n:i+n], from)
		}
		i += n
	}
}

// folds reports whether a clause is hidden behind a switch: nothing happened to
// it but that it has another number, and it is not the title of the text.
func (c *Clause) folds() bool {
	if c.State&^Renumbered != 0 || c.first == c.last || c.redline.edits[c.first].mark != both {
		return false
	}
	p := c.redline.edits[c.first]
	return p.new.Kind != markdown.Heading || c.redline.after.Title() == "" || c.first > 0
}

// pilcrow is the sign of the end of a paragraph that came or is gone.
const pilcrow = `<span data-added> ¶</span>`

// A writer writes the HTML of a redline.
type writer struct {
	dst []byte
	s   *RenderOptions
	old markdown.RenderOptions // for addresses in the old text
	ids map[string]bool        // that were written

	moving bool // at the new place of a move, where what changed is marked within the mark
	reset  bool // what is marked only has another structure
	move   int  // the number of the move of a passage in what is added or removed
	spaced bool // the space before the next word is written already
	open   []openTag

	numbers   string // of the items of a list that have others now
	numbersAt *edit  // the first of these items, until it is written

	title int  // where the title ends
	body  bool // what is no title was written
}

func (w *writer) add(parts ...string) {
	for _, p := range parts {
		w.dst = append(w.dst, p...)
	}
}

// clause writes the edits [from,to) of a clause.
func (w *writer) clause(c *Clause, from, to int) {
	if strings.HasPrefix(c.Anchor, "pg:") && from == c.first {
		w.add(`<div id="`, c.Anchor, `" data-added></div>`, "\n")
	}
	for _, p := range c.redline.edits[from:to] {
		w.edit(p)
		n := p.shownNode()
		w.body = w.body || n.element() != "h1"
		if p.inNew() && !w.body {
			w.title = len(w.dst)
		}
	}
}

// attr writes an attribute.
func (w *writer) attr(name, value string) {
	w.add(" ", name, `="`, html.EscapeString(value), `"`)
}

func (w *writer) edit(p *edit) {
	if w.moving && p.leftAway() {
		return
	}
	switch p.mark {
	case added:
		w.whole(p.new, p)
	case removed, away:
		w.whole(p.old, p)
	case here:
		if p.alike {
			w.whole(p.new, p)
			return
		}
		moving := w.moving
		w.moving = true
		w.pair(p)
		w.moving = moving
	default:
		if p.alike {
			w.whole(p.new, p)
			return
		}
		if p.merged != nil {
			w.merged(p.merged)
			return
		}
		w.pair(p)
	}
}

// begin writes the opening tag of a passage; was is its element in the old text
// when that is another.
func (w *writer) begin(n node, p *edit, was string) {
	name := element(n, p)
	if name == "" {
		return
	}
	w.add("<", name)
	if p.mark == both || p.mark == added || p.mark == here {
		w.id(n.of.ID(n.Passage))
	}
	w.dst = n.of.Fill(w.dst, n.Attr, &w.s.RenderOptions)
	switch p.mark {
	case added, here:
		w.attr("data-mark", "ins")
	case removed, away:
		w.attr("data-mark", "del")
	}
	if p.move > 0 {
		w.attr("data-moved", strconv.Itoa(p.move))
	}
	if p.merged != nil {
		w.add(" data-anew")
	}
	if was != "" && was != name {
		w.attr("data-was", was)
	}
	if n.Kind == markdown.List && p.new.Passage == n.Passage {
		if r := p.renumbered(); len(r.to) > 0 {
			w.attr("data-numbers-was", span(r.from))
			w.numbers, w.numbersAt = r.String(), r.first
		}
	}
	w.add(">")
	if w.numbersAt != nil && w.numbersAt == p {
		w.add(`<span class="reset" data-added>`, html.EscapeString(w.numbers), "</span> ", said(w.s.StyleChanged+" "))
		w.numbersAt = nil
	}
	if !n.Kind.Leaf() && n.Kind != markdown.Item && n.Kind != markdown.Cell && n.Kind != markdown.Rule {
		w.add("\n")
	}
}

func (w *writer) id(id string) {
	if id != "" && !w.ids[id] {
		w.ids[id] = true
		w.attr("id", id)
	}
}

// element returns the name of the element that a passage of an edit is shown as.
func element(n node, p *edit) string {
	if p.level > 0 && !p.inNew() {
		return "h" + strconv.Itoa(p.level)
	}
	return n.element()
}

func (w *writer) end(n node, p *edit) {
	name := element(n, p)
	if name == "" || n.Kind == markdown.Rule {
		w.add("\n")
		return
	}
	w.add("</", name, ">\n")
}

// whole writes a passage of which all of the words have one mark, or none.
func (w *writer) whole(n node, p *edit) {
	w.begin(n, p, n.element())
	if n.Kind.Leaf() {
		w.enter(n)
		if isHeading(n) && n.Count == 0 && len(n.Words) == 0 && !p.inNew() { // or it would be a heading without words
			w.add(`<del class="break">`, said(w.s.Deletion+" "), pilcrow, said(" "+w.s.DeletionEnd), "</del>")
		}
		m := p.mark
		if e, ok := p.otherPlace(n.Passage); ok {
			w.reset, w.move = e.move == 0, e.move
			if e.move > 0 {
				m = map[mark]mark{added: here, removed: away}[m]
			}
		}
		w.words(n, m, 0, len(n.Words), false)
		w.reset, w.move = false, 0
		w.finish()
		if p.mark == both || p.mark == added || p.mark == here {
			w.tail(n)
		}
	}
	for i, k := range n.Kids {
		w.level(n, p, i)
		w.whole(node{n.of, k}, p)
	}
	w.level(n, p, len(n.Kids))
	w.end(n, p)
}

// level writes empty cells where a row has none, since the other text has a
// column more.
func (w *writer) level(n node, p *edit, i int) {
	if p.columns == nil || n.Kind != markdown.Row {
		return
	}
	for range p.columns.missing(i, !p.inNew()) {
		w.add("<td data-added></td>\n")
	}
}

func (w *writer) tail(n node) {
	w.dst = n.of.Fill(w.dst, n.Tail, &w.s.RenderOptions)
	w.dst = n.of.Anchor(w.dst, n.Passage, &w.s.RenderOptions)
}

// pair writes two passages that belong together.
func (w *writer) pair(p *edit) {
	was := p.old.element()
	if was == "" && p.new.Tag != "" {
		was = "p" // words that were in no paragraph of their own
	}
	w.begin(p.new, p, was)
	for _, k := range p.kids {
		w.edit(k)
	}
	if p.new.Kind.Leaf() {
		w.enter(p.new)
		if p.runs == nil {
			w.words(p.new, both, 0, len(p.new.Words), false)
		}
		for _, r := range p.runs {
			w.run(p, r)
		}
		w.finish()
		w.tail(p.new)
	}
	w.end(p.new, p)
}

// enter begins the words of a passage.
func (w *writer) enter(n node) {
	if w.moving && len(n.Words) > 0 {
		w.openMark(here, false)
	}
}

func (w *writer) run(p *edit, r run) {
	if r.op != replaced && r.op != numbered && r.n0 == 0 && r.o0 > 0 && !w.spaced {
		w.shut(w.floor())
		w.add(html.EscapeString(p.old.Words[r.o0].Gap)) // what was before it is gone
	}
	if r.o0 < r.o1 && r.n0 > 0 && r.n0 < r.n1 && r.op != replaced && r.op != numbered && !w.spaced &&
		p.new.Words[r.n0].Gap == "" && p.new.Words[r.n0-1].Kind == markdown.Break && p.old.Words[r.o0].Gap != "" {
		w.add(" ") // where a line break is now
	}
	switch r.op {
	case equal:
		w.words(p.new, both, r.n0, r.n1, false)
	case relinked, restyled:
		w.changed(p, r)
	case repictured:
		if !picture(&p.new.Words[r.n0]).IsPicture() {
			w.changed(p, r) // there are only words to see
			break
		}
		w.words(p.old, removed, r.o0, r.o1, false)
		w.words(p.new, added, r.n0, r.n1, false)
	case respaced:
		w.space(p, r)
	default:
		n := r.op == numbered
		if r.o0 < r.o1 && r.n0 < r.n1 && p.old.Words[r.o0].Gap == " " && p.new.Words[r.n0].Gap == " " {
			w.shut(min(w.shared(p.old, tags(p.old, &p.old.Words[r.o0]), true),
				w.shared(p.new, tags(p.new, &p.new.Words[r.n0]), false)))
			w.add(" ")
			w.spaced = true
		}
		w.words(p.old, removed, r.o0, r.o1, n)
		w.words(p.new, added, r.n0, r.n1, n)
	}
}

// merged writes a passage whose words are merged.
func (w *writer) merged(v *merged) {
	w.gone(v, v.gone)
	if v.inserted {
		w.whole(v.node, &edit{mark: added, new: v.node})
		return
	}
	w.begin(v.node, &edit{new: v.node, merged: v}, "")
	if v.Kind.Leaf() {
		w.enter(v.node)
		w.spaced = true
		for i := range v.events {
			if e := &v.events[i]; e.isCut() {
				w.cut(e)
			} else {
				w.run(&edit{old: e.old, new: v.node}, e.run)
			}
		}
		if v.split {
			w.shut(w.floor())
			w.add(`<ins class="break">`, said(w.s.Insertion+" "), pilcrow, said(" "+w.s.InsertionEnd), "</ins>")
		}
		w.spaced = false
		w.finish()
		w.tail(v.node)
	}
	for _, k := range v.kids {
		w.merged(k)
	}
	w.end(v.node, &edit{})
	w.gone(v, v.after)
}

// gone writes passages that are gone, beside a merged one.
func (w *writer) gone(v *merged, list []gone) {
	for _, g := range list {
		name := "p"
		if v.Kind == markdown.Item {
			name = "li"
		}
		w.add("<", name, ` data-mark="del" data-anew>`)
		w.enter(g.node)
		w.cut(&event{cut: g.cut})
		w.words(g.node, removed, 0, len(g.Words), false)
		w.cut(&event{cut: g.end})
		w.finish()
		w.add("</", name, ">\n")
	}
}

// cut writes where the old text was divided.
func (w *writer) cut(e *event) {
	if e.cut == "" {
		return
	}
	w.shut(w.floor())
	switch {
	case e.join:
		w.add(`<del class="break"`)
		w.attr("data-cut", e.cut)
		w.add(">", said(w.s.Deletion+" "), `<span data-added> ¶</span>`, said(" "+w.s.DeletionEnd), " </del>")
	default:
		w.add("<span")
		w.attr("data-cut", e.cut)
		if e.reset {
			w.add(` class="reset"><span data-added>¶</span>`, said(w.s.StyleChanged+" "), "</span>")
			return
		}
		w.add("></span>")
	}
}
