//go:build !unix

package disk

const (
	noWait   = 0 // where no pipe lies among files
	asFolder = 0
)
