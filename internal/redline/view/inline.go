package view

import (
	"bytes"
	"html"
	"strconv"
	"strings"

	"github.com/privgen/privgen/internal/markdown"
	"github.com/privgen/privgen/internal/redline"
	"github.com/privgen/privgen/internal/visible"
)

// This file writes words. Elements must nest, but a change may begin within a link and end
// after it. So the writer has a stack of the open elements, and before each word closes
// those that do not contain the word. A mark is inside the open elements that all its words
// share.

// A writer writes the words of a redline.
type writer struct {
	dst []byte
	s   *RenderOptions
	old markdown.RenderOptions // for the old text
	ids map[string]bool        // the ids that were written

	moving   bool // at the new place of a move: other changes are marked inside its mark
	reset    bool // the marked words only have another structure
	move     int  // the number of the move of a leaf in an added or removed passage
	spaced   bool // the space before the next word is already written
	unseen   bool // only invisible characters changed
	unlisted bool // and they are no change of words
	table    bool // for Table: lists have the old numbers of their items
	open     []openTag

	changes changeList
}

// An openTag is an open element: an inline element of the text, or a mark.
type openTag struct {
	tag  *markdown.Tag // nil for a mark
	of   markdown.Part
	end  string // the closing tag
	dest string // a link's target on the page
}

// shut closes open elements until depth of them are left.
func (w *writer) shut(depth int) {
	for len(w.open) > depth {
		last := w.open[len(w.open)-1]
		w.add(last.end)
		w.open = w.open[:len(w.open)-1]
	}
}

// tags returns the tags that are written around a word, from outside to inside.
func tags(v *markdown.Word) []*markdown.Tag {
	if v.Markup == nil {
		return nil
	}
	out := make([]*markdown.Tag, 0, len(v.Markup.Tags))
	for i := range v.Markup.Tags {
		if t := &v.Markup.Tags[i]; t.Name != "img" || v.Kind != markdown.Image && v.Markup.Link() == nil {
			out = append(out, t)
		}
	}
	return out
}

// leads returns the target of a link on the page, and whether it is written as a link.
func (w *writer) leads(n redline.Node, t *markdown.Tag, old bool) (string, bool) {
	dest, ok := n.Of.Address(t, w.options(old))
	if !ok {
		dest = ""
	}
	return dest, ok
}

// options returns the options for links and images of the old or the new text.
func (w *writer) options(old bool) *markdown.RenderOptions {
	if old {
		return &w.old
	}
	return &w.s.RenderOptions
}

// floor returns how many elements stay open for the whole passage: the mark of a move.
func (w *writer) floor() int {
	if w.moving && len(w.open) > 0 {
		return 1
	}
	return 0
}

// shared returns how many of the open elements can contain a word with the tags.
func (w *writer) shared(n redline.Node, ts []*markdown.Tag, old bool) int {
	d := w.floor()
	for _, t := range ts {
		for d < len(w.open) && w.open[d].tag == nil {
			d++ // a mark stays open
		}
		if d == len(w.open) {
			break
		}
		o := w.open[d].tag
		if o != t {
			if o.Name != t.Name || o.Attr != t.Attr && t.Name != "img" || o.ID() != t.ID() {
				break
			}
			if isLink(t) && n.Of == w.open[d].of && !o.Same(t) {
				break
			}
			if dest, ok := w.leads(n, t, old); isLink(t) && (!ok || dest != w.open[d].dest) {
				break
			}
		}
		d++
	}
	return d
}

// isLink reports whether a tag is a link, or an image that is shown as a link.
func isLink(t *markdown.Tag) bool { return t.IsLink() || t.Name == "img" }

func (w *writer) openTagOf(n redline.Node, t *markdown.Tag, old bool) {
	o := openTag{tag: t, of: n.Of}
	tag, attr := t.Name, t.Attr
	if isLink(t) {
		dest, ok := w.leads(n, t, old)
		if !ok {
			w.open = append(w.open, o)
			return
		}
		o.dest = dest
		name := "href"
		if old {
			name = "data-href"
		}
		if w.add("<a"); tag == "img" {
			tag, attr = "a", ""
		}
		w.attr(name, dest)
	} else {
		w.add("<", t.Name)
	}
	if !old {
		w.id(t.ID())
	}
	if old {
		attr = strings.Replace(attr, ` role="doc-noteref"`, "", 1)
	}
	w.add(attr, ">")
	o.end = "</" + tag + ">"
	w.open = append(w.open, o)
}

