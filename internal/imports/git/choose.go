package git

import (
	"context"
	"errors"
	"fmt"
	"path"
	"regexp"
	"slices"
	"strings"

	"github.com/privgen/privgen/internal/imports/textfile"
	"github.com/privgen/privgen/internal/source"
)

// This file tells which files of a history are documents, and names those that
// may be and are not taken.

// choose tells the files that are documents. Notes name those that may be, and
// are not taken.
func (f *Found) choose(ctx context.Context, r *Repo, patterns []*regexp.Regexp) (list []*track, notes []string, err error) {
	s, h := f.search, f.log
	hit := make([]bool, len(patterns))
	for _, t := range h.tracks {
		ours := strings.HasPrefix(t.path, r.prefix)
		ok := false
		switch {
		case len(patterns) > 0:
			for i, re := range patterns {
				if slices.ContainsFunc(t.paths, re.MatchString) {
					hit[i], ok = true, true
				}
			}
		case s.Archive:
			ok = ours && strings.Count(strings.TrimPrefix(t.path, r.prefix), "/") >= 1 && strings.EqualFold(path.Ext(t.path), ".md")
		}
		if ok {
			list = append(list, t)
		}
	}
	for i, ok := range hit {
		if !ok {
			return nil, nil, s.unknown(r, h, s.Paths[i])
		}
	}
	if len(patterns) == 0 && !s.Archive {
		if list, notes, err = f.look(ctx, r); err != nil {
			return nil, nil, err
		}
	}
	if len(list) == 0 {
		if dirs := r.dated(h); len(dirs) > 0 && !s.Archive {
			return nil, nil, refuse("the texts in this history are named by their dates, so each is a version already", "import them as files: privgen import snapshots "+path.Join(r.dir, strings.TrimPrefix(dirs[0], r.prefix)))
		}
		return nil, nil, s.nothing(h, notes)
	}
	return list, notes, nil
}

// look finds what looks like a policy, by its name and by its newest text.
func (f *Found) look(ctx context.Context, r *Repo) (list []*track, notes []string, err error) {
	var tracks []*track
	var hashes []string
	for _, t := range f.log.tracks {
		if !t.gone && strings.HasPrefix(t.path, r.prefix) && mayHold(strings.TrimPrefix(t.path, r.prefix)) {
			tracks = append(tracks, t)
			hashes = append(hashes, t.states[len(t.states)-1].blob)
		}
	}
	sizes, err := r.sizes(ctx, hashes)
	if err != nil {
		return nil, nil, r.missing(err)
	}
	var doubtful, unnamed []string
	for i, t := range tracks {
		if ctx.Err() != nil {
			return nil, nil, ctx.Err()
		}
		f.search.Progress("looking at file", i, len(tracks))
		name := strings.TrimPrefix(t.path, r.prefix)
		v, err := judge(name, func() ([]byte, error) { return f.newest(t.path, hashes[i], sizes[i]) })
		if err != nil {
			return nil, nil, r.missing(err)
		}
		switch v {
		case take:
			list = append(list, t)
		case doubted:
			doubtful = append(doubtful, name)
		case missed:
			unnamed = append(unnamed, name)
		}
	}
	if len(doubtful) > 0 {
		notes = append(notes, "not taken, since they do not read like policies, unless you name them: "+some(doubtful))
	}
	if len(unnamed) > 0 {
		notes = append(notes, "not taken, since only their words are those of policies, unless you name them: "+some(unnamed))
	}
	return list, notes, nil
}

// newest gives the last text of a file, for a judgment; nothing where it is no
// text or too large for one.
func (f *Found) newest(name, blob string, size int64) ([]byte, error) {
	if size < 0 || size > source.MaxSize {
		return nil, nil
	}
	raw, err := f.blobs.read(blob)
	if err != nil {
		return nil, err
	}
	one, err := f.search.textIn(name, raw)
	if unfit := (*textfile.Unfit)(nil); errors.As(err, &unfit) {
		return nil, nil
	}
	return one.text, err
}

