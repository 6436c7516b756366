package main

import (
	"context"
	"fmt"
	"maps"
	"os"
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
)

const releaseHelp = `Usage:
  privgen release POLICY --effective DAY [flags]

Releases the draft of a policy, with its translations, as a version. First it
shows what changed since the newest version and asks for confirmation. Then it
writes the resolved text with its front matter to content/POLICY/DAY.md, and
records it in privgen.lock. The draft stays as it is: it is the start of the
next version. Flags replace the draft's own front matter.

These are refused: an unchanged text, a day before the newest version's, a
material change without a new summary, placeholders, and changes that break
links to clauses. So are a missing translation (required_translations in
policy.toml) and a notice period that is too short (notice_days).

Flags:
  --effective DAY   when it takes effect: a day, or an instant with an offset
  --updated DAY     when the text was last changed; default: today
  --label NAME      the name that people use for the version
  --summary TEXT    what changed, in a sentence or two
  --change TEXT     one point of what changed; may be repeated
  --material        the change affects readers' rights or duties
  --reason TEXT     why it takes effect before its notice period ends
  --dry-run         show everything, and write nothing
  --yes             do not ask for confirmation
  --config FILE     the config of the site, if it is not the nearest
  --plain           no color
  --json            print the report as JSON
  --help            show this

Example:
  privgen release privacy --effective 2027-06-01 --dry-run
`

type releaseFlags struct {
	config, effective, updated, label, summary, reason string
	changes                                            []string
	material, dryRun, yes, plain                       bool
}

func (p *program) releaseCommand() *cobra.Command {
	var f releaseFlags
	c := &cobra.Command{
		Use:  "release POLICY",
		Args: arguments("POLICY"),
		RunE: func(c *cobra.Command, args []string) error { return p.release(c.Context(), args[0], f) },
	}
	c.Flags().StringVar(&f.effective, "effective", "", "")
	c.Flags().StringVar(&f.updated, "updated", "", "")
	c.Flags().StringVar(&f.label, "label", "", "")
	c.Flags().StringVar(&f.summary, "summary", "", "")
	c.Flags().StringArrayVar(&f.changes, "change", nil, "")
	c.Flags().BoolVar(&f.material, "material", false, "")
	c.Flags().StringVar(&f.reason, "reason", "", "")
	c.Flags().BoolVar(&f.dryRun, "dry-run", false, "")
	c.Flags().BoolVar(&f.yes, "yes", false, "")
	c.Flags().StringVar(&f.config, "config", "", "")
	c.Flags().BoolVar(&f.plain, "plain", false, "")
	c.Flags().BoolVar(&p.json, "json", false, "")
	c.ValidArgsFunction = func(_ *cobra.Command, args []string, _ string) ([]string, cobra.ShellCompDirective) {
		if len(args) > 0 {
			return nil, cobra.ShellCompDirectiveNoFileComp
		}
		return slugs(f.config), cobra.ShellCompDirectiveNoFileComp
	}
	setHelp(c, releaseHelp)
	return c
}

// A releasing is one run of release.
type releasing struct {
	*program
	releaseFlags
	*release.Release
	site  *site.Site
	today day.Day
	view  *redlineView // nil for the first version
}

func (p *program) release(ctx context.Context, slug string, f releaseFlags) error {
	files, dir, name, err := openSite(f.config)
	if err != nil {
		return err
	}
	defer files.Close()
	s, err := loadDraft(files, name, slug)
	if err != nil {
		return err
	}
	now, err := moment("", s)
	if err != nil {
		return err
	}
	pol, _, err := policyOf(s, []string{slug})
	if err != nil {
		return err
	}
	r := &releasing{program: p, releaseFlags: f, site: s, today: day.Of(now, s.Config.Zone())}
	var list source.Problems
	r.Release, list, err = release.New(s, release.Request{
		Policy: pol, Files: files, Today: r.today,
		Effective: f.effective, Updated: f.updated, Label: f.label, Summary: f.summary, Changes: f.changes,
		Material: f.material, Reason: f.reason,
	})
	if err := failed(list, err, "nothing was released"); err != nil {
		return err
	}
	if err := r.compare(); err != nil {
		return err
	}
	if !p.json {
		if err := r.show(); err != nil {
			return err
		}
	}
	if f.dryRun {
		return r.report(false)
	}
	if err := p.confirm(ctx, fmt.Sprintf("Release %s as version %s?", slug, r.ID), f.yes); err != nil {
		return err
	}
	if err := disk.Commit(dir, disk.Change{Create: r.Files, Replace: r.Lock.Replace()}); err != nil {
		return environmentOrProblem(err)
	}
	return r.report(true)
}

// compare compares the version with the one before it.
func (r *releasing) compare() error {
	if r.Before == nil {
		return nil
	}
	before, err := versionSide(r.site, r.Before, "")
	if err != nil {
		return err
	}
	after, err := versionSide(r.site, r.Draft, "")
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
		if err := r.view.print(r.out, !r.plain && isTerminal(r.out) && os.Getenv("NO_COLOR") == ""); err != nil {
			return err
		}
		fmt.Fprintln(r.out)
	}
	e := r.Lock.Added[0]
	fmt.Fprintf(r.out, "%s %s takes effect on %s, last updated on %s\n", r.Policy.Slug, r.ID, e.Effective, e.Updated)
	if r.view == nil {
		fmt.Fprintln(r.out, "  it is the first version")
	}
	for _, line := range []struct{ label, text string }{
		{"label", r.FrontMatter.Label}, {"summary", r.FrontMatter.Summary},
		{"change", strings.Join(r.FrontMatter.Changes, "\n")}, {"reason", r.reason},
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
	for _, lang := range r.Untranslated {
		fmt.Fprintf(r.out, "  no translation into %s, which version %s has\n", lang, r.Before.ID)
	}
	return nil
}

// A releaseReport is what release did, for programs.
type releaseReport struct {
	Policy    string         `json:"policy"`
	Version   string         `json:"version"`
	Effective string         `json:"effective"`
	Updated   string         `json:"updated"`
	Released  bool           `json:"released"` // false with --dry-run
	Files     []string       `json:"files"`
	Lacks     []string       `json:"untranslated,omitempty"` // languages that the version before has
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
		return printJSON(r.out, out)
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
	if e.Effective.In(r.site.Config.Zone()).Compare(r.today) > 0 {
		fmt.Fprintf(r.out, "it is announced with the next build, and takes effect with the first on or after %s\n",
			e.Effective)
	}
	return nil
}
