package redline

import (
	"strings"

	"github.com/privgen/privgen/internal/lang"
	"github.com/privgen/privgen/internal/markdown"
)

// This file changes an edit script of words so that it is easier to read: it marks changes
// as a person would. README.md explains the thresholds.

// shape returns a more readable edit script with the same old and new words. It shifts
// changes, replaces scattered changes of a sentence as a whole, joins changes with few
// words between them, and removes equal words from the ends of changes.
func shape(rs []Run, olds, news []markdown.Word) []Run {
	if len(rs) < 2 {
		return trim(rs, olds, news)
	}
	rs = slide(rs, olds, news)
	// Sentences come first: the equal words that joinRuns marks must not count as
	// changed in their sentence.
	return trim(joinRuns(replaceSentences(rs, olds, news), olds, news), olds, news)
}

// A size is an amount of words, counted in halves: a character of a script without spaces
// is half a word. Other words and marks of punctuation are whole ones. A boundary between
// two passages does not count.
type size int

func sizeOf(ws []markdown.Word) size {
	n := size(0)
	for i := range ws {
		switch {
		case ws[i].Sum == boundary.Sum:
		case ws[i].Kind == markdown.Plain && lang.SpacelessWord(ws[i].Text):
			n++
		default:
			n += 2
		}
	}
	return n
}

// sides has the sizes of the old and the new words of changes.
type sides struct{ old, new size }

func (s *sides) add(r Run, olds, news []markdown.Word) {
	s.old += sizeOf(olds[r.O0:r.O1])
	s.new += sizeOf(news[r.N0:r.N1])
}

// lopsided reports whether one side has almost no changed words. Then the other
// side is an addition or a removal, and must not be shown as a replacement.
func (s *sides) lopsided() bool { return lopsidedness*min(s.old, s.new) < max(s.old, s.new) }

const lopsidedness = 5

// phraseWords is the number of words in a row from which readers recognize a phrase.
const phraseWords = 3

// joinRuns joins changes with few words between them.
func joinRuns(rs []Run, olds, news []markdown.Word) []Run {
	out := rs[:0:0]
	for i, r := range rs {
		if r.Op == OpEqual && len(out) > 0 && i+1 < len(rs) && unimportant(out[len(out)-1], r, rs[i+1], olds, news) {
			r.Op = OpReplace
		}
		out = appendRuns(out, r)
	}
	return out
}

// unimportant reports whether the words between two changes are so few that
// they read better as part of one.
func unimportant(before, r, after Run, olds, news []markdown.Word) bool {
	kept, letters, words := size(0), 0, 0
	for i := range news[r.N0:r.N1] {
		w := &news[r.N0+i]
		switch w.Kind {
		case markdown.Mark:
			if ends(w.Text) {
				return false
			}
		case markdown.Plain:
			words++
			kept += sizeOf(news[r.N0+i : r.N0+i+1])
			letters += len(w.Text)
		default:
			return false
		}
	}
	var own sides
	own.add(before, olds, news)
	own.add(after, olds, news)
	if own.old == 0 || own.new == 0 {
		return false
	}
	around := own.old + own.new
	switch {
	case words == 0:
		return true
	case own.lopsided() || item(news[r.N0:r.N1]):
		return false
	case kept <= 2:
		return letters <= 5 && around > 4 || around > 8
	}
	return kept <= 4 && around > 10 || kept <= 6 && around > 14 || kept <= 8 && around > 20 || kept <= 10 && around > 30
}

// item reports whether words are an item of an enumeration, with a separator on
// both sides.
func item(ws []markdown.Word) bool {
	return len(ws) > 2 && separates(&ws[0]) && separates(&ws[len(ws)-1])
}

// separates reports whether a mark of punctuation separates items.
func separates(w *markdown.Word) bool {
	return w.Kind == markdown.Mark && strings.ContainsAny(w.Text, ",;、，；،؛·•|")
}

// ends reports whether a mark of punctuation ends a sentence.
func ends(s string) bool { return strings.ContainsAny(s, ".!?。！？¶") }

// replaceSentences makes the changes of a sentence one replacement if they are scattered.
func replaceSentences(rs []Run, olds, news []markdown.Word) []Run {
	out := rs[:0:0]
	for from := 0; from < len(rs); {
		to := from + 1
		for to < len(rs) && !(rs[to].Op == OpEqual && hasEnd(news[rs[to].N0:rs[to].N1])) {
			to++
		}
		// rs[from:to] may begin with an equal run that has a sentence's end. It ends
		// before the next such run.
		first, last := from, to-1
		for first < to && rs[first].Op == OpEqual {
			first++
		}
		for last > first && rs[last].Op == OpEqual {
			last--
		}
		if last-first >= 2 && scattered(rs[first:last+1], olds, news) {
			out = append(out, rs[from:first]...)
			out = append(out, Run{OpReplace, rs[first].O0, rs[last].O1, rs[first].N0, rs[last].N1})
			out = append(out, rs[last+1:to]...)
		} else {
			out = append(out, rs[from:to]...)
		}
		from = to
	}
	return out
}

// hasEnd reports whether a sentence ends in some words. Chinese and Japanese commas and
// semicolons end one, too, because sentences in these languages are long.
func hasEnd(ws []markdown.Word) bool {
	for i := range ws {
		if ws[i].Kind == markdown.Mark && (ends(ws[i].Text) || strings.ContainsAny(ws[i].Text, "、，；")) {
			return true
		}
	}
	return false
}

