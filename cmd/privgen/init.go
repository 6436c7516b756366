package main

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"

	"github.com/spf13/cobra"

	"github.com/privgen/privgen/internal/buildinfo"
	"github.com/privgen/privgen/internal/day"
	"github.com/privgen/privgen/internal/disk"
	"github.com/privgen/privgen/internal/site"
	"github.com/privgen/privgen/internal/source"
	"github.com/privgen/privgen/internal/starter"
	"github.com/privgen/privgen/internal/terminal"
)

// An initializing is one run of init.
type initializing struct {
	*program
	starter.Site
}

func initCommand(p *program) *cobra.Command {
	i := &initializing{program: p}
	c := command{Use: "init DIR", args: arguments("DIR, the folder to make the site in"),
		complete: anyFolder, run: i.run, flags: []any{"organization", &i.Organization, "url", &i.URL, "email", &i.Email,
			"language", &i.Language, "policies", &i.Policies, "workflow", &i.Workflow}}
	return c.cobra()
}

func (i *initializing) run(ctx context.Context, args []string) error {
	dir := args[0]
	if err := writable(dir); err != nil {
		return err
	}
	config := filepath.Join(dir, site.ConfigFile)
	if _, err := os.Stat(config); err == nil {
		p := source.NewProblem(source.In(filepath.ToSlash(config)), "file-exists", "there is a site here already",
			"to start another policy in it: privgen new SLUG\nfor another site, choose another folder")
		return one(p, "nothing was written")
	}
	if i.Site == (starter.Site{}) && terminal.IsTerminal(os.Stdin) {
		if err := i.ask(ctx); err != nil {
			return err
		}
	}
	about := buildinfo.Get()
	i.Settings, i.Action = settingsOf("plain"), starter.Action(about.Version, about.Commit)
	files, policies, problem := i.Files()
	if problem != nil {
		return problem
	}
	files["privgen.schema.json"] = schema()
	now, err := present()
	if err != nil {
		return err
	}
	_, there := os.Lstat(filepath.Join(dir, ".gitignore"))
	if there == nil { // the file is the user's
		delete(files, ".gitignore")
	}
	if err := disk.Create(dir, files); err != nil {
		return failed(nil, err, "nothing was written")
	}
	starter.Report(i.out, dir, policies, day.Of(now, now.Location()))
	if there == nil {
		fmt.Fprintf(i.out, "add to .gitignore, which was there already:\n  /public/\n  /.privgen/\n")
	}
	return nil
}

// ask asks for the values of the flags. An interrupt stops it.
func (i *initializing) ask(ctx context.Context) error {
	in := bufio.NewReader(os.Stdin)
	err := i.Ask(func(question string) (string, error) {
		fmt.Fprint(i.out, question)
		return terminal.ReadLine(ctx, i.out, in)
	}, func(p *source.Problem) { fmt.Fprintf(i.out, "%v\n", p) })
	if errors.Is(err, io.EOF) || ctx.Err() != nil {
		return &problems{note: "nothing was written"}
	}
	return err
}
