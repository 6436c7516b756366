package disk_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"reflect"
	"strings"
	"sync/atomic"
	"syscall"
	"testing"
	"time"

	"github.com/privgen/privgen/internal/disk"
	"github.com/privgen/privgen/internal/source"
	"github.com/privgen/privgen/internal/tree"
)

// site is what a test writes: a text for each path. Assets, lists, and the home
// page are recognized by their names.
type site map[string]string

func (s site) tree(drawn *atomic.Int64) tree.Tree {
	var entries []tree.Entry
	for p, text := range s {
		e := tree.Entry{Path: p, Key: tree.NewHash("test").Text(text).Sum(), Stage: tree.Leaf}
		switch {
		case p == "index.html":
			e.Stage = tree.Home
		case strings.HasPrefix(p, "assets/"):
			e.Stage = tree.Asset
		case strings.HasSuffix(p, ".json"):
			e.Stage = tree.List
		}
		e.Render = func(b *bytes.Buffer) error {
			if drawn != nil {
				drawn.Add(1)
			}
			b.WriteString(text)
			return nil
		}
		entries = append(entries, e)
	}
	return tree.New(entries)
}

var (
	before = site{
		"index.html": "home 1", "privacy/index.html": "privacy 1", "privacy/2024-03-01/index.html": "first",
		"privacy/versions.json": "[1]", "assets/style.1.css": "body{}", "old/index.html": "old",
		"old/deep/er/index.html": "older", "same.txt": "same", "swap": "a file", "pawn/index.html": "in a folder",
	}
	after = site{
		"index.html": "home 2", "privacy/index.html": "privacy 2", "privacy/2024-03-01/index.html": "first",
		"privacy/2026-01-01/index.html": "second", "privacy/versions.json": "[1,2]", "assets/style.2.css": "body{top:0}",
		"same.txt": "same", "swap/index.html": "in a folder now", "pawn": "a file now",
	}
)

// folder returns a new site's folder with a config in it.
func folder(t testing.TB) string {
	dir := t.TempDir()
	put(t, filepath.Join(dir, "privgen.toml"), "")
	return dir
}

func put(t testing.TB, name, text string) {
	t.Helper()
	if err := os.MkdirAll(filepath.Dir(name), 0o777); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(name, []byte(text), 0o666); err != nil {
		t.Fatal(err)
	}
}

func open(t testing.TB, dir, program string) *disk.Output {
	t.Helper()
	return openAt(t, dir, program, "public")
}

func openAt(t testing.TB, dir, program, out string) *disk.Output {
	t.Helper()
	o, p, err := disk.OpenOutput(disk.Place{Site: dir, Out: filepath.Join(dir, out), Program: program})
	if p != nil || err != nil {
		t.Fatal(p, err)
	}
	t.Cleanup(func() { o.Close() })
	return o
}

// write writes a site, and fails the test if there is an error.
func write(t testing.TB, dir string, s site) disk.Report {
	t.Helper()
	o := open(t, dir, "test")
	defer o.Close()
	r, ps, err := o.Write(context.Background(), s.tree(nil), disk.Options{})
	if err != nil || len(ps) > 0 {
		t.Fatal(ps, err)
	}
	return r
}

// contents returns the text of each file in the output, and "" for each folder, as a/b/.
func contents(t testing.TB, dir string) map[string]string {
	t.Helper()
	return contentsOf(t, dir, "public")
}

func contentsOf(t testing.TB, dir, out string) map[string]string {
	t.Helper()
	all := map[string]string{}
	err := fs.WalkDir(os.DirFS(filepath.Join(dir, out)), ".", func(p string, d fs.DirEntry, err error) error {
		if err != nil || p == "." {
			return err
		}
		if d.IsDir() {
			all[p+"/"] = ""
			return nil
		}
		if d.Type()&fs.ModeSymlink != 0 {
			all[p], err = os.Readlink(filepath.Join(dir, out, p))
			return err
		}
		b, err := os.ReadFile(filepath.Join(dir, out, p))
		all[p] = string(b)
		return err
	})
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		t.Fatal(err)
	}
	return all
}

// fresh returns the output of an undisturbed build.
func fresh(t testing.TB, s site) map[string]string {
	dir := folder(t)
	write(t, dir, s)
	return contents(t, dir)
}

