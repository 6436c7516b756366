package markdown

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"slices"
	"strconv"

	"golang.org/x/text/unicode/norm"

	"github.com/privgen/privgen/internal/normal"
	"github.com/privgen/privgen/internal/source"
)

// This file defines when two texts are the same. The lock file, redlines,
// corrections, and releases use it.

// Same reports whether two texts are the same for people who read them: their
// words, structure, links, and ids are equal. It ignores line breaks that mean a
// space, blanks at the ends of lines, and Unicode's forms of one character. It
// does not ignore what people can see or copy, such as a no-break space or a soft
// hyphen.
func Same(a, b *Body) bool {
	if normal.Equivalent(a.Markdown(), b.Markdown()) {
		return true
	}
	return slices.EqualFunc(a.Parts(), b.Parts(), func(x, y Part) bool {
		if x.Passage == y.Passage {
			return sameNames(x, y, x.Passage)
		}
		return bytes.Equal(appendReading(nil, x, x.Passage), appendReading(nil, y, y.Passage))
	})
}

// sameNames reports whether a passage of two texts has the same elements and ids in both.
func sameNames(x, y Part, p *Passage) bool {
	return x.Element(p) == y.Element(p) && x.ID(p) == y.ID(p) &&
		!slices.ContainsFunc(p.Kids, func(kid *Passage) bool { return !sameNames(x, y, kid) })
}

// Reading returns a digest of a text, 32 hexadecimal digits. Two texts have
// equal digests if Same reports true.
func (b *Body) Reading() string {
	var buf []byte
	for _, pt := range b.Parts() {
		buf = appendReading(buf, pt, pt.Passage)
	}
	sum := sha256.Sum256(buf)
	return hex.EncodeToString(sum[:16])
}

// appendReading appends what Same compares of a passage.
func appendReading(buf []byte, pt Part, p *Passage) []byte {
	add := func(s string) { buf = append(strconv.AppendInt(buf, int64(len(s)), 10), ':'); buf = append(buf, s...) }
	add(pt.Element(p))
	add(p.Attr)
	add(pt.ID(p))
	for i := range p.Words {
		w := &p.Words[i]
		if p.Kind == Code || i > 0 {
			add(w.Gap)
		}
		if w.Kind == Note {
			add("note") // its number and its link are the page's
			continue
		}
		add(strconv.Itoa(int(w.Kind)))
		add(norm.NFC.String(w.Text))
		if w.Markup == nil {
			continue
		}
		for _, t := range w.Markup.Tags {
			add("<" + t.Name + t.Attr)
			add(norm.NFC.String(t.Dest))
		}
	}
	for _, kid := range p.Kids {
		buf = appendReading(buf, pt, kid)
	}
	return append(buf, '.')
}

// Readings returns the readings of a text under each set of rules that a text
// can be rendered with.
func Readings(text []byte) (all []string) {
	if f, problem := source.Parse("text", text); problem == nil {
		anyRules(f, func(b *Body) bool {
			all = append(all, b.Reading())
			return false
		})
	}
	return all
}

// anyRules calls is with the text as each set of rules renders it, until it
// returns true.
func anyRules(f *source.File, is func(b *Body) bool) bool {
	for _, rules := range []Rules{{}, {HTML: "sanitize"}, {Images: "link"}, {HTML: "sanitize", Images: "link"}} {
		if b, _ := NewRenderer(1<<20).Parse(f, 0, rules); is(b) {
			return true
		}
	}
	return false
}
