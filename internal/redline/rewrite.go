package redline

import (
	"strings"
	"unicode"

	"github.com/privgen/privgen/internal/markdown"
)

// This file recognizes what cannot be shown by marks in it: a text that was
// written anew, and one in another language. Old and new are then shown in
// full; only passages that read the same are kept as one.

const (
	longText = 40 // words that both texts must hold for it to be a rewrite
	newShare = 80 // of 100 words that are new and that are gone: a rewrite
)

// rewritten says whether a redline is a rewrite.
func (e Extent) rewritten() bool {
	return e.WordsBefore >= longText && e.WordsAfter >= longText &&
		100*e.WordsAdded >= newShare*e.WordsAfter && 100*e.WordsRemoved >= newShare*e.WordsBefore
}

// languages has words that are frequent in one language and no word of the
// others, for the languages written in Latin letters that policies are
// published in most.
var languages = map[string][]string{
	"en": {"the", "and", "of", "to", "you", "your", "is", "that", "with", "for"},
	"de": {"und", "der", "die", "das", "wir", "ihre", "von", "nicht", "mit", "sie", "zu"},
	"fr": {"les", "des", "et", "vous", "vos", "nous", "est", "pour", "dans", "une", "aux"},
	"es": {"los", "las", "el", "y", "para", "sus", "usted", "con", "por", "nuestros", "del"},
	"it": {"il", "gli", "di", "che", "per", "della", "nostri", "sono", "dei", "delle"},
	"pt": {"os", "você", "seus", "não", "uma", "em", "ao", "nossos", "são", "dos", "do"},
	"nl": {"het", "een", "van", "uw", "wij", "voor", "niet", "op", "zijn", "te", "onze"},
	"pl": {"w", "się", "nie", "na", "oraz", "przez", "jest", "lub", "z", "dla"},
	"sv": {"och", "att", "vi", "dina", "som", "för", "inte", "av", "är", "eller"},
}

var scripts = map[string]*unicode.RangeTable{
	"han": unicode.Han, "kana": unicode.Hiragana, "hangul": unicode.Hangul, "cyrillic": unicode.Cyrillic, "arabic": unicode.Arabic,
	"hebrew": unicode.Hebrew, "greek": unicode.Greek, "thai": unicode.Thai, "devanagari": unicode.Devanagari,
}

// language guesses the language of a text; empty when it cannot tell.
func language(ns []node) string {
	count := map[string]int{}
	total := 0
	of := map[string]string{}
	for name, words := range languages {
		for _, w := range words {
			of[w] = name
		}
	}
	var walk func(p *markdown.Passage)
	walk = func(p *markdown.Passage) {
		for i := range p.Words {
			if total > 3000 {
				return
			}
			w := &p.Words[i]
			if w.Kind != markdown.Plain {
				continue
			}
			total++
			if name := of[strings.ToLower(w.Text)]; name != "" {
				count[name] += 3
				continue
			}
			for _, r := range w.Text {
				if r > 0x24F && unicode.IsLetter(r) {
					for name, table := range scripts {
						if unicode.Is(table, r) {
							count[name] += 2
						}
					}
				}
				break
			}
		}
		for _, k := range p.Kids {
			walk(k)
		}
	}
	for _, n := range ns {
		walk(n.Passage)
	}
	best, second := "", ""
	for name, n := range count {
		switch {
		case best == "" || n > count[best] || n == count[best] && name < best:
			best, second = name, best
		case second == "" || n > count[second] || n == count[second] && name < second:
			second = name
		}
	}
	if best == "" || 10*count[best] < 3*total || 2*count[second] > count[best] {
		return ""
	}
	return best
}
