package history_test

import (
	"fmt"
	"strings"
	"testing"
	"testing/fstest"
	"time"

	"github.com/privgen/privgen/internal/imports/history"
)

// planOf returns a summary of a plan: it imports the states of a document and of its
// German translation into a site with files.
func planOf(t *testing.T, own, german string, files map[string]string) string {
	t.Helper()
	d := &history.Document{Slug: "p", Title: "P", States: states(t, own)}
	if german != "" {
		for i, s := range states(t, german) {
			s.Lang, s.Origin, s.Commit = "de", fmt.Sprint("g", i), fmt.Sprint("g", i)
			d.States = append(d.States, s)
		}
	}
	fsys := fstest.MapFS{}
	for name, text := range files {
		fsys["content/p/"+name] = &fstest.MapFile{Data: []byte(text)}
	}
	plan, err := history.NewPlan(t.Context(), []*history.Document{d}, history.Site{Files: fsys, Content: "content", Language: "en"},
		history.Options{KeepAll: true, Now: time.Date(2025, 1, 1, 0, 0, 0, 0, time.UTC)})
	if err != nil {
		t.Fatal(err)
	}
	p := plan.Policies[0]
	var words []string
	for _, v := range p.Versions {
		word := strings.TrimSuffix(strings.TrimPrefix(v.File, "content/p/"), ".md") + "=" + v.Origin
		if v.Status != history.New {
			word += ":" + string(v.Status)
		}
		words = append(words, word)
	}
	for _, o := range p.LeftOut {
		words = append(words, o.Origin+":"+string(o.Reason))
	}
	if n := len(p.Versions) + len(p.LeftOut); n != len(d.States) {
		t.Errorf("%d versions and omissions of %d states", n, len(d.States))
	}
	return strings.Join(words, " ")
}

func TestPlan(t *testing.T) {
	t.Parallel()
	matter := func(commit string) string { return "+++\neffective = 2024-01-01\ncommit = \"" + commit + "\"\n+++\n" }
	for _, c := range []struct {
		name, own, german string
		files             map[string]string
		want              string
	}{
		{"ids by day", "A 01-01, B 01-01T12, C 01-02", "", nil, "2024-01-01=0 2024-01-01.2=1 2024-01-02=2"},
		{"two commits at one moment", "A 01-01T10, B 01-01T10", "", nil, "2024-01-01=0 2024-01-01.2=1"},
		{"there already", "A 01-01, B 02-01", "", map[string]string{"2024-01-01.md": matter("c0") + letters["A"]}, "2024-01-01=0:there 2024-02-01=1"},
		{"there with other line ends", "A 01-01", "", map[string]string{"2024-01-01.md": "+++\r\ncommit = \"c0\"\r\n+++\r\n" + letters["A"]}, "2024-01-01=0:there"},
		{"edited by hand", "A 01-01, B 02-01", "", map[string]string{"2024-01-01.md": matter("c0") + "Other."}, "2024-01-01=0:edited 2024-02-01=1"},
		{"renamed by hand", "A 01-01, B 01-01T12", "", map[string]string{"2023-12-31.md": matter("c0") + letters["A"]}, "2023-12-31=0:there 2024-01-01=1"},
		{"there by other means", "A 01-01", "", map[string]string{"2024-01-01.md": letters["A"]}, "2024-01-01=0:there"},
		{"another text under the name", "A 01-01, B 02-01", "", map[string]string{"2024-01-01.md": "Other."}, "2024-02-01=1 0:clash"},
		{"more of one day the next time", "A 01-01, B 01-01T12, C 01-01T13", "",
			map[string]string{"2024-01-01.md": matter("c0") + letters["A"], "2024-01-01.2.md": matter("c1") + letters["B"]}, "2024-01-01=0:there 2024-01-01.2=1:there 2024-01-01.3=2"},
		{"a translation a day late", "A 01-01, B 02-01", "G 01-02", nil, "2024-01-01=0 2024-02-01=1 2024-01-01.de=g0"},
		{"a translation an hour early", "A 01-01, B 02-01T10", "G 01-01, F 02-01T09", nil, "2024-01-01=0 2024-02-01=1 2024-01-01.de=g0 2024-02-01.de=g1"},
		{"a translation changed twice", "A 01-01, B 02-01", "G 01-02, F 01-10", nil, "2024-01-01=0 2024-02-01=1 2024-01-01.de=g1 g0:replaced"},
		{"a translation that came later", "A 01-01, B 02-01", "G 02-01", nil, "2024-01-01=0 2024-02-01=1 2024-02-01.de=g0"},
		{"a translation of nothing", "- 01-01", "G 02-01", nil, "0:blank g0:orphan"},
		{"a translation that is there", "A 01-01", "G 01-01", map[string]string{"2024-01-01.md": matter("c0") + letters["A"], "2024-01-01.de.md": letters["G"]}, "2024-01-01=0:there 2024-01-01.de=g0:there"},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			if have := planOf(t, c.own, c.german, c.files); have != c.want {
				t.Errorf("\nhave %s\nwant %s", have, c.want)
			}
		})
	}
}

func TestFrontMatter(t *testing.T) {
	t.Parallel()
	d := &history.Document{Slug: "p", States: states(t, "A 01-01")}
	d.States[0].Source, d.States[0].Label = `legal/"a"\b.md`, "3.2"
	plan, err := history.NewPlan(t.Context(), []*history.Document{d}, history.Site{Content: "content", Language: "de"}, history.Options{})
	if err != nil {
		t.Fatal(err)
	}
	p := plan.Policies[0]
	want := "+++\neffective = 2024-01-01\nlabel = \"3.2\"\nsummary = \"Less.\"\ngenerated = true\nsource = \"legal/\\\"a\\\"\\\\b.md\"\ncommit = \"c0\"\ndated = \"author date\"\n+++\n"
	if have := string(p.Versions[0].FrontMatter("Less.")); have != want {
		t.Errorf("have %s\nwant %s", have, want)
	}
	if have, want := string(p.Settings), "title = \"P\"\nkind = \"other\"\nlanguage = \"en\"\n"; have != want {
		t.Errorf("have %s\nwant %s", have, want)
	}
}

