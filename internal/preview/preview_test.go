package preview

import (
	"bytes"
	"context"
	"errors"
	"io"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/privgen/privgen/internal/disk"
	"github.com/privgen/privgen/internal/pages"
	"github.com/privgen/privgen/internal/site"
	"github.com/privgen/privgen/internal/source"
	"github.com/privgen/privgen/internal/watch"
	"github.com/privgen/privgen/templates"
	"github.com/privgen/privgen/themes"
)

const config = "[site]\ntitle = \"Acme policies\"\nbase_url = \"https://acme.example/legal/\"\n\n[organization]\nname = \"Acme Ltd\"\n"

// spring is the instant for which all tests show their site.
var spring = time.Date(2026, 3, 1, 0, 0, 0, 0, time.UTC)

// A folder is a site on the disk, with a preview of it.
type folder struct {
	*Preview
	t        *testing.T
	out, err *bytes.Buffer
	problems source.Problems // printed last
	note     string
}

func start(t *testing.T, o Options) *folder {
	t.Helper()
	f := &folder{t: t, out: &bytes.Buffer{}, err: &bytes.Buffer{}}
	o.Dir = t.TempDir()
	f.Preview = &Preview{Options: o} // for write
	f.write("privgen.toml", config)
	f.write("content/privacy/2026-01-01.md", "# Privacy\n\nWe keep nothing.\n")
	files, err := disk.OpenSite(o.Dir)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { files.Close() })
	o.Files, o.Out, o.Err = files, f.out, f.err
	o.Load = site.Input{Config: "privgen.toml", Templates: templates.FS, Themes: themes.FS, Program: "test", Each: func(n int, do func(int)) {
		for i := range n {
			do(i)
		}
	}}
	if o.Moment == nil {
		o.Moment = func(*site.Site) (time.Time, bool, error) { return spring, true, nil }
	}
	o.PrintProblems = func(list source.Problems, note string) { f.problems, f.note = list, note }
	f.Preview = New(o)
	return f
}

func (f *folder) write(name, text string) {
	f.t.Helper()
	file := filepath.Join(f.Dir, filepath.FromSlash(name))
	if err := os.MkdirAll(filepath.Dir(file), 0o755); err != nil {
		f.t.Fatal(err)
	}
	if err := os.WriteFile(file, []byte(text), 0o644); err != nil {
		f.t.Fatal(err)
	}
}

// save writes files and rebuilds, as the watcher would.
func (f *folder) save(pairs ...string) {
	f.t.Helper()
	var b watch.Batch
	for i := 0; i < len(pairs); i += 2 {
		f.write(pairs[i], pairs[i+1])
		b.Paths = append(b.Paths, pairs[i])
	}
	f.out.Reset()
	if err := f.rebuild(b); err != nil {
		f.t.Fatal(err)
	}
}

// shown returns the HTML of the page at a path.
func (f *folder) shown(path string) string {
	f.t.Helper()
	var b bytes.Buffer
	if err := f.Shown().Site.Find(path).Render(&b); err != nil {
		f.t.Fatal(err)
	}
	return b.String()
}

// printed checks that the output since the last save has a text.
func (f *folder) printed(want string) {
	f.t.Helper()
	if have := f.out.String(); !strings.Contains(have, want) {
		f.t.Errorf("have %q\nwant %q", have, want)
	}
}

// A change in the shared folder of the site is shown, and a folder that the config names
// later is watched.
func TestWatchLibrary(t *testing.T) {
	t.Parallel()
	f := start(t, Options{Watch: true, Poll: true})
	f.write("lib/shared.toml", "")
	f.write("lib/_clauses/contact.md", "Write to us.")
	f.write("other/shared.toml", "")
	f.write("other/_clauses/contact.md", "Write to the others.")
	f.write("content/privacy/2026-01-01.md", "# Privacy\n\n{{clause contact}}\n")
	f.write("privgen.toml", config+"\n[shared]\npath = \"lib\"\n")
	if list, err := f.start(t.Context()); err != nil || list != nil {
		t.Fatal(list, err)
	}
	defer f.end()
	change := func(name, text string) {
		t.Helper()
		f.write(name, text)
		f.out.Reset()
		b := <-f.library.batches()
		if err := f.rebuild(f.library.named(b)); err != nil {
			t.Fatal(err)
		}
		f.printed(name + ": ")
	}
	change("lib/_clauses/contact.md", "Write to the desk.")
	if page := f.shown("privacy/index.html"); !strings.Contains(page, "Write to the desk.") {
		t.Errorf("the shared clause is not shown: %s", page)
	}
	f.save("privgen.toml", config+"\n[shared]\npath = \"other\"\n")
	change("other/_clauses/contact.md", "Write to nobody.")
	if page := f.shown("privacy/index.html"); !strings.Contains(page, "Write to nobody.") {
		t.Errorf("the clause of the other folder is not shown: %s", page)
	}
	f.save("privgen.toml", config+"\n[shared]\npath = \"nowhere\"\n")
	if f.library.watcher != nil {
		t.Error("a folder that does not exist is watched")
	}
}

