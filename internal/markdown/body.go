package markdown

import (
	"bytes"
	"fmt"
	"html"
	"maps"
	"slices"
	"strings"
	"sync"

	"github.com/privgen/privgen/internal/markdown/direction"
	"github.com/privgen/privgen/internal/markdown/lines"
	"github.com/privgen/privgen/internal/markdown/syntax"
	"github.com/privgen/privgen/internal/numbering"
	"github.com/privgen/privgen/internal/source"
)

// A Body is the parsed text of a version: its blocks, its clauses and its
// links. It is not changed after it is made and may be rendered by several
// goroutines.
type Body struct {
	file   *source.File
	start  int // offset of the text in the file, after the front matter
	blocks []placedBlock
	known  map[string]bool   // ids
	former map[string]string // ids that headings had when quantities were taken for numbers, with those they have
	rules  Rules

	read  *passageCache
	once  sync.Once
	whole []*Passage // the text as it is read, when its HTML is sanitized as a whole; see Parts
}

// A placedBlock is a block at its place in a text, with what depends on the text.
type placedBlock struct {
	*block
	at     int      // offset in the file
	ids    []string // of its heads
	levels []byte   // that they are shown at: '1' to '6'
	counts string   // which of them begin with a number: 0 or 1 for each
}

// Clauses returns the clauses of the text in order. The first may have no
// heading: what is before the first heading.
func (b *Body) Clauses() []Clause {
	end := len(b.file.Text)
	out := []Clause{{Start: b.start}}
	for _, bl := range b.blocks {
		for j, h := range bl.heads {
			if !h.top {
				continue
			}
			out[len(out)-1].End = bl.at + h.at
			out = append(out, Clause{ID: bl.ids[j], Level: h.level, Title: h.title, Start: bl.at + h.at})
		}
	}
	out[len(out)-1].End = end
	if out[0].Start == out[0].End && len(out) > 1 {
		out = out[1:]
	}
	return out
}

// A Clause is a heading and the text under it, up to the next heading. Every
// byte of a text belongs to exactly one clause.
type Clause struct {
	ID         string // empty for what is before the first heading
	Level      int    // 1 to 6; 0 before the first heading
	Title      string // the heading without markup
	Start, End int    // offsets in the file
}

// Markdown returns the text as it was written. The caller must not change it.
func (b *Body) Markdown() []byte { return b.file.Text[b.start:] }

// Pos returns the position of an offset in the file, such as the start of a clause.
func (b *Body) Pos(offset int) source.Pos { return b.file.Pos(offset) }

// Has reports whether the text has a clause with the id, now or formerly.
func (b *Body) Has(id string) bool { return b.known[id] || b.former[id] != "" }

// Former returns ids that headings had before clause numbers were told from
// quantities, each with the id of the heading now. The caller must not change the map.
func (b *Body) Former() map[string]string { return b.former }

// IDs returns the ids of the text's headings. The caller must not change the map.
func (b *Body) IDs() map[string]bool { return b.known }

// Title returns the title in the text: its first heading, if it has level one
// and nothing is before it.
func (b *Body) Title() string {
	for _, bl := range b.blocks {
		if len(bl.html.text) == 0 {
			continue // blank lines
		}
		if len(bl.heads) == 0 || !bl.heads[0].top || bl.heads[0].level != 1 ||
			!blank(b.file.Text[bl.at:bl.at+bl.heads[0].at]) {
			return ""
		}
		return bl.heads[0].title
	}
	return ""
}

// Parse parses the text of a file from an offset on. It reports mistakes in the
// text as problems with their places. It does not follow links to other files,
// see Body.Refs.
func (r *Renderer) Parse(f *source.File, start int, rules Rules) (*Body, source.Problems) {
	b, problems, excess := r.parse(f, start, rules, rules.Mistakes != "keep")
	if excess != nil { // other problems of an incomplete text may be wrong
		return b, source.Problems{excess}
	}
	return b, append(problems, b.faults()...)
}

// Again returns the body that Parse returns. It is faster, because it does not search
// for mistakes.
func (r *Renderer) Again(f *source.File, start int, rules Rules) *Body {
	b, _, _ := r.parse(f, start, rules, false)
	return b
}

// parse returns the body and the problems of its ids. If the text is over a limit, excess
// is that problem, and the body ends there. With find, it searches the blocks for mistakes.
func (r *Renderer) parse(f *source.File, start int, rules Rules, find bool) (b *Body, problems source.Problems,
	excess *source.Problem) {
	b = &Body{file: f, start: start, rules: rules, known: map[string]bool{}, read: &r.read}
	excess = r.blocks(b, find)
	problems = b.name()
	b.rank()
	return b, problems, excess
}

