package disk

import (
	"io/fs"
	"os"
	"time"

	"github.com/privgen/privgen/internal/source"
)

// This file decides when a file need not be read to know that its bytes have
// not changed. Size and modification time are not enough: cp -p, rsync -t, and
// archives set the time, and an editor can keep the size. Only the system sets
// the time of change, for any change, so an equal one means equal bytes. There
// are three limits:
//
//   - Clocks have ticks. A file that changed in the tick in which it was examined
//     can change again unnoticed, so a file that is this new has no fingerprint
//     (Git calls it "racily clean").
//   - Windows lists no time of change, and some file systems make it up.
//     Files there have no fingerprint.
//   - A machine's clock can be set, and a file server has its own: Output.clock
//     uses the earlier of the machine's time and the file system's.
//
// Bytes without a fingerprint are compared by digest.

// A tick is how long a file must not have changed to have a fingerprint. Clocks
// of file systems tick at least every 10 ms. File systems that store times in
// whole seconds, or in steps of two like FAT, are recognized by the time itself.
const (
	tick       = 100 * time.Millisecond
	coarseTick = 2 * time.Second
)

// Fingerprints returns a function that returns the fingerprint of a file in a
// folder. The file must be examined after the time looked, and read after that.
// A zero fingerprint is unknown.
func Fingerprints(dir string, looked time.Time) func(fs.FileInfo) source.Fingerprint {
	settled := settledFingerprints(dir, looked)
	return func(info fs.FileInfo) source.Fingerprint { return settled(FingerprintOf(info)) }
}

// settledFingerprints is like Fingerprints, but takes the result of FingerprintOf.
func settledFingerprints(dir string, looked time.Time) func(source.Fingerprint) source.Fingerprint {
	keeps := keepsChangeTime(existing(dir))
	fine, coarse := looked.Add(-tick).UnixNano(), looked.Add(-coarseTick).UnixNano()
	return func(f source.Fingerprint) source.Fingerprint {
		if !keeps || f.Change >= fine || f.Change%int64(time.Second) == 0 && f.Change >= coarse {
			return source.Fingerprint{}
		}
		return f
	}
}

// FingerprintOf returns the fingerprint of a file, however new it is and
// whatever the file system: different ones mean another or a changed file, but
// equal ones do not prove that it is unchanged. It is zero if the file is not
// regular or the system has no time of change.
func FingerprintOf(info fs.FileInfo) source.Fingerprint {
	if !info.Mode().IsRegular() {
		return source.Fingerprint{}
	}
	return fingerprintOf(info)
}

// fingerprintOf is like FingerprintOf, for folders too.
func fingerprintOf(info fs.FileInfo) source.Fingerprint {
	changed, inode := changeOf(info)
	if changed == 0 {
		return source.Fingerprint{}
	}
	return source.Fingerprint{Size: info.Size(), ModTime: info.ModTime().UnixNano(), Change: changed, Inode: inode}
}

// existing returns a folder, or the nearest one above it that exists.
func existing(dir string) string {
	for up := range upward(dir) {
		if _, err := os.Stat(up); err == nil {
			return up
		}
	}
	return dir
}
