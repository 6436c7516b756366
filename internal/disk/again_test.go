package disk_test

import (
	"bytes"
	"context"
	"fmt"
	"sync/atomic"
	"testing"

	"github.com/privgen/privgen/internal/disk"
	"github.com/privgen/privgen/internal/source"
	"github.com/privgen/privgen/internal/tree"
)

// Write stops rendering if many pages have the same mistake.
func TestWriteStopsAtOneMistakeOnManyPages(t *testing.T) {
	t.Parallel()
	dir := folder(t)
	write(t, dir, before)
	was := contents(t, dir)
	var drawn atomic.Int64
	mistake := source.NewProblem(source.In("templates/mine.html"), "endless-template", "this never ends", "let it end")
	var entries []tree.Entry
	for i := range 1000 {
		entries = append(entries, tree.Entry{Path: fmt.Sprintf("p%d.html", i), Render: func(*bytes.Buffer) error {
			drawn.Add(1)
			return mistake
		}})
	}
	_, ps, err := open(t, dir, "test").Write(context.Background(), tree.New(entries), disk.Options{Workers: 2})
	if err != nil || len(ps) != 1 || ps[0] != mistake {
		t.Errorf("have %v, %v; want the mistake, once", ps, err)
	}
	if n := drawn.Load(); n > 100 {
		t.Errorf("%d pages were drawn", n)
	}
	if got := contents(t, dir); fmt.Sprint(got) != fmt.Sprint(was) {
		t.Errorf("have %q\nwas %q", got, was)
	}
}
