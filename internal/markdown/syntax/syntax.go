// Package syntax parses privgen's Markdown, with goldmark's parser, extensions, and
// bounds for what a text may cost.
//
// Its two fundamental types are goldmark's ast.Node, which Parse returns, and Cost.
//
// The syntax is CommonMark with tables, strikethrough, bare URLs and e-mail addresses,
// footnotes, definition lists, ids of headings, check boxes, legal lists, and boxes with
// summaries. Beside Chinese, Japanese, and Korean characters, emphasis follows the
// specification markdown-cjk-friendly.
package syntax

import (
	"bytes"
	"sync"

	"github.com/yuin/goldmark/ast"
	"github.com/yuin/goldmark/extension"
	"github.com/yuin/goldmark/parser"
	"github.com/yuin/goldmark/text"
	"github.com/yuin/goldmark/util"
)

// Parse parses a stretch of a text. It returns the document, the cost, and what the
// stretch does not refer to. If the stretch exceeds a limit, the document is incomplete.
func Parse(stretch []byte) (ast.Node, Cost, []Unused) {
	p := plainParser
	switch {
	case bytes.IndexByte(stretch, '@') >= 0:
		p = mailParser
	case bytes.Contains(stretch, []byte("://")) || bytes.Contains(stretch, []byte("www.")):
		p = linkParser
	}
	m := &meter{}
	pc := parser.NewContext()
	pc.Set(meterKey, m)
	doc := p().Parse(text.NewReader(stretch), parser.WithContext(pc))
	if m.Over == 0 && (m.walk || bytes.Contains(stretch, []byte("]:"))) {
		m.measure(doc)
	}
	return doc, m.Cost, m.unused
}

// Blocks parses the blocks of a text, but not the inlines in them. A quote with a summary
// is an ordinary quote.
func Blocks(src []byte) ast.Node {
	pc := parser.NewContext()
	pc.Set(meterKey, &meter{})
	return blockParser().Parse(text.NewReader(src), parser.WithContext(pc))
}

// The parsers of stretches differ in their inlines, because finding bare URLs and e-mail
// addresses takes a quarter longer.
var (
	plainParser = sync.OnceValue(func() parser.Parser { return newParser() })
	linkParser  = sync.OnceValue(func() parser.Parser { return newParser(bareAddresses()) })
	mailParser  = sync.OnceValue(func() parser.Parser {
		return newParser(util.Prioritized(escapedEmail{}, 998), bareAddresses())
	})
)

func bareAddresses() util.PrioritizedValue {
	return util.Prioritized(extension.NewLinkifyParser(extension.WithLinkifyURLRegexp(bareAddress()),
		extension.WithLinkifyWWWRegexp(bareDomain())), 999)
}

// newParser returns a parser with more inline parsers. Those with lower numbers run
// first.
func newParser(inline ...util.PrioritizedValue) parser.Parser {
	return parser.NewParser(
		parser.WithHeadingAttribute(),
		parser.WithBlockParsers(blockParsers()...),
		parser.WithParagraphTransformers(util.Prioritized(summaries{}, 90)),
		parser.WithParagraphTransformers(paragraphTransformers()...),
		parser.WithInlineParsers(
			util.Prioritized(stepBound{}, -1),
			util.Prioritized(tasks{}, 0),
			util.Prioritized(parser.NewCodeSpanParser(), 100),
			util.Prioritized(extension.NewFootnoteParser(), 101),
			util.Prioritized(parser.NewLinkParser(), 200),
			util.Prioritized(parser.NewAutoLinkParser(), 300),
			util.Prioritized(parser.NewRawHTMLParser(), 400),
			util.Prioritized(emphasisParser{}, 500)),
		parser.WithInlineParsers(inline...),
		parser.WithASTTransformers(
			util.Prioritized(extension.NewTableASTTransformer(), 0),
			util.Prioritized(fences{}, 997),
			util.Prioritized(unusedNotes{}, 998),
			util.Prioritized(extension.NewFootnoteASTTransformer(), 999)),
	)
}

// blockParser returns the parser for Blocks.
var blockParser = sync.OnceValue(func() parser.Parser {
	return parser.NewParser(parser.WithBlockParsers(blockParsers()...),
		parser.WithParagraphTransformers(paragraphTransformers()...))
})

func blockParsers() []util.PrioritizedValue {
	return append(parser.DefaultBlockParsers(),
		util.Prioritized(depthBound{}, -1),
		util.Prioritized(extension.NewDefinitionListParser(), 101),
		util.Prioritized(extension.NewDefinitionDescriptionParser(), 102),
		util.Prioritized(footnotes{extension.NewFootnoteBlockParser()}, 999))
}

func paragraphTransformers() []util.PrioritizedValue {
	return []util.PrioritizedValue{
		util.Prioritized(definitions{}, 100),
		util.Prioritized(cellBound{}, 150),
		util.Prioritized(tables{}, 200),
		util.Prioritized(legalLists{}, 250),
	}
}

// segmentsOf returns the lines of a block.
func segmentsOf(lines *text.Segments) []text.Segment { return lines.Sliced(0, lines.Len()) }
