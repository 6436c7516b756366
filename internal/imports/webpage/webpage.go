// Package webpage takes the text of a policy out of a saved page, as Markdown.
//
// Its two fundamental types are Page, the policy that was found in a page, and
// Options, what the page does not tell: which element to take, and where the
// page was.
//
// What is found has the words of the page, all and no others: each time, the
// words of the Markdown as package markdown shows it are compared with those
// of the element that was taken, and a difference is told (Page.Differs).
// What was not taken is told as well (Page.Dropped).
package webpage

import (
	"bytes"
	"fmt"
	"net/url"
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/andybalholm/cascadia"
	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"
	"golang.org/x/net/html/charset"

	"github.com/privgen/privgen/internal/day"
	"github.com/privgen/privgen/internal/imports/lazyregexp"
	"github.com/privgen/privgen/internal/source"
)

// This file reads a saved page: bytes to a policy's text in Markdown. Which part
// of the page that is, is found in content.go; it is written down in
// block.go, table.go and inline.go; that no word was lost on the way
// is held in word.go.

// MaxSize is the size in bytes above which a page is refused. Pages saved with
// their images inside reach ten megabytes.
const MaxSize = 32 << 20

// A Page is the policy that a saved page holds.
type Page struct {
	Title    string  // the policy's name, as the page has it
	Lang     string  // the page's language, a BCP 47 tag, or empty
	Address  string  // the page's own, or empty
	Archived string  // the address in the Wayback Machine that it was saved from, or empty
	Modified day.Day // when the page's head says that it was changed; or zero
	Version  day.Day // of a page that privgen made: the day of its version; or zero
	Text     []byte  // Markdown

	Found   string // which element was taken, for the report: main, div#content
	Dropped []Dropped
	Links   int // links that lead nowhere any more: they have no address, or one that cannot be
	Led     int // links that were led back from the Wayback Machine
	Images  int // images that have no words

	Differs string // where the Markdown does not say what the page says; empty, unless privgen is at fault

	Around []byte // all words of the page, for a date that stands outside of the text
}

// Dropped is an element that was not taken, though it has words.
type Dropped struct {
	What  string // nav.menu
	Words int
}

// Options say what a page does not tell.
type Options struct {
	Select  string // a CSS selector for what to take; empty: found
	Address string // where the page was, for its relative links; empty: what it says itself
}

// Read reads a saved page. Mistakes are problems: what is no text, a
// selector that selects nothing, a page without words.
func Read(name string, raw []byte, opt Options) (*Page, *source.Problem) {
	at := source.In(name)
	if len(raw) > MaxSize {
		return nil, TooLarge(name, int64(len(raw)))
	}
	text, problem := decode(name, raw)
	if problem != nil {
		return nil, problem
	}
	doc, err := html.ParseWithOptions(bytes.NewReader(text), html.ParseOptionEnableScripting(false))
	if err != nil {
		return nil, source.NewProblem(at, "bad-page", "the page's elements stand too deep in each other",
			"save the page again with its text alone, or copy the text into a Markdown file")
	}
	p := &Page{Lang: pageLanguage(doc), Address: opt.Address}
	saved := savedFrom(text)
	if p.Address == "" {
		p.Address = address(doc, saved)
	}
	if w, ok := ParseWayback(p.Address); ok {
		p.Address, p.Archived = w.Original, p.Address
	} else if _, ok := ParseWayback(saved); ok {
		p.Archived = saved
	}
	p.Modified = modified(doc)
	base := baseOf(doc, p.Address)
	scripts := len(find(doc, func(n *html.Node) bool { return n.DataAtom == atom.Script }))
	p.Around = lines(doc)
	roots, problem := p.choose(doc, at, opt.Select)
	if problem != nil {
		return nil, problem
	}
	p.Title = titleOf(doc, roots)
	c := &cleaner{page: p, base: base, own: ParseURL(p.Address)}
	c.clean(roots)
	if countWords(roots) == 0 {
		return nil, noWords(scripts, at, opt.Select)
	}
	size := 0
	for _, r := range roots {
		size += len(words(r))
	}
	if size > source.MaxSize {
		return nil, source.TooLarge(name, int64(size))
	}
	w := newPageWriter(roots)
	p.Text = w.write(roots)
	p.Images = w.images
	p.Differs = differs(roots, p.Text)
	if len(p.Text) > source.MaxSize {
		return nil, source.TooLarge(name, int64(len(p.Text)))
	}
	return p, nil
}

