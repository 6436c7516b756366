package watch_test

import (
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/privgen/privgen/internal/disk"
	"github.com/privgen/privgen/internal/source"
	"github.com/privgen/privgen/internal/watch"
)

// patience is how long a test waits for a batch.
const patience = 20 * time.Second

type site struct {
	t   *testing.T
	dir string
	w   *watch.Watcher
}

// watching begins to watch a folder with a few files.
func watching(t *testing.T, poll bool) *site {
	t.Helper()
	s := &site{t: t, dir: t.TempDir()}
	s.write("site.toml", "")
	s.write("content/privacy/a.md", "a")
	s.write("content/terms.md", "t")
	s.write("public/index.html", "p")
	var err error
	s.w, err = watch.Start(watch.Options{
		Dir: s.dir, Roots: []string{"site.toml", "content", "themes"}, Poll: poll, Every: 20 * time.Millisecond, Fingerprint: disk.FingerprintOf,
		Skip: func(p string) bool { return strings.HasPrefix(p, "public") || strings.HasPrefix(p, "content/out") },
	})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(s.w.Close)
	return s
}

func (s *site) path(name string) string { return filepath.Join(s.dir, filepath.FromSlash(name)) }

func (s *site) write(name, text string) {
	s.t.Helper()
	s.must(os.MkdirAll(filepath.Dir(s.path(name)), 0o777))
	s.must(os.WriteFile(s.path(name), []byte(text), 0o666))
}

func (s *site) must(err error) {
	s.t.Helper()
	if err != nil {
		s.t.Fatal(err)
	}
}

// until waits for a batch with a path, and returns the paths of all batches until then.
func (s *site) until(name string) (paths []string, all bool) {
	s.t.Helper()
	late := time.After(patience)
	for {
		select {
		case b := <-s.w.C:
			paths = append(paths, b.Paths...)
			all = all || b.All
		case <-late:
			s.t.Fatalf("nothing was told of %s, but of %v", name, paths)
		}
		if slices.Contains(paths, name) {
			return paths, all
		}
	}
}

// both runs a test with the system's events and by polling.
func both(t *testing.T, test func(t *testing.T, s *site)) {
	t.Helper()
	t.Parallel()
	for _, poll := range []bool{false, true} {
		t.Run(fmt.Sprintf("poll=%v", poll), func(t *testing.T) {
			t.Parallel()
			test(t, watching(t, poll))
		})
	}
}

func TestSaves(t *testing.T) {
	both(t, func(t *testing.T, s *site) {
		for name, save := range map[string]func(){
			"in place": func() { s.write("content/privacy/a.md", "changed in place") },
			"by rename": func() {
				s.write("content/privacy/.a.md.tmp", "changed by a rename")
				s.must(os.Rename(s.path("content/privacy/.a.md.tmp"), s.path("content/privacy/a.md")))
			},
			"by moving the old away": func() {
				s.must(os.Rename(s.path("content/privacy/a.md"), s.path("content/privacy/a.md~")))
				s.write("content/privacy/a.md", "the old one is beside it")
			},
			"twice": func() {
				s.write("content/privacy/a.md", "")
				s.write("content/privacy/a.md", "and in the end this")
			},
		} {
			save()
			paths, all := s.until("content/privacy/a.md")
			if len(slices.Compact(slices.Sorted(slices.Values(paths)))) != 1 || all {
				t.Errorf("saved %s: told of %v, all %v", name, paths, all)
			}
		}
		s.write("site.toml", "a = 1")
		s.until("site.toml")
		s.must(os.Remove(s.path("content/terms.md")))
		s.until("content/terms.md")
	})
}

// A file can change without a change of its size and modification time.
func TestSaveWithRestoredTime(t *testing.T) {
	both(t, func(t *testing.T, s *site) {
		info, err := os.Stat(s.path("content/terms.md"))
		s.must(err)
		if (disk.FingerprintOf(info) == source.Fingerprint{}) {
			t.Skip("files here have no time of change")
		}
		s.write("content/terms.new", "T")
		s.must(os.Chtimes(s.path("content/terms.new"), info.ModTime(), info.ModTime()))
		s.until("content/terms.new")
		s.must(os.Rename(s.path("content/terms.new"), s.path("content/terms.md")))
		s.until("content/terms.md")
	})
}

