package source

// A Fingerprint is what a folder lists of a file and changes whenever the
// file's bytes do. The zero Fingerprint is an unknown one: whoever has it
// compares the bytes. Package disk makes fingerprints and decides which files
// are too new, or on a file system too coarse, to have one.
type Fingerprint struct {
	Size    int64
	ModTime int64  // in nanoseconds since 1970
	Change  int64  // when the system last changed anything of the file, in nanoseconds since 1970
	Inode   uint64 // tells files apart that were exchanged
}

// Same reports whether two looks saw the same bytes for certain.
func (f Fingerprint) Same(g Fingerprint) bool { return f != Fingerprint{} && f == g }
