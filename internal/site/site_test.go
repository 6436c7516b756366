package site_test

import (
	"fmt"
	"os"
	"slices"
	"strings"
	"testing"
	"testing/fstest"
	"time"

	"github.com/privgen/privgen/internal/policy"
	"github.com/privgen/privgen/internal/redline"
	"github.com/privgen/privgen/internal/site"
)

const config = `[site]
title = "Example"
base_url = "https://example.com/legal/"
language = "en"
time_zone = "Europe/Berlin"
policies = ["terms"]

[organization]
name = "Example Ltd"

[values]
years = "five"
`

// input returns a site with changed files, as alternating names and texts. An empty
// text removes a file.
func input(changes ...string) site.Input {
	fsys := fstest.MapFS{}
	for i, list := 0, append([]string{
		"privgen.toml", config,
		"content/privacy/2025-01-01.md", "# Privacy\n\nFrom {{organization.name}}, for {{values.years}} years.\n\n![Seal](seal.png)\n",
		"content/privacy/2026-01-01.md", "# Privacy\n\nMore.\n",
		"content/privacy/2026-01-01.de.md", "# Datenschutz\n\nMehr.\n",
		"content/privacy/seal.png", "\x89PNG",
		"content/terms/2026-02-01.md", "# Terms\n\nOurs.\n",
		"content/terms/policy.toml", "order = 2\n",
		"content/cookies/2026-02-01.md", "# Cookies\n",
	}, changes...); i < len(list); i += 2 {
		if list[i+1] == "" {
			delete(fsys, list[i])
			continue
		}
		fsys[list[i]] = &fstest.MapFile{Data: []byte(list[i+1]), ModTime: time.Unix(1000, 0)}
	}
	return site.Input{Files: fsys, Templates: os.DirFS("../../templates"), Themes: os.DirFS("../../themes"), Program: "test"}
}

func load(t *testing.T, in site.Input) *site.Site {
	t.Helper()
	s, problems := site.Load(in)
	if problems != nil {
		t.Fatal(problems)
	}
	return s
}

func TestLoad(t *testing.T) {
	t.Parallel()
	s := load(t, input())
	var slugs []string
	for _, p := range s.Ordered() {
		slugs = append(slugs, p.Slug)
	}
	if want := []string{"terms", "cookies", "privacy"}; !slices.Equal(slugs, want) {
		t.Errorf("have %v, want %v", slugs, want)
	}
	if a := s.Files["content/privacy/seal.png"]; !strings.HasPrefix(a.Path, "assets/seal.") || a.Media != "image/png" {
		t.Errorf("have %+v", a)
	}
	if s.Locales["de"] == nil || s.Locales["en"] == nil || len(s.Locales) != 2 {
		t.Errorf("have %d locales", len(s.Locales))
	}
	at, v, ok := s.Next(time.Date(2026, 1, 15, 0, 0, 0, 0, time.UTC))
	if !ok || v.ID != "2026-02-01" || at.UTC().Format(time.RFC3339) != "2026-01-31T23:00:00Z" {
		t.Errorf("have %v, %v, %v", at, v, ok)
	}
	for _, slug := range []string{"terms", "cookies"} { // whichever comes first
		earlier := load(t, input("content/"+slug+"/2026-01-20.md", "# Title\n\nText.\n"))
		if _, v, _ := earlier.Next(time.Date(2026, 1, 15, 0, 0, 0, 0, time.UTC)); v.ID != "2026-01-20" || v.Policy.Slug != slug {
			t.Errorf("%s changes first: have %s %s", slug, v.Policy.Slug, v.ID)
		}
	}
	if n, missing := s.Protection(); n != 0 || len(missing) != 5 || s.Record() != nil || s.CheckDay() != nil {
		t.Errorf("without a lock file: have %d protected, %d not", n, len(missing))
	}
	if have := s.ByRecord().Address("privacy", "2026-01-01", "de"); have != "de/privacy/2026-01-01/" {
		t.Errorf("have %q", have)
	}
	in := input()
	in.BaseURL = "https://preview.example/"
	if preview := load(t, in); preview.Paths.URL("privacy/") != "https://preview.example/privacy/" || preview.Key == s.Key {
		t.Errorf("another base URL: have %s", preview.Paths.URL("privacy/"))
	}
}

