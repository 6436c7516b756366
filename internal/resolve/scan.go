package resolve

import (
	"bytes"
	"fmt"

	"github.com/privgen/privgen/internal/markdown/lines"
	"github.com/privgen/privgen/internal/source"
)

// This file finds the tags and headings of a text. Package lines finds code, which
// has no tags, and the prefixes of lines in quotes and lists.

// A doc is a text that is split into nodes.
type doc struct {
	file       *source.File
	start, end int
	nodes      []node
	tags       bool // it has a tag
	top        int  // the level of its highest heading, or 0
	headed     bool // it begins with a heading
	listed     bool // it begins with a list item
	blocks     bool // it is more than a paragraph
}

// A node is a stretch of a text: text between tags, a tag, or the markup of a heading.
type node struct {
	kind       kind
	start, end int // offsets in the file
	tag        *tag
	level      int    // of a heading
	setext     bool   // the heading is underlined
	alone      bool   // the line has no text, only tags
	prefix     string // the prefix of further lines in the line's quote or item
	then, els  []node // of a condition
}

// A scanner finds the nodes of a text.
type scanner struct {
	*doc
	problems source.Problems
	flat     []node
	last     int // the end of the last node
	skip     int // the end of a tag or code that began before

	lines []lines.Line // of the text that is scanned, with offsets from start
	on    int          // the line that is scanned
	begun bool         // a line that is not blank was found
	under int          // offset of the line that underlines a heading
	torn  bool         // a malformed tag may have begun or ended a condition
}

// parse finds the tags of file.Text[start:end]. A malformed tag is a problem and
// is omitted. If it may be a tag of a condition, the doc has no nodes, because it is
// unknown which belong together.
func parse(f *source.File, start, end int) (*doc, source.Problems) {
	s := &scanner{doc: &doc{file: f, start: start, end: end}, last: start, under: -1,
		lines: lines.Of(f.Text[start:end])}
	for s.on = range s.lines {
		if len(s.problems) >= maxProblems {
			break
		}
		s.line(&s.lines[s.on])
	}
	s.text(end)
	if !s.torn {
		s.tree(s.flat, nil, &s.nodes)
	}
	return s.doc, s.problems
}

func (s *scanner) add(n node) { s.flat = append(s.flat, n) }

// text adds the text between the last node and an offset.
func (s *scanner) text(to int) {
	if to > s.last {
		s.add(node{kind: text, start: s.last, end: to})
	}
	s.last = max(s.last, to)
}

// line reads a line.
func (s *scanner) line(l *lines.Line) {
	at, stop := s.start+l.Start, s.start+l.End
	words := bytes.TrimSuffix(s.file.Text[at:stop], []byte("\n"))
	first := !s.begun
	s.begun = s.begun || l.Kind != lines.Blank
	skipped := at < s.skip // a tag or code that began before reaches here
	switch {
	case skipped:
	case l.Kind == lines.Blank:
		s.blocks = s.blocks || !first
		return
	case l.Kind == lines.Code:
		s.blocks = s.blocks || !s.indented(words)
		return
	case s.under == at:
		s.text(at)
		s.add(node{kind: underline, start: at, end: at + len(words)})
		s.last = at + len(words)
		return
	case l.Kind == lines.Heading && !l.Underlined:
		signs := s.start + l.Content
		s.head(node{kind: heading, start: signs, end: signs + l.Level, level: l.Level}, first)
	case l.Kind == lines.Heading && s.standsAlone(l):
		s.under = stop
		s.head(node{kind: heading, start: at, end: at, level: l.Level, setext: true}, first)
	}
	if l.Item && !skipped {
		s.blocks = true
		s.listed = s.listed || first
	}
	s.inline(max(s.start+l.Content, s.skip), at, at+len(words))
}

// indented reports whether a line of code begins with the indent of code without a fence.
func (s *scanner) indented(words []byte) bool {
	return bytes.HasPrefix(words, []byte("    ")) || bytes.HasPrefix(words, []byte("\t"))
}

