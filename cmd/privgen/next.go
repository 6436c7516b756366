package main

import (
	"context"
	"fmt"

	"github.com/privgen/privgen/internal/status"
	"github.com/privgen/privgen/internal/terminal"

	"github.com/spf13/cobra"

	"github.com/privgen/privgen/internal/site"
)

const nextHelp = `Usage:
  privgen next [DIR...] [flags]

Prints when the next build will change the site, because a version takes
effect, is published, or is withdrawn. A static site does not change by
itself, so run a build then, from cron or CI. Prints nothing if no change is
scheduled.

With DIR, it prints that for the site in that folder, or in several.

The first word is the instant in UTC, in a format that cron tools and date -d
accept.

Flags:
  --config FILE   the config file (default: the nearest privgen.toml)
  --at DAY        start at a day or an instant (default: now)
  --json          print the result as JSON; null if no change is scheduled
  --help          show this

Example:
  privgen next --json
`

func nextCommand(p *program) *cobra.Command {
	var config, at string
	c := command{Use: "next [DIR...]", help: nextHelp, complete: anyFolder,
		flags: []any{"config", &config, "at", &at, "json", &p.json}}
	c.run = func(_ context.Context, dirs []string) error {
		return p.inSites(dirs, config, func(p *program, config string) error { return printNext(p, config, at) })
	}
	return c.cobra()
}

func printNext(p *program, config, at string) error {
	s, err := open(config, at, site.Input{})
	if err != nil {
		return err
	}
	defer s.Close()
	next := status.Next(s.Site, s.now)
	if p.json {
		return terminal.PrintJSON(p.out, next)
	}
	if next != nil {
		fmt.Fprintf(p.out, "%s  %s\n", next.At, next.Sentence())
	}
	return nil
}
