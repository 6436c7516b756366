package markdown

import (
	"slices"
	"strings"
	"unicode"

	"golang.org/x/text/unicode/norm"

	"github.com/privgen/privgen/internal/numbering"
)

// This file computes hashes of passages, to find equal passages fast. Passages
// with equal hashes are then compared, so the hash need not be cryptographic.

const (
	sumStart = 14695981039346656037
	sumPrime = 1099511628211
)

func sumText(h uint64, s string) uint64 {
	for i := range len(s) {
		h = (h ^ uint64(s[i])) * sumPrime
	}
	return (h ^ 0xff) * sumPrime
}

func sumNumber(h, n uint64) uint64 {
	h = (h ^ n) * sumPrime
	return h ^ h>>29
}

// canonical returns a text in Normalization Form C: texts that Unicode calls
// canonically equivalent are the same to a reader.
func canonical(s string) string {
	for i := range len(s) {
		if s[i] >= 0xcc { // characters below U+0300 are in that form
			return norm.NFC.String(s)
		}
	}
	return s
}

// finish drops a pending space at the end, counts the words, and computes the sums.
func (p *Passage) finish(counts string) {
	if n := len(p.Words); n > 0 && p.Words[n-1].Kind == pending {
		p.Words = p.Words[:n-1]
	}
	p.Tail = strings.TrimSpace(p.Tail)
	if p.Tail != "" {
		p.Tail = " " + p.Tail
	}
	if p.Kind == Heading {
		nth := p.head
		if nth < -1 { // in a text that is read as a whole
			nth, p.head = -2-nth, -1
		}
		if nth >= 0 && nth < len(counts) && counts[nth] == '1' {
			p.Number = numberOf(p.Words)
		}
	}
	p.sumWords()
	for _, k := range p.Kids {
		k.finish(counts)
		p.Count += k.Count
		p.refs = p.refs || k.refs
		p.Sum = sumNumber(p.Sum, k.Sum)
		p.Read = sumNumber(p.Read, k.Read)
	}
}

// sumWords counts the words of a passage and computes their sums.
func (p *Passage) sumWords() {
	sum := sumText(sumNumber(sumStart, uint64(p.Kind)), p.Tag)
	sum = sumText(sum, p.Attr)
	read := sumNumber(sumStart, uint64(max(p.Kind, Paragraph))) // Text and Paragraph are the same here
	var last *Markup                                            // of the words before
	marked := uint64(0)                                         // last's sum, cached: URLs are long
	for i := range p.Words {
		w := &p.Words[i]
		if p.Kind != Code && i == 0 {
			w.Gap = ""
		}
		if l := w.Markup.Link(); l != nil && strings.Contains(l.Attr, "doc-noteref") {
			w.Kind = Note // the page writes its number
		}
		w.Sum = sumWord(w)
		if w.Kind == Note {
			w.Sum = sumNumber(sumStart, uint64(w.Kind))
		} else if w.Kind == Image && w.Markup.Tags[len(w.Markup.Tags)-1].IsPicture() {
			w.Sum = sumNumber(w.Sum, 1) // other images are shown as words
		}
		sum = sumNumber(sumText(sum, w.Gap), w.Sum)
		if w.Kind == Plain || w.Kind == Image {
			p.Count++
		}
		if i >= p.Number {
			gap := uint64(0)
			if p.Kind == Code {
				gap = sumText(sumStart, w.Gap)
			} else if i > p.Number && w.Gap != "" {
				gap = 1
			}
			read = sumNumber(sumNumber(read, gap), w.Sum)
		}
		if w.Markup == nil {
			continue
		}
		if w.Markup != last {
			last, marked = w.Markup, w.Markup.sum()
			p.refs = p.refs || w.Markup.refers()
		}
		sum = sumNumber(sum, marked)
	}
	if p.Attr != "" && (p.Tag == "ol" || p.Tag == "li") {
		read = sumText(read, p.Attr) // the numbers of a list are read
	}
	p.Sum, p.Read = sum, read
}

func (m *Markup) sum() uint64 {
	sum := sumText(sumStart, m.Key)
	for i := range m.Tags {
		if dest := m.Tags[i].Dest; dest != "" {
			sum = sumText(sum, dest)
		}
	}
	return sum
}

func sumWord(w *Word) uint64 { return sumNumber(sumText(sumStart, canonical(w.Text)), uint64(w.Kind)) }

// refers reports whether one of the links leads to a clause.
func (m *Markup) refers() bool {
	return slices.ContainsFunc(m.Tags, func(t Tag) bool { return strings.HasPrefix(t.Dest, "#") })
}

// numberOf returns how many of a heading's first words are its number, which
// ids omit. A heading that is only a number has none.
func numberOf(ws []Word) int {
	s, ends := beginning(ws)
	n := len(strings.TrimRightFunc(s[:numbering.Of(s).End], unicode.IsSpace))
	for i, end := range ends {
		if end == n && i+1 < len(ws) {
			return i + 1
		}
	}
	return 0
}

// beginning returns the first words of a heading, and where each ends.
func beginning(ws []Word) (string, []int) {
	var b strings.Builder
	ends := make([]int, 0, 12)
	for i, w := range ws[:min(len(ws), 12)] {
		if w.Kind > Mark {
			break
		}
		if i > 0 {
			b.WriteString(w.Gap)
		}
		b.WriteString(w.Text)
		ends = append(ends, b.Len())
	}
	return b.String(), ends
}

func equal(p, q *Passage) bool {
	if p == q {
		return true
	}
	if p.Sum != q.Sum || p.Kind != q.Kind || p.Tag != q.Tag || p.Attr != q.Attr || len(p.Words) != len(q.Words) ||
		len(p.Kids) != len(q.Kids) {
		return false
	}
	for i := range p.Words {
		v, w := &p.Words[i], &q.Words[i]
		if v.Gap != w.Gap || v.Kind != w.Kind ||
			v.Text != w.Text && v.Kind != Note && canonical(v.Text) != canonical(w.Text) || !v.Markup.Equal(w.Markup) {
			return false
		}
	}
	return slices.EqualFunc(p.Kids, q.Kids, equal)
}

// Equal reports whether two markups have the same elements and URLs.
func (m *Markup) Equal(n *Markup) bool {
	if m == n {
		return true
	}
	if m == nil || n == nil || m.Key != n.Key || len(m.Tags) != len(n.Tags) {
		return false
	}
	for i := range m.Tags {
		t, u := &m.Tags[i], &n.Tags[i]
		if t.Name != u.Name || t.Dest != u.Dest && !strings.Contains(t.Attr, "doc-noteref") {
			return false
		}
	}
	return true
}

// sameRefs reports whether the links to clauses in two equal passages lead
// somewhere in both texts or in neither.
func sameRefs(pt Part, p *Passage, other Part, q *Passage) bool {
	for i := range p.Words {
		v, w := p.Words[i].Markup.Link(), q.Words[i].Markup.Link()
		if v != nil && w != nil && v.Dest != "" && v.Dest[0] == '#' && pt.Leads(v) != other.Leads(w) {
			return false
		}
	}
	for i := range p.Kids {
		if !sameRefs(pt, p.Kids[i], other, q.Kids[i]) {
			return false
		}
	}
	return true
}
