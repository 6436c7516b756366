package redline

import (
	"slices"

	"github.com/privgen/privgen/internal/markdown"
	"znkr.io/diff"
)

// This file compares the words of two passages.

// keys appends a number for each word that is equal for equal words. The space
// before a word is part of it, so that every change of it is marked; before the
// first word there is none to see.
func keys(dst []uint64, ws []markdown.Word, code bool) []uint64 {
	dst = slices.Grow(dst, len(ws))
	for i := range ws {
		key := ws[i].Sum
		switch {
		case code:
			for _, b := range []byte(ws[i].Gap) {
				key = key*31 + uint64(b)
			}
		case i == 0 || ws[i].Gap != "":
			key = key*31 + 1
		}
		dst = append(dst, key)
	}
	return dst
}

// runs compares the words of two passages. It gives nothing when they are the
// same, in the same markup.
func (c *comparison) runs(o, n node) []run {
	var rs []run
	on, nn := o.Number, n.Number
	code := n.Kind == markdown.Code
	ok, nk := keys(nil, o.Words, code), keys(nil, n.Words, code)
	if on+nn > 0 {
		if m := max(on, nn); min(on, nn) == 0 && m <= min(len(ok), len(nk)) && slices.Equal(ok[:m], nk[:m]) || slices.Equal(ok[:on], nk[:nn]) {
			on, nn = 0, 0 // the same, if only since a paragraph became the heading that it was
		} else {
			rs = append(rs, run{numbered, 0, on, 0, nn})
			if on < len(ok) && nn < len(nk) && on > 0 != (nn > 0) { // the first word, with or without a number before it
				ok[on], nk[nn] = first(o.Words[on]), first(n.Words[nn])
			}
		}
	}
	var words []run
	if c.far(o, n) {
		words = []run{{replaced, on, len(ok), nn, len(nk)}}
	} else {
		words = edits(ok[on:], nk[nn:], on, nn)
		if !code {
			respace(words, o.Words, n.Words)
		}
	}
	words = shape(words, o.Words, n.Words)
	changed := len(rs) > 0
	for _, r := range words {
		if r.op != equal {
			changed = true
			rs = append(rs, r)
			continue
		}
		rs = markups(rs, r, o, n)
	}
	if !changed && len(rs) == 1 && rs[0].op == equal || len(rs) == 0 {
		return nil
	}
	return rs
}

func first(w markdown.Word) uint64 { return w.Sum*31 + 1 }

// far reports whether two passages have so little in common that marking words
// in them would be a soup.
func (c *comparison) far(o, n node) bool {
	if o.Count == 0 || n.Count == 0 || o.Count+n.Count < 12 {
		return false
	}
	return c.likeness(o, n) < 0.2
}

// edits gives the minimal runs, equal and replaced in turn.
func edits(ok, nk []uint64, o, n int) []run {
	var out []run
	add := func(op op, do, dn int) {
		if do+dn == 0 {
			return
		}
		if len(out) == 0 || out[len(out)-1].op != op {
			out = append(out, run{op, o, o, n, n})
		}
		o, n = o+do, n+dn
		last := &out[len(out)-1]
		last.o1, last.n1 = o, n
	}
	head := 0
	for head < len(ok) && head < len(nk) && ok[head] == nk[head] {
		head++
	}
	tail := 0
	for tail < len(ok)-head && tail < len(nk)-head && ok[len(ok)-1-tail] == nk[len(nk)-1-tail] {
		tail++
	}
	add(equal, head, head)
	om, nm := ok[head:len(ok)-tail], nk[head:len(nk)-tail]
	if len(om) == 0 || len(nm) == 0 {
		add(replaced, len(om), len(nm))
	} else {
		for _, e := range diff.Edits(om, nm) {
			switch e.Op {
			case diff.Match:
				add(equal, 1, 1)
			case diff.Delete:
				add(replaced, 1, 0)
			case diff.Insert:
				add(replaced, 0, 1)
			}
		}
	}
	add(equal, tail, tail)
	return out
}

// respace finds the words of which only the space before them changed, and takes
// them for equal: markups tells them from the others. Those that begin a
// passage have no space to see.
func respace(rs []run, olds, news []markdown.Word) {
	for i := range rs {
		r := &rs[i]
		if r.op != replaced || r.o1-r.o0 != r.n1-r.n0 || begun(olds, r.o0) || begun(news, r.n0) {
			continue
		}
		same := true
		for k := range r.o1 - r.o0 {
			v, w := &olds[r.o0+k], &news[r.n0+k]
			same = same && v.Sum == w.Sum && v.Sum != seam.Sum
		}
		if same {
			r.op = equal
		}
	}
}

// begun reports whether a passage begins with a word.
func begun(ws []markdown.Word, i int) bool { return i == 0 || ws[i-1].Sum == seam.Sum }

// markups divides a run of equal words by what changed in their markup.
func markups(rs []run, r run, o, n node) []run {
	start := len(rs)
	for i := range r.o1 - r.o0 {
		v, w := &o.Words[r.o0+i], &n.Words[r.n0+i]
		what := markupChange(o, n, v, w)
		if len(rs) > start {
			last := &rs[len(rs)-1]
			if last.op == what && what != respaced && (what == equal || o.Words[last.o1-1].Markup == v.Markup && n.Words[last.n1-1].Markup == w.Markup) {
				last.o1, last.n1 = last.o1+1, last.n1+1
				continue
			}
		}
		rs = append(rs, run{what, r.o0 + i, r.o0 + i + 1, r.n0 + i, r.n0 + i + 1})
	}
	return rs
}

func markupChange(o, n node, v, w *markdown.Word) op {
	if (v.Gap == "") != (w.Gap == "") && v != &o.Words[0] && w != &n.Words[0] && n.Kind != markdown.Code {
		return respaced
	}
	if v.Markup == w.Markup && o.of.Same(o.Passage, n.of, n.Passage) {
		return equal
	}
	if v.Kind == markdown.Note {
		return equal
	}
	if names(v.Markup) != names(w.Markup) {
		return restyled
	}
	a, b := target(v), target(w)
	aLeads, bLeads := a != nil && o.of.Leads(a), b != nil && n.of.Leads(b)
	if aLeads != bLeads || aLeads && a.Dest != b.Dest {
		return relinked
	}
	return equal
}

// target gives the tag that says where a word leads, or what an image is.
func target(w *markdown.Word) *markdown.Tag {
	if w.Kind == markdown.Image {
		return &w.Markup.Tags[len(w.Markup.Tags)-1]
	}
	return w.Markup.Link()
}
