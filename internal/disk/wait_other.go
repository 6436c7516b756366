//go:build !unix

package disk

const noWait = 0 // if no pipe is among files
