// Package preview shows a site while it is written: it loads the site, serves it,
// and loads it again when files change or a version takes effect.
//
// Its two fundamental types are Preview, a site that is being served, and Options.
// A preview keeps the last site without problems. While the files have problems,
// the pages of that site are served, and the problems are shown above them.
//
// Facts about the texts are cached in .privgen/serve.cache, so that the next start
// is fast. Only the program that wrote the file uses it. It can be deleted.
package preview

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"path"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"github.com/privgen/privgen/internal/disk"
	"github.com/privgen/privgen/internal/gallery"
	"github.com/privgen/privgen/internal/pages"
	"github.com/privgen/privgen/internal/policy"
	"github.com/privgen/privgen/internal/record"
	"github.com/privgen/privgen/internal/serve"
	"github.com/privgen/privgen/internal/site"
	"github.com/privgen/privgen/internal/source"
	"github.com/privgen/privgen/internal/watch"
)

// Options say what to show, and how.
type Options struct {
	Dir   string // the site's folder
	Files *disk.Site
	Load  site.Input // Config, Templates, Themes, Program, and Each; the preview sets the rest
	Show  pages.Preview
	Names []string // allowed host names in requests; see serve.Options

	Watch    bool // follow changes of files
	Navigate bool // show the page of a file that was saved
	Poll     bool // look for changes instead of waiting for the system's events

	// Moment returns the instant for which to show a site, and whether it is
	// fixed. An instant that is not fixed follows the clock.
	Moment func(s *site.Site) (now time.Time, fixed bool, err error)

	Out           io.Writer // progress
	Err           io.Writer // warnings
	PrintProblems func(list source.Problems, note string)
}

// A Preview is a site that is served while it is written. It has the site that was
// loaded last, and what has changed since. It is for one goroutine.
type Preview struct {
	Options
	server  *serve.Server
	watcher *watch.Watcher // nil without Watch
	library library
	cache   site.Cache
	output  atomic.Pointer[string] // the output folder, relative to Dir; it is not watched

	site    *site.Site                             // the last one without problems; nil until there is one
	view    *pages.View                            // its pages as of moment
	gallery func() (serve.Finder, []serve.Problem) // the gallery of its theme
	root    string                                 // its path on the host
	changed policy.Changes
	all     bool // any file may have changed since site was loaded
	fixed   bool // moment does not follow the clock
	moment  time.Time
	problem bool            // the last load had problems
	printed string          // these problems, as text
	unused  map[string]bool // whether no page uses a file that changed
	said    watch.Batch     // the last changes that were printed
	saidAt  time.Time
}

// New returns a preview that has not loaded its site.
func New(o Options) *Preview {
	return &Preview{Options: o, root: "/", server: serve.New(serve.Options{Live: o.Watch, Names: o.Names})}
}

// Run serves the site until the context ends. When the site can be seen, it calls
// opened with its URL, which has the host name. Without Watch, it does not serve a
// site with problems, and returns the problems.
func (s *Preview) Run(ctx context.Context, l net.Listener, host string, opened func(string)) (source.Problems, error) {
	if list, err := s.start(ctx); err != nil || len(list) > 0 {
		return list, err
	}
	defer s.end()
	at := "http://" + host + s.root
	s.announce(at)
	opened(at)
	ctx, cancel := context.WithCancel(ctx)
	followed := make(chan error, 1)
	go func() {
		defer cancel() // if one of the two ends, the other ends too
		followed <- s.follow(ctx)
	}()
	err := s.server.Run(ctx, l)
	cancel()
	return nil, errors.Join(err, <-followed)
}

// Shown returns what the server shows.
func (s *Preview) Shown() serve.State { return s.server.State() }

// notes is the name of the file that keeps the cache for the next start.
const notes = "serve.cache"

