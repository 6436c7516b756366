package disk

import (
	"io/fs"
	"syscall"
	"time"
)

type otherChange struct {
	fs.FileInfo
	sys syscall.Stat_t
}

func (o *otherChange) Sys() any { return &o.sys }

// WithChange returns a copy of info with another time of change.
func WithChange(info fs.FileInfo, at time.Time) fs.FileInfo {
	o := &otherChange{info, *info.Sys().(*syscall.Stat_t)}
	o.sys.Ctim = syscall.NsecToTimespec(at.UnixNano())
	return o
}
