package store

import (
	"context"
	"fmt"
	"runtime/debug"
	"sync"
	"sync/atomic"
)

// Each calls do for 0 to n-1 on a number of goroutines, and waits. After an
// error no further call begins and the context of the others ends; the first
// error is returned. A panic becomes one of the caller's, where it can be worded.
func Each(ctx context.Context, workers, n int, do func(ctx context.Context, i int) error) error {
	ctx, stop := context.WithCancelCause(ctx)
	defer stop(nil)
	var next atomic.Int64
	var died atomic.Pointer[string]
	var group sync.WaitGroup
	for range max(1, min(workers, n)) {
		group.Go(func() {
			defer func() {
				if v := recover(); v != nil {
					died.Store(new(fmt.Sprintf("%v\n\n%s", v, debug.Stack())))
					stop(nil)
				}
			}()
			for i := int(next.Add(1)) - 1; i < n && ctx.Err() == nil; i = int(next.Add(1)) - 1 {
				if err := do(ctx, i); err != nil {
					stop(err)
				}
			}
		})
	}
	group.Wait()
	if v := died.Load(); v != nil {
		panic(*v)
	}
	return context.Cause(ctx)
}
