package serve_test

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/privgen/privgen/internal/serve"
	"github.com/privgen/privgen/internal/source"
	"github.com/privgen/privgen/internal/tree"
)

const headers = `/legal/*
  Content-Security-Policy: default-src 'none'; style-src 'self'
  X-One: a
/legal/assets/*
  Cache-Control: public, immutable
/legal/privacy/
  X-One: b
/legal/:policy/links.json
  Content-Type: application/linkset+json
  ! X-One
`

// site returns a tree of files from their texts by path.
func site(files map[string]string) tree.Tree {
	var entries []tree.Entry
	for path, text := range files {
		media := "text/html; charset=utf-8"
		if !strings.HasSuffix(path, ".html") {
			media = "text/plain; charset=utf-8"
		}
		entries = append(entries, tree.Entry{Path: path, Type: media, Key: tree.NewHash(path).Text(text).Sum(),
			Render: func(b *bytes.Buffer) error { b.WriteString(text); return nil }})
	}
	return tree.New(entries)
}

func sample() tree.Tree {
	return site(map[string]string{
		"_headers":           headers,
		"_redirects":         "# moved\n/legal/old/* /legal/privacy/:splat 301\n/legal/away https://elsewhere.example/ 302\n",
		"index.html":         "<head><title>home</title></head>",
		"404.html":           "<head><title>none</title></head>",
		"privacy/index.html": "<head><title>privacy</title></head><p>0123456789",
		"privacy/index.txt":  "0123456789",
		"privacy/links.json": "{}",
		"assets/a.css":       "p {}",
		"privacy/redline/2024-01-01..2025-01-01/index.html": "<head></head>redline",
		"privacy/ü/index.html":                              "<head></head>umlaut",
	})
}

func newServer(live bool) *serve.Server {
	s := serve.New(serve.Options{Live: live})
	s.Show(serve.State{Site: sample(), Root: "/legal/"})
	return s
}

func ask(s *serve.Server, method, path string, header ...string) *httptest.ResponseRecorder {
	r := httptest.NewRequest(method, "http://localhost"+path, nil)
	for i := 0; i < len(header); i += 2 {
		if header[i] == "Host" {
			r.Host = header[i+1]
		}
		r.Header.Set(header[i], header[i+1])
	}
	w := httptest.NewRecorder()
	s.ServeHTTP(w, r)
	return w
}

func TestAnswers(t *testing.T) {
	t.Parallel()
	s := newServer(false)
	for _, c := range []struct {
		path     string
		status   int
		location string // or a part of the body
	}{
		{"/", 302, "/legal/"},
		{"/legal", 301, "/legal/"},
		{"/legal/", 200, "home"},
		{"/legal/index.html", 301, "/legal/"},
		{"/legal/privacy", 301, "/legal/privacy/"},
		{"/legal/privacy?a=b", 301, "/legal/privacy/?a=b"},
		{"/legal/privacy/", 200, "privacy"},
		{"/legal/privacy/index.html", 301, "/legal/privacy/"},
		{"/legal/privacy/index.txt", 200, "0123456789"},
		{"/legal/privacy/index.txt/", 404, "none"},
		{"/legal/privacy/redline/2024-01-01..2025-01-01/", 200, "redline"},
		{"/legal/privacy/redline/2024-01-01%2E%2E2025-01-01/", 200, "redline"},
		{"/legal/privacy/%C3%BC/", 200, "umlaut"},
		{"/legal/privacy/%C3%BC", 301, "/legal/privacy/%C3%BC/"},
		{"/legal/old/2024/", 301, "/legal/privacy/2024/"},
		{"/legal/away", 302, "https://elsewhere.example/"},
		{"/legal/_headers", 404, "none"},
		{"/legal/_redirects", 404, "none"},
		{"/legal/assets/", 404, "none"},
		{"/legal/nothing/index.html", 404, "none"},
		{"/elsewhere/", 404, "none"},
		{"/legal/../../etc/passwd", 404, "none"},
		{"/legal/%2e%2e/%2e%2e/etc/passwd", 404, "none"},
		{"/legal//privacy/", 404, "none"},
		{"//elsewhere.example/", 404, "none"},
		{"/.privgen/live.js", 404, ""},
		{"/.privgen/events", 404, ""},
	} {
		w := ask(s, "GET", c.path)
		got := w.Body.String()
		if c.status < 400 && c.status >= 300 {
			got = w.Header().Get("Location")
			if got != c.location {
				t.Errorf("%s leads to %q, want %q", c.path, got, c.location)
			}
		}
		if w.Code != c.status || !strings.Contains(got, c.location) {
			t.Errorf("%s: %d %q, want %d with %q", c.path, w.Code, got, c.status, c.location)
		}
	}
}

