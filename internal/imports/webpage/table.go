package webpage

import (
	"cmp"
	"slices"
	"strconv"
	"strings"

	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"
)

// This file writes tables. Markdown has one header row, and cells of one line that
// do not span: prepare.go has repeated those that do. Of a layout table, only the
// content is written.

func (w *writer) table(n *html.Node, m format) []string {
	rows := rowsOf(n)
	var out []string
	for c := range n.ChildNodes() {
		if c.DataAtom == atom.Caption {
			out = append(out, w.blocks(c, m)...)
		}
	}
	if isLayout(n, rows) {
		for _, r := range rows {
			for _, cell := range cellsOf(r) {
				out = append(out, w.blocks(cell, m)...)
			}
		}
		return out
	}
	grid, align := w.grid(rows, m)
	if len(grid) == 0 {
		return out
	}
	var lines []string
	if !isHead(rows[0]) {
		lines = append(lines, "|"+strings.Repeat("  |", len(grid[0])), rule(align))
	}
	for i, r := range grid {
		lines = append(lines, "| "+strings.Join(r, " | ")+" |")
		if i == 0 && len(lines) == 1 {
			lines = append(lines, rule(align))
		}
	}
	return append(out, strings.Join(lines, "\n"))
}

var alignments = map[string]string{"right": " ---: |", "center": " :---: |", "left": " :--- |", "": " --- |"}

// rule writes the line below the names of columns.
func rule(align []string) string {
	out := "|"
	for _, a := range align {
		out += alignments[a]
	}
	return out
}

// rowsOf returns the rows of a table in the order they are shown.
func rowsOf(n *html.Node) []*html.Node {
	var rows []*html.Node
	for _, c := range partsOf(n) {
		switch c.DataAtom {
		case atom.Tr:
			rows = append(rows, c)
		case atom.Thead, atom.Tbody, atom.Tfoot:
			rows = append(rows, children(c)...)
		}
	}
	return slices.DeleteFunc(rows, func(r *html.Node) bool {
		return r.DataAtom != atom.Tr || len(cellsOf(r)) == 0
	})
}

// partsOf returns the parts of a table in the order they are shown: a foot may precede
// the body.
func partsOf(table *html.Node) []*html.Node {
	place := map[atom.Atom]int{atom.Caption: -2, atom.Thead: -1, atom.Tfoot: 1}
	list := children(table)
	slices.SortStableFunc(list, func(a, b *html.Node) int { return place[a.DataAtom] - place[b.DataAtom] })
	return list
}

func cellsOf(r *html.Node) []*html.Node {
	isCell := is(atom.Td, atom.Th)
	return slices.DeleteFunc(children(r), func(c *html.Node) bool { return !isCell(c) })
}

// isHead reports whether a row has the names of columns: by its elements, or because
// all its words are bold.
func isHead(r *html.Node) bool {
	if r.Parent != nil && r.Parent.DataAtom == atom.Thead {
		return true
	}
	header, looks := true, true
	for _, c := range cellsOf(r) {
		header = header && c.DataAtom == atom.Th && attr(c, "scope") != "row"
		looks = looks && (c.DataAtom == atom.Th || isBold(c))
	}
	return header || looks
}

// isBold reports whether an element has words, and all of them are bold.
func isBold(n *html.Node) bool {
	all := textOf(n)
	var marked strings.Builder
	walk(n, func(k *html.Node) bool {
		if k.DataAtom == atom.B || k.DataAtom == atom.Strong {
			marked.WriteString(words(k) + " ")
			return false
		}
		return true
	})
	return all != "" && all == collapse(marked.String())
}

// No reader could use a larger table, and its grid would take more than linear time
// and memory: a cell can claim a thousand rows.
const (
	maxColumns = 200
	maxGrid    = 1 << 21 // cells
)

