package git

import (
	"bufio"
	"bytes"
	"cmp"
	"context"
	"fmt"
	"io"
	"path"
	"slices"
	"strings"
	"time"

	"github.com/privgen/privgen/internal/imports/naming"
	"github.com/privgen/privgen/internal/lang"
	"github.com/privgen/privgen/internal/source"
)

// This file reads the changes of a history and follows each file through its names.

// A commit is one step of the history.
type commit struct {
	hash      string
	author    time.Time // zero if it cannot be parsed
	committer time.Time
	message   string
	tag       *tag // of this commit, or nil
	index     int  // position in the history; the oldest is 0
}

// A tag is a named release.
type tag struct {
	name string
	when time.Time
}

// A change is the change of a file in a commit.
type change struct {
	status   byte // as in git: A, M, D, R, or T
	mode     string
	blob     string
	from, to string // paths; they differ only for R
}

// A track is the history of a file through its names.
type track struct {
	path   string   // the newest
	paths  []string // all, the newest last
	gone   bool     // it does not exist at the tip
	states []tracked
	beside []tracked // states of a file that was joined with this one, from a time when this one existed
}

type tracked struct {
	commit *commit
	path   string
	blob   string // empty: the file is gone
	size   int64
}

func (t *track) last() *tracked { return &t.states[len(t.states)-1] }

// A log has the changes of a branch.
type log struct {
	commits    int
	merges     int
	tracks     []*track
	submodules []string
	links      []string  // symbolic links
	releases   []*commit // those with a tag
	joined     []string  // files that continue others
	exact      bool      // only renames without a change were followed
	at         map[string]*track
}

// log reads the whole history of the tip. It follows files for which want returns
// true for one of their names. If an object of any file is missing, it follows only
// renames without a change, for which git reads no object.
func (r *Repo) log(ctx context.Context, want func(path string) bool, progress func(done, total int)) (*log, error) {
	h, err := r.logRenames(ctx, "-M", want, progress)
	if err != nil && isMissing(err) {
		if h, err = r.logRenames(ctx, "-M100%", want, progress); h != nil {
			h.exact = true
		}
	}
	return h, err
}

// isMissing reports whether git failed because an object is missing.
func isMissing(err error) bool {
	signs := []string{"promisor", "not allowed", "missing", "unable to read"}
	return slices.ContainsFunc(signs, func(sign string) bool { return strings.Contains(err.Error(), sign) })
}

func (r *Repo) logRenames(ctx context.Context, renames string, want func(path string) bool,
	progress func(done, total int)) (*log, error) {
	out, err := r.git(ctx, "rev-list", "--first-parent", "--parents", r.tip)
	if err != nil {
		return nil, err
	}
	tags, err := r.tags(ctx)
	if err != nil {
		return nil, err
	}
	h := &log{at: map[string]*track{}}
	lines := strings.Split(strings.TrimSpace(string(out)), "\n")
	var in bytes.Buffer
	for i := len(lines) - 1; i >= 0; i-- { // the oldest first
		words := strings.Fields(lines[i])
		if len(words) > 2 {
			h.merges++
		}
		in.WriteString(strings.Join(words[:min(2, len(words))], " "))
		in.WriteByte('\n')
	}
	h.commits = len(lines)
	c := r.command(ctx, "diff-tree", "--stdin", "-r", renames, "-l1000", "--root", "--raw", "-z", "--no-abbrev",
		"--no-ext-diff", "--no-textconv", "--always", "--encoding=UTF-8", "--format=%x01%H%x00%aI%x00%cI%x00%B")
	c.Stdin = &in
	var errs bytes.Buffer
	c.Stderr = &errs
	pipe, err := c.StdoutPipe()
	if err != nil {
		return nil, err
	}
	if err := c.Start(); err != nil {
		return nil, err
	}
	n := 0
	wrong := readChanges(bufio.NewReaderSize(pipe, 1<<16), func(one *commit, changes []change) {
		one.index = n
		if one.tag = tags[one.hash]; one.tag != nil {
			h.releases = append(h.releases, one)
		}
		h.take(one, changes, want)
		n++
		progress(n, h.commits)
	})
	if wrong != nil {
		io.Copy(io.Discard, pipe) // so that git exits
	}
	if err := c.Wait(); err != nil {
		return nil, gitError(ctx, "diff-tree", errs.String(), err)
	}
	return h, wrong
}

// readChanges parses the output of diff-tree: for each commit a byte 1 and its hash,
// two dates and the message, then its changes.
func readChanges(in *bufio.Reader, each func(*commit, []change)) error {
	var one *commit
	var changes []change
	var err error
	next := func() (s string) {
		if err == nil {
			s, err = in.ReadString(0)
		}
		return strings.TrimSuffix(s, "\x00")
	}
	for err == nil {
		s := strings.TrimLeft(next(), "\n")
		switch {
		case strings.HasPrefix(s, "\x01"):
			if one != nil {
				each(one, changes)
			}
			one = &commit{hash: s[1:], author: parseTime(next()), committer: parseTime(next()), message: next()}
			changes = nil
		case strings.HasPrefix(s, ":"):
			meta := strings.Fields(s[1:])
			if len(meta) != 5 || one == nil {
				return fmt.Errorf("git diff-tree: unexpected output %q", s)
			}
			c := change{status: meta[4][0], mode: meta[1], blob: meta[3], from: next()}
			c.to = c.from
			if c.status == 'R' || c.status == 'C' {
				c.to = next()
			}
			changes = append(changes, c)
		}
	}
	if err != io.EOF {
		return err
	}
	if one != nil {
		each(one, changes)
	}
	return nil
}

