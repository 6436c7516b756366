package policy

import (
	"bytes"
	"encoding/gob"
	"io/fs"
	"time"

	"github.com/privgen/privgen/internal/markdown"
	"github.com/privgen/privgen/internal/resolve"
)

// A Memory is what was learned of version files the last time. With it a file
// that did not change is not read again until its page is drawn. It never
// changes what is learned, only how long it takes: a text that uses shared
// clauses, tables or values is read again when one of them changed. The zero Memory is empty
// and ready. It is not safe for several goroutines while Load uses it.
type Memory struct {
	// Taken is the moment, in nanoseconds since 1970, at which the memory
	// was taken. A file that was written about then or later is not trusted:
	// two writes within the clock's resolution leave the same time behind.
	Taken int64

	trusted int64
	files   map[string]remembered
}

type remembered struct {
	Size   int64
	Mod    int64 // nanoseconds since 1970
	Rules  markdown.Rules
	Matter Matter
	Sums   []byte // the digests of Facts: a gob of an array is slow
	Title  string
	Refs   []markdown.Ref
	Uses   []resolve.Use // what the text depended on beside its file: values, shared clauses, tables
}

func (r *remembered) facts() Facts {
	f := Facts{Title: r.Title, Refs: r.Refs}
	copy(f.Normal[:], r.Sums[copy(f.Digest[:], r.Sums):])
	return f
}

// resolution is how coarse the times of a file system may be, in nanoseconds:
// two seconds, as FAT has them.
const resolution = 2e9

// recall gives what is known of a file, if it is the same file.
func (m *Memory) recall(name string, info fs.FileInfo, rules markdown.Rules) (remembered, bool) {
	if m == nil || info == nil {
		return remembered{}, false
	}
	r, ok := m.files[name]
	mod := info.ModTime().UnixNano()
	return r, ok && len(r.Sums) == 64 && r.Size == info.Size() && r.Mod == mod && r.Rules == rules && mod < m.trusted-resolution
}

// Next gets the memory ready for a run that starts at a moment: what it held is
// recalled as of the moment it was taken, what it will hold counts from now.
func (m *Memory) Next(now time.Time) { m.trusted, m.Taken = m.Taken, now.UnixNano() }

// Bytes gives what MarshalBinary gives; a memory can always be written.
func (m *Memory) Bytes() []byte {
	b, err := m.MarshalBinary()
	if err != nil {
		panic("privgen: internal error: keeping a memory: " + err.Error())
	}
	return b
}

// MarshalBinary gives the memory as bytes to be kept until the next time.
func (m *Memory) MarshalBinary() ([]byte, error) {
	var b bytes.Buffer
	e := gob.NewEncoder(&b)
	if err := e.Encode(m.Taken); err != nil {
		return nil, err
	}
	if err := e.Encode(m.files); err != nil {
		return nil, err
	}
	return b.Bytes(), nil
}

// UnmarshalBinary takes what MarshalBinary gave. Anything else is an error,
// and leaves the memory empty.
func (m *Memory) UnmarshalBinary(data []byte) error {
	*m = Memory{}
	d := gob.NewDecoder(bytes.NewReader(data))
	if err := d.Decode(&m.Taken); err != nil {
		return err
	}
	if err := d.Decode(&m.files); err != nil {
		*m = Memory{}
		return err
	}
	return nil
}
