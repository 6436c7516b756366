package release_test

import (
	"fmt"
	"maps"
	"slices"
	"strings"
	"testing"
	"testing/fstest"
	"time"

	"github.com/privgen/privgen/internal/day"
	"github.com/privgen/privgen/internal/policy"
	"github.com/privgen/privgen/internal/record"
	"github.com/privgen/privgen/internal/release"
	"github.com/privgen/privgen/internal/site"
	"github.com/privgen/privgen/internal/source"
	"github.com/privgen/privgen/templates"
	"github.com/privgen/privgen/themes"
)

// A folder has the files of a site by path.
type folder map[string]string

const config = "[site]\ntitle = \"Acme policies\"\nbase_url = \"https://acme.example/\"\n\n[organization]\nname = \"Acme Ltd\"\n"

// today is the current day in all tests.
var today = day.Of(time.Date(2026, 6, 1, 0, 0, 0, 0, time.UTC), time.UTC)

const (
	first = "+++\nupdated = 2025-12-15\nsummary = \"New\"\n+++\n\n# Privacy\n\nWhat we do.\n\n## Retention\n\nWe keep it for six years.\n\n## Rights\n\nWrite to us.\n"
	draft = "# Privacy\n\nWhat we do.\n\n## Retention\n\nWe keep it for ten years.\n\n## Rights\n\nWrite to us.\n"
)

// start returns a folder with a version and a draft, and with changes: pairs of a path
// and a text.
func start(pairs ...string) folder {
	f := folder{"privgen.toml": config, "content/privacy/2026-01-01.md": first, "content/privacy/draft.md": draft}
	for i := 0; i < len(pairs); i += 2 {
		f[pairs[i]] = pairs[i+1]
	}
	return f
}

func (f folder) fs() fstest.MapFS {
	out := fstest.MapFS{}
	for name, text := range f {
		out[name] = &fstest.MapFile{Data: []byte(text)}
	}
	return out
}

// load loads the site with its drafts. An unchecked site may differ from its lock
// file.
func (f folder) load(t testing.TB, unchecked bool) *site.Site {
	t.Helper()
	s, problems := site.Load(site.Input{
		Files: f.fs(), Templates: templates.FS, Themes: themes.FS, Program: "test",
		SkipRecord: unchecked, Drafts: func(string) bool { return true },
	})
	if problems != nil {
		t.Fatal(problems)
	}
	return s
}

// put writes files into the folder.
func (f folder) put(files ...map[string][]byte) {
	for _, made := range files {
		for name, text := range made {
			f[name] = string(text)
		}
	}
}

// lock records all texts of the folder.
func (f folder) lock(t testing.TB) {
	t.Helper()
	l, problems, err := release.Record(f.load(t, false), nil, "", today)
	if err != nil || problems != nil {
		t.Fatal(err, problems)
	}
	f.put(l.Replace())
}

// release releases the draft of privacy.
func (f folder) release(t testing.TB, req release.Request) (*release.Release, source.Problems, error) {
	t.Helper()
	s := f.load(t, false)
	req.Policy, req.Files = s.Library.Policy("privacy"), f.fs()
	if req.Today.IsZero() {
		req.Today = today
	}
	return release.New(s, req)
}

// printed returns problems as they are printed.
func printed(list source.Problems) string {
	var b strings.Builder
	for _, p := range list.Sort() {
		fmt.Fprintf(&b, "%s: %v\n", p.Code, p)
	}
	return b.String()
}

