package deploy

import (
	"cmp"
	"context"
	"crypto/rand"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"strconv"
	"sync"
	"sync/atomic"
	"time"

	"github.com/privgen/privgen/internal/source"
	"github.com/privgen/privgen/internal/store"
)

// This file implements the lock: an object that exists while somebody deploys.
// It names neither people nor machines, because everybody may read it: a machine
// is a digest of its boot id and its PID namespace.
//
// No clock of another machine is trusted. A holder renews its lock every
// renewTime. Another deploy watches it, by its own clock: a lock that changes is
// alive, and one that did not change for lockTime is dead. A process of the same
// machine sees at once that the holder's process has ended.
//
// A holder may be slower than it thinks. It confirms that the lock is still its
// own before each stage, before the manifest, and before any other change when the
// last confirmation is older than freshTime; it stops when the lock is another's,
// or when it could not confirm it for leaseTime, and cancels the requests that are
// under way. lockTime is longer than leaseTime, so a store sees no change of the old
// holder when a new one begins, unless the old one's machine was frozen
// between confirming and sending for longer than that. Conditional writes prevent
// most of these changes, too: see push.go.

const (
	// lockTime is how long a lock must stay unchanged to count as dead.
	lockTime = 2 * time.Minute

	renewTime = 20 * time.Second // how often a holder renews its lock
	leaseTime = time.Minute      // how long a holder may continue without a confirmation
	freshTime = 5 * time.Second  // how old a confirmation may be within a stage
	pollTime  = 5 * time.Second  // how often another deploy's lock is read
	breakTime = 30 * time.Second // how long the holder of a broken lock may take to notice
	// without conditional writes: how long two that take a lock at once may not see each other
	quietTime = 10 * time.Second
)

// A Lock is held by a deploy under way.
type Lock struct {
	Took string // describes the holder from whom it was taken over; or empty

	s     store.Store
	clock store.Clock
	stop  context.CancelFunc      // ends the renewals
	lose  context.CancelCauseFunc // ends the deploy
	done  chan struct{}

	mu          sync.Mutex // held while a request confirms the lock
	file        lockFile
	tag         string
	conditional bool // whether the store honors conditions
	lost        error

	confirmed atomic.Pointer[time.Time] // when the request that confirmed it last began
}

// atLeast returns how much time has certainly passed. The system may have stopped
// one of its two clocks while the machine slept, or somebody may have set the other.
func atLeast(c store.Clock, since time.Time) time.Duration {
	now := c.Now()
	return min(now.Sub(since), now.Round(0).Sub(since.Round(0)))
}

// atMost returns how much time may have passed.
func atMost(c store.Clock, since time.Time) time.Duration {
	now := c.Now()
	return max(now.Sub(since), now.Round(0).Sub(since.Round(0)))
}

// pause waits in steps of pollTime, and calls each with the remaining time before every
// step.
func pause(ctx context.Context, c store.Clock, d time.Duration, each func(left time.Duration) error) error {
	for ; d > 0; d -= pollTime {
		err := each(d)
		if err == nil {
			err = c.Wait(ctx, min(d, pollTime))
		}
		if err != nil {
			return err
		}
	}
	return nil
}

type lockFile struct {
	Form    string    `json:"form"`
	ID      string    `json:"id"`
	Since   time.Time `json:"since"` // for people
	Renewed int       `json:"renewed"`
	Machine string    `json:"machine,omitempty"` // see thisMachine
	Process int       `json:"process,omitempty"`
}

// holder returns a description of who holds a lock.
func (f *lockFile) holder() string {
	where := ""
	switch here := thisMachine(); {
	case f.Machine == "" || here == "": // nothing is known
	case f.Machine == here:
		where = fmt.Sprintf(" on this machine, process %d", f.Process)
	default:
		where = " on another machine"
	}
	return "begun at " + f.Since.UTC().Format("15:04:05 UTC") + where
}

// gone reports whether the holder was a process of this machine that has ended. It
// returns false if another process now has the number.
func (f *lockFile) gone() bool {
	if f.Machine == "" || f.Machine != thisMachine() {
		return false
	}
	_, err := os.Stat("/proc/" + strconv.Itoa(f.Process))
	return errors.Is(err, fs.ErrNotExist)
}

// thisMachine returns a digest of the boot id and of the PID namespace (a container has
// its own). It returns "" on systems other than Linux.
func thisMachine() string {
	boot, err := os.ReadFile("/proc/sys/kernel/random/boot_id")
	space, err2 := os.Readlink("/proc/self/ns/pid")
	if err != nil || err2 != nil {
		return ""
	}
	return store.Digest(append(boot, space...))[:32]
}

const lockForm = "privgen lock 2"

