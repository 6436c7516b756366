package redline

import (
	"slices"
	"strings"
	"unicode"

	"github.com/privgen/privgen/internal/markdown"
	"github.com/privgen/privgen/internal/visible"
)

// A Mark is on which side an edit is.
type Mark uint8

// The marks.
const (
	Both      Mark = iota
	Inserted       // in the new text only
	Deleted        // in the old text only
	MovedHere      // moved: its new place
	MovedAway      // moved: its old place
)

// A Node is a passage in its text.
type Node struct {
	Of markdown.Part // the part that it is or is in
	*markdown.Passage
}

// Element returns the name of the element that a node is shown as in its text.
func (n Node) Element() string { return n.Of.Element(n.Passage) }

// In returns a passage that is in a node.
func (n Node) In(k *markdown.Passage) Node { return Node{n.Of, k} }

// kids returns the passages in a node.
func (n Node) kids() []Node {
	out := make([]Node, len(n.Kids))
	for i, k := range n.Kids {
		out[i] = n.In(k)
	}
	return out
}

// same reports whether two nodes are shown alike; an element that differs, as
// by the level of a heading, is found apart.
func same(a, b Node) bool {
	return a.Of.Same(a.Passage, b.Of, b.Passage) && (a.Kind != markdown.Heading || a.Element() == b.Element())
}

// An Edit is a passage of either text, or two that belong together.
type Edit struct {
	Mark      Mark
	Old, New  Node
	Alike     bool        // nothing in it changed
	Kids      []*Edit     // of two containers that are not alike
	Runs      []Run       // of two leaves that are not alike
	elsewhere []elsewhere // of what is added or removed: what is in the other text too
	Merged    *Merged     // of a passage whose words are merged with others
	olds      []Node      // the old passages that it is the first merged edit of
	columns   *columns    // of the table, for a row of one text
	to        *Edit       // for away: the edit at its new place
	Move      int         // for here and away: which move it is, from 1
	Level     int         // of a heading: the level that it is shown at, 1 to 6
}

// A Run is a stretch of words in two leaves.
type Run struct {
	Op             Op
	O0, O1, N0, N1 int // old words [o0,o1), new words [n0,n1)
}

// Hidden reports whether a run of two passages changes only characters that cannot be
// seen, such as a soft hyphen.
func (r Run) Hidden(o, n Node) bool {
	olds, news := o.Words[r.O0:r.O1], n.Words[r.N0:r.N1]
	if a, b := firstLetter(olds), firstLetter(news); a != b && (a > 0 || len(olds) == 0) && (b > 0 || len(news) == 0) {
		return false // as nearly always
	}
	return seen(olds) == seen(news)
}

// firstLetter returns the first character of words if it and what is before it can be
// seen for sure, or 0.
func firstLetter(ws []markdown.Word) byte {
	if len(ws) == 0 || ws[0].Text == "" || len(ws[0].Gap) > 1 || ws[0].Text[0] <= ' ' || ws[0].Text[0] >= 0x7f {
		return 0
	}
	return ws[0].Text[0]
}

// Cosmetic reports whether a run of two passages is no change of words: of what is
// hidden, but not the direction in which words are read, or of line breaks.
func (r Run) Cosmetic(o, n Node) bool {
	olds, news := o.Words[r.O0:r.O1], n.Words[r.N0:r.N1]
	turns := func(w markdown.Word) bool {
		return strings.ContainsFunc(w.Text, func(c rune) bool { return unicode.Is(unicode.Bidi_Control, c) })
	}
	words := func(w markdown.Word) bool { return w.Kind != markdown.Break }
	return r.Hidden(o, n) && !slices.ContainsFunc(olds, turns) && !slices.ContainsFunc(news, turns) ||
		!slices.ContainsFunc(olds, words) && !slices.ContainsFunc(news, words)
}

// seen returns the text of words without what cannot be seen of it.
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

// An Op is what changed about the words of a run.
type Op uint8

