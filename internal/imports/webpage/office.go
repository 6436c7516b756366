package webpage

import (
	"cmp"
	"slices"
	"strconv"
	"strings"

	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"

	"github.com/privgen/privgen/internal/lazyregexp"
)

// This file changes pages that word processors save: titles, lists written as
// paragraphs with a marker and an indent, and footnotes written as pairs of links.

// office changes a page of a word processor into plain elements.
func office(doc *html.Node) {
	isTitle := func(n *html.Node) bool { return n.DataAtom == atom.P && hasClass(n, "MsoTitle") }
	for _, n := range find(isTitle, doc) {
		rename(n, atom.H1)
	}
	for _, n := range find(func(n *html.Node) bool { return attr(n, "id") == "title-block-header" }, doc) {
		n.Attr = nil // pandoc writes the title of a document there, and headings of the same level below it
		rename(n, atom.Div)
		for _, h := range find(func(h *html.Node) bool { return isHeading(h) && h.Parent != n }, doc) {
			rename(h, [...]atom.Atom{atom.H2, atom.H3, atom.H4, atom.H5, atom.H6, atom.H6}[heading(h)-1])
		}
	}
	for _, n := range find(is(atom.Ol), doc) {
		numberHeadings(n)
	}
	var last *itemOfWord
	for _, p := range find(is(atom.P), doc) {
		if item := wordItem(p); item != nil {
			item.place(last)
			last = item
		}
	}
	collectNotes(doc)
}

// numberHeadings removes a list around items that all begin with headings, and adds
// the numbers to the headings as text. pandoc writes numbered headings of Word as such
// a list.
func numberHeadings(list *html.Node) {
	items := elements(list)
	if len(items) == 0 || slices.ContainsFunc(children(list), func(n *html.Node) bool {
		return n.Type == html.TextNode && collapse(n.Data) != ""
	}) {
		return
	}
	for _, li := range items {
		if in := elements(li); li.DataAtom != atom.Li || len(in) == 0 || heading(in[0]) == 0 ||
			blockBefore(in[0]) != nil || in[0].PrevSibling != nil && collapse(words(in[0].PrevSibling)) != "" {
			return
		}
	}
	for c, i := newCounter(list), 0; i < len(items); i++ {
		n := c.next(items[i])
		label := cmp.Or(c.label(n), strconv.Itoa(n)+".")
		title := elements(items[i])[0]
		title.InsertBefore(newText(label+" "), title.FirstChild)
		for _, k := range children(items[i]) {
			items[i].RemoveChild(k)
			list.Parent.InsertBefore(k, list)
		}
	}
	list.Parent.RemoveChild(list)
}

// An itemOfWord is a paragraph that is an item of a list.
type itemOfWord struct {
	p, li  *html.Node
	above  *itemOfWord // the item that contains its list, or nil
	marker string
	indent float64 // in points, or the level
}

var (
	spacer     = lazyregexp.New(`font:\s*7(\.0)?pt`)
	itemMarker = lazyregexp.New(`^(?:[•·o§▪●○■–-]|\(?(?:[0-9]{1,3}|[A-Za-z]|[ivxIVX]{1,5})(?:\.[0-9]{1,3})*[.)]{0,2})$`)
	bullet     = lazyregexp.New(`^[•·o§▪●○■–-]$`)
	levelStyle = lazyregexp.New(`mso-list:\s*l\d+\s+level(\d)`)
	leftStyle  = lazyregexp.New(`margin-left:\s*([\d.]+)(in|pt|cm|px)`)
)

// wordItem removes the marker from a paragraph of Word that is an item of a list, and
// returns the item, or nil. A blank in a small font separates the marker from the words.
func wordItem(p *html.Node) *itemOfWord {
	isSpacer := func(n *html.Node) bool { return n.DataAtom == atom.Span && spacer().MatchString(attr(n, "style")) }
	blanks := find(isSpacer, p)
	if len(blanks) == 0 || strings.Trim(words(blanks[0]), " \u00a0\n\t") != "" {
		return nil
	}
	var before []*html.Node
	open := true
	walk(p, func(n *html.Node) bool {
		if open = open && n != blanks[0]; open && n.Type == html.TextNode {
			before = append(before, n)
		}
		return open
	})
	marker := ""
	for _, n := range before {
		marker += n.Data
	}
	if marker = strings.TrimSpace(marker); !itemMarker().MatchString(marker) {
		return nil
	}
	for _, n := range append(before, blanks[0]) {
		n.Parent.RemoveChild(n)
	}
	item := &itemOfWord{p: p, marker: marker, indent: 36}
	style := attr(p, "style")
	if m := levelStyle().FindStringSubmatch(style); m != nil {
		item.indent, _ = strconv.ParseFloat(m[1], 64) // a digit
	} else if m := leftStyle().FindStringSubmatch(style); m != nil {
		item.indent, _ = strconv.ParseFloat(m[1], 64) // 0 if it is not a number
		item.indent *= map[string]float64{"in": 72, "cm": 28.35, "px": 0.75, "pt": 1}[m[2]]
	}
	return item
}

