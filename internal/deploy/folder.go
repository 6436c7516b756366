package deploy

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"strings"
	"syscall"
)

// A folder is a Store on a disk of this machine, or one that is mounted. It
// keeps bytes only: what headers they are served with is the server's matter.
// An object is written beside its place and renamed, so readers see the old
// one or the new one, whole.
type folder struct{ root *os.Root }

// openFolder opens a folder, and makes it when it is not there. The folder
// above has to exist: a disk that is not mounted is not a new site.
func openFolder(dir string) (*folder, error) {
	if err := os.Mkdir(dir, 0o777); err != nil && !errors.Is(err, fs.ErrExist) {
		return nil, fmt.Errorf("make the folder %s: %w", dir, plain(err))
	}
	if info, err := os.Lstat(filepath.Join(dir, strings.TrimSuffix(ownFolder, "/"))); err == nil && !info.IsDir() {
		return nil, &Refusal{Kind: "target", What: fmt.Sprintf("privgen build writes to the folder %s", dir),
			Do: "deploy to another folder, or take the file .privgen out of this one if nothing is built into it any more"}
	}
	root, err := os.OpenRoot(dir)
	if err != nil {
		return nil, fmt.Errorf("open the folder %s: %w", dir, plain(err))
	}
	return &folder{root}, nil
}

// plain takes the names that package os puts into an error out of it.
func plain(err error) error {
	var pe *fs.PathError
	var le *os.LinkError
	switch {
	case errors.As(err, &pe):
		return pe.Err
	case errors.As(err, &le):
		return le.Err
	}
	return err
}

func (f *folder) Abilities() Abilities {
	return Abilities{Name: "a folder", Conditional: true, Workers: 4}
}

// newName is how a file is called until it is whole.
const newName = ownFolder + "new-"

func (f *folder) List(ctx context.Context, each func(Object) error) error {
	return fs.WalkDir(f.root.FS(), ".", func(name string, d fs.DirEntry, err error) error {
		if err != nil {
			if errors.Is(err, fs.ErrNotExist) { // gone meanwhile
				return nil
			}
			return failed("read", name, plain(err))
		}
		if err := ctx.Err(); err != nil {
			return context.Cause(ctx)
		}
		if d.IsDir() || strings.HasPrefix(name, newName) {
			return nil
		}
		info, err := d.Info()
		if errors.Is(err, fs.ErrNotExist) {
			return nil
		}
		if err != nil {
			return failed("read", name, plain(err))
		}
		return each(Object{Path: name, Size: info.Size(), Tag: fileTag(info)})
	})
}

// fileTag changes when a file does; a file of another kind has none.
func fileTag(info fs.FileInfo) string {
	if !info.Mode().IsRegular() {
		return ""
	}
	return fmt.Sprintf("%d-%d", info.Size(), info.ModTime().UnixNano())
}

func (f *folder) Get(_ context.Context, name string) (io.ReadCloser, Object, error) {
	r, err := f.root.Open(filepath.FromSlash(name))
	if err != nil {
		return nil, Object{}, plain(err)
	}
	info, err := r.Stat()
	if err == nil && info.IsDir() {
		err = syscall.EISDIR
	}
	if err != nil {
		r.Close()
		return nil, Object{}, plain(err)
	}
	return r, Object{Path: name, Size: info.Size(), Tag: fileTag(info)}, nil
}

func (f *folder) Put(ctx context.Context, o Object, body *io.SectionReader, when Condition) (string, error) {
	if _, err := body.Seek(0, io.SeekStart); err != nil {
		return "", err
	}
	return f.write(ctx, o, body, when)
}

func (f *folder) write(ctx context.Context, o Object, body io.Reader, when Condition) (tag string, err error) {
	if err := f.root.Mkdir(strings.TrimSuffix(ownFolder, "/"), 0o777); err != nil && !errors.Is(err, fs.ErrExist) {
		return "", plain(err)
	}
	if err := f.root.MkdirAll(filepath.FromSlash(path.Dir(o.Path)), 0o777); err != nil {
		return "", plain(err)
	}
	temp := newName + digestOf([]byte(o.Path))
	if when != (Condition{}) {
		temp += "-" + digestOf(fmt.Append(nil, os.Getpid(), o.SHA)) // two may try
	}
	w, err := f.root.OpenFile(temp, os.O_WRONLY|os.O_CREATE|os.O_TRUNC, 0o666)
	if err != nil {
		return "", plain(err)
	}
	defer f.root.Remove(temp)
	_, err = io.Copy(w, body)
	if e := w.Close(); err == nil {
		err = e
	}
	if err == nil {
		err = context.Cause(ctx)
	}
	if err == nil {
		err = f.place(temp, filepath.FromSlash(o.Path), when)
	}
	if err != nil {
		return "", plain(err)
	}
	// Asked again, since a disk on a network may set the time when it closes.
	info, err := f.root.Stat(filepath.FromSlash(o.Path))
	if err != nil {
		return "", plain(err)
	}
	return fileTag(info), nil
}

// place moves a whole file to where it belongs.
func (f *folder) place(temp, name string, when Condition) error {
	if when.Tag != "" {
		info, err := f.root.Stat(name)
		if err != nil || fileTag(info) != when.Tag {
			return ErrTaken
		}
		// Whoever takes it away first has won.
		old := temp + "-old"
		if f.root.Rename(name, old) != nil {
			return ErrTaken
		}
		defer f.root.Remove(old)
		when.Absent = true
	}
	if when.Absent {
		err := f.root.Link(temp, name)
		if err == nil || errors.Is(err, fs.ErrExist) {
			return taken(err)
		}
		// A disk without links.
		w, err := f.root.OpenFile(name, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o666)
		if err != nil {
			return taken(err)
		}
		w.Close()
	}
	return f.root.Rename(temp, name)
}

func taken(err error) error {
	if errors.Is(err, fs.ErrExist) {
		return ErrTaken
	}
	return err
}

func (f *folder) Copy(ctx context.Context, from string, o Object) (string, error) {
	r, was, err := f.Get(ctx, from)
	if err != nil {
		return "", err
	}
	defer r.Close()
	if from == o.Path {
		return was.Tag, nil // there are no headers to change
	}
	return f.write(ctx, o, r, Condition{})
}

// Delete removes a file, and the folders that this leaves empty.
func (f *folder) Delete(_ context.Context, name string) error {
	err := f.root.Remove(filepath.FromSlash(name))
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return plain(err)
	}
	for up := path.Dir(name); up != "."; up = path.Dir(up) {
		if f.root.Remove(filepath.FromSlash(up)) != nil {
			break
		}
	}
	return nil
}
