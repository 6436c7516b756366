package markdown

import (
	"bytes"
	"sync/atomic"
)

// A Kind is what a passage is.
type Kind uint8

// The kinds of passages. The first four hold words, the others hold passages.
const (
	Text        Kind = iota // words directly in their container, without a paragraph: a cell's, a tight item's
	Paragraph               //
	Heading                 //
	Code                    // a block of code: white space counts
	List                    // holds items
	Item                    // of a list; a footnote is an item too
	Quote                   //
	Table                   // holds groups of rows
	Rows                    // the head, body or foot of a table
	Row                     // holds cells
	Cell                    //
	Definitions             // a list of terms and what they mean
	Term                    //
	Meaning                 //
	Rule                    // a thematic break: holds nothing
	Box                     // any other element around passages: a table's frame, the footnotes, what raw HTML brings
)

// Leaf reports whether passages of the kind hold words and not passages.
func (k Kind) Leaf() bool { return k <= Code }

// A Passage is a piece of a text as a page shows it: an element around words,
// or around other passages. It belongs to a block that several texts may
// share, so it is the same pointer in all of them, and is never changed.
type Passage struct {
	Kind  Kind
	Tag   string // the element's name; h for headings, whose level is their text's; empty for Text
	Attr  string // its attributes as HTML, each with a space before; without its id. See Part.Fill
	Kids  []*Passage
	Words []Word
	Tail  string // what the page adds behind the words: HTML, for Part.Fill

	Number int    // how many of the first words are the number of a heading, "4.1" or "(b)"
	Count  int    // words in it and below that are words, not marks of punctuation
	Sum    uint64 // of everything in it: equal passages have equal sums
	Read   uint64 // of what is read: words and structure, without a heading's number, markup and links

	id   string // its own id, when it is no heading that a text names
	head int    // which of its block's heads it is, or -1
	refs bool   // it holds links to clauses, which are links only where the clause is

	Bag atomic.Value // what redlines know of its words in any order; see package redline
}

// With returns the passage with other words, of which some count.
func (p *Passage) With(words []Word, count int) *Passage {
	return &Passage{Kind: p.Kind, Tag: p.Tag, Attr: p.Attr, Kids: p.Kids, Words: words, Tail: p.Tail, Number: p.Number,
		Count: count, Sum: p.Sum, Read: p.Read, id: p.id, head: p.head, refs: p.refs}
}

// A WordKind is what a word is.
type WordKind uint8

// The kinds of words.
const (
	Plain WordKind = iota
	Mark           // punctuation
	Break          // a line break
	Image          // its text is the alternative text
	Note           // the reference to a footnote, its text is the number: set by the page, as a list's are
)

// A Word is what redlines do not divide: a word with what belongs to it
// (hyphens, apostrophes, the points of a number, an address whole), or a mark
// of punctuation.
type Word struct {
	Text   string  // as it is read: nothing escaped
	Gap    string  // the white space before it: nothing or one space of its kind, but in code as it is
	Markup *Markup // nil for none; the same pointer for neighbors with the same markup
	Kind   WordKind
	Sum    uint64 // of text and kind
}

// Part returns a part of a word's text as a word.
func (w Word) Part(from, to int) Word {
	if w.Text = w.Text[from:to]; from > 0 {
		w.Gap = ""
	}
	_, w.Kind = first(w.Text, 0)
	w.Sum = sumWord(&w)
	return w
}

// A Markup is the inline elements around a word, from outside.
type Markup struct {
	Tags []Tag
	Key  string // equal where the elements are, links and images left out
}

// A Tag is an inline element.
type Tag struct {
	Name string
	Attr string // attributes as HTML, each with a space before; without id and href
	Dest string // where a link leads or an image is, as written

	id   string
	link int // which of its block's links it is, or -1
	nth  int // which of its block's inline elements it is
}

// IsLink reports whether the tag is a link.
func (t *Tag) IsLink() bool { return t.Name == "a" }

