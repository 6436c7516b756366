package deploy_test

import (
	"context"
	"crypto/sha256"
	"fmt"
	"maps"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"sync/atomic"
	"testing"

	"github.com/privgen/privgen/internal/deploy"
)

// A host serves texts by path; what it is told to do to one of them, it does.
func verifyHost(t *testing.T, pages int, wrong func(path string, w http.ResponseWriter) bool) ([]deploy.Finding, error) {
	t.Helper()
	e := deploy.Expected{Headers: "/*\n  Content-Security-Policy: default-src 'none'\n  X-Content-Type-Options: nosniff\n"}
	for i := range pages {
		path := fmt.Sprintf("p%02d/index.html", i)
		e.Items = append(e.Items, deploy.Item{Path: path, SHA: fmt.Sprintf("%x", sha256.Sum256([]byte(path))), Size: int64(len(path)),
			Type: "text/html; charset=utf-8", Cache: []string{"no-cache", "max-age=60"}[i%2]})
	}
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		path := strings.TrimPrefix(r.URL.Path, "/") + "index.html"
		w.Header().Set("Content-Type", "text/html")
		if !wrong(path, w) {
			_, _ = w.Write([]byte(path))
		}
	}))
	t.Cleanup(server.Close)
	return e.Verify(context.Background(), server.URL, http.DefaultTransport, noWait(), nil)
}

// What a reader would notice comes first, matters of taste are a line each, and one
// page that cannot be had ends nothing.
func TestVerifyOrder(t *testing.T) {
	t.Parallel()
	var asked atomic.Int64
	found, err := verifyHost(t, 40, func(path string, w http.ResponseWriter) bool {
		switch path {
		case "p39/index.html":
			_, _ = w.Write([]byte("another text"))
		case "p20/index.html":
			w.WriteHeader(http.StatusNotFound)
		case "p10/index.html":
			asked.Add(1)
			w.WriteHeader(http.StatusBadGateway)
		case "p30/index.html":
			if asked.Add(100) < 300 { // comes back
				w.WriteHeader(http.StatusServiceUnavailable)
				return true
			}
			return false
		default:
			return false
		}
		return true
	})
	if err != nil {
		t.Fatal(err)
	}
	var have []string
	for _, f := range found {
		have = append(have, fmt.Sprintf("%s %s %s", f.Kind, f.Path, f.What))
	}
	want := []string{"changed p39/index.html it has the digest ", "missing p20/index.html the host answers 404",
		"failed p10/index.html ask for http", "charset p00/index.html it is served as \"text/html\", not \"text/html; charset=utf-8\"; 36 more like it",
		"header p00/index.html it is served without Content-Security-Policy, X-Content-Type-Options; 36 more like it",
		"cache p01/index.html Cache-Control is \"\", not \"max-age=60\"; 36 more like it"}
	if !slices.EqualFunc(have, want, strings.HasPrefix) {
		t.Errorf("found\n%s\nwant\n%s", strings.Join(have, "\n"), strings.Join(want, "\n"))
	}
	if asked.Load()%100 < 2 {
		t.Errorf("a page with 502 is asked for %d times", asked.Load()%100)
	}
}

// A host that answers 5xx for everything is down, and is not asked for ever.
func TestVerifyDown(t *testing.T) {
	t.Parallel()
	var asked atomic.Int64
	_, err := verifyHost(t, 200, func(_ string, w http.ResponseWriter) bool {
		asked.Add(1)
		w.WriteHeader(http.StatusServiceUnavailable)
		return true
	})
	if err == nil || !strings.Contains(err.Error(), "the host answers 503") {
		t.Errorf("a host that is down: %v", err)
	}
	if n := asked.Load(); n > 400 {
		t.Errorf("it was asked %d times", n)
	}
}

// Addresses in any of the site's sitemaps are compared with the site, and redirects
// with the policies' former names.
func TestVerifySitemapsAndRedirects(t *testing.T) {
	t.Parallel()
	files := map[string]string{
		"/sitemap.xml":   "<sitemapindex><sitemap><loc>https://acme.example/sitemap-1.xml</loc></sitemap></sitemapindex>",
		"/sitemap-1.xml": "<urlset><url><loc>https://acme.example/secret/</loc></url></urlset>",
		"/de/old/":       "/de/new/",
		"/fr/old/":       "/de/new/",
	}
	e := deploy.Expected{Redirects: map[string]string{"de/old/": "de/new/", "fr/old/": "fr/new/"}}
	for _, path := range slices.Sorted(maps.Keys(files)) {
		name := strings.TrimPrefix(path, "/")
		if strings.HasSuffix(path, "/") {
			name += "index.html"
		}
		e.Items = append(e.Items, deploy.Item{Path: name, SHA: fmt.Sprintf("%x", sha256.Sum256([]byte(files[path]))), Size: -1})
	}
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if to := files[r.URL.Path]; strings.HasPrefix(to, "/") {
			http.Redirect(w, r, to, http.StatusMovedPermanently)
			return
		}
		_, _ = w.Write([]byte(files[r.URL.Path]))
	}))
	t.Cleanup(server.Close)
	found, err := e.Verify(context.Background(), server.URL, http.DefaultTransport, noWait(), nil)
	var have []string
	for _, f := range found {
		have = append(have, f.Kind+" "+f.Path)
	}
	slices.Sort(have)
	if want := []string{"foreign secret/", "redirect fr/old/index.html"}; err != nil || !slices.Equal(have, want) {
		t.Errorf("found %q, %v; want %q", have, err, want)
	}
}

