package main

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"runtime"
	"strconv"
	"time"

	"github.com/privgen/privgen/internal/day"
	"github.com/privgen/privgen/internal/disk"
	"github.com/privgen/privgen/internal/parallel"
	"github.com/privgen/privgen/internal/policy"
	"github.com/privgen/privgen/internal/site"
	"github.com/privgen/privgen/internal/source"
	"github.com/privgen/privgen/internal/status"
	"github.com/privgen/privgen/templates"
	"github.com/privgen/privgen/themes"
)

// findSite returns the folder of the site and the name of its config: those of
// config, or the nearest folder with a privgen.toml, from the working directory up.
func findSite(config string) (dir, name string, err error) {
	if config != "" {
		if info, err := os.Stat(config); err != nil {
			return "", "", source.Usage(fmt.Sprintf("there is no config %q", config),
				"name the file with --config, or omit --config to use the nearest privgen.toml")
		} else if info.IsDir() {
			config = filepath.Join(config, site.ConfigFile)
		}
		return filepath.Dir(config), filepath.Base(config), nil
	}
	for dir = "."; ; dir = filepath.Join(dir, "..") {
		if _, err := os.Stat(filepath.Join(dir, site.ConfigFile)); err == nil {
			return filepath.Clean(dir), site.ConfigFile, nil
		}
		if abs, err := filepath.Abs(dir); err != nil || filepath.Dir(abs) == abs {
			return "", "", source.Usage("there is no privgen.toml in this folder or above",
				"create a site with: privgen init DIR\nor name its config with --config FILE")
		}
	}
}

// writable rejects a path through a symlink in the working directory: in a checkout
// of somebody else, it can lead anywhere.
func writable(name string) error {
	if link := disk.LinkTo(".", name); link != "" {
		return source.Usage(
			fmt.Sprintf("%s is a symlink, and nothing is written through one in the working directory", link),
			"name its target, or remove the symlink")
	}
	return nil
}

// openSite opens the folder of the site, and returns its files, its path, and
// the name of the config in it. The caller closes the files.
func openSite(config string) (files *disk.Site, dir, name string, err error) {
	if dir, name, err = findSite(config); err != nil {
		return nil, "", "", err
	}
	if files, err = disk.OpenSite(dir); err != nil {
		return nil, "", "", failed(nil, err, "")
	}
	return files, dir, name, nil
}

// An openedSite is a site that a command works with, as of an instant.
type openedSite struct {
	*site.Site
	files  *disk.Site
	dir    string
	config string // its name in dir
	now    time.Time
	today  day.Day
	open   source.Problems // problems that did not stop openWithDrafts
}

// Close closes the files.
func (s *openedSite) Close() { s.files.Close() }

// open opens, loads, and checks a site, as of the instant of --at, or that of
// moment. The caller closes it.
func open(config, at string, in site.Input) (*openedSite, error) {
	return openBy(config, at, in, func(_ *openedSite, in site.Input) (*site.Site, error) { return load(in) })
}

// openWithDrafts opens a site with its drafts, except those with problems. If changed is
// true, released texts can have changed.
func openWithDrafts(config, at string, changed bool) (*openedSite, error) {
	return openBy(config, at, site.Input{}, func(s *openedSite, in site.Input) (*site.Site, error) {
		loaded, open, list := status.Load(shipped(in), changed)
		s.open = open
		return loaded, failed(list, nil, "")
	})
}

func openBy(config, at string, in site.Input, load func(*openedSite, site.Input) (*site.Site, error)) (*openedSite,
	error) {
	files, dir, name, err := openSite(config)
	if err != nil {
		return nil, err
	}
	s := &openedSite{files: files, dir: dir, config: name}
	in.Files, in.Config = files, name
	if in.Each == nil {
		in.Each = sideBySide
	}
	if s.Site, err = load(s, in); err == nil {
		s.now, err = moment(at, s.Site)
	}
	if err != nil {
		files.Close()
		return nil, err
	}
	s.today = day.Of(s.now, s.Config.Zone())
	return s, nil
}

// openChecked opens a site for a command that changes something. It also checks what
// depends on the day. The note is the consequence of problems.
func openChecked(config, note string, in site.Input) (*openedSite, error) {
	s, err := open(config, "", withDays(in, ""))
	return s, noted(err, note)
}