// Changes of temporary files, and of files outside the roots, are not in batches. The
// last change shows that no batch came before.
func TestIgnores(t *testing.T) {
	both(t, func(t *testing.T, s *site) {
		for _, name := range []string{
			"content/privacy/.a.md.swp", "content/privacy/.#a.md", "content/privacy/#a.md#", "content/privacy/a.md~", "content/.DS_Store",
			"public/index.html", "public/new/index.html", "README.md", ".privgen/state", "content/out/x.md",
		} {
			s.write(name, "about")
		}
		s.write("content/terms.md", "last")
		paths, _ := s.until("content/terms.md")
		for _, p := range paths {
			if p != "content/terms.md" && p != "content/out" {
				t.Errorf("told of %v", paths)
			}
		}
	})
}

// New folders are watched, with everything in them.
func TestFolders(t *testing.T) {
	both(t, func(t *testing.T, s *site) {
		s.write("content/new/deep/x.md", "x")
		if _, all := s.until("content/new"); !all {
			t.Error("a new folder does not put everything in doubt")
		}
		s.write("content/new/deep/x.md", "changed")
		s.until("content/new/deep/x.md")
		s.must(os.Rename(s.path("content/new"), s.path("content/moved")))
		s.until("content/moved")
		s.write("content/moved/deep/x.md", "changed again")
		s.until("content/moved/deep/x.md")
		outside := filepath.Join(t.TempDir(), "in")
		s.must(os.MkdirAll(outside, 0o777))
		s.must(os.WriteFile(outside+"/y.md", nil, 0o666))
		s.must(os.Rename(outside, s.path("content/in")))
		s.until("content/in")
		s.write("content/in/y.md", "changed")
		s.until("content/in/y.md")
		s.must(os.RemoveAll(s.path("content/in")))
		s.until("content/in")
		s.write("content/in/y.md", "there again")
		s.until("content/in")
		s.write("content/in/y.md", "changed there")
		s.until("content/in/y.md")
		s.write("themes/own/theme.toml", "the folder was not there")
		s.until("themes")
		s.write("themes/own/theme.toml", "changed")
		s.until("themes/own/theme.toml")
	})
}

// Targets of symlinks are not watched, and neither are files beside the roots.
func TestLinks(t *testing.T) {
	both(t, func(t *testing.T, s *site) {
		s.write("texts/real.md", "real")
		if err := os.Symlink("../../texts", s.path("content/privacy/b")); err != nil {
			t.Skip("no symlinks here: ", err)
		}
		s.until("content/privacy/b")
		s.write("texts/real.md", "changed")
		s.write("serve.log", "a line")
		s.write("content/terms.md", "last")
		if paths, _ := s.until("content/terms.md"); len(paths) != 1 {
			t.Errorf("told of %v", paths)
		}
	})
}

// A thousand files are one batch, or a few, but not one each.
func TestBurst(t *testing.T) {
	both(t, func(t *testing.T, s *site) {
		for i := range 1000 {
			s.must(os.WriteFile(s.path(fmt.Sprintf("content/privacy/%03d.md", i)), nil, 0o666))
		}
		batches := 0
		told := map[string]bool{}
		for late := time.After(patience); len(told) < 1000; batches++ {
			select {
			case b := <-s.w.C:
				for _, p := range b.Paths {
					told[p] = true
				}
			case <-late:
				t.Fatalf("told of %d files", len(told))
			}
		}
		if batches > 20 {
			t.Errorf("%d batches", batches)
		}
	})
}

func TestCloseWhileBusy(t *testing.T) {
	both(t, func(t *testing.T, s *site) {
		s.write("content/terms.md", "nobody takes this batch")
		s.w.Close()
	})
}
