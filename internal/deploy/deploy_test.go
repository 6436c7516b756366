package deploy_test

import (
	"bytes"
	"context"
	"crypto/sha256"
	"fmt"
	"maps"
	"slices"
	"strings"
	"testing"

	"github.com/privgen/privgen/internal/deploy"
	"github.com/privgen/privgen/internal/store"
	"github.com/privgen/privgen/internal/tree"
)

// A page is an entry of a small site: its text and what it is.
type page struct {
	text  string
	stage tree.Stage
	keeps string // with the text of the promise behind a space
}

// A small is a small site by path.
type small map[string]page

func (s small) tree() tree.Tree {
	var out []tree.Entry
	for path, p := range s {
		e := tree.Entry{Path: path, Type: "text/html; charset=utf-8", Stage: p.stage, Key: tree.NewHash("page").Texts(p.text, p.keeps).Sum(),
			Render: func(b *bytes.Buffer) error { b.WriteString(p.text); return nil }}
		if keeps, text, ok := strings.Cut(p.keeps, " "); ok {
			e.Keeps, e.Text = keeps, sha256.Sum256([]byte(text))
		}
		out = append(out, e)
	}
	return tree.New(out)
}

// with returns the site with other pages; one without text goes.
func (s small) with(changes small) small {
	out := maps.Clone(s)
	for path, p := range changes {
		if out[path] = p; p.text == "" {
			delete(out, path)
		}
	}
	return out
}

// bodies returns what readers should see.
func (s small) bodies() map[string]string {
	out := map[string]string{}
	for path, p := range s {
		out[path] = p.text
	}
	return out
}

// first is a site with two versions; a page names what it needs in brackets.
func first() small {
	return small{
		"assets/style.1.css":                                {"red", tree.Asset, ""},
		"privacy/2024-01-01/index.html":                     {"[assets/style.1.css] one", tree.Leaf, "privacy/2024-01-01 one"},
		"privacy/2024-01-01/index.md":                       {"one", tree.Leaf, "privacy/2024-01-01 one"},
		"privacy/2025-01-01/index.html":                     {"[assets/style.1.css] [privacy/2024-01-01/index.html] two", tree.Leaf, "privacy/2025-01-01 two"},
		"privacy/redline/2024-01-01..2025-01-01/index.html": {"[assets/style.1.css] one two", tree.Leaf, "privacy/2024-01-01..2025-01-01 onetwo"},
		"privacy/index.html":                                {"[assets/style.1.css] [privacy/archive/index.html] two", tree.List, ""},
		"privacy/archive/index.html":                        {"[assets/style.1.css] [privacy/2024-01-01/index.html] [privacy/2025-01-01/index.html] [privacy/redline/2024-01-01..2025-01-01/index.html]", tree.List, ""},
		"feed.atom":                                         {"[privacy/2025-01-01/index.html]", tree.List, ""},
		"index.html":                                        {"[assets/style.1.css] [privacy/index.html] home", tree.Home, ""},
	}
}

// second is what became of it: another theme, and a new version.
func second() small {
	out := small{}
	for path, p := range first() {
		p.text = strings.ReplaceAll(p.text, "style.1", "style.2")
		out[strings.ReplaceAll(path, "style.1", "style.2")] = p
	}
	return out.with(small{
		"privacy/2026-01-01/index.html":                     {"[assets/style.2.css] [privacy/2025-01-01/index.html] three", tree.Leaf, "privacy/2026-01-01 three"},
		"privacy/2025-01-01/index.html":                     {"[assets/style.2.css] [privacy/2024-01-01/index.html] [privacy/2026-01-01/index.html] two", tree.Leaf, "privacy/2025-01-01 two"},
		"privacy/redline/2025-01-01..2026-01-01/index.html": {"[assets/style.2.css] two three", tree.Leaf, "privacy/2025-01-01..2026-01-01 twothree"},
		"privacy/index.html":                                {"[assets/style.2.css] [privacy/archive/index.html] three", tree.List, ""},
		"privacy/archive/index.html":                        {"[assets/style.2.css] [privacy/2024-01-01/index.html] [privacy/2025-01-01/index.html] [privacy/2026-01-01/index.html] [privacy/redline/2025-01-01..2026-01-01/index.html]", tree.List, ""},
		"feed.atom":                                         {"[privacy/2026-01-01/index.html]", tree.List, ""},
		"cookies/index.html":                                {"[assets/style.2.css] [privacy/index.html] cookies", tree.List, ""},
		"index.html":                                        {"[assets/style.2.css] [privacy/index.html] [cookies/index.html] home", tree.Home, ""},
	})
}

