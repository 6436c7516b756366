package disk

import (
	"io/fs"
	"syscall"
)

// changeOf returns a file's time of change and its inode, or 0 if they are unknown.
func changeOf(info fs.FileInfo) (nanoseconds int64, inode uint64) {
	if st, ok := info.Sys().(*syscall.Stat_t); ok {
		return st.Ctimespec.Nano(), st.Ino
	}
	return 0, 0
}

// keepsChangeTime reports whether a folder is on one of the file systems that
// are known to have a time of change.
func keepsChangeTime(dir string) bool {
	var st syscall.Statfs_t
	if syscall.Statfs(dir, &st) != nil {
		return false
	}
	var name []byte
	for _, c := range st.Fstypename {
		if c == 0 {
			break
		}
		name = append(name, byte(c))
	}
	switch string(name) {
	case "apfs", "hfs", "ufs", "nfs":
		return true
	}
	return false
}
