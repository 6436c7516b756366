package main

import (
	"context"
	"fmt"
	"strings"

	"github.com/spf13/cobra"

	"github.com/privgen/privgen/internal/day"
	"github.com/privgen/privgen/internal/disk"
	"github.com/privgen/privgen/internal/policy"
	"github.com/privgen/privgen/internal/record"
	"github.com/privgen/privgen/internal/site"
)

const correctHelp = `Usage:
  privgen correct POLICY VERSION --reason TEXT [flags]

Records an editorial correction of a version that was released: a slip of the
pen, a dead link, a day that was typed wrong. First correct the version's
file, then run this. The record keeps what was, and the version's page, the
archive and the feeds say when it was corrected and why. What changes its
readers' rights or duties is no correction: write it into a draft and release
it.

Flags:
  --reason TEXT    why, in a sentence for the version's readers
  --day DAY        when it was corrected; without it, today
  --lang TAG       correct the text in this language only
  --dry-run        show what would be recorded, and write nothing
  --yes            do not ask
  --config FILE    the config; without it, the nearest privgen.toml
  --json           print it as JSON
  --help           show this

Example:
  privgen correct privacy 2026-04-01 --reason "A digit was wrong." --dry-run
`

type correctFlags struct {
	config, reason, day, lang string
	dryRun, yes               bool
}

func (p *program) correctCommand() *cobra.Command {
	var f correctFlags
	c := &cobra.Command{
		Use:  "correct POLICY VERSION",
		Args: arguments("POLICY", "VERSION"),
		RunE: func(c *cobra.Command, args []string) error { return p.correct(c.Context(), args[0], args[1], f) },
	}
	c.Flags().StringVar(&f.reason, "reason", "", "")
	c.Flags().StringVar(&f.day, "day", "", "")
	c.Flags().StringVar(&f.lang, "lang", "", "")
	c.Flags().BoolVar(&f.dryRun, "dry-run", false, "")
	c.Flags().BoolVar(&f.yes, "yes", false, "")
	c.Flags().StringVar(&f.config, "config", "", "")
	c.Flags().BoolVar(&p.json, "json", false, "")
	c.ValidArgsFunction = func(_ *cobra.Command, args []string, _ string) ([]string, cobra.ShellCompDirective) {
		if len(args) > 0 {
			return nil, cobra.ShellCompDirectiveNoFileComp
		}
		return slugs(f.config), cobra.ShellCompDirectiveNoFileComp
	}
	setHelp(c, correctHelp)
	return c
}

func (p *program) correct(ctx context.Context, slug, id string, f correctFlags) error {
	if strings.TrimSpace(f.reason) == "" {
		return &usageError{"nothing says why the version was corrected", "say it to its readers: --reason \"The telephone number had two digits swapped.\""}
	}
	files, dir, name, err := openSite(f.config)
	if err != nil {
		return err
	}
	defer files.Close()
	s, err := load(site.Input{Files: files, Config: name, Unheld: true, Each: sideBySide})
	if err != nil {
		return err
	}
	now, err := moment("", s)
	if err != nil {
		return err
	}
	today := day.Of(now, s.Config.Zone())
	on := today
	if f.day != "" {
		if on, err = day.Parse(f.day); err != nil {
			return &usageError{fmt.Sprintf("--day %s: %v", f.day, err), "write a day: --day 2026-02-03"}
		}
		if on.Compare(today) > 0 {
			return &usageError{fmt.Sprintf("--day %s is yet to come; today is %s", f.day, today), "leave --day away, and it is today"}
		}
	}
	texts, err := released(s, slug, id, f.lang)
	if err != nil {
		return err
	}
	var found []correctedText
	by := s.ByRecord()
	for _, t := range texts {
		e := s.Record().Find(t)
		if n := len(e.Corrections); n > 0 && on.Compare(e.Corrections[n-1].Day) < 0 {
			return &usageError{fmt.Sprintf("%v was corrected on %s already, after %s", e.Key, e.Corrections[n-1].Day, on), "take a later day: --day"}
		}
		b, err := s.Library.Body(t)
		if err != nil {
			return err
		}
		now, err := by.EntryOf(t)
		if err != nil {
			return err
		}
		one := correctedText{Policy: slug, Version: id, Lang: t.Lang, Was: fmt.Sprintf("%x", e.Digest), Is: fmt.Sprintf("%x", now.Digest), Clauses: []string{}, Stamp: []string{}}
		if e.Digest != now.Digest {
			for _, d := range e.Differences(b) {
				one.Clauses = append(one.Clauses, d.String())
			}
		}
		for _, m := range now.Since(&e.Stamp) {
			one.Stamp = append(one.Stamp, fmt.Sprintf("%s: %q becomes %q", m.Field, m.Was, m.Is))
		}
		if e.Correct(now, on, f.reason) {
			found = append(found, one)
		}
	}
	if len(found) == 0 {
		return &usageError{fmt.Sprintf("%s %s is as it was released, so there is nothing to correct", slug, id), "correct its file first: " + texts[0].File}
	}
	return p.recordCorrections(ctx, dir, s, found, on, f)
}

