package main

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"strings"

	"github.com/spf13/cobra"

	"github.com/privgen/privgen/internal/disk"
	"github.com/privgen/privgen/internal/imports/git"
	"github.com/privgen/privgen/internal/policy"
	"github.com/privgen/privgen/internal/record"
	"github.com/privgen/privgen/internal/release"
	"github.com/privgen/privgen/internal/site"
	"github.com/privgen/privgen/internal/source"
	"github.com/privgen/privgen/internal/terminal"
)

// A correcting is one run of correct.
type correcting struct {
	*program
	config, reason, earlier, lang string
	dryRun, yes                   bool

	site *openedSite
}

func correctCommand(p *program) *cobra.Command {
	r := &correcting{program: p}
	c := command{Use: "correct POLICY VERSION", args: arguments("POLICY", "VERSION"), run: r.run,
		complete: slugAndVersion(&r.config), flags: []any{"reason", &r.reason, "earlier", &r.earlier, "lang", &r.lang,
			"dry-run", &r.dryRun, "yes", &r.yes, "config", &r.config, "json", &p.json}}
	return withLanguages(c.cobra(), &r.config)
}

func (c *correcting) run(ctx context.Context, args []string) (err error) {
	if err := release.CheckReason(c.reason); err != nil {
		return err
	}
	const note = "nothing was recorded"
	if c.site, err = openChecked(c.config, note, site.Input{SkipRecord: true}); err != nil {
		return err
	}
	defer c.site.Close()
	pol, _, err := c.site.PolicyOf(args[:1])
	if err != nil {
		return err
	}
	v, err := site.VersionOf(pol, policy.Status{InForce: -1}, args[1])
	if err != nil {
		return err
	}
	found, list, err := release.Correct(c.site.Site, release.Fix{
		Version: v, Lang: c.lang, Reason: c.reason, Today: c.site.today, Preview: c.dryRun && c.earlier == "",
		Find: func(t *policy.Text, e *record.Entry, is func([]byte) bool) ([]byte, error) {
			return c.findEarlier(ctx, t, e, is)
		},
	})
	if err := failed(list, err, note); err != nil {
		return err
	}
	return c.record(ctx, found)
}

// findEarlier returns the recorded text before a correction: from the file that the
// user names; otherwise from the output of a build, a folder of a deploy, or a commit. It
// returns nil if none of these has it.
func (c *correcting) findEarlier(ctx context.Context, t *policy.Text, e *record.Entry, is func([]byte) bool) ([]byte,
	error) {
	if c.earlier != "" {
		raw, err := os.ReadFile(c.earlier)
		switch {
		case err != nil:
			return nil, source.Usage(fmt.Sprintf("there is no file %q", c.earlier),
				"name a file with the text as it was")
		case !is(raw):
			return nil, source.Usage(fmt.Sprintf("%s is not the text of %v as it was recorded", c.earlier, e.Key),
				fmt.Sprintf("its SHA-256 has to be %x, as that of the text in the site's %sindex.md",
					e.Digest, e.Address))
		}
		return raw, nil
	}
	page := filepath.FromSlash(e.Address + "index.md")
	places := []string{filepath.Join(c.site.dir, filepath.FromSlash(c.site.Config.Output.Folder), page)}
	for _, d := range c.site.Config.Deploy {
		if d.Scheme() == "file" && !strings.Contains(d.To, "://") {
			places = append(places, filepath.Join(c.site.dir, filepath.FromSlash(d.To), page))
		}
	}
	for _, name := range places {
		if raw, err := os.ReadFile(name); err == nil && is(raw) {
			return raw, nil
		}
	}
	repo, err := git.Open(ctx, c.site.dir, "")
	if err != nil {
		return nil, nil // no repository
	}
	defer repo.Close()
	raw, err := repo.FindFile(ctx, t.File, is)
	if err != nil {
		return nil, nil // not in the repository
	}
	return raw, nil
}

// record prints a correction, asks for confirmation, and writes it.
func (c *correcting) record(ctx context.Context, found *release.Correction) error {
	report := map[string]any{"day": c.site.today.String(), "reason": c.reason, "corrected": found.Texts,
		"written": !c.dryRun}
	if !c.json {
		for _, one := range found.Texts {
			fmt.Fprintf(c.out, "%s %s (%s), corrected on %s: %s\n", one.Policy, one.Version, one.Lang, c.site.today,
				c.reason)
			for _, line := range append(one.Clauses, one.Stamp...) {
				fmt.Fprintf(c.out, "  %s\n", line)
			}
			if one.Was != one.Is && len(one.Clauses) == 0 {
				fmt.Fprintln(c.out, "  the wording changed")
			}
			if one.Earlier != "" {
				fmt.Fprintf(c.out, "  the earlier text is kept in %s\n", one.Earlier)
			}
		}
	}
	done := wroteNothing
	if !c.dryRun {
		if err := c.confirm(ctx, "Record this as an editorial correction?", c.yes); err != nil {
			return err
		}
		if err := disk.Commit(c.site.dir, disk.Change{Create: found.Files, Replace: found.Lock.Replace()}); err != nil {
			return failed(nil, err, "")
		}
		done = fmt.Sprintf("recorded; commit it: git add %s %s", site.Content, record.File)
	}
	if c.json {
		return terminal.PrintJSON(c.out, report)
	}
	fmt.Fprintln(c.out, done)
	return nil
}
