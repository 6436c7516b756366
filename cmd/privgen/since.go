package main

import (
	"context"

	"github.com/spf13/cobra"

	"github.com/privgen/privgen/internal/passage"
	"github.com/privgen/privgen/internal/source"
	"github.com/privgen/privgen/internal/terminal"
)

func sinceCommand(p *program) *cobra.Command {
	var config, at, lang string
	c := command{Use: "since [POLICY] PHRASE", args: atMost(2), complete: slugs(&config, 1),
		flags: []any{"config", &config, "at", &at, "lang", &lang, "json", &p.json}}
	c.run = func(_ context.Context, args []string) error {
		if len(args) == 0 {
			return source.Usage("missing: PHRASE", `quote words of the text: privgen since privacy "30 days"`)
		}
		s, pol, _, err := openPolicy(config, at, args[:len(args)-1], false)
		if err != nil {
			return err
		}
		defer s.Close()
		h, err := passage.Search(s.Site, pol, pol.At(s.now), lang, args[len(args)-1])
		if err != nil {
			return failed(nil, err, "")
		}
		missing := h.Missing()
		if p.json {
			if err := terminal.PrintJSON(p.out, h); err != nil || missing == nil {
				return err
			}
			return &problems{}
		}
		if missing != nil {
			return missing
		}
		return h.Print(p.out)
	}
	return withLanguages(c.cobra(), &config)
}
