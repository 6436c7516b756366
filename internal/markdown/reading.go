package markdown

import (
	"encoding/hex"
	"html"
	"slices"
	"strconv"
	"strings"
	"sync"

	"github.com/privgen/privgen/internal/complete"
	"github.com/privgen/privgen/internal/numbering"
)

// This file reads passages from the HTML of a block. If it read goldmark's tree
// instead, two places would define what a list item or a heading is on a page, and
// redlines must agree with the page. The HTML comes from the renderer or the sanitizer,
// so it is well-formed: every element is closed, in order.

// Signs are placeholders for the program's own words, see Part.Fill.
const (
	signTable     = "\x01t"
	signFootnotes = "\x01f"
	signBack      = "\x01b"
	signHeading   = "h\x01"            // the name of a heading's element, whose level its text tells
	fileAddress   = "/-privgen-file-/" // before the path of a file, in hexadecimal, where HTML is sanitized
)

// elements maps the elements of passages to their kinds. All others are inline.
var elements = map[string]Kind{
	"p": Paragraph, "pre": Code, signHeading: Heading, "h1": Heading, "h2": Heading, "h3": Heading, "h4": Heading, "h5": Heading, "h6": Heading,
	"ul": List, "ol": List, "li": Item, "blockquote": Quote, "aside": Quote, "table": Table, "thead": Rows, "tbody": Rows, "tfoot": Rows,
	"tr": Row, "td": Cell, "th": Cell, "dl": Definitions, "dt": Term, "dd": Meaning, "hr": Rule,
	"div": Box, "section": Box, "details": Box, "summary": Box, "figure": Box, "figcaption": Box, "caption": Box,
}

// passages returns the passages of the block, and reports whether it had to read them.
// counts has "1" for each head that begins with a number, and "0" for the others. Blocks
// of texts that are never compared are never read.
func (bl *block) passages(counts string) (ps []*Passage, fresh bool) {
	bl.reading.Lock()
	defer bl.reading.Unlock()
	ps, ok := bl.read[counts]
	if !ok {
		if bl.read == nil {
			bl.read = map[string][]*Passage{}
		}
		ps = (&reader{links: bl.links, counts: counts}).readAll(bl.signed())
		bl.read[counts] = ps
	}
	return ps, !ok
}

// mostPassages is the number of bytes that the passages of a Renderer's blocks may take:
// enough for the texts of a policy with many versions.
const mostPassages = 16 << 20

// A passageCache has the blocks whose passages are in memory, the oldest first.
// Passages take many times as much memory as their block, so they are evicted earlier
// than the block.
type passageCache struct {
	mu    sync.Mutex
	list  []*block
	size  int // estimated bytes of their passages
	limit int
}

