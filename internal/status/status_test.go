package status_test

import (
	"os"
	"slices"
	"strings"
	"testing"
	"testing/fstest"
	"time"

	"github.com/privgen/privgen/internal/site"
	"github.com/privgen/privgen/internal/source"
	"github.com/privgen/privgen/internal/status"
)

const config = `[site]
title = "Acme"
base_url = "https://acme.example/"
language = "en-GB"
time_zone = "Europe/London"

[organization]
name = "Acme Ltd"
`

var now = time.Date(2026, 6, 1, 12, 0, 0, 0, time.UTC)

// load loads a site of files, given as name and text in turn.
func load(t *testing.T, files ...string) (*site.Site, source.Problems) {
	t.Helper()
	fsys := fstest.MapFS{"privgen.toml": {Data: []byte(config)}}
	for i := 0; i < len(files); i += 2 {
		fsys[files[i]] = &fstest.MapFile{Data: []byte(files[i+1])}
	}
	s, open, problems := status.Load(site.Input{Files: fsys, Templates: os.DirFS("../../templates"),
		Themes: os.DirFS("../../themes")}, false)
	if problems != nil {
		t.Fatal(problems)
	}
	return s, open
}

// report returns the status of a site of files.
func report(t *testing.T, files ...string) *status.Report {
	t.Helper()
	s, open := load(t, files...)
	r, err := status.Of(s, now, nil, open)
	if err != nil {
		t.Fatal(err)
	}
	return r
}

// differences returns where a translation is out of step with an English original.
func differences(t *testing.T, lang, original, translation string) (list []string) {
	t.Helper()
	r := report(t, "content/privacy/2026-01-01.md", original, "content/privacy/2026-01-01."+lang+".md", translation)
	for _, d := range r.Policies[0].Translations[0].Differences {
		list = append(list, d.Clause+": "+d.What)
	}
	return list
}

func TestTranslationInStep(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct{ lang, original, translation string }{
		"headings have ids of the original": {"de", "# Privacy\n\n## Contact\n\nUs.\n", "# Datenschutz\n\n## Kontakt {#contact}\n\nWir.\n"},
		"headings have ids of their own":    {"de", "# Privacy\n\n## Contact\n\nUs.\n\n## Rights\n", "# Datenschutz\n\n## Kontakt\n\nWir.\n\n## Rechte\n"},
		"dates in words and in numbers":     {"de", "# A\n\nFrom 3 April 2026, or January 4, 2027.\n", "# A\n\nAb dem 3. April 2026 oder dem 4.1.2027.\n"},
		"dates in Japanese":                 {"ja", "# A\n\nFrom 3 April 2026.\n", "# A\n\n2026年4月3日から。\n"},
		"digits of another script":          {"ar", "# A\n\nAfter 45 days, 10,000 times.\n", "# A\n\nبعد ٤٥ يومًا، ١٠٬٠٠٠ مرة.\n"},
		"grouped digits":                    {"fr", "# A\n\nUp to 10,000.50 euros.\n", "# A\n\nJusqu'à 10 000,50 euros.\n"},
		"hours":                             {"de", "# A\n\nFrom 9 am to 2:30 pm, or 17:00.\n", "# A\n\nVon 9:00 bis 14:30 oder 17 Uhr.\n"},
		"numbers in words":                  {"de", "# A\n\nWithin 30 days.\n", "# A\n\nBinnen dreißig Tagen.\n"},
		"numbers of headings":               {"de", "# A\n\n## 21. Data\n\n## 22. More\n", "# A\n\n## Daten {#data}\n\n## Mehr {#more}\n"},
		"a number is repeated":              {"de", "# A\n\nThe Act of 1998.\n", "# A\n\nDas Gesetz von 1998 (Act 1998).\n"},
	} {
		if list := differences(t, c.lang, c.original, c.translation); list != nil {
			t.Errorf("%s: %q", name, list)
		}
	}
}