// A saved file is shown. While it has problems, the last pages are shown.
func TestRebuild(t *testing.T) {
	t.Parallel()
	f := start(t, Options{Navigate: true, Show: pages.Preview{Drafts: true}})
	if list, err := f.start(t.Context()); err != nil || list != nil {
		t.Fatal(list, err)
	}
	f.printed("read 1 version of 1 policy in ")
	f.announce("http://localhost/legal/")
	f.printed("serving http://localhost/legal/\n")

	f.save("content/privacy/2026-01-01.md", "# Privacy\n\nWe keep a list.\n")
	f.printed("content/privacy/2026-01-01.md: ")
	f.printed(" files of privacy in ")
	if !strings.Contains(f.shown("privacy/index.html"), "We keep a list.") || f.Shown().Jump == "" {
		t.Error("the saved text is not shown")
	}
	f.save("content/privacy/2026-01-01.md", "# Privacy\n\n[A link](nowhere.md)\n")
	if len(f.problems) != 1 || f.note != "the pages are from the last successful load" {
		t.Errorf("have %v; %s", f.problems, f.note)
	}
	shown := f.Shown()
	if len(shown.Problems) != 1 || shown.Problems[0].Text != "[A link](nowhere.md)" || !strings.Contains(f.shown("privacy/index.html"), "We keep a list.") {
		t.Errorf("have %v", shown.Problems)
	}
	f.save("content/privacy/2026-01-01.md", "# Privacy\n\nFixed.\n")
	f.printed(": no more problems, ")
	f.save("privgen.toml", strings.Replace(config, "Ltd", "Group", 1))
	f.printed("privgen.toml: every page is new in ")
	f.save("content/_clauses/line.md", "A line.\n")
	f.printed(": the texts that use it were read again in ")
	f.save("content/a.md", "+++\neffective = 2026-01-01\n+++\n# A\n", "content/b.md", "+++\neffective = 2026-01-01\n+++\n# B\n",
		"content/c.md", "+++\neffective = 2026-01-01\n+++\n# C\n", "content/privacy/draft.md", "# Privacy\n\nNext.\n")
	f.printed("content/a.md and 3 files more: the site was read again in ")
	f.announce("http://localhost/legal/")
	f.printed("  draft http://localhost/legal/privacy/draft/\n")
	f.out.Reset()
	if err := f.rebuild(watch.Batch{All: true}); err != nil {
		t.Fatal(err)
	}
	f.printed("all files: the site was read again in ")
	f.end()
	f.printed("stopped\n")
	if kept := disk.ReadNotes(f.Dir, notes); !bytes.HasPrefix(kept, []byte("test\n")) {
		t.Errorf("the cache is %q", kept)
	}
}

// A version that takes effect while the site is served is shown.
func TestTime(t *testing.T) {
	t.Parallel()
	f := start(t, Options{Moment: func(*site.Site) (time.Time, bool, error) { return spring, false, nil }})
	f.write("content/privacy/2026-04-01.md", "# Privacy\n\nWe keep a list.\n")
	if left := f.untilNext(spring); left != longestSleep {
		t.Errorf("without a site, it sleeps %v", left)
	}
	if list, err := f.start(t.Context()); err != nil || list != nil {
		t.Fatal(list, err)
	}
	next, _, ok := f.site.Next(spring)
	if !ok {
		t.Fatal("no version is upcoming")
	}
	if left := f.untilNext(spring); left != longestSleep {
		t.Errorf("a month before, it sleeps %v", left)
	}
	if left := f.untilNext(next.Add(-time.Second)); left != time.Second {
		t.Errorf("a second before, it sleeps %v", left)
	}
	f.pass(next.Add(-time.Second))
	if !strings.Contains(f.shown("privacy/index.html"), `data-version="2026-01-01"`) {
		t.Error("the version in force is not shown")
	}
	// While a text has a problem, the problem stays.
	f.write("content/terms.md", "+++\neffective = 2026-01-01\n+++\n# Terms\n\n[no](no.md)\n")
	if err := f.rebuild(watch.Batch{All: true}); err != nil {
		t.Fatal(err)
	}
	f.pass(next.Add(time.Second))
	if left := f.untilNext(next); !f.problem || left != longestSleep {
		t.Errorf("with a problem: %v, it sleeps %v", f.problem, left)
	}
	f.write("content/terms.md", "+++\neffective = 2026-01-01\n+++\n# Terms\n")
	if err := f.rebuild(watch.Batch{All: true}); err != nil {
		t.Fatal(err)
	}
	f.pass(next.Add(time.Second))
	f.printed("privacy 2026-04-01 takes effect or is published now")
	if !strings.Contains(f.shown("privacy/index.html"), `data-version="2026-04-01"`) {
		t.Error("the version that took effect is not shown")
	}
	if left := f.untilNext(next); left != longestSleep {
		t.Errorf("without an upcoming version, it sleeps %v", left)
	}
}

