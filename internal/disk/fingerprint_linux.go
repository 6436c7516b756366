package disk

import (
	"io/fs"
	"syscall"
)

// changeOf returns a file's time of change and its inode, or 0 if they are unknown.
func changeOf(info fs.FileInfo) (nanoseconds int64, inode uint64) {
	if st, ok := info.Sys().(*syscall.Stat_t); ok {
		return st.Ctim.Nano(), uint64(st.Ino)
	}
	return 0, 0
}

// madeUp lists the file systems that have, or might have, no time of change:
// they can return the modification time instead, which anybody can set.
var madeUp = map[uint32]bool{
	0x00004d44: true, // FAT
	0x2011bab0: true, // exFAT
	0x65735546: true, // FUSE: sshfs and others
	0x0000517b: true, // SMB, the first version
	0x786f4256: true, // shared folders of VirtualBox
}

func keepsChangeTime(dir string) bool {
	var st syscall.Statfs_t
	return syscall.Statfs(dir, &st) == nil && !madeUp[uint32(st.Type)]
}
