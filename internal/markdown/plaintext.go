package markdown

import (
	"strconv"
	"strings"
	"unicode/utf8"

	"github.com/yuin/goldmark/ast"
	east "github.com/yuin/goldmark/extension/ast"

	"github.com/privgen/privgen/internal/lazyregexp"
	"github.com/privgen/privgen/internal/markdown/syntax"
)

// This file renders a block as plain text, for index.txt. A paragraph is one
// line, so that any program can wrap it. Characters show what a page shows by
// its look: lists, quotes, tables, headings.

// plainText writes lines to a fragment, each after a prefix.
type plainText struct {
	*blockBuffer
	prefix string // of every line: the indent and quote marks of what contains it
	first  string // of the next line, instead of the prefix: a list's marker
	bol    bool   // at the beginning of a line
}

func (w *blockBuffer) renderPlain(doc ast.Node) {
	p := &plainText{blockBuffer: w, bol: true}
	p.blocks(doc, true)
}

// put writes words, with the prefix before each line.
func (p *plainText) put(s string) {
	for s != "" {
		line, rest, broke := strings.Cut(s, "\n")
		if p.bol && line != "" {
			p.plain.text = append(p.plain.text, p.lead()...)
			p.bol = false
		}
		p.plain.text = append(p.plain.text, line...)
		if broke {
			p.plain.text = append(p.plain.text, '\n')
			p.bol = true
		}
		s = rest
	}
}

func (p *plainText) lead() string {
	if p.first != "" {
		s := p.first
		p.first = ""
		return s
	}
	return p.prefix
}

func (p *plainText) endLine() {
	if !p.bol {
		p.put("\n")
	}
}

// within writes what is after a marker: its first line after the marker,
// the others indented as far.
func (p *plainText) within(marker, indent string, write func()) {
	outer := p.prefix
	p.first = p.lead() + marker
	p.prefix = outer + indent
	write()
	if p.first != "" { // nothing was written: the marker is alone
		p.put(" ")
	}
	p.endLine()
	p.prefix = outer
}

func (p *plainText) blocks(n ast.Node, loose bool) {
	for c := n.FirstChild(); c != nil; c = c.NextSibling() {
		p.block(c)
		p.endLine()
		if loose && (c.NextSibling() != nil || n.Kind() == ast.KindDocument) {
			p.plain.text = append(p.plain.text, '\n')
		}
	}
}

func (p *plainText) block(n ast.Node) {
	switch n := n.(type) {
	case *ast.Heading:
		title := strings.TrimSpace(p.words(n))
		p.put(title)
		if n.Level <= 2 {
			p.endLine()
			p.put(strings.Repeat("=-"[n.Level-1:n.Level], utf8.RuneCountInString(title)))
		}
	case *ast.ThematicBreak:
		p.put("* * *")
	case *ast.Blockquote:
		p.within("> ", "> ", func() {
			if syntax.IsSummary(n) {
				p.put(syntax.SummaryMarker + "\n")
			}
			p.blocks(n, true)
		})
	case *ast.List:
		if n.Marker == syntax.LegalMarker {
			plainLegalList(p, n)
			return
		}
		numbers := numbersOf(n, p.source)
		for item := n.FirstChild(); item != nil; item = item.NextSibling() {
			marker := "- "
			if n.IsOrdered() {
				marker = strconv.Itoa(numbers[0]) + ". "
				numbers = numbers[1:]
			}
			p.within(marker, strings.Repeat(" ", len(marker)), func() { p.blocks(item, !n.IsTight) })
			if !n.IsTight && item.NextSibling() != nil {
				p.plain.text = append(p.plain.text, '\n')
			}
		}
	case *ast.CodeBlock, *ast.FencedCodeBlock:
		p.within("    ", "    ", func() {
			p.put(string(n.Lines().Value(p.source)))
		})
	case *ast.HTMLBlock:
		for _, line := range htmlLines(n) {
			p.put(tagless(readableHTML(p.source, line.Value(p.source), line.Start)))
		}
	case *east.Table:
		for row := n.FirstChild(); row != nil; row = row.NextSibling() {
			p.row(row)
		}
	case *east.DefinitionDescription:
		p.within("    ", "    ", func() { p.blocks(n, !n.IsTight) })
	case *east.DefinitionList, *east.FootnoteList:
		p.blocks(n, false)
	case *east.Footnote:
		p.within("["+strconv.Itoa(n.Index)+"] ", "    ", func() { p.blocks(n, false) })
	default:
		p.inlines(n)
	}
}