// start begins to watch, loads the site, and shows it. Without Watch, it returns the
// site's problems.
func (s *Preview) start(ctx context.Context) (source.Problems, error) {
	began := time.Now()
	if id, kept, ok := bytes.Cut(disk.ReadNotes(s.Dir, notes), []byte("\n")); ok && string(id) == s.Load.Program {
		// A cache that cannot be read is not used: nothing depends on it.
		_ = s.cache.UnmarshalBinary(kept)
	}
	if s.Watch {
		if err := s.look(); err != nil {
			return nil, err
		}
	}
	list, err := s.load(func(n int, do func(i int)) {
		s.Load.Each(n, func(i int) {
			if ctx.Err() == nil {
				do(i)
			}
		})
	})
	switch {
	case ctx.Err() != nil:
		s.site = nil // some files were not read
		return nil, nil
	case err != nil || len(list) > 0 && !s.Watch:
		return list, err
	case len(list) > 0:
		s.showProblems(list)
		return nil, nil
	}
	s.show("")
	s.saveCache()
	s.say("%s in %s", s.holds(), seconds(time.Since(began)))
	return nil, nil
}

// look begins to watch the files of the site.
func (s *Preview) look() error {
	s.setOutput("public")
	if c, list := site.ReadConfig(s.Files, s.Load.Config); list == nil {
		s.setOutput(c.Output.Folder)
	}
	w, err := watch.Start(watch.Options{
		Dir:   s.Dir,
		Roots: []string{s.Load.Config, record.File, site.Content, "static", site.Templates, site.Themes},
		Skip: func(p string) bool {
			out := *s.output.Load()
			return p == out || strings.HasPrefix(p, out+"/")
		},
		Poll: s.Poll, Fingerprint: disk.FingerprintOf,
		Note: func(why error) { fmt.Fprintf(s.Err, "privgen: %v\n", why) },
	})
	s.watcher = w
	return err
}

func (s *Preview) setOutput(folder string) {
	folder = path.Clean(filepath.ToSlash(folder))
	s.output.Store(&folder)
}

// end stops watching, and saves the cache.
func (s *Preview) end() {
	if s.watcher != nil {
		s.watcher.Close()
	}
	s.library.close()
	s.saveCache()
	s.say("stopped")
}

// saveCache writes the cache for the next start. If it cannot be written, the next
// start is slower.
func (s *Preview) saveCache() {
	if s.site != nil {
		_ = disk.WriteNotes(s.Dir, notes, slices.Concat([]byte(s.Load.Program+"\n"), s.cache.Bytes()))
	}
}

// longestSleep is the maximum time of a timer: timers do not run while a machine
// sleeps.
const longestSleep = 5 * time.Minute

// follow shows changes of files, and versions that take effect, until the context
// ends.
func (s *Preview) follow(ctx context.Context) error {
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
		case b := <-s.library.batches():
			if err := s.rebuild(s.library.named(b)); err != nil {
				return err
			}
		case now := <-clock.C:
			s.pass(now)
		}
		clock.Reset(s.untilNext(time.Now()))
	}
}

// next returns the next version that takes effect or is published, and when. It reports
// false if there is none, and while the day is fixed or the site has a problem.
func (s *Preview) next() (time.Time, *policy.Version, bool) {
	if s.site == nil || s.fixed || s.problem {
		return time.Time{}, nil, false
	}
	return s.site.Next(s.moment)
}

// untilNext returns the time until the next version takes effect or is published, or
// longestSleep if that is shorter.
func (s *Preview) untilNext(now time.Time) time.Duration {
	at, _, ok := s.next()
	if !ok {
		return longestSleep
	}
	return max(0, min(at.Sub(now), longestSleep))
}

// pass shows the versions that have taken effect or were published by now.
func (s *Preview) pass(now time.Time) {
	at, v, ok := s.next()
	if !ok || at.After(now) {
		return
	}
	s.moment = now
	s.view = pages.NewView(s.site, now, s.Show)
	s.show("")
	s.say("%s  %s %s takes effect or is published now", clockTime(), v.Policy.Slug, v.ID)
}

