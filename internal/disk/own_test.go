package disk_test

import (
	"context"
	"crypto/sha256"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"reflect"
	"slices"
	"strings"
	"testing"

	"github.com/privgen/privgen/internal/disk"
)

// copyFolder copies a folder with its times, as an unpacked archive has them.
func copyFolder(t *testing.T, from, to string) {
	t.Helper()
	if err := os.CopyFS(to, os.DirFS(from)); err != nil {
		t.Fatal(err)
	}
	for _, name := range append(list(t, from), ".") {
		info, err := os.Stat(filepath.Join(from, name))
		if err != nil {
			t.Fatal(err)
		}
		if err := os.Chtimes(filepath.Join(to, name), info.ModTime(), info.ModTime()); err != nil {
			t.Fatal(err)
		}
	}
}

// The state of a build belongs to the folder in which it was made: in a copy
// everything is rendered again, in a moved folder nothing.
func TestCopiedStateIsIgnored(t *testing.T) {
	t.Parallel()
	dir := folder(t)
	write(t, dir, before)
	if r := write(t, dir, before); r.Rendered != 0 {
		t.Fatalf("nothing changed, and %d pages were drawn", r.Rendered)
	}
	other := filepath.Join(t.TempDir(), "copy")
	copyFolder(t, dir, other)
	put(t, other+"/.privgen/public/stage/3", "of another build")
	if r := write(t, other, before); r.Rendered != len(before) {
		t.Errorf("in a copy, %d of %d pages were drawn", r.Rendered, len(before))
	}
	if r := write(t, other, before); r.Rendered != 0 {
		t.Errorf("the state of a copy is not its own: %d pages were drawn", r.Rendered)
	}
	moved := filepath.Join(filepath.Dir(other), "moved")
	if err := os.Rename(other, moved); err != nil {
		t.Fatal(err)
	}
	if r := write(t, moved, before); r.Rendered != 0 {
		t.Errorf("in a folder that was moved, %d pages were drawn", r.Rendered)
	}
}

func TestCopiedNotesAreIgnored(t *testing.T) {
	t.Parallel()
	dir := folder(t)
	if err := disk.WriteNotes(dir, "notes", []byte("text")); err != nil {
		t.Fatal(err)
	}
	if have := string(disk.ReadNotes(dir, "notes")); have != "text" {
		t.Errorf("have %q", have)
	}
	other := filepath.Join(t.TempDir(), "copy")
	copyFolder(t, dir, other)
	if have := disk.ReadNotes(other, "notes"); have != nil {
		t.Errorf("in a copy: %q", have)
	}
}

// A journal that came with the folder changes nothing, whatever files and origin
// it names.
func TestForeignJournal(t *testing.T) {
	t.Parallel()
	for _, name := range []string{".git/hooks/post-index-change", "content/privacy/draft.md", "privgen.lock", "privgen.toml"} {
		dir := siteFolder(t)
		put(t, dir+"/.git/config", "config")
		text := "#!/bin/sh\n"
		put(t, dir+"/.privgen/.commit/0", text)
		os.Chmod(dir+"/.privgen/.commit/0", 0o755)
		was := "-"
		if b, err := os.ReadFile(dir + "/" + name); err == nil {
			was = fmt.Sprintf("%x", sha256.Sum256(b))
		}
		put(t, dir+"/.privgen/.commit/journal", fmt.Sprintf("%s %x %s\n", was, sha256.Sum256([]byte(text)), name))
		put(t, dir+"/.privgen/.gitignore", "*\n")
		put(t, dir+"/.privgen/.commit/origin", "1 1\n")
		want := userFiles(t, dir)
		s, err := disk.OpenSite(dir)
		if err != nil {
			t.Fatal(err)
		}
		s.Close()
		if have := userFiles(t, dir); !reflect.DeepEqual(have, want) {
			t.Errorf("%s: have %q\nwant %q", name, have, want)
		}
		// Our own change ignores the journal.
		if err := disk.Commit(dir, release()); err != nil {
			t.Fatal(err)
		}
		want = userFiles(t, siteFolder(t))
		for n, text := range newSite {
			want[n] = text
		}
		want[".git/config"] = "config"
		if have := userFiles(t, dir); !reflect.DeepEqual(have, want) {
			t.Errorf("%s, after a change: have %q\nwant %q", name, have, want)
		}
	}
}

