package redline

import (
	"slices"
	"strings"
	"unicode"

	"github.com/privgen/privgen/internal/markdown"
	"github.com/privgen/privgen/internal/visible"
)

// A Mark is which text has the passage of an edit.
type Mark uint8

// The marks.
const (
	Both      Mark = iota
	Inserted       // in the new text only
	Deleted        // in the old text only
	MovedHere      // the new place of a passage that moved
	MovedAway      // its old place
)

// A Node is a passage together with its text. Texts share equal passages, but the same
// passage can have another id and level in each.
type Node struct {
	Of markdown.Part // the top-level passage that it is or is in
	*markdown.Passage
}

// Element returns the name of the element that a node is shown as in its text.
func (n Node) Element() string { return n.Of.Element(n.Passage) }

// In returns a passage that is in the same part as a node.
func (n Node) In(k *markdown.Passage) Node { return Node{n.Of, k} }

// kids returns the passages directly in a node.
func (n Node) kids() []Node {
	out := make([]Node, len(n.Kids))
	for i, k := range n.Kids {
		out[i] = n.In(k)
	}
	return out
}

// same reports whether two nodes are equal: words, links, markup, and structure. For
// headings, the level must be equal, too.
func same(a, b Node) bool {
	return a.Of.Same(a.Passage, b.Of, b.Passage) && (a.Kind != markdown.Heading || a.Element() == b.Element())
}

// An Edit is a passage of one text, or a pair of passages.
type Edit struct {
	Mark      Mark
	Old, New  Node
	Alike     bool        // the two passages are equal
	Kids      []*Edit     // the alignment of two containers that are not equal
	Runs      []Run       // the edit script of two leaves that are not equal
	elsewhere []elsewhere // for an added or removed passage: its leaves that the other text has, too
	Merged    *Merged     // for a merged passage; it has New, Merged, and olds only
	olds      []Node      // the old passages of a merge, in its first edit
	columns   *columns    // the columns of the table, for a row of one text
	to        *Edit       // for MovedAway: the edit at the new place
	Move      int         // for MovedHere and MovedAway: the number of the move, from 1
	Level     int         // for a heading: the level that it is shown at, 1 to 6
}

// A Run is a step of an edit script: consecutive words of two leaves.
type Run struct {
	Op             Op
	O0, O1, N0, N1 int // old words [O0,O1), new words [N0,N1)
}

// Hidden reports whether a run changes only invisible characters, such as a soft hyphen.
func (r Run) Hidden(o, n Node) bool {
	olds, news := o.Words[r.O0:r.O1], n.Words[r.N0:r.N1]
	if a, b := firstLetter(olds), firstLetter(news); a != b && (a > 0 || len(olds) == 0) && (b > 0 || len(news) == 0) {
		return false // the fast path for most runs
	}
	return seen(olds) == seen(news)
}

// firstLetter returns the first byte of words if it is printable ASCII after at most one
// byte of white space. Otherwise it returns 0.
func firstLetter(ws []markdown.Word) byte {
	if len(ws) == 0 || ws[0].Text == "" || len(ws[0].Gap) > 1 || ws[0].Text[0] <= ' ' || ws[0].Text[0] >= 0x7f {
		return 0
	}
	return ws[0].Text[0]
}

// Cosmetic reports whether a run changes no words: only line breaks, or only invisible
// characters, except those that change the direction of text.
func (r Run) Cosmetic(o, n Node) bool {
	olds, news := o.Words[r.O0:r.O1], n.Words[r.N0:r.N1]
	turns := func(w markdown.Word) bool {
		return strings.ContainsFunc(w.Text, func(c rune) bool { return unicode.Is(unicode.Bidi_Control, c) })
	}
	words := func(w markdown.Word) bool { return w.Kind != markdown.Break }
	return r.Hidden(o, n) && !slices.ContainsFunc(olds, turns) && !slices.ContainsFunc(news, turns) ||
		!slices.ContainsFunc(olds, words) && !slices.ContainsFunc(news, words)
}

// seen returns the text of words without invisible characters.
func seen(ws []markdown.Word) string {
	var b strings.Builder
	for k := range ws {
		b.WriteString(ws[k].Gap)
		s := ws[k].Text
		i := 0
		for i < len(s) && s[i] >= ' ' && s[i] < 0x7f {
			i++
		}
		b.WriteString(s[:i])
		for i < len(s) {
			name, size := visible.NameAt(s, i)
			if name == "" {
				b.WriteString(s[i : i+size])
			}
			i += size
		}
	}
	return b.String()
}

// An Op is what changed in the words of a run.
type Op uint8

// The operations.
const (
	OpEqual   Op = iota
	OpReplace    // a replacement; an insertion or a deletion if one side is empty
	OpNumber     // the number of a heading
	OpLink       // equal words with another link target
	OpMarkup     // equal words with other markup
	OpImage      // another image with the same alternative text
	OpSpace      // an equal word with a space before it on one side only
)