// load loads the site, or what changed of it.
func (s *Preview) load(each func(n int, do func(i int))) (source.Problems, error) {
	in := s.Load
	in.Files, in.Cache, in.Each, in.Changed, in.Last = s.Files, &s.cache, each, s.changed, s.site
	in.Fingerprint = disk.Fingerprints(s.Dir, time.Now())
	if c, list := site.ReadConfig(s.Files, s.Load.Config); s.Watch && list == nil {
		s.watchLibrary(c.Shared.Path, c.At("shared", "path"))
	}
	in.Drafts = func(string) bool { return s.Show.Drafts }
	if s.all {
		in.Last = nil
	}
	loaded, list := site.Load(in)
	if len(list) > 0 {
		return list, nil
	}
	now, fixed, err := s.Moment(loaded)
	if err != nil {
		return nil, err
	}
	s.site, s.moment, s.fixed = loaded, now, fixed
	s.setOutput(loaded.Config.Output.Folder)
	s.changed, s.all = nil, false
	s.view, s.root = pages.NewView(loaded, now, s.Show), loaded.Config.BasePath()
	in.Each = s.Load.Each
	s.gallery = sync.OnceValues(func() (serve.Finder, []serve.Problem) {
		view, list := gallery.Load(in, loaded)
		if len(list) > 0 {
			return nil, s.withLines(list)
		}
		return view, nil
	})
	return nil, nil
}

// rebuild loads what changed and shows it.
func (s *Preview) rebuild(b watch.Batch) error {
	began := time.Now()
	b.Paths = slices.DeleteFunc(b.Paths, func(name string) bool { return !s.matters(name) })
	if len(b.Paths) == 0 && !b.All {
		return nil
	}
	if s.changed == nil {
		s.changed = policy.Changes{}
	}
	for _, name := range b.Paths {
		s.changed[name] = true
	}
	s.all = s.all || b.All
	before := s.view
	list, err := s.load(s.Load.Each)
	if err != nil {
		return err
	}
	if len(list) > 0 {
		s.showProblems(list)
		return nil
	}
	fixed := s.problem
	s.show(s.page(b))
	took := time.Since(began)
	if s.echo(b, began) && !fixed {
		return nil
	}
	s.say("%s  %s: %s in %s", clockTime(), whatChanged(b), rebuilt(s.view, before, b, fixed), seconds(took))
	s.said, s.saidAt = b, time.Now()
	return nil
}

// echo reports whether the program's own output changed the files: somebody may
// redirect it to a file that the site publishes. Then the same files have changed as
// in the last batch that was printed, within a second.
func (s *Preview) echo(b watch.Batch, began time.Time) bool {
	return !b.All && began.Sub(s.saidAt) < time.Second && slices.Equal(b.Paths, s.said.Paths) &&
		!slices.ContainsFunc(b.Paths, func(name string) bool {
			return path.Ext(name) == ".md" || path.Ext(name) == ".toml"
		})
}

// matters reports whether a page can depend on a file. The first change of any file
// matters, since a text can link to it. Later changes of a file that no page uses do
// not matter: it can be a log that grows all the time, even the one of serve itself.
func (s *Preview) matters(name string) bool {
	if s.problem || s.site == nil {
		return true // the change may fix a problem
	}
	_, attached := s.site.Files[name]
	folder, _, _ := strings.Cut(name, "/")
	switch path.Ext(name) {
	case ".md", ".toml":
		return true
	case ".html":
		if folder != site.Content {
			return true
		}
	}
	known := attached || strings.Contains(name, "/assets/") || name == s.Load.Config || name == record.File
	if known || !s.unused[name] {
		if s.unused == nil {
			s.unused = map[string]bool{}
		}
		s.unused[name] = !known
		return true
	}
	return false
}

