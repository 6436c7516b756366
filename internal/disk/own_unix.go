//go:build unix

package disk

import (
	"fmt"
	"io/fs"
	"syscall"
)

// noFollow makes opening a symlink fail.
const noFollow = syscall.O_NOFOLLOW

// noNames are the errors for names that no file can have, and for paths below a
// file.
var noNames = []error{syscall.ENOTDIR, syscall.ENAMETOOLONG, syscall.EINVAL, syscall.EILSEQ}

// fileID returns what distinguishes a file from a copy of it: its inode and its
// time of change. If that is unknown, it uses the modification time: an archive
// can set it, but its author cannot know the fraction of a second.
func fileID(_ string, info fs.FileInfo) string {
	st, ok := info.Sys().(*syscall.Stat_t)
	if !ok {
		return ""
	}
	at, _ := changeOf(info)
	if at == 0 {
		at = info.ModTime().UnixNano()
	}
	return fmt.Sprintf("%d %d", st.Ino, at)
}

// sameDisk reports whether two folders are in one file system, so that files can be
// renamed from one to the other.
func sameDisk(_ string, a fs.FileInfo, _ string, b fs.FileInfo) bool {
	x, ok := a.Sys().(*syscall.Stat_t)
	y, is := b.Sys().(*syscall.Stat_t)
	return ok && is && x.Dev == y.Dev
}
