package main

import (
	"context"
	"fmt"
	"os"
	"strings"

	"github.com/spf13/cobra"

	"github.com/privgen/privgen/internal/hint"
	"github.com/privgen/privgen/internal/markdown"
	"github.com/privgen/privgen/internal/notice"
	"github.com/privgen/privgen/internal/policy"
	"github.com/privgen/privgen/internal/redline"
	"github.com/privgen/privgen/internal/site"
	"github.com/privgen/privgen/internal/source"
	"github.com/privgen/privgen/internal/terminal"
)

// A comparing is one run of redline.
type comparing struct {
	*program
	config, at, lang  string
	form              string
	plain, stat, html bool
	exitCode          bool
}

func redlineCommand(p *program) *cobra.Command {
	r := &comparing{program: p}
	c := command{Use: "redline [POLICY] [A..B]", args: redlineArguments, run: r.run,
		complete: func(c *cobra.Command, args []string, word string) ([]string, cobra.ShellCompDirective) {
			list, directive := of(&r.config, versionPairs)(c, args, word)
			if len(args) == 0 {
				directive = cobra.ShellCompDirectiveDefault // or files
			}
			return list, directive
		}, flags: []any{"config", &r.config, "at", &r.at, "lang", &r.lang, "plain", &r.plain, "stat", &r.stat,
			"html", &r.html, "form", &r.form, "exit-code", &r.exitCode, "json", &p.json}}
	return withLanguages(c.cobra(), &r.config)
}

// redlineArguments checks the number of arguments, and how two versions are written.
func redlineArguments(c *cobra.Command, args []string) error {
	if do := hint.Redline(args); do != "" && !(len(args) == 2 && isFile(args[0])) {
		return source.Usage(fmt.Sprintf("%q is not two versions", strings.Join(args, " ")), do)
	}
	return atMost(2)(c, args)
}

// versionPairs completes to a policy, and then to A..B.
func versionPairs(n site.Names, args []string, word string) (list []string) {
	switch len(args) {
	case 0:
		return n.Slugs()
	case 1:
		first, _, both := strings.Cut(word, "..")
		for _, id := range append(n.Versions(args[0]), "in-force") {
			if id += ".."; both {
				id = first + ".." + strings.TrimSuffix(id, "..")
			}
			list = append(list, id)
		}
	}
	return list
}

// A side is one of the two texts to compare.
type side struct {
	name string // a version's id, or a file
	lang string
	body *markdown.Body
}

func (r *comparing) run(_ context.Context, args []string) (err error) {
	if r.form != "" && (r.form != "table" || !r.html) {
		return source.Usage("--form "+r.form+" is not a form of a redline", "write --html --form table, or omit --form")
	}
	v := &redlineView{}
	if len(args) == 2 && isFile(args[0]) && isFile(args[1]) {
		renderer := markdown.NewRenderer(1 << 20)
		if v.before, err = fileSide(renderer, args[0]); err == nil {
			v.after, err = fileSide(renderer, args[1])
		}
		v.after.lang = r.lang
	} else {
		err = r.versions(v, args)
	}
	if err != nil {
		return err
	}
	v.redline = redline.Compare(v.before.body, v.after.body)
	switch {
	case r.json:
		err = terminal.PrintJSON(r.out, v.report())
	case r.html:
		_, err = terminal.Document(r.out).Write(notice.Standalone(v.redline, &notice.Comparison{
			Name: v.name(), Before: v.before.name, After: v.after.name, Lang: v.after.lang, Table: r.form == "table"}))
	case r.stat:
		err = v.stat(r.out)
	default:
		err = v.print(r.out, terminal.Colored(r.out, r.plain))
	}
	if err == nil && r.exitCode && v.redline.Verdict > redline.Rewrapped {
		err = &problems{} // for the exit code; the changes are printed
	}
	return err
}

func isFile(name string) bool {
	info, err := os.Stat(name)
	return err == nil && info.Mode().IsRegular()
}

// fileSide parses a file outside of a site. It accepts content that a site would
// reject, because the text is not published.
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

// versions sets the two versions of a policy of the site to compare.
func (r *comparing) versions(v *redlineView, args []string) error {
	pair := ""
	if len(args) > 0 {
		pair = args[len(args)-1]
	}
	drafts := !strings.Contains(pair, "..") || strings.Contains(pair, "draft")
	s, pol, rest, err := openPolicy(r.config, r.at, args, drafts)
	if err != nil {
		return err
	}
	defer s.Close()
	v.what = pol.Slug
	before, after, err := site.VersionsOf(pol, pol.At(s.now), rest)
	if err != nil {
		return err
	}
	if v.before, err = versionSide(s.Site, before, r.lang); err != nil {
		return err
	}
	v.after, err = versionSide(s.Site, after, r.lang)
	return err
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
