package redline

import (
	"slices"

	"github.com/privgen/privgen/internal/markdown"
	"znkr.io/diff"
)

// This file compares the words of two passages.

// keys appends a number for each word that is equal for equal words. Whether a space is before a
// word is part of it, so that every change of it is found;
// at the beginning of a passage or a line there is none to see.
func keys(dst []uint64, ws []markdown.Word) []uint64 {
	dst = slices.Grow(dst, len(ws))
	for i := range ws {
		key := ws[i].Sum
		if ws[i].Gap != "" || begun(ws, i) {
			key = key*31 + 1
		}
		dst = append(dst, key)
	}
	return dst
}

// runs compares the words of two passages. It returns nothing when they are the
// same, in the same markup.
func (c *comparison) runs(o, n Node) []Run {
	var rs []Run
	on, nn := o.Number, n.Number
	ok, nk := keys(nil, o.Words), keys(nil, n.Words)
	if on+nn > 0 {
		m := max(on, nn)
		became := min(on, nn) == 0 && m <= min(len(ok), len(nk)) && slices.Equal(ok[:m], nk[:m])
		if became || slices.Equal(ok[:on], nk[:nn]) {
			on, nn = 0, 0 // the same, if only since a paragraph became the heading that it was
		} else {
			rs = append(rs, Run{OpNumber, 0, on, 0, nn})
		}
	}
	var words []Run
	if c.far(o, n) {
		words = []Run{{OpReplace, on, len(ok), nn, len(nk)}}
	} else {
		words = diffKeys(ok[on:], nk[nn:], on, nn)
		respace(words, o.Words, n.Words)
	}
	words = shape(words, o.Words, n.Words)
	changed := len(rs) > 0
	for _, r := range words {
		if r.Op != OpEqual {
			changed = true
			rs = append(rs, r)
			continue
		}
		rs = markups(rs, r, o, n)
	}
	if !changed && len(rs) == 1 && rs[0].Op == OpEqual || len(rs) == 0 {
		return nil
	}
	return rs
}

// far reports whether two passages have so little in common that marking words
// in them would be a scattered.
func (c *comparison) far(o, n Node) bool {
	if o.Count == 0 || n.Count == 0 || o.Count+n.Count < 12 {
		return false
	}
	return c.likeness(o, n) < 0.2 && !c.contained(o, n, true)
}

// diffKeys returns the runs of a difference of two rows of keys, equal and
// replaced in turn. The rows begin at the offsets o and n.
func diffKeys(ok, nk []uint64, o, n int, how ...diff.Option) []Run {
	var out []Run
	add := func(op Op, do, dn int) {
		if do+dn == 0 {
			return
		}
		if len(out) == 0 || out[len(out)-1].Op != op {
			out = append(out, Run{op, o, o, n, n})
		}
		o, n = o+do, n+dn
		last := &out[len(out)-1]
		last.O1, last.N1 = o, n
	}
	head := 0
	for head < len(ok) && head < len(nk) && ok[head] == nk[head] {
		head++
	}
	tail := 0
	for tail < len(ok)-head && tail < len(nk)-head && ok[len(ok)-1-tail] == nk[len(nk)-1-tail] {
		tail++
	}
	add(OpEqual, head, head)
	om, nm := ok[head:len(ok)-tail], nk[head:len(nk)-tail]
	if len(om) == 0 || len(nm) == 0 {
		add(OpReplace, len(om), len(nm))
	} else {
		last := 0
		for _, r := range hunks(om, nm, how...) {
			add(OpEqual, r.O0-last, r.O0-last)
			add(OpReplace, r.O1-r.O0, r.N1-r.N0)
			last = r.O1
		}
		add(OpEqual, len(om)-last, len(om)-last)
	}
	add(OpEqual, tail, tail)
	return out
}

// hunks returns what differs between two rows of keys.
func hunks(ok, nk []uint64, how ...diff.Option) []Run {
	var of digest
	long := len(ok)+len(nk) > longKnown && len(how) == 0
	if long {
		of.addAll(ok)
		of.addAll(nk)
		if out, ok := knownDiffs.get(of); ok {
			return out
		}
	}
	var out []Run
	for _, h := range diff.Hunks(ok, nk, append(how, diff.Context(0))...) {
		out = append(out, Run{OpReplace, h.PosX, h.EndX, h.PosY, h.EndY})
	}
	if long {
		knownDiffs.put(of, out)
	}
	return out
}

// longKnown is from how many keys on a difference is remembered.
const longKnown = 60

// respace finds the words of which only the space before them changed, and takes
// them for equal: markups tells them from the others. Those that begin a
// passage have no space to see.
func respace(rs []Run, olds, news []markdown.Word) {
	for i := range rs {
		r := &rs[i]
		if r.Op != OpReplace || r.O1-r.O0 != r.N1-r.N0 || begun(olds, r.O0) || begun(news, r.N0) {
			continue
		}
		same := true
		for k := range r.O1 - r.O0 {
			v, w := &olds[r.O0+k], &news[r.N0+k]
			same = same && v.Sum == w.Sum && v.Sum != boundary.Sum
		}
		if same {
			r.Op = OpEqual
		}
	}
}

// begun reports whether a passage or a line begins with a word.
func begun(ws []markdown.Word, i int) bool {
	return i == 0 || ws[i-1].Sum == boundary.Sum || ws[i-1].Kind == markdown.Break
}

// markups divides a run of equal words by what changed in their markup.
func markups(rs []Run, r Run, o, n Node) []Run {
	start := len(rs)
	for i := range r.O1 - r.O0 {
		v, w := &o.Words[r.O0+i], &n.Words[r.N0+i]
		what := markupChange(o, n, r.O0+i, r.N0+i)
		if len(rs) > start {
			last := &rs[len(rs)-1]
			alike := what == OpEqual || o.Words[last.O1-1].Markup == v.Markup && n.Words[last.N1-1].Markup == w.Markup
			if last.Op == what && what != OpSpace && alike {
				last.O1, last.N1 = last.O1+1, last.N1+1
				continue
			}
		}
		rs = append(rs, Run{what, r.O0 + i, r.O0 + i + 1, r.N0 + i, r.N0 + i + 1})
	}
	return rs
}

// markupChange returns what changed about a word that is in both passages.
func markupChange(o, n Node, i, j int) Op {
	v, w := &o.Words[i], &n.Words[j]
	if o.Kind == markdown.Code && n.Kind == markdown.Code {
		if v.Gap != w.Gap {
			return OpSpace
		}
	} else if (v.Gap == "") != (w.Gap == "") && !begun(o.Words, i) && !begun(n.Words, j) {
		return OpSpace
	}
	if v.Markup == w.Markup && o.Of.Same(o.Passage, n.Of, n.Passage) {
		return OpEqual
	}
	if v.Kind == markdown.Note {
		return OpEqual
	}
	if repicturedWord(v, w) {
		return OpImage
	}
	a, b := o.Target(i), n.Target(j)
	aLeads, bLeads := a != nil && o.Of.Leads(a), b != nil && n.Of.Leads(b)
	if aLeads != bLeads || aLeads && a.Dest != b.Dest {
		return OpLink
	}
	if o.Markup(i) != n.Markup(j) {
		return OpMarkup
	}
	return OpEqual
}

// repicturedWord reports whether two words are images with other files. One that is
// shown as words that lead to it has another link.
func repicturedWord(v, w *markdown.Word) bool {
	p, q := picture(v), picture(w)
	return p != nil && q != nil && p.Dest != q.Dest && (p.IsPicture() || v.Markup.Link() != nil)
}
