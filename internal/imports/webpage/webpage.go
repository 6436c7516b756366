// Package webpage extracts the text of a policy from a saved web page, as Markdown.
//
// Its two fundamental types are Page, the policy that was found in a page, and
// Options, the facts that a page may lack: which element has the text, and the
// page's URL.
//
// # From HTML to Markdown
//
// Read decodes the page, finds the element that has the text (content.go), and
// writes it as Markdown (block.go, table.go, inline.go, place.go).
//
// # No word is lost
//
// The text has all words of the element and no others. Read always compares the
// words of the Markdown, as package markdown parses it, with those of the element
// (word.go), and its letters with those of the parsed page. A difference is a bug;
// Page.Differs describes it. Page.Dropped lists the elements that were left out
// around the text and in it.
package webpage

import (
	"bytes"
	"fmt"
	"net/url"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/andybalholm/cascadia"
	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"
	"golang.org/x/net/html/charset"

	"github.com/privgen/privgen/internal/day"
	"github.com/privgen/privgen/internal/lazyregexp"
	"github.com/privgen/privgen/internal/markdown"
	"github.com/privgen/privgen/internal/source"
)

// MaxSize is the largest size of a page, in bytes. Pages saved with their images
// reach ten megabytes.
const MaxSize = 32 << 20

// A Page is the policy in a saved page.
type Page struct {
	Title    string  // the policy's name
	Lang     string  // the page's language, a BCP 47 tag, or empty
	Address  string  // the page's URL, or empty
	Archived string  // its URL in the Wayback Machine, or empty
	Modified day.Day // the date of the last change in the page's head, or zero
	Version  day.Day // the date of the version on a page that privgen made, or zero
	Text     []byte  // Markdown

	Found   string // the element that has the text, for the report: main, div#content
	Dropped []Dropped
	Links   int // the number of links removed because they have no URL, or one that is not allowed
	Led     int // the number of links changed from the Wayback Machine to the original URL
	Images  int // the number of images without words

	Differs string // the first difference between the words of Text and of the page; empty except for a bug

	Around []byte // all words of the page, for a date outside the text

	kept map[rune]int // the characters that are in Text or reported in Dropped
}

// Dropped is an element with words that was left out.
type Dropped struct {
	What  string // nav.menu
	Words int
	Text  bool // a reader sees it inside the text: a form field, a labeled box
}

// Lost lists what a reader sees in the text of the page and Text lacks.
func (p *Page) Lost() string {
	var lost []string
	for _, d := range p.Dropped {
		if d.Text {
			lost = append(lost, d.String())
		}
	}
	if p.Differs != "" {
		lost = append(lost, p.Differs)
	}
	return strings.Join(lost, ", ")
}

func (d Dropped) String() string { return d.What + " (" + source.Count(d.Words, "word") + ")" }

// Options have the facts that a page may lack.
type Options struct {
	Select  string // a CSS selector for the element that has the text; empty: it is found
	Address string // the page's URL, for relative links; empty: the one in the page
}

