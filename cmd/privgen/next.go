package main

import (
	"context"
	"fmt"
	"time"

	"github.com/spf13/cobra"

	"github.com/privgen/privgen/internal/site"
)

const nextHelp = `Usage:
  privgen next [flags]

Prints when the next build will change the site, because a version takes
effect, is published, or is withdrawn. A static site does not change by
itself, so run a build then, from cron or CI. Prints nothing if no change is
scheduled.

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
	c := command{Use: "next", help: nextHelp, args: arguments(),
		flags: []any{"config", &config, "at", &at, "json", &p.json}}
	c.run = func(context.Context, []string) error {
		s, err := open(config, at, site.Input{})
		if err != nil {
			return err
		}
		defer s.Close()
		next := nextOf(s.Site, s.now)
		if p.json {
			return printJSON(p.out, next)
		}
		if next != nil {
			fmt.Fprintf(p.out, "%s  %s\n", next.At, next.sentence())
		}
		return nil
	}
	return c.cobra()
}

// A nextReport is the next change of the site over time.
type nextReport struct {
	At      string `json:"at"`    // in UTC
	Local   string `json:"local"` // the same instant in the site's zone
	Policy  string `json:"policy"`
	Version string `json:"version"`
	Event   string `json:"event"` // takes-effect, is-published or is-withdrawn
	zone    *time.Location
}

func nextOf(s *site.Site, now time.Time) *nextReport {
	t, v, ok := s.Next(now)
	if !ok {
		return nil
	}
	zone := s.Config.Zone()
	n := &nextReport{t.UTC().Format(time.RFC3339), t.In(zone).Format(time.RFC3339), v.Policy.Slug, v.ID,
		"takes-effect", zone}
	switch {
	case v.Withdrawn.Equal(t) || v.Policy.End.Equal(t):
		n.Event = "is-withdrawn"
	case !v.Begin.Equal(t):
		n.Event = "is-published"
	}
	return n
}

func (n *nextReport) sentence() string {
	does := "takes effect"
	switch n.Event {
	case "is-published":
		does = "is published"
	case "is-withdrawn":
		does = "is withdrawn"
	}
	return fmt.Sprintf("%s %s %s at %s (%s)", n.Policy, n.Version, does, n.Local, n.zone)
}
