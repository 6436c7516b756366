package redline

import (
	"html"
	"strconv"

	"github.com/privgen/privgen/internal/markdown"
)

// HTML appends the redline to dst: the new text as markdown.Body sets it, with
// the marks that the package comment describes. The second result is the
// offset in dst after the text's own title, which the one that it replaced may
// stand before; or len(dst) as it came when the text has none.
func (r *Redline) HTML(dst []byte, s *RenderOptions) ([]byte, int) {
	w := &writer{dst: dst, s: s, old: s.RenderOptions, ids: map[string]bool{}}
	w.title = len(dst)
	w.changes.give = s.Change
	if s.Before != nil {
		w.old.Address = s.Before
	}
	if s.Unchanged == "" {
		for _, c := range r.groups {
			w.begins(c)
			w.top(c, c.first, c.last)
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
func (w *writer) begins(c *Clause) {
	w.changes.finish()
	w.changes.clause, w.changes.cosmetic = c, false
	w.changes.enter()
}

// A writer writes the HTML of a redline.
type writer struct {
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

	numbers   string // of the items of a list that have others now
	numbersAt *edit  // the first of these items, until it is written

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
func (w *writer) top(c *Clause, from, to int) {
	edits := c.redline.edits
	for i := from; i < to; {
		n := 0 // blocks that are gone, and then others that came
		for i+n < to && edits[i+n].mark == removed && edits[i+n].isBlock() {
			n++
		}
		gone := n
		for n > 0 && i+n < to && edits[i+n].mark == added && edits[i+n].isBlock() {
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
			n := p.shownNode()
			w.body = w.body || n.element() != "h1"
			if p.inNew() && !w.body {
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
	if n.Kind == markdown.List && p.mark == both && !p.alike && p.merged == nil && w.foldsItems(p) {
		w.add(`<p class="gap" data-added>`)
		w.toggle(w.s.Unchanged)
		w.add("</p>\n")
	}
	w.add("<", name)
	if w.kept {
		w.add(" data-kept")
		w.kept = false
	}
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
	if w.changes.give != nil && p.rewritten() {
		w.add(" data-sides")
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
func (p *edit) rewritten() bool {
	return p.mark == both && len(p.runs) == 1 && p.runs[0].op == replaced && p.new.Kind == markdown.Paragraph &&
		min(p.old.Count, p.new.Count) >= longSide
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
	w.add("</", name, ">")
	if isHeading(n) && name != "h1" && p.inNew() {
		w.dst = n.of.Anchor(w.dst, n.Passage, title(n), &w.s.RenderOptions)
	}
	w.add("\n")
}

// whole writes a passage of which all of the words have one mark, or none.
func (w *writer) whole(n node, p *edit) {
	w.begin(n, p, n.element())
	if n.Kind.Leaf() {
		w.enter(n)
		if isHeading(n) && n.Count == 0 && len(n.Words) == 0 && !p.inNew() { // or it would be a heading without words
			w.breakMark(`<del`, w.s.Deletion, "", "</del>")
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
		if p.inNew() {
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

func (w *writer) tail(n node) { w.dst = n.of.Fill(w.dst, n.Tail, &w.s.RenderOptions) }

// pair writes two passages that belong together.
func (w *writer) pair(p *edit) {
	was := p.old.element()
	if was == "" && p.new.Tag != "" {
		was = "p" // words that were in no paragraph of their own
	}
	w.begin(p.new, p, was)
	w.kids(p)
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
	w.changes.enter()
	if w.moving && len(n.Words) > 0 {
		w.changing(WordsMoved, "ins", nil)
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
		if !isDrawn(p.old, r.o0, &w.old) && !isDrawn(p.new, r.n0, &w.s.RenderOptions) {
			w.changed(p, r) // there are only words to see
			break
		}
		w.words(p.old, removed, r.o0, r.o1, false)
		w.words(p.new, added, r.n0, r.n1, false)
	case respaced:
		w.space(p, r)
	default:
		w.replaced(p, r)
	}
}

// replaced writes words that were replaced, added, or removed. A space before them
// is written before the mark; a space that is in one text only has a separate mark.
func (w *writer) replaced(p *edit, r run) {
	olds, news := p.old.Words[r.o0:r.o1], p.new.Words[r.n0:r.n1]
	gone, come := len(olds) > 0 && olds[0].Gap == " ", len(news) > 0 && news[0].Gap == " "
	if len(olds) > 0 && !gone && olds[0].Gap != "" || len(news) > 0 && !come && news[0].Gap != "" {
		gone, come = false, false // a space of another kind
	}
	if gone || come {
		depth := 1 << 20
		if gone {
			depth = min(depth, w.shared(p.old, tags(p.old, &olds[0]), true))
		}
		if come {
			depth = min(depth, w.shared(p.new, tags(p.new, &news[0]), false))
		}
		w.shut(depth)
		switch {
		case gone && come, len(olds)*len(news) == 0 && p.merged == nil && spaceFollows(p, r):
			w.add(" ")
		case gone:
			w.add(`<del class="space"> </del>`)
		default:
			w.add(`<ins class="space"> </ins>`)
		}
		w.spaced = true
	}
	w.unseen = visible(olds) == visible(news)
	w.words(p.old, removed, r.o0, r.o1, r.op == numbered)
	if gone && come {
		w.shut(w.floor())
		w.add("<span data-added> </span>")
	}
	w.spaced = w.spaced || come && len(olds) > 0
	w.words(p.new, added, r.n0, r.n1, r.op == numbered)
	w.unseen = false
}

// spaceFollows reports whether a space or the end of the passage follows a run in
// both texts.
func spaceFollows(p *edit, r run) bool {
	if r.o1 == len(p.old.Words) || r.n1 == len(p.new.Words) {
		return r.o1 == len(p.old.Words) && r.n1 == len(p.new.Words)
	}
	return p.old.Words[r.o1].Gap == " " && p.new.Words[r.n1].Gap == " "
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
				w.run(&edit{old: e.old, new: v.node, merged: v}, e.run)
			}
		}
		if v.split {
			w.shut(w.floor())
			w.breakMark("<ins", w.s.Insertion, "", "</ins>")
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
		w.breakMark("<del", w.s.Deletion, e.cut, " </del>")
	case e.reset:
		w.breakMark("<span", w.s.StyleChanged, e.cut, "</span>")
	default:
		w.add("<span")
		w.attr("data-cut", e.cut)
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
