package pages_test

import (
	"fmt"
	"io/fs"
	"slices"
	"strings"
	"testing"
	"testing/fstest"
	"time"

	"golang.org/x/net/html"

	"github.com/privgen/privgen/internal/pages"
	"github.com/privgen/privgen/internal/site"
)

// This file tests that an entry with the same key has the same bytes, and that keys
// depend only on the site.

// shown are templates that show all that a page can show of its versions, so
// that what the base look leaves out is tried, too.
const shown = `{{define "version-nav"}}<div>
{{- range .Formats}}{{.Text}} {{.Href}}{{end}}
{{- with .Previous}}{{template "everything" .}}{{end}}{{with .Next}}{{template "everything" .}}{{end}}{{template "everything" .Version}}{{.Version.Redline}} {{.Version.Since}}
{{- .Name}} {{.Href}} {{.Archive}} {{range .Site.Policies}}{{.Text}} {{.Href}}{{end}}</div>{{end}}
{{define "everything"}}<p>{{.ID}} {{.Name}} {{.Label}} {{.State}} {{.StateName}} {{.Href}} {{.Lang}} {{.Foreign}} {{.Summary}} {{range .Changes}}{{.}}{{end}} {{.Material}} {{.Source}}
{{- .Effective.Datetime}} {{.Updated.Text}} {{.Published.Datetime}} {{.Reviewed.Datetime}} {{.Until.Datetime}}</p>{{end}}
{{define "version-entry"}}<li>{{template "everything" .}}{{.Redline}} {{.Since}}{{with .Extent}}{{.Verdict}}{{join .Counts " "}}{{end}}</li>{{end}}
{{define "policy-entry"}}<li>{{.Slug}} {{.Title}} {{.Description}} {{.Href}} {{.Archive}} {{.Versions}} {{with .InForce}}{{template "everything" .}}{{end}}{{with .Upcoming}}{{template "everything" .}}{{end}}</li>{{end}}
`