// The operations.
const (
	OpEqual   Op = iota
	OpReplace    // either side may be empty
	OpNumber     // the number of a heading
	OpLink       // the same words, that lead elsewhere
	OpMarkup     // the same words in other markup
	OpImage      // the same alternative text of another image
	OpSpace      // a word with a space before it on one side only
)

// An elsewhere is a passage that is in the other text too: see Edit.OtherPlace.
type elsewhere struct {
	*markdown.Passage
	move int
}

// OtherPlace reports whether a passage of what was added or removed is in the other
// text too: in another structure at the same place, or, with the number of a move,
// at another place.
func (p *Edit) OtherPlace(x *markdown.Passage) (move int, ok bool) {
	for _, e := range p.elsewhere {
		if e.Passage == x {
			return e.move, true
		}
	}
	return 0, false
}

// wordsElsewhere returns how many words of a passage that was added or removed
// have another structure in the other text, and how many have another place.
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

// leftBehind returns how many words of what moved are elsewhere now, and not
// where it moved to.
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

// LeftAway reports whether all of a removed passage is elsewhere now. On the
// way of a move it need not be shown: it is at the old place.
func (p *Edit) LeftAway() bool {
	restructured, moved := p.wordsElsewhere()
	return p.Mark == Deleted && p.Old.Count > 0 && restructured+moved == p.Old.Count
}

// none reports whether there is no node.
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

// Written returns where a tag leads, as its text has it.
func (n Node) Written(tag *markdown.Tag) string {
	dest, _ := n.Of.Address(tag, asWritten)
	return dest
}

var asWritten = &markdown.RenderOptions{Address: func(dest string) (string, bool) { return dest, true }}

// Picture returns the tag of the image that the word i is or is shown for, or nil.
func (n Node) Picture(i int) *markdown.Tag { return picture(&n.Words[i]) }

func picture(w *markdown.Word) *markdown.Tag {
	if w.Markup != nil {
		if t := &w.Markup.Tags[len(w.Markup.Tags)-1]; t.Name == "img" {
			return t
		}
	}
	return nil
}

// Target returns the tag that says where the word i leads, or nil. An image that is
// shown as words leads to the image.
func (n Node) Target(i int) *markdown.Tag {
	w := &n.Words[i]
	link, image := w.Markup.Link(), picture(w)
	if link != nil || image == nil || image.IsPicture() {
		return link
	}
	return image
}

// Dest returns where the word i leads in its text, or nothing.
func (n Node) Dest(i int) string {
	tag := n.Target(i)
	if tag == nil || !n.Of.Leads(tag) {
		return ""
	}
	return n.Written(tag)
}

// IsImage reports whether the word i is an image that leads to itself, if anywhere.
func (n Node) IsImage(i int) bool {
	return n.Picture(i) != nil && n.Words[i].Markup.Link() == nil
}

// Markup returns the names of the elements around the word i, links left out.
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

// InNew reports whether an edit is in the new text.
func (p *Edit) InNew() bool { return p.Mark != Deleted && p.Mark != MovedAway }

// Shown returns the passage that an edit is shown as.
func (p *Edit) Shown() Node {
	if p.InNew() {
		return p.New
	}
	return p.Old
}

// IsHeading reports whether an edit is a heading.
func (p *Edit) IsHeading() bool { return p.Shown().Kind == markdown.Heading }

// Restructured reports whether the passages of an edit are different elements. Readers
// do not see whether their words have a separate paragraph, as in the items of a
// loose list.
func (p *Edit) Restructured() bool {
	return p.Old.Element() != p.New.Element() && (p.Old.Kind > markdown.Paragraph || p.New.Kind > markdown.Paragraph)
}

// Missing returns how many cells of the other text are before the cell i of a row,
// right before it; or after the last, for i one more.
func (p *Edit) Missing(i int) int {
	if p.columns == nil {
		return 0
	}
	return p.columns.missing(i, !p.InNew())
}