func TestHeaders(t *testing.T) {
	t.Parallel()
	s := newServer(false)
	for _, c := range [][3]string{
		{"/legal/", "X-One", "a"},
		{"/legal/privacy/", "X-One", "a, b"},
		{"/legal/privacy/links.json", "X-One", ""},
		{"/legal/privacy/links.json", "Content-Type", "application/linkset+json"},
		{"/legal/privacy/index.txt", "Content-Type", "text/plain; charset=utf-8"},
		{"/legal/privacy/", "Cache-Control", "no-cache"},
		{"/legal/assets/a.css", "Cache-Control", "public, immutable"},
		{"/legal/privacy/", "Content-Security-Policy", "default-src 'none'; style-src 'self'"},
		{"/legal/nothing", "Content-Security-Policy", "default-src 'none'; style-src 'self'"},
	} {
		if got := ask(s, "GET", c[0]).Header().Get(c[1]); got != c[2] {
			t.Errorf("%s: %s is %q, want %q", c[0], c[1], got, c[2])
		}
	}
}

func TestConditions(t *testing.T) {
	t.Parallel()
	s := newServer(false)
	tag := ask(s, "GET", "/legal/privacy/index.txt").Header().Get("ETag")
	for _, c := range []struct {
		name, method string
		header       []string
		status       int
		body         string
	}{
		{"the same", "GET", []string{"If-None-Match", tag}, 304, ""},
		{"another", "GET", []string{"If-None-Match", `"x"`}, 200, "0123456789"},
		{"a range", "GET", []string{"Range", "bytes=2-4"}, 206, "234"},
		{"a range of another", "GET", []string{"Range", "bytes=2-4", "If-Range", `"x"`}, 200, "0123456789"},
		{"a range past the end", "GET", []string{"Range", "bytes=20-"}, 416, ""},
		{"the head alone", "HEAD", nil, 200, ""},
		{"writing", "POST", nil, 405, ""},
		{"removing", "DELETE", nil, 405, ""},
	} {
		w := ask(s, c.method, "/legal/privacy/index.txt", c.header...)
		if w.Code != c.status || c.body != "" && w.Body.String() != c.body || c.method == "HEAD" && w.Body.Len() > 0 {
			t.Errorf("%s: %d %q", c.name, w.Code, w.Body)
		}
	}
	if w := ask(s, "HEAD", "/legal/privacy/index.txt"); w.Header().Get("Content-Length") != "10" {
		t.Errorf("the head alone has the length %q", w.Header().Get("Content-Length"))
	}
	// There is no time while the page can still change within the same second.
	if w := ask(s, "GET", "/legal/privacy/index.txt"); w.Header().Get("Last-Modified") != "" {
		t.Errorf("a new page is said to be of %q", w.Header().Get("Last-Modified"))
	}
	if w := ask(s, "GET", "/legal/privacy/index.txt", "If-Modified-Since", time.Now().Add(time.Hour).UTC().Format(http.TimeFormat)); w.Code != 200 {
		t.Errorf("a new page is not sent: %d", w.Code)
	}
}

