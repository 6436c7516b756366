package disk

import (
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"syscall"
)

const noFollow = 0 // there is no such flag; callers use Lstat first

// noNames are the errors for names that no file can have, and for paths below a
// file: ERROR_INVALID_NAME, ERROR_BAD_PATHNAME, ERROR_FILENAME_EXCED_RANGE,
// ERROR_DIRECTORY.
var noNames = []error{syscall.ENOTDIR, syscall.ENAMETOOLONG, syscall.EINVAL, syscall.Errno(123), syscall.Errno(161),
	syscall.Errno(206), syscall.Errno(267)}

// fileID returns what distinguishes a file from a copy of it: the volume, its
// number on it, and when it was created.
func fileID(name string, _ fs.FileInfo) string {
	f, err := os.Open(name)
	if err != nil {
		return ""
	}
	defer f.Close()
	var i syscall.ByHandleFileInformation
	if syscall.GetFileInformationByHandle(syscall.Handle(f.Fd()), &i) != nil {
		return ""
	}
	return fmt.Sprintf("%x %x %x %d", i.VolumeSerialNumber, i.FileIndexHigh, i.FileIndexLow,
		i.CreationTime.Nanoseconds())
}

// sameDisk reports whether two folders are on one volume, so that files can be renamed
// from one to the other.
func sameDisk(a string, _ fs.FileInfo, b string, _ fs.FileInfo) bool {
	a, errA := filepath.EvalSymlinks(a)
	b, errB := filepath.EvalSymlinks(b)
	return errA == nil && errB == nil && strings.EqualFold(filepath.VolumeName(a), filepath.VolumeName(b))
}
