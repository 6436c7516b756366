package syntax

import (
	"bytes"

	"github.com/yuin/goldmark/ast"
	"github.com/yuin/goldmark/parser"
	"github.com/yuin/goldmark/text"
)

// This file converts a block quote that begins with the line [!summary] to a box
// with the short version of its text or clause.

// SummaryMarker is the first line of such a quote, in any letter case.
const SummaryMarker = "[!summary]"

// IsSummary reports whether a node is such a box.
func IsSummary(n ast.Node) bool {
	_, ok := n.AttributeString("summary")
	return ok
}

// summaries marks such quotes, and removes the line.
type summaries struct{}

func (summaries) Transform(p *ast.Paragraph, r text.Reader, _ parser.Context) {
	quote, lines := p.Parent(), p.Lines()
	if quote.Kind() != ast.KindBlockquote || p.PreviousSibling() != nil || lines.Len() == 0 {
		return
	}
	first := lines.At(0)
	if !bytes.EqualFold(bytes.TrimSpace(first.Value(r.Source())), []byte(SummaryMarker)) {
		return
	}
	quote.SetAttributeString("summary", true)
	if lines.Len() == 1 {
		quote.RemoveChild(quote, p)
		return
	}
	lines.SetSliced(1, lines.Len())
}
