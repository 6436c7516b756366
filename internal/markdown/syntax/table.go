package syntax

import (
	"bytes"

	"github.com/yuin/goldmark/ast"
	"github.com/yuin/goldmark/extension"
	east "github.com/yuin/goldmark/extension/ast"
	"github.com/yuin/goldmark/parser"
	"github.com/yuin/goldmark/text"
)

// This file parses tables. In GFM, cells of a row beyond the columns are dropped. Here
// they are kept, and are a mistake.

// tables replaces goldmark's transformer of paragraphs to tables.
type tables struct{}

func (tables) Transform(p *ast.Paragraph, r text.Reader, pc parser.Context) {
	for i := 1; i < p.Lines().Len(); i++ { // hyphens below a sentence in a list are not a table
		above, line := p.Lines().At(i-1), p.Lines().At(i)
		rule := bytes.TrimSpace(line.Value(r.Source()))
		if len(bytes.Trim(rule, "-")) == 0 && bytes.IndexByte(above.Value(r.Source()), '|') < 0 {
			return
		}
	}
	parent, before := p.Parent(), p.PreviousSibling()
	n := p.Lines().Len()
	extension.NewTableParagraphTransformer().Transform(p, r, pc)
	if p.Parent() != nil && p.Lines().Len() < n {
		legalLists{}.Transform(complete(p), r, pc)
	}
	next := parent.FirstChild()
	if before != nil {
		next = before.NextSibling()
	}
	for ; next != nil; next = next.NextSibling() {
		table, ok := next.(*east.Table)
		if !ok {
			continue
		}
		for row := table.FirstChild(); row != nil; row = row.NextSibling() {
			if row.Kind() == east.KindTableRow {
				surplus(row, len(table.Alignments), r.Source())
			}
		}
	}
}

// complete replaces a paragraph whose last lines have become another block. Otherwise, a
// line of hyphens below would make it a heading, after that block.
func complete(p *ast.Paragraph) *ast.Paragraph {
	other := ast.NewParagraph()
	other.SetLines(p.Lines())
	other.SetBlankPreviousLines(p.HasBlankPreviousLines())
	other.SetPos(p.Pos())
	p.Parent().ReplaceChild(p.Parent(), p, other)
	return other
}

// surplus appends to a row the cells that goldmark dropped because they have no column.
func surplus(row ast.Node, columns int, source []byte) {
	last := row.LastChild()
	if last == nil || row.ChildCount() < columns || last.Lines().Len() == 0 {
		return
	}
	line, _, _ := bytes.Cut(source[last.Lines().At(0).Stop:], []byte("\n"))
	at := last.Lines().At(0).Stop
	for first := true; ; first = false {
		n := 0
		for n < len(line) && (line[n] != '|' || n > 0 && line[n-1] == '\\') {
			n++
		}
		s := text.NewSegment(at, at+n)
		s = s.TrimLeftSpace(source)
		if s = s.TrimRightSpace(source); !first && s.Len() > 0 {
			cell := east.NewTableCell()
			cell.SetPos(s.Start)
			cell.Lines().Append(s)
			row.AppendChild(row, cell)
		}
		if n == len(line) {
			return
		}
		line, at = line[n+1:], at+n+1
	}
}
