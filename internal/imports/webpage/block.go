package webpage

import (
	"fmt"
	"slices"
	"strconv"
	"strings"

	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"

	"github.com/privgen/privgen/internal/markdown"
	"github.com/privgen/privgen/internal/numbering"
)

// This file writes elements as blocks of Markdown.
//
// The well-known converters lose what a policy needs: ids of headings, definition
// lists, tables with cells that span, lists counted by letters. Their output is for
// any Markdown parser; this one knows how package markdown parses it.

// A writer writes elements as Markdown.
type writer struct {
	renderer *markdown.Renderer
	places   *places
	notes    *notes
	images   int // without words
}

func (w *writer) write(roots []*html.Node) []byte {
	var blocks []string
	for _, r := range roots {
		if isBlock(r) {
			blocks = append(blocks, w.block(r, format{})...)
		} else {
			blocks = append(blocks, w.blocks(r, format{})...)
		}
	}
	blocks = append(blocks, w.noteBlocks()...)
	text := strings.Join(blocks, "\n\n") + "\n"
	return []byte(w.nameHeadings(text))
}

// blocks writes an element's children.
func (w *writer) blocks(n *html.Node, m format) []string {
	f := flow{w: w}
	f.all(n, m)
	return f.end()
}

// A flow collects the blocks of an element. Consecutive words and inline elements
// are a paragraph, even across the elements around them.
type flow struct {
	w    *writer
	runs []run // of the current paragraph
	out  []string
}

func (f *flow) all(n *html.Node, m format) {
	for c := range n.ChildNodes() {
		f.add(c, m)
	}
}

func (f *flow) add(n *html.Node, m format) {
	switch {
	case isBlock(n):
		f.out = append(f.end(), f.w.block(n, m)...)
	case holdsBlock(n): // a link or a font around paragraphs
		f.all(n, f.w.format(n, m))
	default:
		f.runs = f.w.gather(n, m, f.runs)
	}
}

// end ends the current paragraph and returns all blocks.
func (f *flow) end() []string {
	f.out = append(f.out, f.w.paragraphs(f.runs)...)
	f.runs = nil
	return f.out
}

// paragraphs writes runs. Two line breaks start a new paragraph, as on old pages.
func (w *writer) paragraphs(runs []run) (out []string) {
	runs = tidy(runs)
	for from := 0; from < len(runs); {
		to := from
		for to < len(runs) && !(runs[to].brk && to+1 < len(runs) && runs[to+1].brk) {
			to++
		}
		if part := strip(runs[from:to]); len(part) > 0 {
			out = append(out, w.line(part, inParagraph))
		}
		for from = to; from < len(runs) && runs[from].brk; {
			from++
		}
	}
	return out
}

func (w *writer) block(n *html.Node, m format) []string {
	if level := heading(n); level > 0 {
		return w.heading(n, level, m)
	}
	if w.notes.gone[n] {
		return nil
	}
	switch n.DataAtom {
	case atom.Ul, atom.Ol, atom.Menu, atom.Dir:
		return w.list(n, m)
	case atom.Dl:
		return w.definitions(n, m)
	case atom.Table:
		return w.table(n, m)
	case atom.Pre:
		return w.pre(n)
	case atom.Blockquote:
		if inner := w.blocks(n, m); len(inner) > 0 {
			return []string{prefixed(strings.Join(inner, "\n\n"), "> ", "> ")}
		}
		return nil
	case atom.Hr:
		return []string{"* * *"}
	}
	return w.blocks(n, m)
}

// heading writes a heading on one line. Block elements in it, which are invalid,
// become part of that line.
func (w *writer) heading(n *html.Node, level int, m format) []string {
	if within(n, is(atom.Dt)) {
		return w.paragraphs(w.gather(n, format{m.style | bold, m.dest}, nil))
	}
	runs := flat(tidy(w.gather(n, format{dest: m.dest}, nil)))
	if len(runs) == 0 {
		return nil
	}
	for i := range runs {
		runs[i].style &^= bold // a heading is bold anyway
	}
	w.places.order = append(w.places.order, n)
	return []string{strings.Repeat("#", level) + " " + w.line(tidy(runs), inHeading)}
}

// prefixed adds a marker before the first line and an indent before the others.
func prefixed(s, marker, indent string) string {
	lines := strings.Split(s, "\n")
	for i, l := range lines {
		switch {
		case i == 0:
			lines[i] = marker + l
		case l == "":
			lines[i] = strings.TrimRight(indent, " ")
		default:
			lines[i] = indent + l
		}
	}
	return strings.Join(lines, "\n")
}

