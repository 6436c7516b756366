package syntax

import (
	"bytes"
	"fmt"

	"github.com/yuin/goldmark"
	"github.com/yuin/goldmark/ast"
	"github.com/yuin/goldmark/extension"
	east "github.com/yuin/goldmark/extension/ast"
	"github.com/yuin/goldmark/parser"
	"github.com/yuin/goldmark/renderer"
	"github.com/yuin/goldmark/text"
	"github.com/yuin/goldmark/util"
)

// An Unused is a footnote that a text does not refer to.
type Unused struct {
	At   int
	Text string // what is wrong and what to do, with a line feed between
}

// footnotes parses footnotes, as goldmark does. What is written like a footnote within
// another is text: goldmark would lose the words of both.
type footnotes struct{ parser.BlockParser }

func newFootnotes() parser.BlockParser { return footnotes{extension.NewFootnoteBlockParser()} }

func (footnotes) Extend(md goldmark.Markdown) {
	md.Parser().AddOptions(
		parser.WithBlockParsers(util.Prioritized(newFootnotes(), 999)),
		parser.WithInlineParsers(util.Prioritized(extension.NewFootnoteParser(), 101)),
		parser.WithASTTransformers(util.Prioritized(extension.NewFootnoteASTTransformer(), 999)),
	)
	md.Renderer().AddOptions(renderer.WithNodeRenderers(util.Prioritized(extension.NewFootnoteHTMLRenderer(), 500)))
}

func (f footnotes) Open(parent ast.Node, r text.Reader, pc parser.Context) (ast.Node, parser.State) {
	for n := parent; n != nil; n = n.Parent() {
		if n.Kind() == east.KindFootnote {
			return nil, parser.NoChildren
		}
	}
	return f.BlockParser.Open(parent, r, pc)
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
