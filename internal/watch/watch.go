// Package watch tells when the files of a folder have changed and settled.
//
// Its two fundamental types are Watcher, which looks at some files and folders
// of a site, and Batch, what changed in them between two moments of quiet.
//
// # Settling
//
// Editors save in several steps (a new file and a rename, two writes), and a
// checkout changes a thousand files. A batch ends when nothing has happened for
// Quiet, which is short when it is a save or two, and ten or 25 times as long
// when it looks like more (see settling); while git is changing files it does
// not end. So one save is one batch, and so is one checkout. What editors and
// systems leave lying about (swap files, locks, backups: names that begin with a
// dot or #, or end in ~) is not seen at all.
//
// # Folders
//
// The system tells of changes in a folder, not below it, so every folder is
// watched. When folders or symlinks come or go, all is watched anew, and only
// then the batch is given, with All set: whatever was done in a folder before
// it was watched is there to be read by then, and whatever is done later is an
// event. Folders that symlinks lead to are watched where they are.
//
// # Polling
//
// Where the system does not tell (some network and container mounts) or may not
// be asked any more (a limit on how much is watched), files are looked at again
// and again, by size, times and inode. A Watcher goes over to that by itself when it is
// refused, and says so.
package watch

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"path/filepath"
	"sync"
	"syscall"
	"time"

	"github.com/privgen/privgen/internal/source"
)

// Options say what to watch, and how.
type Options struct {
	Dir   string              // the folder of the site
	Roots []string            // files and folders in Dir, with all that is in them; they may not exist yet
	Skip  func(p string) bool // paths, from Dir and with forward slashes, that are not looked into; may be nil
	Poll  bool                // look again and again, do not wait to be told
	// Fingerprint makes what polling compares of a file beside its size and time of
	// modification, which may stay when it changes; may be nil.
	Fingerprint func(fs.FileInfo) source.Fingerprint

	Note func(text string) // is told, once, why it polls though nobody asked; may be nil

	Quiet time.Duration // how long nothing happens after a save when it is a batch; 12 ms without it
	Every time.Duration // how long between two looks when polling; 500 ms without it
}

// A Batch is what changed between two moments of quiet.
type Batch struct {
	Paths []string // sorted, from Dir and with forward slashes
	All   bool     // folders came or went, or events were lost: anything may have changed
}

// A Watcher watches until it is closed.
type Watcher struct {
	C <-chan Batch // what changed; while nobody receives, batches become one

	Options
	dir    string // Dir without symlinks
	git    *gitLock
	listen func() (*ears, error) // the system's, but for tests
	out    chan Batch
	stop   context.CancelFunc
	done   sync.WaitGroup
}

// Start begins to watch. What changes after it returned is told.
func Start(o Options) (*Watcher, error) {
	w, err := prepare(o)
	if err != nil {
		return nil, err
	}
	w.start()
	return w, nil
}

// prepare makes a Watcher that does not watch yet.
func prepare(o Options) (*Watcher, error) {
	if o.Quiet == 0 {
		o.Quiet = 12 * time.Millisecond
	}
	if o.Every == 0 {
		o.Every = 500 * time.Millisecond
	}
	if o.Skip == nil {
		o.Skip = func(string) bool { return false }
	}
	dir, err := filepath.Abs(o.Dir)
	if err == nil {
		dir, err = filepath.EvalSymlinks(dir)
	}
	if err != nil {
		return nil, fmt.Errorf("watch %s: %w", o.Dir, err)
	}
	w := &Watcher{Options: o, dir: dir, git: findGit(dir), out: make(chan Batch)}
	w.C, w.listen = w.out, w.listenToSystem
	return w, nil
}

func (w *Watcher) start() {
	ctx, cancel := context.WithCancel(context.Background())
	w.stop = cancel
	if !w.Poll {
		ears, err := w.listen()
		if err == nil {
			w.done.Go(func() { w.hear(ctx, ears) })
			return
		}
		w.say(err)
	}
	first := w.look()
	w.done.Go(func() { w.poll(ctx, first) })
}

// Close ends it, and waits until nothing of it runs.
func (w *Watcher) Close() {
	w.stop()
	w.done.Wait()
}

// say tells why it polls, and the way out.
func (w *Watcher) say(err error) {
	if w.Note == nil {
		return
	}
	do := ""
	switch {
	case errors.Is(err, syscall.ENOSPC):
		do = "\n\tthe system allows no more watches; raise the limit: sudo sysctl fs.inotify.max_user_watches=524288"
	case errors.Is(err, syscall.EMFILE):
		do = "\n\tother programs watch too many files; close some, or: sudo sysctl fs.inotify.max_user_instances=1024"
	}
	w.Note(fmt.Sprintf("the system does not tell of changes (%v); looking for them every %v instead%s", err, w.Every, do))
}
