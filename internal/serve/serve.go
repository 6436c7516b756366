// Package serve shows a finished site over HTTP, as a host would, to its author.
//
// Its two fundamental types are Server, which answers requests, and State, what
// it shows: a site, and the problems that keep a newer one from being shown.
//
// # As on a host
//
// A page has the bytes that a build writes and the headers that the site's own
// _headers file names; _redirects is obeyed, a folder is led to its final
// slash, and what is not there gets 404.html. The two files are not served
// themselves. Answers have an ETag made of the entry's key, and ranges and
// conditions work. What the site's headers leave open about caching is
// no-cache, so that what is seen is what there is.
//
// # Live
//
// A live server adds one thing to an HTML page on the wire: a script element,
// and what its policy has to allow for it. The script (live.js) listens to
// /.privgen/events, where it says which page it stands in, is told of every
// change with that page if it is another now, and changes in the document what
// changed in the page. ETags tell which page is meant, so that one that was
// away, or whose server was, gets the new one when it is back. Problems are
// shown above the page, which stays.
//
// # Who may ask
//
// Anybody on the web can make a browser ask a server on its own machine. So a
// request must name the server by an address, by localhost, or by a name that
// the server was given (a name that was rebound to 127.0.0.1 is none of them),
// and what is below /.privgen/ is answered to pages of this server alone.
package serve

import (
	"bytes"
	"context"
	"crypto/rand"
	"encoding/base64"
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

// A Finder is a site whose entries are found by their path; it gives nil for
// what is not there. A tree.Tree is one.
type Finder interface {
	Find(path string) *tree.Entry
}

// A Problem is a source.Problem with the text of its line, if it has one.
type Problem struct {
	*source.Problem
	Text string
}

// A State is what a Server shows. It is not changed once it is shown.
type State struct {
	Site     Finder    // nil while there has been none
	Root     string    // the path at which the site stands, such as / or /legal/
	Problems []Problem // why Site is not the newest; or none
	Jump     string    // path in the site of the page to go to: privacy/; only with Jumps
	Jumps    bool
}

// Options say how a Server serves.
type Options struct {
	Live  bool     // add the script, and tell pages of changes
	Names []string // names in the Host header beside localhost and addresses
}

// A Server answers requests with the pages of its State. It may be used by
// several goroutines.
type Server struct {
	Options
	nonce  string // of the script, as pages and policies name it
	cached cache

	mu      sync.Mutex
	state   State
	since   time.Time     // when state was shown
	jumps   int           // how many states had a page to go to
	jump    string        // the last of them
	changed chan struct{} // closed when state changes
}

// New makes a Server that has nothing to show yet.
func New(o Options) *Server {
	b := make([]byte, 15)
	rand.Read(b)
	return &Server{Options: o, nonce: base64.StdEncoding.EncodeToString(b), changed: make(chan struct{})}
}

// Show replaces what is shown, and tells the pages that are open.
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

// State gives what is shown.
func (s *Server) State() State {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.state
}

// now gives what is shown, since when, and what tells of a change.
func (s *Server) now() (State, time.Time, <-chan struct{}) {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.state, s.since, s.changed
}

// Run answers requests until the context ends, and then stops at once: who is
// being answered is cut off, and nothing of the server is left running.
func (s *Server) Run(ctx context.Context, l net.Listener) error {
	ctx, cancel := context.WithCancel(ctx)
	var answering sync.WaitGroup
	h := &http.Server{
		Handler: http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			answering.Add(1)
			defer answering.Done()
			s.ServeHTTP(w, r)
		}),
		BaseContext:       func(net.Listener) context.Context { return ctx },
		ReadHeaderTimeout: 10 * time.Second,
		ErrorLog:          log.New(io.Discard, "", 0), // of connections that broke off
	}
	stop := context.AfterFunc(ctx, func() { h.Close() })
	err := h.Serve(l)
	stop()
	cancel()
	h.Close()
	answering.Wait()
	if errors.Is(err, http.ErrServerClosed) {
		return nil
	}
	return fmt.Errorf("serve %v: %w", l.Addr(), err)
}

// patience is how long a request waits for a site that is about to be shown.
const patience = 3 * time.Second

// draw gives the bytes of an entry. A text may have been saved after the site
// was loaded; then the next state is waited for, and again is true: the entry
// is to be looked up there.
func (s *Server) draw(ctx context.Context, e *tree.Entry, changed <-chan struct{}) (content []byte, again bool, err error) {
	if content = s.cached.get(e.Path, e.Key); content != nil {
		return content, false, nil
	}
	var b bytes.Buffer
	err = e.Render(&b)
	if err == nil {
		s.cached.put(e.Path, e.Key, b.Bytes())
		return b.Bytes(), false, nil
	}
	if problemOf(err) != nil || !s.Live {
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