// TakeLock takes the lock of a store. While another deploy has it, TakeLock
// watches: it returns an error if that deploy is alive. It takes the lock if it is released
// or dead, if its process has ended, or if broken is set. The returned context ends when
// the lock is lost. Free releases it.
func TakeLock(ctx context.Context, s store.Store, c store.Clock, broken bool) (*Lock, context.Context, error) {
	l := &Lock{s: s, clock: c, done: make(chan struct{}), conditional: s.Abilities().Conditional,
		file: lockFile{Form: lockForm, ID: rand.Text(), Since: c.Now().UTC(), Machine: thisMachine(),
			Process: os.Getpid()}}
	old, tag, err := l.look(ctx)
	if err != nil {
		return nil, nil, err
	}
	alive := false // its holder may still be at work
	if old.ID != "" && !old.gone() {
		if alive = broken; !broken {
			if old, tag, err = l.outlive(ctx, old, tag); err != nil {
				return nil, nil, err
			}
		}
	}
	if old.ID != "" {
		l.Took = old.holder()
	}
	held, lose := context.WithCancelCause(ctx)
	l.lose = lose
	if err := l.take(ctx, tag); err != nil {
		if other, ok := errors.AsType[*overtaken](err); ok {
			err = busy(&other.by)
		}
		lose(err)
		return nil, nil, err
	}
	renewing, stop := context.WithCancel(held)
	l.stop = stop
	go l.keep(renewing)
	if alive {
		err = pause(held, c, breakTime, func(left time.Duration) error {
			store.ReportWaiting(ctx, fmt.Sprintf("the deploy whose lock was broken may have requests under way: %v "+
				"more", left))
			return nil
		})
	}
	if err != nil {
		_ = l.Free(context.WithoutCancel(ctx))
		return nil, nil, err
	}
	return l, held, nil
}

// outlive watches another deploy's lock until it is released or dead. It returns an
// error if the lock is alive.
func (l *Lock) outlive(ctx context.Context, old lockFile, tag string) (lockFile, string, error) {
	began := l.clock.Now()
	for {
		past := atLeast(l.clock, began)
		if past >= lockTime {
			return old, tag, nil
		}
		store.ReportWaiting(ctx, fmt.Sprintf("another deploy is under way, %s: watching whether it is alive, %v at "+
			"most", old.holder(), (lockTime-past).Round(time.Second)))
		if err := l.clock.Wait(ctx, pollTime); err != nil {
			return old, tag, err
		}
		now, nowTag, err := l.look(ctx)
		switch {
		case err != nil:
			return old, tag, err
		case now.ID == "" || now.gone():
			return now, nowTag, nil
		case now.ID != old.ID || now.Renewed != old.Renewed:
			return old, tag, busy(&now)
		}
	}
}

// overtaken is the error that another deploy has the lock.
type overtaken struct{ by lockFile }

func (o *overtaken) Error() string { return busy(&o.by).Error() }

func busy(f *lockFile) error {
	return source.Refuse("busy", "another deploy is under way, "+f.holder(),
		"wait until it is done, and deploy again;\nif you are sure that it died: --break-lock")
}

// look reads the lock. It returns the zero lockFile if there is none, or if it cannot be
// parsed.
func (l *Lock) look(ctx context.Context) (f lockFile, tag string, err error) {
	r, o, err := l.s.Get(ctx, lockPath)
	if errors.Is(err, fs.ErrNotExist) {
		return f, "", nil
	}
	if err != nil {
		return f, "", failed("read", lockPath, err)
	}
	defer r.Close()
	b, err := io.ReadAll(io.LimitReader(r, 1<<16))
	// A file that is not a lock stops no deploy.
	if json.Unmarshal(b, &f) != nil || f.Form != lockForm {
		f = lockFile{}
	}
	return f, o.Tag, failed("read", lockPath, err)
}

// put writes the lock file.
func (l *Lock) put(ctx context.Context, when store.Condition) (string, error) {
	l.file.Renewed++
	b, err := json.Marshal(l.file)
	if err != nil {
		panic("privgen: internal error: writing a lock: " + err.Error())
	}
	return putBytes(ctx, l.s, lockPath, append(b, '\n'), when)
}

// take writes our lock over the one with the tag, or if tag is empty, a new one. It tests
// whether the store honors conditions: some S3-compatible stores refuse them, and some
// ignore them.
func (l *Lock) take(ctx context.Context, tag string) error {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.conditional {
		when := store.Condition{Tag: tag}
		if tag == "" {
			when = store.Condition{Absent: true}
		}
		err := l.renewed(ctx, when)
		if err == nil {
			for range 2 { // one success may mean that another deploy took the lock and ended
				was, err := l.put(ctx, store.Condition{Absent: true})
				if errors.Is(err, store.ErrTaken) {
					return nil
				}
				if err != nil {
					return err
				}
				l.tag = was
			}
		} else if !errors.Is(err, errors.ErrUnsupported) {
			return err
		}
		l.conditional = false
	}
	if err := l.renewed(ctx, store.Condition{}); err != nil {
		return err
	}
	err := pause(ctx, l.clock, quietTime, func(left time.Duration) error {
		store.ReportWaiting(ctx, fmt.Sprintf("the store has no conditional writes: waiting %v to see whether another "+
			"deploy begins", left))
		return nil
	})
	if err != nil {
		return err
	}
	f, _, err := l.look(ctx)
	if err == nil && f.ID != l.file.ID {
		err = &overtaken{f}
	}
	return err
}

