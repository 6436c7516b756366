package syntax

import (
	"bytes"
	"fmt"

	"github.com/yuin/goldmark/ast"
	east "github.com/yuin/goldmark/extension/ast"
	"github.com/yuin/goldmark/parser"
	"github.com/yuin/goldmark/text"
)

// An Unused is a mistake that readers would see: a footnote or the definition of a link to
// which the text does not refer, or words after the language of a code block.
type Unused struct {
	At       int
	What, Do string // what is wrong and what to do
}

// footnotes parses footnotes like goldmark, except that a footnote in another is text.
// goldmark would lose the words of both.
type footnotes struct{ parser.BlockParser }

func (f footnotes) Open(parent ast.Node, r text.Reader, pc parser.Context) (ast.Node, parser.State) {
	for n := parent; n != nil; n = n.Parent() {
		if n.Kind() == east.KindFootnote {
			return nil, parser.NoChildren
		}
	}
	return f.BlockParser.Open(parent, r, pc)
}

// unusedNotes notes the footnotes to which a text does not refer, and numbers them after
// the others, so that readers see them. goldmark would drop them.
type unusedNotes struct{}

func (unusedNotes) Transform(doc *ast.Document, r text.Reader, pc parser.Context) {
	if !bytes.Contains(r.Source(), []byte("[^")) {
		return
	}
	seen := map[string]bool{}
	ast.Walk(doc, func(n ast.Node, entering bool) (ast.WalkStatus, error) {
		foot, ok := n.(*east.Footnote)
		if !ok || !entering {
			return ast.WalkContinue, nil
		}
		switch label := string(foot.Ref); {
		case seen[label]:
			note(pc, n.Pos(), fmt.Sprintf("there are two footnotes [^%s], and the text refers to the first", label),
				"give one of them another label, and write it where the text refers to it")
		case foot.Index < 0:
			note(pc, n.Pos(), fmt.Sprintf("the text does not refer to the footnote [^%s]", label),
				fmt.Sprintf("write [^%s] where the text refers to it, or remove the footnote", label))
		}
		seen[string(foot.Ref)] = true
		if list, ok := foot.Parent().(*east.FootnoteList); ok && foot.Index < 0 {
			list.Count++
			foot.Index = list.Count
		}
		return ast.WalkContinue, nil
	})
}

// note adds an Unused to the meter.
func note(pc parser.Context, at int, what, do string) {
	if m, ok := pc.Get(meterKey).(*meter); ok {
		m.unused = append(m.unused, Unused{max(at, 0), what, do})
	}
}

// fences shows the words after a fence above the code if there are two or more. goldmark
// would drop all but the first, the language.
type fences struct{}

func (fences) Transform(doc *ast.Document, r text.Reader, pc parser.Context) {
	if !bytes.Contains(r.Source(), []byte("```")) && !bytes.Contains(r.Source(), []byte("~~~")) {
		return
	}
	ast.Walk(doc, func(n ast.Node, entering bool) (ast.WalkStatus, error) {
		code, ok := n.(*ast.FencedCodeBlock)
		if !ok || !entering || code.Info == nil || len(bytes.Fields(code.Info.Value(r.Source()))) < 2 {
			return ast.WalkContinue, nil
		}
		p := ast.NewParagraph()
		p.Lines().Append(code.Info.Segment)
		p.AppendChild(p, ast.NewTextSegment(code.Info.Segment))
		n.Parent().InsertBefore(n.Parent(), n, p)
		note(pc, code.Info.Segment.Start,
			"words are after the mark that begins code, so readers would see them above the code",
			"write them in a line below; if this is no code, put a backslash before each ` or ~ of the mark")
		return ast.WalkContinue, nil
	})
}
