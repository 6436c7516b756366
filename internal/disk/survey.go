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
	"sync/atomic"
	"syscall"

	"github.com/privgen/privgen/internal/parallel"
	"github.com/privgen/privgen/internal/source"
	"github.com/privgen/privgen/internal/tree"
)

// This file surveys the output folder at the beginning of every build. It has
// to be about as fast as find, because a build without changes does little
// else: folders are surveyed in parallel, one that cannot contain a file of ours is
// not read, and one that had only our files and has the same fingerprint is not read
// again. The system changes a folder's time of change with each name that is added,
// removed, or replaced, so it has the same names. The files are examined in every
// build.

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
	settled func(source.Fingerprint) source.Fingerprint
	files   []found        // what exists at the path of each entry; nil without an output folder
	next    []int32        // for each entry: 1 + the index of another one in its folder, or 0
	folders []surveyed     // that the tree needs, or that have owned files; the first is the output
	index   map[string]int // of folders, by path
	learned atomic.Int64   // how many folders were read, and have a fingerprint now

	mu      sync.Mutex // protects these lists, which are sorted in the end
	foreign []string   // folders with a final slash
	debris  []string   // temporary files of a killed build
	blocked []string   // what is not a folder but must be one
}

// note adds a path to one of the lists.
func (s *survey) note(list *[]string, path string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	*list = append(*list, path)
}

// A surveyed is a folder of the output.
type surveyed struct {
	path   string
	needed bool  // by the tree; others have only owned files
	first  int32 // 1 + the index of an entry of the tree in it, or 0
	// The fingerprint if the folder has only entries of the tree and folders that the
	// tree needs, otherwise zero.
	print source.Fingerprint
}

// tempPrefix begins the names of files that are being copied to the output, and
// of the file of tryFolder.
const tempPrefix = ".privgen-tmp~"

// look surveys an output folder. known are the fingerprints of the folders of the owned
// files, in the order of survey.add, or nil.
func look(dir string, t tree.Tree, o owned, known []source.Fingerprint,
	settled func(source.Fingerprint) source.Fingerprint, workers int) (*survey, error) {
	s := &survey{settled: settled, index: make(map[string]int, len(known))}
	if _, err := os.Lstat(dir); errors.Is(err, fs.ErrNotExist) {
		return s, nil
	}
	s.files, s.next = make([]found, len(t)), make([]int32, len(t))
	s.add(".")
	for i := range o {
		s.add(dirOf(o[i].path))
	}
	if len(known) == len(s.folders) {
		for i, print := range known {
			s.folders[i].print = print
		}
	}
	s.folders[0].needed = true
	for i := range t {
		d := s.add(dirOf(t[i].Path))
		s.next[i], s.folders[d].first = s.folders[d].first, int32(i+1)
		for !s.folders[d].needed {
			s.folders[d].needed = true
			d = s.add(dirOf(s.folders[d].path))
		}
	}
	err := parallel.Each(workers, len(s.folders), func(_, i int) error {
		return s.lookInto(dir, &s.folders[i], t, o)
	})
	slices.Sort(s.foreign)
	slices.Sort(s.debris)
	slices.Sort(s.blocked)
	return s, err
}

// dirOf returns the folder of a path in the output.
func dirOf(name string) string { return name[:max(0, strings.LastIndexByte(name, '/'))] }

// add adds a folder and those above it, and returns its index.
func (s *survey) add(name string) int {
	if name == "" {
		name = "."
	}
	i, ok := s.index[name]
	if !ok {
		i = len(s.folders)
		s.index[name], s.folders = i, append(s.folders, surveyed{path: name})
		if name != "." {
			s.add(dirOf(name))
		}
	}
	return i
}

// file returns what exists at the path of an entry.
func (s *survey) file(i int) found {
	if s.files == nil {
		return found{}
	}
	return s.files[i]
}

// needs reports whether the tree needs a folder.
func (s *survey) needs(name string) bool {
	i, ok := s.index[name]
	return ok && s.folders[i].needed
}

