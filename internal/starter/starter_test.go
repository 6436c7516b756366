package starter_test

import (
	"errors"
	"fmt"
	"maps"
	"regexp"
	"slices"
	"strings"
	"testing"
	"testing/fstest"
	"time"

	"github.com/privgen/privgen/internal/day"
	"github.com/privgen/privgen/internal/policy"
	"github.com/privgen/privgen/internal/site"
	"github.com/privgen/privgen/internal/source"
	"github.com/privgen/privgen/internal/starter"
	"github.com/privgen/privgen/templates"
	"github.com/privgen/privgen/themes"
)

// load loads files as a site, with its drafts.
func load(t *testing.T, files map[string][]byte) *site.Site {
	t.Helper()
	fsys := fstest.MapFS{}
	for name, text := range files {
		fsys[name] = &fstest.MapFile{Data: text}
	}
	s, problems := site.Load(site.Input{Files: fsys, Templates: templates.FS, Themes: themes.FS,
		Drafts: func(string) bool { return true }})
	if problems != nil {
		t.Fatal(problems)
	}
	return s
}

// placeholders returns the placeholders in the draft of a policy.
func placeholders(t *testing.T, s *site.Site, p *policy.Policy) (out []string) {
	t.Helper()
	body, err := s.Library.Body(p.Draft.Authoritative())
	if err != nil {
		t.Fatal(err)
	}
	for _, problem := range body.Placeholders() {
		what, _, _ := strings.Cut(strings.TrimPrefix(problem.What, `"`), `"`)
		out = append(out, what)
	}
	return out
}

// With any answers, the site loads and has only drafts, which have placeholders and so
// cannot be released.
func TestSite(t *testing.T) {
	t.Parallel()
	for _, s := range []starter.Site{
		{},
		{Organization: "Acme & \"Söhne\" {{x}} *GmbH*", URL: "https://legal.acme.example/a", Email: "a@acme.example", Language: "de"},
		{Language: "pt-br", Policies: " privacy,refunds ", Workflow: true},
	} {
		files, policies, problem := s.Files()
		if problem != nil {
			t.Fatal(problem)
		}
		loaded := load(t, files)
		if len(loaded.Library.Policies) != len(policies) {
			t.Errorf("%d policies, want %d", len(loaded.Library.Policies), len(policies))
		}
		for _, p := range loaded.Library.Policies {
			if len(p.Versions) > 0 {
				t.Errorf("%s has a version", p.Slug)
			}
			if list := placeholders(t, loaded, p); len(list) < 3 || !strings.HasPrefix(list[0], "[[") {
				t.Errorf("%s: %q", p.Slug, list)
			}
		}
		if got := files[".github/workflows/policies.yml"] != nil; got != s.Workflow {
			t.Errorf("a workflow: %v", got)
		}
	}
}

// The texts insert values of the config, and have a placeholder for a missing one.
func TestValues(t *testing.T) {
	t.Parallel()
	s := starter.Site{Organization: "Acme", Email: "a@acme.example", Policies: "privacy"}
	files, _, _ := s.Files()
	has := func(want bool) {
		t.Helper()
		loaded := load(t, files)
		list := placeholders(t, loaded, loaded.Library.Policies[0])
		if slices.Contains(list, "[[e-mail address]]") || slices.Contains(list, "[[postal address]]") != want {
			t.Errorf("to fill in: %q", list)
		}
	}
	has(true)
	config := strings.Replace(string(files["privgen.toml"]), "[organization]\n", "[organization]\naddress = \"1 Mill Lane\"\n", 1)
	files["privgen.toml"] = []byte(config)
	has(false)
}

// The texts in all languages have the same clauses, values, and number of placeholders.
func TestLanguages(t *testing.T) {
	t.Parallel()
	values := regexp.MustCompile(`\{\{.*?\}\}`)
	for _, slug := range append([]string{"refunds"}, starter.Kinds...) {
		var want []string
		for _, lang := range []string{"en", "de-AT", "es", "fr", "it", "nl", "pl"} {
			p := starter.Policy{Slug: slug, Language: lang}
			var have []string
			passages := 0
			text := string(p.Files()[p.Draft()])
			for line := range strings.Lines(text) {
				if _, id, ok := strings.Cut(line, "{#"); ok && strings.HasPrefix(line, "#") {
					have = append(have, id)
				}
				for i := strings.Index(line, "[["); i >= 0; i = strings.Index(line, "[[") {
					n := strings.Index(line[i:], "]]")
					if n < 0 || n > 420 || strings.ContainsAny(line[i+2:i+n], "[]") {
						t.Fatalf("%s in %s: %q is no placeholder", slug, lang, line)
					}
					line = line[i+n:]
					passages++
				}
			}
			have = append(append(have, fmt.Sprint(passages)), values.FindAllString(text, -1)...)
			if want == nil {
				want = have
			}
			if len(have) < 8 || !slices.Equal(have, want) {
				t.Errorf("%s in %s has %q,\nwant %q", slug, lang, have, want)
			}
		}
	}
}