// A run is one deploy.
type run struct {
	deploy.Options
	strict     bool
	back       int // -1 is the one before the last
	program    string
	invalidate func(ctx context.Context, paths []string) error
}

// plan looks at a store and plans.
func (r run) plan(t testing.TB, s store.Store, site small) (*deploy.Survey, *deploy.Wanted, *deploy.Plan, error) {
	t.Helper()
	v, w, p, err := r.compare(t, s, site)
	if err == nil {
		t.Cleanup(w.Close)
	}
	return v, w, p, err
}

// compare is plan, and the caller closes Wanted.
func (r run) compare(t testing.TB, s store.Store, site small) (*deploy.Survey, *deploy.Wanted, *deploy.Plan, error) {
	t.Helper()
	ctx := context.Background()
	if r.Keep == 0 {
		r.Keep = 3
	}
	if r.MaxRemovals == 0 {
		r.MaxRemovals = 5
	}
	v, err := deploy.Look(ctx, s, r.strict)
	if err != nil {
		return nil, nil, nil, err
	}
	var w *deploy.Wanted
	if r.back != 0 {
		m, err := v.Earlier(ctx, s, max(0, r.back))
		if err != nil {
			return nil, nil, nil, err
		}
		w, r.Back = m.Wanted(), m.Number
	} else {
		last := v.Last
		if r.strict {
			last = nil
		}
		var wrong []error
		if w, wrong, err = deploy.Draw(ctx, site.tree(), last, deploy.Wanted{Site: "https://acme.example/", Program: "a" + r.program}, "", nil); err != nil || len(wrong) > 0 {
			t.Fatal(wrong, err)
		}
	}
	if err := v.Compare(ctx, s, w, nil); err != nil {
		w.Close()
		return nil, nil, nil, err
	}
	return v, w, v.Plan(w, s.Abilities(), r.Options), nil
}

// push plans and pushes, under the lock.
func (r run) push(t testing.TB, s store.Store, site small) (*deploy.Plan, error) {
	t.Helper()
	lock, ctx, err := deploy.TakeLock(context.Background(), s, noWait(), false)
	if err != nil {
		return nil, err
	}
	v, w, p, err := r.compare(t, s, site)
	if err == nil {
		defer w.Close()
	}
	if err == nil && len(p.Refusals) == 0 {
		err = deploy.Push(ctx, s, v, w, p, deploy.Pushing{Now: "2026-06-01T09:00:00Z", Keep: 3, Lock: lock, Invalidate: r.invalidate})
	}
	if e := lock.Free(context.Background()); err == nil {
		err = e
	}
	return p, err
}

// must pushes, and nothing may be in the way.
func (r run) must(t testing.TB, s store.Store, site small) *deploy.Plan {
	t.Helper()
	p, err := r.push(t, s, site)
	if err != nil {
		t.Fatal(err)
	}
	for _, no := range p.Refusals {
		t.Fatalf("refused: %v %v", no, no.List)
	}
	return p
}

// codes returns the refusals of a plan.
func codes(p *deploy.Plan) string {
	var out []string
	for _, r := range p.Refusals {
		out = append(out, r.Code)
	}
	return strings.Join(out, " ")
}

// did returns the steps of a plan as words.
func did(p *deploy.Plan) []string {
	out := []string{}
	for _, s := range p.Steps {
		out = append(out, fmt.Sprintf("%s %s", s.Action, s.Path))
	}
	slices.Sort(out)
	return out
}

// holds holds what readers see to what they should.
func (m *memory) holds(t testing.TB, want map[string]string) {
	t.Helper()
	m.mu.Lock()
	defer m.mu.Unlock()
	have := m.bodies()
	for _, path := range slices.Sorted(maps.Keys(want)) {
		if have[path] != want[path] {
			t.Errorf("%s is %q, want %q", path, have[path], want[path])
		}
	}
	for _, path := range slices.Sorted(maps.Keys(have)) {
		if _, ok := want[path]; !ok {
			t.Errorf("%s is there, and should not", path)
		}
	}
}

