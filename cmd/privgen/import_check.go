package main

import (
	"fmt"
	"io/fs"
	"path/filepath"
	"strings"

	"github.com/privgen/privgen/internal/disk"
	"github.com/privgen/privgen/internal/imports/choices"
	"github.com/privgen/privgen/internal/imports/report"
	"github.com/privgen/privgen/internal/site"
	"github.com/privgen/privgen/internal/source"
)

// This file reads and writes import.toml, and checks whether the site builds after an
// import.

func (d *destination) readChoices() error {
	const before = ".importignore"
	if raw, err := fs.ReadFile(d.files, before); err == nil {
		return &problems{source.Problems{source.NewProblem(source.In(before), "bad-import-choice",
			"imports do not read this file any more",
			fmt.Sprintf("write its lines into %s, and remove it:\nexclude = %q", choices.Name,
				strings.Fields(string(raw))))}, "nothing was written"}
	}
	file, list, err := choices.Load(d.files, site.CheckSlug)
	if err != nil {
		return failed(nil, err, "")
	}
	if list != nil {
		return &problems{list, "nothing was written"}
	}
	d.file = file
	return nil
}

// saveChoices writes import.toml if --save is set.
func (r *importRun) saveChoices() error {
	if !r.save || !r.given {
		return nil
	}
	return disk.Commit(r.dest.dir, disk.Change{Replace: map[string][]byte{choices.Name: r.kept}})
}

// check loads the site as a build does, and returns its problems.
func (r *importRun) check(v *report.Report) error {
	r.progress.Show("checking the site", 0, 0)
	defer r.progress.Clear()
	const note = "everything was written; a build of the site reports these problems"
	s, err := open(filepath.Join(r.dest.dir, r.dest.config), "", site.Input{})
	if err != nil {
		return noted(err, note)
	}
	defer s.Close()
	if list := s.CheckStamps(s.now); len(list) > 0 {
		return &problems{list, note}
	}
	v.Builds = true
	return nil
}
