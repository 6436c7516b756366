package disk_test

import (
	"io/fs"
	"os"
	"testing"
	"time"

	"github.com/privgen/privgen/internal/disk"
	"github.com/privgen/privgen/internal/source"
)

// changed returns a file's time of change by the clock of its file system, and
// skips the test if that is unknown.
func changed(t *testing.T, dir string, info fs.FileInfo) time.Time {
	t.Helper()
	f := disk.Fingerprints(dir, time.Now().Add(time.Hour))(info)
	if f == (source.Fingerprint{}) {
		t.Skip("files here have no time of change that can be trusted")
	}
	return time.Unix(0, f.Change)
}

func TestFingerprints(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	look := func(name string) fs.FileInfo {
		info, err := os.Lstat(dir + "/" + name)
		if err != nil {
			t.Fatal(err)
		}
		return info
	}
	put(t, dir+"/a", "text")
	before := look("a")
	was := changed(t, dir, before)
	for _, c := range []struct {
		name   string
		looked time.Time
		want   bool
	}{
		{"long after it was written", was.Add(time.Hour), true},
		{"three seconds after", was.Add(3 * time.Second), true},
		{"within a tick", was.Add(5 * time.Millisecond), false},
		{"at once", was, false},
		{"before, by another clock", was.Add(-time.Hour), false},
	} {
		prints := disk.Fingerprints(dir, c.looked)
		if have := prints(before).Same(prints(look("a"))); have != c.want {
			t.Errorf("%s: the file has a fingerprint: %v", c.name, have)
		}
	}

	prints := disk.Fingerprints(dir, was.Add(time.Hour))
	first := prints(before)
	put(t, dir+"/b", "text")
	put(t, dir+"/longer", "text and more")
	for _, name := range []string{"b", "longer"} {
		os.Chtimes(dir+"/"+name, before.ModTime(), before.ModTime())
		if first.Same(prints(look(name))) {
			t.Errorf("%s, another file of the same time, is the same", name)
		}
	}
	if (prints(look(".")) != source.Fingerprint{}) || (source.Fingerprint{}).Same(source.Fingerprint{}) {
		t.Error("a folder has a fingerprint, or none is the same as none")
	}

	// The same name, size, and modification time.
	for put(t, dir+"/clock", ""); !changed(t, dir, look("clock")).After(was); put(t, dir+"/clock", "") {
		os.Remove(dir + "/clock") // until the clock of the file system has ticked
	}
	put(t, dir+"/a", "text")
	os.Chtimes(dir+"/a", before.ModTime(), before.ModTime())
	now := look("a")
	if now.Size() != before.Size() || !now.ModTime().Equal(before.ModTime()) {
		t.Fatal("the times of files cannot be set here")
	}
	if first.Same(prints(now)) {
		t.Error("a file that was written again with its size and time is the same")
	}
}
