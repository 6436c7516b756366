package resolve

import (
	"bytes"
	"fmt"
	"strings"

	"github.com/privgen/privgen/internal/source"
)

// This file finds the tags of a text, and the headings among which they stand.
// Of Markdown it knows as much as that needs: what is code, in which no tag is
// looked for, and what a line begins with in quotes and lists.

// A doc is a text with its tags found.
type doc struct {
	file       *source.File
	start, end int
	nodes      []node
	tags       bool
	top        int  // the level of its highest heading, or 0
	headed     bool // it begins with a heading
	listed     bool // it begins with a list item
	blocks     bool // it is more than a paragraph
}

// A node is a stretch of a text: the text between tags, a tag, a heading's
// signs.
type node struct {
	kind       kind
	start, end int // offsets in the file
	tag        *tag
	level      int    // of a heading
	setext     bool   // the heading is one by the line below it
	alone      bool   // the tag has its line to itself
	prefix     string // what continues the quote or item that the line begins
	then, els  []node // of a condition
}

// A scanner finds the nodes of a text.
type scanner struct {
	*doc
	problems source.Problems
	flat     []node
	last     int // to where nodes reach
	skip     int // to where a tag or code reaches that began before

	fence   []byte // the run that opened the fence we are in
	fenceIn byte   // > or i: that stands in a quote or an item, and ends with it
	begun   bool   // a line that is not blank was found
	blank   bool   // the line before was blank
	list    bool   // a list may be open
	code    bool   // the line before was indented code
	under   int    // offset of the line that makes the line before it a heading
	torn    bool   // a tag with a mistake in it may have begun or ended a condition
}

// parse finds the tags of file.Text[start:end]. A tag that is none is a problem
// and is left out. Where it may have been one of a condition, the nodes are left
// out too: nobody knows what belongs together.
func parse(f *source.File, start, end int) (*doc, source.Problems) {
	s := &scanner{doc: &doc{file: f, start: start, end: end}, last: start, blank: true, under: -1}
	for at := start; at < end && len(s.problems) < maxProblems; {
		stop := end
		if i := bytes.IndexByte(f.Text[at:end], '\n'); i >= 0 {
			stop = at + i + 1
		}
		s.line(at, stop)
		at = stop
	}
	s.text(end)
	if !s.torn {
		s.tree(s.flat, nil, &s.nodes)
	}
	return s.doc, s.problems
}

func (s *scanner) add(n node) { s.flat = append(s.flat, n) }

// text adds what stands between the last node and an offset.
func (s *scanner) text(to int) {
	if to > s.last {
		s.add(node{kind: text, start: s.last, end: to})
	}
	s.last = max(s.last, to)
}

// line takes in a line.
func (s *scanner) line(at, stop int) {
	src := s.file.Text
	words := bytes.TrimSuffix(src[at:stop], []byte("\n"))
	inner, item := contentOf(words)
	rest := words[inner:]
	blank := len(bytes.TrimSpace(rest)) == 0
	if s.fence != nil && s.leaves(words, blank) {
		s.fence = nil
	}
	first := !s.begun
	s.begun = s.begun || !blank
	switch {
	case at < s.skip: // a tag or code that began before reaches here
	case s.fence != nil:
		if closes(bytes.TrimLeft(words, " \t>"), s.fence) {
			s.fence = nil
		}
		return
	case blank:
		s.blocks = s.blocks || !first
		s.blank = true
		return
	case s.indented(words):
		s.code, s.blank = true, false
		return
	case opensFence(rest) != nil:
		s.fence, s.blocks = opensFence(rest), true
		s.fenceIn = 0
		if item {
			s.fenceIn = 'i'
		} else if bytes.IndexByte(words[:inner], '>') >= 0 {
			s.fenceIn = '>'
		}
		s.blank, s.code = false, false
		return
	case s.under == at:
		s.text(at)
		s.add(node{kind: underline, start: at, end: at + len(words)})
		s.last = at + len(words)
		s.blank = true // a heading ends here, so what follows begins anew
		return
	default:
		if n := headingOf(rest); n > 0 {
			s.head(node{kind: heading, start: at + inner, end: at + inner + n, level: n}, first)
		} else if n := s.setext(at, stop, inner); n > 0 {
			s.head(node{kind: heading, start: at, end: at, level: n, setext: true}, first)
		}
	}
	if item && at >= s.skip {
		s.list, s.blocks = true, true
		s.listed = s.listed || first
	} else if s.blank && len(words) > 0 && words[0] != ' ' && words[0] != '\t' {
		s.list = false
	}
	s.blank, s.code = false, false
	s.inline(max(at+inner, s.skip), at, at+len(words))
}