// isLayout reports whether a table is for layout: it has that role, one column, or
// content or sizes that data tables do not have.
func isLayout(n *html.Node, rows []*html.Node) bool {
	if role := attr(n, "role"); role == "presentation" || role == "none" {
		return true
	}
	columns, widest, spanning := 0, 0, 0
	for _, r := range rows {
		cells, wide := cellsOf(r), 0
		for _, c := range cells {
			w := cellSpan(c, "colspan", 100)
			wide += w
			if cellSpan(c, "rowspan", len(rows)) > 1 {
				spanning += w
			}
		}
		columns, widest = max(columns, len(cells)), max(widest, wide)
	}
	if columns < 2 || widest > maxColumns || (widest+spanning)*len(rows) > maxGrid {
		return true
	}
	return slices.ContainsFunc(children(n), func(k *html.Node) bool {
		return contains(k, is(atom.Table, atom.H1, atom.H2, atom.Pre))
	})
}

// grid returns the cells in rows of the same length, and the alignment of columns.
func (w *writer) grid(rows []*html.Node, m format) (grid [][]string, align []string) {
	columns := 0
	for _, r := range rows { // cells that span rows have been repeated
		wide := 0
		for _, c := range cellsOf(r) {
			wide += cellSpan(c, "colspan", 100)
		}
		columns = max(columns, wide)
	}
	align = make([]string, columns)
	for i, r := range rows {
		row, col := make([]string, columns), 0
		for _, c := range cellsOf(r) {
			row[col] = w.cell(c, m, i == 0 && isHead(r))
			align[col] = cmp.Or(align[col], alignOf(c))
			col += cellSpan(c, "colspan", 100)
		}
		grid = append(grid, row)
	}
	return grid, align
}

func cellSpan(c *html.Node, key string, most int) int {
	n, err := strconv.Atoi(attr(c, key))
	if err != nil || n < 1 {
		if key == "rowspan" && attr(c, key) == "0" {
			return max(most, 1) // to the end of the table
		}
		return 1
	}
	return max(1, min(n, most))
}

func alignOf(c *html.Node) string {
	style := strings.ToLower(attr(c, "style") + " text-align:" + attr(c, "align"))
	for _, a := range []string{"right", "center", "left"} {
		if strings.Contains(strings.ReplaceAll(style, " ", ""), "text-align:"+a) || hasClass(c, a) {
			return a
		}
	}
	return ""
}

// cell writes a cell on one line. A header cell is bold anyway.
func (w *writer) cell(c *html.Node, m format, head bool) string {
	var runs []run
	w.cellRuns(c, m, &runs)
	for i := range runs {
		if head {
			runs[i].style &^= bold
		}
	}
	return w.line(tidy(once(runs)), inCell)
}

// cellRuns collects the runs of a cell, with line breaks between its blocks.
func (w *writer) cellRuns(n *html.Node, m format, runs *[]run) {
	for c := range n.ChildNodes() {
		switch {
		case isBlock(c):
			*runs = append(*runs, run{brk: true})
			inner := m
			switch {
			case heading(c) > 0:
				inner.style |= bold
			case c.DataAtom == atom.Li:
				label := "• "
				if c.Parent != nil && c.Parent.DataAtom == atom.Ol {
					label = itemLabel(c)
				}
				*runs = append(*runs, run{text: label, format: format{style: m.style}})
			}
			w.cellRuns(c, inner, runs)
			*runs = append(*runs, run{brk: true})
		case holdsBlock(c):
			w.cellRuns(c, w.format(c, m), runs)
		default:
			*runs = w.gather(c, m, *runs)
		}
	}
}

// itemLabel returns the number of an item in a cell, which cannot have lists.
func itemLabel(li *html.Node) string {
	c := newCounter(li.Parent)
	for k := range li.Parent.ChildNodes() {
		if k.DataAtom != atom.Li {
			continue
		}
		n := c.next(k)
		if k == li {
			if label := c.label(n); label != "" {
				return label + " "
			}
			return strconv.Itoa(n) + ". "
		}
	}
	return ""
}

// once replaces consecutive line breaks with one.
func once(runs []run) []run {
	var out []run
	for _, r := range runs {
		if !r.brk && strings.TrimSpace(r.text) == "" && r.note == "" && (len(out) == 0 || out[len(out)-1].brk) {
			continue
		}
		if r.brk && len(out) > 0 && out[len(out)-1].brk {
			continue
		}
		out = append(out, r)
	}
	return out
}