// changed are sites that differ from the fixture in one thing.
var changed = map[string][]string{
	"title":          {"privgen.toml", "Examples & Co\n+\nSamples & Co"},
	"comment":        {"privgen.toml", "[site]\n+\n# The site\n[site]"},
	"base url":       {"privgen.toml", "https://example.com/\n+\nhttps://example.net/"},
	"language":       {"privgen.toml", "en-GB\n+\nen-US", "content/privacy/policy.toml", "title = \"P\n+\ntitle = \"P"},
	"zone":           {"privgen.toml", "Europe/Berlin\n+\nEurope/Lisbon"},
	"authority":      {"privgen.toml", "example.com,2019\n+\nexample.com,2020"},
	"order":          {"privgen.toml", `["privacy"]` + "\n+\n" + `["terms"]`},
	"indexed":        {"privgen.toml", "[organization]\n+\nsuperseded = \"index\"\n[organization]"},
	"organization":   {"privgen.toml", "<Works>\n+\n<Mills>"},
	"footer":         {"privgen.toml", "Our texts\n+\nTexts"},
	"language title": {"privgen.toml", "Beispiel: \n+\nMuster: "},
	"theme":          {"privgen.toml", "[theme]\n+\n[theme]\nname = \"gazette\""},
	"clauses":        {"privgen.toml", "clause_history = true\n+\nclause_history = false"},
	"formats":        {"privgen.toml", "[organization]\n+\n[output]\nformats = [\"json\", \"feed\"]\n[organization]"},
	"dead links":     {"privgen.toml", "[organization]\n+\n[markdown]\ndead_links = \"keep\"\n[organization]"},
	"no redlines":    {"privgen.toml", "[organization]\n+\n[redlines]\npairs = \"none\"\n[organization]"},
	"few redlines":   {"privgen.toml", "[organization]\n+\n[redlines]\nagainst_current = 1\n[organization]"},
	"all redlines":   {"privgen.toml", "[organization]\n+\n[redlines]\npairs = \"all\"\n[organization]"},
	"words":          {"templates/words/de.toml", "effective = \"Ab\"\n"},
	"template":       {"templates/all.html", "{{.Material}}\n+\n{{.Material}}!"},
	"asset":          {"templates/assets/own.css", "p { color: red }"},

	"policy title":        {"content/privacy/policy.toml", "Privacy policy\n+\nYour privacy"},
	"policy kind":         {"content/privacy/policy.toml", "kind = \"privacy\"\n+\nkind = \"terms\""},
	"policy description":  {"content/privacy/policy.toml", "learn & keep\n+\nlearn"},
	"policy formerly":     {"content/privacy/policy.toml", `["privacy-notice"]` + "\n+\n" + `["notice", "privacy-notice"]`},
	"policy translation":  {"content/privacy/policy.toml", "Was wir\n+\nWas alles wir"},
	"policy german title": {"content/privacy/policy.toml", "Datenschutzerklärung\n+\nDatenschutz"},
	"policy order":        {"content/cookies/policy.toml", "order = 2\n+\norder = -1"},
	"policy rules":        {"content/cookies/policy.toml", "order = 2\n+\norder = 2\n[markdown]\nimages = \"link\"\nhtml = \"sanitize\""},
	"policy of one":       {"content/imprint.md", matter("effective = 2020-01-01") + "# Imprint\n"},
	"policy gone":         {"content/terms.ar.md", ""},

	"effective":       {"content/privacy/2022-05-01.2.md", "reviewed\n+\neffective = 2022-05-03\nreviewed"},
	"effective late":  {"content/privacy/2024-03-31.md", "updated\n+\neffective = 2024-04-01\nupdated"},
	"effective hour":  {"content/privacy/2026-02-01.md", "09:30\n+\n09:45"},
	"effective zone":  {"content/privacy/2026-02-01.md", "09:30:00+01:00\n+\n08:30:00Z"},
	"upcoming later":  {"content/privacy/2026-12-25.md", "updated\n+\neffective = 2026-12-26\nupdated"},
	"in force at now": {"content/privacy/2026-12-25.md", "updated\n+\neffective = 2026-07-01\nupdated"},
	"updated":         {"content/privacy/2024-03-31.md", "02-27\n+\n02-26"},
	"published":       {"content/privacy/2024-03-31.md", "02-29\n+\n02-28"},
	"not published":   {"content/privacy/2024-03-31.md", "published = 2024-02-29\n+\npublished = 2029-01-01"},
	"reviewed":        {"content/privacy/2026-02-01.md", "05-05\n+\n05-06"},
	"label":           {"content/privacy/2024-03-31.md", "3.0\n+\n3.1"},
	"summary":         {"content/privacy/2022-05-01.2.md", "A mistake\n+\nAn error"},
	"german summary":  {"content/privacy/2024-03-31.de.md", "Rechnungen werden\n+\nAlles wird"},
	"german label":    {"content/privacy/2024-03-31.de.md", "summary\n+\nlabel = \"Drei\"\nsummary"},
	"changes":         {"content/privacy/2024-03-31.md", "6 to 10\n+\n6 to 11"},
	"material":        {"content/privacy/2026-12-25.md", "material = true\n+\nmaterial = false"},
	"source":          {"content/privacy/2022-05-01.md", "archive.example.org\n+\narchive.example.net"},

	"text":             {"content/privacy/2022-05-01.2.md", "no more\n+\nnothing else"},
	"text in force":    {"content/privacy/2026-02-01.md", "Ten years\n+\nNine years"},
	"german text":      {"content/privacy/2026-02-01.de.md", "Zehn\n+\nNeun"},
	"own title":        {"content/cookies/2025-10-26.md", "# Kekse\n+\n# Cookies"},
	"clause gone":      {"content/privacy/2026-02-01.md", "{#retention}\n+\n{#keeping}", "content/privacy/2026-02-01.de.md", "{#retention}\n+\n{#keeping}"},
	"clause there":     {"content/terms.md", "## Liability\n+\n# Liability\n\n## Other"},
	"image":            {"content/privacy/seal.png", "another seal"},
	"translation":      {"content/privacy/2026-12-25.de.md", "# Datenschutzerklärung\n\nAlles ist neu.\n"},
	"translation gone": {"content/privacy/2026-02-01.de.md", ""},
	"new language":     {"content/terms.fr.md", "# Conditions\n\n## Responsabilité {#liability}\n"},
	"version between":  {"content/privacy/2023-03-03.md", "# Privacy policy\n\nBetween.\n"},
	"version first":    {"content/privacy/2021-03-03.md", "# Privacy policy\n\nFirst.\n"},
	"version of a day": {"content/privacy/2022-05-01.3.md", "# Privacy policy\n\nThird.\n"},
	"version upcoming": {"content/privacy/2028-01-01.md", "# Privacy policy\n\nLast.\n"},
	"version hidden":   {"content/privacy/2028-01-01.md", matter("published = 2027-12-31") + "# Privacy policy\n\nLast.\n"},
	"version gone":     {"content/privacy/2022-05-01.md", ""},
	"version renamed":  {"content/cookies/2023-01-15.md", "", "content/cookies/1.md", matter("effective = 2023-01-15", "published = 2023-01-02") + "# Kekse\n\nWir setzen keine.\n", "content/privacy/2024-03-31.de.md", "2023-01-15.md\n+\n1.md"},
}

