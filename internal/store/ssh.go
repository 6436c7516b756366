package store

import (
	"cmp"
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"os/exec"
	"path"
	"strings"
	"sync"
	"time"

	"github.com/pkg/sftp"

	"github.com/privgen/privgen/internal/config"
	"github.com/privgen/privgen/internal/source"
)

// This file implements the driver for hosts that are reached by SSH. What is
// said there is SFTP (draft-ietf-secsh-filexfer-02) with OpenSSH's
// posix-rename; who speaks to the host is the user's own ssh: see ssh_dial.go.

// sshHost is a Store in a folder of a host. As in a folder of this machine, an
// object is written beside its place and renamed.
type sshHost struct {
	program string   // ssh
	args    []string // how the host's sftp is reached
	name    string   // of the host, as in the arguments of ssh, for messages
	root    string   // the folder; a relative one is below where a login begins

	mu   sync.Mutex
	last *sshDial // the connection, or the one that is being made; or nil
}

func openSSH(d *config.Deploy) (*sshHost, error) {
	a := d.SSH()
	program, err := exec.LookPath("ssh")
	if err != nil {
		return nil, source.Refuse("target", "there is no program ssh, by which the host is reached",
			"install OpenSSH's client (Debian: openssh-client; Windows: the optional feature OpenSSH Client)")
	}
	return &sshHost{program: program, args: sshArgs(a), name: a.Host, root: a.Folder}, nil
}

func (h *sshHost) Abilities() Abilities {
	// Requests of all workers share one connection, and wait for its delay only.
	return Abilities{Name: "an SSH host", Conditional: true, Workers: 32}
}

func (h *sshHost) at(name string) string { return path.Join(h.root, name) }

// sshTag changes when a file does, as far as SFTP reports it: its times are seconds.
// A file of another kind has none.
func sshTag(info fs.FileInfo) string {
	if !info.Mode().IsRegular() {
		return ""
	}
	return fmt.Sprintf("%d-%d", info.Size(), info.ModTime().Unix())
}

// List reads folder by folder, all of one depth side by side.
func (h *sshHost) List(ctx context.Context, each func(Object) error) error {
	c, err := h.connect(ctx)
	if err != nil {
		return err
	}
	defer context.AfterFunc(ctx, c.stop)()
	for level := []string{"."}; len(level) > 0; {
		if level, err = h.listLevel(ctx, c, level, each); err != nil {
			return err
		}
	}
	return nil
}

// listLevel lists folders, and returns the folders in them.
func (h *sshHost) listLevel(ctx context.Context, c *sshConn, folders []string,
	call func(Object) error) (below []string, err error) {
	var mu sync.Mutex
	err = Each(ctx, h.Abilities().Workers, len(folders), func(ctx context.Context, i int) error {
		infos, err := c.ReadDirContext(ctx, h.at(folders[i]))
		if err = h.fault(ctx, c, err); errors.Is(err, fs.ErrNotExist) { // gone meanwhile, or nothing was ever there
			return nil
		}
		if err != nil {
			return failed("read", folders[i], err)
		}
		mu.Lock()
		defer mu.Unlock()
		for _, info := range infos {
			name := path.Join(folders[i], info.Name())
			if info.IsDir() {
				below = append(below, name)
			} else if !strings.HasPrefix(name, newName) {
				if err := call(Object{Path: name, Size: info.Size(), Tag: sshTag(info),
					Link: info.Mode()&fs.ModeSymlink != 0}); err != nil {
					return err
				}
			}
		}
		return nil
	})
	return below, err
}

var errIsFolder = errors.New("it is a folder")

