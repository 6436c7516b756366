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
	next := make(chan int)
	var group sync.WaitGroup
	var died atomic.Value
	one := func(i int) {
		defer func() {
			if v := recover(); v != nil {
				died.CompareAndSwap(nil, fmt.Sprintf("%v\n\n%s", v, debug.Stack()))
				stop(nil)
			}
		}()
		if ctx.Err() != nil {
			return
		}
		if err := do(ctx, i); err != nil {
			stop(err)
		}
	}
	for range max(1, min(workers, n)) {
		group.Go(func() {
			for i := range next {
				one(i)
			}
		})
	}
	for i := range n {
		if ctx.Err() != nil {
			break
		}
		next <- i
	}
	close(next)
	group.Wait()
	if v := died.Load(); v != nil {
		panic(v)
	}
	return context.Cause(ctx)
}
