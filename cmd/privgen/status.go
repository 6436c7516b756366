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
