package history_test

import (
	"fmt"
	"strings"
	"testing"
	"testing/fstest"
	"time"

	"github.com/privgen/privgen/internal/imports/history"
)

// planOf plans a history: states of the document, and those of its German
// translation, into a site with files.
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
	carried := 0
	var words []string
	for _, v := range p.Versions {
		word := strings.TrimSuffix(strings.TrimPrefix(v.File, "content/p/"), ".md") + "=" + v.Origin
		if v.Carried {
			carried++
			word += "*"
		}
		if v.Status != history.New {
			word += ":" + string(v.Status)
		}
		words = append(words, word)
	}
	for _, o := range p.LeftOut {
		words = append(words, o.Origin+":"+string(o.Reason))
	}
	if n := len(p.Versions) - carried + len(p.LeftOut); n != len(d.States) || p.States != n {
		t.Errorf("%d versions and omissions, %d states told, of %d", n, p.States, len(d.States))
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
		{"a translation a day late", "A 01-01, B 02-01", "G 01-02", nil, "2024-01-01=0 2024-02-01=1 2024-01-01.de=g0 2024-02-01.de=g0*"},
		{"a translation an hour early", "A 01-01, B 02-01T10", "G 01-01, F 02-01T09", nil, "2024-01-01=0 2024-02-01=1 2024-01-01.de=g0 2024-02-01.de=g1"},
		{"a translation changed twice", "A 01-01, B 02-01", "G 01-02, F 01-10", nil, "2024-01-01=0 2024-02-01=1 2024-01-01.de=g1 2024-02-01.de=g1* g0:replaced"},
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
