package toml

import (
	"bytes"
	"strconv"
	"unicode/utf8"
)

// This file finds the positions of keys and values. It is not a second parser:
// it assumes that the library accepted the text, and finds only where things
// begin and end. On an invalid text it stops, and everything before the first
// mistake is right; this is how a duplicate key gets the position of the first
// one.

// A scanner reads a text once.
type scanner struct {
	text   []byte
	i      int
	depth  int
	root   *node
	inline bool // the current key is in an inline table
	twice  []twice
}

// A twice is a duplicate key.
type twice struct {
	path          []part
	first, second int // offsets of the key
	from, to      int // the whole line with key and value if it can be removed; otherwise 0, 0
}

// A part is one of the names of a dotted key.
type part struct {
	name string
	at   int
}

func scan(text []byte) *scanner {
	s := &scanner{text: text, root: &node{written: true}}
	table := s.root
	for s.blank(true); s.i < len(s.text); s.blank(true) {
		from := s.i
		if s.text[s.i] == '[' {
			table = s.header(table)
		} else if !s.pair(table) || s.i == from {
			s.skipLine()
		}
	}
	return s
}

// header reads [a.b] or [[a.b]] and returns the table that the keys below it
// belong to. Without a header it returns before.
func (s *scanner) header(before *node) *node {
	at := s.i
	list := bytes.HasPrefix(s.text[at:], []byte("[["))
	s.i++
	if list {
		s.i++
	}
	path := s.key()
	s.skipLine()
	if len(path) == 0 {
		return before
	}
	n := s.root
	for _, p := range path[:len(path)-1] {
		n = n.enter(p, at)
	}
	last := path[len(path)-1]
	if list {
		all := n.keys[last.name]
		if all == nil {
			all = n.put(last, at)
			all.entries = []*node{}
		} else if all.entries == nil {
			s.twice = append(s.twice, twice{path: path, first: all.key, second: last.at})
			return &node{}
		}
		all.written = true
		e := &node{key: last.at, value: at, written: true}
		all.entries = append(all.entries, e)
		return e
	}
	if n.keys[last.name] == nil {
		n.put(last, at)
	}
	table := n.keys[last.name]
	if table.written {
		s.twice = append(s.twice, twice{path: path, first: table.key, second: last.at})
		return &node{}
	}
	table.key, table.value, table.written = last.at, at, true
	return table
}

// pair reads key = value into a table. It returns false if there is none.
func (s *scanner) pair(table *node) bool {
	from, inline := s.i, s.inline
	path := s.key()
	s.blank(false)
	if len(path) == 0 || s.i >= len(s.text) || s.text[s.i] != '=' {
		return false
	}
	s.i++
	s.blank(false)
	for _, p := range path[:len(path)-1] {
		table = table.enter(p, p.at)
	}
	last := path[len(path)-1]
	if first := table.keys[last.name]; first != nil {
		s.value(&node{})
		t := twice{path: path, first: first.key, second: last.at}
		if !inline {
			t.from, t.to = from, s.i
		}
		s.twice = append(s.twice, t)
		return true
	}
	n := table.put(last, s.i)
	n.written = true
	s.value(n)
	return true
}

// key reads a dotted key. It returns nil if there is none.
func (s *scanner) key() []part {
	var path []part
	for {
		s.blank(false)
		p := part{at: s.i}
		switch {
		case s.i >= len(s.text):
			return nil
		case s.text[s.i] == '"':
			s.str()
			p.name = unescaped(trimQuotes(s.text[p.at:s.i]))
		case s.text[s.i] == '\'':
			s.str()
			p.name = string(trimQuotes(s.text[p.at:s.i]))
		default:
			for s.i < len(s.text) && isBare(s.text[s.i]) {
				s.i++
			}
			if s.i == p.at {
				return nil
			}
			p.name = string(s.text[p.at:s.i])
		}
		path = append(path, p)
		s.blank(false)
		if s.i >= len(s.text) || s.text[s.i] != '.' || len(path) > maxDepth {
			return path
		}
		s.i++
	}
}

// value reads a value, and records in n where it is and what it contains.
func (s *scanner) value(n *node) {
	n.value = s.i
	defer func() { n.end = s.i }()
	if s.i >= len(s.text) {
		return
	}
	switch s.text[s.i] {
	case '"', '\'':
		s.str()
	case '[', '{':
		if s.depth++; s.depth > maxDepth {
			s.i = len(s.text)
		} else if s.text[s.i] == '[' {
			s.list(n)
		} else {
			s.table(n)
		}
		s.depth--
	default:
		for s.i < len(s.text) && bytes.IndexByte([]byte(",]}#\n"), s.text[s.i]) < 0 {
			s.i++
		}
		s.i = n.value + len(bytes.TrimRight(s.text[n.value:s.i], " \t\r"))
	}
}