func TestWrite(t *testing.T) {
	t.Parallel()
	dir := folder(t)
	r := write(t, dir, before)
	if r.Total != len(before) || r.Rendered != len(before) || len(r.Written) != len(before) || r.Unchanged() != 0 || r.Bytes != 58 {
		t.Errorf("first build: %+v", r)
	}
	got := contents(t, dir)
	for p, text := range before {
		if got[p] != text {
			t.Errorf("%s holds %q, want %q", p, got[p], text)
		}
	}
	r = write(t, dir, before)
	if want := (disk.Report{Total: len(before), Foreign: r.Foreign}); !reflect.DeepEqual(r, want) {
		t.Errorf("nothing changed: %+v", r)
	}
	r = write(t, dir, after)
	want := disk.Report{Total: 9, Rendered: 7, Bytes: 62, Foreign: r.Foreign,
		Written: []string{"assets/style.2.css", "index.html", "pawn", "privacy/2026-01-01/index.html",
			"privacy/index.html", "privacy/versions.json", "swap/index.html"},
		Removed: []string{"assets/style.1.css", "old/deep/er/index.html", "old/index.html", "pawn/index.html", "swap"}}
	if !reflect.DeepEqual(r, want) {
		t.Errorf("second site:\nhave %+v\nwant %+v", r, want)
	}
	if got, want := contents(t, dir), fresh(t, after); !reflect.DeepEqual(got, want) {
		t.Errorf("have %q\nwant %q", got, want)
	}
	if _, err := os.Stat(filepath.Join(dir, ".privgen/public/stage")); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("staging is left: %v", err)
	}
}

func TestOwnershipListIsForSha256sum(t *testing.T) {
	t.Parallel()
	program, err := exec.LookPath("sha256sum")
	if err != nil {
		t.Log("there is no sha256sum here; only the form of the list is looked at")
	}
	dir := folder(t)
	write(t, dir, site{"index.html": "a\n", "b/ä c.txt": ""})
	list := contents(t, dir)[".privgen"]
	want := `# Written by privgen. To check these files: sha256sum -c .privgen
e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855  b/ä c.txt
87428fc522803d31065e7bce3cf03fe475096631e5e07bbd7a0fde60c4cf25c7  index.html
`
	if list != want {
		t.Errorf("have\n%s\nwant\n%s", list, want)
	}
	if program != "" {
		cmd := exec.Command(program, "--strict", "--quiet", "-c", ".privgen")
		cmd.Dir = filepath.Join(dir, "public")
		if out, err := cmd.CombinedOutput(); err != nil {
			t.Errorf("%v: %s", err, out)
		}
	}
}

// disguise changes a file in place, but keeps its size and modification time.
func disguise(t *testing.T, name string) {
	t.Helper()
	info, err := os.Stat(name)
	if err != nil {
		t.Fatal(err)
	}
	put(t, name, strings.Repeat("x", int(info.Size())))
	if err := os.Chtimes(name, info.ModTime(), info.ModTime()); err != nil {
		t.Fatal(err)
	}
}

// settle writes before until all files have fingerprints, which they get when the
// clock of the file system has ticked.
func settle(t *testing.T, dir string) {
	t.Helper()
	changed(t, dir, stat(t, dir+"/privgen.toml")) // without a time of change, the loop would never end
	for {
		state, err := os.ReadFile(dir + "/.privgen/public/state")
		if err != nil {
			t.Fatal(err)
		}
		if known, all := disk.Known(state); known == all {
			return
		}
		write(t, dir, before)
	}
}

func stat(t *testing.T, name string) fs.FileInfo {
	t.Helper()
	info, err := os.Stat(name)
	if err != nil {
		t.Fatal(err)
	}
	return info
}

