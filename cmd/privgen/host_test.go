package main

import (
	"mime"
	"net/http"
	"net/http/httptest"
	"os"
	"path"
	"path/filepath"
	"regexp"
	"strings"

	"github.com/rogpeppe/go-internal/testscript"
)

// host VARIABLE DIR [plain] serves a folder as hosts do that read _headers and
// _redirects, and sets the variable to its URL. A plain host reads neither, and
// chooses types by file extension only.
func host(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) < 2 {
		ts.Fatalf("usage: host VARIABLE DIR [plain]")
	}
	h := &hostOf{dir: ts.MkAbs(args[1]), plain: len(args) > 2}
	server := httptest.NewServer(h)
	ts.Defer(server.Close)
	ts.Setenv(args[0], server.URL+"/")
	ts.Setenv("LISTENS", server.Listener.Addr().String())
}

type hostOf struct {
	dir   string
	plain bool
}

func (h *hostOf) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	name := strings.TrimPrefix(path.Clean(r.URL.Path), "/")
	if strings.HasSuffix(r.URL.Path, "/") {
		name = path.Join(name, "index.html")
	}
	if !h.plain && h.rules(w, r) {
		return
	}
	body, err := os.ReadFile(filepath.Join(h.dir, filepath.FromSlash(name)))
	if err != nil || !h.plain && (name == "_headers" || name == "_redirects") {
		w.WriteHeader(http.StatusNotFound)
		body, _ = os.ReadFile(filepath.Join(h.dir, "404.html"))
	}
	types := map[string]string{".html": "text/html; charset=utf-8", ".md": "text/markdown; charset=utf-8", ".txt": "text/plain; charset=utf-8",
		".json": "application/json", ".xml": "application/xml", ".css": "text/css; charset=utf-8", ".atom": "application/atom+xml"}
	if w.Header().Get("Content-Type") == "" {
		kind := types[path.Ext(name)]
		if kind == "" {
			kind = mime.TypeByExtension(path.Ext(name))
		}
		w.Header().Set("Content-Type", kind)
	}
	_, _ = w.Write(body)
}

// rules follows _redirects, then _headers, and reports whether it has sent a redirect.
func (h *hostOf) rules(w http.ResponseWriter, r *http.Request) bool {
	redirects, _ := os.ReadFile(filepath.Join(h.dir, "_redirects"))
	for line := range strings.Lines(string(redirects)) {
		f := strings.Fields(line)
		if pattern := patternOf(f[0]); pattern.MatchString(r.URL.Path) {
			to := regexp.MustCompile(`:(\w+)`).ReplaceAllString(f[1], "$${$1}")
			http.Redirect(w, r, pattern.ReplaceAllString(r.URL.Path, to), http.StatusMovedPermanently)
			return true
		}
	}
	headers, _ := os.ReadFile(filepath.Join(h.dir, "_headers"))
	matches := false
	for line := range strings.Lines(string(headers)) {
		if !strings.HasPrefix(line, " ") {
			matches = patternOf(strings.TrimSpace(line)).MatchString(r.URL.Path)
		} else if name, value, ok := strings.Cut(strings.TrimSpace(line), ": "); ok && matches {
			w.Header().Set(name, value)
		}
	}
	return false
}

// patternOf returns the pattern of a rule as a regular expression. In a rule, *
// matches anything, and :name matches one part between slashes.
func patternOf(rule string) *regexp.Regexp {
	rule = strings.ReplaceAll(regexp.QuoteMeta(rule), `\*`, `(?P<splat>.*)`)
	return regexp.MustCompile("^" + regexp.MustCompile(`:(\w+)`).ReplaceAllString(rule, `(?P<$1>[^/]+)`) + "$")
}
