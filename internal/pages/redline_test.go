package pages_test

import (
	"slices"
	"strings"
	"testing"

	"github.com/privgen/privgen/internal/pages"
	"github.com/privgen/privgen/internal/site"
	"github.com/privgen/privgen/internal/tree"
)

// redlinesOf gives the redlines that a site has with a table [redlines].
func redlinesOf(t *testing.T, table string) []string {
	t.Helper()
	var out []string
	for _, e := range plan(t, with("privgen.toml", "[organization]\n+\n"+table+"\n[organization]")) {
		if p, ok := strings.CutSuffix(e.Path, "/index.html"); ok && strings.Contains(p, "privacy/redline/") {
			out = append(out, strings.Replace(p, "privacy/redline/", "", 1))
		}
	}
	return out
}

func TestRedlinePairs(t *testing.T) {
	t.Parallel()
	neighbors := []string{"2022-05-01..2022-05-01.2", "2022-05-01.2..2024-03-31", "2024-03-31..2026-02-01", "2026-02-01..2026-12-25", "de/2024-03-31..2026-02-01"}
	inForce := []string{"2022-05-01..in-force", "2022-05-01.2..in-force", "2024-03-31..in-force", "de/2024-03-31..in-force"}
	second := []string{"2022-05-01..2024-03-31", "2022-05-01.2..2026-02-01", "2024-03-31..2026-12-25"}
	rest := []string{"2022-05-01..2026-02-01", "2022-05-01..2026-12-25", "2022-05-01.2..2026-12-25"}
	for _, test := range []struct {
		table string
		want  []string
	}{
		{"", slices.Concat(neighbors, inForce)},
		{"[redlines]\nagainst_current = 0", slices.Concat(neighbors, inForce)},
		{"[redlines]\npairs = \"none\"", nil},
		{"[redlines]\npairs = \"all\"", slices.Concat(neighbors, inForce, second, rest)},
		{"[redlines]\npairs = \"all\"\nlimit = 2", slices.Concat(neighbors, inForce, second)},
		{"[redlines]\npairs = \"all\"\nlimit = 0", slices.Concat(neighbors, inForce)},
		{"[redlines]\nlimit = 0", slices.Concat(neighbors, inForce)},
	} {
		var have []string
		for _, p := range redlinesOf(t, test.table) {
			if !strings.Contains(p, "notice") { // a former name
				have = append(have, p)
			}
		}
		want := slices.Clone(test.want)
		slices.Sort(want)
		slices.Sort(have)
		if !slices.Equal(have, want) {
			t.Errorf("%s:\nhave %q\nwant %q", test.table, have, want)
		}
	}
}

func TestLeftOut(t *testing.T) {
	t.Parallel()
	s := load(t, input(mapFS(with("privgen.toml", "[organization]\n+\n[redlines]\npairs = \"all\"\nlimit = 2\n[organization]"))))
	for slug, want := range map[string]int{"privacy": 3, "cookies": 0, "terms": 0} {
		if have := pages.LeftOut(&s.Config.Redlines, s.Library.Policy(slug).At(now)); have != want {
			t.Errorf("%s: have %d, want %d", slug, have, want)
		}
	}
}

// Neighbors that were parted by a version published later keep their redline.
func TestPartedNeighbors(t *testing.T) {
	t.Parallel()
	files := with("content/privacy/2025-05-05.md", matter(`published = 2026-03-03`)+"# Privacy policy\n\nLate.\n")
	tr := plan(t, files)
	for p, want := range map[string]bool{"2024-03-31..2026-02-01": true, "2024-03-31..2025-05-05": true, "2025-05-05..2026-02-01": true, "2022-05-01.2..2025-05-05": false} {
		if have := tr.Find("privacy/redline/"+p+"/index.html") != nil; have != want {
			t.Errorf("%s: have %v", p, have)
		}
	}
}

