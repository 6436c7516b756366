package main

import (
	"context"
	"os"

	"github.com/privgen/privgen/internal/source"
	"github.com/privgen/privgen/internal/terminal"
)

// wroteNothing ends the output of a command with --dry-run.
const wroteNothing = "nothing was written: this was --dry-run"

// confirm asks whether to continue, and returns an error if the answer is not yes. With
// --yes, it does not ask. Without a terminal, --yes is required.
func (p *program) confirm(ctx context.Context, question string, yes bool) error {
	if yes {
		return nil
	}
	if !terminal.IsTerminal(os.Stdin) {
		return source.Usage("privgen cannot ask for confirmation here, because this is not a terminal",
			"read what it would do with --dry-run, then run it with --yes")
	}
	if agreed, err := terminal.Ask(ctx, p.err, question); err != nil || !agreed {
		return &problems{note: "nothing was changed"}
	}
	return nil
}