func TestSameKeySameBytes(t *testing.T) {
	t.Parallel()
	files := func(changes ...string) map[string]string {
		return with(append([]string{"templates/all.html", shown, "privgen.toml", traced}, changes...)...)
	}
	base := plan(t, files())
	text := map[string]string{}
	for i := range base {
		text[base[i].Path] = draw(t, &base[i])
	}
	for name, changes := range changed {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			same, other := 0, 0
			tr := plan(t, files(changes...))
			for i := range tr {
				e := &tr[i]
				before := base.Find(e.Path)
				if before == nil {
					other++
					continue
				}
				have := draw(t, e)
				switch {
				case e.Key != before.Key:
					other++
				case have == text[e.Path]:
					same++
				default:
					t.Errorf("%s: the key is the same, the bytes are not:\n%s", e.Path, firstDifference(text[e.Path], have))
				}
			}
			quiet := name == "version hidden" || name == "policy order" // change nothing that can be seen
			if same == 0 || other == 0 && len(tr) == len(base) && !quiet {
				t.Errorf("have %d entries with the same key and %d with another", same, other)
			}
		})
	}
}

func firstDifference(a, b string) string {
	linesA, linesB := strings.Split(a, "\n"), strings.Split(b, "\n")
	for i := range linesA {
		if i >= len(linesB) || linesA[i] != linesB[i] {
			return fmt.Sprintf("before %s\nafter  %s", linesA[i], strings.Join(linesB[i:min(i+1, len(linesB))], ""))
		}
	}
	return "there is more of it"
}

// The tree depends on the states of versions, not on the instant.
func TestInstants(t *testing.T) {
	t.Parallel()
	s := load(t, input(mapFS(fixture())))
	a := drawAll(t, "https://example.com/legal/", pages.Plan(s, now))
	for _, at := range []time.Time{
		date("2026-06-03T00:00:00Z"), // published just now
		date("2026-11-11T11:10:59Z"), // the next one not yet
		now.In(time.FixedZone("", -12*60*60)),
	} {
		b := pages.Plan(s, at)
		if len(b) != len(a.tree) {
			t.Errorf("%v: have %d entries, want %d", at, len(b), len(a.tree))
		}
		for i := range b {
			if e := &b[i]; e.Path != a.tree[i].Path || e.Key != a.tree[i].Key || draw(t, e) != a.text[e.Path] {
				t.Errorf("%v: %s is another", at, e.Path)
			}
		}
	}
	for _, test := range []struct{ at, newest, inForce string }{
		{"2026-06-02T23:59:59Z", "2026-02-01", "2026-02-01"},
		{"2026-06-03T00:00:00Z", "2026-12-25", "2026-02-01"},
		{"2026-11-11T11:11:00Z", "2027-11-11", "2026-02-01"},
		{"2026-12-24T22:59:59Z", "2027-11-11", "2026-02-01"},
		{"2026-12-24T23:00:00Z", "2027-11-11", "2026-12-25"},
		{"2026-02-01T08:29:59Z", "2026-02-01", "2024-03-31"},
		{"2026-02-01T08:30:00Z", "2026-02-01", "2026-02-01"},
	} {
		d := drawAll(t, "https://example.com/legal/", pages.Plan(s, date(test.at)))
		newest := readHistory(t, d, "privacy").Versions[0].ID
		inForce := attr(find(d.pages["privacy/index.html"], "article"), "data-version")
		if newest != test.newest || inForce != test.inForce {
			t.Errorf("%s: have %s newest and %s in force, want %s and %s", test.at, newest, inForce, test.newest, test.inForce)
		}
	}
}

// The keys have what an instant changes: the states of versions.
func TestSameKeyAtInstants(t *testing.T) {
	t.Parallel()
	s := load(t, input(mapFS(with("templates/all.html", shown, "privgen.toml", traced))))
	text := map[string]string{} // by path and key
	for _, at := range []string{
		"2022-04-30T00:00:00Z", "2022-05-01T00:00:00Z", "2023-08-07T00:00:00Z", "2023-08-09T00:00:00Z", "2024-03-01T00:00:00Z", "2024-04-01T00:00:00Z", "2026-01-15T00:00:00Z",
		"2026-02-02T00:00:00Z", "2026-06-04T00:00:00Z", "2026-11-12T00:00:00Z", "2026-12-26T00:00:00Z", "2027-12-31T00:00:00Z",
	} {
		tr := pages.Plan(s, date(at))
		for i := range tr {
			e := &tr[i]
			have, id := draw(t, e), e.Path+" "+e.Key.String()
			if before, ok := text[id]; ok && have != before {
				t.Errorf("%s: %s: the key is the same, the bytes are not:\n%s", at, e.Path, firstDifference(before, have))
			}
			text[id] = have
		}
	}
}

