package markdown

import (
	"bytes"
	"sync/atomic"
)

// A Kind is the kind of a passage.
type Kind uint8

// The kinds of passages. The first four contain words, the others contain
// passages.
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
	Rule                    // a thematic break: it is empty
	Box                     // any other element around passages: a table's frame, the footnotes, an element of raw HTML
)

// Leaf reports whether passages of the kind contain words instead of passages.
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
	Tail  string // HTML that the page adds after the words, for Part.Fill

	Number int    // how many of the first words are the number of a heading, "4.1" or "(b)"
	Count  int    // the number of words in it and in its kids, without marks of punctuation
	Sum    uint64 // a hash of everything in it: equal passages have equal sums
	Read   uint64 // a hash of its words and structure, without a heading's number, markup, and links

	id   string // its id, unless it is a heading, whose id the text decides
	head int    // the index of its heading in the block, or -1
	refs bool   // it has links to clauses, which are links only in texts with the clause

	Bag atomic.Value // cached by package redline: its words without their order
}

// With returns a copy of the passage with other words. count is the number of
// them that are not marks.
func (p *Passage) With(words []Word, count int) *Passage {
	return &Passage{Kind: p.Kind, Tag: p.Tag, Attr: p.Attr, Kids: p.Kids, Words: words, Tail: p.Tail, Number: p.Number,
		Count: count, Sum: p.Sum, Read: p.Read, id: p.id, head: p.head, refs: p.refs}
}

// A WordKind is the kind of a word.
type WordKind uint8

// The kinds of words.
const (
	Plain WordKind = iota
	Mark           // punctuation
	Break          // a line break
	Image          // its text is the alternative text
	Note           // the reference to a footnote, its text is the number: set by the page, as a list's are
)

// A Word is the smallest unit of a redline: a word with its hyphens and
// apostrophes, a number with its points, a whole URL or mail address, or a mark of
// punctuation.
type Word struct {
	Text   string  // as people read it, without escapes
	Gap    string  // the white space before it: "" or one space, which may be U+00A0 and so on; in code unchanged
	Markup *Markup // nil for none; the same pointer for neighbors with the same markup
	Kind   WordKind
	Sum    uint64 // of text and kind
}

// Part returns the bytes [from, to) of a word as a word.
func (w Word) Part(from, to int) Word {
	if w.Text = w.Text[from:to]; from > 0 {
		w.Gap = ""
	}
	_, w.Kind = first(w.Text, 0)
	w.Sum = sumWord(&w)
	return w
}

// A Markup is the list of inline elements around a word, the outermost first.
type Markup struct {
	Tags []Tag
	Key  string // equal for equal elements; links and images are not in it
}

// A Tag is an inline element.
type Tag struct {
	Name string
	Attr string // attributes as HTML, each with a space before; without id and href
	Dest string // where a link leads or an image is, as written

	id   string
	link int // its index in the block's links, or -1
	nth  int // its index in the block's inline elements
}

// IsLink reports whether the tag is a link.
func (t *Tag) IsLink() bool { return t.Name == "a" }

// Same reports whether two tags of one part are the same element, not two equal
// elements.
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

// A Part is a top-level passage, together with its text, which decides its ids, levels,
// and URLs.
type Part struct {
	*Passage
	body  *Body
	block *placedBlock // nil in a sanitized text
}

// Parts returns the top-level passages of the text, in order. A part with the kind
// Heading begins a clause, unless it is raw HTML. The passages come from the renderer's
// cache: where two versions share text, the pointers are the same.
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

// ID returns the id of a passage of the part, or "".
func (pt Part) ID(p *Passage) string {
	if p.head >= 0 && pt.block != nil {
		return pt.block.ids[p.head]
	}
	return p.id
}

// Element returns the name of a passage's element on the page: h3 for a heading
// of the third level.
func (pt Part) Element(p *Passage) string {
	if p.head >= 0 && pt.block != nil {
		return "h" + string(pt.block.levels[p.head])
	}
	return p.Tag
}

// Same reports whether two passages look the same in their two texts. The level of
// headings and ids may differ.
func (pt Part) Same(p *Passage, other Part, q *Passage) bool {
	if p != q && !equal(p, q) {
		return false
	}
	return !p.refs || sameRefs(pt, p, other, q)
}

// Leads reports whether a link is shown as a link. A link to a clause that the text
// does not have is shown as plain words.
func (pt Part) Leads(t *Tag) bool {
	l, ok := pt.link(t)
	if !ok {
		return true
	}
	_, ok = pt.body.resolve(l, &RenderOptions{})
	return ok
}

// link returns the block's link for a tag. In a sanitized text it reports false.
func (pt Part) link(t *Tag) (l link, ok bool) {
	if pt.block == nil || t.link < 0 {
		return link{}, false
	}
	return pt.block.links[t.link], true
}

// Address returns the URL of a link on a page, and whether it is shown as a
// link.
func (pt Part) Address(t *Tag, s *RenderOptions) (string, bool) {
	if l, ok := pt.link(t); ok {
		return pt.body.resolve(l, s)
	}
	if dest, ok := t.file(); ok {
		return s.address(dest)
	}
	return t.Dest, true
}

// Picture appends an image as the page shows it. If the image was removed (away), a link
// to it has the URL in data-href instead of href.
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

// ID returns the id of a tag, or "". Only the references of footnotes have one.
func (t *Tag) ID() string { return t.id }
