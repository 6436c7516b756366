package deploy_test

import (
	"context"
	"encoding/json"
	"encoding/xml"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/privgen/privgen/internal/config"
	"github.com/privgen/privgen/internal/deploy"
)

// services stand for the four services: they notice what they are asked.
type services struct {
	mu     sync.Mutex
	asked  []string // method, host and path, token, body
	answer func(n int) int
}

// RoundTrip sends a request for any host to the services.
func (s *services) RoundTrip(r *http.Request) (*http.Response, error) {
	body, err := io.ReadAll(r.Body)
	if err != nil {
		return nil, err
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	token := r.Header.Get("Authorization") + r.Header.Get("Fastly-Key") + r.Header.Get("AccessKey")
	s.asked = append(s.asked, strings.TrimSpace(fmt.Sprintf("%s %s%s %s %s", r.Method, r.URL.Host, r.URL.RequestURI(), token, body)))
	w := httptest.NewRecorder()
	w.WriteHeader(200)
	answer := w.Result()
	if s.answer != nil {
		answer.StatusCode = s.answer(len(s.asked))
		answer.Status = fmt.Sprint(answer.StatusCode)
	}
	return answer, nil
}

func tokens(name string) string { return "secret-" + strings.ToLower(name[:4]) }

func TestInvalidate(t *testing.T) {
	t.Parallel()
	many := []string{}
	for i := range 2000 {
		many = append(many, fmt.Sprintf("p/%04d/index.html", i))
	}
	files := func(names ...string) string {
		var out []string
		for _, n := range names {
			out = append(out, `"https://acme.example/legal/`+n+`"`)
		}
		return `{"files":[` + strings.Join(out, ",") + `]}`
	}
	few := []string{"feed.atom", "index.html", "privacy/a b.html"}
	for _, tt := range []struct {
		name  string
		c     config.Invalidate
		paths []string
		want  []string
	}{
		{"cloudflare", config.Invalidate{Cloudflare: "zone"}, few, []string{
			"POST api.cloudflare.com/client/v4/zones/zone/purge_cache Bearer secret-clou " + files("", "feed.atom", "index.html", "privacy/a%20b.html")}},
		{"cloudflare, many", config.Invalidate{Cloudflare: "zone"}, many, []string{
			`POST api.cloudflare.com/client/v4/zones/zone/purge_cache Bearer secret-clou {"prefixes":["acme.example/legal"]}`}},
		{"fastly", config.Invalidate{Fastly: true}, few, []string{
			"POST api.fastly.com/purge/acme.example/legal/ secret-fast",
			"POST api.fastly.com/purge/acme.example/legal/feed.atom secret-fast",
			"POST api.fastly.com/purge/acme.example/legal/index.html secret-fast",
			"POST api.fastly.com/purge/acme.example/legal/privacy/a%20b.html secret-fast"}},
		{"bunny", config.Invalidate{Bunny: true}, few[1:2], []string{
			"POST api.bunny.net/purge?async=false&exactPath=true&url=https%3A%2F%2Facme.example%2Flegal%2F secret-bunn",
			"POST api.bunny.net/purge?async=false&exactPath=true&url=https%3A%2F%2Facme.example%2Flegal%2Findex.html secret-bunn"}},
		{"bunny, many", config.Invalidate{Bunny: true}, many, []string{
			"POST api.bunny.net/purge?async=false&exactPath=false&url=https%3A%2F%2Facme.example%2Flegal%2F%2A secret-bunn"}},
	} {
		s := &services{}
		empty, err := deploy.InvalidatorBy(&tt.c, "https://acme.example/legal/", tokens, s, noWait())
		if err == nil {
			err = empty(context.Background(), tt.paths)
		}
		slices.Sort(s.asked)
		if err != nil || !slices.Equal(s.asked, tt.want) {
			t.Errorf("%s: asked %q %v\nwant %q", tt.name, s.asked, err, tt.want)
		}
	}
}

func TestInvalidateCloudFront(t *testing.T) {
	t.Setenv("AWS_ACCESS_KEY_ID", "AKIDEXAMPLE")
	t.Setenv("AWS_SECRET_ACCESS_KEY", "wJalrXUtnFEMI")
	s := &services{answer: func(n int) int { return map[bool]int{true: 503, false: 201}[n == 1] }}
	empty, err := deploy.InvalidatorBy(&config.Invalidate{CloudFront: "E2X"}, "https://acme.example/legal/", tokens, s, noWait())
	if err == nil {
		err = empty(context.Background(), []string{"index.html", "feed.atom"})
	}
	if err != nil || len(s.asked) != 2 || s.asked[0] != s.asked[1] {
		t.Fatalf("asked %q, %v", s.asked, err)
	}
	for _, want := range []string{"POST cloudfront.amazonaws.com/2020-05-31/distribution/E2X/invalidation AWS4-HMAC-SHA256 Credential=AKIDEXAMPLE/20260601/us-east-1/cloudfront/aws4_request, SignedHeaders=content-type;host;x-amz-date, Signature=",
		"<Path>/legal/</Path><Path>/legal/feed.atom</Path><Path>/legal/index.html</Path></Items><Quantity>3</Quantity>"} {
		if !strings.Contains(s.asked[0], want) {
			t.Errorf("asked %q\nwant %q in it", s.asked[0], want)
		}
	}
	_, body, _ := strings.Cut(s.asked[0], "<")
	if err := xml.Unmarshal([]byte("<"+body), new(struct{})); err != nil {
		t.Errorf("the request is no XML: %v", err)
	}
	many := make([]string, 500)
	for i := range many {
		many[i] = fmt.Sprintf("%d.txt", i)
	}
	if err := empty(context.Background(), many); err != nil || !strings.Contains(s.asked[2], "<Items><Path>/legal/*</Path></Items><Quantity>1</Quantity>") {
		t.Errorf("many are told by %q %v", s.asked[2], err)
	}
}

// A token that is not there is known before anything changes; one that is there
// stands in no error.
func TestTokens(t *testing.T) {
	t.Parallel()
	all := config.Invalidate{Cloudflare: "zone", Fastly: true, Bunny: true}
	if _, err := deploy.Invalidator(&all, "https://acme.example/", func(string) string { return "" }); err == nil || !strings.Contains(err.Error(), "CLOUDFLARE_API_TOKEN is not set") {
		t.Errorf("without a token: %v", err)
	}
	for _, c := range []config.Invalidate{{Cloudflare: "zone"}, {Fastly: true}, {Bunny: true}} {
		for _, status := range []int{400, 401, 403, 404, 429, 500} {
			empty, err := deploy.InvalidatorBy(&c, "https://acme.example/", tokens, &services{answer: func(int) int { return status }}, noWait())
			if err != nil {
				t.Fatal(err)
			}
			err = empty(context.Background(), []string{"index.html"})
			if raw, _ := json.Marshal(fmt.Sprint(err)); err == nil || strings.Contains(string(raw), "secret-") {
				t.Errorf("%d is answered with %s", status, raw)
			}
		}
	}
}
