package syntax

import (
	"bytes"
	"fmt"

	"github.com/yuin/goldmark/ast"
	"github.com/yuin/goldmark/parser"
	"github.com/yuin/goldmark/text"

	"github.com/privgen/privgen/internal/source"
)

// This file bounds what a text may cost. For some constructs of Markdown, every
// parser needs more than linear time: brackets that are never closed, runs of
// asterisks, nested quotes, footnotes, tables whose rows omit cells. Each is counted
// while it is parsed, and exceeding a limit is a problem with a position. The limits
// count steps, not seconds, so all machines reject the same texts.
//
// The limits are far above real texts, and a test checks that with published policies.
const (
	maxDepth     = 100     // of nested quotes, lists, emphasis, and links
	maxSteps     = 1 << 28 // the sum over all paragraphs of a text: marks times length in bytes
	maxCells     = 1 << 18 // of all tables of a text, with those that short rows omit
	maxNotes     = 4096    // [^ in a text
	maxTargets   = 8192    // ]: in a text
	maxAddresses = 8 << 20 // bytes of the URLs and titles of the links of a text
	maxAddress   = 8 << 10 // bytes of the URL of a link
)

// An Excess is a limit that a text exceeds.
type Excess uint8

const (
	tooDeep Excess = iota + 1
	tooManySteps
	tooManyCells
	tooManyNotes
	tooManyTargets
	tooManyAddresses
	tooLongAddress
)

// Problem returns the problem of a text that exceeds the limit at a position.
func (e Excess) Problem(at source.Pos) *source.Problem {
	what, do := "", ""
	switch e {
	case tooDeep:
		what = fmt.Sprintf("quotes, lists, emphasis or links are nested more than %d deep here", maxDepth)
		do = "remove levels; put a backslash before marks that are only text"
	case tooManySteps:
		what = "the text has too many brackets, asterisks and other marks of Markdown in long paragraphs"
		do = "divide the paragraph with blank lines, or put a backslash before marks that are only text"
	case tooManyCells:
		what = fmt.Sprintf("the tables of the text have more than %d cells up to here, with those that short rows "+
			"leave out", maxCells)
		do = "divide the text into several policies, or remove columns that most rows leave out"
	case tooManyNotes:
		what = fmt.Sprintf("the text has more than %d footnotes and references to footnotes up to here", maxNotes)
		do = "put what the footnotes say into the text, or divide it into several policies"
	case tooManyTargets:
		what = fmt.Sprintf("the text has more than %d definitions of links up to here", maxTargets)
		do = "write the URLs into the links, [like this](https://example.com/), or divide the text into several policies"
	case tooManyAddresses:
		what = fmt.Sprintf("the URLs of the links of the text have more than %d MB up to here", maxAddresses>>20)
		do = "shorten the URLs; a definition of a link is written out wherever it is used"
	case tooLongAddress:
		what = fmt.Sprintf("the URL of a link has more than %d KB", maxAddress>>10)
		do = "shorten the URL; a link may contain only what leads to a page"
	}
	return source.NewProblem(at, "too-complex", what, do)
}

// TooMany returns the offset of the first mark of footnotes or definitions over its
// limit, and the limit, or 0.
func TooMany(text []byte) (at int, e Excess) {
	for _, one := range []struct {
		mark string
		most int
		Excess
	}{{"[^", maxNotes, tooManyNotes}, {"]:", maxTargets, tooManyTargets}} {
		if bytes.Count(text, []byte(one.mark)) <= one.most {
			continue
		}
		at := -1
		for range one.most + 1 {
			at += 1 + bytes.Index(text[at+1:], []byte(one.mark))
		}
		return at, one.Excess
	}
	return 0, 0
}

// A Cost is what parsing a stretch cost.
type Cost struct {
	Steps, Cells, Addresses int64
	Over                    Excess // the first limit that the stretch exceeds, or 0
	At                      int    // the offset at which it does
}

// Add adds the cost of another stretch of a text. It returns a limit that the sum
// exceeds, or 0.
func (c *Cost) Add(d Cost) Excess {
	c.Steps, c.Cells, c.Addresses = c.Steps+d.Steps, c.Cells+d.Cells, c.Addresses+d.Addresses
	switch {
	case c.Steps > maxSteps:
		return tooManySteps
	case c.Cells > maxCells:
		return tooManyCells
	case c.Addresses > maxAddresses:
		return tooManyAddresses
	}
	return 0
}

