package main

import (
	"errors"
	"io/fs"
	"path"
	"strings"

	"github.com/privgen/privgen/internal/disk"
)

// This file holds an import to what stands in the site: what the user does not
// want of it, and whether the site builds afterwards.

// ignoreFile names in a site the versions that no import shall bring, those
// that were deleted on purpose: patterns of their files, one a line.
const ignoreFile = ".importignore"

func (d *destination) readIgnore() error {
	raw, err := fs.ReadFile(d.files, ignoreFile)
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	if err != nil {
		return worldOrProblem(err)
	}
	for line := range strings.Lines(string(raw)) {
		line = strings.TrimSpace(line)
		if line == "" || strings.HasPrefix(line, "#") {
			continue
		}
		if _, err := path.Match(line, ""); err != nil {
			return &usageError{ignoreFile + ": " + line + " is no pattern", "name version files, with * for any letters: content/privacy/2021-*.md"}
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

// check reads the site as a build does, and gives what would stop one.
func (r *intakeRun) check(v *importView) error {
	r.progress.show("checking the site", 0, 0)
	defer r.progress.clear()
	files, err := disk.OpenSite(r.dest.dir)
	if err != nil {
		return worldOrProblem(err)
	}
	defer files.Close()
	s, err := loadSite(files, r.dest.config, "", sideBySide)
	found := (*problems)(nil)
	if errors.As(err, &found) {
		found.note = "everything was written; this is what a build says of the site"
		return found
	}
	if err != nil {
		return err
	}
	now, err := moment("", s)
	if err != nil {
		return err
	}
	if list := s.CheckStamps(now); len(list) > 0 {
		return &problems{list, "everything was written; this is what a build says of the site"}
	}
	v.Builds = true
	return nil
}
