package toml

import (
	"bytes"
	"regexp"
	"slices"
	"strings"
)

// This file reads the structure of a text: where keys and values begin and end,
// and which table they are in. The library decodes the values. The scanner adds
// what the library lacks: the position of everything, all mistakes instead of the
// first, and every key and table that is defined twice.

// A scanner reads a text once. After a mistake it continues in the next line.
type scanner struct {
	text       []byte
	i          int
	depth      int // of brackets and braces
	root       *node
	owner      int // of the keys that are read: a number for each header, list, and inline table
	owners     int // the number of owners so far
	path       []part
	mistakes   []mistake
	cuts       []cut
	drop       bool    // the current line must be cut
	values     []*node // numbers and dates, for the library to check
	incomplete bool    // the text may have keys that are not in the tree
}

// A mistake is a problem at an offset.
type mistake struct {
	at             int
	code, what, do string
}

// A cut is a part of the text that the library must not read.
type cut struct {
	from, to int
	by       string // what the library reads instead
}

// A part is one of the names of a dotted key.
type part struct {
	name string
	at   int
}

func scan(text []byte) *scanner {
	s := &scanner{text: text, root: &node{kind: explicit}}
	s.control()
	table := s.root
	for s.skip(true); s.i < len(s.text); s.skip(true) {
		from := s.i
		s.drop = false
		if s.conflict() {
			s.cuts = append(s.cuts, cut{from, s.i, "\n"})
			continue
		}
		if s.peek() == '[' {
			if table = s.header(); table == nil {
				// The keys below it have no table. They are read only for mistakes.
				table, s.drop, s.incomplete = &node{}, true, true
			}
		} else if !s.pair(table) {
			s.drop = true
			if bytes.IndexByte(s.text[from:s.i], '\n') >= 0 {
				// It is not clear where a value of several lines ends.
				s.i, s.incomplete = len(s.text), true
			}
		}
		if s.drop || table.kind == none {
			s.skipLine()
			s.cuts = append(s.cuts, cut{from, s.i, "\n"})
		} else if from = s.i; !s.endOfLine() {
			s.skipLine()
			s.cuts = append(s.cuts, cut{from, s.i, "\n"})
		}
	}
	return s
}

// fail adds a mistake. It returns false.
func (s *scanner) fail(at int, code, what, do string) bool {
	s.mistakes = append(s.mistakes, mistake{at, code, what, do})
	return false
}

// header reads [a.b] or [[a.b]] and returns the table of the keys below it. It
// returns nil after a mistake.
func (s *scanner) header() *node {
	at := s.i
	list := bytes.HasPrefix(s.text[at:], []byte("[["))
	s.owners++
	s.owner = s.owners
	end := "]"
	if list {
		end = "]]"
	}
	s.i += len(end)
	path := s.key()
	if path == nil || !bytes.HasPrefix(s.text[s.i:], []byte(end)) {
		if path != nil {
			s.noHeader()
		}
		return nil
	}
	s.i += len(end)
	n := s.root
	for i, p := range path[:len(path)-1] {
		next := n.keys[p.name]
		switch {
		case next == nil:
			next = n.put(p, at, implicit)
		case next.kind == tables:
			next = next.entries[len(next.entries)-1]
		case next.kind == value:
			s.twice(path[:i+1], next, "a table")
			return nil
		}
		n = next
	}
	last := path[len(path)-1]
	next := n.keys[last.name]
	switch {
	case list:
		if next == nil {
			next = n.put(last, at, tables)
		} else if next.kind != tables {
			s.twice(path, next, "a list of tables")
			return nil
		}
		return next.entry(last.at, at, explicit)
	case next == nil:
		return n.put(last, at, explicit)
	case next.kind == implicit:
		next.key, next.value, next.kind = last.at, at, explicit
		return next
	}
	s.twice(path, next, "a table")
	return nil
}

