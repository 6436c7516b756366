// Package syntax is the Markdown that privgen knows: goldmark's parser with
// extensions, and bounds for what a text may cost.
//
// Its two fundamental types are goldmark's ast.Node, which Parse returns, and Cost.
//
// The syntax is CommonMark with tables, strikethrough, bare addresses, footnotes,
// definition lists, ids of headings, boxes to tick, legal lists, and boxes with
// summaries. Emphasis beside
// Chinese, Japanese and Korean characters begins and ends as the specification
// markdown-cjk-friendly says.
package syntax

import (
	"bytes"
	"sync"

	"github.com/yuin/goldmark"
	"github.com/yuin/goldmark/ast"
	"github.com/yuin/goldmark/extension"
	"github.com/yuin/goldmark/parser"
	"github.com/yuin/goldmark/renderer"
	"github.com/yuin/goldmark/text"
	"github.com/yuin/goldmark/util"
)

// New returns a parser of texts, with a renderer that renders some nodes by nodes,
// which may be nil. It finds bare addresses only if asked to, which takes a quarter
// longer, and those of e-mail with escapes in them only if asked to as well.
func New(addresses, escaped bool, nodes renderer.NodeRenderer) goldmark.Markdown {
	with := []goldmark.Extender{footnotes{}, extension.DefinitionList}
	if escaped {
		with = append(with, escapedEmail{})
	}
	if addresses {
		with = append(with, extension.NewLinkify(extension.WithLinkifyURLRegexp(bareAddress()),
			extension.WithLinkifyWWWRegexp(bareDomain())))
	}
	with = append(with, bounds{}, emphasis{}, unusedNotes{}, fences{}, tables{}, tasks{}, legalLists{}, summaries{})
	md := newMarkdown(with...)
	if nodes != nil {
		md.Renderer().AddOptions(renderer.WithNodeRenderers(util.Prioritized(nodes, 100)))
	}
	return md
}

// Parse parses a stretch. It returns what that cost, and the footnotes that the
// stretch does not refer to. The document of a stretch that is over a limit is not
// whole.
func Parse(md goldmark.Markdown, stretch []byte) (ast.Node, Cost, []Unused) {
	m := &meter{}
	pc := parser.NewContext()
	pc.Set(meterKey, m)
	doc := md.Parser().Parse(text.NewReader(stretch), parser.WithContext(pc))
	if m.Over == 0 && (m.walk || bytes.Contains(stretch, []byte("]:"))) {
		m.measure(doc)
	}
	return doc, m.Cost, m.unused
}

// Blocks parses the blocks of a text, and leaves the words in them as they are.
func Blocks(src []byte) ast.Node {
	pc := parser.NewContext()
	pc.Set(meterKey, &meter{})
	return blockParser().Parse(text.NewReader(src), parser.WithContext(pc))
}

// blockParser returns a parser that parses blocks as New's do, and no inlines.
var blockParser = sync.OnceValue(func() parser.Parser {
	return parser.NewParser(
		parser.WithBlockParsers(append(parser.DefaultBlockParsers(),
			util.Prioritized(newFootnotes(), 999),
			util.Prioritized(extension.NewDefinitionListParser(), 101),
			util.Prioritized(extension.NewDefinitionDescriptionParser(), 102),
			util.Prioritized(depthBound{}, -1))...),
		parser.WithParagraphTransformers(
			util.Prioritized(definitions{}, 100),
			util.Prioritized(cellBound{}, 150),
			util.Prioritized(tables{}, 200),
			util.Prioritized(legalLists{}, 250)),
	)
})
