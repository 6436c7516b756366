package main

import (
	"cmp"
	"context"
	"fmt"
	"maps"
	"os"
	"path"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"github.com/privgen/privgen/internal/day"
	"github.com/privgen/privgen/internal/disk"
	"github.com/privgen/privgen/internal/policy"
	"github.com/privgen/privgen/internal/record"
	"github.com/privgen/privgen/internal/redline"
	"github.com/privgen/privgen/internal/site"
	"github.com/privgen/privgen/internal/source"
)

const releaseHelp = `Usage:
  privgen release POLICY --effective DAY [flags]

Freezes the draft of a policy, and its translations, as a version: shows what
changed since the newest version, asks, then writes the resolved text with its
front matter to content/POLICY/DAY.md, and the record to privgen.lock. The
draft stays as it is, as the start of the next version. What the draft's own
front matter says holds, where no flag says otherwise.

Refused are an empty change, a day before the newest version's, a material
change without a summary of its own, placeholders, ids of clauses that links
may lead to and that are gone, and what policy.toml asks for: translations
(required_translations), notice (notice_days).

Flags:
  --effective DAY   when it takes effect: a day, or an instant with its offset
  --updated DAY     when the text was last changed; without it, today
  --label NAME      what people call the version
  --summary TEXT    what changed, in a sentence or two
  --change TEXT     what changed, a point; may be given several times
  --material        the change matters to readers' rights or duties
  --reason TEXT     why it takes effect sooner than its notice period
  --dry-run         show everything, and write nothing
  --yes             do not ask
  --config FILE     the config; without it, the nearest privgen.toml
  --plain           no colour, on terminals too
  --json            print what was, or would be, released as JSON
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

// A releasing is one release under way.
type releasing struct {
	releaseFlags
	site   *site.Site
	policy *policy.Policy
	draft  *policy.Version
	before *policy.Version // the newest that was released and not withdrawn, or nil
	same   bool            // the draft says what the version before says, but for its own days
	today  day.Day

	id       string
	matter   policy.Matter // of the authoritative text
	problems source.Problems
	files    map[string][]byte
	entries  []*record.Entry
	view     *redlineView // nil for the first version
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
	if err := needFormat2(s); err != nil {
		return err
	}
	now, err := moment("", s)
	if err != nil {
		return err
	}
	r := &releasing{releaseFlags: f, site: s, today: day.Of(now, s.Config.Zone()), files: map[string][]byte{}}
	if err := r.find(files, slug); err != nil {
		return err
	}
	if err := r.dates(); err != nil {
		return err
	}
	if err := r.settle(); err != nil {
		return err
	}
	if r.id, err = freeID(files, path.Join(site.Content, slug), r.matter.Effective.In(s.Config.Zone())); err != nil {
		return err
	}
	if err := r.judge(); err != nil {
		return err
	}
	if len(r.problems) > 0 {
		return &problems{r.problems, "nothing was released"}
	}
	if err := r.write(); err != nil {
		return err
	}
	if !p.json {
		if err := r.show(p); err != nil {
			return err
		}
	}
	if f.dryRun {
		return r.report(p, false)
	}
	if err := p.confirm(ctx, fmt.Sprintf("Release %s as version %s?", slug, r.id), f.yes); err != nil {
		return err
	}
	rec := s.Record()
	if rec == nil {
		rec = &record.Record{}
	}
	for _, e := range r.entries {
		rec.Add(e, r.today)
	}
	rec.RecordNewSettings(s.ByRecord(), r.today)
	if err := disk.Commit(dir, disk.Change{Create: r.files, Replace: map[string][]byte{record.File: rec.Bytes()}}); err != nil {
		return worldOrProblem(err)
	}
	return r.report(p, true)
}

// find finds what is to be released.
func (r *releasing) find(files *disk.Site, slug string) error {
	pol, _, err := policyOf(r.site, []string{slug})
	if err != nil {
		return err
	}
	r.policy, r.draft = pol, pol.Draft
	if r.draft == nil {
		do := "start one with: privgen new " + slug + " --draft"
		if pol.File == path.Join(site.Content, slug+".md") {
			do = unfold(files, slug, r.site.Config.Zone()) + "\nthen start a draft with: privgen new " + slug + " --draft"
		}
		return &usageError{fmt.Sprintf("the policy %s has no draft", slug), do}
	}
	for _, v := range slices.Backward(pol.Versions) {
		if v.Matter.Withdrawn.IsZero() {
			r.before = v
			break
		}
	}
	if !pol.End.IsZero() {
		return &usageError{fmt.Sprintf("the policy %s is withdrawn on %s", slug, pol.Settings.Withdrawn), "to go on with it, remove withdrawn from its policy.toml"}
	}
	return nil
}

// dates puts together the front matter: what the draft says, and the flags.
func (r *releasing) dates() error {
	m := r.draft.Matter
	m.Withdrawn = day.Day{}
	if r.effective != "" {
		d, err := record.ParseDate(r.effective)
		if err != nil {
			return &usageError{fmt.Sprintf("--effective %s: %v", r.effective, err), "write a day: --effective 2027-01-31"}
		}
		m.Effective = d
	}
	if m.Effective.IsZero() {
		return &usageError{"nothing says when the version takes effect", "say it: --effective 2027-01-31"}
	}
	zone := r.site.Config.Zone()
	if _, ok := m.Effective.Begin(zone); !ok {
		return &usageError{fmt.Sprintf("%s does not exist in %s: the zone's clocks left it out", m.Effective, zone), "take the day before or after"}
	}
	if r.updated != "" {
		d, err := day.Parse(r.updated)
		if err != nil {
			return &usageError{fmt.Sprintf("--updated %s: %v", r.updated, err), "write a day: --updated 2026-12-15"}
		}
		m.Updated = d
	}
	if m.Updated.IsZero() && m.Effective.In(zone) != r.today {
		m.Updated = r.today
	}
	m.Label, m.Summary = cmp.Or(r.label, m.Label), cmp.Or(r.summary, m.Summary)
	if len(r.changes) > 0 {
		m.Changes = r.changes
	}
	m.Material = m.Material || r.material
	r.matter = m
	return nil
}

// settle gives the draft the days that its texts name. A draft that would be the
// version before if it had its days is the same as that one.
func (r *releasing) settle() error {
	draft := r.draft
	v, list, err := r.site.Library.Settle(draft, r.matter)
	if err == nil && len(list) > 0 {
		err = &problems{list.Sort(), "nothing was released"}
	}
	if err != nil {
		return err
	}
	r.draft = v
	if r.before != nil {
		as, list, err := r.site.Library.Settle(draft, r.before.Matter)
		if err != nil {
			return err
		}
		r.same = len(list) == 0 && as.Authoritative().Normal == r.before.Authoritative().Normal
	}
	return nil
}

func (r *releasing) problem(at source.Pos, code, what, do string) {
	r.problems = append(r.problems, source.NewProblem(at, code, what, do))
}

// judge finds every reason not to release.
func (r *releasing) judge() error {
	draft, zone := r.draft.Authoritative(), r.site.Config.Zone()
	file := source.In(draft.File)
	if u := r.matter.Updated; u.Compare(r.today) > 0 {
		r.problem(r.site.Library.Place(draft, "updated"), "future-stamp", fmt.Sprintf("the version would say that it was last updated on %s, and today is %s", u, r.today),
			"leave updated away, and it is today")
	}
	for _, t := range r.draft.Texts {
		b, err := r.site.Library.Body(t)
		if err != nil {
			return err
		}
		r.problems = append(r.problems, unreplaced(b, t.File)...)
		if old := r.beforeText(t); old != nil {
			gone, err := goneClauses(r.site, old, t)
			if err != nil {
				return err
			}
			r.problems = append(r.problems, gone...)
		}
	}
	for _, lang := range r.policy.Settings.Required {
		if r.draft.In(lang) == nil {
			r.problem(source.In(r.policy.File), "no-translation", fmt.Sprintf("the draft of %s has no translation into %s", r.policy.Slug, lang),
				fmt.Sprintf("write %s, or take %q off required_translations", strings.TrimSuffix(draft.File, ".md")+"."+lang+".md", lang))
		}
	}
	if r.matter.Material && r.matter.Summary == "" {
		r.problem(file, "missing-summary", "the change is material, and nothing tells readers what it is", "say it in a sentence or two: --summary \"...\"")
	}
	if r.before == nil {
		return nil
	}
	old := r.before.Authoritative()
	if r.same || old.Normal == draft.Normal {
		r.problem(file, "empty-change", fmt.Sprintf("the draft has the wording of version %s", r.before.ID),
			"change the draft first; a translation that was missing needs no release: copy it beside the version,\nsuch as "+strings.TrimSuffix(old.File, ".md")+".de.md, and run: privgen lock")
	} else if s := r.matter.Summary; s != "" && s == r.before.Matter.Summary {
		r.problem(r.site.Library.Place(draft, "summary"), "missing-summary", fmt.Sprintf("the summary is that of version %s", r.before.ID),
			"say what changes this time: --summary \"...\", or remove the summary from the draft")
	}
	begin, _ := r.matter.Effective.Begin(zone)
	if begin.Before(r.before.Begin) {
		r.problem(file, "earlier-day", fmt.Sprintf("the version would take effect on %s, before version %s does", r.matter.Effective, r.before.ID),
			fmt.Sprintf("take %s or later", r.before.Effective().In(zone)))
	}
	if was := r.before.Updated(zone); !r.before.Matter.Updated.IsZero() && r.matter.Updated.Compare(was) < 0 && !r.matter.Updated.IsZero() {
		r.problem(file, "stale-stamp", fmt.Sprintf("the version would say that it was last updated on %s; version %s says %s", r.matter.Updated, r.before.ID, was),
			"leave updated away, and it is today")
	}
	if r.reason == "" {
		if problem := shortNotice(r.site, r.policy, file, r.matter.Effective.In(zone), r.today); problem != nil {
			r.problems = append(r.problems, problem)
		}
	}
	return nil
}

// beforeText gives the text of the version before in the same language, or nil.
func (r *releasing) beforeText(t *policy.Text) *policy.Text {
	if r.before == nil {
		return nil
	}
	return r.before.In(t.Lang)
}

// write makes the files and the entries of the version.
func (r *releasing) write() error {
	by := r.site.ByRecord()
	for i, t := range r.draft.Texts {
		b, err := r.site.Library.Body(t)
		if err != nil {
			return err
		}
		m := r.matter
		name := path.Join(path.Dir(t.File), r.id+".md")
		if i > 0 {
			// A translation has the dates of its original.
			m = policy.Matter{Label: t.Matter.Label, Summary: t.Matter.Summary, Changes: t.Matter.Changes}
			name = path.Join(path.Dir(t.File), r.id+"."+t.Lang+".md")
		}
		m.Removed = t.Matter.Removed
		m.Aliases = carried(r.beforeText(t), t, b.IDs())
		r.files[name] = versionText(&m, b.Markdown())
		// The stamp is that of the version, whose dates the draft may lack.
		v := *r.draft
		v.ID, v.Matter = r.id, r.matter
		released := *t
		released.Version, released.Matter = &v, m
		e := &record.Entry{
			Key:     record.Key{Policy: r.policy.Slug, Version: r.id, Lang: t.Lang},
			Stamp:   record.StampOf(&released, r.site.Config.Zone()),
			Address: by.Address(r.policy.Slug, r.id, t.Lang),
			Digest:  t.Normal,
			Reason:  r.reason,
		}
		e.Files = by.Files(t)
		e.SetClauses(record.PrintsOf(b))
		r.entries = append(r.entries, e)
	}
	if r.before == nil {
		return nil
	}
	before, err := versionSide(r.site, r.before, "")
	if err != nil {
		return err
	}
	after, err := versionSide(r.site, r.draft, "")
	if err != nil {
		return err
	}
	r.view = &redlineView{what: r.policy.Slug, before: before, after: after, redline: redline.Compare(before.body, after.body)}
	return nil
}

// show prints what changed and what will be written.
func (r *releasing) show(p *program) error {
	if r.view != nil {
		if err := r.view.print(p.out, !r.plain && isTerminal(p.out) && os.Getenv("NO_COLOR") == ""); err != nil {
			return err
		}
		fmt.Fprintln(p.out)
	}
	e := r.entries[0]
	fmt.Fprintf(p.out, "%s %s takes effect on %s, last updated on %s\n", r.policy.Slug, r.id, e.Effective, e.Updated)
	if r.view == nil {
		fmt.Fprintln(p.out, "  it is the first version")
	}
	for _, line := range []struct{ label, text string }{
		{"label", r.matter.Label}, {"summary", r.matter.Summary}, {"change", strings.Join(r.matter.Changes, "\n")}, {"reason", r.reason},
	} {
		for text := range strings.Lines(line.text) {
			fmt.Fprintf(p.out, "  %s: %s\n", line.label, strings.TrimSuffix(text, "\n"))
		}
	}
	if r.matter.Material {
		fmt.Fprintln(p.out, "  the change is material")
	}
	for _, name := range slices.Sorted(maps.Keys(r.files)) {
		fmt.Fprintf(p.out, "  %s\n", name)
	}
	for _, lang := range r.untranslated() {
		fmt.Fprintf(p.out, "  no translation into %s, which version %s has\n", lang, r.before.ID)
	}
	return nil
}

// untranslated gives the languages of the version before that the draft lacks.
func (r *releasing) untranslated() (out []string) {
	if r.before == nil {
		return nil
	}
	for _, t := range r.before.Texts {
		if r.draft.In(t.Lang) == nil {
			out = append(out, t.Lang)
		}
	}
	return out
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

func (r *releasing) report(p *program, done bool) error {
	e := r.entries[0]
	if p.json {
		out := releaseReport{r.policy.Slug, r.id, e.Effective.String(), e.Updated.String(), done, slices.Sorted(maps.Keys(r.files)), r.untranslated(), nil}
		if r.view != nil {
			view := r.view.report()
			out.Redline = &view
		}
		return printJSON(p.out, out)
	}
	if !done {
		fmt.Fprintln(p.out, "nothing was written, as --dry-run says")
		return nil
	}
	fmt.Fprintf(p.out, "released; commit it: git add %s %s\n", site.Content, record.File)
	if n := len(r.site.Record().Missing(r.site.Library)); n > 0 {
		fmt.Fprintf(p.out, "%s before it %s not in the record yet; to protect them too: privgen lock\n", count(n, "text"), map[bool]string{true: "is", false: "are"}[n == 1])
	}
	if e.Effective.In(r.site.Config.Zone()).Compare(r.today) > 0 {
		fmt.Fprintf(p.out, "it is announced with the next build, and takes effect with the first on or after %s\n", e.Effective)
	}
	return nil
}
