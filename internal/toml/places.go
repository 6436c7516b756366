package toml

import (
	"strconv"
	"sync"

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
	start, end int

	once sync.Once
	root *node
}

// Key returns the position of a key. For an entry it is the position of the
// value, or of the key in the entry's own header.
func (p *Places) Key(path ...string) source.Pos {
	n, all := p.find(path)
	if !all {
		return p.pos(n.value)
	}
	return p.pos(n.key)
}

// Value returns the position of a value.
func (p *Places) Value(path ...string) source.Pos {
	n, _ := p.find(path)
	return p.pos(n.value)
}

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

// raw returns a value as its author wrote it, or "" for a table with a header.
func (p *Places) raw(path ...string) string {
	n, all := p.find(path)
	if !all || n.end <= n.value {
		return ""
	}
	return string(p.text()[n.value:n.end])
}

func (p *Places) text() []byte { return p.file.Text[p.start:p.end] }

func (p *Places) pos(offset int) source.Pos { return p.file.Pos(p.start + offset) }

// find returns the node of a path, or the deepest node on the way to it.
func (p *Places) find(path []string) (n *node, all bool) {
	p.once.Do(func() { p.root = scan(p.text()).root })
	n = p.root
	for _, step := range path {
		next := n.step(step)
		if next == nil {
			return n, false
		}
		n = next
	}
	return n, true
}

// A node is a key with its value, or an entry of a list, as written in the
// text. Offsets count from the beginning of the text.
type node struct {
	key, value int
	end        int              // after the value; 0 for a table with a header
	keys       map[string]*node // for a table
	entries    []*node          // for a list
	written    bool             // it has a value or a header, and is not only part of a path
}

func (n *node) step(name string) *node {
	if n.entries != nil {
		i, err := strconv.Atoi(name)
		if err != nil || i < 0 || i >= len(n.entries) || name != strconv.Itoa(i) {
			return nil
		}
		return n.entries[i]
	}
	return n.keys[name]
}

// enter returns the table of a key, and creates it if necessary. For a list of
// tables it is the last one.
func (n *node) enter(p part, value int) *node {
	next := n.keys[p.name]
	if next == nil {
		next = n.put(p, value)
	}
	if len(next.entries) > 0 {
		return next.entries[len(next.entries)-1]
	}
	return next
}

func (n *node) put(p part, value int) *node {
	next := &node{key: p.at, value: value}
	if n.keys == nil {
		n.keys = map[string]*node{}
	}
	n.keys[p.name] = next
	return next
}

// named returns the key whose value begins at an offset, or has an entry that
// does.
func (n *node) named(offset int) (key string, entry, ok bool) {
	for name, k := range n.keys {
		if k.value == offset && k.keys == nil && k.entries == nil {
			return name, false, true
		}
		if key, entry, ok := k.named(offset); ok {
			if key == "" {
				key = name
			}
			return key, entry, true
		}
	}
	for _, e := range n.entries {
		if e.value == offset && e.keys == nil && e.entries == nil {
			return "", true, true
		}
		if key, entry, ok := e.named(offset); ok {
			return key, entry, true
		}
	}
	return "", false, false
}
