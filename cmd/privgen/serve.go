package main

import (
	"context"
	"fmt"
	"io"
	"os"
	"time"

	"github.com/spf13/cobra"

	"github.com/privgen/privgen/internal/disk"
	"github.com/privgen/privgen/internal/pages"
	"github.com/privgen/privgen/internal/preview"
	"github.com/privgen/privgen/internal/serve"
	"github.com/privgen/privgen/internal/site"
	"github.com/privgen/privgen/internal/source"
	"github.com/privgen/privgen/templates"
	"github.com/privgen/privgen/themes"
)

// A serving is one run of serve.
type serving struct {
	*program
	serveFlags
}

type serveFlags struct {
	config, addr, at                       string
	watch, navigate, open, drafts, inForce bool
	poll, quiet                            bool
}

func serveCommand(p *program) *cobra.Command {
	s := &serving{p, serveFlags{drafts: true}}
	c := command{Use: "serve", args: arguments(), run: s.run, flags: []any{"watch", &s.watch,
		"navigate", &s.navigate, "open", &s.open, "addr", &s.addr, "at", &s.at, "drafts", &s.drafts,
		"in-force", &s.inForce, "poll", &s.poll, "config", &s.config, "quiet", &s.quiet}}
	return c.cobra()
}

func (s *serving) run(ctx context.Context, _ []string) error {
	if !s.watch && (s.poll || s.navigate) {
		return source.Usage("--poll and --navigate need --watch", "add --watch")
	}
	files, dir, name, err := openSite(s.config)
	if err != nil {
		return err
	}
	defer files.Close()
	l, err := serve.Listen(s.err, s.addr)
	if err != nil {
		return err
	}
	defer l.Close()
	list, err := s.preview(files, dir, name).Run(ctx, l, serve.ShownHost(l), func(url string) {
		if !s.open {
			return
		}
		if err := serve.OpenBrowser(url); err != nil {
			fmt.Fprintf(s.err, "privgen: the browser could not be opened: %v\n", err)
		}
	})
	return failed(list, err, "nothing is served")
}

// preview returns a preview of a site with the options of the flags.
func (s *serving) preview(files *disk.Site, dir, name string) *preview.Preview {
	out := s.out
	if s.quiet {
		out = io.Discard
	}
	return preview.New(preview.Options{
		Dir: dir, Files: files, Names: serve.HostNames(s.addr), Watch: s.watch, Navigate: s.navigate, Poll: s.poll,
		Load: site.Input{Config: name, Templates: templates.FS, Themes: themes.FS, Program: programID(),
			Each: sideBySide},
		Show: pages.Preview{Drafts: s.drafts && !s.inForce, InForce: s.inForce},
		Moment: func(loaded *site.Site) (time.Time, bool, error) {
			now, err := moment(s.at, loaded)
			return now, s.at != "" || !loaded.Config.Site.Day.IsZero() || os.Getenv("SOURCE_DATE_EPOCH") != "", err
		},
		Out: out, Err: s.err,
		PrintProblems: func(list source.Problems, note string) { s.printProblems(&problems{list, note}) },
	})
}
