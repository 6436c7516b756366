package store_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"sync/atomic"
	"testing"

	"github.com/privgen/privgen/internal/config"
	"github.com/privgen/privgen/internal/source"
	"github.com/privgen/privgen/internal/store"
)

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
	_, err := openTarget(t, "gs://legal", "").Put(context.Background(), store.Object{Path: "x", Type: body}, io.NewSectionReader(strings.NewReader(body), 0, int64(len(body))), store.Condition{})
	if err == nil || !strings.Contains(err.Error(), "the store refuses: 403 (storage.objects.create)") || strings.Contains(err.Error(), secret) {
		t.Errorf("without a right: %v", err)
	}
	file := filepath.Join(t.TempDir(), "credentials.json")
	t.Setenv("STORAGE_EMULATOR_HOST", "")
	t.Setenv("GOOGLE_APPLICATION_CREDENTIALS", file)
	open := func() (store.Store, error) {
		return store.Open(context.Background(), &config.Deploy{Name: "google", To: "gs://legal"}, "", os.Getenv)
	}
	var refusal *source.Problem
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
func openWith(base http.RoundTripper, open func() (store.Store, error)) (store.Store, error) {
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
