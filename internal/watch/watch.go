// Package watch tells when the files of a folder have changed and settled.
//
// Its two fundamental types are Watcher, which looks at some files and folders
// of a site, and Batch, what changed in them between two moments of quiet.
//
// # Settling
//
// Editors save in several steps (a new file and a rename, two writes), and a
// checkout changes a thousand files. A batch ends when nothing has happened for
// Quiet, or, once it is large, for ten times as long; so one save is one batch,
// and so is one checkout. What editors and systems leave lying about (swap
// files, locks, backups: names that begin with a dot or #, or end in ~) is not
// seen at all.
//
// # Folders
//
// The system tells of changes in a folder, not below it, so every folder is
// watched. When folders or symlinks come or go, all is watched anew, and only
// then the batch is given, with All set: whatever was done in a folder before
// it was watched is there to be read by then, and whatever is done later is an
// event. Folders that symlinks lead to are watched where they are.
//
// # Polling
//
// Where the system does not tell (some network and container mounts) or may not
// be asked any more (a limit on how much is watched), files are looked at again
// and again, by size and time. A Watcher goes over to that by itself when it is
// refused, and says so.
package watch

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"syscall"
	"time"

	"github.com/fsnotify/fsnotify"
)

// Options say what to watch, and how.
type Options struct {
	Dir   string              // the folder of the site
	Roots []string            // files and folders in Dir, with all that is in them; they may not exist yet
	Skip  func(p string) bool // paths, from Dir and with forward slashes, that are not looked into; may be nil
	Poll  bool                // look again and again, do not wait to be told
	Note  func(text string)   // is told, once, why it polls though nobody asked; may be nil

	Quiet time.Duration // how long nothing happens when a batch is settled; 12 ms without it
	Every time.Duration // how long between two looks when polling; 500 ms without it
}

// largeBatch is how many paths make a batch large.
const largeBatch = 10

// A Batch is what changed between two moments of quiet.
type Batch struct {
	Paths []string // sorted, from Dir and with forward slashes
	All   bool     // folders came or went, or events were lost: anything may have changed
}

// A Watcher watches until it is closed.
type Watcher struct {
	C <-chan Batch // what changed; while nobody receives, batches become one

	Options
	dir  string // Dir without symlinks
	out  chan Batch
	stop context.CancelFunc
	done sync.WaitGroup
}

// Start begins to watch. What changes after it returned is told.
func Start(o Options) (*Watcher, error) {
	if o.Quiet == 0 {
		o.Quiet = 12 * time.Millisecond
	}
	if o.Every == 0 {
		o.Every = 500 * time.Millisecond
	}
	if o.Skip == nil {
		o.Skip = func(string) bool { return false }
	}
	dir, err := filepath.Abs(o.Dir)
	if err == nil {
		dir, err = filepath.EvalSymlinks(dir)
	}
	if err != nil {
		return nil, fmt.Errorf("watch %s: %w", o.Dir, err)
	}
	w := &Watcher{Options: o, dir: dir, out: make(chan Batch)}
	w.C = w.out
	ctx, cancel := context.WithCancel(context.Background())
	w.stop = cancel
	if !o.Poll {
		ears, err := w.listen()
		if err == nil {
			w.done.Go(func() { w.hear(ctx, ears) })
			return w, nil
		}
		w.say(err)
	}
	first := w.look()
	w.done.Go(func() { w.poll(ctx, first) })
	return w, nil
}

// Close ends it, and waits until nothing of it runs.
func (w *Watcher) Close() {
	w.stop()
	w.done.Wait()
}

// say tells why it polls, and the way out.
func (w *Watcher) say(err error) {
	if w.Note == nil {
		return
	}
	do := ""
	switch {
	case errors.Is(err, syscall.ENOSPC):
		do = "\n\tthe system allows no more watches; raise the limit: sudo sysctl fs.inotify.max_user_watches=524288"
	case errors.Is(err, syscall.EMFILE):
		do = "\n\tother programs watch too many files; close some, or: sudo sysctl fs.inotify.max_user_instances=1024"
	}
	w.Note(fmt.Sprintf("the system does not tell of changes (%v); looking for them every %v instead%s", err, w.Every, do))
}

// ignored tells names that are no part of a site.
func ignored(name string) bool {
	return strings.HasPrefix(name, ".") || strings.HasPrefix(name, "#") || strings.HasSuffix(name, "~")
}

// relative gives a path as batches name it; false for what is not in the site
// or does not count.
func (w *Watcher) relative(name string) (string, bool) {
	rel, err := filepath.Rel(w.dir, name)
	if err != nil || !filepath.IsLocal(rel) || rel == "." {
		return "", false
	}
	rel = filepath.ToSlash(rel)
	return rel, !ignored(path.Base(rel)) && !w.Skip(rel)
}

// A survey is what there is to watch.
type survey struct {
	folders map[string]bool  // by path from Dir; "." is Dir itself, for its Roots alone
	links   map[string]bool  // symlinks
	files   map[string]stamp // when asked for
}

// A stamp tells whether a file was changed.
type stamp struct{ size, mod int64 }

