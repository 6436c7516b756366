//go:build !unix

package disk

const noWait = 0 // folders contain no pipes
