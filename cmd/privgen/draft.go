package main

import (
	"context"
	"fmt"

	"github.com/spf13/cobra"

	"github.com/privgen/privgen/internal/disk"
	"github.com/privgen/privgen/internal/policy"
	"github.com/privgen/privgen/internal/record"
	"github.com/privgen/privgen/internal/release"
	"github.com/privgen/privgen/internal/source"
	"github.com/privgen/privgen/internal/terminal"
)

func draftCommand(p *program) *cobra.Command {
	var all, dryRun bool
	var config string
	c := command{Use: "draft --all [DIR...]", complete: anyFolder,
		flags: []any{"all", &all, "dry-run", &dryRun, "config", &config, "json", &p.json}}
	c.run = func(ctx context.Context, args []string) error {
		if !all {
			return source.Usage("draft needs --all", "to draft every text that a change of what it includes changes: "+
				"privgen draft --all [DIR...]\nto start the draft of one policy: privgen new POLICY --draft")
		}
		return p.inSites(args, config, func(p *program, config string) error { return redraft(ctx, p, config, dryRun) })
	}
	return c.cobra()
}

// redraft drafts the policies of one site whose texts changed because of a value, a
// clause, or a table that they include.
func redraft(ctx context.Context, p *program, config string, dryRun bool) error {
	s, err := openWithDrafts(config, "", true)
	if err != nil {
		return err
	}
	defer s.Close()
	earlier := correcting{site: s}
	found, create, replace, err := (&release.Start{Files: s.files}).Redrafts(s.Site,
		func(t *policy.Text, e *record.Entry, is func([]byte) bool) ([]byte, error) {
			return earlier.findEarlier(ctx, t, e, is)
		})
	if err == nil && !dryRun && len(create)+len(replace) > 0 {
		err = disk.Commit(s.dir, disk.Change{Create: create, Replace: replace})
	}
	if err != nil {
		return failed(nil, err, "nothing was written")
	}
	if p.json {
		return terminal.PrintJSON(p.out, map[string]any{"drafts": found, "written": !dryRun})
	}
	for _, r := range found {
		fmt.Fprint(p.out, r.Text())
	}
	if len(found) == 0 {
		fmt.Fprintln(p.out, "no text changes")
	}
	if dryRun {
		fmt.Fprintln(p.out, wroteNothing)
	}
	return nil
}
