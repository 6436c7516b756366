package redline

import "github.com/privgen/privgen/internal/markdown"

// This file aligns tables by column, so that a column that was added or removed
// is one change in each row and not a new table.

// columns says how the columns of two tables belong together, in the order in
// which they are shown.
type columns struct {
	pairs    []column
	old, new int // how many there are
}

// A column is one of either table, or of both: -1 where it is not.
type column struct{ o, n int }

// alignColumns aligns the columns of two tables by all that stands in them.
func (c *comparison) alignColumns(o, n node) *columns {
	olds, news := c.columnsOf(o), c.columnsOf(n)
	out := &columns{old: len(olds), new: len(news)}
	if len(olds) == len(news) {
		for i := range olds {
			out.pairs = append(out.pairs, column{i, i})
		}
		return out
	}
	var ms []match
	for i, x := range olds {
		for j, y := range news {
			like := c.likeness(x, y)
			if a, b := head(x), head(y); a != nil && b != nil && a.Read == b.Read {
				like++
			}
			if like > 0.2 {
				ms = append(ms, match{i, j, like})
			}
		}
	}
	i, j := 0, 0
	rest := func(oEnd, nEnd int) {
		for ; i < oEnd; i++ {
			out.pairs = append(out.pairs, column{i, -1})
		}
		for ; j < nEnd; j++ {
			out.pairs = append(out.pairs, column{-1, j})
		}
	}
	for _, m := range c.chain(ms, len(news)) {
		rest(m.o, m.n)
		out.pairs = append(out.pairs, column{m.o, m.n})
		i, j = m.o+1, m.n+1
	}
	rest(len(olds), len(news))
	return out
}

// head gives the first cell of a column.
func head(n node) *markdown.Passage {
	if len(n.Kids) == 0 {
		return nil
	}
	return n.Kids[0]
}

// columnsOf gives the columns of a table, each as a passage of its cells.
func (c *comparison) columnsOf(t node) []node {
	var out []node
	for _, group := range t.Kids {
		for _, row := range group.Kids {
			for i, cell := range row.Kids {
				if i == len(out) {
					out = append(out, node{t.of, &markdown.Passage{Kind: markdown.Box}})
				}
				out[i].Kids = append(out[i].Kids, cell)
				out[i].Count += cell.Count
			}
		}
	}
	return out
}

// cells aligns the cells of two rows by the columns of their tables.
func (c *comparison) cells(o, n node) []*piece {
	if len(o.Kids) != c.columns.old || len(n.Kids) != c.columns.new {
		return c.sequence(o.kids(), n.kids(), true)
	}
	cols := c.columns
	out := make([]*piece, 0, len(cols.pairs))
	for _, col := range cols.pairs {
		switch {
		case col.n < 0:
			out = append(out, &piece{mark: removed, old: node{o.of, o.Kids[col.o]}})
		case col.o < 0:
			out = append(out, &piece{mark: added, new: node{n.of, n.Kids[col.n]}})
		default:
			out = append(out, c.pair(node{o.of, o.Kids[col.o]}, node{n.of, n.Kids[col.n]}))
		}
	}
	return out
}

// level tells rows of one text where the other has a column more, so that they
// are as wide as the rows of both.
func (cs *columns) level(rows []*piece) {
	for _, p := range rows {
		switch {
		case p.mark == added && len(p.new.Kids) == cs.new, p.mark == removed && len(p.old.Kids) == cs.old:
			p.columns = cs
		}
	}
}

// missing gives how many columns of the other text stand before the cell i of a
// row, right before it; or behind the last, for i one more.
func (cs *columns) missing(i int, old bool) int {
	n, at := 0, 0
	for _, c := range cs.pairs {
		here := c.n
		if old {
			here = c.o
		}
		switch {
		case here >= 0:
			at = here + 1
		case at == i:
			n++
		}
	}
	return n
}
