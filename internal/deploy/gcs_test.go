package deploy_test

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"net/http/httputil"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/privgen/privgen/internal/config"
	"github.com/privgen/privgen/internal/deploy"
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
	s := openTarget(t, "gs://legal/site")
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
	if p := (run{strict: true}).must(t, s, first()); len(p.Steps) != 1 || p.Steps[0].Action != deploy.Headers {
		t.Errorf("the plan is %v", did(p))
	}
	run{}.must(t, s, second())
	run{back: -1}.must(t, s, nil)
	run{}.must(t, s, second())
	if p := (run{strict: true}).must(t, s, second()); !p.Empty() {
		t.Errorf("every object read, the plan is %v", did(p))
	}
	if _, err := (run{}).push(t, openTarget(t, "gs://none"), first()); err == nil || !strings.Contains(err.Error(), `there is no bucket "none"`) {
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
func (f *faulty) survives(t *testing.T, s deploy.Store) {
	t.Helper()
	sites := []small{first(), second()}
	run{}.must(t, s, sites[0])
	for _, kind := range []string{"cut", "503", "500 after"} {
		f.kind.Store(kind)
		for n := int64(1); n < 40; n += 7 {
			f.count.Store(0)
			f.bad.Store(n)
			sites[0], sites[1] = sites[1], sites[0]
			r := run{}
			r.MaxRemovals = 50
			if sites[0]["cookies/index.html"].text == "" {
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

// A login that is refused, or a right that lacks, is said without what the
// service was sent.
func TestGoogleRefuses(t *testing.T) {
	const secret = "verysecretvalue"
	status := http.StatusBadRequest
	var asked atomic.Int64
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		asked.Add(1)
		b, _ := io.ReadAll(r.Body)
		w.Header().Set("Content-Type", "application/json")
		w.WriteHeader(status)
		fmt.Fprintf(w, `{"error":%q}`, b)
	}))
	defer server.Close()
	t.Setenv("STORAGE_EMULATOR_HOST", server.URL)
	status = http.StatusForbidden
	body := "x lacks storage.objects.create access " + secret
	_, err := openTarget(t, "gs://legal").Put(context.Background(), deploy.Object{Path: "x", Type: body}, io.NewSectionReader(strings.NewReader(body), 0, int64(len(body))), deploy.Condition{})
	if err == nil || !strings.Contains(err.Error(), "the store refuses: 403 (storage.objects.create)") || strings.Contains(err.Error(), secret) {
		t.Errorf("without a right: %v", err)
	}
	file := filepath.Join(t.TempDir(), "credentials.json")
	t.Setenv("STORAGE_EMULATOR_HOST", "")
	t.Setenv("GOOGLE_APPLICATION_CREDENTIALS", file)
	open := func() (deploy.Store, error) {
		return deploy.Open(context.Background(), &config.Deploy{Name: "google", To: "gs://legal"}, "", os.Getenv)
	}
	var refusal *deploy.Refusal
	for _, text := range []string{"", `{"type":"nothing","private_key":"` + secret + `"}`, secret} {
		if text != "" {
			if err := os.WriteFile(file, []byte(text), 0o600); err != nil {
				t.Fatal(err)
			}
		}
		if _, err := open(); !errors.As(err, &refusal) || strings.Contains(err.Error(), secret) {
			t.Errorf("credentials %q: %v", text, err)
		}
	}
	// Somebody who logged in long ago, at a service that says it all back.
	text := fmt.Appendf(nil, `{"type":"authorized_user","client_id":"x","client_secret":%q,"refresh_token":%q,"universe_domain":"googleapis.com"}`, secret, secret)
	if err := os.WriteFile(file, text, 0o600); err != nil {
		t.Fatal(err)
	}
	base := http.DefaultTransport
	http.DefaultTransport = redirected{base, server.URL}
	t.Cleanup(func() { http.DefaultTransport = base })
	for _, status = range []int{400, 401, 403} {
		asked.Store(0)
		s, err := openWith(base, open)
		if err != nil {
			t.Fatal(err)
		}
		err = s.Delete(context.Background(), "x")
		if err == nil || strings.Contains(fmt.Sprintf("%+v", err), secret) || !strings.Contains(err.Error(), "login of Google") || asked.Load() == 0 {
			t.Errorf("%d: %v", status, err)
		}
	}
}

// openWith opens while the default transport is the real one, which drivers
// make their own of.
func openWith(base http.RoundTripper, open func() (deploy.Store, error)) (deploy.Store, error) {
	now := http.DefaultTransport
	http.DefaultTransport = base
	defer func() { http.DefaultTransport = now }()
	return open()
}

// redirected sends all requests to one server.
type redirected struct {
	next http.RoundTripper
	to   string
}

func (r redirected) RoundTrip(req *http.Request) (*http.Response, error) {
	u, err := url.Parse(r.to)
	if err != nil {
		return nil, err
	}
	out := req.Clone(req.Context())
	out.URL.Scheme, out.URL.Host = u.Scheme, u.Host
	if req.Body != nil {
		b, err := io.ReadAll(req.Body)
		if err != nil {
			return nil, err
		}
		out.Body = io.NopCloser(bytes.NewReader(b))
	}
	return r.next.RoundTrip(out)
}
