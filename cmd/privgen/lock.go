package main

import (
	"context"
	"fmt"
	"slices"

	"github.com/spf13/cobra"

	"github.com/privgen/privgen/internal/day"
	"github.com/privgen/privgen/internal/disk"
	"github.com/privgen/privgen/internal/policy"
	"github.com/privgen/privgen/internal/record"
	"github.com/privgen/privgen/internal/site"
	"github.com/privgen/privgen/internal/source"
)

const lockHelp = `Usage:
  privgen lock [POLICY...] [flags]

Takes versions that were written by hand, or that are older than the record,
into the record privgen.lock: from then on a build refuses to change their
wording, their dates, their labels and their addresses. What would be taken in
is shown first. Drafts are not part of it.

Flags:
  --check          take in nothing; exit with 1 when there is something
  --reason TEXT    why a version takes effect sooner than its notice period
  --dry-run        show what would be taken in, and write nothing
  --yes            do not ask
  --config FILE    the config; without it, the nearest privgen.toml
  --json           print it as JSON
  --help           show this

Example:
  privgen lock --check
`

type lockFlags struct {
	config, reason     string
	check, dryRun, yes bool
}

func (p *program) lockCommand() *cobra.Command {
	var f lockFlags
	c := &cobra.Command{
		Use:  "lock [POLICY...]",
		RunE: func(c *cobra.Command, args []string) error { return p.lock(c.Context(), args, f) },
	}
	c.Flags().BoolVar(&f.check, "check", false, "")
	c.Flags().StringVar(&f.reason, "reason", "", "")
	c.Flags().BoolVar(&f.dryRun, "dry-run", false, "")
	c.Flags().BoolVar(&f.yes, "yes", false, "")
	c.Flags().StringVar(&f.config, "config", "", "")
	c.Flags().BoolVar(&p.json, "json", false, "")
	c.ValidArgsFunction = func(_ *cobra.Command, _ []string, _ string) ([]string, cobra.ShellCompDirective) {
		return slugs(f.config), cobra.ShellCompDirectiveNoFileComp
	}
	setHelp(c, lockHelp)
	return c
}

func (p *program) lock(ctx context.Context, names []string, f lockFlags) error {
	files, dir, name, err := openSite(f.config)
	if err != nil {
		return err
	}
	defer files.Close()
	s, err := loadSite(files, name, "", sideBySide)
	if err != nil {
		return err
	}
	now, err := moment("", s)
	if err != nil {
		return err
	}
	for _, slug := range names {
		if _, _, err := policyOf(s, []string{slug}); err != nil {
			return err
		}
	}
	missing := slices.DeleteFunc(s.Record().Missing(s.Library), func(t *policy.Text) bool {
		return len(names) > 0 && !slices.Contains(names, t.Version.Policy.Slug)
	})
	if f.check && len(missing) > 0 {
		return &problems{notRecorded(missing), "they are not protected"}
	}
	list, err := judgeByHand(s, missing, day.Of(now, s.Config.Zone()), f.reason)
	if err != nil {
		return err
	}
	if len(list) > 0 {
		return &problems{list, "nothing was written to " + record.File}
	}
	r := lockReport{Protected: s.Record().Len(), Taken: []lockedText{}}
	by := s.ByRecord()
	var entries []*record.Entry
	for _, t := range missing {
		e, err := by.EntryOf(t)
		if err != nil {
			return err
		}
		if f.reason != "" && hasNotice(s, t, day.Of(now, s.Config.Zone())) {
			e.Reason = f.reason
		}
		entries = append(entries, e)
		r.Taken = append(r.Taken, lockedText{e.Policy, e.Version, e.Lang, e.Effective.String(), e.Updated.String(), e.Address, fmt.Sprintf("%x", e.Digest)})
	}
	if !p.json {
		r.print(p)
	}
	if len(entries) == 0 || f.dryRun || f.check {
		if p.json {
			return printJSON(p.out, r)
		}
		if f.dryRun && len(entries) > 0 {
			fmt.Fprintln(p.out, "nothing was written, as --dry-run says")
		}
		return nil
	}
	if err := p.confirm(ctx, fmt.Sprintf("Take %s into the record?", count(len(entries), "text")), f.yes); err != nil {
		return err
	}
	rec := s.Record()
	if rec == nil {
		rec = &record.Record{}
	}
	for _, e := range entries {
		rec.Add(e)
	}
	if err := disk.Commit(dir, disk.Change{Replace: map[string][]byte{record.File: rec.Bytes()}}); err != nil {
		return worldOrProblem(err)
	}
	r.Protected, r.Written = rec.Len(), true
	if p.json {
		return printJSON(p.out, r)
	}
	fmt.Fprintf(p.out, "%s protected; commit it: git add %s\n", count(rec.Len(), "text"), record.File)
	return nil
}