// TooLarge is the problem of a page of more than MaxSize bytes.
func TooLarge(name string, size int64) *source.Problem {
	return source.NewProblem(source.In(name), "too-large", fmt.Sprintf("the page has %d MB; one can have at most %d MB", (size+1<<20-1)>>20, MaxSize>>20),
		"save it again as HTML only, without its images")
}

// noWords is the problem of a page that shows no words without its scripts.
func noWords(scripts int, at source.Pos, selector string) *source.Problem {
	switch {
	case selector != "":
		return source.NewProblem(at, "empty-page", fmt.Sprintf("what --select %q selects holds no words", selector),
			"select an element that holds the text, or leave --select away")
	case scripts > 0:
		return source.NewProblem(at, "empty-page", "the page holds no words; its scripts would have put them there",
			"open the page in a browser and save it from there, so that the file holds what the browser shows")
	}
	return source.NewProblem(at, "empty-page", "the page holds no words",
		"import a page that holds the policy's text")
}

// decode gives the text of a page as UTF-8: by its byte order mark, by what the
// page says of itself, or by what its bytes look like, as browsers do.
func decode(name string, raw []byte) ([]byte, *source.Problem) {
	if bytes.HasPrefix(raw, []byte("%PDF")) || bytes.HasPrefix(raw, []byte("PK\x03\x04")) {
		return nil, source.NewProblem(source.In(name), "not-text", "this is no HTML page",
			"save the page as HTML; a PDF or a word processor's file has to be turned into Markdown first")
	}
	encoding, label, certain := charset.DetermineEncoding(raw, "")
	if !certain && utf8.Valid(raw) {
		label = "utf-8"
	}
	if label == "utf-8" {
		file, problem := source.Parse(name, raw[:min(len(raw), source.MaxSize)])
		if problem != nil && len(raw) <= source.MaxSize {
			return nil, problem
		}
		if problem == nil && len(raw) <= source.MaxSize {
			return file.Text, nil
		}
		return whole(name, raw)
	}
	out, err := encoding.NewDecoder().Bytes(raw)
	if err != nil {
		return nil, badEncoding(name, label)
	}
	return whole(name, bytes.TrimPrefix(out, []byte("\uFEFF")))
}

// whole holds a text to what every text is held to, whatever its size.
func whole(name string, text []byte) ([]byte, *source.Problem) {
	if bytes.IndexByte(text, 0) >= 0 {
		return nil, source.NewProblem(source.In(name), "not-text", "the page holds a NUL byte", "this looks like a binary file; save the page as HTML")
	}
	if !utf8.Valid(text) {
		return nil, badEncoding(name, "utf-8")
	}
	return bytes.ReplaceAll(text, []byte("\r\n"), []byte("\n")), nil
}

func badEncoding(name, label string) *source.Problem {
	return source.NewProblem(source.In(name), "not-utf8", fmt.Sprintf("the page says that it is %s, but its bytes are not", label),
		"save the page again from a browser, or change its <meta charset> to what it is")
}

// Language, address and dates, as pages say them.

func pageLanguage(doc *html.Node) string {
	lang := ""
	walk(doc, func(n *html.Node) bool {
		if n.DataAtom == atom.Html {
			lang = attr(n, "lang")
		}
		return lang == "" && n.DataAtom != atom.Body
	})
	return strings.TrimSpace(lang)
}

var savedComment = lazyregexp.New(`<!-- saved from url=\(\d+\)(\S+) -->|<!--\s*Page saved with SingleFile\s+url:\s*(\S+)`)

// savedFrom gives the address that browsers write into pages they save.
func savedFrom(text []byte) string {
	if m := savedComment().FindSubmatch(text[:min(len(text), 4096)]); m != nil {
		return string(append(m[1], m[2]...))
	}
	return ""
}

func address(doc *html.Node, saved string) string {
	canonical, og := "", ""
	walk(doc, func(n *html.Node) bool {
		switch {
		case n.DataAtom == atom.Link && hasToken(attr(n, "rel"), "canonical") && canonical == "":
			canonical = attr(n, "href")
		case n.DataAtom == atom.Meta && attr(n, "property") == "og:url":
			og = attr(n, "content")
		}
		return n.DataAtom != atom.Body
	})
	for _, a := range []string{canonical, saved, og} {
		if u := ParseURL(a); u != nil {
			return u.String()
		}
	}
	return ""
}

