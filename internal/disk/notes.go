package disk

import (
	"bytes"
	"cmp"
	"os"
	"path/filepath"
	"slices"
)

// This file stores caches of commands that write no output, such as serve. A
// cache is a file in the site's .privgen, beside the state of builds. It belongs
// to one machine, and can be removed at any time.

// ReadNotes returns what WriteNotes stored under a name in this place, or nil.
func ReadNotes(site, name string) []byte {
	own := filepath.Join(site, ownName)
	origin := originOf(own)
	if origin == "" {
		return nil
	}
	b, err := readOwn(filepath.Join(own, name))
	if notes, ok := bytes.CutPrefix(b, []byte(origin)); err == nil && ok {
		return notes
	}
	return nil
}

// WriteNotes stores notes under a name that is not an output folder's. A reader
// sees the old or the new notes, never a part.
func WriteNotes(site, name string, notes []byte) error {
	dir, err := makeOwn(site)
	if err != nil {
		return failed("write", name, err)
	}
	f, err := os.CreateTemp(dir, name+"-")
	if err != nil {
		return failed("write", name, err)
	}
	_, err = f.Write(slices.Concat([]byte(originOf(dir)), notes))
	if err = cmp.Or(err, f.Close()); err == nil {
		err = rename(f.Name(), filepath.Join(dir, name))
	}
	if err != nil {
		os.Remove(f.Name())
	}
	return failed("write", name, err)
}
