package serve

import (
	"bytes"
	_ "embed"
	"encoding/json"
	"fmt"
	"html"
	"net/http"
	"net/url"
	"strings"
)

// This file implements what a live server adds: the script, its policy, and the
// events that it receives.

//go:embed live.js
var liveScript []byte

//go:embed live.css
var liveStyle []byte

// liveRoot is the path of the script, its style, and the events. No slug begins
// with a dot, so it cannot be a page.
const liveRoot = "/.privgen/"

// enliven returns a copy of a page with the script element: at the end of its head,
// before its title if the head has no end tag, or before a page without either.
func (s *Server) enliven(page []byte, tag string) []byte {
	element := fmt.Sprintf(`<script src="%slive.js" nonce="%s" data-privgen="%s" defer></script>`, liveRoot, s.nonce,
		html.EscapeString(tag))
	i := bytes.Index(page, []byte("</head>"))
	if i < 0 {
		i = bytes.Index(page, []byte("<title>"))
	}
	i = max(0, i)
	out := make([]byte, 0, len(page)+len(element))
	out = append(out, page[:i]...)
	out = append(out, element...)
	return append(out, page[i:]...)
}

// allow extends a Content-Security-Policy by the script, its style sheet, and
// its requests. An empty policy stays empty.
func allow(policy, nonce string) string {
	if policy == "" {
		return ""
	}
	add := map[string]string{"script-src": "'nonce-" + nonce + "'", "connect-src": "'self'", "style-src": "'self'"}
	directives := strings.Split(policy, ";")
	fallback := ""
	for i, d := range directives {
		words := strings.Fields(d)
		if len(words) == 0 {
			continue
		}
		name := strings.ToLower(words[0])
		if name == "default-src" {
			fallback = strings.Join(words[1:], " ")
		}
		if source := add[name]; source != "" {
			directives[i] = " " + words[0] + " " + with(strings.Join(words[1:], " "), source)
			delete(add, name)
		}
	}
	out := strings.TrimSpace(strings.Join(directives, ";"))
	for _, name := range []string{"script-src", "connect-src", "style-src"} {
		if add[name] != "" && fallback != "" {
			out += "; " + name + " " + with(fallback, add[name])
		}
	}
	return out
}

// with adds a source to a list of sources.
func with(list, source string) string {
	if list == "'none'" || list == "" {
		return source
	}
	if strings.Contains(" "+list+" ", " "+source+" ") {
		return list
	}
	return list + " " + source
}

// serveLive answers requests for paths below liveRoot.
func (s *Server) serveLive(w http.ResponseWriter, r *http.Request) {
	name := strings.TrimPrefix(r.URL.Path, liveRoot)
	h := w.Header()
	h.Set("Cache-Control", "no-cache")
	h.Set("X-Content-Type-Options", "nosniff")
	h.Set("Cross-Origin-Resource-Policy", "same-origin")
	switch {
	case !sameOrigin(r):
		refuse(w, http.StatusForbidden, "This is for the pages of this server alone.\n")
	case name == "live.js" && s.Live:
		h.Set("Content-Type", "text/javascript; charset=utf-8")
		w.Write(liveScript)
	case name == "live.css":
		h.Set("Content-Type", "text/css; charset=utf-8")
		w.Write(liveStyle)
	case name == "events" && s.Live && r.Method == http.MethodGet:
		s.serveEvents(w, r)
	default:
		refuse(w, http.StatusNotFound, "There is nothing here.\n")
	}
}

// sameOrigin reports whether a request comes from a page of this server, or
// from no page at all.
func sameOrigin(r *http.Request) bool {
	switch r.Header.Get("Sec-Fetch-Site") {
	case "", "same-origin", "none":
	default:
		return false
	}
	origin := r.Header.Get("Origin")
	if origin == "" {
		return true
	}
	u, err := url.Parse(origin)
	return err == nil && u.Host == r.Host
}

// An event is sent to pages when they connect and whenever the state changes.
type event struct {
	Problems string `json:"problems"`       // as HTML; empty if there are none
	Jumps    int    `json:"jumps"`          // how many states had a page to go to
	Jump     string `json:"jump"`           // the URL of the latest one
	Tag      string `json:"tag,omitempty"`  // the ETag of the page that listens; empty if it is unknown
	Page     string `json:"page,omitempty"` // the content of that page, if it has changed
}

func (s *Server) event() (event, <-chan struct{}) {
	s.mu.Lock()
	defer s.mu.Unlock()
	e := event{Jumps: s.jumps, Jump: s.jump}
	if len(s.state.Problems) > 0 {
		e.Problems = problemsHTML(s.state.Problems, s.state.Site != nil)
	}
	return e, s.changed
}

// serveEvents sends events until the page disconnects. A page that sends its path
// and ETag receives its new content in the event, and need not fetch it.
func (s *Server) serveEvents(w http.ResponseWriter, r *http.Request) {
	w.Header().Set("Content-Type", "text/event-stream")
	w.Header().Set("Cache-Control", "no-store")
	out := http.NewResponseController(w)
	fmt.Fprint(w, "retry: 250\n")
	tag := r.FormValue("tag")
	for {
		e, changed := s.event()
		if e.Problems == "" {
			if e.Tag, e.Page = s.page(r, r.FormValue("page")); e.Tag == tag {
				e.Page = ""
			} else if e.Tag != "" {
				tag = e.Tag
			}
		}
		fmt.Fprint(w, "data: ")
		data := json.NewEncoder(w) // it ends the line, too
		data.SetEscapeHTML(false)
		if data.Encode(e) != nil {
			return
		}
		fmt.Fprint(w, "\n")
		if out.Flush() != nil {
			return
		}
		select {
		case <-changed:
		case <-r.Context().Done():
			return
		}
	}
}

// page returns the ETag and the content of the page at a path, as a browser would
// receive it. Both are empty for a redirect, a failure, and a path that does not parse.
func (s *Server) page(r *http.Request, address string) (tag, content string) {
	u, err := url.ParseRequestURI(address)
	if err != nil {
		return "", ""
	}
	ask := (&http.Request{Method: http.MethodGet, Host: r.Host, URL: &url.URL{Path: u.Path}}).WithContext(r.Context())
	answer := &bufferedResponse{header: http.Header{}, status: http.StatusOK}
	s.servePage(answer, ask)
	tag = answer.header.Get("ETag")
	if answer.status != http.StatusOK && answer.status != http.StatusNotFound || tag == "" {
		return "", ""
	}
	return tag, answer.body.String()
}

// A bufferedResponse keeps an answer instead of sending it.
type bufferedResponse struct {
	header http.Header
	status int
	body   strings.Builder
}

func (h *bufferedResponse) Header() http.Header         { return h.header }
func (h *bufferedResponse) WriteHeader(status int)      { h.status = status }
func (h *bufferedResponse) Write(b []byte) (int, error) { return h.body.Write(b) }