func TestTranslationOutOfStep(t *testing.T) {
	t.Parallel()
	const table = "| a | b |\n|---|---|\n| 1 | 2 |\n"
	for name, c := range map[string]struct {
		original, translation string
		want                  []string
	}{
		"a number":                      {"# A\n\nAfter 45 days.\n", "# A\n\nNach 14 Tagen.\n", []string{"a: the numbers differ: 14; in the original: 45"}},
		"a number that is too long":     {"# A\n\nAfter 45 days.\n", "# A\n\nBald.\n", []string{"a: the numbers differ: none; in the original: 45"}},
		"a date":                        {"# A\n\nFrom 3 April 2026.\n", "# A\n\nAb 4. April 2026.\n", []string{"a: the dates differ: 2026-04-04; in the original: 2026-04-03"}},
		"a row of a table":              {"# A\n\n" + table + "| 3 | 4 |\n", "# A\n\n" + table, []string{"a: the tables have other rows or columns: 2 × 2; in the original: 3 × 2"}},
		"a clause, ids are shared":      {"# A\n\n## B\n\n## C\n\n## D\n", "# A\n\n## Beh {#b}\n\n## Ceh {#c}\n", []string{": the translation has 3 clauses, the original 4", "d: after this clause, the clause \"d\" of the original is missing"}},
		"a clause too many":             {"# A\n\n## B\n\n## C\n", "# A\n\n## B\n\n## X\n\n## C\n", []string{": the translation has 4 clauses, the original 3", "x: the original has no clause \"x\""}},
		"a clause, ids are not shared":  {"# Privacy\n\n## Contact\n\n## Rights\n", "# Datenschutz\n\n## Kontakt\n", []string{": the translation has 2 clauses, the original 3"}},
		"an id, the others are shared":  {"# A\n\n## B\n\n## C\n\n## D\n", "# A\n\n## Beh {#b}\n\n## Ceh\n\n## Deh {#d}\n", []string{"c: the clause has the id \"ceh\"; that of the original is \"c\""}},
		"two clauses changed places":    {"# A\n\n## B\n\nFor 25.\n\n## C\n\nFor 26.\n", "# A\n\n## Ceh {#c}\n\nFür 26.\n\n## Beh {#b}\n\nFür 27.\n", []string{"b: the numbers differ: 27; in the original: 25", "c: this clause is before \"b\", in the original after it"}},
		"the text ends before a clause": {"# A\n\n## B\n\nFor 21 days.\n", "# A\n\n## B\n\nFür 22 Tage.\n", []string{"b: the numbers differ: 22; in the original: 21"}},
	} {
		if have := differences(t, "de", c.original, c.translation); !slices.Equal(have, c.want) {
			t.Errorf("%s:\nhave %q\nwant %q", name, have, c.want)
		}
	}
}

