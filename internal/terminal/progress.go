package terminal

import (
	"fmt"
	"io"
	"sync"
	"sync/atomic"
	"time"
)

// clearLine goes to the beginning of a terminal's line and removes what is on it.
const clearLine = "\r\x1b[K"

// A Progress is a line that is shown on a terminal once a run takes longer than a
// second. It may be used by several goroutines.
type Progress struct {
	w       io.Writer // nil to print nothing
	started time.Time

	mu   sync.Mutex
	last time.Time
}

// NewProgress returns a progress line on w. It prints nothing if w is no terminal,
// or if the user wants none.
func NewProgress(w io.Writer, quiet bool, started time.Time) *Progress {
	if quiet || !IsTerminal(w) {
		return &Progress{}
	}
	return &Progress{w: Behind(w), started: started}
}

// Show prints the progress: rendering page 3 of 400.
func (g *Progress) Show(doing string, done, total int) { g.Line("%s %d of %d", doing, done, total) }

// Line prints a progress line, if none was printed a moment ago.
func (g *Progress) Line(format string, args ...any) {
	if g.w == nil || time.Since(g.started) < time.Second {
		return
	}
	g.mu.Lock()
	defer g.mu.Unlock()
	if time.Since(g.last) >= 100*time.Millisecond {
		g.last = time.Now()
		fmt.Fprintf(g.w, clearLine+format, args...)
	}
}

// Reading returns run, a function that calls do for every i below n, with the
// number of calls that are done in the line.
func (g *Progress) Reading(run func(n int, do func(i int))) func(n int, do func(i int)) {
	return func(n int, do func(i int)) {
		var done atomic.Int64
		run(n, func(i int) {
			do(i)
			g.Show("reading text", int(done.Add(1)), n)
		})
	}
}

// Clear removes the line.
func (g *Progress) Clear() {
	g.mu.Lock()
	defer g.mu.Unlock()
	if !g.last.IsZero() {
		fmt.Fprint(g.w, clearLine)
		g.last = time.Time{}
	}
}

// waitingTime is how often Waiting prints what is being waited for.
const waitingTime = 15 * time.Second

// Waiting returns a function that prints what a run waits for, at most one line each
// waitingTime. The lines stay on w, because they are useful after the waiting, too.
func Waiting(w io.Writer, quiet bool) func(what string) {
	var mu sync.Mutex
	var last time.Time
	return func(what string) {
		mu.Lock()
		defer mu.Unlock()
		if quiet || time.Since(last) < waitingTime-time.Second {
			return
		}
		last = time.Now()
		if IsTerminal(w) {
			what = clearLine + what
		}
		fmt.Fprintln(w, what)
	}
}
