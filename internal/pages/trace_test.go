package pages_test

import (
	"net/url"
	"slices"
	"strings"
	"testing"

	"golang.org/x/net/html"

	"github.com/privgen/privgen/internal/pages"
	"github.com/privgen/privgen/internal/site"
)

const traced = "[[footer]]\n+\n[theme]\nsettings = { clause_history = true }\n\n[[footer]]"

// history is a policy whose clauses are renamed, move, swap their names, come
// and go.
func history() []string {
	files := []string{"privgen.toml", traced}
	for id, text := range map[string]string{
		"2020-01-01": "# Data\n\nWe keep little of what you send us, and for a short time only.\n\n## Your rights in detail\n\nYou may ask us what we know of you, at any time and without a fee.\n\n## Contact\n\nWrite to the office in the old mill by the river, or call us there.\n",
		"2021-01-01": "# Data\n\nWe keep little of what you send us, and for a short time only.\n\n## Your rights in short\n\nYou may ask us what we know of you, at any time and without a fee.\n\n## Contact\n\nWrite to the office in the old mill by the river, or call us there.\n",
		"2022-01-01": "# Data\n\nWe keep nothing of what you send us, and for a short time only.\n\n## Contact\n\nWrite to the office in the new mill by the river, or call us there.\n\n## Your rights in short\n\nYou may ask us what we know of you, at any time and without a fee.\n\n## Cookies\n\nThere are none.\n",
		"2023-01-01": "# Data\n\nWe keep nothing of what you send us, and for a short time only.\n\n## Contact\n\nWrite to the office in the new mill by the river, or call us there.\n\n## Your rights in short\n\nYou may ask us what we know of you, at any hour and without a fee.\n\n## Cookies\n\nThere are none.\n",
		"2024-01-01": "# Data\n\nWe keep nothing of what you send us, and for a short time only.\n\n## Your rights in short\n\nYou may ask us what we know of you, at any hour and without a fee.\n\n## Cookies\n\nThere are none.\n\n## Contact\n\nThere is a form on every page of ours. It takes no name and no address.\n",
		"2027-01-01": "# Data\n\nAll is other.\n",
	} {
		files = append(files, "content/data/"+id+".md", text)
	}
	return files
}

// Each clause has the versions in which it changed, even if it was in another place or
// had another heading.
func TestClauseHistory(t *testing.T) {
	t.Parallel()
	d := drawAll(t, "https://example.com/legal/", plan(t, with(history()...)))
	page := d.pages["data/index.html"]
	have := map[string][]string{}
	for _, line := range all(page, "p", "class", "clause-history") {
		if !has(line, "data-added") {
			t.Error("a line counts as the policy's own text")
		}
		heading := line.PrevSibling
		for heading != nil && (heading.Type != html.ElementNode || heading.Data[0] != 'h') {
			heading = heading.PrevSibling
		}
		if heading == nil {
			t.Fatal("a line stands under no heading")
		}
		have[attr(heading, "id")] = append(have[attr(heading, "id")], strings.Join(strings.Fields(words(line)), " "))
		for _, href := range hrefs(line) {
			p, id, _ := d.lead(t, "data/index.html", href)
			id, _ = url.PathUnescape(id)
			if d.pages[p] == nil || !slices.Contains(ids(d.pages[p]), id) {
				t.Errorf("%s leads nowhere", href)
			}
		}
	}
	for id, want := range map[string]string{
		"data":                 "Changed 1 January 2022",
		"contact":              "Changed 1 January 2024 · 1 January 2022", // went, and came elsewhere with other words
		"your-rights-in-short": "Changed 1 January 2023 · 1 January 2021",
		"cookies":              "Changed 1 January 2022 (added)",
	} {
		if !slices.Equal(have[id], []string{want}) {
			t.Errorf("%s: have %q, want %q", id, have[id], want)
		}
	}
	if len(have) != 4 {
		t.Errorf("have %q", have)
	}
	for p, doc := range d.pages {
		if p != "data/index.html" && !strings.HasSuffix(p, "privacy/index.html") && !strings.HasSuffix(p, "cookies/index.html") && find(doc, "p", "class", "clause-history") != nil {
			t.Errorf("%s tells of its clauses, and would change with time", p)
		}
	}
}

// The cache is enough: no past text is read for a page that states what changed, with
// redlines or without.
func TestChangesFromCache(t *testing.T) {
	t.Parallel()
	none := []string{"privgen.toml", "[organization]\n+\n[redlines]\npairs = \"none\"\n[organization]"}
	for path, changes := range map[string][]string{
		"data/index.html":         history(),
		"data/archive/index.html": append(none, history()[2:]...),
	} {
		files := mapFS(with(changes...))
		in := input(files)
		in.Cache = &site.Cache{}
		want := drawTree(t, pages.Plan(load(t, in), now))[path]
		again := &site.Cache{}
		if err := again.UnmarshalBinary(in.Cache.Bytes()); err != nil {
			t.Fatal(err)
		}
		in.Cache = again
		tr := pages.Plan(load(t, in), now)
		delete(files, "content/data/2020-01-01.md")
		delete(files, "content/data/2022-01-01.md")
		if have := draw(t, tr.Find(path)); have != want {
			t.Error(firstDifference(want, have))
		}
	}
}
