package dates

import (
	_ "embed"
	"regexp"
	"strings"
	"sync"
	"unicode"
	"unicode/utf8"
)

// This file has the words by which texts state their dates. They were collected
// from published policies and from the terms of statutes. All are in lower case and
// match whole words.

// cuesFile has lines with a language tag, a kind of date, and a regular expression of
// words. The words are before a date, or after it if the kind ends in -after, as in
// Japanese.
//
//go:embed cues.txt
var cuesFile string

// vetoes match words that give a date after a cue another meaning: the date of a law,
// of an older text, or of the end of something.
const vetoes = `until|till|before|prior|previous|former|old|older|original|originally|archived?|act|acts|law|laws|regulations?|directive|statute|gdpr|ccpa|cpra|decision|` +
	`founded|since \d+|expires?|expired|copyright|©|name|registered|incorporated|judgment|lists?|created|accounts?|updates|clauses?|` +
	`bis|vorherige|frühere|gesetz|verordnung|richtlinie|dsgvo|précédente|loi|règlement|ancienne|anterior|ley|reglamento|lei|legge|regolamento|precedente|wet|verordening|以前`

// A cue has the words of one language for one kind of date.
type cue struct {
	lang  string
	kind  Kind
	after bool // they are after the date
	words *regexp.Regexp
	latin bool // written in Latin letters
}

// allCues and vetoWords return the compiled words; cues before a date come first.
// They are compiled on first use, as in package lazyregexp.
var (
	allCues = sync.OnceValue(func() (before []cue) {
		var after []cue
		for line := range strings.Lines(cuesFile) {
			f := strings.SplitN(strings.TrimSuffix(line, "\n"), " ", 3)
			if kind, behind := strings.CutSuffix(f[1], "-after"); behind {
				after = append(after, cue{f[0], Kind(kind), true, longest(f[2]), latin(f[2])})
			} else {
				before = append(before, cue{f[0], Kind(kind), false, longest(f[2]), latin(f[2])})
			}
		}
		return append(before, after...)
	})
	vetoWords = sync.OnceValue(func() *regexp.Regexp { return longest(vetoes) })
)

func latin(s string) bool {
	return strings.ContainsFunc(s, func(r rune) bool { return unicode.Is(unicode.Latin, r) })
}

// cuesIn returns the cues in a lower-case text, as whole words or not. It tries only
// those that are possible with the letters of the text.
func cuesIn(s string) (out []cue) {
	some := latin(s)
	other := strings.ContainsFunc(s, func(r rune) bool { return unicode.IsLetter(r) && !unicode.Is(unicode.Latin, r) })
	for _, c := range allCues() {
		if (c.latin && some || !c.latin && other) && c.words.MatchString(s) {
			out = append(out, c)
		}
	}
	return out
}

// longest compiles words to an expression that finds the longest match: only that can
// be a whole word.
func longest(words string) *regexp.Regexp {
	re := regexp.MustCompile(`(?:` + words + `)`)
	re.Longest()
	return re
}

// wholeWord reports whether s[from:to] is not a part of a longer word. In scripts
// without spaces, and in Korean, everything counts as a whole word.
func wholeWord(s string, from, to int) bool {
	before, _ := utf8.DecodeLastRuneInString(s[:from])
	first, _ := utf8.DecodeRuneInString(s[from:])
	last, _ := utf8.DecodeLastRuneInString(s[:to])
	after, _ := utf8.DecodeRuneInString(s[to:])
	return !(joins(before) && joins(first)) && !(joins(last) && joins(after))
}

// joins reports whether letters of this script next to each other form one word.
func joins(r rune) bool {
	return (unicode.IsLetter(r) || unicode.IsMark(r)) &&
		!unicode.In(r, unicode.Han, unicode.Hiragana, unicode.Katakana, unicode.Hangul, unicode.Thai)
}

// vetoed reports whether a lower-case text has one of the vetoes as a whole word.
func vetoed(s string) bool {
	for _, m := range vetoWords().FindAllStringIndex(s, -1) {
		if wholeWord(s, m[0], m[1]) {
			return true
		}
	}
	return false
}

// lastCue returns the cue before a date that is nearest to the end of a lower-case
// text, the longer one if two end at the same offset. Without a cue, to is -1.
func lastCue(cues []cue, s string) (best cue, from, to int) {
	to = -1
	for _, c := range cues {
		if c.after {
			break
		}
		for _, m := range c.words.FindAllStringIndex(s, -1) {
			if (m[1] > to || m[1] == to && m[0] < from) && wholeWord(s, m[0], m[1]) {
				best, from, to = c, m[0], m[1]
			}
		}
	}
	return best, from, to
}

// nextCue returns the cue right after a date, within a few letters of the start of s.
func nextCue(cues []cue, s string) (cue, bool) {
	for _, c := range cues {
		if !c.after {
			continue
		}
		m := c.words.FindStringIndex(s)
		if m == nil || strings.ContainsAny(s[:m[0]], ".。!?\n") {
			continue
		}
		if utf8.RuneCountInString(strings.TrimSpace(s[:m[0]])) <= 3 {
			return c, true
		}
	}
	return cue{}, false
}