// Each case does something to the output of before, and writes before again.
func TestWriteOverWhatLies(t *testing.T) {
	t.Parallel()
	cases := []struct {
		name  string
		do    func(t *testing.T, dir, out string)
		drawn int
		want  disk.Report // without Total, Rendered, Bytes
		left  string      // a file that must be left
	}{
		{name: "nothing", do: func(t *testing.T, dir, out string) {}},
		{name: "a page was removed", drawn: 1, want: disk.Report{Written: []string{"same.txt"}},
			do: func(t *testing.T, dir, out string) { os.Remove(out + "/same.txt") }},
		{name: "a page was edited", drawn: 1, want: disk.Report{Written: []string{"same.txt"}, Restored: []string{"same.txt"}},
			do: func(t *testing.T, dir, out string) { put(t, out+"/same.txt", "some other") }},
		{name: "a page was edited, and has its size and time", drawn: 1, want: disk.Report{Written: []string{"same.txt"}, Restored: []string{"same.txt"}},
			do: func(t *testing.T, dir, out string) { disguise(t, out+"/same.txt") }},
		{name: "a page was edited when all had settled, and has its size and time", drawn: 1,
			want: disk.Report{Written: []string{"same.txt"}, Restored: []string{"same.txt"}},
			do: func(t *testing.T, dir, out string) {
				settle(t, dir)
				disguise(t, out+"/same.txt")
			}},
		{name: "a page was touched",
			do: func(t *testing.T, dir, out string) { os.Chtimes(out+"/same.txt", time.Time{}, time.Unix(1, 0)) }},
		{name: "a page became a symlink", drawn: 1, want: disk.Report{Written: []string{"same.txt"}, Restored: []string{"same.txt"}}, left: "privgen.toml",
			do: func(t *testing.T, dir, out string) {
				os.Remove(out + "/same.txt")
				if err := os.Symlink("../privgen.toml", out+"/same.txt"); err != nil {
					t.Fatal(err)
				}
			}},
		{name: "the state was lost", drawn: 10,
			do: func(t *testing.T, dir, out string) { os.RemoveAll(dir + "/.privgen") }},
		{name: "the state is broken", drawn: 10,
			do: func(t *testing.T, dir, out string) {
				put(t, dir+"/.privgen/public/state", "privgen state 2\nxxxxxxxxxxxx")
			}},
		{name: "the list was lost", drawn: 10, want: disk.Report{Adopted: []string{"assets/style.1.css", "index.html", "old/deep/er/index.html", "old/index.html",
			"pawn/index.html", "privacy/2024-03-01/index.html", "privacy/index.html", "privacy/versions.json", "same.txt", "swap"}},
			do: func(t *testing.T, dir, out string) { os.Remove(out + "/.privgen") }},
		{name: "the list has a merge conflict", do: func(t *testing.T, dir, out string) {
			b, _ := os.ReadFile(out + "/.privgen")
			put(t, out+"/.privgen", "<<<<<<< HEAD\n"+string(b)+"=======\n"+strings.ReplaceAll(string(b), "\n", "\r\n")+">>>>>>> x\n")
		}},
		{name: "all was removed", drawn: 10, want: disk.Report{Written: []string{"assets/style.1.css", "index.html", "old/deep/er/index.html", "old/index.html",
			"pawn/index.html", "privacy/2024-03-01/index.html", "privacy/index.html", "privacy/versions.json", "same.txt", "swap"}},
			do: func(t *testing.T, dir, out string) { os.RemoveAll(out) }},
		{name: "foreign files", want: disk.Report{Foreign: []string{".htaccess", "media/", "privacy/notes.txt"}, Foreigners: 3}, left: "public/privacy/notes.txt",
			do: func(t *testing.T, dir, out string) {
				put(t, out+"/.htaccess", "x")
				put(t, out+"/media/a/b/c.mp4", "x")
				put(t, out+"/privacy/notes.txt", "x")
				put(t, out+"/.git/HEAD", "x")
			}},
		{name: "an old owned file, intact", want: disk.Report{Removed: []string{"gone/away.txt"}},
			do: func(t *testing.T, dir, out string) {
				put(t, out+"/gone/away.txt", "a\n")
				own(t, out, "gone/away.txt")
			}},
		{name: "an old owned file, changed", want: disk.Report{Kept: []string{"gone/away.txt"}}, left: "public/gone/away.txt",
			do: func(t *testing.T, dir, out string) {
				put(t, out+"/gone/away.txt", "b\n")
				own(t, out, "gone/away.txt")
			}},
		{name: "an old owned file behind a symlink", want: disk.Report{Kept: []string{"gone/away.txt"}, Foreign: []string{"gone"}, Foreigners: 1}, left: "elsewhere/away.txt",
			do: func(t *testing.T, dir, out string) {
				put(t, dir+"/elsewhere/away.txt", "a\n")
				own(t, out, "gone/away.txt")
				if err := os.Symlink("../elsewhere", out+"/gone"); err != nil {
					t.Fatal(err)
				}
			}},
		{name: "an old owned file, gone, its folders left",
			do: func(t *testing.T, dir, out string) {
				os.MkdirAll(out+"/gone/far", 0o777)
				own(t, out, "gone/far/away.txt")
			}},
		{name: "a list that reaches out", left: "privgen.toml",
			do: func(t *testing.T, dir, out string) {
				own(t, out, "../privgen.toml")
				own(t, out, dir+"/privgen.toml")
				own(t, out, ".privgen")
			}},
		{name: "what a killed build was copying",
			do: func(t *testing.T, dir, out string) {
				put(t, out+"/privacy/.privgen-tmp~index.html", "hal")
				put(t, dir+"/.privgen/public/stage/3", "hal")
				put(t, dir+"/.privgen/public/next", "hal")
			}},
	}
	undisturbed := fresh(t, before)
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			dir := folder(t)
			write(t, dir, before)
			c.do(t, dir, filepath.Join(dir, "public"))
			foreign := contents(t, dir)
			r := write(t, dir, before)
			if r.Rendered != c.drawn {
				t.Errorf("%d pages were drawn, want %d", r.Rendered, c.drawn)
			}
			r.Total, r.Rendered, r.Bytes = 0, 0, 0
			if r.Foreigners == 0 {
				r.Foreign = nil
			}
			if !reflect.DeepEqual(r, c.want) {
				t.Errorf("report:\nhave %+v\nwant %+v", r, c.want)
			}
			got := contents(t, dir)
			for p, text := range undisturbed {
				if got[p] != text {
					t.Errorf("%s: have %q, want %q", p, got[p], text)
				}
			}
			if c.left == "" && len(got) != len(undisturbed) {
				t.Errorf("have %q\nwant %q\nwas %q", got, undisturbed, foreign)
			}
			if c.left != "" {
				if _, err := os.Stat(filepath.Join(dir, c.left)); err != nil {
					t.Error(err)
				}
			}
			if r := write(t, dir, before); r.Rendered != 0 {
				t.Errorf("%d pages were drawn the time after", r.Rendered)
			}
		})
	}
}

