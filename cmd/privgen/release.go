package main

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"github.com/privgen/privgen/internal/day"
	"github.com/privgen/privgen/internal/disk"
	"github.com/privgen/privgen/internal/record"
	"github.com/privgen/privgen/internal/redline"
	"github.com/privgen/privgen/internal/release"
	"github.com/privgen/privgen/internal/site"
	"github.com/privgen/privgen/internal/source"
	"github.com/privgen/privgen/internal/terminal"
)

// A releasing is one run of release.
type releasing struct {
	*program
	config             string
	dryRun, yes, plain bool
	request            release.Request
	*release.Release
	site *openedSite
	view *redlineView // nil for the first version
}

func releaseCommand(p *program) *cobra.Command {
	r := &releasing{program: p}
	q := &r.request
	c := command{Use: "release POLICY", args: arguments("POLICY"), run: r.run,
		complete: slugs(&r.config, 1), flags: []any{"effective", &q.Effective, "updated", &q.Updated,
			"label", &q.Label, "summary", &q.Summary, "change", &q.Changes, "material", &q.Material,
			"reason", &q.Reason, "dry-run", &r.dryRun, "yes", &r.yes, "config", &r.config, "plain", &r.plain,
			"json", &p.json}}
	return c.cobra()
}

func (r *releasing) run(ctx context.Context, args []string) (err error) {
	slug := args[0]
	in := site.Input{Drafts: func(s string) bool { return s == slug }}
	var refused error // the error of a command line that is wrong for this site
	r.site, err = openBy(r.config, "", in, func(o *openedSite, in site.Input) (*site.Site, error) {
		in.Check = func(s *site.Site) (list source.Problems) {
			list, refused = r.guard(o, s, args)
			return list
		}
		return load(in)
	})
	if err != nil {
		return noted(err, "nothing was released")
	}
	defer r.site.Close()
	if refused != nil {
		return failed(nil, refused, "")
	}
	if err := r.compare(); err != nil {
		return err
	}
	if !r.json {
		if err := r.show(); err != nil {
			return err
		}
	}
	if r.dryRun {
		return r.report(false)
	}
	if err := r.confirm(ctx, fmt.Sprintf("Release %s as version %s?", slug, r.ID), r.yes); err != nil {
		return err
	}
	if err := disk.Commit(r.site.dir, disk.Change{Create: r.Files, Replace: r.Lock.Replace()}); err != nil {
		return failed(nil, err, "")
	}
	return r.report(true)
}

// guard prepares the release of a draft, and returns problems that prevent it.
func (r *releasing) guard(o *openedSite, s *site.Site, args []string) (list source.Problems, err error) {
	if s.Library.Doubts(args[0]) {
		return nil, nil // it may be loaded wrongly, and its problems are reported
	}
	if r.request.Policy, _, err = s.PolicyOf(args); err != nil {
		return nil, err
	}
	now, err := moment("", s)
	if err != nil {
		return nil, err
	}
	r.request.Files, r.request.Today = o.files, day.Of(now, s.Config.Zone())
	r.Release, list, err = release.New(s, r.request)
	return list, err
}

// compare compares the version with the one before it.
func (r *releasing) compare() error {
	if r.Before == nil {
		return nil
	}
	before, err := versionSide(r.site.Site, r.Before, "")
	if err != nil {
		return err
	}
	after, err := versionSide(r.site.Site, r.Draft, "")
	if err != nil {
		return err
	}
	r.view = &redlineView{what: r.Policy.Slug, before: before, after: after,
		redline: redline.Compare(before.body, after.body)}
	return nil
}

// show prints what changed and what will be written.
func (r *releasing) show() error {
	if r.view != nil {
		if err := r.view.print(r.out, terminal.Colored(r.out, r.plain)); err != nil {
			return err
		}
		fmt.Fprintln(r.out)
	}
	e := r.Lock.Added[0]
	fmt.Fprintf(r.out, "%s %s takes effect on %s, last updated on %s\n", r.Policy.Slug, r.ID, e.Effective, e.Updated)
	if r.view == nil {
		fmt.Fprintln(r.out, "  it is the first version")
	}
	if r.Term != nil {
		fmt.Fprintf(r.out, "  %s\n", r.Term)
	}
	for _, line := range []struct{ label, text string }{
		{"label", r.FrontMatter.Label}, {"summary", r.FrontMatter.Summary},
		{"change", strings.Join(r.FrontMatter.Changes, "\n")}, {"reason", r.request.Reason},
	} {
		for text := range strings.Lines(line.text) {
			fmt.Fprintf(r.out, "  %s: %s\n", line.label, strings.TrimSuffix(text, "\n"))
		}
	}
	if r.FrontMatter.Material {
		fmt.Fprintln(r.out, "  the change is material")
	}
	for _, name := range slices.Sorted(maps.Keys(r.Files)) {
		fmt.Fprintf(r.out, "  %s\n", name)
	}
	if r.dryRun || !r.yes {
		for line := range strings.Lines(r.Fallbacks(false)) {
			fmt.Fprint(r.out, "  ", line)
		}
	}
	return nil
}

// A releaseReport is the result of release as JSON.
type releaseReport struct {
	Policy    string         `json:"policy"`
	Version   string         `json:"version"`
	Effective string         `json:"effective"`
	Updated   string         `json:"updated"`
	Released  bool           `json:"released"` // false with --dry-run
	Files     []string       `json:"files"`
	Lacks     []string       `json:"untranslated,omitempty"` // languages of the policy that the version lacks
	Redline   *redlineReport `json:"redline"`                // null for the first version
}

func (r *releasing) report(done bool) error {
	e := r.Lock.Added[0]
	if r.json {
		out := releaseReport{r.Policy.Slug, r.ID, e.Effective.String(), e.Updated.String(), done,
			slices.Sorted(maps.Keys(r.Files)), r.Untranslated, nil}
		if r.view != nil {
			view := r.view.report()
			out.Redline = &view
		}
		return terminal.PrintJSON(r.out, out)
	}
	if !done {
		fmt.Fprintln(r.out, wroteNothing)
		return nil
	}
	fmt.Fprintf(r.out, "released; commit it: git add %s %s\n", site.Content, record.File)
	if n := len(r.site.Record().Missing(r.site.Library)); n > 0 {
		are := map[bool]string{true: "is", false: "are"}[n == 1]
		fmt.Fprintf(r.out, "%s of earlier versions %s not in the lock file yet; to protect them too: privgen lock\n",
			source.Count(n, "text"), are)
	}
	if e.Effective.In(r.site.Config.Zone()).Compare(r.site.today) > 0 {
		fmt.Fprintf(r.out, "it is announced with the next build, and takes effect with the first on or after %s\n",
			e.Effective)
		if r.Term != nil {
			fmt.Fprintf(r.out, "publish it and send the notice today: privgen notice %s\n", r.Policy.Slug)
		}
	}
	fmt.Fprint(r.out, r.Fallbacks(true))
	return nil
}