// renewed writes the lock, and sets tag and confirmed. The caller holds mu.
func (l *Lock) renewed(ctx context.Context, when store.Condition) error {
	sent := l.clock.Now()
	tag, err := l.put(ctx, when)
	if errors.Is(err, store.ErrTaken) {
		// A retry finds its own lock if only the first response was lost.
		f, there, e := l.look(ctx)
		if e != nil {
			return e
		}
		if f.ID != l.file.ID {
			return &overtaken{f}
		}
		tag, err = there, nil
	}
	if err == nil {
		l.tag = tag
		l.confirmed.Store(&sent)
	}
	return err
}

// keep renews the lock until it is released. It ends the deploy if no renewal
// succeeds for leaseTime.
func (l *Lock) keep(ctx context.Context) {
	defer close(l.done)
	watched, stop := context.WithCancel(ctx)
	defer stop()
	go func() {
		for l.clock.Wait(watched, renewTime/2) == nil {
			if atMost(l.clock, *l.confirmed.Load()) > leaseTime {
				l.lose(errLease)
				return
			}
		}
	}()
	for l.clock.Wait(ctx, renewTime) == nil {
		_ = l.confirm(ctx, 0) // confirm ends the deploy if the lock is lost
	}
}

var errLease = source.Fix(errors.New("this deploy was suspended, or the target was too slow to confirm its lock; another "+
	"may have begun, so this one stopped"),
	"deploy again: it continues where it stopped")

// confirm checks that the lock is still ours. It sends no request if the last
// confirmation is younger than fresh. If the lock is lost, it ends the deploy.
func (l *Lock) confirm(ctx context.Context, fresh time.Duration) error {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.lost != nil {
		return l.lost
	}
	if atMost(l.clock, *l.confirmed.Load()) < fresh {
		return nil
	}
	err := l.renew(ctx)
	other, overtook := errors.AsType[*overtaken](err)
	switch {
	case overtook && other.by.ID == "":
		l.lost = source.Fix(errors.New("another deploy took the place of this one, which stopped, and has ended"),
			"deploy again if the site should be as it is here")
	case overtook:
		l.lost = source.Fix(fmt.Errorf("another deploy took the place of this one, which stopped; it was %s",
			other.by.holder()),
			"wait until it is done; then deploy again if the site should be as it is here")
	case err != nil && atMost(l.clock, *l.confirmed.Load()) > leaseTime:
		l.lost = errLease
	default:
		return err
	}
	l.lose(l.lost)
	return l.lost
}

// why returns the reason for the loss of the lock, or err if the lock is not lost.
func (l *Lock) why(err error) error {
	if l == nil || err == nil {
		return err
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	return cmp.Or(l.lost, err)
}

// renew writes the lock again, if it is still ours. The caller holds mu.
func (l *Lock) renew(ctx context.Context) error {
	if l.conditional {
		return l.renewed(ctx, store.Condition{Tag: l.tag})
	}
	began := l.clock.Now()
	f, _, err := l.look(ctx)
	if err != nil {
		return err
	}
	if f.ID != l.file.ID {
		return &overtaken{f}
	}
	if err := l.renewed(ctx, store.Condition{}); err != nil {
		return err
	}
	if atMost(l.clock, began) > quietTime {
		// Another deploy may have taken the lock meanwhile, and this wrote over it.
		l.lost = errLease
		l.lose(errLease)
	}
	return l.lost
}

// Free releases the lock, if it is still ours.
func (l *Lock) Free(ctx context.Context) error {
	l.stop()
	<-l.done
	f, _, err := l.look(ctx)
	if err != nil || f.ID != l.file.ID {
		return err
	}
	return failed("remove", lockPath, l.s.Delete(ctx, lockPath))
}

// fence returns a store that makes changes only while the lock is ours. It checks the
// lock before each try of a request.
func (l *Lock) fence(s store.Store) store.Store {
	out := &store.WithRetry{Store: s, Clock: l.clock}
	if p, ok := s.(*store.WithRetry); ok {
		*out = *p
	}
	out.Before = func(ctx context.Context) error { return l.confirm(ctx, freshTime) }
	return out
}
