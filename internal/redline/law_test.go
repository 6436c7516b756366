package redline_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"
	"golang.org/x/text/unicode/norm"
	"znkr.io/diff"

	"github.com/privgen/privgen/internal/markdown"
	"github.com/privgen/privgen/internal/redline"
	"github.com/privgen/privgen/internal/redline/view"
	"github.com/privgen/privgen/internal/source"
)

// This file checks the laws of redlines on their HTML. It parses HTML as a browser does,
// and does not depend on how redlines are made.

var setting = &view.RenderOptions{
	RenderOptions: markdown.RenderOptions{
		Address: func(dest string) (string, bool) { return "/at/" + dest, strings.Contains(dest, ".md") },
		Clause:  "Link to this clause", Table: "Table", Footnotes: "Footnotes", Back: "Back to the text",
	},
	Insertion: "insertion start", InsertionEnd: "insertion end", Deletion: "deletion start", DeletionEnd: "deletion end",
	MovedHere: "moved here, start", MovedHereEnd: "moved here, end", MovedAway: "moved away, start", MovedAwayEnd: "moved away, end",
	LinkChanged: "link changed", StyleChanged: "markup changed",
	PreviousChange: "Previous change", NextChange: "Next change", Unchanged: "Unchanged text", Beginning: "Beginning",
	Change: func(view.Change) {},
}

// lax are rules under which every text can be parsed.
var lax = markdown.Rules{HTML: "sanitize", DeadLinks: "keep", Images: "link"}

func take(p *markdown.Renderer, text string) *markdown.Body {
	f, problem := source.Parse("p/2026-01-01.md", []byte(text))
	if problem != nil {
		panic(problem.Code)
	}
	b, _ := p.Parse(f, 0, lax)
	return b
}

// A side is one text as a reader sees it: words with their structure, link targets, and
// markup.
type side struct {
	words  []string // words, and opening and closing tags
	links  []string // link targets, each with its words without spaces
	markup []string // inline elements, each with its words without spaces
}

type reading uint8

const (
	plainView reading = iota // HTML of a text, not of a redline
	oldView                  // a redline without insertions
	newView                  // a redline without deletions
)

// A look collects one side from HTML.
type look struct {
	view     reading
	noImages bool
	naive    bool // uses only ins, del, and data-added
	out      side
	text     strings.Builder // the words of the current paragraph
	link     string
	inline   []string
}

func sideOf(nodes []*html.Node, v reading, naive bool) side {
	l := &look{view: v, naive: naive}
	for _, n := range nodes {
		l.node(n)
	}
	l.flush()
	return l.out
}

func parse(t testing.TB, page string) []*html.Node {
	t.Helper()
	nodes, err := html.ParseFragment(strings.NewReader(page), &html.Node{Type: html.ElementNode, Data: "article", DataAtom: atom.Article})
	if err != nil {
		t.Fatal(err)
	}
	return nodes
}

func attr(n *html.Node, key string) (string, bool) {
	for _, a := range n.Attr {
		if a.Key == key {
			return a.Val, true
		}
	}
	return "", false
}

// flush ends a paragraph. A sign separates it from the paragraph before.
func (l *look) flush() {
	ws := strings.Fields(norm.NFC.String(l.text.String()))
	l.text.Reset()
	if n := len(l.out.words); n > 0 && len(ws) > 0 && !l.naive && !strings.HasPrefix(l.out.words[n-1], "<") {
		l.out.words = append(l.out.words, "¶")
	}
	l.out.words = append(l.out.words, ws...)
}

var structure = map[string]bool{"h1": true, "h2": true, "h3": true, "h4": true, "h5": true, "h6": true, "ul": true, "ol": true, "li": true,
	"table": true, "tr": true, "td": true, "th": true, "blockquote": true, "aside": true, "dl": true, "dt": true, "dd": true, "pre": true, "hr": true}

