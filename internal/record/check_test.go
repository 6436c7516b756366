package record_test

import (
	"crypto/sha256"
	"fmt"
	"maps"
	"slices"
	"strings"
	"testing"
	"testing/fstest"
	"time"

	"github.com/privgen/privgen/internal/day"
	"github.com/privgen/privgen/internal/record"
	"github.com/privgen/privgen/internal/site"
	"github.com/privgen/privgen/internal/source"
	"github.com/privgen/privgen/templates"
	"github.com/privgen/privgen/themes"
)

// A folder has the files of a site by path. A file without a text does not exist.
type folder map[string]string

// released returns a site with four texts of two policies. One text shows a file.
func released(changes ...string) folder {
	f := folder{
		"privgen.toml":                  "[site]\ntitle = \"Acme\"\nbase_url = \"https://acme.example/\"\n[organization]\nname = \"Acme Ltd\"\n",
		"content/privacy/policy.toml":   "title = \"Privacy\"\n",
		"content/privacy/map.png":       "\x89PNG\r\n\x1a\n1",
		"content/privacy/2025-01-01.md": "+++\nlabel = \"1\"\nchanges = [\"Six years\"]\n+++\n\n# Privacy\n\nWe keep it for six years.\n",
		"content/privacy/2026-01-01.md": "+++\nlabel = \"2\"\nupdated = 2025-12-15\n+++\n\n# Privacy\n\n![Map](map.png)\n\n" +
			"We keep it for ten years.\n",
		"content/privacy/2026-01-01.de.md": "# Datenschutz\n\nZehn Jahre.\n",
		"content/terms.md":                 "+++\neffective = 2026-01-01\n+++\n\n# Terms\n\nBe kind.\n",
	}
	return f.with(changes...)
}

// with returns a copy of the folder with changes: pairs of a path and a text.
func (f folder) with(changes ...string) folder {
	out := maps.Clone(f)
	for i := 0; i < len(changes); i += 2 {
		out[changes[i]] = changes[i+1]
	}
	return out
}

// replace returns a copy of the folder with a part of a file replaced.
func (f folder) replace(name, old, new string) folder {
	return f.with(name, strings.Replace(f[name], old, new, 1))
}

func (f folder) load(unchecked bool) (*site.Site, source.Problems) {
	files := fstest.MapFS{}
	for name, text := range f {
		if text != "" {
			files[name] = &fstest.MapFile{Data: []byte(text)}
		}
	}
	return site.Load(site.Input{Files: files, Templates: templates.FS, Themes: themes.FS, Program: "test", SkipRecord: unchecked})
}

func (f folder) mustLoad(t *testing.T) *site.Site {
	t.Helper()
	s, problems := f.load(true)
	if problems != nil {
		t.Fatal(problems)
	}
	return s
}

var firstDay = day.Day{Year: 2026, Month: 1, Dom: 1}

// lock returns a copy of the folder with a lock file of its texts, written on firstDay.
func (f folder) lock(t *testing.T) folder {
	t.Helper()
	s := f.mustLoad(t)
	r := locked(t, s.ByRecord())
	r.RecordSettings(s.ByRecord(), firstDay)
	return f.with(record.File, string(r.Bytes()))
}

