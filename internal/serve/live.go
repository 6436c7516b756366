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

// This file holds what a live server adds: the script, its policy, and the
// events that it listens to.

//go:embed live.js
var liveScript []byte

//go:embed live.css
var liveStyle []byte

// liveRoot is where the script, its style and the events are. No slug begins
// with a dot, so it is nobody's page.
const liveRoot = "/.privgen/"

// enliven puts the script element into a page: at the end of its head, or
// before the page when it has none. The page is not changed but copied.
func (s *Server) enliven(page []byte, tag string) []byte {
	element := fmt.Sprintf(`<script src="%slive.js" nonce="%s" data-privgen="%s" defer></script>`, liveRoot, s.nonce, html.EscapeString(tag))
	i := bytes.Index(page, []byte("</head>"))
	if i < 0 {
		i = bytes.Index(page, []byte("<title>")) // a head that is not closed
	}
	i = max(0, i)
	out := make([]byte, 0, len(page)+len(element))
	out = append(out, page[:i]...)
	out = append(out, element...)
	return append(out, page[i:]...)
}

// allow lets a Content-Security-Policy allow the script, its style sheet and
// its requests, and nothing else. Without a policy there is none.
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

// serveLive answers what is asked below liveRoot.
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

// An event is what pages are told, when they begin to listen and whenever the
// state changes.
type event struct {
	Problems string `json:"problems"`       // as HTML; empty when there is none
	Jumps    int    `json:"jumps"`          // how often pages were told where to go
	Jump     string `json:"jump"`           // where to, the last time
	Tag      string `json:"tag,omitempty"`  // the ETag of the page that listens; without it, the page is to ask
	Page     string `json:"page,omitempty"` // that page, if it is not the one that it was
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

// serveEvents tells of changes until the page goes away. A page that says where
// it is and which it is gets the new one with the event, and need not ask.
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
		data := json.NewEncoder(w) // which ends the line
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

// page gives the page at an address as a browser would be given it, and its
// ETag; nothing for what is no page, and for what leads elsewhere.
func (s *Server) page(r *http.Request, address string) (tag, content string) {
	u, err := url.ParseRequestURI(address)
	if err != nil {
		return "", ""
	}
	ask := (&http.Request{Method: http.MethodGet, Host: r.Host, URL: &url.URL{Path: u.Path}}).WithContext(r.Context())
	answer := &held{header: http.Header{}, status: http.StatusOK}
	s.servePage(answer, ask)
	tag = answer.header.Get("ETag")
	if answer.status != http.StatusOK && answer.status != http.StatusNotFound || tag == "" {
		return "", ""
	}
	return tag, answer.body.String()
}

// A held answer is not sent.
type held struct {
	header http.Header
	status int
	body   strings.Builder
}

func (h *held) Header() http.Header         { return h.header }
func (h *held) WriteHeader(status int)      { h.status = status }
func (h *held) Write(b []byte) (int, error) { return h.body.Write(b) }
