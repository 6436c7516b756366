package main

import (
	"bytes"
	"flag"
	"fmt"
	"math/rand/v2"
	"net/http"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/privgen/privgen/internal/pages"
)

// This file compares a served site, after many changes of its files, with a fresh load.

var soak = flag.Int("soak", 150, "how many changes the soak test makes")

// A gardener changes a site's files at random.
type gardener struct {
	t    *testing.T
	dir  string
	rand *rand.Rand
	n    int
	aged string // a folder outside of the site
}

func (g *gardener) must(err error) {
	g.t.Helper()
	if err != nil && !os.IsNotExist(err) && !os.IsExist(err) {
		g.t.Fatal(err)
	}
}

// policy returns the folder of a random policy, which may not exist.
func (g *gardener) policy() string {
	return filepath.Join(g.dir, "content", fmt.Sprintf("p%d", g.rand.IntN(8)))
}

// file returns the file of a random version; usually it exists.
func (g *gardener) file() string {
	for range 5 {
		if found, _ := filepath.Glob(g.policy() + "/2*.md"); len(found) > 0 {
			return found[g.rand.IntN(len(found))]
		}
	}
	return g.policy() + "/2024-01-01.md"
}

func (g *gardener) text() string {
	g.n++
	link := ""
	if g.rand.IntN(4) == 0 {
		link = "See [the other](../p0/2024-01-01.md).\n\n"
	}
	return fmt.Sprintf("+++\nsummary = \"change %d\"\n+++\n\n# Policy\n\nParagraph %d.\n\n%s## Clause\n\nThe same in all.\n", g.n, g.n, link)
}

func (g *gardener) day() string {
	return fmt.Sprintf("2024-%02d-%02d", 1+g.rand.IntN(3), 1+g.rand.IntN(28))
}

// change makes one change.
func (g *gardener) change() {
	switch g.rand.IntN(20) {
	case 0, 1, 2, 3, 4, 5: // save in place
		name := g.file()
		g.must(os.MkdirAll(filepath.Dir(name), 0o777))
		g.must(os.WriteFile(name, []byte(g.text()), 0o666))
	case 6, 7: // save by rename, with a backup
		name := g.file()
		g.must(os.MkdirAll(filepath.Dir(name), 0o777))
		g.must(os.Rename(name, name+"~"))
		g.must(os.WriteFile(filepath.Join(filepath.Dir(name), ".new"), []byte(g.text()), 0o666))
		g.must(os.Rename(filepath.Join(filepath.Dir(name), ".new"), name))
	case 8, 9: // a new version, perhaps in a new folder
		dir := g.policy()
		g.must(os.MkdirAll(dir, 0o777))
		g.must(os.WriteFile(filepath.Join(dir, g.day()+".md"), []byte(g.text()), 0o666))
	case 10: // a translation
		g.must(os.WriteFile(strings.TrimSuffix(g.file(), ".md")+".de.md", []byte(g.text()), 0o666))
	case 11, 12: // remove a version
		g.must(os.Remove(g.file()))
	case 13: // rename a version
		name := g.file()
		g.must(os.Rename(name, filepath.Join(filepath.Dir(name), g.day()+".md")))
	case 14: // rename a policy
		g.must(os.RemoveAll(g.dir + "/content/p8"))
		from := g.policy()
		g.must(os.Rename(from, g.dir+"/content/p8"))
		g.must(os.Rename(g.dir+"/content/p8", g.policyGone(from)))
	case 15: // move a policy away and back
		from := g.policy()
		if os.Rename(from, g.aged) == nil {
			g.must(os.Rename(g.aged, from))
		}
	case 16: // a draft
		g.must(os.WriteFile(filepath.Join(filepath.Dir(g.file()), "draft.md"), []byte(g.text()), 0o666))
	case 17: // a mistake
		g.must(os.WriteFile(g.file(), []byte("+++\neffective = 2026-02-30\n+++\n"), 0o666))
	case 18: // a style sheet and the config
		g.must(os.MkdirAll(g.dir+"/templates/assets", 0o777))
		g.must(os.WriteFile(g.dir+"/templates/assets/own.css", fmt.Appendf(nil, "p { margin: %dpx }\n", g.n), 0o666))
		g.config()
	case 19: // a symlink to another version, which is a problem
		to := g.file()
		link := filepath.Join(g.policy(), g.day()+".md")
		if rel, err := filepath.Rel(filepath.Dir(link), to); err == nil && rel != filepath.Base(link) {
			_ = os.Symlink(rel, link)
		}
	}
}

