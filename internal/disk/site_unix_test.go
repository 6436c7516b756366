//go:build unix

package disk_test

import (
	"syscall"
	"testing"

	"github.com/privgen/privgen/internal/disk"
)

func TestPipeDoesNotBlock(t *testing.T) {
	t.Parallel()
	dir := folder(t)
	if err := syscall.Mkfifo(dir+"/pipe.md", 0o666); err != nil {
		t.Fatal(err)
	}
	_, err := openSite(t, dir).ReadFile("pipe.md")
	want := "pipe.md:1:1: this is a pipe, a socket or a device, and should be a file\n\tremove it from the site, or put a file in its place"
	if p := disk.Explain(err); p == nil || p.String() != want {
		t.Errorf("have %v", p)
	}
	// The same in the output.
	if err := syscall.Mkfifo(dir+"/public", 0o666); err != nil {
		t.Fatal(err)
	}
	_, p, err := disk.OpenOutput(disk.Place{Site: dir, Out: dir + "/public"})
	if p == nil || p.Code != "output-not-folder" {
		t.Errorf("have %v, %v", p, err)
	}
}