// pair reads key = value into a table.
func (s *scanner) pair(table *node) bool {
	from := s.i
	path := s.key()
	if path == nil {
		s.incomplete = true
		return false
	}
	if s.peek() != '=' {
		if table.keys[path[0].name] == nil {
			table.put(path[0], path[0].at, value)
		}
		return s.noEquals(from)
	}
	s.i++
	s.skip(false)
	return s.readValue(s.define(table, path))
}

// define returns the node of a new key. If the key or a part of it is already
// something else, the node is in no table.
func (s *scanner) define(table *node, path []part) *node {
	last := len(path) - 1
	for i, p := range path[:last] {
		next := table.keys[p.name]
		switch {
		case next == nil:
			next = table.put(p, p.at, dotted)
			next.owner = s.owner
		case next.kind == implicit:
			next.kind, next.owner = dotted, s.owner
		case next.kind != dotted || next.owner != s.owner:
			s.twice(path[:i+1], next, "a table")
			return &node{}
		}
		table = next
	}
	if first := table.keys[path[last].name]; first != nil {
		s.twice(path, first, "a value")
		return &node{}
	}
	return table.put(path[last], path[last].at, value)
}

// key reads a dotted key and the blanks after it. It returns nil after a
// mistake. The next key overwrites it.
func (s *scanner) key() []part {
	path := s.path[:0]
	for {
		s.skip(false)
		p := part{at: s.i}
		switch c := s.peek(); {
		case c == '"' || c == '\'':
			mistakes := len(s.mistakes)
			if !s.str(1) || len(s.mistakes) > mistakes {
				return nil
			}
			p.name = unquoted(s.text[p.at:s.i])
		default:
			for isBare(s.peek()) {
				s.i++
			}
			p.name = string(s.text[p.at:s.i])
		}
		if s.i == p.at {
			s.noKey()
			return nil
		}
		path = append(path, p)
		s.skip(false)
		if s.peek() != '.' {
			s.path = path
			return path
		}
		if len(path) == maxDepth {
			s.tooDeep()
			return nil
		}
		s.i++
	}
}

// readValue reads a value, and records its bounds, entries, and keys in n.
func (s *scanner) readValue(n *node) (ok bool) {
	n.value = s.i
	switch c := s.peek(); {
	case c == '"' || c == '\'':
		mistakes := len(s.mistakes)
		if ok = s.str(3); ok && len(s.mistakes) > mistakes {
			n.bad = true
			s.cuts = append(s.cuts, cut{n.value, s.i, "0"})
		}
	case c != '[' && c != '{':
		ok = true
		s.plain(n)
	case s.depth == maxDepth:
		return s.tooDeep()
	default:
		s.depth++
		before := s.owner
		s.owners++
		s.owner = s.owners
		s.i++
		ok = s.list(n, c == '{')
		s.owner = before
		s.depth--
	}
	n.end = s.i
	return ok
}

// list reads the entries of a list, or the pairs of an inline table.
func (s *scanner) list(n *node, table bool) bool {
	end, what, do := byte(']'), "this list goes on without a comma or a closing bracket",
		"put a comma between its entries, and ] after the last"
	if table {
		end, what, do = '}', "this table goes on without a comma or a closing brace",
			"put a comma between its keys, and } after the last"
	} else {
		n.entries = []*node{}
	}
	for s.skip(true); s.peek() != end; s.skip(true) {
		switch {
		case s.i == len(s.text):
			return s.fail(s.i, "bad-toml", what, do)
		case s.peek() == ',':
			return s.fail(s.i, "bad-toml", "there is a comma without a value before it", "remove the comma")
		case table && !s.pair(n), !table && !s.readValue(n.entry(s.i, s.i, value)):
			return false
		}
		if s.skip(true); s.peek() == ',' {
			s.i++
		} else if s.peek() != end {
			return s.fail(s.i, "bad-toml", what, do)
		}
	}
	s.i++
	return true
}

