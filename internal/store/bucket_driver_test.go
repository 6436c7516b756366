package store_test

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"net"
	"net/http"
	"net/http/httputil"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/minio/minio-go/v7"
	"github.com/minio/minio-go/v7/pkg/credentials"

	"github.com/privgen/privgen/internal/config"
	"github.com/privgen/privgen/internal/deploy"
	"github.com/privgen/privgen/internal/store"
)

// This file holds the driver for S3 to a real server: versitygw, a program of
// its own, built once by .ci/run. Without it in the PATH, or named by
// VERSITYGW, these tests are skipped.

// The credentials of the server; the secret must never be seen.
const accessKey, secretKey = "testaccess", "verysecretvalue"

// A gateway is a running server with an empty bucket.
type gateway struct {
	address string // http://127.0.0.1:NNNN
	folder  string
	client  *minio.Client
}

func startGateway(t *testing.T) *gateway {
	t.Helper()
	program := serverProgram(t, "VERSITYGW", "versitygw", "go install github.com/versity/versitygw/cmd/versitygw@v1.8.0")
	g := &gateway{folder: t.TempDir()}
	iam := t.TempDir()
	host := freeAddress(t)
	cmd := exec.Command(program, "--port", host, "--iam-dir", iam, "posix", g.folder)
	cmd.Env = append(os.Environ(), "ROOT_ACCESS_KEY="+accessKey, "ROOT_SECRET_KEY="+secretKey)
	startServer(t, cmd)
	g.address = "http://" + host
	var err error
	g.client, err = minio.New(host, &minio.Options{Creds: credentials.NewStaticV4(accessKey, secretKey, ""), Region: "us-east-1"})
	if err != nil {
		t.Fatal(err)
	}
	until := time.Now().Add(20 * time.Second)
	for {
		if err = g.client.MakeBucket(context.Background(), "legal", minio.MakeBucketOptions{}); err == nil {
			return g
		}
		if time.Now().After(until) {
			t.Fatalf("versitygw does not answer: %v", err)
		}
		<-time.After(20 * time.Millisecond) // a program of its own has to come up
	}
}

// open opens the bucket by the config, as users do.
func (g *gateway) open(t *testing.T, endpoint string) store.Store {
	t.Helper()
	s, err := store.Open(context.Background(), &config.Deploy{Name: "bucket", To: "s3://legal/site", Endpoint: endpoint, Region: "us-east-1"}, "", os.Getenv)
	if err != nil {
		t.Fatal(err)
	}
	return s
}

func TestBucket(t *testing.T) {
	t.Setenv("AWS_ACCESS_KEY_ID", accessKey)
	t.Setenv("AWS_SECRET_ACCESS_KEY", secretKey)
	g := startGateway(t)
	s := g.open(t, g.address)
	t.Run("store", func(t *testing.T) { storeKeepsWord(t, s) })

	// What the driver says, the server has: headers and metadata.
	run{}.must(t, s, first())
	info, err := g.client.StatObject(context.Background(), "legal", "site/privacy/2024-01-01/index.html", minio.StatObjectOptions{})
	if err != nil {
		t.Fatal(err)
	}
	if info.ContentType != "text/html; charset=utf-8" || info.Metadata.Get("Cache-Control") != "public, max-age=86400" ||
		info.UserMetadata["Privgen-Keeps"] != "privacy/2024-01-01" || len(info.UserMetadata["Privgen-Sha256"]) != 64 {
		t.Errorf("the page has %q %v %v", info.ContentType, info.Metadata, info.UserMetadata)
	}
	if p := (run{}).must(t, s, first()); !p.Empty() || p.Drawn != 0 {
		t.Errorf("after a push the plan is %v", did(p))
	}

	// Headers that somebody changed by copying an object onto itself.
	_, err = g.client.CopyObject(context.Background(), minio.CopyDestOptions{Bucket: "legal", Object: "site/feed.atom", ReplaceMetadata: true, ContentType: "text/plain"},
		minio.CopySrcOptions{Bucket: "legal", Object: "site/feed.atom"})
	if err != nil {
		t.Fatal(err)
	}
	if p := (run{strict: true}).must(t, s, first()); len(p.Steps) != 1 || p.Steps[0].Action != "headers" {
		t.Errorf("the plan is %v", did(p))
	}
	if p := (run{strict: true}).must(t, s, first()); !p.Empty() {
		t.Errorf("and then again %v", did(p))
	}

	run{}.must(t, s, second())
	run{back: -1}.must(t, s, nil)
	if p := (run{}).must(t, s, second()); p.Empty() {
		t.Error("after a rollback there is nothing to do")
	}
	if p := (run{strict: true}).must(t, s, second()); !p.Empty() {
		t.Errorf("every object read, the plan is %v", did(p))
	}
	b, err := os.ReadFile(filepath.Join(g.folder, "legal", "site", "index.html"))
	if err != nil || string(b) != second()["index.html"] {
		t.Errorf("the home page is %q %v", b, err)
	}
}

