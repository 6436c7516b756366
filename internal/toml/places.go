package toml

import (
	"strconv"
	"strings"

	"github.com/privgen/privgen/internal/source"
)

// Places finds the positions of the keys and values of a decoded text.
//
// A path names a value as keys from the top: "site", "title". An entry of a
// list is named by its index: "header", "1", "href". The position of a key is
// its first character, including in the header of a table: the s in [site]. The
// position of a table's value is its bracket or brace. For a path that is not
// in the text, the result is the position of the nearest table or list around
// it; for the whole text, its start.
//
// Several goroutines can use a Places. It keeps its file in memory.
type Places struct {
	file       *source.File
	start      int
	root       *node
	incomplete bool
}

// Whole reports whether all keys of the text were read. It is false after a mistake
// that hides where keys or tables begin.
func (p *Places) Whole() bool { return !p.incomplete }

// Key returns the position of a key. For an entry it is the position of the
// value, or of the key in the entry's own header.
func (p *Places) Key(path ...string) source.Pos {
	n, _ := p.find(path)
	return p.pos(n.key)
}

// Value returns the position of a value.
func (p *Places) Value(path ...string) source.Pos { return p.file.Pos(p.Offset(path...)) }

// Offset returns the offset of a value in the file.
func (p *Places) Offset(path ...string) int {
	n, _ := p.find(path)
	return p.start + n.value
}

// Has reports whether the path is in the text.
func (p *Places) Has(path ...string) bool {
	_, all := p.find(path)
	return all
}

func (p *Places) pos(offset int) source.Pos { return p.file.Pos(p.start + offset) }

// find returns the node of a path. If there is none, the node has the position
// of the deepest value on the path.
func (p *Places) find(path []string) (n *node, all bool) {
	n = p.root
	for _, step := range path {
		next := n.keys[step]
		if i, err := strconv.Atoi(step); err == nil && i >= 0 && i < len(n.entries) && step == strconv.Itoa(i) {
			next = n.entries[i]
		}
		if next == nil {
			return n.child(step), false
		}
		n = next
	}
	return n, true
}

// A kind is the way in which a node was written.
type kind int

const (
	none     kind = iota // not in the text, or not in its tree
	value                // key = value; nothing can be added to it
	dotted               // a table that a dotted key implies; only keys of the same owner can be added to it
	implicit             // a table that only a longer header implies
	explicit             // a table with a header
	tables               // a list of [[tables]]
)

// A node is a key with its value, or an entry of a list, as written in the
// text. Offsets count from the beginning of the text.
type node struct {
	up         *node // the table or list around it; nil for the text
	name       string
	index      int // of an entry, from 1; 0 for a key
	kind       kind
	owner      int // of a dotted table: the scanner's owner of the keys that imply it
	key, value int
	end        int              // after the value; 0 for a table with a header
	keys       map[string]*node // of a table
	entries    []*node          // of a list
	bad        bool             // the value is a mistake
}

// put adds a key to a table.
func (n *node) put(p part, at int, kind kind) *node {
	if n.keys == nil {
		n.keys = map[string]*node{}
	}
	next := &node{up: n, name: p.name, key: p.at, value: at, kind: kind}
	n.keys[p.name] = next
	return next
}

// entry adds an entry to a list.
func (n *node) entry(key, at int, kind kind) *node {
	next := &node{up: n, index: len(n.entries) + 1, key: key, value: at, kind: kind}
	n.entries = append(n.entries, next)
	return next
}

// child returns the node of a key. For a key that is not in the text, it
// returns one at the table's position.
func (n *node) child(name string) *node {
	if next := n.keys[name]; next != nil {
		return next
	}
	return &node{up: n, name: name, key: n.value, value: n.value}
}

// label returns the name of a value in a sentence: title, or entry 2 of changes.
func (n *node) label() string {
	switch {
	case n.up == nil:
		return "the text"
	case n.index > 0:
		return "entry " + strconv.Itoa(n.index) + " of " + n.up.label()
	}
	return bare(n.name)
}

// here returns the name of a table: [site], [[header]]. It is empty for the
// text.
func (n *node) here() string {
	if n.up == nil {
		return ""
	}
	return n.header(n.index > 0)
}

// header returns the line that opens a table.
func (n *node) header(list bool) string {
	name := ""
	for ; n.up != nil; n = n.up {
		if n.index == 0 {
			name = bare(n.name) + "." + name
		}
	}
	name = strings.TrimSuffix(name, ".")
	if list {
		return "[[" + name + "]]"
	}
	return "[" + name + "]"
}

// assign returns what to type for a value: key = value, or, for an entry, the value.
func (n *node) assign(value string) string {
	if n.up == nil || n.index > 0 {
		return value
	}
	return bare(n.name) + " = " + value
}
