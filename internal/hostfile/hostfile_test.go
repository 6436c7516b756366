package hostfile_test

import (
	"fmt"
	"maps"
	"slices"
	"strings"
	"testing"

	"github.com/privgen/privgen/internal/config"
	"github.com/privgen/privgen/internal/hostfile"
	"github.com/privgen/privgen/internal/policy"
	"github.com/privgen/privgen/internal/site"
)

var paths = site.Paths{Base: "/legal/", Root: "https://acme.example/legal/", Default: "en"}

// renamed returns policies 0000, 0001 ... with texts in languages, each with a former
// name.
func renamed(n int, languages ...string) (list []*policy.Policy) {
	for i := range n {
		p := &policy.Policy{Slug: fmt.Sprintf("policy-%04d", i), Language: "en"}
		p.Settings.Title = fmt.Sprintf("Policy %d", i)
		p.Settings.Formerly = []string{fmt.Sprintf("old-%04d", i)}
		v := &policy.Version{Policy: p, ID: "2026-01-01"}
		for _, lang := range append([]string{"en"}, languages...) {
			v.Texts = append(v.Texts, &policy.Text{Version: v, Lang: lang})
		}
		p.Versions = []*policy.Version{v}
		list = append(list, p)
	}
	return list
}

func TestHeaders(t *testing.T) {
	t.Parallel()
	var c config.Config
	if err := c.SetBaseURL("https://acme.example/legal/"); err != nil {
		t.Fatal(err)
	}
	const everyone = "\n  Access-Control-Allow-Origin: *\n"
	for _, one := range []struct {
		formats []string
		search  bool
		rules   int
		want    []string
	}{
		{nil, false, 9, []string{
			"/legal/*\n  Content-Security-Policy: default-src 'none'; style-src 'self'; img-src 'self'; font-src 'self'; " +
				"base-uri 'none'; form-action 'none'; frame-ancestors 'none'\n",
			"/legal/assets/*\n  Cache-Control: public, max-age=31536000, immutable\n",
			"/legal/*/links.json" + everyone + "  Content-Type: application/linkset+json\n",
			"/legal/*/timemap.link" + everyone + "  Content-Type: application/link-format\n",
			"/legal/*/versions.json" + everyone,
			"/legal/*/feed.json" + everyone + "  Content-Type: application/feed+json\n",
			"/legal/feed.json" + everyone + "  Content-Type: application/feed+json\n",
			"/legal/policies.json" + everyone,
			"/legal/*/index.md" + everyone,
		}},
		{[]string{"fragment"}, true, 3, []string{
			"frame-ancestors 'none'; script-src 'self' 'wasm-unsafe-eval'; connect-src 'self'\n",
			"/legal/*/fragment.html" + everyone + "  X-Robots-Tag: noindex\n",
		}},
	} {
		c.Output.Formats, c.Output.Search = one.formats, one.search
		have := hostfile.Headers(&c)
		for _, want := range one.want {
			if !strings.Contains(have, want) {
				t.Errorf("%q: lacks %q:\n%s", one.formats, want, have)
			}
		}
		if n := strings.Count("\n"+have, "\n/"); n != one.rules {
			t.Errorf("%q: %d rules, want %d", one.formats, n, one.rules)
		}
	}
}

// Hosts read all rules of a site with thousands of policies, and what no rule covers is
// returned.
func TestRedirectLimits(t *testing.T) {
	t.Parallel()
	const n = 2000
	text, without := hostfile.Redirects(paths, renamed(n))
	rules := strings.Split(strings.TrimSuffix(text, "\n"), "\n")
	wild := func(rule string) bool { return strings.Contains(rule, "*") }
	first := slices.IndexFunc(rules, wild)
	if first != n-100 || len(rules) != n || slices.ContainsFunc(rules[first:], func(r string) bool { return !wild(r) }) {
		t.Errorf("%d rules, with the first wildcard at %d", len(rules), first)
	}
	for _, want := range []string{
		"/legal/old-0099/* /legal/policy-0099/:splat 301", "/legal/old-1999/ /legal/policy-1999/ 301",
	} {
		if !slices.Contains(rules, want) {
			t.Errorf("no rule %q", want)
		}
	}
	if len(without) != n-100 || slices.Contains(without, "old-0099") || !slices.Contains(without, "old-0100") {
		t.Errorf("%d names are not covered", len(without))
	}
	if text, _ := hostfile.Redirects(paths, renamed(n+200)); strings.Count(text, "\n") != n+100 {
		t.Errorf("%d rules, want 100 with a wildcard and 2000 others", strings.Count(text, "\n"))
	}
}

