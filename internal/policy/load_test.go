package policy_test

import (
	"fmt"
	"io/fs"
	"strings"
	"testing"
	"testing/fstest"
	"time"

	"github.com/privgen/privgen/internal/markdown"
	"github.com/privgen/privgen/internal/policy"
	"github.com/privgen/privgen/internal/source"
)

// load loads a site of files: pairs of a name and a text.
func load(t *testing.T, m *policy.Cache, files ...string) (*policy.Library, string) {
	t.Helper()
	return loadWith(t, policy.Options{Cache: m}, files...)
}

// byTime trusts sizes and modification times, which only a test may do.
func byTime(info fs.FileInfo) source.Fingerprint {
	return source.Fingerprint{Size: info.Size(), ModTime: info.ModTime().UnixNano()}
}

func loadWith(t *testing.T, o policy.Options, files ...string) (*policy.Library, string) {
	t.Helper()
	fsys := fstest.MapFS{}
	for i := 0; i < len(files); i += 2 {
		fsys[files[i]] = &fstest.MapFile{Data: []byte(files[i+1]), ModTime: time.Unix(1000, 0)}
	}
	zone, err := time.LoadLocation("Europe/Berlin")
	if err != nil {
		t.Fatal(err)
	}
	o.Folder, o.Language, o.Reserved, o.Zone, o.Renderer = "content", "en", []string{"assets", "de"}, zone, markdown.NewRenderer(1<<16)
	lib, problems := policy.Load(fsys, o)
	var out strings.Builder
	for _, p := range problems {
		fmt.Fprintf(&out, "%s [%s]\n", p.String(), p.Code)
	}
	return lib, out.String()
}

func TestLoad(t *testing.T) {
	t.Parallel()
	lib, problems := load(t, nil,
		"content/privacy/policy.toml", "title = \"Privacy\"\n[translations.de]\ntitle = \"Datenschutz\"\n",
		"content/privacy/2024-03-01.md", "# Privacy policy\n\nOld.\n",
		"content/privacy/2026-01-01.10.md", "Tenth.\n",
		"content/privacy/2026-01-01.2.md", "Second.\n",
		"content/privacy/2026-01-01.md", "+++\nupdated = 2025-12-15\nlabel = \"3\"\n+++\nFirst.\n",
		"content/privacy/2026-01-01.de.md", "# Datenschutzerklärung\n\nErste.\n",
		"content/privacy/v1.md", "+++\neffective = 2020-05-05T12:00:00+02:00\n+++\nOldest.\n",
		"content/privacy/draft.md", "+++\nnonsense\n",
		"content/privacy/draft.de.md", "",
		"content/privacy/.2027-01-01.md.swp", "\x00",
		"content/privacy/2024-03-01.md~", "",
		"content/privacy/seal.png", "\x89PNG",
		"content/_clauses/contact.md", "",
		"content/cookies.md", "+++\neffective = 2023-01-01\n+++\n# Cookie policy\n\nSee [us](privacy/) and [then](privacy/2024-03-01.md), [seal](privacy/seal.png).\n",
	)
	if problems != "" {
		t.Fatalf("problems:\n%s", problems)
	}
	if len(lib.Policies) != 2 || lib.Policies[0].Slug != "cookies" || lib.Policies[1].Slug != "privacy" {
		t.Fatalf("policies: %v", lib.Policies)
	}
	p := lib.Policy("privacy")
	var ids []string
	for _, v := range p.Versions {
		ids = append(ids, v.ID)
	}
	if have, want := strings.Join(ids, " "), "v1 2024-03-01 2026-01-01 2026-01-01.2 2026-01-01.10"; have != want {
		t.Errorf("order of versions\nhave %s\nwant %s", have, want)
	}
	v := p.Version("2026-01-01")
	if v.In("de") == nil || v.In("de").Facts.Title != "Datenschutzerklärung" || v.Authoritative().Lang != "en" {
		t.Errorf("texts of 2026-01-01: %+v", v.Texts)
	}
	if have := v.Begin.UTC().Format(time.RFC3339); have != "2025-12-31T23:00:00Z" {
		t.Errorf("begin: have %s", have)
	}
	if p.Title("en") != "Privacy" || p.Title("de") != "Datenschutz" || p.Title("fr") != "Privacy" {
		t.Errorf("titles: %q %q %q", p.Title("en"), p.Title("de"), p.Title("fr"))
	}
	c := lib.Policy("cookies")
	if c.Versions[0].ID != "2023-01-01" || c.Title("en") != "Cookie policy" || len(c.Versions[0].Authoritative().Refs) != 3 {
		t.Errorf("cookies: %+v %q", c.Versions[0].ID, c.Title("en"))
	}
}