// leaves reports whether a line stands outside the quote or item in which a
// fence was opened, and so ends it.
func (s *scanner) leaves(words []byte, blank bool) bool {
	switch s.fenceIn {
	case '>':
		return bytes.IndexByte(words[:len(words)-len(bytes.TrimLeft(words, " \t>"))], '>') < 0
	case 'i':
		return !blank && words[0] != ' ' && words[0] != '\t' && words[0] != '>'
	}
	return false
}

func (s *scanner) head(n node, first bool) {
	s.text(n.start)
	s.add(n)
	s.last = n.end
	s.headed = s.headed || first
	s.blocks = true
	if s.top == 0 || n.level < s.top {
		s.top = n.level
	}
}

// indented reports whether a line is indented code: four spaces after a blank
// line, and no list that it could belong to.
func (s *scanner) indented(words []byte) bool {
	deep := bytes.HasPrefix(words, []byte("    ")) || bytes.HasPrefix(words, []byte("\t"))
	return deep && !s.list && (s.blank || s.code)
}

// setext returns the level of a heading that the line below makes one, if it is
// a line by itself.
func (s *scanner) setext(at, stop, inner int) int {
	if !s.blank || inner > 0 || stop >= s.end {
		return 0
	}
	below, _, _ := bytes.Cut(s.file.Text[stop:s.end], []byte("\n"))
	below = bytes.TrimRight(below, " \t")
	if len(below) == 0 || times(below) != len(below) || below[0] != '=' && (below[0] != '-' || len(below) < 2) {
		return 0
	}
	s.under = stop
	if below[0] == '=' {
		return 1
	}
	return 2
}

// inline looks for tags from an offset to the end of the line that begins at
// begin.
func (s *scanner) inline(at, begin, end int) {
	src := s.file.Text
	var here []int // the line's tags, as numbers of nodes
	only := at == begin || len(bytes.Trim(src[begin:at], " \t>")) == 0 || isMarkers(src[begin:at])
	for at < end {
		switch c := src[at]; {
		case c == '\\':
			only = false
			at = min(at+2, s.end)
		case c == '`':
			only = false
			n := times(src[at:s.end])
			if stop := s.codeEnd(at+n, n); stop > 0 {
				at = stop
			} else {
				at += n
			}
		case c == '{' && at+1 < s.end && src[at+1] == '{':
			t, after, problem := scanTag(s.file, at, s.end)
			if problem != nil {
				s.problems = append(s.problems, problem)
				s.text(at)
				at = s.behind(at)
				s.last = at
				only = false
				continue
			}
			if s.tags = true; len(s.flat) > 2*maxTags {
				s.problems = append(s.problems, tooLong(s.file, at))
				s.skip, s.torn = s.end, true
				return
			}
			s.text(at)
			here = append(here, len(s.flat))
			s.add(node{kind: t.kind, start: at, end: after, tag: t, prefix: continuation(src[begin:at])})
			at, s.last = after, after
			only = only && t.kind != value
		default:
			only = only && (c == ' ' || c == '\t')
			at++
		}
		if at > end { // what began here reaches into other lines
			s.skip = max(s.skip, at)
			if i := bytes.IndexByte(src[at:s.end], '\n'); i >= 0 && len(here) > 0 && s.last == at {
				end = at + i
			} else if len(here) > 0 && s.last == at {
				end = s.end
			}
			s.skip = max(s.skip, end)
		}
	}
	if only && len(here) > 0 {
		s.alone(here, begin, end)
	}
}

