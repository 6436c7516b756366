package preview

import (
	"fmt"
	"path"
	"path/filepath"

	"github.com/privgen/privgen/internal/disk"
	"github.com/privgen/privgen/internal/source"
	"github.com/privgen/privgen/internal/watch"
)

// A library is a watched folder that several sites share.
type library struct {
	path    string // relative to the site's folder
	watcher *watch.Watcher
}

func (l *library) close() {
	if l.watcher != nil {
		l.watcher.Close()
	}
	*l = library{}
}

// batches returns the channel of the folder's changes, or nil if it is not watched.
func (l *library) batches() <-chan watch.Batch {
	if l.watcher == nil {
		return nil
	}
	return l.watcher.C
}

// named makes the paths of a batch relative to the site's folder, in place.
func (l *library) named(b watch.Batch) watch.Batch {
	for i, name := range b.Paths {
		b.Paths[i] = path.Join(l.path, name)
	}
	return b
}

// watchLibrary watches the shared folder that the config names, instead of the one
// before. It does not watch a folder that a site cannot use.
func (s *Preview) watchLibrary(name string, at source.Pos) {
	if name == s.library.path && s.library.watcher != nil {
		return
	}
	s.library.close()
	if name == "" {
		return
	}
	if _, problem := s.Files.Shared(name, at); problem != nil {
		return
	}
	w, err := watch.Start(watch.Options{
		Dir:   filepath.Join(s.Dir, filepath.FromSlash(name)),
		Roots: []string{"shared.toml", "_clauses", "_data", "themes", "words"},
		Poll:  s.Poll, Fingerprint: disk.FingerprintOf,
	})
	if err != nil {
		fmt.Fprintf(s.Err, "privgen: %v\n", err)
		return
	}
	s.library = library{name, w}
}
