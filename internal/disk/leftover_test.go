package disk_test

import (
	"context"
	"io/fs"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"testing"
	"time"

	"github.com/privgen/privgen/internal/disk"
)

// The next change removes what a killed run left among the user's files. Files with
// similar names stay.
func TestLeftovers(t *testing.T) {
	t.Parallel()
	for _, how := range []string{"commit", "add"} {
		dir := t.TempDir()
		old := time.Now().Add(-2 * time.Hour)
		write := func(name, text string, at time.Time) {
			t.Helper()
			full := filepath.Join(dir, filepath.FromSlash(name))
			if err := os.MkdirAll(filepath.Dir(full), 0o777); err != nil {
				t.Fatal(err)
			}
			if err := os.WriteFile(full, []byte(text), 0o666); err != nil {
				t.Fatal(err)
			}
			if err := os.Chtimes(full, at, at); err != nil {
				t.Fatal(err)
			}
		}
		for _, name := range []string{".privgen.toml.privgen-tmp", "content/.terms.md.privgen-tmp", "content/privacy/.2026-01-01.md.privgen-tmp"} {
			write(name, "half a te", old)
		}
		write("content/privacy/.privgen-tmp~try", "", old)
		stays := []string{"content/privacy/.2025-01-01.md.privgen-tmp", "content/cookies/.privgen-tmp~try", "content/privacy/2025-01-01.md.privgen-tmp",
			"content/privacy/.privgen-tmp", "content/privacy/..privgen-tmp", "content/privacy/.privgen-tmp~try2", "notes/.a.md.privgen-tmp", "content/.folder.md.privgen-tmp/a.md"}
		write(stays[0], "somebody is writing it", time.Now())
		for _, name := range stays[1:] {
			write(name, "mine", old)
		}
		if runtime.GOOS != "windows" {
			if err := os.Symlink("../notes", filepath.Join(dir, "content", "notes")); err != nil {
				t.Fatal(err)
			}
			stays = append(stays, "content/notes")
		}
		var err error
		if how == "commit" {
			err = disk.Commit(dir, disk.Change{Create: map[string][]byte{"content/privacy/2026-02-02.md": []byte("text")}})
		} else {
			err = disk.Add(context.Background(), dir, 1, 1, func(int) (string, []byte, error) { return "content/privacy/2026-02-02.md", []byte("text"), nil }, func() {})
		}
		if err != nil {
			t.Fatal(err)
		}
		var have []string
		err = filepath.WalkDir(dir, func(name string, d fs.DirEntry, err error) error {
			rel, _ := filepath.Rel(dir, name)
			if d.IsDir() && rel == ".privgen" {
				return fs.SkipDir
			}
			if !d.IsDir() {
				have = append(have, filepath.ToSlash(rel))
			}
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
		want := slices.Sorted(slices.Values(append(stays, "content/privacy/2026-02-02.md")))
		if slices.Sort(have); !slices.Equal(have, want) {
			t.Errorf("%s: there are\n%q\nwant\n%q", how, have, want)
		}
	}
}
