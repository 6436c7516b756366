package main

import (
	"context"
	"fmt"

	"github.com/spf13/cobra"

	"github.com/privgen/privgen/internal/day"
	"github.com/privgen/privgen/internal/source"
	"github.com/privgen/privgen/internal/status"
	"github.com/privgen/privgen/internal/terminal"
)

func inForceCommand(p *program) *cobra.Command {
	var config, at, clause, lang string
	c := command{Use: "in-force [POLICY]", args: atMost(1), complete: slugs(&config, 1),
		flags: []any{"config", &config, "at", &at, "clause", &clause, "lang", &lang, "json", &p.json}}
	c.run = func(_ context.Context, args []string) error {
		s, pol, _, err := openPolicy(config, "", args, false)
		if err != nil {
			return err
		}
		defer s.Close()
		from, err := moment(at, s.Site)
		if err != nil {
			return err
		}
		to, on := from.Add(1), at
		if d, err := day.Parse(at); err == nil {
			if to, _ = d.Add(1).Start(s.Config.Zone()); !to.After(from) {
				to = from.Add(1)
			}
		} else if at == "" {
			on = from.In(s.Config.Zone()).Format("2006-01-02")
		}
		terms := status.Terms(s.Site, pol, s.now, from, to)
		for i := range terms {
			if clause == "" && lang == "" {
				break
			}
			if err := terms[i].Only(s.Site, pol, clause, lang); err != nil {
				return failed(nil, err, "")
			}
		}
		switch {
		case p.json:
			if err := terminal.PrintJSON(p.out, terms); err != nil || len(terms) > 0 {
				return err
			}
			return &problems{}
		case len(terms) == 0:
			do := fmt.Sprintf("the first version took effect on %s", pol.Versions[0].Effective())
			if !pol.End.IsZero() && !pol.End.After(from) {
				do = fmt.Sprintf("the policy ended on %s", pol.Settings.Withdrawn)
			}
			return source.Refuse("not-in-force", fmt.Sprintf("no version of %s is in force on %s", pol.Slug, on), do)
		}
		for _, t := range terms {
			if err := t.Print(p.out, pol.Slug); err != nil {
				return err
			}
		}
		return nil
	}
	return withLanguages(c.cobra(), &config)
}