// faults returns the problems in the blocks of the text, in order.
func (b *Body) faults() (problems source.Problems) {
	for _, bl := range b.blocks {
		for _, fl := range bl.flaws {
			if b.allows(fl.code) {
				continue
			}
			problems = append(problems, fl.problem(b.file.Pos(bl.at+fl.at)))
			if len(problems) == maxProblems {
				return problems
			}
		}
		for _, l := range bl.links {
			if p := b.checkLink(l, bl.at+l.at); p != nil {
				problems = append(problems, p)
			}
			if len(problems) == maxProblems {
				return problems
			}
		}
	}
	openHTML := func(p *source.Problem) bool { return p.Code == "open-html" } // it describes the loss better
	if b.sanitized() && !b.allows("lost-words") && !slices.ContainsFunc(problems, openHTML) {
		problems = append(problems, b.missingOfHTML()...)
	}
	return problems
}

// allows reports whether the rules of the text allow a flaw.
func (b *Body) allows(code string) bool {
	switch {
	case code == "raw-html":
		return b.rules.HTML == "sanitize"
	case code == "open-html": // the problem raw-html is enough
		return b.rules.HTML != "sanitize"
	case code == "unsafe-link":
		return b.rules.DeadLinks == "keep"
	}
	return b.rules.Mistakes == "keep" && isMistake(code)
}

// blocks divides the text into blocks and renders them, up to the first limit
// that the text is over. It returns that problem, or nil.
func (r *Renderer) blocks(b *Body, find bool) *source.Problem {
	text := b.file.Text[b.start:]
	if at, e := syntax.TooMany(text); e != 0 {
		return e.Problem(b.file.Pos(b.start + at))
	}
	var cost syntax.Cost
	at := b.start
	ends := lines.Cuts(text)
	b.blocks = make([]placedBlock, 0, len(ends))
	for _, end := range ends {
		bl := r.block(b.file.Text[at:b.start+end], find)
		if bl.cost.Over != 0 {
			return bl.cost.Over.Problem(b.file.Pos(at + bl.cost.At))
		}
		if e := cost.Add(bl.cost); e != 0 {
			return e.Problem(b.file.Pos(at))
		}
		b.blocks = append(b.blocks, placedBlock{block: bl, at: at})
		at = b.start + end
	}
	return nil
}

// name sets the id of every heading: the explicit one, or a unique one derived
// from its words.
func (b *Body) name() source.Problems {
	var problems source.Problems
	first := map[string]int{}
	for _, bl := range b.blocks {
		for _, h := range bl.heads {
			if h.id == "" {
				continue
			}
			at := bl.at + h.at
			if b.known[h.id] && len(problems) < maxProblems {
				problems = append(problems, source.NewProblem(b.file.Pos(at), "duplicate-id",
					fmt.Sprintf("this heading has the id %q, and so has that in line %d", h.id,
						b.file.Pos(first[h.id]).Line),
					fmt.Sprintf("write another id than {#%s} after one of them, or none; "+
						"a link can lead to one place only", h.id)))
			} else {
				first[h.id] = at
			}
			b.known[h.id] = true
		}
	}
	b.count()
	explicit := maps.Clone(b.known)
	for i, ids := range b.derive(b.known, func(h *head, numbered bool) string {
		if numbered {
			return h.numbered
		}
		return h.whole
	}) {
		b.blocks[i].ids = ids
	}
	if b.rules.Former {
		b.nameFormer(explicit)
	}
	return problems
}

// count sets which headings begin with a number.
func (b *Body) count() {
	var of []numbering.Number
	var levels []int
	for _, bl := range b.blocks {
		for _, h := range bl.heads {
			of, levels = append(of, h.num), append(levels, h.level)
		}
	}
	have := numbering.Counted(of, levels)
	for i := range b.blocks {
		n := len(b.blocks[i].heads)
		b.blocks[i].counts, have = flags(have[:n]), have[n:]
	}
}

// flags writes 1 for true and 0 for false.
func flags(list []bool) string {
	out := make([]byte, len(list))
	for i, yes := range list {
		out[i] = '0'
		if yes {
			out[i] = '1'
		}
	}
	return string(out)
}