// notRecorded are the problems of texts that --check found; a policy's many are
// one.
func notRecorded(missing []*policy.Text) source.Problems {
	var list source.Problems
	perPolicy := map[*policy.Policy]int{}
	for _, t := range missing {
		perPolicy[t.Version.Policy]++
	}
	said := map[*policy.Policy]bool{}
	for _, t := range missing {
		p := t.Version.Policy
		switch n := perPolicy[p]; {
		case n <= 5:
			list = append(list, source.NewProblem(source.In(t.File), "not-recorded",
				fmt.Sprintf("%s %s (%s) is not in the record", p.Slug, t.Version.ID, t.Lang), "take it in: privgen lock "+p.Slug))
		case !said[p]:
			said[p] = true
			list = append(list, source.NewProblem(source.In(p.File), "not-recorded",
				fmt.Sprintf("%d texts of %s are not in the record", n, p.Slug), "take them in: privgen lock "+p.Slug))
		}
	}
	return list
}

// judgeByHand judges versions that were written by hand as release would, where
// the one before is in the record already. Old histories are taken as they are.
func judgeByHand(s *site.Site, missing []*policy.Text, today day.Day, reason string) (source.Problems, error) {
	var list source.Problems
	rec := s.Record()
	for _, t := range missing {
		v := t.Version
		i := slices.Index(v.Policy.Versions, v)
		if i == 0 {
			continue
		}
		before := v.Policy.Versions[i-1].In(t.Lang)
		if before == nil || rec.Find(before) == nil {
			continue
		}
		gone, err := goneClauses(s, before, t)
		if err != nil {
			return nil, err
		}
		list = append(list, gone...)
		b, err := s.Library.Body(t)
		if err != nil {
			return nil, err
		}
		list = append(list, unreplaced(b, t.File)...)
		if t == v.Authoritative() && reason == "" {
			if problem := noticeOf(s, t, today); problem != nil {
				list = append(list, problem)
			}
		}
	}
	return list, nil
}

// noticeOf judges the notice of a version that is still to come.
func noticeOf(s *site.Site, t *policy.Text, today day.Day) *source.Problem {
	zone := s.Config.Zone()
	effective := t.Version.Effective().In(zone)
	if effective.Compare(today) < 0 {
		return nil
	}
	announced := today
	if p := t.Version.Matter.Published; !p.IsZero() {
		announced = p.In(zone)
	}
	return shortNotice(s, t.Version.Policy, source.In(t.File), effective, announced)
}

func hasNotice(s *site.Site, t *policy.Text, today day.Day) bool { return noticeOf(s, t, today) != nil }

// A lockReport is what lock did, for programs.
type lockReport struct {
	Protected int          `json:"protected"` // texts in the record
	Taken     []lockedText `json:"taken"`     // those that were, or would be, taken in
	Written   bool         `json:"written"`
}

type lockedText struct {
	Policy    string `json:"policy"`
	Version   string `json:"version"`
	Lang      string `json:"lang"`
	Effective string `json:"effective"`
	Updated   string `json:"updated"`
	Address   string `json:"address"`
	SHA256    string `json:"sha256"`
}

// mostLocked is how many texts lock lists for people.
const mostLocked = 40

func (r *lockReport) print(p *program) {
	if len(r.Taken) == 0 {
		fmt.Fprintf(p.out, "nothing to take in; %s protected\n", count(r.Protected, "text"))
		return
	}
	fmt.Fprintln(p.out, "not in the record yet:")
	for i, t := range r.Taken {
		if i == mostLocked {
			fmt.Fprintf(p.out, "  and %s more\n", count(len(r.Taken)-i, "text"))
			break
		}
		fmt.Fprintf(p.out, "  %s %s (%s)  effective %s, updated %s  %s\n", t.Policy, t.Version, t.Lang, t.Effective, t.Updated, t.SHA256[:12])
	}
}
