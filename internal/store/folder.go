package store

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"runtime"
	"strings"
	"sync"
	"syscall"
	"time"

	"github.com/privgen/privgen/internal/source"
)

// A folder is a Store on a disk of this machine, or one that is mounted. It
// has bytes only: the web server decides about headers.
// An object is written beside its place and renamed, so readers see the old
// one or the new one, whole. Each file is synced before it is renamed. What is
// written below .privgen/ depends on the files that were written before, so their
// folders are synced first: after a loss of power a manifest names no file that does
// not exist.
type folder struct {
	root *os.Root

	mu    sync.Mutex
	dirty map[string]bool // folders in which something was put in place since they were synced
	plain map[string]bool // folders that were seen to be no links
}

// openFolder opens a folder, and creates it if necessary. Its parent must exist: a disk
// that is not mounted is not a new site.
func openFolder(dir string) (*folder, error) {
	err := os.Mkdir(dir, 0o777)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, source.Refuse("target", fmt.Sprintf("there is no folder %s, so %s cannot be made in it",
			filepath.Dir(dir), filepath.Base(dir)),
			"mount the disk that should be there, make the folder, or correct the target's path")
	}
	if err != nil && !errors.Is(err, fs.ErrExist) {
		return nil, fmt.Errorf("make the folder %s: %w", dir, advised(err))
	}
	if info, err := os.Stat(dir); err == nil && !info.IsDir() {
		return nil, source.Refuse("target", fmt.Sprintf("%s is a file, and not a folder", dir),
			"correct the target's path, or move the file away")
	}
	if err := checkOwn(dir); err != nil {
		return nil, err
	}
	root, err := os.OpenRoot(dir)
	if err != nil {
		return nil, fmt.Errorf("open the folder %s: %w", dir, plain(err))
	}
	return &folder{root: root, dirty: map[string]bool{}, plain: map[string]bool{}}, nil
}

// checkOwn refuses a folder in which .privgen/ is not a folder of ours.
func checkOwn(dir string) error {
	own := filepath.Join(dir, strings.TrimSuffix(OwnFolder, "/"))
	info, err := os.Lstat(own)
	if err != nil {
		return nil
	}
	var below []fs.FileInfo
	if info.IsDir() {
		entries, _ := os.ReadDir(own) // what cannot be read is refused later, by who needs it
		for _, e := range entries {
			if info, err := e.Info(); err == nil {
				below = append(below, info)
			}
		}
	}
	return ownIsOurs(dir, info, below)
}

// ownIsOurs refuses a target whose .privgen/ is the file of a build, or a symbolic
// link, or has one in it.
func ownIsOurs(target string, own fs.FileInfo, below []fs.FileInfo) error {
	link := func(name string) error {
		return source.Refuse("symlink", fmt.Sprintf("%s in the folder %s is a symbolic link", name, target),
			"privgen writes through no link: remove it, or deploy to the folder that it leads to")
	}
	switch {
	case own.Mode()&fs.ModeSymlink != 0:
		return link(own.Name())
	case !own.IsDir():
		return source.Refuse("target", fmt.Sprintf("privgen build writes to the folder %s", target),
			"deploy to another folder, or take the file .privgen out of this one if nothing is built into it any "+
				"more")
	}
	for _, info := range below {
		if info.Mode()&fs.ModeSymlink != 0 {
			return link(OwnFolder + info.Name())
		}
	}
	return nil
}

// plain removes the names that package os adds to an error.
func plain(err error) error {
	if e, ok := errors.AsType[*fs.PathError](err); ok {
		return e.Err
	}
	if e, ok := errors.AsType[*os.LinkError](err); ok {
		return e.Err
	}
	return err
}

func (f *folder) Abilities() Abilities {
	info, err := f.root.Stat(OwnFolder + "lock") // who plans a deploy has just written it
	private := err == nil && runtime.GOOS != "windows" && info.Mode()&0o044 == 0
	return Abilities{Name: "a folder", Conditional: true, Workers: 4, Private: private}
}

// newName is how a file is called until it is whole.
const newName = OwnFolder + "new-"

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
		return each(Object{Path: name, Size: info.Size(), Tag: fileTag(info), Link: info.Mode()&fs.ModeSymlink != 0})
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

// advised words the commonest errors of a disk with what to do about them. Such an
// error does not wrap that of the disk: nobody adds the advice for the site's own disk.
func advised(err error) error {
	err = plain(err)
	switch {
	case errors.Is(err, fs.ErrPermission), errors.Is(err, syscall.EROFS):
		return source.Fix(errors.New(err.Error()),
			"who deploys needs the right to write to the target's folder and to all in it")
	case errors.Is(err, syscall.ENOSPC), errors.Is(err, syscall.EDQUOT):
		return source.Fix(errors.New(err.Error()),
			"free space on the target's disk and deploy again: it continues where it stopped")
	}
	return err
}