// A page that is not new has a time, and is not sent again to a browser that has it.
func TestTimes(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		s := newServer(false)
		time.Sleep(3 * time.Second)
		since := ask(s, "GET", "/legal/privacy/index.txt").Header().Get("Last-Modified")
		if want := time.Now().Add(-3 * time.Second).UTC().Format(http.TimeFormat); since != want {
			t.Errorf("it is of %q, want %q", since, want)
		}
		if w := ask(s, "GET", "/legal/privacy/index.txt", "If-Modified-Since", since); w.Code != 304 {
			t.Errorf("sent again: %d", w.Code)
		}
		if w := ask(s, "GET", "/legal/privacy/index.txt", "If-Modified-Since", since, "If-None-Match", `"x"`); w.Code != 200 {
			t.Errorf("another page of the same second is not sent: %d", w.Code)
		}
		s.Show(serve.State{Site: sample(), Root: "/legal/"})
		if w := ask(s, "GET", "/legal/privacy/index.txt", "If-Modified-Since", since); w.Code != 200 {
			t.Errorf("what was shown just now is not sent: %d", w.Code)
		}
	})
}

func TestWhoMayAsk(t *testing.T) {
	t.Parallel()
	s := serve.New(serve.Options{Live: true, Names: []string{"desk.example"}})
	s.Show(serve.State{Site: sample(), Root: "/legal/"})
	for host, status := range map[string]int{
		"localhost": 200, "localhost:8080": 200, "LOCALHOST.": 200, "legal.localhost:1": 200, "127.0.0.1:8080": 200, "[::1]:8080": 200, "192.0.2.7": 200,
		"desk.example:8080": 200, "evil.example": 403, "evil.example:8080": 403, "127.0.0.1.evil.example": 403, "localhost.evil.example": 403, "": 403,
	} {
		if w := ask(s, "GET", "/legal/", "Host", host); w.Code != status {
			t.Errorf("asked as %q it answers %d, want %d", host, w.Code, status)
		}
	}
	for _, c := range []struct {
		header []string
		status int
	}{
		{nil, 200},
		{[]string{"Origin", "http://localhost"}, 200},
		{[]string{"Origin", "https://evil.example"}, 403},
		{[]string{"Origin", "null"}, 403},
		{[]string{"Sec-Fetch-Site", "same-origin"}, 200},
		{[]string{"Sec-Fetch-Site", "none"}, 200},
		{[]string{"Sec-Fetch-Site", "cross-site"}, 403},
		{[]string{"Sec-Fetch-Site", "same-site"}, 403},
	} {
		for _, name := range []string{"live.js", "events"} {
			ctx, cancel := context.WithCancel(t.Context())
			cancel() // events are sent until the context ends
			r := httptest.NewRequest("GET", "http://localhost/.privgen/"+name, nil).WithContext(ctx)
			for i := 0; i < len(c.header); i += 2 {
				r.Header.Set(c.header[i], c.header[i+1])
			}
			w := httptest.NewRecorder()
			s.ServeHTTP(w, r)
			if w.Code != c.status {
				t.Errorf("%s with %v: %d, want %d", name, c.header, w.Code, c.status)
			}
		}
	}
}

// A live page has one more element, and its policy allows the script.
func TestLive(t *testing.T) {
	t.Parallel()
	plain, live := newServer(false), newServer(true)
	for _, path := range []string{"/legal/", "/legal/privacy/", "/legal/nothing"} {
		a, b := ask(plain, "GET", path), ask(live, "GET", path)
		before, rest, ok := strings.Cut(b.Body.String(), `<script src="/.privgen/live.js" nonce="`)
		nonce, rest, _ := strings.Cut(rest, `"`)
		_, after, ended := strings.Cut(rest, "></script>")
		if !ok || !ended || before+after != a.Body.String() {
			t.Errorf("%s is\n%s\nand live\n%s", path, a.Body, b.Body)
		}
		want := a.Header().Get("Content-Security-Policy") + "; script-src 'nonce-" + nonce + "'; connect-src 'self'"
		if got := b.Header().Get("Content-Security-Policy"); got != want {
			t.Errorf("the policy is %q, want %q", got, want)
		}
		if a.Header().Get("ETag") == b.Header().Get("ETag") {
			t.Errorf("%s has one tag with the element and without", path)
		}
	}
	a, b := ask(plain, "GET", "/legal/privacy/index.txt"), ask(live, "GET", "/legal/privacy/index.txt")
	if a.Body.String() != b.Body.String() || a.Header().Get("Content-Security-Policy") != b.Header().Get("Content-Security-Policy") {
		t.Error("what is no page is not the same live")
	}
}