func TestDeploy(t *testing.T) {
	t.Parallel()
	m := newMemory()
	if p := (run{}).must(t, m, first()); len(p.Steps) != len(first()) || p.Steps[len(p.Steps)-1].Path != "index.html" {
		t.Errorf("the first plan has %v; the home page comes last", did(p))
	}
	m.holds(t, first().bodies())
	o := m.objects["assets/style.1.css"]
	if o.Cache != "public, max-age=31536000, immutable" || o.SHA != fmt.Sprintf("%x", sha256.Sum256([]byte("red"))) {
		t.Errorf("the style sheet has the headers %+v", o.Object)
	}

	m.calls = map[string]int{}
	if p := (run{}).must(t, m, first()); !p.Empty() || p.Drawn != 0 {
		t.Errorf("after a push the plan is %v, with %d drawn", did(p), p.Drawn)
	}
	// The manifest, who comes first, and whether conditions hold; nothing else is asked.
	if m.calls["list"] != 1 || m.calls["put"] != 2 || m.calls["get"] > 4 {
		t.Errorf("a deploy without changes asks %v", m.calls)
	}

	p := run{}.must(t, m, second())
	m.holds(t, second().with(small{"assets/style.1.css": first()["assets/style.1.css"], "privacy/redline/2024-01-01..2025-01-01/index.html": second()["privacy/redline/2024-01-01..2025-01-01/index.html"]}).bodies())
	if want := []string{"assets/style.1.css"}; !slices.Equal(p.Stays, want) {
		t.Errorf("what stays is %v, want %v", p.Stays, want)
	}
	if slices.Contains(p.Invalidate, "cookies/index.html") || !slices.Contains(p.Invalidate, "index.html") {
		t.Errorf("caches forget %v", p.Invalidate)
	}
	if p := (run{}).must(t, m, second()); !p.Empty() {
		t.Errorf("after a push the plan is %v", did(p))
	}
}

// Another program draws everything again, and changes nothing.
func TestOtherProgram(t *testing.T) {
	t.Parallel()
	m := newMemory()
	run{}.must(t, m, first())
	p := run{program: "b"}.must(t, m, first())
	if !p.Empty() || p.Drawn != len(first()) {
		t.Errorf("another program draws %d and plans %v", p.Drawn, did(p))
	}
	if p := (run{program: "b"}).must(t, m, first()); p.Drawn != 0 {
		t.Errorf("and then again %d", p.Drawn)
	}
}

// What somebody did to the store is seen and mended, and nothing of theirs is
// lost.
func TestForeign(t *testing.T) {
	t.Parallel()
	m := newMemory()
	m.set(store.Object{Path: "mine.html"}, "mine")
	m.set(store.Object{Path: "feed.atom"}, "mine")
	if p, err := (run{}).push(t, m, first()); err != nil || codes(p) != "foreign" || len(m.bodies()) != 2 {
		t.Fatalf("refused %q %v, and the store holds %v", codes(p), err, m.bodies())
	}
	p := run{Options: deploy.Options{Adopt: true}}.must(t, m, first())
	if !slices.Equal(p.Foreign, []string{"mine.html"}) || m.objects["mine.html"].body != "mine" || m.objects[".privgen/replaced/feed.atom"].body != "mine" {
		t.Errorf("foreign is %v, and the store holds %v", p.Foreign, slices.Sorted(maps.Keys(m.objects)))
	}

	m.set(store.Object{Path: "index.html"}, "vandal")
	delete(m.objects, "privacy/index.html")
	delete(m.objects, "assets/style.1.css")
	want := []string{"add assets/style.1.css", "add privacy/index.html", "change index.html"}
	if p := (run{}).must(t, m, first()); !slices.Equal(did(p), want) {
		t.Errorf("the plan is %v, want %v", did(p), want)
	}
	m.holds(t, first().with(small{"mine.html": {"mine", 0, ""}}).bodies())

	// At the address of a released version, somebody has to look first.
	m.set(store.Object{Path: "privacy/2024-01-01/index.html"}, "vandal")
	if p, err := (run{}).push(t, m, first()); err != nil || codes(p) != "promise" {
		t.Errorf("refused %q %v", codes(p), err)
	}
	run{Options: deploy.Options{Allow: []deploy.Allowance{{Version: "privacy/2024-01-01", Reason: "vandals"}}}}.must(t, m, first())
	m.holds(t, first().with(small{"mine.html": {"mine", 0, ""}}).bodies())

	// Headers show only to who reads every object.
	o := m.objects["feed.atom"]
	o.Cache = "no-store"
	m.objects["feed.atom"] = o
	if p := (run{}).must(t, m, first()); !p.Empty() {
		t.Errorf("the plan is %v", did(p))
	}
	if p := (run{strict: true}).must(t, m, first()); !slices.Equal(did(p), []string{"headers feed.atom"}) || m.objects["feed.atom"].Cache != "public, max-age=300" {
		t.Errorf("the plan is %v", did(p))
	}
}