// behind returns the offset behind a tag with a mistake in it: its end, if the line
// has one, or that of the line.
func (s *scanner) behind(at int) int {
	line, _, _ := bytes.Cut(s.file.Text[at:s.end], []byte("\n"))
	if i := bytes.Index(line, []byte("}}")); i >= 0 {
		line = line[:i+2]
	}
	if i := bytes.Index(line[2:], []byte("{{")); i >= 0 {
		line = line[:i+2]
	}
	words := bytes.Fields(bytes.TrimSuffix(line[2:], []byte("}}")))
	for _, word := range []string{"if", "else", "end"} {
		s.torn = s.torn || len(words) > 0 && string(words[0]) == word
	}
	return at + len(line)
}

// codeEnd returns the offset behind a code span that n backticks opened, or 0.
// A span does not reach beyond its paragraph.
func (s *scanner) codeEnd(at, n int) int {
	src := s.file.Text
	for i := at; i < s.end; {
		switch src[i] {
		case '`':
			m := times(src[i:s.end])
			if m == n {
				return i + m
			}
			i += m
		case '\n':
			line, _, _ := bytes.Cut(src[i+1:s.end], []byte("\n"))
			inner, item := contentOf(line)
			rest := line[inner:]
			if item || len(bytes.TrimSpace(rest)) == 0 || headingOf(rest) > 0 || opensFence(rest) != nil {
				return 0
			}
			i++
		default:
			i++
		}
	}
	return 0
}

// alone marks the tags of a line that holds nothing else. A line that holds
// only conditions goes away as a whole, but for what begins an item.
func (s *scanner) alone(here []int, begin, end int) {
	conditions := true
	for _, i := range here {
		n := &s.flat[i]
		n.alone = true
		conditions = conditions && (n.kind == condition || n.kind == otherwise || n.kind == ending)
	}
	first, last := &s.flat[here[0]], &s.flat[here[len(here)-1]]
	if !conditions {
		s.last = end // spaces after the tag
		return
	}
	if len(bytes.Trim(s.file.Text[begin:first.start], " \t>")) > 0 {
		return
	}
	// The line's beginning is in the text node before, if there is any.
	if i := here[0] - 1; i >= 0 && s.flat[i].kind == text && s.flat[i].end > begin {
		s.flat[i].end = max(s.flat[i].start, begin)
	}
	first.start = begin
	if end < s.end {
		end++
	}
	last.end = end
	s.last = end
	s.skip = max(s.skip, end)
}

// tree puts what stands between conditions where it belongs. It returns the nodes
// from the first that ends no condition of its own.
func (s *scanner) tree(flat []node, opened *node, into *[]node) []node {
	for len(flat) > 0 {
		n := flat[0]
		switch {
		case n.kind != otherwise && n.kind != ending && n.kind != condition:
			*into = append(*into, n)
		case n.kind == condition:
			flat = s.branches(&n, flat[1:])
			*into = append(*into, n)
			continue
		case opened != nil:
			return flat
		default:
			s.stray(n)
		}
		flat = flat[1:]
	}
	return nil
}

// branches reads what depends on a condition, up to its end.
func (s *scanner) branches(c *node, flat []node) []node {
	flat = s.tree(flat, c, &c.then)
	if len(flat) == 0 {
		s.open(c)
		return nil
	}
	n := flat[0]
	if n.kind == ending {
		c.els = append(c.els, node{kind: ending, start: n.start, end: n.end, alone: n.alone})
		return flat[1:]
	}
	if n.tag.test != nil { // else if: a condition that ends where this one does
		inner := n
		inner.kind = condition
		flat = s.branches(&inner, flat[1:])
		c.els = []node{inner}
		return flat
	}
	flat = s.tree(flat[1:], c, &c.els)
	for len(flat) > 0 && flat[0].kind == otherwise {
		s.stray(flat[0])
		flat = s.tree(flat[1:], c, &c.els)
	}
	if len(flat) == 0 {
		s.open(c)
		return nil
	}
	return flat[1:]
}

