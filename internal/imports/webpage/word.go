package webpage

import (
	"fmt"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"
	"golang.org/x/text/unicode/norm"

	"github.com/privgen/privgen/internal/lazyregexp"
	"github.com/privgen/privgen/internal/markdown"
	"github.com/privgen/privgen/internal/source"
)

// This file checks that the Markdown has the words of the chosen elements, in the
// same order. It collects words in two independent ways: from the HTML tree, and from
// the result of package markdown. A second check counts the letters of the elements
// before anything is removed from them.

// wordsOf splits a text into words, without punctuation.
func wordsOf(s string) []string {
	return strings.FieldsFunc(s, func(r rune) bool { return !wordRune(r) && !unicode.IsMark(r) })
}

// shown returns the words that elements show: text, alternative texts of images, and
// letters of list items, but not numbers of footnotes.
func shown(roots []*html.Node, n *notes) []string {
	var b strings.Builder
	var visit func(*html.Node)
	visit = func(k *html.Node) {
		if k.Type == html.TextNode {
			b.WriteString(k.Data)
			return
		}
		if isGone(k) || n.backs[k] || n.refs[k] != "" {
			return
		}
		if isBlock(k) || k.DataAtom == atom.Br || k.DataAtom == atom.Img {
			b.WriteByte(' ')
		}
		switch {
		case (k.DataAtom == atom.Sup || k.DataAtom == atom.Sub) && !n.in(k):
			before, _ := utf8.DecodeLastRuneInString(b.String())
			b.WriteString(raised(words(k), k.DataAtom == atom.Sub, before))
			return
		case k.DataAtom == atom.Img:
			b.WriteString(attr(k, "alt"))
		case k.DataAtom == atom.Li && k.Parent != nil && k.Parent.DataAtom == atom.Ol:
			inCell := within(k, is(atom.Td, atom.Th))
			if newCounter(k.Parent).letters() || inCell && !isLayout(tableOf(k), rowsOf(tableOf(k))) {
				b.WriteString(itemLabel(k))
			}
		}
		list := children(k)
		if k.DataAtom == atom.Table {
			list = partsOf(k)
		}
		for _, c := range list {
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

// read returns the words that a Markdown text shows.
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

// rules accept all Markdown that this package writes.
var rules = markdown.Rules{DeadLinks: "keep", Images: "link"}

var noteRef = lazyregexp.New(`\[\^\d+\]`)

// reads reports whether a line of Markdown parses as one paragraph or heading with
// the wanted words.
func (w *writer) reads(s string, at lineKind, want string) bool {
	if at == inHeading {
		s = "# " + s
	}
	s = strings.ReplaceAll(noteRef().ReplaceAllString(s, ""), "\x00", "")
	body, problems := w.renderer.Parse(&source.File{Name: "line", Text: []byte(s + "\n")}, 0, rules)
	parts := body.Parts()
	return len(problems) == 0 && len(parts) <= 1 && slices.Equal(read(parts), wordsOf(want))
}

// differs compares the words of the chosen elements with those of the Markdown. It
// returns "", or the first difference.
func differs(roots []*html.Node, text []byte) string {
	n := findNotes(roots)
	want := shown(roots, n)
	body, problems := markdown.NewRenderer(1<<20).Parse(&source.File{Name: "page", Text: text}, 0, rules)
	if len(problems) > 0 {
		return problems[0].What
	}
	have := read(body.Parts())
	for i := range max(len(want), len(have)) {
		if i >= len(want) || i >= len(have) || want[i] != have[i] {
			return fmt.Sprintf("word %d: the page has %q, the text has %q", i+1, excerpt(want, i), excerpt(have, i))
		}
	}
	return ""
}

// excerpt returns a few words around word i.
func excerpt(words []string, i int) string {
	return strings.Join(words[min(max(i-2, 0), len(words)):min(i+4, len(words))], " ")
}

// characters counts the letters and digits that a browser can show of elements. It
// shares no list of elements with the rest of the package, so that it finds words that
// all other functions skip. Superscript digits count as digits.
func characters(roots []*html.Node) map[rune]int {
	count := map[rune]int{}
	for _, r := range roots {
		walk(r, func(n *html.Node) bool {
			if n.Type == html.TextNode {
				addCharacters(count, n.Data)
			}
			unseen := []string{"script", "style", "template", "head"}
			return !hasAttr(n, "data-added") && !slices.Contains(unseen, n.Data)
		})
	}
	return count
}

func addCharacters(count map[rune]int, s string) {
	for _, c := range norm.NFKC.String(s) {
		if wordRune(c) {
			count[c]++
		}
	}
}

// missing returns how many letters and digits of a page are neither in its text nor
// in an element that was reported as left out.
func missing(page, kept map[rune]int) int {
	n := 0
	for c, k := range page {
		n += max(0, k-kept[c])
	}
	return n
}