// A lost manifest is not a lost site.
func TestLostManifest(t *testing.T) {
	t.Parallel()
	m := newMemory()
	run{}.must(t, m, first())
	delete(m.objects, ".privgen/manifest.gz")
	p := run{}.must(t, m, second())
	if old := []string{"assets/style.1.css"}; len(p.Foreign) != 0 || !slices.Equal(p.Stays, old) {
		t.Errorf("foreign is %v, and %v stays", p.Foreign, p.Stays)
	}
	delete(m.objects, ".privgen/manifest.gz")
	if p := (run{}).must(t, m, second()); len(p.Steps) > 0 {
		t.Errorf("the plan is %v", did(p))
	}
	delete(m.objects, ".privgen/manifest.gz")
	broken := second().with(small{"privacy/2024-01-01/index.html": {"other", tree.Leaf, "privacy/2024-01-01 other"}})
	if p, err := (run{}).push(t, m, broken); err != nil || codes(p) != "promise" {
		t.Errorf("without a manifest, a changed promise is refused with %q %v", codes(p), err)
	}
	lost := second().with(small{"privacy/2024-01-01/index.html": {}, "privacy/2024-01-01/index.md": {}})
	if p, err := (run{}).push(t, m, lost); err != nil || codes(p) != "promise" {
		t.Errorf("without a manifest, a lost version is refused with %q %v", codes(p), err)
	}

	// What the site has no more goes. Others' things do not, nor does another
	// site, with marks of its own, in a folder of this one.
	theirs := stored{store.Object{Path: "theirs.html", Size: 3}, "hey"}
	m.objects["theirs.html"] = theirs
	for path, o := range maps.Clone(m.objects) {
		m.objects["beside/"+path] = o
	}
	p = run{}.must(t, m, second().with(small{"cookies/index.html": {}, "index.html": {"home", tree.Home, ""}}))
	if !slices.Contains(did(p), "remove cookies/index.html") || slices.Contains(p.Foreign, "cookies/index.html") ||
		!slices.Contains(p.Foreign, "theirs.html") || !slices.Contains(p.Foreign, "beside/index.html") {
		t.Errorf("without a manifest the plan is %v, foreign is %v", did(p), p.Foreign)
	}
}