// An elsewhere is a leaf that the other text has, too: see Edit.OtherPlace.
type elsewhere struct {
	*markdown.Passage
	move int
}

// OtherPlace reports whether a leaf of an added or removed passage is in the other text,
// too. If move is 0, it has another structure at the same place. Otherwise it is at
// another place, and move is the number of the move.
func (p *Edit) OtherPlace(x *markdown.Passage) (move int, ok bool) {
	for _, e := range p.elsewhere {
		if e.Passage == x {
			return e.move, true
		}
	}
	return 0, false
}

// wordsElsewhere returns how many words of an added or removed passage have another
// structure in the other text, and how many are at another place.
func (p *Edit) wordsElsewhere() (restructured, moved int) {
	for _, e := range p.elsewhere {
		if e.move > 0 {
			moved += e.Count
		} else {
			restructured += e.Count
		}
	}
	return restructured, moved
}

// leftBehind returns how many words of a moved passage did not move with it, but are at
// another place now.
func (p *Edit) leftBehind() int {
	n := 0
	for _, k := range p.Kids {
		if k.Mark == Deleted {
			restructured, moved := k.wordsElsewhere()
			n += restructured + moved
		}
		n += k.leftBehind()
	}
	return n
}

// LeftAway reports whether the other text has all words of a removed passage. If the
// passage is part of a move, its old place shows it, so the new one need not.
func (p *Edit) LeftAway() bool {
	restructured, moved := p.wordsElsewhere()
	return p.Mark == Deleted && p.Old.Count > 0 && restructured+moved == p.Old.Count
}

// none reports whether the node is missing.
func (n Node) none() bool { return n.Passage == nil }

// Level returns the level of a heading, from 1.
func (n Node) Level() int {
	if name := n.Element(); len(name) == 2 && name[0] == 'h' {
		return int(name[1] - '0')
	}
	return 1
}

// Title returns the words of a heading as plain text.
func (n Node) Title() string {
	var b strings.Builder
	b.Grow(10 * len(n.Words))
	plainWords(&b, n.Passage)
	return b.String()
}

// Written returns the target of a link or image as the text has it.
func (n Node) Written(tag *markdown.Tag) string {
	dest, _ := n.Of.Address(tag, asWritten)
	return dest
}

var asWritten = &markdown.RenderOptions{Address: func(dest string) (string, bool) { return dest, true }}

// Picture returns the tag of the image that the word i is, or whose alternative text it is
// part of. It returns nil for other words.
func (n Node) Picture(i int) *markdown.Tag { return picture(&n.Words[i]) }

func picture(w *markdown.Word) *markdown.Tag {
	if w.Markup != nil {
		if t := &w.Markup.Tags[len(w.Markup.Tags)-1]; t.Name == "img" {
			return t
		}
	}
	return nil
}

// Target returns the tag with the link target of the word i, or nil. The words of an
// image that is shown as words are a link to the image file.
func (n Node) Target(i int) *markdown.Tag {
	w := &n.Words[i]
	link, image := w.Markup.Link(), picture(w)
	if link != nil || image == nil || image.IsPicture() {
		return link
	}
	return image
}

// Dest returns the link target of the word i as its text has it, or "".
func (n Node) Dest(i int) string {
	tag := n.Target(i)
	if tag == nil || !n.Of.Leads(tag) {
		return ""
	}
	return n.Written(tag)
}

// IsImage reports whether the word i is an image, or part of one, outside of any link.
func (n Node) IsImage(i int) bool {
	return n.Picture(i) != nil && n.Words[i].Markup.Link() == nil
}

// Markup returns the names of the elements around the word i, without links and images.
func (n Node) Markup(i int) string {
	m := n.Words[i].Markup
	if m == nil {
		return ""
	}
	var out []string
	for i := range m.Tags {
		if t := &m.Tags[i]; !t.IsLink() && t.Name != "img" {
			out = append(out, t.Name)
		}
	}
	return strings.Join(slices.Compact(out), " ")
}

// InNew reports whether the new text has the passage of an edit.
func (p *Edit) InNew() bool { return p.Mark != Deleted && p.Mark != MovedAway }

// Shown returns the passage that is shown for an edit: the new one if there is one.
func (p *Edit) Shown() Node {
	if p.InNew() {
		return p.New
	}
	return p.Old
}

// IsHeading reports whether an edit is shown as a heading.
func (p *Edit) IsHeading() bool { return p.Shown().Kind == markdown.Heading }

// Restructured reports whether the passages of an edit are different elements. A paragraph
// and words without one, as in a loose and a tight list, count as equal.
func (p *Edit) Restructured() bool {
	return p.Old.Element() != p.New.Element() && (p.Old.Kind > markdown.Paragraph || p.New.Kind > markdown.Paragraph)
}

// Missing returns how many empty cells a row needs directly before its cell i, for columns
// that only the other text has. The number of cells as i stands for the end of the row.
func (p *Edit) Missing(i int) int {
	if p.columns == nil {
		return 0
	}
	return p.columns.missing(i, !p.InNew())
}
