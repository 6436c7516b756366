package disk_test

import (
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"golang.org/x/sys/windows"

	"github.com/privgen/privgen/internal/disk"
)

const otherDisk = windows.ERROR_NOT_SAME_DEVICE

// A file that another program has open is not replaced, and the message says what to do.
func TestWithFix(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	from, to := filepath.Join(dir, "new"), filepath.Join(dir, "open")
	for _, name := range []string{from, to} {
		if err := os.WriteFile(name, []byte(name), 0o666); err != nil {
			t.Fatal(err)
		}
	}
	f, err := os.Open(to)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	const do = "close the file in other programs"
	if err := disk.WithFix(disk.Rename(from, to)); err == nil || !strings.Contains(err.Error(), do) {
		t.Errorf("a file that is open was replaced with %v", err)
	}
	for _, errno := range []error{windows.ERROR_SHARING_VIOLATION, windows.ERROR_LOCK_VIOLATION} {
		err := disk.WithFix(&os.PathError{Op: "remove", Path: to, Err: errno})
		if !strings.Contains(err.Error(), do) || !errors.Is(err, errno) {
			t.Errorf("%v is explained as %v", errno, err)
		}
	}
	if err := disk.WithFix(os.ErrNotExist); err != os.ErrNotExist {
		t.Errorf("another error is explained as %v", err)
	}
}
