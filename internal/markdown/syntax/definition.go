package syntax

import (
	"bytes"
	"fmt"
	"slices"

	"github.com/yuin/goldmark/ast"
	"github.com/yuin/goldmark/parser"
	"github.com/yuin/goldmark/text"
	"github.com/yuin/goldmark/util"

	"github.com/privgen/privgen/internal/lazyregexp"
)

// definitions parses the definitions of links at the beginning of a paragraph. In
// CommonMark, "[Fees]: 10.50" defines a link to the URL 10.50, and readers see none of
// it. Here, a line without a URL is text, and so is a footnote.
type definitions struct{}

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
	before := p.PreviousSibling()
	parser.LinkReferenceParagraphTransformer.Transform(p, r, pc)
	showUnused(parent, before, source, pc)
	if len(rest) == 0 {
		return
	}
	if p.Parent() == nil {
		parent.InsertBefore(parent, next, p)
	}
	p.Lines().AppendAll(rest)
}

// showUnused converts the definitions after a node to paragraphs if the text does not
// refer to them, so that readers see them, and notes them. A definition whose URL is "#"
// or empty is a comment.
func showUnused(parent, before ast.Node, source []byte, pc parser.Context) {
	n := parent.FirstChild()
	if before != nil {
		n = before.NextSibling()
	}
	for n != nil {
		d, ok := n.(*ast.LinkReferenceDefinition)
		n = n.NextSibling()
		if !ok || len(d.Destination) == 0 || string(d.Destination) == "#" || labelsOf(source, pc).used(d.Label) {
			continue
		}
		p := ast.NewParagraph()
		p.SetLines(d.Lines())
		p.SetBlankPreviousLines(d.HasBlankPreviousLines())
		parent.ReplaceChild(parent, d, p)
		note(pc, p.Lines().At(0).Start,
			fmt.Sprintf("the text does not refer to [%s], so readers would see this line",
				bytes.Join(bytes.Fields(d.Label), []byte(" "))),
			"remove the line; to show it as it is, put a backslash before the [")
	}
}

var (
	definition = lazyregexp.New(`^\s*(\[(?:[^\[\]\\]|\\.)+\]):\s*(\S+)` +
		`([ \t]+["'(]|\s*\n\s*(?:"[^"]*"|'[^']*'|\([^)]*\))\s*(?:\n|$))?`)
	address = lazyregexp.New(`^(<|[#/?]|\.\.?/|www\.|mailto:|tel:|sms:)|://|\S@\S`)
	file    = lazyregexp.New(`/|\.\pL\w*(?:[#?]|$)`)
	label   = lazyregexp.New(`\[(?:[^\[\]\\]|\\.)+\]`)
)

// isSentence reports whether line n of a paragraph looks like the definition of a link
// but is text, which would be lost as a definition. It is text if it has neither a URL
// nor the path of a file, or if it has a path or a title and nothing refers to it. If its
// URL is "#" or empty, it is a comment.
func isSentence(all *text.Segments, n int, source []byte, pc parser.Context) bool {
	line := all.At(n)
	if !bytes.HasPrefix(bytes.TrimLeft(line.Value(source), " \t"), []byte("[")) {
		return false
	}
	var b []byte
	for _, line := range all.Sliced(n, min(n+3, all.Len())) {
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
	return !address().Match(m[2]) && !file().Match(m[2]) || !labelsOf(source, pc).used(m[1][1:len(m[1])-1])
}

var labelsKey = parser.NewContextKey()

// labels counts the labels of a text: normalized texts in brackets.
type labels map[string]int

// labelsOf returns the labels of a text.
func labelsOf(source []byte, pc parser.Context) labels {
	if known, ok := pc.Get(labelsKey).(labels); ok {
		return known
	}
	labels := labels{}
	pc.Set(labelsKey, labels)
	for _, m := range label().FindAll(source, -1) {
		labels[util.ToLinkReference(m[1:len(m)-1])]++
	}
	return labels
}

// used reports whether a text has the label of a definition also elsewhere.
func (l labels) used(of []byte) bool {
	return l[util.ToLinkReference(of)] > 1
}
