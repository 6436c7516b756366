package policy_test

import (
	"strings"
	"testing"

	"github.com/privgen/privgen/internal/policy"
)

// Each case is a site with a problem, and a part of its message.
func TestProblemsOfEnds(t *testing.T) {
	t.Parallel()
	const v, toml = "content/privacy/2026-01-01.md", "content/privacy/policy.toml"
	for _, test := range []struct {
		want  string
		files []string
	}{
		{"policy.toml:2:10: \"-1 days\" is not a period\n", []string{toml, "[[notice]]\nperiod = \"-1 days\"\n", v, "One.\n"}},
		{"policy.toml:3:9: kinds has no effect here", []string{toml, "[[review]]\nevery = \"1 year\"\nkinds = [\"privacy\"]\n", v, "One.\n"}},
		{"policy.toml:2:9: a review cannot be due at every moment", []string{toml, "[[review]]\nevery = \"0 days\"\n", v, "One.\n"}},
		{"policy.toml:1:26: en is the authoritative language", []string{toml, "required_translations = [\"en\"]\n", v, "One.\n"}},
		{"withdrawn_reason is there, and no day", []string{toml, "withdrawn_reason = \"Done.\"\n", v, "One.\n"}},
		{"the policy is withdrawn on 2025-01-01, and its version 2026-01-01", []string{toml, "withdrawn = 2025-01-01\n", v, "One.\n"}},
		{"no other policy is called \"none\"", []string{toml, "withdrawn = 2027-01-01\nsuccessor = \"none\"\n", v, "One.\n"}},
		{"the version is withdrawn on 2026-01-01, when it has taken effect", []string{v, "+++\nwithdrawn = 2026-01-01\n+++\nOne.\n"}},
		{"a clause of the text has the id \"data\" itself", []string{v, "+++\n[aliases]\ndata = \"data\"\n+++\n# P\n\n## Data\n"}},
		{"was never the id of a clause", []string{v, "+++\n[aliases]\n\"a b\" = \"data\"\n+++\n# P\n\n## Data\n"}},
		{"leads to \"dato\", and no clause", []string{v, "+++\n[aliases]\nold = \"dato\"\n+++\n# P\n\n## Data\n"}},
		{"leads to \"zzzzzzzz\", and no clause", []string{v, "+++\n[aliases]\nold = \"zzzzzzzz\"\n+++\n# P\n\n## Data\n"}},
		{"the former name \"terms\" is the name of", []string{toml, "formerly = [\"terms\"]\n", v, "One.\n", "content/terms/2026-01-01.md", "Two.\n"}},
		{"the name \"fr\" is the folder of pages in that language", []string{v, "One.\n", "content/privacy/2026-01-01.fr.md", "Un.\n", "content/fr/2026-01-01.md", "Two.\n"}},
		{"the language \"DE\" is written \"de\"", []string{toml, "language = \"DE\"\n", v, "One.\n"}},
		{"the link to \"../terms.md\" leads nowhere", []string{v, "See [terms](../terms.md).\n", "content/terms/draft.md", "Draft.\n"}},
		{"the link to \"../../secret.txt\" leads out of the folder", []string{v, "See [it](../../secret.txt).\n", "secret.txt", "x"}},
		{"the link to \".env\" leads to a hidden file", []string{v, "See [it](.env).\n", "content/privacy/.env", "x"}},
		{"no version of \"terms\" has a clause \"law\"", []string{v, "See [it](../terms.md#law).\n", "content/terms/2026-01-01.md", "Two.\n"}},
		{"the link to \"../term.md\" leads nowhere", []string{v, "See [it](../term.md).\n", "content/terms/2026-01-01.md", "Two.\n"}},
		{"the link to \"far.md\" leads nowhere", []string{v, "{{clause c}}\n", "content/_clauses/c.md", "See [it](far.md).\n"}},
	} {
		_, have := load(t, nil, test.files...)
		if !strings.Contains(have, test.want) || strings.Count(have, " [") < 1 {
			t.Errorf("have %s\nwant %s", have, test.want)
		}
	}
}

func TestAliases(t *testing.T) {
	t.Parallel()
	lib := loadFS(t, files("content/privacy/2026-01-01.md", "+++\n[aliases]\nold = \"data\"\n+++\n# P\n\n## Data\n",
		"content/privacy/draft.md", "# P\n\n## New\n", "content/terms/draft.md", "See [it](../privacy.md#new) and [old](../privacy/2026-01-01.md#old).\n"),
		policy.Options{Drafts: everyDraft})
	text := lib.Policy("privacy").Versions[0].Authoritative()
	for clause, want := range map[string]bool{"old": true, "data": true, "new": false} {
		if have := lib.Has(text, clause); have != want {
			t.Errorf("%s: have %v, want %v", clause, have, want)
		}
	}
	if v := lib.Newest(lib.Policy("privacy").Versions, "old", "de"); v != text.Version {
		t.Errorf("have %v", v)
	}
}

// TestFormerIDs checks which texts keep the ids that headings had before ids omitted
// clause numbers: all texts of a policy that was published before that.
func TestFormerIDs(t *testing.T) {
	t.Parallel()
	const text = "# T\n\n## Article 2 – Fees\n\nText.\n"
	at := func(keys string) string { return "+++\n" + keys + "\n+++\n" + text }
	for _, c := range []struct {
		name  string
		files []string
		want  bool
	}{
		{"a date as the name", []string{"content/t/2026-04-01.md", text, "content/t/2027-01-01.md", text, "content/t/2027-01-01.de.md", text}, true},
		{"other names", []string{"content/t/v1.md", at("effective = 2020-01-01"), "content/t/v2.md", at("effective = 2027-01-01"),
			"content/t/v2.de.md", text}, true},
		{"upcoming on the day of the change", []string{"content/t/2027-01-01.md", at("updated = 2026-11-20"), "content/t/2027-01-01.de.md", text}, true},
		{"published before it took effect", []string{"content/t/2027-01-01.md", at("published = 2026-10-01"), "content/t/2027-01-01.fr.md", text}, true},
		{"a single file", []string{"content/t.md", at("effective = 2025-01-01")}, true},
		{"a newer policy", []string{"content/t/2026-11-28.md", text, "content/t/2027-01-01.md", text, "content/t/2027-01-01.de.md", text}, false},
		{"a newer one that is upcoming", []string{"content/t/2027-01-01.md", at("updated = 2026-12-20"), "content/t/2027-01-01.de.md", text}, false},
		{"newer names", []string{"content/t/v1.md", at("effective = 2026-12-01"), "content/t/v1.de.md", text}, false},
	} {
		cache := &policy.Cache{}
		for range 2 {
			lib, problems := load(t, cache, c.files...)
			if problems != "" {
				t.Fatalf("%s: %s", c.name, problems)
			}
			for text := range lib.Policy("t").Texts() {
				if lib.Has(text, "article-2-fees") != c.want || !lib.Has(text, "fees") {
					t.Errorf("%s: %s has the former id: %t, want %t", c.name, text.File, !c.want, c.want)
				}
			}
		}
	}
}