func (s *scanner) list(n *node) {
	n.entries = []*node{}
	for s.i++; s.blankComma() && s.text[s.i] != ']'; {
		e := &node{key: s.i, written: true}
		from := s.i
		s.value(e)
		if s.i == from {
			return
		}
		n.entries = append(n.entries, e)
	}
	s.i = min(s.i+1, len(s.text))
}

func (s *scanner) table(n *node) {
	before := s.inline
	s.inline = true
	for s.i++; s.blankComma() && s.text[s.i] != '}'; {
		if !s.pair(n) {
			break
		}
	}
	s.inline = before
	s.i = min(s.i+1, len(s.text))
}

// str reads a string of any of the four kinds.
func (s *scanner) str() {
	quote := s.text[s.i]
	three := bytes.Repeat([]byte{quote}, 3)
	long := bytes.HasPrefix(s.text[s.i:], three)
	s.i++
	if long {
		s.i += 2
	}
	for s.i < len(s.text) {
		switch c := s.text[s.i]; {
		case c == '\\' && quote == '"':
			s.i = min(s.i+2, len(s.text))
		case c == quote && !long:
			s.i++
			return
		case c == quote && bytes.HasPrefix(s.text[s.i:], three):
			s.i += 3
			// Up to two more quotation marks belong to the string before its
			// end.
			for range 2 {
				if s.i < len(s.text) && s.text[s.i] == quote {
					s.i++
				}
			}
			return
		case c == '\n' && !long:
			return
		default:
			s.i++
		}
	}
}

// blank skips spaces, and with lines also line feeds and comments.
func (s *scanner) blank(lines bool) {
	for s.i < len(s.text) {
		switch c := s.text[s.i]; {
		case c == ' ' || c == '\t', lines && (c == '\n' || c == '\r'):
			s.i++
		case lines && c == '#':
			s.skipLine()
		default:
			return
		}
	}
}

// blankComma skips to the next entry. It returns false at the end of the text.
func (s *scanner) blankComma() bool {
	for s.blank(true); s.i < len(s.text) && s.text[s.i] == ','; s.blank(true) {
		s.i++
	}
	return s.i < len(s.text)
}

func (s *scanner) skipLine() {
	i := bytes.IndexByte(s.text[s.i:], '\n')
	if i < 0 {
		s.i = len(s.text)
		return
	}
	s.i += i + 1
}

// tooDeep finds the offset at which a text, valid or not, is nested deeper than
// maxDepth. Counting shows for almost every text that it is not.
func tooDeep(text []byte) (at int, deep bool) {
	if bytes.Count(text, []byte("["))+bytes.Count(text, []byte("{")) <= maxDepth &&
		bytes.Count(text, []byte(".")) <= maxDepth {
		return 0, false
	}
	s := &scanner{text: text}
	dots, open := 0, 0
	for s.i < len(s.text) {
		switch s.text[s.i] {
		case '"', '\'':
			s.str()
			continue
		case '#':
			s.skipLine()
			dots = 0
			continue
		case '[', '{':
			open++
		case ']', '}':
			open = max(0, open-1)
		case '.':
			dots++
		case '\n', '=', ',':
			dots = 0
		}
		if dots >= maxDepth || open > maxDepth {
			return s.i, true
		}
		s.i++
	}
	return 0, false
}

func trimQuotes(b []byte) []byte {
	if len(b) < 2 || b[len(b)-1] != b[0] {
		return b[min(1, len(b)):]
	}
	return b[1 : len(b)-1]
}

// unescaped returns the content of a basic string.
func unescaped(b []byte) string {
	if bytes.IndexByte(b, '\\') < 0 {
		return string(b)
	}
	out := make([]byte, 0, len(b))
	for i := 0; i < len(b); i++ {
		if b[i] != '\\' || i+1 == len(b) {
			out = append(out, b[i])
			continue
		}
		i++
		digits := 0
		switch b[i] {
		case 'b':
			out = append(out, '\b')
		case 't':
			out = append(out, '\t')
		case 'n':
			out = append(out, '\n')
		case 'f':
			out = append(out, '\f')
		case 'r':
			out = append(out, '\r')
		case 'e':
			out = append(out, 0x1b)
		case 'x':
			digits = 2
		case 'u':
			digits = 4
		case 'U':
			digits = 8
		default:
			out = append(out, b[i])
		}
		if digits > 0 && i+digits < len(b) {
			if r, err := strconv.ParseUint(string(b[i+1:i+1+digits]), 16, 31); err == nil {
				out = utf8.AppendRune(out, rune(r))
			}
			i += digits
		}
	}
	return string(out)
}
