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

// This file receives changes from the system.

// An eventSource receives the system's events about the folders of a survey.
type eventSource struct {
	events <-chan fsnotify.Event
	errors <-chan error
	close  func() error
	survey *survey
}

func (w *Watcher) systemEvents() (*eventSource, error) {
	n, err := fsnotify.NewWatcher()
	if err != nil {
		return nil, err
	}
	s, err := w.survey(false, func(rel string) error {
		err := n.Add(filepath.Join(w.dir, filepath.FromSlash(rel)))
		if errors.Is(err, fs.ErrNotExist) || errors.Is(err, fs.ErrPermission) {
			return nil // it is gone again, or it cannot be read, which a load of the site reports
		}
		return err
	})
	if err != nil {
		n.Close()
		return nil, err
	}
	return &eventSource{n.Events, n.Errors, n.Close, s}, nil
}

// receive collects events into batches.
func (w *Watcher) receive(ctx context.Context, e *eventSource) {
	defer func() { e.close() }()
	b := &pendingBatch{quiet: w.Quiet, git: w.git}
	quiet := time.NewTimer(0)
	quiet.Stop()
	defer quiet.Stop()
	var out chan Batch // w.out if the batch is complete, otherwise nil
	for {
		select {
		case <-ctx.Done():
			return
		case event, ok := <-e.events:
			if !ok {
				return
			}
			// While the receiver is busy, new changes are added to the same batch.
			if w.addEvent(b, e.survey, event) {
				out = nil
				quiet.Reset(b.left(time.Now()))
			}
		case err := <-e.errors:
			if errors.Is(err, fsnotify.ErrEventOverflow) {
				b.lost(time.Now())
				out = nil
				quiet.Reset(b.left(time.Now()))
			}
		case <-quiet.C:
			if left := b.left(time.Now()); left > 0 {
				quiet.Reset(left)
				continue
			}
			if b.folders {
				again, err := w.listen()
				if err != nil {
					w.explain(err)
					w.pollFrom(ctx, b)
					return
				}
				e.close()
				e = again
			}
			out = w.out
		case out <- b.batch():
			b.sent(time.Now())
			out = nil
		}
	}
}

// addEvent adds an event, and reports whether it is relevant.
func (w *Watcher) addEvent(b *pendingBatch, s *survey, event fsnotify.Event) bool {
	rel, ok := w.relative(event.Name)
	if !ok || event.Op == fsnotify.Chmod && s.folders[rel] {
		return false
	}
	// Of Dir itself, only the Roots are watched.
	if path.Dir(rel) == "." && !slices.Contains(w.Roots, rel) && !s.folders[rel] {
		return false
	}
	folder := s.folders[rel]
	if !folder && event.Has(fsnotify.Create) {
		info, err := os.Lstat(event.Name)
		folder = err == nil && info.IsDir()
	}
	b.add(time.Now(), rel, event.Op&(fsnotify.Remove|fsnotify.Rename) != 0, folder)
	return true
}
