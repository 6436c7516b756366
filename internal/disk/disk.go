// Package disk reads and writes the user's files. It is the one room that
// changes the output folder.
//
// Its two fundamental types are Site, the files of a site as an io/fs.FS, and
// Output, the folder that a finished site is written to.
//
// # Reading
//
// OpenSite opens a site's folder. No path leads out of it, and no symlink in it
// is followed, so a site builds the same on every machine, and a checkout cannot
// publish what is not a file of the site. Pipes, sockets and devices are not read either. Explain turns
// an error of reading into a source.Problem when the user can mend it. The
// errors carry the full name within the site, also when they went through
// fs.Sub.
//
// Fingerprints tell whether a file was changed since it was read, without
// reading it again: by its size, its times of modification and of change, and
// its inode. Where these are too new to be trusted, or the system has no time
// of change, there is no fingerprint, and bytes are compared by their digest.
//
// # Changing the user's files
//
// Create makes new files, Commit changes several files as one: all of them or
// none, also when the program is killed in the middle. What was interrupted, the
// next OpenSite completes or undoes, but only in the folder in which it began:
// see own.go.
//
// # Who owns what
//
// Output.Write puts a tree into a folder that may hold other files. What
// privgen wrote is listed in the ownership list, the file .privgen in the
// output folder, in the form that sha256sum prints:
//
//	# Written by privgen. To check these files: sha256sum -c .privgen
//	<64 hex digits>  privacy/index.html
//
// The list travels with the output and is committed with it. A path may have
// two lines (after a killed build, or a merge); lines that are none, such as
// the markers of a merge conflict, are passed over. Paths that sha256sum would
// escape, with a backslash or a line feed in them, are no addresses, and Write
// panics when a tree has one.
//
// A file at an address of the tree that is not in the list is foreign: it is
// adopted when it has the bytes that would be written, and a Problem when not.
// Other files that are not in the list are left alone, and so are folders in
// which nothing lies that is ours; the Report names some. A file in the list
// that the tree does not have any more is removed if its bytes are those that
// were written; else it is kept, reported, and from then on foreign. A file in
// the list that the tree has is written again whatever happened to it.
//
// # The order of writing
//
// Pages are drawn on all cores into a staging folder. Bytes that lie in place
// already are not written again, and keep their time. When anything went wrong
// up to here, staging is removed and the output folder is as it was. Then:
//
//  1. the ownership list gets the digests of what is new, beside the old ones
//  2. owned files that are in the way of a folder or file are removed
//  3. assets, leaves, lists and the home page are moved into place, in this
//     order, each by a rename
//  4. what the tree does not have any more is removed, in the opposite order,
//     and then the folders that this left empty
//  5. the ownership list is written, with the new digests alone
//  6. the state is written, and staging removed
//
// So every file is whole at every moment, no file of ours is ever without an
// owner, and a build that is killed at any point, run again, leaves exactly
// the site of an undisturbed one. Once moving has begun it is not stopped by a
// context: it takes a moment, and half is worse than whole. This holds when
// the program dies. When the machine loses power, a file may be renamed whose
// bytes never reached the disk: files are not synced one by one, which would
// make a large build ten times slower. sha256sum finds such files, and a build
// after the folder .privgen was removed repairs them.
//
// # State
//
// Beside the output folder, in .privgen/NAME/, lie the lock, staging and the
// state; they belong to a machine and are not committed (.privgen/.gitignore
// says so). Where that place cannot be written to, they lie in the site's own
// .privgen. The state holds for each output file its key, digest, size and
// fingerprint, further the fingerprint of the ownership list, the id of the
// program, and bytes that the caller stores and gets back. It is a checksum
// and then records of fixed size with a path each. A page is drawn when its
// key is not the one in the state, or the ownership list has another digest for
// it, or its file is not as the state says: by its fingerprint, or where that
// differs or there is none, by its digest. So whoever edits a page, and
// restores its size and time, has it repaired by the next build. State that is
// lost, broken, from another program or made in another folder is never wrong:
// everything is drawn and compared.
//
// # Windows
//
// A file that another program holds open, or that is read-only, cannot be
// replaced there. Read-only is taken away, and for a second the rename is
// tried again, since virus scanners and indexers let go soon; then the build
// stops with the file's name, and the next build goes on from there.
package disk

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"runtime/debug"
	"sync"
	"sync/atomic"
)

// failed words an error of the world: operation, object, cause. The names that
// package os put in are taken out, since they are absolute, or of staging.
func failed(op, name string, err error) error {
	return fmt.Errorf("%s %s: %w", op, name, cause(err))
}

func cause(err error) error {
	var pe *fs.PathError
	var le *os.LinkError
	var se *os.SyscallError
	switch {
	case errors.As(err, &pe):
		return cause(pe.Err)
	case errors.As(err, &le):
		return cause(le.Err)
	case errors.As(err, &se):
		return cause(se.Err)
	}
	return err
}

// each calls f for 0 to n-1, in order, on a number of goroutines, and waits.
// After an error no further call begins; the first error is returned. A panic
// in f becomes one of the caller's, where main can word it.
func each(workers, n int, f func(worker, i int) error) error {
	var next atomic.Int64
	var mu sync.Mutex
	var first error
	var died any
	work := func(worker int) {
		defer func() {
			if v := recover(); v != nil {
				mu.Lock()
				defer mu.Unlock()
				died = fmt.Sprintf("%v\n\n%s", v, debug.Stack())
				next.Store(int64(n))
			}
		}()
		for {
			i := int(next.Add(1)) - 1
			if i >= n {
				return
			}
			if err := f(worker, i); err != nil {
				mu.Lock()
				if first == nil {
					first = err
				}
				mu.Unlock()
				next.Store(int64(n))
				return
			}
		}
	}
	var wg sync.WaitGroup
	for w := range max(1, min(workers, n)) {
		wg.Go(func() { work(w) })
	}
	wg.Wait()
	if died != nil {
		panic(died)
	}
	return first
}

// longRun is how many neighbors one goroutine draws in a row at most. With 24,
// 4,841 versions took 13 % less CPU to build than with one.
const longRun = 24

// eachRun is each, with runs of neighbors for one goroutine. Entries beside
// each other are often made of the same text, which is then read once; runs
// are short enough that all have work until the end.
func eachRun(workers, n int, f func(worker, i int) error) error {
	run := min(longRun, 1+n/(8*max(1, workers)))
	return each(workers, (n+run-1)/run, func(worker, r int) error {
		for i := r * run; i < min(n, (r+1)*run); i++ {
			if err := f(worker, i); err != nil {
				return err
			}
		}
		return nil
	})
}
