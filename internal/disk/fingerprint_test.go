package disk_test

import (
	"io/fs"
	"os"
	"testing"
	"time"

	"github.com/privgen/privgen/internal/disk"
)

func TestFingerprint(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	look := func(name string) fs.FileInfo {
		info, err := os.Stat(dir + "/" + name)
		if err != nil {
			t.Fatal(err)
		}
		return info
	}
	put(t, dir+"/a", "text")
	was := look("a").ModTime()
	for _, c := range []struct {
		name   string
		looked time.Time
		want   bool
	}{
		{"long after it was written", was.Add(time.Hour), true},
		{"three seconds after", was.Add(3 * time.Second), true},
		{"two seconds after, a step of FAT", was.Add(2 * time.Second), false},
		{"at once", was, false},
		{"before, by another clock", was.Add(-time.Hour), false},
	} {
		f := disk.FingerprintOf(look("a"), c.looked)
		if f.Same(look("a")) != c.want || (f == disk.Fingerprint{}) == c.want {
			t.Errorf("%s: %+v", c.name, f)
		}
	}
	later := was.Add(time.Hour)
	f := disk.FingerprintOf(look("a"), later)
	put(t, dir+"/b", "text")
	os.Chtimes(dir+"/b", was, was)
	if look("b").ModTime() != was {
		t.Fatal("the times of files cannot be set here")
	}
	put(t, dir+"/longer", "text and more")
	os.Chtimes(dir+"/longer", was, was)
	if f.Same(look("longer")) {
		t.Error("a file of another size is the same")
	}
	os.Chtimes(dir+"/a", later, later)
	if f.Same(look("a")) {
		t.Error("a file of another time is the same")
	}
	if (disk.Fingerprint{}).Same(look("a")) {
		t.Error("no file is the same as a file")
	}
	if (disk.FingerprintOf(look("."), later.Add(time.Hour)) != disk.Fingerprint{}) {
		t.Error("a folder has a fingerprint")
	}
	// Exchanged for one of the same size and time, where the system tells.
	if f.Change != 0 && f.Same(look("b")) {
		t.Errorf("another file is the same: %+v", f)
	}
}
