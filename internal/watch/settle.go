package watch

import (
	"bytes"
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"time"
)

// This file says when a batch has settled.

// What makes a batch more than a save, and how many times Quiet it waits then.
// A disk that is busy pauses in the middle of a copy, and what is half there
// should not be shown.
const (
	aFew, patience     = 3, 10   // more files than this; or folders that came or went, or files that went and are not back
	aLot, morePatience = 100, 25 // as in a copy of a folder
)

const (
	longest       = 10 * time.Second // what never settles is a batch after this
	longestForGit = 2 * time.Second  // git's lock is not believed when nothing happened for this
)

// A settling batch has changes of which more may follow.
type settling struct {
	quiet time.Duration
	git   *gitLock

	paths   map[string]bool
	gone    map[string]bool // paths that were removed and are not back
	folders bool            // folders or symlinks came or went, or events were lost
	first   time.Time       // when it began
	last    time.Time       // when something happened

	before      map[string]bool // the paths of the batch that was given last
	beforeEnded time.Time
}

func (b *settling) touch(now time.Time) {
	if b.first.IsZero() {
		b.first = now
	}
	b.last = now
}

// add adds a change: of a folder or a file, which is removed or there.
func (b *settling) add(now time.Time, rel string, removed, folder bool) {
	b.touch(now)
	if b.paths == nil {
		b.paths, b.gone = map[string]bool{}, map[string]bool{}
	}
	b.paths[rel] = true
	b.folders = b.folders || folder
	if removed {
		b.gone[rel] = true
	} else {
		delete(b.gone, rel)
	}
}

// lost says that changes were not heard of.
func (b *settling) lost(now time.Time) {
	b.touch(now)
	b.folders = true
}

// left gives how long it is until the batch is settled, if nothing happens.
func (b *settling) left(now time.Time) time.Duration {
	if b.git.busy(now.Sub(b.last) < longestForGit) {
		return b.quiet
	}
	times := time.Duration(1)
	switch {
	case len(b.paths) > aLot:
		times = morePatience
	case len(b.paths) > aFew || b.folders || len(b.gone) > 0 || b.continues():
		times = patience
	}
	return max(0, min(b.last.Add(times*b.quiet).Sub(now), b.first.Add(longest).Sub(now)))
}

// continues reports whether this is what the batch before left off: other files,
// at once after it. Somebody who saves one text and then another takes longer.
func (b *settling) continues() bool {
	if b.first.Sub(b.beforeEnded) > patience*b.quiet {
		return false
	}
	for p := range b.paths {
		if !b.before[p] {
			return true
		}
	}
	return false
}

// given begins the next batch.
func (b *settling) given(now time.Time) {
	*b = settling{quiet: b.quiet, git: b.git, before: b.paths, beforeEnded: now}
}

func (b *settling) batch() Batch { return Batch{slices.Sorted(maps.Keys(b.paths)), b.folders} }

// A gitLock is the file that git holds while it changes a working tree. Nil is
// that of a folder that git does not know.
type gitLock struct {
	path  string
	stale fs.FileInfo // a lock that a git left behind that is no more
}

// findGit looks for the lock of the working tree that a folder is in.
func findGit(dir string) *gitLock {
	for {
		git := filepath.Join(dir, ".git")
		if info, err := os.Stat(git); err == nil {
			if info.IsDir() {
				return &gitLock{path: filepath.Join(git, "index.lock")}
			}
			// A working tree beside others has a file that names its folder.
			raw, _ := os.ReadFile(git)
			to, ok := bytes.CutPrefix(bytes.TrimSpace(raw), []byte("gitdir: "))
			if !ok {
				return nil
			}
			real := string(to)
			if !filepath.IsAbs(real) {
				real = filepath.Join(dir, real)
			}
			return &gitLock{path: filepath.Join(real, "index.lock")}
		}
		up := filepath.Dir(dir)
		if up == dir {
			return nil
		}
		dir = up
	}
}

// busy reports whether git is at work. A lock that is there while nothing has
// happened for long is not believed, now or later: believe is false then.
func (g *gitLock) busy(believe bool) bool {
	if g == nil {
		return false
	}
	info, err := os.Lstat(g.path)
	if err != nil || g.stale != nil && os.SameFile(info, g.stale) && info.ModTime().Equal(g.stale.ModTime()) {
		return false
	}
	if !believe {
		g.stale = info
	}
	return believe
}