// place moves an item into the list of the last item, into a list below it, or into a
// new list.
func (item *itemOfWord) place(last *itemOfWord) {
	item.li = newElement(atom.Li, slices.Clone(item.p.Attr)...)
	tag := atom.Ol
	number := strings.TrimRight(item.marker, ".)")
	if bullet().MatchString(item.marker) {
		tag = atom.Ul
	} else if onlyDigits(number) {
		setAttr(item.li, "value", number)
	} else { // Markdown has no such counters
		tag = atom.Ul
		item.li.AppendChild(newText(item.marker + " "))
	}
	for _, c := range children(item.p) {
		item.p.RemoveChild(c)
		item.li.AppendChild(c)
	}
	top := last
	for ; last != nil && last.indent > item.indent; last = last.above {
	}
	list := newElement(tag)
	for top != nil && top.above != nil {
		top = top.above
	}
	follows := top != nil && blockBefore(item.p) == top.li.Parent
	switch {
	case follows && last != nil && last.indent == item.indent && last.li.Parent.DataAtom == tag:
		item.above, list = last.above, last.li.Parent
	case follows && last != nil && last.indent < item.indent:
		item.above = last
		last.li.AppendChild(list)
	case follows && last != nil && last.above != nil:
		item.above = last.above
		last.above.li.AppendChild(list)
	default:
		item.p.Parent.InsertBefore(list, item.p)
	}
	list.AppendChild(item.li)
	item.p.Parent.RemoveChild(item.p)
}

// collectNotes moves the footnotes of a word processor into a list of footnotes. A
// note is a block that begins with a link back to the link that leads to it.
func collectNotes(doc *html.Node) {
	named := map[string]*html.Node{}
	order := map[*html.Node]int{}
	var links []*html.Node
	for i, n := range find(isElement, doc) {
		order[n] = i
		for _, key := range []string{"id", "name"} {
			if id := attr(n, key); id != "" && named[id] == nil {
				named[id] = n
			}
		}
		if isLocal(n) {
			links = append(links, n)
		}
	}
	targetOf := func(a *html.Node) *html.Node {
		n := named[attr(a, "href")[1:]]
		if n == nil || n.DataAtom == atom.A {
			return n
		}
		if inner := find(isLocal, n); len(inner) == 1 {
			return inner[0]
		}
		return nil
	}
	var box *html.Node
	for _, ref := range links {
		back := targetOf(ref)
		if back == nil || back == ref || order[back] < order[ref] || !isLocal(back) || targetOf(back) != ref ||
			len([]rune(textOf(back))) > 6 || within(back, isNoteBox) {
			continue
		}
		note := noteOf(back)
		if note == nil {
			continue
		}
		if box == nil {
			box = newElement(atom.Ol, html.Attribute{Key: "class", Val: "footnotes"})
			note.Parent.InsertBefore(box, note)
			removeRules(box)
		}
		li := newElement(atom.Li, html.Attribute{Key: "id", Val: attr(ref, "href")[1:]})
		note.Parent.RemoveChild(note)
		back.Parent.RemoveChild(back)
		setText(ref, strconv.Itoa(len(children(box))+1)) // as the note is numbered
		li.AppendChild(note)
		box.AppendChild(li)
	}
}

// isLocal reports whether an element is a link within the page.
func isLocal(n *html.Node) bool {
	return n.DataAtom == atom.A && strings.HasPrefix(attr(n, "href"), "#")
}

// removeRules removes the horizontal rules and line breaks before a list of footnotes.
func removeRules(n *html.Node) {
	for n.Parent.DataAtom == atom.Div && blockBefore(n) == nil {
		n = n.Parent
	}
	for r := blockBefore(n); r != nil && (r.DataAtom == atom.Hr || r.DataAtom == atom.Br); r = blockBefore(n) {
		r.Parent.RemoveChild(r)
	}
}

// noteOf returns the block of a note that begins with a link: its paragraph, or the
// element around it if that has no other note. It returns nil if words come before.
func noteOf(back *html.Node) *html.Node {
	block := back
	for block.Parent != nil && !isBlock(block) {
		block = block.Parent
	}
	if block.DataAtom != atom.P && block.DataAtom != atom.Div && block.DataAtom != atom.Li ||
		!strings.HasPrefix(strings.TrimSpace(words(block)), strings.TrimSpace(words(back))) {
		return nil
	}
	if d := block.Parent; d != nil && d.DataAtom == atom.Div && attr(d, "id") != "" &&
		textOf(d) != "" && first(d, "*") == block {
		return d
	}
	return block
}
