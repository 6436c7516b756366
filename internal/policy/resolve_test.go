package policy_test

import (
	"strings"
	"testing"
	"testing/fstest"
	"time"

	"github.com/privgen/privgen/internal/markdown"
	"github.com/privgen/privgen/internal/policy"
)

// The text of a version is the resolved text. A cached text is read again if anything
// that it includes has changed.
func TestCacheOfResolved(t *testing.T) {
	t.Parallel()
	files := map[string]string{
		"content/privacy/2026-01-01.md":    "We are {{organization.name}}.\n\n{{clause contact}}\n\n{{table cookies}}\n",
		"content/privacy/2026-01-01.de.md": "Wir sind {{organization.name}}. {{values.years}}\n",
		"content/privacy/policy.toml":      "[values]\nyears = { de = \"Zehn\" }\n",
		"content/terms/2026-01-01.md":      "Plain.\n",
		"content/terms/draft.md":           "A draft of {{policy.title}}.\n",
		"content/terms/policy.toml":        "title = \"Terms\"\n",
		"content/_clauses/contact.md":      "Write.\n",
		"content/_data/cookies.toml":       "[[cookies]]\nname = \"a\"\n",
	}
	name := "Acme"
	var memory policy.Cache
	load := func() *policy.Library {
		t.Helper()
		fsys := fstest.MapFS{}
		for file, text := range files {
			fsys[file] = &fstest.MapFile{Data: []byte(text), ModTime: time.Unix(1000, 0)}
		}
		lib, problems := policy.Load(fsys, policy.Options{
			Folder: "content", Language: "en", Zone: time.UTC, Renderer: markdown.NewRenderer(1 << 16), Cache: &memory, Fingerprint: byTime, Drafts: func(string) bool { return true },
			Values: map[string]any{"organization.name": name},
		})
		if problems != nil {
			t.Fatal(problems)
		}
		return lib
	}
	words := func(lib *policy.Library, slug, lang string) string {
		t.Helper()
		p := lib.Policy(slug)
		v := p.Versions[0]
		if lang == "draft" {
			v, lang = p.Draft, p.Language
		}
		b, err := lib.Body(v.In(lang))
		if err != nil {
			t.Fatal(err)
		}
		return string(b.Markdown())
	}
	want := "We are Acme.\n\nWrite.\n\n| Name |\n| --- |\n| a |\n"
	for _, change := range []func(){
		func() {},
		func() {},
		func() {
			name = "Other"
			want = strings.Replace(want, "Acme", "Other", 1)
		},
		func() {
			files["content/_clauses/contact.md"] = "Phone.\n"
			want = strings.Replace(want, "Write", "Phone", 1)
		},
		func() {
			files["content/_data/cookies.toml"] = "[[cookies]]\nname = \"b\"\n"
			want = strings.Replace(want, "| a |", "| b |", 1)
		},
		func() {
			files["content/_clauses/contact.en.md"] = "Call.\n"
			want = strings.Replace(want, "Phone", "Call", 1)
		},
		func() {
			delete(files, "content/_clauses/contact.en.md")
			want = strings.Replace(want, "Call", "Phone", 1)
		},
	} {
		change()
		if have := words(load(), "privacy", "en"); have != want {
			t.Fatalf("have\n%s\nwant\n%s", have, want)
		}
	}
	files["content/privacy/policy.toml"] = "[values]\nyears = { de = \"Elf\" }\n"
	lib := load()
	if have := words(lib, "privacy", "de"); have != "Wir sind Other. Elf\n" {
		t.Errorf("have %s", have)
	}
	if have := words(lib, "terms", "draft"); have != "A draft of Terms.\n" {
		t.Errorf("have %s", have)
	}
	d := lib.Policy("terms").Draft
	if !d.IsDraft() || d.ID != "draft" || !d.Effective().IsZero() || !d.Begin.IsZero() || lib.Policy("terms").Versions[0].IsDraft() {
		t.Errorf("the draft: %+v", d)
	}
}