func (w *writer) openMark(m redline.Mark, number bool, class ...string) {
	name, begin, end := "ins", w.s.Insertion, w.s.InsertionEnd
	switch m {
	case redline.Deleted:
		name, begin, end = "del", w.s.Deletion, w.s.DeletionEnd
	case redline.MovedHere:
		begin, end = w.s.MovedHere, w.s.MovedHereEnd
	case redline.MovedAway:
		name, begin, end = "del", w.s.MovedAway, w.s.MovedAwayEnd
	}
	w.add("<", name)
	if m == redline.MovedHere || m == redline.MovedAway {
		class = append(class, "moved")
	}
	if w.reset {
		class = append(class, "reset")
	}
	if len(class) > 0 {
		w.attr("class", strings.Join(class, " "))
	}
	if w.move > 0 {
		w.attr("data-moved", strconv.Itoa(w.move))
	}
	if number {
		w.add(" data-number")
	}
	w.say("data-say", begin)
	w.say("data-said", end)
	w.add(">")
	w.open = append(w.open, openTag{end: "</" + name + ">"})
}

// say writes an attribute with words that a style sheet shows, most of them only to screen
// readers. No copy of the text contains them. Empty words are not written.
func (w *writer) say(name, words string) {
	if words != "" {
		w.attr(name, words)
	}
}

// words writes the words [from,to) of a passage under one mark.
func (w *writer) words(n redline.Node, m redline.Mark, from, to int, number bool) {
	if from >= to {
		return
	}
	old := m == redline.Deleted || m == redline.MovedAway
	if m == redline.Both {
		if w.moving {
			w.changes.piece("ins", n.Words[from:to])
		} else {
			w.changes.pass(n.Words[from:to])
		}
		w.row(n, from, to, 0, false, false)
		return
	}
	depth := 1 << 20
	for i := from; i < to; i++ {
		if i == from || n.Words[i].Markup != n.Words[i-1].Markup {
			depth = min(depth, w.shared(n, tags(&n.Words[i]), old))
		}
	}
	w.shut(depth)
	var class []string
	switch {
	case w.unlisted, !hasWords(n.Words[from:to]):
		if !w.unlisted {
			class = append(class, "line") // only line breaks, which need a sign
		}
		if id := w.cosmetic(); id != "" {
			w.add("<span")
			w.attr("id", id)
			w.add(" data-added></span>")
		}
	case !number && m != redline.MovedAway:
		w.changingWords(m, n.Words[from:to])
	}
	mark := len(w.open)
	w.openMark(m, number, class...)
	w.row(n, from, to, mark+1, old, true)
	w.shut(mark)
}

// row writes consecutive words. Most words have the same markup as the word before, so the
// open elements are right for them.
func (w *writer) row(n redline.Node, from, to, depth int, old, marked bool) {
	for i := from; i < to; i++ {
		v := &n.Words[i]
		if i == from && (v.Markup != nil || len(w.open) > 0) || i > from && v.Markup != n.Words[i-1].Markup ||
			v.Kind == markdown.Break || v.Kind == markdown.Image {
			w.word(n, i, depth, old, marked)
			continue
		}
		if !w.spaced {
			w.escape(v.Gap)
		}
		w.spaced = false
		w.text(v.Text, marked)
	}
}

// word writes one word. The first depth open elements stay open.
func (w *writer) word(n redline.Node, i, depth int, old, marked bool) {
	v := &n.Words[i]
	ts := tags(v)
	d := max(depth, w.shared(n, ts, old))
	w.shut(d)
	have := 0
	for _, o := range w.open {
		if o.tag != nil {
			have++
		}
	}
	if !w.spaced {
		w.escape(v.Gap)
	}
	w.spaced = false
	for _, t := range ts[min(have, len(ts)):] {
		w.openTagOf(n, t, old)
	}
	switch v.Kind {
	case markdown.Break:
		w.add("<", v.Text, ">")
	case markdown.Image:
		w.dst = n.Of.Picture(w.dst, v, w.options(old), old)
	default:
		w.text(v.Text, marked)
	}
}

