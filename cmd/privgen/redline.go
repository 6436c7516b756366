package main

import (
	"fmt"
	"os"
	"strings"

	"github.com/spf13/cobra"

	"github.com/privgen/privgen/internal/markdown"
	"github.com/privgen/privgen/internal/policy"
	"github.com/privgen/privgen/internal/redline"
	"github.com/privgen/privgen/internal/site"
	"github.com/privgen/privgen/internal/source"
)

const redlineHelp = `Usage:
  privgen redline [POLICY] [A..B] [flags]
  privgen redline OLD.md NEW.md [flags]

Prints what changed from version A to version B of a policy, or from one file
to another. A and B are ids of versions, in-force, or draft. The default is
from the version in force to the upcoming one, else to the draft, else from
the version before to the one in force. POLICY can be omitted if there is only
one policy. Unchanged clauses are omitted.

On a terminal, deletions are struck through and additions underlined, unless
NO_COLOR is set. Elsewhere deletions are [-...-] and additions {+...+}. Other
changes follow in parentheses: the target of a link before and after, where a
passage moved, list numbers. A marked paragraph sign shows that a paragraph
was split or two were joined; an unmarked one, that a line is now in another
structure, such as a list. Unchanged words count as neither.

Flags:
  --config FILE   the config; by default the nearest privgen.toml
  --at DAY        the day for which in-force is resolved; by default today
  --lang TAG      compare the texts in this language; by default in the
                  authoritative one
  --plain         no color, even on a terminal
  --stat          print only how much changed, and in which clauses
  --html          print a complete page, for a browser
  --json          print what changed as JSON
  --help          show this

Example:
  privgen redline privacy --stat
`

type redlineFlags struct {
	config, at, lang  string
	plain, stat, html bool
}

func (p *program) redlineCommand() *cobra.Command {
	var f redlineFlags
	c := &cobra.Command{
		Use: "redline [POLICY] [A..B]",
		Args: func(c *cobra.Command, args []string) error {
			if len(args) > 2 {
				return source.Usage(fmt.Sprintf("too many arguments: %q", args[2]), "run: privgen redline --help")
			}
			return nil
		},
		RunE: func(_ *cobra.Command, args []string) error { return p.redline(args, f) },
	}
	c.Flags().StringVar(&f.config, "config", "", "")
	c.Flags().StringVar(&f.at, "at", "", "")
	c.Flags().StringVar(&f.lang, "lang", "", "")
	c.Flags().BoolVar(&f.plain, "plain", false, "")
	c.Flags().BoolVar(&f.stat, "stat", false, "")
	c.Flags().BoolVar(&f.html, "html", false, "")
	c.Flags().BoolVar(&p.json, "json", false, "")
	c.ValidArgsFunction = func(_ *cobra.Command, args []string, _ string) ([]string, cobra.ShellCompDirective) {
		if len(args) > 0 {
			return nil, cobra.ShellCompDirectiveNoFileComp
		}
		return slugs(f.config), cobra.ShellCompDirectiveDefault
	}
	setHelp(c, redlineHelp)
	return c
}

// A side is one of the two texts to compare.
type side struct {
	name string // a version's id, or a file
	lang string
	body *markdown.Body
}

func (p *program) redline(args []string, f redlineFlags) error {
	var what string
	var a, b side
	var err error
	if len(args) == 2 && isFile(args[0]) && isFile(args[1]) {
		renderer := markdown.NewRenderer(1 << 20)
		if a, err = fileSide(renderer, args[0]); err == nil {
			b, err = fileSide(renderer, args[1])
		}
	} else {
		what, a, b, err = siteSides(args, f)
	}
	if err != nil {
		return err
	}
	v := &redlineView{what: what, before: a, after: b, redline: redline.Compare(a.body, b.body)}
	switch {
	case p.json:
		return printJSON(p.out, v.report())
	case f.html:
		return v.page(document(p.out))
	case f.stat:
		return v.stat(p.out)
	}
	return v.print(p.out, !f.plain && isTerminal(p.out) && os.Getenv("NO_COLOR") == "")
}

func isFile(name string) bool {
	info, err := os.Stat(name)
	return err == nil && info.Mode().IsRegular()
}

// fileSide parses a file outside of a site. It accepts content that a site
// would reject, because the file is only read.
func fileSide(renderer *markdown.Renderer, name string) (side, error) {
	raw, err := os.ReadFile(name)
	if err != nil {
		return side{}, err
	}
	f, problem := source.Parse(name, raw)
	if problem != nil {
		return side{}, one(problem, "")
	}
	start, problem := policy.TextStart(f)
	if problem != nil {
		return side{}, one(problem, "")
	}
	body, _ := renderer.Parse(f, start, markdown.Rules{HTML: "sanitize", DeadLinks: "keep", Images: "link"})
	return side{name: name, body: body}, nil
}

