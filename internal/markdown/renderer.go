package markdown

import (
	"bytes"
	"hash/maphash"
	"sync"
	"unicode/utf8"

	"github.com/yuin/goldmark/ast"
	"github.com/yuin/goldmark/extension"
	"github.com/yuin/goldmark/renderer"
	"github.com/yuin/goldmark/renderer/html"
	"github.com/yuin/goldmark/util"

	"github.com/privgen/privgen/internal/markdown/syntax"
	"github.com/privgen/privgen/internal/numbering"
)

// A Renderer parses and renders Markdown. It caches recent blocks, so that text
// that many versions share is parsed and rendered once. It is safe for
// concurrent use. Create it with NewRenderer.
type Renderer struct {
	seeds    [2]maphash.Seed
	mu       sync.RWMutex
	now, old map[blockKey]*block // two generations: blocks used since the last change, and before it
	size     int                 // bytes of the blocks in now
	limit    int                 // size at which a generation ends
	read     passageCache
	parses   int // blocks that were rendered
}

// A blockKey is a digest of a block's Markdown: the cache does not hold the text. No one can
// write two blocks with the same key, because it depends on random seeds.
type blockKey [2]uint64

// NewRenderer returns a Renderer whose cache holds about the given number of bytes.
func NewRenderer(keep int) *Renderer {
	return &Renderer{
		seeds: [2]maphash.Seed{maphash.MakeSeed(), maphash.MakeSeed()},
		now:   map[blockKey]*block{},
		limit: keep,
		read:  passageCache{limit: mostPassages},
	}
}

// A block is a rendered stretch of Markdown, with holes where pages differ: ids, URLs, and the
// program's own words.
type block struct {
	html  fragment
	plain fragment
	heads []head
	links []link
	flaws []flaw
	notes map[int]int // the numbers of its footnotes by where they are defined, if it was searched

	searched bool // for all mistakes

	cost syntax.Cost // if it is over a limit, the other fields are not set

	reading sync.Mutex
	read    map[string][]*Passage // by which of its heads have a number; see passages
}

// A fragment is rendered text with holes.
type fragment struct {
	text  []byte
	holes []hole
}

type hole struct {
	at   int // offset in the fragment's text
	kind holeKind
	n    int // index of the head or link, by kind
}

type holeKind uint8

const (
	holeID         holeKind = iota // the id of a head, for an attribute
	holeLevel                      // the level that a head is shown at
	holeAliases                    // the former ids of a heading
	holeAnchor                     // the link to a heading, after it
	holeHeadingEnd                 // a top-level heading is complete here
	holeLink                       // the start tag of a link that has to be resolved
	holeLinkEnd                    // its end tag
	holeImage                      // an image, whole
	holeAddress                    // the URL of a link, in plain text
	holeTable                      // the word for a table
	holeFootnotes                  // the word for the footnotes
	holeShort                      // the label of a summary
	holeBack                       // the words of the link back from a footnote
)

// A head is a heading in a block.
type head struct {
	at    int // offset in the block of the line that the heading begins on
	level int
	top   bool // not inside a quote or list: it begins a clause
	title string
	id    string // explicit, or empty
	num   numbering.Number

	// The ids that its words would be, without its number if it has one: where headings begin
	// with a number, where they do not, and where numbers are not told from quantities.
	numbered, whole, former string
}

// A link is a link or image whose URL depends on the page, or has to be
// checked.
type link struct {
	at     int // offset in the block
	dest   string
	title  string
	alt    string // of an image
	image  bool
	inLink bool // an image that is in a link
	full   bool // it is rendered as written, and listed because it may lead into the site
}