func (c *passageCache) of(bl *block, counts string) []*Passage {
	ps, fresh := bl.passages(counts)
	if !fresh {
		return ps
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	c.list = append(c.list, bl)
	for c.size += passageSize(bl); c.size > c.limit; c.list = c.list[1:] {
		first := c.list[0]
		c.size -= passageSize(first)
		first.reading.Lock()
		first.read = nil
		first.reading.Unlock()
	}
	return ps
}

// passageSize returns the estimated bytes of the passages of a block: a word of six
// letters takes 60.
func passageSize(bl *block) int { return 500 + 15*len(bl.html.text) }

// signed returns the HTML of a block with signs in place of its holes.
func (bl *block) signed() string {
	var b strings.Builder
	b.Grow(len(bl.html.text) + 32*len(bl.html.holes))
	from := 0
	for _, h := range bl.html.holes {
		b.Write(bl.html.text[from:h.at])
		from = h.at
		switch h.kind {
		case holeLevel:
			b.WriteString("\x01")
		case holeID:
			b.WriteString(strconv.Itoa(h.n))
		case holeLink:
			b.WriteString(`<a data-link="` + strconv.Itoa(h.n) + `">`)
		case holeLinkEnd:
			b.WriteString("</a>")
		case holeImage:
			b.WriteString(`<img data-link="` + strconv.Itoa(h.n) + `">`)
		case holeTable:
			b.WriteString(signTable)
		case holeFootnotes:
			b.WriteString(signFootnotes)
		case holeBack:
			b.WriteString(signBack)
		}
	}
	b.Write(bl.html.text[from:])
	return b.String()
}

// sanitized reports whether the text has raw HTML and is sanitized as a whole.
func (b *Body) sanitized() bool {
	return b.rules.HTML == "sanitize" &&
		slices.ContainsFunc(b.blocks, func(bl placedBlock) bool { return hasHTML(bl.block) })
}

// readSanitized reads a text with raw HTML. Its passages are known only after the
// whole text is sanitized.
func readSanitized(b *Body) []*Passage {
	all, _ := b.HTML(nil, &RenderOptions{
		Address: func(dest string) (string, bool) { return fileAddress + hex.EncodeToString([]byte(dest)), true },
		Table:   signTable, Footnotes: signFootnotes, Back: signBack,
	})
	return (&reader{}).readAll(string(all))
}

// file returns the path of the file that the tag of a sanitized text leads to.
func (t *Tag) file() (string, bool) {
	if rest, ok := strings.CutPrefix(t.Dest, fileAddress); ok {
		if dest, err := hex.DecodeString(rest); err == nil {
			return string(dest), true
		}
	}
	return t.Dest, false
}

// IsPicture reports whether an image is shown as an image. Others are shown as words.
func (t *Tag) IsPicture() bool {
	_, ok := t.file()
	return ok || kindOf(link{dest: t.Dest, image: true}) == toFile
}

// Fill appends attributes, or the tail of a passage, with the program's own words in
// place of the signs.
func (pt Part) Fill(dst []byte, attr string, s *RenderOptions) []byte {
	for {
		i := strings.IndexByte(attr, '\x01')
		if i < 0 || i+1 == len(attr) {
			return append(dst, attr...)
		}
		dst = append(dst, attr[:i]...)
		switch attr[i : i+2] {
		case signTable:
			dst = append(dst, html.EscapeString(s.Table)...)
		case signFootnotes:
			dst = append(dst, html.EscapeString(s.Footnotes)...)
		case signBack:
			dst = append(dst, html.EscapeString(s.Back)...)
		}
		attr = attr[i+2:]
	}
}

// Label appends what the page adds at the beginning of a passage: for a summary, its
// label.
func (pt Part) Label(dst []byte, p *Passage, s *RenderOptions) []byte {
	if p.Kind != Quote || p.Tag != "aside" {
		return dst
	}
	return append(append(append(dst, summaryLabel...), html.EscapeString(s.Short)...), summaryLabelEnd...)
}

// Anchor appends what the page adds after a heading: a link to it.
func (pt Part) Anchor(dst []byte, p *Passage, title string, s *RenderOptions) []byte {
	if id := pt.ID(p); id != "" {
		return anchor(dst, id, title, s)
	}
	return dst
}

// A reader parses HTML into passages.
type reader struct {
	links  []link
	root   Passage
	open   []*Passage // the open containers, from the root, and the open leaf
	inline []Tag      // the open inline elements
	markup *Markup    // of the next words; nil if inline has changed since
	words  []Word     // of the open leaf; its spare capacity is for the next words
	added  int        // depth in an element that the page adds
	from   int        // where that element begins

	elements int    // the inline elements so far
	counts   string // as in block.passages; "" for a whole text
}

func (r *reader) readAll(s string) []*Passage {
	r.open = []*Passage{&r.root}
	r.root.Kind = Box
	n := strings.Count(s, " ") // the number of words, about; words stay in memory, so the estimate must not be too high
	r.words = make([]Word, 0, n+n/8+4)
	for at := 0; at < len(s); {
		i := strings.IndexByte(s[at:], '<')
		if i < 0 {
			r.text(s[at:])
			break
		}
		r.text(s[at : at+i])
		at += i
		end := complete.TagEnd(s[at:])
		r.tag(s, at, at+end)
		at += end
	}
	if r.counts == "" {
		r.count()
	}
	for _, p := range r.root.Kids {
		p.finish(r.counts)
	}
	return r.root.Kids
}

// count sets counts for the headings of a whole text, and numbers the headings as
// the heads of a block are numbered.
func (r *reader) count() {
	var of []numbering.Number
	var levels []int
	var walk func(ps []*Passage)
	walk = func(ps []*Passage) {
		for _, p := range ps {
			if p.Kind == Heading && p.head < 0 {
				p.head = -2 - len(of)
				s, _ := beginning(p.Words)
				of, levels = append(of, numbering.Of(s)), append(levels, int(p.Tag[len(p.Tag)-1]))
			}
			walk(p.Kids)
		}
	}
	walk(r.root.Kids)
	r.counts = flags(numbering.Counted(of, levels))
}

func (r *reader) text(s string) {
	if s == "" || r.added > 0 {
		return
	}
	if !r.top().Kind.Leaf() && strings.Trim(s, " \n\t\r\f") == "" && len(r.inline) == 0 {
		return
	}
	top := r.leaf()
	r.put(top, cut(r.words, html.UnescapeString(s), r.current(), top.Kind == Code))
}

// put sets the words of the open leaf. The words of the next leaf follow in the same array.
func (r *reader) put(leaf *Passage, ws []Word) { leaf.Words, r.words = ws[:len(ws):len(ws)], ws }

// current returns the markup of the next words.
func (r *reader) current() *Markup {
	if r.markup == nil && len(r.inline) > 0 {
		r.markup = newMarkup(slices.Clone(r.inline))
	}
	return r.markup
}

func newMarkup(tags []Tag) *Markup {
	m := &Markup{Tags: tags}
	for i := range tags {
		if t := &tags[i]; !t.IsLink() && t.Name != "img" {
			m.Key += "<" + t.Name + t.Attr
		}
	}
	return m
}

// top returns the innermost open passage.
func (r *reader) top() *Passage { return r.open[len(r.open)-1] }

// leaf returns the open leaf. If there is none, it opens one.
func (r *reader) leaf() *Passage {
	if top := r.top(); top.Kind.Leaf() {
		return top
	}
	return r.begin(&Passage{Kind: Text, head: -1})
}

func (r *reader) begin(p *Passage) *Passage {
	top := r.top()
	top.Kids = append(top.Kids, p)
	r.open = append(r.open, p)
	r.words = r.words[len(r.words):]
	return p
}

func (r *reader) close() { r.open = r.open[:len(r.open)-1] }

// tag parses the tag s[at:end].
func (r *reader) tag(s string, at, end int) {
	tag := strings.TrimSuffix(s[at+1:end], ">")
	if tag == "" || tag[0] == '!' || tag[0] == '?' {
		return
	}
	closing := tag[0] == '/'
	if closing {
		tag = tag[1:]
	}
	name, rest := tag, ""
	if i := strings.IndexAny(tag, " \n\t/"); i >= 0 {
		name, rest = tag[:i], tag[i:]
	}
	switch {
	case r.added > 0:
		r.skip(s, end, name, closing)
	case strings.Contains(rest, " data-added"):
		r.added, r.from = 1, at
	case closing:
		r.end(name)
	default:
		r.start(name, rest)
	}
}

// skip handles a tag within an element that the page adds. At the end of that element,
// it appends the element to the tail of the open leaf.
func (r *reader) skip(s string, end int, name string, closing bool) {
	switch {
	case closing:
		r.added--
	case !isVoid(name):
		r.added++
	}
	if r.added > 0 {
		return
	}
	if top := r.top(); top.Kind.Leaf() {
		top.Tail += " " + s[r.from:end]
	}
}

func (r *reader) start(name, rest string) {
	attr, id, dest, n := attributes(rest)
	kind, block := elements[name]
	if !block {
		r.startInline(Tag{Name: name, Attr: attr, Dest: dest, id: id, link: n})
		return
	}
	for r.top().Kind.Leaf() {
		r.close()
	}
	p := r.begin(&Passage{Kind: kind, Tag: name, Attr: attr, id: id, head: -1})
	if name == signHeading {
		p.Tag, p.id = "h", ""
		p.head, _ = strconv.Atoi(id)
	}
	if kind == Rule {
		r.close()
	}
}

func (r *reader) startInline(t Tag) {
	if t.link >= 0 && t.link < len(r.links) {
		l := r.links[t.link]
		t.Dest = l.dest
		if l.title != "" {
			t.Attr += ` title="` + html.EscapeString(l.title) + `"`
		}
		if l.image {
			t.Attr = ` alt="` + html.EscapeString(l.alt) + `"`
		}
	}
	if !isVoid(t.Name) {
		r.elements++
		t.nth = r.elements
		r.inline = append(r.inline, t)
		r.markup = nil
		return
	}
	top := r.leaf()
	w := Word{Kind: Break, Text: t.Name, Markup: r.current()}
	if t.Name == "img" {
		w.Kind, w.Text = Image, altOf(t.Attr)
		if w.Text == "" && isAbsolute(t.Dest) && !strings.HasPrefix(t.Dest, "/") {
			return // it is never loaded, and has no words to show
		}
		w.Markup = newMarkup(append(slices.Clone(r.inline), t))
	}
	r.put(top, takePending(r.words, w))
}

// isVoid reports whether an inline element has no end tag.
func isVoid(name string) bool { return name == "br" || name == "img" || name == "wbr" }

func altOf(attr string) string {
	_, rest, _ := strings.Cut(attr, ` alt="`)
	value, _, _ := strings.Cut(rest, `"`)
	return html.UnescapeString(value)
}

func (r *reader) end(name string) {
	if _, block := elements[name]; !block {
		for i := len(r.inline) - 1; i >= 0; i-- {
			if r.inline[i].Name == name {
				r.inline = slices.Delete(r.inline, i, i+1)
				r.markup = nil
				return
			}
		}
		return
	}
	if strings.HasPrefix(name, signHeading) {
		name = "h"
	}
	for i := len(r.open) - 1; i > 0; i-- {
		if r.open[i].Tag == name {
			r.open = r.open[:i]
			return
		}
	}
}

// attributes parses the attributes of a tag. It returns id, href or src, and the index
// of the tag in the block's links separately from the others.
func attributes(s string) (attr, id, dest string, n int) {
	n = -1
	var b strings.Builder
	for {
		s = strings.TrimLeft(s, " \n\t/")
		if s == "" {
			return b.String(), id, dest, n
		}
		i := strings.IndexAny(s, "= \n\t")
		name, value, valued := s, "", false
		if i < 0 {
			s = ""
		} else {
			name = s[:i]
			s = s[i:]
			if s[0] == '=' && len(s) > 1 && s[1] == '"' {
				value, s, _ = strings.Cut(s[2:], `"`)
				valued = true
			} else if s[0] == '=' {
				s = s[1:]
			}
		}
		switch name {
		case "id":
			id = html.UnescapeString(value)
		case "href", "src":
			dest = html.UnescapeString(value)
		case "data-link":
			n, _ = strconv.Atoi(value)
		default:
			b.WriteString(" " + name)
			if valued {
				b.WriteString(`="` + value + `"`)
			}
		}
	}
}