func (l *look) node(n *html.Node) {
	if n.Type == html.TextNode {
		l.words(n.Data)
		return
	}
	if n.Type != html.ElementNode {
		return
	}
	if _, left := attr(n, "data-gap"); left {
		l.flush()
		l.out.words = append(l.out.words, gap)
	}
	_, pageOwn := attr(n, "data-added")
	mark, _ := attr(n, "data-mark")
	if l.naive {
		mark = ""
	}
	if pageOwn || l.view == oldView && (n.Data == "ins" || mark == "ins") || l.view == newView && (n.Data == "del" || mark == "del") {
		return
	}
	if cut, ok := attr(n, "data-cut"); ok && l.view == oldView && !l.naive {
		l.cut(cut)
	}
	if _, anew := attr(n, "data-anew"); anew && l.view == oldView && !l.naive {
		l.kids(n)
		return
	}
	switch n.Data {
	case "ins", "del":
		l.kids(n)
		return
	case "br":
		l.text.WriteString(" ⏎ ")
		return
	case "img":
		src, _ := attr(n, "src")
		alt, _ := attr(n, "alt")
		if !l.noImages {
			l.text.WriteString("[" + alt + "]")
		}
		l.note(imageNote+src, alt)
		return
	case "p", "div", "section", "details", "summary", "figure", "figcaption", "thead", "tbody", "tfoot", "caption":
		l.flush()
		l.element(n, n.Data)
		return
	}
	if structure[n.Data] {
		name := n.Data
		if was, ok := attr(n, "data-was"); ok && l.view == oldView && !l.naive {
			name = was
		}
		l.element(n, name)
		return
	}
	l.inlineElement(n)
}

// cut adds the elements that ended and began in the old text: "/p li".
func (l *look) cut(names string) {
	for name := range strings.FieldsSeq(names) {
		l.flush()
		if structure[strings.TrimPrefix(name, "/")] {
			l.out.words = append(l.out.words, "<"+name+">")
		}
	}
}

func (l *look) element(n *html.Node, name string) {
	if was, ok := attr(n, "data-was"); ok && l.view == oldView && !l.naive {
		name = was
	}
	l.flush()
	told := structure[name] && !l.naive
	if told {
		l.out.words = append(l.out.words, "<"+name+">")
	}
	l.kids(n)
	l.flush()
	if told {
		l.out.words = append(l.out.words, "</"+name+">")
	}
}

func (l *look) inlineElement(n *html.Node) {
	class, _ := attr(n, "class")
	link, inline := l.link, l.inline
	defer func() { l.link, l.inline = link, inline }()
	switch {
	case strings.Contains(class, "footnote-ref"), l.naive && n.Data == "sup" && isNumber(n):
		l.words("[note]")
		return
	case n.Data == "a":
		l.link, _ = attr(n, "href")
		if gone, ok := attr(n, "data-href"); ok {
			l.link = gone
		}
	default:
		l.inline = append(slices.Clone(inline), n.Data)
	}
	if l.view == oldView && n.Data == "span" {
		l.inline = inline
		was, relinked := attr(n, "data-href-was")
		markup, restyled := attr(n, "data-markup-was")
		if relinked || restyled {
			links, styles := len(l.out.links), len(l.out.markup)
			l.kids(n)
			rework(l.out.links[links:], was, relinked)
			rework(l.out.markup[styles:], markup, restyled)
			return
		}
	}
	if n.Data == "span" {
		l.inline = inline
	}
	l.kids(n)
}

// isNumber reports whether an element has only a number, as a reference to a footnote has.
func isNumber(n *html.Node) bool {
	for n.FirstChild != nil && n.FirstChild == n.LastChild {
		n = n.FirstChild
	}
	return n.Type == html.TextNode && strings.Trim(n.Data, "0123456789") == "" && n.Data != ""
}

func (l *look) kids(n *html.Node) {
	for c := n.FirstChild; c != nil; c = c.NextSibling {
		l.node(c)
	}
}

func (l *look) words(s string) {
	l.text.WriteString(s)
	l.note(l.link, s)
}

// note records the link target and the markup of words.
func (l *look) note(link, s string) {
	s = norm.NFC.String(strings.Join(strings.Fields(s), ""))
	if s == "" {
		return
	}
	l.out.links = append(l.out.links, link+"\x00"+s)
	l.out.markup = append(l.out.markup, strings.Join(slices.Compact(slices.Clone(l.inline)), " ")+"\x00"+s)
}

// imageNote is the prefix of an image's note: its file is not a link target.
const imageNote = "image "

