package deploy_test

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"os"
	"regexp"
	"runtime"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/privgen/privgen/internal/deploy"
	"github.com/privgen/privgen/internal/store"
	"github.com/privgen/privgen/internal/tree"
)

// This file tells the fault story: whatever goes wrong at whatever step, what
// readers see is whole, and the next deploy completes it.

var need = regexp.MustCompile(`\[([^\]]+)\]`)

// whole finds what a reader would miss: something that a page names in
// brackets and that is not there.
func whole(now map[string]string) error {
	for _, name := range slices.Sorted(maps.Keys(now)) {
		for _, m := range need.FindAllStringSubmatch(now[name], -1) {
			if _, ok := now[m[1]]; !ok {
				return fmt.Errorf("%s needs %s, which is not there", name, m[1])
			}
		}
	}
	return nil
}

// A fault is what goes wrong with one request.
type fault struct {
	err   error
	after bool // the request was carried out, and its answer lost
}

var faults = map[string]fault{
	"cut before": {errCut, false},
	"cut after":  {errCut, true},
	"a time-out": {context.DeadlineExceeded, true},
	"refused":    {errors.New("the host refuses the connection"), false},
	"500":        {errors.New("the store answers 500"), true},
	"503":        {errors.New("the store answers 503"), false},
}

// third takes things away from the second site and changes the rest.
func third() small {
	out := small{}
	for name, p := range second() {
		if p.keeps == "" && strings.HasSuffix(name, ".html") {
			p.text = strings.ReplaceAll(p.text, "[cookies/index.html] ", "") + "!"
		}
		out[name] = p
	}
	return out.with(small{"cookies/index.html": {}, "terms/index.html": {"[privacy/index.html] terms", tree.List, ""}})
}

// Every request of a push fails in turn, for good, in every way; what readers
// see is whole after each change, and the next deploy ends in the same state.
func TestFaults(t *testing.T) {
	t.Parallel()
	sites := []small{first(), second(), third()}
	for name, f := range faults {
		for _, headers := range []bool{true, false} { // a bucket, a folder
			if !headers && !strings.HasPrefix(name, "cut") {
				continue // what else goes wrong with a folder is the same to us
			}
			deployed := newMemory()
			deployed.can.Headers, deployed.can.MD5Tags = headers, headers
			for step := range 2 {
				run{}.must(t, deployed, sites[step])
				ends := false
				for n := 1; !ends; n++ {
					m := deployed.clone()
					story := fmt.Sprintf("%s at request %d of deploy %d (headers %v)", name, n, step+2, headers)
					calls := 0
					m.fail = func(string, string) (error, bool) {
						if calls++; calls == n {
							return f.err, f.after
						}
						return nil, false
					}
					m.seen = func(now map[string]string) {
						if err := whole(now); err != nil {
							t.Errorf("%s: %v", story, err)
						}
					}
					if _, err := (run{}).push(t, m, sites[step+1]); err == nil && calls < n {
						ends = true
					}
					m.fail = nil
					delete(m.objects, ".privgen/lock") // as if it had ended by itself
					p := run{}.must(t, m, sites[step+1])
					want := sites[step+1].bodies()
					for _, stays := range p.Stays {
						want[stays] = m.objects[stays].body
					}
					m.holds(t, want)
					if p := (run{}).must(t, m, sites[step+1]); !p.Empty() {
						t.Errorf("%s: the plan is not empty: %v", story, did(p))
					}
					if t.Failed() {
						t.Fatal(story)
					}
				}
			}
		}
	}
}

// A deploy that is cut off while the site goes on: the next one brings
// something else, and what the first left there is no stranger's.
func TestFaultsThenAnotherSite(t *testing.T) {
	t.Parallel()
	deployed := newMemory()
	run{}.must(t, deployed, first())
	for n := 1; n < 60; n++ {
		m := deployed.clone()
		calls := 0
		m.fail = func(string, string) (error, bool) {
			if calls++; calls >= n {
				return errCut, calls%2 == 0
			}
			return nil, false
		}
		m.seen = func(now map[string]string) {
			if err := whole(now); err != nil {
				t.Fatalf("cut off at request %d: %v", n, err)
			}
		}
		if _, err := (run{}).push(t, m, second()); err == nil {
			break
		}
		// The second one is cut off as well, somewhere.
		calls = n / 2
		_, _ = run{}.push(t, m, third())
		m.fail = nil
		delete(m.objects, ".privgen/lock")
		p := run{}.must(t, m, third())
		want := third().bodies()
		for _, stays := range p.Stays {
			want[stays] = m.objects[stays].body
		}
		m.holds(t, want)
		if len(p.Foreign) > 0 || t.Failed() {
			t.Fatalf("cut off at request %d: foreign is %v", n, p.Foreign)
		}
	}
}

