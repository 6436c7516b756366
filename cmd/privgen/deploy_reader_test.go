package main

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/privgen/privgen/internal/config"
	"github.com/privgen/privgen/internal/deploy"
	"github.com/privgen/privgen/internal/lazyregexp"
	"github.com/privgen/privgen/internal/pages"
	"github.com/privgen/privgen/internal/site"
	"github.com/privgen/privgen/internal/store"
	"github.com/privgen/privgen/internal/tree"
)

// This file tests a site while it is pushed, with a reader that follows every link by
// HTTP. Everything that a page links to exists at every moment, whatever fails.

// A brokenOff is a store whose connection breaks at the request number from. If after is
// set, that request is still carried out.
type brokenOff struct {
	store.Store
	mu      sync.Mutex
	calls   int
	from    int // 0: never
	after   bool
	workers int
	changed func() // is called after each change
}

var errGone = errors.New("the connection is gone")

func (b *brokenOff) Abilities() store.Abilities {
	a := b.Store.Abilities()
	a.Workers = b.workers
	return a
}

// do carries out a request, unless the connection is broken.
func (b *brokenOff) do(act func() error) error {
	b.mu.Lock()
	b.calls++
	n, from := b.calls, b.from
	b.mu.Unlock()
	if from > 0 && (n > from || n == from && !b.after) {
		return errGone
	}
	err := act()
	if err == nil && b.changed != nil {
		b.changed()
	}
	if n == from {
		return errGone
	}
	return err
}

func (b *brokenOff) Put(ctx context.Context, o store.Object, body *io.SectionReader, when store.Condition) (tag string, err error) {
	err = b.do(func() error { tag, err = b.Store.Put(ctx, o, body, when); return err })
	return tag, err
}

func (b *brokenOff) Copy(ctx context.Context, from string, o store.Object) (tag string, err error) {
	err = b.do(func() error { tag, err = b.Store.Copy(ctx, from, o); return err })
	return tag, err
}

func (b *brokenOff) Delete(ctx context.Context, path string) error {
	return b.do(func() error { return b.Store.Delete(ctx, path) })
}

// treeOf returns the tree of the site in a folder.
func treeOf(t *testing.T, dir string) tree.Tree {
	t.Helper()
	s, err := open(filepath.Join(dir, "privgen.toml"), "2026-06-01", site.Input{})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(s.Close) // texts are read when they are rendered
	return pages.Plan(s.Site, s.now)
}

// pushSite deploys a site, as the command does.
func pushSite(t *testing.T, whole tree.Tree, s store.Store, allow []deploy.Allowance) error {
	t.Helper()
	clock := store.SystemClock()
	wait := clock.Wait
	clock.Wait = func(ctx context.Context, d time.Duration) error {
		if d <= 5*time.Second { // retries fail, too, so do not wait for them
			return ctx.Err()
		}
		return wait(ctx, d)
	}
	lock, ctx, err := deploy.TakeLock(context.Background(), s, clock, true)
	if err != nil {
		return err
	}
	defer lock.Free(context.Background())
	d := deploy.Deploy{Store: s, Tree: whole, Site: "https://acme.example/", Program: "a",
		Options:  deploy.Options{Keep: 3, MaxRemovals: 100, Allow: allow},
		Progress: func(string, int, int) {}}
	defer d.Close()
	p, wrong, err := d.Plan(ctx)
	if len(wrong) > 0 {
		t.Fatal(wrong)
	}
	if err != nil {
		return err
	}
	for _, r := range p.Refusals {
		if r.Code != "allowance" { // not needed if an earlier deploy has removed the version
			t.Fatalf("refused: %v %v", r, r.List)
		}
		p.Refusals = nil
	}
	return d.Push(ctx, p, deploy.Pushing{Now: "2026-06-01T09:00:00Z", Keep: 3, Lock: lock})
}

var linked = lazyregexp.New(`(?:href|src)="([^"#]+)`)

// copyTimed copies a folder with the times of its files. By the times, a deploy sees
// that nothing has changed since the last one.
func copyTimed(t *testing.T, from, to string) {
	t.Helper()
	err := os.CopyFS(to, os.DirFS(from))
	if err == nil {
		err = filepath.WalkDir(from, func(name string, d fs.DirEntry, err error) error {
			if err != nil {
				return err
			}
			info, err := d.Info()
			if err != nil {
				return err
			}
			return os.Chtimes(filepath.Join(to, strings.TrimPrefix(name, from)), time.Time{}, info.ModTime())
		})
	}
	if err != nil {
		t.Fatal(err)
	}
}

// A reader follows every link of a site from its home page.
type reader struct {
	client *http.Client
	base   *url.URL
}

// read follows every link once, and returns an error for a missing page. Without a home
// page, there is nothing to follow.
func (r *reader) read() (pages int, err error) {
	seen, todo := map[string]string{}, []string{"/"}
	for len(todo) > 0 {
		at := todo[0]
		todo = todo[1:]
		u := *r.base
		u.Path = at
		answer, err := r.client.Get(u.String())
		if err != nil {
			return pages, err
		}
		body, err := io.ReadAll(answer.Body)
		answer.Body.Close()
		if err != nil {
			return pages, err
		}
		if answer.StatusCode == http.StatusNotFound && at == "/" {
			return 0, nil
		}
		if answer.StatusCode != http.StatusOK {
			return pages, fmt.Errorf("%s leads to %s, and there is %s", seen[at], at, answer.Status)
		}
		pages++
		if !strings.Contains(answer.Header.Get("Content-Type"), "html") {
			continue
		}
		for _, m := range linked().FindAllSubmatch(body, -1) {
			to, err := u.Parse(string(bytes.ReplaceAll(m[1], []byte("&amp;"), []byte("&"))))
			if err != nil || to.Host != u.Host && to.Host != "acme.example" || to.Scheme == "mailto" {
				continue
			}
			if _, known := seen[to.Path]; !known {
				seen[to.Path] = at
				todo = append(todo, to.Path)
			}
		}
	}
	return pages, nil
}

