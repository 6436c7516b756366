package disk_test

import (
	"errors"
	"io/fs"
	"os"
	"reflect"
	"strings"
	"testing"

	"github.com/privgen/privgen/internal/disk"
)

// userFiles returns the files of a site's folder, without privgen's own.
func userFiles(t *testing.T, dir string) site {
	t.Helper()
	out := site{}
	for _, name := range list(t, dir) {
		if info, err := os.Stat(dir + "/" + name); err != nil || info.IsDir() || strings.HasPrefix(name, ".privgen/") {
			continue
		}
		b, err := os.ReadFile(dir + "/" + name)
		if err != nil {
			t.Fatal(err)
		}
		out[name] = string(b)
	}
	return out
}

var (
	oldSite = site{"privgen.toml": "config", "privgen.lock": "one\n", "content/privacy/draft.md": "draft"}
	newSite = site{"privgen.toml": "config", "privgen.lock": "one\ntwo\n", "content/privacy/draft.md": "draft",
		"content/privacy/2027-01-01.md": "text", "content/privacy/2027-01-01.de.md": "Text"}
)

func release() disk.Change {
	return disk.Change{
		Create: map[string][]byte{
			"content/privacy/2027-01-01.md":    []byte(newSite["content/privacy/2027-01-01.md"]),
			"content/privacy/2027-01-01.de.md": []byte(newSite["content/privacy/2027-01-01.de.md"]),
		},
		Replace: map[string][]byte{"privgen.lock": []byte(newSite["privgen.lock"])},
	}
}

func siteFolder(t *testing.T) string {
	t.Helper()
	dir := t.TempDir()
	for name, text := range oldSite {
		put(t, dir+"/"+name, text)
	}
	return dir
}

// A change that is stopped at any step is complete or undone after the next
// command has opened the site.
func TestCommitStops(t *testing.T) {
	t.Parallel()
	all, nothing := 0, 0
	for stop := 0; ; stop++ {
		dir := siteFolder(t)
		n := 0
		last := ""
		c := release()
		disk.SetCommitStep(&c, func(name string) error {
			if n++; n > stop {
				return disk.ErrStopped
			}
			last = name
			return nil
		})
		err := disk.Commit(dir, c)
		if err != nil && !errors.Is(err, disk.ErrStopped) {
			t.Fatal(err)
		}
		s, e := disk.OpenSite(dir)
		if e != nil {
			t.Fatal(e)
		}
		s.Close()
		switch got := userFiles(t, dir); {
		case reflect.DeepEqual(got, newSite):
			all++
		case reflect.DeepEqual(got, oldSite):
			nothing++
		default:
			t.Errorf("stopped after %q: %q", last, got)
		}
		if _, e := os.Stat(dir + "/.privgen/.commit"); !errors.Is(e, fs.ErrNotExist) {
			t.Errorf("stopped after %q: the folder of the change is left", last)
		}
		if err == nil {
			break
		}
	}
	if all < 4 || nothing < 4 {
		t.Errorf("%d stops left all, %d nothing", all, nothing)
	}
}

func TestCommitRefuses(t *testing.T) {
	t.Parallel()
	dir := siteFolder(t)
	put(t, dir+"/content/privacy/2027-01-01.de.md", "by hand")
	err := disk.Commit(dir, release())
	if p := disk.Explain(err); !errors.Is(err, fs.ErrExist) || p == nil || p.Code != "file-exists" {
		t.Errorf("have %v", err)
	}
	if got := userFiles(t, dir); len(got) != len(oldSite)+1 || got["privgen.lock"] != "one\n" {
		t.Errorf("have %q", got)
	}
}

// A file that the user changes after a kill is not overwritten.
func TestCommitKeepsWhatChanged(t *testing.T) {
	t.Parallel()
	dir := siteFolder(t)
	c := release()
	disk.SetCommitStep(&c, func(name string) error {
		if name == "move privgen.lock" {
			return disk.ErrStopped
		}
		return nil
	})
	if err := disk.Commit(dir, c); !errors.Is(err, disk.ErrStopped) || !strings.Contains(err.Error(), "the next command completes this") {
		t.Fatal(err)
	}
	put(t, dir+"/privgen.lock", "by hand\n")
	if _, err := disk.OpenSite(dir); err == nil || !strings.Contains(err.Error(), "write privgen.lock: the file was changed") {
		t.Errorf("have %v", err)
	}
	if got := userFiles(t, dir)["privgen.lock"]; got != "by hand\n" {
		t.Errorf("the file holds %q", got)
	}
	put(t, dir+"/privgen.lock", "one\n")
	s, err := disk.OpenSite(dir)
	if err != nil {
		t.Fatal(err)
	}
	s.Close()
	if got := userFiles(t, dir); !reflect.DeepEqual(got, newSite) {
		t.Errorf("have %q", got)
	}
}

// A read-only folder is found before the change is committed, because no later
// command could complete the change.
func TestCommitReadOnly(t *testing.T) {
	t.Parallel()
	if os.Geteuid() <= 0 {
		t.Skip("who runs this may write everywhere")
	}
	dir := siteFolder(t)
	if err := os.Chmod(dir+"/content/privacy", 0o555); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { os.Chmod(dir+"/content/privacy", 0o755) })
	if err := disk.Commit(dir, release()); !errors.Is(err, fs.ErrPermission) || strings.Contains(err.Error(), "completes this") {
		t.Fatalf("have %v, want that it is not permitted, for good", err)
	}
	if have := userFiles(t, dir); !reflect.DeepEqual(have, oldSite) {
		t.Errorf("have %v, want %v", have, oldSite)
	}
}
