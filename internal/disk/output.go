package disk

import (
	"cmp"
	"crypto/sha256"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"time"

	"github.com/privgen/privgen/internal/source"
)

// A Place says where a site is written.
type Place struct {
	Site    string     // the site's folder
	Out     string     // the output folder, absolute or relative to the working directory; need not exist
	At      source.Pos // where the user named Out; without it, the folder is the place of problems
	Program string     // what draws: another program than last time draws everything again
}

// An Output is an output folder, locked for this process, and what is known of
// it. It is used by one goroutine.
type Output struct {
	name    string // as messages show it: relative to the site, or as the user wrote it
	dir     string // absolute, without symlinks; may not exist yet
	home    string // the folder of lock, state and staging
	program string
	lock    *os.File
	state   *state
	current bool      // whether the state is of this program
	opened  time.Time // by the clock of the file system

	// For tests: what is asked before each change of the disk, and the rename.
	step   func(name string) error
	rename func(from, to string) error
}

// OpenOutput checks that an output folder may be written, takes its lock and
// reads what the last build remembered. Nothing in the folder is changed. The
// error, when another build has the lock, names the process.
func OpenOutput(p Place) (*Output, *source.Problem, error) {
	site, err := filepath.Abs(p.Site)
	if err != nil {
		return nil, nil, failed("open", p.Site, err)
	}
	out, err := filepath.Abs(p.Out)
	if err != nil {
		return nil, nil, failed("open", p.Out, err)
	}
	o := &Output{name: shown(site, out, p.Out), program: p.Program, rename: rename}
	at := p.At
	if at.File == "" {
		at = source.In(o.name)
	}
	if o.dir, err = resolve(out); err == nil {
		err = noLinks(site, out)
	}
	if err == nil {
		if info, e := os.Stat(o.dir); e == nil && !info.IsDir() {
			err = &obstacle{o.dir, "is a file"}
		}
	}
	if ob := new(obstacle); errors.As(err, &ob) {
		name := shown(site, ob.path, ob.path)
		return nil, source.NewProblem(at, "output-not-folder",
			fmt.Sprintf("the site cannot be written to %q: %q %s", o.name, name, ob.is),
			"move it away, or choose another folder with --out or in privgen.toml: [output] folder"), nil
	}
	if err != nil {
		return nil, nil, failed("open", o.name, err)
	}
	if ours := overSource(site, o.dir); ours != "" {
		return nil, source.NewProblem(at, "output-is-source",
			fmt.Sprintf("the site cannot be written to %q: %s", o.name, ours),
			`choose a folder of its own, such as "public", with --out or in privgen.toml: [output] folder`), nil
	}
	if nested := nestedOutput(o.dir); nested != "" {
		return nil, source.NewProblem(at, "output-in-output",
			fmt.Sprintf("the site cannot be written to %q: %s", o.name, nested),
			"choose a folder that is neither in the output of another site nor above it"), nil
	}
	if err := o.openHome(site); err != nil {
		if no := new(refused); errors.As(err, &no) {
			return nil, no.problem, nil
		}
		return nil, nil, err
	}
	o.loadState()
	return o, nil, nil
}

// Memory gives what the caller stored with the last Write of this program, or
// nil. It may not be changed.
func (o *Output) Memory() []byte { return o.state.memory }

// Forget drops what the caller stored, for good: the next run learns it anew.
// Pages that are in place stay known.
func (o *Output) Forget() error {
	if o.state.memory == nil {
		return nil
	}
	o.state.memory = nil
	w := &writing{Output: o}
	return w.writeState(o.state)
}

// Opened returns when the output was opened, by the clock of this machine or of
// the file system, whichever is behind. What was changed before, and is read
// after, may have a fingerprint.
func (o *Output) Opened() time.Time { return o.opened }

// clock returns what time it is, by the clock of this machine or of the file
// system, whichever is behind.
func (o *Output) clock() time.Time {
	now := time.Now()
	o.lock.WriteAt(fmt.Appendf(nil, "%d\n", os.Getpid()), 0)
	if info, err := o.lock.Stat(); err == nil && info.ModTime().Before(now) {
		return info.ModTime()
	}
	return now
}

// Close gives the lock back.
func (o *Output) Close() error {
	// Closing would do, but for a child process that is being started in this
	// moment and has everything open that we have.
	unlock(o.lock)
	return o.lock.Close()
}

func (o *Output) loadState() {
	o.state = &state{program: o.program}
	b, err := readOwn(filepath.Join(o.home, "state"))
	if err != nil {
		return
	}
	s, err := decodeState(b)
	if err != nil {
		return
	}
	o.current = s.program == o.program
	if !o.current {
		// What lies in the output still holds; which key made it means nothing.
		for i := range s.files {
			clear(s.files[i].key[:])
		}
		s.program, s.memory = o.program, nil
	}
	o.state = s
}