// plainLegalList writes a list as plain text: the markers are its words.
func plainLegalList(p *plainText, l *ast.List) {
	for item := l.FirstChild(); item != nil; item = item.NextSibling() {
		for c := item.FirstChild(); c != nil; c = c.NextSibling() {
			if c.Kind() == ast.KindList {
				p.within("  ", "  ", func() { p.block(c) })
			} else {
				p.block(c)
			}
			p.endLine()
		}
	}
}

// htmlTags matches what is not words in a line of HTML.
var htmlTags = lazyregexp.New(`(?s)<!--.*?-->|<(?:script|style)[\s>].*?</(?:script|style)\s*>|</?[A-Za-z][^<>]*>`)

// tagless returns the words of a line of HTML.
func tagless(line []byte) string {
	words := strings.TrimSpace(syntax.ReadText(string(htmlTags().ReplaceAll(line, nil))))
	if words == "" {
		return ""
	}
	return words + "\n"
}

// wordsOfTag returns the words of what looks like a tag in running text: "" for a
// real tag.
func wordsOfTag(n *ast.RawHTML, source []byte) string {
	html := readableHTML(source, n.Segments.Value(source), n.Segments.At(0).Start)
	return strings.TrimSuffix(tagless(html), "\n")
}

func (p *plainText) row(row ast.Node) {
	for cell := row.FirstChild(); cell != nil; cell = cell.NextSibling() {
		p.inlines(cell)
		if cell.NextSibling() != nil {
			p.put(" | ")
		}
	}
	p.endLine()
	if row.Kind() == east.KindTableHeader {
		p.put(strings.TrimSuffix(strings.Repeat("--- | ", row.ChildCount()), " | "))
		p.endLine()
	}
}

func (p *plainText) inlines(n ast.Node) {
	for c := n.FirstChild(); c != nil; c = c.NextSibling() {
		p.inline(c)
	}
}

func (p *plainText) inline(n ast.Node) {
	switch n := n.(type) {
	case *ast.Text:
		p.put(unescape(n, p.source))
		if n.HardLineBreak() {
			p.put("\n")
		} else if n.SoftLineBreak() {
			p.put(" ")
		}
	case *ast.String:
		p.put(string(n.Value))
	case *ast.AutoLink:
		p.put(p.label(n))
	case *ast.RawHTML:
		if !isBreak(n, p.source) {
			p.put(wordsOfTag(n, p.source))
			return
		}
		if n.Parent().Kind() == east.KindTableCell {
			p.put(" / ")
		} else {
			p.put("\n")
		}
	case *ast.Image:
		if alt := p.words(n); alt != "" {
			p.put("[" + alt + "]")
		}
	case *ast.Link:
		p.inlines(n)
		p.address(n)
	case *east.TaskCheckBox:
		p.put(boxOf(n))
	case *east.FootnoteLink:
		p.put("[" + strconv.Itoa(n.Index) + "]")
	case *east.FootnoteBacklink:
	default:
		p.inlines(n)
	}
}

// address writes the URL of a link after its words, unless they are the URL.
func (p *plainText) address(n *ast.Link) {
	dest := syntax.ReadText(string(n.Destination))
	if i, ok := p.index[n]; ok {
		p.put("")
		p.plain.holes = append(p.plain.holes, hole{len(p.plain.text), holeAddress, i})
		return
	}
	if words := p.words(n); dest != words && strings.TrimPrefix(dest, "mailto:") != words {
		p.put(" <" + dest + ">")
	}
}