// A draft becomes a version with its translation, and both are in the lock file.
func TestNew(t *testing.T) {
	t.Parallel()
	f := start("content/privacy/2026-01-01.de.md", "# Datenschutz\n", "content/privacy/2026-01-01.fr.md", "# Vie privée\n",
		"content/privacy/draft.de.md", "+++\nlabel = \"zwei\"\n+++\n\n# Datenschutz\n\nNeu.\n")
	f.lock(t)
	r, problems, err := f.release(t, release.Request{Effective: "2026-07-01", Label: "2", Summary: "Longer.", Changes: []string{"A", "B"}, Material: true})
	if err != nil || problems != nil {
		t.Fatal(err, problems)
	}
	files := map[string]string{}
	for name, text := range r.Files {
		files[name] = string(text)
	}
	want := map[string]string{
		"content/privacy/2026-07-01.md": "+++\neffective = 2026-07-01\nupdated = 2026-06-01\nlabel = \"2\"\nsummary = \"Longer.\"\n" +
			"changes = [\"A\", \"B\"]\nmaterial = true\n+++\n\n" + draft,
		"content/privacy/2026-07-01.de.md": "+++\nlabel = \"zwei\"\n+++\n\n# Datenschutz\n\nNeu.\n",
	}
	if !maps.Equal(files, want) {
		t.Errorf("have %q\nwant %q", files, want)
	}
	if r.ID != "2026-07-01" || r.Before.ID != "2026-01-01" || !slices.Equal(r.Untranslated, []string{"fr"}) || r.Lock.Protected != 5 {
		t.Errorf("have %s after %s, without %v, %d protected", r.ID, r.Before.ID, r.Untranslated, r.Lock.Protected)
	}
	fallback := "no translation into fr: from 2026-07-01, its page shows this text in en, a notice that it is not translated yet, " +
		"and a link to 2026-01-01, the last version in fr\n"
	for released, do := range map[bool]string{
		false: "to translate it first: privgen new privacy --draft --language fr\n",
		true:  "to translate it: write content/privacy/2026-07-01.fr.md, and record it with: privgen lock privacy\n",
	} {
		if have := r.Fallbacks(released); have != fallback+do {
			t.Errorf("have %s\nwant %s", have, fallback+do)
		}
	}
	// The new site has no problems, and all its texts are recorded.
	f.put(r.Files, r.Lock.Replace())
	if s := f.load(t, false); s.Record().Len() != 5 || len(s.Record().Missing(s.Library)) != 0 {
		t.Errorf("%d of 5 texts are recorded", s.Record().Len())
	}
}

// A second version of a day has a number. The first version of a policy has no version
// before it. A version that takes effect on the day of its release needs no updated.
func TestIDs(t *testing.T) {
	t.Parallel()
	f := start()
	r, problems, err := f.release(t, release.Request{Effective: "2026-06-01"})
	if err != nil || problems != nil {
		t.Fatal(err, problems)
	}
	if text := string(r.Files["content/privacy/2026-06-01.md"]); !strings.HasPrefix(text, "+++\neffective = 2026-06-01\n+++\n") {
		t.Error(text)
	}
	f.put(r.Files)
	f["content/privacy/draft.md"] = "# Privacy\n\nNothing.\n\n## Retention\n\n## Rights\n"
	if r, problems, err = f.release(t, release.Request{Effective: "2026-06-01T12:00:00Z"}); err != nil || problems != nil || r.ID != "2026-06-01.2" {
		t.Fatal(r, problems, err)
	}
	delete(f, "content/privacy/2026-01-01.md")
	delete(f, "content/privacy/2026-06-01.md")
	if r, problems, err = f.release(t, release.Request{Effective: "2020-01-01"}); err != nil || problems != nil || r.Before != nil {
		t.Fatal(r, problems, err)
	}
}