// A document whose file was renamed keeps the slug that an earlier import chose.
func TestPlanRenamed(t *testing.T) {
	t.Parallel()
	list := states(t, "A 01-01, B 02-01")
	for i := range list {
		list[i].Source = "legal/privacy.md"
	}
	files := fstest.MapFS{
		"content/old/2024-01-01.md": {Data: []byte("+++\neffective = 2024-01-01\nsource = \"legal/privacy.md\"\ncommit = \"c0\"\n+++\n" + letters["A"])},
		"content/old/broken.md":     {Data: []byte("+++\ncommit = [\n+++\n")},
		"content/a.md":              {Data: []byte("A policy in one file.")},
	}
	d := &history.Document{Slug: "new", States: list}
	plan, err := history.NewPlan(t.Context(), []*history.Document{d}, history.Site{Files: files, Content: "content"}, history.Options{})
	if err != nil {
		t.Fatal(err)
	}
	p := plan.Policies[0]
	if p.Slug != "old" || len(p.Versions) != 2 || p.Versions[0].Status != history.Present || p.Versions[1].Status != history.New {
		t.Errorf("have %s with %d versions, want old with one that is there and one that is new", p.Slug, len(p.Versions))
	}
}

// The plan has what the texts need: rules for Markdown, and a note about tags.
func TestPlanNeeds(t *testing.T) {
	t.Parallel()
	var list []history.State
	for _, text := range []string{"See <b>this</b>, ![a map](map.png).", "See [there](old.html) {{ site.name }} {% if a %}."} {
		list = append(list, history.State{Text: []byte(text), When: time.Date(2024, 1, len(list)+1, 0, 0, 0, 0, time.UTC), Commit: "c"})
	}
	d := &history.Document{Slug: "p", States: list}
	done := 0
	plan, err := history.NewPlan(t.Context(), []*history.Document{d}, history.Site{Content: "content"},
		history.Options{Progress: func(n, total int) { done = n*10 + total }})
	if err != nil {
		t.Fatal(err)
	}
	rules := "\n[markdown]   # these texts were published before and stay as they are\nhtml = \"sanitize\"\nimages = \"link\"\n"
	if have := plan.Table(); have != rules {
		t.Errorf("have %q\nwant %q", have, rules)
	}
	if want := "title = \"P\"\nkind = \"other\"\n" + rules; string(plan.Policies[0].Settings) != want {
		t.Errorf("have %q\nwant %q", plan.Policies[0].Settings, want)
	}
	for i, v := range plan.Policies[0].Versions {
		if !strings.Contains(string(v.FrontMatter("")), "dead_links = \"keep\"\n") {
			t.Errorf("version %d does not keep dead links", i)
		}
	}
	if len(plan.Notes) != 2 || !strings.HasSuffix(plan.Notes[1].Text, "words alone: 2") || !strings.Contains(plan.Notes[0].Text, "left unchanged: 1; to replace") || strings.Join(plan.Notes[0].Files, ", ") != "{{ site.name }}, {% if a %}" {
		t.Errorf("have notes %v, want one that names the tags", plan.Notes)
	}
	if done != 22 {
		t.Errorf("progress ended at %d, want 2 of 2", done)
	}
}

// A policy from another repository is not mixed with one of the same slug, unless the
// user chose that slug.
func TestPlanOtherRepository(t *testing.T) {
	t.Parallel()
	const keeps, sells = "# Privacy\n\nWe keep it.\n", "# Privacy\n\nWe sell it.\n"
	file := func(origin, text string) string {
		return "+++\neffective = 2024-01-01\n" + origin + "\n+++\n" + text
	}
	for _, c := range []struct {
		name, there string
		state       history.State
		named, asks bool
	}{
		{"another commit and text", file(`commit = "a1"`, sells), history.State{Commit: "b1"}, false, true},
		{"chosen by the user", file(`commit = "a1"`, sells), history.State{Commit: "b1"}, true, false},
		{"the same commit", file(`commit = "b1"`, sells), history.State{Commit: "b1"}, false, false},
		{"a history that was written again", file(`commit = "a1"`, keeps), history.State{Commit: "b1"}, false, false},
		{"written by hand", file("", sells), history.State{Commit: "b1"}, false, false},
		{"from a saved page", file(`archived = "https://web.archive.org/web/2014id_/http://www.example.com/"`, sells), history.State{Commit: "b1"}, false, false},
		{"a saved page for a policy from commits", file(`commit = "a1"`, sells), history.State{}, false, false},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			c.state.Text, c.state.When = []byte(keeps), time.Date(2024, 5, 1, 0, 0, 0, 0, time.UTC)
			d := &history.Document{Slug: "privacy", Named: c.named, Origin: "legal/privacy.md", States: []history.State{c.state}}
			files := fstest.MapFS{"content/privacy/2024-01-01.md": {Data: []byte(c.there)}}
			_, err := history.NewPlan(t.Context(), []*history.Document{d}, history.Site{Files: files, Content: "content", Language: "en"}, history.Options{})
			if asks := err != nil; asks != c.asks {
				t.Errorf("asks %v: %v", asks, err)
			}
			if err != nil && !strings.Contains(err.Error(), "--name legal/privacy.md=privacy") {
				t.Errorf("have %v", err)
			}
		})
	}
}
