package main

import (
	"bytes"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"sync"

	"github.com/privgen/privgen/internal/site"
	"github.com/privgen/privgen/internal/source"
	"github.com/privgen/privgen/internal/terminal"
)

// This file runs a command for several sites.

// mostSites is the maximum number of sites at a time; each uses all cores.
const mostSites = 4

// An exitCode is the error of a command that has printed its problems.
type exitCode int

func (c exitCode) Error() string { return fmt.Sprintf("exit code %d", int(c)) }

// siteFolders returns the folders of sites in arguments. If there are several, it skips
// files, which a pattern such as clients/* can match. A folder named twice counts once; a
// folder without a config is an error.
func siteFolders(args []string, config string) (dirs []string, err error) {
	if len(args) > 0 && config != "" {
		return nil, source.Usage("--config and "+args[0]+" both name a site", "omit one of them")
	}
	var seen []os.FileInfo
	for _, arg := range args {
		info, err := os.Stat(arg)
		named := func(other os.FileInfo) bool { return os.SameFile(info, other) }
		switch {
		case err != nil:
			return nil, source.Usage(fmt.Sprintf("there is no folder %q", arg), "name folders with a "+site.ConfigFile)
		case !info.IsDir() && len(args) > 1:
			continue
		case info.IsDir() && !isFile(filepath.Join(arg, site.ConfigFile)):
			return nil, source.Usage(fmt.Sprintf("the folder %q has no %s", arg, site.ConfigFile),
				"name folders of sites; create one with: privgen init DIR")
		case slices.ContainsFunc(seen, named):
			continue
		}
		seen, dirs = append(seen, info), append(dirs, arg)
	}
	if len(args) > 0 && len(dirs) == 0 {
		return nil, source.Usage("there is no site among the arguments", "name folders with a "+site.ConfigFile)
	}
	return dirs, nil
}

// A siteRun has the output and the exit code of a command for one site.
type siteRun struct {
	Site   string          `json:"site"`
	Code   int             `json:"exit_code"`
	Result json.RawMessage `json:"result"` // null if there is none
	Errors string          `json:"errors,omitempty"`

	out, err bytes.Buffer
}

// inSites runs a command for the sites in the arguments, or for the site of the config.
// For several sites, it prints their outputs in order, and the exit code is the highest.
func (p *program) inSites(args []string, config string, run func(p *program, config string) error) error {
	dirs, err := siteFolders(args, config)
	if err != nil {
		return err
	}
	if len(dirs) < 2 {
		return run(p, strings.Join(append(dirs, config), ""))
	}
	return p.printRuns(p.runSites(dirs, func(p *program, i int) error { return run(p, dirs[i]) }))
}

// runSites runs a command for several sites.
func (p *program) runSites(dirs []string, run func(p *program, i int) error) []siteRun {
	runs := make([]siteRun, len(dirs))
	slots := make(chan bool, min(mostSites, runtime.GOMAXPROCS(0)))
	var group sync.WaitGroup
	for i, dir := range dirs {
		group.Go(func() {
			slots <- true
			defer func() { <-slots }()
			r := &runs[i]
			r.Site = filepath.ToSlash(dir)
			sub := &program{out: terminal.Screen{Writer: &r.out}, err: terminal.Screen{Writer: &r.err}, json: p.json}
			r.Code = sub.exit(run(sub, i))
		})
	}
	group.Wait()
	return runs
}

func (p *program) printRuns(runs []siteRun) error {
	worst, good := 0, 0
	same := map[string][]string{} // sites by their errors, because a shared folder can have the mistake
	for i := range runs {
		same[runs[i].err.String()] = append(same[runs[i].err.String()], runs[i].Site)
	}
	for i := range runs {
		r := &runs[i]
		if worst = max(worst, r.Code); r.Code == 0 {
			good++
		}
		if p.json {
			r.Result, r.Errors = bytes.TrimSpace(r.out.Bytes()), r.err.String()
			if len(r.Result) == 0 {
				r.Result = json.RawMessage("null")
			}
			continue
		}
		if text := r.out.String(); text != "" {
			fmt.Fprintf(p.out, "%s:\n%s\n", r.Site, strings.TrimRight(text, "\n"))
		}
		if text := r.err.String(); text != "" && same[text][0] == r.Site {
			fmt.Fprintf(p.err, "%s:\n%s\n", strings.Join(same[text], ", "), strings.TrimRight(text, "\n"))
		}
	}
	if p.json {
		if err := terminal.PrintJSON(p.out, map[string]any{"sites": runs}); err != nil {
			return err
		}
	} else {
		fmt.Fprintf(p.out, "%s, %d without problems\n", source.Count(len(runs), "site"), good)
	}
	if worst > 0 {
		return exitCode(worst)
	}
	return nil
}
