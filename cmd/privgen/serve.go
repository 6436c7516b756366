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

const serveHelp = `Usage:
  privgen serve [flags]

Serves the site to a browser as a host would, and writes nothing to the output
folder. Drafts are shown too: the draft of privacy is at /privacy/draft/, with
a redline against the text in force. /.privgen/gallery/ shows the theme with
every kind of page, and with the longest texts.

With --watch, the page in the browser updates when you save its text, and
problems appear above the page until they are fixed. Press Ctrl-C to stop.

Flags:
  --watch            update pages when files are saved
  --navigate         open the page of the file that was saved
  --open             open the browser
  --addr HOST:PORT   listen at this address. The default is 127.0.0.1:8080 or
                     the next free port, which other machines cannot reach.
                     To allow them, name an address: --addr 0.0.0.0:8080
  --at DAY           show the site as of a day (2026-01-31) or an instant
                     (2026-01-31T09:00:00+01:00), past or future. The
                     default is the config's day, SOURCE_DATE_EPOCH, or now;
                     then the site changes when a version takes effect
  --drafts=false     omit drafts
  --in-force         only what is in force: no drafts or upcoming versions
  --poll             check for changes twice a second, for folders whose
                     changes the system does not report, as on network mounts
  --config FILE      the config file (default: the nearest privgen.toml)
  --quiet            print problems only
  --help             show this

Example:
  privgen serve --watch --open
`

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
	c := command{Use: "serve", help: serveHelp, args: arguments(), run: s.run, flags: []any{"watch", &s.watch,
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
