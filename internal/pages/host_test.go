package pages_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/privgen/privgen/internal/pages"
)

// many returns the files of a site of n policies in languages, each with a former
// name.
func many(n int, languages ...string) map[string]string {
	files := map[string]string{"privgen.toml": "[site]\ntitle = \"Acme policies\"\nbase_url = \"https://acme.example/legal/\"\n" +
		"[organization]\nname = \"Acme\"\n"}
	for i := range n {
		dir := fmt.Sprintf("content/policy-%04d/", i)
		files[dir+"policy.toml"] = fmt.Sprintf("formerly = [\"old-%04d\"]\n", i)
		for _, lang := range append([]string{""}, languages...) {
			files[dir+"2026-01-01"+lang+".md"] = fmt.Sprintf("# Policy %d\n\nWe keep %d copies.\n", i, i)
		}
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

// Hosts read all rules of a site with thousands of policies, and the build
// returns what no rule covers.
func TestHostLimits(t *testing.T) {
	t.Parallel()
	const n = 2000
	s := load(t, input(mapFS(many(n))))
	tr := pages.Plan(s, now)
	headers := draw(t, tr.Find("_headers"))
	for _, want := range []string{
		"/legal/*/links.json\n  Access-Control-Allow-Origin: *\n  Content-Type: application/linkset+json\n",
		"/legal/*/timemap.link\n  Access-Control-Allow-Origin: *\n  Content-Type: application/link-format\n",
		"/legal/*/feed.json\n  Access-Control-Allow-Origin: *\n  Content-Type: application/feed+json\n",
		"/legal/policies.json\n  Access-Control-Allow-Origin: *\n",
		"/legal/*/index.md\n  Access-Control-Allow-Origin: *\n",
		"/legal/feed.json\n  Access-Control-Allow-Origin: *\n  Content-Type: application/feed+json\n",
	} {
		if !strings.Contains(headers, want) {
			t.Errorf("_headers lacks %q:\n%.1000s", want, headers)
		}
	}
	if rules := strings.Count("\n"+headers, "\n/"); rules != 9 {
		t.Errorf("_headers has %d rules", rules)
	}

	rules := strings.Split(strings.TrimSuffix(draw(t, tr.Find("_redirects")), "\n"), "\n")
	wild := func(rule string) bool { return strings.Contains(rule, "*") }
	first := slices.IndexFunc(rules, wild)
	if first != n-100 || len(rules) != n || slices.ContainsFunc(rules[first:], func(r string) bool { return !wild(r) }) {
		t.Errorf("_redirects has %d rules, with the first wildcard at %d", len(rules), first)
	}
	for _, want := range []string{
		"/legal/old-0099/* /legal/policy-0099/:splat 301", "/legal/old-1999/ /legal/policy-1999/ 301",
	} {
		if !slices.Contains(rules, want) {
			t.Errorf("_redirects lacks %q", want)
		}
	}
	without := pages.Unredirected(s, now)
	if len(without) != n-100 || slices.Contains(without, "old-0099") || !slices.Contains(without, "old-0100") {
		t.Errorf("%d names are not covered", len(without))
	}
	if leads := tr.Find("old-1999/2026-01-01/index.html"); leads == nil ||
		!strings.Contains(draw(t, leads), "https://acme.example/legal/policy-1999/2026-01-01/") {
		t.Error("the page at a former name that no rule covers leads nowhere")
	}
}

// A placeholder stands for several languages, so that a renamed policy takes two
// rules.
func TestRedirectLanguages(t *testing.T) {
	t.Parallel()
	files := many(1, ".de", ".fr", ".it")
	redirects := func() string { return draw(t, plan(t, files).Find("_redirects")) }
	want := "/legal/:lang/old-0000/* /legal/:lang/policy-0000/:splat 301\n/legal/old-0000/* /legal/policy-0000/:splat 301\n"
	if have := redirects(); have != want {
		t.Errorf("have %s\nwant %s", have, want)
	}
	// The path of a version, /legal/other/old-0000/, must not match.
	files["content/other/old-0000.md"] = "+++\neffective = 2026-01-01\n+++\n# Other\n\nWe keep nothing.\n"
	if have := redirects(); strings.Contains(have, ":lang") || strings.Count(have, "301") != 4 {
		t.Errorf("the path of a version matches:\n%s", have)
	}
	if without := pages.Unredirected(load(t, input(mapFS(many(60, ".de")))), now); len(without) != 10 {
		t.Errorf("not covered: %q", without)
	}
}
