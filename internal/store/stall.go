package store

import (
	"context"
	"errors"
	"fmt"
	"io"
	"sync/atomic"
	"time"
)

// This file watches requests. A request on which nothing moves is given up,
// however large its body is and however long it takes while something moves. Until
// then, the function of WithWaiting is called with what is being waited for.

// tickTime is how often a request is looked at, and silentTicks how often nothing
// may have moved: after 45 to 60 seconds of silence a request is given up.
const (
	tickTime    = 15 * time.Second
	silentTicks = 3
)

// silentTries is how often a request to a silent host is made. With the pause
// between the tries, a silent host ends a deploy within 125 seconds.
const silentTries = 2

// errSilent is the error of a host that is silent.
var errSilent = errors.New("the host does not answer in time")

type waitingKey struct{}

// WithWaiting returns a context whose requests call report with what is being waited
// for, when they have to wait long. It may be called by several goroutines.
func WithWaiting(ctx context.Context, report func(what string)) context.Context {
	return context.WithValue(ctx, waitingKey{}, report)
}

// ReportWaiting calls the function of WithWaiting, if the context has one.
func ReportWaiting(ctx context.Context, what string) {
	if report, ok := ctx.Value(waitingKey{}).(func(string)); ok {
		report(what)
	}
}

// A watched is a request that is watched.
type watched struct {
	ctx   context.Context
	stop  context.CancelCauseFunc
	moved atomic.Int64
}

// watch begins to watch a request, which has to end with the context. What names it
// for people. The caller calls end.
func watch(ctx context.Context, c Clock, what string) *watched {
	w := &watched{}
	w.ctx, w.stop = context.WithCancelCause(ctx)
	go func() {
		seen, silent := int64(0), 0
		for c.Wait(w.ctx, tickTime) == nil {
			if n := w.moved.Load(); n != seen {
				seen, silent = n, 0
				continue
			}
			if silent++; silent > silentTicks {
				w.stop(&Temporary{Err: errSilent})
				return
			}
			ReportWaiting(ctx, fmt.Sprintf("waiting for an answer to: %s; nothing for %v", what,
				time.Duration(silent)*tickTime))
		}
	}()
	return w
}

func (w *watched) end() { w.stop(nil) }

// beat records progress.
func (w *watched) beat() { w.moved.Add(1) }

// fault returns the error of the request: that of silence when that ended it.
func (w *watched) fault(err error) error {
	if err != nil && errors.Is(context.Cause(w.ctx), errSilent) {
		return context.Cause(w.ctx)
	}
	return err
}

// body is what is sent, watched.
func (w *watched) body(b *io.SectionReader) *io.SectionReader {
	return io.NewSectionReader(&watchedBytes{b, w}, 0, b.Size())
}

type watchedBytes struct {
	io.ReaderAt
	w *watched
}

func (b *watchedBytes) ReadAt(p []byte, off int64) (int, error) {
	b.w.beat()
	return b.ReaderAt.ReadAt(p, off)
}

// watchedBody is what is received, watched until it is closed.
type watchedBody struct {
	io.ReadCloser
	w *watched
}

func (b *watchedBody) Read(p []byte) (int, error) {
	n, err := b.ReadCloser.Read(p)
	if n > 0 {
		b.w.beat()
	}
	if err != nil && err != io.EOF {
		err = b.w.fault(err)
	}
	return n, err
}

// WriteTo leaves it to the driver in how many pieces it asks for the body.
func (b *watchedBody) WriteTo(to io.Writer) (int64, error) {
	n, err := io.Copy(&watchedWriter{to, b.w}, b.ReadCloser)
	return n, b.w.fault(err)
}

func (b *watchedBody) Close() error {
	err := b.ReadCloser.Close()
	b.w.end()
	return err
}

type watchedWriter struct {
	io.Writer
	w *watched
}

func (t *watchedWriter) Write(p []byte) (int, error) {
	t.w.beat()
	return t.Writer.Write(p)
}