// scattered reports whether about half of the words of some runs changed: more than 4 of
// 9, or more than half if each change replaces one word by one, or more than two thirds if
// a phrase is unchanged. Additions, removals, and enumerations are never scattered.
func scattered(rs []Run, olds, news []markdown.Word) bool {
	changed, kept, most := size(0), size(0), size(0)
	var own sides
	items, phrase := 0, false
	for _, r := range rs {
		if r.Op == OpEqual {
			phrase = phrase || countWords(news[r.N0:r.N1]) >= phraseWords
			if kept += sizeOf(olds[r.O0:r.O1]) + sizeOf(news[r.N0:r.N1]); item(news[r.N0:r.N1]) {
				items++
			}
			continue
		}
		n := sizeOf(olds[r.O0:r.O1]) + sizeOf(news[r.N0:r.N1])
		changed += n
		most = max(most, n)
		own.add(r, olds, news)
	}
	if own.lopsided() || items > 0 {
		return false
	}
	if phrase {
		return changed > 2*kept
	}
	return changed > kept || most > 4 && 5*changed > 4*kept
}

// trim removes the equal words at both ends of each replacement.
func trim(rs []Run, olds, news []markdown.Word) []Run {
	out := rs[:0:0]
	for _, r := range rs {
		if r.Op != OpReplace {
			out = appendRuns(out, r)
			continue
		}
		head, tail := 0, 0
		least := min(r.O1-r.O0, r.N1-r.N0)
		for head < least && sameWord(&olds[r.O0+head], &news[r.N0+head]) {
			head++
		}
		for tail < least-head && sameWord(&olds[r.O1-1-tail], &news[r.N1-1-tail]) {
			tail++
		}
		out = appendRuns(out,
			Run{OpEqual, r.O0, r.O0 + head, r.N0, r.N0 + head},
			Run{OpReplace, r.O0 + head, r.O1 - tail, r.N0 + head, r.N1 - tail},
			Run{OpEqual, r.O1 - tail, r.O1, r.N1 - tail, r.N1})
	}
	return out
}

// sameWord reports whether two words are equal apart from the space before them.
func sameWord(v, w *markdown.Word) bool { return v.Sum == w.Sum && v.Sum != boundary.Sum }

// slide shifts insertions and deletions. If words repeat, an edit script can mark the same
// change at several places: "a, b[, c], d" or "a, b, [c, ]d". The first choice is a place
// directly beside another change, which becomes one with it. The second is the place with
// the best value of begins.
func slide(rs []Run, olds, news []markdown.Word) []Run {
	for i := 1; i+1 < len(rs); i++ {
		before, r, after := &rs[i-1], &rs[i], &rs[i+1]
		if r.Op != OpReplace || before.Op != OpEqual || after.Op != OpEqual || before.O0 == before.O1 {
			continue
		}
		ws, from, to := news, r.N0, r.N1
		if r.N0 == r.N1 {
			ws, from, to = olds, r.O0, r.O1
		} else if r.O0 != r.O1 {
			continue
		}
		left, right := 0, 0
		for left < min(before.O1-before.O0, slideMost) && alike(&ws[from-left-1], &ws[to-left-1]) {
			left++
		}
		for right < min(after.O1-after.O0, slideMost) && alike(&ws[from+right], &ws[to+right]) {
			right++
		}
		shift := 0
		switch {
		case left == before.O1-before.O0 && i > 1:
			shift = -left
		case right == after.O1-after.O0 && i+2 < len(rs):
			shift = right
		default:
			best := begins(ws, from, to)
			for d := -1; d >= -left && (i > 1 || -d < before.O1-before.O0); d-- {
				if b := begins(ws, from+d, to+d); b > best {
					best, shift = b, d
				}
			}
			for d := 1; d <= right && (i+2 < len(rs) || d < after.O1-after.O0); d++ {
				if b := begins(ws, from+d, to+d); b > best {
					best, shift = b, d
				}
			}
		}
		before.O1, before.N1 = before.O1+shift, before.N1+shift
		r.O0, r.O1, r.N0, r.N1 = r.O0+shift, r.O1+shift, r.N0+shift, r.N1+shift
		after.O0, after.N0 = after.O0+shift, after.N0+shift
	}
	return appendRuns(rs[:0], rs...)
}

// slideMost is the largest number of words by which slide shifts a change.
const slideMost = 40

// alike reports whether two words are equal, including the space before them.
func alike(v, w *markdown.Word) bool { return v.Sum == w.Sum && v.Gap == w.Gap }

// begins returns how well the words [from,to) read as a unit: larger is better.
func begins(ws []markdown.Word, from, to int) int {
	n := 0
	if from == 0 || ws[from-1].Kind == markdown.Mark && ends(ws[from-1].Text) {
		n += 4
	}
	if ws[to-1].Kind == markdown.Mark && ends(ws[to-1].Text) {
		n += 2
	}
	if ws[from].Gap != "" {
		n++
	}
	if from > 0 && strings.ContainsAny(ws[from-1].Text, ";；") { // an item of an enumeration
		n += 3
	}
	if ws[from].Kind == markdown.Mark && to < len(ws) && ws[to].Kind == markdown.Mark {
		n++ // ", c" before ","
	}
	return n
}
