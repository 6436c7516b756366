package disk

import (
	"os"
	"path/filepath"
)

// This file keeps what a program that only reads a site wants to remember from
// one run to the next. It lies in the site's .privgen beside the state of
// builds, belongs to a machine, and may be removed at any time.

// ReadNotes gives what WriteNotes stored under a name, or nil.
func ReadNotes(site, name string) []byte {
	b, err := os.ReadFile(filepath.Join(site, ".privgen", name))
	if err != nil {
		return nil
	}
	return b
}

// WriteNotes stores notes under a name that is no output folder's. A reader
// sees the old or the new, never a part.
func WriteNotes(site, name string, notes []byte) error {
	dir := filepath.Join(site, ".privgen")
	if err := os.MkdirAll(dir, 0o777); err != nil {
		return failed("write", name, err)
	}
	ignoreInGit(dir)
	f, err := os.CreateTemp(dir, name+"-")
	if err != nil {
		return failed("write", name, err)
	}
	_, err = f.Write(notes)
	if e := f.Close(); err == nil {
		err = e
	}
	if err == nil {
		err = rename(f.Name(), filepath.Join(dir, name))
	}
	if err != nil {
		os.Remove(f.Name())
		return failed("write", name, err)
	}
	return nil
}
