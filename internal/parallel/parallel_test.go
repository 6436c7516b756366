package parallel_test

import (
	"errors"
	"fmt"
	"strings"
	"sync/atomic"
	"testing"

	"github.com/privgen/privgen/internal/parallel"
)

func TestEach(t *testing.T) {
	t.Parallel()
	for _, workers := range []int{-1, 0, 1, 3, 100} {
		for _, n := range []int{0, 1, 50} {
			calls := make([]atomic.Int64, n)
			err := parallel.Each(workers, n, func(worker, i int) error {
				if worker < 0 || worker >= max(1, workers) {
					return fmt.Errorf("worker %d of %d", worker, workers)
				}
				calls[i].Add(1)
				return nil
			})
			if err != nil {
				t.Error(err)
			}
			for i := range calls {
				if have := calls[i].Load(); have != 1 {
					t.Errorf("%d workers call %d %d times", workers, i, have)
				}
			}
		}
	}
}

// After an error or a panic no call begins.
func TestEachEnds(t *testing.T) {
	t.Parallel()
	wrong := errors.New("wrong")
	var last int
	if err := parallel.Each(1, 100, func(_, i int) error {
		if last = i; i >= 7 {
			return fmt.Errorf("%d: %w", i, wrong)
		}
		return nil
	}); !errors.Is(err, wrong) || last != 7 {
		t.Errorf("it ends at %d with %v", last, err)
	}
	defer func() {
		if said := fmt.Sprint(recover()); !strings.HasPrefix(said, "broken\n\n") || !strings.Contains(said, "parallel_test.go") || last != 3 {
			t.Errorf("it ends at %d with the panic %s", last, said)
		}
	}()
	parallel.Each(1, 100, func(_, i int) error {
		if last = i; i == 3 {
			panic("broken")
		}
		return nil
	})
	t.Error("the panic is lost")
}
