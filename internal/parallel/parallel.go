// Package parallel calls a function for many numbers on several goroutines. Its one
// function is Each.
package parallel

import (
	"fmt"
	"runtime/debug"
	"sync"
	"sync/atomic"
)

// Each calls do for 0 to n-1, in order, on a number of goroutines, and waits. Worker
// is the number of the goroutine that calls. After an error no further call begins;
// the first error is returned. A panic in do becomes a panic of the caller, where main
// can report it.
func Each(workers, n int, do func(worker, i int) error) error {
	var next atomic.Int64
	var first atomic.Pointer[error]
	var died atomic.Pointer[string]
	work := func(worker int) {
		defer func() {
			if v := recover(); v != nil {
				died.Store(new(fmt.Sprintf("%v\n\n%s", v, debug.Stack())))
				next.Store(int64(n))
			}
		}()
		for i := int(next.Add(1)) - 1; i < n; i = int(next.Add(1)) - 1 {
			if err := do(worker, i); err != nil {
				first.CompareAndSwap(nil, &err)
				next.Store(int64(n))
			}
		}
	}
	var group sync.WaitGroup
	for w := range max(1, min(workers, n)) {
		group.Go(func() { work(w) })
	}
	group.Wait()
	if v := died.Load(); v != nil {
		panic(*v)
	}
	if err := first.Load(); err != nil {
		return *err
	}
	return nil
}