// Read extracts the policy from a saved page. It returns a problem for a file that
// is not a page or is too large, a selector that matches nothing, and a page
// without words.
func Read(name string, raw []byte, opt Options) (*Page, *source.Problem) {
	at := source.In(name)
	if len(raw) > MaxSize {
		return nil, TooLarge(name, int64(len(raw)))
	}
	text, problem := Decode(name, raw)
	if problem != nil {
		return nil, problem
	}
	doc, err := html.ParseWithOptions(bytes.NewReader(closeSelects(text)), html.ParseOptionEnableScripting(false))
	if err != nil {
		return nil, source.NewProblem(at, "bad-page", "the page's elements are nested too deeply",
			"save the page again with its text alone, or copy the text into a Markdown file")
	}
	p := &Page{Lang: strings.TrimSpace(attr(first(doc, "html"), "lang")), Modified: modified(doc)}
	p.locate(doc, savedFrom(text), opt.Address)
	base := baseOf(doc, p.Address)
	scripts := len(find(is(atom.Script), doc))
	decodeMail(doc)
	office(doc)
	unwrap(doc)
	unfold(doc)
	p.Around = lines(doc)
	roots, problem := p.choose(doc, at, opt.Select)
	if problem != nil {
		return nil, problem
	}
	p.Title = titleOf(doc, roots)
	all := characters(roots)
	p.kept = map[rune]int{}
	c := &cleaner{page: p, base: base, own: ParseURL(p.Address)}
	c.clean(roots)
	repeatCells(roots)
	if countWords(roots...) == 0 {
		return nil, noWords(scripts, at, opt.Select)
	}
	size := int64(0)
	for _, r := range roots {
		size += int64(len(words(r)))
	}
	if size > source.MaxSize {
		return nil, source.TooLarge(name, size)
	}
	w := &writer{renderer: markdown.NewRenderer(1 << 20), notes: findNotes(roots), places: findPlaces(roots)}
	p.Text = w.write(roots)
	p.Images = w.images
	p.Differs = differs(roots, p.Text)
	addCharacters(p.kept, string(p.Text))
	if n := missing(all, p.kept); n > 0 && p.Differs == "" {
		p.Differs = fmt.Sprintf("%d letters or digits of the page are not in the text", n)
	}
	if len(p.Text) > source.MaxSize {
		return nil, source.TooLarge(name, int64(len(p.Text)))
	}
	return p, nil
}

// TooLarge returns the problem of a page with more than MaxSize bytes.
func TooLarge(name string, size int64) *source.Problem {
	return source.NewProblem(source.In(name), "too-large",
		fmt.Sprintf("the page has %d MB; one can have at most %d MB", (size+1<<20-1)>>20, MaxSize>>20),
		"save it again as HTML only, without its images")
}

// noWords returns the problem of a page without words.
func noWords(scripts int, at source.Pos, selector string) *source.Problem {
	switch {
	case selector != "":
		return source.NewProblem(at, "empty-page", fmt.Sprintf("the element of --select %q has no words", selector),
			"select the element that has the text, or omit --select")
	case scripts > 0:
		return source.NewProblem(at, "empty-page", "the page has no words; its scripts would have added them",
			"open the page in a browser and save it from there, so that the file has what the browser shows")
	}
	return source.NewProblem(at, "empty-page", "the page has no words",
		"import a page that has the policy's text")
}

// Decode converts a page to UTF-8. As in browsers, the encoding is that of the byte
// order mark, or the one that the page declares, or the one that its bytes suggest.
func Decode(name string, raw []byte) ([]byte, *source.Problem) {
	if bytes.HasPrefix(raw, []byte("%PDF")) || bytes.HasPrefix(raw, []byte("PK\x03\x04")) {
		return nil, source.NewProblem(source.In(name), "not-text", "this is not an HTML page",
			"save the page as HTML; convert a PDF or a word processor's file to Markdown first")
	}
	encoding, label, certain := charset.DetermineEncoding(raw, "")
	if !certain && utf8.Valid(raw) {
		label = "utf-8"
	}
	if label == "utf-8" && len(raw) <= source.MaxSize {
		file, problem := source.Parse(name, raw)
		if problem != nil {
			return nil, problem
		}
		return file.Text, nil
	}
	text, err := raw, error(nil)
	if label != "utf-8" {
		text, err = encoding.NewDecoder().Bytes(raw)
		text = bytes.TrimPrefix(text, []byte("\uFEFF"))
	}
	switch {
	case err != nil || !utf8.Valid(text):
		return nil, source.NewProblem(source.In(name), "not-utf8",
			fmt.Sprintf("the page declares the encoding %s, but its bytes are not in it", label),
			"save the page again from a browser, or correct its <meta charset>")
	case bytes.IndexByte(text, 0) >= 0:
		return nil, source.NewProblem(source.In(name), "not-text", "the page has a NUL byte",
			"this looks like a binary file; save the page as HTML")
	}
	return bytes.ReplaceAll(text, []byte("\r\n"), []byte("\n")), nil
}

// first returns the first element that matches a CSS selector, or an empty element.
func first(doc *html.Node, selector string) *html.Node {
	if n := cascadia.Query(doc, cascadia.MustCompile(selector)); n != nil {
		return n
	}
	return &html.Node{}
}

