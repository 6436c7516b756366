package main

import (
	"bufio"
	"context"
	"fmt"
	"os"
	"strings"

	"github.com/privgen/privgen/internal/source"
)

// wroteNothing ends the output of a command with --dry-run.
const wroteNothing = "nothing was written: this was --dry-run"

// confirm asks whether to go on. Where nobody can be asked, --yes has to say so.
func (p *program) confirm(ctx context.Context, question string, yes bool) error {
	if yes {
		return nil
	}
	if !isTerminal(os.Stdin) {
		return source.Usage("nobody can be asked here, since this is not a terminal",
			"read what it would do with --dry-run, then run it with --yes")
	}
	if agreed, err := p.ask(ctx, question); err != nil || !agreed {
		return &problems{note: "nothing was changed"}
	}
	return nil
}

// ask asks the user at the terminal, and reports whether the answer was yes.
// Who goes away says no. The error is that of the context: an interrupt ends
// the waiting.
func (p *program) ask(ctx context.Context, question string) (yes bool, err error) {
	fmt.Fprintf(p.err, "%s [y/N] ", question)
	answer := make(chan string, 1)
	go func() {
		line, _ := bufio.NewReader(os.Stdin).ReadString('\n')
		answer <- strings.ToLower(strings.TrimSpace(line))
	}()
	select {
	case <-ctx.Done():
		fmt.Fprintln(p.err)
		return false, ctx.Err()
	case a := <-answer:
		return a == "y" || a == "yes", nil
	}
}