// Get opens a file. SFTP's requests cannot be given up one by one: when the context
// ends before they do, here as in the other methods, the connection ends.
func (h *sshHost) Get(ctx context.Context, name string) (io.ReadCloser, Object, error) {
	c, err := h.connect(ctx)
	if err != nil {
		return nil, Object{}, err
	}
	release := context.AfterFunc(ctx, c.stop)
	r, err := c.Open(h.at(name))
	if err != nil {
		release()
		return nil, Object{}, h.fault(ctx, c, err)
	}
	info, err := r.Stat()
	if err == nil && info.IsDir() {
		err = errIsFolder
	}
	if err != nil {
		r.Close()
		release()
		if err != errIsFolder {
			err = h.fault(ctx, c, err)
		}
		return nil, Object{}, err
	}
	return &sshBody{r, h, c, ctx, release}, Object{Path: name, Size: info.Size(), Tag: sshTag(info)}, nil
}

// sshBody is a file that is read, with converted errors.
type sshBody struct {
	*sftp.File
	h   *sshHost
	c   *sshConn
	ctx context.Context

	release func() bool // the context ends the connection no more
}

func (b *sshBody) Close() error {
	defer b.release()
	return b.File.Close()
}

func (b *sshBody) Read(p []byte) (int, error) {
	n, err := b.File.Read(p)
	if err != nil && err != io.EOF {
		err = b.h.fault(b.ctx, b.c, err)
	}
	return n, err
}

// WriteTo asks for many pieces of the file at once.
func (b *sshBody) WriteTo(w io.Writer) (int64, error) {
	n, err := b.File.WriteTo(w)
	return n, b.h.fault(b.ctx, b.c, err)
}

func (h *sshHost) Put(ctx context.Context, o Object, body *io.SectionReader, when Condition) (string, error) {
	c, err := h.connect(ctx)
	if err != nil {
		return "", err
	}
	defer context.AfterFunc(ctx, c.stop)()
	temp, err := h.write(ctx, c, body)
	if err != nil {
		return "", err
	}
	tag, err := h.place(ctx, c, temp, o.Path, when)
	if err != nil {
		_ = c.Remove(temp)
	}
	return tag, err
}

// write writes a file under a name that nobody else has: what a lost connection
// had sent may still be written while it is tried again.
func (h *sshHost) write(ctx context.Context, c *sshConn, body *io.SectionReader) (temp string, err error) {
	temp = h.at(newName + rand.Text())
	open := func() (*sftp.File, error) { return c.OpenFile(temp, os.O_WRONLY|os.O_CREATE|os.O_EXCL) }
	w, err := open()
	if errors.Is(err, fs.ErrNotExist) {
		if err = c.MkdirAll(path.Dir(temp)); err == nil {
			w, err = open()
		}
	}
	if err != nil {
		return "", h.full(ctx, c, body.Size(), err)
	}
	n, err := w.ReadFrom(ended{ctx, anew(body)})
	if err = cmp.Or(err, w.Close()); err == nil && n != body.Size() {
		err = io.ErrUnexpectedEOF
	}
	if err != nil {
		_ = c.Remove(temp)
		return "", h.full(ctx, c, body.Size(), err)
	}
	return temp, nil
}

// ended is a body that ends with its context.
type ended struct {
	ctx context.Context
	*io.SectionReader
}

func (e ended) Read(p []byte) (int, error) {
	if e.ctx.Err() != nil {
		return 0, context.Cause(e.ctx)
	}
	return e.SectionReader.Read(p)
}

// place moves a file that is whole to where it belongs.
func (h *sshHost) place(ctx context.Context, c *sshConn, temp, name string, when Condition) (string, error) {
	to := h.at(name)
	if when.Tag != "" {
		free, err := h.swap(ctx, c, name, when.Tag)
		if err != nil {
			return "", err
		}
		defer free()
	}
	move := c.PosixRename
	if when.Absent {
		move = c.Rename // which fails where something is
	}
	err := move(temp, to)
	if errors.Is(err, fs.ErrNotExist) { // of the folder, as a rule
		if err = c.MkdirAll(path.Dir(to)); err == nil {
			err = move(temp, to)
		}
	}
	if err != nil {
		// SFTP has one code for most errors: the existing file shows the cause.
		info, look := c.Lstat(to)
		switch {
		case look == nil && when.Absent:
			return "", ErrTaken
		case look == nil && info.IsDir():
			return "", errors.New("a folder is where the file belongs")
		}
		return "", h.full(ctx, c, 0, err)
	}
	// Asked again, since a disk on a network may set the time when it closes.
	info, err := c.Lstat(to)
	if err != nil {
		return "", h.fault(ctx, c, err)
	}
	return sshTag(info), nil
}

