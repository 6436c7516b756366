package disk

import (
	"encoding/binary"
	"hash/crc32"

	"github.com/privgen/privgen/internal/source"
	"github.com/privgen/privgen/internal/tree"
)

// SetStep lets a test stop a build: step is called before each change of the
// disk, and an error from it ends the build there and then.
func (o *Output) SetStep(step func(name string) error) { o.step = step }

// SetRename lets a test put the output on another disk than staging.
func (o *Output) SetRename(rename func(from, to string) error) { o.rename = rename }

// ParseOwned returns the lines of an ownership list, and it written anew.
func ParseOwned(text []byte) (paths []string, again []byte) {
	o := parseOwned(text)
	for _, c := range o {
		paths = append(paths, c.path)
	}
	return paths, o.text()
}

// EncodeState makes a state of n files.
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

// LoadState is DecodeState without looking at the result.
func LoadState(b []byte) error {
	_, err := decodeState(b)
	return err
}

// Sealed makes the checksum of a state right.
func Sealed(b []byte) []byte {
	b = append([]byte(stateMagic+"\x00\x00\x00\x00"), b...)
	binary.LittleEndian.PutUint32(b[len(stateMagic):], crc32.Checksum(b[len(stateMagic)+4:], crc32.MakeTable(crc32.Castagnoli)))
	return b
}

// ErrStopped stops a Commit as a kill would.
var ErrStopped = errStopped

// SetCommitStep has step asked before each change of the disk.
func SetCommitStep(c *Change, step func(name string) error) { c.step = step }

// Known returns how many of the files of a state have a fingerprint.
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

// Rename replaces a file.
func Rename(from, to string) error { return rename(from, to) }

// KnownFolders returns how many of the folders of a state have a fingerprint.
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
