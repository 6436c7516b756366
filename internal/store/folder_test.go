package store_test

import (
	"context"
	"io"
	"os"
	"strings"
	"testing"

	"github.com/privgen/privgen/internal/config"
	"github.com/privgen/privgen/internal/store"
)

// What a manifest names is on the disk before the manifest is, names of files and
// folders included.
func TestFolderSynced(t *testing.T) {
	t.Parallel()
	s, err := store.Open(context.Background(), &config.Deploy{Name: "www", To: "www"}, t.TempDir(), os.Getenv)
	if err != nil {
		t.Fatal(err)
	}
	put := func(path string) {
		if _, err := s.Put(context.Background(), store.Object{Path: path, Size: 1}, io.NewSectionReader(strings.NewReader("x"), 0, 1), store.Condition{}); err != nil {
			t.Fatal(err)
		}
	}
	put("a/b/index.html")
	if have := strings.Join(store.Unsynced(s), " "); have != ". a a/b" {
		t.Errorf("not synced are %q", have)
	}
	put(".privgen/kept/00")
	if have := store.Unsynced(s); len(have) > 0 {
		t.Errorf("after a file of privgen's own, not synced are %q", have)
	}
	if err := s.Delete(context.Background(), ".privgen/kept/00"); err != nil {
		t.Fatal(err)
	}
	if have := strings.Join(store.Unsynced(s), " "); have != ". .privgen .privgen/kept" {
		t.Errorf("after it was removed, not synced are %q", have)
	}
}