// survey finds what there is. visit is called for a folder before it is read.
func (w *Watcher) survey(stamps bool, visit func(rel string) error) (*survey, error) {
	s := &survey{folders: map[string]bool{}, links: map[string]bool{}, files: map[string]stamp{}}
	var look func(rel string) error
	look = func(rel string) error {
		full := filepath.Join(w.dir, filepath.FromSlash(rel))
		info, err := os.Lstat(full)
		if err != nil {
			return nil // it is gone, or never was
		}
		if info.Mode()&fs.ModeSymlink != 0 {
			s.links[rel] = true
			return w.follow(full, look)
		}
		if !info.IsDir() {
			if stamps {
				s.files[rel] = stamp{info.Size(), info.ModTime().UnixNano()}
			}
			return nil
		}
		if s.folders[rel] {
			return nil // a link led here already
		}
		s.folders[rel] = true
		if err := visit(rel); err != nil {
			return err
		}
		entries, _ := os.ReadDir(full)
		for _, e := range entries {
			below := path.Join(rel, e.Name())
			if ignored(e.Name()) || w.Skip(below) || !stamps && e.Type().IsRegular() {
				continue
			}
			if err := look(below); err != nil {
				return err
			}
		}
		return nil
	}
	s.folders["."] = true
	if err := visit("."); err != nil {
		return nil, err
	}
	for _, root := range w.Roots {
		if err := look(root); err != nil {
			return nil, err
		}
	}
	return s, nil
}

// follow looks at what a symlink leads to, if that is in the site: at a folder
// whole, at a file with the folder it is in.
func (w *Watcher) follow(link string, look func(rel string) error) error {
	real, err := filepath.EvalSymlinks(link)
	if err != nil {
		return nil
	}
	if info, err := os.Stat(real); err == nil && !info.IsDir() {
		real = filepath.Dir(real)
	}
	if rel, ok := w.relative(real); ok {
		return look(rel)
	}
	return nil // out of the site, which it may not be, or Dir itself
}

// ears are what hears of changes in a survey.
type ears struct {
	*fsnotify.Watcher
	survey *survey
}

func (w *Watcher) listen() (*ears, error) {
	n, err := fsnotify.NewWatcher()
	if err != nil {
		return nil, err
	}
	s, err := w.survey(false, func(rel string) error {
		err := n.Add(filepath.Join(w.dir, filepath.FromSlash(rel)))
		if errors.Is(err, fs.ErrNotExist) || errors.Is(err, fs.ErrPermission) {
			return nil // gone again; or the site has a problem, which is told elsewhere
		}
		return err
	})
	if err != nil {
		n.Close()
		return nil, err
	}
	return &ears{n, s}, nil
}

// hear gathers events into batches.
func (w *Watcher) hear(ctx context.Context, e *ears) {
	defer func() { e.Close() }()
	var b gathered
	quiet := time.NewTimer(0)
	defer quiet.Stop()
	for {
		select {
		case <-ctx.Done():
			return
		case event, ok := <-e.Events:
			if !ok {
				return
			}
			if w.gather(&b, e.survey, event) {
				quiet.Reset(b.wait(w.Quiet))
			}
			continue
		case err := <-e.Errors:
			if errors.Is(err, fsnotify.ErrEventOverflow) {
				b.all = true
				quiet.Reset(b.wait(w.Quiet))
			}
			continue
		case <-quiet.C:
			if len(b.paths) == 0 && !b.all {
				continue // it begins like this
			}
		}
		if b.all {
			again, err := w.listen()
			if err != nil {
				w.say(err)
				w.pollOn(ctx, b)
				return
			}
			e.Close()
			e = again
		}
		// Whoever receives may be at work still: then what happens meanwhile is
		// added to this batch.
		select {
		case w.out <- b.batch():
			b = gathered{}
		case <-ctx.Done():
			return
		case event := <-e.Events:
			w.gather(&b, e.survey, event)
			quiet.Reset(b.wait(w.Quiet))
		}
	}
}

// gathered is a batch that has not settled.
type gathered struct {
	paths map[string]bool
	all   bool
}

func (b *gathered) add(rel string) {
	if b.paths == nil {
		b.paths = map[string]bool{}
	}
	b.paths[rel] = true
}

func (b *gathered) wait(quiet time.Duration) time.Duration {
	if len(b.paths) > largeBatch {
		return 10 * quiet
	}
	return quiet
}

func (b *gathered) batch() Batch { return Batch{slices.Sorted(maps.Keys(b.paths)), b.all} }

// gather adds an event, and reports whether it counts.
func (w *Watcher) gather(b *gathered, s *survey, event fsnotify.Event) bool {
	rel, ok := w.relative(event.Name)
	if !ok || event.Op == fsnotify.Chmod && s.folders[rel] {
		return false
	}
	if path.Dir(rel) == "." && !slices.Contains(w.Roots, rel) && !s.folders[rel] && !w.linked(s) {
		return false
	}
	b.add(rel)
	if s.folders[rel] || s.links[rel] {
		b.all = true
	} else if event.Has(fsnotify.Create) {
		info, err := os.Lstat(event.Name)
		b.all = b.all || err == nil && !info.Mode().IsRegular()
	}
	return true
}

// linked reports whether a file in Dir itself may be what a symlink leads to.
func (w *Watcher) linked(s *survey) bool { return len(s.links) > 0 }