// rework replaces the link targets or markup in notes by the old ones.
func rework(notes []string, was string, changed bool) {
	for i := range notes {
		if _, s, _ := strings.Cut(notes[i], "\x00"); changed && !strings.HasPrefix(notes[i], imageNote) {
			notes[i] = was + "\x00" + s
		}
	}
}

// joined joins neighbors with the same link target or markup.
func joined(notes []string) []string {
	var out []string
	for len(notes) > 0 {
		key, _, _ := strings.Cut(notes[0], "\x00")
		n := 1
		for n < len(notes) && strings.HasPrefix(notes[n], key+"\x00") {
			n++
		}
		var b strings.Builder
		b.WriteString(notes[0])
		for _, more := range notes[1:n] {
			b.WriteString(more[len(key)+1:])
		}
		out, notes = append(out, b.String()), notes[n:]
	}
	return out
}

// gap is the word of a side where a page omits text.
const gap = "\x00"

// gapped checks that the text has everything between the gaps of a page, in order, and that
// a page without gaps has the whole text. It returns the first part that is wrong.
func gapped(have, want []string) string {
	sign := func(w string) bool { return w == "¶" }
	have, want = slices.DeleteFunc(slices.Clone(have), sign), slices.DeleteFunc(slices.Clone(want), sign)
	text := " " + strings.Join(want, " ") + " "
	whole := true
	for piece := range strings.SplitSeq(strings.Join(have, " "), gap) {
		_, after, found := strings.Cut(text, " "+strings.TrimSpace(piece)+" ")
		if strings.TrimSpace(piece) == "" {
			whole = false
			continue
		}
		if !found {
			return piece[:min(len(piece), 200)]
		}
		text = " " + after
	}
	if whole && !slices.Contains(have, gap) && !slices.Equal(have, want) {
		return "a page without gaps is not whole"
	}
	return ""
}

// differ returns the first difference between two lists, or "".
func differ(have, want []string) string {
	for i := range max(len(have), len(want)) {
		if i < len(have) && i < len(want) && have[i] == want[i] {
			continue
		}
		if i < len(have) && i < len(want) && len(have[i])+len(want[i]) > 80 {
			n := 0
			for n < min(len(have[i]), len(want[i])) && have[i][n] == want[i][n] {
				n++
			}
			near := func(s string) string { return s[max(0, n-60):min(len(s), n+60)] }
			return fmt.Sprintf("\nhave ...%q...\nwant ...%q...", near(have[i]), near(want[i]))
		}
		from := max(0, i-6)
		return fmt.Sprintf("\nhave ...%q\nwant ...%q", have[from:min(len(have), i+8)], want[min(len(want), from):min(len(want), i+8)])
	}
	return ""
}

// lawful checks all laws for one pair of texts, and returns a message about the first that
// is broken, or "".
func lawful(t testing.TB, before, after *markdown.Body, r *redline.Redline) string {
	set, _ := view.HTML(nil, r, setting)
	page := string(set)
	short := *setting
	short.Permalink, short.Fragment = "/p/v/", func(id string) string { return "#" + id }
	set, _ = view.HTML(nil, r, &short)
	gaps := string(set)
	plain := *setting
	plain.Unchanged = ""
	set, _ = view.Styled(r, plain, 1<<30)
	styled := string(set)
	set, _ = view.Styled(r, short, 1<<30)
	changed := len(set) > 0
	set, left := view.Styled(r, short, len(gaps)/3)
	cut := string(set)
	if len(cut) > len(gaps)/3 || len(cut) == 0 && left == 0 && changed {
		return fmt.Sprintf("a styled redline of at most %d bytes has %d, and leaves out %d changes", len(gaps)/3, len(cut), left)
	}
	pages := map[string][]*html.Node{}
	read := func(page string) []*html.Node { // parses each page once
		if pages[page] == nil {
			pages[page] = parse(t, page)
		}
		return pages[page]
	}
	for _, c := range []struct {
		name string
		body *markdown.Body
		view reading
	}{{"the old text", before, oldView}, {"the new text", after, newView}} {
		whole, _ := c.body.HTML(nil, &setting.RenderOptions)
		want, have := sideOf(read(string(whole)), plainView, false), sideOf(read(page), c.view, false)
		if d := differ(have.words, want.words); d != "" {
			return c.name + " is not given back:" + d
		}
		if s := gapped(sideOf(read(gaps), c.view, false).words, want.words); s != "" {
			return c.name + " with gaps is another: " + s
		}
		naive := sideOf(read(page), c.view, true).words
		if d := differ(sideOf(read(styled), c.view, true).words, naive); d != "" && styled != "" {
			return c.name + " is not given back by the styled redline:" + d
		}
		words := sideOf(read(string(whole)), plainView, true).words
		if s := gapped(append(sideOf(read(cut), c.view, true).words, gap), words); s != "" {
			return c.name + " is another in the part of a styled redline: " + s
		}
		if d := differ(joined(have.links), joined(want.links)); d != "" {
			return c.name + ": links are not given back:" + d
		}
		if d := differ(joined(have.markup), joined(want.markup)); d != "" {
			return c.name + ": markup is not given back:" + d
		}
		if d := differ(naive, words); d != "" {
			return c.name + " is not given back by ins and del alone:" + d
		}
	}
	if s := merged(read(page)); s != "" {
		return s
	}
	if s := struck(read(page)); s != "" {
		return s
	}
	if s := stepwise(read(page)); s != "" {
		return s
	}
	if s := valid(gaps, read(gaps)); s != "" {
		return "with gaps: " + s
	}
	return valid(page, read(page))
}