// page returns the path of the page of a saved file. It returns "" if there is none,
// or without Navigate.
func (s *Preview) page(b watch.Batch) string {
	if !s.Navigate {
		return ""
	}
	for _, name := range b.Paths {
		if at, ok := s.view.PageOf(name); ok {
			return at
		}
	}
	return ""
}

// show shows the view. Browsers go to the page with the path jump, unless it is empty.
func (s *Preview) show(jump string) {
	s.problem, s.printed = false, ""
	s.server.Show(serve.State{Site: s.view, Root: s.root, Gallery: s.gallery, Jump: jump, Jumps: jump != ""})
}

// showProblems shows the problems of the site above the pages of the last site
// without problems.
func (s *Preview) showProblems(list source.Problems) {
	state := serve.State{Root: s.root}
	if s.view != nil {
		state.Site = s.view
	}
	all := ""
	list = list.Sort()
	state.Problems = s.withLines(list)
	for _, one := range list {
		all += one.String() + "\n" + s.line(one.Pos) + "\n"
	}
	if all == s.printed {
		return // otherwise a log of this program in the site's folder would grow without end
	}
	s.problem, s.printed = true, all
	note := "the pages are from the last successful load"
	if s.site == nil {
		note = "there is nothing to show yet"
	}
	fmt.Fprintf(s.Err, "%s\n", clockTime())
	s.PrintProblems(list, note)
	s.server.Show(state)
}

// withLines returns problems with the text of their lines.
func (s *Preview) withLines(list source.Problems) (out []serve.Problem) {
	for _, one := range list {
		out = append(out, serve.Problem{Problem: one, Text: s.line(one.Pos)})
	}
	return out
}

// line returns the text of a line of the site, or "" if it cannot be read.
func (s *Preview) line(at source.Pos) string {
	raw, err := s.Files.ReadFile(at.File)
	if err != nil {
		return "" // an embedded file, or one that does not exist
	}
	f, problem := source.Parse(at.File, raw)
	if problem != nil {
		return ""
	}
	return f.Line(at.Line)
}

func (s *Preview) say(format string, args ...any) {
	fmt.Fprintf(s.Out, format+"\n", args...)
}

// announce prints the URLs of the site and of its drafts.
func (s *Preview) announce(at string) {
	s.say("serving %s", at)
	if s.view != nil {
		for _, path := range s.view.Drafts() {
			s.say("  draft %s%s", at, path)
		}
	}
	if s.Watch {
		s.say("watching %s; stop with Ctrl-C", s.Dir)
	}
}

func clockTime() string { return time.Now().Format("15:04:05") }

// seconds formats a duration.
func seconds(d time.Duration) string {
	if d < time.Second {
		return fmt.Sprintf("%d ms", max(1, d.Milliseconds()))
	}
	return fmt.Sprintf("%.1f s", d.Seconds())
}

// holds describes the loaded site.
func (s *Preview) holds() string {
	versions := 0
	for _, p := range s.site.Library.Policies {
		versions += len(p.Versions)
	}
	policies := source.Count(len(s.site.Library.Policies), "policy")
	return fmt.Sprintf("read %s of %s", source.Count(versions, "version"), policies)
}

// whatChanged describes the files of a batch.
func whatChanged(b watch.Batch) string {
	switch {
	case len(b.Paths) == 0:
		return "all files"
	case len(b.Paths) <= 3:
		return strings.Join(b.Paths, ", ")
	}
	return fmt.Sprintf("%s and %s more", b.Paths[0], source.Count(len(b.Paths)-1, "file"))
}

// rebuilt describes a rebuild: how many files of which policies differ. It compares
// keys, and renders nothing.
func rebuilt(now, before *pages.View, b watch.Batch, fixed bool) string {
	prefix := ""
	if fixed {
		prefix = "no more problems, "
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
		part := source.Count(now.Drawn(before, slug), "file") + " of " + slug
		if !slices.Contains(parts, part) {
			parts = append(parts, part)
		}
	}
	return prefix + strings.Join(parts, ", ")
}
