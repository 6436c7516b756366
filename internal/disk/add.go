package disk

import (
	"cmp"
	"context"
	"errors"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"sync"
	"time"

	"github.com/privgen/privgen/internal/parallel"
)

// writers is how many files Add writes at once. They wait for the disk, not for
// the processor.
const writers = 8

// Add writes n new files for the user. The first ones are complete before the
// others begin. file returns the name of each, relative to dir with forward
// slashes, and its bytes; done is called after each. Several goroutines call
// both functions.
//
// Add never overwrites a file. Each file is complete at every moment, including
// after a power failure. After an error, finished files stay, so that a second
// run has less to do; unfinished ones are removed. For an error that is
// fs.ErrExist, Explain returns a Problem.
func Add(ctx context.Context, dir string, first, n int, file func(i int) (name string, b []byte, err error),
	done func()) error {
	if _, err := makeDir(dir); err != nil {
		return err
	}
	root, err := os.OpenRoot(dir)
	if err != nil {
		return failed("open", dir, err)
	}
	defer root.Close()
	removeLeftovers(root, time.Now())
	a := &adding{root: root, folders: map[string]bool{}}
	add := func(i int) error {
		if ctx.Err() != nil {
			return ctx.Err()
		}
		name, b, err := file(i)
		if err == nil {
			err = a.add(name, b)
		}
		if err == nil {
			done()
		}
		return err
	}
	for i := range first {
		if err := add(i); err != nil {
			return err
		}
	}
	err = parallel.Each(writers, n-first, func(_, i int) error { return add(first + i) })
	for folder := range a.folders {
		unsynced := syncFolder(filepath.Join(dir, filepath.FromSlash(folder)))
		err = cmp.Or(err, failed("write", folder, unsynced))
	}
	return err
}

// An adding is the state of one call of Add.
type adding struct {
	root *os.Root

	mu      sync.Mutex
	folders map[string]bool // folders with a new file, and those above them
}

func (a *adding) add(name string, b []byte) error {
	if err := noLinkAbove(a.root, name); err != nil {
		return err
	}
	if err := a.folder(path.Dir(name)); err != nil {
		return failed("write", name, err)
	}
	local := filepath.FromSlash(name)
	beside := filepath.Join(filepath.Dir(local), "."+filepath.Base(local)+addSuffix)
	f, err := createOver(a.root, beside)
	if err != nil {
		return failed("write", name, err)
	}
	err = finishFile(f, b)
	if err == nil {
		err = a.put(beside, local, name)
	}
	if e := a.root.Remove(beside); err == nil && e != nil && !errors.Is(e, fs.ErrNotExist) {
		err = e
	}
	return failed("write", name, err)
}

// put links a finished file to its name, because a link fails where a rename
// would overwrite. The caller removes the temporary name.
func (a *adding) put(beside, local, name string) error {
	err := a.root.Link(beside, local)
	if errors.Is(err, fs.ErrExist) {
		return fileExists(name, "move the file away, and run the command again")
	}
	if err == nil {
		return nil
	}
	// Some file systems have no hard links.
	if _, e := a.root.Lstat(local); !errors.Is(e, fs.ErrNotExist) {
		return err
	}
	return a.root.Rename(beside, local)
}

// folder creates the folder of a file and those above it.
func (a *adding) folder(dir string) error {
	a.mu.Lock()
	defer a.mu.Unlock()
	if a.folders[dir] {
		return nil
	}
	if err := a.root.MkdirAll(filepath.FromSlash(dir), 0o777); err != nil {
		return err
	}
	a.folders["."] = true
	for folder := range downward(dir) {
		a.folders[folder] = true
	}
	return nil
}
