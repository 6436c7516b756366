package syntax

import (
	"unicode"
	"unicode/utf8"

	"github.com/yuin/goldmark/ast"
	east "github.com/yuin/goldmark/extension/ast"
	"github.com/yuin/goldmark/parser"
	"github.com/yuin/goldmark/text"
	"github.com/yuin/goldmark/util"
	"golang.org/x/text/width"
)

// This file parses emphasis and strikethrough. It differs from CommonMark and GFM in
// two ways. Beside Chinese, Japanese, and Korean characters, emphasis follows the
// specification markdown-cjk-friendly: these languages have no spaces between words, and
// in CommonMark, ** between a letter and punctuation, as in は**（, cannot begin emphasis.
// And only two tildes strike through: "3~5 days" is a range.

type emphasisParser struct{}

func (emphasisParser) Trigger() []byte { return []byte("*_~") }

func (emphasisParser) Parse(_ ast.Node, block text.Reader, pc parser.Context) ast.Node {
	line, segment := block.PeekLine()
	n := runLength(line)
	switch {
	case line[0] != '~':
		return delimiterAt(block, pc, emphasisMarks{})
	case n == 2:
		return delimiterAt(block, pc, strikeMarks{})
	}
	block.Advance(n)
	return ast.NewTextSegment(segment.WithStop(segment.Start + n))
}

type emphasisMarks struct{}

func (emphasisMarks) IsDelimiter(b byte) bool                        { return b == '*' || b == '_' }
func (emphasisMarks) CanOpenCloser(open, end *parser.Delimiter) bool { return open.Char == end.Char }
func (emphasisMarks) OnMatch(consumes int) ast.Node                  { return ast.NewEmphasis(consumes) }

type strikeMarks struct{}

func (strikeMarks) IsDelimiter(b byte) bool                        { return b == '~' }
func (strikeMarks) CanOpenCloser(open, end *parser.Delimiter) bool { return open.Char == end.Char }
func (strikeMarks) OnMatch(int) ast.Node                           { return east.NewStrikethrough() }

// delimiterAt parses a run of delimiters.
func delimiterAt(block text.Reader, pc parser.Context, p parser.DelimiterProcessor) ast.Node {
	line, segment := block.PeekLine()
	n := runLength(line)
	before := sideBefore(block, segment)
	after := sideAfter(line[n:])
	left := !after.space && (!after.punct || after.cjk || before.space || before.punct || before.cjk)
	right := !before.space && (!before.punct || before.cjk || after.space || after.punct || after.cjk)
	open, end := left, right
	if line[0] == '_' {
		open = left && (!right || before.punct)
		end = right && (!left || after.punct)
	}
	node := parser.NewDelimiter(open, end, n, line[0], p)
	node.Segment = segment.WithStop(segment.Start + n)
	block.Advance(n)
	pc.PushDelimiter(node)
	return node
}

func runLength(line []byte) int {
	n := 1
	for n < len(line) && line[n] == line[0] {
		n++
	}
	return n
}

// A side describes the character beside a run of delimiters.
type side struct{ space, punct, cjk bool }

func sideOf(r, selector rune) side {
	if r < utf8.RuneSelf {
		return side{space: util.IsSpaceRune(r), punct: util.IsPunctRune(r)}
	}
	s := side{space: util.IsSpaceRune(r), punct: util.IsPunctRune(r), cjk: isCJK(r)}
	if selector == 0xFE01 && (r == '‘' || r == '’' || r == '“' || r == '”') {
		s.cjk = true // the full-width form of the quotation mark
	}
	return s
}

func isSelector(r rune) bool { return r >= 0xFE00 && r <= 0xFE0E || r >= 0xE0100 && r <= 0xE01EF }

func sideBefore(block text.Reader, segment text.Segment) side {
	r := block.PrecendingCharacter()
	if !isSelector(r) {
		return sideOf(r, 0)
	}
	before := block.Source()[:segment.Start]
	_, n := utf8.DecodeLastRune(before)
	base, _ := utf8.DecodeLastRune(before[:len(before)-n])
	return sideOf(base, r)
}

func sideAfter(rest []byte) side {
	if len(rest) == 0 {
		return side{space: true}
	}
	r, n := utf8.DecodeRune(rest)
	selector, _ := utf8.DecodeRune(rest[n:])
	return sideOf(r, selector)
}

// isCJK reports whether a character is Chinese, Japanese, or Korean, or their
// punctuation: Hangul, or wide or half-width and not an emoji by default.
func isCJK(r rune) bool {
	if r < 0x1100 {
		return false
	}
	if unicode.Is(unicode.Hangul, r) {
		return true
	}
	switch width.LookupRune(r).Kind() {
	case width.EastAsianWide, width.EastAsianFullwidth, width.EastAsianHalfwidth:
		return !isEmoji(r)
	}
	return false
}

// isEmoji reports whether a wide character is shown as an emoji by default.
func isEmoji(r rune) bool {
	switch {
	case r < 0x2E80:
		return r >= 0x231A && r != 0x2329 && r != 0x232A
	case r >= 0x1F200 && r <= 0x1F265:
		return r == 0x1F201 || r == 0x1F21A || r == 0x1F22F || r >= 0x1F232 && r <= 0x1F236 ||
			r >= 0x1F238 && r <= 0x1F23A || r == 0x1F250 || r == 0x1F251
	}
	return r >= 0x1F000 && r <= 0x1FAFF
}