// policyGone returns the folder of a policy that does not exist, otherwise dir.
func (g *gardener) policyGone(dir string) string {
	for i := range 8 {
		other := filepath.Join(g.dir, "content", fmt.Sprintf("p%d", i))
		if _, err := os.Lstat(other); err != nil {
			return other
		}
	}
	return dir
}

func (g *gardener) config() {
	g.n++
	g.must(os.WriteFile(g.dir+"/privgen.toml", fmt.Appendf(nil, "[site]\ntitle = \"Site %d\"\nbase_url = \"https://www.fernhill.example/legal/\"\nlanguage = \"en\"\n\n[organization]\nname = \"Fernhill Instruments Ltd\"\n\n[markdown]\ndead_links = \"keep\"\n", g.n), 0o666))
}

// mend removes all problems from the site, and writes a mark.
func (g *gardener) mend() (mark string) {
	g.config()
	for g.weed() {
	}
	g.n++
	mark = fmt.Sprintf("mark %d.", g.n)
	// The mark is written last, so it is reported after everything else.
	g.must(os.MkdirAll(g.dir+"/content/zz", 0o777))
	g.must(os.WriteFile(g.dir+"/content/zz/2024-01-01.md", []byte("# Mark\n\n"+mark+"\n"), 0o666))
	return mark
}

// weed removes files with problems, and reports whether there were any.
func (g *gardener) weed() (found bool) {
	remove := func(name string) {
		g.must(os.RemoveAll(name))
		found = true
	}
	folders, _ := filepath.Glob(g.dir + "/content/p*")
	for _, dir := range folders {
		entries, _ := os.ReadDir(dir)
		days := map[string]bool{}
		for _, e := range entries {
			name := filepath.Join(dir, e.Name())
			b, err := os.ReadFile(name)
			if err != nil || e.Type()&os.ModeSymlink != 0 || bytes.Contains(b, []byte("2026-02-30")) {
				remove(name)
			} else if id, isText := strings.CutSuffix(e.Name(), ".md"); isText && !strings.HasSuffix(id, ".de") {
				days[id] = true
			}
		}
		for _, e := range entries {
			name := filepath.Join(dir, e.Name())
			if id, ok := strings.CutSuffix(e.Name(), ".de.md"); ok && !days[id] {
				if _, err := os.Lstat(name); err == nil {
					remove(name)
				}
			}
		}
		if len(days) == 0 || len(days) == 1 && days["draft"] {
			remove(dir)
		}
	}
	return found
}

// TestServeSoak changes a site's files at random while it is served. After every 25
// changes, it compares the served site with a fresh load: paths, keys, and bytes. The
// number of open files and goroutines and the memory must not grow.
//
//	go test ./cmd/privgen -run TestServeSoak -soak 5000 -timeout 1h
func TestServeSoak(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "site")
	seed := uint64(time.Now().UnixNano())
	t.Logf("seed %d", seed)
	g := &gardener{t: t, dir: dir, rand: rand.New(rand.NewPCG(seed, 1)), aged: filepath.Join(t.TempDir(), "aged")}
	g.must(os.MkdirAll(dir+"/content", 0o777))
	for i := range 8 {
		p := fmt.Sprintf("%s/content/p%d", dir, i)
		g.must(os.MkdirAll(p, 0o777))
		for _, day := range []string{"2024-01-01", "2024-02-01", "2024-03-01"} {
			g.must(os.WriteFile(p+"/"+day+".md", []byte(g.text()), 0o666))
		}
	}
	g.mend()
	s := startServing(t, dir, serveFlags{watch: true, drafts: true, quiet: true, at: "2026-06-01"})
	var first usage
	const between = 25
	for done := 0; done < *soak; done += between {
		for range between {
			g.change()
		}
		s.until("/legal/zz/", g.mend(), true)
		s.settle(g)
		s.holdToFresh()
		if done == *soak/10/between*between {
			first = measureServe()
		}
	}
	last := measureServe()
	t.Logf("%d changes: %+v, then %+v", *soak, first, last)
	if last.files > first.files+3 || last.routines > first.routines+3 || last.heap > first.heap+16<<20 {
		t.Errorf("it grew from %+v to %+v", first, last)
	}
}

// settle waits until two more marks are shown, because changes of folders can be
// reported in two batches.
func (s *served) settle(g *gardener) {
	s.t.Helper()
	for range 2 {
		s.until("/legal/zz/", g.mend(), true)
	}
}

