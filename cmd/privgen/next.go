package main

import (
	"context"
	"fmt"

	"github.com/privgen/privgen/internal/status"
	"github.com/privgen/privgen/internal/terminal"

	"github.com/spf13/cobra"
)

func nextCommand(p *program) *cobra.Command {
	var config, at string
	c := command{Use: "next [DIR...]", complete: anyFolder,
		flags: []any{"config", &config, "at", &at, "json", &p.json}}
	c.run = func(_ context.Context, dirs []string) error {
		return p.inSites(dirs, config, func(p *program, config string) error { return printNext(p, config, at) })
	}
	return c.cobra()
}

func printNext(p *program, config, at string) error {
	s, err := openWithDrafts(config, at, false)
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
	for _, d := range status.Duties(s.Site, s.now) {
		fmt.Fprintf(p.out, "by %s  %s: %s\n", d.By, d.Policy, d.What)
	}
	return nil
}
