package main

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"io"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/privgen/privgen/internal/disk"
	"github.com/privgen/privgen/internal/pages"
	"github.com/privgen/privgen/internal/preview"
	"github.com/privgen/privgen/internal/serve"
	"github.com/privgen/privgen/internal/site"
	"github.com/privgen/privgen/internal/tree"
	"github.com/privgen/privgen/templates"
	"github.com/privgen/privgen/themes"
)

// A served is a preview that runs in a test.
type served struct {
	*preview.Preview
	serveFlags
	t        *testing.T
	url      string // without a final slash
	out, err *printed
	events   *bufio.Reader
	stop     func() error
}

// A printed collects output. Several goroutines can use it.
type printed struct {
	mu sync.Mutex
	b  bytes.Buffer
}

func (p *printed) Write(b []byte) (int, error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.b.Write(b)
}

func (p *printed) String() string {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.b.String()
}

// patience is how long a test waits for an event.
const patience = 20 * time.Second

// startServing serves the site of a folder, and listens to its events.
func startServing(t *testing.T, dir string, f serveFlags) *served {
	t.Helper()
	files, err := disk.OpenSite(dir)
	if err != nil {
		t.Fatal(err)
	}
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	out, errOut := &printed{}, &printed{}
	s := &served{t: t, url: "http://" + l.Addr().String(), out: out, err: errOut,
		serveFlags: f, Preview: (&serving{&program{out: out, err: errOut}, f}).preview(files, dir, site.ConfigFile)}
	ctx, cancel := context.WithCancel(t.Context())
	done := make(chan error, 1)
	go func() {
		list, err := s.Run(ctx, l, serve.ShownHost(l), func(string) {})
		done <- failed(list, err, "")
	}()
	s.stop = sync.OnceValue(func() error {
		cancel()
		err := <-done
		l.Close()
		files.Close()
		return err
	})
	t.Cleanup(func() { s.stop() })
	if f.watch {
		r := s.ask("/.privgen/events")
		s.events = bufio.NewReader(r.Body)
		stop := s.stop
		s.stop = func() error {
			defer r.Body.Close()
			return stop()
		}
		s.event()
	}
	return s
}

func (s *served) ask(path string, header ...string) *http.Response {
	s.t.Helper()
	r, err := http.NewRequest("GET", s.url+path, nil)
	if err != nil {
		s.t.Fatal(err)
	}
	for i := 0; i < len(header); i += 2 {
		r.Header.Set(header[i], header[i+1])
	}
	transport := &http.Transport{DisableKeepAlives: true}
	answer, err := transport.RoundTrip(r)
	if err != nil {
		s.t.Fatal(err)
	}
	return answer
}

// get returns the body of a page, and its status.
func (s *served) get(path string) (string, int) {
	s.t.Helper()
	r := s.ask(path)
	defer r.Body.Close()
	b, err := io.ReadAll(r.Body)
	if err != nil {
		s.t.Fatal(err)
	}
	return string(b), r.StatusCode
}

type liveEvent struct {
	Problems string
	Jump     string
	Jumps    int
}

// event waits for the next event.
func (s *served) event() (e liveEvent) {
	s.t.Helper()
	late := time.AfterFunc(patience, func() { s.stop() }) // a stop ends the response
	defer late.Stop()
	for {
		line, err := s.events.ReadString('\n')
		if err != nil {
			s.t.Fatalf("no event came: %v\n%s\n%s", err, s.out, s.err)
		}
		if data, ok := strings.CutPrefix(line, "data: "); ok {
			if err := json.Unmarshal([]byte(data), &e); err != nil {
				s.t.Fatal(err)
			}
			return e
		}
	}
}

// eventThat waits for an event that meets a condition: on a busy machine, one save can
// be two events.
func (s *served) eventThat(is func(liveEvent) bool) liveEvent {
	s.t.Helper()
	for {
		if e := s.event(); is(e) {
			return e
		}
	}
}

// until waits until a page has some words or, if there is false, does not have them.
func (s *served) until(path, words string, there bool) {
	s.t.Helper()
	for {
		if text, _ := s.get(path); strings.Contains(text, words) == there {
			return
		}
		s.event()
	}
}

// sampleSite returns the folder of a copy of a part of the sample site.
func sampleSite(t *testing.T) string {
	t.Helper()
	dir := filepath.Join(t.TempDir(), "site")
	if err := copyPart(dir); err != nil {
		t.Fatal(err)
	}
	return dir
}

