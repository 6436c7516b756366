package starter

import (
	"cmp"
	_ "embed"
	"fmt"
	"maps"
	"slices"
	"strings"

	"golang.org/x/text/language"

	"github.com/privgen/privgen/internal/config"
	"github.com/privgen/privgen/internal/site"
	"github.com/privgen/privgen/internal/source"
	"github.com/privgen/privgen/internal/toml"
)

// Kinds are the policies that a new site can start with.
var Kinds = []string{"privacy", "cookies", "terms"}

// A Site has the answers of its owner. The zero Site has placeholders instead, and
// all policies.
type Site struct {
	Title        string // empty: the organization's name
	Organization string
	URL          string // of the policies' site
	Email        string
	Language     string
	Policies     string // separated by commas
	Workflow     bool   // add a workflow of GitHub Actions
	Settings     string // of the theme plain, as comments for the config
	Action       string // the action that the workflow uses
}

// The defaults.
const (
	unnamed         = "[[Your organization]]"
	exampleURL      = "https://legal.example.com/"
	defaultLanguage = "en-GB"
)

// Ask asks all questions with ask, which asks one and returns the answer. After a
// wrong answer it calls complain with the reason, and repeats the question. It
// returns the first error of ask.
func (s *Site) Ask(ask func(question string) (string, error), complain func(*source.Problem)) error {
	workflow := ""
	for _, q := range []struct {
		question string
		to       *string
	}{
		{"Name of your organization (Enter to decide later): ", &s.Organization},
		{"URL at which the policies will be (" + exampleURL + "): ", &s.URL},
		{"E-mail address for questions about them (Enter for none): ", &s.Email},
		{"Language of the policies (" + defaultLanguage + "): ", &s.Language},
		{"Policies (" + strings.Join(Kinds, ", ") + "): ", &s.Policies},
		{"Add a workflow of GitHub Actions that checks each change and publishes? [y/N] ", &workflow},
	} {
		for {
			answer, err := ask(q.question)
			if err != nil {
				return err
			}
			*q.to = strings.TrimSpace(answer)
			_, _, problem := s.Files()
			if problem == nil {
				break
			}
			complain(problem)
		}
	}
	s.Workflow = strings.HasPrefix(strings.ToLower(workflow), "y")
	return nil
}

// Files returns the files of the site, except its schema, and its policies, or the
// problem of an answer.
func (s *Site) Files() (map[string][]byte, []*Policy, *source.Problem) {
	lang := cmp.Or(s.Language, defaultLanguage)
	var policies []*Policy
	for slug := range strings.SplitSeq(cmp.Or(s.Policies, strings.Join(Kinds, ",")), ",") {
		slug = strings.TrimSpace(slug)
		if problem := site.CheckSlug(slug); problem != nil {
			return nil, nil, source.Usage(problem.What, problem.Do)
		}
		if slices.ContainsFunc(policies, func(p *Policy) bool { return p.Slug == slug }) {
			return nil, nil, source.Usage(fmt.Sprintf("the policy %q is named twice", slug), "name it once")
		}
		policies = append(policies, &Policy{Slug: slug, Language: lang, Order: len(policies) + 1})
	}
	// File names and URLs have one form of a tag, and people write others.
	if tag, err := language.Parse(lang); err == nil {
		lang = tag.String()
	}
	home := ""
	if len(policies) == 1 {
		home = policies[0].Slug
	}
	file := &source.File{Name: site.ConfigFile, Text: s.Config(lang, home)}
	if _, problems := config.Parse(file); problems != nil {
		return nil, nil, source.Usage(problems[0].What, problems[0].Do)
	}
	files := map[string][]byte{
		site.ConfigFile: file.Text,
		".gitignore":    []byte(Ignored),
	}
	if s.Workflow {
		files[".github/workflows/policies.yml"] = []byte(strings.Replace(workflow, "ACTION", s.Action, 1))
	}
	for _, p := range policies {
		p.Language = lang
		maps.Copy(files, p.Files())
	}
	return files, policies, nil
}

// Config returns the text of privgen.toml. The slug home is that of the policy that is the
// home page, or "". Missing answers are placeholders, or commented out.
func (s *Site) Config(lang, home string) []byte {
	var b strings.Builder
	name := cmp.Or(s.Organization, unnamed)
	fmt.Fprintf(&b, "#:schema ./privgen.schema.json\n\n[site]\ntitle = %s\n",
		toml.Quote(cmp.Or(s.Title, name)))
	fmt.Fprintf(&b, "base_url = %s   # the URL of this site, with a path if it has one\n",
		toml.Quote(cmp.Or(s.URL, exampleURL)))
	fmt.Fprintf(&b, "language = %s   # a region decides how dates are written: en-GB, en-US\n", toml.Quote(lang))
	b.WriteString("# time_zone = \"Europe/London\"   # in which days begin; without it, UTC\n")
	if home != "" {
		fmt.Fprintf(&b, "home = %q   # shown at the root of the site\n", home)
	}
	fmt.Fprintf(&b, "\n# The texts insert these: {{organization.name}}, {{organization.address}} ...\n"+
		"[organization]\nname = %s\n", toml.Quote(name))
	if s.Email != "" {
		fmt.Fprintf(&b, "email = %s\n", toml.Quote(s.Email))
	} else {
		b.WriteString("# email = \"privacy@example.com\"\n")
	}
	b.WriteString(`# phone = "+44 1632 960123"
# address = """
# 1 Example Street
# Exampletown"""

[theme]
name = "plain"   # others: privgen theme list
`)
	b.WriteString(s.Settings)
	return []byte(b.String())
}

// Ignored is a .gitignore: it excludes what builds write from version control.
//
//go:embed text/gitignore
var Ignored string

// workflow checks each change and shows its redlines. It also runs once a day, because
// versions take effect at the beginning of a day. Files replaces ACTION.
//
//go:embed text/workflow.yml
var workflow string

// Action returns the action of this repository as workflows use it, pinned to the
// commit of a release. For a version that is not a release, or without a commit, the
// commit is zeros, and a run fails.
func Action(version, commit string) string {
	if len(commit) != 40 || !strings.HasPrefix(version, "v") || strings.ContainsAny(version, "+-") {
		return "privgen/privgen@" + strings.Repeat("0", 40) + " # write the commit and version of your release"
	}
	return "privgen/privgen@" + commit + " # " + version
}