// Same reports whether two tags of one part are one element, and not two beside
// each other that are alike.
func (t *Tag) Same(u *Tag) bool { return t.nth == u.nth }

// Link returns the link that a word is in, or nil.
func (m *Markup) Link() *Tag {
	if m != nil {
		for i := range m.Tags {
			if m.Tags[i].IsLink() {
				return &m.Tags[i]
			}
		}
	}
	return nil
}

// A Part is a passage of a text that is in no other passage, together with its
// text, which knows ids, levels, and addresses.
type Part struct {
	*Passage
	body  *Body
	block *placedBlock // nil in a sanitized text
}

// Parts returns the text as it is read: its passages, in order. A part with the
// kind Heading begins a clause. The passages come from the renderer's cache, so
// for a stretch of text that two versions share they are the same pointers.
func (b *Body) Parts() []Part {
	if b.sanitized() {
		b.once.Do(func() { b.whole = readSanitized(b) })
		out := make([]Part, len(b.whole))
		for i, p := range b.whole {
			out[i] = Part{p, b, nil}
		}
		return out
	}
	out := make([]Part, 0, len(b.blocks))
	for i := range b.blocks {
		bl := &b.blocks[i]
		for _, p := range b.read.of(bl.block, bl.counts) {
			out = append(out, Part{p, b, bl})
		}
	}
	return out
}

// ID returns the id of a passage of the part, or nothing.
func (pt Part) ID(p *Passage) string {
	if p.head >= 0 && pt.block != nil {
		return pt.block.ids[p.head]
	}
	return p.id
}

// Element returns the name of a passage's element as it is shown: h3 for a
// heading of the third level.
func (pt Part) Element(p *Passage) string {
	if p.head >= 0 && pt.block != nil {
		return "h" + string(pt.block.levels[p.head])
	}
	return p.Tag
}

// Same reports whether two passages are shown alike in their two texts, but
// for the level of headings and for ids.
func (pt Part) Same(p *Passage, other Part, q *Passage) bool {
	if p != q && !equal(p, q) {
		return false
	}
	return !p.refs || sameRefs(pt, p, other, q)
}

// Leads reports whether a link is one in its text: a link to a clause that is
// not there is shown as plain words.
func (pt Part) Leads(t *Tag) bool {
	l, ok := pt.link(t)
	if !ok {
		return true
	}
	_, ok = pt.body.resolve(l, &RenderOptions{})
	return ok
}

// link returns the link of its block that a tag is. In a sanitized text it is none.
func (pt Part) link(t *Tag) (l link, ok bool) {
	if pt.block == nil || t.link < 0 {
		return link{}, false
	}
	return pt.block.links[t.link], true
}

// Address returns where a link leads on a page, and whether it is shown as one.
func (pt Part) Address(t *Tag, s *RenderOptions) (string, bool) {
	if l, ok := pt.link(t); ok {
		return pt.body.resolve(l, s)
	}
	if dest, ok := t.file(); ok {
		return s.address(dest)
	}
	return t.Dest, true
}

// Picture appends an image as the page shows it; what was removed leads
// nowhere any more, but its address is kept in data-href.
func (pt Part) Picture(dst []byte, w *Word, s *RenderOptions, away bool) []byte {
	t := &w.Markup.Tags[len(w.Markup.Tags)-1]
	l, ok := pt.link(t)
	if !ok {
		dest, _ := t.file()
		l = link{dest: dest, alt: w.Text, image: true}
	}
	from := len(dst)
	dst = pt.body.image(dst, l, s)
	if away && bytes.HasPrefix(dst[from:], []byte("<a href=")) {
		dst = append(dst[:from], bytes.Replace(dst[from:], []byte("href"), []byte("data-href"), 1)...)
	}
	return dst
}

// ID returns the id of a tag that has one: a footnote's reference.
func (t *Tag) ID() string { return t.id }
