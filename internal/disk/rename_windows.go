package disk

import (
	"errors"
	"os"
	"time"

	"golang.org/x/sys/windows"

	"github.com/privgen/privgen/internal/source"
)

// rename replaces a file even if it is read-only, and waits up to half a second for
// programs that have it open, as virus scanners and indexers do for a moment.
func rename(from, to string) error {
	for wait := 2 * time.Millisecond; ; wait *= 2 {
		err := os.Rename(from, to)
		if !errors.Is(err, windows.ERROR_ACCESS_DENIED) && !errors.Is(err, windows.ERROR_SHARING_VIOLATION) ||
			wait > time.Second/2 {
			return err
		}
		if info, e := os.Lstat(to); e == nil && info.Mode()&0o200 == 0 {
			os.Chmod(to, 0o666) // the next rename reports any error
		}
		time.Sleep(wait)
	}
}

// WithFix adds to an error of the file system what to do about it. If another program
// has a file open that is replaced, Windows reports that access is denied.
func WithFix(err error) error {
	if errors.Is(err, windows.ERROR_SHARING_VIOLATION) || errors.Is(err, windows.ERROR_LOCK_VIOLATION) ||
		errors.Is(err, windows.ERROR_ACCESS_DENIED) {
		return source.Fix(err, "close the file in other programs, such as an editor, a virus scanner, or a program "+
			"that syncs folders;\nthen run the command again. If none has it open, you need the right to change it")
	}
	if errors.Is(err, windows.ERROR_DISK_FULL) {
		return source.Fix(err, "free some space on this disk, and run the command again")
	}
	return err
}

// otherDisk reports whether a rename failed because the new path is on another disk.
func otherDisk(err error) bool { return errors.Is(err, windows.ERROR_NOT_SAME_DEVICE) }

// syncFolder does nothing: Windows cannot sync a folder, and NTFS journals names.
func syncFolder(string) error { return nil }

func createNew(name string) (*os.File, error) {
	return os.OpenFile(name, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o666)
}
