//go:build unix

package disk

import (
	"errors"
	"net"
	"os"
	"syscall"

	"github.com/privgen/privgen/internal/source"
)

func rename(from, to string) error { return os.Rename(from, to) }

// WithFix adds to an error what to do about it, if the file system is the cause.
func WithFix(err error) error {
	do := ""
	_, network := errors.AsType[*net.OpError](err) // a firewall causes the same errors
	switch {
	case network:
		return err
	case errors.Is(err, syscall.EACCES) || errors.Is(err, syscall.EPERM):
		do = "your user has no right to do this: change the owner or the rights of the file or folder\n" +
			"(ls -ld shows them), and run the command again"
	case errors.Is(err, syscall.EROFS):
		do = "this file system is read-only: copy the site to another one;\n" +
			"build and import can also write to one with --out"
	case errors.Is(err, syscall.ENOSPC) || errors.Is(err, syscall.EDQUOT):
		do = "free some space on this disk, and run the command again"
	default:
		return err
	}
	return source.Fix(err, do)
}

// otherDisk reports whether a rename failed because the new path is on another disk.
func otherDisk(err error) bool { return errors.Is(err, syscall.EXDEV) }

// syncFolder makes the names in a folder survive a power failure.
func syncFolder(dir string) error {
	f, err := os.Open(dir)
	if err != nil {
		return err
	}
	defer f.Close()
	if err := f.Sync(); err != nil && !errors.Is(err, syscall.EINVAL) && !errors.Is(err, errors.ErrUnsupported) {
		return err
	}
	return nil
}

// createNew creates a file. os.OpenFile would also try to add it to the runtime's
// poller, which takes more system calls than writing it.
func createNew(name string) (*os.File, error) {
	for {
		fd, err := syscall.Open(name, syscall.O_WRONLY|syscall.O_CREAT|syscall.O_EXCL|syscall.O_CLOEXEC, 0o666)
		switch {
		case errors.Is(err, syscall.EINTR):
			continue
		case err != nil:
			return nil, &os.PathError{Op: "open", Path: name, Err: err}
		}
		return os.NewFile(uintptr(fd), name), nil
	}
}