func (f *folder) write(ctx context.Context, o Object, body io.Reader, when Condition) (tag string, err error) {
	if err := f.root.Mkdir(strings.TrimSuffix(OwnFolder, "/"), 0o777); err != nil && !errors.Is(err, fs.ErrExist) {
		return "", advised(err)
	}
	if err := f.makeFolder(path.Dir(o.Path)); err != nil {
		return "", err
	}
	if strings.HasPrefix(o.Path, OwnFolder) {
		if err := f.settle(); err != nil {
			return "", err
		}
	}
	temp := newName + Digest([]byte(o.Path))
	if when != (Condition{}) {
		temp += "-" + Digest(fmt.Append(nil, os.Getpid(), o.SHA)) // two may try
	}
	w, err := f.root.OpenFile(temp, os.O_WRONLY|os.O_CREATE|os.O_TRUNC, 0o666)
	if err != nil {
		return "", advised(err)
	}
	defer f.root.Remove(temp)
	n, err := io.Copy(w, body)
	if err == nil {
		err = w.Sync()
	}
	if err = cmp.Or(err, w.Close(), context.Cause(ctx)); err == nil {
		err = f.place(temp, filepath.FromSlash(o.Path), when)
	}
	if err != nil {
		return "", advised(err)
	}
	f.mu.Lock()
	f.dirty[path.Dir(o.Path)] = true
	f.mu.Unlock()
	if strings.HasPrefix(o.Path, OwnFolder) {
		if err := f.settle(); err != nil {
			return "", err
		}
	}
	// Asked again, since a disk on a network may set the time when it closes.
	info, err := f.root.Stat(filepath.FromSlash(o.Path))
	if err != nil {
		return "", advised(err)
	}
	if info.Size() != n {
		return "", fmt.Errorf("%d bytes were written, and the file has %d", n, info.Size())
	}
	return fileTag(info), nil
}

// makeFolder creates a folder and its parents. It refuses a symbolic link.
func (f *folder) makeFolder(dir string) error {
	f.mu.Lock()
	defer f.mu.Unlock()
	if dir == "." || f.plain[dir] {
		return nil
	}
	at := ""
	for name := range strings.SplitSeq(dir, "/") {
		above := at
		at = path.Join(at, name)
		if f.plain[at] {
			continue
		}
		info, err := f.root.Lstat(filepath.FromSlash(at))
		if errors.Is(err, fs.ErrNotExist) {
			if err = f.root.Mkdir(filepath.FromSlash(at), 0o777); err == nil {
				f.dirty[cmp.Or(above, ".")] = true
			}
		} else if err == nil && !info.IsDir() {
			err = fmt.Errorf("%s is not a folder", at)
			if info.Mode()&fs.ModeSymlink != 0 {
				err = fmt.Errorf("%s is a symbolic link, and privgen writes through none", at)
			}
		}
		if err != nil && !errors.Is(err, fs.ErrExist) {
			return advised(err)
		}
		f.plain[at] = true
	}
	return nil
}

// settle syncs the folders in which something was put in place.
func (f *folder) settle() error {
	f.mu.Lock()
	defer f.mu.Unlock()
	for dir := range f.dirty {
		d, err := f.root.Open(filepath.FromSlash(dir))
		if err == nil {
			err = d.Sync()
			d.Close()
			// Some systems and disks cannot sync a folder.
			if runtime.GOOS == "windows" || errors.Is(err, errors.ErrUnsupported) || errors.Is(err, syscall.EINVAL) {
				err = nil
			}
		}
		if err != nil && !errors.Is(err, fs.ErrNotExist) { // otherwise it was removed since
			return failed("sync", dir, plain(err))
		}
		delete(f.dirty, dir)
	}
	return nil
}

// place moves a whole file to where it belongs.
func (f *folder) place(temp, name string, when Condition) error {
	if when.Tag != "" {
		return f.swap(temp, name, when.Tag)
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

// swapTime is how long the file is waited for by which one at a time replaces
// another on a condition. That takes no time, so one that is there for longer was
// left behind.
const swapTime = 2 * time.Second

// swapName is the name of that file.
func swapName(name string) string { return newName + Digest([]byte(name)) + "-swap" }

// swap moves a whole file into the place of one with a tag.
func (f *folder) swap(temp, name, tag string) error {
	turn := swapName(filepath.ToSlash(name))
	for began := time.Now(); ; time.Sleep(swapTime / 100) {
		w, err := f.root.OpenFile(turn, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o666)
		if err == nil {
			w.Close()
			break
		}
		if !errors.Is(err, fs.ErrExist) {
			return err
		}
		if time.Since(began) > swapTime {
			_ = f.root.Remove(turn)
			began = time.Now()
		}
	}
	defer f.root.Remove(turn)
	if info, err := f.root.Stat(name); err != nil || fileTag(info) != tag {
		return ErrTaken
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
		return advised(err)
	}
	f.mu.Lock()
	defer f.mu.Unlock()
	f.dirty[path.Dir(name)] = true
	for up := path.Dir(name); up != "."; up = path.Dir(up) {
		if f.root.Remove(filepath.FromSlash(up)) != nil {
			break
		}
		delete(f.plain, up)
		f.dirty[path.Dir(up)] = true
	}
	return nil
}