// A link leads to a policy, a version, a clause, or a file.
func TestResolve(t *testing.T) {
	t.Parallel()
	lib, problems := load(t, nil,
		"content/privacy/2024-03-01.md", "## Retention\n\nOld.\n",
		"content/privacy/2026-01-01.md", "## Storage {#how-long}\n\nNew.\n",
		"content/privacy/2026-01-01.de.md", "## Speicher {#how-long}\n\nNeu.\n",
		"content/privacy/a b.pdf", "%PDF",
		"content/cookies.md", "+++\neffective = 2023-01-01\n+++\nText.\n",
	)
	if problems != "" {
		t.Fatal(problems)
	}
	from := lib.Policy("privacy").Versions[1].Authoritative()
	for _, c := range []struct{ dest, want string }{
		{"../cookies.md#x", "cookies x"},
		{"../privacy.md", "privacy"},
		{"../privacy/", "privacy"},
		{"../privacy", "privacy"},
		{"policy.toml", "privacy"},
		{"2024-03-01.md#retention", "privacy@2024-03-01 retention"},
		{"./2026-01-01.de.md", "privacy@2026-01-01 in de"},
		{"2024-03-01.de.md", ""},
		{"2025-01-01.md", ""},
		{"draft.md", ""},
		{"a%20b.pdf", "content/privacy/a b.pdf"},
		{"missing.pdf", ""},
		{"../../privgen.toml", ""},
		{"../../../etc/passwd", ""},
		{"%zz", ""},
	} {
		have := ""
		if to, ok := lib.Resolve(from, c.dest); ok {
			have = to.File
			if to.Policy != nil {
				have = to.Policy.Slug
			}
			if to.Version != nil {
				have += "@" + to.Version.ID
			}
			if to.Lang != "" {
				have += " in " + to.Lang
			}
			if to.Clause != "" {
				have += " " + to.Clause
			}
		}
		if have != c.want {
			t.Errorf("%q leads to %q, want %q", c.dest, have, c.want)
		}
	}
	if v := lib.Newest(lib.Policy("privacy").Versions, "retention", "de"); v == nil || v.ID != "2024-03-01" {
		t.Errorf("the clause #retention was last in %v", v)
	}
}

