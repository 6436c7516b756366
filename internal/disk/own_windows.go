package disk

import (
	"fmt"
	"io/fs"
	"os"
	"syscall"
)

const noFollow = 0 // Lstat is called before

// noNames are the errors of names that no file can have, and of those below a
// file: ERROR_INVALID_NAME, ERROR_BAD_PATHNAME, ERROR_FILENAME_EXCED_RANGE,
// ERROR_DIRECTORY.
var noNames = []error{syscall.ENOTDIR, syscall.ENAMETOOLONG, syscall.EINVAL, syscall.Errno(123), syscall.Errno(161),
	syscall.Errno(206), syscall.Errno(267)}

// fileID returns what distinguishes a file from a copy of it: its number on the
// volume, and when it was created.
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
