package disk

import (
	"cmp"
	"crypto/sha256"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"syscall"
	"time"

	"github.com/privgen/privgen/internal/source"
)

// A Place determines where a site is written.
type Place struct {
	Site    string     // the site's folder
	Out     string     // the output folder, absolute or relative to the working directory; need not exist
	At      source.Pos // where the user named Out; if zero, problems have the position of the folder
	Program string     // the id of the program (see ProgramID): if it changes, everything is rendered again
}

// An Output is an output folder, locked for this process, and what is known
// about it. Only one goroutine can use it.
type Output struct {
	name    string // as messages show it: relative to the site, or as the user wrote it
	dir     string // absolute, without symlinks; might not exist yet
	site    string // absolute
	home    string // the folder of lock, state, and staging
	beside  bool   // home is beside the output, and not in the site
	program string
	lock    *os.File
	state   *state
	current bool      // whether the state is of this program
	opened  time.Time // see Opened

	// Tests replace these: step is called before each change of the disk and can be nil.
	step   func(name string) error
	rename func(from, to string) error
}

// OpenOutput checks that an output folder can be written, takes its lock, and
// reads the state of the last build. It changes nothing in the folder. If
// another build has the lock, the error names the process.
func OpenOutput(p Place) (*Output, *source.Problem, error) {
	o, problem, err := p.output()
	if problem != nil || err != nil {
		return nil, problem, err
	}
	if err := o.openHome(o.site); err != nil {
		if p := source.ProblemOf(err); p != nil {
			return nil, p, nil
		}
		return nil, nil, err
	}
	o.loadState()
	return o, nil, nil
}

// Check returns the problem with a place that OpenOutput refuses, and writes nothing.
func (p Place) Check() (*source.Problem, error) {
	_, problem, err := p.output()
	return problem, err
}

// output returns the Output of a place, which is not opened, or the problem with it.
func (p Place) output() (*Output, *source.Problem, error) {
	site, err := filepath.Abs(p.Site)
	if err != nil {
		return nil, nil, failed("open", p.Site, err)
	}
	out, err := filepath.Abs(p.Out)
	if err != nil {
		return nil, nil, failed("open", p.Out, err)
	}
	o := &Output{name: shown(site, out, p.Out), site: site, program: p.Program, rename: rename}
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
			`choose a separate folder, such as "public", with --out or in privgen.toml: [output] folder`), nil
	}
	if nested := nestedOutput(o.dir); nested != "" {
		return nil, source.NewProblem(at, "output-in-output",
			fmt.Sprintf("the site cannot be written to %q: %s", o.name, nested),
			"choose a folder that is neither in the output of another site nor above it"), nil
	}
	return o, nil, nil
}

// Cache returns what the caller stored with the last Write of this program, or
// nil. The caller must not change it.
func (o *Output) Cache() []byte { return o.state.cache }

// DropCache permanently removes what the caller stored. Pages that are in place
// stay known.
func (o *Output) DropCache() error {
	if o.state.cache == nil {
		return nil
	}
	o.state.cache = nil
	w := &writing{out: o}
	return w.writeState(o.state)
}

// Opened returns when the output was opened, by the clock of this machine or of
// the file system, whichever is behind. A file that was changed before then,
// and is read after, can have a fingerprint.
func (o *Output) Opened() time.Time { return o.opened }

// clock returns the time by the clock of this machine or of the file system,
// whichever is behind.
func (o *Output) clock() time.Time {
	now := time.Now()
	o.lock.WriteAt(fmt.Appendf(nil, "%d\n", os.Getpid()), 0)
	if info, err := o.lock.Stat(); err == nil && info.ModTime().Before(now) {
		return info.ModTime()
	}
	return now
}

// Close releases the lock.
func (o *Output) Close() error {
	// Closing is not enough: a child process that is being started at this moment
	// can inherit the open file.
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
		// The files in the output are still known, but their keys have no meaning.
		for i := range s.files {
			clear(s.files[i].key[:])
		}
		s.program, s.cache = o.program, nil
	}
	o.state = s
}

// Beside returns the folder for lock and state if it is beside the output, on the
// output's disk, and "" if it is in the site.
func (o *Output) Beside() string {
	if o.beside {
		return filepath.ToSlash(filepath.Dir(o.home))
	}
	return ""
}