// New reports what each rule forbids, and accepts the fix that the rule proposes.
func TestRules(t *testing.T) {
	t.Parallel()
	july := release.Request{Effective: "2026-07-01"}
	with := func(change func(*release.Request)) release.Request {
		req := july
		change(&req)
		return req
	}
	for _, test := range []struct {
		name  string
		files folder
		req   release.Request
		want  []string // problems begin with these, by line
	}{
		{"a good draft", start(), july, nil},
		{"no change", start("content/privacy/draft.md", first), july, []string{"empty-change: content/privacy/draft.md:1:1"}},
		{"only dates change", start("content/privacy/2026-01-01.md", "From January 1, 2026.\n", "content/privacy/draft.md", "From {{version.effective}}.\n"), july, []string{"empty-change: "}},
		{"too early", start(), release.Request{Effective: "2025-07-01"}, []string{"earlier-day: "}},
		{"updated tomorrow", start(), with(func(r *release.Request) { r.Updated = "2026-06-02" }), []string{"future-stamp: "}},
		{"updated before the version before", start(), with(func(r *release.Request) { r.Updated = "2025-12-14" }), []string{"stale-stamp: "}},
		{"material without a summary", start(), with(func(r *release.Request) { r.Material = true }), []string{"missing-summary: "}},
		{"the summary of the version before", start(), with(func(r *release.Request) { r.Summary = "New" }), []string{"missing-summary: "}},
		{"no translation", start("content/privacy/policy.toml", "required_translations = [\"de\"]\n"), july, []string{"no-translation: content/privacy/policy.toml:1:1: the draft of privacy has no translation into de\n\tstart it with: privgen new privacy --draft --language de"}},
		{"a short notice", start("content/privacy/policy.toml", notice("30 days")), july, []string{"short-notice: "}},
		{"a short notice of the site", start("privgen.toml", config+notice("30 days")), july, []string{"short-notice: content/privacy/draft.md:1:1: privacy takes effect on 2026-07-01, and is announced on 2026-06-01; the notice of 30 days (P2B) ends on 2026-07-01\n\tchoose 2026-07-02 or later; if it must be sooner, record why: --reason \"...\""}},
		{"the longest of two notices", start("content/privacy/policy.toml", notice("1 day")+notice("2 months")), july, []string{"short-notice: content/privacy/draft.md:1:1: privacy takes effect on 2026-07-01, and is announced on 2026-06-01; the notice of 2 months (P2B) ends on 2026-08-01\n\tchoose 2026-08-02 or later"}},
		{"enough notice", start("content/privacy/policy.toml", notice("29 days")), july, nil},
		{"the policy needs less than the site", start("privgen.toml", config+notice("2 months"), "content/privacy/policy.toml", notice("0 days")), july, nil},
		{"a notice for other kinds", start("privgen.toml", config+notice("2 months")+"kinds = [\"terms\", \"cookies\"]\n"), july, nil},
		{"a notice for this kind", start("privgen.toml", config+notice("2 months")+"kinds = [\"terms\", \"privacy\"]\n"), july, []string{"short-notice: "}},
		{"a notice for material changes", start("content/privacy/policy.toml", notice("2 months")+"changes = \"material\"\n"), july, nil},
		{"a short notice of a material change", start("content/privacy/policy.toml", notice("2 months")+"changes = \"material\"\n"), with(func(r *release.Request) { r.Material, r.Summary = true, "Ten years." }), []string{"short-notice: "}},
		{"a short notice with a reason", start("content/privacy/policy.toml", notice("60 days")), with(func(r *release.Request) { r.Reason = "A court." }), nil},
		{"placeholders", start("content/privacy/draft.md", draft+"\nCall [PHONE NUMBER]. TODO\n"), july, []string{"placeholder: content/privacy/draft.md:13:6: \"[PHONE NUMBER]\"", "placeholder: content/privacy/draft.md:13:22: \"TODO\""}},
		{"no placeholders", start("content/privacy/draft.md", draft+"\nSee `TODO` and [HTTP](https://x.example/). A to-do list.\n\n    XX days\n"), july, nil},
		{"broken links", start("content/privacy/draft.md", strings.Replace(draft, "## Rights\n\nWrite to us.\n", "", 1)), july, []string{"gone-clause: content/privacy/draft.md:1:1: links to a clause of 2026-01-01 would break: #rights\n\twrite in the front matter of content/privacy/draft.md:\n\tremoved_clauses = [\"rights\"]"}},
		{"a removed clause", start("content/privacy/draft.md", "+++\nremoved_clauses = [\"rights\"]\n+++\n"+strings.Replace(draft, "## Rights\n\nWrite to us.\n", "", 1)), july, nil},
		{"a renamed clause", start("content/privacy/draft.md", strings.Replace(draft, "## Rights", "## Your choices", 1)), july, []string{"gone-clause: content/privacy/draft.md:1:1: links to a clause of 2026-01-01 would break: #rights\n\twrite in the front matter of content/privacy/draft.md:\n\t[aliases]\n\t\"rights\" = \"your-choices\""}},
		{"an alias", start("content/privacy/draft.md", "+++\naliases = {rights = \"your-choices\"}\n+++\n"+strings.Replace(draft, "## Rights", "## Your choices", 1)), july, nil},
		{"a renamed title", start("content/privacy/draft.md", strings.Replace(draft, "# Privacy", "# Privacy policy", 1)), july, []string{"gone-clause: content/privacy/draft.md:1:1: links to a clause of 2026-01-01 would break: #privacy\n\twrite in the front matter of content/privacy/draft.md:\n\t[aliases]\n\t\"privacy\" = \"privacy-policy\""}},
		{"an unknown value", start("content/privacy/draft.md", draft+"{{version.label}}\n"), july, []string{"empty-value: "}},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			r, problems, err := test.files.release(t, test.req)
			if err != nil {
				t.Fatal(err)
			}
			have := printed(problems)
			if len(problems) != len(test.want) || (r == nil) != (len(test.want) > 0) {
				t.Fatalf("have:\n%s\nwant %d problems: %q", have, len(test.want), test.want)
			}
			for _, want := range test.want {
				if !strings.Contains("\n"+have, "\n"+want) {
					t.Errorf("have:\n%s\nwant: %s", have, want)
				}
			}
		})
	}
}

// Aliases of the version before are carried over while they have a target.
func TestCarriedAliases(t *testing.T) {
	t.Parallel()
	f := start("content/privacy/2026-01-01.md", "+++\naliases = {old = \"rights\", older = \"retention\", gone = \"rights\"}\n+++\n"+draft,
		"content/privacy/draft.md", "+++\nremoved_clauses = [\"gone\"]\naliases = {rights = \"choices\"}\n+++\n"+
			strings.Replace(draft, "## Rights", "## Choices", 1))
	r, problems, err := f.release(t, release.Request{Effective: "2026-07-01"})
	if err != nil || problems != nil {
		t.Fatal(err, problems)
	}
	const want = "removed_clauses = [\"gone\"]\n\n[aliases]\nold = \"choices\"\nolder = \"retention\"\nrights = \"choices\"\n+++\n"
	if have := string(r.Files["content/privacy/2026-07-01.md"]); !strings.Contains(have, want) {
		t.Errorf("have %q\nwant %q", have, want)
	}
}

