package source

// A Fingerprint identifies the bytes of a file by its metadata: it changes whenever
// they do. The zero Fingerprint is unknown: compare the bytes then. Package disk
// creates fingerprints. It creates none for a file that is too new, or on a file
// system whose times are too coarse.
type Fingerprint struct {
	Size    int64
	ModTime int64  // in nanoseconds since 1970
	Change  int64  // when the system last changed the file or its metadata, in nanoseconds since 1970
	Inode   uint64 // differs for files that were exchanged
}

// Same reports whether f and g certainly identify the same bytes.
func (f Fingerprint) Same(g Fingerprint) bool { return f != Fingerprint{} && f == g }
