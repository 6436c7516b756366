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

// A Cache has the facts that an earlier Load found about version files. With it, a
// file that did not change is not read until its page is rendered, and a file
// with a new fingerprint but the same bytes is not parsed again. It never
// changes the result of a Load, only the time it takes: a text that uses shared
// clauses, tables, or values is read again when one of them changed. The zero
// Cache is empty and ready to use. While Load uses it, no other goroutine may.
type Cache struct {
	files   map[string]cachedFile
	changed bool // since it was empty or unmarshaled
}

type cachedFile struct {
	Print       source.Fingerprint // if zero, the file is read to find out whether it changed
	Rules       markdown.Rules
	FrontMatter FrontMatter
	Sums        []byte // the digests of Facts, and of the file: a gob of an array is slow
	Title       string
	Refs        []markdown.Ref
	Uses        []resolve.Use // what the text depends on besides its file: values, shared clauses, tables
}

func (r *cachedFile) facts() Facts {
	f := Facts{Title: r.Title, Refs: r.Refs}
	copy(f.Normal[:], r.Sums[copy(f.Digest[:], r.Sums):])
	return f
}

// file returns the digest of the file.
func (r *cachedFile) file() [sha256.Size]byte { return [sha256.Size]byte(r.Sums[2*sha256.Size:]) }

// recall returns the entry of a file, if it has one for these rules.
func (m *Cache) recall(name string, rules markdown.Rules) (cachedFile, bool) {
	if m == nil {
		return cachedFile{}, false
	}
	r, ok := m.files[name]
	return r, ok && len(r.Sums) == 3*sha256.Size && r.Rules == rules
}

// Changed reports whether the cache differs from when it was unmarshaled.
func (m *Cache) Changed() bool { return m.changed }

// Bytes encodes the cache for a later process.
func (m *Cache) Bytes() []byte {
	var b bytes.Buffer
	if err := gob.NewEncoder(&b).Encode(m.files); err != nil {
		panic("privgen: internal error: marshaling a cache: " + err.Error())
	}
	return b.Bytes()
}

// UnmarshalBinary decodes what Bytes returned. After an error, the cache is empty.
func (m *Cache) UnmarshalBinary(data []byte) error {
	*m = Cache{}
	err := gob.NewDecoder(bytes.NewReader(data)).Decode(&m.files)
	if err != nil {
		*m = Cache{}
	}
	return err
}

// updateCache stores the facts about files without a problem.
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

// dropStale removes the entries of policies that were loaded again. It goes through
// all entries only if a shared file or an unknown policy changed.
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
