package disk

import (
	"io/fs"
	"time"
)

// settling is how much older than its reading a file's time must be to be
// trusted. File systems keep time in steps: a clock tick on most, a second on
// some, two seconds on FAT.
const settling = 2 * time.Second

// A Fingerprint tells whether a file was changed since it was read, by what a
// look at its folder tells. The zero Fingerprint is that of no file.
type Fingerprint struct {
	Size    int64
	ModTime int64 // in nanoseconds since 1970
	Change  int64 // when the system last changed anything of the file, in nanoseconds; 0 where it is not told
}

// FingerprintOf makes the Fingerprint of a file that was looked at (that is
// info) at a time, and read after that. It is zero, so that the file counts as
// changed next time, when the file's time lies less than two seconds before
// that, or after it: it could be written again without its time telling. Git
// does the same with its index.
//
// Change tells two files of the same size and time apart that were exchanged,
// as unpacked archives have them.
func FingerprintOf(info fs.FileInfo, looked time.Time) Fingerprint {
	if !info.Mode().IsRegular() || !info.ModTime().Add(settling).Before(looked) {
		return Fingerprint{}
	}
	return Fingerprint{info.Size(), info.ModTime().UnixNano(), changeTime(info)}
}

// Same tells whether the file is the one that was read.
func (f Fingerprint) Same(info fs.FileInfo) bool {
	return f != Fingerprint{} && info.Mode().IsRegular() &&
		f == Fingerprint{info.Size(), info.ModTime().UnixNano(), changeTime(info)}
}