// derive returns an id for every heading, of each block: its own, or one of its
// words that is not known.
func (b *Body) derive(known map[string]bool, words func(h *head, numbered bool) string) [][]string {
	out := make([][]string, len(b.blocks))
	count := map[string]int{}
	for i, bl := range b.blocks {
		for j := range bl.heads {
			h := &bl.heads[j]
			id := h.id
			if id == "" {
				base := words(h, bl.counts[j] == '1')
				for id = base; known[id]; id = fmt.Sprintf("%s-%d", base, count[base]) {
					count[base] = max(count[base], 1) + 1
				}
				known[id] = true
			}
			out[i] = append(out[i], id)
		}
	}
	return out
}

// nameFormer sets the former ids of headings, so that links to them still work.
// explicit has the ids that authors wrote.
func (b *Body) nameFormer(explicit map[string]bool) {
	b.former = map[string]string{}
	for i, ids := range b.derive(explicit, func(h *head, _ bool) string { return h.former }) {
		for j, id := range ids {
			if now := b.blocks[i].ids[j]; id != now && !b.known[id] {
				b.former[id] = now
			}
		}
	}
}

// rank sets the level that each heading is shown at: its depth below other
// headings, so that no level is skipped. Readers who go from heading to heading
// cannot tell a skipped level from a missing clause. In a text that skips none,
// it is the written level.
func (b *Body) rank() {
	var above []int // the written levels of the headings that the last one is below, and its own
	top := 2        // a text without a title is shown below the page's
	if b.Title() != "" {
		top = 1
	}
	for i := range b.blocks {
		bl := &b.blocks[i]
		for _, h := range bl.heads {
			for len(above) > 0 && above[len(above)-1] >= h.level {
				above = above[:len(above)-1]
			}
			bl.levels = append(bl.levels, '0'+byte(min(len(above)+top, 6)))
			above = append(above, h.level)
		}
	}
}

func shorten(s string) string {
	s, _, _ = strings.Cut(s, "\n")
	if r := []rune(s); len(r) > 60 {
		return string(r[:57]) + "..."
	}
	return s
}

func blank(text []byte) bool { return len(bytes.TrimSpace(text)) == 0 }

// maxProblems is the maximum number of problems reported of a text. The next run
// finds the others.
const maxProblems = 1000

// A Ref is a link of a text to another file of the site by its path, or to a page
// of it by its URL.
type Ref struct {
	Dest  string // as written: ../cookies.md#storage, /cookies/#storage
	Pos   source.Pos
	Image bool
}

// Refs returns the links into the site that lead out of the text, in order.
func (b *Body) Refs() []Ref {
	var out []Ref
	for _, bl := range b.blocks {
		for _, l := range bl.links {
			_, _, own := b.rules.Own(l.dest)
			if own && l.full || !l.full && kindOf(l) == toFile {
				out = append(out, Ref{l.dest, b.file.Pos(bl.at + l.at), l.image})
			}
		}
	}
	return out
}

// RenderOptions has what differs between the pages that show a text.
type RenderOptions struct {
	// Address returns the URL for a link to a file of the site. If it returns
	// false, the link is shown as plain text. If Address is nil, all links stay
	// as they were written.
	Address func(dest string) (string, bool)

	// Aliases are ids that clauses had before, each with the id that the clause
	// has now; links to them lead there.
	Aliases map[string]string

	Clause, Table, Footnotes, Back, Short string // the program's own words

	Dir string // the direction of the element around the text: ltr or rtl; or nothing, and none is written

	allLinks bool // show links to missing clauses as links, too
}

func (s *RenderOptions) address(dest string) (string, bool) {
	if s.Address == nil {
		return dest, true
	}
	return s.Address(dest)
}

// HTML appends the text as HTML to dst. The second result is the offset in dst
// after the title in the text, see Body.Title, or the former len(dst) if it has
// none.
func (b *Body) HTML(dst []byte, s *RenderOptions) ([]byte, int) {
	begin := len(dst)
	title := begin
	own := b.Title() != ""
	heading := "" // the last one
	for i := range b.blocks {
		bl := &b.blocks[i]
		from := 0
		for _, h := range bl.html.holes {
			dst = append(dst, bl.html.text[from:h.at]...)
			from = h.at
			if h.kind == holeAnchor {
				heading = bl.heads[h.n].title
			}
			if untitled := own && title == begin; h.kind == holeHeadingEnd {
				if untitled {
					title = len(dst)
				}
				continue
			} else if untitled && h.kind == holeAnchor {
				continue // a link to the title leads to the page
			}
			dst = b.fill(dst, bl, h, s)
			if h.kind == holeTable && heading != "" && s.Table != signTable {
				dst = append(dst, html.EscapeString(": "+heading)...) // a table that scrolls needs a name
			}
		}
		dst = append(dst, bl.html.text[from:]...)
	}
	if b.sanitized() {
		dst, title = sanitize(dst, begin, title)
	}
	if s.Dir == "" || s.Dir != "rtl" && !direction.HasRight(dst[begin:]) {
		return dst, title // as direction.Set would, without a copy
	}
	head, rest := direction.Set(dst[begin:title], s.Dir), direction.Set(dst[title:], s.Dir)
	dst = append(append(dst[:begin:begin], head...), rest...)
	return dst, begin + len(head)
}