func TestLoadProblems(t *testing.T) {
	t.Parallel()
	const dated = "+++\neffective = 2024-01-01\n+++\n"
	for _, c := range []struct {
		name  string
		files []string
		want  string // the codes, with the position of each
	}{
		{"no content", []string{"privgen.toml", ""}, "content:1:1 no-policies"},
		{"only hidden files", []string{"content/.git/x", "", "content/_data/y.toml", ""}, "content:1:1 no-policies"},
		{"no date", []string{"content/p/one.md", "text"}, "content/p/one.md:1:1 no-date"},
		{"no date in the short form", []string{"content/p.md", "text"}, "content/p.md:1:1 no-date"},
		{"a day that does not exist", []string{"content/p/a.md", "+++\neffective = 2026-02-30\n+++\nx"}, "content/p/a.md:2:13 no-such-day"},
		{"an instant without offset", []string{"content/p/a.md", "+++\neffective = 2026-02-03T10:00:00\n+++\nx"}, "content/p/a.md:2:13 no-offset"},
		{"unknown key", []string{"content/p/2024-01-01.md", "+++\nefective = 2024-01-01\n+++\nx"}, "content/p/2024-01-01.md:2:1 unknown-key"},
		{"two of one day that nothing orders", []string{"content/p/2024-01-01.md", "x", "content/p/new.md", dated + "y"}, "content/p/new.md:1:1 same-day"},
		{"two files for one version", []string{"content/p/2024-01-01.md", "x", "content/p/2024-01-01.en.md", "y"}, "content/p/2024-01-01.md:1:1 two-files"},
		{"a file and a folder", []string{"content/p/2024-01-01.md", "x", "content/p.md", dated + "y"}, "content/p.md:1:1 two-files"},
		{"a translation alone", []string{"content/p/2024-01-01.de.md", "x"}, "content/p/2024-01-01.de.md:1:1 no-original"},
		{"another date in a translation", []string{"content/p/2024-01-01.md", "x", "content/p/2024-01-01.de.md", "+++\nupdated = 2024-02-02\n+++\ny"}, "content/p/2024-01-01.de.md:2:11 translation-date"},
		{"a language in another spelling", []string{"content/p/2024-01-01.md", "x", "content/p/2024-01-01.pt-br.md", "y"}, "content/p/2024-01-01.pt-br.md:1:1 bad-language"},
		{"reserved slug", []string{"content/assets/2024-01-01.md", "x"}, "content/assets:1:1 reserved-name"},
		{"slug of a language", []string{"content/de.md", dated + "x"}, "content/de.md:1:1 reserved-name"},
		{"reserved id", []string{"content/p/archive.md", dated + "x", "content/p/2024-01-01.md", "x"}, "content/p/archive.md:1:1 reserved-name"},
		{"capital letters", []string{"content/Privacy/2024-01-01.md", "x"}, "content/Privacy:1:1 bad-name"},
		{"spaces in an id", []string{"content/p/my text.md", dated + "x", "content/p/2024-01-01.md", "x"}, "content/p/my text.md:1:1 bad-name"},
		{"no version", []string{"content/p/policy.toml", ""}, "content/p:1:1 no-version"},
		{"front matter not closed", []string{"content/p/2024-01-01.md", "+++\nlabel = \"1\"\n\nText\n"}, "content/p/2024-01-01.md:1:1 front-matter-open"},
		{"YAML front matter", []string{"content/p/2024-01-01.md", "---\ntitle: x\n---\ny"}, "content/p/2024-01-01.md:1:1 yaml-front-matter"},
		{"empty", []string{"content/p/2024-01-01.md", ""}, "content/p/2024-01-01.md:1:1 no-text"},
		{"only front matter", []string{"content/p/2024-01-01.md", dated}, "content/p/2024-01-01.md:4:1 no-text"},
		{"not UTF-8", []string{"content/p/2024-01-01.md", "caf\xe9"}, "content/p/2024-01-01.md:1:4 not-utf8"},
		{"raw HTML", []string{"content/p/2024-01-01.md", "ä <b>x</b>\n\n<div>\ny\n</div>\n"}, "content/p/2024-01-01.md:1:3 raw-html content/p/2024-01-01.md:1:7 raw-html content/p/2024-01-01.md:3:1 raw-html"},
		{"dead links", []string{"content/p/2024-01-01.md", "# A\n\nsee [b](#bb) [c]()\n"}, "content/p/2024-01-01.md:3:5 dead-link content/p/2024-01-01.md:3:14 dead-link"},
		{"a dead link to a file", []string{"content/p/2024-01-01.md", "# A\n\nsee [d](../q.md)\n"}, "content/p/2024-01-01.md:3:5 dead-link"},
		{"dead clause", []string{"content/p/2024-01-01.md", "see [q](../q.md#zz)", "content/q.md", dated + "# A\n"}, "content/p/2024-01-01.md:1:5 dead-link"},
		{"links that could do harm", []string{"content/p/2024-01-01.md", "[a](javascript:alert) [b](data:text/html,x) [c](FILE:///etc)"}, "content/p/2024-01-01.md:1:1 unsafe-link content/p/2024-01-01.md:1:23 unsafe-link content/p/2024-01-01.md:1:45 unsafe-link"},
		{"an image elsewhere", []string{"content/p/2024-01-01.md", "![x](https://example.com/x.png)"}, "content/p/2024-01-01.md:1:1 image-elsewhere"},
		{"two headings with one id", []string{"content/p/2024-01-01.md", "# A {#x}\n\n# B {#x}\n"}, "content/p/2024-01-01.md:3:1 duplicate-id"},
		{"a heading with an attribute", []string{"content/p/2024-01-01.md", "# A {#x onclick=\"y\"}\n"}, "content/p/2024-01-01.md:1:1 heading-attribute"},
		{"an id of the page's", []string{"content/p/2024-01-01.md", "# A {#pg:x}\n"}, "content/p/2024-01-01.md:1:1 heading-attribute"},
		{"a former name that is another's", []string{"content/p/2024-01-01.md", "x", "content/p/policy.toml", "formerly = [\"q\"]", "content/q.md", dated + "x"}, "content/p/policy.toml:1:1 name-taken"},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			_, problems := load(t, nil, c.files...)
			var have []string
			for line := range strings.Lines(problems) {
				if !strings.HasPrefix(line, "\t") {
					have = append(have, strings.Join(strings.SplitN(line, ":", 4)[:3], ":"))
				}
				if i := strings.LastIndex(line, " ["); i >= 0 && strings.HasSuffix(line, "]\n") {
					have = append(have, line[i+2:len(line)-2])
				}
			}
			if have := strings.Join(have, " "); have != c.want {
				t.Errorf("\nhave %s\nwant %s\n%s", have, c.want, problems)
			}
		})
	}
}

