package policy_test

import (
	"strings"
	"testing"

	"github.com/privgen/privgen/internal/day"
	"github.com/privgen/privgen/internal/policy"
)

func everyDraft(string) bool { return true }

func TestSettle(t *testing.T) {
	t.Parallel()
	const draft = "content/privacy/draft.md"
	text := "# Privacy\n\nIn force from {{version.effective}}, changed {{version.updated}}, version {{version.label}}.\n"
	lib, problems := loadWith(t, policy.Options{Drafts: everyDraft, Date: func(d day.Day, lang string) string { return lang + " " + d.String() }},
		draft, text, "content/privacy/draft.de.md", "# Datenschutz\n\nAb {{version.effective}}.\n")
	if problems != "" {
		t.Fatal(problems)
	}
	d := lib.Policy("privacy").Draft
	body, err := lib.Body(d.Authoritative())
	if err != nil || !strings.Contains(string(body.Markdown()), `from \[effective\], changed \[updated\], version \[label\].`) {
		t.Errorf("the draft: %v\n%s", err, body.Markdown())
	}
	on, _ := day.Parse("2026-03-01")
	v, list, err := lib.Settle(d, policy.FrontMatter{Effective: day.On(on), Label: "3.0"})
	if err != nil || list != nil {
		t.Fatal(list, err)
	}
	for lang, want := range map[string]string{
		"en": "In force from en 2026-03-01, changed en 2026-03-01, version 3.0.",
		"de": "Ab de 2026-03-01.",
	} {
		body, err := lib.Body(v.In(lang))
		if err != nil {
			t.Fatal(lang, err)
		}
		if !strings.Contains(string(body.Markdown()), want) {
			t.Errorf("%s: have %s\nwant %s", lang, body.Markdown(), want)
		}
	}
	if again, err := lib.Body(d.Authoritative()); err != nil || !strings.Contains(string(again.Markdown()), `\[effective\]`) {
		t.Errorf("the draft changed: %v\n%s", err, again.Markdown())
	}
}

// A draft whose tags belong to another program keeps them when it is settled.
func TestSettleKeepsTags(t *testing.T) {
	t.Parallel()
	lib, problems := loadWith(t, policy.Options{Drafts: everyDraft},
		"content/privacy/draft.md", "+++\ntags = \"keep\"\n+++\n# Privacy\n\nDear {{ customer }}.\n")
	if problems != "" {
		t.Fatal(problems)
	}
	d := lib.Policy("privacy").Draft
	on, _ := day.Parse("2026-03-01")
	v, list, err := lib.Settle(d, policy.FrontMatter{Effective: day.On(on), Tags: "keep"})
	if err != nil || list != nil {
		t.Fatal(list, err)
	}
	if have, want := v.Authoritative().Digest, d.Authoritative().Digest; have != want {
		t.Errorf("have digest %x, want %x", have, want)
	}
	if _, err := lib.Body(v.Authoritative()); err != nil {
		t.Error(err)
	}
}

func TestSettleProblems(t *testing.T) {
	t.Parallel()
	fsys := files("content/privacy/draft.md", "# Privacy\n\nWe are here.\n", "content/privacy/draft.de.md", "# Datenschutz\n")
	lib := loadFS(t, fsys, policy.Options{Drafts: everyDraft})
	d := lib.Policy("privacy").Draft
	fsys["content/privacy/draft.md"].Data = []byte("# Privacy\n\n{{values.gone}}\n")
	if _, list, err := lib.Settle(d, policy.FrontMatter{}); err != nil || len(list) != 1 || list[0].File != "content/privacy/draft.md" {
		t.Errorf("a tag without a value: %v, %v", list, err)
	}
	fsys["content/privacy/draft.md"].Data = []byte("\xff")
	if _, list, err := lib.Settle(d, policy.FrontMatter{}); err != nil || len(list) != 1 {
		t.Errorf("no text: %v, %v", list, err)
	}
	delete(fsys, "content/privacy/draft.md")
	if _, _, err := lib.Settle(d, policy.FrontMatter{}); err == nil {
		t.Error("no error for a draft that was removed")
	}
}
