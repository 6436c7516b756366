package store_test

import (
	"encoding/json"
	"net"
	"net/http"
	"net/http/httptest"
	"net/http/httputil"
	"net/url"
	"os/exec"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/privgen/privgen/internal/deploy"
	"github.com/privgen/privgen/internal/store"
)

// This file holds the driver for Google Cloud Storage to fake-gcs-server, an
// emulator and a program of its own, built once by .ci/run. Without it in the
// PATH, or named by FAKE_GCS_SERVER, these tests are skipped.

func startGoogle(t *testing.T) (address string) {
	t.Helper()
	program := serverProgram(t, "FAKE_GCS_SERVER", "fake-gcs-server", "go install github.com/fsouza/fake-gcs-server@v1.56.1")
	host := freeAddress(t)
	_, port, _ := net.SplitHostPort(host)
	cmd := exec.Command(program, "-scheme", "http", "-host", "127.0.0.1", "-port", port, "-backend", "memory", "-log-level", "error", "-public-host", host)
	startServer(t, cmd)
	address = "http://" + host
	until := time.Now().Add(20 * time.Second)
	for {
		resp, err := http.Post(address+"/storage/v1/b?project=x", "application/json", strings.NewReader(`{"name":"legal"}`))
		if err == nil {
			resp.Body.Close()
			return address
		}
		if time.Now().After(until) {
			t.Fatalf("fake-gcs-server does not answer: %v", err)
		}
		<-time.After(20 * time.Millisecond) // a program of its own has to come up
	}
}

func TestGoogle(t *testing.T) {
	address := startGoogle(t)
	t.Setenv("STORAGE_EMULATOR_HOST", address)
	s := openTarget(t, "gs://legal/site", "")
	t.Run("store", func(t *testing.T) { storeKeepsWord(t, s) })
	run{}.must(t, s, first())

	// What the driver says, the server has.
	resp, err := http.Get(address + "/storage/v1/b/legal/o/site%2Fprivacy%2F2024-01-01%2Findex.html")
	if err != nil {
		t.Fatal(err)
	}
	defer resp.Body.Close()
	var o struct {
		ContentType, CacheControl string
		Metadata                  map[string]string
	}
	if err := json.NewDecoder(resp.Body).Decode(&o); err != nil {
		t.Fatal(err)
	}
	if o.ContentType != "text/html; charset=utf-8" || o.CacheControl != "public, max-age=86400" || o.Metadata["privgen-keeps"] != "privacy/2024-01-01" || len(o.Metadata["privgen-sha256"]) != 64 {
		t.Errorf("the page is %+v", o)
	}
	if p := (run{}).must(t, s, first()); !p.Empty() || p.Drawn != 0 {
		t.Errorf("after a push the plan is %v", did(p))
	}

	// Headers that somebody changed.
	req, err := http.NewRequest(http.MethodPatch, address+"/storage/v1/b/legal/o/site%2Ffeed.atom", strings.NewReader(`{"contentType":"text/plain"}`))
	if err != nil {
		t.Fatal(err)
	}
	if resp, err = http.DefaultClient.Do(req); err != nil {
		t.Fatal(err)
	}
	resp.Body.Close()
	if p := (run{strict: true}).must(t, s, first()); len(p.Steps) != 1 || p.Steps[0].Action != "headers" {
		t.Errorf("the plan is %v", did(p))
	}
	run{}.must(t, s, second())
	run{back: -1}.must(t, s, nil)
	run{}.must(t, s, second())
	if p := (run{strict: true}).must(t, s, second()); !p.Empty() {
		t.Errorf("every object read, the plan is %v", did(p))
	}
	if _, err := (run{}).push(t, openTarget(t, "gs://none", ""), first()); err == nil || !strings.Contains(err.Error(), `there is no bucket "none"`) {
		t.Errorf("no bucket: %v", err)
	}
}

// A faulty stands before a server and does something else with one request.
type faulty struct {
	*httptest.Server
	count, bad atomic.Int64 // bad is the request that goes wrong; 0 is none
	kind       atomic.Value // "cut", "503" or "500 after"
}

func startFaulty(t *testing.T, address string) *faulty {
	t.Helper()
	u, err := url.Parse(address)
	if err != nil {
		t.Fatal(err)
	}
	f := &faulty{}
	proxy := &httputil.ReverseProxy{Rewrite: func(r *httputil.ProxyRequest) {
		r.SetURL(u)
		r.Out.Host = r.In.Host
	}}
	f.Server = httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if n := f.count.Add(1); n != f.bad.Load() {
			proxy.ServeHTTP(w, r)
			return
		}
		switch f.kind.Load() {
		case "cut":
			panic(http.ErrAbortHandler)
		case "503":
			w.Header().Set("Retry-After", "0")
			w.WriteHeader(503)
		case "500 after":
			proxy.ServeHTTP(discarded{}, r)
			w.WriteHeader(500)
		}
	}))
	t.Cleanup(f.Close)
	return f
}

// survives pushes two sites in turn with a fault at many requests.
func (f *faulty) survives(t *testing.T, s store.Store) {
	t.Helper()
	sites := []site{first(), second()}
	run{}.must(t, s, sites[0])
	for _, kind := range []string{"cut", "503", "500 after"} {
		f.kind.Store(kind)
		for n := int64(1); n < 40; n += 7 {
			f.count.Store(0)
			f.bad.Store(n)
			sites[0], sites[1] = sites[1], sites[0]
			r := run{}
			r.MaxRemovals = 50
			if sites[0]["cookies/index.html"] == "" {
				r.Allow = []deploy.Allowance{{Version: "privacy/2026-01-01", Reason: "round"}}
			}
			r.must(t, s, sites[0])
			f.bad.Store(0)
			if p := (run{strict: true}).must(t, s, sites[0]); !p.Empty() {
				t.Fatalf("%s at request %d: the plan is not empty: %v", kind, n, did(p))
			}
		}
	}
}

func TestGoogleFaults(t *testing.T) {
	t.Parallel()
	f := startFaulty(t, startGoogle(t))
	f.survives(t, openIn(t, variables(map[string]string{"STORAGE_EMULATOR_HOST": f.URL}), "gs://legal/site", ""))
}
