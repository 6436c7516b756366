package snapshots

import (
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/privgen/privgen/internal/source"
)

// snapshotFolder makes a folder with a few files, and returns its name.
func snapshotFolder(t *testing.T) string {
	t.Helper()
	dir := filepath.Join(t.TempDir(), "old")
	for _, name := range []string{"2024-01-01.md", "de/2024-02-01.txt", "page.html", "page_files/frame.html", ".git/notes.md",
		"terms.docx", "logo.png", "only/a.pdf"} {
		file := filepath.Join(dir, filepath.FromSlash(name))
		if err := os.MkdirAll(filepath.Dir(file), 0o777); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(file, []byte(name), 0o666); err != nil {
			t.Fatal(err)
		}
	}
	return dir
}

func TestFiles(t *testing.T) {
	t.Parallel()
	dir := snapshotFolder(t)
	page := filepath.Join(dir, "page.html")
	for _, c := range []struct {
		name  string
		args  []string
		pages bool
		want  string // names of files, then of those in other formats
	}{
		{"a folder", []string{dir}, false, "old/2024-01-01.md old/de/2024-02-01.txt old/page.html | only/a.pdf terms.docx"},
		{"its pages", []string{dir}, true, "old/page.html | only/a.pdf terms.docx"},
		{"a file twice", []string{page, page}, true, filepath.ToSlash(page) + " |"},
	} {
		files, notes, unread, err := Files(c.args, c.pages)
		if err != nil || unread != nil {
			t.Errorf("%s: %v, %v", c.name, err, unread)
			continue
		}
		var have []string
		for _, f := range files {
			have = append(have, f.Name)
			if raw, err := f.Read(); err != nil || int64(len(raw)) != f.Size {
				t.Errorf("%s: %s has %d bytes, and %d are read: %v", c.name, f.Name, f.Size, len(raw), err)
			}
		}
		have = append(have, "|")
		for _, n := range notes {
			for _, other := range n.Files {
				have = append(have, strings.TrimPrefix(other, filepath.ToSlash(dir)+"/"))
			}
		}
		if have := strings.Join(have, " "); have != c.want {
			t.Errorf("%s:\nhave %s\nwant %s", c.name, have, c.want)
		}
	}
}

func TestFilesRefused(t *testing.T) {
	t.Parallel()
	dir := snapshotFolder(t)
	for _, c := range []struct {
		arg   string
		pages bool
		want  string
	}{
		{"https://fernhill.example/privacy", true, "does not download pages"},
		{filepath.Join(dir, "none"), false, "there is no file or folder"},
		{filepath.Join(dir, "terms.docx"), false, "does not read the format"},
		{filepath.Join(dir, "2024-01-01.md"), true, "is not an HTML page"},
		{filepath.Join(dir, "only"), false, "has nothing to import"},
		{filepath.Join(dir, "de"), true, "has nothing to import"},
	} {
		_, _, _, err := Files([]string{c.arg}, c.pages)
		problem := (*source.Problem)(nil)
		if !errors.As(err, &problem) || !strings.Contains(problem.What, c.want) || problem.Do == "" {
			t.Errorf("%s: have %v, want %q and a fix", c.arg, err, c.want)
		}
	}
}

// A symlink in a folder is a problem, not a text.
func TestFilesSymlink(t *testing.T) {
	t.Parallel()
	dir := snapshotFolder(t)
	if err := os.Symlink(filepath.Join(dir, "2024-01-01.md"), filepath.Join(dir, "link.md")); err != nil {
		t.Skip(err)
	}
	files, _, unread, err := Files([]string{dir}, false)
	if err != nil || len(files) != 3 || len(unread) != 1 || unread[0].Code != "symlink" {
		t.Errorf("have %d files, %v, %v", len(files), unread, err)
	}
}
