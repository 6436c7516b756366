package main

import (
	"errors"
	"io/fs"
	"path"
	"path/filepath"
	"strings"

	"github.com/privgen/privgen/internal/imports/report"
	"github.com/privgen/privgen/internal/site"
	"github.com/privgen/privgen/internal/source"
)

// This file reads .importignore, and checks whether the site builds after an import.

func (d *destination) readIgnore() error {
	raw, err := fs.ReadFile(d.files, report.IgnoreFile)
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	if err != nil {
		return environmentOrProblem(err)
	}
	for line := range strings.Lines(string(raw)) {
		line = strings.TrimSpace(line)
		if line == "" || strings.HasPrefix(line, "#") {
			continue
		}
		if _, err := path.Match(line, ""); err != nil {
			return source.Usage(report.IgnoreFile+": "+line+" is not a pattern",
				"name version files, with * for any characters: content/privacy/2021-*.md")

		}
		d.ignore = append(d.ignore, line)
	}
	return nil
}

func (d *destination) ignored(file string) bool {
	for _, pattern := range d.ignore {
		if ok, _ := path.Match(pattern, file); ok || strings.HasPrefix(file, strings.TrimSuffix(pattern, "/")+"/") {
			return true
		}
	}
	return false
}

// check loads the site as a build does, and returns its problems.
func (r *importRun) check(v *report.Report) error {
	r.progress.show("checking the site", 0, 0)
	defer r.progress.clear()
	const note = "everything was written; a build of the site reports these problems"
	s, err := open(filepath.Join(r.dest.dir, r.dest.config), "", site.Input{})
	if found, ok := errors.AsType[*problems](err); ok {
		found.note = note
	}
	if err != nil {
		return err
	}
	defer s.Close()
	if list := s.CheckStamps(s.now); len(list) > 0 {
		return &problems{list, note}
	}
	v.Builds = true
	return nil
}