// backwards is a file system that lists its folders from the end.
type backwards struct{ fstest.MapFS }

func (b backwards) ReadDir(name string) ([]fs.DirEntry, error) {
	list, err := b.MapFS.ReadDir(name)
	slices.Reverse(list)
	return list, err
}

// The order in which files are found and read changes nothing.
func TestOrder(t *testing.T) {
	t.Parallel()
	want := built(t)
	in := input(backwards{mapFS(fixture())})
	in.Each = func(n int, do func(i int)) {
		for i := n - 1; i >= 0; i-- {
			do(i)
		}
	}
	tr := pages.Plan(load(t, in), now)
	if len(tr) != len(want.tree) {
		t.Fatalf("have %d entries, want %d", len(tr), len(want.tree))
	}
	for i := len(tr) - 1; i >= 0; i-- {
		if e := &tr[i]; e.Path != want.tree[i].Path || e.Key != want.tree[i].Key || draw(t, e) != want.text[e.Path] {
			t.Errorf("%s is another", e.Path)
		}
	}
}

// A version's text stays as it is, whatever is published after it, and so does
// what the page says of it but for its state.
func TestOlderPagesStay(t *testing.T) {
	t.Parallel()
	before := drawAll(t, "https://example.com/legal/", plan(t, with("content/privacy/2026-12-25.md", "", "content/privacy/2026-02-01.md", "", "content/privacy/2026-02-01.de.md", "")))
	after := built(t)
	n := 0
	for _, p := range before.pinned() {
		n++
		if after.pages[p] == nil {
			t.Errorf("%s is gone", p)
			continue
		}
		if have, want := article(t, after.pages[p]), article(t, before.pages[p]); have != want {
			t.Errorf("%s: have %s\nwant %s", p, have, want)
		}
		for _, rel := range []string{"canonical", "version-history", "latest-version", "predecessor-version"} {
			if have, want := rels(after.pages[p], rel), rels(before.pages[p], rel); !slices.Equal(have, want) {
				t.Errorf("%s: %s: have %q, want %q", p, rel, have, want)
			}
		}
		if have, want := words(find(after.pages[p], "title")), words(find(before.pages[p], "title")); have != want {
			t.Errorf("%s: the title is %q, was %q", p, have, want)
		}
	}
	if n != 8 {
		t.Errorf("have %d permalinks, want 8", n)
	}
}

// article returns the policy's own text on a page.
func article(t *testing.T, page *html.Node) string {
	t.Helper()
	var b strings.Builder
	a := find(page, "article")
	for _, n := range all(a, "a") {
		// Where a link leads may change: to where a clause last stood.
		n.Attr = slices.DeleteFunc(n.Attr, func(a html.Attribute) bool { return a.Key == "href" })
	}
	var added []*html.Node
	walk(a, func(n *html.Node) {
		if has(n, "data-added") {
			added = append(added, n)
		}
	})
	for _, n := range added {
		if n.Parent != nil {
			n.Parent.RemoveChild(n)
		}
	}
	if err := html.Render(&b, a); err != nil {
		t.Fatal(err)
	}
	return b.String()
}

// A site of which nothing is public yet has its home page, and no dead link.
func TestNothingPublic(t *testing.T) {
	t.Parallel()
	files := map[string]string{"privgen.toml": fixture()["privgen.toml"], "content/privacy.md": matter("effective = 2031-01-01", "published = 2030-01-01") + "# Privacy\n"}
	files["privgen.toml"] = files["privgen.toml"][:strings.Index(files["privgen.toml"], "[[footer]]")]
	d := drawAll(t, "https://example.com/legal/", plan(t, files))
	for p, page := range d.pages {
		for _, href := range hrefs(page) {
			if to, _, ok := d.lead(t, p, href); ok && d.tree.Find(to) == nil {
				t.Errorf("%s: %q leads to %s, which is not there", p, href, to)
			}
		}
	}
	if len(d.pages) != 2 { // home and 404
		t.Errorf("have %d pages", len(d.pages))
	}
}

// No site has two entries with the same path.
func TestAddressesAreOneThing(t *testing.T) {
	t.Parallel()
	for _, slug := range []string{"feed.atom", "feed.json", "sitemap.xml", "robots.txt", "404.html", "index.html", "de", "ar", "fr"} {
		func() {
			defer func() {
				if r := recover(); r != nil {
					t.Errorf("%s: %v", slug, r)
				}
			}()
			s, problems := site.Load(input(mapFS(with("content/"+slug+".md", matter("effective = 2020-01-01")+"# Text\n"))))
			if problems == nil {
				pages.Plan(s, now)
			} else if problems[0].Code != "reserved-name" {
				t.Errorf("%s: have %v", slug, problems[0])
			}
		}()
	}
}
