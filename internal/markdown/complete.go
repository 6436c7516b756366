package markdown

import (
	"fmt"
	"slices"
	"strings"

	"github.com/yuin/goldmark/ast"
	east "github.com/yuin/goldmark/extension/ast"

	"github.com/privgen/privgen/internal/complete"
	"github.com/privgen/privgen/internal/normal"
	"github.com/privgen/privgen/internal/source"
)

// missing records the words of a block that are not on its page.
func missing(w *blockBuffer, doc ast.Node) {
	w.notes = numbersOfNotes(w, doc)
	if hasHTML(w.block) {
		return // what of it is on the page is known when the whole text is made safe
	}
	page := complete.Page{HTML: w.html.text}
	for _, h := range w.html.holes {
		hole := complete.Hole{At: h.at}
		if h.kind == holeImage {
			hole.Words = w.links[h.n].alt
		}
		page.Holes = append(page.Holes, hole)
	}
	for _, l := range complete.Losses(complete.Text{Source: w.source, Notes: w.block.notes}, page) {
		w.flaws = append(w.flaws, lossFlaw(l, w.source))
	}
}

// missingOfHTML returns a problem for words that a text with raw HTML loses when
// it is sanitized.
func (b *Body) missingOfHTML() (problems source.Problems) {
	all, _ := b.HTML(nil, &RenderOptions{allLinks: true})
	text := complete.Text{Source: b.Markdown(), HTML: true, Notes: map[int]int{}}
	for _, bl := range b.blocks {
		for at, n := range bl.notes {
			text.Notes[bl.at-b.start+at] = n
		}
	}
	for _, l := range complete.Losses(text, complete.Page{HTML: all}) {
		problems = append(problems, lossFlaw(l, text.Source).problem(b.file.Pos(b.start+l.From)))
	}
	return problems
}

// Normal returns the text in its normal form, which index.md offers. It compares the
// two: a word that the form would lose or change is a problem.
func (b *Body) Normal() ([]byte, *source.Problem) {
	text := b.Markdown()
	form := normal.Form(text)
	l, ok := complete.Copied(text, form)
	if ok {
		return form, nil
	}
	words := shorten(string(text[l.From:l.To]))
	return nil, source.NewProblem(b.file.Pos(b.start+l.From), "lost-words",
		fmt.Sprintf("%q would not be in index.md where it is in the text", words),
		"write this passage with other characters")
}

// hasHTML reports whether there is raw HTML in a block.
func hasHTML(bl *block) bool {
	return slices.ContainsFunc(bl.flaws, func(f flaw) bool { return f.code == "raw-html" })
}

// numbersOfNotes returns the numbers of footnotes, by the offsets of their
// definitions.
func numbersOfNotes(w *blockBuffer, doc ast.Node) map[int]int {
	list, ok := doc.LastChild().(*east.FootnoteList)
	if !ok {
		return nil
	}
	out := map[int]int{}
	for n := list.FirstChild(); n != nil; n = n.NextSibling() {
		out[w.pos(n.Pos())] = n.(*east.Footnote).Index
	}
	return out
}

func lossFlaw(l complete.Loss, source []byte) flaw {
	words := shorten(strings.Join(strings.Fields(string(source[l.From:l.To])), " "))
	what, do := fmt.Sprintf("%q would not be on the page where it is in the text", words),
		"put a backslash before the mark that hides it, or write it outside of what is read as markup"
	switch {
	case l.Number:
		what = fmt.Sprintf("the page would show %d as the number of this item, and not %s", l.Shown, words)
		do = "put a backslash before the sign after the number, so that it is text"
	case words == "":
		what = "the page would show words here that are not in the text"
		do = "write this passage in other Markdown"
	}
	return flaw{l.From, "lost-words", what, do}
}