func TestProblems(t *testing.T) {
	t.Parallel()
	s := serve.New(serve.Options{Live: true})
	problem := serve.Problem{Text: "effective = <2026-02-30>",
		Problem: source.NewProblem(source.Pos{File: "content/a.md", Line: 3, Col: 13}, "wrong-type", "the day <b> does not exist", "write this\nor that")}
	s.Show(serve.State{Root: "/", Problems: []serve.Problem{problem}})
	w := ask(s, "GET", "/privacy/")
	for _, want := range []string{"content/a.md:3:13", "the day &lt;b&gt; does not exist", "<mark>&lt;2026-02-30&gt;</mark>", "write this<br>or that", "live.js", "1 problem<"} {
		if !strings.Contains(w.Body.String(), want) {
			t.Errorf("%q is not in\n%s", want, w.Body)
		}
	}
	if w.Code != 500 {
		t.Errorf("the status is %d", w.Code)
	}
	// For an entry that cannot be rendered, the reason is shown. The others are served.
	bad := sample()
	bad.Find("privacy/index.html").Render = func(*bytes.Buffer) error { return problem.Problem }
	s.Show(serve.State{Root: "/legal/", Site: bad})
	if w := ask(s, "GET", "/legal/privacy/"); w.Code != 500 || !strings.Contains(w.Body.String(), "content/a.md:3:13") {
		t.Errorf("a page that cannot be drawn is %d\n%s", w.Code, w.Body)
	}
	if w := ask(s, "GET", "/legal/"); w.Code != 200 {
		t.Errorf("the others are %d", w.Code)
	}
}

// If a text was saved after the site was loaded, a request waits for the next state.
func TestWaitsForNext(t *testing.T) {
	t.Parallel()
	s := serve.New(serve.Options{Live: true})
	late := sample()
	late.Find("privacy/index.html").Render = func(*bytes.Buffer) error {
		s.Show(serve.State{Root: "/legal/", Site: sample()})
		return errors.New("the file changed meanwhile")
	}
	s.Show(serve.State{Root: "/legal/", Site: late})
	if w := ask(s, "GET", "/legal/privacy/"); w.Code != 200 || !strings.Contains(w.Body.String(), "0123456789") {
		t.Errorf("%d\n%s", w.Code, w.Body)
	}
}

func TestEvents(t *testing.T) {
	t.Parallel()
	s := newServer(true)
	host := httptest.NewServer(s)
	defer host.Close()
	r, err := http.Get(host.URL + "/.privgen/events")
	if err != nil {
		t.Fatal(err)
	}
	defer r.Body.Close()
	read := func(want string) {
		t.Helper()
		var b bytes.Buffer
		if _, err := io.CopyN(&b, r.Body, int64(len(want))); err != nil || b.String() != want {
			t.Fatalf("told %q (%v), want %q", b.String(), err, want)
		}
	}
	read("retry: 250\ndata: {\"problems\":\"\",\"jumps\":0,\"jump\":\"\"}\n\n")
	s.Show(serve.State{Site: sample(), Root: "/legal/", Jump: "privacy/", Jumps: true})
	read("data: {\"problems\":\"\",\"jumps\":1,\"jump\":\"/legal/privacy/\"}\n\n")
}

