package store_test

import (
	"context"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/privgen/privgen/internal/config"
	"github.com/privgen/privgen/internal/deploy"
	"github.com/privgen/privgen/internal/store"
)

// This file has hosts that fall silent: before they answer, or within a body.

// A silence is a clock on which the watches of requests wait until a host is silent,
// and not at all then.
type silence struct {
	begun chan struct{}
	once  sync.Once
	mu    sync.Mutex
	told  []string
}

func (s *silence) begin() { s.once.Do(func() { close(s.begun) }) }

func (s *silence) clock() store.Clock {
	return store.Clock{Now: time.Now, Wait: func(ctx context.Context, d time.Duration) error {
		if d < 10*time.Second {
			return ctx.Err()
		}
		select {
		case <-s.begun:
			return ctx.Err()
		case <-ctx.Done():
			return ctx.Err()
		}
	}}
}

func (s *silence) context() context.Context {
	return store.WithWaiting(context.Background(), func(what string) {
		s.mu.Lock()
		defer s.mu.Unlock()
		s.told = append(s.told, what)
	})
}

// ends holds the error of a request to a silent host to what is promised.
func (s *silence) ends(t *testing.T, err error) {
	t.Helper()
	if err == nil || !strings.Contains(err.Error(), "the host does not answer in time") {
		t.Errorf("a silent host: %v", err)
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if !slices.ContainsFunc(s.told, func(what string) bool {
		return strings.HasPrefix(what, "waiting for an answer to: ") && strings.HasSuffix(what, "; nothing for 30s")
	}) {
		t.Errorf("before that it says %q", s.told)
	}
}

// silentHost answers with the beginning of a body, or with nothing, and falls silent.
func silentHost(t *testing.T, s *silence, answers bool) string {
	t.Helper()
	done := make(chan struct{})
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if answers && r.Method == http.MethodGet {
			w.Header().Set("ETag", `"0cc175b9c0f1b6a831c399e269772661"`)
			w.Header().Set("Last-Modified", "Mon, 01 Jun 2026 09:00:00 GMT")
			w.Header().Set("Content-Length", "1000000")
			_, _ = w.Write([]byte("the beginning"))
			w.(http.Flusher).Flush()
		}
		s.begin()
		<-done
	}))
	t.Cleanup(func() { close(done); server.Close() })
	return server.URL
}

func TestSilence(t *testing.T) {
	t.Setenv("AWS_ACCESS_KEY_ID", accessKey)
	t.Setenv("AWS_SECRET_ACCESS_KEY", secretKey)
	t.Setenv("AZURE_STORAGE_KEY", "dmVyeXNlY3JldHZhbHVl")
	for _, answers := range []bool{false, true} {
		for _, d := range []config.Deploy{{Name: "s3", To: "s3://legal/site", Region: "us-east-1"}, {Name: "gs", To: "gs://legal/site"}, {Name: "azure", To: "azblob://legal/$web"}} {
			s := &silence{begun: make(chan struct{})}
			d.Endpoint = silentHost(t, s, answers)
			env := func(name string) string {
				if name == "STORAGE_EMULATOR_HOST" {
					return d.Endpoint
				}
				return os.Getenv(name)
			}
			target, err := store.Open(context.Background(), &d, "", env)
			if err != nil {
				t.Fatal(err)
			}
			target = &store.WithRetry{Store: target.(*store.WithRetry).Store, Clock: s.clock()}
			r, _, err := target.Get(s.context(), "index.html")
			if err == nil {
				_, err = io.Copy(io.Discard, r)
				r.Close()
			}
			s.ends(t, err)
			// A host that does not even take what is sent.
			body := strings.NewReader(strings.Repeat("x", 8<<20))
			_, err = target.Put(s.context(), store.Object{Path: "index.html", Size: 8 << 20}, io.NewSectionReader(body, 0, 8<<20), store.Condition{})
			s.ends(t, err)
			if t.Failed() {
				t.Fatalf("%s, which answers: %v", d.Name, answers)
			}
		}
		s := &silence{begun: make(chan struct{})}
		_, err := deploy.Expected{Items: []deploy.Item{{Path: "index.html", SHA: "00"}}}.Verify(s.context(), silentHost(t, s, answers), http.DefaultTransport, s.clock(), nil)
		s.ends(t, err)
	}
}

// An ssh that connects to nothing.
func TestSilenceSSH(t *testing.T) {
	if runtime.GOOS == "windows" {
		t.Skip("a shell script stands for ssh")
	}
	dir := t.TempDir()
	if err := os.WriteFile(filepath.Join(dir, "ssh"), []byte("#!/bin/sh\nexec cat >/dev/null\n"), 0o755); err != nil {
		t.Fatal(err)
	}
	t.Setenv("PATH", dir+string(os.PathListSeparator)+os.Getenv("PATH"))
	target, err := store.Open(context.Background(), &config.Deploy{Name: "host", To: "ssh://host.example/www"}, "", os.Getenv)
	if err != nil {
		t.Fatal(err)
	}
	s := &silence{begun: make(chan struct{})}
	s.begin()
	_, _, err = (&store.WithRetry{Store: target.(*store.WithRetry).Store, Clock: s.clock()}).Get(s.context(), "index.html")
	s.ends(t, err)
}
