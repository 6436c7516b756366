package main

import (
	"context"
	"path/filepath"

	"github.com/spf13/cobra"

	"github.com/privgen/privgen/internal/site"
	"github.com/privgen/privgen/internal/status"
	"github.com/privgen/privgen/internal/terminal"
)

func statusCommand(p *program) *cobra.Command {
	var config, at string
	c := command{Use: "status [POLICY... | DIR...]", complete: slugs(&config, 1<<30),
		flags: []any{"config", &config, "at", &at, "json", &p.json}}
	c.run = func(_ context.Context, args []string) error {
		if len(args) == 0 || !isFile(filepath.Join(args[0], site.ConfigFile)) {
			return printStatus(p, config, at, args)
		}
		dirs, err := siteFolders(args, config)
		switch {
		case err != nil:
			return err
		case len(dirs) == 1 || p.json:
			return p.inSites(args, config, func(p *program, config string) error {
				return printStatus(p, config, at, nil)
			})
		}
		reports := make([]*status.Report, len(dirs))
		runs := p.runSites(dirs, func(_ *program, i int) (err error) {
			reports[i], err = statusOf(dirs[i], at, nil)
			return err
		})
		var all status.Report
		for i, r := range reports {
			if r != nil {
				all.Add(runs[i].Site, r)
			}
		}
		all.Print(p.out, false)
		return p.printRuns(runs)
	}
	return c.cobra()
}

func printStatus(p *program, config, at string, names []string) error {
	r, err := statusOf(config, at, names)
	if err != nil {
		return err
	}
	if p.json {
		return terminal.PrintJSON(p.out, r)
	}
	r.Print(p.out, len(names) > 0)
	return nil
}

func statusOf(config, at string, names []string) (*status.Report, error) {
	s, err := openWithDrafts(config, at, true)
	if err != nil {
		return nil, err
	}
	defer s.Close()
	for _, name := range names {
		if _, _, err := s.PolicyOf([]string{name}); err != nil {
			return nil, err
		}
	}
	r, err := status.Of(s.Site, s.now, names, s.open)
	return r, failed(nil, err, "")
}