func TestLoadProblems(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		want    string
		changes []string
	}{
		{"privgen.toml", []string{"privgen.toml", ""}},
		{"unknown key", []string{"privgen.toml", "colour = 1\n" + config}},
		{`there is no policy "term"`, []string{"privgen.toml", strings.Replace(config, `"terms"`, `"term"`, 1)}},
		{`there is no policy "zzzzzz"`, []string{"privgen.toml", strings.Replace(config, `"terms"`, `"zzzzzz"`, 1)}},
		{`there is no theme "gazete"`, []string{"privgen.toml", config + "[theme]\nname = \"gazete\"\n"}},
		{`there is no theme "zzzzzz"`, []string{"privgen.toml", config + "[theme]\nname = \"zzzzzz\"\n"}},
		{"has no policies", []string{"content/privacy/2025-01-01.md", "", "content/privacy/2026-01-01.md", "", "content/privacy/2026-01-01.de.md", "", "content/privacy/seal.png", "", "content/terms/2026-02-01.md", "", "content/terms/policy.toml", "", "content/cookies/2026-02-01.md", ""}},
		{"can run code in readers' browsers", []string{"content/privacy/2026-01-01.md", "[x](x.html)\n", "content/privacy/x.html", "<script>alert(1)</script>"}},
		{"privgen.lock", []string{"privgen.lock", "nonsense\n"}},
		{"templates/words/de.toml", []string{"templates/words/de.toml", "nonsense\n"}},
		{"templates/words/de.toml", []string{"templates/words/de.toml", "\xff"}},
	} {
		s, problems := site.Load(input(test.changes...))
		var have strings.Builder
		for _, p := range problems {
			have.WriteString(p.String() + "\n")
		}
		if s != nil || !strings.Contains(have.String(), test.want) {
			t.Errorf("have %s\nwant %s", have.String(), test.want)
		}
	}
	if c, problems := site.ReadConfig(input().Files, site.ConfigFile); problems != nil || c.Site.Title != "Example" {
		t.Errorf("have %v", problems)
	}
	if _, problems := site.ReadConfig(input().Files, "none.toml"); len(problems) != 1 {
		t.Errorf("no config: have %v", problems)
	}
	if site.CheckSlug("privacy") != nil || site.CheckSlug("assets") == nil {
		t.Error("the slug assets is reserved, privacy is not")
	}
}

func TestCheckStamps(t *testing.T) {
	t.Parallel()
	s := load(t, input("content/terms/2026-02-01.md", "+++\nupdated = 2026-03-01\n+++\nOurs.\n"))
	for day, want := range map[string]int{"2026-02-10": 1, "2026-03-01": 0} {
		now, err := time.Parse("2006-01-02", day)
		if err != nil {
			t.Fatal(err)
		}
		if have := s.CheckStamps(now); len(have) != want {
			t.Errorf("%s: have %v, want %d", day, have, want)
		}
	}
}

// A load that reuses unchanged parts has the same result as a fresh load.
func TestLoadAgain(t *testing.T) {
	t.Parallel()
	last := load(t, input())
	for _, change := range [][2]string{
		{"content/terms/2026-02-01.md", "# Terms\n\nYours.\n"},
		{"content/privacy/seal.png", "\x89PNG2"},
		{"templates/words/de.toml", "archive = \"Ablage\"\n"},
		{"privgen.toml", strings.Replace(config, "Example Ltd", "Other Ltd", 1)},
	} {
		in := input(change[:]...)
		fresh := load(t, in)
		in.Last, in.Changed = last, policy.Changes{change[0]: true}
		again := load(t, in)
		if again.Key != fresh.Key {
			t.Errorf("%s: another key", change[0])
		}
		for name, want := range fresh.Files {
			if again.Files[name] != want {
				t.Errorf("%s: have %+v, want %+v", change[0], again.Files[name], want)
			}
		}
		for _, p := range fresh.Library.Policies {
			for text := range p.Texts() {
				v := again.Library.Policy(p.Slug).Version(text.Version.ID)
				if v == nil || v.In(text.Lang).Digest != text.Digest {
					t.Errorf("%s: %s is another", change[0], text.File)
				}
			}
		}
	}
}

func TestCache(t *testing.T) {
	t.Parallel()
	s := load(t, input())
	p := s.Library.Policy("privacy")
	before, after := p.Versions[0].Authoritative(), p.Versions[1].Authoritative()
	var c site.Cache
	if _, ok := c.Comparison(before, after); ok || c.Save() != nil {
		t.Error("an empty cache has something")
	}
	want := site.Comparison{Verdict: redline.Rewritten, Traced: true, Clauses: []site.ClauseChange{{ID: "a", OldID: "b", Changed: true}}}
	c.Begin()
	c.Store(before, after, want)
	c.Store(after, before, want)
	c.Want(before, after)
	var again site.Cache
	if err := again.UnmarshalBinary(c.Save()); err != nil {
		t.Fatal(err)
	}
	have, ok := again.Comparison(before, after)
	if !ok || have.Verdict != want.Verdict || !slices.Equal(have.Clauses, want.Clauses) || again.Save() != nil {
		t.Errorf("have %+v, want %+v", have, want)
	}
	if _, ok := again.Comparison(after, before); ok {
		t.Error("what no page wants was saved")
	}
	if err := again.UnmarshalBinary([]byte("x")); err == nil {
		t.Error("no error for bytes that are no cache")
	}
}

func ExamplePaths() {
	p := site.Paths{Base: "/legal/", Root: "https://example.com/legal/", Default: "en"}
	privacy := &policy.Policy{Slug: "privacy", Language: "en"}
	text := &policy.Text{Lang: "de", Version: &policy.Version{Policy: privacy, ID: "2026-01-01"}}
	for _, path := range []string{p.Policy(privacy, "en"), p.Archive(privacy, "de"), p.Text(text), p.Since(text), p.Earlier(text, 1)} {
		fmt.Println(p.URL(path))
	}
	// Output:
	// https://example.com/legal/privacy/
	// https://example.com/legal/de/privacy/archive/
	// https://example.com/legal/de/privacy/2026-01-01/
	// https://example.com/legal/de/privacy/redline/2026-01-01..in-force/
	// https://example.com/legal/de/privacy/2026-01-01/earlier/1/
}
