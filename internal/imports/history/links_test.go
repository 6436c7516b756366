package history_test

import (
	"strings"
	"testing"
	"testing/fstest"
	"time"

	"github.com/privgen/privgen/internal/imports/history"
)

// Links from one imported text to another lead to its policy, in all forms.
func TestLinks(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ from, text, want string }{
		{"privacy/index.md", "[Terms](../terms/index.md)", "[Terms](../terms.md)"},
		{"privacy/index.md", "[Terms](../terms/)", "[Terms](../terms.md)"},
		{"privacy/index.md", "[AGB](/terms) und [mehr](/terms/#fees)", "[AGB](../terms.md) und [mehr](../terms.md#fees)"},
		{"privacy/index.md", "[own](/terms#own-id), [gone](/terms#gone)", "[own](../terms.md#own-id), [gone](../terms.md)"},
		{"content/privacy.md", "[Conditions](terms.md)", "[Conditions](../terms.md)"},
		{"content/privacy.md", "[here](/privacy#rights), [there](#rights)", "[here](#rights), [there](#rights)"},
		{"https://www.fernhill.example/privacy", "[Terms](https://fernhill.example/terms.html)", "[Terms](../terms.md)"},
		{"privacy.md", "[no](../other.md) [web](https://b.example/terms) [mail](mailto:a@b.example) ![x](terms.png)", "[no](../other.md) [web](https://b.example/terms) [mail](mailto:a@b.example) ![x](terms.png)"},
	} {
		terms := map[bool]string{true: "https://fernhill.example/terms", false: "terms/index.md"}[strings.Contains(c.from, "://")]
		if strings.HasPrefix(c.from, "content/") {
			terms = "content/terms.md"
		}
		state := func(source, text string) []history.State {
			return []history.State{{Text: []byte(text), When: time.Date(2024, 1, 1, 0, 0, 0, 0, time.UTC), Source: source, Commit: source}}
		}
		docs := func() []*history.Document {
			return []*history.Document{{Slug: "privacy", States: state(c.from, c.text)}, {Slug: "terms", States: state(terms, "# Terms\n\n## Fees\n\nNone.\n\n## Law {#own-id}\n\nOurs.\n")}}
		}
		plan, err := history.NewPlan(t.Context(), docs(), history.Site{Content: "content"}, history.Options{})
		if err != nil {
			t.Fatal(err)
		}
		v := plan.Policies[0].Versions[0]
		text, err := v.Bytes()
		if err != nil || string(text) != c.want {
			t.Errorf("%s: have %s, want %s (%v)", c.from, text, c.want, err)
		}
		// A file that was imported before the other policy does not count as edited.
		site := fstest.MapFS{v.File: {Data: append(v.FrontMatter(""), c.text...)}}
		if plan, err = history.NewPlan(t.Context(), docs(), history.Site{Content: "content", Files: site}, history.Options{}); err != nil {
			t.Fatal(err)
		}
		if have := plan.Policies[0].Versions[0].Status; have != history.Present {
			t.Errorf("%s: the version is %s, want %s", c.from, have, history.Present)
		}
	}
}
