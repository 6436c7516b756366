package main

import (
	"errors"
	"io/fs"
	"path/filepath"

	"github.com/privgen/privgen/internal/imports/report"
	"github.com/privgen/privgen/internal/site"
)

// This file reads .importignore, and checks whether the site builds after an import.

func (d *destination) readIgnore() error {
	raw, err := fs.ReadFile(d.files, report.IgnoreFile)
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	if err != nil {
		return failed(nil, err, "")
	}
	d.ignore, err = report.ParseIgnore(raw)
	return err
}

// check loads the site as a build does, and returns its problems.
func (r *importRun) check(v *report.Report) error {
	r.progress.Show("checking the site", 0, 0)
	defer r.progress.Clear()
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