const readerConfig = `[site]
title = "Acme policies"
base_url = "https://acme.example/"

[organization]
name = "Acme Ltd"

[theme]
name = %q
`

// sitesOf writes three states of a site: the first, one with another theme and a new
// version, and one without one of its policies.
func sitesOf(t *testing.T) []string {
	var dirs []string
	for i, theme := range []string{"plain", "gazette", "plain"} {
		dir := t.TempDir()
		write(t, filepath.Join(dir, "privgen.toml"), fmt.Sprintf(readerConfig, theme))
		for _, day := range []string{"2024-03-01", "2025-01-01", "2026-01-01"}[:min(3, 2+i)] {
			write(t, filepath.Join(dir, "content/privacy", day+".md"), "# Privacy policy\n\n## What we keep\n\nLess than before "+day+".\n")
		}
		if i < 2 {
			write(t, filepath.Join(dir, "content/cookies/2024-03-01.md"), "# Cookies\n\nNone.\n")
		}
		dirs = append(dirs, dir)
	}
	return dirs
}

// The connection breaks at one request after another. A reader that follows every link
// finds everything, and the next push completes the site.
func TestReaderOfPush(t *testing.T) {
	t.Parallel()
	var sites []tree.Tree
	for _, dir := range sitesOf(t) {
		sites = append(sites, treeOf(t, dir))
	}
	taken := [][]deploy.Allowance{nil, nil, {{Version: "cookies/2024-03-01", Reason: "taken away"}}}
	stride := 3
	if testing.Short() {
		stride = 11
	}
	opened := func(www string) store.Store {
		folder, err := store.Open(context.Background(), &config.Deploy{Name: "www", To: www}, filepath.Dir(www), func(string) string { return "" })
		if err != nil {
			t.Fatal(err)
		}
		return folder
	}
	was := filepath.Join(t.TempDir(), "www") // the state after the steps before
	for step := range sites {
		ends := false
		if step > 0 {
			if err := pushSite(t, sites[step-1], opened(was), taken[step-1]); err != nil {
				t.Fatal(err)
			}
		}
		for n := 0; !ends; n += stride {
			www := filepath.Join(t.TempDir(), "www")
			if step > 0 {
				copyTimed(t, was, www)
			}
			folder := opened(www)
			server := httptest.NewServer(&hostOf{dir: www})
			base, err := url.Parse(server.URL)
			if err != nil {
				t.Fatal(err)
			}
			r := &reader{server.Client(), base}
			look := func() {
				if _, err := r.read(); err != nil {
					t.Errorf("push %d, gone at request %d: %v", step, n, err)
				}
			}
			s := &brokenOff{Store: folder, from: n, after: n%2 == 0, workers: 1}
			if n == 0 { // nothing fails: check after every change
				s.changed = look
			}
			err = pushSite(t, sites[step], s, taken[step])
			if ends = n > 0 && err == nil; n == 0 && err != nil {
				t.Fatal(err)
			}
			look()
			if err := pushSite(t, sites[step], folder, taken[step]); err != nil {
				t.Fatal(err)
			}
			if pages, err := r.read(); err != nil || pages < 10 {
				t.Errorf("completed after request %d, a reader finds %d pages: %v", n, pages, err)
			}
			server.Close()
			if t.Failed() {
				return
			}
		}
	}
}

// A reader that follows every link again and again, while a push sends several requests
// at a time, finds everything, too.
func TestReaderBesidePush(t *testing.T) {
	t.Parallel()
	sites := sitesOf(t)
	dir := t.TempDir()
	www := filepath.Join(dir, "www")
	folder, err := store.Open(context.Background(), &config.Deploy{Name: "www", To: www}, dir, func(string) string { return "" })
	if err != nil {
		t.Fatal(err)
	}
	server := httptest.NewServer(&hostOf{dir: www})
	t.Cleanup(server.Close)
	base, err := url.Parse(server.URL)
	if err != nil {
		t.Fatal(err)
	}
	r := &reader{server.Client(), base}
	done := make(chan struct{})
	var group sync.WaitGroup
	group.Go(func() {
		for {
			if _, err := r.read(); err != nil {
				t.Error(err)
				return
			}
			select {
			case <-done:
				return
			default:
			}
		}
	})
	// Alternate between two themes: no page is removed, and each changes every time.
	for i, dir := range []string{sites[0], sites[1], sites[1], sites[1]} {
		if i > 1 {
			write(t, filepath.Join(dir, "privgen.toml"), fmt.Sprintf(readerConfig, []string{"plain", "gazette"}[i%2]))
		}
		if err := pushSite(t, treeOf(t, dir), &brokenOff{Store: folder, workers: 4}, nil); err != nil {
			t.Error(err)
		}
	}
	close(done)
	group.Wait()
}
