// Package serve serves a finished site over HTTP, as a host would, for its
// author.
//
// Its two fundamental types are Server, which answers requests, and State, what
// it serves: a site, and the problems that keep a newer one from being shown.
//
// # As on a host
//
// A page has the bytes that a build writes and the headers that the site's own
// _headers file sets. Redirects in _redirects work, a folder is redirected to
// its final slash, and a missing page is 404.html. The two files are not served
// themselves. The ETag of an answer is the entry's key, and ranges and
// conditions work. Unless the site's headers say otherwise, caching is
// no-cache, so that the browser shows the current state.
//
// # Live
//
// A live server adds a script element to the HTML pages that it sends, and allows
// the script in the page's Content-Security-Policy. The script (live.js) listens to
// /.privgen/events, and sends the path of its page. It receives every change, with
// the page if that has changed, and updates the changed parts of the document. A
// page that was disconnected receives the new one when it reconnects, because its
// ETag differs. Problems are shown above the page, which stays.
//
// # Access
//
// Any web page can make a browser send requests to a server on the same
// machine. So a request must name the server by an IP address, by localhost, or
// by a configured name (a name that was rebound to 127.0.0.1 is none of these),
// and paths below /.privgen/ are answered only for pages of this server.
package serve

import (
	"bytes"
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"io"
	"log"
	"net"
	"net/http"
	"sync"
	"time"

	"github.com/privgen/privgen/internal/source"
	"github.com/privgen/privgen/internal/tree"
)

// A Finder finds the entries of a site by their path, and returns nil for a
// path without one. A tree.Tree is a Finder.
type Finder interface {
	Find(path string) *tree.Entry
}

// A Problem is a source.Problem with the text of its line, if it has one.
type Problem struct {
	*source.Problem
	Text string
}

// GalleryRoot is the path at which a server shows the gallery of the theme.
const GalleryRoot = liveRoot + "gallery/"

// A State is what a Server shows. It must not change once it is shown.
type State struct {
	Site     Finder                     // nil until a site could be built
	Root     string                     // the path of the site on the host, such as / or /legal/
	Problems []Problem                  // why Site is not the newest; nil if it is
	Gallery  func() (Finder, []Problem) // returns the site below GalleryRoot, or its problems; may be nil
	Jump     string                     // path in the site of the page to go to: privacy/; needs Live
	Jumps    bool
}

// Options configure a Server.
type Options struct {
	Live  bool     // add the script, and notify pages of changes
	Names []string // names in the Host header besides localhost and IP addresses
}

// A Server answers requests with the pages of its State. Several goroutines can
// use it.
type Server struct {
	Options
	nonce  string // for the script, in pages and policies
	cached cache

	mu      sync.Mutex
	state   State
	since   time.Time     // when state was shown
	jumps   int           // how many states had a page to go to
	jump    string        // the path of the latest of these pages
	changed chan struct{} // closed when state changes
}

// New returns a Server that has nothing to show yet.
func New(o Options) *Server {
	return &Server{Options: o, nonce: rand.Text(), changed: make(chan struct{})}
}

// Show replaces what is shown, and notifies the open pages.
func (s *Server) Show(state State) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.state, s.since = state, time.Now()
	if state.Jumps {
		s.jumps++
		s.jump = state.Root + state.Jump
	}
	close(s.changed)
	s.changed = make(chan struct{})
}

// State returns what is shown.
func (s *Server) State() State {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.state
}

// now returns what is shown, since when, and a channel that is closed when it
// changes.
func (s *Server) now() (State, time.Time, <-chan struct{}) {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.state, s.since, s.changed
}

// Run answers requests until the context ends. Then it stops at once: open
// connections are closed, and no goroutine of the server is left.
func (s *Server) Run(ctx context.Context, l net.Listener) error {
	ctx, cancel := context.WithCancel(ctx)
	var answering sync.RWMutex // held by each request; one that comes after the end is not answered
	ended := false
	h := &http.Server{
		Handler: http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			answering.RLock()
			defer answering.RUnlock()
			if !ended {
				s.ServeHTTP(w, r)
			}
		}),
		BaseContext:       func(net.Listener) context.Context { return ctx },
		ReadHeaderTimeout: 10 * time.Second,
		ErrorLog:          log.New(io.Discard, "", 0), // such as closed connections
	}
	stop := context.AfterFunc(ctx, func() { h.Close() })
	err := h.Serve(l)
	stop()
	cancel()
	h.Close()
	answering.Lock() // waits until the last request is answered
	ended = true
	answering.Unlock()
	if errors.Is(err, http.ErrServerClosed) {
		return nil
	}
	return fmt.Errorf("serve %v: %w", l.Addr(), err)
}

// patience is how long a request waits for a site that is about to be shown.
const patience = 3 * time.Second

// render returns the bytes of an entry, which the caller must not change. If a text was
// saved after the site was loaded, it waits for the next state. If that is shown in time,
// again is true, and the caller finds the entry there.
func (s *Server) render(ctx context.Context, e *tree.Entry, changed <-chan struct{}) (content []byte, again bool,
	err error) {
	if content = s.cached.get(e.Path, e.Key); content != nil {
		return content, false, nil
	}
	var b bytes.Buffer
	err = e.Render(&b)
	if err == nil {
		s.cached.put(e.Path, e.Key, b.Bytes())
		return b.Bytes(), false, nil
	}
	if source.ProblemOf(err) != nil || !s.Live {
		return nil, false, err
	}
	t := time.NewTimer(patience)
	defer t.Stop()
	select {
	case <-changed:
		return nil, true, err
	case <-ctx.Done():
	case <-t.C:
	}
	return nil, false, err
}
