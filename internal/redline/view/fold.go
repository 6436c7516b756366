package view

import (
	"bytes"
	"cmp"
	"html"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"github.com/privgen/privgen/internal/markdown"
	"github.com/privgen/privgen/internal/redline"
)

// This file finds and writes what a page collapses or omits: the blocks in which no words
// changed, except one block on each side of a change. A block is a top-level passage, an
// item of a list, or a row of a table.

const (
	longContext = 60 // a list or table with more words is not shown as context of a change
	shortFold   = 12 // collapsing so few words or fewer saves no space
)

// changesWords reports whether an edit has changes that a page lists: more than
// links, formatting, line breaks, and the numbers of headings.
func changesWords(p *redline.Edit) bool {
	switch {
	case p.Mark != redline.Both:
		return true
	case p.Alike:
		return false
	case p.Merged != nil:
		return mergedChanges(p.Merged)
	case hasNewNumbers(p):
		return true
	}
	return slices.ContainsFunc(p.Kids, changesWords) || slices.ContainsFunc(p.Runs,
		func(r redline.Run) bool { return changesWordsIn(p.Old, p.New, r) })
}

func mergedChanges(v *redline.Merged) bool {
	if v.Inserted || len(v.Gone)+len(v.After) > 0 {
		return true
	}
	return slices.ContainsFunc(v.Kids, mergedChanges) || slices.ContainsFunc(v.Events,
		func(e redline.Event) bool { return !e.IsCut() && changesWordsIn(e.Old, v.Node, e.Run) })
}

func changesWordsIn(o, n redline.Node, r redline.Run) bool {
	return r.Op == redline.OpImage || r.Op == redline.OpReplace && !r.Cosmetic(o, n)
}

// hasNewNumbers reports whether numbers of list items changed.
func hasNewNumbers(p *redline.Edit) bool {
	_, _, first := p.Renumbered()
	return first != nil
}

// hasWords reports whether any of the words is not a line break.
func hasWords(ws []markdown.Word) bool {
	return slices.ContainsFunc(ws, func(w markdown.Word) bool { return w.Kind != markdown.Break })
}

// around reports for each edit whether it is shown: edits with changes, and the one on each
// side of these if it is not too long.
func around(ps []*redline.Edit) []bool {
	out := make([]bool, len(ps))
	last := -2
	for i, p := range ps {
		changed := changesWords(p)
		if out[i] = changed; !changed {
			out[i] = last == i-1 && isContext(p) && !p.IsHeading()
			continue
		}
		if last = i; i > 0 && !out[i-1] {
			out[i-1] = isContext(ps[i-1])
		}
	}
	return out
}

// isContext reports whether an unchanged edit is short enough to be shown with a
// change beside it.
func isContext(p *redline.Edit) bool {
	n := p.Shown()
	return n.Kind.Leaf() || n.Count <= longContext
}

// headings calls show with the index of each clause whose heading is shown: clauses of
// which something is shown, and all clauses that contain them.
func headings(r *redline.Redline, some func(i int) bool, show func(i int)) {
	below, belowNew := 0, 0 // the levels of the next shown heading, and of the next shown one of the new text
	for i, c := range slices.Backward(r.Groups) {
		p := r.Edits[c.First]
		if p.IsHeading() && (some(i) || p.Level < below || p.Level < belowNew) {
			show(i)
			if below = p.Level; p.InNew() {
				belowNew = p.Level
			}
		}
	}
}

