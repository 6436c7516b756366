package disk

import (
	"bytes"
	"cmp"
	"errors"
	"io"
	"io/fs"
	"maps"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strings"

	"github.com/privgen/privgen/internal/parallel"
	"github.com/privgen/privgen/internal/source"
	"github.com/privgen/privgen/internal/tree"
)

// This file changes the output, in the order that the package comment defines.
// Each change of the disk calls step first, so that tests can stop a build at
// every one.

func (w *writing) ask(verb, name string) error {
	if w.out.step == nil {
		return nil
	}
	return w.out.step(verb + " " + name)
}

func (w *writing) publish() error {
	old := w.out.state
	next := &state{program: w.out.program, list: w.listPrint, files: w.files, cache: old.cache}
	learned := false
	if w.opt.Cache != nil {
		if cache := w.opt.Cache(); cache != nil {
			next.cache, learned = cache, true
		}
	}
	switch {
	case len(w.render) > 0 || len(w.gone) > 0 || len(w.survey.debris) > 0 || !w.asLeft:
		if err := w.change(old); err != nil {
			return err
		}
		info, err := os.Lstat(w.at(listName))
		if err != nil {
			return failed("read", path.Join(w.out.name, listName), err)
		}
		settled := settledFingerprints(w.out.dir, w.out.clock())
		next.list = settled(FingerprintOf(info))
		for i := range w.files {
			if w.staged[i] {
				w.files[i].print = settled(w.files[i].print)
			}
		}
	case w.out.current && !learned && !w.renewed && w.survey.learned.Load() <= int64(len(w.survey.folders)/8):
		return nil
	}
	next.folders = w.survey.leaves(w.files, w.gone)
	if err := w.writeState(next); err != nil {
		return err
	}
	w.out.state, w.out.current = next, true
	return nil
}

func (w *writing) change(old *state) error {
	if err := w.readList(); err != nil {
		return err
	}
	now := make(owned, len(w.files))
	for i := range w.files {
		now[i] = claim{w.files[i].path, w.files[i].sum}
	}
	if w.fresh {
		if done, err := w.moveWhole(now); done || err != nil {
			return err
		}
	}
	if err := w.ask("make", w.out.name); err != nil {
		return err
	}
	err := os.MkdirAll(w.out.dir, 0o777)
	if err == nil {
		w.root, err = os.OpenRoot(w.out.dir)
	}
	if err != nil {
		return failed("write", w.out.name, err)
	}
	defer w.root.Close()
	if err := w.announce(now); err != nil {
		return err
	}
	for _, p := range w.survey.debris {
		if err := w.remove(p); err != nil {
			return err
		}
	}
	if err := w.removeOwned(w.early); err != nil {
		return err
	}
	if err := w.moveAll(); err != nil {
		return err
	}
	if err := w.removeOwned(w.late(old)); err != nil {
		return err
	}
	return w.writeList(now.text())
}

// moveWhole makes staging the output folder, with its ownership list. It reports
// false if that is not possible, for example because staging is on another disk
// or there is an output folder now; then files are moved one by one.
func (w *writing) moveWhole(now owned) (bool, error) {
	if err := w.ask("write", path.Join(w.out.name, listName)); err != nil {
		return false, err
	}
	text := now.text()
	if _, err := writeNew(filepath.Join(w.out.staging(), listName), text); err != nil {
		return false, failed("write", path.Join(w.out.name, listName), err)
	}
	if err := w.ask("move", w.out.name); err != nil {
		return false, err
	}
	if w.out.rename(w.out.staging(), w.out.dir) != nil {
		return false, nil
	}
	w.list = text
	return true, nil
}

// announce adds the lines for new bytes to the ownership list. It keeps the
// existing lines, whatever their order, because this list exists only for a
// moment.
func (w *writing) announce(now owned) error {
	var added owned
	for i, c := range now {
		if w.staged[i] && !w.owned.at(c.path).wrote(c.sum) {
			added = append(added, c)
		}
	}
	if len(added) == 0 {
		return nil
	}
	text := added.text()
	if len(w.list) > 0 {
		text = slices.Concat(w.list, []byte("\n"), text)
	}
	return w.writeList(text)
}

// moveAll moves the staged files into place, stage by stage.
func (w *writing) moveAll() error {
	var stages [tree.Home + 1][]int
	for i := range w.tree {
		if w.staged[i] {
			stages[w.tree[i].Stage] = append(stages[w.tree[i].Stage], i)
		}
	}
	made := make([]string, w.opt.Workers) // the last folder that each worker created
	for _, entries := range stages {
		err := parallel.Each(w.opt.Workers, len(entries), func(worker, n int) error {
			i := entries[n]
			p := w.tree[i].Path
			if dir := path.Dir(p); dir != "." && dir != made[worker] {
				if err := w.ask("make", dir); err != nil {
					return err
				}
				if err := w.root.MkdirAll(filepath.FromSlash(dir), 0o777); err != nil {
					return failed("write", path.Join(w.out.name, dir), err)
				}
				made[worker] = dir
			}
			if err := w.ask("move", p); err != nil {
				return err
			}
			if err := w.put(w.inStaging(i), w.at(p)); err != nil {
				return failed("write", path.Join(w.out.name, p), err)
			}
			// Take the fingerprint at once, so that a later change by somebody
			// else is noticed. Without one, the next build reads the file.
			w.files[i].print = source.Fingerprint{}
			if info, err := os.Lstat(w.at(p)); err == nil && info.Size() == w.files[i].size {
				w.files[i].print = FingerprintOf(info)
			}
			return nil
		})
		if err != nil {
			return err
		}
	}
	return nil
}

