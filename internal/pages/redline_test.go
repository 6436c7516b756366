package pages_test

import (
	"slices"
	"strings"
	"testing"

	"golang.org/x/net/html"

	"github.com/privgen/privgen/internal/pages"
	"github.com/privgen/privgen/internal/redline"
	"github.com/privgen/privgen/internal/site"
	"github.com/privgen/privgen/internal/tree"
)

// redlinesOf returns the redlines that a site has with a table [redlines].
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

// long are paragraphs that no version of a policy changes.
const long = "\n\nFirst, we say who we are, at some length, so that it is worth collapsing it on a page.\n\n" +
	"Then we say what we do with what you send us, at the same length, for the same reason.\n\n## Rights\n\nAsk us.\n"

// steady returns the files of a site whose newest version but one is in force, with a
// table [redlines].
func steady(table string) map[string]string {
	files := map[string]string{"privgen.toml": "[site]\ntitle = \"T\"\nbase_url = \"https://example.com/\"\n\n" +
		"[organization]\nname = \"O\"\n\n[redlines]\n" + table}
	for id, years := range map[string]string{"2020-01-01": "one", "2021-01-01": "one", "2022-01-01": "two", "2023-01-01": "three",
		"2030-01-01": "four"} {
		files["content/privacy/"+id+".md"] = "# Policy\n\n## Keeping\n\nWe keep it for " + years + " years." + long
	}
	files["content/privacy/2024-01-01.md"] = "# Policy\n\n## Keeping\n\nWe *keep* it for three years." + long
	return files
}

// By default, the redlines that lead to the version in force and to the upcoming one
// contain all of the text, collapsed, and the others only links to it.
func TestUnchangedText(t *testing.T) {
	t.Parallel()
	older, newest, since := "2021-01-01..2022-01-01", "2024-01-01..2030-01-01", "2022-01-01..in-force"
	for _, c := range []struct {
		unchanged string
		whole     []string
	}{
		{"newest", []string{newest}}, {"all", []string{older, newest, since}}, {"none", nil},
	} {
		d := drawAll(t, "https://example.com/", plan(t, steady("unchanged = \""+c.unchanged+"\"\n")))
		for _, p := range []string{older, newest, since} {
			page := d.pages["privacy/redline/"+p+"/index.html"]
			kept, gaps := 0, 0
			walk(page, func(n *html.Node) {
				if has(n, "data-kept") {
					kept++
				} else if has(n, "data-gap") {
					gaps++
				}
			})
			if whole := slices.Contains(c.whole, p); (kept == 1) != whole || (gaps == 0) != whole {
				t.Errorf("%s, %s: kept %d, gaps %d", c.unchanged, p, kept, gaps)
				continue
			}
			if gaps > 0 && !slices.Contains(hrefs(page), "/privacy/"+after(p)+"/#rights") {
				t.Errorf("%s, %s does not link to what is left out", c.unchanged, p)
			}
			if n := len(all(page, "input", "id", "pg:all")); n != kept {
				t.Errorf("%s, %s: %d boxes that show all", c.unchanged, p, n)
			}
		}
	}
}

// after returns the version that a redline leads to, which is in force if it does
// not say which.
func after(pair string) string {
	if _, id, _ := strings.Cut(pair, ".."); id != "in-force" {
		return id
	}
	return "2024-01-01"
}

// A redline without changed words is a sentence and links to both versions. What
// changed since a version with the same text as the next is on the next one's page.
func TestSentences(t *testing.T) {
	t.Parallel()
	d := drawAll(t, "https://example.com/", plan(t, steady("")))
	for _, c := range []struct{ pair, sentence, first, second string }{
		{"2020-01-01..2021-01-01", "Both versions have the same text.", "/privacy/2020-01-01/", "/privacy/2021-01-01/"},
		{"2023-01-01..2024-01-01", "No words changed, only the formatting.", "/privacy/2023-01-01/", "/privacy/2024-01-01/"},
		{"2023-01-01..in-force", "No words changed, only the formatting.", "/privacy/2023-01-01/", "/privacy/2024-01-01/"},
		{"2020-01-01..in-force", "Both versions have the same text.", "/privacy/2020-01-01/", "/privacy/redline/2021-01-01..in-force/"},
	} {
		page := d.pages["privacy/redline/"+c.pair+"/index.html"]
		if find(page, "article") != nil || !strings.Contains(words(find(page, "main")), c.sentence) {
			t.Errorf("%s: %s", c.pair, words(find(page, "main")))
		}
		for _, to := range []string{c.first, c.second} {
			if !slices.Contains(hrefs(page), to) {
				t.Errorf("%s does not link to %s", c.pair, to)
			}
		}
	}
}