// A site that differs from its lock file has a problem that describes the difference.
func TestCheck(t *testing.T) {
	t.Parallel()
	const v1, v2, de = "content/privacy/2025-01-01.md", "content/privacy/2026-01-01.md", "content/privacy/2026-01-01.de.md"
	f := released().lock(t)
	for _, test := range []struct {
		name string
		now  folder
		want string // codes, positions, and sentences
	}{
		{"nothing", f, ""},
		{"the same words in other lines", f.replace(v1, "it for", "it\nfor"), ""},
		{"a word", f.replace(v1, "six years.", "two years."), `
changed-text content/privacy/2025-01-01.md:6:1: the wording of privacy 2025-01-01 (en) is not the one that was released: "Privacy" changed (7 words before and after)`},
		{"a word that the last build still has", f.replace(v1, "six years.", "two years.").
			with("public/privacy/2025-01-01/index.md", "---\ntitle: \"Privacy\"\n---\n# Privacy\n\nWe keep it for six years.\n"), `
changed-text content/privacy/2025-01-01.md:6:1: the wording of privacy 2025-01-01 (en) is not the one that was released: in "Privacy", "six" is now "two"`},
		{"a word and the label", f.replace(v1, "six years.", "two years.").replace(v1, `"1"`, `"one"`), `
changed-text content/privacy/2025-01-01.md:6:1: the wording of privacy 2025-01-01 (en) is not the one that was released: "Privacy" changed (7 words before and after); its front matter or its files changed, too: label is one, and 1 was released`},
		{"the label, which its translation has, too", f.replace(v2, `"2"`, `"II"`), `
moved-stamp content/privacy/2026-01-01.md:2:9: what is said of privacy 2026-01-01 (en) is not what was released, and its wording did not change: label is II, and 2 was released`},
		{"a list", f.replace(v1, "Six years", "6 years"), `
moved-stamp content/privacy/2025-01-01.md:3:11: what is said of privacy 2025-01-01 (en) is not what was released, and its wording did not change: changes: "6 years" was not released, "Six years" was released, and is not there`},
		{"a withdrawal", f.replace(v2, "updated", "withdrawn = 2025-12-31\nupdated"), `
moved-stamp content/privacy/2026-01-01.md:3:13: what is said of privacy 2026-01-01 (en) is not what was released, and its wording did not change: withdrawn is 2025-12-31, and none was released`},
		{"a picture", f.with("content/privacy/map.png", "\x89PNG\r\n\x1a\n2"), `
moved-stamp content/privacy/2026-01-01.md:8:1: what is said of privacy 2026-01-01 (en) is not what was released, and its wording did not change: files: "map.png" is not the file that was released`},
		{"a version", f.with(v1, ""), `
gone-version privgen.lock:7:1: privacy 2025-01-01 (en) was released and is gone, and with it the page privacy/2025-01-01/`},
		{"a translation", f.with(de, ""), `
gone-version privgen.lock:9:1: privacy 2026-01-01 (de) was released and is gone, and with it the page de/privacy/2026-01-01/`},
		{"a policy", f.with("content/terms.md", ""), `
gone-version privgen.lock:12:1: the policy "terms" was released and is gone, and with it the pages of 2026-01-01`},
		{"the language of a policy", f.with("content/privacy/policy.toml", "title = \"Privacy\"\nlanguage = \"fr\"\n", de, ""), `
moved-language content/privacy/policy.toml:1:1: the language of "privacy" is fr here, and its texts were released in en`},
		{"a region of the language", f.with("content/privacy/policy.toml", "title = \"Privacy\"\nlanguage = \"en-GB\"\n"), `
moved-address content/privacy/2025-01-01.md:1:1: the page of privacy 2025-01-01 (en) is at "en-GB/privacy/2025-01-01/"; it was released at "privacy/2025-01-01/", which would be a dead link
moved-address content/privacy/2026-01-01.md:1:1: the page of privacy 2026-01-01 (en) is at "en-GB/privacy/2026-01-01/"; it was released at "privacy/2026-01-01/", which would be a dead link`},
		{"a version with the words of the one before", f.with("content/privacy/2027-01-01.md", strings.Replace(f[v2], "2025-12-15", "2026-12-15", 1)), `
same-text content/privacy/2027-01-01.md:1:1: the stamp of 2027-01-01 says 2027-01-01, and its wording is that of 2026-01-01`},
		{"a version with the day of the one before", f.with("content/privacy/2027-01-01.md", "+++\nupdated = 2025-12-15\n+++\n\n# New\n"), `
stale-stamp content/privacy/2027-01-01.md:2:11: 2027-01-01 says that it was last updated on 2025-12-15; its wording is not that of 2026-01-01, which was last updated on 2025-12-15`},
		{"a version with another day and other words", f.with("content/privacy/2027-01-01.md", "# New\n"), ""},
	} {
		_, problems := test.now.load(false)
		var have strings.Builder
		for _, p := range problems {
			fmt.Fprintf(&have, "\n%s %v: %s", p.Code, p.Pos, p.What)
		}
		if have.String() != test.want {
			t.Errorf("%s:\nhave %s\nwant %s", test.name, have.String(), test.want)
		}
	}
}