// own adds a line to the ownership list, for the text "a\n".
func own(t *testing.T, out, name string) {
	t.Helper()
	b, err := os.ReadFile(out + "/.privgen")
	if err != nil {
		t.Fatal(err)
	}
	put(t, out+"/.privgen", string(b)+"87428fc522803d31065e7bce3cf03fe475096631e5e07bbd7a0fde60c4cf25c7  "+name+"\n")
}

func TestWriteProblems(t *testing.T) {
	t.Parallel()
	link := func(t *testing.T, to, name string) {
		if err := os.Symlink(to, name); err != nil {
			t.Fatal(err)
		}
	}
	mistake := source.NewProblem(source.In("themes/x/page.html"), "bad-theme", "x", "y")
	cases := []struct {
		name string
		do   func(t *testing.T, out string)
		draw func(*bytes.Buffer) error
		want []string // place and code
	}{
		{name: "a foreign file with other text", want: []string{"public/privacy/index.html:1:1 foreign-file"},
			do: func(t *testing.T, out string) { put(t, out+"/privacy/index.html", "mine") }},
		{name: "a foreign file of the same length", want: []string{"public/privacy/index.html:1:1 foreign-file"},
			do: func(t *testing.T, out string) { put(t, out+"/privacy/index.html", "privacy 2") }},
		{name: "a foreign symlink to the same text", want: []string{"public/same.txt:1:1 foreign-file"},
			do: func(t *testing.T, out string) { put(t, out+"/x", "same"); link(t, "x", out+"/same.txt") }},
		{name: "a folder at a file's address", want: []string{"public/same.txt:1:1 foreign-file"},
			do: func(t *testing.T, out string) { put(t, out+"/same.txt/x", "same") }},
		{name: "a file where a folder is needed", want: []string{"public/privacy:1:1 output-not-folder"},
			do: func(t *testing.T, out string) { put(t, out+"/privacy", "") }},
		{name: "a symlink where a folder is needed", want: []string{"public/privacy:1:1 output-not-folder"},
			do: func(t *testing.T, out string) { os.MkdirAll(out, 0o777); link(t, "..", out+"/privacy") }},
		{name: "a changed owned file where a folder is needed", want: []string{"public/privacy:1:1 foreign-file"},
			do: func(t *testing.T, out string) {
				put(t, out+"/.privgen", "")
				own(t, out, "privacy")
				put(t, out+"/privacy", "")
			}},
		{name: "a foreign file in an owned folder where a file is needed", want: []string{"public/same.txt:1:1 foreign-file"},
			do: func(t *testing.T, out string) {
				put(t, out+"/.privgen", "")
				own(t, out, "same.txt/a")
				put(t, out+"/same.txt/a", "a\n")
				put(t, out+"/same.txt/b", "mine")
			}},
		{name: "a mistake in every page is said once", want: []string{"themes/x/page.html:1:1 bad-theme"},
			draw: func(*bytes.Buffer) error { return mistake }},
		{name: "a file that cannot be read", want: []string{"content/a.md:1:1 unreadable"},
			draw: func(*bytes.Buffer) error {
				return fmt.Errorf("draw: %w", &fs.PathError{Op: "open", Path: "content/a.md", Err: fs.ErrPermission})
			}},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			dir := folder(t)
			if c.do != nil {
				c.do(t, filepath.Join(dir, "public"))
			}
			was := contents(t, dir)
			o := open(t, dir, "test")
			tr := before.tree(nil)
			for i := range tr {
				if c.draw != nil {
					tr[i].Render = c.draw
				}
			}
			r, ps, err := o.Write(context.Background(), tr, disk.Options{})
			if err != nil {
				t.Fatal(err)
			}
			var got []string
			for _, p := range ps {
				got = append(got, fmt.Sprint(p.Pos, " ", p.Code))
			}
			if !reflect.DeepEqual(got, c.want) {
				t.Errorf("have %q\nwant %q", got, c.want)
			}
			if len(r.Written) > 0 {
				t.Errorf("report: %+v", r)
			}
			if now := contents(t, dir); !reflect.DeepEqual(now, was) {
				t.Errorf("the output was changed: %q\nwas %q", now, was)
			}
			if _, err := os.Stat(filepath.Join(dir, ".privgen/public/stage")); err == nil {
				t.Error("staging is left")
			}
		})
	}
}

