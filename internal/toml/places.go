package toml

import (
	"strconv"
	"sync"

	"github.com/privgen/privgen/internal/source"
)

// Places knows where the keys and values of a decoded text stand.
//
// A path names a value as keys from the top: "site", "title". An entry of a
// list is named by its number from 0: "header", "1", "href". The place of a key
// is its first character, also in the header of a table: the s in [site]. The
// place of a table's value is its bracket or brace. What is not in the text is
// answered with the nearest table or list around it that is; for the whole
// text, with its start.
//
// A Places may be asked by several goroutines. It holds on to its file.
type Places struct {
	file       *source.File
	start, end int

	once sync.Once
	root *node
}

// Key gives the place of a key. Of an entry it is the place of the value, or
// of the key in the entry's own header.
func (p *Places) Key(path ...string) source.Pos {
	n, all := p.find(path)
	if !all {
		return p.pos(n.value)
	}
	return p.pos(n.key)
}

// Value gives the place of a value.
func (p *Places) Value(path ...string) source.Pos {
	n, _ := p.find(path)
	return p.pos(n.value)
}

// Has reports whether the path is in the text.
func (p *Places) Has(path ...string) bool {
	_, all := p.find(path)
	return all
}

// raw gives a value as its author wrote it, or nothing for a table that has a
// header.
func (p *Places) raw(path ...string) string {
	n, all := p.find(path)
	if !all || n.end <= n.value {
		return ""
	}
	return string(p.text()[n.value:n.end])
}

func (p *Places) text() []byte { return p.file.Text[p.start:p.end] }

func (p *Places) pos(offset int) source.Pos { return p.file.Pos(p.start + offset) }

// find gives the node of a path, or the deepest on the way to it.
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

// A node is a key with its value, or an entry of a list, as it stands in the
// text. Offsets count from the beginning of the text.
type node struct {
	key, value int
	end        int              // behind the value; 0 for a table with a header
	keys       map[string]*node // of a table
	entries    []*node          // of a list
	written    bool             // a value or a header stands for it, not only a path that leads through it
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

// enter gives the table behind a key, and makes it when it is not there. Of a
// list of tables it is the last one.
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

// named gives the key whose value begins at an offset, or that has an entry
// which does.
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