// released finds the texts of a version that are in the record.
func released(s *site.Site, slug, id, lang string) ([]*policy.Text, error) {
	pol, _, err := policyOf(s, []string{slug})
	if err != nil {
		return nil, err
	}
	v, err := versionOf(pol, policy.Standing{InForce: -1}, id)
	if err != nil {
		return nil, err
	}
	var out []*policy.Text
	for _, t := range v.Texts {
		if (lang == "" || t.Lang == lang) && s.Record().Find(t) != nil {
			out = append(out, t)
		}
	}
	switch {
	case lang != "" && v.In(lang) == nil:
		return nil, &usageError{fmt.Sprintf("version %s has no text in %q", id, lang), "leave --lang out to correct all its texts"}
	case len(out) == 0:
		return nil, &usageError{fmt.Sprintf("%s %s is not in the record, so its file may be changed as it is", slug, id), "to protect it from now on: privgen lock " + slug}
	}
	return out, nil
}

// A correctedText is what correct recorded of a text, for programs.
type correctedText struct {
	Policy  string   `json:"policy"`
	Version string   `json:"version"`
	Lang    string   `json:"lang"`
	Was     string   `json:"was"`     // the sha256 until then
	Is      string   `json:"is"`      // and now
	Clauses []string `json:"clauses"` // what changed in the wording
	Stamp   []string `json:"stamp"`   // what changed in the stamp
}

func (p *program) recordCorrections(ctx context.Context, dir string, s *site.Site, found []correctedText, on day.Day, f correctFlags) error {
	report := map[string]any{"day": on.String(), "reason": f.reason, "corrected": found, "written": !f.dryRun}
	if !p.json {
		for _, one := range found {
			fmt.Fprintf(p.out, "%s %s (%s), corrected on %s: %s\n", one.Policy, one.Version, one.Lang, on, f.reason)
			for _, line := range append(one.Clauses, one.Stamp...) {
				fmt.Fprintf(p.out, "  %s\n", line)
			}
			if one.Was != one.Is && len(one.Clauses) == 0 {
				fmt.Fprintln(p.out, "  the wording changed")
			}
		}
	}
	if f.dryRun {
		if p.json {
			return printJSON(p.out, report)
		}
		fmt.Fprintln(p.out, "nothing was written, as --dry-run says")
		return nil
	}
	if err := p.confirm(ctx, "Record this as an editorial correction?", f.yes); err != nil {
		return err
	}
	if err := disk.Commit(dir, disk.Change{Replace: map[string][]byte{record.File: s.Record().Bytes()}}); err != nil {
		return worldOrProblem(err)
	}
	if p.json {
		return printJSON(p.out, report)
	}
	fmt.Fprintf(p.out, "recorded; commit it: git add %s %s\n", site.Content, record.File)
	return nil
}
