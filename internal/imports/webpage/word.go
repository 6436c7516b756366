package webpage

import (
	"fmt"
	"slices"
	"strings"
	"unicode"

	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"

	"github.com/privgen/privgen/internal/imports/lazyregexp"
	"github.com/privgen/privgen/internal/markdown"
	"github.com/privgen/privgen/internal/source"
)

// This file holds the law of this reader: the words of what was taken from the
// page are the words that the Markdown shows, in the same order. They are
// collected in two ways that share nothing: from the page's tree, and from what
// internal/markdown makes of the text.

// wordsOf cuts a text into words, without marks of punctuation.
func wordsOf(s string) []string {
	return strings.FieldsFunc(s, func(r rune) bool { return !unicode.IsLetter(r) && !unicode.IsDigit(r) && !unicode.IsMark(r) })
}

// shown gives what elements show: their text, the words of their images, the
// letters that count items; without the numbers of footnotes.
func shown(roots []*html.Node, n *notes) []string {
	var b strings.Builder
	var visit func(*html.Node)
	visit = func(k *html.Node) {
		if k.Type == html.TextNode {
			b.WriteString(k.Data)
			return
		}
		if k.Type == html.ElementNode && (hasAttr(k, "data-added") || slices.Contains(gone, k.DataAtom) || n.backs[k] || n.refs[k] != "") {
			return
		}
		if isBlock(k) || k.DataAtom == atom.Br || k.DataAtom == atom.Img {
			b.WriteByte(' ')
		}
		switch {
		case k.DataAtom == atom.Img:
			b.WriteString(attr(k, "alt"))
		case k.DataAtom == atom.Li && k.Parent != nil && k.Parent.DataAtom == atom.Ol:
			inCell := within(k, func(a *html.Node) bool { return a.DataAtom == atom.Td || a.DataAtom == atom.Th })
			if newCounter(k.Parent).letters() || inCell && !isLayout(tableOf(k), rowsOf(tableOf(k))) {
				b.WriteString(itemLabel(k))
			}
		}
		var children []*html.Node
		for c := k.FirstChild; c != nil; c = c.NextSibling {
			children = append(children, c)
		}
		if k.DataAtom == atom.Table { // a foot may stand before the body
			slices.SortStableFunc(children, func(a, b *html.Node) int { return partOf(a) - partOf(b) })
		}
		for _, c := range children {
			visit(c)
		}
		if isBlock(k) || k.DataAtom == atom.Img {
			b.WriteByte(' ')
		}
	}
	for _, r := range roots {
		visit(r)
	}
	return wordsOf(b.String())
}

func tableOf(n *html.Node) *html.Node {
	for n != nil && n.DataAtom != atom.Table {
		n = n.Parent
	}
	return n
}

func partOf(n *html.Node) int {
	switch n.DataAtom {
	case atom.Caption:
		return 0
	case atom.Thead:
		return 1
	case atom.Tfoot:
		return 3
	}
	return 2
}

// read gives the words that a Markdown text shows.
func read(parts []markdown.Part) []string {
	var b strings.Builder
	var visit func(*markdown.Passage)
	visit = func(p *markdown.Passage) {
		for i := range p.Words {
			switch w := &p.Words[i]; w.Kind {
			case markdown.Note:
			case markdown.Break:
				b.WriteByte(' ')
			default:
				b.WriteString(w.Gap + w.Text)
			}
		}
		b.WriteByte(' ')
		for _, k := range p.Kids {
			visit(k)
		}
	}
	for _, p := range parts {
		visit(p.Passage)
	}
	return wordsOf(b.String())
}

var noteRef = lazyregexp.New(`\[\^\d+\]`)

// reads reports whether a line of Markdown is read back as one paragraph, or
// heading, with the words that it is to have.
func (w *pageWriter) reads(s string, at place, want string) bool {
	if at == inHeading {
		s = "# " + s
	}
	s = strings.ReplaceAll(noteRef().ReplaceAllString(s, ""), "\x00", "")
	body, problems := w.press.Take(&source.File{Name: "line", Text: []byte(s + "\n")}, 0, markdown.Rules{DeadLinks: "keep", Images: "link"})
	parts := body.Parts()
	return len(problems) == 0 && len(parts) <= 1 && slices.Equal(read(parts), wordsOf(want))
}

// differs compares the words of what was taken with those of the Markdown; it
// gives nothing when they are the same, else the first place at which they
// differ.
func differs(roots []*html.Node, text []byte) string {
	n := findNotes(roots)
	want := shown(roots, n)
	body, problems := markdown.NewPress(1<<20).Take(&source.File{Name: "page", Text: text}, 0, markdown.Rules{DeadLinks: "keep", Images: "link"})
	if len(problems) > 0 {
		return problems[0].What
	}
	have := read(body.Parts())
	for i := range max(len(want), len(have)) {
		if i >= len(want) || i >= len(have) || want[i] != have[i] {
			return fmt.Sprintf("word %d: the page says %q, the text %q", i+1, around5(want, i), around5(have, i))
		}
	}
	return ""
}

// around5 gives a few words from the place where two texts part.
func around5(words []string, i int) string {
	return strings.Join(words[min(max(i-2, 0), len(words)):min(i+4, len(words))], " ")
}