func TestManyForeignFiles(t *testing.T) {
	t.Parallel()
	dir := folder(t)
	s := site{}
	for i := range 30 {
		p := fmt.Sprintf("p%02d/index.html", i)
		s[p] = "ours"
		put(t, filepath.Join(dir, "public", p), "theirs")
	}
	_, ps, err := open(t, dir, "test").Write(context.Background(), s.tree(nil), disk.Options{})
	if err != nil || len(ps) != 11 || ps[0].String() != "public:1:1: 20 more files are in the way, which privgen did not write\n\tempty the folder, or choose another output folder with --out" {
		t.Errorf("%v, %v", ps, err)
	}
}

func TestProgramAndMemory(t *testing.T) {
	t.Parallel()
	dir := folder(t)
	var drawn atomic.Int64
	build := func(program, memory string) string {
		o := open(t, dir, program)
		defer o.Close()
		had := string(o.Cache())
		if _, ps, err := o.Write(context.Background(), before.tree(&drawn), disk.Options{Cache: func() []byte { return []byte(memory) }}); err != nil || ps != nil {
			t.Fatal(ps, err)
		}
		return had
	}
	for _, step := range []struct {
		program, memory, had string
		drawn                int64
	}{
		{"a", "one", "", 10}, {"a", "two", "one", 0}, {"a", "two", "two", 0}, {"b", "three", "", 10}, {"b", "", "three", 0}, {"b", "", "", 0},
	} {
		drawn.Store(0)
		if had := build(step.program, step.memory); had != step.had || drawn.Load() != step.drawn {
			t.Errorf("%+v: had %q, %d drawn", step, had, drawn.Load())
		}
	}
}