// openDraft opens a site with the draft of one policy. Problems of other drafts
// are ignored.
func openDraft(config, at, slug string) (*openedSite, error) {
	return open(config, at, site.Input{Drafts: func(s string) bool { return s == slug }})
}

// openPolicy opens a site, and returns the policy of the first argument, if there is one,
// and the remaining arguments. If drafts is true, the site has all drafts, because drafts
// can link to one another; but if that fails, only the draft of the policy.
func openPolicy(config, at string, args []string, drafts bool) (s *openedSite, pol *policy.Policy, rest []string,
	err error) {
	in := site.Input{}
	if drafts {
		in.Drafts = func(string) bool { return true }
	}
	if s, err = open(config, at, in); err != nil && drafts && len(args) > 0 {
		s, err = openDraft(config, at, args[0])
	}
	if err == nil {
		if pol, rest, err = s.PolicyOf(args); err != nil {
			s.Close()
		}
	}
	return s, pol, rest, err
}

// shipped returns an input with the templates and themes that ship with the program.
func shipped(in site.Input) site.Input {
	in.Templates, in.Themes, in.Program = templates.FS, themes.FS, programID()
	return in
}

func load(in site.Input) (*site.Site, error) {
	s, list := site.Load(shipped(in))
	if len(list) > 0 {
		return nil, &problems{list: list}
	}
	return s, nil
}

// sideBySide calls do for every i below n on all cores.
func sideBySide(n int, do func(i int)) {
	_ = parallel.Each(runtime.GOMAXPROCS(0), n, func(_, i int) error {
		do(i)
		return nil
	})
}

// moment returns the instant as of which to build: that of the flag, of the config,
// or of present.
func moment(at string, s *site.Site) (time.Time, error) {
	zone := s.Config.Zone()
	if at != "" {
		return parseMoment(at, zone)
	}
	if t, ok := s.Config.Site.Day.Begin(zone); ok && !s.Config.Site.Day.IsZero() {
		return t, nil
	}
	return present()
}

// present returns the current time: SOURCE_DATE_EPOCH, or the clock.
func present() (time.Time, error) {
	if epoch := os.Getenv("SOURCE_DATE_EPOCH"); epoch != "" {
		n, err := strconv.ParseInt(epoch, 10, 64)
		if err != nil {
			return time.Time{}, source.Usage(fmt.Sprintf("SOURCE_DATE_EPOCH is %q", epoch),
				"set it to a number of seconds since 1970, or unset it")
		}
		return time.Unix(n, 0), nil
	}
	return time.Now(), nil
}

// parseMoment parses an instant, or a day, which is the instant of its beginning in
// the zone.
func parseMoment(at string, zone *time.Location) (time.Time, error) {
	if t, err := time.Parse(time.RFC3339, at); err == nil {
		return t, nil
	}
	d, err := day.Parse(at)
	if err != nil {
		return time.Time{}, source.Usage(fmt.Sprintf("--at %s: %v", at, err),
			"write a day, --at 2026-01-31, or an instant, --at 2026-01-31T09:00:00+01:00")
	}
	t, ok := d.Start(zone)
	if !ok {
		return time.Time{}, source.Usage(fmt.Sprintf("--at: %v does not exist in %v: the zone skipped it", d, zone),
			"use the day before or after")
	}
	return t, nil
}

// dayFlag parses the value of a flag, a day.
func dayFlag(flag, text string) (day.Day, error) {
	d, err := day.Parse(text)
	if err != nil {
		return d, source.Usage(fmt.Sprintf("%s %s: %v", flag, text, err), "write a day: "+flag+" 2026-01-31")
	}
	return d, nil
}

// failed returns one error for the problems and the error of a function, or nil. An
// error that the user can fix in the site becomes a problem. The note is the
// consequence of the problems.
func failed(list source.Problems, err error, note string) error {
	p := disk.Explain(err)
	switch {
	case err != nil && (p == nil || errors.Is(err, fs.ErrNotExist)):
		return err
	case err != nil:
		return one(p, note)
	case len(list) > 0:
		return &problems{list, note}
	}
	return nil
}
