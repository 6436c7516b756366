package redline

import (
	"cmp"
	"slices"

	"github.com/privgen/privgen/internal/markdown"
)

// This file aligns tables by column, so that an added or removed column is one change in
// each row and not a new table.

// columns has the columns of two tables, in the order in which they are shown.
type columns struct {
	pairs    []column
	old, new int // the number of columns of each table
}

// A column has the index of a column in both tables; -1 if a table does not have it. A column
// that moved is two of them, one for each table, with the number of the move.
type column struct{ o, n, move int }

// Columns are paired by the likeness of all their cells. An equal heading adds to it, but
// the cells decide: a heading may only name a position.
const (
	likeColumns  = 0.2 // the least likeness of columns in the same order
	movedColumns = 0.5 // the least likeness of columns in another order
	sameHeading  = 0.3 // added for an equal heading
)

// alignColumns aligns the columns of two tables by all of their cells.
func (c *comparison) alignColumns(o, n Node) *columns {
	olds, news := c.columnsOf(o), c.columnsOf(n)
	out := &columns{old: len(olds), new: len(news)}
	if inPlace(olds, news) {
		for i := range olds {
			out.pairs = append(out.pairs, column{i, i, 0})
		}
		return out
	}
	partner := c.matchColumns(olds, news)
	var ms []match
	for i, m := range partner {
		if m.n >= 0 {
			ms = append(ms, match{i, m.n, m.weight})
		}
	}
	i, j := 0, 0
	moves := map[int]int{} // from a new column to the number of its move
	for _, m := range append(chain(ms, len(news)), match{len(olds), len(news), 0}) {
		out.rest(partner, moves, column{i, j, 0}, column{m.o, m.n, 0}, &c.moves)
		if m.o < len(olds) {
			out.pairs = append(out.pairs, column{m.o, m.n, 0})
			partner[m.o].n = -1
		}
		i, j = m.o+1, m.n+1
	}
	return out
}

// inPlace reports whether the tables have the same number of columns, and most cells of each
// column are equal, counted from the top or the bottom. Then columns need no matching.
func inPlace(olds, news []Node) bool {
	if len(olds) != len(news) {
		return false
	}
	for i := range olds {
		a, b := olds[i].Kids, news[i].Kids
		least, same := min(len(a), len(b)), 0
		for k := range least {
			if a[k].Read == b[k].Read || a[len(a)-1-k].Read == b[len(b)-1-k].Read {
				same++
			}
		}
		if 2*same <= max(len(a), len(b)) {
			return false
		}
	}
	return true
}

// matchColumns returns a match for each old column: n is the new column, or -1. It is
// greedy: the most similar columns are paired first.
func (c *comparison) matchColumns(olds, news []Node) []match {
	out := make([]match, len(olds))
	for i := range out {
		out[i].n = -1
	}
	var all []match
	for i, x := range olds {
		for j, y := range news {
			like := c.likeness(x, y)
			weight := like
			if a, b := head(x), head(y); a != nil && b != nil && a.Read == b.Read {
				weight += sameHeading
			}
			if weight > likeColumns && (len(olds) != len(news) || i == j || like > movedColumns) {
				all = append(all, match{i, j, weight})
			}
		}
	}
	slices.SortStableFunc(all, func(a, b match) int {
		return cmp.Or(cmp.Compare(b.weight, a.weight), cmp.Compare(distance(a), distance(b)))
	})
	taken := make([]bool, len(news))
	for _, m := range all {
		if out[m.o].n < 0 && !taken[m.n] {
			out[m.o], taken[m.n] = m, true
		}
	}
	return out
}

func distance(m match) int { return max(m.o-m.n, m.n-m.o) }

// rest adds the columns between two pairs: those that moved and those of one table. If both
// tables have the same number of the latter, it pairs them: their cells were rewritten.
func (cs *columns) rest(partner []match, moves map[int]int, from, to column, last *int) {
	crossed := map[int]int{} // from a new column to its old one
	for o, m := range partner {
		if m.n >= 0 {
			crossed[m.n] = o
		}
	}
	number := func(n int) int {
		if moves[n] == 0 {
			*last++
			moves[n] = *last
		}
		return moves[n]
	}
	var olds, news []column
	alone := 0
	for o := from.o; o < to.o; o++ {
		if n := partner[o].n; n >= 0 && partner[o].weight > movedColumns {
			olds = append(olds, column{o, -1, number(n)})
		} else {
			olds = append(olds, column{o, -1, 0})
			alone++
		}
	}
	for n := from.n; n < to.n; n++ {
		if o, ok := crossed[n]; ok && partner[o].weight > movedColumns {
			news = append(news, column{-1, n, number(n)})
		} else {
			news = append(news, column{-1, n, 0})
			alone--
		}
	}
	if alone == 0 { // the columns of one table were rewritten in place
		for i := range olds {
			k := slices.IndexFunc(news, func(x column) bool { return x.move == 0 && x.o < 0 })
			if olds[i].move == 0 && k >= 0 {
				news[k].o = olds[i].o
				olds[i].o = -1
			}
		}
		olds = slices.DeleteFunc(olds, func(x column) bool { return x.o < 0 })
	}
	cs.pairs = append(append(cs.pairs, olds...), news...)
}

