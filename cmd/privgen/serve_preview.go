package main

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strings"
	"sync/atomic"
	"time"

	"github.com/privgen/privgen/internal/disk"
	"github.com/privgen/privgen/internal/pages"
	"github.com/privgen/privgen/internal/policy"
	"github.com/privgen/privgen/internal/record"
	"github.com/privgen/privgen/internal/serve"
	"github.com/privgen/privgen/internal/site"
	"github.com/privgen/privgen/internal/source"
	"github.com/privgen/privgen/internal/watch"
)

// A preview is a site that is served while it is written: what was loaded last,
// and what changed since.
type preview struct {
	*program
	serveFlags
	files     *disk.Site
	dir, name string // the site's folder, and the config in it

	server  *serve.Server
	watcher *watch.Watcher // nil without --watch
	cache   site.Cache
	output  atomic.Pointer[string] // the folder that is not watched, from that of the site

	site    *site.Site  // the last that had no problem; nil until there was one
	view    *pages.View // what is shown of it
	root    string      // where it stands on the host
	changed policy.Changes
	all     bool // anything may have changed since site was loaded
	fixed   bool // the site is shown as of a moment that does not move on
	moment  time.Time
	problem bool // the last load had problems
}

// notes is the name under which the memory is kept for the next start.
const notes = "serve.memory"

// start begins to watch, loads the site and shows it. Without --watch, problems
// are the end.
func (s *preview) start(ctx context.Context) error {
	began := time.Now()
	if id, kept, ok := bytes.Cut(disk.ReadNotes(s.dir, notes), []byte("\n")); ok && string(id) == programID() {
		// What cannot be read is forgotten: a memory is never needed.
		_ = s.cache.UnmarshalBinary(kept)
	}
	if s.watch {
		if err := s.look(); err != nil {
			return err
		}
	}
	s.root = "/"
	err := s.load(func(n int, do func(i int)) {
		sideBySide(n, func(i int) {
			if ctx.Err() == nil {
				do(i)
			}
		})
	})
	if ctx.Err() != nil {
		s.site = nil // some of it was not read
		return nil
	}
	if found := new(problems); errors.As(err, &found) {
		if !s.watch {
			found.note = "nothing is served"
			return err
		}
		s.showProblems(found)
		return nil
	}
	if err != nil {
		return err
	}
	s.show("")
	s.remember()
	s.say("%s in %s", s.holds(), seconds(time.Since(began)))
	return nil
}

// look begins to watch what the site is made of.
func (s *preview) look() error {
	s.setOutput("public")
	if c, list := site.ReadConfig(s.files, s.name); list == nil {
		s.setOutput(c.Output.Folder)
	}
	w, err := watch.Start(watch.Options{
		Dir:   s.dir,
		Roots: []string{s.name, record.File, site.Content, site.Templates, site.Themes},
		Skip: func(p string) bool {
			out := *s.output.Load()
			return p == out || strings.HasPrefix(p, out+"/")
		},
		Poll: s.poll, Fingerprint: disk.FingerprintOf,
		Note: func(text string) { fmt.Fprintf(s.err, "privgen: %s\n", text) },
	})
	s.watcher = w
	return err
}

func (s *preview) setOutput(folder string) {
	folder = path.Clean(filepath.ToSlash(folder))
	s.output.Store(&folder)
}

// end lets go of everything.
func (s *preview) end() {
	if s.watcher != nil {
		s.watcher.Close()
	}
	s.remember()
	s.say("stopped")
}

// remember keeps the memory for the next start. That it cannot be written costs
// time, and nothing else.
func (s *preview) remember() {
	if s.site != nil {
		_ = disk.WriteNotes(s.dir, notes, slices.Concat([]byte(programID()+"\n"), s.cache.Bytes()))
	}
}

// longestSleep is how long a clock is trusted: a machine that was asleep in
// between does not know.
const longestSleep = 5 * time.Minute

// follow shows what changes, on the disk and by time, until the context ends.
func (s *preview) follow(ctx context.Context) error {
	var batches <-chan watch.Batch
	if s.watcher != nil {
		batches = s.watcher.C
	}
	clock := time.NewTimer(s.untilNext(time.Now()))
	defer clock.Stop()
	for {
		select {
		case <-ctx.Done():
			return nil
		case b := <-batches:
			if err := s.rebuild(b); err != nil {
				return err
			}
		case now := <-clock.C:
			s.pass(now)
		}
		clock.Reset(s.untilNext(time.Now()))
	}
}

// untilNext is how long nothing changes by itself.
func (s *preview) untilNext(now time.Time) time.Duration {
	if s.site == nil || s.fixed {
		return longestSleep
	}
	at, _, ok := s.site.Next(s.moment)
	if !ok {
		return longestSleep
	}
	return max(0, min(at.Sub(now), longestSleep))
}

// pass shows what has taken effect, or was published, by now.
func (s *preview) pass(now time.Time) {
	if s.site == nil || s.fixed {
		return
	}
	at, v, ok := s.site.Next(s.moment)
	if !ok || at.After(now) {
		return
	}
	s.moment = now
	s.view = pages.NewView(s.site, now, s.shows())
	s.show("")
	s.say("%s  %s %s takes effect or is published now", clockTime(), v.Policy.Slug, v.ID)
}

func (s *preview) shows() pages.Preview {
	return pages.Preview{Drafts: s.drafts && !s.inForce, InForce: s.inForce}
}

