package syntax

import (
	"bytes"
	"strings"
	"unicode/utf8"

	"github.com/yuin/goldmark/ast"
	"github.com/yuin/goldmark/parser"
	"github.com/yuin/goldmark/text"

	"github.com/privgen/privgen/internal/numbering"
)

// This file converts lists as lawyers write them, in lines without bullets:
//
//	You may not
//	(a) copy the app;
//	(b) show it
//	    (i) at work, or
//	    (ii) at home.
//
// In CommonMark these lines are one paragraph. Here, two or more lines of a paragraph
// whose markers count up are the items of a list without bullets. The markers stay text,
// so that they are copied, printed, and read aloud as written.

// LegalMarker is the ast.List.Marker of such a list.
const LegalMarker = 'L'

// legalLists converts paragraphs to such lists.
type legalLists struct{}

// A marked line is one that begins with a marker.
type marked struct {
	line   int    // its index in the paragraph
	indent int    // bytes before the marker
	style  string // how it is written: (a), a., 1.1
	values []int  // its possible numbers: (i) is 1 and 9
}

// step returns the smallest positive difference between a marker and one before it of
// the same style, or 0.
func (m marked) step(before marked) int {
	least := 0
	if m.style == before.style {
		for _, v := range m.values {
			for _, w := range before.values {
				if v > w && (least == 0 || v-w < least) {
					least = v - w
				}
			}
		}
	}
	return least
}

func (legalLists) Transform(p *ast.Paragraph, r text.Reader, _ parser.Context) {
	lines := p.Lines()
	if lines.Len() < 2 {
		return
	}
	var all []marked
	for i, s := range segmentsOf(lines) {
		line := bytes.TrimLeft(s.Value(r.Source()), " \t")
		if len(line) == 0 || line[0] != '(' && line[0] != '[' && line[0] < 0xE0 &&
			(len(line) < 3 || !bytes.ContainsAny(line[:min(len(line), 12)], ".)")) {
			continue
		}
		style, values := numbering.Marker(string(line))
		if style == "" {
			continue
		}
		start := s.Stop - len(line)
		from := bytes.LastIndexByte(r.Source()[:start], '\n') + 1
		all = append(all, marked{i, start - from, style, values})
	}
	if !(markers{all, lines, r.Source()}).count() {
		return
	}
	list := legalListOf(all, lines, r.Source())
	p.Parent().InsertAfter(p.Parent(), p, list)
	if all[0].line == 0 {
		p.Parent().RemoveChild(p.Parent(), p)
		return
	}
	lines.SetSliced(0, all[0].line)
	endLine(lines, r.Source())
	complete(p)
}

// endLine removes the white space at the end of the last line, and the backslash of a
// line break.
func endLine(lines *text.Segments, source []byte) {
	s := lines.At(lines.Len() - 1)
	s = s.TrimRightSpace(source)
	if b := s.Value(source); bytes.HasSuffix(b, []byte("\\")) && !bytes.HasSuffix(b, []byte("\\\\")) {
		s.Stop--
	}
	lines.Set(lines.Len()-1, s)
}

// maxSkip is the largest step from one marker to the next: (c) to (f).
const maxSkip = 3

// markers are the marked lines of a paragraph.
type markers struct {
	all    []marked
	lines  *text.Segments
	source []byte
}

// count reports whether the outer markers, at least two, count up. They may skip numbers,
// because laws and contracts do so where a clause was repealed. Then two of them must be
// consecutive, or the line before each must end an item or its introduction. This excludes
// sentences whose lines happen to begin with (b) and (d), perhaps with (c) in the middle of
// a line.
func (ms markers) count() bool {
	if len(ms.all) < 2 {
		return false
	}
	outer := ms.all[0]
	n, inRow, atEnds := 1, false, ms.ended(outer)
	for _, m := range ms.all[1:] {
		if m.indent > outer.indent+1 {
			continue
		}
		step := m.step(outer)
		if step == 0 || step > maxSkip || step > 1 && ms.between(outer, m) {
			return false
		}
		inRow = inRow || step == 1
		atEnds = atEnds && ms.ended(m)
		outer = m
		n++
	}
	return n > 1 && (inRow || atEnds)
}

// ended reports whether the line before a marked line ends an item or an introduction.
func (ms markers) ended(m marked) bool {
	return m.line == 0 || ends(ms.lines.At(m.line-1), ms.source)
}

// between reports whether the lines between two markers have a marker that counts between
// them, after a space.
func (ms markers) between(from, to marked) bool {
	for _, line := range ms.lines.Sliced(from.line, to.line) {
		s := string(line.Value(ms.source))
		for at := range s {
			if at == 0 || s[at-1] != ' ' {
				continue
			}
			style, values := numbering.Marker(s[at:])
			in := marked{style: style, values: values}
			if step := in.step(from); step > 0 && step < to.step(from) {
				return true
			}
		}
	}
	return false
}

// ends reports whether a line ends with punctuation that ends an item or its introduction.
func ends(line text.Segment, source []byte) bool {
	r, _ := utf8.DecodeLastRune(bytes.TrimRight(line.Value(source), " \t\n\\"))
	return strings.ContainsRune(".;:。；：؛।", r)
}

// legalListOf returns the list of marked lines, each with the lines that follow it.
func legalListOf(all []marked, lines *text.Segments, source []byte) *ast.List {
	newList := func() *ast.List {
		l := ast.NewList(LegalMarker)
		l.IsTight = true
		return l
	}
	root := newList()
	lists := []*ast.List{root}
	indents := []int{all[0].indent}
	for i, m := range all {
		for len(indents) > 1 && m.indent < indents[len(indents)-1]-1 {
			lists, indents = lists[:len(lists)-1], indents[:len(indents)-1]
		}
		if m.indent > indents[len(indents)-1]+1 {
			inner := newList()
			last := lists[len(lists)-1].LastChild()
			last.AppendChild(last, inner)
			lists, indents = append(lists, inner), append(indents, m.indent)
		}
		item := ast.NewListItem(0)
		item.SetPos(lines.At(m.line).Start)
		words := ast.NewTextBlock()
		end := lines.Len()
		if i+1 < len(all) {
			end = all[i+1].line
		}
		for _, s := range lines.Sliced(m.line, end) {
			words.Lines().Append(s.TrimLeftSpace(source))
		}
		endLine(words.Lines(), source)
		item.AppendChild(item, words)
		lists[len(lists)-1].AppendChild(lists[len(lists)-1], item)
	}
	return root
}