// A meter counts what parsing a stretch costs, and collects what the text does not
// refer to.
type meter struct {
	Cost
	unused []Unused

	block  ast.Node // the current block, with its marks and its length in bytes
	marks  int
	length int64
	walk   bool // some block has so many marks that they may be nested too deep
}

func (b *meter) refuse(e Excess, at int) {
	if b.Over == 0 {
		b.Over, b.At = e, at
	}
}

var meterKey = parser.NewContextKey()

// LongAddress returns the limit that the URL of a link exceeds, or 0.
func LongAddress(address []byte) Excess {
	if len(address) > maxAddress {
		return tooLongAddress
	}
	return 0
}

// measure checks how deep nodes are nested, and counts the bytes of the URLs and titles
// of links.
func (b *meter) measure(doc ast.Node) {
	depth, last := 0, 0
	for n := doc; n != nil; {
		if n.Pos() > 0 {
			last = n.Pos()
		}
		switch n := n.(type) {
		case *ast.Link:
			b.Addresses += int64(len(n.Destination) + len(n.Title))
		case *ast.Image:
			b.Addresses += int64(len(n.Destination) + len(n.Title))
		}
		if b.Addresses > maxAddresses {
			b.refuse(tooManyAddresses, last)
			return
		}
		if depth > maxDepth {
			b.refuse(tooDeep, last)
			return
		}
		if c := n.FirstChild(); c != nil {
			n, depth = c, depth+1
			continue
		}
		for n != doc && n.NextSibling() == nil {
			n, depth = n.Parent(), depth-1
		}
		if n == doc {
			return
		}
		n = n.NextSibling()
	}
}

// depthBound is a block parser that runs before those of containers, and consumes a
// line that is nested too deep.
type depthBound struct{}

func (depthBound) Trigger() []byte             { return []byte(">-+*:[0123456789") }
func (depthBound) CanInterruptParagraph() bool { return true }
func (depthBound) CanAcceptIndentedLine() bool { return true }

func (depthBound) Open(parent ast.Node, r text.Reader, pc parser.Context) (ast.Node, parser.State) {
	if len(pc.OpenedBlocks()) <= maxDepth {
		return nil, parser.NoChildren
	}
	if _, list := parent.(*ast.List); list { // its children must be items; the content of the item is refused
		return nil, parser.NoChildren
	}
	line, at := r.PeekLine()
	pc.Get(meterKey).(*meter).refuse(tooDeep, at.Start)
	r.Advance(len(line) - 1)
	return ast.NewThematicBreak(), parser.NoChildren
}

func (depthBound) Continue(ast.Node, text.Reader, parser.Context) parser.State { return parser.Close }
func (depthBound) Close(ast.Node, text.Reader, parser.Context)                 {}

// stepBound is an inline parser that runs before all others and sees every mark. A mark
// costs at most one pass over its block.
type stepBound struct{}

func (stepBound) Trigger() []byte { return []byte("*_[]!<`~") }

func (stepBound) Parse(parent ast.Node, r text.Reader, pc parser.Context) ast.Node {
	line, at := r.PeekLine()
	if line[0] == '!' && !bytes.HasPrefix(line, []byte("![")) {
		return nil
	}
	b := pc.Get(meterKey).(*meter)
	if parent != b.block {
		b.block, b.marks, b.length = parent, 0, 0
		for _, line := range segmentsOf(parent.Lines()) {
			b.length += int64(line.Len())
		}
	}
	b.marks++
	b.walk = b.walk || b.marks > maxDepth/2
	b.Steps += b.length
	if b.Steps <= maxSteps && b.Over == 0 {
		return nil
	}
	b.refuse(tooManySteps, at.Start)
	for ; line != nil; line, _ = r.PeekLine() {
		r.AdvanceLine()
	}
	return ast.NewString(nil)
}

// cellBound counts the cells of a paragraph that may be a table. goldmark creates as
// many cells in each row as the header has.
type cellBound struct{}

func (cellBound) Transform(p *ast.Paragraph, r text.Reader, pc parser.Context) {
	columns := 0
	for i, line := range segmentsOf(p.Lines()) {
		if i == 0 {
			continue
		}
		if rule := line.Value(r.Source()); len(bytes.Trim(rule, " \t\n|:-")) == 0 {
			columns = max(columns, bytes.Count(rule, []byte("|"))+1)
		}
	}
	b := pc.Get(meterKey).(*meter)
	b.Cells += int64(columns) * int64(p.Lines().Len())
	if b.Cells > maxCells {
		b.refuse(tooManyCells, p.Lines().At(0).Start)
		p.Parent().RemoveChild(p.Parent(), p)
	}
}