// A page that the host may not read is reported with what to do.
func TestVerifyForbidden(t *testing.T) {
	t.Parallel()
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusForbidden) }))
	t.Cleanup(server.Close)
	e := deploy.Expected{Items: []deploy.Item{{Path: "index.html", SHA: "00", Size: -1}}}
	found, err := e.Verify(context.Background(), server.URL, http.DefaultTransport, noWait(), nil)
	if err != nil || len(found) != 1 || found[0].Kind != "missing" || !strings.Contains(found[0].What, "with umask 022 and chmod a+r") {
		t.Errorf("found %+v, %v", found, err)
	}
}

// Hosts differ in how they answer for a page that does not exist, and in which media
// types they know. What a reader would notice is told from what is advice.
func TestVerifyHosts(t *testing.T) {
	t.Parallel()
	const notFound = "<p>No such page"
	files := map[string][2]string{ // by path, the text and the type it should have
		"/404.html":   {notFound, "text/html; charset=utf-8"},
		"/feed.json":  {"{}", "application/feed+json"},
		"/feed.atom":  {"<feed/>", "application/atom+xml"},
		"/index.md":   {"Text", "text/markdown; charset=utf-8"},
		"/logo.png":   {"PNG", "image/png"},
		"/index.html": {"<p>Text", "text/html; charset=utf-8"},
	}
	var e deploy.Expected
	for _, path := range slices.Sorted(maps.Keys(files)) {
		e.Items = append(e.Items, deploy.Item{Path: path[1:], SHA: fmt.Sprintf("%x", sha256.Sum256([]byte(files[path][0]))),
			Size: -1, Type: files[path][1]})
	}
	proper := func(path string) string { return files[path][1] }
	absent := func(status int, body string) http.HandlerFunc {
		return func(w http.ResponseWriter, _ *http.Request) {
			w.WriteHeader(status)
			_, _ = w.Write([]byte(body))
		}
	}
	for name, host := range map[string]struct {
		types  func(path string) string
		absent http.HandlerFunc
		want   []string
	}{
		"as it should be": {proper, absent(http.StatusNotFound, notFound), nil},
		"gone":            {proper, absent(http.StatusGone, notFound), nil},
		"its own page":    {proper, absent(http.StatusNotFound, "nginx"), []string{"not-found"}},
		"soft":            {proper, absent(http.StatusOK, notFound), []string{"soft-404"}},
		"leads home": {proper, func(w http.ResponseWriter, r *http.Request) { http.Redirect(w, r, "/", http.StatusFound) },
			[]string{"soft-404"}},
		"general types": {func(path string) string {
			return map[string]string{".json": "application/json", ".atom": "text/xml", ".md": "text/plain; charset=utf-8",
				".png": "image/png", ".html": "text/html; charset=utf-8"}[path[strings.LastIndex(path, "."):]]
		}, absent(http.StatusNotFound, notFound), []string{"general"}},
		"downloads": {func(string) string { return "application/octet-stream" }, absent(http.StatusNotFound, notFound), []string{"type"}},
		"another charset": {func(path string) string { return strings.Replace(proper(path), "utf-8", "iso-8859-1", 1) },
			absent(http.StatusNotFound, notFound), []string{"type"}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
				path := r.URL.Path
				if path == "/" {
					path += "index.html"
				}
				f, ok := files[path]
				if !ok || path == "/404.html" { // which this host does not serve under its name
					host.absent(w, r)
					return
				}
				w.Header().Set("Content-Type", host.types(path))
				_, _ = w.Write([]byte(f[0]))
			}))
			t.Cleanup(server.Close)
			found, err := e.Verify(context.Background(), server.URL, http.DefaultTransport, noWait(), nil)
			var have []string
			for _, f := range found {
				if !slices.Contains(have, f.Kind) {
					have = append(have, f.Kind)
				}
			}
			if err != nil || !slices.Equal(have, host.want) {
				t.Errorf("found %+v, %v; want %q", found, err, host.want)
			}
		})
	}
}
