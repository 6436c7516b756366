// Package watch reports when files of a folder have changed and the changes
// have paused.
//
// Its two fundamental types are Watcher, which watches some files and folders
// of a site, and Batch, the changes between two quiet periods.
//
// # Batches
//
// Editors save in several steps (a new file and a rename, two writes), and a
// checkout changes a thousand files. A batch ends when nothing has changed for
// the time Quiet. For more than a save or two, it is ten or 25 times as long
// (see pendingBatch). While git changes files, the batch does not end. So one
// save is one batch, and so is one checkout. Temporary files of editors and
// systems (swap files, locks, backups: names that begin with a dot or #, or end
// in ~) are ignored.
//
// # Folders
//
// The system reports changes in a folder, not below it, so every folder is
// watched. When folders come or go, all folders are watched anew before the batch
// is sent with All set: the receiver can read whatever changed in a folder before
// it was watched, and later changes are events. Symlinks are not followed.
//
// # Polling
//
// Some network and container mounts report no events, and systems limit how
// much can be watched. Then a Watcher polls files by size, times, and inode. If
// the system refuses a request, the Watcher changes to polling and reports it.
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

// Options configure a Watcher.
type Options struct {
	Dir   string              // the folder of the site
	Roots []string            // files and folders in Dir, with everything in them; they need not exist yet
	Skip  func(p string) bool // reports whether to ignore a path, from Dir and with forward slashes; can be nil
	Poll  bool                // poll instead of using the system's events
	// Fingerprint adds to what polling compares of a file, whose size and
	// modification time can stay the same when it changes. It can be nil.
	Fingerprint func(fs.FileInfo) source.Fingerprint

	Note func(why error) // is called once with the reason if the Watcher polls although Poll is false; can be nil

	Quiet time.Duration // how long nothing must change after a save; the default is 12 ms
	Every time.Duration // how long to wait between two surveys when polling; the default is 500 ms
}

// A Batch has the changes between two quiet periods.
type Batch struct {
	Paths []string // sorted, from Dir and with forward slashes
	All   bool     // folders came or went, or events were lost: anything may have changed
}

// A Watcher watches until it is closed.
type Watcher struct {
	C <-chan Batch // the changes; while nobody receives, batches are merged

	Options
	dir    string // Dir without symlinks
	git    *gitLock
	listen func() (*eventSource, error) // tests replace it
	out    chan Batch
	stop   context.CancelFunc
	done   sync.WaitGroup
}

// Start starts to watch. Everything that changes after it returns is reported.
func Start(o Options) (*Watcher, error) {
	w, err := prepare(o)
	if err != nil {
		return nil, err
	}
	w.start()
	return w, nil
}

// prepare returns a Watcher that has not started.
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
	w.C, w.listen = w.out, w.systemEvents
	return w, nil
}

func (w *Watcher) start() {
	ctx, cancel := context.WithCancel(context.Background())
	w.stop = cancel
	if !w.Poll {
		eventSource, err := w.listen()
		if err == nil {
			w.done.Go(func() { w.receive(ctx, eventSource) })
			return
		}
		w.explain(err)
	}
	first := w.look()
	w.done.Go(func() { w.poll(ctx, first) })
}

// Close stops the Watcher, and waits until its goroutines have ended.
func (w *Watcher) Close() {
	w.stop()
	w.done.Wait()
}

// explain reports why the Watcher polls, and the fix.
func (w *Watcher) explain(err error) {
	if w.Note == nil {
		return
	}
	note := fmt.Errorf("the system does not report changes (%w); checking for them every %v instead", err, w.Every)
	switch {
	case errors.Is(err, syscall.ENOSPC):
		note = source.Fix(note,
			"the system allows no more watches; raise the limit: sudo sysctl fs.inotify.max_user_watches=524288")
	case errors.Is(err, syscall.EMFILE):
		note = source.Fix(note,
			"other programs watch too many files; close some, or: sudo sysctl fs.inotify.max_user_instances=1024")
	}
	w.Note(note)
}
