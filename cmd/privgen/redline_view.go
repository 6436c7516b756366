package main

import (
	"bytes"
	"fmt"
	"html"
	"io"
	"strings"

	nethtml "golang.org/x/net/html"

	"github.com/privgen/privgen/internal/locale"
	"github.com/privgen/privgen/internal/markdown"
	"github.com/privgen/privgen/internal/pages"
	"github.com/privgen/privgen/internal/redline"
	"github.com/privgen/privgen/internal/source"
)

// This file prints redlines. The marked text is read back from the engine's
// HTML, which says all there is to say, and has laws that hold it.

// A redlineView is a redline with what it is of.
type redlineView struct {
	what          string // the policy's slug, or empty
	before, after side
	redline       *redline.Redline
}

// A redlineReport is a redline as JSON.
type redlineReport struct {
	Policy  string         `json:"policy,omitempty"`
	Before  string         `json:"before"`
	After   string         `json:"after"`
	Verdict string         `json:"verdict"` // same, rewrapped, relinked, restyled, changed, rewritten or swapped
	Extent  extentReport   `json:"extent"`
	Clauses []clauseReport `json:"clauses"` // those that changed
}

type extentReport struct {
	ClausesChanged int `json:"clauses_changed"`
	ClausesAdded   int `json:"clauses_added"`
	ClausesRemoved int `json:"clauses_removed"`
	ClausesMoved   int `json:"clauses_moved"`
	WordsAdded     int `json:"words_added"`
	WordsRemoved   int `json:"words_removed"`
	WordsMoved     int `json:"words_moved"`
	Links          int `json:"links"`
	Markup         int `json:"markup"`
	WordsBefore    int `json:"words_before"`
	WordsAfter     int `json:"words_after"`
}

type clauseReport struct {
	ID           string   `json:"id,omitempty"`
	Title        string   `json:"title,omitempty"`
	OldTitle     string   `json:"old_title,omitempty"`
	States       []string `json:"states"`
	WordsAdded   int      `json:"words_added"`
	WordsRemoved int      `json:"words_removed"`
	Before       string   `json:"before"`
	After        string   `json:"after"`
}

func verdictName(v redline.Verdict) string {
	return [...]string{"same", "rewrapped", "relinked", "restyled", "changed", "rewritten", "swapped"}[v]
}

func stateNames(s redline.State) []string {
	out := []string{}
	for _, one := range []struct {
		state redline.State
		name  string
	}{
		{redline.Added, "added"}, {redline.Removed, "removed"}, {redline.Moved, "moved"}, {redline.Renamed, "renamed"},
		{redline.Renumbered, "renumbered"}, {redline.TextChanged, "changed"}, {redline.LinksChanged, "links"}, {redline.StyleChanged, "markup"},
	} {
		if s.Has(one.state) {
			out = append(out, one.name)
		}
	}
	return out
}

func (v *redlineView) report() redlineReport {
	e := &v.redline.Extent
	r := redlineReport{
		Policy: v.what, Before: v.before.name, After: v.after.name, Verdict: verdictName(v.redline.Verdict),
		Extent: extentReport{
			e.ClausesChanged, e.ClausesAdded, e.ClausesRemoved, e.ClausesMoved,
			e.WordsAdded, e.WordsRemoved, e.WordsMoved, e.Links, e.Styles, e.WordsBefore, e.WordsAfter,
		},
		Clauses: []clauseReport{},
	}
	for _, c := range v.redline.Clauses {
		if c.State == 0 {
			continue
		}
		one := clauseReport{
			ID: c.ID, Title: c.Title, States: stateNames(c.State), WordsAdded: c.WordsAdded, WordsRemoved: c.WordsRemoved,
			Before: c.Before(), After: c.After(),
		}
		if c.OldTitle != c.Title {
			one.OldTitle = c.OldTitle
		}
		r.Clauses = append(r.Clauses, one)
	}
	return r
}

// summary says in a line or two what it is and how much changed.
func (v *redlineView) summary() string {
	name := v.before.name + " to " + v.after.name
	if v.what != "" {
		name = v.what + " " + name
	}
	e := &v.redline.Extent
	said := ""
	switch v.redline.Verdict {
	case redline.Same:
		said = "the same text"
	case redline.Rewrapped:
		said = "nothing that is read changed, only how it is written"
	case redline.Rewritten:
		said = fmt.Sprintf("rewritten: %d %% of the words are new", e.Share())
	case redline.Swapped:
		said = "texts in different languages"
	}
	var parts []string
	if said != "" {
		parts = append(parts, said)
	}
	for _, one := range []struct {
		n          int
		noun, does string
	}{
		{e.ClausesChanged, "clause", " changed"}, {e.ClausesAdded, "clause", " added"}, {e.ClausesRemoved, "clause", " removed"}, {e.ClausesMoved, "clause", " moved"},
		{e.WordsAdded, "word", " added"}, {e.WordsRemoved, "word", " removed"}, {e.Links, "link", " changed"}, {e.Styles, "place", " with other markup"},
		{e.ListNumbers, "list number", " changed"},
	} {
		if one.n > 0 {
			parts = append(parts, count(one.n, one.noun)+one.does)
		}
	}
	return name + "\n" + strings.Join(parts, ", ") + "\n"
}