// siteSides finds two versions of a policy of the site.
func siteSides(args []string, f redlineFlags) (slug string, a, b side, err error) {
	files, _, name, err := openSite(f.config)
	if err != nil {
		return "", a, b, err
	}
	defer files.Close()
	pair := ""
	if len(args) > 0 {
		pair = args[len(args)-1]
	}
	s, err := loadAsked(files, name, args, !strings.Contains(pair, "..") || strings.Contains(pair, "draft"))
	if err != nil {
		return "", a, b, err
	}
	now, err := moment(f.at, s)
	if err != nil {
		return "", a, b, err
	}
	pol, rest, err := policyOf(s, args)
	if err != nil {
		return "", a, b, err
	}
	before, after, err := versionsOf(pol, pol.At(now), rest)
	if err != nil {
		return "", a, b, err
	}
	for _, one := range []struct {
		to *side
		v  *policy.Version
	}{{&a, before}, {&b, after}} {
		if *one.to, err = versionSide(s, one.v, f.lang); err != nil {
			return "", a, b, err
		}
	}
	return pol.Slug, a, b, nil
}

func versionSide(s *site.Site, v *policy.Version, lang string) (side, error) {
	t := v.Authoritative()
	if lang != "" {
		if t = v.In(lang); t == nil {
			return side{}, source.Usage(fmt.Sprintf("version %s has no text in %q", v.ID, lang),
				"omit --lang for the authoritative text")
		}
	}
	body, err := s.Library.Body(t)
	return side{v.ID, t.Lang, body}, err
}

// policyOf returns the requested policy, and the remaining arguments.
func policyOf(s *site.Site, args []string) (*policy.Policy, []string, error) {
	all := s.Ordered()
	var known []string
	for _, p := range all {
		known = append(known, p.Slug)
	}
	list := "the policies are: " + strings.Join(known, ", ")
	if len(args) > 0 {
		if p := s.Library.Policy(args[0]); p != nil {
			return p, args[1:], nil
		}
		if len(args) == 2 || !strings.Contains(args[0], "..") {
			return nil, nil, source.Usage(fmt.Sprintf("there is no policy %q", args[0]), list)
		}
	}
	if len(all) != 1 {
		return nil, nil, source.Usage("missing: POLICY", list)
	}
	return all[0], args, nil
}

// versionsOf returns the two requested versions.
func versionsOf(p *policy.Policy, st policy.Status, args []string) (before, after *policy.Version, err error) {
	if len(args) == 0 {
		i := st.InForce
		if now := st.Current(); now != nil && st.Upcoming() == nil && p.Draft != nil {
			return now, p.Draft, nil
		}
		if i < 0 || i+1 < len(st.Versions) {
			i++
		}
		if len(st.Versions) == 0 && p.Draft != nil {
			return nil, nil, source.Usage(
				fmt.Sprintf("the policy %s has only a draft, so there is nothing to compare", p.Slug),
				"read it with: privgen resolve "+p.Slug)
		}
		if i < 1 {
			return nil, nil, source.Usage(fmt.Sprintf("the policy %s has only one version, so there is nothing to "+
				"compare", p.Slug), "name two files: privgen redline OLD.md NEW.md")
		}
		return st.Versions[i-1], st.Versions[i], nil
	}
	from, to, ok := strings.Cut(args[0], "..")
	if !ok {
		return nil, nil, source.Usage(fmt.Sprintf("%q is not two versions", args[0]),
			"write their ids with two dots between them: 2024-03-01..2026-01-01")
	}
	if before, err = versionOf(p, st, from); err != nil {
		return nil, nil, err
	}
	after, err = versionOf(p, st, to)
	return before, after, err
}

func versionOf(p *policy.Policy, st policy.Status, id string) (*policy.Version, error) {
	if id == "in-force" {
		if v := st.Current(); v != nil {
			return v, nil
		}
		return nil, source.Usage(fmt.Sprintf("no version of the policy %s is in force", p.Slug),
			"name a version by its id, or write draft if there is one")
	}
	if v := p.Version(id); v != nil {
		return v, nil
	}
	if id == "draft" {
		if p.Draft != nil {
			return p.Draft, nil
		}
		return nil, source.Usage(fmt.Sprintf("the policy %s has no draft", p.Slug),
			"start one with: privgen new "+p.Slug+" --draft")
	}
	var ids []string
	for _, v := range p.Versions[max(0, len(p.Versions)-8):] {
		ids = append(ids, v.ID)
	}
	if len(ids) == 0 {
		return nil, source.Usage(fmt.Sprintf("the policy %s has no version %q", p.Slug, id),
			"it has only a draft: write draft")
	}
	return nil, source.Usage(fmt.Sprintf("the policy %s has no version %q", p.Slug, id),
		"the newest are: "+strings.Join(ids, ", ")+"; or write in-force")
}