// DropCache removes the cache for the next run, and pages stay known.
func TestForget(t *testing.T) {
	t.Parallel()
	dir := folder(t)
	o := open(t, dir, "test")
	if _, ps, err := o.Write(context.Background(), before.tree(nil), disk.Options{Cache: func() []byte { return []byte("a lie") }}); err != nil || ps != nil {
		t.Fatal(ps, err)
	}
	o.Close()
	for _, want := range []string{"a lie", ""} {
		o := open(t, dir, "test")
		if have := string(o.Cache()); have != want {
			t.Errorf("have %q, want %q", have, want)
		}
		if err := o.DropCache(); err != nil {
			t.Fatal(err)
		}
		o.Close()
	}
	if r := write(t, dir, before); r.Rendered != 0 {
		t.Errorf("%d pages are drawn", r.Rendered)
	}
}

func TestProgressAndCancel(t *testing.T) {
	t.Parallel()
	dir := folder(t)
	ctx, cancel := context.WithCancel(context.Background())
	var calls []string
	_, ps, err := open(t, dir, "test").Write(ctx, before.tree(nil), disk.Options{Workers: 1, Progress: func(done, total int) {
		calls = append(calls, fmt.Sprint(done, "/", total))
		if done == 3 {
			cancel()
		}
	}})
	if !errors.Is(err, context.Canceled) || ps != nil || strings.Join(calls, " ") != "1/10 2/10 3/10" {
		t.Errorf("%v %v %v", calls, ps, err)
	}
	if got := contents(t, dir); len(got) > 0 {
		t.Errorf("something was written: %q", got)
	}
}

func TestOtherDisk(t *testing.T) {
	t.Parallel()
	dir := folder(t)
	write(t, dir, before)
	o := open(t, dir, "test")
	o.SetRename(func(from, to string) error {
		return &os.LinkError{Op: "rename", Old: from, New: to, Err: otherDisk}
	})
	if _, ps, err := o.Write(context.Background(), after.tree(nil), disk.Options{}); ps != nil || err != nil {
		t.Fatal(ps, err)
	}
	o.Close()
	if got, want := contents(t, dir), fresh(t, after); !reflect.DeepEqual(got, want) {
		t.Errorf("have %q\nwant %q", got, want)
	}
	if r := write(t, dir, after); r.Rendered != 0 {
		t.Errorf("%d pages were drawn again", r.Rendered)
	}
}

func TestLetterCaseOnly(t *testing.T) {
	t.Parallel()
	// A hard link simulates a file system that ignores letter case.
	dir := folder(t)
	write(t, dir, site{"assets/Logo.svg": "logo"})
	if err := os.Link(filepath.Join(dir, "public/assets/Logo.svg"), filepath.Join(dir, "public/assets/logo.svg")); err != nil {
		t.Fatal(err)
	}
	var order []string
	o := open(t, dir, "test")
	o.SetStep(func(name string) error { order = append(order, name); return nil })
	if _, ps, err := o.Write(context.Background(), site{"assets/logo.svg": "logo"}.tree(nil), disk.Options{Workers: 1}); ps != nil || err != nil {
		t.Fatal(ps, err)
	}
	if got := contents(t, dir)["assets/logo.svg"]; got != "logo" {
		t.Errorf("have %q after %q", got, order)
	}
}

func TestDiskFull(t *testing.T) {
	t.Parallel()
	dir := folder(t)
	write(t, dir, before)
	was := contents(t, dir)
	o := open(t, dir, "test")
	o.SetRename(func(from, to string) error { t.Error("something was moved"); return nil })
	o.SetStep(func(name string) error {
		if name == "stage privacy/versions.json" {
			return fmt.Errorf("write public/privacy/versions.json: %w", syscall.ENOSPC)
		}
		return nil
	})
	_, _, err := o.Write(context.Background(), after.tree(nil), disk.Options{Workers: 1})
	if !errors.Is(err, syscall.ENOSPC) {
		t.Errorf("have %v", err)
	}
	if got := contents(t, dir); !reflect.DeepEqual(got, was) {
		t.Errorf("have %q, want %q", got, was)
	}
}

func TestPanicReachesCaller(t *testing.T) {
	t.Parallel()
	defer func() {
		if v := recover(); v == nil || !strings.HasPrefix(fmt.Sprint(v), "privgen: internal error: x") {
			t.Errorf("have %v", v)
		}
	}()
	tr := before.tree(nil)
	tr[5].Render = func(*bytes.Buffer) error { panic("privgen: internal error: x") }
	open(t, folder(t), "test").Write(context.Background(), tr, disk.Options{})
}
