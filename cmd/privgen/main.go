// Privgen creates static sites of legal policies: the text in force, every past
// version at its own URL, and its dates.
//
// This package is the program: one file for each command, and the wiring. The
// packages in internal do the work. This package selects their files and their date,
// what runs concurrently, and what is printed where.
//
// Standard output has only the requested result: a report, a list, JSON.
// Everything else goes to standard error: problems as file:line:col, errors
// after "privgen:", each with a fix if one is known. The exit code is 0 for
// success, 1 if the site has problems, 2 for a wrong command line, and 3 for an
// environment error.
package main

import (
	"context"
	"os"
	"os/signal"
	"syscall"
	_ "time/tzdata" // for machines without zone files
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	os.Exit(run(ctx, os.Args[1:], os.Stdout, os.Stderr))
}
