package pages_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/privgen/privgen/internal/pages"
)

// many returns the files of a site of n policies, each with a former name.
func many(n int) map[string]string {
	files := map[string]string{"privgen.toml": "[site]\ntitle = \"Acme policies\"\nbase_url = \"https://acme.example/legal/\"\n" +
		"[organization]\nname = \"Acme\"\n"}
	for i := range n {
		dir := fmt.Sprintf("content/policy-%04d/", i)
		files[dir+"policy.toml"] = fmt.Sprintf("formerly = [\"old-%04d\"]\n", i)
		files[dir+"2026-01-01.md"] = fmt.Sprintf("# Policy %d\n\nWe keep %d copies.\n", i, i)
	}
	return files
}

// llms.txt is written if it is asked for, and leads to the texts in force.
func TestLLMs(t *testing.T) {
	t.Parallel()
	if plan(t, fixture()).Find("llms.txt") != nil {
		t.Error("llms.txt is there, and nobody asked for it")
	}
	files := with("privgen.toml", fixture()["privgen.toml"]+"\n[output]\nformats = [\"markdown\", \"llms\"]\n")
	tr := plan(t, files)
	text := draw(t, tr.Find("llms.txt"))
	if !strings.HasPrefix(text, "# Examples & Co: policies\n\n> Example <Works> GmbH\n\n## Policies\n\n- [Privacy policy]("+
		"https://example.com/legal/privacy/index.md): What we learn & keep.\n") {
		t.Errorf("have\n%s", text)
	}
	for _, part := range strings.Split(text, "](https://example.com/legal/")[1:] {
		path, _, _ := strings.Cut(part, ")")
		if tr.Find(path) == nil && tr.Find(path+"index.html") == nil {
			t.Errorf("there is no %s", path)
		}
	}
}

// A former name that no rule covers has pages that lead to the present ones, and is
// reported.
func TestUnredirected(t *testing.T) {
	t.Parallel()
	const n = 101
	s := load(t, input(mapFS(many(n))))
	tr := pages.Plan(s, now)
	if text := draw(t, tr.Find("_headers")); !strings.HasPrefix(text, "/legal/*\n  Content-Security-Policy: default-src 'none';") {
		t.Errorf("_headers: %s", text)
	}
	rules := draw(t, tr.Find("_redirects"))
	for _, want := range []string{
		"/legal/old-0099/* /legal/policy-0099/:splat 301\n", "/legal/old-0100/ /legal/policy-0100/ 301\n",
	} {
		if !strings.Contains(rules, want) {
			t.Errorf("_redirects lacks %q", want)
		}
	}
	if without := pages.Unredirected(s, now); !slices.Equal(without, []string{"old-0100"}) {
		t.Errorf("not covered: %q", without)
	}
	if leads := tr.Find("old-0100/2026-01-01/index.html"); leads == nil ||
		!strings.Contains(draw(t, leads), "https://acme.example/legal/policy-0100/2026-01-01/") {
		t.Error("the page at a former name that no rule covers leads nowhere")
	}
}
