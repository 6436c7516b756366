//go:build unix

package disk_test

import "syscall"

const otherDisk = syscall.EXDEV
