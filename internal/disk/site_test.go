package disk_test

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/privgen/privgen/internal/disk"
)

func TestSiteIsAnFS(t *testing.T) {
	t.Parallel()
	dir := folder(t)
	put(t, dir+"/content/privacy/2026-01-01.md", "text")
	put(t, dir+"/shared/a.md", "shared")
	put(t, dir+"/empty", "")
	s := openSite(t, dir)
	if err := fstest.TestFS(s, "privgen.toml", "content/privacy/2026-01-01.md", "shared/a.md", "empty"); err != nil {
		t.Error(err)
	}
	for _, name := range []string{"", "/etc/passwd", "../x", "content/../../x", "content//a.md"} {
		if _, err := s.ReadFile(name); !errors.Is(err, fs.ErrInvalid) {
			t.Errorf("%q: %v", name, err)
		}
	}
	if _, err := s.ReadFile("content/nothing.md"); !errors.Is(err, fs.ErrNotExist) || disk.Explain(err) != nil {
		t.Errorf("a file that is not there: %v", err)
	}
	if _, err := disk.OpenSite(dir + "/nothing"); !errors.Is(err, fs.ErrNotExist) || !strings.HasPrefix(err.Error(), "open "+dir) {
		t.Errorf("a site that is not there: %v", err)
	}
}

func openSite(t *testing.T, dir string) *disk.Site {
	s, err := disk.OpenSite(dir)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { s.Close() })
	return s
}

// symlink returns the text of the problem for a symlink of that name.
func symlink(name string) string {
	return name + ":1:1: this is a symlink, and no file of a site is read through one\n\tput a copy of what it leads to in its place"
}

// Each case reads a path that cannot be read.
func TestExplain(t *testing.T) {
	t.Parallel()
	cases := []struct {
		name  string
		links map[string]string // name: target
		file  string            // to read; "" is content/a.md
		want  string
	}{
		{"absolute symlink", map[string]string{"content/a.md": "/etc/passwd"}, "", symlink("content/a.md")},
		{"relative symlink", map[string]string{"content/a.md": "../../x.md"}, "", symlink("content/a.md")},
		{"folder that leads out", map[string]string{"content/p": "../../.."}, "content/p/a.md", symlink("content/p")},
		{"folder of the site", map[string]string{"content/p": "../content"}, "content/p/huge", symlink("content/p")},
		{"file of the site", map[string]string{"content/a.md": "huge"}, "", symlink("content/a.md")},
		{"symlink to a symlink that leads out", map[string]string{"content/a.md": "b.md", "content/b.md": "/etc/passwd"}, "", symlink("content/a.md")},
		{"symlink to nothing", map[string]string{"content/a.md": "b.md"}, "", symlink("content/a.md")},
		{"symlinks in a circle", map[string]string{"content/a.md": "b.md", "content/b.md": "a.md"}, "", symlink("content/a.md")},
		{"folder", nil, "content",
			"content:1:1: this is a folder, and should be a file\n\trename the folder, or put a file in its place"},
		{"huge file", nil, "content/huge",
			"content/huge:1:1: the file has 65 MB; a file of a site may have at most 64 MB\n\tmake it smaller, or remove it from the site"},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			dir := folder(t)
			put(t, dir+"/content/huge", "")
			os.Truncate(dir+"/content/huge", 64<<20+1)
			for name, target := range c.links {
				if err := os.Symlink(target, filepath.Join(dir, name)); err != nil {
					t.Fatal(err)
				}
			}
			s := openSite(t, dir)
			if c.file == "" {
				c.file = "content/a.md"
			}
			_, err := s.ReadFile(c.file)
			if p := disk.Explain(fmt.Errorf("read: %w", err)); p == nil || p.String() != c.want {
				t.Errorf("have %v\nwant %v\n(%v)", p, c.want, err)
			}
			if errors.Is(err, fs.ErrNotExist) {
				t.Error("this is not the same as no file")
			}
			if c.links == nil {
				return
			}
			if _, err := s.Stat(c.file); disk.Explain(err) == nil || disk.Explain(err).String() != c.want {
				t.Errorf("Stat: %v", err)
			}
			// fs.Sub shortens names, but the problem must have the full path.
			sub, _ := fs.Sub(s, "content")
			_, err = fs.ReadFile(sub, strings.TrimPrefix(c.file, "content/"))
			if p := disk.Explain(err); p == nil || p.String() != c.want {
				t.Errorf("through fs.Sub: have %v\nwant %v", p, c.want)
			}
		})
	}
}

// forbidden is a file system without permission to read: the user who runs the
// tests can have all permissions.
type forbidden struct{}

func (forbidden) Open(name string) (fs.File, error) {
	return nil, &fs.PathError{Op: "open", Path: name, Err: fs.ErrPermission}
}

func TestExplainPermission(t *testing.T) {
	t.Parallel()
	_, err := fs.ReadFile(forbidden{}, "content/a.md")
	want := "content/a.md:1:1: this may not be read\n\tgive yourself the right to read it, for example with: chmod -R u+rX content/a.md"
	if p := disk.Explain(err); p == nil || p.String() != want || p.Code != "unreadable" {
		t.Errorf("have %v", p)
	}
	dir := folder(t)
	os.Chmod(dir+"/privgen.toml", 0)
	_, err = openSite(t, dir).ReadFile("privgen.toml")
	if p := disk.Explain(err); err != nil && (p == nil || p.Code != "unreadable" || p.File != "privgen.toml" || !errors.Is(err, fs.ErrPermission)) {
		t.Errorf("have %v, %v", p, err)
	}
	if p := disk.Explain(errors.New("x")); p != nil {
		t.Errorf("have %v", p)
	}
}

// A text can link to any name. A name that no file can have does not exist.
func TestStatOfNoName(t *testing.T) {
	t.Parallel()
	dir := folder(t)
	put(t, dir+"/content/a.md", "text")
	s := openSite(t, dir)
	for _, name := range []string{"content/b.md", "content/a.md/b.png", "content/" + strings.Repeat("x", 400) + ".png", "content/a\x00.png"} {
		if _, err := s.Stat(name); !errors.Is(err, fs.ErrNotExist) {
			t.Errorf("%q: %v", name, err)
		}
	}
}
