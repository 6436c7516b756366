package watch

import (
	"context"
	"time"
)

// This file finds changes by polling.

// look returns the current files, with sizes and times.
func (w *Watcher) look() *survey {
	s, err := w.survey(true, func(string) error { return nil })
	if err != nil {
		panic("privgen: internal error: a look cannot fail: " + err.Error())
	}
	return s
}

// poll compares the files with those of its last survey. It sends a batch if two
// surveys, patience quiet periods apart, are equal, or after the longest time.
func (w *Watcher) poll(ctx context.Context, seen *survey) {
	b := &pendingBatch{quiet: w.Quiet, git: w.git}
	next := time.NewTimer(w.Every)
	defer next.Stop()
	for {
		select {
		case <-ctx.Done():
			return
		case <-next.C:
		}
		began := time.Now()
		now := w.look()
		changed := b.compare(began, seen, now)
		seen = now
		// On a slow mount, surveys of a large site take at most a tenth of the time.
		pause := max(w.Every, 10*time.Since(began))
		switch {
		case len(b.paths) == 0:
			next.Reset(pause)
		case began.Sub(b.first) < longest && (changed || b.git.busy(began.Sub(b.last) < longestForGit)):
			next.Reset(patience * w.Quiet)
		default:
			select {
			case w.out <- b.batch():
				b.sent(time.Now())
			case <-ctx.Done():
				return
			}
			next.Reset(pause)
		}
	}
}

// pollFrom continues a batch by polling, after events have failed.
func (w *Watcher) pollFrom(ctx context.Context, b *pendingBatch) {
	first := w.look()
	select {
	case w.out <- Batch{b.batch().Paths, true}:
		w.poll(ctx, first)
	case <-ctx.Done():
	}
}

// compare adds the differences between two surveys, and reports whether there
// are any.
func (b *pendingBatch) compare(at time.Time, was, now *survey) bool {
	files, folders := differing(was.files, now.files), differing(was.folders, now.folders)
	for _, name := range append(files, folders...) {
		b.add(at, name, false, len(folders) > 0)
	}
	return len(files)+len(folders) > 0
}

// differing returns the names whose values differ, or that only one of the maps has.
func differing[V comparable](was, now map[string]V) (names []string) {
	for name, v := range now {
		if old, ok := was[name]; !ok || old != v {
			names = append(names, name)
		}
	}
	for name := range was {
		if _, ok := now[name]; !ok {
			names = append(names, name)
		}
	}
	return names
}