// openHome creates the folder for lock and state, in the site's folder if renames
// from there to the output work, otherwise beside the output, and takes the lock.
func (o *Output) openHome(site string) error {
	sum := sha256.Sum256([]byte(o.dir))
	base, up := filepath.Base(o.dir), filepath.Dir(o.dir)
	homes := [][2]string{{up, base}, {site, fmt.Sprintf("%s-%x", base, sum[:4])}}
	_ = os.MkdirAll(up, 0o777) // a later write reports the error
	a, err := os.Stat(up)
	b, e := os.Stat(site)
	own := err == nil && e == nil && os.SameFile(a, b) // the output is in the site's folder itself
	if !own && err == nil && e == nil && sameDisk(up, a, site, b) {
		slices.Reverse(homes)
	}
	for _, home := range homes {
		o.home, o.beside = filepath.Join(home[0], ownName, home[1]), !own && home[0] == up
		if _, err = makeOwn(home[0], home[1]); err == nil {
			o.lock, err = openOwn(filepath.Join(o.home, "lock"))
		}
		if err == nil || !errors.Is(err, fs.ErrPermission) && !errors.Is(err, syscall.EROFS) {
			break
		}
	}
	if source.ProblemOf(err) != nil {
		return err
	}
	if err != nil {
		return failed("write", filepath.ToSlash(filepath.Join(o.home, "lock")), err)
	}
	if err = o.takeLock(); err == nil {
		err = failed("write", filepath.ToSlash(o.home), claimFolder(o.home, "lock"))
	}
	if err != nil {
		o.lock.Close()
		return err
	}
	o.opened = o.clock()
	return nil
}

// takeLock locks the file lock and writes the id of this process into it.
func (o *Output) takeLock() error {
	busy, err := tryLock(o.lock)
	if busy {
		b := make([]byte, 20)
		n, _ := o.lock.ReadAt(b, 0)
		process := cmp.Or(strings.TrimSpace(string(b[:n])), "unknown")
		return source.Fix(fmt.Errorf("%s is being written by another privgen, process %s", o.name, process),
			"wait until it is done, or stop it")
	}
	if err == nil {
		o.lock.Truncate(0)
		_, err = o.lock.WriteAt(fmt.Appendf(nil, "%d\n", os.Getpid()), 0)
	}
	return failed("lock", o.name, err)
}

// ignoreInGit excludes a folder from git. It ignores errors.
func ignoreInGit(dir string) {
	if f, err := os.OpenFile(filepath.Join(dir, ".gitignore"), os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o666); err == nil {
		f.WriteString("*\n")
		f.Close()
	}
}

// shown returns a path as messages show it: relative to the site, or as it was written.
func shown(site, path, written string) string {
	if rel, err := filepath.Rel(site, path); err == nil && filepath.IsLocal(rel) {
		return filepath.ToSlash(rel)
	}
	return filepath.ToSlash(filepath.Clean(written))
}

// noLinks rejects an output folder that a symlink of the site leads to: a site
// can come from a stranger, and the symlink can lead anywhere.
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

// An obstacle is a file that is in the way of a folder.
type obstacle struct{ path, is string }

func (o *obstacle) Error() string { return o.path + " " + o.is }

// resolve follows the symlinks in a path whose last parts need not exist yet.
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

// overSource returns why an output would overwrite the source of a site, or "".
// Folders are compared by os.SameFile, so that links, letter case, and mounts
// do not hide one.
func overSource(site, out string) string {
	if real, err := filepath.EvalSymlinks(site); err == nil {
		site = real
	}
	if dir, err := os.Stat(out); err == nil {
		for up := range upward(site) {
			if info, err := os.Stat(up); err == nil && os.SameFile(dir, info) {
				return "this is the site's own folder, or one above it"
			}
		}
	}
	for _, name := range []string{"content", "static", "templates", "themes", ".git", ".privgen"} {
		info, err := os.Stat(filepath.Join(site, name))
		for up := range upward(out) {
			dir, e := os.Stat(up)
			if up == filepath.Join(site, name) || err == nil && e == nil && os.SameFile(dir, info) {
				return fmt.Sprintf("this is in the folder %q of the site", name)
			}
		}
	}
	if _, err := os.Lstat(filepath.Join(out, "privgen.toml")); err == nil {
		return "there is a privgen.toml in it, so it is the source of a site"
	}
	return ""
}

// nestedOutput returns why an output cannot be in or above another one, or "":
// the ownership list of one and the state folder of the other have one path.
func nestedOutput(out string) string {
	if info, err := os.Lstat(filepath.Join(filepath.Dir(out), listName)); err == nil && info.Mode().IsRegular() {
		return "this is in a folder that another site is written to"
	}
	if info, err := os.Lstat(filepath.Join(out, listName)); err == nil && info.IsDir() {
		return "another site is written to a folder in it"
	}
	return ""
}
