package disk

import (
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"strings"
	"time"
)

// This file removes temporary files that killed runs left among the user's files.

// leftoverAge is the minimum age of a leftover: another privgen can be writing a newer file.
const leftoverAge = time.Hour

// addSuffix ends the names of files that Add has not finished: .NAME.privgen-tmp.
const addSuffix = ".privgen-tmp"

// isLeftover reports whether a file is old, and has exactly the name and kind of a
// temporary file of Commit, which is empty, or of Add.
func isLeftover(info fs.FileInfo, now time.Time) bool {
	if !info.Mode().IsRegular() || now.Sub(info.ModTime()) < leftoverAge {
		return false
	}
	if info.Name() == tempPrefix+"try" {
		return info.Size() == 0
	}
	name, ok := strings.CutSuffix(info.Name(), addSuffix)
	name, dot := strings.CutPrefix(name, ".")
	return ok && dot && name != "" && !strings.HasPrefix(name, ".") && path.Ext(name) != ""
}

// removeLeftovers removes temporary files from the site's folder itself, and from
// content/ and the folders below it. It follows no symlinks. It ignores errors,
// because a leftover does no harm.
func removeLeftovers(root *os.Root, now time.Time) {
	_ = fs.WalkDir(root.FS(), ".", func(name string, d fs.DirEntry, err error) error {
		switch {
		case err != nil:
			return nil
		case d.IsDir():
			if name != "." && name != "content" && !strings.HasPrefix(name, "content/") {
				return fs.SkipDir
			}
			return nil
		case !strings.HasPrefix(d.Name(), "."):
			return nil
		}
		if info, err := d.Info(); err == nil && isLeftover(info, now) {
			_ = root.Remove(filepath.FromSlash(name))
		}
		return nil
	})
}
