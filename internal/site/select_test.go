package site_test

import (
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/privgen/privgen/internal/site"
)

// selected returns the policy and the two versions for arguments, or the error.
func selected(s *site.Site, now time.Time, args ...string) string {
	p, rest, err := s.PolicyOf(args)
	if err != nil {
		return err.Error()
	}
	before, after, err := site.VersionsOf(p, p.At(now), rest)
	if err != nil {
		return err.Error()
	}
	return p.Slug + " " + before.ID + ".." + after.ID
}

func TestSelect(t *testing.T) {
	t.Parallel()
	in := input("content/privacy/draft.md", "# Privacy\n\nMost.\n", "content/notes/draft.md", "# Notes\n",
		"content/terms/2026-05-01.md", "# Terms\n\nTheirs.\n", "content/terms/2026-07-01.md", "# Terms\n\nAll.\n",
		"privgen.toml", strings.Replace(config, "policies", "# policies", 1))
	in.Drafts = func(string) bool { return true }
	s := load(t, in)
	now := time.Date(2026, 6, 1, 0, 0, 0, 0, time.UTC)
	for _, test := range []struct{ args, want string }{
		{"privacy", "privacy 2026-01-01..draft"},
		{"terms", "terms 2026-05-01..2026-07-01"}, // from the version in force to the upcoming one
		{"terms 2026-02-01..in-force", "terms 2026-02-01..2026-05-01"},
		{"privacy draft..2025-01-01", "privacy draft..2025-01-01"},
		{"", "missing: POLICY"},
		{"2025-01-01..2026-01-01", "missing: POLICY"},
		{"privcy", `there is no policy "privcy"`},
		{"notes", "the policy notes has only a draft"},
		{"notes 2025-01-01..draft", `the policy notes has no version "2025-01-01"`},
		{"notes in-force..draft", "no version of the policy notes is in force"},
		{"cookies", "the policy cookies has only one version"},
		{"cookies draft..in-force", "the policy cookies has no draft"},
		{"terms 2026-02-01", `"2026-02-01" is not two versions`},
		{"terms 2026-02-01..2026-02-02", `the policy terms has no version "2026-02-02"`},
	} {
		if have := selected(s, now, strings.Fields(test.args)...); !strings.HasPrefix(have, test.want) {
			t.Errorf("%q: have %s, want %s", test.args, have, test.want)
		}
	}
	later := now.AddDate(1, 0, 0)
	if have := selected(s, later, "terms"); have != "terms 2026-05-01..2026-07-01" {
		t.Errorf("when the last version is in force: have %s", have)
	}
	if have := selected(s, now.AddDate(-10, 0, 0), "terms"); !strings.HasPrefix(have, "the policy terms has only one") {
		t.Errorf("before the first one: have %s", have)
	}
	one := load(t, input("content/terms/2026-02-01.md", "", "content/terms/policy.toml", "", "content/cookies/2026-02-01.md", "",
		"privgen.toml", strings.Replace(config, "policies", "# policies", 1)))
	if have := selected(one, now, "2025-01-01..2026-01-01"); have != "privacy 2025-01-01..2026-01-01" {
		t.Errorf("with a single policy: have %s", have)
	}
}

func TestNames(t *testing.T) {
	t.Parallel()
	n := site.Names{Files: input("content/privacy/draft.md", "x", "content/privacy/.note.md", "x", "content/faq.md", "x",
		"content/_clauses/a.md", "x", "content/terms/2026-02-01.pt-BR.md", "x").Files}
	if have, want := n.Slugs(), []string{"cookies", "faq", "privacy", "terms"}; !slices.Equal(have, want) {
		t.Errorf("have %v, want %v", have, want)
	}
	if have, want := n.Versions("privacy"), []string{"2025-01-01", "2026-01-01", "draft"}; !slices.Equal(have, want) {
		t.Errorf("have %v, want %v", have, want)
	}
	if have, want := n.Languages(), []string{"de", "pt-BR"}; !slices.Equal(have, want) {
		t.Errorf("have %v, want %v", have, want)
	}
}

func TestDuties(t *testing.T) {
	t.Parallel()
	const rule = "[[notice]]\nperiod = "
	s := load(t, input("privgen.toml", config+rule+"\"30 days\"\n", "content/terms/policy.toml", rule+"\"14 days\"\n"))
	for slug, want := range map[string]string{"terms": "14 days", "privacy": "30 days"} { // a policy's own rule, the site's rule
		if have := s.Duties(s.Library.Policy(slug)).Notices; len(have) != 1 || have[0].Period != want {
			t.Errorf("%s: have %v, want %s", slug, have, want)
		}
	}
}
