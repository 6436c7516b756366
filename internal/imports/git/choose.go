package git

import (
	"context"
	"errors"
	"fmt"
	"path"
	"regexp"
	"slices"
	"strings"

	"github.com/privgen/privgen/internal/imports/history"
	"github.com/privgen/privgen/internal/imports/naming"
	"github.com/privgen/privgen/internal/imports/textfile"
	"github.com/privgen/privgen/internal/source"
)

// This file chooses the files of a history that are documents.

// choose returns the files that are documents, and notes about those that may be.
func (f *Found) choose(ctx context.Context, r *Repo, patterns []*regexp.Regexp) ([]*track, []history.Note, error) {
	var list []*track
	var notes []history.Note
	s, h := f.search, f.log
	hit := make([]bool, len(patterns))
	h.tracks = slices.DeleteFunc(h.tracks, func(t *track) bool {
		return naming.Matches(s.Exclude, strings.TrimPrefix(t.path, r.prefix))
	})
	for _, t := range h.tracks {
		ok := false
		switch {
		case len(patterns) > 0:
			for i, re := range patterns {
				if slices.ContainsFunc(t.paths, re.MatchString) {
					hit[i], ok = true, true
				}
			}
		case s.Archive:
			name, ours := strings.CutPrefix(t.path, r.prefix)
			ok = ours && strings.Contains(name, "/") && strings.EqualFold(path.Ext(name), ".md")
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
		var err error
		if list, notes, err = f.look(ctx, r); err != nil {
			return nil, nil, err
		}
	}
	if len(list) == 0 {
		if dirs := r.dated(h); len(dirs) > 0 && !s.Archive {
			return nil, nil, source.Usage("the texts in this history are named by their dates, so each is already "+
				"a version",
				"import them as files: privgen import snapshots "+
					path.Join(r.dir, strings.TrimPrefix(dirs[0], r.prefix)))
		}
		return nil, nil, s.nothing(h, notes)
	}
	return list, notes, nil
}

// look returns the files that look like policies, by name and newest text.
func (f *Found) look(ctx context.Context, r *Repo) (list []*track, notes []history.Note, err error) {
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
	for _, t := range f.log.tracks {
		if t.gone && f.imported(t) {
			list = append(list, t)
		}
	}
	for i, t := range tracks {
		if ctx.Err() != nil {
			return nil, nil, ctx.Err()
		}
		f.search.Progress("looking at file", i, len(tracks))
		name := strings.TrimPrefix(t.path, r.prefix)
		v, why, err := judge(name, func() ([]byte, error) { return f.newest(t.path, hashes[i], sizes[i]) })
		if err != nil {
			return nil, nil, r.missing(err)
		}
		switch v {
		case take:
			list = append(list, t)
		case doubted:
			doubtful = append(doubtful, name+": "+why)
		case missed:
			unnamed = append(unnamed, name+": "+why)
		}
	}
	var others []string
	for _, t := range f.log.tracks {
		name, ours := strings.CutPrefix(t.path, r.prefix)
		if ours && !t.gone && naming.IsOther(name) && likelyName(name) {
			others = append(others, name)
		}
	}
	decide := func(files []string, text string) {
		if len(files) > 0 {
			notes = append(notes, history.Note{Text: text, Files: files, Decide: true})
		}
	}
	decide(doubtful, "not imported, because these files do not read like policies; to import one, name it")
	decide(unnamed, "not imported, because only their text reads like a policy; to import one, name it")
	decide(others, "not imported, because privgen does not read their format; save the pages that they make and run "+
		"privgen import html PAGES, or convert them to Markdown")
	return list, notes, nil
}

// imported reports whether the site has a version of a file.
func (f *Found) imported(t *track) bool {
	return slices.ContainsFunc(t.states, func(s tracked) bool {
		return f.search.Imported[s.commit.hash+" "+s.path] != ""
	})
}

// newest returns the last text of a file, or nil if it is not text or too large.
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

// some returns the first of many names.
func some(list []string) string {
	if n := len(list); n > 5 {
		return strings.Join(list[:5], ", ") + fmt.Sprintf(" and %d more", n-5)
	}
	return strings.Join(list, ", ")
}

// unknown returns the refusal of a path that is in no commit.
func (s Search) unknown(r *Repo, h *log, p string) error {
	for _, sub := range h.submodules {
		if p == sub || strings.HasPrefix(path.Join(r.prefix, p), sub+"/") {
			return source.Usage(fmt.Sprintf("%q is in the submodule %s, which has its own history", p, sub),
				"import it separately: privgen import git "+path.Join(r.dir, sub))
		}
	}
	if slices.Contains(h.links, path.Join(r.prefix, p)) {
		return source.Usage(fmt.Sprintf("%q is a symbolic link, not a text", p), "name the file that it leads to")
	}
	do := "paths are as git log writes them, from the folder that was named; patterns may hold * and **"
	for _, t := range h.tracks {
		if strings.EqualFold(path.Base(t.path), path.Base(p)) {
			do = fmt.Sprintf("did you mean %s?", strings.TrimPrefix(t.path, r.prefix))
			break
		}
	}
	return source.Usage(fmt.Sprintf("no commit has the path %q", p), do)
}

// nothing returns the refusal of a history without policies.
func (s Search) nothing(h *log, notes []history.Note) error {
	if s.Archive {
		return source.Usage("this is not a collection of recorded terms: it has no text SERVICE/DOCUMENT.md",
			"name the repository of the versions, not that of the snapshots or the declarations;\n"+
				"for other histories: privgen import git REPO")
	}
	do := "name them: privgen import git REPO legal/privacy.md 'docs/**/*.md'"
	var has []string
	for _, t := range h.tracks {
		if !t.gone {
			has = append(has, t.path)
		}
	}
	for _, n := range notes {
		do += "\n" + n.Text + ": " + some(n.Files)
	}
	if len(notes) == 0 && len(has) > 0 {
		do += "\nit has " + some(has)
	}
	return source.Usage(fmt.Sprintf("none of the texts in these %d commits looks like a policy", h.commits), do)
}

// notes returns facts about the history that may surprise the user.
func (r *Repo) notes(h *log, s Search) (notes []history.Note) {
	if r.Shallow {
		notes = append(notes, history.Note{Decide: true,
			Text: "the repository is a shallow clone: its older history is missing; to have it: git fetch --unshallow"})
	}
	if h.exact {
		notes = append(notes, history.Note{Decide: true, Text: "the repository lacks objects, so a file that " +
			"was renamed and changed in one commit has no past; to join it: --join OLD=NEW"})
	}
	if h.merges > 0 {
		notes = append(notes, history.Note{
			Text: fmt.Sprintf("a merge counts as one change, on the day it came in; merges: %d", h.merges)})
	}
	if len(h.submodules) > 0 && len(s.Paths) == 0 {
		notes = append(notes, history.Note{Text: "not read, because submodules have their own histories",
			Files: h.submodules})
	}
	return notes
}

// others returns notes about other texts that the user may want: policies that were
// removed, and versions in files.
func (s Search) others(r *Repo, h *log, chosen []*track) (notes []history.Note) {
	if len(s.Paths) > 0 || s.Archive {
		return nil
	}
	var pasts, gone []string
	for _, t := range h.tracks {
		name, ours := strings.CutPrefix(t.path, r.prefix)
		if !t.gone || !ours || !likely(t.path) || slices.Contains(chosen, t) {
			continue
		}
		last := t.states[len(t.states)-1].commit.author.Format("2006-01-02")
		if heir := heirOf(t, chosen); heir != nil {
			pasts = append(pasts, fmt.Sprintf("%s (%s, until %s) of %s: --join %s=%s", name,
				source.Count(len(t.states)-1, "change"), last, heir.path, name,
				strings.TrimPrefix(heir.path, r.prefix)))
			continue
		}
		gone = append(gone, fmt.Sprintf("%s (until %s)", name, last))
	}
	if len(pasts) > 0 {
		notes = append(notes, history.Note{Decide: true, Text: "files that may be the past of a policy", Files: pasts})
	}
	if dirs := r.dated(h); len(dirs) > 0 {
		notes = append(notes, history.Note{Decide: true, Text: "folders with files that are named by their dates, so " +
			"each is already a version; to import one: privgen import snapshots FOLDER", Files: dirs})
	}
	if len(gone) > 0 {
		notes = append(notes, history.Note{Decide: true, Files: gone,
			Text: "not imported, because they were removed; to import one, name it"})
	}
	if len(h.joined) > 0 {
		notes = append(notes, history.Note{Files: h.joined,
			Text: "files that one commit removed as it added another, which have one past"})
	}
	return notes
}

// heirOf returns the document that may continue a removed file: the one with its
// name, or else the only one of its kind that began when the file ended or later.
func heirOf(t *track, chosen []*track) *track {
	end := t.states[len(t.states)-1].commit.index
	var ofKind []*track
	kind, _ := naming.Kind(key(t.path))
	for _, c := range chosen {
		if subject(c.path) == subject(t.path) {
			return c
		}
		if k, _ := naming.Kind(key(c.path)); k == kind && k != "other" && c.states[0].commit.index >= end {
			ofKind = append(ofKind, c)
		}
	}
	if len(ofKind) == 1 {
		return ofKind[0]
	}
	return nil
}

// dated returns the folders that have versions as files, named by their dates.
func (r *Repo) dated(h *log) (dirs []string) {
	for _, t := range h.tracks {
		dir, base := path.Dir(t.path), path.Base(t.path)
		if t.gone || !strings.HasPrefix(t.path, r.prefix) || !byDate().MatchString(base) || slices.Contains(dirs, dir) {
			continue
		}
		if likely(path.Join(dir, "privacy.md")) {
			dirs = append(dirs, dir)
		}
	}
	return dirs
}
