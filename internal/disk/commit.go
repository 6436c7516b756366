package disk

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"github.com/privgen/privgen/internal/source"
)

// This file changes several of the user's files at once: all of them or none,
// even if the program is killed or the machine loses power. The new bytes are
// written to the site's .privgen/.commit/, one file each, and synced. Then a
// journal beside them gets its final name: from that moment on the change is
// committed. The files are moved to their places, and the journal is removed. A
// change that was interrupted before the journal had its name is undone by the
// next OpenSite; one that was interrupted after it is completed.
//
// The journal has a line for each file, with the digest that it had before and
// the one it gets:
//
//	<64 hex digits, or - for no file> <64 hex digits> content/privacy/2026-01-01.md
//
// A checkout can contain a journal of somebody else. It is ignored: the folder
// must have been created in this place (see own.go). A journal of this place
// names only files that Commit writes (see committed), each file must have the
// digest in the journal, and nothing is written through a symlink.

// A Change is the new content of some of the user's files.
type Change struct {
	Create  map[string][]byte // files that must not exist yet, by their names with forward slashes
	Replace map[string][]byte // files that can exist

	step func(name string) error // called before each change, so that tests can stop there; can be nil
}

// committed reports whether a Change can have a path: the lock file, a TOML
// file of the site, or a text in content, and no folder or file whose name
// begins with a dot.
func committed(name string) bool {
	if !fs.ValidPath(name) || !filepath.IsLocal(filepath.FromSlash(name)) || strings.ContainsAny(name, "\\:\n\r") {
		return false
	}
	for part := range strings.SplitSeq(name, "/") {
		if strings.HasPrefix(part, ".") {
			return false
		}
	}
	return name == "privgen.lock" || path.Ext(name) == ".toml" || path.Ext(name) == ".md" &&
		strings.HasPrefix(name, "content/")
}

const (
	commitFolder = ".commit"
	journalName  = "journal"
)

// Commit changes files in the site's folder. After an error nothing was
// changed, unless the error says that the next command completes it. For an
// error that is fs.ErrExist, Explain returns a Problem.
func Commit(dir string, c Change) error {
	home, lock, err := openCommit(dir)
	if err != nil {
		return err
	}
	defer lock.Close()
	if err := recoverCommit(dir, home, c.ask); err != nil {
		return err
	}
	root, err := os.OpenRoot(dir)
	if err != nil {
		return failed("open", dir, err)
	}
	defer root.Close()
	removeLeftovers(root, time.Now())
	lines, err := stageCommit(root, home, c)
	if err == nil {
		err = c.ask("begin")
	}
	if err == nil {
		err = writeJournal(home, lines)
	}
	if err != nil {
		if !errors.Is(err, errStopped) {
			os.RemoveAll(home)
		}
		return err
	}
	if err := recoverCommit(dir, home, c.ask); err != nil {
		return source.Fix(err, "the next command completes this")
	}
	return nil
}

// errStopped is the error with which tests interrupt a change as a kill would.
var errStopped = errors.New("stopped")

func (c *Change) ask(name string) error {
	if c.step == nil {
		return nil
	}
	return c.step(name)
}

// openCommit returns the folder in which changes are prepared, and its lock.
func openCommit(dir string) (home string, lock *os.File, err error) {
	above, err := makeOwn(dir)
	if err == nil {
		lock, err = openOwn(filepath.Join(above, ".commit.lock"))
	}
	if source.ProblemOf(err) != nil {
		return "", nil, err
	}
	if err != nil {
		return "", nil, failed("write", ".privgen/.commit.lock", err)
	}
	busy, err := tryLock(lock)
	if err == nil && busy {
		err = source.Fix(errors.New("another privgen is changing the site's files"),
			"wait until it is done, or stop it")
	}
	if err != nil {
		lock.Close()
		return "", nil, err
	}
	return filepath.Join(above, commitFolder), lock, nil
}

// stageCommit writes the new bytes to home, and returns the lines of the journal.
func stageCommit(root *os.Root, home string, c Change) ([]string, error) {
	if err := c.ask("stage"); err != nil {
		return nil, err
	}
	_, err := makeOwn(filepath.Dir(filepath.Dir(home)), commitFolder)
	if err == nil {
		err = claimFolder(home, "")
	}
	if err != nil {
		return nil, failed("write", ".privgen/"+commitFolder, err)
	}
	files := map[string][]byte{}
	maps.Copy(files, c.Create)
	maps.Copy(files, c.Replace)
	var lines []string
	for i, name := range slices.Sorted(maps.Keys(files)) {
		if err := c.ask("stage " + name); err != nil {
			return nil, err
		}
		if !committed(name) {
			panic("privgen: internal error: a change of the file " + name)
		}
		was, err := sumOf(root, name)
		if err != nil {
			return nil, failed("read", name, err)
		}
		if _, create := c.Create[name]; create && was != noFile {
			return nil, fileExists(name, "choose another name, or move the file away")
		}
		err = tryFolder(root, path.Dir(name))
		if err == nil {
			err = writeSynced(filepath.Join(home, fmt.Sprint(i)), files[name])
		}
		if err != nil {
			return nil, failed("write", name, err)
		}
		sum := sha256.Sum256(files[name])
		lines = append(lines, fmt.Sprintf("%s %x %s\n", was, sum, name))
	}
	return lines, nil
}

