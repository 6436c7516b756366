package watch

import (
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"strings"

	"github.com/privgen/privgen/internal/source"
)

// This file finds what there is to watch.

// ignored tells names that are no part of a site.
func ignored(name string) bool {
	return strings.HasPrefix(name, ".") || strings.HasPrefix(name, "#") || strings.HasSuffix(name, "~")
}

// relative gives a path as batches name it; false for what is not in the site
// or does not count.
func (w *Watcher) relative(name string) (string, bool) {
	rel, err := filepath.Rel(w.dir, name)
	if err != nil || !filepath.IsLocal(rel) || rel == "." {
		return "", false
	}
	rel = filepath.ToSlash(rel)
	return rel, !ignored(path.Base(rel)) && !w.Skip(rel)
}

// A survey is what there is to watch.
type survey struct {
	folders map[string]bool  // by path from Dir; "." is Dir itself, for its Roots alone
	links   map[string]bool  // symlinks
	files   map[string]stamp // when asked for
}

// A stamp tells whether a file was changed.
type stamp struct {
	size, mod int64
	print     source.Fingerprint
}

func (w *Watcher) stamp(info fs.FileInfo) stamp {
	s := stamp{size: info.Size(), mod: info.ModTime().UnixNano()}
	if w.Fingerprint != nil {
		s.print = w.Fingerprint(info)
	}
	return s
}

// survey finds what there is. visit is called for a folder before it is read.
func (w *Watcher) survey(stamps bool, visit func(rel string) error) (*survey, error) {
	s := &survey{folders: map[string]bool{}, links: map[string]bool{}, files: map[string]stamp{}}
	var look func(rel string) error
	look = func(rel string) error {
		full := filepath.Join(w.dir, filepath.FromSlash(rel))
		info, err := os.Lstat(full)
		if err != nil {
			return nil // it is gone, or never was
		}
		if info.Mode()&fs.ModeSymlink != 0 {
			s.links[rel] = true
			return w.follow(full, look)
		}
		if !info.IsDir() {
			if stamps {
				s.files[rel] = w.stamp(info)
			}
			return nil
		}
		if s.folders[rel] {
			return nil // a link led here already
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

// follow looks at what a symlink leads to, if that is in the site: at a folder
// whole, at a file with the folder it is in.
func (w *Watcher) follow(link string, look func(rel string) error) error {
	real, err := filepath.EvalSymlinks(link)
	if err != nil {
		return nil
	}
	if info, err := os.Stat(real); err == nil && !info.IsDir() {
		real = filepath.Dir(real)
	}
	if rel, ok := w.relative(real); ok {
		return look(rel)
	}
	return nil // out of the site, which it may not be, or Dir itself
}
