package redline

import (
	"github.com/privgen/privgen/internal/lang"
	"github.com/privgen/privgen/internal/markdown"
)

// This file detects texts that were rewritten or are in another language, in which marks on
// words would not help a reader. Old and new are then shown in full, and only passages
// with the same words are shown once.

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

// language returns the language of a text, or "" if it is uncertain.
func language(ns []Node) string {
	const enough = 20_000 // bytes that lang.Detect reads
	var text []byte
	for _, n := range ns {
		walk(n, func(n Node) bool {
			for i := range n.Words {
				if n.Words[i].Kind == markdown.Plain && len(text) < enough {
					text = append(append(text, n.Words[i].Text...), ' ')
				}
			}
			return true
		})
	}
	return lang.Detect(text)
}