// A load with a cache has the result of a load without one.
func TestCache(t *testing.T) {
	t.Parallel()
	files := []string{
		"content/p/2024-01-01.md", "# A\n\n[b](2025-01-01.md)\n", "content/p/2025-01-01.md", "# B\n",
		"content/q.md", "+++\neffective = 2024-01-01\nsummary = \"x\"\nchanges = [\"y\"]\n+++\n# C\n",
	}
	var m policy.Cache
	first, problems := loadWith(t, policy.Options{Cache: &m, Fingerprint: byTime}, files...)
	if problems != "" {
		t.Fatal(problems)
	}
	kept := m.Bytes()
	var again policy.Cache
	if err := again.UnmarshalBinary(kept); err != nil {
		t.Fatal(err)
	}
	if loadWith(t, policy.Options{Cache: &again, Fingerprint: byTime}, files...); again.Changed() || !m.Changed() {
		t.Errorf("filling a memory changes it: %v; using it: %v", m.Changed(), again.Changed())
	}
	// With the same fingerprints, the cached facts are used, although a text differs.
	other := append(files[:1:1], append([]string{"# Z\n\n[b](2025-01-01.md)\n"}, files[2:]...)...)
	second, problems := loadWith(t, policy.Options{Cache: &again, Fingerprint: byTime}, other...)
	if problems != "" {
		t.Fatal(problems)
	}
	for i, p := range first.Policies {
		for j, v := range p.Versions {
			w := second.Policies[i].Versions[j]
			a, b := fmt.Sprintf("%+v %+v", v.FrontMatter, v.Texts[0].Facts), fmt.Sprintf("%+v %+v", w.FrontMatter, w.Texts[0].Facts)
			if a != b {
				t.Errorf("%s %s\nread     %s\nrecalled %s", p.Slug, v.ID, a, b)
			}
		}
	}
	// Without fingerprints, the bytes of texts are compared.
	var blind policy.Cache
	if err := blind.UnmarshalBinary(kept); err != nil {
		t.Fatal(err)
	}
	third, _ := load(t, &blind, other...)
	if have := third.Policy("p").Versions[0].Texts[0].Facts.Title; have != "Z" || !blind.Changed() {
		t.Errorf("a file without a fingerprint was recalled: title %q, want Z", have)
	}
	kept = blind.Bytes()
	if err := blind.UnmarshalBinary(kept); err != nil {
		t.Fatal(err)
	}
	if load(t, &blind, other...); blind.Changed() {
		t.Error("the same bytes without a fingerprint were taken for others")
	}
	if err := again.UnmarshalBinary([]byte("nonsense")); err == nil {
		t.Error("nonsense was taken for a memory")
	}
}

