package policy

import (
	"bytes"
	"crypto/sha256"
	"encoding/gob"
	"maps"
	"slices"

	"github.com/privgen/privgen/internal/markdown"
	"github.com/privgen/privgen/internal/resolve"
	"github.com/privgen/privgen/internal/source"
)

// A Cache is what was learned of version files the last time. With it a file
// that did not change is not read again until its page is drawn, and one that
// looks otherwise, but has the same bytes, is not taken in again. It never
// changes what is learned, only how long it takes: a text that uses shared
// clauses, tables or values is read again when one of them changed. The zero Cache is empty
// and ready. It is not safe for several goroutines while Load uses it.
type Cache struct {
	files   map[string]cachedFile
	changed bool // since it was empty or unmarshaled
}

type cachedFile struct {
	Print       source.Fingerprint // zero when the file has to be read to know that it is the same
	Rules       markdown.Rules
	FrontMatter FrontMatter
	Sums        []byte // the digests of Facts, and of the file: a gob of an array is slow
	Title       string
	Refs        []markdown.Ref
	Uses        []resolve.Use // what the text depended on beside its file: values, shared clauses, tables
}

func (r *cachedFile) facts() Facts {
	f := Facts{Title: r.Title, Refs: r.Refs}
	copy(f.Normal[:], r.Sums[copy(f.Digest[:], r.Sums):])
	return f
}

// file returns the digest of the file.
func (r *cachedFile) file() [sha256.Size]byte { return [sha256.Size]byte(r.Sums[2*sha256.Size:]) }

// recall returns what is known of a file that had these rules, if anything.
func (m *Cache) recall(name string, rules markdown.Rules) (cachedFile, bool) {
	if m == nil {
		return cachedFile{}, false
	}
	r, ok := m.files[name]
	return r, ok && len(r.Sums) == 3*sha256.Size && r.Rules == rules
}

// Changed reports whether the memory holds anything else than when it was
// unmarshaled.
func (m *Cache) Changed() bool { return m.changed }

// Bytes gives what MarshalBinary gives; a memory can always be written.
func (m *Cache) Bytes() []byte {
	b, err := m.MarshalBinary()
	if err != nil {
		panic("privgen: internal error: marshaling a cache: " + err.Error())
	}
	return b
}

// MarshalBinary gives the memory as bytes to be kept until the next time.
func (m *Cache) MarshalBinary() ([]byte, error) {
	var b bytes.Buffer
	e := gob.NewEncoder(&b)
	if err := e.Encode(m.files); err != nil {
		return nil, err
	}
	return b.Bytes(), nil
}

// UnmarshalBinary takes what MarshalBinary gave. Anything else is an error,
// and leaves the memory empty.
func (m *Cache) UnmarshalBinary(data []byte) error {
	*m = Cache{}
	d := gob.NewDecoder(bytes.NewReader(data))
	if err := d.Decode(&m.files); err != nil {
		*m = Cache{}
		return err
	}
	return nil
}

// remember keeps what was learned of the files that have no problem.
func (l *loader) updateCache() {
	if l.Cache == nil {
		return
	}
	m, was := l.Cache, l.Cache.files
	if l.Last == nil || was == nil {
		m.files = make(map[string]cachedFile, len(l.files))
	} else {
		l.dropStale()
		m.changed = true
	}
	for _, f := range l.files {
		if len(f.problems) > 0 {
			continue
		}
		m.files[f.name] = cachedFile{f.print, f.of.rules, f.matter,
			slices.Concat(f.facts.Digest[:], f.facts.Normal[:], f.sum[:]), f.facts.Title, f.facts.Refs, f.uses}
		old, ok := was[f.name]
		m.changed = m.changed || !ok || old.Print != f.print || !bytes.Equal(old.Sums, m.files[f.name].Sums) ||
			old.Rules != f.of.rules || !slices.Equal(old.Uses, f.uses)
	}
	m.changed = m.changed || len(was) != len(m.files)
}

// forget forgets the files of policies that were looked at again. Where few
// were, it is not all that is cachedFile that is gone through.
func (l *loader) dropStale() {
	for slug := range l.touched {
		if slug == "" || l.Last.Policy(slug) == nil {
			maps.DeleteFunc(l.Cache.files, func(name string, _ cachedFile) bool { return l.touches(l.slugOf(name)) })
			return
		}
	}
	for slug := range l.touched {
		for t := range l.Last.Policy(slug).Texts() {
			delete(l.Cache.files, t.File)
		}
	}
}