// A store that fails now and then is tried again, and nobody notices.
func TestPatience(t *testing.T) {
	t.Parallel()
	m := newMemory()
	calls, tries := 0, map[string]int{}
	m.fail = func(call, name string) (error, bool) {
		tries[call+" "+name]++ // of each request, since several are under way at once
		n := tries[call+" "+name]
		return map[bool]error{true: cut("the store answers 503")}[n%3 != 0], n%2 == 0
	}
	s := &store.WithRetry{Store: m, Clock: noWait()}
	run{}.must(t, s, first())
	run{}.must(t, s, second())
	m.fail = nil
	m.holds(t, second().with(small{"assets/style.1.css": first()["assets/style.1.css"]}).bodies())

	// What cannot pass is not tried again; what does not pass is not tried for ever.
	for _, tt := range []struct {
		err  error
		want int
	}{{errCut, 1}, {cut("503"), 6}} {
		calls = 0
		m.fail = func(string, string) (error, bool) { calls++; return tt.err, false }
		if _, _, err := s.Get(context.Background(), "index.html"); !errors.Is(err, tt.err) || calls != tt.want {
			t.Errorf("%v: tried %d times, want %d: %v", tt.err, calls, tt.want, err)
		}
	}
}

// alive renews a lock whenever somebody waits, as a deploy under way does.
func alive(m *memory) store.Clock {
	c := noWait()
	wait := c.Wait
	c.Wait = func(ctx context.Context, d time.Duration) error {
		m.mu.Lock()
		lock := m.objects[".privgen/lock"]
		lock.body = regexp.MustCompile(`"renewed":\d+`).ReplaceAllStringFunc(lock.body, func(s string) string { return s + "1" })
		m.set(lock.Object, lock.body)
		m.mu.Unlock()
		return wait(ctx, d)
	}
	return c
}

// Two deploys at once: the second stops, whatever their clocks show. A deploy that
// died does not hold its lock for ever.
func TestLock(t *testing.T) {
	t.Parallel()
	for _, conditional := range []bool{true, false} {
		for _, ahead := range []time.Duration{0, 6 * time.Minute, -6 * time.Minute} {
			m := newMemory()
			m.can.Conditional = conditional
			ctx := context.Background()
			lock, held, err := deploy.TakeLock(ctx, m, noWait(), false)
			if err != nil {
				t.Fatal(err)
			}
			clock := alive(m)
			now := clock.Now
			clock.Now = func() time.Time { return now().Add(ahead) }
			if _, _, err := deploy.TakeLock(ctx, m, clock, false); err == nil || !strings.Contains(err.Error(), "another deploy is under way") {
				t.Errorf("a second deploy whose clock is ahead by %v is told %v", ahead, err)
			}
			if held.Err() != nil {
				t.Errorf("the first deploy lost its lock: %v", context.Cause(held))
			}
			// It is not renewed any more.
			var told []string
			late := noWait()
			began := late.Now()
			other, _, err := deploy.TakeLock(store.WithWaiting(ctx, func(what string) { told = append(told, what) }), m, late, false)
			if err != nil {
				t.Fatalf("a lock of somebody who died: %v", err)
			}
			if other.Took != "begun at 09:00:00 UTC on this machine, process "+fmt.Sprint(os.Getpid()) || late.Now().Sub(began) < deploy.LockTime {
				t.Errorf("a lock is taken over (%q) after %v", other.Took, late.Now().Sub(began))
			}
			if len(told) == 0 || !strings.HasPrefix(told[0], "another deploy is under way, begun at 09:00:00 UTC") {
				t.Errorf("while it waits it says %q", told)
			}
			// The first does not take the lock of the second away.
			if err := lock.Free(ctx); err != nil || m.objects[".privgen/lock"].body == "" {
				t.Errorf("the lock of another was taken away: %v", err)
			}
			if err := other.Free(ctx); err != nil || m.objects[".privgen/lock"].body != "" {
				t.Errorf("a lock that was given back is still there: %v", err)
			}
			run{}.must(t, m, first())
		}
	}
}

