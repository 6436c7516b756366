package site_test

import (
	"slices"
	"testing"

	"github.com/privgen/privgen/internal/policy"
	"github.com/privgen/privgen/internal/site"
)

func TestPaths(t *testing.T) {
	t.Parallel()
	s := load(t, input("content/cookies/policy.toml", "language = \"fr\"\n"))
	p, privacy, cookies := s.Paths, s.Library.Policy("privacy"), s.Library.Policy("cookies")
	first, second := privacy.Versions[0], privacy.Versions[1]
	for _, test := range []struct{ name, have, want string }{
		{"a text in its language", p.Text(p.TextFor(second, "de")), "de/privacy/2026-01-01/"},
		{"a text that is not translated", p.Text(p.TextFor(first, "de")), "privacy/2025-01-01/"},
		{"a text in neither language", p.Text(p.TextFor(cookies.Versions[0], "de")), "fr/cookies/2026-02-01/"},
		{"pages for a reader of German", p.Policy(privacy, p.Language(privacy, "de")), "de/privacy/"},
		{"pages for a reader of Italian", p.Policy(privacy, p.Language(privacy, "it")), "privacy/"},
		{"redline", p.Redline(first.Authoritative(), second.Authoritative()), "privacy/redline/2025-01-01..2026-01-01/"},
		{"time map", p.TimeMap(privacy, "de"), "de/privacy/timemap.link"},
		{"versions of a year", p.Year(privacy, "en", "2019"), "privacy/archive/2019/"},
		{"address", p.Href("privacy/") + site.Fragment("data sharing:1"), "/legal/privacy/#data%20sharing:1"},
		{"no clause", site.Fragment(""), ""},
		{"file", site.File("privacy/"), "privacy/index.html"},
	} {
		if test.have != test.want {
			t.Errorf("%s: have %s, want %s", test.name, test.have, test.want)
		}
	}
	if have, want := p.Languages(cookies), []string{"en", "fr"}; !slices.Equal(have, want) {
		t.Errorf("have %v, want %v", have, want)
	}
	if have, want := p.Others([]*policy.Policy{privacy, cookies}), []string{"de", "fr"}; !slices.Equal(have, want) {
		t.Errorf("have %v, want %v", have, want)
	}
	if !p.Has(privacy, "de") || p.Has(privacy, "fr") || !p.Has(cookies, "en") {
		t.Error("Has is not what Languages returns")
	}
}
