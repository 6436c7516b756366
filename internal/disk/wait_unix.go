//go:build unix

package disk

import "syscall"

const noWait = syscall.O_NONBLOCK // opening a named pipe returns at once
