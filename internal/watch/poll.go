package watch

import (
	"context"
	"maps"
	"time"
)

// This file looks for changes again and again.

// look finds all there is, with sizes and times.
func (w *Watcher) look() *survey {
	s, err := w.survey(true, func(string) error { return nil })
	if err != nil {
		panic("privgen: internal error: a look cannot fail: " + err.Error())
	}
	return s
}

// poll compares what there is with what there was. A batch is given when two
// looks, a moment of quiet apart, see the same.
func (w *Watcher) poll(ctx context.Context, seen *survey) {
	b := &settling{quiet: w.Quiet, git: w.git}
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
		// A look at a large site on a slow mount must not be all there is to do.
		pause := max(w.Every, 10*time.Since(began))
		switch {
		case len(b.paths) == 0:
			next.Reset(pause)
		case began.Sub(b.first) < longest && (changed || b.git.busy(began.Sub(b.last) < longestForGit)):
			next.Reset(patience * w.Quiet)
		default:
			select {
			case w.out <- b.batch():
				b.given(time.Now())
			case <-ctx.Done():
				return
			}
			next.Reset(pause)
		}
	}
}

// pollOn polls from where hearing ended: the batch begins with what was heard.
func (w *Watcher) pollOn(ctx context.Context, b *settling) {
	first := w.look()
	select {
	case w.out <- Batch{b.batch().Paths, true}:
		w.poll(ctx, first)
	case <-ctx.Done():
	}
}

// compare adds what differs between two looks, and reports whether anything
// does.
func (b *settling) compare(at time.Time, was, now *survey) bool {
	differs := false
	note := func(rel string) {
		b.add(at, rel, false, false)
		differs = true
	}
	for name, st := range now.files {
		if old, ok := was.files[name]; !ok || old != st {
			note(name)
		}
	}
	for name := range was.files {
		if _, ok := now.files[name]; !ok {
			note(name)
		}
	}
	for _, pair := range [][2]map[string]bool{{was.folders, now.folders}, {was.links, now.links}} {
		if maps.Equal(pair[0], pair[1]) {
			continue
		}
		b.folders = true
		for name := range pair[1] {
			if !pair[0][name] {
				note(name)
			}
		}
		for name := range pair[0] {
			if !pair[1][name] {
				note(name)
			}
		}
	}
	return differs
}
