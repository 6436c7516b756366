package disk

import (
	"cmp"
	"errors"
	"io/fs"
	"maps"
	"os"
	"path"
	"path/filepath"
	"slices"
)

// Create writes new files for the user: names with forward slashes, relative to
// dir, which is created if necessary. It never overwrites a file, and writes
// all of them or none: after an error, whatever it created is removed. When it
// returns, the files survive a power failure. For an error that is fs.ErrExist,
// Explain returns a Problem.
func Create(dir string, files map[string][]byte) (err error) {
	c := creation{dir: dir}
	defer func() {
		if err != nil {
			c.undo()
		}
	}()
	if c.made, err = makeDir(dir); err != nil {
		return err
	}
	root, err := os.OpenRoot(dir)
	if err != nil {
		return failed("open", dir, err)
	}
	defer root.Close()
	names := slices.Sorted(maps.Keys(files))
	// Find existing files before creating any, because undoing would show in an
	// editor.
	for _, name := range names {
		if err := noLinkAbove(root, name); err != nil {
			return err
		}
		if _, err := root.Lstat(filepath.FromSlash(name)); err == nil {
			return fileExists(name, "choose another name, or move the file away")
		}
	}
	for _, name := range names {
		if err := failed("write", name, c.makeFile(root, name, files[name])); err != nil {
			return err
		}
	}
	return c.sync()
}

// A creation records what was created, to undo it.
type creation struct {
	dir  string
	made []string // files and folders, in order
}

// makeDir creates a folder and those above it, and returns the new ones.
func makeDir(dir string) (made []string, err error) {
	var missing []string
	for up := range upward(filepath.Clean(dir)) {
		if _, err := os.Stat(up); !errors.Is(err, fs.ErrNotExist) {
			break
		}
		missing = append(missing, up)
	}
	for _, m := range slices.Backward(missing) {
		if err := os.Mkdir(m, 0o777); err != nil {
			return made, failed("write", dir, err)
		}
		made = append(made, m)
	}
	return made, nil
}

// makeFile creates a file and the folders it is in.
func (c *creation) makeFile(root *os.Root, name string, b []byte) error {
	for folder := range downward(path.Dir(name)) {
		if folder == "." {
			break // it exists, and not all systems return fs.ErrExist for this name
		}
		err := root.Mkdir(filepath.FromSlash(folder), 0o777)
		if err == nil {
			c.made = append(c.made, filepath.Join(c.dir, filepath.FromSlash(folder)))
		} else if !errors.Is(err, fs.ErrExist) {
			return err
		}
	}
	f, err := root.OpenFile(filepath.FromSlash(name), os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o666)
	if err != nil {
		return err
	}
	c.made = append(c.made, filepath.Join(c.dir, filepath.FromSlash(name)))
	return finishFile(f, b)
}

func (c *creation) undo() {
	for _, m := range slices.Backward(c.made) {
		os.Remove(m)
	}
}

func (c *creation) sync() error {
	dirs := map[string]bool{}
	for _, m := range c.made {
		dirs[filepath.Dir(m)] = true
	}
	for dir := range dirs {
		if err := failed("write", filepath.ToSlash(dir), syncFolder(dir)); err != nil {
			return err
		}
	}
	return nil
}

// createOver creates a temporary file in place of one that a killed run left.
// It never opens an existing file, which could be a symlink to any file of the
// site.
func createOver(root *os.Root, name string) (*os.File, error) {
	if err := root.Remove(name); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return nil, err
	}
	return root.OpenFile(name, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o666)
}

// finishFile writes, syncs, and closes a new file, which then survives a power failure.
func finishFile(f *os.File, b []byte) error {
	_, err := f.Write(b)
	if err == nil {
		err = f.Sync()
	}
	return cmp.Or(err, f.Close())
}
