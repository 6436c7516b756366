package disk

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"slices"
	"strings"

	"github.com/privgen/privgen/internal/source"
)

// maxFile is the maximum size of an input in bytes, text or asset: far above
// what a legal site has, and far below the memory of a computer.
const maxFile = 64 << 20

// A Site is the folder of a site, for reading. It is an fs.FS whose paths
// cannot lead out of the folder, and that follows no symlink in it. Several
// goroutines can use it.
type Site struct{ root *os.Root }

var (
	_ fs.ReadDirFS  = (*Site)(nil)
	_ fs.ReadFileFS = (*Site)(nil)
	_ fs.StatFS     = (*Site)(nil)
)

// OpenSite opens the folder of a site. The folder itself can be a symlink. An
// interrupted Commit is completed or undone first.
func OpenSite(dir string) (*Site, error) {
	if err := finishCommit(dir); err != nil {
		return nil, err
	}
	root, err := os.OpenRoot(dir)
	if err != nil {
		return nil, failed("open", dir, err)
	}
	return &Site{root}, nil
}

// Close closes the folder.
func (s *Site) Close() error { return s.root.Close() }

// Open opens a file or folder.
func (s *Site) Open(name string) (fs.File, error) {
	f, _, err := s.open("open", name)
	if err != nil {
		return nil, err
	}
	return f, nil
}

// Stat describes a file or folder. A symlink, or a file behind one, is an error
// that Explain knows: with a symlink, a checkout could publish any file of the
// machine or of the site's folder.
func (s *Site) Stat(name string) (info fs.FileInfo, err error) {
	if !fs.ValidPath(name) {
		return nil, &fs.PathError{Op: "stat", Path: name, Err: fs.ErrInvalid}
	}
	for at := range downward(name) {
		if info, err = s.root.Lstat(at); err != nil {
			return nil, s.why("stat", name, err)
		}
		if isLink(info.Mode()) {
			return nil, pathError("stat", source.NewProblem(source.In(at), "symlink",
				"this is a symlink, and no file of a site is read through one",
				sharedHint(at, "put a copy of what it leads to in its place")))
		}
	}
	return info, nil
}

// noName returns fs.ErrNotExist for the errors in noNames, because a text can link
// to any name. It returns other errors unchanged.
func noName(err error) error {
	for _, no := range noNames {
		if errors.Is(err, no) {
			return fs.ErrNotExist
		}
	}
	return err
}

// ReadDir lists a folder, sorted by name. Symlinks are listed as such.
func (s *Site) ReadDir(name string) ([]fs.DirEntry, error) {
	f, _, err := s.open("readdir", name)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	list, err := f.ReadDir(-1)
	slices.SortFunc(list, func(a, b fs.DirEntry) int { return strings.Compare(a.Name(), b.Name()) })
	if err != nil {
		return list, s.why("readdir", name, err)
	}
	return list, nil
}

// ReadFile reads a whole file.
func (s *Site) ReadFile(name string) ([]byte, error) {
	f, info, err := s.open("read", name)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	if info.IsDir() {
		return nil, refuse("read", name, "this is a folder, and should be a file",
			"rename the folder, or put a file in its place")
	}
	if info.Size() > maxFile {
		return nil, pathError("read", source.NewProblem(source.In(name), "too-large",
			fmt.Sprintf("the file has %d MB; a file of a site may have at most %d MB", (info.Size()+1<<20-1)>>20,
				maxFile>>20),
			"make it smaller, or remove it from the site"))
	}
	b, err := readAll(f, info.Size(), maxFile)
	if err != nil {
		return nil, s.why("read", name, err)
	}
	return b, nil
}

// readAll reads a file that had a size a moment ago. If it has grown, readAll reads
// at most most+1 bytes.
func readAll(f *os.File, size, most int64) ([]byte, error) {
	b := make([]byte, size+1) // one byte more, so that one read finds the end
	n, err := io.ReadFull(f, b)
	switch err {
	case nil:
		rest, err := io.ReadAll(io.LimitReader(f, most-size))
		return append(b, rest...), err
	case io.EOF, io.ErrUnexpectedEOF:
		err = nil
	}
	return b[:n:n], err
}

// open opens without waiting, because a named pipe would wait for a writer, and
// rejects everything except files and folders.
func (s *Site) open(op, name string) (*os.File, fs.FileInfo, error) {
	if !fs.ValidPath(name) {
		return nil, nil, &fs.PathError{Op: op, Path: name, Err: fs.ErrInvalid}
	}
	if _, err := s.Stat(name); err != nil {
		return nil, nil, err
	}
	f, err := s.root.OpenFile(name, os.O_RDONLY|noWait, 0)
	if err != nil {
		return nil, nil, s.why(op, name, err)
	}
	info, err := f.Stat()
	if err == nil && !info.IsDir() && !info.Mode().IsRegular() {
		err = refuse(op, name, "this is a pipe, a socket or a device, and should be a file",
			"remove it from the site, or put a file in its place")
	}
	if err != nil {
		f.Close()
		return nil, nil, err
	}
	return f, info, nil
}

// why returns a read error with the path. It wraps a Problem if the user can fix the
// error, and fs.ErrNotExist if the path does not exist.
func (s *Site) why(op, name string, err error) error {
	if err = cause(err); op == "stat" {
		err = noName(err)
	}
	if errors.Is(err, fs.ErrPermission) {
		p := noPermission(name)
		p.Cause, err = err, p
	}
	return &fs.PathError{Op: op, Path: name, Err: err}
}