// If many texts have the same mistake, five of them are named.
func TestCheckMany(t *testing.T) {
	t.Parallel()
	f := released()
	for year := 2001; year < 2013; year++ {
		f[fmt.Sprintf("content/privacy/%d-01-01.md", year)] = fmt.Sprintf("# Privacy\n\nThe year is %d.\n", year)
	}
	f = f.lock(t)
	changed, gone := f.with(), f.with()
	for year := 2001; year < 2013; year++ {
		name := fmt.Sprintf("content/privacy/%d-01-01.md", year)
		changed[name], gone[name] = "# Privacy\n\nAnother text.\n", ""
	}
	for want, now := range map[string]folder{
		`the wording of 7 more texts of "privacy" is not the one that was released: 2006-01-01 to 2012-01-01`: changed,
		`7 more texts of "privacy" were released and are gone: 2006-01-01 to 2012-01-01`:                      gone,
	} {
		_, problems := now.load(false)
		if len(problems) != 6 || !slices.ContainsFunc(problems, func(p *source.Problem) bool { return p.What == want }) {
			t.Errorf("have %v, want five and: %s", problems, want)
		}
	}
}

// A text that a correction replaced must not change.
func TestCheckEarlier(t *testing.T) {
	t.Parallel()
	const v1, kept = "content/privacy/2025-01-01.md", "content/privacy/_2025-01-01.corrected-1.md"
	f := released().lock(t)
	now := f.replace(v1, "six", "sixty")
	s := now.mustLoad(t)
	text := s.Library.Policy("privacy").Versions[0].Authoritative()
	is, err := s.ByRecord().EntryOf(text)
	r, problems := record.Parse([]byte(f[record.File]))
	if err != nil || problems != nil {
		t.Fatal(err, problems)
	}
	if !r.Correct(r.Find(text), is, firstDay.Add(31), "The number was typed wrong.") {
		t.Fatal("nothing to correct")
	}
	now = now.with(record.File, string(r.Bytes()))
	for old, want := range map[string]string{
		"# Privacy\n\nWe keep it for six years.\n": "",
		"# Privacy\n\nWe keep it for two years.\n": "this is not the text of privacy 2025-01-01 (en) from before its correction of 2026-02-01",
		"": "the text of privacy 2025-01-01 (en) from before its correction of 2026-02-01 is gone",
	} {
		have := ""
		if _, problems := now.with(kept, old).load(false); problems != nil {
			have = problems[0].What
		}
		if have != want {
			t.Errorf("%q: have %q, want %q", old, have, want)
		}
	}
}

// Texts are found under the former name of their policy, and with another region.
func TestFind(t *testing.T) {
	t.Parallel()
	was := released("content/terms.md", "", "content/terms/2026-01-01.md", "# Terms\n").lock(t)
	now := was.with("content/terms/2026-01-01.md", "", "content/conditions/2026-01-01.md", "# Terms\n",
		"content/conditions/policy.toml", "title = \"Terms\"\nformerly = [\"terms\"]\n",
		"privgen.toml", strings.Replace(was["privgen.toml"], "base_url", "language = \"en-GB\"\nbase_url", 1))
	s, problems := now.load(false)
	if problems != nil {
		t.Fatal(problems)
	}
	e := s.Record().Find(s.Library.Policy("conditions").Versions[0].Authoritative())
	if e == nil || e.Key.String() != "terms 2026-01-01 (en)" {
		t.Errorf("have %v", e)
	}
	if gone := s.Record().Gone(s.ByRecord()); len(gone) > 0 {
		t.Errorf("gone: %v", gone)
	}
	// The policy is compared with what was recorded under its former name.
	var changed []string
	for _, c := range s.Record().Changed(s.ByRecord()) {
		changed = append(changed, c.String())
	}
	want := `conditions: title is Terms, and was recorded as not given
conditions: language is en-GB, and was recorded as en
conditions: formerly: "terms" was not recorded
privacy: language is en-GB, and was recorded as en`
	if have := strings.Join(changed, "\n"); have != want {
		t.Errorf("have %s\nwant %s", have, want)
	}
	if n := len(s.Record().Gone(now.with("content/privacy/2025-01-01.md", "").mustLoad(t).ByRecord())); n != 1 {
		t.Errorf("%d texts are gone", n)
	}
}