// baseOf gives the address that relative links of the page are read from, or
// nil when nobody says it.
func baseOf(doc *html.Node, address string) *url.URL {
	page := ParseURL(address)
	href := ""
	walk(doc, func(n *html.Node) bool {
		if n.DataAtom == atom.Base && href == "" {
			href = attr(n, "href")
		}
		return n.DataAtom != atom.Body
	})
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

// ParseURL reads an absolute web address; nil when it is none.
func ParseURL(s string) *url.URL {
	u, err := url.Parse(strings.TrimSpace(s))
	if err != nil || u.Host == "" || u.Scheme != "http" && u.Scheme != "https" {
		return nil
	}
	return u
}

// modified gives the day on which the page says it was changed, in its head.
func modified(doc *html.Node) (found day.Day) {
	walk(doc, func(n *html.Node) bool {
		if n.DataAtom == atom.Meta {
			switch strings.ToLower(attr(n, "property") + attr(n, "name") + attr(n, "itemprop")) {
			case "article:modified_time", "og:updated_time", "datemodified", "dcterms.modified", "last-modified", "dc.date.modified":
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

// titleOf gives the policy's name: the first heading of level one in what was
// taken, else the only one of the page, else the page's title without the
// site's name.
func titleOf(doc *html.Node, roots []*html.Node) string {
	for _, list := range [][]*html.Node{roots, {doc}} {
		var h1 []string
		for _, r := range list {
			walk(r, func(n *html.Node) bool {
				if n.DataAtom == atom.H1 {
					if s := collapse(words(n)); s != "" {
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
	title := ""
	walk(doc, func(n *html.Node) bool {
		if n.DataAtom == atom.Title && title == "" {
			title = collapse(words(n))
		}
		return n.DataAtom != atom.Svg
	})
	for _, sep := range []string{" | ", " – ", " — ", " · ", " - ", " :: "} {
		if first, _, ok := strings.Cut(title, sep); ok && strings.TrimSpace(first) != "" {
			return strings.TrimSpace(first)
		}
	}
	return title
}

// compileSelector reads a CSS selector.
func compileSelector(at source.Pos, s string) (cascadia.Selector, *source.Problem) {
	sel, err := cascadia.Compile(s)
	if err != nil {
		return nil, source.NewProblem(at, "bad-selector", fmt.Sprintf("%q is not a CSS selector", s),
			"write one like main, #content, .policy-text or \"article > div\"")
	}
	return sel, nil
}

// What every file of this reader asks of nodes.

// walk visits a node and what it holds, in order; visit tells whether to go
// into the node.
func walk(n *html.Node, visit func(*html.Node) bool) {
	if !visit(n) {
		return
	}
	for c := n.FirstChild; c != nil; {
		next := c.NextSibling
		walk(c, visit)
		c = next
	}
}

func attr(n *html.Node, key string) string {
	for _, a := range n.Attr {
		if a.Key == key && a.Namespace == "" {
			return a.Val
		}
	}
	return ""
}

func hasAttr(n *html.Node, key string) bool {
	for _, a := range n.Attr {
		if a.Key == key {
			return true
		}
	}
	return false
}

func hasToken(list, token string) bool {
	for _, s := range strings.Fields(list) {
		if strings.EqualFold(s, token) {
			return true
		}
	}
	return false
}

// words gives the text in a node.
func words(n *html.Node) string {
	var b strings.Builder
	walk(n, func(n *html.Node) bool {
		if n.Type == html.TextNode {
			b.WriteString(n.Data)
		}
		if n.DataAtom == atom.Br {
			b.WriteByte(' ')
		}
		return n.Type != html.ElementNode || !hasAttr(n, "data-added")
	})
	return b.String()
}

// lines gives the words of a page, each block on a line of its own.
func lines(doc *html.Node) []byte {
	var b bytes.Buffer
	walk(doc, func(n *html.Node) bool {
		switch {
		case n.Type == html.TextNode:
			b.WriteString(strings.Join(strings.Fields(" "+n.Data+" "), " ") + " ")
		case isBlock(n) || n.DataAtom == atom.Br:
			b.WriteByte('\n')
		}
		return n.Type != html.ElementNode || !slices.Contains(gone, n.DataAtom) && !hasAttr(n, "data-added")
	})
	return b.Bytes()
}

// collapse writes white space as one space, and none at the ends.
func collapse(s string) string { return strings.Join(strings.Fields(s), " ") }
