package main

import (
	"bufio"
	"fmt"
	"os"
	"strings"
)

// confirm asks whether to go on. Where nobody can be asked, --yes has to say so.
func (p *program) confirm(question string, yes bool) error {
	if yes {
		return nil
	}
	nobody := &usageError{"nobody can be asked here, since this is not a terminal", "read what it would do with --dry-run, then run it with --yes"}
	if !isTerminal(os.Stdin) {
		return nobody
	}
	fmt.Fprintf(p.err, "%s [y/N] ", question)
	answer, err := bufio.NewReader(os.Stdin).ReadString('\n')
	if err != nil && answer == "" {
		return nobody // the null device passes for a terminal
	}
	switch strings.ToLower(strings.TrimSpace(answer)) {
	case "y", "yes":
		return nil
	}
	return errDeclined
}

// errDeclined is the error of somebody who was asked and said no.
var errDeclined = fmt.Errorf("nothing was changed")
