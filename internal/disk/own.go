package disk

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"strings"

	"github.com/privgen/privgen/internal/source"
)

// This file decides what in a folder .privgen belongs to this machine. A
// checkout, an unpacked archive, or a copied folder can contain the .privgen of
// somebody else, with wrong caches or with a change that was never begun here.
//
// Each folder in .privgen that is read again later has a file called origin. It
// contains the inode and the time of change (on Windows, of creation) of the
// file .privgen/.gitignore. Neither git nor an archive can set the inode or the
// time of change, and a copy gets new ones. A folder whose origin is not that of this place is never read,
// and it is emptied before it is used. Notes begin with the same line.
//
// The device number is not part of it: on many file systems it changes when the
// machine starts, and an interrupted change must be found after that.

const (
	ownName    = ".privgen"
	originName = "origin"
)

// makeOwn creates the folder .privgen in a folder, and those below it, and
// returns the last one. Everything that exists must be a folder, and not a
// symlink.
func makeOwn(dir string, below ...string) (string, error) {
	if err := os.MkdirAll(dir, 0o777); err != nil {
		return "", err
	}
	name := dir
	for _, part := range append([]string{ownName}, below...) {
		name = filepath.Join(name, part)
		if err := os.Mkdir(name, 0o777); err != nil && !errors.Is(err, fs.ErrExist) {
			return "", err
		}
		if err := checkOwn(name, fs.FileMode.IsDir, "folder"); err != nil {
			return "", err
		}
	}
	ignoreInGit(filepath.Join(dir, ownName))
	return name, nil
}

// checkOwn returns a Problem if a folder or file of privgen's own is of another
// kind, such as a symlink. If nothing exists, the error is fs.ErrNotExist.
func checkOwn(name string, is func(fs.FileMode) bool, kind string) error {
	info, err := os.Lstat(name)
	if err != nil || is(info.Mode()) {
		return err
	}
	shown := filepath.ToSlash(name)
	shown = shown[strings.LastIndex(shown+"/", "/"+ownName+"/")+1:]
	return pathError("write", source.NewProblem(source.In(shown), "not-own",
		fmt.Sprintf("this is no %s, so privgen did not make it", kind),
		"remove it; privgen makes what it needs in the folder .privgen anew"))
}

// openOwn opens a file of privgen's own for writing, and creates it if
// necessary. It follows no symlink.
func openOwn(name string) (*os.File, error) {
	if err := checkOwn(name, fs.FileMode.IsRegular, "file"); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return nil, err
	}
	return os.OpenFile(name, os.O_RDWR|os.O_CREATE|noFollow|noWait, 0o666)
}

// maxOwn is the maximum size of a file of privgen's own in bytes: far above what
// a site with a million files has. An archive can contain a sparse file of any size.
const maxOwn = 512 << 20

// readOwn reads a file of privgen's own.
func readOwn(name string) ([]byte, error) {
	if err := checkOwn(name, fs.FileMode.IsRegular, "file"); err != nil {
		return nil, err
	}
	return readAtMost(name, maxOwn)
}

// readAtMost reads a file of at most most bytes. It follows no symlink, except on
// Windows, and does not wait for the writer of a pipe.
func readAtMost(name string, most int64) ([]byte, error) {
	f, err := os.OpenFile(name, os.O_RDONLY|noFollow|noWait, 0)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	info, err := f.Stat()
	if err != nil {
		return nil, err
	}
	if info.Size() > most {
		return nil, fmt.Errorf("the file has more than %d bytes", most)
	}
	return readAll(f, info.Size(), most)
}

// originOf returns what distinguishes a folder .privgen from all others, or ""
// if that is unknown.
func originOf(own string) string {
	if checkOwn(own, fs.FileMode.IsDir, "folder") != nil {
		return ""
	}
	name := filepath.Join(own, ".gitignore")
	info, err := os.Lstat(name)
	if err != nil || !info.Mode().IsRegular() {
		return ""
	}
	if id := fileID(name, info); id != "" {
		return id + "\n"
	}
	return ""
}

// isOwn reports whether a folder in .privgen was created in this place.
func isOwn(folder string) bool {
	origin := originOf(filepath.Dir(folder))
	if origin == "" || checkOwn(folder, fs.FileMode.IsDir, "folder") != nil {
		return false
	}
	name := filepath.Join(folder, originName)
	if checkOwn(name, fs.FileMode.IsRegular, "file") != nil {
		return false
	}
	b, err := readAtMost(name, 1<<12) // a foreign file can have any size
	return err == nil && string(b) == origin
}

// claimFolder claims a folder in .privgen for this place: if it is not its own,
// everything in it is removed except the file keep. The caller holds the lock.
func claimFolder(folder, keep string) error {
	if isOwn(folder) {
		return nil
	}
	list, err := os.ReadDir(folder)
	if err != nil {
		return err
	}
	for _, e := range list {
		if e.Name() == keep {
			continue
		}
		if err := os.RemoveAll(filepath.Join(folder, e.Name())); err != nil {
			return err
		}
	}
	return writeSynced(filepath.Join(folder, originName), []byte(originOf(filepath.Dir(folder))))
}

// writeSynced writes and syncs a file that does not exist yet.
func writeSynced(name string, b []byte) error {
	f, err := createNew(name)
	if err != nil {
		return err
	}
	return finishFile(f, b)
}

// linkBelow returns the first symlink on the way from a folder to a path in it,
// or "". Paths outside the folder are not checked.
func linkBelow(base, name string) string {
	rel, err := filepath.Rel(base, name)
	if err != nil || !filepath.IsLocal(rel) || rel == "." {
		return ""
	}
	for at := range downward(filepath.ToSlash(rel)) {
		name := filepath.Join(base, at)
		if info, err := os.Lstat(name); err != nil {
			return ""
		} else if isLink(info.Mode()) {
			return name
		}
	}
	return ""
}

// LinkTo returns the first symlink on the way from a folder to a path in it, or
// "". A path that a user or a config names for output can be a symlink that came
// with a checkout. A relative path begins at the working directory.
func LinkTo(folder, name string) string {
	dir, err := filepath.Abs(folder)
	if err != nil {
		return ""
	}
	abs, err := filepath.Abs(name)
	if err != nil {
		return ""
	}
	if link := linkBelow(dir, abs); link != "" {
		return shown(dir, link, link)
	}
	return ""
}

// noLinkAbove returns a Problem if a folder above a file of the site is a symlink.
func noLinkAbove(root *os.Root, name string) error {
	for folder := range downward(path.Dir(name)) {
		if info, err := root.Lstat(filepath.FromSlash(folder)); err == nil && isLink(info.Mode()) {
			return pathError("write", source.NewProblem(source.In(folder), "symlink",
				"this is a symlink, and no file of a site is written through one",
				"put the folder that it leads to in its place"))
		}
	}
	return nil
}

// isLink reports whether a file is a symlink, or a junction of Windows.
func isLink(m fs.FileMode) bool { return m&(fs.ModeSymlink|fs.ModeIrregular) != 0 }
