package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"os"
	"os/exec"
	"runtime"
	"strconv"
	"strings"
	"syscall"
	"time"

	"github.com/spf13/cobra"

	"github.com/privgen/privgen/internal/disk"
	"github.com/privgen/privgen/internal/pages"
	"github.com/privgen/privgen/internal/preview"
	"github.com/privgen/privgen/internal/site"
	"github.com/privgen/privgen/internal/source"
	"github.com/privgen/privgen/templates"
	"github.com/privgen/privgen/themes"
)

const serveHelp = `Usage:
  privgen serve [flags]

Serves the site to a browser as a host would, and writes nothing to the output
folder. Drafts are shown too: the draft of privacy is at /privacy/draft/, with
a redline against the text in force.

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
	l, err := listen(s.err, s.addr)
	if err != nil {
		return err
	}
	defer l.Close()
	list, err := s.preview(files, dir, name).Run(ctx, l, shownHost(l), func(url string) {
		if !s.open {
			return
		}
		if err := openBrowser(url); err != nil {
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
		Dir: dir, Files: files, Names: hostNames(s.addr), Watch: s.watch, Navigate: s.navigate, Poll: s.poll,
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

// The port that is tried first, and how many after it.
const (
	firstPort = 8080
	morePorts = 20
)

// listen listens at the requested address, or at the first free port.
func listen(errOut io.Writer, addr string) (net.Listener, error) {
	if addr == "" {
		return listenAnywhere(errOut)
	}
	if _, err := strconv.Atoi(addr); err == nil {
		addr = "127.0.0.1:" + addr
	}
	host, port, err := net.SplitHostPort(addr)
	if _, e := strconv.ParseUint(port, 10, 16); err != nil || e != nil {
		return nil, source.Usage(fmt.Sprintf("--addr %s: this is not an address", addr),
			"write --addr 127.0.0.1:8080, or only a port: --addr 8080")
	}
	l, err := net.Listen("tcp", addr)
	switch {
	case errors.Is(err, syscall.EADDRINUSE):
		return nil, source.Fix(fmt.Errorf("serve %s: another program listens there", addr),
			"take another port, or leave --addr away to take the next that is free")
	case err != nil:
		return nil, fmt.Errorf("serve %s: %w", addr, bare(err))
	}
	if !l.Addr().(*net.TCPAddr).IP.IsLoopback() {
		what := "this address"
		if host == "" || l.Addr().(*net.TCPAddr).IP.IsUnspecified() {
			what = "every address of this machine"
		}
		fmt.Fprintf(errOut, "privgen: serving on %s: anyone who can reach it over the network can read the site, "+
			"drafts too\n\tto keep it to yourself: --addr 127.0.0.1:%s\n", what, port)
	}
	return l, nil
}

func listenAnywhere(errOut io.Writer) (net.Listener, error) {
	for i := range morePorts {
		l, err := net.Listen("tcp", fmt.Sprintf("127.0.0.1:%d", firstPort+i))
		if err == nil {
			if i > 0 {
				fmt.Fprintf(errOut, "privgen: another program listens on port %d; taking %d\n", firstPort, firstPort+i)
			}
			return l, nil
		}
	}
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return nil, fmt.Errorf("serve 127.0.0.1: %w", bare(err))
	}
	fmt.Fprintf(errOut, "privgen: other programs listen on ports %d to %d; taking %d\n", firstPort,
		firstPort+morePorts-1, l.Addr().(*net.TCPAddr).Port)
	return l, nil
}

// bare removes the part of a network error that repeats the address.
func bare(err error) error {
	if e := new(net.OpError); errors.As(err, &e) {
		err = e.Err
	}
	if e := new(os.SyscallError); errors.As(err, &e) {
		err = e.Err
	}
	return err
}

// hostNames returns the allowed names in Host headers, besides localhost and IP
// addresses: the one to listen at or, for all addresses, the machine's own.
func hostNames(addr string) []string {
	host, _, err := net.SplitHostPort(addr)
	if err != nil {
		return nil
	}
	if ip := net.ParseIP(host); host != "" && (ip == nil || !ip.IsUnspecified()) {
		return []string{strings.ToLower(host)}
	}
	name, err := os.Hostname()
	if err != nil {
		return nil
	}
	name = strings.ToLower(name)
	return []string{name, name + ".local"}
}

// shownHost returns the address to type in a browser on this machine.
func shownHost(l net.Listener) string {
	a := l.Addr().(*net.TCPAddr)
	if a.IP.IsUnspecified() {
		return fmt.Sprintf("localhost:%d", a.Port)
	}
	return a.String()
}

// openBrowser opens a URL in the user's browser, without waiting for it.
func openBrowser(url string) error {
	var c *exec.Cmd
	switch runtime.GOOS {
	case "darwin":
		c = exec.Command("open", url)
	case "windows":
		c = exec.Command("rundll32", "url.dll,FileProtocolHandler", url)
	default:
		c = exec.Command("xdg-open", url)
	}
	if err := c.Start(); err != nil {
		return err
	}
	go c.Wait()
	return nil
}