func (s *scanner) open(c *node) {
	s.wrong(*c, "the condition that begins here has no end", "write {{end}} after what depends on it")
}

func (s *scanner) stray(n node) {
	word := "end"
	if n.kind == otherwise {
		word = "else"
	}
	s.wrong(n, fmt.Sprintf("this {{%s}} belongs to no condition", word), "take it out, or write the {{if NAME}} that it belongs to")
}

func (s *scanner) wrong(n node, what, do string) {
	if len(s.problems) < maxProblems {
		s.problems = append(s.problems, source.NewProblem(s.file.Pos(s.tagAt(n)), "open-condition", what, do))
	}
}

// tagAt returns the offset of a tag's braces; its line may have become part of it.
func (s *scanner) tagAt(n node) int {
	return n.start + max(0, bytes.Index(s.file.Text[n.start:n.end], []byte("{{")))
}

// contentOf returns the offset at which the words of a line begin, after the
// signs of quotes and list items; and whether it begins an item.
func contentOf(line []byte) (at int, item bool) {
	for {
		rest := bytes.TrimLeft(line[at:], " \t")
		i := len(line) - len(rest)
		switch n := marker(rest); {
		case len(rest) > 0 && rest[0] == '>':
			at = i + 1
		case n > 0:
			at, item = i+n, true
		default:
			return i, item
		}
	}
}

// marker returns the length of the sign that begins a list item, or the
// definition of a term, or 0.
func marker(rest []byte) int {
	n := 0
	if len(rest) > 0 && strings.IndexByte("-+*:", rest[0]) >= 0 {
		n = 1
	} else {
		for n < len(rest) && n < 10 && rest[n] >= '0' && rest[n] <= '9' {
			n++
		}
		if n == 0 || n == 10 || n == len(rest) || rest[n] != '.' && rest[n] != ')' {
			return 0
		}
		n++
	}
	if n < len(rest) && rest[n] != ' ' && rest[n] != '\t' {
		return 0
	}
	return n
}

func isMarkers(b []byte) bool {
	at, _ := contentOf(b)
	return at == len(b)
}

// continuation returns what a line after this beginning has to begin with, to
// stand in the same quote or list item.
func continuation(begin []byte) string {
	at, _ := contentOf(begin)
	out := make([]byte, 0, at)
	for _, c := range begin[:at] {
		if c != '>' && c != '\t' {
			c = ' '
		}
		out = append(out, c)
	}
	return string(out)
}

// headingOf returns how many signs begin a heading, or 0.
func headingOf(rest []byte) int {
	if len(rest) == 0 || rest[0] != '#' {
		return 0
	}
	n := times(rest)
	if n > 6 || n < len(rest) && rest[n] != ' ' && rest[n] != '\t' {
		return 0
	}
	return n
}

func opensFence(rest []byte) []byte {
	if len(rest) < 3 || rest[0] != '`' && rest[0] != '~' {
		return nil
	}
	n := times(rest)
	if n < 3 || rest[0] == '`' && bytes.IndexByte(rest[n:], '`') >= 0 {
		return nil
	}
	return rest[:n]
}

func closes(rest, fence []byte) bool {
	rest = bytes.TrimRight(rest, " \t")
	return len(rest) >= len(fence) && times(rest) == len(rest) && rest[0] == fence[0]
}

// times counts how often the first byte is repeated.
func times(b []byte) int {
	n := 0
	for n < len(b) && b[n] == b[0] {
		n++
	}
	return n
}
