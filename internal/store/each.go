package store

import (
	"cmp"
	"context"

	"github.com/privgen/privgen/internal/parallel"
)

// Each calls do for 0 to n-1, as parallel.Each does. After an error, or when the
// context ends, no further call begins, and the context of the others ends; the error
// or the cause of the context is returned.
func Each(ctx context.Context, workers, n int, do func(ctx context.Context, i int) error) error {
	ctx, stop := context.WithCancelCause(ctx)
	defer stop(nil)
	err := parallel.Each(workers, n, func(_, i int) error {
		if ctx.Err() != nil {
			return context.Cause(ctx)
		}
		err := do(ctx, i)
		if err != nil {
			stop(err)
		}
		return err
	})
	return cmp.Or(context.Cause(ctx), err)
}