// list writes a list. It is loose if an item has a paragraph element.
func (w *writer) list(n *html.Node, m format) []string {
	type item struct {
		marker string
		blocks []string
	}
	var items []item
	ordered, loose, counter := n.DataAtom == atom.Ol, false, newCounter(n)
	before := blockBefore(n)
	other := before != nil && before.DataAtom == n.DataAtom && !w.places.other[before]
	w.places.other[n] = other
	stray := flow{w: w} // words outside of items
	flush := func() {
		if inner := stray.end(); len(inner) > 0 {
			items = append(items, item{mark(ordered, other, counter.next(nil)), inner})
		}
		stray.out = nil
	}
	for c := range n.ChildNodes() {
		if c.DataAtom != atom.Li {
			if (c.DataAtom == atom.Ul || c.DataAtom == atom.Ol) && len(items) > 0 {
				flush()
				last := &items[len(items)-1]
				last.blocks = append(last.blocks, w.block(c, m)...) // a list after its item, not in it
			} else {
				stray.add(c, m)
			}
			continue
		}
		flush()
		inner := w.blocks(c, m)
		number := counter.next(c)
		if len(inner) == 0 && !ordered {
			continue
		}
		if label := counter.label(number); label != "" {
			inner = labeled(inner, markdownLabel(label))
		}
		loose = loose || len(inner) > 0 && slices.ContainsFunc(children(c), is(atom.P))
		items = append(items, item{mark(ordered && !counter.letters(), other, number), inner})
	}
	flush()
	if len(items) == 0 {
		return nil
	}
	between := "\n"
	if loose {
		between = "\n\n"
	}
	lines := make([]string, len(items))
	for i, one := range items {
		indent := strings.Repeat(" ", len(one.marker))
		lines[i] = strings.TrimRight(prefixed(joinItem(one.blocks, loose), one.marker, indent), " ")
	}
	return []string{strings.Join(lines, between)}
}

// joinItem joins the blocks of an item. In a tight list, a nested list follows the
// words without a blank line.
func joinItem(blocks []string, loose bool) string {
	var b strings.Builder
	for i, s := range blocks {
		if i > 0 {
			if loose || !startsList(s) || startsList(blocks[i-1]) {
				b.WriteByte('\n')
			}
			b.WriteByte('\n')
		}
		b.WriteString(s)
	}
	return b.String()
}

func startsList(s string) bool {
	bullet := strings.HasPrefix(s, "- ") || strings.HasPrefix(s, "* ") && s != "* * *"
	return bullet || strings.HasPrefix(s, "1. ") || strings.HasPrefix(s, "1) ")
}

// labeled adds the label of an item before its words.
func labeled(blocks []string, label string) []string {
	if len(blocks) == 0 || startsList(blocks[0]) || strings.HasPrefix(blocks[0], "#") {
		return append([]string{label}, blocks...)
	}
	return append([]string{label + " " + blocks[0]}, blocks[1:]...)
}

func mark(ordered, other bool, number int) string {
	switch {
	case ordered && other:
		return fmt.Sprintf("%d) ", number)
	case ordered:
		return fmt.Sprintf("%d. ", number)
	case other:
		return "* "
	}
	return "- "
}

// A counter counts the items of a list. Markdown has only numbers that go up by one,
// so others, by which clauses are cited, are written as text: letters, Roman
// numerals, numbers that go down or leave a gap.
type counter struct {
	at, step int
	kind     string // 1, a, A, i, or I; empty: numbers that Markdown would not count
}

func newCounter(n *html.Node) *counter {
	c := &counter{at: 1, step: 1, kind: "1"}
	if start, err := strconv.Atoi(attr(n, "start")); err == nil {
		c.at = start
	}
	if hasAttr(n, "reversed") {
		c.step = -1
		if !hasAttr(n, "start") {
			c.at = len(slices.DeleteFunc(children(n), func(k *html.Node) bool { return k.DataAtom != atom.Li }))
		}
	}
	if n.DataAtom != atom.Ol {
		return c
	}
	if kind := attr(n, "type"); kind != "" && strings.Contains("1aAiI", kind) && len(kind) == 1 {
		c.kind = kind
	}
	style := strings.ToLower(attr(n, "style"))
	for name, kind := range map[string]string{
		"lower-alpha": "a", "lower-latin": "a", "upper-alpha": "A", "upper-latin": "A",
		"lower-roman": "i", "upper-roman": "I",
	} {
		if strings.Contains(style, name) {
			c.kind = kind
		}
	}
	if c.kind == "1" && !countsUp(n, *c) {
		c.kind = ""
	}
	return c
}