func (v *redlineView) stat(w io.Writer) error {
	b := bytes.NewBufferString(v.summary())
	for _, c := range v.redline.Clauses {
		if c.State == 0 {
			continue
		}
		title := c.Title
		if title == "" {
			title = "(beginning)"
		}
		fmt.Fprintf(b, "  +%-5d -%-5d %s (%s)\n", c.WordsAdded, c.WordsRemoved, title, strings.Join(stateNames(c.State), ", "))
	}
	_, err := w.Write(b.Bytes())
	return err
}

// print prints the marked text. All of it is made visible here, so that the
// colors pass and a text cannot fake them.
func (v *redlineView) print(w io.Writer, color bool) error {
	b := bytes.NewBufferString(source.Visible(v.summary()))
	if v.redline.Verdict > redline.Rewrapped {
		set := &redline.Setting{RenderOptions: markdown.RenderOptions{Address: asWritten}, Unchanged: unchanged}
		page, _ := v.redline.HTML(nil, set)
		doc, err := nethtml.Parse(bytes.NewReader(page))
		if err != nil {
			return err
		}
		b.WriteByte('\n')
		t := &terminal{out: b, color: color}
		t.node(doc, 0)
		t.flush()
	}
	_, err := behind(w).Write(b.Bytes())
	return err
}

// unchanged says what is left out of the marked text.
func unchanged(clauses []*redline.Clause) string {
	renumbered := 0
	for _, c := range clauses {
		if c.State.Has(redline.Renumbered) {
			renumbered++
		}
	}
	switch same := len(clauses) - renumbered; {
	case renumbered == 0:
		return "(" + count(same, "clause") + " unchanged)"
	case same == 0:
		return "(" + count(renumbered, "clause") + " only renumbered)"
	default:
		return fmt.Sprintf("(%s unchanged, %d only renumbered)", count(same, "clause"), renumbered)
	}
}

// page prints a page of its own.
func (v *redlineView) page(w io.Writer) error {
	lang := v.after.lang
	if lang == "" {
		lang = "en"
	}
	l, list := locale.Load(lang, source.In("privgen.toml"), nil)
	if len(list) > 0 {
		l, _ = locale.Load("en", source.In("privgen.toml"), nil) // a language with words of the site's own
	}
	title := html.EscapeString(strings.SplitN(v.summary(), "\n", 2)[0])
	b := fmt.Appendf(nil, redlinePage, lang, l.Dir, title, title)
	set := pages.WordsOf(&l.Words)
	set.Address = asWritten
	b, _ = v.redline.HTML(b, set)
	_, err := w.Write(append(b, "</article>\n</html>\n"...))
	return err
}

// asWritten gives the address of a link to a file of the site: here there is no
// site around the text.
func asWritten(dest string) (string, bool) { return dest, true }

const redlinePage = `<!doctype html>
<html lang="%s" dir="%s">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>%s</title>
<style>
:root { color-scheme: light dark }
body { max-width: 42rem; margin: 2rem auto; padding: 0 1rem; font: 1rem/1.6 sans-serif }
ins { background: light-dark(#e2f5e6, #12351c); color: light-dark(#0b4a1e, #b6f0c4); text-decoration: underline double }
del { background: light-dark(#fce8e8, #4a1414); color: light-dark(#7a1212, #ffc9c9); text-decoration: line-through }
[data-moved] { text-decoration-style: dotted }
span.reset, [data-href-was], [data-markup-was] { border-bottom: 2px dotted #b26a00 }
.vh { position: absolute; width: 1px; height: 1px; clip-path: inset(50%%); overflow: hidden }
td, th { text-align: start; vertical-align: top; padding: .25rem .5rem }
</style>
<p>%s</p>
<article>
`

// A terminal writes marked HTML as lines of text.
type terminal struct {
	out   *bytes.Buffer
	color bool
	line  strings.Builder
	lead  string // what the line begins with: - or ##
	mark  string // ins, del or nothing
	open  string // the mark that is open in the line
}

