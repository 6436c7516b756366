package syntax

import (
	"bytes"
	"slices"

	"github.com/yuin/goldmark"
	"github.com/yuin/goldmark/ast"
	"github.com/yuin/goldmark/parser"
	"github.com/yuin/goldmark/text"
	"github.com/yuin/goldmark/util"

	"github.com/privgen/privgen/internal/lazyregexp"
)

// definitions parses the definitions of links at the beginning of a paragraph.
// Markdown takes the words of "[Fees]: 10.50" for the address of a link, and shows
// none of them. Here, what is no address is text, and so is a footnote.
type definitions struct{}

// newMarkdown returns goldmark with these definitions in place of those of goldmark.
func newMarkdown(with ...goldmark.Extender) goldmark.Markdown {
	return goldmark.New(goldmark.WithParser(parser.NewParser(
		parser.WithBlockParsers(parser.DefaultBlockParsers()...),
		parser.WithInlineParsers(parser.DefaultInlineParsers()...),
		parser.WithParagraphTransformers(util.Prioritized(definitions{}, 100)),
		parser.WithHeadingAttribute(),
	)), goldmark.WithExtensions(with...))
}

func (definitions) Transform(p *ast.Paragraph, r text.Reader, pc parser.Context) {
	source, all := r.Source(), p.Lines()
	n := 0
	for n < all.Len() && !isSentence(all, n, source, pc) {
		n++
	}
	if n == 0 {
		return
	}
	rest := slices.Clone(all.Sliced(n, all.Len()))
	parent, next := p.Parent(), p.NextSibling()
	all.SetSliced(0, n)
	parser.LinkReferenceParagraphTransformer.Transform(p, r, pc)
	if len(rest) == 0 {
		return
	}
	if p.Parent() == nil {
		parent.InsertBefore(parent, next, p)
	}
	p.Lines().AppendAll(rest)
}

var (
	definition = lazyregexp.New(`^\s*(\[(?:[^\[\]\\]|\\.)+\]):\s*(\S+)` +
		`([ \t]+["'(]|\s*\n\s*(?:"[^"]*"|'[^']*'|\([^)]*\))\s*(?:\n|$))?`)
	address = lazyregexp.New(`^(<|[#/?]|\.\.?/|www\.|mailto:|tel:)|://|\S@\S`)
	label   = lazyregexp.New(`\[(?:[^\[\]\\]|\\.)+\]`)
)

// isSentence reports whether a line of a paragraph begins like the definition of a
// link and is text: nothing refers to it, and it has words that no page would show. A
// URL has none. Where an address is "#" or empty, they are a comment.
func isSentence(all *text.Segments, n int, source []byte, pc parser.Context) bool {
	line := all.At(n)
	if !bytes.HasPrefix(bytes.TrimLeft(line.Value(source), " \t"), []byte("[")) {
		return false
	}
	var b []byte
	for i := n; i < min(n+3, all.Len()); i++ {
		line := all.At(i)
		b = append(b, line.Value(source)...)
	}
	m := definition().FindSubmatch(b)
	switch {
	case m == nil:
		return false
	case m[1][1] == '^':
		return true
	case string(m[2]) == "#" || string(m[2]) == "<>" || address().Match(m[2]) && m[3] == nil:
		return false
	}
	labels, ok := pc.Get(labelsKey).(Labels)
	if !ok {
		labels = FindLabels(source)
		pc.Set(labelsKey, labels)
	}
	return !labels.Used(m[1][1 : len(m[1])-1])
}

var labelsKey = parser.NewContextKey()

// Labels counts what is in brackets in a text.
type Labels map[string]int

// FindLabels returns the labels of a text.
func FindLabels(source []byte) Labels {
	labels := Labels{}
	for _, m := range label().FindAll(source, -1) {
		labels[util.ToLinkReference(m[1:len(m)-1])]++
	}
	return labels
}

// Used reports whether a text has the label of a definition elsewhere, too.
func (l Labels) Used(of []byte) bool {
	return l[util.ToLinkReference(of)] > 1
}