var savedComment = lazyregexp.New(`<!-- saved from url=\(\d+\)(\S+) -->|` +
	`<!--\s*Page saved with SingleFile\s+url:\s*(\S+)`)

// savedFrom returns the URL that browsers write into saved pages, or "".
func savedFrom(text []byte) string {
	if m := savedComment().FindSubmatch(text[:min(len(text), 4096)]); m != nil {
		return string(append(m[1], m[2]...))
	}
	return ""
}

// locate sets the URLs of a page: the one that the user gave, or else the first URL in
// the page. Saved is the URL that a browser wrote into it.
func (p *Page) locate(doc *html.Node, saved, given string) {
	p.Address = given
	canonical := attr(first(doc, `head link[rel~="canonical" i]`), "href")
	for _, a := range []string{canonical, saved, attr(first(doc, `head meta[property="og:url"]`), "content")} {
		if u := ParseURL(a); u != nil && p.Address == "" {
			p.Address = u.String()
		}
	}
	if w, ok := ParseWayback(p.Address); ok {
		p.Address, p.Archived = w.Original, p.Address
	} else if _, ok := ParseWayback(saved); ok {
		p.Archived = saved
	}
}

// baseOf returns the base URL of the page's relative links, or nil.
func baseOf(doc *html.Node, address string) *url.URL {
	page := ParseURL(address)
	href := attr(first(doc, "head base[href]"), "href")
	if href == "" {
		return page
	}
	if page != nil {
		if u, err := page.Parse(href); err == nil {
			return u
		}
	}
	return ParseURL(href)
}

// ParseURL parses an absolute http or https URL. It returns nil for anything else.
func ParseURL(s string) *url.URL {
	u, err := url.Parse(strings.TrimSpace(s))
	if err != nil || u.Host == "" || u.Scheme != "http" && u.Scheme != "https" {
		return nil
	}
	return u
}

// modified returns the date of the last change in the page's head, or zero.
func modified(doc *html.Node) (found day.Day) {
	walk(doc, func(n *html.Node) bool {
		if n.DataAtom == atom.Meta {
			switch strings.ToLower(attr(n, "property") + attr(n, "name") + attr(n, "itemprop")) {
			case "article:modified_time", "og:updated_time", "datemodified", "dcterms.modified", "last-modified",
				"dc.date.modified":
				v := attr(n, "content")
				if t, err := time.Parse(time.RFC3339, v); err == nil {
					found = day.Of(t, t.Location())
				} else if d, err := day.Parse(v[:min(len(v), 10)]); err == nil {
					found = d
				}
			}
		}
		return found.IsZero() && n.DataAtom != atom.Body
	})
	return found
}

// titleOf returns the policy's name: the first h1 of the text, or the only one of
// the page, or the page's title without the site's name.
func titleOf(doc *html.Node, roots []*html.Node) string {
	for _, list := range [][]*html.Node{roots, {doc}} {
		var h1 []string
		for _, r := range list {
			walk(r, func(n *html.Node) bool {
				if n.DataAtom == atom.H1 {
					if s := textOf(n); s != "" {
						h1 = append(h1, s)
					}
				}
				return !hasAttr(n, "data-added")
			})
		}
		if len(h1) == 1 || len(h1) > 1 && list[0] != doc {
			return h1[0]
		}
	}
	return firstPart(headTitle(doc))
}

// headTitle returns the title in a page's head.
func headTitle(doc *html.Node) string {
	return collapse(words(first(doc, ":not(svg) > title")))
}

// firstPart returns a page's title without the site's name.
func firstPart(title string) string {
	for _, sep := range []string{" | ", " – ", " — ", " · ", " - ", " :: "} {
		if first, _, ok := strings.Cut(title, sep); ok && strings.TrimSpace(first) != "" {
			return strings.TrimSpace(first)
		}
	}
	return title
}

// lines returns the words of a page, one line per block.
func lines(doc *html.Node) []byte {
	var b bytes.Buffer
	walk(doc, func(n *html.Node) bool {
		switch {
		case n.Type == html.TextNode:
			b.WriteString(collapse(n.Data) + " ")
		case isBlock(n) || n.DataAtom == atom.Br:
			b.WriteByte('\n')
		}
		return !isGone(n)
	})
	return b.Bytes()
}