func (b *Body) fill(dst []byte, bl *placedBlock, h hole, s *RenderOptions) []byte {
	switch h.kind {
	case holeLevel:
		dst = append(dst, bl.levels[h.n])
	case holeID:
		dst = append(dst, html.EscapeString(bl.ids[h.n])...)
	case holeAliases:
		dst = b.aliases(dst, bl.ids[h.n], s)
	case holeAnchor:
		dst = anchor(dst, bl.ids[h.n], bl.heads[h.n].title, s)
	case holeLink:
		if href, ok := b.resolve(bl.links[h.n], s); ok {
			dst = append(dst, `<a href="`...)
			dst = append(dst, html.EscapeString(href)...)
			if t := bl.links[h.n].title; t != "" {
				dst = append(dst, `" title="`...)
				dst = append(dst, html.EscapeString(t)...)
			}
			dst = append(dst, `">`...)
		}
	case holeLinkEnd:
		if _, ok := b.resolve(bl.links[h.n], s); ok {
			dst = append(dst, `</a>`...)
		}
	case holeImage:
		dst = b.image(dst, bl.links[h.n], s)
	case holeTable:
		dst = append(dst, html.EscapeString(s.Table)...)
	case holeFootnotes:
		dst = append(dst, html.EscapeString(s.Footnotes)...)
	case holeShort:
		dst = append(dst, html.EscapeString(s.Short)...)
	case holeBack:
		dst = append(dst, html.EscapeString(s.Back)...)
	}
	return dst
}

// anchor appends the link to a heading. The link is after the heading, not in
// it, so that a screen reader's list of headings has only the words of the
// text.
func anchor(dst []byte, id, title string, s *RenderOptions) []byte {
	dst = append(dst, `<a class="anchor" href="#`...)
	dst = append(dst, html.EscapeString(id)...)
	dst = append(dst, `" data-added aria-label="`...)
	dst = append(dst, html.EscapeString(s.Clause+": "+title)...)
	return append(dst, `">#</a>`...)
}

// aliases appends an empty anchor for every former id of a clause.
func (b *Body) aliases(dst []byte, id string, s *RenderOptions) []byte {
	if len(s.Aliases) == 0 && len(b.former) == 0 {
		return dst
	}
	all := map[string]string{}
	maps.Copy(all, b.former)
	maps.Copy(all, s.Aliases)
	for _, alias := range slices.Sorted(maps.Keys(all)) {
		if all[alias] == id {
			dst = fmt.Appendf(dst, `<span id="%s" data-added></span>`, html.EscapeString(alias))
		}
	}
	return dst
}

func (b *Body) resolve(l link, s *RenderOptions) (string, bool) {
	if s.allLinks {
		return "/", true
	}
	switch kindOf(l) {
	case toClause:
		return l.dest, b.Has(l.dest[1:])
	case toFile:
		return s.address(l.dest)
	case toHost:
		return l.dest, true
	}
	return "", false
}

// image appends an image of the site. An image on another host is never loaded:
// a link to it, or its words, take its place.
func (b *Body) image(dst []byte, l link, s *RenderOptions) []byte {
	href, ok := b.resolve(l, s)
	alt := html.EscapeString(l.alt)
	switch {
	case ok && kindOf(l) == toFile:
		return fmt.Appendf(dst, `<img src="%s" alt="%s">`, html.EscapeString(href), alt)
	case ok && alt != "" && !l.inLink:
		return fmt.Appendf(dst, `<a href="%s">%s</a>`, html.EscapeString(href), alt)
	}
	return append(dst, alt...)
}

// Plain appends the text as plain text to dst.
func (b *Body) Plain(dst []byte, s *RenderOptions) []byte {
	for _, bl := range b.blocks {
		from := 0
		for _, h := range bl.plain.holes {
			dst = append(dst, bl.plain.text[from:h.at]...)
			from = h.at
			l := bl.links[h.n]
			if href, ok := b.resolve(l, s); ok && kindOf(l) == toFile {
				dst = append(dst, " <"+href+">"...)
			}
		}
		dst = append(dst, bl.plain.text[from:]...)
	}
	return dst
}