// A wrong request is an error with a fix, not a problem of the site.
func TestRequests(t *testing.T) {
	t.Parallel()
	short := start("content/privacy.md", "+++\neffective = 2026-01-01\n+++\n# Privacy\n", "content/privacy.de.md", "# Datenschutz\n")
	delete(short, "content/privacy/draft.md")
	delete(short, "content/privacy/2026-01-01.md")
	none := start()
	delete(none, "content/privacy/draft.md")
	samoa := strings.Replace(config, "[site]\n", "[site]\ntime_zone = \"Pacific/Apia\"\n", 1)
	for _, test := range []struct {
		files folder
		req   release.Request
		want  string
	}{
		{start(), release.Request{}, "the day on which the version takes effect is missing\n\tadd it: --effective"},
		{start(), release.Request{Effective: "soon"}, "--effective soon: "},
		{start(), release.Request{Effective: "2026-07-01", Updated: "today"}, "--updated today: "},
		{start("privgen.toml", samoa), release.Request{Effective: "2011-12-30"}, "2011-12-30 does not exist in Pacific/Apia"},
		{none, release.Request{Effective: "2026-07-01"}, "the policy privacy has no draft\n\tstart one with: privgen new privacy --draft"},
		{short, release.Request{Effective: "2026-07-01"}, "the policy privacy has no draft\n\tmake a folder of it: mkdir content/privacy && " +
			"mv content/privacy.de.md content/privacy/2026-01-01.de.md && mv content/privacy.md content/privacy/2026-01-01.md\n\tthen start"},
		{start("content/privacy/policy.toml", "withdrawn = 2026-05-01\n"), release.Request{Effective: "2026-07-01"}, "the policy privacy is withdrawn on 2026-05-01"},
	} {
		r, problems, err := test.files.release(t, test.req)
		if _, usage := err.(*source.Problem); !usage || r != nil || problems != nil || !strings.HasPrefix(err.Error(), test.want) {
			t.Errorf("have %v, %v\nwant %s", err, problems, test.want)
		}
	}
}

func notice(period string) string {
	return fmt.Sprintf("\n[[notice]]\nperiod = %q\nsource = \"P2B\"\n", period)
}

// Record records texts written by hand: old ones without checks, one after a recorded
// version if a release would accept it.
func TestRecord(t *testing.T) {
	t.Parallel()
	f := start("content/terms/2026-01-01.md", "# Terms\n\nNothing.\n")
	delete(f, "content/privacy/draft.md")
	f.lock(t)
	f["content/privacy/2026-07-01.md"] = "+++\nupdated = 2026-06-02\n+++\n\n# Privacy\n\nTomorrow.\n\n## Retention\n"
	f["content/privacy/policy.toml"] = notice("60 days")
	l, problems, err := release.Record(f.load(t, false), []string{"privacy"}, "", today)
	if l != nil || err != nil {
		t.Fatal(l, err)
	}
	codes := map[string]bool{}
	for _, p := range problems {
		codes[p.Code] = true
	}
	if have := slices.Sorted(maps.Keys(codes)); !slices.Equal(have, []string{"future-stamp", "gone-clause", "short-notice"}) {
		t.Errorf("have %v", have)
	}
	f["content/privacy/2026-07-01.md"] = draft
	if l, problems, err = release.Record(f.load(t, false), nil, "A court.", today); err != nil || problems != nil {
		t.Fatal(err, problems)
	}
	if len(l.Added) != 1 || l.Added[0].Reason != "A court." || l.Protected != 3 {
		t.Errorf("have %v, %d protected", l.Added, l.Protected)
	}
	f.put(l.Replace())
	f["content/privacy/policy.toml"] = "title = \"Data\"\n" + notice("60 days")
	if l, problems, err = release.Record(f.load(t, false), nil, "", today); err != nil || problems != nil || len(l.Added) != 0 || len(l.Changed) != 1 {
		t.Errorf("have %v, %v, %v", l, problems, err)
	}
}

