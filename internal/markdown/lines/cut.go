package lines

import "bytes"

// This file cuts a text into blocks: stretches of top-level Markdown that render
// alone exactly as they do in their text. Neighboring versions share most of their
// paragraphs, so markdown.Renderer renders a block once for all versions that have it.
//
// Not every blank line or heading is a cut: a list can continue after blank lines,
// a fence can contain what looks like headings, and a definition or footnote affects
// the whole text. A cut is made only where no construct can cross it. A text with
// constructs that affect all of it (reference definitions, footnotes, definition
// lists, raw HTML) is one block. Cutting too little costs time; cutting too much would
// change a legal text, so when in doubt there is no cut.

// A line has the properties of a line of text that decide about cuts. It is parsed
// by hand, not by regular expressions, because all lines of all versions pass here.
type line struct {
	indent  int    // spaces before its first character; -1 if a tab follows them
	blank   bool   // only spaces and tabs
	heading bool   // an ATX heading that is not indented
	marker  bool   // the beginning of a list item, at any indent
	fence   []byte // the run that opens or closes a fence, or nil
}

func readLine(text []byte) line {
	rest := bytes.TrimLeft(text, " ")
	l := line{indent: len(text) - len(rest)}
	if len(bytes.TrimLeft(rest, " \t")) == 0 {
		l.blank = true
		return l
	}
	switch c := rest[0]; {
	case c == '\t':
		l.indent = -1
		l.marker = startsItem(bytes.TrimLeft(rest, " \t"))
	case c == '#':
		n := run(rest)
		l.heading = l.indent == 0 && n <= 6 && (n == len(rest) || rest[n] == ' ' || rest[n] == '\t')
	case c == '`' || c == '~':
		if n := run(rest); n >= 3 && l.indent <= 3 && (c == '~' || bytes.IndexByte(rest[n:], '`') < 0) {
			l.fence = rest[:n]
		}
	default:
		l.marker = startsItem(rest)
	}
	return l
}

// run returns the length of the run of the line's first character.
func run(line []byte) int { return len(line) - len(bytes.TrimLeft(line, string(line[:1]))) }

// startsItem reports whether a line begins with the marker of a list item.
func startsItem(line []byte) bool {
	return line[0] != ':' && marker(line) > 0
}

// marker returns the length of the marker of a list item or a definition at the
// beginning of a line, or 0.
func marker(line []byte) int {
	n := 0
	if len(line) > 0 && bytes.IndexByte([]byte("-+*:"), line[0]) >= 0 {
		n = 1
	} else {
		for n < len(line) && n < 10 && line[n] >= '0' && line[n] <= '9' {
			n++
		}
		if n == 0 || n == 10 || n == len(line) || line[n] != '.' && line[n] != ')' {
			return 0
		}
		n++
	}
	if n < len(line) && line[n] != ' ' && line[n] != '\t' {
		return 0
	}
	return n
}

// Content returns the offset at which the words of a single line begin, after
// the marks of quotes, list items, and definitions, and whether it begins an item.
// Only Of knows what a line is in its text.
func Content(line []byte) (at int, item bool) {
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

// reachesFar reports whether a text may have a construct that affects other blocks: a
// reference definition, a footnote, a definition, raw HTML.
func reachesFar(text []byte) bool {
	if bytes.Contains(text, []byte("]:")) || bytes.Contains(text, []byte("[^")) {
		return true
	}
	for line := range bytes.Lines(text) {
		rest := bytes.TrimLeft(line, " ")
		if len(line)-len(rest) <= 3 && len(rest) > 1 {
			next := rest[1]
			if rest[0] == ':' && (next == ' ' || next == '\t') ||
				rest[0] == '<' && (next == '/' || next == '!' || next == '?' || next|0x20 >= 'a' && next|0x20 <= 'z') {
				return true
			}
		}
	}
	return false
}

// Cuts returns the offsets at which the blocks of a text end. The last is the length
// of the text.
func Cuts(text []byte) []int {
	if len(text) == 0 {
		return nil
	}
	if reachesFar(text) {
		return []int{len(text)}
	}
	var (
		ends   []int
		fence  []byte // the run that opened the current fence, or nil
		list   bool   // a list may be open in this block
		before line   // the line before this one
		start  int    // of the block
		at     int
	)
	before.blank = true
	for words := range bytes.Lines(text) {
		end := at + len(words)
		words = bytes.TrimSuffix(words, []byte("\n"))
		if fence != nil {
			if closesFence(words, fence) {
				fence = nil
			}
			before, at = line{}, end
			continue
		}
		l := readLine(words)
		if at > start && (l.heading || before.heading || before.blank && opens(l, words, list)) {
			ends = append(ends, at)
			start, list = at, false
		}
		if l.fence != nil {
			if list && l.indent > 0 {
				// It may be in the list or end it, and its closing line
				// depends on that: no more cuts.
				return append(ends, len(text))
			}
			fence = l.fence
		}
		list = list || l.marker
		before, at = l, end
	}
	return append(ends, len(text))
}

// opens reports whether a line after a blank one always begins a new block at the
// top level: it is not indented, not a definition, and not the next item of a list.
func opens(l line, words []byte, list bool) bool {
	return l.indent == 0 && !l.blank && words[0] != ':' && !(l.marker && list)
}

func closesFence(words, fence []byte) bool {
	words = bytes.TrimRight(words, " \t")
	trimmed := bytes.TrimLeft(words, " ")
	return len(words)-len(trimmed) <= 3 && len(trimmed) >= len(fence) && run(trimmed) == len(trimmed) &&
		trimmed[0] == fence[0]
}