func TestPromises(t *testing.T) {
	t.Parallel()
	m := newMemory()
	run{}.must(t, m, first())
	allow := run{Options: deploy.Options{Allow: []deploy.Allowance{{Version: "privacy/2024-01-01", Reason: "a name was in it"}}}}
	goneVersion := small{"privacy/2024-01-01/index.html": {}, "privacy/2024-01-01/index.md": {}, "privacy/redline/2024-01-01..2025-01-01/index.html": {}}
	for _, tt := range []struct {
		name    string
		changes small
		want    string // what is refused
		steps   []string
	}{
		{"a look changes", small{"privacy/2024-01-01/index.html": {"<b>one</b>", tree.Leaf, "privacy/2024-01-01 one"}}, "", []string{"change privacy/2024-01-01/index.html"}},
		{"a text changes", small{"privacy/2024-01-01/index.html": {"uno", tree.Leaf, "privacy/2024-01-01 uno"}}, "promise", nil},
		{"a text is no promise any more", small{"privacy/2024-01-01/index.html": {"uno", tree.Leaf, ""}}, "promise", nil},
		{"a version goes", goneVersion, "promise", nil},
		{"a redline is not made any more", small{"privacy/redline/2024-01-01..2025-01-01/index.html": {}}, "", nil},
		{"a format is not written any more", small{"privacy/2024-01-01/index.md": {}}, "", nil},
		{"a policy is renamed", small{"privacy/2024-01-01/index.html": {"to /data/2024-01-01/", tree.List, "data/2024-01-01 one"},
			"privacy/2024-01-01/index.md": {}, "data/2024-01-01/index.html": {"one", tree.Leaf, "data/2024-01-01 one"}}, "",
			[]string{"add data/2024-01-01/index.html", "change privacy/2024-01-01/index.html"}},
	} {
		_, _, p, err := run{}.plan(t, m, first().with(tt.changes))
		if err != nil {
			t.Fatal(err)
		}
		if codes(p) != tt.want {
			t.Errorf("%s: refused is %q, want %q: %v", tt.name, codes(p), tt.want, p.Refusals)
		}
		if tt.want == "" && !slices.Equal(did(p), append([]string{}, tt.steps...)) {
			t.Errorf("%s: the plan is %v, want %v", tt.name, did(p), tt.steps)
		}
	}

	// With a reason a version goes, and nothing of it is left anywhere.
	without := first().with(goneVersion).with(small{
		"privacy/2025-01-01/index.html": {"[assets/style.1.css] two", tree.Leaf, "privacy/2025-01-01 two"},
		"privacy/archive/index.html":    {"[privacy/2025-01-01/index.html]", tree.List, ""},
	})
	allow.must(t, m, without)
	m.holds(t, without.bodies())
	for path, o := range m.objects {
		if strings.HasPrefix(path, ".privgen/kept/") || strings.HasPrefix(path, ".privgen/deploys/") {
			t.Errorf("%s is kept: %q", path, o.body)
		}
	}
	last, err := deploy.Look(context.Background(), m, false)
	if err != nil || !slices.Equal(last.Last.Changed, []string{"privacy/2024-01-01"}) {
		t.Errorf("the manifest remembers %v %v", last.Last.Changed, err)
	}
	for path, o := range m.objects { // everybody may read it: the reason is not there
		if own(path) && strings.Contains(plainText(t, o.body), "a name was in it") {
			t.Errorf("%s has the reason", path)
		}
	}
	// Where nothing needs it, a permission is a mistake.
	if p, err := allow.push(t, m, without); err != nil || codes(p) != "allowance" {
		t.Errorf("an allowance for nothing is refused with %q %v", codes(p), err)
	}
}

// A record has the last word, also on a store that knows nothing.
func TestReleased(t *testing.T) {
	t.Parallel()
	one := fmt.Sprintf("%x", sha256.Sum256([]byte("one")))
	for path, text := range map[string]string{"privacy/2024-01-01/index.html": "0" + one, "privacy/2020-01-01/index.html": one} {
		r := run{Options: deploy.Options{Released: []deploy.Promise{{Version: versionOf(path), Path: path, Text: text}}}}
		if p, err := r.push(t, newMemory(), first()); err != nil || codes(p) != "promise" {
			t.Errorf("%s: refused is %q %v", path, codes(p), err)
		}
	}
	r := run{Options: deploy.Options{Released: []deploy.Promise{{Version: "privacy/2024-01-01", Path: "privacy/2024-01-01/index.html", Text: one}}}}
	r.must(t, newMemory(), first())
}

func versionOf(path string) string { return strings.TrimSuffix(path, "/index.html") }

func TestRemovals(t *testing.T) {
	t.Parallel()
	m := newMemory()
	site := first()
	for i := range 7 {
		site[fmt.Sprintf("old/%d/index.html", i)] = page{"old", tree.List, ""}
	}
	run{}.must(t, m, site)
	if p, err := (run{}).push(t, m, first()); err != nil || codes(p) != "removals" || len(p.Refusals[0].List) != 7 {
		t.Fatalf("refused %q %v", codes(p), err)
	}
	m.holds(t, site.bodies())
	run{Options: deploy.Options{MaxRemovals: 7}}.must(t, m, first())
	m.holds(t, first().bodies())
}