// Check reports the texts that the lock file lacks, or their number if there are many.
func TestCheck(t *testing.T) {
	t.Parallel()
	f := start()
	delete(f, "content/privacy/draft.md")
	f["content/terms/2026-01-01.md"] = "# Terms\n"
	f["content/terms/2026-02-01.md"] = "# Terms\n\nMore.\n"
	for n := range 6 {
		f[fmt.Sprintf("content/cookies/2026-01-0%d.md", n+1)] = fmt.Sprintf("# Cookies\n\n%d\n", n)
	}
	want := "not-recorded: content/cookies:1:1: 6 texts of cookies are not in the lock file\n\trecord them: privgen lock cookies\n"
	if have := printed(release.Check(f.load(t, false), []string{"cookies"})); have != want {
		t.Errorf("have %s", have)
	}
	if have := release.Check(f.load(t, false), []string{"terms"}); len(have) != 2 {
		t.Errorf("have %v", have)
	}
	status := release.StatusOf(f.load(t, false), time.Date(2026, 6, 1, 0, 0, 0, 0, time.UTC))
	if !status.None || len(status.Missing) != 9 || status.Missing[0] != "cookies 2026-01-01 (en)" {
		t.Errorf("have %+v", status)
	}
	f.lock(t)
	s := f.load(t, false)
	whole := s.Record()
	if have := release.Check(s, nil); len(have) != 0 {
		t.Errorf("have %v", have)
	}
	status = release.StatusOf(s, time.Date(2026, 5, 1, 0, 0, 0, 0, time.UTC))
	if status.None || status.Protected != 9 || len(status.Missing) != 0 || status.Earlier != "2026-06-01" {
		t.Errorf("have %+v", status)
	}
	if have := release.Lost(s, "old.lock", whole); len(have) != 0 {
		t.Errorf("have %v", have)
	}
	delete(f, "privgen.lock")
	if have := release.Lost(f.load(t, false), "old.lock", whole); len(have) == 0 || have[0].Code != "lost-record" {
		t.Errorf("have %v", have)
	}
}

// oldLock is a lock file of format 1 for the first version.
func oldLock(t testing.TB, f folder) string {
	t.Helper()
	s := f.load(t, false)
	p := s.Library.Policy("privacy")
	e, err := s.ByRecord().EntryOf(p.Versions[0].Texts[0])
	if err != nil {
		t.Fatal(err)
	}
	return fmt.Sprintf("format 1\n\nprivacy 2026-01-01 en released effective=2026-01-01 updated=2025-12-15 "+
		"address=privacy/2026-01-01/ sha256=%x clauses=1f0a:4\n", e.Digest)
}

// A lock file of format 1 is upgraded, and nothing else is written to it.
func TestUpgrade(t *testing.T) {
	t.Parallel()
	f := start()
	if _, err := release.Upgrade(f.load(t, false), today); err == nil || !strings.Contains(err.Error(), "create it with: privgen lock") {
		t.Errorf("have %v", err)
	}
	f["privgen.lock"] = oldLock(t, f)
	s := f.load(t, false)
	if !s.Record().Old() || release.StatusOf(s, time.Time{}).Format != 1 {
		t.Fatal("the lock file does not have format 1")
	}
	_, list, err := release.New(s, release.Request{Policy: s.Library.Policy("privacy"), Files: f.fs(), Today: today, Effective: "2026-07-01"})
	if err != nil || len(list) != 1 || list[0].Code != "old-record" {
		t.Errorf("have %v, %v", list, err)
	}
	if _, list, err = release.Record(s, nil, "", today); err != nil || len(list) != 1 || list[0].Code != "old-record" {
		t.Errorf("have %v, %v", list, err)
	}
	if list = release.Check(s, nil); len(list) != 1 || list[0].Code != "old-record" {
		t.Errorf("have %v", list)
	}
	if list = release.Lost(s, "old.lock", s.Record()); len(list) != 0 {
		t.Errorf("have %v", list)
	}
	l, err := release.Upgrade(s, today)
	if err != nil {
		t.Fatal(err)
	}
	f.put(l.Replace())
	if s = f.load(t, false); s.Record().Old() || s.Record().Len() != 1 {
		t.Error(f["privgen.lock"])
	}
	if l, err := release.Upgrade(s, today); l != nil || err != nil {
		t.Errorf("have %v, %v", l, err)
	}
}

// A version whose files are gone can be recorded as removed, with a reason.
func TestRemove(t *testing.T) {
	t.Parallel()
	f := start("content/privacy/2026-03-01.md", draft)
	delete(f, "content/privacy/draft.md")
	f.lock(t)
	if _, _, err := release.Remove(f.load(t, true), "privacy", "2026-03-01", "A court orders it.", today); err == nil {
		t.Error("a version that is on the site was removed")
	}
	delete(f, "content/privacy/2026-03-01.md")
	s := f.load(t, true)
	if _, _, err := release.Remove(s, "privacy", "2026-03-01", "", today); err == nil {
		t.Error("a version was removed without a reason")
	}
	l, problems, err := release.Remove(s, "privacy", "2026-03-01", "A court orders it.", today)
	if err != nil || problems != nil || len(l.Removed) != 1 {
		t.Fatal(l, problems, err)
	}
	f.put(l.Replace())
	f.load(t, false) // the site without the version has no problem
}

