package watch

import (
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"
)

// This file decides when a batch is complete.

// A batch with more changes than one save waits longer, by these factors of Quiet.
// A busy disk pauses in the middle of a copy, and a half-copied site should not be
// shown.
const (
	// more files than this; or folders came or went, or files were removed and not replaced
	aFew, patience     = 3, 10
	aLot, morePatience = 100, 25 // such as a copy of a folder
)

const (
	longest       = 10 * time.Second // a batch is sent after this time, even if changes continue; but see left
	longestForGit = 2 * time.Second  // git's lock is ignored if nothing has changed for this time
)

// A pendingBatch collects changes until they pause.
type pendingBatch struct {
	quiet time.Duration
	git   *gitLock

	paths   map[string]bool
	gone    map[string]bool // paths that were removed and not replaced
	folders bool            // folders came or went, or events were lost
	first   time.Time       // of its first change
	last    time.Time       // of its latest change

	before      map[string]bool // the paths of the previous batch
	beforeEnded time.Time
}

func (b *pendingBatch) touch(now time.Time) {
	if b.first.IsZero() {
		b.first = now
	}
	b.last = now
}

// add adds a change of a file or folder.
func (b *pendingBatch) add(now time.Time, rel string, removed, folder bool) {
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

// lost records that changes were missed.
func (b *pendingBatch) lost(now time.Time) {
	b.touch(now)
	b.folders = true
}

// left returns how long to wait until the batch is complete, if nothing else
// changes. While git changes files, it is never 0.
func (b *pendingBatch) left(now time.Time) time.Duration {
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

// continues reports whether the batch continues the previous one: it has other
// files, and began right after it. A person who saves one text and then another
// takes longer.
func (b *pendingBatch) continues() bool {
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

// sent begins the next batch.
func (b *pendingBatch) sent(now time.Time) {
	*b = pendingBatch{quiet: b.quiet, git: b.git, before: b.paths, beforeEnded: now}
}

func (b *pendingBatch) batch() Batch { return Batch{slices.Sorted(maps.Keys(b.paths)), b.folders} }

// A gitLock is the file that git creates while it changes a working tree. It is
// nil outside git repositories.
type gitLock struct {
	path  string
	stale fs.FileInfo // a lock left behind by a git process that has ended
}

// findGit finds the lock of the working tree that contains a folder.
func findGit(dir string) *gitLock {
	git := filepath.Join(dir, ".git")
	info, err := os.Stat(git)
	switch up := filepath.Dir(dir); {
	case err != nil && up == dir:
		return nil
	case err != nil:
		return findGit(up)
	case !info.IsDir(): // in a linked working tree, it is a file that names the folder
		raw, _ := os.ReadFile(git)
		to, ok := strings.CutPrefix(strings.TrimSpace(string(raw)), "gitdir: ")
		if !ok {
			return nil
		}
		if git = to; !filepath.IsAbs(to) {
			git = filepath.Join(dir, to)
		}
	}
	return &gitLock{path: filepath.Join(git, "index.lock")}
}

// busy reports whether git is changing files. If believe is false, because nothing
// has changed for long, an existing lock counts as stale from then on.
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
