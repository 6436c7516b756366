//go:build !race

package pages_test

import (
	"bytes"
	"runtime"
	"testing"

	"github.com/privgen/privgen/internal/pages"
)

// A build of the fixture allocates within bounds, which are narrow enough to find work
// that is done twice. If the fixture or its pages change much, measure again; -v prints
// the numbers. The race detector allocates, too, and makes every pool forget part of
// what it has, so the file has a build tag.
func TestAllocations(t *testing.T) {
	files := mapFS(fixture())
	var page bytes.Buffer
	build := func() {
		for _, e := range pages.Plan(load(t, input(files)), now) {
			page.Reset()
			if err := e.Render(&page); err != nil {
				t.Fatal(err)
			}
		}
	}
	build() // what is made once for the process is not counted
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	build()
	runtime.ReadMemStats(&after)
	for _, c := range []struct {
		what              string
		have, least, most uint64
	}{
		// Measured with Go 1.26: 89,000 and 7.9 MB.
		{"allocations", after.Mallocs - before.Mallocs, 75_000, 95_000},
		{"bytes", after.TotalAlloc - before.TotalAlloc, 6_000_000, 9_000_000},
	} {
		t.Log(c.have, c.what)
		if c.have < c.least {
			t.Errorf("a build takes %d %s, under %d: lower the bounds", c.have, c.what, c.least)
		}
		if c.have > c.most {
			t.Errorf("a build takes %d %s, over %d", c.have, c.what, c.most)
		}
	}
}