// leaves returns the fingerprints of the folders of files in the order of add. They are
// zero for folders that lose a file and for those above, where something can stay.
func (s *survey) leaves(files []written, gone []string) []source.Fingerprint {
	for _, p := range gone {
		for p != "" {
			p = dirOf(p)
			s.folders[s.add(p)].print = source.Fingerprint{}
		}
	}
	now := survey{index: map[string]int{}}
	now.add(".")
	for i := range files {
		now.add(dirOf(files[i].path))
	}
	prints := make([]source.Fingerprint, len(now.folders))
	for i := range now.folders {
		if was, ok := s.index[now.folders[i].path]; ok {
			prints[i] = s.folders[was].print
		}
	}
	return prints
}

func (s *survey) lookInto(dir string, f *surveyed, t tree.Tree, o owned) error {
	name := filepath.Join(dir, filepath.FromSlash(f.path))
	var print source.Fingerprint
	if info, err := os.Lstat(name); err == nil && info.IsDir() {
		print = s.settled(fingerprintOf(info))
	}
	if print.Same(f.print) {
		for i := f.first; i > 0; i = s.next[i-1] {
			if info, err := os.Lstat(filepath.Join(dir, filepath.FromSlash(t[i-1].Path))); err == nil {
				s.files[i-1] = s.find(info)
			} else if !errors.Is(err, fs.ErrNotExist) {
				return err
			}
		}
		return nil
	}
	f.print = source.Fingerprint{}
	list, err := os.ReadDir(name)
	if errors.Is(err, fs.ErrNotExist) || errors.Is(err, syscall.ENOTDIR) {
		return nil // if it is not a folder, the survey of the folder above reports it
	}
	if err != nil {
		return err
	}
	clean := true
	for _, e := range list {
		p := e.Name()
		if f.path != "." {
			p = f.path + "/" + p
		}
		i, isAddress := slices.BinarySearchFunc(t, p,
			func(e tree.Entry, p string) int { return strings.Compare(e.Path, p) })
		_, isFolder := s.index[p]
		switch needed := s.needs(p); {
		case isAddress:
			if s.files[i], err = s.findAt(e); err != nil {
				return err
			}
			continue
		case needed && e.IsDir(), p == listName:
			continue
		case needed:
			s.note(&s.blocked, p)
		case isFolder && e.IsDir(), p == ".git", len(o.at(p)) > 0:
		case strings.HasPrefix(e.Name(), tempPrefix):
			s.note(&s.debris, p)
		case e.IsDir():
			s.note(&s.foreign, p+"/")
		default:
			s.note(&s.foreign, p)
		}
		clean = false
	}
	if clean && print != (source.Fingerprint{}) {
		f.print = print
		s.learned.Add(1)
	}
	return nil
}

func (s *survey) findAt(e fs.DirEntry) (found, error) {
	info, err := e.Info()
	if errors.Is(err, fs.ErrNotExist) {
		return found{}, nil
	}
	if err != nil {
		return found{}, err
	}
	return s.find(info), nil
}

func (s *survey) find(info fs.FileInfo) found {
	switch {
	case info.IsDir():
		return found{kind: folder}
	case !info.Mode().IsRegular():
		return found{kind: other}
	}
	return found{file, info.Size(), s.settled(FingerprintOf(info))}
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
		if s.file(i).kind != folder {
			continue
		}
		inside := t[i].Path + "/"
		_, ours := s.index[t[i].Path]
		n, _ := slices.BinarySearch(s.foreign, inside)
		if !ours || n < len(s.foreign) && strings.HasPrefix(s.foreign[n], inside) {
			ps = append(ps, source.NewProblem(source.In(path.Join(out, t[i].Path)), "foreign-file",
				fmt.Sprintf("this is a folder that privgen did not make, and the site has a file %q", t[i].Path),
				"move it away, or choose another output folder with --out"))
		}
	}
	return ps
}
