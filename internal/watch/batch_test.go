package watch

import (
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"testing/synctest"
	"time"

	"github.com/fsnotify/fsnotify"
)

// A fed is a Watcher that receives its events from a test, with the clock of synctest.
type fed struct {
	*Watcher
	t      *testing.T
	dir    string
	events chan fsnotify.Event
}

// feed runs a test with a fed watcher of a folder in a git repository.
func feed(t *testing.T, test func(t *testing.T, f *fed)) {
	t.Helper()
	dir := t.TempDir()
	for _, name := range []string{".git", "content/a", "content/b"} {
		if err := os.MkdirAll(filepath.Join(dir, name), 0o777); err != nil {
			t.Fatal(err)
		}
	}
	synctest.Test(t, func(t *testing.T) {
		w, err := prepare(Options{Dir: dir, Roots: []string{"content"}})
		if err != nil {
			t.Fatal(err)
		}
		f := &fed{w, t, w.dir, make(chan fsnotify.Event)}
		w.listen = func() (*eventSource, error) {
			s, err := w.survey(false, func(string) error { return nil })
			return &eventSource{f.events, nil, func() error { return nil }, s}, err
		}
		w.start()
		defer w.Close()
		test(t, f)
	})
}

func (f *fed) tell(op fsnotify.Op, name string) {
	f.events <- fsnotify.Event{Name: filepath.Join(f.dir, name), Op: op}
}

// settles waits for a batch, and checks how long that takes.
func (f *fed) settles(after time.Duration) Batch {
	f.t.Helper()
	began := time.Now()
	b := <-f.C
	if took := time.Since(began); took != after {
		f.t.Errorf("%v quiet after %v, want %v", b.Paths, took, after)
	}
	return b
}

// rest waits for a time in which no batch may come.
func (f *fed) rest(d time.Duration) {
	f.t.Helper()
	select {
	case b := <-f.C:
		f.t.Errorf("told of %v", b.Paths)
	case <-time.After(d):
	}
}

func (f *fed) lock() {
	f.t.Helper()
	if err := os.WriteFile(filepath.Join(f.dir, ".git/index.lock"), nil, 0o666); err != nil {
		f.t.Fatal(err)
	}
}

func (f *fed) unlock() {
	f.t.Helper()
	if err := os.Remove(filepath.Join(f.dir, ".git/index.lock")); err != nil {
		f.t.Fatal(err)
	}
}

const quiet = 12 * time.Millisecond

func TestSettleSave(t *testing.T) {
	t.Parallel()
	feed(t, func(t *testing.T, f *fed) {
		f.tell(fsnotify.Write, "content/a/1.md")
		f.settles(quiet)
		f.tell(fsnotify.Write, "content/a/1.md") // the same again
		f.rest(10 * time.Millisecond)
		f.tell(fsnotify.Write, "content/a/1.md")
		f.settles(quiet)

		time.Sleep(time.Second)
		f.tell(fsnotify.Rename, "content/a/1.md") // moved away, and then replaced
		f.rest(50 * time.Millisecond)
		f.tell(fsnotify.Create, "content/a/1.md")
		f.settles(quiet)

		time.Sleep(time.Second)
		f.tell(fsnotify.Remove, "content/a/1.md") // not replaced: others may be removed, too
		f.settles(patience * quiet)
	})
}

// A copy with pauses of the disk, without git, is one batch.
func TestSettleCopy(t *testing.T) {
	t.Parallel()
	feed(t, func(t *testing.T, f *fed) {
		for i := range 200 {
			f.tell(fsnotify.Create, fmt.Sprintf("content/a/%d.md", i))
			switch {
			case i > aLot:
				f.rest(morePatience*quiet/8 - 1)
			case i >= aFew:
				f.rest(patience*quiet/4 - 1)
			}
		}
		if b := f.settles(morePatience*quiet - (morePatience*quiet/8 - 1)); len(b.Paths) != 200 || b.All {
			t.Errorf("told of %d files, all %v", len(b.Paths), b.All)
		}
		// A copy that pauses after its first file is two batches.
		time.Sleep(time.Second)
		f.tell(fsnotify.Write, "content/a/1.md")
		f.settles(quiet)
		f.tell(fsnotify.Write, "content/a/2.md")
		f.rest(patience*quiet - 1)
		f.tell(fsnotify.Write, "content/a/3.md")
		f.settles(patience * quiet)
	})
}

// A checkout of a thousand files by git is one batch, even with long pauses.
func TestSettleCheckout(t *testing.T) {
	t.Parallel()
	feed(t, func(t *testing.T, f *fed) {
		f.lock()
		for i := range 1000 {
			f.tell(fsnotify.Create, fmt.Sprintf("content/a/%d.md", i))
			if i%250 == 0 {
				f.rest(longestForGit - quiet)
			}
		}
		f.rest(time.Second)
		f.unlock()
		select {
		case b := <-f.C:
			if len(b.Paths) != 1000 {
				t.Errorf("told of %d files", len(b.Paths))
			}
		case <-time.After(2 * quiet):
			t.Error("git has ended, and nothing is told")
		}
		f.rest(time.Minute)
	})
}

// A stale lock of git delays only the first save.
func TestSettleStaleLock(t *testing.T) {
	t.Parallel()
	feed(t, func(t *testing.T, f *fed) {
		f.lock()
		f.tell(fsnotify.Write, "content/a/1.md")
		f.settles(longestForGit + (quiet-longestForGit%quiet)%quiet)
		time.Sleep(time.Second)
		f.tell(fsnotify.Write, "content/a/1.md")
		f.settles(quiet)
		f.unlock()
	})
}

// A batch is sent even if changes never pause.
func TestSettleNever(t *testing.T) {
	t.Parallel()
	feed(t, func(t *testing.T, f *fed) {
		began := time.Now()
		told := make(chan time.Duration)
		go func() {
			<-f.C
			told <- time.Since(began)
		}()
		for {
			f.tell(fsnotify.Write, "content/a/1.md")
			select {
			case took := <-told:
				if took < longest || took > longest+quiet {
					t.Errorf("told after %v", took)
				}
				return
			case <-time.After(quiet / 2):
			}
		}
	})
}

// New folders are watched before their batch is sent. If the system does not allow
// that, the Watcher reports it and polls.
func TestRefused(t *testing.T) {
	t.Parallel()
	for _, one := range []struct {
		err  error
		want string
	}{
		{&fs.PathError{Op: "inotify_add_watch", Path: "content", Err: syscall.ENOSPC}, "sysctl fs.inotify.max_user_watches=524288"},
		{syscall.EMFILE, "sysctl fs.inotify.max_user_instances=1024"},
		{syscall.ENOSYS, "checking for them every 500ms instead"},
	} {
		feed(t, func(t *testing.T, f *fed) {
			var notes []string
			f.Note = func(why error) { notes = append(notes, why.Error()) }
			f.listen = func() (*eventSource, error) { return nil, one.err }
			if err := os.Mkdir(filepath.Join(f.dir, "content/c"), 0o777); err != nil {
				t.Fatal(err)
			}
			f.tell(fsnotify.Create, "content/c")
			if b := f.settles(patience * quiet); !b.All {
				t.Error("not all is in doubt")
			}
			if len(notes) != 1 || !strings.Contains(notes[0], one.want) {
				t.Errorf("of %v it says %q", one.err, notes)
			}
			if err := os.WriteFile(filepath.Join(f.dir, "content/c/1.md"), nil, 0o666); err != nil {
				t.Fatal(err)
			}
			f.settles(500*time.Millisecond + patience*quiet)
		})
	}
}
