package disk

import (
	"encoding/binary"
	"hash/crc32"

	"github.com/privgen/privgen/internal/source"
	"github.com/privgen/privgen/internal/tree"
)

// SetStep lets a test stop a build: step is called before each change of the
// disk, and an error from it stops the build.
func (o *Output) SetStep(step func(name string) error) { o.step = step }

// SetRename lets a test replace rename, to simulate an output on another disk than staging.
func (o *Output) SetRename(rename func(from, to string) error) { o.rename = rename }

// ParseOwned returns the paths in an ownership list, and the list written again.
func ParseOwned(text []byte) (paths []string, again []byte) {
	o := parseOwned(text)
	for _, c := range o {
		paths = append(paths, c.path)
	}
	return paths, o.text()
}

// EncodeState returns an encoded state with a file at each path.
func EncodeState(program string, paths []string, memory []byte) []byte {
	s := &state{program: program, cache: memory, list: source.Fingerprint{Size: 7, ModTime: 8, Change: 9, Inode: 10}}
	for i, p := range paths {
		w := written{path: p, size: int64(i), print: source.Fingerprint{Size: int64(i), ModTime: -int64(i), Change: 5, Inode: 6}, stage: tree.Stage(i % 4)}
		w.key[0], w.sum[31] = byte(i), byte(i)
		s.files = append(s.files, w)
	}
	s.folders = []source.Fingerprint{{Size: 1, ModTime: 2, Change: 3, Inode: 4}, {}}
	return s.encode()
}

// DecodeState returns the paths of a state and the bytes that it encodes to.
func DecodeState(b []byte) (paths []string, again []byte, err error) {
	s, err := decodeState(b)
	if err != nil {
		return nil, nil, err
	}
	for _, f := range s.files {
		paths = append(paths, f.path)
	}
	return paths, s.encode(), nil
}

// LoadState decodes a state and drops the result.
func LoadState(b []byte) error {
	_, err := decodeState(b)
	return err
}

// Sealed returns b with the head of a state and the right checksum before it.
func Sealed(b []byte) []byte {
	b = append([]byte(stateMagic+"\x00\x00\x00\x00"), b...)
	binary.LittleEndian.PutUint32(b[len(stateMagic):], crc32.Checksum(b[len(stateMagic)+4:], crc32.MakeTable(crc32.Castagnoli)))
	return b
}

// ErrStopped stops a Commit as a kill would.
var ErrStopped = errStopped

// SetCommitStep sets the function that is called before each change of the disk.
func SetCommitStep(c *Change, step func(name string) error) { c.step = step }

// Known returns how many of all files of a state have a fingerprint.
func Known(b []byte) (known, all int) {
	s, err := decodeState(b)
	if err != nil {
		return 0, 1
	}
	for i := range s.files {
		if s.files[i].print != (source.Fingerprint{}) {
			known++
		}
	}
	return known, len(s.files)
}

// Rename renames a file, and replaces an existing one.
func Rename(from, to string) error { return rename(from, to) }

// KnownFolders returns how many of all folders of a state have a fingerprint.
func KnownFolders(b []byte) (known, all int) {
	s, err := decodeState(b)
	if err != nil {
		return 0, 1
	}
	for _, print := range s.folders {
		if print != (source.Fingerprint{}) {
			known++
		}
	}
	return known, len(s.folders)
}