// tryFolder checks whether files can be created in a folder, or in the nearest
// existing one above it. After the change is committed, it would be too late.
func tryFolder(root *os.Root, folder string) error {
	for {
		name := filepath.FromSlash(path.Join(folder, tempPrefix+"try"))
		f, err := createOver(root, name)
		if errors.Is(err, fs.ErrNotExist) && folder != "." {
			folder = path.Dir(folder)
			continue
		}
		if err != nil {
			return err
		}
		f.Close()
		return root.Remove(name)
	}
}

const noFile = "-"

// sumOf returns the digest of a file, or noFile if it does not exist.
func sumOf(root *os.Root, name string) (string, error) {
	if err := noLinkAbove(root, name); err != nil {
		return "", err
	}
	info, err := root.Lstat(filepath.FromSlash(name))
	if errors.Is(err, fs.ErrNotExist) {
		return noFile, nil
	}
	if err != nil {
		return "", err
	}
	if !info.Mode().IsRegular() {
		return "", errors.New("this is not a file")
	}
	b, err := root.ReadFile(filepath.FromSlash(name))
	sum := sha256.Sum256(b)
	return hex.EncodeToString(sum[:]), err
}

func writeJournal(home string, lines []string) error {
	staged := filepath.Join(home, journalName+".tmp")
	err := writeSynced(staged, []byte(strings.Join(lines, "")))
	if err == nil {
		err = syncFolder(home)
	}
	if err == nil {
		err = rename(staged, filepath.Join(home, journalName))
	}
	if err == nil {
		err = syncFolder(home)
	}
	return failed("write", ".privgen/"+commitFolder, err)
}

// recoverCommit completes a change whose journal exists, and undoes one whose
// journal does not. It ignores a change that was not made in this place. It
// returns an error instead of overwriting a file that somebody has changed.
func recoverCommit(dir, home string, ask func(string) error) error {
	if !isOwn(home) {
		return nil
	}
	journal, err := readOwn(filepath.Join(home, journalName))
	if errors.Is(err, fs.ErrNotExist) {
		return failed("remove", ".privgen/"+commitFolder, os.RemoveAll(home))
	}
	if err != nil {
		return failed("read", ".privgen/"+commitFolder+"/"+journalName, err)
	}
	root, err := os.OpenRoot(dir)
	if err != nil {
		return failed("open", dir, err)
	}
	defer root.Close()
	i := 0
	for line := range bytes.Lines(journal) {
		was, rest, _ := strings.Cut(strings.TrimSuffix(string(line), "\n"), " ")
		is, name, ok := strings.Cut(rest, " ")
		if !ok || !committed(name) {
			return source.Fix(fmt.Errorf("read .privgen/%s/%s: this is not a journal", commitFolder, journalName),
				removeCommit)
		}
		if err := ask("move " + name); err != nil {
			return err
		}
		if err := moveCommitted(root, dir, filepath.Join(home, fmt.Sprint(i)), name, was, is); err != nil {
			return err
		}
		i++
	}
	if err := ask("end"); err != nil {
		return err
	}
	// Remove the journal first: without it, the next command removes the rest.
	if err := os.Remove(filepath.Join(home, journalName)); err != nil {
		return failed("remove", ".privgen/"+commitFolder, err)
	}
	if err := ask("clean"); err != nil {
		return err
	}
	os.RemoveAll(home) // the next command removes the rest
	return nil
}

const removeCommit = "remove the folder .privgen/" + commitFolder +
	", and look at what is not committed with: git status"

// moveCommitted moves a staged file to its place, unless it was moved before.
func moveCommitted(root *os.Root, dir, staged, name, was, is string) error {
	shown := path.Join(ownName, commitFolder, filepath.Base(staged))
	now, err := sumOf(root, name)
	if err != nil {
		return failed("read", name, err)
	}
	if now == is {
		return nil
	}
	if now != was {
		return source.Fix(fmt.Errorf("write %s: the file was changed while privgen was changing it", name),
			fmt.Sprintf("its new text is in %s; put together what belongs together, then remove the folder "+
				".privgen/%s", shown, commitFolder))
	}
	b, err := readOwn(staged)
	if err != nil {
		return failed("read", shown, err)
	}
	if sum := sha256.Sum256(b); hex.EncodeToString(sum[:]) != is {
		return source.Fix(fmt.Errorf("read %s: the file was changed", shown), removeCommit)
	}
	local := filepath.FromSlash(name)
	if err := root.MkdirAll(filepath.Dir(local), 0o777); err != nil {
		return failed("write", name, err)
	}
	if info, err := root.Lstat(local); err == nil {
		os.Chmod(staged, info.Mode().Perm())
	}
	if err := rename(staged, filepath.Join(dir, local)); err != nil {
		return failed("write", name, err)
	}
	return failed("write", name, syncFolder(filepath.Dir(filepath.Join(dir, local))))
}

// finishCommit completes or undoes an interrupted change of the user's files.
func finishCommit(dir string) error {
	if !isOwn(filepath.Join(dir, ownName, commitFolder)) {
		return nil
	}
	home, lock, err := openCommit(dir)
	if err != nil {
		return err
	}
	defer lock.Close()
	return recoverCommit(dir, home, func(string) error { return nil })
}
