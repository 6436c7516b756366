package passage

import (
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"

	"github.com/privgen/privgen/internal/lang"
	"github.com/privgen/privgen/internal/markdown"
)

// This file divides texts into words, and finds a phrase or similar words in them.

// clauseWords is a clause of a text.
type clauseWords struct{ id, title string }

// A word is a word of a text and its place.
type word struct {
	normal string
	clause *clauseWords
	block  int // index of the paragraph, item, or cell
}

// A text is the words of a version.
type text struct {
	version string
	words   []word
	blocks  []string // the paragraphs, items, and cells as plain text
}

// wordsOf returns the words of a string in their normal form. A character of a
// script without spaces is a word.
func wordsOf(s string) []string {
	var out []string
	var b strings.Builder
	end := func() {
		if b.Len() > 0 {
			out = append(out, b.String())
			b.Reset()
		}
	}
	for _, r := range strings.ToLower(norm.NFKC.String(s)) {
		switch {
		case lang.Spaceless(r) && !unicode.IsMark(r):
			end()
			b.WriteRune(r)
			end()
		case unicode.IsLetter(r) || unicode.IsNumber(r) || unicode.IsMark(r):
			b.WriteRune(r)
		case unicode.Is(unicode.Cf, r): // such as a soft hyphen, which does not divide a word
		default:
			end()
		}
	}
	end()
	return out
}

func newText(version string, body *markdown.Body) *text {
	t := &text{version: version}
	clause := &clauseWords{}
	for _, part := range body.Parts() {
		if part.Kind == markdown.Heading {
			clause = &clauseWords{part.ID(part.Passage), strings.TrimSpace(read(part.Passage))}
		}
		t.add(part.Passage, clause)
	}
	return t
}

// read returns the words of a passage as plain text.
func read(p *markdown.Passage) string {
	var b strings.Builder
	for _, w := range p.Words {
		b.WriteString(w.Gap)
		if w.Kind == markdown.Break {
			b.WriteByte(' ')
		} else if w.Kind != markdown.Note {
			b.WriteString(w.Text)
		}
	}
	return b.String()
}

func (t *text) add(p *markdown.Passage, clause *clauseWords) {
	if p.Kind.Leaf() {
		s := read(p)
		for _, w := range wordsOf(s) {
			t.words = append(t.words, word{w, clause, len(t.blocks)})
		}
		t.blocks = append(t.blocks, strings.Join(strings.Fields(s), " "))
		return
	}
	for _, kid := range p.Kids {
		t.add(kid, clause)
	}
}

// find returns the clauses in which a phrase begins, in order.
func (t *text) find(phrase []string) (out []*clauseWords) {
next:
	for i := 0; i+len(phrase) <= len(t.words); i++ {
		for j, w := range phrase {
			if t.words[i+j].normal != w {
				continue next
			}
		}
		if c := t.words[i].clause; !slices.Contains(out, c) {
			out = append(out, c)
		}
	}
	return out
}

// leastShare is the least share of a phrase, in percent, that a similar passage has.
const leastShare = 50

// nearest returns the passage that shares the most words with a phrase, weighted by their
// length. Of several, it returns the first. If none shares half of the phrase, it returns nil.
func (t *text) nearest(phrase []string) *Near {
	missing, whole := map[string]int{}, 0
	for _, w := range phrase {
		missing[w]++
		whole += utf8.RuneCountInString(w)
	}
	best, at, have := 0, 0, 0
	size := len(phrase)
	for i, w := range t.words { // the window [i-size+1,i] has as many words as the phrase
		if i >= size {
			out := t.words[i-size].normal
			if n, ok := missing[out]; ok {
				if missing[out] = n + 1; n >= 0 {
					have -= utf8.RuneCountInString(out)
				}
			}
		}
		if n, ok := missing[w.normal]; ok {
			if missing[w.normal] = n - 1; n > 0 {
				have += utf8.RuneCountInString(w.normal)
			}
		}
		if have > best {
			best, at = have, i
		}
	}
	if share := best * 100 / whole; best > 0 && share >= leastShare {
		w := t.words[max(0, at-size/2)]
		return &Near{Version: t.version, Clause: w.clause.id, Text: t.blocks[w.block], Share: share}
	}
	return nil
}