// put moves a file to a path, where it replaces any file. From another disk, it
// is first copied to a temporary file beside that path.
func (w *writing) put(from, to string) error {
	err := w.out.rename(from, to)
	if err == nil || !otherDisk(err) {
		return err
	}
	beside := filepath.Join(filepath.Dir(to), tempPrefix+filepath.Base(to))
	if err := copyFile(from, beside); err != nil {
		os.Remove(beside)
		return err
	}
	if err := w.ask("rename", to); err != nil {
		return err
	}
	if err := rename(beside, to); err != nil {
		os.Remove(beside)
		return err
	}
	return os.Remove(from)
}

// copyFile copies the bytes of a file.
func copyFile(from, to string) error {
	in, err := os.Open(from)
	if err != nil {
		return err
	}
	defer in.Close()
	if err := os.Remove(to); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return err
	}
	out, err := createNew(to)
	if err != nil {
		return err
	}
	_, err = io.Copy(out, in)
	return cmp.Or(err, out.Close())
}

// late returns the files to remove at the end, in the opposite order of moving:
// the home page first, assets last.
func (w *writing) late(old *state) []string {
	stages := make(map[string]tree.Stage, len(w.gone))
	for _, p := range w.gone {
		if _, early := slices.BinarySearch(w.early, p); !early {
			stages[p] = tree.Leaf
		}
	}
	for _, f := range old.files {
		if _, ok := stages[f.path]; ok {
			stages[f.path] = f.stage
		}
	}
	return slices.SortedFunc(maps.Keys(stages), func(a, b string) int {
		return cmp.Or(cmp.Compare(stages[b], stages[a]), strings.Compare(b, a))
	})
}

// A fileStatus is what has happened to a file that was written.
type fileStatus uint8

const (
	absent fileStatus = iota
	intact
	changed // by somebody else
)

// statusOf checks whether an owned file is still what was written. A file
// behind a symlink is not: it could be a page of the tree.
func (w *writing) statusOf(p string) (fileStatus, error) {
	for at := range downward(p) {
		info, err := os.Lstat(w.at(at))
		switch {
		case errors.Is(err, fs.ErrNotExist):
			return absent, nil
		case err != nil:
			return changed, failed("read", path.Join(w.out.name, p), err)
		case at != p && info.Mode().IsRegular(), at == p && info.IsDir():
			return absent, nil // a file in place of its folder, or the reverse
		case at != p && !info.IsDir(), at == p && !info.Mode().IsRegular():
			return changed, nil
		}
	}
	sum, err := hashFile(w.at(p))
	if err != nil {
		return changed, failed("read", path.Join(w.out.name, p), err)
	}
	if !w.owned.at(p).wrote(sum) {
		return changed, nil
	}
	return intact, nil
}

// removeOwned removes owned files, and then empty folders. A killed build can
// have removed the files and left the folders.
func (w *writing) removeOwned(paths []string) error {
	for _, p := range paths {
		is, err := w.statusOf(p)
		if err != nil {
			return err
		}
		switch is {
		case changed:
			w.report.Kept = append(w.report.Kept, p)
		case intact:
			if err := w.remove(p); err != nil {
				return err
			}
			w.report.Removed = append(w.report.Removed, p)
		}
	}
	tried := map[string]bool{}
	for _, p := range paths {
		for dir := path.Dir(p); dir != "." && !w.survey.needs(dir) && !tried[dir]; dir = path.Dir(dir) {
			if info, err := w.root.Lstat(filepath.FromSlash(dir)); err == nil && info.IsDir() {
				if err := w.ask("remove", dir); err != nil {
					return err
				}
				if w.root.Remove(filepath.FromSlash(dir)) != nil {
					break // it contains somebody's file, or a folder that is removed later
				}
			}
			tried[dir] = true
		}
	}
	return nil
}

func (w *writing) remove(p string) error {
	if err := w.ask("remove", p); err != nil {
		return err
	}
	if err := w.root.Remove(filepath.FromSlash(p)); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return failed("remove", path.Join(w.out.name, p), err)
	}
	return nil
}

// writeList writes the ownership list, unless it is up to date.
func (w *writing) writeList(text []byte) error {
	if w.list != nil && bytes.Equal(text, w.list) {
		return nil
	}
	if err := w.writeWhole(w.at(listName), text); err != nil {
		return failed("write", path.Join(w.out.name, listName), err)
	}
	w.list = text
	return nil
}

func (w *writing) writeState(s *state) error {
	name := filepath.Join(w.out.home, "state")
	return failed("write", filepath.ToSlash(name), w.writeWhole(name, s.encode()))
}

func (w *writing) writeWhole(name string, b []byte) error {
	if err := w.ask("write", filepath.Base(name)); err != nil {
		return err
	}
	next := filepath.Join(w.out.home, "next")
	if err := os.Remove(next); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return err
	}
	if _, err := writeNew(next, b); err != nil {
		return err
	}
	if err := w.ask("move", filepath.Base(name)); err != nil {
		return err
	}
	return w.put(next, name)
}
