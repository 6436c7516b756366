package disk_test

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"syscall"
	"testing"

	"github.com/privgen/privgen/internal/disk"
)

// mount mounts a file system of 128 KB at a folder, as a disk that is really full
// or really another one. It reports whether it could: only root can, so other
// tests simulate the same with hooks.
func mount(t *testing.T, dir string) bool {
	t.Helper()
	if err := os.MkdirAll(dir, 0o777); err != nil {
		t.Fatal(err)
	}
	if err := syscall.Mount("tmpfs", dir, "tmpfs", 0, "size=128k"); err != nil {
		t.Logf("not tested with a real full disk, since nothing can be mounted here: %v", err)
		return false
	}
	t.Cleanup(func() { syscall.Unmount(dir, syscall.MNT_DETACH) })
	return true
}

func TestReallyFull(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ name, mount string }{
		{"staging and output", ""},
		{"output alone", "/public"},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			dir := folder(t)
			if !mount(t, dir+c.mount) {
				return
			}
			write(t, dir, before)
			was := contents(t, dir)
			big := site{"index.html": "home 2", "same.txt": "other", "big.txt": strings.Repeat("x", 200_000)}
			_, ps, err := open(t, dir, "test").Write(context.Background(), big.tree(nil), disk.Options{Workers: 1})
			if ps != nil || !errors.Is(err, syscall.ENOSPC) || err.Error() != "write public/big.txt: no space left on device" {
				t.Fatal(ps, err)
			}
			got := contents(t, dir)
			if c.mount == "" && !reflect.DeepEqual(got, was) {
				t.Errorf("have %q\nwas %q", got, was)
			}
			if got["big.txt"] != "" || got["index.html"] != "home 1" {
				t.Errorf("have %q", got)
			}
		})
	}
	t.Run("then smaller", func(t *testing.T) {
		t.Parallel()
		dir := folder(t)
		if !mount(t, dir+"/public") {
			return
		}
		o := open(t, dir, "test")
		o.Write(context.Background(), site{"index.html": strings.Repeat("x", 40_000), "b": strings.Repeat("x", 200_000)}.tree(nil), disk.Options{})
		o.Close()
		write(t, dir, before)
		if got, want := contents(t, dir), fresh(t, before); !reflect.DeepEqual(got, want) {
			t.Errorf("have %q\nwant %q", got, want)
		}
		if r := write(t, dir, before); r.Rendered != 0 {
			t.Errorf("%d pages are drawn again", r.Rendered)
		}
	})
}

func TestParentIsReadOnly(t *testing.T) {
	t.Parallel()
	dir := folder(t)
	if !mount(t, dir+"/volume") {
		return
	}
	mount(t, dir+"/volume/public")
	if err := syscall.Mount("", dir+"/volume", "", syscall.MS_REMOUNT|syscall.MS_RDONLY, ""); err != nil {
		t.Fatal(err)
	}
	for drawn := range 2 {
		o, p, err := disk.OpenOutput(disk.Place{Site: dir, Out: dir + "/volume/public", Program: "test"})
		if p != nil || err != nil {
			t.Fatal(p, err)
		}
		r, ps, err := o.Write(context.Background(), before.tree(nil), disk.Options{})
		o.Close()
		if ps != nil || err != nil || r.Rendered != len(before)*(1-drawn) {
			t.Fatal(r, ps, err)
		}
	}
	if found, _ := filepath.Glob(dir + "/.privgen/public-*/state"); len(found) != 1 {
		t.Errorf("the state is not in the site: %q", found)
	}
}

// If the disk becomes full during Add, only complete files stay.
func TestAddReallyFull(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	if !mount(t, dir) {
		return
	}
	names := make([]string, 40)
	for i := range names {
		names[i] = fmt.Sprintf("content/p/%d.md", i)
	}
	n, err := addAll(t, dir, names, 10_000)
	if !errors.Is(err, syscall.ENOSPC) || n == 0 || n == len(names) {
		t.Fatal(n, err)
	}
	for name, text := range textsIn(t, dir) {
		if len(text) != 10_000 {
			t.Errorf("%s has %d bytes", name, len(text))
		}
	}
	if _, err := os.Stat(filepath.Join(dir, "content/p/0.md")); err != nil {
		t.Error(err)
	}
}