// straight reports whether both tables have the same columns in the same order.
func (cs *columns) straight() bool {
	for _, p := range cs.pairs {
		if p.o != p.n {
			return false
		}
	}
	return true
}

// rowKeys returns a key for each row. Rows have the same key if their cells are equal in
// all columns that both tables have.
func (cs *columns) rowKeys(rows []Node, old bool) []uint64 {
	out := make([]uint64, len(rows))
	for i, row := range rows {
		width := cs.new
		if old {
			width = cs.old
		}
		if row.Kind != markdown.Row || len(row.Kids) != width {
			out[i] = row.Read
			continue
		}
		for _, p := range cs.pairs {
			switch {
			case p.move > 0 && p.n >= 0:
				continue // its cell is part of the key at the old place
			case p.move > 0:
				_, p.n = cs.moved(p.move)
			case p.o < 0 || p.n < 0:
				continue
			}
			cell := row.Kids[p.n%len(row.Kids)]
			if old {
				cell = row.Kids[p.o]
			}
			out[i] = out[i]*0x9E3779B97F4A7C15 + cell.Read
		}
	}
	return out
}

// moved returns the old and the new index of the column of a move.
func (cs *columns) moved(move int) (from, to int) {
	for _, p := range cs.pairs {
		if p.move == move {
			from, to = max(from, p.o), max(to, p.n)
		}
	}
	return from, to
}

// head returns the first cell of a column, or nil.
func head(n Node) *markdown.Passage {
	if len(n.Kids) == 0 {
		return nil
	}
	return n.Kids[0]
}

// columnsOf returns the columns of a table, each as a passage that contains its cells.
func (c *comparison) columnsOf(t Node) []Node {
	var out []Node
	for _, group := range t.Kids {
		for _, row := range group.Kids {
			for i, cell := range row.Kids {
				if i == len(out) {
					out = append(out, Node{t.Of, &markdown.Passage{Kind: markdown.Box}})
				}
				out[i].Kids = append(out[i].Kids, cell)
				out[i].Count += cell.Count
			}
		}
	}
	return out
}

// cells aligns the cells of two rows by the columns of their tables. Rows with another
// number of cells are aligned without columns.
func (c *comparison) cells(o, n Node) []*Edit {
	if len(o.Kids) != c.columns.old || len(n.Kids) != c.columns.new {
		return c.alignRow(o.kids(), n.kids(), true)
	}
	cols := c.columns
	out := make([]*Edit, 0, len(cols.pairs))
	for _, col := range cols.pairs {
		switch {
		case col.move > 0 && col.n < 0:
			out = append(out, &Edit{Mark: MovedAway, Move: col.move, Old: o.In(o.Kids[col.o])})
		case col.move > 0:
			from, to := cols.moved(col.move)
			p := c.pair(o.In(o.Kids[from]), n.In(n.Kids[to]))
			p.Mark, p.Move = MovedHere, col.move
			out = append(out, p)
		case col.n < 0:
			out = append(out, &Edit{Mark: Deleted, Old: o.In(o.Kids[col.o])})
		case col.o < 0:
			out = append(out, &Edit{Mark: Inserted, New: n.In(n.Kids[col.n])})
		default:
			out = append(out, c.pair(o.In(o.Kids[col.o]), n.In(n.Kids[col.n])))
		}
	}
	return out
}

// level sets the columns of rows of one text. With them, Missing returns the empty cells
// that make these rows as wide as the others.
func (cs *columns) level(rows []*Edit) {
	for _, p := range rows {
		switch {
		case p.Mark == Inserted && len(p.New.Kids) == cs.new, p.Mark == Deleted && len(p.Old.Kids) == cs.old:
			p.columns = cs
		}
	}
}

// missing returns how many columns of only the other table are directly before the cell i
// of a row, or after its last cell if i is the number of cells. With old, the row is of
// the old table.
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
