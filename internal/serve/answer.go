package serve

import (
	"bytes"
	"net"
	"net/http"
	"net/netip"
	"net/url"
	"slices"
	"strings"
	"time"

	"github.com/privgen/privgen/internal/tree"
)

// The files that configure hosts; they are not served.
const (
	headersFile   = "_headers"
	redirectsFile = "_redirects"
)

// ServeHTTP answers a request.
func (s *Server) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	switch {
	case !s.isOurs(r.Host):
		refuse(w, http.StatusForbidden, "This server is not called "+strings.ToValidUTF8(r.Host, "?")+".\n"+
			"Use http://localhost or its address; to serve under another name, pass it to --addr.\n")
	case r.Method != http.MethodGet && r.Method != http.MethodHead:
		w.Header().Set("Allow", "GET, HEAD")
		refuse(w, http.StatusMethodNotAllowed, "This site is read-only.\n")
	case strings.HasPrefix(r.URL.Path, liveRoot) && !inGallery(r.URL.Path):
		s.serveLive(w, r)
	default:
		s.servePage(w, r)
	}
}

func inGallery(path string) bool { return strings.HasPrefix(path+"/", GalleryRoot) }

func refuse(w http.ResponseWriter, status int, why string) {
	w.Header().Set("Cache-Control", "no-store")
	http.Error(w, strings.TrimSuffix(why, "\n"), status)
}

// isOurs reports whether a Host header names this server. It accepts every IP
// address: only a name can be rebound to another machine.
func (s *Server) isOurs(host string) bool {
	name := host
	if h, _, err := net.SplitHostPort(host); err == nil {
		name = h
	}
	name = strings.ToLower(strings.TrimSuffix(name, "."))
	if _, err := netip.ParseAddr(strings.Trim(name, "[]")); err == nil {
		return true
	}
	return name == "localhost" || strings.HasSuffix(name, ".localhost") || slices.Contains(s.Names, name)
}

// servePage answers with an entry of the site. If there is none, it answers like a
// host, with a redirect or 404.html.
func (s *Server) servePage(w http.ResponseWriter, r *http.Request) {
	for {
		state, since, changed := s.now()
		if inGallery(r.URL.Path) && state.Gallery != nil {
			state.Site, state.Problems = state.Gallery()
			state.Root = GalleryRoot
		}
		if state.Site == nil {
			s.serveInstead(w, r, problemsHTML(state.Problems, false))
			return
		}
		a := &answer{Server: s, w: w, r: r, state: state, since: since, changed: changed}
		if a.send(); !a.again {
			return
		}
	}
}

// An answer is the answer to one request, from one state.
type answer struct {
	*Server
	w       http.ResponseWriter
	r       *http.Request
	state   State
	since   time.Time
	changed <-chan struct{}
	again   bool // nothing was sent: answer from the next state
}

func (a *answer) send() {
	path := a.r.URL.Path
	redirects, ok := a.text(redirectsFile)
	if !ok {
		return
	}
	if to, status, ok := lead(parseRedirects(redirects), path); ok {
		a.lead(to, status)
		return
	}
	below, inside := strings.CutPrefix(path, a.state.Root)
	switch {
	case path+"/" == a.state.Root:
		a.lead(a.state.Root, http.StatusMovedPermanently)
	case !inside && path == "/":
		// Hosts do not do this, but somebody who types only the host wants the site.
		a.lead(a.state.Root, http.StatusFound)
	case !inside || below == headersFile || below == redirectsFile:
		a.entry(a.state.Site.Find("404.html"), http.StatusNotFound)
	case below == "" || strings.HasSuffix(below, "/"):
		a.orNot(a.state.Site.Find(below + "index.html"))
	case below == "index.html" || strings.HasSuffix(below, "/index.html"):
		if e := a.state.Site.Find(below); e == nil {
			a.orNot(e)
		} else {
			a.lead(escapePath(strings.TrimSuffix(path, "index.html")), http.StatusMovedPermanently)
		}
	default:
		e := a.state.Site.Find(below)
		if e == nil && a.state.Site.Find(below+"/index.html") != nil {
			a.lead(escapePath(path+"/"), http.StatusMovedPermanently)
			return
		}
		a.orNot(e)
	}
}

func (a *answer) orNot(e *tree.Entry) {
	if e == nil {
		a.entry(a.state.Site.Find("404.html"), http.StatusNotFound)
		return
	}
	a.entry(e, http.StatusOK)
}

func escapePath(path string) string { return (&url.URL{Path: path}).EscapedPath() }

// lead redirects to another URL. It forbids caching: otherwise browsers would follow
// a permanent redirect also for the next site that is served at this port.
func (a *answer) lead(to string, status int) {
	if a.r.URL.RawQuery != "" && !strings.Contains(to, "?") {
		to += "?" + a.r.URL.RawQuery
	}
	a.w.Header().Set("Location", to)
	a.w.Header().Set("Cache-Control", "no-store")
	a.w.WriteHeader(status)
}

// text returns the text of headersFile or redirectsFile, or "" if the site has none.
// It returns false if it answered the request, or if the next state has to answer it.
func (a *answer) text(name string) (string, bool) {
	e := a.state.Site.Find(name)
	if e == nil {
		return "", true
	}
	b, ok := a.bytes(e)
	return string(b), ok
}

func (a *answer) bytes(e *tree.Entry) ([]byte, bool) {
	b, again, err := a.render(a.r.Context(), e, a.changed)
	if err != nil {
		if a.again = again; !again {
			a.serveFailure(a.w, a.r, a.state, err)
		}
		return nil, false
	}
	return b, true
}

// entry answers with an entry.
func (a *answer) entry(e *tree.Entry, status int) {
	if e == nil { // a site without a 404 page
		refuse(a.w, http.StatusNotFound, "There is nothing here.\n")
		return
	}
	rules, ok := a.text(headersFile)
	if !ok {
		return
	}
	content, ok := a.bytes(e)
	if !ok {
		return
	}
	h := a.w.Header()
	h.Set("Content-Type", e.Type)
	h.Set("Cache-Control", "no-cache")
	applyHeaders(parseHeaders(rules), a.r.URL.Path, h)
	tag := `"` + e.Key.String() + `"`
	if a.Live && strings.HasPrefix(e.Type, "text/html") {
		tag = `"` + e.Key.String() + "-" + a.nonce + `"`
		content = a.enliven(content, tag)
		h.Set("Content-Security-Policy", allow(h.Get("Content-Security-Policy"), a.nonce))
	}
	h.Set("ETag", tag)
	if status != http.StatusOK {
		a.w.WriteHeader(status)
		if a.r.Method != http.MethodHead {
			a.w.Write(content)
		}
		return
	}
	// HTTP times have whole seconds. The page could change again within the same
	// second, and would have the same time, so a recent time is omitted.
	changed := a.since.Truncate(time.Second)
	if time.Since(changed) < 2*time.Second {
		changed = time.Time{}
	}
	http.ServeContent(a.w, a.r, "", changed, bytes.NewReader(content))
}
