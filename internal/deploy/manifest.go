package deploy

import (
	"bufio"
	"bytes"
	"cmp"
	"compress/gzip"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"slices"
	"strings"
	"sync"
	"unique"

	"github.com/privgen/privgen/internal/store"
)

// The paths of privgen's own files on a store.
const (
	manifestPath = store.OwnFolder + "manifest.gz"
	pendingPath  = store.OwnFolder + "pending.gz"
	lockPath     = store.OwnFolder + "lock"
	deploysDir   = store.OwnFolder + "deploys/"
	keptDir      = store.OwnFolder + "kept/"
	replacedDir  = store.OwnFolder + "replaced/"
)

// manifestForm is the form of a manifest. It changes when an older privgen cannot read
// a new manifest.
const manifestForm = "privgen manifest 1"

// maxManifest limits the uncompressed bytes of a manifest: a hundred times those of
// 40,000 objects.
const maxManifest = 1 << 30

// A Manifest lists what a deploy left on a store. Everybody may read it: it has
// what a deploy and an outsider's verify need, but no reasons, and no names of
// people or machines. Its bytes are compressed JSON: a line for the Manifest
// without its objects, then a line for each object.
type Manifest struct {
	Form   string `json:"form"`
	Number int    `json:"number"` // of the deploy, from 1
	At     string `json:"at"`     // when, RFC 3339 in UTC
	Site   string `json:"site"`   // the address of the site
	// a digest of what drew it: keys of another program do not count
	Program string `json:"program"`
	// by digest, what lies in .privgen/kept: the last deploy that had it
	Kept    map[string]int `json:"kept,omitempty"`
	Changed []string       `json:"changed,omitempty"` // versions whose promise was changed on purpose, sorted
	Stale   []string       `json:"stale,omitempty"`   // of a pending one: paths that readers may have in caches
	// the ends of the chain of privgen.lock: a later lock file still has them
	Record []string `json:"record,omitempty"`
	Back   int      `json:"rolled_back,omitempty"` // the deploy that this one brought back

	Items []Item `json:"-"` // sorted by path
}

// An Item is an object in a Manifest.
type Item struct {
	Path  string `json:"path"`
	SHA   string `json:"sha256"`
	Size  int64  `json:"size"`
	Type  string `json:"type"`
	Cache string `json:"cache,omitempty"`
	Keeps string `json:"keeps,omitempty"`
	Text  string `json:"text,omitempty"`
	Tag   string `json:"tag,omitempty"`
	Key   string `json:"key,omitempty"`   // of the tree's entry that drew it
	Stage int    `json:"stage,omitempty"` // of the tree's entry
	Last  int    `json:"last,omitempty"`  // for what the site has no more: the last deploy whose site had it
}

func (i *Item) object() store.Object {
	return store.Object{Path: i.Path, Size: i.Size, Tag: i.Tag, SHA: i.SHA, Type: i.Type, Cache: i.Cache,
		Keeps: i.Keeps, Text: i.Text}
}

// find returns the item at a path, or nil.
func (m *Manifest) find(path string) *Item {
	if m == nil {
		return nil
	}
	i, ok := slices.BinarySearchFunc(m.Items, path, comparePath)
	if !ok {
		return nil
	}
	return &m.Items[i]
}

func comparePath(i Item, path string) int { return strings.Compare(i.Path, path) }

func sortByPath(items []Item) {
	slices.SortStableFunc(items, func(a, b Item) int { return strings.Compare(a.Path, b.Path) })
}

// equal reports whether two manifests have the same bytes.
func (m *Manifest) equal(o *Manifest) bool {
	a, b := *m, *o
	a.Items, b.Items = nil, nil
	return slices.Equal(m.Items, o.Items) && bytes.Equal(a.Encode(), b.Encode())
}

// packers caches writers: each has a megabyte of tables.
var packers = sync.Pool{New: func() any { return gzip.NewWriter(nil) }}

// Encode returns the manifest as bytes. Equal manifests have equal bytes.
func (m *Manifest) Encode() []byte {
	var b bytes.Buffer
	z := packers.Get().(*gzip.Writer)
	defer packers.Put(z)
	z.Reset(&b)
	e := json.NewEncoder(z)
	e.SetEscapeHTML(false)
	err := e.Encode(m)
	for i := range m.Items {
		if err == nil {
			err = e.Encode(&m.Items[i])
		}
	}
	if err = cmp.Or(err, z.Close()); err != nil {
		panic("privgen: internal error: writing a manifest: " + err.Error())
	}
	return b.Bytes()
}

// readManifest reads what Encode wrote.
func readManifest(r io.Reader) (*Manifest, error) {
	z, err := gzip.NewReader(r)
	if err != nil {
		return nil, fmt.Errorf("this is not a manifest of privgen: %w", err)
	}
	d := json.NewDecoder(bufio.NewReader(io.LimitReader(z, maxManifest)))
	m := &Manifest{}
	if err := d.Decode(m); err != nil {
		return nil, fmt.Errorf("this is not a manifest of privgen: %w", err)
	}
	if m.Form != manifestForm {
		return nil, fmt.Errorf("this manifest is of the form %q, and this privgen knows %q", m.Form, manifestForm)
	}
	for {
		var i Item
		switch err := d.Decode(&i); {
		case err == io.EOF:
			sortByPath(m.Items)
			return m, nil
		case err != nil:
			return nil, fmt.Errorf("the manifest is broken: %w", err)
		case !fs.ValidPath(i.Path) || i.Path == "." || strings.HasPrefix(i.Path, store.OwnFolder):
			return nil, fmt.Errorf("the manifest has the path %q, which no site has", i.Path)
		}
		for _, s := range []*string{&i.Type, &i.Cache, &i.Keeps, &i.Text} { // few values, in many items
			*s = unique.Make(*s).Value()
		}
		m.Items = append(m.Items, i)
	}
}

// fetchManifest reads a manifest and its tag. It returns nil if there is none.
func fetchManifest(ctx context.Context, s store.Store, path string) (*Manifest, string, error) {
	r, o, err := s.Get(ctx, path)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, "", nil
	}
	if err != nil {
		return nil, "", failed("read", path, err)
	}
	defer r.Close()
	m, err := readManifest(r)
	return m, o.Tag, failed("read", path, err)
}

// putBytes writes one of privgen's own files.
func putBytes(ctx context.Context, s store.Store, path string, b []byte, when store.Condition) (string, error) {
	o := store.Object{Path: path, Size: int64(len(b)), SHA: store.Digest(b), Type: "application/octet-stream",
		Cache: "no-store"}
	tag, err := s.Put(ctx, o, io.NewSectionReader(bytes.NewReader(b), 0, int64(len(b))), when)
	if err != nil && !errors.Is(err, store.ErrTaken) {
		return "", failed("write", path, err)
	}
	return tag, err
}
