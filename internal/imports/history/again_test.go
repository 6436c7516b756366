package history_test

import (
	"bytes"
	"fmt"
	"math/rand/v2"
	"testing"
	"testing/fstest"
	"time"

	"github.com/privgen/privgen/internal/imports/history"
)

// importInto plans an import into a site and writes the files. It returns the
// newest text in each language, and whether the plan has problems.
func importInto(t *testing.T, site fstest.MapFS, list []history.State, o history.Options) (newest map[string]string, problems bool) {
	t.Helper()
	o.Now = time.Date(2025, 1, 1, 0, 0, 0, 0, time.UTC)
	d := &history.Document{Slug: "p", States: append([]history.State(nil), list...)}
	plan, err := history.NewPlan(t.Context(), []*history.Document{d}, history.Site{Files: site, Content: "content", Language: "en"}, o)
	if err != nil {
		t.Fatal(err)
	}
	newest = map[string]string{}
	for _, v := range plan.Policies[0].Versions {
		newest[v.Lang] = string(v.Text)
		if v.Status == history.New {
			if site[v.File] != nil {
				t.Errorf("%s is written over", v.File)
			}
			site[v.File] = &fstest.MapFile{Data: append(v.FrontMatter(""), v.Text...)}
		}
	}
	for file, text := range newest {
		found := false
		for _, f := range site {
			found = found || bytes.HasSuffix(f.Data, []byte("+++\n"+text))
		}
		if !found {
			t.Errorf("the newest text in %q is in no file", file)
		}
	}
	if p := plan.Policies[0]; p.States != len(list) || len(p.Versions)+len(p.LeftOut) != len(list) {
		t.Errorf("%d versions and %d omissions of %d states", len(p.Versions), len(p.LeftOut), len(list))
	}
	return newest, len(plan.Problems) > 0
}

// However often a history is imported while it grows, the newest version is its
// newest text, as if it had been imported once; otherwise there is a problem.
func TestImportAgain(t *testing.T) {
	t.Parallel()
	group, _ := history.ParseGrouping("day")
	problems := 0
	for seed := range uint64(600) {
		rnd := rand.New(rand.NewPCG(seed, 7))
		var list []history.State
		at := time.Date(2024, 1, 1, 8, 0, 0, 0, time.UTC)
		for i := range 2 + rnd.IntN(9) {
			at = at.Add([]time.Duration{time.Hour, 5 * time.Hour, 30 * time.Hour, 200 * time.Hour, 900 * time.Hour}[rnd.IntN(5)])
			s := history.State{When: at, Basis: "author date", Origin: fmt.Sprint(i), Commit: fmt.Sprint("c", i),
				Text: []byte(letters[string("AABCF"[rnd.IntN(5)])])}
			if i > 0 && rnd.IntN(3) == 0 {
				s.Lang, s.Text = "de", []byte(letters["G"]+fmt.Sprint(rnd.IntN(3)))
			}
			list = append(list, s)
		}
		var o history.Options
		if seed%5 == 0 {
			o.Group = group
		}
		once, _ := importInto(t, fstest.MapFS{}, list, o)
		site := fstest.MapFS{}
		for n := 1 + rnd.IntN(2); n < len(list); n += 1 + rnd.IntN(3) {
			importInto(t, site, list[:n], o)
		}
		steps, problem := importInto(t, site, list, o)
		if problem {
			problems++
			continue
		}
		for language, text := range once {
			if steps[language] != text {
				t.Errorf("seed %d, language %q: in steps the newest text is %q, at once it is %q", seed, language, steps[language], text)
			}
		}
		if again, _ := importInto(t, site, list, o); again[""] != steps[""] {
			t.Errorf("seed %d: the same import again changes the newest text", seed)
		}
		own := ""
		for _, s := range list {
			if s.Lang == "" {
				own = string(s.Text)
			}
		}
		if steps[""] != own {
			t.Errorf("seed %d: the newest text is %q, that of the source is %q", seed, steps[""], own)
		}
	}
	if problems > 200 {
		t.Errorf("%d of 600 histories have a problem", problems)
	}
}
