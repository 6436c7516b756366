package history_test

import (
	"bytes"
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"
	"testing/fstest"
	"time"

	"github.com/privgen/privgen/internal/imports/history"
	"github.com/privgen/privgen/internal/source"
)

// importInto plans an import into a site and writes the files. It returns the
// newest text in each language, and the problems of the plan.
func importInto(t *testing.T, site fstest.MapFS, list []history.State, o history.Options) (newest map[string]string, problems source.Problems) {
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
	if p := plan.Policies[0]; len(p.Versions)+len(p.LeftOut) != len(list) {
		t.Errorf("%d versions and %d omissions of %d states", len(p.Versions), len(p.LeftOut), len(list))
	}
	return newest, plan.Problems
}

// However often a history is imported while it grows, the newest version is its newest
// text, as if it had been imported once. The only exception is a translation that changed
// again after its import. No import changes a file, so this is a problem, and the test
// counts these problems.
func TestImportAgain(t *testing.T) {
	t.Parallel()
	group, _ := history.ParseGrouping("day")
	const histories = 600
	stale, compared := 0, 0
	for seed := range uint64(histories) {
		rnd := rand.New(rand.NewPCG(seed, 7))
		list := randomStates(rnd)
		var o history.Options
		if seed%5 == 0 {
			o.Group = group
		}
		once, problems := importInto(t, fstest.MapFS{}, list, o)
		if len(problems) > 0 {
			t.Errorf("seed %d: imported once, it has the problem %v", seed, problems[0])
		}
		site := fstest.MapFS{}
		for n := 1 + rnd.IntN(2); n < len(list); n += 1 + rnd.IntN(3) {
			importInto(t, site, list[:n], o)
		}
		steps, problems := importInto(t, site, list, o)
		excepted := ""
		for _, p := range problems {
			if p.Code != "newest-left-out" || !strings.HasSuffix(p.File, ".de.md") || !isPast(list, site[p.File].Data) {
				t.Errorf("seed %d: %v", seed, p)
			}
			excepted = "de"
			stale++
		}
		for language, text := range once {
			if language == "" || language != excepted {
				compared++
				if steps[language] != text {
					t.Errorf("seed %d, language %q: in steps the newest text is %q, at once it is %q", seed, language, steps[language], text)
				}
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
	t.Logf("%d newest texts compared, %d translations that changed after their import", compared, stale)
	if compared < histories*3/2 || stale == 0 || stale > histories/5 {
		t.Errorf("%d newest texts were compared, and %d translations are stale", compared, stale)
	}
}

// The same import again finds nothing new, whether or not states have commits. This
// includes a text that was reverted and published again on one day.
func TestImportTwice(t *testing.T) {
	t.Parallel()
	group, _ := history.ParseGrouping("day")
	files := 0
	for seed := range uint64(600) {
		list := randomStates(rand.New(rand.NewPCG(seed, 11)))
		var o history.Options
		switch seed % 4 {
		case 1:
			o.Group = group
		case 2:
			o.KeepAll = true
		case 3:
			for i := range list {
				list[i].Commit = ""
			}
		}
		site := fstest.MapFS{}
		importInto(t, site, list, o)
		before := len(site)
		importInto(t, site, list, o)
		if len(site) != before {
			t.Errorf("seed %d: the same import again has %d new versions", seed, len(site)-before)
		}
		files += before
	}
	if files < 1200 {
		t.Errorf("%d files in all", files)
	}
}

// randomStates returns a history of a text and sometimes of its translation.
func randomStates(rnd *rand.Rand) (list []history.State) {
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
	return list
}

// isPast reports whether a file has a German text of a history that is not the newest.
func isPast(list []history.State, file []byte) bool {
	past := false
	newest := -1
	for i, s := range list {
		if s.Lang == "de" {
			newest = i
		}
	}
	for _, s := range list[:newest] {
		past = past || s.Lang == "de" && bytes.HasSuffix(file, s.Text)
	}
	return past && !bytes.HasSuffix(file, list[newest].Text)
}