// A placeholder stands for several languages, so that a renamed policy takes two rules.
func TestRedirectLanguages(t *testing.T) {
	t.Parallel()
	list := renamed(1, "de", "fr", "it")
	want := "/legal/:lang/old-0000/* /legal/:lang/policy-0000/:splat 301\n/legal/old-0000/* /legal/policy-0000/:splat 301\n"
	if have, _ := hostfile.Redirects(paths, list); have != want {
		t.Errorf("have %s\nwant %s", have, want)
	}
	// The path of a version, /legal/policy-0000/old-0000/, must not match.
	list[0].Versions[0].ID = "old-0000"
	if have, _ := hostfile.Redirects(paths, list); strings.Contains(have, ":lang") || strings.Count(have, "301") != 4 {
		t.Errorf("the path of a version matches:\n%s", have)
	}
	if _, without := hostfile.Redirects(paths, renamed(60, "de")); len(without) != 10 {
		t.Errorf("not covered: %q", without)
	}
}

func TestLLMs(t *testing.T) {
	t.Parallel()
	list := renamed(1)
	list[0].Settings.Title, list[0].Settings.Description = "Data [all]", "What we\nlearn."
	c := config.Config{Organization: config.Organization{Name: "Acme"}}
	want := "# Policies\n\n> Acme\n\n## Policies\n\n" +
		"- [Data \\[all\\]](https://acme.example/legal/policy-0000/index.md): What we learn.\n\n" +
		"## Optional\n\n- [Data \\[all\\], all versions](https://acme.example/legal/policy-0000/archive/)\n"
	if have := hostfile.LLMs(&c, paths, "Policies", list); have != want {
		t.Errorf("have\n%s\nwant\n%s", have, want)
	}
	c.Output.Formats = []string{"llms"} // without the texts
	if have := hostfile.LLMs(&c, paths, "Policies", list); !strings.Contains(have, "(https://acme.example/legal/policy-0000/)") {
		t.Errorf("have\n%s", have)
	}
}

func TestPage(t *testing.T) {
	t.Parallel()
	p := renamed(1)[0]
	p.Settings.Title = "Us & <you>"
	have := hostfile.Page(paths, p, "policy-0000/archive/")
	for _, want := range []string{`<html lang="en">`, "<title>Us &amp; &lt;you&gt;</title>",
		`<meta http-equiv="refresh" content="0; url=https://acme.example/legal/policy-0000/archive/">`,
		`<link rel="canonical" href="https://acme.example/legal/policy-0000/archive/">`,
	} {
		if !strings.Contains(have, want) {
			t.Errorf("lacks %s:\n%s", want, have)
		}
	}
}

func TestFormer(t *testing.T) {
	t.Parallel()
	want := map[string]string{"old-0000/": "policy-0000/", "de/old-0000/": "de/policy-0000/"}
	if have := hostfile.Former(paths, renamed(1, "de")); !maps.Equal(have, want) {
		t.Errorf("have %v, want %v", have, want)
	}
}

func TestServerRules(t *testing.T) {
	t.Parallel()
	encoded := site.Paths{Base: "/r%C3%A8gles/", Root: "https://acme.example/r%C3%A8gles/", Default: "en"}
	odd := site.Paths{Base: "/a$b/", Root: "https://acme.example/a$b/", Default: "en"}
	dotted := renamed(1)
	dotted[0].Settings.Formerly = []string{"a.b"}
	const head = "# Former names of policies. Written by: privgen redirects "
	for _, c := range []struct {
		server    string
		paths     site.Paths
		policies  []*policy.Policy
		want, err string
	}{
		{"nginx", encoded, dotted, head + "nginx\n" +
			`rewrite "^/règles/a\.b/(.*)$" "/r%C3%A8gles/policy-0000/$1" permanent;` + "\n", ""},
		{"caddy", paths, renamed(1), head + "caddy\nroute \"/legal/old-0000/*\" {\n" +
			"\turi strip_prefix /legal/old-0000\n\tredir * /legal/policy-0000{uri} permanent\n}\n", ""},
		{"apache", paths, renamed(1, "de"), head + "apache\n" +
			"Redirect permanent \"/legal/de/old-0000/\" \"/legal/de/policy-0000/\"\n" +
			"Redirect permanent \"/legal/old-0000/\" \"/legal/policy-0000/\"\n", ""},
		{"nginx", paths, nil, "# No policy has a former name.\n", ""},
		{"iis", paths, renamed(1), "", `there are no redirects for "iis"`},
		{"apache", odd, renamed(1), "", "the path /a$b/ of base_url has a character with a meaning"},
	} {
		have, err := hostfile.ServerRules(c.server, c.paths, c.policies)
		if c.err != "" && (err == nil || !strings.HasPrefix(err.Error(), c.err)) || c.err == "" && err != nil {
			t.Errorf("%s %s: have the error %v, want %q", c.server, c.paths.Base, err, c.err)
		}
		if have != c.want {
			t.Errorf("%s %s:\nhave %s\nwant %s", c.server, c.paths.Base, have, c.want)
		}
	}
	for _, server := range hostfile.Servers() {
		if _, err := hostfile.ServerRules(server, paths, renamed(1)); err != nil {
			t.Errorf("%s: %v", server, err)
		}
	}
}