// Without Watch, a site with problems is not served. With it, the preview waits for a fix.
func TestProblems(t *testing.T) {
	t.Parallel()
	for _, watched := range []bool{false, true} {
		f := start(t, Options{Watch: watched, Poll: true})
		f.write("privgen.toml", "nonsense")
		list, err := f.start(t.Context())
		if err != nil || (len(list) > 0) == watched {
			t.Errorf("have %v, %v", list, err)
		}
		if watched && (f.note != "there is nothing to show yet" || f.Shown().Site != nil) {
			t.Errorf("have %v; %s", f.problems, f.note)
		}
		f.end()
	}
	wrong := errors.New("a wrong flag")
	f := start(t, Options{Moment: func(*site.Site) (time.Time, bool, error) { return time.Time{}, false, wrong }})
	if _, err := f.start(t.Context()); err != wrong {
		t.Errorf("have %v", err)
	}
}

// A log that is written into the site's folder causes no loop.
func TestLogInFolder(t *testing.T) {
	t.Parallel()
	f := start(t, Options{Watch: true})
	f.write("content/privacy/form.pdf", "%PDF-1.4 first")
	f.write("content/privacy/2026-01-01.md", "# Privacy\n\nWe keep [nothing](form.pdf).\n")
	if list, err := f.load(f.Load.Each); err != nil || len(list) > 0 {
		t.Fatal(list, err)
	}
	f.show("")
	for _, name := range []string{"content/privacy/serve.log", "content/_data/serve.log", "templates/log"} {
		f.save(name, "a line")
		f.printed(name)
		f.save(name, "another line")
		if have := f.out.String(); have != "" {
			t.Errorf("for a line in %s it prints %q", name, have)
		}
	}
	f.write("static/serve.log", "")
	for _, name := range []string{"content/privacy/form.pdf", "static/serve.log"} { // published files, so each change is shown
		f.save(name, "%PDF-1.4 a line")
		f.printed(name)
		f.save(name, "%PDF-1.4 another line")
		if have := f.out.String(); have != "" {
			t.Errorf("for a line in %s it prints %q", name, have)
		}
		f.saidAt = f.saidAt.Add(-time.Minute)
		f.save(name, "%PDF-1.4 a later change")
		f.printed(name)
	}
	f.save("content/privacy/2026-01-01.md", "# Privacy\n\nWe keep [nothing](nowhere.pdf).\n")
	if len(f.problems) != 1 {
		t.Fatalf("have %v", f.problems)
	}
	f.problems = nil
	f.save("content/privacy/serve.log", "the problem above")
	if f.problems != nil {
		t.Errorf("printed again: %v", f.problems)
	}
	f.save("content/privacy/nowhere.pdf", "%PDF-1.4 there")
	f.printed("no more problems")
}

// Run serves until the context ends.
func TestRun(t *testing.T) {
	t.Parallel()
	f := start(t, Options{Watch: true, Poll: true})
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	page := ""
	list, err := f.Run(ctx, l, l.Addr().String(), func(url string) {
		go func() {
			defer cancel()
			r, err := http.Get(url + "privacy/")
			if err != nil {
				return
			}
			defer r.Body.Close()
			b, _ := io.ReadAll(r.Body)
			page = string(b)
		}()
	})
	if err != nil || list != nil || !strings.Contains(page, "We keep nothing.") {
		t.Errorf("have %v, %v, %q", list, err, page)
	}
	f.printed("watching " + f.Dir + "; stop with Ctrl-C\nstopped\n")
}