func policyText(words string) string {
	return "+++\n+++\n\n# A policy\n\n" + words + "\n"
}

// TestServeStory does the work of an author: edits, a mistake and its fix, new,
// renamed, and removed policies, drafts, clauses, a style sheet, and the config.
func TestServeStory(t *testing.T) {
	t.Parallel()
	dir := sampleSite(t)
	privacy := filepath.Join(dir, "content/privacy")
	before, err := os.ReadFile(privacy + "/2026-04-01.md")
	if err != nil {
		t.Fatal(err)
	}
	s := startServing(t, dir, serveFlags{watch: true, navigate: true, drafts: true, at: "2026-06-01"})

	write(t, privacy+"/2026-04-01.md", string(before)+"\nFresh words.\n")
	s.eventThat(func(e liveEvent) bool { return e.Jump == "/privacy/" && e.Jumps > 0 && e.Problems == "" })
	s.until("/privacy/", "Fresh words.", true)

	write(t, privacy+"/2026-04-01.md", strings.Replace(string(before), "effective = 2026-04-01", "effective = 2026-02-30", 1))
	e := s.eventThat(func(e liveEvent) bool { return strings.Contains(e.Problems, "2026-02-30") })
	for _, want := range []string{"content/privacy/2026-04-01.md:2:13", "2026-02-30", "effective = ", "February 2026 has 28 days"} {
		if !strings.Contains(e.Problems, want) {
			t.Errorf("the problem does not say %q:\n%s", want, e.Problems)
		}
	}
	if text, status := s.get("/privacy/"); status != 200 || !strings.Contains(text, "Fresh words.") {
		t.Errorf("the last good page does not stay: %d", status)
	}
	write(t, privacy+"/2026-04-01.md", string(before))
	s.eventThat(func(e liveEvent) bool { return e.Problems == "" })
	s.until("/privacy/", "Fresh words.", false)

	write(t, dir+"/content/returns/2026-05-01.md", policyText("Bring it back."))
	s.until("/returns/", "Bring it back.", true)
	write(t, dir+"/content/returns/2026-05-02.md", policyText("Bring it back soon."))
	s.until("/returns/2026-05-02/", "soon", true)
	if err := os.Rename(dir+"/content/returns", dir+"/content/refunds"); err != nil {
		t.Fatal(err)
	}
	s.until("/refunds/", "Bring it back", true)
	s.until("/returns/", "Bring it back", false)
	write(t, dir+"/content/refunds/2026-05-01.md", policyText("Watched where it was moved to."))
	s.until("/refunds/2026-05-01/", "Watched", true)
	if err := os.RemoveAll(dir + "/content/refunds"); err != nil {
		t.Fatal(err)
	}
	s.until("/refunds/", "Bring it back", false)

	write(t, dir+"/content/privacy/draft.md", "+++\n+++\n\n# Privacy\n\nWhat is to come.\n\n{{clause contact}}\n")
	s.until("/privacy/draft/", "What is to come.", true)
	s.until("/privacy/redline/2026-04-01..draft/", "<ins", true)
	clause, err := os.ReadFile(dir + "/content/_clauses/contact.md")
	if err != nil {
		t.Fatal(err)
	}
	write(t, dir+"/content/_clauses/contact.md", string(clause)+"\nWrite to us, please.\n")
	s.until("/privacy/draft/", "Write to us, please.", true)
	write(t, dir+"/templates/assets/own.css", "p { color: #123456 }\n")
	s.event()
	config, err := os.ReadFile(dir + "/privgen.toml")
	if err != nil {
		t.Fatal(err)
	}
	write(t, dir+"/privgen.toml", strings.Replace(string(config), "Example Ltd: policies", "Another title", 1))
	s.until("/", "Another title", true)
	write(t, dir+"/privgen.toml", strings.Replace(string(config), "legal.example.com/", "legal.example.com/sub/", 1))
	s.until("/sub/privacy/", "Privacy", true)

	if err := s.stop(); err != nil {
		t.Errorf("stopped: %v", err)
	}
	for _, want := range []string{"read 3 versions of 2 policies", "serving http://127.0.0.1:", "content/privacy/2026-04-01.md: ", " of privacy in ", "the texts that use it were read again in ", "stopped"} {
		if !strings.Contains(s.out.String(), want) {
			t.Errorf("%q is not in what was printed:\n%s", want, s.out)
		}
	}
	if !strings.Contains(s.err.String(), "1 problem in 1 file; the pages are from the last successful load") {
		t.Errorf("of the problem was printed:\n%s", s.err)
	}
	if _, err := os.Stat(dir + "/public"); err == nil {
		t.Error("serving wrote to public")
	}
}