// Late reports a text that was recorded late, if other texts of the policy had been recorded before.
func TestLate(t *testing.T) {
	t.Parallel()
	f := released("content/privacy/2024-01-01.md", "# Privacy\n\nOld.\n")
	s := f.mustLoad(t)
	by, r := s.ByRecord(), &record.Record{}
	versions := s.Library.Policy("privacy").Versions
	for i, on := range []day.Day{firstDay, {Year: 2025, Month: 1, Dom: 1}, {Year: 2025, Month: 12, Dom: 1}} {
		e, err := by.EntryOf(versions[i].Authoritative())
		if err != nil {
			t.Fatal(err)
		}
		r.Add(e, on)
	}
	for i, want := range []string{"2026-01-01", "", ""} {
		if on, late := r.Late(versions[i].Authoritative(), time.UTC); on.String() != want || late != (want != "") {
			t.Errorf("%s: recorded late: %t, on %s", versions[i].ID, late, on)
		}
	}
	if have := r.Newest(); have != firstDay {
		t.Errorf("recorded last on %s", have)
	}
	// An entry confirms those that were in the lock file when it was recorded.
	again, problems := record.Parse(r.Bytes())
	if problems != nil {
		t.Fatal(problems)
	}
	first, last := again.Find(versions[0].Authoritative()), again.Find(versions[2].Authoritative())
	if !last.Confirms(again)(first) || first.Confirms(again)(last) || !last.Last(again) || first.Last(again) {
		t.Error("the last entry does not confirm the first, or is not the last")
	}
	if line := again.Line(again.Ends()[0]); !strings.HasPrefix(line, "privacy 2026-01-01 en released on=2025-12-01 ") {
		t.Errorf("the last line is %s", line)
	}
}

// The upgrade of a lock file of format 1, with corrections in any order, keeps all facts.
func TestOldFormat(t *testing.T) {
	t.Parallel()
	sum := func(text string) string { return fmt.Sprintf("%x", sha256.Sum256([]byte(text))) }
	was := []string{"# Terms\n\nBe good.\n", "# Terms\n\nBe nice.\n", "# Terms\n\nBe kind.\n"}
	f := released("content/privacy/2025-01-01.md", "", "content/privacy/2026-01-01.md", "", "content/privacy/2026-01-01.de.md", "",
		"content/privacy/policy.toml", "", "content/privacy/map.png", "",
		record.File, "format 1\nterms 2026-01-01 en corrected day=2026-03-01 was="+sum(was[1])+` label-was="2" reason="Third."`+"\n"+
			"terms 2026-01-01 en released effective=2026-01-01 updated=2026-01-01 address=terms/2026-01-01/ sha256="+
			sum(was[2])+" clauses=0000:5\n"+
			"terms 2026-01-01 en corrected day=2026-02-01 was="+sum(was[0])+` label-was=- withdrawn-was=2026-05-01 `+
			`updated-was=2025-12-01 published-was=2025-12-02 effective-was=2026-01-01T00:00:00Z reason="Second."`+"\n")
	s, problems := f.load(false)
	if problems != nil {
		t.Fatal(problems)
	}
	if !s.Record().Old() {
		t.Error("the lock file does not have format 1")
	}
	r, err := s.Record().Upgrade(s.ByRecord(), firstDay)
	if err != nil {
		t.Fatal(err)
	}
	var facts []string
	for line := range strings.Lines(string(r.Bytes())) {
		if fact, ok := strings.CutPrefix(line, "terms 2026-01-01 en "); ok {
			fact, _, _ = strings.Cut(fact, " sha256=")
			before, reason, corrected := strings.Cut(fact, "reason=")
			if words := strings.Fields(before); corrected {
				fact = strings.Join(words[:3], " ") + " " + reason // without the sum of the fact before
			}
			facts = append(facts, fact)
		}
	}
	want := `released by=2026-01-01 effective=2026-01-01T00:00:00Z updated=2025-12-01 published=2025-12-02 withdrawn=2026-05-01 address=terms/2026-01-01/
corrected on=2026-02-01 by=2026-01-01 "Second." effective=2026-01-01 updated=2026-01-01 label="2" address=terms/2026-01-01/
corrected on=2026-03-01 by=2026-01-01 "Third." effective=2026-01-01 updated=2026-01-01 address=terms/2026-01-01/`
	if have := strings.Join(facts, "\n"); have != want {
		t.Errorf("have %s\nwant %s", have, want)
	}
	upgraded, problems := f.with(record.File, string(r.Bytes())).load(false)
	if problems != nil || upgraded.Record().Old() {
		t.Fatal(problems)
	}
	if lacks := upgraded.Record().LacksOld(s.Record()); lacks != nil {
		t.Error(lacks)
	}
	changed := strings.Replace(f[record.File], "updated=2026-01-01", "updated=2026-01-02", 1)
	other, problems := record.Parse([]byte(changed))
	if problems != nil {
		t.Fatal(problems)
	}
	if lacks := upgraded.Record().LacksOld(other); len(lacks) != 1 || !strings.Contains(lacks[0].What, "with updated=2026-01-02") {
		t.Errorf("of a lock file with another date: %v", lacks)
	}
	var none *record.Record
	if lacks := none.LacksOld(s.Record()); len(lacks) != 1 || lacks[0].Code != "lost-record" {
		t.Errorf("have %v", lacks)
	}
}

