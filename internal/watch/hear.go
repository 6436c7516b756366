package watch

import (
	"context"
	"errors"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"slices"
	"time"

	"github.com/fsnotify/fsnotify"
)

// This file is told of changes by the system.

// ears are what hears of changes in a survey.
type ears struct {
	events <-chan fsnotify.Event
	errors <-chan error
	close  func() error
	survey *survey
}

func (w *Watcher) listenToSystem() (*ears, error) {
	n, err := fsnotify.NewWatcher()
	if err != nil {
		return nil, err
	}
	s, err := w.survey(false, func(rel string) error {
		err := n.Add(filepath.Join(w.dir, filepath.FromSlash(rel)))
		if errors.Is(err, fs.ErrNotExist) || errors.Is(err, fs.ErrPermission) {
			return nil // gone again; or the site has a problem, which is told elsewhere
		}
		return err
	})
	if err != nil {
		n.Close()
		return nil, err
	}
	return &ears{n.Events, n.Errors, n.Close, s}, nil
}

// hear gathers events into batches.
func (w *Watcher) hear(ctx context.Context, e *ears) {
	defer func() { e.close() }()
	b := &settling{quiet: w.Quiet, git: w.git}
	settled := time.NewTimer(0)
	settled.Stop()
	defer settled.Stop()
	var out chan Batch // where the batch can be given; nil while it is not settled
	for {
		select {
		case <-ctx.Done():
			return
		case event, ok := <-e.events:
			if !ok {
				return
			}
			// While whoever receives is at work still, what happens is added to
			// the batch.
			if w.gather(b, e.survey, event) {
				out = nil
				settled.Reset(b.left(time.Now()))
			}
		case err := <-e.errors:
			if errors.Is(err, fsnotify.ErrEventOverflow) {
				b.lost(time.Now())
				out = nil
				settled.Reset(b.left(time.Now()))
			}
		case <-settled.C:
			if left := b.left(time.Now()); left > 0 {
				settled.Reset(left)
				continue
			}
			if b.folders {
				again, err := w.listen()
				if err != nil {
					w.say(err)
					w.pollOn(ctx, b)
					return
				}
				e.close()
				e = again
			}
			out = w.out
		case out <- b.batch():
			b.given(time.Now())
			out = nil
		}
	}
}

// gather adds an event, and reports whether it counts.
func (w *Watcher) gather(b *settling, s *survey, event fsnotify.Event) bool {
	rel, ok := w.relative(event.Name)
	if !ok || event.Op == fsnotify.Chmod && s.folders[rel] {
		return false
	}
	// A file in Dir itself may be what a symlink leads to.
	if path.Dir(rel) == "." && !slices.Contains(w.Roots, rel) && !s.folders[rel] && len(s.links) == 0 {
		return false
	}
	folder := s.folders[rel] || s.links[rel]
	if !folder && event.Has(fsnotify.Create) {
		info, err := os.Lstat(event.Name)
		folder = err == nil && !info.Mode().IsRegular()
	}
	b.add(time.Now(), rel, event.Op&(fsnotify.Remove|fsnotify.Rename) != 0, folder)
	return true
}