// swap begins to replace a file that has a tag, which one does at a time; see the
// folder's. The caller calls free.
func (h *sshHost) swap(ctx context.Context, c *sshConn, name, tag string) (free func(), err error) {
	turn := h.at(swapName(name))
	for began := time.Now(); ; time.Sleep(swapTime / 20) {
		w, err := c.OpenFile(turn, os.O_WRONLY|os.O_CREATE|os.O_EXCL)
		if err == nil {
			w.Close()
			break
		}
		if _, look := c.Lstat(turn); look != nil && !errors.Is(look, fs.ErrNotExist) || ctx.Err() != nil {
			return nil, h.fault(ctx, c, err)
		}
		if time.Since(began) > swapTime {
			if look := c.Remove(turn); look != nil {
				return nil, h.fault(ctx, c, err)
			}
			began = time.Now()
		}
	}
	free = func() { _ = c.Remove(turn) }
	if info, err := c.Lstat(h.at(name)); err != nil || sshTag(info) != tag {
		free()
		if err != nil && !errors.Is(err, fs.ErrNotExist) {
			return nil, h.fault(ctx, c, err)
		}
		return nil, ErrTaken
	}
	return free, nil
}

// Copy sends the bytes here and back, since SFTP has no copy. What is kept for
// a rollback is a second name of the file, which a deploy never writes into.
func (h *sshHost) Copy(ctx context.Context, from string, o Object) (string, error) {
	c, err := h.connect(ctx)
	if err != nil {
		return "", err
	}
	defer context.AfterFunc(ctx, c.stop)()
	if from == o.Path || strings.HasPrefix(o.Path, OwnFolder) {
		info, err := c.Lstat(h.at(from))
		if err != nil {
			return "", h.fault(ctx, c, err)
		}
		if from == o.Path {
			return sshTag(info), nil // there are no headers to change
		}
		temp := h.at(newName + rand.Text())
		if info.Mode().IsRegular() && c.Link(h.at(from), temp) == nil {
			tag, err := h.place(ctx, c, temp, o.Path, Condition{})
			_ = c.Remove(temp) // which is still there when both were names of one file
			return tag, err
		}
	}
	return copyThrough(ctx, h, from, o)
}

// Delete removes a file, and the folders that this leaves empty.
func (h *sshHost) Delete(ctx context.Context, name string) error {
	c, err := h.connect(ctx)
	if err != nil {
		return err
	}
	defer context.AfterFunc(ctx, c.stop)()
	if err = h.fault(ctx, c, c.Remove(h.at(name))); err != nil {
		return err
	}
	for up := path.Dir(name); up != "."; up = path.Dir(up) {
		if c.RemoveDirectory(h.at(up)) != nil {
			break
		}
	}
	return nil
}

// full words the error of a write: SFTP has no code for a full disk.
func (h *sshHost) full(ctx context.Context, c *sshConn, size int64, err error) error {
	if status, ok := errors.AsType[*sftp.StatusError](err); ok && status.FxCode() == sftp.ErrSSHFxFailure {
		if v, e := c.StatVFS(h.root); e == nil && v.Bavail*v.Frsize <= uint64(size) {
			return fmt.Errorf("the disk of the host %s is full: %d bytes are free", h.name, v.Bavail*v.Frsize)
		}
	}
	return h.fault(ctx, c, err)
}
