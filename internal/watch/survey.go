package watch

import (
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"strings"

	"github.com/privgen/privgen/internal/source"
)

// This file finds the files and folders to watch.

// ignored reports whether a name is never part of a site.
func ignored(name string) bool {
	return strings.HasPrefix(name, ".") || strings.HasPrefix(name, "#") || strings.HasSuffix(name, "~")
}

// relative returns a path as batches name it. It returns false for a path that
// is outside the site or ignored.
func (w *Watcher) relative(name string) (string, bool) {
	rel, err := filepath.Rel(w.dir, name)
	if err != nil || !filepath.IsLocal(rel) || rel == "." {
		return "", false
	}
	rel = filepath.ToSlash(rel)
	return rel, !ignored(path.Base(rel)) && !w.Skip(rel)
}

// A survey is the set of files and folders to watch.
type survey struct {
	folders map[string]bool      // by path from Dir; "." is Dir itself, which is watched for its Roots
	files   map[string]fileState // for polling
}

// A fileState identifies the content of a file.
type fileState struct {
	size, mod int64
	print     source.Fingerprint
}

func (w *Watcher) fileState(info fs.FileInfo) fileState {
	s := fileState{size: info.Size(), mod: info.ModTime().UnixNano()}
	if w.Fingerprint != nil {
		s.print = w.Fingerprint(info)
	}
	return s
}

// survey finds the folders to watch and, if stamps is true, the states of the
// files. It calls visit for a folder before it reads it.
func (w *Watcher) survey(stamps bool, visit func(rel string) error) (*survey, error) {
	s := &survey{folders: map[string]bool{}, files: map[string]fileState{}}
	var look func(rel string) error
	look = func(rel string) error {
		full := filepath.Join(w.dir, filepath.FromSlash(rel))
		info, err := os.Lstat(full)
		if err != nil {
			return nil // it is gone or never existed
		}
		if !info.IsDir() {
			if stamps {
				s.files[rel] = w.fileState(info)
			}
			return nil
		}
		s.folders[rel] = true
		if err := visit(rel); err != nil {
			return err
		}
		entries, _ := os.ReadDir(full)
		for _, e := range entries {
			below := path.Join(rel, e.Name())
			if ignored(e.Name()) || w.Skip(below) || !stamps && e.Type().IsRegular() {
				continue
			}
			if err := look(below); err != nil {
				return err
			}
		}
		return nil
	}
	s.folders["."] = true
	if err := visit("."); err != nil {
		return nil, err
	}
	for _, root := range w.Roots {
		if err := look(root); err != nil {
			return nil, err
		}
	}
	return s, nil
}
