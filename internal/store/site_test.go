package store_test

import (
	"bytes"
	"context"
	"crypto/sha256"
	"fmt"
	"path"
	"slices"
	"strings"
	"testing"

	"github.com/privgen/privgen/internal/deploy"
	"github.com/privgen/privgen/internal/store"
	"github.com/privgen/privgen/internal/tree"
)

// This file deploys small sites, since a deploy asks a driver for everything.

// A site has the texts of its pages by path.
type site map[string]string

func (s site) tree() tree.Tree {
	var out []tree.Entry
	for name, text := range s {
		e := tree.Entry{Path: name, Type: "text/html; charset=utf-8", Stage: tree.List, Key: tree.NewHash("page").Texts(text).Sum(),
			Render: func(b *bytes.Buffer) error { b.WriteString(text); return nil }}
		if id := path.Base(path.Dir(name)); strings.HasPrefix(id, "20") {
			e.Stage, e.Keeps, e.Text = tree.Leaf, "privacy/"+id, sha256.Sum256([]byte(id))
		}
		out = append(out, e)
	}
	return tree.New(out)
}

func first() site {
	return site{"privacy/2024-01-01/index.html": "one", "privacy/2025-01-01/index.html": "two", "privacy/index.html": "two",
		"feed.atom": "two", "index.html": "home"}
}

// second has one more version and one more policy than the first, and another look.
func second() site {
	return site{"privacy/2024-01-01/index.html": "one!", "privacy/2025-01-01/index.html": "two!", "privacy/2026-01-01/index.html": "three",
		"privacy/index.html": "three", "cookies/index.html": "cookies", "feed.atom": "three", "index.html": "home, and cookies"}
}

// A run is one deploy.
type run struct {
	deploy.Options
	strict bool
	back   int // -1 is the one before the last
}

func (r run) push(t *testing.T, s store.Store, from site) (*deploy.Plan, error) {
	t.Helper()
	r.Keep, r.MaxRemovals, r.Back = 3, max(5, r.MaxRemovals), r.back
	lock, ctx, err := deploy.TakeLock(context.Background(), s, store.SystemClock(), false)
	if err != nil {
		return nil, err
	}
	d := deploy.Deploy{Options: r.Options, Site: "https://acme.example/", Program: "a", Tree: from.tree(), Store: s, Recheck: r.strict,
		Progress: func(string, int, int) {}}
	defer d.Close()
	p, wrong, err := d.Plan(ctx)
	if len(wrong) > 0 {
		t.Fatal(wrong)
	}
	if err == nil && len(p.Refusals) == 0 {
		err = d.Push(ctx, p, deploy.Pushing{Now: "2026-06-01T09:00:00Z", Keep: 3, Lock: lock})
	}
	if e := lock.Free(context.Background()); err == nil {
		err = e
	}
	return p, err
}

// must pushes, and nothing may be in the way.
func (r run) must(t *testing.T, s store.Store, from site) *deploy.Plan {
	t.Helper()
	p, err := r.push(t, s, from)
	if err != nil {
		t.Fatal(err)
	}
	for _, no := range p.Refusals {
		t.Fatalf("refused: %v %v", no, no.List)
	}
	return p
}

// did returns the steps of a plan as words.
func did(p *deploy.Plan) []string {
	out := []string{}
	for _, s := range p.Steps {
		out = append(out, fmt.Sprintf("%s %s", s.Action, s.Path))
	}
	slices.Sort(out)
	return out
}
