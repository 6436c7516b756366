package report_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"strings"
	"testing"
	"testing/fstest"
	"time"

	"github.com/privgen/privgen/internal/imports/history"
	"github.com/privgen/privgen/internal/imports/report"
)

// text returns a text of about 200 words, different for each n.
func text(n int) string {
	return fmt.Sprintf("# Privacy\n\n%s\n", strings.Repeat(fmt.Sprintf("We keep list %d for a while. ", n), 30))
}

func state(lang string, month int, body, commit string) history.State {
	return history.State{Lang: lang, Text: []byte(body), When: time.Date(2024, time.Month(month), 1, 0, 0, 0, 0, time.UTC),
		Basis: "author date", Note: commit, Commit: commit, Origin: "privacy.md at " + commit}
}

func plan(t *testing.T, docs []*history.Document, files fstest.MapFS) *history.Plan {
	t.Helper()
	s := history.Site{Content: "content", Language: "en"}
	if files != nil {
		s.Files = files
	}
	p, err := history.NewPlan(t.Context(), docs, s, history.Options{})
	if err != nil {
		t.Fatal(err)
	}
	p.Notes = append(p.Notes, history.Note{Text: "the history is shallow"}, history.Note{Text: "doubtful files", Files: []string{"a.md"}, Decide: true})
	return p
}

// A report has the versions, translations, and omissions of a plan. They add up.
func TestReport(t *testing.T) {
	t.Parallel()
	d := &history.Document{Slug: "privacy", Origin: "privacy.md", Language: "en", States: []history.State{
		state("", 1, text(1), "c1"), state("", 2, text(1), "c2"), state("", 3, text(3), "c3"), state("", 4, text(4), "c4"),
		state("de", 4, "# Datenschutz\n\nWir speichern nichts.\n", "g1"),
	}}
	d.States[3].Changed = "windows-1252"
	files := fstest.MapFS{"content/privacy/2024-03-01.md": {Data: []byte("+++\neffective = 2024-03-01\ncommit = \"c3\"\n+++\nEdited by hand.\n")}}
	r := report.New(plan(t, []*history.Document{d}, files), "shop", 4, "legal", false)
	if r.States != 4 && r.States != 5 || r.Versions != 3 || r.Texts != 1 || r.New != 3 || r.LeftOut["same"] != 1 || len(r.Edited) != 1 {
		t.Errorf("have %+v", r)
	}
	if r.Wrote() != "3 texts of 1 policy" {
		t.Errorf("have %s", r.Wrote())
	}
	for _, verbose := range []bool{false, true} {
		var b bytes.Buffer
		r.Print(&b, verbose)
		want := []string{"shop: 4 commits, 1 policy, ", " of which 3 versions and 1 translation, 3 new\n", "  policy   versions  first       last          new  left out  dates\n",
			"  privacy         3  2024-01-01  2024-04-01      3         1  3 author date\n", "  in de ", "    left out: 1 the same text as before\n",
			"\ndecide: doubtful files:\n  a.md\n", "\ndecide: new between existing versions; if you deleted them, write into import.toml: exclude = [...]:\n  content/privacy/2024-01-01.md\n",
			"\nnote: edited since they were imported, and left as they are:\n  content/privacy/2024-03-01.md\n", "\nnote: the history is shallow\n"}
		if verbose {
			want = append(want, "    from privacy.md\n", "    left out: 2024-02-01 privacy.md at c2, same\n",
				"content/privacy/2024-04-01.md: dated by author date: c4; converted from windows-1252\n", "edited since it was imported\n")
		}
		for _, line := range want {
			if !strings.Contains(b.String(), line) {
				t.Errorf("verbose %v: have\n%s\nwant %q", verbose, b.String(), line)
			}
		}
	}
	raw, err := json.Marshal(r)
	if err != nil || !strings.Contains(string(raw), `"left_out":[{"reason":"same","origin":"privacy.md at c2","when":"2024-02-01T00:00:00Z"`) {
		t.Errorf("have %s, %v", raw, err)
	}
}

// If there are many policies and files, only the first are listed, with the number of
// the rest.
func TestMany(t *testing.T) {
	t.Parallel()
	var docs []*history.Document
	files := fstest.MapFS{}
	for i := range 25 {
		slug := fmt.Sprintf("policy-%02d", i)
		docs = append(docs, &history.Document{Slug: slug, Language: "en", States: []history.State{state("", 1, text(i), "c"), state("", 2, text(i+100), "d")}})
		files["content/"+slug+"/2024-01-01.md"] = &fstest.MapFile{Data: []byte("+++\neffective = 2024-01-01\ncommit = \"c\"\n+++\nEdited.\n")}
	}
	delete(files, "content/policy-03/2024-01-01.md")
	docs[3].Slug = "a-policy-with-a-slug-that-is-much-longer-than-the-table-is-wide"
	r := report.New(plan(t, docs, files), "shop", 0, "legal", false)
	var b bytes.Buffer
	r.Print(&b, false)
	for _, want := range []string{"shop: 25 policies, 50 texts", "  a-policy-with-a-slug-that-is-much…  ", "  and 5 policies more; for all of them: --verbose\n", "  and 14 more; for all of them: --verbose\n"} {
		if !strings.Contains(b.String(), want) {
			t.Errorf("have\n%s\nwant %q", b.String(), want)
		}
	}
	if strings.Contains(b.String(), "policy-24 ") || r.Wrote() != "26 versions of 25 policies" {
		t.Errorf("%s; have\n%s", r.Wrote(), b.String())
	}
}
