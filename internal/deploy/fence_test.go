package deploy_test

import (
	"compress/gzip"
	"context"
	"errors"
	"fmt"
	"io"
	"maps"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/privgen/privgen/internal/deploy"
	"github.com/privgen/privgen/internal/store"
	"github.com/privgen/privgen/internal/tree"
)

// This file has two deploys of different sites at once, on one store. Every story
// stops the first one at one of its requests; the second comes, with a clock of its
// own, and finds a lock that nobody renews. What is there in the end is one site.

// A seat is how one of the two reaches the store.
type seat struct {
	store.Store
	mu    sync.Mutex
	calls int
	at    int // the request before which it stops; 0 is never
	stop  func(call string) (aborted bool)
	began bool // it has read the manifest
}

func (s *seat) do(ctx context.Context, call string, act func() error) error {
	if err := ctx.Err(); err != nil {
		return context.Cause(ctx)
	}
	s.mu.Lock()
	s.calls++
	stops := s.calls == s.at
	s.mu.Unlock()
	if stops && s.stop(call) {
		return cut("the request was given up")
	}
	return act()
}

func (s *seat) List(ctx context.Context, each func(store.Object) error) error {
	return s.do(ctx, "list", func() error { return s.Store.List(ctx, each) })
}

func (s *seat) Get(ctx context.Context, path string) (r io.ReadCloser, o store.Object, err error) {
	err = s.do(ctx, "get "+path, func() error { r, o, err = s.Store.Get(ctx, path); return err })
	s.began = s.began || path == ".privgen/manifest.gz"
	return r, o, err
}

func (s *seat) Put(ctx context.Context, o store.Object, body *io.SectionReader, when store.Condition) (tag string, err error) {
	err = s.do(ctx, "put "+o.Path, func() error { tag, err = s.Store.Put(ctx, o, body, when); return err })
	return tag, err
}

func (s *seat) Copy(ctx context.Context, from string, o store.Object) (tag string, err error) {
	err = s.do(ctx, "copy "+o.Path, func() error { tag, err = s.Store.Copy(ctx, from, o); return err })
	return tag, err
}

func (s *seat) Delete(ctx context.Context, path string) error {
	return s.do(ctx, "delete "+path, func() error { return s.Store.Delete(ctx, path) })
}

// A shared time is what passes for both; each has a clock that shows another hour.
type sharedTime struct {
	mu  sync.Mutex
	now time.Time
}

func (s *sharedTime) clock(ahead time.Duration) store.Clock {
	return store.Clock{Now: func() time.Time {
		s.mu.Lock()
		defer s.mu.Unlock()
		return s.now.Add(ahead)
	}, Wait: func(ctx context.Context, d time.Duration) error {
		if d >= 10*time.Second { // renewals and watches: the machine may be frozen
			<-ctx.Done()
			return ctx.Err()
		}
		s.mu.Lock()
		defer s.mu.Unlock()
		s.now = s.now.Add(d)
		return ctx.Err()
	}}
}

// pushAt is a deploy by a seat.
func pushAt(t *testing.T, s store.Store, c store.Clock, broken bool, site small) error {
	t.Helper()
	lock, ctx, err := deploy.TakeLock(context.Background(), s, c, broken)
	if err != nil {
		return err
	}
	v, w, p, err := run{Options: deploy.Options{MaxRemovals: 50}}.compare(t, s, site)
	if err == nil {
		defer w.Close()
		for _, no := range p.Refusals {
			t.Fatal(no)
		}
		err = deploy.Push(ctx, s, v, w, p, deploy.Pushing{Now: "2026-06-01T09:00:00Z", Keep: 3, Lock: lock})
	}
	if e := lock.Free(context.Background()); err == nil {
		err = e
	}
	return err
}

// oneSite holds a store to a site: its manifest names what is there.
func oneSite(m *memory, site small) error {
	v, err := deploy.Look(context.Background(), m, true)
	if err != nil {
		return err
	}
	if v.Last == nil {
		return errors.New("there is no manifest")
	}
	have, want := m.bodies(), site.bodies()
	for _, i := range v.Last.Items {
		if _, ok := want[i.Path]; !ok {
			want[i.Path] = have[i.Path] // it stays for a promise, or for readers' caches
		}
	}
	for _, path := range slices.Sorted(maps.Keys(want)) {
		if have[path] != want[path] {
			return fmt.Errorf("%s is %q, and should be %q", path, have[path], want[path])
		}
	}
	for _, path := range slices.Sorted(maps.Keys(have)) {
		if _, ok := want[path]; !ok {
			return fmt.Errorf("%s is there, and the site does not have it", path)
		}
	}
	return whole(have)
}