// A small correction is recorded and keeps the earlier text.
func TestCorrect(t *testing.T) {
	t.Parallel()
	f := start()
	f.lock(t)
	fix := func(on day.Day, change func(*release.Fix)) (*release.Correction, source.Problems, error) {
		s := f.load(t, true)
		fix := release.Fix{Version: s.Library.Policy("privacy").Versions[0], Reason: "A digit was wrong.", Today: on,
			Find: func(_ *policy.Text, _ *record.Entry, is func([]byte) bool) ([]byte, error) {
				for _, text := range []string{"else", first} {
					if is([]byte(text)) {
						return []byte(text), nil
					}
				}
				return nil, nil
			}}
		if change != nil {
			change(&fix)
		}
		return release.Correct(s, fix)
	}
	refused := func(want string, change func(*release.Fix)) {
		t.Helper()
		if _, list, err := fix(today, change); list != nil || err == nil || !strings.HasPrefix(err.Error(), want) {
			t.Errorf("have %v, %v\nwant %s", list, err, want)
		}
	}
	refused("privacy 2026-01-01 is as it was released", nil)
	const name = "content/privacy/2026-01-01.md"
	f[name] = strings.Replace(first, "six years", "ten years", 1)
	refused("the reason is missing", func(f *release.Fix) { f.Reason = "" })
	refused("version 2026-01-01 has no text in \"de\"", func(f *release.Fix) { f.Lang = "de" })
	refused("the text of privacy 2026-01-01 (en) as it was released is neither", func(f *release.Fix) {
		f.Find = func(*policy.Text, *record.Entry, func([]byte) bool) ([]byte, error) { return []byte("another"), nil }
	})
	unfound := func(f *release.Fix) {
		f.Preview = true
		f.Find = func(*policy.Text, *record.Entry, func([]byte) bool) ([]byte, error) { return nil, nil }
	}
	if c, list, err := fix(today, unfound); err != nil || list != nil || len(c.Files) != 0 || len(c.Texts) != 1 {
		t.Errorf("have %v, %v, %v", c, list, err)
	}
	c, list, err := fix(today, nil)
	if err != nil || list != nil {
		t.Fatal(err, list)
	}
	one := c.Texts[0]
	if one.Was == one.Is || len(one.Clauses) == 0 || len(c.Files) != 1 || string(c.Files[one.Earlier]) != first[strings.Index(first, "# Privacy"):] {
		t.Errorf("have %+v, %q", one, c.Files)
	}
	f.put(c.Files, c.Lock.Replace())
	f.load(t, false) // a build accepts the corrected text

	// The limit is for all corrections together. A correction must not be before another.
	f[name] = strings.Replace(f[name], "What we do.", "Whatever else happens to come to our minds.", 1)
	later := func(fix *release.Fix) {
		fix.Find = func(*policy.Text, *record.Entry, func([]byte) bool) ([]byte, error) {
			return []byte(strings.Replace(first, "six years", "ten years", 1)), nil
		}
	}
	if _, list, err := fix(today, later); err != nil || len(list) != 1 || list[0].Code != "large-correction" {
		t.Errorf("have %v, %v", list, err)
	}
	if _, _, err := fix(today.Add(-1), later); err == nil || !strings.Contains(err.Error(), "was already corrected on 2026-06-01") {
		t.Errorf("have %v", err)
	}

	delete(f, "privgen.lock")
	refused("privacy 2026-01-01 is not in the lock file", nil)
}

func TestCheckReason(t *testing.T) {
	t.Parallel()
	for reason, good := range map[string]bool{
		"": false, " ": false, ".": false, "xxxxxx": false, "12345": false, "fix": false,
		"A digit was wrong.": true, "typo": true, "誤字": true, "誤": false, "опечатка": true,
	} {
		if err := release.CheckReason(reason); (err == nil) != good {
			t.Errorf("%q: %v", reason, err)
		}
	}
}