func TestStanding(t *testing.T) {
	t.Parallel()
	lib, problems := load(t, nil,
		"content/p/2024-01-01.md", "a",
		"content/p/2025-01-01.md", "b",
		"content/p/2025-01-01.2.md", "c",
		"content/p/2026-07-01.md", "+++\npublished = 2026-06-01T09:00:00+02:00\n+++\nd",
		"content/p/2027-01-01.md", "+++\npublished = 2026-06-02\n+++\ne",
	)
	if problems != "" {
		t.Fatal(problems)
	}
	p := lib.Policy("p")
	for _, c := range []struct{ at, want, next string }{
		{"2023-12-31T22:59:59Z", "2024-01-01:upcoming 2025-01-01:upcoming 2025-01-01.2:upcoming", "2024-01-01 2023-12-31T23:00:00Z"},
		{"2023-12-31T23:00:00Z", "2024-01-01:in-force 2025-01-01:upcoming 2025-01-01.2:upcoming", "2025-01-01 2024-12-31T23:00:00Z"},
		{"2026-01-01T00:00:00Z", "2024-01-01:superseded 2025-01-01:superseded 2025-01-01.2:in-force", "2026-07-01 2026-06-01T07:00:00Z"},
		{"2026-06-01T07:00:00Z", "2024-01-01:superseded 2025-01-01:superseded 2025-01-01.2:in-force 2026-07-01:upcoming", "2027-01-01 2026-06-01T22:00:00Z"},
		{"2026-08-01T00:00:00Z", "2024-01-01:superseded 2025-01-01:superseded 2025-01-01.2:superseded 2026-07-01:in-force 2027-01-01:upcoming", "2027-01-01 2026-12-31T23:00:00Z"},
		{"2028-01-01T00:00:00Z", "2024-01-01:superseded 2025-01-01:superseded 2025-01-01.2:superseded 2026-07-01:superseded 2027-01-01:in-force", ""},
	} {
		now, err := time.Parse(time.RFC3339, c.at)
		if err != nil {
			t.Fatal(err)
		}
		st := p.At(now)
		var have []string
		for i, v := range st.Versions {
			have = append(have, v.ID+":"+string(st.State(i)))
		}
		if have := strings.Join(have, " "); have != c.want {
			t.Errorf("at %s\nhave %s\nwant %s", c.at, have, c.want)
		}
		next := ""
		if at, v, ok := p.Next(now); ok {
			next = v.ID + " " + at.UTC().Format(time.RFC3339)
		}
		if next != c.next {
			t.Errorf("next change after %s: have %q, want %q", c.at, next, c.next)
		}
	}
}

func TestCompareIDs(t *testing.T) {
	t.Parallel()
	order := []string{"2024-01-01", "2024-01-01.2", "2024-01-01.10", "2024-01-02", "v1", "v1.2"}
	for i, a := range order {
		for j, b := range order {
			if have, want := policy.CompareIDs(a, b), cmpInt(i, j); have != want {
				t.Errorf("CompareIDs(%q, %q) = %d, want %d", a, b, have, want)
			}
		}
	}
}

func cmpInt(a, b int) int {
	switch {
	case a < b:
		return -1
	case a > b:
		return 1
	}
	return 0
}
