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

type serveFlags struct {
	config, addr, at                       string
	watch, navigate, open, drafts, inForce bool
	poll, quiet                            bool
}

func (p *program) serveCommand() *cobra.Command {
	var f serveFlags
	c := &cobra.Command{
		Use:  "serve",
		Args: arguments(),
		RunE: func(c *cobra.Command, _ []string) error { return p.serve(c.Context(), f) },
	}
	c.Flags().BoolVar(&f.watch, "watch", false, "")
	c.Flags().BoolVar(&f.navigate, "navigate", false, "")
	c.Flags().BoolVar(&f.open, "open", false, "")
	c.Flags().StringVar(&f.addr, "addr", "", "")
	c.Flags().StringVar(&f.at, "at", "", "")
	c.Flags().BoolVar(&f.drafts, "drafts", true, "")
	c.Flags().BoolVar(&f.inForce, "in-force", false, "")
	c.Flags().BoolVar(&f.poll, "poll", false, "")
	c.Flags().StringVar(&f.config, "config", "", "")
	c.Flags().BoolVar(&f.quiet, "quiet", false, "")
	setHelp(c, serveHelp)
	return c
}

func (p *program) serve(ctx context.Context, f serveFlags) error {
	if !f.watch && (f.poll || f.navigate) {
		return source.Usage("--poll and --navigate need --watch", "add --watch")
	}
	files, dir, name, err := openSite(f.config)
	if err != nil {
		return err
	}
	defer files.Close()
	l, err := p.listen(f.addr)
	if err != nil {
		return err
	}
	defer l.Close()
	list, err := p.preview(f, files, dir, name).Run(ctx, l, shownHost(l), func(url string) {
		if !f.open {
			return
		}
		if err := openBrowser(url); err != nil {
			fmt.Fprintf(p.err, "privgen: the browser could not be opened: %v\n", err)
		}
	})
	return failed(list, err, "nothing is served")
}

// preview returns a preview of a site with the options of the flags.
func (p *program) preview(f serveFlags, files *disk.Site, dir, name string) *preview.Preview {
	out := p.out
	if f.quiet {
		out = io.Discard
	}
	return preview.New(preview.Options{
		Dir: dir, Files: files, Names: hostNames(f.addr), Watch: f.watch, Navigate: f.navigate, Poll: f.poll,
		Load: site.Input{Config: name, Templates: templates.FS, Themes: themes.FS, Program: programID(),
			Each: sideBySide},
		Show: pages.Preview{Drafts: f.drafts && !f.inForce, InForce: f.inForce},
		Moment: func(s *site.Site) (time.Time, bool, error) {
			now, err := moment(f.at, s)
			return now, f.at != "" || !s.Config.Site.Day.IsZero() || os.Getenv("SOURCE_DATE_EPOCH") != "", err
		},
		Out: out, Err: p.err,
		PrintProblems: func(list source.Problems, note string) { p.printProblems(&problems{list, note}) },
	})
}

// The port that is tried first, and how many after it.
const (
	firstPort = 8080
	morePorts = 20
)

// listen listens at the requested address, or at the first free port.
func (p *program) listen(addr string) (net.Listener, error) {
	if addr == "" {
		return p.listenAnywhere()
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
		fmt.Fprintf(p.err, "privgen: serving on %s: anyone who can reach it over the network can read the site, "+
			"drafts too\n\tto keep it to yourself: --addr 127.0.0.1:%s\n", what, port)
	}
	return l, nil
}

func (p *program) listenAnywhere() (net.Listener, error) {
	for i := range morePorts {
		l, err := net.Listen("tcp", fmt.Sprintf("127.0.0.1:%d", firstPort+i))
		if err == nil {
			if i > 0 {
				fmt.Fprintf(p.err, "privgen: another program listens on port %d; taking %d\n", firstPort, firstPort+i)
			}
			return l, nil
		}
	}
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return nil, fmt.Errorf("serve 127.0.0.1: %w", bare(err))
	}
	fmt.Fprintf(p.err, "privgen: other programs listen on ports %d to %d; taking %d\n", firstPort,
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