// A draft starts as a copy of the version in force, with its tags and translations.
func TestDraftOf(t *testing.T) {
	t.Parallel()
	f := start("content/privacy/2026-01-01.de.md", "+++\ntags = \"keep\"\n+++\n\n# Datenschutz {{x}}\n", "content/privacy/2026-09-01.md", "# Later\n\n## Retention\n\n## Rights\n")
	delete(f, "content/privacy/draft.md")
	s := f.load(t, false)
	for _, test := range []struct {
		at   time.Time
		lang string
		main string
		want folder
	}{
		{time.Date(2026, 6, 1, 0, 0, 0, 0, time.UTC), "", "draft.md", folder{
			"content/privacy/draft.md":    first[strings.Index(first, "# Privacy"):],
			"content/privacy/draft.de.md": "+++\ntags = \"keep\"\n+++\n\n# Datenschutz {{x}}\n"}},
		{time.Date(2025, 6, 1, 0, 0, 0, 0, time.UTC), "", "draft.md", folder{
			"content/privacy/draft.md": "# Later\n\n## Retention\n\n## Rights\n"}},
		{time.Date(2025, 6, 1, 0, 0, 0, 0, time.UTC), "fr", "draft.fr.md", folder{
			"content/privacy/draft.md": "# Later\n\n## Retention\n\n## Rights\n",
			"content/privacy/draft.fr.md": "# [[Later]] {#later}\n\n## [[Retention]] {#retention}\n\n" +
				"## [[Rights]] {#rights}\n\n"}},
	} {
		start := release.Start{Files: f.fs(), Slug: "privacy", Language: test.lang}
		main, made, err := start.Draft(s.Library.Policy("privacy"), test.at)
		if main != "content/privacy/"+test.main {
			t.Errorf("the main file is %s", main)
		}
		if err != nil {
			t.Fatal(err)
		}
		have := folder{}
		have.put(made)
		if !maps.Equal(have, test.want) {
			t.Errorf("have %q\nwant %q", have, test.want)
		}
	}
}

// redrafted returns what Redrafts finds in a folder, as text, and writes its files.
func (f folder) redrafted(t *testing.T, find func(raw []byte) []byte) (string, error) {
	t.Helper()
	found, create, replace, err := (&release.Start{Files: f.fs()}).Redrafts(f.load(t, true),
		func(t *policy.Text, _ *record.Entry, is func([]byte) bool) ([]byte, error) {
			if raw := find([]byte(t.File)); is(raw) {
				return raw, nil
			}
			return nil, nil
		})
	var text strings.Builder
	for _, r := range found {
		text.WriteString(r.Text())
	}
	f.put(create, replace)
	return text.String(), err
}

// A shared clause changes: versions that include it keep their text, and a draft has the
// new one.
func TestRedrafts(t *testing.T) {
	t.Parallel()
	const old, second = "content/privacy/2026-01-01.md", "content/privacy/2026-05-01.md"
	f := start("content/_clauses/contact.md", "Write to the desk.\n", old, "# Privacy\n\n{{clause contact}}\n",
		second, "+++\nlabel = \"2\"\n+++\n\n# Privacy\n\nBe safe.\n\n{{clause contact}}\n", "content/terms.md",
		"+++\neffective = 2026-01-01\n+++\n\n# Terms\n\nBe kind.\n")
	delete(f, "content/privacy/draft.md")
	f.lock(t)
	released := func(name []byte) []byte {
		if string(name) == old {
			return []byte("# Privacy\n\nWrite to the desk.\n")
		}
		return []byte("# Privacy\n\nBe safe.\n\nWrite to the desk.\n")
	}
	if text, err := f.redrafted(t, released); text != "" || err != nil {
		t.Errorf("without a change: %s, %v", text, err)
	}
	f["content/_clauses/contact.md"] = "Write to the common desk.\n"
	if _, err := f.redrafted(t, func([]byte) []byte { return nil }); err == nil ||
		!strings.Contains(err.Error(), "neither in the output folder nor in git") {
		t.Errorf("have %v", err)
	}
	text, err := f.redrafted(t, released)
	want := "privacy: content/privacy/draft.md is new: +1 -0 words in 1 clause, against 2026-05-01\n" +
		"  content/privacy/2026-01-01.md keeps the text that was released\n" +
		"  content/privacy/2026-05-01.md keeps the text that was released\n"
	if text != want || err != nil {
		t.Errorf("have %s, %v\nwant %s", text, err, want)
	}
	for name, want := range map[string]string{
		old:                        "# Privacy\n\nWrite to the desk.\n",
		second:                     "+++\nlabel = \"2\"\n+++\n\n# Privacy\n\nBe safe.\n\nWrite to the desk.\n",
		"content/privacy/draft.md": "# Privacy\n\nBe safe.\n\n{{clause contact}}\n",
	} {
		if f[name] != want {
			t.Errorf("%s is %q, want %q", name, f[name], want)
		}
	}
	// The draft does not change, and the versions match the lock file.
	text, err = f.redrafted(t, released)
	if want = "privacy: content/privacy/draft.md has the change: +1 -0 words in 1 clause, against 2026-05-01\n"; text != want || err != nil {
		t.Errorf("have %s, %v\nwant %s", text, err, want)
	}
	f.load(t, false)
	// A policy in one file cannot have a draft.
	f = start("content/_clauses/contact.md", "Write to the desk.\n", "content/terms.md",
		"+++\neffective = 2026-01-01\n+++\n\n{{clause contact}}\n")
	f.lock(t)
	f["content/_clauses/contact.md"] = "Write to us.\n"
	_, err = f.redrafted(t, func([]byte) []byte { return []byte("Write to the desk.\n") })
	if err == nil || !strings.Contains(err.Error(), "mkdir content/terms && mv content/terms.md content/terms/2026-01-01.md") {
		t.Errorf("have %v", err)
	}
}

