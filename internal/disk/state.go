package disk

import (
	"encoding/binary"
	"errors"
	"hash/crc32"

	"github.com/privgen/privgen/internal/source"
	"github.com/privgen/privgen/internal/tree"
)

// This file implements the state, which a build stores for the next one. The
// format is fast to read: one checksum covers everything, records are copied,
// and all paths share one string.

const stateMagic = "privgen state 3\n"

// written is what is known about an output file.
type written struct {
	path  string
	key   tree.Key
	sum   digest
	size  int64
	print source.Fingerprint // zero if unknown: then the file is read and compared by sum
	stage tree.Stage
}

type state struct {
	program string
	list    source.Fingerprint   // of the ownership list
	files   []written            // sorted by path
	folders []source.Fingerprint // of the folders of files; see survey.leaves
	cache   []byte
}

// printSize: size, modification time, time of change, inode.
const printSize = 4 * 8

// recordSize: key, digest, size, fingerprint, stage, length of the path.
const recordSize = len(tree.Key{}) + len(digest{}) + 8 + printSize + 1 + 4

func appendPrint(b []byte, f source.Fingerprint) []byte {
	le := binary.LittleEndian
	b = le.AppendUint64(b, uint64(f.Size))
	b = le.AppendUint64(b, uint64(f.ModTime))
	b = le.AppendUint64(b, uint64(f.Change))
	return le.AppendUint64(b, f.Inode)
}

func readPrint(b []byte) source.Fingerprint {
	le := binary.LittleEndian
	return source.Fingerprint{Size: int64(le.Uint64(b)), ModTime: int64(le.Uint64(b[8:])),
		Change: int64(le.Uint64(b[16:])), Inode: le.Uint64(b[24:])}
}

func (s *state) encode() []byte {
	size := len(stateMagic) + 64 + len(s.program) + len(s.cache) + printSize*len(s.folders)
	for i := range s.files {
		size += recordSize + len(s.files[i].path)
	}
	le := binary.LittleEndian
	b := make([]byte, 0, size)
	b = append(b, stateMagic...)
	b = append(b, 0, 0, 0, 0) // the checksum
	b = le.AppendUint32(b, uint32(len(s.program)))
	b = append(b, s.program...)
	b = appendPrint(b, s.list)
	b = le.AppendUint32(b, uint32(len(s.files)))
	for i := range s.files {
		f := &s.files[i]
		b = append(b, f.key[:]...)
		b = append(b, f.sum[:]...)
		b = le.AppendUint64(b, uint64(f.size))
		b = appendPrint(b, f.print)
		b = append(b, byte(f.stage))
		b = le.AppendUint32(b, uint32(len(f.path)))
	}
	for i := range s.files {
		b = append(b, s.files[i].path...)
	}
	b = le.AppendUint32(b, uint32(len(s.folders)))
	for _, print := range s.folders {
		b = appendPrint(b, print)
	}
	b = append(b, s.cache...)
	le.PutUint32(b[len(stateMagic):], crc32.Checksum(b[len(stateMagic)+4:], crc32.MakeTable(crc32.Castagnoli)))
	return b
}

var errState = errors.New("this is not a state")

// decodeState reads what encode wrote. The cache in the result shares the memory of b.
func decodeState(b []byte) (*state, error) {
	le := binary.LittleEndian
	if len(b) < len(stateMagic)+4 || string(b[:len(stateMagic)]) != stateMagic {
		return nil, errState
	}
	b = b[len(stateMagic):]
	if le.Uint32(b) != crc32.Checksum(b[4:], crc32.MakeTable(crc32.Castagnoli)) {
		return nil, errState
	}
	b = b[4:]
	short := false
	take := func(n int) []byte {
		if n > len(b) {
			short, b = true, nil
			return make([]byte, printSize) // enough for every caller
		}
		part := b[:n:n]
		b = b[n:]
		return part
	}
	s := &state{program: string(take(int(le.Uint32(take(4)))))}
	s.list = readPrint(take(printSize))
	n := int(le.Uint32(take(4)))
	if short || n > len(b)/recordSize {
		return nil, errState
	}
	records := take(n * recordSize)
	size := 0
	for i := range n {
		size += int(le.Uint32(records[(i+1)*recordSize-4:]))
	}
	if size > len(b) {
		return nil, errState
	}
	paths := string(take(size))
	s.files = make([]written, n)
	for i := range s.files {
		f, r := &s.files[i], records[i*recordSize:]
		f.key = tree.Key(r)
		f.sum = digest(r[len(f.key):])
		r = r[len(f.key)+len(f.sum):]
		f.size, f.print = int64(le.Uint64(r)), readPrint(r[8:])
		r = r[8+printSize:]
		f.stage = tree.Stage(r[0])
		end := le.Uint32(r[1:])
		f.path, paths = paths[:end], paths[end:]
		if i > 0 && s.files[i-1].path >= f.path {
			return nil, errState
		}
	}
	if n = int(le.Uint32(take(4))); short || n > len(b)/printSize {
		return nil, errState
	}
	s.folders = make([]source.Fingerprint, n)
	for i := range s.folders {
		s.folders[i] = readPrint(take(printSize))
	}
	s.cache = b
	return s, nil
}