// shownEdits reports for each edit of the redline whether it is shown. With a block, the
// heading of its clause is shown, and the headings of the clauses that contain it. The
// title is always shown.
func shownEdits(r *redline.Redline) []bool {
	out := around(r.Edits)
	headings(r, func(i int) bool {
		return slices.Contains(out[r.Groups[i].First:r.Groups[i].Last], true)
	}, func(i int) { out[r.Groups[i].First] = true })
	for i, p := range r.Edits {
		if n := p.Shown(); n.Element() != "h1" {
			break
		}
		out[i] = true
	}
	for from := 0; from < len(out); from++ { // show text that is too short to be collapsed
		to, words := from, 0
		for to < len(out) && !out[to] {
			words += r.Edits[to].Shown().Count
			to++
		}
		if words <= shortFold {
			for i := from; i < to; i++ {
				out[i] = true
			}
		}
		from = max(from, to)
	}
	for from := 0; from < len(out); from++ { // merged passages, and those without an element, stay together
		to, some := from, false
		for to < len(out) && (r.Edits[to].Merged != nil || r.Edits[to].Shown().Element() == "") {
			some = some || out[to]
			to++
		}
		for i := from; i < to && some; i++ {
			out[i] = true
		}
		from = max(from, to)
	}
	return out
}

// isBlock reports whether an edit is an element that is not a heading.
func isBlock(p *redline.Edit) bool { return !p.IsHeading() && p.Shown().Element() != "" }

// foldsKids reports whether the passages in an edit are collapsed one by one: the items of a
// list, the rows of a table body, and the blocks in a quote, div, or section, if all of
// them are elements.
func foldsKids(p *redline.Edit) bool {
	switch n := p.New; n.Kind {
	case markdown.List, markdown.Quote:
	case markdown.Rows:
		if n.Tag != "tbody" {
			return false
		}
	case markdown.Box:
		if n.Tag != "div" && n.Tag != "section" {
			return false
		}
	default:
		return false
	}
	return !slices.ContainsFunc(p.Kids, func(k *redline.Edit) bool { return k.Shown().Element() == "" })
}

// folded writes the redline with unchanged text collapsed or omitted.
func (b *blocks) folded(r *redline.Redline) {
	shown := shownEdits(r)
	var gap []*redline.Clause // the clauses with hidden blocks since the last shown block
	for _, c := range r.Groups {
		b.begins(c)
		for i := c.First; i < c.Last; {
			to := i
			for to < c.Last && shown[to] == shown[i] {
				to++
			}
			if shown[i] {
				b.unfold(&gap)
				b.top(i, to)
			} else {
				if len(gap) == 0 && b.w.s.Permalink == "" {
					b.gapOf(hidden(r, shown, i))
					b.w.add("<div data-kept>\n")
				}
				if gap = append(gap, c); b.w.s.Permalink == "" {
					b.top(i, to)
				}
			}
			i = to
		}
	}
	b.unfold(&gap)
}

// unfold ends collapsed text, or writes links to the clauses of omitted text.
func (b *blocks) unfold(gap *[]*redline.Clause) {
	switch {
	case len(*gap) == 0:
	case b.w.s.Permalink == "":
		b.w.add("</div>\n")
	default:
		b.w.add(`<p class="gap" data-gap data-added>`, html.EscapeString(b.w.s.Unchanged), ": ")
		for i, c := range *gap {
			if i > 0 {
				b.w.add(" · ")
			}
			b.w.add("<a")
			b.w.attr("href", b.w.s.Permalink+b.w.s.Fragment(c.ID))
			b.w.escapeTo(b.titleOf(c))
		}
		b.w.add("</p>\n")
	}
	*gap = nil
}

// leadOut changes links within the text to links to the permalink if their target is
// omitted.
func (b *blocks) leadOut() {
	const link = ` href="#`
	permalink := html.EscapeString(b.w.s.Permalink)
	page := b.w.dst
	var out []byte // the page up to from, or nil if no link has changed
	from := 0
	for at := 0; ; {
		i := bytes.Index(page[at:], []byte(link))
		if i < 0 {
			break
		}
		if at += i + len(link); bytes.HasPrefix(page[at:], []byte("pg:")) {
			continue
		}
		name := string(page[at : at+max(0, bytes.IndexByte(page[at:], '"'))])
		if own, err := url.PathUnescape(name); err == nil && !b.w.ids[own] && !b.w.ids[name] {
			out = append(append(slices.Grow(out, len(page)-from), page[from:at-1]...), permalink...)
			if from = at - 1; at <= b.title {
				b.title += len(permalink)
			}
		}
	}
	if out != nil {
		b.w.dst = append(out, page[from:]...)
	}
}