// If a site has a problem at the start, the problem is shown, and after a fix, the site.
func TestServeFromBroken(t *testing.T) {
	t.Parallel()
	dir := sampleSite(t)
	config, err := os.ReadFile(dir + "/privgen.toml")
	if err != nil {
		t.Fatal(err)
	}
	write(t, dir+"/privgen.toml", "nonsense")
	s := startServing(t, dir, serveFlags{watch: true, drafts: true})
	text, status := s.get("/privacy/")
	if status != 500 || !strings.Contains(text, "privgen.toml:1:") || !strings.Contains(text, "live.js") {
		t.Errorf("a site with a problem is shown as %d:\n%s", status, text)
	}
	write(t, dir+"/privgen.toml", string(config))
	s.until("/privacy/", "Privacy policy", true)
}

// A stopped server ends soon and leaves no goroutine.
func TestServeLeavesNothing(t *testing.T) {
	dir := sampleSite(t)
	before := runtime.NumGoroutine()
	for range 3 {
		s := startServing(t, dir, serveFlags{watch: true, drafts: true})
		began := time.Now()
		if err := s.stop(); err != nil {
			t.Error(err)
		}
		if took := time.Since(began); took > 5*time.Second {
			t.Errorf("it took %v to stop", took)
		}
	}
	deadline := time.Now().Add(patience)
	for runtime.NumGoroutine() > before+1 && time.Now().Before(deadline) {
		runtime.Gosched()
	}
	if n := runtime.NumGoroutine(); n > before+1 {
		b := make([]byte, 1<<20)
		t.Errorf("%d goroutines before, %d after:\n%s", before, n, b[:runtime.Stack(b, true)])
	}
}

func TestServeAddress(t *testing.T) {
	t.Parallel()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	dir := sampleSite(t)
	taken := l.Addr().String()
	code, _, errOut := privgen(t, "serve", "--config", dir, "--addr", taken)
	if code != exitEnvironment || !strings.Contains(errOut, "serve "+taken+": another program listens there") {
		t.Errorf("a taken address gives %d, %q", code, errOut)
	}
	for _, addr := range []string{"nowhere", "127.0.0.1:http", "127.0.0.1:99999"} {
		if code, _, errOut := privgen(t, "serve", "--config", dir, "--addr", addr); code != exitUsage {
			t.Errorf("--addr %s gives %d, %q", addr, code, errOut)
		}
	}
	if code, _, errOut := privgen(t, "serve", "--config", dir, "--poll"); code != exitUsage || !strings.Contains(errOut, "add --watch") {
		t.Errorf("--poll alone gives %d, %q", code, errOut)
	}
	said := &printed{}
	first, err := serve.Listen(said, "")
	if err != nil {
		t.Fatal(err)
	}
	defer first.Close()
	second, err := serve.Listen(said, "")
	if err != nil {
		t.Fatal(err)
	}
	defer second.Close()
	if !strings.Contains(said.String(), "another program listens on port 8080; taking ") {
		t.Errorf("of the taken port it says %q", said)
	}
	open := &printed{}
	all, err := serve.Listen(open, "0.0.0.0:0")
	if err != nil {
		t.Fatal(err)
	}
	defer all.Close()
	if !strings.Contains(open.String(), "anyone who can reach it over the network can read the site") {
		t.Errorf("of serving to everybody it says %q", open)
	}
}

// fresh loads the site from its files, and plans all of it.
func fresh(t *testing.T, s *served) tree.Tree {
	t.Helper()
	loaded, list := site.Load(site.Input{Files: s.Files, Drafts: func(string) bool { return true }, Templates: templates.FS, Themes: themes.FS, Program: programID(), Each: sideBySide})
	if len(list) > 0 {
		t.Fatal(list)
	}
	now, err := moment(s.at, loaded)
	if err != nil {
		t.Fatal(err)
	}
	return pages.NewView(loaded, now, pages.Preview{Drafts: true}).Tree()
}