// A lock that is given back while it is watched is taken at once.
func TestLockWaitedFor(t *testing.T) {
	t.Parallel()
	m, ctx, clock := newMemory(), context.Background(), noWait()
	lock, _, err := deploy.TakeLock(ctx, m, clock, false)
	if err != nil {
		t.Fatal(err)
	}
	waits, wait := 0, clock.Wait
	clock.Wait = func(ctx context.Context, d time.Duration) error {
		if d > 5*time.Second { // the holder, who renews the lock
			return wait(ctx, d)
		}
		if waits++; waits == 2 {
			if err := lock.Free(context.Background()); err != nil {
				t.Error(err)
			}
		}
		return wait(ctx, d)
	}
	second, _, err := deploy.TakeLock(ctx, m, clock, false)
	if err != nil || second.Took != "" || waits != 2 {
		t.Fatalf("after %d waits: %v", waits, err)
	}
}

// A lock is broken by who says so, and by itself when its process is gone. The
// deploy from which it was taken ends.
func TestLockTaken(t *testing.T) {
	t.Parallel()
	m, ctx, clock := newMemory(), context.Background(), noWait()
	first, _, err := deploy.TakeLock(ctx, m, clock, false)
	if err != nil {
		t.Fatal(err)
	}
	second, _, err := deploy.TakeLock(ctx, m, clock, true)
	if err != nil || !strings.HasPrefix(second.Took, "begun at 09:00:00 UTC") {
		t.Fatalf("a lock that is broken: %v", err)
	}
	if err := first.Free(ctx); err != nil || m.objects[".privgen/lock"].body == "" {
		t.Errorf("the lock of another was taken away: %v", err)
	}
	// No process has this number; whether it is gone only Linux tells.
	lock := m.objects[".privgen/lock"]
	lock.body = regexp.MustCompile(`"process":\d+`).ReplaceAllString(lock.body, `"process":999999999`)
	m.objects[".privgen/lock"] = lock
	third, _, err := deploy.TakeLock(ctx, m, clock, false)
	if runtime.GOOS != "linux" {
		if err == nil {
			t.Error("a lock is taken from a process of which nothing is known")
		}
		return
	}
	if err != nil || third.Took != "begun at 09:00:00 UTC on this machine, process 999999999" {
		t.Fatalf("the lock of a process that is gone: %v", err)
	}
	lock = m.objects[".privgen/lock"]
	lock.body = regexp.MustCompile(`"machine":"\w+"`).ReplaceAllString(lock.body, `"machine":"another"`)
	m.objects[".privgen/lock"] = lock
	if _, _, err := deploy.TakeLock(ctx, m, alive(m), false); err == nil || !strings.Contains(err.Error(), "begun at 09:00:30 UTC on another machine") {
		t.Errorf("the lock of another machine: %v", err)
	}
	if err := errors.Join(second.Free(ctx), third.Free(ctx)); err != nil {
		t.Error(err)
	}
}

// Nothing that a page needs is put in place after it.
func TestOrder(t *testing.T) {
	t.Parallel()
	m := newMemory()
	// Nobody comes in before the home page is there.
	run{}.must(t, m, first())
	stage := func(path string) tree.Stage { return first()[path].stage }
	if sent := slices.DeleteFunc(m.paths, own); !slices.IsSortedFunc(sent, func(a, b string) int { return int(stage(a)) - int(stage(b)) }) {
		t.Errorf("what leads somewhere comes before where it leads: %v", sent)
	}
	m.seen = func(now map[string]string) {
		if err := whole(now); err != nil {
			t.Error(err)
		}
	}
	for _, site := range []small{second(), third(), second()} {
		run{}.must(t, m, site)
	}
}
