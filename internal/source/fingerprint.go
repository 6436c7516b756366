package source

// A Fingerprint identifies the bytes of a file by what its folder lists about
// it, and changes whenever they do. The zero Fingerprint is unknown: compare
// the bytes then. Package disk creates fingerprints and decides which files are
// too new, or which file systems too coarse, to have one.
type Fingerprint struct {
	Size    int64
	ModTime int64  // in nanoseconds since 1970
	Change  int64  // when the system last changed the file or its metadata, in nanoseconds since 1970
	Inode   uint64 // differs for files that were exchanged
}

// Same reports whether f and g certainly identify the same bytes.
func (f Fingerprint) Same(g Fingerprint) bool { return f != Fingerprint{} && f == g }
