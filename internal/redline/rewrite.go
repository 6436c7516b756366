package redline

import (
	"github.com/privgen/privgen/internal/lang"
	"github.com/privgen/privgen/internal/markdown"
)

// This file recognizes texts in which marks would not help a reader: one that was
// rewritten, and one in another language. Old and new are then shown in full, and
// only passages with the same words are shown once.

const (
	longText = 40 // the least number of words in both texts of a rewrite
	newShare = 80 // the least percentage of new words, and of removed words
)

// rewritten reports whether the new text is a rewrite of the old one.
func (r *Redline) rewritten() bool {
	e := &r.Extent
	return e.WordsBefore >= longText && e.WordsAfter >= longText &&
		100*(e.WordsAdded+r.Kept) >= newShare*e.WordsAfter && 100*(e.WordsRemoved+r.Kept) >= newShare*e.WordsBefore
}

// language returns the language of a text, or "" if it is not clear.
func language(ns []Node) string {
	var text []byte
	var add func(p *markdown.Passage)
	add = func(p *markdown.Passage) {
		for i := range p.Words {
			if len(text) > 20_000 {
				return // that is enough for lang.Detect
			}
			if p.Words[i].Kind == markdown.Plain {
				text = append(append(text, p.Words[i].Text...), ' ')
			}
		}
		for _, k := range p.Kids {
			add(k)
		}
	}
	for _, n := range ns {
		add(n.Passage)
	}
	return lang.Detect(text)
}