// The page where the next version has the same text stays as it is when another
// version takes effect.
func TestSameTextStays(t *testing.T) {
	t.Parallel()
	before := planAt(t, steady(""), now)
	later := planAt(t, steady(""), date("2030-06-01T00:00:00Z"))
	for p, want := range map[string]bool{"2020-01-01..in-force": true, "2021-01-01..in-force": false} {
		p = "privacy/redline/" + p + "/index.html"
		if have := before.Find(p).Key == later.Find(p).Key; have != want {
			t.Errorf("%s stays: %v", p, have)
		}
	}
}

// The list of changes has the words of each change and leads to it, below a heading
// and counts. A line of counts does not begin with a separator, and ends with no half of one.
func TestListOfChanges(t *testing.T) {
	t.Parallel()
	d := drawAll(t, "https://example.com/", plan(t, steady("")))
	for pair, want := range map[string]struct{ heading, counts, change string }{
		"2021-01-01..2022-01-01": {"What changed on January 1, 2022", "1 change\u00a0· +1\u00a0−1 words", "We keep it for one two years."},
		"2024-01-01..2030-01-01": {"What changes on January 1, 2030", "1 change\u00a0· +1\u00a0−1 words", "it for three four years."},
		"2021-01-01..in-force":   {"What changed since January 1, 2021", "1 change\u00a0· +1\u00a0−1 words", "it for one three years."},
	} {
		page := d.pages["privacy/redline/"+pair+"/index.html"]
		if have := words(find(page, "h1")); !strings.HasSuffix(have, want.heading) {
			t.Errorf("%s: heading %q", pair, have)
		}
		if have := words(find(page, "p", "class", "counts")); have != want.counts {
			t.Errorf("%s: counts %q", pair, have)
		}
		list := find(page, "nav", "id", "pg:changes")
		link := find(list, "a")
		if have := words(link); have != want.change || attr(link, "href") != "#pg:1" {
			t.Errorf("%s: change %q at %s", pair, have, attr(link, "href"))
		}
		if find(find(page, "article"), "span", "id", "pg:1") == nil {
			t.Errorf("%s: the change has no place", pair)
		}
	}
}

// With each pair of versions, the archive leads to each redline, and versions.json
// lists them.
func TestAnyTwoVersions(t *testing.T) {
	t.Parallel()
	d := drawAll(t, "https://example.com/", plan(t, steady("pairs = \"all\"\n")))
	archive := hrefs(d.pages["privacy/archive/index.html"])
	n := 0
	for p := range d.pages {
		if dir, ok := strings.CutSuffix(p, "index.html"); ok && strings.Contains(p, "/redline/") && !strings.Contains(p, "in-force") {
			if n++; !slices.Contains(archive, "/"+dir) {
				t.Errorf("the archive does not link to %s", dir)
			}
			if !strings.Contains(d.text["privacy/versions.json"], `": "https://example.com/`+dir+`"`) {
				t.Errorf("versions.json does not list %s", dir)
			}
		}
	}
	if n != 6*5/2 {
		t.Errorf("%d redlines", n)
	}
	if d := drawAll(t, "https://example.com/", plan(t, steady(""))); find(d.pages["privacy/archive/index.html"], "section", "id", "pg:compare") != nil {
		t.Error("an archive with neighbors only lists all comparisons")
	}
}

// The cache changes no page, and drops comparisons that no page needs.
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

// A comparison that the cache does not have yet, or no longer, is the same.
func TestComparedAgain(t *testing.T) {
	t.Parallel()
	s := load(t, input(mapFS(fixture())))
	v := s.Library.Policy("privacy").Versions
	first, again, err := pages.ComparedAgain(s, v[0].Authoritative(), v[1].Authoritative())
	if err != nil || first != again || first == redline.Same {
		t.Errorf("the verdict is %v, and again %v (%v)", first, again, err)
	}
}
