package store

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"math/rand/v2"
	"net/http"
	"strconv"
	"time"
)

// This file implements retries after temporary errors, with growing pauses, or those
// that the store asks for.

// A Clock is the time, and a way to wait. Tests have their own.
type Clock struct {
	Now  func() time.Time
	Wait func(ctx context.Context, d time.Duration) error // until d has passed, or the context ended
}

// SystemClock returns the clock of the system.
func SystemClock() Clock {
	return Clock{time.Now, func(ctx context.Context, d time.Duration) error {
		t := time.NewTimer(d)
		defer t.Stop()
		select {
		case <-t.C:
			return nil
		case <-ctx.Done():
			return context.Cause(ctx)
		}
	}}
}

// tries is how often a request is sent before its error is returned.
const tries = 6

// firstPause is the shortest pause between tries. The pauses are 0.25, 0.5, 1, 2, 4 seconds and up to half of that
// more, so that many requests do not come back at once.
const firstPause = 250 * time.Millisecond

// maxPause is the longest pause that a store can ask for.
const maxPause = 2 * time.Minute

// A WithRetry is a Store that tries again after temporary errors.
type WithRetry struct {
	Store
	Clock   Clock
	Workers int // how many requests at once are good, by the config; 0 leaves it to the store

	// Before is called before each try of a request that changes the store; its error
	// is that of the try. It may be nil.
	Before func(ctx context.Context) error
}

// Retry calls do until it succeeds, returns a permanent error, or was tried often enough.
func (c Clock) Retry(ctx context.Context, do func() error) error {
	silent := 0
	for n := 0; ; n++ {
		err := do()
		var t *Temporary
		if err == nil || !errors.As(err, &t) || n+1 == tries || ctx.Err() != nil {
			return err
		}
		if errors.Is(err, errSilent) {
			if silent++; silent == silentTries {
				return err
			}
		}
		pause := firstPause << n
		pause += rand.N(pause / 2)
		if t.After > 0 {
			pause = min(maxPause, max(pause, t.After))
		}
		if pause >= time.Second {
			ReportWaiting(ctx, fmt.Sprintf("%v; trying again in %v", err, pause.Round(time.Second)))
		}
		if wait := c.Wait(ctx, pause); wait != nil {
			return err
		}
	}
}

// RetryWatched calls do, which sends a request, until it succeeds, as Retry does. It
// cancels the context of a call when nothing was sent or received for a minute. Do
// calls moved whenever something was.
func (c Clock) RetryWatched(ctx context.Context, what string, do func(ctx context.Context, moved func()) error) error {
	return c.try(ctx, what, func(w *watched) error { return do(w.ctx, w.beat) })
}

func (c Clock) try(ctx context.Context, what string, do func(w *watched) error) error {
	return c.Retry(ctx, func() error {
		w := watch(ctx, c, what)
		defer w.end()
		return w.fault(do(w))
	})
}

func (p *WithRetry) Abilities() Abilities {
	a := p.Store.Abilities()
	a.Workers = cmp.Or(p.Workers, a.Workers)
	return a
}

// List calls each again for an object when the list was cut and begun anew.
func (p *WithRetry) List(ctx context.Context, each func(Object) error) error {
	var own error
	return p.Clock.try(ctx, "list the objects", func(w *watched) error {
		err := p.Store.List(w.ctx, func(o Object) error {
			w.beat()
			own = each(o)
			return own
		})
		if own != nil {
			return own
		}
		return err
	})
}

// Get returns a body that ends with an error when the host falls silent.
func (p *WithRetry) Get(ctx context.Context, path string) (r io.ReadCloser, o Object, err error) {
	err = p.Clock.Retry(ctx, func() error {
		w := watch(ctx, p.Clock, "read "+path)
		r, o, err = p.Store.Get(w.ctx, path)
		if err != nil {
			err = w.fault(err)
			w.end()
			return err
		}
		w.beat()
		r = &watchedBody{r, w}
		return nil
	})
	return r, o, err
}

func (p *WithRetry) change(ctx context.Context, what string, do func(w *watched) error) error {
	return p.Clock.try(ctx, what, func(w *watched) error {
		if p.Before != nil {
			if err := p.Before(w.ctx); err != nil {
				return err
			}
		}
		return do(w)
	})
}

func (p *WithRetry) Put(ctx context.Context, o Object, body *io.SectionReader, when Condition) (tag string, err error) {
	err = p.change(ctx, "write "+o.Path, func(w *watched) error {
		tag, err = p.Store.Put(w.ctx, o, w.body(body), when)
		return err
	})
	return tag, err
}

func (p *WithRetry) Copy(ctx context.Context, from string, o Object) (tag string, err error) {
	err = p.change(ctx, "copy "+from, func(w *watched) error {
		tag, err = p.Store.Copy(w.ctx, from, o)
		return err
	})
	return tag, err
}

func (p *WithRetry) Delete(ctx context.Context, path string) error {
	return p.change(ctx, "remove "+path, func(w *watched) error {
		err := p.Store.Delete(w.ctx, path)
		if errors.Is(err, fs.ErrNotExist) {
			return nil
		}
		return err
	})
}

// RetryAfter reads a pause in seconds; hosts of objects send no dates.
func RetryAfter(h http.Header) time.Duration {
	n, err := strconv.Atoi(h.Get("Retry-After"))
	if err != nil || n < 0 {
		return 0
	}
	return min(maxPause, time.Duration(n)*time.Second)
}
