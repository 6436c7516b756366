package main

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/privgen/privgen/internal/lazyregexp"
)

var (
	writingExample = lazyregexp.New("(?ms)^```markdown ?(.*?)\n(.*?)^```\n+```(html|text)\n(.*?)^```\n")
	clauseLink     = lazyregexp.New(`<a class="anchor".*?</a>`)
	problemAt      = lazyregexp.New(`(?m)^content/privacy/\S+:\d+:\d+: `)
)

// A build of every example in docs/writing.md results in the HTML or the problem that
// the document shows.
func TestWritingDocs(t *testing.T) {
	t.Parallel()
	doc, err := os.ReadFile(filepath.Join(repo, "docs", "writing.md"))
	if err != nil {
		t.Fatal(err)
	}
	examples := writingExample().FindAllStringSubmatch(string(doc), -1)
	if n := strings.Count(string(doc), "\n```markdown"); n != len(examples) || n < 35 {
		t.Fatalf("of %d examples, %d have a result", n, len(examples))
	}
	good, out := writingSite(t), t.TempDir()
	for i, e := range examples {
		if e[3] == "html" {
			writePolicy(t, good, fmt.Sprintf("example%d", i), e[1], e[2])
		}
	}
	mustBuild(t, "--config", good, "--out", out)
	for i, e := range examples {
		got, text, want := "", e[2], strings.TrimSpace(e[4])
		if e[3] == "html" {
			page, err := os.ReadFile(filepath.Join(out, fmt.Sprintf("example%d", i), "index.html"))
			if err != nil {
				t.Fatal(err)
			}
			_, got, _ = strings.Cut(string(page), `<p class="paper">`)
			_, got, _ = strings.Cut(got, "</div>")
			got, _, _ = strings.Cut(got, "</article>")
			got = clauseLink().ReplaceAllString(got, "")
		} else {
			dir := writingSite(t)
			writePolicy(t, dir, "privacy", e[1], text)
			_, _, errOut := privgen(t, "build", "--config", dir, "--out", filepath.Join(dir, "public"))
			got, _, _ = strings.Cut(errOut, "\n\n")
			got = strings.ReplaceAll(got, filepath.ToSlash(dir)+"/", "")
			got = strings.ReplaceAll(problemAt().ReplaceAllString(got, ""), "\t", "    ")
		}
		if got = strings.TrimSpace(got); got != want {
			t.Errorf("%s\nbecomes\n%s\nand the document shows\n%s", text, got, want)
		}
	}
}

// writingSite returns the folder of a new site with one policy, cookies.
func writingSite(t *testing.T) string {
	t.Helper()
	dir := t.TempDir()
	writeFiles(t, dir, map[string]string{
		"privgen.toml": "[site]\ntitle = \"Acme policies\"\nbase_url = \"https://acme.example/\"\n" +
			"\n[organization]\nname = \"Acme Ltd\"\n",
		"content/cookies.md": "+++\neffective = 2026-01-01\n+++\n# Cookies\n\n## Storage\n\nText.\n",
	})
	return dir
}

// writePolicy adds a policy to a site, with files beside its text and with
// rules for its table [markdown].
func writePolicy(t *testing.T, dir, name, rules, text string) {
	t.Helper()
	writeFiles(t, filepath.Join(dir, "content", name), map[string]string{
		"policy.toml":   "[markdown]\n" + rules + "\n",
		"2026-01-01.md": "# Privacy policy\n\n" + text,
		"flow.svg":      "<svg xmlns=\"http://www.w3.org/2000/svg\"><title>How data flows</title></svg>\n",
		"form.txt":      "Form\n",
		"form.html":     "<script>alert(1)</script>\n",
	})
}

func writeFiles(t *testing.T, dir string, files map[string]string) {
	t.Helper()
	for name, content := range files {
		name = filepath.Join(dir, filepath.FromSlash(name))
		if err := os.MkdirAll(filepath.Dir(name), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(name, []byte(content), 0o644); err != nil {
			t.Fatal(err)
		}
	}
}