// countsUp reports whether the numbers of a list's items go up by one.
func countsUp(n *html.Node, c counter) bool {
	last := -1
	for k := range n.ChildNodes() {
		if k.DataAtom != atom.Li {
			continue
		}
		number := c.next(k)
		if last >= 0 && number != last+1 {
			return false
		}
		last = number
	}
	return true
}

// next returns the number of an item.
func (c *counter) next(li *html.Node) int {
	if li != nil {
		if v, err := strconv.Atoi(attr(li, "value")); err == nil {
			c.at = v
		}
	}
	n := c.at
	c.at += c.step
	return max(0, min(n, 999_999_999))
}

// markdownLabel escapes a label that would begin a list.
func markdownLabel(label string) string {
	if label[0] >= '0' && label[0] <= '9' {
		return strings.TrimSuffix(label, ".") + `\.`
	}
	return label
}

func (c *counter) letters() bool { return c.kind != "1" }

// label returns the letter or numeral of an item, or "" if it is counted by numbers.
func (c *counter) label(n int) string {
	s := ""
	switch c.kind {
	case "1":
		return ""
	case "":
	case "a", "A":
		for k := n; k > 0; k = (k - 1) / 26 {
			s = string(rune('a'+(k-1)%26)) + s
		}
	default:
		if n < 4000 {
			s = strings.ToLower(numbering.Roman(n))
		}
	}
	if s == "" {
		s = strconv.Itoa(n)
	}
	if c.kind == "A" || c.kind == "I" {
		s = strings.ToUpper(s)
	}
	return s + "."
}

// definitions writes a definition list. Its terms may be in group elements.
func (w *writer) definitions(n *html.Node, m format) []string {
	var out []string
	var terms []string
	open := false // after a term
	stray := flow{w: w}
	flush := func() {
		if inner := stray.end(); len(inner) > 0 {
			out = append(append(out, terms...), inner...)
			terms, open = nil, false
		}
		stray.out = nil
	}
	var visit func(*html.Node)
	visit = func(n *html.Node) {
		for c := range n.ChildNodes() {
			switch {
			case c.DataAtom == atom.Dt:
				flush()
				if t := w.line(tidy(flat(w.gather(c, m, nil))), inParagraph); t != "" {
					terms = append(terms, t)
				}
				open = len(terms) > 0
			case c.DataAtom == atom.Dd:
				flush()
				inner := w.blocks(c, m)
				if len(inner) == 0 {
					continue
				}
				meaning := prefixed(strings.Join(inner, "\n\n"), ":   ", "    ")
				switch {
				case len(terms) > 0:
					out = append(out, strings.Join(terms, "\n")+"\n"+meaning)
				case open && len(out) > 0:
					out[len(out)-1] += "\n" + meaning
				default:
					out = append(out, inner...)
				}
				terms = nil
			case contains(c, is(atom.Dt, atom.Dd)):
				visit(c)
			default:
				stray.add(c, m) // words outside of terms and meanings
			}
		}
	}
	visit(n)
	flush()
	return append(out, terms...) // terms without a meaning
}

// flat replaces line breaks with spaces.
func flat(runs []run) []run {
	for i := range runs {
		if runs[i].brk {
			runs[i] = run{text: " "}
		}
	}
	return runs
}

func (w *writer) pre(n *html.Node) []string {
	text := strings.Trim(strings.ReplaceAll(preText(n), "\r", ""), "\n")
	if strings.TrimSpace(text) == "" {
		return nil
	}
	fence := "```"
	for strings.Contains(text, fence) {
		fence += "`"
	}
	return []string{fence + "\n" + text + "\n" + fence}
}

func preText(n *html.Node) string {
	var b strings.Builder
	var visit func(*html.Node)
	visit = func(k *html.Node) {
		inner := k != n && isBlock(k)
		if k.Type == html.TextNode {
			b.WriteString(k.Data)
		}
		if k.DataAtom == atom.Br || inner {
			b.WriteByte('\n')
		}
		for c := range k.ChildNodes() {
			visit(c)
		}
		if inner {
			b.WriteByte('\n')
		}
	}
	visit(n)
	return b.String()
}
