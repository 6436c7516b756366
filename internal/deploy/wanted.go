package deploy

import (
	"bytes"
	"context"
	"crypto/md5"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"os"
	"path"
	"runtime"
	"slices"
	"sync"

	"github.com/privgen/privgen/internal/source"
	"github.com/privgen/privgen/internal/store"
	"github.com/privgen/privgen/internal/tree"
)

// Wanted has the objects that a store should have, and access to their bytes. Rendered
// bytes are in one file on disk, to save memory.
type Wanted struct {
	Site    string   // the URL of the site
	Program string   // a digest of what identifies the program
	Record  []string // the ends of the chain of its privgen.lock
	Items   []Item   // sorted by path; Tag is the MD5 digest of rendered bytes
	Drawn   int      // how many entries were rendered
	Bytes   int64    // of all objects

	entries tree.Tree
	spool   *os.File
	at      []int64 // where an item's bytes begin in the spool, or -1
	back    bool    // whether it is an earlier deploy, whose bytes the store keeps
}

// draw renders a tree. Entries that a manifest of the same program has with the same
// key are not rendered: their bytes are those of the manifest. The bytes are in a
// file in dir, which Close removes. Wrong has an error for each entry that could not
// be rendered, and then there is no Wanted; err is any other error.
func draw(ctx context.Context, t tree.Tree, last *Manifest, w Wanted, dir string,
	progress func(done, total int)) (_ *Wanted, wrong []error, err error) {
	spool, err := os.CreateTemp(dir, "privgen-deploy-")
	if err != nil {
		return nil, nil, fmt.Errorf("write a temporary file: %w", err)
	}
	// Where the system cannot remove an open file, Close does it.
	_ = os.Remove(spool.Name())
	w.entries, w.spool = t, spool
	w.Program = store.Digest([]byte(w.Program))
	w.Items, w.at = make([]Item, len(t)), make([]int64, len(t))
	if last != nil && last.Program != w.Program {
		last = nil
	}
	var todo []int
	for i := range t {
		e := &t[i]
		w.at[i] = -1
		w.Items[i] = Item{Path: e.Path, Type: e.Type, Cache: cacheOf(e), Key: e.Key.String(), Stage: int(e.Stage)}
		if e.Keeps != "" {
			w.Items[i].Keeps, w.Items[i].Text = e.Keeps, hex.EncodeToString(e.Text[:])
		}
		if was := last.find(e.Path); was != nil && was.Key == w.Items[i].Key && was.Last == 0 {
			w.Items[i].SHA, w.Items[i].Size = was.SHA, was.Size
			w.Items[i].Key = was.Key // shares memory
			if was.Text == w.Items[i].Text {
				w.Items[i].Text = was.Text
			}
		} else {
			todo = append(todo, i)
		}
	}
	// In the order of publishing: lists use what the rendering of pages has cached.
	slices.SortStableFunc(todo, func(a, b int) int { return int(t[a].Stage) - int(t[b].Stage) })
	wrong, err = w.drawAll(ctx, todo, progress)
	if err != nil || len(wrong) > 0 {
		w.Close()
		return nil, wrong, err
	}
	for i := range w.Items {
		w.Bytes += w.Items[i].Size
	}
	return &w, nil, nil
}

// maxWrong is the number of errors after which rendering stops.
const maxWrong = 100

var errEnough = errors.New("enough errors")

func (w *Wanted) drawAll(ctx context.Context, todo []int, progress func(done, total int)) (wrong []error, err error) {
	var mu sync.Mutex
	var end int64
	buffers := sync.Pool{New: func() any { return new(bytes.Buffer) }}
	err = store.Each(ctx, runtime.GOMAXPROCS(0), len(todo), func(ctx context.Context, n int) error {
		i := todo[n]
		b := buffers.Get().(*bytes.Buffer)
		defer buffers.Put(b)
		b.Reset()
		drawing := w.entries[i].Render(b)
		mu.Lock()
		defer mu.Unlock()
		if drawing != nil {
			if wrong = append(wrong, drawing); len(wrong) > maxWrong {
				return errEnough
			}
			return nil
		}
		item := &w.Items[i]
		sum, old := sha256.Sum256(b.Bytes()), md5.Sum(b.Bytes())
		item.SHA, item.Tag, item.Size = hex.EncodeToString(sum[:]), hex.EncodeToString(old[:]), int64(b.Len())
		w.Drawn++
		w.at[i] = end
		if _, err := w.spool.WriteAt(b.Bytes(), end); err != nil {
			return fmt.Errorf("write a temporary file: %w", err)
		}
		end += int64(b.Len())
		if progress != nil {
			progress(w.Drawn, len(todo))
		}
		return nil
	})
	if err == errEnough {
		err = nil
	}
	return wrong, err
}

// Wanted converts the manifest of an earlier deploy to a Wanted. Its bytes are on the
// store already: in place, or kept.
func (m *Manifest) Wanted() *Wanted {
	w := &Wanted{Site: m.Site, Program: m.Program, back: true}
	for _, i := range m.Items {
		if i.Last == 0 {
			i.Tag = ""
			w.Items = append(w.Items, i)
			w.Bytes += i.Size
		}
	}
	return w
}

// Close removes the rendered bytes.
func (w *Wanted) Close() {
	if w.spool == nil {
		return
	}
	w.spool.Close()
	_ = os.Remove(w.spool.Name()) // where it could not be removed while open
}

// find returns the index of a path, or -1.
func (w *Wanted) find(path string) int {
	i, ok := slices.BinarySearchFunc(w.Items, path, comparePath)
	if !ok {
		return -1
	}
	return i
}

// body returns the bytes of an item. It renders an item whose digest was known
// without rendering.
func (w *Wanted) body(i int) (*io.SectionReader, error) {
	item := &w.Items[i]
	if w.at[i] >= 0 {
		return io.NewSectionReader(w.spool, w.at[i], item.Size), nil
	}
	var b bytes.Buffer
	if err := w.entries[i].Render(&b); err != nil {
		return nil, err
	}
	if store.Digest(b.Bytes()) != item.SHA {
		return nil, source.Fix(fmt.Errorf("%s is not what was deployed under the same key", item.Path),
			"run the deploy with --recheck, which draws every page anew")
	}
	return io.NewSectionReader(bytes.NewReader(b.Bytes()), 0, item.Size), nil
}

// cacheOf returns the Cache-Control header of an entry.
func cacheOf(e *tree.Entry) string {
	switch {
	case e.Stage == tree.Asset:
		return "public, max-age=31536000, immutable" // named by its content; RFC 8246
	case e.Stage == tree.Leaf:
		return "public, max-age=86400"
	case path.Ext(e.Path) == ".html":
		return "public, max-age=0, must-revalidate"
	}
	return "public, max-age=300" // feeds, histories, texts in force
}

// Text returns the text of a small object, or "" if the site does not have it.
func (w *Wanted) Text(name string) (string, error) {
	i := w.find(name)
	if i < 0 {
		return "", nil
	}
	body, err := w.body(i)
	if err != nil {
		return "", err
	}
	b, err := io.ReadAll(body)
	return string(b), err
}
