package store

import (
	"context"
	"time"
)

// A Clock is the time, and a way to wait. Tests have their own.
type Clock struct {
	Now  func() time.Time
	Wait func(ctx context.Context, d time.Duration) error // until d has passed, or the context ended
}

// SystemClock is the clock on the wall.
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