// A connection that is cut, or answered with 503, at every request in turn,
// through a real client and a real server.
func TestBucketFaults(t *testing.T) {
	t.Setenv("AWS_ACCESS_KEY_ID", accessKey)
	t.Setenv("AWS_SECRET_ACCESS_KEY", secretKey)
	g := startGateway(t)
	u, err := url.Parse(g.address)
	if err != nil {
		t.Fatal(err)
	}
	var count, bad atomic.Int64
	bad.Store(-1)
	kind := ""
	proxy := &httputil.ReverseProxy{Rewrite: func(r *httputil.ProxyRequest) {
		r.SetURL(u)
		r.Out.Host = r.In.Host // it is signed
	}}
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	server := &http.Server{Handler: http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if n := count.Add(1); bad.Load() >= 0 && n == bad.Load() {
			switch kind {
			case "cut":
				conn, _, err := w.(http.Hijacker).Hijack()
				if err == nil {
					conn.Close()
				}
			case "503":
				w.Header().Set("Retry-After", "0")
				w.WriteHeader(503)
			case "500 after":
				proxy.ServeHTTP(discarded{}, r)
				w.WriteHeader(500)
			}
			return
		}
		proxy.ServeHTTP(w, r)
	})}
	go server.Serve(l)
	t.Cleanup(func() { server.Close() })
	s := g.open(t, "http://"+l.Addr().String())
	sites := []site{first(), second()}
	run{}.must(t, s, sites[0])
	for _, kind = range []string{"cut", "503", "500 after"} {
		for n := int64(1); n < 40; n += 7 {
			count.Store(0)
			bad.Store(n)
			sites[0], sites[1] = sites[1], sites[0]
			// Taking a version back has to be allowed; it is what makes every round the same.
			r := run{}
			r.MaxRemovals = 50
			if sites[0]["cookies/index.html"] == "" {
				r.Allow = []deploy.Allowance{{Version: "privacy/2026-01-01", Reason: "round"}}
			}
			r.must(t, s, sites[0])
			bad.Store(-1)
			if p := (run{strict: true}).must(t, s, sites[0]); !p.Empty() {
				t.Fatalf("%s at request %d: the plan is not empty: %v", kind, n, did(p))
			}
		}
	}
}

// discarded throws an answer away.
type discarded struct{}

func (discarded) Header() http.Header         { return http.Header{} }
func (discarded) Write(b []byte) (int, error) { return len(b), nil }
func (discarded) WriteHeader(int)             {}

// Credentials that are wrong, or none, are said so, and stand in no error.
func TestBucketRefuses(t *testing.T) {
	g := startGateway(t)
	t.Setenv("AWS_ACCESS_KEY_ID", accessKey)
	t.Setenv("AWS_SECRET_ACCESS_KEY", secretKey+"wrong")
	_, err := run{}.push(t, g.open(t, g.address), first())
	if err == nil || !strings.Contains(err.Error(), "the store refuses") || strings.Contains(fmt.Sprintf("%+v", err), secretKey) {
		t.Errorf("wrong credentials: %v", err)
	}
	t.Setenv("AWS_SECRET_ACCESS_KEY", secretKey)
	s, err := store.Open(context.Background(), &config.Deploy{Name: "bucket", To: "s3://none", Endpoint: g.address, Region: "us-east-1"}, "", os.Getenv)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := (run{}).push(t, s, first()); err == nil || !strings.Contains(err.Error(), `there is no bucket "none"`) {
		t.Errorf("no bucket: %v", err)
	}
}

