package redline

import (
	"slices"

	"github.com/privgen/privgen/internal/markdown"
	"znkr.io/diff"
)

// This file compares the words of two leaves.

// keys appends a key for each word. Words with equal keys are equal. The key depends on
// whether there is a space before the word, except at the beginning of a passage or a
// line, where it is invisible.
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

// runs returns the edit script of two leaves. It returns nil if their words and the markup
// of these are equal.
func (c *comparison) runs(o, n Node) []Run {
	var rs []Run
	on, nn := o.Number, n.Number
	ok, nk := keys(nil, o.Words), keys(nil, n.Words)
	if on+nn > 0 {
		m := max(on, nn)
		became := min(on, nn) == 0 && m <= min(len(ok), len(nk)) && slices.Equal(ok[:m], nk[:m])
		if became || slices.Equal(ok[:on], nk[:nn]) {
			on, nn = 0, 0 // the numbers are equal, or a paragraph that begins with one became a heading
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

// far reports whether two leaves share so few words that one replacement of all words is
// easier to read than marks on single words.
func (c *comparison) far(o, n Node) bool {
	if o.Count == 0 || n.Count == 0 || o.Count+n.Count < 12 {
		return false
	}
	return c.likeness(o, n) < 0.2 && !c.contained(o, n, true)
}

// diffKeys returns the edit script of two sequences of keys: equal and replaced runs in
// turn. o and n are added to all offsets. It skips the common head and tail, and compares
// the rest with Myers' algorithm, in bounded time.
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

// hunks returns the replaced runs of a diff of two sequences of keys. Without options, it
// caches the diffs of long sequences.
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

// longKnown is the number of keys above which hunks caches a diff.
const longKnown = 60

// respace makes replaced runs equal if only the space before a word changed. markups then
// finds these words again, for OpSpace. It leaves runs that begin a passage or a line in
// one of the texts, since no space is visible there.
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

// begun reports whether the word i is the first of a passage or a line.
func begun(ws []markdown.Word, i int) bool {
	return i == 0 || ws[i-1].Sum == boundary.Sum || ws[i-1].Kind == markdown.Break
}

// markups appends a run of equal words, divided where the change of markup differs.
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

// markupChange returns what changed in a word that both leaves have: the space before it,
// its image, its link, its markup, or nothing (OpEqual).
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

// repicturedWord reports whether two words are images with different files. It excludes an
// image that is shown as a link to its file: for that, the link changed.
func repicturedWord(v, w *markdown.Word) bool {
	p, q := picture(v), picture(w)
	return p != nil && q != nil && p.Dest != q.Dest && (p.IsPicture() || v.Markup.Link() != nil)
}