// isDrawn reports whether a page shows the word i of a passage as an image. It
// shows an image without a file as words.
func isDrawn(n redline.Node, i int, s *markdown.RenderOptions) bool {
	return bytes.HasPrefix(n.Of.Picture(nil, &n.Words[i], s, false), []byte("<img"))
}

// text writes the text of words. In marked words, it names invisible characters if only
// these changed.
func (w *writer) text(s string, marked bool) {
	if !marked || !w.unseen || visible.Text(s) == s {
		w.escape(s)
		return
	}
	for i := 0; i < len(s); {
		name, size := visible.NameAt(s, i)
		w.escape(s[i : i+size])
		if name != "" {
			w.add(`<span class="sign unseen" data-added`)
			w.attr("data-sign", name)
			w.add("></span>")
		}
		i += size
	}
}

// escape writes a text with HTML escapes.
func (w *writer) escape(s string) {
	for i := range len(s) {
		switch s[i] {
		case '<', '>', '&', '\'', '"':
			w.dst = append(w.dst, html.EscapeString(s)...)
			return
		}
	}
	w.dst = append(w.dst, s...)
}

// changed writes equal words whose link target, image, or markup changed.
func (w *writer) changed(p *redline.Edit, r redline.Run) {
	was, wasLink := "", false
	if t := p.Old.Target(r.O0); t != nil {
		was, wasLink = w.leads(p.Old, t, true)
	}
	now, nowLink := "", false
	if t := p.New.Target(r.N0); t != nil {
		now, nowLink = w.leads(p.New, t, false)
	}
	oldKey, newKey := p.Old.Markup(r.O0), p.New.Markup(r.N0)
	if was == now && wasLink == nowLink && oldKey == newKey && r.Op != redline.OpImage {
		w.words(p.New, redline.Both, r.N0, r.N1, false)
		return
	}
	w.shut(w.floor())
	if !w.spaced {
		w.add(html.EscapeString(p.New.Words[r.N0].Gap))
	}
	w.add("<span")
	w.spaced = true
	if r.Op == redline.OpImage {
		w.add(` class="reset"`)
		file, _ := p.Old.Of.Address(p.Old.Picture(r.O0), &w.old)
		w.attr("data-src-was", file)
	}
	if was != now || wasLink != nowLink {
		w.attr("data-href-was", was)
	}
	if oldKey != newKey {
		w.attr("data-markup-was", oldKey)
	}
	if was != now || wasLink != nowLink {
		w.say("data-said", w.s.LinkChanged)
	} else {
		w.say("data-said", w.s.StyleChanged)
	}
	if id := w.cosmetic(); id != "" {
		w.attr("id", id)
	}
	w.add(">")
	if !w.moving {
		w.changes.pass(p.New.Words[r.N0:r.N1])
	}
	mark := len(w.open)
	w.open = append(w.open, openTag{end: "</span>"})
	for i := r.N0; i < r.N1; i++ {
		w.word(p.New, i, mark+1, false, false)
	}
	w.shut(mark)
}

// space writes an equal word whose white space before it was added, removed, or, in code,
// changed.
func (w *writer) space(p *redline.Edit, r redline.Run) {
	w.shut(w.shared(p.New, tags(&p.New.Words[r.N0]), false))
	for _, side := range []struct {
		m   redline.Mark
		gap string
	}{{redline.Deleted, p.Old.Words[r.O0].Gap}, {redline.Inserted, p.New.Words[r.N0].Gap}} {
		if side.gap == "" {
			continue
		}
		mark := len(w.open)
		w.openMark(side.m, false)
		w.add(html.EscapeString(side.gap))
		w.shut(mark)
	}
	w.spaced = true
	w.changed(p, r)
}

func (w *writer) add(parts ...string) {
	for _, p := range parts {
		w.dst = append(w.dst, p...)
	}
}

// attr writes an attribute.
func (w *writer) attr(name, value string) {
	w.add(" ", name, `="`, html.EscapeString(value), `"`)
}

func (w *writer) id(id string) {
	if id != "" && !w.ids[id] {
		w.ids[id] = true
		w.attr("id", id)
	}
}

func (w *writer) tail(n redline.Node) { w.dst = n.Of.Fill(w.dst, n.Tail, &w.s.RenderOptions) }

