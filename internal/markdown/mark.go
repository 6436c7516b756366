package markdown

import (
	"bytes"
	"fmt"
	"regexp"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/yuin/goldmark/ast"

	"github.com/privgen/privgen/internal/lang"
	"github.com/privgen/privgen/internal/lazyregexp"
)

// This file finds unpaired marks in running text, marks that are paired by accident,
// and numbers of items that begin no list.

// An openMark is a kind of unpaired mark.
type openMark struct {
	mark  string // that a text without such a mistake rarely has
	shape func() *regexp.Regexp
	what  string
	do    string // where to write the other
}

// openMarks are all of them. A star before a word is a mistake in a line only: where a
// line begins, it is the sign of a note, as behind a word.
var openMarks = []openMark{
	{"**", lazyregexp.New(`(?:^|[\s(“"'])(\*\*)\pL`), "begins bold words, and nothing ends them", "after the last of them"},
	{"__", lazyregexp.New(`(?:^|[\s(“"'])(__)\pL`), "begins bold words, and nothing ends them", "after the last of them"},
	{"**", lazyregexp.New(`[\pL\pN.,;:!?)”"'](\*\*)(?:$|[\s.,;:!?)”"'\x00])`), "ends bold words, and nothing begins them", "before the first of them"},
	{"~~", lazyregexp.New(`(?:^|[\s(“"'\x00])(~~)\pL`), "begins words that are struck through, and nothing ends them", "after the last of them"},
	{"~~", lazyregexp.New(`\pL(~~)(?:$|[\s.,;:!?)”"'\x00])`), "ends words that are struck through, and nothing begins them", "before the first of them"},
	{"`", lazyregexp.New("(?:^|[\\s(“\"'\\x00])(`+)[\\pL\\pN._/-]"), "begins code, and nothing ends it", "after the code"},
	{" *", lazyregexp.New(`[^\s\x00] (\*)\pL`), "begins words in italics, and nothing ends them", "after the last of them"},
}

// markMistakes reports marks without a partner in the words of a paragraph, one of
// each sign.
func (f mistakeFinder) markMistakes(s string, at func(int) int) {
	found := map[byte]bool{}
	for i := range openMarks {
		o := &openMarks[i]
		if !strings.Contains(s, o.mark) {
			continue
		}
		m := o.shape().FindStringSubmatchIndex(s)
		if m == nil || found[s[m[2]]] || o.mark == " *" && f.w.source[at(m[2]-1)] != ' ' {
			continue
		}
		sign := s[m[2]:m[3]]
		found[sign[0]] = true
		f.w.flaw(at(m[2]), "broken-markup", fmt.Sprintf("this %s %s", sign, o.what),
			fmt.Sprintf("write %s %s, or put a backslash before each sign that is text", sign, o.do))
	}
}

// emphasisMistakes reports two stars in two words that make what is between them
// italic: Nutzer*innen und Kund*innen, 5*3 or 4*2.
func (f mistakeFinder) emphasisMistakes(n *ast.Emphasis) {
	first, ok := n.FirstChild().(*ast.Text)
	last, end := n.LastChild().(*ast.Text)
	if !ok || !end || n.Level != 1 {
		return
	}
	src := f.w.source
	from, to := first.Segment.Start-1, last.Segment.Stop
	if from < 1 || to+1 >= len(src) || src[from] != '*' || src[to] != '*' || !bytes.ContainsAny(src[from:to], " \n") {
		return
	}
	before, _ := utf8.DecodeLastRune(src[:from])
	inner, _ := utf8.DecodeRune(src[from+1:])
	after, _ := utf8.DecodeRune(src[to+1:])
	for _, r := range []rune{before, inner, after} {
		if !unicode.IsLetter(r) && !unicode.IsDigit(r) || lang.Spaceless(r) || unicode.Is(unicode.Hangul, r) {
			return
		}
	}
	f.w.flaw(from, "accidental-markup",
		"this * and the next make the words between them italic, and no page shows them",
		"put a backslash before each * that is text")
}

// hashes matches a line that an author means to be a heading.
var hashes = lazyregexp.New(`^(#{1,6})\pL[^#]*$`)

var itemNumber = lazyregexp.New(`^(\d{1,9})([.)])[ \t]`)

// numberMistakes reports lines of a paragraph that begin with the number of an item:
// Markdown begins no list there, unless the number is 1.
func (f mistakeFinder) numberMistakes(n ast.Node) {
	lines := segmentsOf(n)
	number := func(i int) (int, string) {
		if i == len(lines) {
			return -1, ""
		}
		m := itemNumber().FindSubmatch(bytes.TrimLeft(lines[i].Value(f.w.source), " \t"))
		if m == nil {
			return -1, ""
		}
		v, _ := writtenNumber(m[1], 0)
		return v, string(m[2])
	}
	for _, line := range lines {
		if m := hashes().FindSubmatch(bytes.TrimSpace(line.Value(f.w.source))); m != nil {
			f.w.flaw(line.Start, "broken-markup",
				fmt.Sprintf("%s does not begin a heading, so readers would see it", m[1]),
				"put a space after it; if it is text, put a backslash before it")
		}
	}
	for i := 1; i < len(lines); i++ {
		v, sign := number(i)
		if v < 0 {
			continue
		}
		last, _ := utf8.DecodeLastRune(bytes.TrimSpace(lines[i-1].Value(f.w.source)))
		if next, same := number(i + 1); last != ':' && last != '：' && (next != v+1 || same != sign) {
			continue
		}
		f.w.flaw(lines[i].Start, "broken-markup",
			fmt.Sprintf("%d%s does not begin an item of a list, because it is in the paragraph above", v, sign),
			fmt.Sprintf("put a blank line before it; if it is text, put a backslash before the %s", sign))
		return
	}
}
