package policy

import (
	"bytes"
	"crypto/sha256"
	"encoding/gob"

	"github.com/privgen/privgen/internal/markdown"
	"github.com/privgen/privgen/internal/resolve"
	"github.com/privgen/privgen/internal/source"
)

// A Memory is what was learned of version files the last time. With it a file
// that did not change is not read again until its page is drawn, and one that
// looks otherwise, but has the same bytes, is not taken in again. It never
// changes what is learned, only how long it takes: a text that uses shared
// clauses, tables or values is read again when one of them changed. The zero Memory is empty
// and ready. It is not safe for several goroutines while Load uses it.
type Memory struct {
	files   map[string]remembered
	changed bool // since it was empty or unmarshaled
}

type remembered struct {
	Print  source.Fingerprint // zero when the file has to be read to know that it is the same
	Rules  markdown.Rules
	Matter Matter
	Sums   []byte // the digests of Facts, and of the file: a gob of an array is slow
	Title  string
	Refs   []markdown.Ref
	Uses   []resolve.Use // what the text depended on beside its file: values, shared clauses, tables
}

func (r *remembered) facts() Facts {
	f := Facts{Title: r.Title, Refs: r.Refs}
	copy(f.Normal[:], r.Sums[copy(f.Digest[:], r.Sums):])
	return f
}

// file returns the digest of the file.
func (r *remembered) file() [sha256.Size]byte { return [sha256.Size]byte(r.Sums[2*sha256.Size:]) }

// recall returns what is known of a file that had these rules, if anything.
func (m *Memory) recall(name string, rules markdown.Rules) (remembered, bool) {
	if m == nil {
		return remembered{}, false
	}
	r, ok := m.files[name]
	return r, ok && len(r.Sums) == 3*sha256.Size && r.Rules == rules
}

// Changed reports whether the memory holds anything else than when it was
// unmarshaled.
func (m *Memory) Changed() bool { return m.changed }

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
	if err := d.Decode(&m.files); err != nil {
		*m = Memory{}
		return err
	}
	return nil
}
