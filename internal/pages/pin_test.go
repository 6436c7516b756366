package pages_test

import (
	"bytes"
	"errors"
	"io/fs"
	"path"
	"strings"
	"sync"
	"testing"
	"testing/fstest"

	"github.com/privgen/privgen/internal/pages"
	"github.com/privgen/privgen/internal/policy"
	"github.com/privgen/privgen/internal/site"
)

// This file tests that a tree shows one moment: planning determines what pages show,
// and their keys have it. Rendering reads only texts and attachments, and fails if
// they are not those of the plan.

// aDisk is a file system that can be broken, and notes what it is asked.
type aDisk struct {
	fstest.MapFS
	mu     sync.Mutex
	asked  []string
	broken map[string]error
}

func (d *aDisk) ask(op, name string) error {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.asked = append(d.asked, op+" "+name)
	if err := d.broken[name]; err != nil {
		return &fs.PathError{Op: op, Path: name, Err: err}
	}
	return nil
}

func (d *aDisk) Open(name string) (fs.File, error) {
	if err := d.ask("open", name); err != nil {
		return nil, err
	}
	return d.MapFS.Open(name)
}

func (d *aDisk) ReadFile(name string) ([]byte, error) {
	if err := d.ask("read", name); err != nil {
		return nil, err
	}
	return d.MapFS.ReadFile(name)
}

func (d *aDisk) Stat(name string) (fs.FileInfo, error) {
	if err := d.ask("stat", name); err != nil {
		return nil, err
	}
	return d.MapFS.Stat(name)
}

func (d *aDisk) ReadDir(name string) ([]fs.DirEntry, error) {
	if err := d.ask("list", name); err != nil {
		return nil, err
	}
	return d.MapFS.ReadDir(name)
}

// everything is a fixture that has all that a text can be made of.
func everything() map[string]string {
	return with("templates/all.html", shown, "privgen.toml", traced, "templates/assets/own.css", "p { color: red }", "templates/words/de.toml", "effective = \"Ab\"\n",
		"content/privacy/2026-02-01.md", "Ten years.\n+\nTen years, says {{organization.name}}.\n\n{{clause contact}}\n\n{{table cookies}}\n\n[Gone](gone.pdf)\n",
		"content/_clauses/contact.md", "Write to us.\n", "content/_data/cookies.toml", "[[cookies]]\nname = \"a\"\n",
		"content/privacy/policy.toml", "kind = \"privacy\"\n+\nkind = \"privacy\"\nmarkdown = { dead_links = \"keep\" }\n")
}

func TestDrawingReadsTextsAlone(t *testing.T) {
	t.Parallel()
	d := &aDisk{MapFS: mapFS(everything())}
	tr := pages.Plan(load(t, input(d)), now)
	d.asked = nil
	want := map[string]string{}
	for i := range tr {
		want[tr[i].Path] = draw(t, &tr[i])
	}
	read := 0
	for _, what := range d.asked {
		op, name, _ := strings.Cut(what, " ")
		if ext := path.Ext(name); op != "read" || ext != ".md" && ext != ".png" {
			t.Errorf("drawing asks the disk: %s", what)
		}
		read++
	}
	if read < 5 {
		t.Errorf("drawing read %d files only: %q", read, d.asked)
	}

	// Whatever happens to a file after planning, a page shows what was planned, or
	// says that it cannot.
	for name := range d.MapFS {
		var s *site.Site
		for _, err := range []error{fs.ErrNotExist, fs.ErrPermission, errors.New("input/output error"), nil} {
			if s == nil || err == nil { // what cannot be read changes nothing in a site that is loaded
				d = &aDisk{MapFS: mapFS(everything())}
				s = load(t, input(d))
			}
			d.broken = nil
			tr := pages.Plan(s, now)
			d.broken = map[string]error{name: err}
			if err == nil {
				d.MapFS[name] = &fstest.MapFile{Data: append([]byte("x"), d.MapFS[name].Data[1:]...)}
			}
			for i := range tr {
				var b bytes.Buffer
				failed := tr[i].Render(&b)
				switch {
				case failed == nil && b.String() != want[tr[i].Path]:
					t.Errorf("%s, %v: %s is drawn, and wrong: %s", name, err, tr[i].Path, firstDifference(want[tr[i].Path], b.String()))
				case failed != nil && err == nil && !errors.Is(failed, policy.ErrChanged) && !strings.Contains(failed.Error(), name):
					t.Errorf("%s: %s: %v", name, tr[i].Path, failed)
				case failed != nil && err != nil && !errors.Is(failed, err):
					t.Errorf("%s, %v: %s: %v", name, err, tr[i].Path, failed)
				}
			}
		}
	}
}

// A file that may be there, and cannot be looked at, is not one that is missing.
func TestUnreadableIsNotAbsent(t *testing.T) {
	t.Parallel()
	for _, name := range []string{"content/privacy/seal.png", "content/privacy/gone.pdf"} {
		d := &aDisk{MapFS: mapFS(everything()), broken: map[string]error{name: errors.New("input/output error")}}
		_, problems := site.Load(input(d))
		if len(problems) == 0 || problems[0].File != name || problems[0].Code != "unreadable" {
			t.Errorf("%s: have %v", name, problems)
		}
	}
}

// A text that cannot be read when it is asked for a clause has not lost it.
func TestClausesOfUnreadable(t *testing.T) {
	t.Parallel()
	files := fixture() // in which a text links to a clause of the terms
	d := &aDisk{MapFS: mapFS(files)}
	in := input(d)
	in.Cache, in.Fingerprint = &site.Cache{}, byTime
	pages.Plan(load(t, in), now)
	kept := in.Cache.Bytes()
	in.Cache = &site.Cache{}
	if err := in.Cache.UnmarshalBinary(kept); err != nil {
		t.Fatal(err)
	}
	d.broken = map[string]error{"content/terms.md": errors.New("input/output error")}
	_, problems := site.Load(in)
	if len(problems) != 1 || problems[0].Code != "unreadable" || problems[0].File != "content/terms.md" {
		t.Errorf("have %v", problems)
	}
}

// Two policies may show the same image, each from its own folder.
func TestSameFileTwice(t *testing.T) {
	t.Parallel()
	files := with("content/cookies/seal.png", fixture()["content/privacy/seal.png"], "content/cookies/2025-10-26.md", "einen:\n+\neinen ![Siegel](seal.png):")
	tr := plan(t, files)
	n := 0
	for i := range tr {
		if strings.HasPrefix(tr[i].Path, "assets/seal.") {
			n++
			if draw(t, &tr[i]) != files["content/cookies/seal.png"] {
				t.Errorf("%s is not the seal", tr[i].Path)
			}
		}
	}
	if n != 1 {
		t.Errorf("the seal is there %d times", n)
	}
}