func TestStatusOfTranslations(t *testing.T) {
	t.Parallel()
	r := report(t,
		"content/privacy/policy.toml", "required_translations = [\"fr\"]\n[[notice]]\nperiod = \"20 days\"\n",
		"content/privacy/2025-01-01.md", "# Privacy\n", "content/privacy/2025-01-01.de.md", "# Datenschutz\n",
		"content/privacy/2026-01-01.md", "# Privacy\n\nMore.\n", "content/privacy/2026-01-01.ar.md", "# الخصوصية\n",
		"content/privacy/2026-06-11.md", "# Privacy\n\nMuch more.\n",
		"content/privacy/draft.md", "# Privacy\n\nMost.\n\nTODO\n", "content/privacy/draft.ar.md", "# الخصوصية\n")
	p := r.Policies[0]
	var have []string
	for _, tr := range p.Translations {
		have = append(have, strings.TrimSpace(strings.Join([]string{tr.Version, tr.Lang, tr.Status, tr.Last}, " ")))
	}
	want := []string{"2026-01-01 ar translated", "2026-01-01 de older 2025-01-01", "2026-01-01 fr missing",
		"2026-06-11 ar older 2026-01-01", "2026-06-11 de older 2025-01-01", "2026-06-11 fr missing",
		"draft ar translated", "draft de older 2025-01-01", "draft fr missing"}
	if !slices.Equal(have, want) {
		t.Errorf("have %q\nwant %q", have, want)
	}
	if p.InForce.ID != "2026-01-01" || len(p.Upcoming) != 1 || p.Upcoming[0].Days != 10 || p.Upcoming[0].Required != 20 {
		t.Errorf("have %+v, %+v", p.InForce, p.Upcoming)
	}
	if len(p.Open) != 1 || p.Open[0].Code != "placeholder" || p.Open[0].Line != 5 {
		t.Errorf("open: %v", p.Open)
	}
	if d := p.Draft; d.Against != "2026-06-11" || d.Same || d.Clauses != 1 || !slices.Equal(d.Langs, []string{"en-GB", "ar"}) {
		t.Errorf("draft: %+v", d)
	}
	if p.Next == nil || p.Next.Version != "2026-06-11" || r.Next.At != p.Next.At {
		t.Errorf("next: %+v", p.Next)
	}
}

// The translation of a draft is not up to date if only the original has changed.
func TestStatusOfUnchangedTranslation(t *testing.T) {
	t.Parallel()
	files := []string{"content/privacy/2026-01-01.md", "# Privacy\n", "content/privacy/2026-01-01.de.md", "# Datenschutz\n",
		"content/privacy/draft.de.md", "# Datenschutz\n", "content/privacy/draft.md"}
	for text, want := range map[string]string{"# Privacy\n\nMore.\n": "unchanged", "# Privacy\n": "translated"} {
		all := report(t, append(files, text)...).Policies[0].Translations
		if have := all[len(all)-1]; have.Version != "draft" || have.Status != want {
			t.Errorf("draft %q: have %+v, want %s", text, have, want)
		}
	}
}

// A draft with problems does not hide the status of its policy or of others.
func TestStatusOfBrokenDraft(t *testing.T) {
	t.Parallel()
	r := report(t, "content/privacy/2026-01-01.md", "# Privacy\n", "content/privacy/draft.md", "# Privacy\n\n[a](no.md)\n",
		"content/terms/draft.md", "# Terms\n\n{{nope}}\n", "content/cookies/draft.md", "# Cookies\n")
	have := map[string]string{}
	for _, p := range r.Policies {
		have[p.Slug] = p.Draft.String()
		for _, o := range p.Open {
			have[p.Slug] += " " + o.Code
		}
	}
	for slug, want := range map[string]string{"privacy": "has problems dead-link", "terms": "has problems no-such-value", "cookies": "first"} {
		if have[slug] != want {
			t.Errorf("%s: have %q, want %q", slug, have[slug], want)
		}
	}
}

// Twenty policies fit on a screen of 24 lines and 100 columns.
func TestStatusOnOneScreen(t *testing.T) {
	t.Parallel()
	var files []string
	for i := range 20 {
		dir := "content/policy-" + string(rune('a'+i)) + "/"
		files = append(files, dir+"2025-01-01.md", "# Privacy\n", dir+"2025-01-01.de.md", "# Datenschutz\n",
			dir+"2026-01-01.md", "# Privacy\n\nMore.\n", dir+"draft.md", "# Privacy\n\nMost.\n\nTODO\n")
	}
	var b strings.Builder
	report(t, files...).Print(&b, false)
	lines := strings.Split(strings.TrimSuffix(b.String(), "\n"), "\n")
	if len(lines) > 24 {
		t.Errorf("%d lines:\n%s", len(lines), &b)
	}
	for _, line := range lines {
		if len(line) > 100 {
			t.Errorf("%d columns: %s", len(line), line)
		}
	}
}