// kinds are the kinds of stores, by what they can do.
var kinds = map[string]func(*memory){
	"a bucket":                       func(*memory) {},
	"a bucket of generations":        func(m *memory) { m.can.MD5Tags = false },
	"a bucket without conditions":    func(m *memory) { m.can.Conditional = false },
	"a bucket that refuses them":     func(m *memory) { m.refuses = true },
	"a bucket that does not look":    func(m *memory) { m.ignores = true },
	"a folder":                       func(m *memory) { m.can.Headers, m.can.MD5Tags = false, false },
	"a folder, no conditional write": func(m *memory) { m.can.Headers, m.can.MD5Tags, m.can.Conditional = false, false, false },
}

// The first deploy stands still at each of its requests in turn, for so long that
// the second takes its lock. The request was given up, as a client does in time, and
// is tried again; or the machine was frozen, and the request goes out as if nothing
// had been. Either way the first finds out and stops.
//
// Given up, the site is the second's, on every store. Frozen, a store with
// conditions has nothing of the first where the second wrote; whatever else the first
// wrote over, the next deploy mends.
func TestTwoDeploys(t *testing.T) {
	t.Parallel()
	for kind, able := range kinds {
		deployed := newMemory()
		able(deployed)
		deployed.can.Workers = 1
		run{}.must(t, deployed, first())
		for _, frozen := range []bool{false, true} {
			for n := 1; ; n++ {
				m := deployed.clone()
				ahead := []time.Duration{6 * time.Minute, -6 * time.Minute}[n/2%2]
				story := fmt.Sprintf("%s, the clocks apart by %v, frozen %v, at request %d", kind, ahead, frozen, n)
				if !twoDeploys(t, m, &story, n, ahead, frozen) {
					break
				}
				if t.Failed() {
					t.Fatal(story)
				}
			}
		}
	}
}

// twoDeploys tells one story, and reports whether the first deploy stood still.
func twoDeploys(t *testing.T, m *memory, story *string, n int, ahead time.Duration, frozen bool) bool {
	shared := &sharedTime{now: time.Date(2026, 6, 1, 9, 0, 0, 0, time.UTC)}
	mine, late := second().with(small{"index.html": {"[privacy/index.html] of the first", tree.Home, ""}}), third()
	came, began := false, false
	a := &seat{Store: m, at: n}
	a.stop = func(call string) bool {
		came, began = true, a.began
		*story += ", " + call
		if err := pushAt(t, m, shared.clock(ahead), n%2 == 0, late); err != nil {
			t.Errorf("the second deploy: %v", err)
		}
		change := strings.HasPrefix(call, "put") || strings.HasPrefix(call, "copy") || strings.HasPrefix(call, "delete")
		return change && !frozen
	}
	err := pushAt(t, &store.WithRetry{Store: a, Clock: shared.clock(0)}, shared.clock(0), false, mine)
	if !came {
		return false
	}
	winner := late
	switch {
	case err == nil && !began:
		winner = mine
	case err == nil && oneSite(m, late) == nil: // it had done everything
	case err == nil:
		t.Error("the first deploy did not stop")
	case !strings.HasPrefix(err.Error(), "another deploy ") && err.Error() != deploy.TooSlow:
		t.Errorf("the first deploy says only: %v", err)
	}
	if e := oneSite(m, winner); e != nil && !frozen {
		t.Errorf("the site is a mix: %v (the first deploy said: %v)", e, err)
	}
	if have, was := m.bodies(), first().bodies(); frozen && m.conditions() {
		for path, text := range winner.bodies() {
			if was[path] != text && have[path] != text {
				t.Errorf("%s is %q: it was written over (the first deploy said: %v)", path, have[path], err)
			}
		}
	}
	if err := pushAt(t, m, shared.clock(0), false, winner); err != nil {
		t.Errorf("the next deploy: %v", err)
	}
	if frozen { // a page that nothing leads to stays
		for path := range mine {
			if _, ok := winner[path]; !ok {
				delete(m.objects, path)
			}
		}
	}
	if e := oneSite(m, winner); e != nil {
		t.Errorf("the next deploy leaves a mix: %v", e)
	}
	return true
}

// conditions reports whether objects are written on conditions.
func (m *memory) conditions() bool {
	return m.can.Conditional && m.can.Headers && !m.refuses && !m.ignores
}

// plainText is a body, unpacked if it is packed.
func plainText(t *testing.T, body string) string {
	t.Helper()
	z, err := gzip.NewReader(strings.NewReader(body))
	if err != nil {
		return body
	}
	b, err := io.ReadAll(z)
	if err != nil {
		t.Error(err)
	}
	return string(b)
}
