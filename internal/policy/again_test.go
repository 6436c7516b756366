package policy_test

import (
	"testing"

	"github.com/privgen/privgen/internal/policy"
)

// A load after few changes has the result of a load without an earlier one.
func TestLoadAgain(t *testing.T) {
	t.Parallel()
	first := []string{
		"content/privacy/2026-01-01.md", "# Privacy\n\nSee [the terms](../terms.md#law).\n\n{{clause contact}}\n",
		"content/privacy/2026-02-01.md", "# Privacy\n\nSecond.\n",
		"content/terms.md", "+++\neffective = 2026-01-01\n+++\n# Terms\n\n## Law\n\nOurs.\n",
		"content/_clauses/contact.md", "Write.\n",
	}
	for _, test := range []struct{ name, file, text string }{
		{"nothing", "content/terms.md", "+++\neffective = 2026-01-01\n+++\n# Terms\n\n## Law\n\nOurs.\n"},
		{"a text", "content/privacy/2026-02-01.md", "# Privacy\n\nChanged.\n"},
		{"a policy in one file", "content/terms.md", "+++\neffective = 2026-01-01\n+++\n# Terms\n\n## Law\n\nYours.\n"},
		{"a new version", "content/privacy/2026-03-01.md", "# Privacy\n\nThird.\n"},
		{"a new policy", "content/cookies/2026-01-01.md", "# Cookies\n"},
		{"a policy that is gone", "content/privacy/2026-02-01.md", ""},
		{"a shared clause", "content/_clauses/contact.md", "Call.\n"},
		{"settings", "content/privacy/policy.toml", "title = \"About you\"\n"},
	} {
		fsys := files(first...)
		var cache policy.Cache
		last := loadFS(t, fsys, policy.Options{Cache: &cache, Fingerprint: byTime})
		changed := policy.Changes{test.file: true}
		if more := files(test.file, test.text); test.text != "" {
			fsys[test.file] = more[test.file]
		} else {
			delete(fsys, test.file)
		}
		again := loadFS(t, fsys, policy.Options{Cache: &cache, Fingerprint: byTime, Last: last, Changed: changed})
		fresh := loadFS(t, fsys, policy.Options{})
		if have, want := digests(again), digests(fresh); have != want {
			t.Errorf("%s: have\n%swant\n%s", test.name, have, want)
		}
	}
}

func TestTouch(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		changed, name string
		want          bool
	}{
		{"", "content/terms.md", false},
		{"content", "content/terms.md", true},
		{"content/terms.md", "content/terms.md", true},
		{"content/terms.md", "content", false},
		{".", "content/terms.md", true},
	} {
		c := policy.Changes{}
		if test.changed != "" {
			c[test.changed] = true
		}
		if have := c.Touch(test.name); have != test.want {
			t.Errorf("%q changed, %q: have %v, want %v", test.changed, test.name, have, test.want)
		}
	}
}