// storeKeepsWord holds a driver to what Store promises.
func storeKeepsWord(t *testing.T, s store.Store) {
	t.Helper()
	ctx := context.Background()
	if _, _, err := s.Get(ctx, "not/there.html"); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("what is not there gives %v", err)
	}
	if err := s.Delete(ctx, "not/there.html"); err != nil {
		t.Errorf("to remove what is not there gives %v", err)
	}
	put := func(path, text string, when store.Condition) (string, error) {
		return s.Put(ctx, store.Object{Path: path, SHA: "00", Type: "text/plain", Cache: "no-store", Keeps: "a/b", Text: "11"},
			io.NewSectionReader(strings.NewReader(text), 0, int64(len(text))), when)
	}
	read := func(path string) (string, store.Object) {
		r, o, err := s.Get(ctx, path)
		if err != nil {
			t.Errorf("%s: %v", path, err)
			return "", o
		}
		defer r.Close()
		b, err := io.ReadAll(r)
		if err != nil {
			t.Error(err)
		}
		return string(b), o
	}
	odd := "a b/ü+%25/index.html"
	one, err := put(odd, "one", store.Condition{})
	if err != nil {
		t.Fatal(err)
	}
	listed := map[string]store.Object{}
	if err := s.List(ctx, func(o store.Object) error { listed[o.Path] = o; return nil }); err != nil {
		t.Fatal(err)
	}
	if o := listed[odd]; o.Tag != one || o.Tag == "" || o.Size != 3 {
		t.Errorf("put gives the tag %q, the listing %+v of %v", one, o, listed)
	}
	if text, o := read(odd); text != "one" || o.Tag != one || o.Path != odd {
		t.Errorf("read %q %+v", text, o)
	} else if s.Abilities().Headers && (o.Type != "text/plain" || o.Cache != "no-store" || o.SHA != "00" || o.Keeps != "a/b" || o.Text != "11") {
		t.Errorf("the headers are %+v", o)
	}
	two, err := put(odd, "three", store.Condition{})
	if err != nil || two == one {
		t.Errorf("other bytes have the tag %q, then %q: %v", one, two, err)
	}
	if _, err := s.Copy(ctx, odd, store.Object{Path: "copy/index.html", Type: "text/css", Cache: "private"}); err != nil {
		t.Error(err)
	}
	if text, o := read("copy/index.html"); text != "three" || s.Abilities().Headers && (o.Type != "text/css" || o.Cache != "private") {
		t.Errorf("the copy is %q %+v", text, o)
	}
	if _, err := s.Copy(ctx, odd, store.Object{Path: odd, SHA: "22", Type: "text/css", Cache: "private"}); err != nil {
		t.Error(err)
	}
	if text, o := read(odd); text != "three" || s.Abilities().Headers && (o.Type != "text/css" || o.SHA != "22" || o.Keeps != "") {
		t.Errorf("with other headers it is %q %+v", text, o)
	}
	if _, err := s.Copy(ctx, "not/there.html", store.Object{Path: "x"}); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("to copy what is not there gives %v", err)
	}
	if s.Abilities().Conditional {
		if _, err := put(odd, "four", store.Condition{Absent: true}); !errors.Is(err, store.ErrTaken) {
			t.Errorf("in the place of what is there: %v", err)
		}
		if _, err := put(odd, "four", store.Condition{Tag: one}); !errors.Is(err, store.ErrTaken) {
			t.Errorf("in the place of something else: %v", err)
		}
		if _, err := put("nothing/there.html", "four", store.Condition{Tag: one}); !errors.Is(err, store.ErrTaken) {
			t.Errorf("in the place of something, where nothing is: %v", err)
		}
		_, o := read(odd)
		if _, err := put(odd, "four", store.Condition{Tag: o.Tag}); err != nil {
			t.Errorf("in the place of what is there: %v", err)
		}
		if _, err := put("new.html", "new", store.Condition{Absent: true}); err != nil {
			t.Errorf("where nothing is: %v", err)
		}
	}
	for _, path := range []string{odd, "copy/index.html", "new.html"} {
		if err := s.Delete(ctx, path); err != nil {
			t.Error(err)
		}
	}
	if err := s.List(ctx, func(o store.Object) error { t.Errorf("%s is still there", o.Path); return nil }); err != nil {
		t.Error(err)
	}
}

func TestStores(t *testing.T) {
	t.Parallel()
	f, err := store.Open(context.Background(), &config.Deploy{Name: "www", To: "www"}, t.TempDir(), os.Getenv)
	if err != nil {
		t.Fatal(err)
	}
	t.Run("folder", func(t *testing.T) { storeKeepsWord(t, f) })
	run{}.must(t, f, first())
	run{}.must(t, f, second())
	if p := (run{strict: true}).must(t, f, second()); !p.Empty() {
		t.Errorf("after a push the plan is %v", did(p))
	}
}