// load loads the site, or what changed of it. The error is problems, or a wrong
// command line.
func (s *preview) load(each func(n int, do func(i int))) error {
	last := s.site
	if s.all {
		last = nil
	}
	loaded, err := load(site.Input{
		Files: s.files, Config: s.name, Cache: &s.cache, Each: each, Fingerprint: disk.Fingerprints(s.dir, time.Now()),
		Drafts: func(string) bool { return s.drafts && !s.inForce }, Last: last, Changed: s.changed,
	})
	if err != nil {
		return err
	}
	now, err := moment(s.at, loaded)
	if err != nil {
		return err
	}
	s.site, s.moment = loaded, now
	s.setOutput(loaded.Config.Output.Folder)
	s.changed, s.all = nil, false
	s.fixed = s.at != "" || !loaded.Config.Site.Day.IsZero() || os.Getenv("SOURCE_DATE_EPOCH") != ""
	s.view, s.root = pages.NewView(loaded, now, s.shows()), loaded.Config.BasePath()
	return nil
}

// rebuild loads what changed and shows it.
func (s *preview) rebuild(b watch.Batch) error {
	began := time.Now()
	if s.changed == nil {
		s.changed = policy.Changes{}
	}
	for _, name := range b.Paths {
		s.changed[name] = true
	}
	s.all = s.all || b.All
	before := s.view
	err := s.load(sideBySide)
	found := new(problems)
	switch {
	case errors.As(err, &found):
		s.showProblems(found)
		return nil
	case err != nil:
		return err
	}
	mended := s.problem
	s.show(s.page(b))
	took := time.Since(began)
	if !s.quiet {
		s.say("%s  %s: %s in %s", clockTime(), whatChanged(b), made(s.view, before, b, mended), seconds(took))
	}
	return nil
}

// page gives the page of what was saved, if pages are to follow it and it is
// one file that has a page.
func (s *preview) page(b watch.Batch) string {
	if !s.navigate {
		return ""
	}
	for _, name := range b.Paths {
		if at, ok := s.view.PageOf(name); ok {
			return at
		}
	}
	return ""
}

// show shows the view, and sends pages to one of it, if named.
func (s *preview) show(jump string) {
	s.problem = false
	s.server.Show(serve.State{Site: s.view, Root: s.root, Jump: jump, Jumps: jump != ""})
}

// showProblems shows what keeps the site from being shown, and leaves what was
// shown before.
func (s *preview) showProblems(found *problems) {
	s.problem = true
	found.note = "the pages are those from before"
	if s.site == nil {
		found.note = "there is nothing to show yet"
	}
	fmt.Fprintf(s.err, "%s\n", clockTime())
	s.printProblems(found)
	state := serve.State{Root: s.root}
	if s.view != nil {
		state.Site = s.view
	}
	for _, one := range found.list.Sort() {
		state.Problems = append(state.Problems, serve.Problem{Problem: one, Text: s.line(one.Pos)})
	}
	s.server.Show(state)
}

// line gives the text of a line of the site, or nothing.
func (s *preview) line(at source.Pos) string {
	raw, err := s.files.ReadFile(at.File)
	if err != nil {
		return "" // a file of privgen's own, or one that is not there
	}
	f, problem := source.Parse(at.File, raw)
	if problem != nil {
		return ""
	}
	return f.Line(at.Line)
}

// --- what is printed

func (s *preview) say(format string, args ...any) {
	if !s.quiet {
		fmt.Fprintf(s.out, format+"\n", args...)
	}
}

// announce says where the site is, and its drafts.
func (s *preview) announce(at string) {
	s.say("serving %s", at)
	if s.view != nil {
		for _, path := range s.view.Drafts() {
			s.say("  draft %s%s", at, path)
		}
	}
	if s.watch {
		s.say("watching %s; stop with Ctrl-C", s.dir)
	}
}

func clockTime() string { return time.Now().Format("15:04:05") }

// seconds words how long something took.
func seconds(d time.Duration) string {
	if d < time.Second {
		return fmt.Sprintf("%d ms", max(1, d.Milliseconds()))
	}
	return fmt.Sprintf("%.1f s", d.Seconds())
}

// holds words what the site has.
func (s *preview) holds() string {
	versions := 0
	for _, p := range s.site.Library.Policies {
		versions += len(p.Versions)
	}
	return fmt.Sprintf("read %s of %s", count(versions, "version"), count(len(s.site.Library.Policies), "policy"))
}

// whatChanged names the files of a batch.
func whatChanged(b watch.Batch) string {
	switch {
	case len(b.Paths) == 0:
		return "all files"
	case len(b.Paths) <= 3:
		return strings.Join(b.Paths, ", ")
	}
	return fmt.Sprintf("%s and %s more", b.Paths[0], count(len(b.Paths)-1, "file"))
}

// made words what a rebuild made: how many files of which policies are not what
// they were. Nothing is drawn for it.
func made(now, before *pages.View, b watch.Batch, mended bool) string {
	prefix := ""
	if mended {
		prefix = "no problems any more, "
	}
	if before == nil || b.All || len(b.Paths) > 3 {
		return prefix + "the site was read again"
	}
	var parts []string
	for _, name := range b.Paths {
		rel, inside := strings.CutPrefix(name, site.Content+"/")
		if !inside {
			return prefix + "every page is new"
		}
		slug, _, _ := strings.Cut(strings.TrimSuffix(rel, ".md"), "/")
		if strings.HasPrefix(slug, "_") {
			return prefix + "the texts that use it were read again"
		}
		part := count(now.Drawn(before, slug), "file") + " of " + slug
		if !slices.Contains(parts, part) {
			parts = append(parts, part)
		}
	}
	return prefix + strings.Join(parts, ", ")
}
