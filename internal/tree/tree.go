// Package tree describes a finished site that has not been rendered.
//
// Its two fundamental types are Tree, the entries of a site sorted by path, and
// Entry, a path with a key and a function that renders it.
//
// # Keys
//
// The key of an entry is a digest of everything that its bytes depend on. Two
// entries with the same path and the same key have the same bytes, so whether an
// entry changed is known without rendering it. There is no dependency graph, and no
// invalidation that could be wrong.
//
// # Order
//
// Every entry has a stage. Publish the stages one after the other, so that no
// page is online before what it needs: first assets, then pages, then lists of
// pages, and the home page last. Removals follow, in the opposite order.
package tree

import (
	"bytes"
	"crypto/sha256"
	"encoding/binary"
	"encoding/hex"
	"fmt"
	"hash"
	"io/fs"
	"slices"
	"strings"
)

// A Key is a digest of everything that an entry depends on.
type Key [16]byte

func (k Key) String() string { return hex.EncodeToString(k[:]) }

// A Stage determines when an entry is published.
type Stage uint8

// The stages, in the order in which they are published.
const (
	Asset Stage = iota // style sheets and images: needed by pages, named by their content
	Leaf               // permalinks, redlines, texts: linked from lists
	List               // pages in force, archives, feeds, host files
	Home               // the home page
)

// An Entry is one file of a site.
type Entry struct {
	Path  string // relative to the output, with forward slashes: privacy/index.html
	Type  string // media type, as in Content-Type
	Key   Key
	Stage Stage

	// Keeps names the version whose text the entry shows permanently, such as
	// privacy/2026-01-01, or the two versions of a redline, such as
	// privacy/2024-03-01..2026-01-01. It is empty for entries that can change
	// and disappear. Text is the SHA-256 digest of that text in its normal
	// form, as in the record, or of both digests of a redline: the look of such
	// a page can change, its text cannot.
	Keeps string
	Text  [sha256.Size]byte

	// Turn groups entries that should be rendered one after the other, because
	// they use the same texts: entries with equal or consecutive turns. The
	// highest turn is first, because the texts loaded last are still in caches.
	Turn int

	// Render appends the entry's bytes to b. It can be called at any time, more
	// than once, and by several goroutines; the bytes are always the same. If
	// the user can fix the error, it has a method Problem() *source.Problem;
	// otherwise it is a read error.
	Render func(b *bytes.Buffer) error
}

// A Tree is a finished site: entries sorted by path, each path once.
type Tree []Entry

// New sorts entries into a Tree. It panics if two have the same path, or if a path
// is not clean; planning must prevent that.
func New(parts ...[]Entry) Tree {
	type sorted struct {
		path  string
		entry *Entry
	}
	n := 0
	for _, part := range parts {
		n += len(part)
	}
	order, t := make([]sorted, 0, n), make(Tree, 0, n)
	for _, part := range parts {
		for i := range part {
			order = append(order, sorted{part[i].Path, &part[i]})
		}
	}
	slices.SortFunc(order, func(a, b sorted) int { return strings.Compare(a.path, b.path) })
	before := ""
	for i, s := range order {
		if !fs.ValidPath(s.path) || s.path == "." || strings.ContainsAny(s.path, "\\\x00\n") {
			panic(fmt.Sprintf("privgen: internal error: path %q is not clean", s.path))
		}
		if below, ok := strings.CutPrefix(s.path, before); i > 0 && ok && (below == "" || below[0] == '/') {
			panic(fmt.Sprintf("privgen: internal error: two entries at %q", before))
		}
		t, before = append(t, *s.entry), s.path
	}
	return t
}

// Find returns the entry at a path, or nil.
func (t Tree) Find(path string) *Entry {
	i, ok := slices.BinarySearchFunc(t, path, func(e Entry, p string) int { return strings.Compare(e.Path, p) })
	if !ok {
		return nil
	}
	return &t[i]
}

// A Hash computes a Key from parts. It separates parts: "ab" and "c" have another
// key than "a" and "bc". The zero Hash is not ready to use; call NewHash.
type Hash struct {
	buf  [512]byte // an array, so that most keys allocate nothing
	n    int       // number of bytes in buf
	full hash.Hash // of the bytes before those in buf, or nil
}

// NewHash starts a key. The kind separates entries of different kinds.
func NewHash(kind string) *Hash { return (&Hash{}).Text(kind) }

func (h *Hash) add(b []byte) { add(h, b) }

// add adds bytes.
func add[T []byte | string](h *Hash, b T) {
	for len(b) > 0 {
		if h.n == len(h.buf) {
			h.flush()
		}
		n := copy(h.buf[h.n:], b)
		h.n, b = h.n+n, b[n:]
	}
}

// flush moves the bytes of the buffer to full.
func (h *Hash) flush() {
	if h.full == nil {
		h.full = sha256.New()
	}
	h.full.Write(bytes.Clone(h.buf[:h.n])) // a copy, or every Hash would be on the heap
	h.n = 0
}

func (h *Hash) addLength(n int) {
	var b [binary.MaxVarintLen64]byte
	h.add(b[:binary.PutUvarint(b[:], uint64(n))])
}

// Text adds a string.
func (h *Hash) Text(s string) *Hash {
	h.addLength(len(s))
	add(h, s)
	return h
}

// Texts adds strings and their number.
func (h *Hash) Texts(s ...string) *Hash {
	h.addLength(len(s))
	for _, s := range s {
		h.Text(s)
	}
	return h
}

// Int adds a number.
func (h *Hash) Int(n int) *Hash {
	var b [binary.MaxVarintLen64]byte
	h.add(b[:binary.PutVarint(b[:], int64(n))])
	return h
}

// Bool adds a boolean.
func (h *Hash) Bool(b bool) *Hash {
	if b {
		return h.Int(1)
	}
	return h.Int(0)
}

// Key adds another key.
func (h *Hash) Key(k Key) *Hash {
	h.add(k[:])
	return h
}

// Bytes adds a digest or any other bytes.
func (h *Hash) Bytes(b []byte) *Hash {
	h.addLength(len(b))
	h.add(b)
	return h
}

// Sum returns the key of everything added so far.
func (h *Hash) Sum() Key {
	if h.full == nil {
		sum := sha256.Sum256(h.buf[:h.n])
		return Key(sum[:16])
	}
	h.flush()
	var sum [sha256.Size]byte
	return Key(h.full.Sum(sum[:0]))
}