// stopAt stops a change before a step, as a kill would.
func stopAt(t *testing.T, dir string, c disk.Change, step string) {
	t.Helper()
	disk.SetCommitStep(&c, func(name string) error {
		if name == step {
			return disk.ErrStopped
		}
		return nil
	})
	if err := disk.Commit(dir, c); !errors.Is(err, disk.ErrStopped) {
		t.Fatal(err)
	}
}

// An interrupted change is not completed in a copy of the folder, which could be a
// checkout. It is completed in a moved folder.
func TestCopiedJournal(t *testing.T) {
	t.Parallel()
	dir := siteFolder(t)
	stopAt(t, dir, release(), "move content/privacy/2027-01-01.de.md")
	other := filepath.Join(t.TempDir(), "copy")
	copyFolder(t, dir, other)
	moved := filepath.Join(filepath.Dir(other), "moved")
	if err := os.Rename(dir, moved); err != nil {
		t.Fatal(err)
	}
	for name, want := range map[string]site{other: oldSite, moved: newSite} {
		s, err := disk.OpenSite(name)
		if err != nil {
			t.Fatal(err)
		}
		s.Close()
		if have := userFiles(t, name); !reflect.DeepEqual(have, want) {
			t.Errorf("%s: have %q", filepath.Base(name), have)
		}
	}
}

// Even with a journal of this place, OpenSite moves only files that Commit writes,
// only bytes with the digest in the journal, and nothing through a symlink.
func TestJournalOfThisPlace(t *testing.T) {
	t.Parallel()
	for name, do := range map[string]func(dir string){
		"a dot folder": func(dir string) { rewrite(t, dir, " privgen.lock", " content/.git/x.md") },
		"a script":     func(dir string) { rewrite(t, dir, " privgen.lock", " content/x.sh") },
		"outside":      func(dir string) { rewrite(t, dir, " privgen.lock", " content/../../x.md") },
		"other bytes":  func(dir string) { put(t, dir+"/.privgen/.commit/0", "#!/bin/sh\n") },
		"a symlink above": func(dir string) {
			os.RemoveAll(dir + "/content/privacy")
			os.Mkdir(dir+"/elsewhere", 0o777)
			os.Symlink("../elsewhere", dir+"/content/privacy")
		},
		"a symlink out": func(dir string) {
			os.RemoveAll(dir + "/content")
			os.Symlink(t.TempDir(), dir+"/content")
		},
	} {
		dir := siteFolder(t)
		stopAt(t, dir, release(), "move content/privacy/2027-01-01.de.md")
		do(dir)
		want := list(t, dir)
		if _, err := disk.OpenSite(dir); err == nil {
			t.Errorf("%s: no error", name)
		}
		var have []string
		for _, n := range list(t, dir) {
			// The files of the lines before the refused one were moved.
			if !strings.HasPrefix(n, "content/privacy/2027-01-01") {
				have = append(have, n)
			}
		}
		for _, n := range have {
			if !slices.Contains(want, n) {
				t.Errorf("%s: %s was made", name, n)
			}
		}
	}
}

func rewrite(t *testing.T, dir, old, new string) {
	t.Helper()
	b, err := os.ReadFile(dir + "/.privgen/.commit/journal")
	if err != nil {
		t.Fatal(err)
	}
	put(t, dir+"/.privgen/.commit/journal", strings.Replace(string(b), old, new, 1))
}

// A symlink at or below .privgen is refused before anything is written.
func TestOwnSymlinks(t *testing.T) {
	t.Parallel()
	for _, name := range []string{".privgen", ".privgen/public", ".privgen/public/lock"} {
		dir := folder(t)
		outside := t.TempDir()
		put(t, outside+"/lock", "precious")
		target := outside
		if filepath.Base(name) == "lock" {
			target += "/lock"
		}
		os.MkdirAll(filepath.Dir(dir+"/"+name), 0o777)
		if err := os.Symlink(target, dir+"/"+name); err != nil {
			t.Fatal(err)
		}
		_, p, err := disk.OpenOutput(disk.Place{Site: dir, Out: dir + "/public", Program: "test"})
		if err != nil || p == nil || p.Code != "not-own" || p.File != name {
			t.Errorf("%s: have %v, %v", name, p, err)
		}
		if b, _ := os.ReadFile(outside + "/lock"); string(b) != "precious" || len(list(t, outside)) != 1 {
			t.Errorf("%s: outside there is now %q, %q", name, list(t, outside), b)
		}
	}
	for _, name := range []string{".privgen", ".privgen/.commit", ".privgen/.commit.lock"} {
		dir := siteFolder(t)
		outside := t.TempDir()
		target := outside
		if filepath.Ext(name) == ".lock" {
			target += "/made"
		}
		os.MkdirAll(filepath.Dir(dir+"/"+name), 0o777)
		if err := os.Symlink(target, dir+"/"+name); err != nil {
			t.Fatal(err)
		}
		s, err := disk.OpenSite(dir)
		if err != nil {
			t.Fatal(err)
		}
		s.Close()
		if err := disk.Commit(dir, release()); err == nil {
			t.Errorf("%s: no error", name)
		}
		if have := list(t, outside); len(have) > 0 {
			t.Errorf("%s: outside there is %q", name, have)
		}
	}
}

