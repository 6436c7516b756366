package status_test

import (
	"strings"
	"testing"
	"time"

	"github.com/privgen/privgen/internal/status"
)

// acme returns the files of a site with a policy whose versions are in every state, one
// that ended, and one whose draft has problems.
func acme() []string {
	return []string{
		"content/privacy/policy.toml", "title = \"Privacy\"\nrequired_translations = [\"fr\"]\n" +
			"[[notice]]\nperiod = \"20 days\"\nreason = \"terms of the shop\"\n[[review]]\nevery = \"5 months\"\n",
		"content/privacy/2025-01-01.md", "# Privacy\n", "content/privacy/2025-01-01.de.md", "# Datenschutz\n",
		"content/privacy/2026-01-01.md", "# Privacy\n\nFor 45 days.\n",
		"content/privacy/2026-01-01.ar.md", "# الخصوصية\n\nFor 14 days.\n",
		"content/privacy/summer.md", "+++\neffective = 2026-06-11\npublished = 2026-05-30\nlabel = \"3\"\n+++\n# Privacy\n\nMuch more.\n",
		"content/privacy/2026-08-01.md", "# Privacy\n\nMuch more, and more.\n",
		"content/privacy/draft.md", "+++\neffective = 2026-06-21\n+++\n# Privacy\n\nMost.\n\nTODO\n",
		"content/terms/policy.toml", "withdrawn = 2026-03-01\n", "content/terms/2025-02-01.md", "# Terms\n",
		"content/cookies/policy.toml", "title = \"Cookies\"\n",
		"content/cookies/first.md", "+++\neffective = 2026-01-01\n+++\n# Cookies\n",
		"content/cookies/draft.md", "# Cookies\n\n{{nope}}\n",
	}
}

func printed(r *status.Report, details bool) string {
	var b strings.Builder
	r.Print(&b, details)
	return b.String()
}

func TestPrint(t *testing.T) {
	t.Parallel()
	for details, want := range map[bool]string{false: `
POLICY   IN FORCE                UPCOMING                           DRAFT         TRANSLATIONS                 OPEN
cookies  first since 2026-01-01  -                                  has problems  -                            1 other problem
privacy  2026-01-01              summer from 2026-06-11 in 10 days  +2 -4 words   ar 1 difference, and 8 more  1 placeholder, short notice, review by 2026-06-01
terms    withdrawn 2026-03-01    -                                  -             -                            -
nothing is protected yet: there is no privgen.lock; create it with: privgen lock
next change: privacy summer takes effect at 2026-06-11T00:00:00+01:00 (Europe/London)
`, true: `
cookies: Cookies
  in force: first since 2026-01-01; 1 version
  draft (en-GB): has problems
  content/cookies/draft.md:3:3: there is no value "nope"
privacy: Privacy
  in force: 2026-01-01; 4 versions
  upcoming: summer from 2026-06-11 in 10 days
    announced on 2026-05-30, 11 days of notice; the rule is 20 days (terms of the shop); the earliest day is 2026-06-20
  upcoming: 2026-08-01 in 61 days
    announce it by 2026-07-11; the rule is 20 days (terms of the shop); privgen lock records the day
  draft (en-GB): +2 -4 words in 1 clause, against 2026-08-01
    the last day to announce what takes effect on 2026-06-21 was 2026-05-31; the earliest day is now 2026-06-22; the rule is 20 days (terms of the shop)
  ar 2026-01-01: 1 difference
    content/privacy/2026-01-01.ar.md:1:1: the numbers differ: 14; in the original: 45
  de 2026-01-01: missing, last 2025-01-01
  fr 2026-01-01: missing
  ar summer: missing, last 2026-01-01
  de summer: missing, last 2025-01-01
  fr summer: missing
  ar 2026-08-01: missing, last 2026-01-01
  de 2026-08-01: missing, last 2025-01-01
  fr 2026-08-01: missing
  ar draft: missing, last 2026-01-01
  de draft: missing, last 2025-01-01
  fr draft: missing
  content/privacy/draft.md:8:1: "TODO" looks like a placeholder
  changed or reviewed last on 2026-01-01; the next review is due by 2026-06-01; the rule is every 5 months
  next: privacy summer takes effect at 2026-06-11T00:00:00+01:00 (Europe/London)
terms: Terms
  in force: withdrawn 2026-03-01; 1 version
nothing is protected yet: there is no privgen.lock; create it with: privgen lock
`} {
		if have := printed(report(t, acme()...), details); have != want[1:] {
			t.Errorf("details %t: have\n%s", details, have)
		}
	}
}

func TestBuild(t *testing.T) {
	t.Parallel()
	s, _ := load(t, acme()...)
	r := status.OfBuild(s, now)
	r.Output, r.Files, r.Written, r.Unchanged, r.Removed, r.Seconds = "public", 31, 20, 11, 1, 0.25
	r.Foreign, r.Foreigners = []string{"a.txt"}, 3
	var b strings.Builder
	r.Print(&b)
	const want = `
built 31 files in public: 20 written, 11 unchanged, 1 removed (0.25 s)
  cookies  in force first since 2026-01-01, 1 version
  privacy  in force 2026-01-01, upcoming summer, 4 versions
  terms    withdrawn on 2026-03-01, 1 version
nothing is protected yet: there is no privgen.lock; create it with: privgen lock
next change: privacy summer takes effect at 2026-06-11T00:00:00+01:00 (Europe/London)
short notice: privacy summer takes effect on 2026-06-11, and was announced on 2026-05-30; the notice of 20 days (terms of the shop) ends on 2026-06-19
not written by privgen, and left alone:
  a.txt
  and 2 more
`
	if have := b.String(); have != want[1:] {
		t.Errorf("have\n%s", have)
	}
}