// The reports for people list what the lock file lacks and what has changed.
func TestReports(t *testing.T) {
	t.Parallel()
	f := start()
	s := f.load(t, false)
	status := release.StatusOf(s, time.Time{})
	none := status.Text()
	l, _, err := release.Record(s, nil, "", today)
	if err != nil {
		t.Fatal(err)
	}
	var report strings.Builder
	l.Report(0).Print(&report)
	f.put(l.Replace())
	f["privgen.toml"] = strings.Replace(config, "policies", "texts", 1)
	for day := range 7 {
		f[fmt.Sprintf("content/privacy/2026-02-0%d.md", day+1)] = fmt.Sprintf("# Privacy\n\nText %d.\n", day)
	}
	status = release.StatusOf(f.load(t, true), time.Date(2026, 5, 1, 0, 0, 0, 0, time.UTC))
	var changed strings.Builder
	(&release.LockReport{Changed: status.Changed}).Print(&changed)
	(&release.LockReport{Protected: 1}).Print(&changed)
	for _, test := range []struct{ have, want string }{
		{none, "nothing is protected yet: there is no privgen.lock; create it with: privgen lock\n"},
		{report.String(), "not in the lock file yet:\n  privacy 2026-01-01 (en)  effective 2026-01-01, updated 2025-12-15  53a5b52e7bf5\n"},
		{status.Text(), `not in the lock file yet, so not protected; record them with: privgen lock
  privacy 2026-02-01 (en)
  privacy 2026-02-02 (en)
  privacy 2026-02-03 (en)
  privacy 2026-02-04 (en)
  privacy 2026-02-05 (en)
  and 2 more
changed since it was recorded; record it with: privgen lock
  the site: title is Acme texts, and was recorded as Acme policies
the site is built as of a day before 2026-06-01, on which something was recorded in privgen.lock
`},
		{changed.String(), "changed since it was recorded: the site: title is Acme texts, and was recorded as Acme policies\n" +
			"nothing to record; 1 text protected\n"},
	} {
		if test.have != test.want {
			t.Errorf("have %s\nwant %s", test.have, test.want)
		}
	}
}

// A version or a draft does not replace another, and its language must be a tag.
func TestStart(t *testing.T) {
	t.Parallel()
	f := start()
	s := &release.Start{Files: f.fs(), Slug: "privacy"}
	if id, err := s.FreeID(day.Day{Year: 2026, Month: 1, Dom: 1}); id != "2026-01-01.2" || err != nil {
		t.Errorf("have %s, %v", id, err)
	}
	for _, test := range []struct{ lang, want string }{
		{"", ""}, {"de", ""}, {"en-GB", ""},
		{"EN-gb", "\"EN-gb\" is not a language tag\n\tdid you mean \"en-GB\"?"},
		{"no tag", "\"no tag\" is not a language tag\n\twrite a BCP 47 tag, such as de, en-GB or zh-Hant"},
	} {
		have := ""
		if err := (&release.Start{Language: test.lang}).CheckLanguage(); err != nil {
			have = err.Error()
		}
		if have != test.want {
			t.Errorf("%q: have %q, want %q", test.lang, have, test.want)
		}
	}
	if err := s.CheckDraft("content/privacy/draft.md"); err == nil || !strings.Contains(err.Error(), "there is already a draft") {
		t.Errorf("have %v", err)
	}
	for text, want := range map[string]string{
		"# A\n":                            "+++\neffective = 2026-06-01\n+++\n\n# A\n",
		"+++\nlabel = \"a\"\n+++\n\n# A\n": "+++\neffective = 2026-06-01\nlabel = \"a\"\n+++\n\n# A\n",
		"+++\neffective = 2026-01-31\n+++\n\n# A\n": "+++\neffective = 2026-01-31\n+++\n\n# A\n",
	} {
		file := &source.File{Name: "a.md", Text: []byte(text)}
		matter, _ := policy.ReadFrontMatter(file)
		if have, when := s.Dated(file, matter, today); string(have) != want || !strings.Contains(want, when.String()) {
			t.Errorf("have %q on %s, want %q", have, when, want)
		}
	}
}