// plain reads a value that is neither in quotation marks nor in brackets.
func (s *scanner) plain(n *node) {
	ends := "#\n"
	if s.depth > 0 {
		ends = ",]}#\n"
	}
	rest := s.text[s.i:]
	if i := bytes.IndexAny(rest, ends); i >= 0 {
		rest = rest[:i]
	}
	token := strings.TrimRight(string(rest), " \t\r")
	s.i += len(token)
	n.end = s.i
	switch {
	case token == "true", token == "false":
	case token != "" && strings.IndexByte("+-0123456789in", token[0]) >= 0 && !wrongOffset.MatchString(token) &&
		(token[0] < 'a' || token == "inf" || token == "nan"):
		s.values = append(s.values, n)
	default:
		s.noValue(n, token)
	}
}

// escape matches a valid escape.
var escape = regexp.MustCompile(`^\\(?:[btnfre"\\]|[ \t]*\n|x[0-9A-Fa-f]{2}` +
	`|u(?:[0-9ABCEFabcef][0-9A-Fa-f]|[Dd][0-7])[0-9A-Fa-f]{2}|U00(?:0[0-9A-Fa-f]|10)[0-9A-Fa-f]{4})`)

// str reads a text in quotation marks: one, or, if most is 3, one or three. It
// reports whether the text is closed.
func (s *scanner) str(most int) bool {
	from, mark := s.i, s.text[s.i:s.i+1]
	if three := bytes.Repeat(mark, 3); most == 3 && bytes.HasPrefix(s.text[s.i:], three) {
		mark = three
	}
	s.i += len(mark)
	for ; s.i < len(s.text); s.i++ {
		switch c := s.text[s.i]; {
		case c == '\\' && mark[0] == '"':
			loc := escape.FindIndex(s.text[s.i:])
			if loc == nil || len(mark) == 1 && s.text[s.i+loc[1]-1] == '\n' {
				s.fail(s.i, "bad-toml", "a backslash in this text is before a character that it cannot escape",
					`write two backslashes for one, or put the text between single quotation marks: 'C:\texts'`)
				continue
			}
			s.i += loc[1] - 1
		case bytes.HasPrefix(s.text[s.i:], mark):
			s.i += len(mark)
			// A text in three quotation marks can end with up to two more.
			for n := 0; n < len(mark)-1 && s.peek() == c; n++ {
				s.i++
			}
			return true
		case c == '\n' && len(mark) == 1:
			return s.unclosed(s.i)
		}
	}
	if len(mark) == 1 {
		return s.unclosed(s.i)
	}
	return s.fail(from, "bad-toml", "this text is not closed before the end",
		"close it with the three marks that it begins with")
}

// control adds the mistakes of control characters, and replaces them with spaces
// in a copy of the text.
func (s *scanner) control() {
	is := func(c rune) bool { return c < ' ' && c != '\n' && c != '\t' || c == 0x7f }
	if bytes.IndexFunc(s.text, is) >= 0 {
		s.text = slices.Clone(s.text)
	}
	for i, c := range s.text {
		if is(rune(c)) {
			s.controlCharacter(i)
			s.text[i] = ' '
		}
	}
}

// endOfLine reports whether a header or a value is the last in its line, apart from a
// comment. Otherwise it adds a mistake.
func (s *scanner) endOfLine() bool {
	s.skip(false)
	if c := s.peek(); s.i == len(s.text) || c == '\n' || c == '#' {
		return true
	}
	return s.behindValue()
}

// peek returns the next byte. At the end of the text it returns 0.
func (s *scanner) peek() byte {
	if s.i < len(s.text) {
		return s.text[s.i]
	}
	return 0
}

// skip skips spaces and tabs and, if lines is set, line feeds and comments.
func (s *scanner) skip(lines bool) {
	for s.i < len(s.text) {
		switch c := s.text[s.i]; {
		case c == ' ' || c == '\t', lines && c == '\n':
			s.i++
		case lines && c == '#':
			s.skipLine()
		default:
			return
		}
	}
}

func (s *scanner) skipLine() {
	if i := bytes.IndexByte(s.text[s.i:], '\n'); i >= 0 {
		s.i += i + 1
	} else {
		s.i = len(s.text)
	}
}
