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
	if !isTerminal(os.Stdin) {
		return &usageError{"nobody can be asked here, since this is not a terminal", "read what it would do with --dry-run, then run it with --yes"}
	}
	fmt.Fprintf(p.err, "%s [y/N] ", question)
	answer, _ := bufio.NewReader(os.Stdin).ReadString('\n') // who goes away says no
	switch strings.ToLower(strings.TrimSpace(answer)) {
	case "y", "yes":
		return nil
	}
	return errDeclined
}

// errDeclined is the error of somebody who was asked and said no.
var errDeclined = fmt.Errorf("nothing was changed")