// What changed up to the version in force has an address that stays; where it
// is not drawn, the page says so and leads on. A page that lasts as well is the
// canonical one.
func TestSince(t *testing.T) {
	t.Parallel()
	d := drawAll(t, "https://example.com/legal/", plan(t, with("privgen.toml", "[organization]\n+\n[redlines]\nagainst_current = 2\n[organization]", "content/privacy/2026-02-01.de.md", "")))
	for _, test := range []struct {
		path, canonical string
		drawn           bool
	}{
		{"privacy/redline/2024-03-31..in-force/", "privacy/redline/2024-03-31..2026-02-01/", true},
		{"privacy/redline/2022-05-01.2..in-force/", "privacy/redline/2022-05-01.2..in-force/", true},
		{"privacy/redline/2022-05-01..in-force/", "privacy/redline/2022-05-01..in-force/", false},
		{"de/privacy/redline/2024-03-31..in-force/", "de/privacy/redline/2024-03-31..in-force/", false}, // no translation is in force
	} {
		page := d.pages[test.path+"index.html"]
		if page == nil {
			t.Errorf("there is no %s", test.path)
			continue
		}
		if have := rels(page, "canonical"); !slices.Equal(have, []string{d.base + test.canonical}) {
			t.Errorf("%s: canonical %q", test.path, have)
		}
		if a := find(page, "article"); (a != nil) != test.drawn || a != nil && attr(a, "data-version") != "2026-02-01" {
			t.Errorf("%s: article %v", test.path, a)
		}
		if attr(find(page, "meta", "name", "robots"), "content") != "noindex" {
			t.Errorf("%s is for search engines", test.path)
		}
		id, _, _ := strings.Cut(strings.TrimPrefix(strings.TrimPrefix(test.path, "de/"), "privacy/redline/"), "..")
		for _, from := range []string{"privacy/archive/index.html", "privacy/" + id + "/index.html"} {
			if have := slices.Contains(hrefs(d.pages[from]), "/legal/"+test.path); have != test.drawn {
				t.Errorf("%s leads to %s: %v", from, test.path, have)
			}
		}
	}
	for _, to := range []string{"privacy/2022-05-01/", "privacy/", "privacy/archive/", "privacy/redline/2022-05-01..2022-05-01.2/"} {
		if !slices.Contains(hrefs(d.pages["privacy/redline/2022-05-01..in-force/index.html"]), "/legal/"+to) {
			t.Errorf("a page where nothing is drawn does not lead to %s", to)
		}
	}
}

// A redline has the text of the later version, is not for search engines, and
// leads to both versions and to the redlines before and after it.
func TestRedlinePage(t *testing.T) {
	t.Parallel()
	d := built(t)
	p := "privacy/redline/2024-03-31..2026-02-01/index.html"
	page := d.pages[p]
	if attr(find(page, "meta", "name", "robots"), "content") != "noindex" || !slices.Equal(rels(page, "canonical"), []string{d.url(p)}) {
		t.Errorf("%s is for search engines, or does not know its address", p)
	}
	a := find(page, "article")
	if attr(a, "data-version") != "2026-02-01" || attr(a, "lang") != "en-GB" {
		t.Errorf("the article is of %s in %s", attr(a, "data-version"), attr(a, "lang"))
	}
	for _, to := range []string{"privacy/2024-03-31/", "privacy/2026-02-01/", "privacy/redline/2022-05-01.2..2024-03-31/", "privacy/redline/2026-02-01..2026-12-25/", "privacy/archive/", "de/privacy/redline/2024-03-31..2026-02-01/"} {
		if !slices.Contains(hrefs(page), "/legal/"+to) {
			t.Errorf("%s does not link to %s", p, to)
		}
	}
	for from, to := range map[string]string{
		"privacy/index.html":               "privacy/redline/2026-02-01..2026-12-25/",
		"privacy/2026-02-01/index.html":    "privacy/redline/2024-03-31..2026-02-01/",
		"privacy/archive/index.html":       "privacy/redline/2022-05-01..2022-05-01.2/",
		"de/privacy/archive/index.html":    "de/privacy/redline/2024-03-31..2026-02-01/",
		"de/privacy/2024-03-31/index.html": "de/privacy/redline/2024-03-31..in-force/",
	} {
		if !slices.Contains(hrefs(d.pages[from]), "/legal/"+to) {
			t.Errorf("%s does not link to %s", from, to)
		}
	}
}

// What is remembered changes nothing, and what no page wants is forgotten.
func TestCache(t *testing.T) {
	t.Parallel()
	want := built(t)
	in := input(mapFS(fixture()))
	in.Cache = &site.Cache{}
	drawTree(t, pages.Plan(load(t, in), now))
	kept := in.Cache.Bytes()
	again := &site.Cache{}
	if err := again.UnmarshalBinary(kept); err != nil {
		t.Fatal(err)
	}
	in.Cache = again
	for p, have := range drawTree(t, pages.Plan(load(t, in), now)) {
		if have != want.text[p] {
			t.Errorf("%s is another", p)
		}
	}
	in = input(mapFS(with("content/privacy/2022-05-01.md", "")))
	in.Cache = again
	pages.Plan(load(t, in), now)
	if n := len(again.Bytes()); n >= len(kept) {
		t.Errorf("have %d bytes, had %d", n, len(kept))
	}
	if err := again.UnmarshalBinary([]byte("nonsense")); err == nil {
		t.Error("nonsense is no error")
	}
}

func drawTree(t *testing.T, tr tree.Tree) map[string]string {
	t.Helper()
	out := map[string]string{}
	for i := range tr {
		out[tr[i].Path] = draw(t, &tr[i])
	}
	return out
}