func TestRollback(t *testing.T) {
	t.Parallel()
	m := newMemory()
	if _, _, _, err := (run{back: -1}).plan(t, m, nil); err == nil {
		t.Error("there is a way back from nothing")
	}
	run{}.must(t, m, first())
	run{}.must(t, m, second())
	run{back: -1}.must(t, m, nil)
	// All is as it was, and what was released since stays, with what it needs.
	want := first()
	for path, p := range second() {
		if _, old := want[path]; !old && (p.keeps != "" || p.stage == tree.Asset) {
			want[path] = p
		}
	}
	m.holds(t, want.bodies())
	run{}.must(t, m, second())
	m.holds(t, second().with(small{"assets/style.1.css": first()["assets/style.1.css"]}).bodies())
	if _, err := (run{back: 77}).push(t, m, nil); err == nil {
		t.Error("deploy 77 can be brought back")
	}

	// What no kept deploy needs goes, and only then.
	for i := range 5 {
		if _, ok := m.objects["assets/style.1.css"]; !ok && i < 2 {
			t.Errorf("the old style sheet is gone after %d deploys", i)
		}
		run{}.must(t, m, second().with(small{"feed.atom": {fmt.Sprint(i), tree.List, ""}}))
	}
	for path := range m.objects {
		if path == "assets/style.1.css" || path == ".privgen/deploys/3.gz" {
			t.Errorf("%s is still there", path)
		}
	}
	kept := 0
	for path := range m.objects {
		if strings.HasPrefix(path, ".privgen/kept/") {
			kept++
		}
	}
	if kept != 2 { // the feed, twice
		t.Errorf("%d objects are kept, want 2", kept)
	}
}

// A plan that was saved is the same, or says what moved.
func TestMoved(t *testing.T) {
	t.Parallel()
	m := newMemory()
	run{}.must(t, m, first())
	_, _, saved, err := run{}.plan(t, m, second())
	if err != nil {
		t.Fatal(err)
	}
	_, _, again, _ := run{}.plan(t, m, second())
	if moved := again.Moved(saved); len(moved) > 0 {
		t.Errorf("nothing moved, but %v", moved)
	}
	_, _, other, _ := run{}.plan(t, m, second().with(small{"feed.atom": {"x", tree.List, ""}, "robots.txt": {"x", tree.List, ""}, "cookies/index.html": {}}))
	want := []string{"not in the plan: add robots.txt", "not needed any more: add cookies/index.html", "with other bytes or headers: change feed.atom"}
	if moved := other.Moved(saved); !slices.Equal(moved, want) {
		t.Errorf("what moved is %v, want %v", moved, want)
	}
}

// Caches that could not be told are told the next time.
func TestInvalidateAgain(t *testing.T) {
	t.Parallel()
	m := newMemory()
	run{}.must(t, m, first())
	changed := first().with(small{"feed.atom": {"x", tree.List, ""}})
	refuse := run{invalidate: func(context.Context, []string) error { return errCut }}
	if _, err := refuse.push(t, m, changed); err == nil {
		t.Fatal("a cache that could not be told is no error")
	}
	var told []string
	listen := run{invalidate: func(_ context.Context, paths []string) error { told = paths; return nil }}
	listen.must(t, m, changed)
	if !slices.Equal(told, []string{"feed.atom"}) {
		t.Errorf("caches are told %v", told)
	}
	told = nil
	if listen.must(t, m, changed); told != nil {
		t.Errorf("and then again %v", told)
	}
}

// What a store cannot hold is refused before anything is sent.
func TestLimits(t *testing.T) {
	t.Parallel()
	m := newMemory()
	m.can.MaxObjects, m.can.MaxBytes = 3, 50
	p, err := run{}.push(t, m, first())
	if err != nil || len(p.Refusals) < 2 || !strings.Contains(p.Refusals[0].What, "the site has 9 files, and memory takes 3") || len(m.bodies()) > 0 {
		t.Errorf("refused are %v %v", p.Refusals, err)
	}
}