func TestDuties(t *testing.T) {
	t.Parallel()
	s, _ := load(t, acme()...)
	have := ""
	for _, d := range status.Duties(s, now) {
		have += d.By + " " + d.Policy + ": " + d.What + "\n"
	}
	const want = `
2026-05-31 privacy: the last day to announce what takes effect on 2026-06-21 was 2026-05-31; the earliest day is now 2026-06-22; the rule is 20 days (terms of the shop)
2026-06-01 privacy: changed or reviewed last on 2026-01-01; the next review is due by 2026-06-01; the rule is every 5 months
2026-07-11 privacy: announce version 2026-08-01, which takes effect on 2026-08-01; the rule is 20 days (terms of the shop)
`
	if have != want[1:] {
		t.Errorf("have\n%s", have)
	}
}

func TestTerms(t *testing.T) {
	t.Parallel()
	s, _ := load(t, acme()...)
	day := func(s string) time.Time {
		at, err := time.Parse(time.DateOnly, s)
		if err != nil {
			t.Fatal(err)
		}
		return at
	}
	var b strings.Builder
	for _, p := range s.Ordered() {
		for _, term := range status.Terms(s, p, now, day("2025-12-31"), day("2026-03-02")) {
			if err := term.Print(&b, p.Slug); err != nil {
				t.Fatal(err)
			}
		}
	}
	const want = `
cookies first  from 2026-01-01
  https://acme.example/cookies/first/
  sha256 092435829e190f157eb6b1a56bc5b2cdb3e970717f02bdf56151f466a9363fe3
privacy 2025-01-01  from 2025-01-01 until 2026-01-01
  https://acme.example/privacy/2025-01-01/
  sha256 1f715fc357d9cad4ec3309c90babd8e66e0cca6207463f3f5915bed060fc7301
privacy 2026-01-01  from 2026-01-01 until 2026-06-11
  https://acme.example/privacy/2026-01-01/
  sha256 531b85aea5892623c13f599369160315b0355e37a89d44e68f8dd35f9904d32a
terms 2025-02-01  from 2025-02-01 until 2026-03-01
  https://acme.example/terms/2025-02-01/
  sha256 6d01fd4df185b66f3140e0c4f774b6be44a8c47a9a467b1e0fb85520bdaddc15
`
	if have := b.String(); have != want[1:] {
		t.Errorf("have\n%s", have)
	}
}

// Only selects one text of a term, and a clause of it.
func TestOnly(t *testing.T) {
	t.Parallel()
	s, _ := load(t, acme()...)
	p := s.Library.Policy("privacy")
	for _, c := range []struct{ clause, lang, want string }{
		{"", "", "en-GB https://acme.example/privacy/2026-01-01/ "},
		{"", "ar", "ar https://acme.example/ar/privacy/2026-01-01/ "},
		{"privacy", "", "en-GB https://acme.example/privacy/2026-01-01/#privacy # Privacy\n\nFor 45 days.\n"},
		{"", "fr", "version 2026-01-01 has no text in \"fr\"\n\tomit --lang for the authoritative text"},
	} {
		term := status.Terms(s, p, now, now, now.Add(1))[0]
		have := ""
		if err := term.Only(s, p, c.clause, c.lang); err != nil {
			have = err.Error()
		} else if have = term.Texts[0].Lang + " " + term.Texts[0].URL + " "; term.Clause != nil {
			have += term.Clause.Markdown
		}
		if have != c.want {
			t.Errorf("clause %q, language %q:\nhave %q\nwant %q", c.clause, c.lang, have, c.want)
		}
	}
}

// The report about several sites has the site of each policy, and the first change.
func TestAdd(t *testing.T) {
	t.Parallel()
	var all status.Report
	all.Add("one", report(t, "content/terms/2025-02-01.md", "# Terms\n", "content/terms/2026-09-01.md", "# Terms\n\nNew.\n"))
	all.Add("two", report(t, "content/terms/2025-02-01.md", "# Terms\n", "content/terms/2026-07-01.md", "# Terms\n\nNew.\n"))
	const want = `
SITE  POLICY  IN FORCE    UPCOMING               DRAFT  TRANSLATIONS  OPEN
one   terms   2025-02-01  2026-09-01 in 92 days  -      -             no lock file
two   terms   2025-02-01  2026-07-01 in 30 days  -      -             no lock file
next change: two terms 2026-07-01 takes effect at 2026-07-01T00:00:00+01:00 (Europe/London)
`
	if have := printed(&all, false); have != want[1:] {
		t.Errorf("have\n%s", have)
	}
}

func TestNext(t *testing.T) {
	t.Parallel()
	for want, files := range map[string][]string{
		"terms 2026-07-01 takes effect at 2026-07-01T00:00:00+01:00 (Europe/London)": {
			"content/terms/2026-07-01.md", "# Terms\n"},
		"terms 2026-07-01 is published at 2026-06-20T00:00:00+01:00 (Europe/London)": {
			"content/terms/2026-07-01.md", "+++\npublished = 2026-06-20\n+++\n# Terms\n"},
		"terms 2026-01-01 is withdrawn at 2026-06-15T00:00:00+01:00 (Europe/London)": {
			"content/terms/policy.toml", "withdrawn = 2026-06-15\n", "content/terms/2026-01-01.md", "# Terms\n"},
	} {
		s, _ := load(t, files...)
		if have := status.Next(s, now).Sentence(); have != want {
			t.Errorf("have %s\nwant %s", have, want)
		}
	}
	if s, _ := load(t, "content/terms/2026-01-01.md", "# Terms\n"); status.Next(s, now) != nil {
		t.Error("a change, although none is scheduled")
	}
}