func (b *blocks) titleOf(c *redline.Clause) string {
	return cmp.Or(strings.TrimSpace(c.Title), b.w.s.Beginning)
}

// hidden returns the first and the last clause of the blocks that are collapsed together,
// beginning with the block i.
func hidden(r *redline.Redline, shown []bool, i int) (first, last *redline.Clause) {
	for _, c := range r.Groups {
		if c.Last <= i {
			continue
		}
		if first == nil {
			first = c
		}
		for ; i < c.Last; i++ {
			if shown[i] {
				return first, last
			}
			last = c
		}
	}
	return first, last
}

// gapOf writes the checkbox that shows the collapsed blocks of some clauses.
func (b *blocks) gapOf(first, last *redline.Clause) {
	words := b.w.s.Unchanged
	if first != last || folds(b.r, first) {
		if words += ": " + b.titleOf(first); first != last {
			words += " – " + b.titleOf(last)
		}
	}
	b.w.add(`<p class="gap" data-added>`)
	b.toggle(words)
	b.w.add("</p>\n")
}

func (b *blocks) toggle(words string) {
	b.w.add(`<label><input type="checkbox"> `, html.EscapeString(words), "</label>")
}

// escapeTo ends the opening tag of a link, and writes its words.
func (w *writer) escapeTo(words string) { w.add(">", html.EscapeString(words), "</a>") }

// kids writes the passages in an edit. If foldsKids reports true, unchanged ones are
// collapsed or omitted.
func (b *blocks) kids(p *redline.Edit) {
	if b.w.s.Unchanged == "" || b.w.moving || !foldsKids(p) {
		for i, k := range p.Kids {
			if p.New.Kind == markdown.Row && i > 0 {
				b.w.changes.row = firstWords(p.New)
			}
			b.edit(k)
		}
		if p.New.Kind == markdown.Row {
			b.w.changes.row = nil
		}
		return
	}
	shown, numbers := around(p.Kids), p.New.Numbers()
	gap, news := false, 0
	for i, k := range p.Kids {
		if shown[i] {
			if gap && b.w.s.Permalink != "" && news < len(numbers) {
				b.value = strconv.Itoa(numbers[news])
			}
			b.edit(k)
		} else if !gap {
			b.gapIn(p)
		}
		if gap = !shown[i]; k.InNew() {
			news++
		}
		if b.w.s.Permalink == "" && gap {
			b.kept = true
			b.edit(k)
		}
	}
}

// firstWords returns the first words of the first cell of a row.
func firstWords(row redline.Node) []markdown.Word {
	p := row.Passage
	for !p.Kind.Leaf() && len(p.Kids) > 0 {
		p = p.Kids[0]
	}
	return p.Words[:min(len(p.Words), 2*leadWords)]
}

// gapIn writes an element in place of collapsed or omitted blocks. Collapsed items have one
// checkbox before their list instead: see begin.
func (b *blocks) gapIn(p *redline.Edit) {
	name, inner, end := "p", "", ""
	switch p.New.Kind {
	case markdown.List:
		if name = "li"; b.w.s.Permalink == "" {
			return
		}
	case markdown.Rows:
		cells := 1
		for _, k := range p.Kids {
			cells = max(cells, len(k.Shown().Kids))
		}
		name, inner, end = "tr", `<td colspan="`+strconv.Itoa(cells)+`">`, "</td>"
	}
	b.w.add("<", name, ` class="gap"`)
	if b.w.s.Permalink != "" {
		b.w.add(" data-gap data-added>", inner, html.EscapeString(b.w.s.Unchanged), end)
	} else {
		b.w.add(" data-added>", inner)
		b.toggle(b.w.s.Unchanged)
		b.w.add(end)
	}
	b.w.add("</", name, ">\n")
}

// foldsItems reports whether items of a list are collapsed.
func (b *blocks) foldsItems(p *redline.Edit) bool {
	return b.w.s.Unchanged != "" && b.w.s.Permalink == "" && !b.w.moving && foldsKids(p) &&
		slices.Contains(around(p.Kids), false)
}
