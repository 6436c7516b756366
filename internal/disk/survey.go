package disk

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"syscall"

	"github.com/privgen/privgen/internal/source"
	"github.com/privgen/privgen/internal/tree"
)

// This file surveys the output folder at the beginning of every build. It has
// to be about as fast as find, because a build without changes does little
// else: folders are read in parallel, and a folder that cannot contain a file
// of ours is not read.

// A kind is what exists at a path.
type kind uint8

const (
	nothing kind = iota
	file
	folder
	other // a symlink, a pipe
)

type found struct {
	kind
	size  int64
	print source.Fingerprint
}

type survey struct {
	prints  func(fs.FileInfo) source.Fingerprint
	files   []found         // what exists at the path of each entry of the tree
	folders map[string]bool // true: folders that the tree needs; false: folders that have only owned files
	foreign []string        // sorted; folders with a final slash
	debris  []string        // what a killed build left when it copied
	blocked []string        // what is not a folder but must be one
}

// tempPrefix is the prefix of the names of files that are being copied to the
// output.
const tempPrefix = ".privgen-tmp~"

func look(dir string, t tree.Tree, o owned, prints func(fs.FileInfo) source.Fingerprint, workers int) (*survey, error) {
	s := &survey{prints: prints, files: make([]found, len(t)), folders: map[string]bool{}}
	if _, err := os.Lstat(dir); errors.Is(err, fs.ErrNotExist) {
		return s, nil
	}
	for i := range t {
		s.addFolders(t[i].Path, true)
	}
	for i := range o {
		s.addFolders(o[i].path, false)
	}
	s.folders["."] = true
	names := make([]string, 0, len(s.folders))
	for name := range s.folders {
		names = append(names, name)
	}
	slices.Sort(names)
	var mu sync.Mutex
	err := each(workers, len(names), func(_, i int) error {
		var part survey
		if err := s.lookInto(&part, dir, names[i], t, o); err != nil {
			return err
		}
		if len(part.foreign)+len(part.debris)+len(part.blocked) > 0 {
			mu.Lock()
			defer mu.Unlock()
			s.foreign = append(s.foreign, part.foreign...)
			s.debris = append(s.debris, part.debris...)
			s.blocked = append(s.blocked, part.blocked...)
		}
		return nil
	})
	slices.Sort(s.foreign)
	slices.Sort(s.debris)
	slices.Sort(s.blocked)
	return s, err
}

func (s *survey) addFolders(name string, needed bool) {
	for {
		i := strings.LastIndexByte(name, '/')
		if i < 0 {
			return
		}
		name = name[:i]
		if was, ok := s.folders[name]; ok && (was || !needed) {
			return
		}
		s.folders[name] = needed
	}
}

func (s *survey) lookInto(part *survey, dir, name string, t tree.Tree, o owned) error {
	list, err := os.ReadDir(filepath.Join(dir, filepath.FromSlash(name)))
	if errors.Is(err, fs.ErrNotExist) || errors.Is(err, syscall.ENOTDIR) {
		return nil // the parent folder's survey has it if it is not a folder
	}
	if err != nil {
		return err
	}
	for _, e := range list {
		p := e.Name()
		if name != "." {
			p = name + "/" + p
		}
		i, isAddress := slices.BinarySearchFunc(t, p, func(e tree.Entry,
			p string) int {
			return strings.Compare(e.Path, p)
		})
		needed, isFolder := s.folders[p]
		switch {
		case isAddress:
			if s.files[i], err = s.findAt(e); err != nil {
				return err
			}
		case isFolder && needed:
			if !e.IsDir() {
				part.blocked = append(part.blocked, p)
			}
		case isFolder && e.IsDir(), p == listName, p == ".git", len(o.at(p)) > 0:
		case strings.HasPrefix(e.Name(), tempPrefix):
			part.debris = append(part.debris, p)
		case e.IsDir():
			part.foreign = append(part.foreign, p+"/")
		default:
			part.foreign = append(part.foreign, p)
		}
	}
	return nil
}

func (s *survey) findAt(e fs.DirEntry) (found, error) {
	switch {
	case e.IsDir():
		return found{kind: folder}, nil
	case !e.Type().IsRegular():
		return found{kind: other}, nil
	}
	info, err := e.Info()
	if errors.Is(err, fs.ErrNotExist) {
		return found{}, nil
	}
	if err != nil {
		return found{}, err
	}
	return found{file, info.Size(), s.prints(info)}, nil
}

// problems returns what is in the way of the tree and is not ours to remove.
// The files of early are removed before anything is put in place.
func (s *survey) problems(out string, t tree.Tree, early []string) source.Problems {
	var ps source.Problems
	for _, p := range s.blocked {
		if _, ours := slices.BinarySearch(early, p); !ours {
			ps = append(ps, source.NewProblem(source.In(path.Join(out, p)), "output-not-folder",
				"this is not a folder, but the site has pages below it, and privgen did not write it",
				"move it away, or choose another output folder with --out"))
		}
	}
	for i := range t {
		if s.files[i].kind != folder {
			continue
		}
		inside := t[i].Path + "/"
		_, ours := s.folders[t[i].Path]
		n, _ := slices.BinarySearch(s.foreign, inside)
		if !ours || n < len(s.foreign) && strings.HasPrefix(s.foreign[n], inside) {
			ps = append(ps, source.NewProblem(source.In(path.Join(out, t[i].Path)), "foreign-file",
				fmt.Sprintf("this is a folder that privgen did not make, and the site has a file %q", t[i].Path),
				"move it away, or choose another output folder with --out"))
		}
	}
	return ps
}