// A malformed lock file has a problem at its line.
func TestParseProblems(t *testing.T) {
	t.Parallel()
	const released = "format 1\na b c released effective=2026-01-01 updated=2026-01-01 address=a/ sha256="
	digest := fmt.Sprintf("%x", sum(""))
	for _, test := range []struct{ text, want string }{
		{"\xff", "1:1: the lock file is not UTF-8 text"},
		{"", "1:1: the lock file does not state its format"},
		{"\n# a\na b c released", "3:1: the lock file does not begin with its format"},
		{"format 3\n", "1:1: the lock file has format 3; this privgen reads format 2"},
		{"format 01\n", `1:1: there is no format "01"`},
		{"<<<<<<< a\nformat 1\n=======\n", "1:1: a merge was begun here and not finished"},
		{"format 1\na b c\n", "2:1: this is not a fact: it has to begin with a policy, a version, a language and released or corrected"},
		{"format 1\na b c lost on=2026-01-01\n", `2:1: "lost" is neither released nor corrected`},
		{"format 1\na b c released no field\n", `2:1: "no field" is not a field: name=value`},
		{"format 1\na b c released " + strings.Repeat("no ", 20) + "\n", `2:1: "` + strings.Repeat("no ", 13) + `n..." is not a field: name=value`},
		{"format 1\na b c released x=\"\n", "2:1: the value of x is not a JSON string"},
		{"format 1\na b c released x=\"\"y\n", "2:1: there is no space after the value of x"},
		{"format 1\na b c released x=[ \"\"]\n", "2:1: the value of x is not a JSON array of strings"},
		{"format 1\na b c released x=1 x=2\n", "2:1: the field x is there twice"},
		{"format 1\na b c released updated=2026-01-01\n", "2:1: the field effective is missing"},
		{"format 1\na b c released effective=2026-02-30\n", "2:1: effective: February 2026 has 28 days"},
		{released + "00 clauses=0000:1\n", "2:1: sha256 is not a SHA-256: 64 digits, 0 to 9 and a to f"},
		{released + digest + " clauses=0:1\n", "2:1: clauses is not a list of prints: 1f0a:41,77c3:118"},
		{released + digest + " clauses=0000:1 reads=0\n", "2:1: there is no field \"reads\" here; this privgen may be too old for the lock file"},
		{"format 1\na b c corrected day=2026-01-01 was=" + digest + " reason=x\n", "2:1: a b (c) is corrected and was never released"},
		{"format 2\na b c released on=2026-01-01\n", "2:1: what was recorded of a b (c) was altered: it has no sum"},
		{"format 2\na - - policy on=2026-01-01 sum=00\n", "2:1: what was recorded of the policy a was altered after it was recorded"},
		{"format 2\n- - - site on=2026-01-01 sum=00\n", "2:1: what was recorded of the site was altered after it was recorded"},
		{"format 2\n" + summed("a - - policy title=x"), "2:1: the field on is missing"},
		{"format 2\n" + summed("a b c removed on=2026-01-01 of=00 reason=x"), "2:1: what was recorded before this line, with the sum 00..., is gone"},
		{"format 2\n" + strings.Repeat(summed("a - - policy on=2026-01-01"), 2), "3:1: this is line 2 once more"},
		{"format 2\n" + summed("a b c released on=2026-01-01 effective=2026-01-01 updated=2026-01-01 material=no"), `2:1: material is "no", and can be true only`},
		{"format 2\n" + summed("a b c released on=2026-01-01 effective=2026-01-01 updated=2026-01-01 changes=x"), "2:1: the value of changes is not a JSON array of strings"},
	} {
		_, problems := record.Parse([]byte(test.text))
		have := ""
		if problems != nil {
			have = strings.TrimPrefix(problems[0].Pos.String()+": "+problems[0].What, "privgen.lock:")
		}
		if have != test.want {
			t.Errorf("%q:\nhave %s\nwant %s", test.text, have, test.want)
		}
	}
}

// summed returns a line of the file: a fact with its sum.
func summed(fact string) string { return fmt.Sprintf("%s sum=%x\n", fact, sum(fact)) }
