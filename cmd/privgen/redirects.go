package main

import (
	"context"
	"io"

	"github.com/spf13/cobra"

	"github.com/privgen/privgen/internal/hostfile"
	"github.com/privgen/privgen/internal/site"
)

func redirectsCommand(p *program) *cobra.Command {
	var config string
	c := command{Use: "redirects SERVER", complete: oneOf(hostfile.Servers()...), flags: []any{"config", &config},
		args: arguments("SERVER: nginx, caddy, or apache")}
	c.run = func(_ context.Context, args []string) error {
		s, err := open(config, "", site.Input{})
		if err != nil {
			return err
		}
		defer s.Close()
		rules, err := hostfile.ServerRules(args[0], s.Paths, s.Library.Policies)
		if err == nil {
			_, err = io.WriteString(p.out, rules)
		}
		return err
	}
	return c.cobra()
}
