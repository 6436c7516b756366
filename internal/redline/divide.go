package redline

import (
	"slices"
	"strings"

	"github.com/privgen/privgen/internal/markdown"
)

// This file divides words in both texts at the same places. Markup divides words: in
// "data*base*" there are two words, but a reader sees one. If the other text has
// "database", only the markup changed. An image that is shown as words is one word,
// but a reader sees several.

// divisions has the strings that markup divides in one of two lists of passages. The
// values are the offsets of the ends of the parts in either list.
type divisions map[string][]int

// newDivisions returns the divisions of two lists of passages, or nil if there are none.
func newDivisions(olds, news []Node) divisions {
	var out divisions
	for _, ns := range [][]Node{olds, news} {
		for _, n := range ns {
			out = out.find(n.Passage)
		}
	}
	if out == nil {
		return nil
	}
	for _, ns := range [][]Node{olds, news} {
		for _, n := range ns {
			out.gather(n.Passage)
		}
	}
	return out
}

// find adds the strings that markup divides in a passage.
func (d divisions) find(p *markdown.Passage) divisions {
	for i := range p.Words {
		if isPhrase(&p.Words[i]) {
			if d == nil {
				d = divisions{}
			}
			continue
		}
		if i == 0 || p.Words[i].Gap != "" || p.Words[i-1].Markup == p.Words[i].Markup {
			continue
		}
		if from, to := glued(p, i); from < i && i < to {
			if d == nil {
				d = divisions{}
			}
			d[textOf(p.Words[from:to])] = nil
		}
	}
	for _, k := range p.Kids {
		d = d.find(k)
	}
	return d
}

// gather adds the offsets at which a passage divides the strings.
func (d divisions) gather(p *markdown.Passage) {
	for i := 0; i < len(p.Words); i++ {
		from, to := glued(p, i)
		text := textOf(p.Words[from:to])
		if ends, ok := d[text]; ok && from < to {
			end := 0
			for k := range p.Words[from:to] {
				end += len(p.Words[from+k].Text)
				ends = append(ends, end)
			}
			slices.Sort(ends)
			d[text] = slices.Compact(ends)
		}
		i = max(i, to-1) // for a break, to can be i
	}
	for _, k := range p.Kids {
		d.gather(k)
	}
}

// isPhrase reports whether a word is an image that is shown as its alternative text.
func isPhrase(w *markdown.Word) bool {
	return w.Kind == markdown.Image && strings.TrimSpace(w.Text) != "" && !picture(w).IsPicture()
}

// ImageWords returns the words of an image's alternative text.
func ImageWords(image markdown.Word) (out []markdown.Word) {
	at := 0
	for text := range strings.FieldsSeq(image.Text) {
		at += strings.Index(image.Text[at:], text)
		part := image.Part(at, at+len(text))
		if at > 0 {
			part.Gap = " "
		}
		out = append(out, part)
		at += len(text)
	}
	return out
}

// glued returns the range of words around the word i with no space between them, without
// the punctuation at both ends. If the word i is part of that punctuation, it returns the
// range of the punctuation.
func glued(p *markdown.Passage, i int) (from, to int) {
	for from = i; from > p.Number && p.Words[from].Gap == "" && p.Words[from-1].Kind <= markdown.Mark; {
		from--
	}
	for to = i; to < len(p.Words) && p.Words[to].Kind <= markdown.Mark && (to == from || p.Words[to].Gap == ""); {
		to++
	}
	first, last := from, to
	for first < to && p.Words[first].Kind == markdown.Mark {
		first++
	}
	for last > first && p.Words[last-1].Kind == markdown.Mark {
		last--
	}
	switch {
	case i < first:
		return from, first
	case i >= last:
		return last, to
	}
	return first, last
}

func textOf(ws []markdown.Word) string {
	if len(ws) == 1 {
		return ws[0].Text
	}
	var b strings.Builder
	for i := range ws {
		b.WriteString(ws[i].Text)
	}
	return b.String()
}

// divide returns a leaf with its words divided at all offsets.
func (d divisions) divide(n Node) Node {
	if d == nil {
		return n
	}
	out := make([]markdown.Word, 0, len(n.Words)+4)
	for i := 0; i < len(n.Words); {
		if w := n.Words[i]; isPhrase(&w) {
			out = append(out, ImageWords(w)...)
			i++
			continue
		}
		from, to := glued(n.Passage, i)
		ends := d[textOf(n.Words[from:to])]
		if i < n.Number || i != from || len(ends) < 2 {
			out = append(out, n.Words[i])
			i++
			continue
		}
		start := 0 // of the word
		for _, w := range n.Words[from:to] {
			for at := start; at < start+len(w.Text); at, ends = ends[0], ends[1:] {
				out = append(out, w.Part(at-start, ends[0]-start))
			}
			start += len(w.Text)
		}
		i = to
	}
	return n.In(n.With(out, countWords(out)))
}
