package deploy_test

import (
	"bytes"
	"context"
	"crypto/md5"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"maps"
	"slices"
	"sync"
	"time"

	"github.com/privgen/privgen/internal/store"
)

// A memory is a Store in memory, with everything that stores can have. It
// counts requests and can be told to fail.
type memory struct {
	mu      sync.Mutex
	objects map[string]stored
	calls   map[string]int // by what was asked: put, get, list, copy, delete
	paths   []string       // of what was put
	can     store.Abilities

	refuses bool   // answers a condition with 501
	ignores bool   // does not look at conditions
	salt    string // makes tags that are no MD5 digests of the bytes

	// fail is asked before each request; when it returns an error, the request
	// fails with it, having been carried out before if after is true.
	fail func(call, path string) (err error, after bool)
	// seen is called after each change, with the store as readers see it.
	seen func(now map[string]string)
}

type stored struct {
	store.Object
	body string
}

func newMemory() *memory {
	return &memory{objects: map[string]stored{}, calls: map[string]int{},
		can: store.Abilities{Name: "memory", Headers: true, Conditional: true, MD5Tags: true, Workers: 3}}
}

// clone returns a store that can do and has the same, and was asked for nothing.
func (m *memory) clone() *memory {
	return &memory{objects: maps.Clone(m.objects), calls: map[string]int{}, can: m.can,
		refuses: m.refuses, ignores: m.ignores, salt: m.salt}
}

func (m *memory) Abilities() store.Abilities { return m.can }

// do carries out a request, unless it is to fail.
func (m *memory) do(ctx context.Context, call, path string, act func() error) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	m.mu.Lock()
	defer m.mu.Unlock()
	m.calls[call]++
	var err error
	after := false
	if m.fail != nil {
		err, after = m.fail(call, path)
	}
	if err != nil && !after {
		return err
	}
	if did := act(); did != nil && err == nil {
		return did
	}
	if m.seen != nil && (call == "put" || call == "copy" || call == "delete") {
		m.seen(m.bodies())
	}
	return err
}

// bodies returns what readers see, by path.
func (m *memory) bodies() map[string]string {
	out := map[string]string{}
	for path, o := range m.objects {
		if !own(path) {
			out[path] = o.body
		}
	}
	return out
}

func own(path string) bool { return len(path) > 9 && path[:9] == ".privgen/" }

func (m *memory) List(ctx context.Context, each func(store.Object) error) error {
	var all []store.Object
	err := m.do(ctx, "list", "", func() error {
		for _, path := range slices.Sorted(maps.Keys(m.objects)) {
			o := m.objects[path].Object
			all = append(all, store.Object{Path: path, Size: o.Size, Tag: o.Tag})
		}
		return nil
	})
	for _, o := range all {
		if err := each(o); err != nil {
			return err
		}
	}
	return err
}

func (m *memory) Get(ctx context.Context, path string) (r io.ReadCloser, o store.Object, err error) {
	err = m.do(ctx, "get", path, func() error {
		s, ok := m.objects[path]
		if !ok {
			return fs.ErrNotExist
		}
		r, o = io.NopCloser(bytes.NewReader([]byte(s.body))), s.Object
		if !m.can.Headers {
			o = store.Object{Path: path, Size: o.Size, Tag: o.Tag}
		}
		return nil
	})
	return r, o, err
}

func (m *memory) Put(ctx context.Context, o store.Object, body *io.SectionReader, when store.Condition) (tag string, err error) {
	b, err := io.ReadAll(io.NewSectionReader(body, 0, body.Size()))
	if err != nil {
		return "", err
	}
	err = m.do(ctx, "put", o.Path, func() error {
		old, there := m.objects[o.Path]
		if m.refuses && when != (store.Condition{}) {
			return fmt.Errorf("the store answers 501: %w", errors.ErrUnsupported)
		}
		if m.ignores {
			when = store.Condition{}
		}
		if when.Absent && there || when.Tag != "" && (!there || old.Tag != when.Tag) {
			return store.ErrTaken
		}
		tag = m.set(o, string(b))
		m.paths = append(m.paths, o.Path)
		return nil
	})
	return tag, err
}

func (m *memory) set(o store.Object, body string) string {
	sum := md5.Sum([]byte(m.salt + body))
	o.Tag, o.Size = hex.EncodeToString(sum[:]), int64(len(body))
	m.objects[o.Path] = stored{o, body}
	return o.Tag
}

func (m *memory) Copy(ctx context.Context, from string, o store.Object) (tag string, err error) {
	err = m.do(ctx, "copy", o.Path, func() error {
		s, ok := m.objects[from]
		if !ok {
			return fs.ErrNotExist
		}
		tag = m.set(o, s.body)
		return nil
	})
	return tag, err
}

func (m *memory) Delete(ctx context.Context, path string) error {
	return m.do(ctx, "delete", path, func() error {
		delete(m.objects, path)
		return nil
	})
}

// noWait is a clock that goes forward when somebody waits, by as much. What runs
// beside a deploy, renewals and watches, waits for 10 seconds and more; for them it
// stands.
func noWait() store.Clock {
	var mu sync.Mutex
	now := time.Date(2026, 6, 1, 9, 0, 0, 0, time.UTC)
	return store.Clock{Now: func() time.Time {
		mu.Lock()
		defer mu.Unlock()
		return now
	}, Wait: func(ctx context.Context, d time.Duration) error {
		if d >= 10*time.Second {
			<-ctx.Done()
			return ctx.Err()
		}
		mu.Lock()
		defer mu.Unlock()
		now = now.Add(d)
		return ctx.Err()
	}}
}

// cut is an error that may pass.
func cut(what string) error { return &store.Temporary{Err: errors.New(what)} }

var errCut = fmt.Errorf("the connection was cut")
