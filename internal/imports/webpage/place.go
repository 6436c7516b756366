package webpage

import (
	"fmt"
	"slices"
	"strconv"
	"strings"

	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"

	"github.com/privgen/privgen/internal/lazyregexp"
	"github.com/privgen/privgen/internal/markdown"
	"github.com/privgen/privgen/internal/source"
)

// This file resolves links within the page. In a policy only headings have ids, so
// a link to another element leads to the heading above it. This file also finds
// footnotes.

// places has the ids of a page's headings.
type places struct {
	of       map[string]*html.Node // the heading of an id
	id       map[*html.Node]string // the id of a heading, its own or one that a link uses
	headings []*html.Node          // in the order of the page
	order    []*html.Node          // in the order they were written
	other    map[*html.Node]bool   // lists with the alternative marker
}

func findPlaces(roots []*html.Node) *places {
	p := &places{of: map[string]*html.Node{}, id: map[*html.Node]string{}, other: map[*html.Node]bool{}}
	linked := map[string]bool{}
	for _, a := range find(isLocal, roots...) {
		linked[attr(a, "href")[1:]] = true
	}
	var last *html.Node
	var waiting []string // ids since the last words; they belong to the next heading if no words are before it
	var anchors []string // those of elements that are usually link targets
	for _, r := range roots {
		walk(r, func(n *html.Node) bool {
			switch {
			case n.Type == html.TextNode && strings.TrimSpace(n.Data) != "":
				p.lead(waiting, last)
				waiting, anchors = nil, nil
			case n.Type != html.ElementNode:
			case heading(n) > 0 && strings.TrimSpace(words(n)) != "":
				last = n
				p.headingIDs(n, waiting, anchors, linked)
				waiting, anchors = nil, nil
				return false
			default:
				waiting = append(waiting, idsOf(n)...)
				if n.DataAtom == atom.A || n.DataAtom == atom.Section || n.FirstChild == nil {
					anchors = append(anchors, idsOf(n)...)
				}
			}
			return true
		})
	}
	p.lead(waiting, last)
	return p
}

func idsOf(n *html.Node) (ids []string) {
	for _, key := range []string{"id", "name"} {
		if v := attr(n, key); v != "" && (key == "id" || n.DataAtom == atom.A) {
			ids = append(ids, v)
		}
	}
	return ids
}

func (p *places) lead(ids []string, to *html.Node) {
	for _, id := range ids {
		if p.of[id] == nil && to != nil {
			p.of[id] = to
		}
	}
}

// headingIDs chooses the id of a heading: one that a link of the page uses, or its
// own, or that of an anchor in or before it.
func (p *places) headingIDs(n *html.Node, waiting, anchors []string, linked map[string]bool) {
	p.headings = append(p.headings, n)
	own := idsOf(n)
	var inner []string
	for k := range n.Descendants() {
		inner = append(inner, idsOf(k)...)
	}
	all := slices.Concat(own, inner, waiting)
	p.lead(all, n)
	for _, list := range [][]string{
		slices.DeleteFunc(slices.Clone(all), func(id string) bool { return !linked[id] }), own, inner, anchors,
	} {
		for _, id := range list {
			if plain(id) && p.of[id] == n {
				p.id[n] = id
				return
			}
		}
	}
}

// plain reports whether an id can be written in a heading's braces and has a
// meaning: ids that frameworks generate have none.
func plain(id string) bool {
	if id == "" || strings.HasPrefix(id, "fn") || strings.Contains(id, ":") {
		return false
	}
	for i, c := range id {
		letter := c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z'
		if !letter && (i == 0 || !(c >= '0' && c <= '9' || c == '-' || c == '_' || c == '.')) {
			return false
		}
	}
	return true
}

// follow returns the destination of a link, or "" if its target does not exist. A
// link to a heading gets a placeholder.
func (w *writer) follow(href string) string {
	id, ok := strings.CutPrefix(href, "#")
	if !ok {
		return href
	}
	if n := w.places.of[id]; n != nil {
		return fmt.Sprintf("#\x00%d\x00", slices.Index(w.places.headings, n))
	}
	return ""
}

