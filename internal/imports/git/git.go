// Package git reads the history of policies from a git repository or a bundle.
//
// Its two fundamental types are Repo, a repository that is open for reading, and
// Found, the documents of its history.
//
// # How a history is read
//
// The program git reads it: it is many times faster than any Go library and knows
// every kind of repository. Only the first parents of the branch are followed, so
// a merge is one change, on the day of the merge: that is when readers saw it. Files
// keep their history when they are renamed, and when they come back under another
// name with the same content or as Markdown.
//
// # Trust
//
// A repository may come from anybody. No program that its config or its hooks name
// is run, and nothing is fetched.
//
// # Which files are documents
//
// The user names files, folders, and patterns, or the files are found: by their
// paths, and if those are unclear, by the words of their newest text. Files that
// were not chosen but may be policies are listed in Found.Notes.
package git

import (
	"bytes"
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"

	"github.com/privgen/privgen/internal/source"
)

// A Repo is a history in git, open for reading.
type Repo struct {
	dir     string // where git runs
	prefix  string // the folder in it that was opened, with a slash at the end; or empty
	temp    string // the folder that Close removes, or empty
	tip     string // the commit whose history is read
	shallow bool   // its older history is missing
	partial bool   // some of its texts are missing
}

// Open opens a working copy or a folder in it, a bare repository, or a bundle. An
// empty branch is the one checked out, or HEAD, main, master, or the first branch of
// a bundle. The caller closes the Repo. The error is a *source.Problem if the user can
// fix it.
func Open(ctx context.Context, name, branch string) (*Repo, error) {
	if _, err := exec.LookPath("git"); err != nil {
		return nil, source.Usage("git is not installed, and import needs it to read histories",
			"install it (https://git-scm.com) and run this again")
	}
	info, err := os.Stat(name)
	switch {
	case err != nil && (strings.Contains(name, "://") || strings.Contains(name, "@") && strings.Contains(name, ":")):
		return nil, source.Usage(fmt.Sprintf("%q is a URL; import reads repositories on this computer", name),
			"clone it first: git clone "+name+" history\nand then: privgen import git history")
	case errors.Is(err, os.ErrNotExist):
		return nil, source.Usage(fmt.Sprintf("there is no file or folder %q", name),
			"name a working copy, a bare repository or a bundle")
	case err != nil:
		return nil, err
	}
	abs, err := filepath.Abs(name)
	if err != nil {
		return nil, err
	}
	r := &Repo{dir: name}
	if info.IsDir() {
		err = r.open(ctx, abs, branch)
	} else {
		err = r.unbundle(ctx, name, abs, branch)
	}
	if err != nil {
		r.Close()
		return nil, err
	}
	return r, nil
}

// Close removes temporary files.
func (r *Repo) Close() error {
	if r.temp == "" {
		return nil
	}
	return os.RemoveAll(r.temp)
}

func (r *Repo) open(ctx context.Context, abs, branch string) error {
	out, err := r.git(ctx, "rev-parse", "--is-shallow-repository", "--show-prefix")
	if err != nil {
		said := err.Error()
		switch {
		case strings.Contains(said, "dubious ownership"):
			return source.Usage(fmt.Sprintf("the repository %q belongs to another user, and git does not read it "+
				"for you", r.dir),
				"if you trust it, run:\ngit config --global --add safe.directory "+abs)
		case strings.Contains(said, "not a git repository"):
			return source.Usage(fmt.Sprintf("%q is not in a git repository", r.dir),
				"name a working copy, a bare repository or a bundle;\n"+
					"for a folder of texts: privgen import snapshots "+r.dir)
		}
		return err
	}
	shallow, prefix, _ := strings.Cut(strings.TrimRight(string(out), "\n"), "\n")
	r.shallow, r.prefix = shallow == "true", prefix
	if out, err := r.git(ctx, "config", "--get-regexp",
		`^(extensions\.partialclone|remote\..*\.promisor)$`); err == nil {
		r.partial = len(out) > 0
	}
	return r.findTip(ctx, branch)
}

// findTip finds the newest commit of the branch.
func (r *Repo) findTip(ctx context.Context, branch string) error {
	out, err := r.git(ctx, "rev-parse", "--verify", "--quiet", "--end-of-options", cmp.Or(branch, "HEAD")+"^{commit}")
	if err == nil {
		r.tip = strings.TrimSpace(string(out))
		return nil
	}
	if branch == "" {
		return source.Usage(fmt.Sprintf("the repository %q has no commit yet, or its branch does not exist", r.dir),
			"commit the texts first, or name a branch: --branch NAME")
	}
	return source.Usage(fmt.Sprintf("%q has no branch, tag or commit %q", r.dir, branch), r.branches(ctx))
}

func (r *Repo) branches(ctx context.Context) string {
	out, err := r.git(ctx, "for-each-ref", "--count=20", "--format=%(refname:short)", "refs/heads", "refs/remotes")
	if list := strings.Fields(string(out)); err == nil && len(list) > 0 {
		return "it has " + strings.Join(list, ", ")
	}
	return "omit --branch to read the one that is checked out"
}