func parseTime(s string) time.Time {
	t, err := time.Parse(time.RFC3339, strings.TrimSpace(s))
	if err != nil {
		return time.Time{} // recognized as wrong later
	}
	return t
}

// take follows the files through one commit.
func (h *log) take(one *commit, changes []change, want func(string) bool) {
	// Removals and renames come first: in one commit, a name may pass from one file
	// to another, and two files may exchange names.
	moved := map[string]*track{}
	for _, c := range changes {
		switch t := h.at[c.from]; {
		case t == nil:
		case c.status == 'D':
			t.states = append(t.states, tracked{commit: one, path: c.from})
			t.gone = true
		case c.status == 'R':
			moved[c.from] = t
			delete(h.at, c.from)
		}
	}
	for _, c := range changes {
		if c.status == 'D' {
			continue
		}
		switch c.mode {
		case "160000":
			if c.status == 'A' {
				h.submodules = append(h.submodules, c.to)
			}
			continue
		case "120000":
			if c.status == 'A' && want(c.to) {
				h.links = append(h.links, c.to)
			}
			continue
		}
		t := h.at[c.to]
		if c.status == 'R' {
			t = moved[c.from]
		}
		if t == nil {
			if !want(c.to) && !want(c.from) {
				continue
			}
			if t = h.lost(one, c); t == nil {
				t = &track{}
				h.tracks = append(h.tracks, t)
			}
		}
		if t.path != c.to {
			t.path = c.to
			t.paths = append(t.paths, c.to)
		}
		t.gone = false
		h.at[c.to] = t
		t.states = append(t.states, tracked{commit: one, path: c.to, blob: c.blob})
	}
}

// release returns the first tag that contains a commit, or nil.
func (h *log) release(c *commit) *tag {
	i, _ := slices.BinarySearchFunc(h.releases, c.index, func(r *commit, index int) int { return r.index - index })
	if i == len(h.releases) {
		return nil
	}
	return h.releases[i].tag
}

// lost returns a removed file that comes back under another name, or nil: one with the
// same bytes, or one that this commit removed and that had the same path without the
// extension, or named the same policy, as terms.md and terms/index.md do.
func (h *log) lost(one *commit, c change) *track {
	if c.status != 'A' {
		return nil
	}
	for _, t := range h.tracks {
		n := len(t.states)
		if !t.gone || n < 2 {
			continue
		}
		same := t.states[n-2].blob == c.blob
		now := t.states[n-1].commit == one
		written := now && withoutExt(t.path) == withoutExt(c.to)
		named := now && !written && !same && subject(t.path) == subject(c.to)
		if named {
			h.joined = append(h.joined, fmt.Sprintf("%s (%s, until %s) is the past of %s: both are named %q", t.path,
				source.Count(n-1, "change"), one.author.Format(time.DateOnly), c.to, key(c.to)))
		}
		if written || named {
			t.states = t.states[:n-1] // it was never missing
		}
		if same || written || named {
			delete(h.at, t.path)
			return t
		}
	}
	return nil
}

// subject returns the policy and the languages that a path names.
func subject(file string) string {
	languages := ""
	for part := range strings.FieldsFuncSeq(withoutExt(file), func(r rune) bool { return r == '/' || r == '.' }) {
		if tag := lang.Tag(part); tag != "" {
			languages += " " + tag
		}
	}
	return key(file) + languages
}

// key returns the name of the policy in a path: terms for terms.md and terms/index.md.
func key(file string) string {
	stem := withoutExt(path.Base(file))
	for strings.Contains(stem, ".") { // privacy.de
		stem = withoutExt(stem)
	}
	if naming.IsGeneric(stem) && path.Dir(file) != "." {
		stem = path.Base(path.Dir(file))
	}
	return naming.Slug(stem)
}

// join makes the past of one file that of another.
func (h *log) join(old, heir string) error {
	find := func(file string) (*track, error) {
		for _, t := range h.tracks {
			if slices.Contains(t.paths, file) {
				return t, nil
			}
		}
		return nil, source.Usage(fmt.Sprintf("--join: no commit has the path %q", file),
			"write --join OLD=NEW with two paths of the history, as git log writes them")
	}
	from, err := find(old)
	if err != nil {
		return err
	}
	to, err := find(heir)
	if err != nil || from == to {
		return err
	}
	to.follow(from)
	h.tracks = slices.DeleteFunc(h.tracks, func(t *track) bool { return t == from })
	return nil
}

// follow inserts the states that another file had before this one at the beginning of
// t.states, and adds its later states to t.beside.
func (t *track) follow(from *track) {
	first := t.states[0].commit.index
	var past []tracked
	for _, s := range from.states {
		switch {
		case s.commit.index < first && s.blob != "":
			past = append(past, s)
		case s.blob != "":
			t.beside = append(t.beside, s)
		}
	}
	t.states = append(past, t.states...)
	t.beside = append(t.beside, from.beside...)
	t.paths = append(slices.Clone(from.paths), t.paths...)
}

func withoutExt(file string) string { return strings.TrimSuffix(file, path.Ext(file)) }

// tags returns the tags by commit. Of several, the highest version counts.
func (r *Repo) tags(ctx context.Context) (map[string]*tag, error) {
	out, err := r.git(ctx, "for-each-ref", "--sort=version:refname",
		"--format=%(objectname)%00%(*objectname)%00%(creatordate:iso-strict)%00%(refname:strip=2)", "refs/tags")
	if err != nil {
		return nil, err
	}
	tags := map[string]*tag{}
	for line := range strings.Lines(string(out)) {
		f := strings.Split(strings.TrimSuffix(line, "\n"), "\x00")
		if len(f) != 4 {
			continue
		}
		tags[cmp.Or(f[1], f[0])] = &tag{f[3], parseTime(f[2])}
	}
	return tags, nil
}
