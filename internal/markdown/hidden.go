package markdown

import (
	"bytes"
	"fmt"
	"maps"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/privgen/privgen/internal/normal"
	"github.com/privgen/privgen/internal/visible"
)

// This file names the characters that a reader cannot see or tell from a space.
// Redlines, corrections, and the lock file use these names.

// HiddenChanges names the characters of which the text has more or fewer than an
// earlier one: "+1 <U+00AD>, -2 <U+00A0>".
func (b *Body) HiddenChanges(earlier *Body) string {
	was, is := earlier.blocks, b.blocks
	for len(was) > 0 && len(is) > 0 && was[0].block == is[0].block { // what both begin with, and end with
		was, is = was[1:], is[1:]
	}
	for len(was) > 0 && len(is) > 0 && was[len(was)-1].block == is[len(is)-1].block {
		was, is = was[:len(was)-1], is[:len(is)-1]
	}
	plain := func(blocks []placedBlock) []byte { return (&Body{blocks: blocks}).Plain(nil, &RenderOptions{}) }
	before, after := plain(was), plain(is)
	if bytes.Equal(before, after) {
		return ""
	}
	return hiddenChanges(string(before), string(after))
}

// HiddenSince names the invisible characters that a clause of b has more than an
// earlier clause: all of them, or all that are one character. It calls is with normal
// forms without these characters. If none is the earlier clause, such as when
// characters were removed, it returns "".
func (c Clause) HiddenSince(b *Body, is func(earlier []byte) bool) string {
	start := b.Clauses()[0].Start
	text := string(normal.Form(b.Markdown()[c.Start-start : c.End-start]))
	tried := map[rune]bool{}
	for _, only := range append([]rune{0}, []rune(text)...) {
		if only < utf8.RuneSelf && only != 0 || tried[only] {
			continue
		}
		tried[only] = true
		if without := withoutHidden(text, only); without != text && is(normal.Form([]byte(without))) {
			return hiddenChanges(without, text)
		}
	}
	return ""
}

func hiddenChanges(before, after string) string {
	more := map[rune]int{}
	count := func(s string, by int) {
		for i, r := range s {
			if isHidden(s, i, r) {
				more[r] += by
			}
		}
	}
	count(before, -1)
	count(after, 1)
	var names []string
	for _, r := range slices.Sorted(maps.Keys(more)) {
		if more[r] != 0 {
			names = append(names, fmt.Sprintf("%+d <U+%04X>", more[r], r))
		}
	}
	return strings.Join(names, ", ")
}

// withoutHidden returns a text without the characters that a reader cannot see, and with
// U+0020 for other spaces. If only is not 0, it replaces that character alone.
func withoutHidden(s string, only rune) string {
	var b strings.Builder
	for i, r := range s {
		switch {
		case only != 0 && r != only || !isHidden(s, i, r):
			b.WriteRune(r)
		case unicode.Is(unicode.Zs, r):
			b.WriteByte(' ')
		}
	}
	return b.String()
}

// isHidden reports whether a reader cannot see the character r of s at i, or tell it from
// a space.
func isHidden(s string, i int, r rune) bool {
	if r < utf8.RuneSelf {
		return r < ' ' && r != '\n' && r != '\t' || r == 0x7f
	}
	name, _ := visible.NameAt(s, i)
	return name != "" || unicode.Is(unicode.Zs, r)
}