func TestPolicy(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		policy   starter.Policy
		title    string
		settings string
	}{
		{starter.Policy{Slug: "privacy", Language: "de"}, "# Datenschutzerklärung\n", "title = \"Datenschutzerklärung\"\nkind = \"privacy\"\n"},
		{starter.Policy{Slug: "data-requests", Language: "en", Order: 2}, "# Data requests\n",
			"title = \"Data requests\"\nkind = \"other\"\norder = 2\n"},
		{starter.Policy{Slug: "agb", Title: "AGB", Language: "de", Own: true}, "# AGB\n",
			"title = \"AGB\"\nkind = \"other\"\nlanguage = \"de\"\n"},
		{starter.Policy{Slug: "cookie-notice", Language: "mt"}, "# [[Cookie notice]]\n\n[[This text is in English.", "kind = \"cookies\"\n"},
	} {
		files := test.policy.Files()
		draft := string(files["content/"+test.policy.Slug+"/draft.md"])
		settings := string(files["content/"+test.policy.Slug+"/policy.toml"])
		if !strings.HasPrefix(draft, test.title) || settings != test.settings {
			t.Errorf("%s: %.60q, %q", test.policy.Slug, draft, settings)
		}
	}
}

func TestAsk(t *testing.T) {
	t.Parallel()
	answers := []string{"Acme", "acme.example", "https://acme.example/", "no", "", "xx-yy-zz", "fr", "privacy,", "terms", "Yes"}
	var s starter.Site
	var complaints []string
	ask := func(string) (string, error) {
		answer := answers[0]
		answers = answers[1:]
		return answer, nil
	}
	if err := s.Ask(ask, func(p *source.Problem) { complaints = append(complaints, p.What) }); err != nil {
		t.Fatal(err)
	}
	want := starter.Site{Organization: "Acme", URL: "https://acme.example/", Language: "fr", Policies: "terms", Workflow: true}
	if s != want || len(complaints) != 4 {
		t.Errorf("%+v after %q", s, complaints)
	}
	gone := errors.New("gone")
	if err := s.Ask(func(string) (string, error) { return "", gone }, nil); err != gone {
		t.Error(err)
	}
	for _, wrong := range []starter.Site{{URL: "x"}, {Email: "x"}, {Language: "x y"}, {Policies: "a,a"}, {Policies: "index"}} {
		if files, _, problem := wrong.Files(); problem == nil || files != nil || problem.Do == "" {
			t.Errorf("%+v: %v", wrong, problem)
		}
	}
}

func TestAction(t *testing.T) {
	t.Parallel()
	commit := strings.Repeat("5a", 20)
	for _, test := range []struct{ version, commit, want string }{
		{"v1.2.3", commit, "privgen/privgen@" + commit + " # v1.2.3"},
		{"(devel)", commit, "privgen/privgen@" + strings.Repeat("0", 40) + " # write"},
		{"v1.2.4-0.20261128120000-5a5a5a5a5a5a+dirty", commit, "privgen/privgen@" + strings.Repeat("0", 40) + " # write"},
		{"v1.2.3", "", "privgen/privgen@" + strings.Repeat("0", 40) + " # write"},
	} {
		have := starter.Action(test.version, test.commit)
		if !strings.HasPrefix(have, test.want) {
			t.Errorf("%s: have %q, want %q", test.version, have, test.want)
		}
		files, _, problem := (&starter.Site{Workflow: true, Action: have}).Files()
		if text := string(files[".github/workflows/policies.yml"]); problem != nil || !strings.Contains(text, "- uses: "+have+"\n") {
			t.Errorf("the workflow is %s", text)
		}
	}
}

func TestReport(t *testing.T) {
	t.Parallel()
	files, policies, _ := (&starter.Site{Policies: "privacy"}).Files()
	if names := slices.Sorted(maps.Keys(files)); !slices.Contains(names, ".gitignore") {
		t.Error(names)
	}
	var b strings.Builder
	starter.Report(&b, "acme", policies, day.Of(time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC), time.UTC))
	for _, want := range []string{"content/privacy/draft.md", "cd acme && privgen serve", "privgen release privacy --effective 2026-03-01"} {
		if !strings.Contains(b.String(), want) {
			t.Errorf("no %q in %s", want, &b)
		}
	}
	for lang, want := range map[string]bool{"de-AT": false, "sv": true} {
		_, policies, _ = (&starter.Site{Language: lang}).Files()
		b.Reset()
		starter.Report(&b, "acme", policies, day.Day{Year: 2026, Month: 3, Dom: 1})
		if have := strings.Contains(b.String(), "there are no starter texts in \"sv\": the drafts are in English"); have != want {
			t.Errorf("in %s: %s", lang, &b)
		}
	}
}
