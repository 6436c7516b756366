package policy_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/privgen/privgen/internal/markdown"
	"github.com/privgen/privgen/internal/policy"
)

// A link to a file of the site is dead if the site does not offer the format of the file,
// or not in that language.
func TestLinksToFiles(t *testing.T) {
	t.Parallel()
	for _, test := range []struct{ path, format string }{ // "" is always there, "no" never
		{"", ""}, {"index.html", ""}, {"404.html", ""}, {"sitemap.xml", ""}, {"robots.txt", ""}, {"de/", ""},
		{"feed.atom", "feed"}, {"feed.json", "feed"}, {"policies.json", "json"}, {"llms.txt", "llms"},
		{"de/feed.atom", "no"}, {"de/404.html", "no"}, {"de/llms.txt", "no"}, {"feed.rss", "no"},
		{"privacy/", ""}, {"privacy/index.html", ""}, {"privacy/archive/", ""}, {"privacy/archive/index.html", ""},
		{"privacy/index.md", "markdown"}, {"privacy/index.txt", "text"}, {"privacy/fragment.html", "fragment"},
		{"privacy/feed.atom", "feed"}, {"privacy/versions.json", "json"}, {"privacy/links.json", "json"},
		{"privacy/timemap.link", "json"}, {"privacy/in-force/", "no"}, {"privacy/draft/", "no"},
		{"privacy/redline/", "no"},
		{"notice/feed.json", "feed"}, {"notice/2026-01-01/index.txt", "text"},
		{"de/privacy/archive/", ""}, {"de/privacy/feed.atom", "feed"}, {"de/privacy/timemap.link", "json"},
		{"de/privacy/index.txt", "text"}, {"de/privacy/versions.json", "no"}, {"de/privacy/links.json", "no"},
		{"privacy/2026-01-01/index.md", "markdown"}, {"de/privacy/2026-01-01/index.txt", "text"},
		{"privacy/2025-01-01/index.md", "markdown"}, {"de/privacy/2025-01-01/index.md", "no"},
		{"de/privacy/2025-01-01/", "no"}, {"privacy/2026-01-01/feed.atom", "no"},
	} {
		for _, format := range []string{"feed", "json", "llms", "markdown", "text", "fragment"} {
			_, out := loadWith(t, policy.Options{
				Rules:  markdown.Rules{Root: "https://acme.example/"},
				Writes: func(f string) bool { return f == format },
			}, "content/privacy/policy.toml", "formerly = [\"notice\"]\n", "content/privacy/2025-01-01.md", "One.\n",
				"content/privacy/2026-01-01.md", fmt.Sprintf("See [it](/%s).\n", test.path),
				"content/privacy/2026-01-01.de.md", "Zwei.\n")
			want := 1
			if test.format == "" || test.format == format {
				want = 0
			}
			advised := strings.Contains(out, "[output]")
			if strings.Count(out, "[dead-link]") != want || advised != (want == 1 && test.format != "no") {
				t.Errorf("/%s with the format %s: %s", test.path, format, out)
			}
		}
	}
}
