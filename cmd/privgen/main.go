// Privgen makes static sites of legal policies: the text in force, every past
// version at its own address, and the dates that go with them.
//
// This package is the program: a file for each command, and the wiring. What a
// command does is in the rooms of internal; here it is decided which files and
// which moment they get, what runs side by side, and what is printed where.
//
// Standard output carries only what was asked for: a report, a list, JSON.
// Everything else goes to standard error: problems as file:line:col, errors
// behind "privgen:", each with a way out where there is one. The exit code is
// 0 when it is done, 1 when the site has problems, 2 when the command line is
// wrong, 3 when the world refused.
package main

import (
	"context"
	"os"
	"os/signal"
	"syscall"
	_ "time/tzdata" // a build must not depend on the machine's zone files
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	os.Exit(run(ctx, os.Args[1:], os.Stdout, os.Stderr))
}