// standsAlone reports whether an underlined heading is a single line, and not in a quote
// or list.
func (s *scanner) standsAlone(l *lines.Line) bool {
	return l.Content == l.Start && s.on+1 < len(s.lines) && s.lines[s.on+1].Kind == lines.Underline
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

// inline scans the line from begin to end for tags, from the offset at on.
func (s *scanner) inline(at, begin, end int) {
	src := s.file.Text
	var here []int // the line's tags, as indexes into flat
	only := at == begin || len(bytes.Trim(src[begin:at], " \t>")) == 0 || isMarkers(src[begin:at])
	for at < end {
		switch c := src[at]; {
		case c == '\\':
			only = false
			at = min(at+2, s.end)
		case c == '`':
			only = false
			n := backticks(src[at:s.end])
			if stop := s.codeEnd(at+n, n); stop > 0 {
				at = stop
			} else {
				at += n
			}
		case c == '{' && at+1 < s.end && src[at+1] == '{':
			t, after, problem := scanTag(s.file, at, s.end)
			if problem != nil {
				s.problems = append(s.problems, problem)
				if len(s.problems) >= maxProblems {
					s.skip, s.torn = s.end, true
					return
				}
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
		if at > end { // a tag or code continues in other lines
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

// behind returns the offset after a malformed tag: after its closing braces, before the
// next opening braces, or at the end of the line. It sets torn if the tag looks like one of
// a condition.
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

// codeEnd returns the offset after a code span that n backticks opened, or 0. A span
// ends within its block.
func (s *scanner) codeEnd(at, n int) int {
	rest := s.file.Text[at:max(at, s.blockEnd())] // a tag may end after the block
	for {
		i := bytes.IndexByte(rest, '`')
		if i < 0 {
			return 0
		}
		m := backticks(rest[i:])
		if at, rest = at+i+m, rest[i+m:]; m == n {
			return at
		}
	}
}

// backticks returns how many backticks a text begins with.
func backticks(b []byte) int { return len(b) - len(bytes.TrimLeft(b, "`")) }

// blockEnd returns the offset after the block of the line that is scanned.
func (s *scanner) blockEnd() int {
	i := s.on
	for i+1 < len(s.lines) && s.lines[i+1].Block == s.lines[s.on].Block {
		i++
	}
	return s.start + s.lines[i].End
}

// alone marks the tags of a line that has only tags. A line that has only tags of
// conditions is removed, unless it begins an item.
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
	// The beginning of the line may be in the text node before.
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

// tree moves nodes into the branches of their conditions. It returns the nodes from the
// {{else}} or {{end}} of the condition opened, or nil if there is none.
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

// branches adds the branches of a condition, and returns the nodes after its end.
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
	s.wrong(n, fmt.Sprintf("this {{%s}} belongs to no condition", word),
		"remove it, or write the {{if NAME}} that it belongs to")
}

func (s *scanner) wrong(n node, what, do string) {
	if len(s.problems) < maxProblems {
		s.problems = append(s.problems, source.NewProblem(s.file.Pos(s.tagAt(n)), "open-condition", what, do))
	}
}

// tagAt returns the offset of a tag's braces. The node may include the whole line.
func (s *scanner) tagAt(n node) int {
	return n.start + max(0, bytes.Index(s.file.Text[n.start:n.end], []byte("{{")))
}

func isMarkers(b []byte) bool {
	at, _ := lines.Content(b)
	return at == len(b)
}

// continuation returns the prefix of further lines in the quote or list item that
// begins with begin.
func continuation(begin []byte) string {
	at, _ := lines.Content(begin)
	out := make([]byte, 0, at)
	for _, c := range begin[:at] {
		if c != '>' && c != '\t' {
			c = ' '
		}
		out = append(out, c)
	}
	return string(out)
}
