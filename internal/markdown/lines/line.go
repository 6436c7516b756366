// Package lines finds what each line of a text is in its block structure: code, a
// heading, an item. It uses the parser that renders texts, so both agree on the blocks.
//
// Its fundamental type is Line. All code that reads Markdown line by line uses this
// package.
package lines

import (
	"bytes"
	"sort"

	"github.com/yuin/goldmark/ast"
	east "github.com/yuin/goldmark/extension/ast"

	"github.com/privgen/privgen/internal/markdown/syntax"
)

// A Kind is what a line of a text is.
type Kind uint8

// The kinds of lines.
const (
	Blank     Kind = iota
	Words          // of a paragraph, a table, a term, or a definition of a link
	Heading        // with the words of a heading
	Underline      // the line below an underlined heading
	Code           // of an indented or fenced code block, with its fences
	HTML           // of a block of raw HTML
	Rule           // a thematic break, or only the marker of an empty item
)

// A Line is a line of a text and what it is. All offsets are in the text.
type Line struct {
	Start, End int // End is after the line feed
	Content    int // after the marks of quotes, items, footnotes, and definitions; of a # heading, its first #
	Kind       Kind
	Level      int  // of a heading
	Underlined bool // the heading has a line below it instead of # before it
	Item       bool // the line begins an item, a footnote, or a definition
	Block      int  // equal for the lines of one paragraph, heading, table row, or block of code; from 1
}

// Of returns the lines of a text.
func Of(src []byte) []Line {
	l := &lineReader{src: src}
	at := 0
	for line := range bytes.Lines(src) {
		l.lines = append(l.lines, Line{Start: at, End: at + len(line), Content: at})
		at += len(line)
	}
	l.container(syntax.Blocks(src))
	l.rest()
	return l.lines
}

// A lineReader marks the lines of a text.
type lineReader struct {
	src    []byte
	lines  []Line
	blocks int
	fences []int // the last line of code in each fenced code block
}

// at returns the index of the line with an offset.
func (l *lineReader) at(offset int) int {
	return max(0, sort.Search(len(l.lines), func(i int) bool { return l.lines[i].Start > offset })-1)
}

// container marks the lines of the blocks in n.
func (l *lineReader) container(n ast.Node) {
	for c := n.FirstChild(); c != nil; c = c.NextSibling() {
		switch c := c.(type) {
		case *ast.List, *ast.Blockquote, *east.DefinitionList, *east.FootnoteList, *east.Table:
			l.container(c)
		case *ast.ListItem, *east.DefinitionDescription, *east.Footnote:
			if c.Pos() >= 0 {
				line := &l.lines[l.at(c.Pos())]
				line.Item = true
				if line.Kind == Blank {
					line.Kind = Rule
				}
			}
			l.container(c)
		default:
			l.leaf(c)
		}
	}
}

func (l *lineReader) leaf(n ast.Node) {
	l.blocks++
	switch n := n.(type) {
	case *ast.Heading:
		l.heading(n)
	case *ast.CodeBlock:
		l.segments(n, Code)
	case *ast.FencedCodeBlock:
		first := l.at(n.Pos())
		l.mark(first, Code)
		l.segments(n, Code)
		l.fences = append(l.fences, max(first, first+n.Lines().Len()))
	case *ast.HTMLBlock:
		l.segments(n, HTML)
		if n.HasClosure() {
			l.mark(l.at(n.ClosureLine.Start), HTML)
		}
	case *ast.ThematicBreak:
		l.mark(l.at(n.Pos()), Rule)
	case *east.TableHeader, *east.TableRow:
		for cell := n.FirstChild(); cell != nil; cell = cell.NextSibling() {
			l.segments(cell, Words)
		}
	default:
		l.segments(n, Words)
	}
}

// heading marks the lines of a heading. The words of a heading with # begin after its
// position; those of an underlined heading begin there.
func (l *lineReader) heading(h *ast.Heading) {
	first := l.at(h.Pos())
	underlined := h.Lines().Len() > 0 && h.Lines().At(0).Start == h.Pos()
	l.mark(first, Heading)
	l.lines[first].Content = min(h.Pos(), l.lines[first].End)
	last := first
	if underlined {
		l.segments(h, Heading)
		last = l.at(h.Lines().At(h.Lines().Len() - 1).Start)
		if last+1 < len(l.lines) {
			l.mark(last+1, Underline)
		}
	}
	for i := first; i <= last; i++ {
		l.lines[i].Level, l.lines[i].Underlined = h.Level, underlined
	}
}

// segments marks the lines in which a block has words.
func (l *lineReader) segments(n ast.Node, kind Kind) {
	for _, s := range n.Lines().Sliced(0, n.Lines().Len()) {
		at := l.at(s.Start)
		if l.lines[at].Kind == Blank || l.lines[at].Kind == Rule {
			l.lines[at].Content = min(s.Start, l.lines[at].End)
		}
		l.mark(at, kind)
	}
}

func (l *lineReader) mark(i int, kind Kind) {
	l.lines[i].Kind, l.lines[i].Block = kind, l.blocks
}

// rest marks the lines in which no block has words: the ends of fences, the rules of
// tables, and the definitions of links.
func (l *lineReader) rest() {
	for _, last := range l.fences {
		if last+1 >= len(l.lines) || l.lines[last+1].Kind != Blank {
			continue
		}
		line := &l.lines[last+1]
		if words := bytes.Trim(l.src[line.Start:line.End], " \t>\n"); len(words) > 0 &&
			len(bytes.Trim(words, "`~")) == 0 {
			line.Kind, line.Block = Code, l.lines[last].Block
		}
	}
	for i := range l.lines {
		line := &l.lines[i]
		if line.Kind == Blank && len(bytes.Trim(l.src[line.Start:line.End], " \t>\n")) > 0 {
			line.Kind = Words
			l.blocks++
			line.Block = l.blocks
		}
	}
}

// Prose returns a copy of a text with spaces in place of its code: code blocks with their
// fences, and the content of code spans. Offsets do not change.
func Prose(src []byte) []byte {
	out := bytes.Clone(src)
	wipe := func(from, to int) {
		for i := from; i < to; i++ {
			if out[i] != '\n' {
				out[i] = ' '
			}
		}
	}
	for _, l := range Of(src) {
		if l.Kind == Code {
			wipe(l.Start, l.End)
		}
	}
	doc, _, _ := syntax.Parse(src)
	ast.Walk(doc, func(n ast.Node, entering bool) (ast.WalkStatus, error) {
		if n.Kind() == ast.KindCodeSpan && entering {
			for c := n.FirstChild(); c != nil; c = c.NextSibling() {
				if t, ok := c.(*ast.Text); ok {
					wipe(t.Segment.Start, t.Segment.Stop)
				}
			}
		}
		return ast.WalkContinue, nil
	})
	return out
}
