package main

import (
	"context"
	"path/filepath"

	"github.com/spf13/cobra"

	"github.com/privgen/privgen/internal/site"
	"github.com/privgen/privgen/internal/status"
	"github.com/privgen/privgen/internal/terminal"
)

const statusHelp = `Usage:
  privgen status [POLICY... | DIR...] [flags]

Prints a line for each policy: the version in force, the next one and the days
until it takes effect, how the draft differs from the newest version, what is
to do for translations, and what is open: placeholders, links that lead
nowhere, texts that are not in the lock file. With POLICY, it prints
everything about that policy, with positions. Nothing is written.

With folders of sites instead of policies, it prints the status of each site:
privgen status clients/*

Flags:
  --config FILE   the config file (default: the nearest privgen.toml)
  --at DAY        the day of the report (default: today)
  --json          print the report as JSON
  --help          show this

Example:
  privgen status privacy
`

func statusCommand(p *program) *cobra.Command {
	var config, at string
	c := command{Use: "status [POLICY... | DIR...]", help: statusHelp, complete: slugs(&config, 1<<30),
		flags: []any{"config", &config, "at", &at, "json", &p.json}}
	c.run = func(_ context.Context, args []string) error {
		if len(args) > 0 && isFile(filepath.Join(args[0], site.ConfigFile)) {
			return p.inSites(args, config, func(p *program, config string) error {
				return printStatus(p, config, at, nil)
			})
		}
		return printStatus(p, config, at, args)
	}
	return c.cobra()
}

func printStatus(p *program, config, at string, names []string) error {
	s, err := openWithDrafts(config, at)
	if err != nil {
		return err
	}
	defer s.Close()
	for _, name := range names {
		if _, _, err := s.PolicyOf([]string{name}); err != nil {
			return err
		}
	}
	r, err := status.Of(s.Site, s.now, names, s.drafts)
	if err != nil {
		return failed(nil, err, "")
	}
	if p.json {
		return terminal.PrintJSON(p.out, r)
	}
	r.Print(p.out, len(names) > 0)
	return nil
}
