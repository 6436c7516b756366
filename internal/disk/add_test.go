package disk_test

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"sync/atomic"
	"testing"

	"github.com/privgen/privgen/internal/disk"
)

func addAll(t *testing.T, dir string, names []string, size int) (int, error) {
	t.Helper()
	var done atomic.Int64
	err := disk.Add(context.Background(), dir, 1, len(names), func(i int) (string, []byte, error) {
		return names[i], []byte(strings.Repeat("x", size)), nil
	}, func() { done.Add(1) })
	return int(done.Load()), err
}

// textsIn returns the text of each file in a folder, by name.
func textsIn(t *testing.T, dir string) map[string]string {
	t.Helper()
	files := map[string]string{}
	err := fs.WalkDir(os.DirFS(dir), ".", func(name string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		b, err := os.ReadFile(filepath.Join(dir, name))
		files[name] = string(b)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return files
}

func TestAdd(t *testing.T) {
	t.Parallel()
	dir := filepath.Join(t.TempDir(), "new", "site")
	names := []string{"privgen.toml"}
	for i := range 50 {
		names = append(names, fmt.Sprintf("content/p%d/%d.md", i%3, i))
	}
	if n, err := addAll(t, dir, names, 10); n != len(names) || err != nil {
		t.Fatal(n, err)
	}
	got := textsIn(t, dir)
	if len(got) != len(names) {
		t.Errorf("%d files, want %d: %q", len(got), len(names), got)
	}
	for _, name := range names {
		if got[name] != "xxxxxxxxxx" {
			t.Errorf("%s holds %q", name, got[name])
		}
	}
	// Existing files are not overwritten, and unfinished files are removed.
	write := []string{"content/other.md", "content/p0/0.md"}
	_, err := addAll(t, dir, write, 20)
	if p := disk.Explain(err); !errors.Is(err, fs.ErrExist) || p == nil || p.Code != "file-exists" || p.File != "content/p0/0.md" {
		t.Errorf("have %v, %v", err, p)
	}
	if got := textsIn(t, dir); got["content/p0/0.md"] != "xxxxxxxxxx" || len(got) > len(names)+1 {
		t.Errorf("%d files, %q", len(got), got["content/p0/0.md"])
	}
}

func TestAddStops(t *testing.T) {
	t.Parallel()
	ctx, cancel := context.WithCancel(context.Background())
	dir := t.TempDir()
	var n atomic.Int64
	err := disk.Add(ctx, dir, 0, 1000, func(i int) (string, []byte, error) {
		return fmt.Sprintf("%d.md", i), []byte("x"), nil
	}, func() {
		if n.Add(1) == 10 {
			cancel()
		}
	})
	if !errors.Is(err, context.Canceled) {
		t.Error(err)
	}
	for name, text := range textsIn(t, dir) {
		if text != "x" {
			t.Errorf("%s holds %q", name, text)
		}
	}
	if n.Load() > 100 {
		t.Errorf("%d files were written after it was stopped", n.Load())
	}
}