// Existing temporary files are never opened: they can be symlinks to any file of
// the site.
func TestTemporarySymlinks(t *testing.T) {
	t.Parallel()
	changes := map[string]func(dir string) error{
		"content/privacy/.privgen-tmp~try": func(dir string) error { return disk.Commit(dir, release()) },
		"content/.new.md.privgen-tmp": func(dir string) error {
			return disk.Add(context.Background(), dir, 0, 1, func(int) (string, []byte, error) { return "content/new.md", []byte("new"), nil }, func() {})
		},
	}
	for name, do := range changes {
		dir := siteFolder(t)
		put(t, dir+"/.git/config", "config")
		if err := os.Symlink(strings.Repeat("../", strings.Count(name, "/"))+".git/config", dir+"/"+name); err != nil {
			t.Fatal(err)
		}
		if err := do(dir); err != nil {
			t.Errorf("%s: %v", name, err)
		}
		if b, err := os.ReadFile(dir + "/.git/config"); string(b) != "config" || err != nil {
			t.Errorf("%s: the file behind it holds %q, %v", name, b, err)
		}
		if _, err := os.Lstat(dir + "/" + name); !errors.Is(err, fs.ErrNotExist) {
			t.Errorf("%s is left: %v", name, err)
		}
	}
}

// The ownership list can come from anywhere. Files that no site has are not removed,
// even if they are in the list.
func TestOwnershipListOfDotFiles(t *testing.T) {
	t.Parallel()
	dir := folder(t)
	text := "ref: refs/heads/main\n"
	var lines strings.Builder
	for _, name := range []string{".git/HEAD", "sub/.git/HEAD", ".htaccess"} {
		put(t, dir+"/public/"+name, text)
		fmt.Fprintf(&lines, "%x  %s\n", sha256.Sum256([]byte(text)), name)
	}
	put(t, dir+"/public/.privgen", lines.String())
	write(t, dir, before)
	for _, name := range []string{".git/HEAD", "sub/.git/HEAD", ".htaccess"} {
		if b, err := os.ReadFile(dir + "/public/" + name); string(b) != text || err != nil {
			t.Errorf("%s: %v", name, err)
		}
	}
}

// An archive can contain sparse files of any size, and symlinks to devices, in place
// of privgen's own files.
func TestOwnFilesWithoutEnd(t *testing.T) {
	t.Parallel()
	huge := func(t *testing.T, name string) {
		t.Helper()
		put(t, name, "")
		if err := os.Truncate(name, 1<<42); err != nil {
			t.Skip(err)
		}
	}
	dir := folder(t)
	if err := disk.WriteNotes(dir, "notes", []byte("text")); err != nil {
		t.Fatal(err)
	}
	huge(t, dir+"/.privgen/public/origin")
	huge(t, dir+"/.privgen/.commit/origin")
	huge(t, dir+"/.privgen/notes")
	if notes := disk.ReadNotes(dir, "notes"); notes != nil {
		t.Errorf("%d bytes of notes", len(notes))
	}
	if err := disk.Commit(dir, disk.Change{Create: map[string][]byte{"privgen.lock": nil}}); err != nil {
		t.Error(err)
	}
	write(t, dir, before)

	for name, spoil := range map[string]func(*testing.T, string){
		"huge": huge,
		"link": func(t *testing.T, name string) {
			if err := os.Symlink(os.DevNull, name); err != nil {
				t.Skip(err)
			}
		},
	} {
		t.Run(name, func(t *testing.T) {
			dir := folder(t)
			put(t, dir+"/public/mine.txt", "mine")
			spoil(t, dir+"/public/.privgen")
			o := open(t, dir, "test")
			defer o.Close()
			_, _, err := o.Write(context.Background(), before.tree(nil), disk.Options{})
			p := disk.Explain(err)
			if p == nil || p.Code != "not-own" || p.File != "public/.privgen" {
				t.Errorf("have %v: %v", err, p)
			}
		})
	}
}