// stepwise checks that no heading is more than one level below the one before it, whether
// folded clauses are hidden or shown. It ignores headings in quotes and other containers.
func stepwise(nodes []*html.Node) string {
	last := [2]int{1, 1} // of all headings, and of those that are not folded
	var walk func(nodes []*html.Node, folded bool) string
	walk = func(nodes []*html.Node, folded bool) string {
		for _, n := range nodes {
			if _, kept := attr(n, "data-kept"); kept && n.Data == "div" {
				var kids []*html.Node
				for c := n.FirstChild; c != nil; c = c.NextSibling {
					kids = append(kids, c)
				}
				if s := walk(kids, true); s != "" {
					return s
				}
			}
			if n.Type != html.ElementNode || len(n.Data) != 2 || n.Data[0] != 'h' || n.Data == "hr" {
				continue
			}
			level := int(n.Data[1] - '0')
			for i := range last {
				if i == 1 && folded {
					continue
				}
				if level > last[i]+1 {
					return fmt.Sprintf("%s follows h%d, hidden clauses are hidden: %v", n.Data, last[i], i == 1)
				}
				last[i] = level
			}
		}
		return ""
	}
	return walk(nodes, false)
}

// merged checks that few unchanged words are marked: of the words in a deletion and the
// insertion directly after it, at most a third, plus two, are in both in the same order.
func merged(nodes []*html.Node) string {
	for i, n := range nodes {
		if n.Type != html.ElementNode {
			continue
		}
		if class, _ := attr(n, "class"); class != "" && (n.Data == "ins" || n.Data == "del") {
			continue // moved or restructured: both sides have all words
		}
		if ins := behind(nodes[i+1:]); n.Data == "del" && ins != nil {
			gone, come := wordsIn(n), wordsIn(ins)
			kept := 0
			for _, e := range diff.Edits(gone, come) {
				if e.Op == diff.Match {
					kept++
				}
			}
			if kept > (len(gone)+len(come))/3+2 {
				return fmt.Sprintf("%d words are marked on both sides: %q, %q", kept, gone, come)
			}
		}
		var kids []*html.Node
		for c := n.FirstChild; c != nil; c = c.NextSibling {
			kids = append(kids, c)
		}
		if s := merged(kids); s != "" {
			return s
		}
	}
	return ""
}

// struck checks that no word is deleted and inserted at the same place: a deletion and the
// insertion directly after it begin and end with different words.
func struck(nodes []*html.Node) string {
	for i, n := range nodes {
		if n.Type != html.ElementNode {
			continue
		}
		class, _ := attr(n, "class")
		_, number := attr(n, "data-number") // a number is replaced as a whole
		if ins := behind(nodes[i+1:]); n.Data == "del" && class == "" && !number && ins != nil {
			gone, come := wordsIn(n), wordsIn(ins)
			if a, b := len(gone), len(come); a > 0 && b > 0 && (gone[0] == come[0] || gone[a-1] == come[b-1]) {
				return fmt.Sprintf("a word is struck out and inserted: %q, %q", gone, come)
			}
		}
		var kids []*html.Node
		for c := n.FirstChild; c != nil; c = c.NextSibling {
			kids = append(kids, c)
		}
		if s := struck(kids); s != "" {
			return s
		}
	}
	return ""
}

