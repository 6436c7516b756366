package disk_test

import (
	"os"
	"testing"
	"time"

	"github.com/privgen/privgen/internal/disk"
)

// On a file system with times in whole seconds, a file that has just changed can
// change again and keep its time of change.
func TestFingerprintOfWholeSecond(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	put(t, dir+"/a", "text")
	info, err := os.Lstat(dir + "/a")
	if err != nil {
		t.Fatal(err)
	}
	was := changed(t, dir, info)
	whole := disk.WithChange(info, was.Truncate(time.Second))
	for after, want := range map[time.Duration]bool{time.Second: false, 3 * time.Second: true} {
		prints := disk.Fingerprints(dir, was.Truncate(time.Second).Add(after))
		if have := prints(whole).Same(prints(whole)); have != want {
			t.Errorf("%v after a whole second: it has a fingerprint: %v", after, have)
		}
	}
}
