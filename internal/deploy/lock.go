package deploy

import (
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
	"time"
)

// This file implements the lock: an object that says that somebody deploys,
// and until when. It ends by itself, so that a machine that died does not hold
// it for ever; and a process of the same machine can see that its process is
// gone. It names neither people nor machines, since everybody may read it: a
// machine is a digest of its boot, which another cannot have.

// LockTime is how long a lock holds that is not renewed.
const LockTime = 5 * time.Minute

// A Lock is held by a deploy under way.
type Lock struct {
	Took string // of whom it was taken before its time, in words; or nothing

	s     Store
	clock Clock
	file  lockFile
	mu    sync.Mutex
	tag   string
	stop  context.CancelFunc
	done  chan struct{}
}

// A Clock is the time, and a way to wait. Tests have their own.
type Clock struct {
	Now  func() time.Time
	Wait func(ctx context.Context, d time.Duration) error // until d has passed, or the context ended
}

// SystemClock is the clock on the wall.
func SystemClock() Clock {
	return Clock{time.Now, func(ctx context.Context, d time.Duration) error {
		t := time.NewTimer(d)
		defer t.Stop()
		select {
		case <-t.C:
			return nil
		case <-ctx.Done():
			return context.Cause(ctx)
		}
	}}
}

type lockFile struct {
	Form    string    `json:"form"`
	ID      string    `json:"id"`
	Since   time.Time `json:"since"`
	Until   time.Time `json:"until"`
	Machine string    `json:"machine,omitempty"` // see thisMachine
	Process int       `json:"process,omitempty"`
}

// holder says who holds a lock, in words.
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

// gone reports whether the process that took the lock runs no more, as far as
// this machine can tell. A number that was given to another process is not gone.
func (f *lockFile) gone() bool {
	if f.Machine == "" || f.Machine != thisMachine() {
		return false
	}
	_, err := os.Stat("/proc/" + strconv.Itoa(f.Process))
	return errors.Is(err, fs.ErrNotExist)
}

// thisMachine names this boot of this machine and its space of process numbers
// (a container has its own) by a digest; it is empty where the system is not
// Linux.
func thisMachine() string {
	boot, err := os.ReadFile("/proc/sys/kernel/random/boot_id")
	space, err2 := os.Readlink("/proc/self/ns/pid")
	if err != nil || err2 != nil {
		return ""
	}
	return digestOf(append(boot, space...))[:32]
}

const lockForm = "privgen lock 1"

// TakeLock takes the lock of a store, or refuses while another deploy has it,
// unless that deploy's process is gone, or it is to be broken. The context that
// it gives ends when the lock is lost. Free gives it back.
func TakeLock(ctx context.Context, s Store, c Clock, broken bool) (*Lock, context.Context, error) {
	l := &Lock{s: s, clock: c, done: make(chan struct{}),
		file: lockFile{Form: lockForm, ID: rand.Text(), Since: c.Now().UTC(), Machine: thisMachine(), Process: os.Getpid()}}
	old, tag, err := l.look(ctx)
	if err != nil {
		return nil, nil, err
	}
	if old.Until.After(c.Now()) {
		if !broken && !old.gone() {
			return nil, nil, l.busy(&old)
		}
		l.Took = old.holder()
	}
	when := Condition{Tag: tag}
	if tag == "" {
		when = Condition{Absent: true}
	}
	if err := l.write(ctx, when); err != nil {
		return nil, nil, err
	}
	held, lose := context.WithCancelCause(ctx)
	renewing, stop := context.WithCancel(held)
	l.stop = stop
	go func() {
		defer close(l.done)
		for {
			if c.Wait(renewing, LockTime/3) != nil {
				return
			}
			l.mu.Lock()
			when := Condition{Tag: l.tag}
			l.mu.Unlock()
			if err := l.write(renewing, when); err != nil && renewing.Err() == nil {
				lose(fmt.Errorf("the lock was lost: %w", err))
				return
			}
		}
	}()
	return l, held, nil
}

func (l *Lock) busy(f *lockFile) error {
	left := max(time.Second, f.Until.Sub(l.clock.Now())).Round(time.Second)
	return &Refusal{Kind: "busy", What: "another deploy is under way, " + f.holder(),
		Do: fmt.Sprintf("wait until it is done; if it died, its lock ends by itself in %v;\nwho is sure of that need not wait: --break-lock", left)}
}

// look reads the lock; without one, or of one that cannot be read, it gives
// the zero lockFile.
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
	if err != nil {
		return f, "", failed("read", lockPath, err)
	}
	// What is no lock holds nobody.
	if json.Unmarshal(b, &f) != nil || f.Form != lockForm {
		f = lockFile{}
	}
	return f, o.Tag, nil
}

// write puts our lock there. Where the store cannot make that depend on what
// is there, it looks whether it won.
func (l *Lock) write(ctx context.Context, when Condition) error {
	l.mu.Lock()
	l.file.Until = l.clock.Now().Add(LockTime).UTC()
	b, err := json.Marshal(l.file)
	l.mu.Unlock()
	if err != nil {
		panic("privgen: internal error: writing a lock: " + err.Error())
	}
	can := l.s.Abilities().Conditional
	if !can {
		when = Condition{}
	}
	tag, err := putBytes(ctx, l.s, lockPath, append(b, '\n'), when)
	switch {
	case errors.Is(err, ErrTaken):
		// A write whose answer was lost, and that was tried again, finds itself.
		f, there, lookErr := l.look(ctx)
		if lookErr != nil {
			return lookErr
		}
		if f.ID != l.file.ID {
			return l.busy(&f)
		}
		tag = there
	case err != nil:
		return err
	case !can:
		f, _, err := l.look(ctx)
		if err != nil {
			return err
		}
		if f.ID != l.file.ID {
			return l.busy(&f)
		}
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	l.tag = tag
	return nil
}

// Free gives the lock back, if it is still ours.
func (l *Lock) Free(ctx context.Context) error {
	l.stop()
	<-l.done
	f, _, err := l.look(ctx)
	if err != nil || f.ID != l.file.ID {
		return err
	}
	if err := l.s.Delete(ctx, lockPath); err != nil {
		return failed("remove", lockPath, err)
	}
	return nil
}