// unbundle creates a temporary repository from a bundle. It does not fetch from the
// bundle, since git would check whether that protocol is allowed.
func (r *Repo) unbundle(ctx context.Context, name, abs, branch string) error {
	if !isBundle(name) {
		return source.Usage(fmt.Sprintf("%q is not a git bundle", name),
			"name a working copy, a bare repository or a bundle (made by git bundle create);\n"+
				"for saved texts: privgen import snapshots "+name)
	}
	var err error
	if r.temp, err = os.MkdirTemp("", "privgen-import-"); err != nil {
		return err
	}
	r.dir = r.temp
	if _, err := r.git(ctx, "init", "-q", "--bare", "--template=", "."); err != nil {
		return err
	}
	out, err := r.git(ctx, "bundle", "unbundle", abs)
	if err != nil {
		if ctx.Err() != nil {
			return ctx.Err()
		}
		said := err.Error()
		switch {
		case strings.Contains(said, "prerequisite"):
			return source.Usage(fmt.Sprintf("the bundle %q has only a part of a history", name),
				"make a bundle of the whole history: git bundle create all.bundle --all")
		case strings.Contains(said, "No space left"):
			return err
		}
		return source.Usage(fmt.Sprintf("the bundle %q is damaged: %s", name, lastLine(said)),
			"copy it again, or make a new one: git bundle create all.bundle --all")
	}
	var refs []string
	r.tip, refs = tipOf(string(out), branch)
	switch {
	case r.tip == "" && branch != "":
		return source.Usage(fmt.Sprintf("the bundle %q has no branch or tag %q", name, branch),
			"it has "+strings.Join(refs, ", "))
	case r.tip == "":
		return source.Usage(fmt.Sprintf("the bundle %q has no branch", name),
			"make a new one: git bundle create all.bundle --all")
	}
	for line := range strings.Lines(string(out)) { // tags, for --group tag
		if hash, ref, ok := strings.Cut(strings.TrimSpace(line), " "); ok && strings.HasPrefix(ref, "refs/tags/") {
			if _, err := r.git(ctx, "update-ref", ref, hash); err != nil {
				return err
			}
		}
	}
	return nil
}

// tipOf returns the commit of a branch among the refs of a bundle, and the names of all.
// An empty branch is HEAD, main, master, or the first branch.
func tipOf(refs, branch string) (tip string, names []string) {
	byName := map[string]string{}
	for line := range strings.Lines(refs) {
		hash, ref, _ := strings.Cut(strings.TrimSpace(line), " ")
		byName[ref], names = hash, append(names, ref)
	}
	wanted := []string{branch, "refs/heads/" + branch, "refs/tags/" + branch, "refs/remotes/" + branch}
	if branch == "" {
		wanted = []string{"HEAD", "refs/heads/main", "refs/heads/master"}
		isBranch := func(ref string) bool { return strings.HasPrefix(ref, "refs/heads/") }
		if i := slices.IndexFunc(names, isBranch); i >= 0 {
			wanted = append(wanted, names[i])
		}
	}
	for _, ref := range wanted {
		if byName[ref] != "" {
			return byName[ref], names
		}
	}
	return "", names
}

func isBundle(name string) bool {
	f, err := os.Open(name)
	if err != nil {
		return false
	}
	defer f.Close()
	head := make([]byte, 16)
	n, _ := f.Read(head) // a file that cannot be read is not a bundle
	return bytes.HasPrefix(head[:n], []byte("# v2 git bundle")) || bytes.HasPrefix(head[:n], []byte("# v3 git bundle"))
}

// command returns a git command that runs no hook or other program of the repository
// and fetches nothing, whatever the environment and the repository's config say.
func (r *Repo) command(ctx context.Context, args ...string) *exec.Cmd {
	safe := []string{"-C", r.dir, "--no-pager", "-c", "core.fsmonitor=false", "-c", "core.hooksPath=" + os.DevNull,
		"-c", "protocol.allow=never", "-c", "core.quotePath=false", "-c", "log.showSignature=false"}
	c := exec.CommandContext(ctx, "git", append(safe, args...)...)
	for _, kv := range os.Environ() {
		if !strings.HasPrefix(kv, "GIT_") && !strings.HasPrefix(kv, "LC_") && !strings.HasPrefix(kv, "LANG") {
			c.Env = append(c.Env, kv)
		}
	}
	c.Env = append(c.Env, "LC_ALL=C", "GIT_OPTIONAL_LOCKS=0", "GIT_TERMINAL_PROMPT=0", "GIT_NO_LAZY_FETCH=1",
		"GIT_ALLOW_PROTOCOL=none", "GIT_PAGER=cat")
	return c
}

// git runs git and returns its output. The error contains git's error message.
func (r *Repo) git(ctx context.Context, args ...string) ([]byte, error) {
	return r.feed(ctx, nil, args...)
}

// feed is git with an input.
func (r *Repo) feed(ctx context.Context, in io.Reader, args ...string) ([]byte, error) {
	c := r.command(ctx, args...)
	var errs bytes.Buffer
	c.Stdin, c.Stderr = in, &errs
	out, err := c.Output()
	if err != nil {
		return nil, gitError(ctx, args[0], errs.String(), err)
	}
	return out, nil
}

func gitError(ctx context.Context, what, said string, err error) error {
	if ctx.Err() != nil {
		return ctx.Err()
	}
	if said = strings.TrimSpace(said); said == "" {
		said = err.Error()
	}
	return fmt.Errorf("git %s: %s", what, said)
}

func lastLine(said string) string {
	lines := strings.Split(strings.TrimSpace(said), "\n")
	return strings.TrimPrefix(strings.TrimPrefix(lines[len(lines)-1], "fatal: "), "error: ")
}