// A page that sends its path and ETag receives its new content.
func TestEventsSendThePage(t *testing.T) {
	t.Parallel()
	s := newServer(true)
	host := httptest.NewServer(s)
	t.Cleanup(host.Close)
	listen := func(page, tag string) func() (e struct{ Problems, Tag, Page string }) {
		t.Helper()
		r, err := http.Get(host.URL + "/.privgen/events?" + url.Values{"page": {page}, "tag": {tag}}.Encode())
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() { r.Body.Close() })
		lines := bufio.NewScanner(r.Body)
		return func() (e struct{ Problems, Tag, Page string }) {
			t.Helper()
			for lines.Scan() {
				if data, ok := bytes.CutPrefix(lines.Bytes(), []byte("data: ")); ok {
					if err := json.Unmarshal(data, &e); err != nil {
						t.Fatal(err)
					}
					return e
				}
			}
			t.Fatal("nothing is told: ", lines.Err())
			return
		}
	}
	const at = "/legal/privacy/"
	first := ask(s, "GET", at)
	tag := first.Header().Get("ETag")
	fresh, stale := listen(at, tag), listen(at, `"older"`)
	if e := fresh(); e.Tag != tag || e.Page != "" {
		t.Errorf("a page that is the newest is sent %+v", e)
	}
	if e := stale(); e.Tag != tag || e.Page != first.Body.String() {
		t.Errorf("a page that was away is sent %+v", e)
	}
	for _, other := range []string{"", "nowhere", "https://evil.example/legal/privacy/", "/legal/privacy", "/legal/old", "/.privgen/live.css", "/%zz"} {
		if e := listen(other, "")(); strings.Contains(e.Page, "0123456789") && other != "https://evil.example/legal/privacy/" || other == "" && e.Tag != "" {
			t.Errorf("for %q it is sent %+v", other, e)
		}
	}
	changed := sample()
	entry := changed.Find("privacy/index.html")
	entry.Key = tree.NewHash("changed").Sum()
	entry.Render = func(b *bytes.Buffer) error { b.WriteString("<title>A</title>changed"); return nil }
	s.Show(serve.State{Site: changed, Root: "/legal/"})
	want := ask(s, "GET", at)
	if e := fresh(); e.Tag != want.Header().Get("ETag") || e.Page != want.Body.String() || !strings.Contains(e.Page, "changed") {
		t.Errorf("of a change it is told %+v", e)
	}
	s.Show(serve.State{Site: changed, Root: "/legal/", Problems: []serve.Problem{{Problem: source.NewProblem(source.In("a"), "x", "no", "do")}}})
	if e := fresh(); e.Problems == "" || e.Page != "" || e.Tag != "" {
		t.Errorf("of a problem it is told %+v", e)
	}
	s.Show(serve.State{Site: changed, Root: "/legal/"})
	if e := fresh(); e.Problems != "" || e.Page != "" || e.Tag != want.Header().Get("ETag") {
		t.Errorf("when it is mended it is told %+v", e)
	}
}

// The gallery is another site. It is loaded when one of its pages is requested.
func TestGallery(t *testing.T) {
	t.Parallel()
	s := serve.New(serve.Options{Live: true})
	loads := 0
	s.Show(serve.State{Site: sample(), Root: "/legal/", Gallery: func() (serve.Finder, []serve.Problem) {
		loads++
		return site(map[string]string{"index.html": "<head><title>gallery</title></head>", "404.html": "<head></head>no picture"}), nil
	}})
	if ask(s, "GET", "/legal/"); loads != 0 {
		t.Error("the gallery is loaded for a page of the site")
	}
	for path, want := range map[string]string{"/.privgen/gallery/": "gallery", "/.privgen/gallery/x/": "no picture", "/legal/": "home"} {
		if have := ask(s, "GET", path).Body.String(); !strings.Contains(have, want) || !strings.Contains(have, "live.js") {
			t.Errorf("%s: have %s", path, have)
		}
	}
	if w := ask(s, "GET", "/.privgen/gallery"); w.Header().Get("Location") != "/.privgen/gallery/" {
		t.Errorf("have %d, %v", w.Code, w.Header())
	}
}