// block returns the block of a stretch of text, from the renderer's cache if it
// was rendered recently. With find, its mistakes are known.
func (r *Renderer) block(stretch []byte, find bool) *block {
	key := blockKey{maphash.Bytes(r.seeds[0], stretch), maphash.Bytes(r.seeds[1], stretch)}
	r.mu.RLock()
	b, ok := r.now[key]
	if !ok {
		b = r.old[key]
	}
	r.mu.RUnlock()
	if ok && (b.searched || !find) {
		return b
	}
	if b == nil || find && !b.searched {
		b = renderBlock(stretch, find)
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.size > r.limit {
		r.limit = min(r.limit, shared)
		r.old, r.now, r.size = r.now, map[blockKey]*block{}, 0
	}
	r.now[key] = b
	r.parses++
	r.size += blockSize + cap(b.html.text) + cap(b.plain.text) + 24*(cap(b.html.holes)+cap(b.plain.holes)) +
		100*(len(b.heads)+len(b.links))
	return b
}

// Parses returns how often the renderer parsed a block.
func (r *Renderer) Parses() int {
	r.mu.RLock()
	defer r.mu.RUnlock()
	return r.parses
}

// shared is the size of a generation if not all blocks of a site fit into the
// cache: enough for the blocks that versions of a policy share. More would only
// use memory, because each block would be evicted before it is used again.
const shared = 3 << 20

// blockSize is the estimated number of bytes of a block and its entry in the cache,
// without its texts.
const blockSize = 400

// renderBlock parses a stretch and renders it as HTML and as plain text. Without find,
// it searches for mistakes only in raw HTML.
func renderBlock(stretch []byte, find bool) *block {
	// A block lives longer than its text, so it must not refer to the text's
	// memory.
	stretch = bytes.Clone(stretch)
	doc, cost, unused := syntax.Parse(stretch)
	w := &blockBuffer{block: &block{cost: cost, searched: find}, source: stretch, index: map[ast.Node]int{}}
	w.html.text, w.plain.text = make([]byte, 0, len(stretch)+len(stretch)/2), make([]byte, 0, len(stretch))
	if cost.Over != 0 {
		return w.block
	}
	if err := htmlRenderer().Render(w, stretch, doc); err != nil {
		panic("privgen: internal error: rendering Markdown: " + err.Error())
	}
	if find || hasHTML(w.block) { // an open tag is one whatever mistakes a text may have
		mistakeFinder{w}.find(doc, unused)
	}
	if find {
		missing(w, doc)
	}
	w.renderPlain(doc)
	w.html.text = bytes.Clone(w.html.text)
	w.plain.text = bytes.Clone(w.plain.text)
	return w.block
}

// A blockBuffer is a block during rendering. goldmark writes to it, so that the
// functions of nodeRenderer can record holes.
type blockBuffer struct {
	*block
	source []byte
	index  map[ast.Node]int // index of the head or link of a node
}

func (w *blockBuffer) Write(p []byte) (int, error) {
	w.html.text = append(w.html.text, p...)
	return len(p), nil
}

func (w *blockBuffer) WriteString(s string) (int, error) {
	w.html.text = append(w.html.text, s...)
	return len(s), nil
}

func (w *blockBuffer) WriteByte(c byte) error {
	w.html.text = append(w.html.text, c)
	return nil
}

func (w *blockBuffer) WriteRune(r rune) (int, error) {
	n := len(w.html.text)
	w.html.text = utf8.AppendRune(w.html.text, r)
	return len(w.html.text) - n, nil
}

func (w *blockBuffer) Available() int { return 1 << 20 }
func (w *blockBuffer) Buffered() int  { return 0 }
func (w *blockBuffer) Flush() error   { return nil }

func (w *blockBuffer) hole(kind holeKind, n int) {
	w.html.holes = append(w.html.holes, hole{len(w.html.text), kind, n})
}

// flaw records what is wrong at an offset, and its fix.
func (w *blockBuffer) flaw(at int, code, what, do string) {
	w.flaws = append(w.flaws, flaw{w.pos(at), code, what, do})
}

// htmlRenderer returns the renderer of nodes. It writes to a blockBuffer. A lower number wins.
var htmlRenderer = sync.OnceValue(func() renderer.Renderer {
	return renderer.NewRenderer(renderer.WithNodeRenderers(
		util.Prioritized(nodeRenderer{}, 100),
		util.Prioritized(extension.NewTableHTMLRenderer(), 500),
		util.Prioritized(extension.NewFootnoteHTMLRenderer(), 500),
		util.Prioritized(extension.NewDefinitionListHTMLRenderer(), 500),
		util.Prioritized(html.NewRenderer(), 1000)))
})
