package disk

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strings"
	"syscall"

	"github.com/privgen/privgen/internal/source"
)

// maxFile is the size in bytes above which no input is read, text or asset:
// far above what a legal site holds, and below what fills a memory.
const maxFile = 64 << 20

// A Site is the folder of a site, for reading. It is an fs.FS whose paths
// cannot lead out of the folder, and may be used by several goroutines.
type Site struct{ root *os.Root }

var (
	_ fs.ReadDirFS  = (*Site)(nil)
	_ fs.ReadFileFS = (*Site)(nil)
	_ fs.StatFS     = (*Site)(nil)
	_ fs.ReadLinkFS = (*Site)(nil)
)

// OpenSite opens the folder of a site. The folder itself may be a symlink. A
// Commit that was interrupted is completed or undone before.
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

// Close lets go of the folder.
func (s *Site) Close() error { return s.root.Close() }

// Open opens a file or folder.
func (s *Site) Open(name string) (fs.File, error) {
	f, _, err := s.open("open", name)
	if err != nil {
		return nil, err
	}
	return f, nil
}

// Stat describes a file or folder; of a symlink, what it leads to.
func (s *Site) Stat(name string) (fs.FileInfo, error) {
	if !fs.ValidPath(name) {
		return nil, &fs.PathError{Op: "stat", Path: name, Err: fs.ErrInvalid}
	}
	info, err := s.root.Stat(name)
	if err != nil {
		return nil, s.why("stat", name, err)
	}
	return info, nil
}

// noName returns fs.ErrNotExist for the errors that systems have for a name that
// no file can have: a text may link to any.
func noName(err error) error {
	for _, no := range noNames {
		if errors.Is(err, no) {
			return fs.ErrNotExist
		}
	}
	return err
}

// Lstat describes a file, a folder or a symlink itself.
func (s *Site) Lstat(name string) (fs.FileInfo, error) {
	if !fs.ValidPath(name) {
		return nil, &fs.PathError{Op: "lstat", Path: name, Err: fs.ErrInvalid}
	}
	info, err := s.root.Lstat(name)
	if err != nil {
		return nil, s.why("lstat", name, err)
	}
	return info, nil
}

// ReadLink gives what a symlink leads to, as it stands there.
func (s *Site) ReadLink(name string) (string, error) {
	if !fs.ValidPath(name) {
		return "", &fs.PathError{Op: "readlink", Path: name, Err: fs.ErrInvalid}
	}
	target, err := s.root.Readlink(name)
	if err != nil {
		return "", s.why("readlink", name, err)
	}
	return target, nil
}

// ReadDir lists a folder by name. Symlinks are listed as such; Stat says what
// they lead to.
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

// ReadFile reads a file whole.
func (s *Site) ReadFile(name string) ([]byte, error) {
	f, info, err := s.open("read", name)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	if info.IsDir() {
		return nil, refuse("read", name, "this is a folder, and should be a file", "rename the folder, or put a file in its place")
	}
	if info.Size() > maxFile {
		return nil, &fs.PathError{Op: "read", Path: name, Err: &refused{source.NewProblem(source.In(name), "too-large",
			fmt.Sprintf("the file has %d MB; a file of a site may have at most %d MB", (info.Size()+1<<20-1)>>20, maxFile>>20),
			"make it smaller, or take it out of the site"), nil}}
	}
	// One byte more than there should be, so that the end is seen in one go.
	b := make([]byte, info.Size()+1)
	n, err := io.ReadFull(f, b)
	for err == nil && n <= maxFile { // the file has grown
		var m int
		b = append(b, make([]byte, len(b))...)
		m, err = io.ReadFull(f, b[n:])
		n += m
	}
	if err != nil && err != io.EOF && err != io.ErrUnexpectedEOF {
		return nil, s.why("read", name, err)
	}
	return b[:n:n], nil
}

// open opens without waiting, since a named pipe would wait for somebody to
// write to it, and refuses whatever is neither file nor folder.
func (s *Site) open(op, name string) (*os.File, fs.FileInfo, error) {
	if !fs.ValidPath(name) {
		return nil, nil, &fs.PathError{Op: op, Path: name, Err: fs.ErrInvalid}
	}
	f, err := s.root.OpenFile(name, os.O_RDONLY|noWait, 0)
	if err != nil {
		return nil, nil, s.why(op, name, err)
	}
	info, err := f.Stat()
	if err == nil && !info.IsDir() && !info.Mode().IsRegular() {
		err = refuse(op, name, "this is a pipe, a socket or a device, and should be a file", "take it out of the site, or put a file in its place")
	}
	if err != nil {
		f.Close()
		return nil, nil, err
	}
	return f, info, nil
}

// why finds out why a path cannot be read. What the user can mend becomes a
// refused; a path that is simply not there stays fs.ErrNotExist.
func (s *Site) why(op, name string, err error) error {
	if err = cause(err); op == "stat" {
		err = noName(err)
	}
	if link, why := s.link(name); link != "" {
		target, _ := s.root.Readlink(link)
		target = filepath.ToSlash(target)
		const do = "put a copy of the file in its place, or take the link away"
		var no syscall.Errno
		switch {
		case errors.Is(why, fs.ErrNotExist):
			// Not fs.ErrNotExist, or an optional file would be missing unnoticed.
			return refuse(op, link, fmt.Sprintf("this symlink leads to %q, where there is nothing", target), do)
		case errors.Is(why, syscall.ELOOP):
			return refuse(op, link, fmt.Sprintf("this symlink leads to %q, and in the end to itself", target), do)
		case !errors.As(why, &no): // os.Root refuses what the system would have allowed
			err = &refused{source.NewProblem(source.In(link), "symlink-outside",
				fmt.Sprintf("this symlink leads out of the site, to %q", target),
				"put a copy of the file in its place, or link to a file of the site by a relative path"), err}
			return &fs.PathError{Op: op, Path: name, Err: err}
		}
	}
	if errors.Is(err, fs.ErrPermission) {
		err = &refused{noPermission(name), err}
	}
	return &fs.PathError{Op: op, Path: name, Err: err}
}

// link gives the first symlink on the way to a file that leads nowhere the
// site may go, and what is wrong with it.
func (s *Site) link(name string) (string, error) {
	for i := range len(name) + 1 {
		if i < len(name) && name[i] != '/' {
			continue
		}
		info, err := s.root.Lstat(name[:i])
		if err != nil {
			return "", nil
		}
		if info.Mode()&fs.ModeSymlink == 0 {
			continue
		}
		if _, err := s.root.Stat(name[:i]); err != nil {
			return s.lastLink(name[:i]), err
		}
	}
	return "", nil
}

// lastLink follows a link that leads to other links to the one that fails. The
// first is named when it leads in a circle.
func (s *Site) lastLink(first string) string {
	link := first
	for range 8 {
		target, err := s.root.Readlink(link)
		if err != nil {
			return first
		}
		next := path.Join(path.Dir(link), filepath.ToSlash(target))
		info, err := s.root.Lstat(next)
		if filepath.IsAbs(target) || err != nil || info.Mode()&fs.ModeSymlink == 0 {
			return link
		}
		link = next
	}
	return first
}
