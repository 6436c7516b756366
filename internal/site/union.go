package site

import (
	"errors"
	"fmt"
	"io/fs"
	"path"
	"slices"
	"strings"

	"github.com/privgen/privgen/internal/source"
)

// This file adds the shared folder of several sites to the files of a site.

// A sharedFolder is a folder that both a site and its shared folder can have: its path in
// each.
type sharedFolder struct{ own, shared string }

var shareds = []sharedFolder{
	{Content + "/_clauses", "_clauses"}, {Content + "/_data", "_data"}, {Themes, "themes"},
	{Templates + "/words", "words"},
}

// A sharer is the folder of a site that can open the shared folder of its config.
// It refuses a folder that is not marked as shared, or that a symlink leads to.
type sharer interface {
	Shared(path string, at source.Pos) (fs.FS, *source.Problem)
}

// withShared returns the files of a site together with those of its shared folder.
func withShared(own fs.FS, name string, at source.Pos) (*union, *source.Problem) {
	s, ok := own.(sharer)
	if !ok {
		return nil, source.NewProblem(at, "bad-shared", fmt.Sprintf("the shared folder %q cannot be read here", name),
			"use the site from its folder")
	}
	shared, p := s.Shared(name, at)
	if p != nil {
		return nil, p
	}
	return &union{own, shared, name}, nil
}

// A union has the files of a site and of its shared folder. A file of the site hides
// the shared file of the same name, and a theme of the site hides a whole shared theme.
type union struct {
	own, shared fs.FS
	name        string // path of the shared folder from the site's folder
}

var (
	_ fs.ReadDirFS  = (*union)(nil)
	_ fs.ReadFileFS = (*union)(nil)
	_ fs.StatFS     = (*union)(nil)
)

// inShared returns the path in the shared folder for a path of the site, and reports
// whether only the shared folder can have it, because the site does not.
func (u *union) inShared(name string) (string, bool) {
	for _, f := range shareds {
		below, ok := strings.CutPrefix(name, f.own)
		if !ok || below != "" && below[0] != '/' {
			continue
		}
		first := name
		if f.own == Themes && below != "" {
			theme, _, _ := strings.Cut(below[1:], "/")
			first = path.Join(Themes, theme)
		}
		_, err := fs.Stat(u.own, first)
		return f.shared + below, errors.Is(err, fs.ErrNotExist)
	}
	return "", false
}

// of returns the files that have a path, own or shared, and the path in them.
func (u *union) of(name string) (fs.FS, string) {
	if there, ok := u.inShared(name); ok {
		return u.shared, there
	}
	return u.own, name
}

func (u *union) Open(name string) (fs.File, error) {
	files, name := u.of(name)
	return files.Open(name)
}

func (u *union) Stat(name string) (fs.FileInfo, error) {
	files, name := u.of(name)
	return fs.Stat(files, name)
}

func (u *union) ReadFile(name string) ([]byte, error) {
	files, name := u.of(name)
	return fs.ReadFile(files, name)
}

// ReadDir lists a folder of both, merged.
func (u *union) ReadDir(name string) ([]fs.DirEntry, error) {
	there, ok := u.inShared(name)
	if ok {
		return fs.ReadDir(u.shared, there)
	}
	list, err := fs.ReadDir(u.own, name)
	if err != nil || !slices.ContainsFunc(shareds, func(f sharedFolder) bool { return f.own == name }) {
		return list, err
	}
	more, _ := fs.ReadDir(u.shared, there)
	byName := func(a, b fs.DirEntry) int { return strings.Compare(a.Name(), b.Name()) }
	list = append(list, more...) // for a name that both have, the site's own comes first
	slices.SortStableFunc(list, byName)
	return slices.CompactFunc(list, func(a, b fs.DirEntry) bool { return byName(a, b) == 0 }), nil
}

// place corrects the file of each problem that is in the shared folder.
func (u *union) place(list source.Problems) {
	for _, p := range list {
		if there, ok := u.inShared(p.File); ok {
			if _, err := fs.Stat(u.shared, there); err == nil {
				p.File = path.Join(u.name, there)
			}
		}
	}
}
