package syntax

import (
	"bytes"
	"fmt"

	"github.com/yuin/goldmark"
	"github.com/yuin/goldmark/ast"
	east "github.com/yuin/goldmark/extension/ast"
	"github.com/yuin/goldmark/parser"
	"github.com/yuin/goldmark/text"
	"github.com/yuin/goldmark/util"
)

// An Unused is a footnote that a text does not refer to.
type Unused struct {
	At   int
	Text string // what is wrong and what to do, with a line feed between
}

// unusedNotes collects the footnotes that a text does not refer to. They are shown
// behind the others; goldmark would drop them.
type unusedNotes struct{}

func (unusedNotes) Extend(md goldmark.Markdown) {
	md.Parser().AddOptions(parser.WithASTTransformers(util.Prioritized(unusedNotes{}, 998)))
}

func (unusedNotes) Transform(doc *ast.Document, r text.Reader, pc parser.Context) {
	b, ok := pc.Get(meterKey).(*meter)
	if !ok || !bytes.Contains(r.Source(), []byte("[^")) {
		return
	}
	seen := map[string]bool{}
	ast.Walk(doc, func(n ast.Node, entering bool) (ast.WalkStatus, error) {
		note, ok := n.(*east.Footnote)
		if !ok || !entering {
			return ast.WalkContinue, nil
		}
		switch label := string(note.Ref); {
		case seen[label]:
			b.unused = append(b.unused, Unused{max(n.Pos(), 0),
				fmt.Sprintf("there are two footnotes [^%s], and the text refers to the first", label) +
					"\ngive one of them another label, and write it where the text refers to it"})
		case note.Index < 0:
			b.unused = append(b.unused, Unused{max(n.Pos(), 0),
				fmt.Sprintf("the text does not refer to the footnote [^%s]", label) +
					fmt.Sprintf("\nwrite [^%s] where the text refers to it, or remove the footnote", label)})
		}
		seen[string(note.Ref)] = true
		if list, ok := note.Parent().(*east.FootnoteList); ok && note.Index < 0 {
			list.Count++
			note.Index = list.Count
		}
		return ast.WalkContinue, nil
	})
}