// The marks of a terminal, and those where there are no colours.
var (
	opening = map[string][2]string{"ins": {"\x1b[32;4m", "{+"}, "del": {"\x1b[31;9m", "[-"}}
	closing = map[string][2]string{"ins": {"\x1b[0m", "+}"}, "del": {"\x1b[0m", "-]"}}
)

func (t *terminal) node(n *nethtml.Node, depth int) {
	switch n.Type {
	case nethtml.TextNode:
		t.text(n.Data)
		return
	case nethtml.ElementNode:
		if attributeOf(n, "data-added") && n.Data != "summary" || n.Data == "head" {
			return
		}
	}
	if attributeOf(n, "hidden") {
		return
	}
	if n.Data == "details" {
		t.flush()
		t.node(n.FirstChild, depth)
		t.flush()
		return
	}
	mark := t.mark
	if n.Data == "ins" || n.Data == "del" {
		t.mark = n.Data
	}
	switch classOf(n) {
	case "break", "reset": // a paragraph was divided, two were joined, a line stands in other structure
		if n.Data != "span" {
			t.text(" ")
		}
		t.text("¶ ")
	}
	block := isBlock(n.Data)
	if block {
		t.flush()
		t.begin(n.Data, depth)
	}
	if n.Data == "td" || n.Data == "th" {
		if n.PrevSibling != nil && strings.TrimSpace(t.line.String()) != "" {
			t.text(" | ")
		}
	}
	for c := n.FirstChild; c != nil; c = c.NextSibling {
		inner := depth
		if n.Data == "ul" || n.Data == "ol" {
			inner++
		}
		t.node(c, inner)
	}
	if block {
		t.flush()
	}
	t.mark = mark
	t.shut()
}

func attributeOf(n *nethtml.Node, key string) bool {
	for _, a := range n.Attr {
		if a.Key == key {
			return true
		}
	}
	return false
}

func classOf(n *nethtml.Node) string {
	for _, a := range n.Attr {
		if a.Key == "class" {
			return a.Val
		}
	}
	return ""
}

func isBlock(name string) bool {
	switch name {
	case "h1", "h2", "h3", "h4", "h5", "h6", "p", "li", "tr", "blockquote", "dt", "dd", "pre", "ul", "ol", "table", "dl", "hr", "br", "summary", "div":
		return true
	}
	return false
}

// begin sets what the next line begins with.
func (t *terminal) begin(name string, depth int) {
	switch name {
	case "h1", "h2", "h3", "h4", "h5", "h6":
		t.lead = "\n" + strings.Repeat("#", int(name[1]-'0')) + " "
	case "li":
		t.lead = strings.Repeat("  ", max(depth-1, 0)) + "- "
	case "dd":
		t.lead = "    "
	}
}

// text writes words, in the mark that they stand in.
func (t *terminal) text(s string) {
	s = source.Visible(s)
	words := strings.Join(strings.Fields(s), " ")
	ends := t.line.String()
	spaced := ends == "" || strings.HasSuffix(ends, " ")
	if s != "" && strings.TrimLeft(s, " \n\t") != s && !spaced {
		if t.open != t.mark {
			t.shut()
		}
		t.line.WriteByte(' ')
	}
	if words == "" {
		return
	}
	if t.open != t.mark {
		t.shut()
		if t.mark != "" {
			t.line.WriteString(opening[t.mark][t.plain()])
			t.open = t.mark
		}
	}
	t.line.WriteString(words)
	if strings.TrimRight(s, " \n\t") != s {
		t.line.WriteByte(' ')
	}
}

func (t *terminal) plain() int {
	if t.color {
		return 0
	}
	return 1
}

// shut ends the mark that is open, when the next words do not stand in it.
func (t *terminal) shut() {
	if t.open == "" || t.open == t.mark {
		return
	}
	line := t.line.String()
	trimmed := strings.TrimRight(line, " ")
	t.line.Reset()
	t.line.WriteString(trimmed + closing[t.open][t.plain()] + line[len(trimmed):])
	t.open = ""
}

// flush ends the line.
func (t *terminal) flush() {
	mark := t.mark
	t.mark = ""
	t.shut()
	t.mark = mark
	if line := strings.TrimRight(t.line.String(), " "); strings.TrimSpace(line) != "" {
		if bytes.HasSuffix(t.out.Bytes(), []byte("\n\n")) {
			t.lead = strings.TrimPrefix(t.lead, "\n")
		}
		t.out.WriteString(t.lead + line + "\n")
		t.lead = ""
	}
	t.line.Reset()
}
