package redline

import (
	"strings"

	"github.com/privgen/privgen/internal/markdown"
)

// This file shapes changes of words as a person would have marked them. What
// the thresholds are, and what they were chosen by, is in README.md.

// shape merges runs of changed words.
func shape(rs []run, olds, news []markdown.Word) []run {
	if len(rs) < 2 {
		return rs
	}
	slide(rs, olds, news)
	// Sentences first: words that islands take along did not change, and must not
	// count as if they had.
	return islands(sentences(rs, news), news)
}

// islands merges changes with few words between them.
func islands(rs []run, news []markdown.Word) []run {
	out := rs[:0:0]
	for i, r := range rs {
		if n := len(out); n > 0 && out[n-1].op == replaced && r.op == replaced {
			out[n-1].o1, out[n-1].n1 = r.o1, r.n1
			continue
		}
		if r.op == equal && len(out) > 0 && i+1 < len(rs) && unimportant(out[len(out)-1], r, rs[i+1], news) {
			last := &out[len(out)-1]
			last.o1, last.n1 = r.o1, r.n1
			continue
		}
		out = append(out, r)
	}
	return out
}

// unimportant reports whether the words between two changes are so few that
// they read better as part of one.
func unimportant(before, r, after run, news []markdown.Word) bool {
	n, letters := 0, 0
	for _, w := range news[r.n0:r.n1] {
		switch w.Kind {
		case markdown.Mark:
			if ends(w.Text) {
				return false
			}
		case markdown.Plain:
			n++
			letters += len(w.Text)
		default:
			return false
		}
	}
	switch {
	case n == 0:
		return size(before)+size(after) > 2
	case n == 1:
		return letters <= 5 && size(before)+size(after) > 2 || size(before)+size(after) > 4
	}
	around := size(before) + size(after)
	return n <= 2 && around > 5 || n <= 3 && around > 7 || n <= 4 && around > 10 || n <= 5 && around > 15
}

func size(r run) int { return r.o1 - r.o0 + r.n1 - r.n0 }

// ends reports whether a mark of punctuation ends a sentence.
func ends(s string) bool { return strings.ContainsAny(s, ".!?。！？¶") }

// sentences replaces what changed for more than half as a whole.
func sentences(rs []run, news []markdown.Word) []run {
	out := rs[:0:0]
	for from := 0; from < len(rs); {
		to := from + 1
		for to < len(rs) && !(rs[to].op == equal && hasEnd(news[rs[to].n0:rs[to].n1])) {
			to++
		}
		// rs[from:to] begins with an equal run that may hold a sentence's end, and
		// ends before the next one that does.
		first, last := from, to-1
		for first < to && rs[first].op == equal {
			first++
		}
		for last > first && rs[last].op == equal {
			last--
		}
		if last-first >= 2 && soup(rs[first:last+1]) {
			out = append(out, rs[from:first]...)
			out = append(out, run{replaced, rs[first].o0, rs[last].o1, rs[first].n0, rs[last].n1})
			out = append(out, rs[last+1:to]...)
		} else {
			out = append(out, rs[from:to]...)
		}
		from = to
	}
	return out
}

func hasEnd(ws []markdown.Word) bool {
	for i := range ws {
		if ws[i].Kind == markdown.Mark && ends(ws[i].Text) {
			return true
		}
	}
	return false
}

// soup reports whether about half of some runs is changed, or more than half
// where each change is a word for another.
func soup(rs []run) bool {
	changed, kept, most := 0, 0, 0
	for _, r := range rs {
		if r.op == equal {
			kept += size(r)
		} else {
			changed += size(r)
			most = max(most, size(r))
		}
	}
	return changed > kept || most > 2 && 5*changed > 4*kept
}

// slide moves what was only added or only removed to where a reader would see
// it begin: words repeat, and then a change can be marked in several places.
// Of "a, b[, c], d" and "a, [b, ]c" the one is chosen that begins with a space
// or after the end of a sentence.
func slide(rs []run, olds, news []markdown.Word) {
	for i := 1; i+1 < len(rs); i++ {
		r := &rs[i]
		if r.op != replaced || rs[i-1].op != equal || rs[i+1].op != equal {
			continue
		}
		ws, from, to := news, r.n0, r.n1
		if r.n0 == r.n1 {
			ws, from, to = olds, r.o0, r.o1
		} else if r.o0 != r.o1 {
			continue
		}
		best, shift := begins(ws, from, to), 0
		for d := -1; rs[i-1].o1-rs[i-1].o0+d > 0 && d > -40 && from+d > 0 && alike(&ws[from+d], &ws[to+d]); d-- {
			if b := begins(ws, from+d, to+d); b > best {
				best, shift = b, d
			}
		}
		for d := 1; rs[i+1].o1-rs[i+1].o0-d > 0 && d < 40 && to+d < len(ws) && alike(&ws[from+d-1], &ws[to+d-1]); d++ {
			if b := begins(ws, from+d, to+d); b > best {
				best, shift = b, d
			}
		}
		rs[i-1].o1, rs[i-1].n1 = rs[i-1].o1+shift, rs[i-1].n1+shift
		r.o0, r.o1, r.n0, r.n1 = r.o0+shift, r.o1+shift, r.n0+shift, r.n1+shift
		rs[i+1].o0, rs[i+1].n0 = rs[i+1].o0+shift, rs[i+1].n0+shift
	}
}

func alike(v, w *markdown.Word) bool { return v.Sum == w.Sum && v.Gap == w.Gap }

// begins says how well a stretch of words stands for itself.
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
	if ws[from].Kind == markdown.Mark && to < len(ws) && ws[to].Kind == markdown.Mark {
		n++ // ", c" before ","
	}
	return n
}
