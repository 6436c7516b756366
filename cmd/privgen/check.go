package main

import (
	"context"
	"errors"
	"path"
	"path/filepath"

	"github.com/spf13/cobra"

	"github.com/privgen/privgen/internal/buildinfo"
	"github.com/privgen/privgen/internal/check"
	"github.com/privgen/privgen/internal/disk"
	"github.com/privgen/privgen/internal/pages"
	"github.com/privgen/privgen/internal/source"
	"github.com/privgen/privgen/internal/status"
	"github.com/privgen/privgen/internal/terminal"
)

// A checking is one run of check.
type checking struct {
	*program
	config, at, failOn, format string
}

func checkCommand(p *program) *cobra.Command {
	k := &checking{program: p, failOn: "error", format: "text"}
	d := command{Use: "check [DIR...]", complete: anyFolder, run: k.run, flags: []any{
		"fail-on", &k.failOn,
		"format", &k.format, "json", &p.json, "at", &k.at, "config", &k.config}}
	c := d.cobra()
	// These fail only for a flag that does not exist.
	_ = c.RegisterFlagCompletionFunc("fail-on", oneOf("error", "warning", "note"))
	_ = c.RegisterFlagCompletionFunc("format", oneOf("text", "json", "sarif"))
	return c
}

func (k *checking) run(_ context.Context, args []string) error {
	if k.json {
		k.format = "json"
	}
	if err := oneOfFlag("--fail-on", k.failOn, "error", "warning", "note"); err != nil {
		return err
	}
	if err := oneOfFlag("--format", k.format, "text", "json", "sarif"); err != nil {
		return err
	}
	dirs, err := siteFolders(args, k.config)
	if err != nil {
		return err
	}
	if len(dirs) == 0 {
		dirs = []string{k.config}
	}
	var list []check.Finding
	for _, config := range dirs {
		dir, _, err := findSite(config)
		if err != nil {
			return err
		}
		found, err := k.findings(config)
		if problem, ok := errors.AsType[*problems](err); ok && problem.class() == source.InSite {
			found, err = check.OfProblems(problem.list, check.Error), nil
		}
		if err != nil {
			return err
		}
		if (len(dirs) > 1 || k.format == "sarif") && filepath.IsLocal(dir) { // from the root of the repository
			for i := range found {
				found[i].File = path.Join(filepath.ToSlash(dir), found[i].File)
			}
		}
		list = append(list, found...)
	}
	r := check.NewReport(list)
	switch k.format {
	case "json":
		err = terminal.PrintJSON(k.out, r)
	case "sarif":
		err = terminal.PrintJSON(k.out, r.SARIF(buildinfo.Get().Version))
	default:
		r.Print(k.out)
	}
	if err == nil && r.Fails(check.Severity(k.failOn)) {
		err = &problems{} // they are already printed
	}
	return err
}

// findings returns the findings in a site. Problems that stop its load are the error.
func (k *checking) findings(config string) ([]check.Finding, error) {
	s, err := openWithDrafts(config, k.at, false)
	if err != nil {
		return nil, err
	}
	defer s.Close()
	list, err := checkDays(s.Site, k.at)
	if err != nil {
		return nil, err
	}
	folder := s.Config.Output.Folder
	problem, err := disk.Place{Site: s.dir, Out: filepath.Join(s.dir, filepath.FromSlash(folder)),
		At: s.Config.At("output", "folder")}.Check()
	if problem != nil {
		list = append(list, problem)
	}
	if err != nil {
		return nil, err
	}
	more, err := check.OfPages(pages.Plan(s.Site, s.now), sideBySide)
	if err != nil {
		return nil, failed(nil, err, "")
	}
	r, err := status.Of(s.Site, s.now, nil, s.open)
	if err != nil {
		return nil, failed(nil, err, "")
	}
	texts, err := check.OfTexts(s.Site, s.now)
	if err != nil {
		return nil, failed(nil, err, "")
	}
	found := append(check.OfProblems(append(list, more...), check.Error), check.OfStatus(r)...)
	return append(found, texts...), nil
}