// holdToFresh compares the served site with a fresh load.
func (s *served) holdToFresh() {
	s.t.Helper()
	want := fresh(s.t, s)
	view := s.Shown().Site.(*pages.View)
	got := view.Tree()
	if len(got) != len(want) {
		s.t.Errorf("%d addresses are served, a fresh load has %d", len(got), len(want))
	}
	for i := range min(len(got), len(want)) {
		if got[i].Path != want[i].Path || got[i].Key != want[i].Key {
			s.t.Fatalf("served is %s (%v), a fresh load has %s (%v)\n%s", got[i].Path, got[i].Key, want[i].Path, want[i].Key, s.err)
		}
		var a, b bytes.Buffer
		if err := got[i].Render(&a); err != nil {
			s.t.Fatalf("%s: %v", got[i].Path, err)
		}
		if err := want[i].Render(&b); err != nil {
			s.t.Fatal(err)
		}
		if !bytes.Equal(a.Bytes(), b.Bytes()) {
			s.t.Fatalf("%s: served are other bytes than a fresh load draws", got[i].Path)
		}
	}
}

// A usage has the resources that the process uses.
type usage struct {
	files, routines int
	heap            uint64
}

func measureServe() usage {
	runtime.GC()
	runtime.GC()
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	fds, _ := os.ReadDir("/proc/self/fd") // none without /proc
	return usage{len(fds), runtime.NumGoroutine(), m.HeapAlloc}
}

// Every served file of the sample site has the bytes of a build, except for the script
// in pages. The same is true for a base URL with a path.
func TestServeIsBuild(t *testing.T) {
	t.Parallel()
	for _, base := range []string{"https://legal.fernhill.example/", "https://www.fernhill.example/a/b/"} {
		dir := t.TempDir()
		for _, name := range []string{"content", "templates", "themes"} {
			if err := os.CopyFS(filepath.Join(dir, name), os.DirFS("../../"+name)); err != nil {
				t.Fatal(err)
			}
		}
		raw, err := os.ReadFile("../../privgen.toml")
		if err != nil {
			t.Fatal(err)
		}
		write(t, filepath.Join(dir, "privgen.toml"), strings.Replace(string(raw), "https://legal.fernhill.example/", base, 1))
		if code, _, errOut := privgen(t, "build", "--config", dir); code != exitDone {
			t.Fatal(errOut)
		}
		built, err := contents(filepath.Join(dir, "public"))
		if err != nil {
			t.Fatal(err)
		}
		s := startServing(t, dir, serveFlags{watch: true, drafts: true})
		root := strings.TrimPrefix(strings.SplitN(base, "example", 2)[1], "")
		names := slices.Sorted(func(yield func(string) bool) {
			for name := range built {
				if !yield(name) {
					return
				}
			}
		})
		for _, name := range names {
			switch name {
			case "_headers", "_redirects", ".privgen":
				continue
			}
			r := s.ask(root + strings.TrimSuffix(name, "index.html"))
			var b bytes.Buffer
			b.ReadFrom(r.Body)
			r.Body.Close()
			got := b.String()
			if strings.Contains("/"+name, "/privacy-notice/") { // a former name, in _redirects
				if r.StatusCode != http.StatusMovedPermanently || !strings.HasPrefix(r.Header.Get("Location"), root) {
					t.Errorf("%s: %d to %q", name, r.StatusCode, r.Header.Get("Location"))
				}
				continue
			}
			if strings.HasSuffix(name, ".html") {
				before, rest, ok := strings.Cut(got, `<script src="/.privgen/live.js"`)
				_, after, _ := strings.Cut(rest, "</script>")
				if got = before + after; !ok {
					t.Errorf("%s has no script", name)
				}
			}
			if r.StatusCode != http.StatusOK || got != built[name] {
				t.Errorf("%s%s: %d, and not the bytes that were built", root, name, r.StatusCode)
			}
			for header, want := range map[string]string{
				"X-Content-Type-Options": "nosniff", "Referrer-Policy": "no-referrer", "Cross-Origin-Opener-Policy": "same-origin",
			} {
				if r.Header.Get(header) != want {
					t.Errorf("%s: %s is %q, and _headers says %q", name, header, r.Header.Get(header), want)
				}
			}
		}
		if len(names) < 50 {
			t.Errorf("only %d files were compared", len(names))
		}
		s.stop()
	}
}