// enter starts the words of a passage.
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
		w.add(html.EscapeString(p.Old.Words[r.O0].Gap)) // for the old text, which has words before it
	}
	if r.O0 < r.O1 && r.N0 > 0 && r.N0 < r.N1 && r.Op != redline.OpReplace && r.Op != redline.OpNumber && !w.spaced &&
		p.New.Words[r.N0-1].Kind == markdown.Break {
		switch was, is := p.Old.Words[r.O0].Gap, p.New.Words[r.N0].Gap; {
		case is == "" && was != "":
			w.add(" ") // after the new line break, for the old text
		case is != "" && was == "" && r.O0 > 0 && p.Old.Words[r.O0-1].Kind != markdown.Break:
			w.shut(w.floor())
			w.add(`<ins class="space"> </ins>`)
			w.spaced = true
		}
	}
	switch r.Op {
	case redline.OpEqual:
		w.words(p.New, redline.Both, r.N0, r.N1, false)
	case redline.OpLink, redline.OpMarkup:
		w.changed(p, r)
	case redline.OpImage:
		if !isDrawn(p.Old, r.O0, &w.old) && !isDrawn(p.New, r.N0, &w.s.RenderOptions) {
			w.changed(p, r) // both are shown as words
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
	if w.undrawn(p, r) {
		return
	}
	olds, news := p.Old.Words[r.O0:r.O1], p.New.Words[r.N0:r.N1]
	gone, come := len(olds) > 0 && olds[0].Gap == " ", len(news) > 0 && news[0].Gap == " "
	if len(olds) > 0 && !gone && olds[0].Gap != "" || len(news) > 0 && !come && news[0].Gap != "" {
		gone, come = false, false // an unusual space is marked with the word
	}
	if gone || come {
		depth := 1 << 20
		if gone {
			depth = min(depth, w.shared(p.Old, tags(&olds[0]), true))
		}
		if come {
			depth = min(depth, w.shared(p.New, tags(&news[0]), false))
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
	w.unseen = r.Hidden(p.Old, p.New)
	w.unlisted = w.unseen && r.Cosmetic(p.Old, p.New)
	w.words(p.Old, redline.Deleted, r.O0, r.O1, r.Op == redline.OpNumber)
	if gone && come || r.O0 == 0 && r.N0 == 0 && len(olds)*len(news) > 0 { // separates them in copies of the text
		w.shut(w.floor())
		w.add("<span data-added> </span>")
	}
	w.spaced = w.spaced || come && len(olds) > 0
	w.words(p.New, redline.Inserted, r.N0, r.N1, r.Op == redline.OpNumber)
	w.unseen, w.unlisted = false, false
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

// breakMark writes a mark where a passage was divided or joined. A style sheet shows its sign.
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

// undrawn writes a replaced image word by word if the page shows the old and the new one as
// words. It reports whether it did.
func (w *writer) undrawn(p *redline.Edit, r redline.Run) bool {
	if r.O1-r.O0 != 1 || r.N1-r.N0 != 1 || p.Old.Words[r.O0].Kind != markdown.Image ||
		p.New.Words[r.N0].Kind != markdown.Image ||
		isDrawn(p.Old, r.O0, &w.old) || isDrawn(p.New, r.N0, &w.s.RenderOptions) {
		return false
	}
	olds, news := redline.ImageWords(p.Old.Words[r.O0]), redline.ImageWords(p.New.Words[r.N0])
	least := min(len(olds), len(news))
	head, tail := 0, 0
	for head < least && olds[head].Text == news[head].Text {
		head++
	}
	for tail < least-head && olds[len(olds)-1-tail].Text == news[len(news)-1-tail].Text {
		tail++
	}
	o, n := len(olds)-tail, len(news)-tail
	words := &redline.Edit{
		Old: p.Old.In(&markdown.Passage{Kind: p.Old.Kind, Words: olds}),
		New: p.New.In(&markdown.Passage{Kind: p.New.Kind, Words: news}),
	}
	for _, run := range []redline.Run{
		{Op: redline.OpEqual, O1: head, N1: head},
		{Op: redline.OpReplace, O0: head, O1: o, N0: head, N1: n},
		{Op: redline.OpEqual, O0: o, O1: len(olds), N0: n, N1: len(news)},
	} {
		if run.O0 < run.O1 || run.N0 < run.N1 {
			w.run(words, run)
		}
	}
	return true
}