// some names the first of many.
func some(list []string) string {
	if n := len(list); n > 5 {
		return strings.Join(list[:5], ", ") + fmt.Sprintf(" and %d more", n-5)
	}
	return strings.Join(list, ", ")
}

// unknown is the refusal of a path that no commit knows.
func (s Search) unknown(r *Repo, h *log, p string) error {
	for _, sub := range h.submodules {
		if p == sub || strings.HasPrefix(path.Join(r.prefix, p), sub+"/") {
			return refuse(fmt.Sprintf("%q is in the submodule %s, which has a history of its own", p, sub), "import it by itself: privgen import git "+path.Join(r.dir, sub))
		}
	}
	if slices.Contains(h.links, path.Join(r.prefix, p)) {
		return refuse(fmt.Sprintf("%q is a symbolic link, which has no text of its own", p), "name the file that it leads to")
	}
	do := "paths are as git log writes them, from the folder that was named; patterns may hold * and **"
	for _, t := range h.tracks {
		if strings.EqualFold(path.Base(t.path), path.Base(p)) {
			do = fmt.Sprintf("did you mean %s?", strings.TrimPrefix(t.path, r.prefix))
			break
		}
	}
	return refuse(fmt.Sprintf("no commit knows the path %q", p), do)
}

// nothing is the refusal of a history without policies.
func (s Search) nothing(h *log, notes []string) error {
	if s.Archive {
		return refuse("this is no collection of recorded terms: there is no text SERVICE/DOCUMENT.md in it",
			"name the repository of the versions, not that of the snapshots or the declarations;\nfor other histories: privgen import git REPO")
	}
	do := "name them: privgen import git REPO legal/privacy.md 'docs/**/*.md'"
	var has []string
	for _, t := range h.tracks {
		if !t.gone {
			has = append(has, t.path)
		}
	}
	if len(notes) > 0 {
		do += "\n" + strings.Join(notes, "\n")
	} else if len(has) > 0 {
		do += "\nit has " + some(has)
	}
	return refuse(fmt.Sprintf("none of the texts in these %d commits looks like a policy", h.commits), do)
}

// notes say what of the history is not as it seems.
func (r *Repo) notes(h *log, s Search) (notes []string) {
	if r.Shallow {
		notes = append(notes, "the repository is a shallow clone: its history is cut off, and so is what is imported; for all of it: git fetch --unshallow")
	}
	if h.merges > 0 {
		notes = append(notes, "a merge counts as one change, on the day on which it came in; there are "+fmt.Sprint(h.merges))
	}
	if len(h.submodules) > 0 && len(s.Paths) == 0 {
		notes = append(notes, "not looked into, since they have histories of their own: the submodules "+strings.Join(h.submodules, ", "))
	}
	return notes
}

// others names texts that may be meant too: policies that are not there any
// more, and those in files of another kind.
func (s Search) others(r *Repo, h *log, chosen []*track) (notes []string) {
	if len(s.Paths) > 0 || s.Archive {
		return nil
	}
	for _, dir := range r.dated(h) {
		notes = append(notes, fmt.Sprintf("the files in %s are named by their dates, so each is a version already: privgen import snapshots %s", dir, dir))
	}
	var gone []string
	for _, t := range h.tracks {
		if t.gone && strings.HasPrefix(t.path, r.prefix) && likely(t.path) && !slices.Contains(chosen, t) {
			gone = append(gone, fmt.Sprintf("%s (until %s)", strings.TrimPrefix(t.path, r.prefix), t.states[len(t.states)-1].commit.author.Format("2006-01-02")))
		}
	}
	if len(gone) > 0 {
		notes = append(notes, "removed in the meantime, so not imported unless you name them: "+some(gone))
	}
	return notes
}

// dated gives the folders that hold versions as files, named by their dates.
func (r *Repo) dated(h *log) (dirs []string) {
	for _, t := range h.tracks {
		dir := path.Dir(t.path)
		if !t.gone && strings.HasPrefix(t.path, r.prefix) && byDate().MatchString(path.Base(t.path)) && likely(path.Join(dir, "privacy.md")) && !slices.Contains(dirs, dir) {
			dirs = append(dirs, dir)
		}
	}
	return dirs
}
