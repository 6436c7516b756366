//go:build unix

package disk_test

import (
	"errors"
	"fmt"
	"io/fs"
	"net"
	"os"
	"strings"
	"syscall"
	"testing"

	"github.com/privgen/privgen/internal/disk"
)

const otherDisk = syscall.EXDEV

// WithFix adds what the user can do about an error of the file system.
func TestWithFix(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		err error
		do  string
	}{
		{&fs.PathError{Op: "open", Path: "public", Err: syscall.EACCES}, "no right to do this"},
		{fmt.Errorf("lock: %w", &os.LinkError{Op: "rename", Old: "a", New: "b", Err: syscall.EPERM}), "no right to do this"},
		{&fs.PathError{Op: "mkdir", Path: "public", Err: syscall.EROFS}, "--out"},
		{&fs.PathError{Op: "write", Path: "public/index.html", Err: syscall.ENOSPC}, "free some space"},
		{&fs.PathError{Op: "open", Path: "public", Err: syscall.ENOENT}, ""},
		{&net.OpError{Op: "dial", Err: os.NewSyscallError("connect", syscall.EPERM)}, ""},
	} {
		got := disk.WithFix(c.err)
		message, do, fixed := strings.Cut(got.Error(), "\n\t")
		if message != c.err.Error() || fixed != (c.do != "") || !strings.Contains(do, c.do) || !errors.Is(got, errors.Unwrap(c.err)) {
			t.Errorf("%v is explained as %v", c.err, got)
		}
	}
}