// nameHeadings adds ids to headings whose default id would differ, and replaces the
// placeholders of links with the ids.
func (w *writer) nameHeadings(text string) string {
	bare := unnamed().ReplaceAllString(text, "#x")
	body, _ := w.renderer.Parse(&source.File{Name: "page", Text: []byte(bare)}, 0, markdown.Rules{DeadLinks: "keep"})
	clauses := slices.DeleteFunc(body.Clauses(), func(c markdown.Clause) bool { return c.ID == "" })
	lines := strings.Split(text, "\n")
	used := map[string]bool{}
	for _, id := range w.places.id {
		used[id] = true
	}
	from := 0
	for i, n := range w.places.order {
		id := w.places.id[n]
		given := ""
		if i < len(clauses) && len(clauses) == len(w.places.order) {
			given = clauses[i].ID
		}
		for from < len(lines) && !headingLine().MatchString(strings.TrimLeft(lines[from], "> -*0123456789.)")) {
			from++
		}
		at := from
		from++
		if id != "" && id != given && at < len(lines) && used[id] {
			lines[at] += " {#" + id + "}"
			used[id] = false
		} else {
			id = given
		}
		w.places.id[n] = id
	}
	return unnamed().ReplaceAllStringFunc(strings.Join(lines, "\n"), func(m string) string {
		i, _ := strconv.Atoi(m[2 : len(m)-1]) // digits
		return "#" + w.places.id[w.places.headings[i]]
	})
}

var headingLine = lazyregexp.New(`^#{1,6} `)

// unnamed matches the placeholder for a link to a heading. No page has a NUL.
var unnamed = lazyregexp.New("#\x00[0-9]+\x00")

// notes has the footnotes of a page.
type notes struct {
	refs  map[*html.Node]string // the label of the note that a link leads to
	backs map[*html.Node]bool   // links back from notes
	gone  map[*html.Node]bool   // the elements around notes, which are written at the end
	list  []*html.Node          // the notes, in order; their labels are numbers from 1
}

// findNotes finds footnotes by their role, or by the class that Markdown converters
// and collectNotes write.
func findNotes(roots []*html.Node) *notes {
	f := &notes{refs: map[*html.Node]string{}, backs: map[*html.Node]bool{}, gone: map[*html.Node]bool{}}
	labels := map[string]string{} // by id
	isNote := func(n *html.Node) bool { return n.DataAtom == atom.Li && attr(n, "id") != "" }
	for _, box := range find(isNoteBox, roots...) {
		for _, li := range find(isNote, box) {
			f.list = append(f.list, li)
			labels[attr(li, "id")] = strconv.Itoa(len(f.list))
		}
		f.gone[box] = len(f.list) > 0
	}
	for _, a := range find(isLocal, roots...) {
		if label := labels[attr(a, "href")[1:]]; label != "" {
			f.refs[a] = label
		} else if within(a, func(n *html.Node) bool { return f.gone[n] }) {
			sign := len([]rune(strings.TrimSpace(words(a)))) <= 3
			f.backs[a] = sign || attr(a, "role") == "doc-backlink"
		}
	}
	return f
}

// in reports whether an element has the reference of a footnote or a link back.
func (f *notes) in(n *html.Node) bool {
	return contains(n, func(k *html.Node) bool { return f.refs[k] != "" || f.backs[k] })
}

func isNoteBox(n *html.Node) bool {
	return attr(n, "role") == "doc-endnotes" || hasClass(n, "footnotes")
}

func (w *writer) noteBlocks() (out []string) {
	for i, li := range w.notes.list {
		if inner := w.blocks(li, format{}); len(inner) > 0 {
			out = append(out, prefixed(strings.Join(inner, "\n\n"), fmt.Sprintf("[^%d]: ", i+1), "    "))
		}
	}
	return out
}
