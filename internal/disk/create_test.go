package disk_test

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"testing"

	"github.com/privgen/privgen/internal/disk"
)

func list(t *testing.T, dir string) []string {
	t.Helper()
	var names []string
	err := fs.WalkDir(os.DirFS(dir), ".", func(p string, d fs.DirEntry, err error) error {
		if p != "." {
			names = append(names, p)
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return names
}

func TestCreate(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	files := map[string][]byte{"privgen.toml": []byte("x"), "content/privacy/2026-01-01.md": nil, "content/cookies.md": []byte("c")}
	if err := disk.Create(dir+"/new/site", files); err != nil {
		t.Fatal(err)
	}
	want := []string{"new", "new/site", "new/site/content", "new/site/content/cookies.md", "new/site/content/privacy",
		"new/site/content/privacy/2026-01-01.md", "new/site/privgen.toml"}
	if got := list(t, dir); !reflect.DeepEqual(got, want) {
		t.Errorf("have %q", got)
	}
	err := disk.Create(dir+"/new/site", map[string][]byte{"a/b": nil, "content/cookies.md": []byte("other")})
	if p := disk.Explain(err); !errors.Is(err, fs.ErrExist) || p == nil || p.Code != "file-exists" || p.File != "content/cookies.md" {
		t.Errorf("have %v, %v", err, p)
	}
	if got := list(t, dir); !reflect.DeepEqual(got, want) {
		t.Errorf("have %q", got)
	}
	if b, _ := os.ReadFile(dir + "/new/site/content/cookies.md"); string(b) != "c" {
		t.Errorf("the file holds %q", b)
	}
}

func TestCreateUndoes(t *testing.T) {
	t.Parallel()
	for name, files := range map[string]map[string][]byte{
		"a file where a folder should be": {"a/b/c": nil, "file/x": nil},
		"a path that leads out":           {"a/b/c": nil, "z/../../../x": nil},
		"a symlink that leads out":        {"a/b/c": nil, "out/x/y": nil},
		"a file and a folder of one name": {"a/b/c": nil, "a/b/c/d": nil},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			dir := t.TempDir()
			put(t, dir+"/file", "")
			if err := os.Symlink("..", dir+"/out"); err != nil {
				t.Fatal(err)
			}
			if err := disk.Create(dir, files); err == nil || !strings.HasPrefix(err.Error(), "write ") || strings.Contains(err.Error(), dir) {
				t.Errorf("have %v", err)
			}
			if got, want := list(t, filepath.Dir(dir)), []string{filepath.Base(dir), filepath.Base(dir) + "/file", filepath.Base(dir) + "/out"}; !reflect.DeepEqual(got, want) {
				t.Errorf("have %q", got)
			}
		})
	}
}