// behind returns the insertion directly after a deletion, or nil. It skips elements that a
// page adds.
func behind(nodes []*html.Node) *html.Node {
	for _, n := range nodes {
		if _, added := attr(n, "data-added"); !added {
			if n.Data == "ins" {
				return n
			}
			return nil
		}
	}
	return nil
}

// wordsIn returns the words in an element, without the alternative text of images: another
// image may have the same.
func wordsIn(n *html.Node) []string {
	l := &look{noImages: true}
	l.kids(n)
	l.flush()
	return l.out.words
}

var void = map[string]bool{"br": true, "hr": true, "img": true, "wbr": true, "input": true}

// flow are the elements, besides structure, that must not be in ins or del.
var flow = map[string]bool{"p": true, "div": true, "section": true, "details": true, "summary": true, "figure": true, "figcaption": true, "caption": true,
	"thead": true, "tbody": true, "tfoot": true}

// noText are the elements that must not contain text directly.
var noText = map[string]bool{"ul": true, "ol": true, "dl": true, "table": true, "thead": true, "tbody": true, "tfoot": true, "tr": true}

// valid checks that a page is valid HTML: elements nest, marks are where words can be, no
// id occurs twice, and a deletion has no ids and links.
func valid(page string, nodes []*html.Node) string {
	var open []string
	z := html.NewTokenizer(strings.NewReader(page))
	for {
		switch z.Next() {
		case html.ErrorToken:
			if len(open) > 0 {
				return "not closed: " + strings.Join(open, " ")
			}
			return nested(nodes, map[string]bool{}, "", false)
		case html.StartTagToken:
			if name, _ := z.TagName(); !void[string(name)] {
				open = append(open, string(name))
			}
		case html.EndTagToken:
			name, _ := z.TagName()
			if len(open) == 0 || open[len(open)-1] != string(name) {
				return fmt.Sprintf("</%s> in %v", name, open)
			}
			open = open[:len(open)-1]
		}
	}
}

func nested(nodes []*html.Node, ids map[string]bool, parent string, gone bool) string {
	for _, n := range nodes {
		if n.Type == html.TextNode && noText[parent] && strings.TrimSpace(n.Data) != "" {
			return fmt.Sprintf("words in %s: %q", parent, n.Data)
		}
		if n.Type != html.ElementNode {
			continue
		}
		id, hasID := attr(n, "id")
		_, hasHref := attr(n, "href")
		marks := n.Data == "ins" || n.Data == "del"
		switch {
		case hasID && (ids[id] || id == ""):
			return fmt.Sprintf("the id %q twice", id)
		case gone && (hasID || hasHref):
			return fmt.Sprintf("%s in del has an id or leads somewhere", n.Data)
		case marks && noText[parent]:
			return n.Data + " in " + parent
		case (parent == "ins" || parent == "del") && (structure[n.Data] || flow[n.Data]):
			return n.Data + " in " + parent
		}
		ids[id] = hasID
		var kids []*html.Node
		for c := n.FirstChild; c != nil; c = c.NextSibling {
			kids = append(kids, c)
		}
		if s := nested(kids, ids, n.Data, gone || n.Data == "del"); s != "" {
			return s
		}
	}
	return ""
}

// unmarked checks that a redline of equal texts has no marks.
func unmarked(r *redline.Redline) string {
	set, _ := view.HTML(nil, r, setting)
	page := string(set)
	for _, mark := range []string{"<ins", "<del", "data-mark", "data-was", "data-moved", "-was="} {
		if i := strings.Index(page, mark); i >= 0 && !strings.Contains(page[max(0, i-1):i], "&") {
			return fmt.Sprintf("equal texts are marked: %q", page[max(0, i-60):min(len(page), i+60)])
		}
	}
	if r.Verdict > redline.Rewrapped {
		return "equal texts have changed"
	}
	return ""
}
