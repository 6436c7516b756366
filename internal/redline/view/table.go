package view

import (
	"bytes"
	"strconv"
	"strings"

	"golang.org/x/net/html"

	"github.com/privgen/privgen/internal/redline"
)

// This file writes a redline as a table: the old text of each clause beside the new one.

// TableOptions has the program's own words in a table, as plain text.
type TableOptions struct {
	Before, After  string // the headings of the columns
	Added, Removed string // in the empty cell of an added or removed clause
}

// Table appends a redline to dst as a table with two columns: the old and the new text. It
// has a row for each clause in which words or the clause's number changed, with the blocks
// that changed and one block on each side of these. Each column has only the marks of its
// own text.
func Table(dst []byte, r *redline.Redline, s *RenderOptions, t *TableOptions) []byte {
	set := *s
	set.Unchanged, set.Permalink, set.Change = "", "", nil
	w := &writer{s: &set, old: set.RenderOptions, ids: map[string]bool{}, table: true}
	if s.Before != nil {
		w.old.Address = s.Before
	}
	b := &blocks{r: r, w: w}
	dst = append(dst, "<table class=\"versions\">\n<thead>\n<tr><th scope=\"col\">"+html.EscapeString(t.Before)+
		"</th><th scope=\"col\">"+html.EscapeString(t.After)+"</th></tr>\n</thead>\n<tbody>\n"...)
	shown := around(r.Edits)
	for _, c := range r.Groups {
		if !b.tableRow(c, shown) {
			continue
		}
		dst = append(dst, "<tr>\n"...)
		dst = b.side(dst, "ins", t.Added)
		dst = b.side(dst, "del", t.Removed)
		dst = append(dst, "</tr>\n"...)
		w.dst = w.dst[:0]
	}
	return append(dst, "</tbody>\n</table>\n"...)
}

// tableRow writes the changed blocks of a clause and the blocks around them. It reports
// whether the clause is in the table.
func (b *blocks) tableRow(c *redline.Clause, shown []bool) bool {
	some := c.State.Has(redline.Renumbered) // as in comparisons of laws, readers look for every number
	for _, p := range b.r.Edits[c.First:c.Last] {
		some = some || changesWords(p)
	}
	if !some {
		return false
	}
	b.begins(c)
	for i := c.First; i < c.Last; {
		to := i
		show := func(i int) bool { return shown[i] || i == c.First && b.r.Edits[i].IsHeading() }
		for to < c.Last && show(to) == show(i) {
			to++
		}
		if show(i) {
			b.top(i, to)
		} else {
			b.w.add("<p>…</p>\n")
		}
		i = to
	}
	return true
}

// side appends a cell with the blocks of b.w, without the elements of one mark. If no text is
// left, the cell has the word empty.
func (b *blocks) side(dst []byte, without, empty string) []byte {
	dst = append(dst, "<td>\n"...)
	from := len(dst)
	if dst = oneSide(dst, b.w.dst, without); !hasText(dst[from:]) {
		dst = append(dst[:from], "<p>("+html.EscapeString(empty)+")</p>\n"...)
	}
	return append(dst, "</td>\n"...)
}

// hasText reports whether HTML has words or an image.
func hasText(text []byte) bool {
	for in := html.NewTokenizer(bytes.NewReader(text)); ; {
		switch kind := in.Next(); kind {
		case html.ErrorToken: // the end
			return false
		case html.TextToken:
			if len(bytes.TrimSpace(in.Raw())) > 0 {
				return true
			}
		case html.StartTagToken:
			if name, _ := in.TagName(); string(name) == "img" {
				return true
			}
		}
	}
}

// An opened is an open element.
type opened struct {
	name    string
	numbers []string // on the old side, the numbers of the next items of a list
}

// oneSide appends the HTML of a redline without the elements of one mark, ins or del, and
// without elements that a page adds. Without ins, it is the old side: lists have their old
// numbers, and there are no ids, since the new side has them.
func oneSide(dst, text []byte, without string) []byte {
	var stack []opened
	skipped := 0 // how many omitted elements are open
	for in := html.NewTokenizer(bytes.NewReader(text)); ; {
		kind := in.Next()
		tag := bytes.Clone(in.Raw())
		element, _ := in.TagName()
		name := string(element)
		switch {
		case kind == html.ErrorToken: // the end
			return dst
		case kind == html.TextToken:
			if skipped == 0 {
				dst = append(dst, tag...)
			}
		case kind == html.EndTagToken && skipped > 0:
			skipped--
		case kind == html.EndTagToken && len(stack) > 0:
			dst = append(dst, "</"+stack[len(stack)-1].name+">"...)
			stack = stack[:len(stack)-1]
		case skipped > 0 || leftOut(name, tag, without):
			if !isVoid(name) {
				skipped++
			}
		default:
			now := opened{name: name}
			var numbers string
			if numbers, tag = take(tag, "data-numbers"); without == "ins" {
				now.numbers = strings.Fields(numbers)
				tag = now.old(tag, stack)
			}
			if dst = append(dst, tag...); !isVoid(name) {
				stack = append(stack, now)
			}
		}
	}
}

func leftOut(name string, tag []byte, without string) bool {
	return name == without || bytes.Contains(tag, []byte(` data-mark="`+without+`"`)) ||
		bytes.Contains(tag, []byte(" data-added"))
}

// old returns a tag with the element and the number of the old text, and without id.
func (e *opened) old(tag []byte, stack []opened) []byte {
	was, tag := take(tag, "data-was")
	_, tag = take(tag, "id")
	switch e.name {
	case "ol", "ul", "h1", "h2", "h3", "h4", "h5", "h6":
		if was != "" && !strings.Contains(was, " ") && was != "p" {
			tag = append([]byte("<"+was), tag[1+len(e.name):]...)
			e.name = was
		}
	case "li":
		if len(stack) == 0 || len(stack[len(stack)-1].numbers) == 0 {
			break
		}
		list := &stack[len(stack)-1]
		_, tag = take(tag, "value")
		tag = append([]byte(`<li value="`+list.numbers[0]+`"`), tag[len("<li"):]...)
		list.numbers = list.numbers[1:]
	}
	return tag
}

// take returns the value of an attribute, and the tag without it.
func take(tag []byte, name string) (string, []byte) {
	before, rest, ok := bytes.Cut(tag, []byte(" "+name+`="`))
	if !ok {
		return "", tag
	}
	value, after, _ := bytes.Cut(rest, []byte(`"`))
	return string(value), append(append([]byte{}, before...), after...)
}

// numbered adds the old numbers of its items to the tag of a list, for Table.
func (b *blocks) numbered(p *redline.Edit) {
	if !b.w.table || p.Mark != redline.Both || p.Old.Passage == nil {
		return
	}
	list := make([]string, 0, len(p.Old.Kids))
	for _, n := range p.Old.Numbers() {
		list = append(list, strconv.Itoa(n))
	}
	if len(list) > 0 {
		b.w.attr("data-numbers", strings.Join(list, " "))
	}
}