// openHome makes the folder for lock and state, beside the output where
// renames do not copy, else in the site, and takes the lock.
func (o *Output) openHome(site string) error {
	sum := sha256.Sum256([]byte(o.dir))
	base := filepath.Base(o.dir)
	homes := [][2]string{{filepath.Dir(o.dir), base}, {site, fmt.Sprintf("%s-%x", base, sum[:4])}}
	var err error
	for _, home := range homes {
		o.home = filepath.Join(home[0], ownName, home[1])
		if _, err = makeOwn(home[0], home[1]); err == nil {
			o.lock, err = openOwn(filepath.Join(o.home, "lock"))
		}
		if err == nil || !errors.Is(err, fs.ErrPermission) && !errors.Is(err, syscall.EROFS) {
			break
		}
	}
	if no := new(refused); errors.As(err, &no) {
		return err
	}
	if err != nil {
		return failed("write", filepath.ToSlash(filepath.Join(o.home, "lock")), err)
	}
	busy, err := tryLock(o.lock)
	if err == nil && !busy {
		o.lock.Truncate(0)
		_, err = o.lock.WriteAt(fmt.Appendf(nil, "%d\n", os.Getpid()), 0)
	}
	if busy {
		b := make([]byte, 20)
		n, _ := o.lock.ReadAt(b, 0)
		err = fmt.Errorf("%s is being written by another privgen, process %s\n\twait until it is done, or stop it",
			o.name, cmp.Or(strings.TrimSpace(string(b[:n])), "unknown"))
	} else if err != nil {
		err = failed("lock", o.name, err)
	} else if err = claimFolder(o.home, "lock"); err != nil {
		err = failed("write", filepath.ToSlash(o.home), err)
	}
	if err != nil {
		o.lock.Close()
		return err
	}
	o.opened = o.clock()
	return nil
}

// ignoreInGit sees to it that nobody has to think of not committing a folder.
// When that cannot be written, nothing is lost.
func ignoreInGit(dir string) {
	if f, err := os.OpenFile(filepath.Join(dir, ".gitignore"), os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o666); err == nil {
		f.WriteString("*\n")
		f.Close()
	}
}

// shown gives a path as messages show it.
func shown(site, path, written string) string {
	if rel, err := filepath.Rel(site, path); err == nil && filepath.IsLocal(rel) {
		return filepath.ToSlash(rel)
	}
	return filepath.ToSlash(filepath.Clean(written))
}

// noLinks refuses an output folder that a symlink of the site leads to: a site
// may come from a stranger, and the symlink may lead anywhere.
func noLinks(site, out string) error {
	link := linkBelow(site, out)
	if real, err := filepath.EvalSymlinks(site); err == nil && link == "" {
		link = linkBelow(real, out)
	}
	if link != "" {
		return &obstacle{link, "is a symlink, and nothing is written through the symlinks of a site"}
	}
	return nil
}

// An obstacle is something that is not a folder on the way to one.
type obstacle struct{ path, is string }

func (o *obstacle) Error() string { return o.path + " " + o.is }

// resolve follows the symlinks in a path whose last parts may not exist yet.
func resolve(path string) (string, error) {
	real, err := filepath.EvalSymlinks(path)
	if err == nil {
		return real, nil
	}
	if _, e := os.Lstat(path); e == nil {
		if errors.Is(err, fs.ErrNotExist) {
			return "", &obstacle{path, "is a symlink that leads nowhere"}
		}
		return "", err
	}
	up := filepath.Dir(path)
	if up == path || errors.Is(err, fs.ErrPermission) {
		return "", err
	}
	real, err = resolve(up)
	if err != nil {
		return "", err
	}
	if info, err := os.Stat(real); err == nil && !info.IsDir() {
		return "", &obstacle{real, "is a file"}
	}
	return filepath.Join(real, filepath.Base(path)), nil
}

// overSource tells why an output would lie over what a site is made of, or "".
// Folders are compared as files, so that neither links nor letter case nor
// mounts hide one.
func overSource(site, out string) string {
	if real, err := filepath.EvalSymlinks(site); err == nil {
		site = real
	}
	if dir, err := os.Stat(out); err == nil {
		for up := site; ; up = filepath.Dir(up) {
			if info, err := os.Stat(up); err == nil && os.SameFile(dir, info) {
				return "this is the site's own folder, or one above it"
			}
			if up == filepath.Dir(up) {
				break
			}
		}
	}
	for _, name := range []string{"content", "templates", "themes", ".git", ".privgen"} {
		info, err := os.Stat(filepath.Join(site, name))
		for up := out; ; up = filepath.Dir(up) {
			dir, e := os.Stat(up)
			if up == filepath.Join(site, name) || err == nil && e == nil && os.SameFile(dir, info) {
				return fmt.Sprintf("this is in the folder %q of the site", name)
			}
			if up == filepath.Dir(up) {
				break
			}
		}
	}
	if _, err := os.Lstat(filepath.Join(out, "privgen.toml")); err == nil {
		return "there is a privgen.toml in it, so it is the source of a site"
	}
	return ""
}

// nestedOutput tells when the ownership list of one output and the state
// folder of another would have to have the same name.
func nestedOutput(out string) string {
	if info, err := os.Lstat(filepath.Join(filepath.Dir(out), listName)); err == nil && info.Mode().IsRegular() {
		return "this is in a folder that another site is written to"
	}
	if info, err := os.Lstat(filepath.Join(out, listName)); err == nil && info.IsDir() {
		return "another site is written to a folder in it"
	}
	return ""
}
