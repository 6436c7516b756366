package git

import (
	"context"
	"errors"
	"fmt"
	"path"
	"regexp"
	"slices"
	"strings"
	"time"

	"github.com/privgen/privgen/internal/imports/history"
	"github.com/privgen/privgen/internal/imports/naming"
	"github.com/privgen/privgen/internal/imports/textfile"
	"github.com/privgen/privgen/internal/source"
)

// This file chooses the files of a history that are documents.

// choose returns the files that are documents, and notes about files that may be.
func (f *Found) choose(ctx context.Context, patterns []*regexp.Regexp) (
	list []*track, notes []history.Note, err error) {
	r := f.repo
	f.log.tracks = slices.DeleteFunc(f.log.tracks, func(t *track) bool {
		return naming.Matches(f.search.Exclude, r.short(t.path))
	})
	switch {
	case len(patterns) > 0:
		list, err = f.match(patterns)
	case f.search.Archive:
		for _, t := range f.log.tracks {
			name, ours := strings.CutPrefix(t.path, r.prefix)
			if ours && strings.Contains(name, "/") && strings.EqualFold(path.Ext(name), ".md") {
				list = append(list, t)
			}
		}
	default:
		list, notes, err = f.look(ctx)
	}
	if err == nil && len(list) == 0 {
		err = f.nothing(notes)
	}
	return list, notes, err
}

// match returns the files that the user named.
func (f *Found) match(patterns []*regexp.Regexp) (list []*track, err error) {
	hit := make([]bool, len(patterns))
	for _, t := range f.log.tracks {
		ok := false
		for i, re := range patterns {
			if slices.ContainsFunc(t.paths, re.MatchString) {
				hit[i], ok = true, true
			}
		}
		if ok {
			list = append(list, t)
		}
	}
	if i := slices.Index(hit, false); i >= 0 {
		return nil, f.unknown(f.search.Paths[i])
	}
	return list, nil
}

// short returns a path as the user writes it: relative to the folder that was opened.
func (r *Repo) short(file string) string { return strings.TrimPrefix(file, r.prefix) }

// look returns the files that look like policies, by name and newest text.
func (f *Found) look(ctx context.Context) (list []*track, notes []history.Note, err error) {
	var tracks []*track
	var hashes, doubtful, unnamed, others []string
	for _, t := range f.log.tracks {
		name, ours := strings.CutPrefix(t.path, f.repo.prefix)
		if t.gone {
			if f.imported(t) {
				list = append(list, t)
			}
		} else if ours && mayHold(name) {
			tracks, hashes = append(tracks, t), append(hashes, t.last().blob)
		} else if ours && naming.IsOther(name) && likelyName(name) {
			others = append(others, name)
		}
	}
	sizes, err := f.repo.sizes(ctx, hashes)
	if err != nil {
		return nil, nil, f.repo.missing(err)
	}
	for i, t := range tracks {
		if ctx.Err() != nil {
			return nil, nil, ctx.Err()
		}
		f.search.Progress("looking at file", i, len(tracks))
		name := f.repo.short(t.path)
		v, why, err := judge(name, func() ([]byte, error) { return f.newest(t.path, hashes[i], sizes[i]) })
		if err != nil {
			return nil, nil, f.repo.missing(err)
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
	return list, withFiles(
		history.Note{Decide: true, Files: doubtful,
			Text: "not imported, because these files do not read like policies; to import one, name it"},
		history.Note{Decide: true, Files: unnamed,
			Text: "not imported, because only their text reads like a policy; to import one, name it"},
		history.Note{Decide: true, Files: others, Text: "not imported, because privgen does not read their format; " +
			"save the pages that they make and run privgen import html PAGES, or convert them to Markdown"}), nil
}

func withFiles(notes ...history.Note) []history.Note {
	return slices.DeleteFunc(notes, func(n history.Note) bool { return len(n.Files) == 0 })
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

// some returns the first five names of a list, and the number of the others.
func some(list []string) string {
	if n := len(list); n > 5 {
		return strings.Join(list[:5], ", ") + fmt.Sprintf(" and %d more", n-5)
	}
	return strings.Join(list, ", ")
}

// unknown returns the refusal of a path that is in no commit.
func (f *Found) unknown(p string) error {
	r, h := f.repo, f.log
	for _, sub := range h.submodules {
		if p == sub || strings.HasPrefix(path.Join(r.prefix, p), sub+"/") {
			return source.Usage(fmt.Sprintf("%q is in the submodule %s, which has its own history", p, sub),
				"import it separately: privgen import git "+path.Join(r.dir, sub))
		}
	}
	if slices.Contains(h.links, path.Join(r.prefix, p)) {
		return source.Usage(fmt.Sprintf("%q is a symbolic link, not a text", p), "name the file that it leads to")
	}
	do := "paths are as git log writes them, from the folder that was named; patterns may have * and **"
	sameBase := func(t *track) bool { return strings.EqualFold(path.Base(t.path), path.Base(p)) }
	if i := slices.IndexFunc(h.tracks, sameBase); i >= 0 {
		do = fmt.Sprintf("did you mean %s?", r.short(h.tracks[i].path))
	}
	return source.Usage(fmt.Sprintf("no commit has the path %q", p), do)
}

// nothing returns the refusal of a history without policies.
func (f *Found) nothing(notes []history.Note) error {
	if f.search.Archive {
		return source.Usage("this is not a collection of recorded terms: it has no text SERVICE/DOCUMENT.md",
			"name the repository of the versions, not that of the snapshots or the declarations;\n"+
				"for other histories: privgen import git REPO")
	}
	if dirs := f.datedFolders(); len(dirs) > 0 {
		return source.Usage("the texts in this history are named by their dates, so each is already a version",
			"import them as files: privgen import snapshots "+path.Join(f.repo.dir, f.repo.short(dirs[0])))
	}
	do := "name them: privgen import git REPO legal/privacy.md 'docs/**/*.md'"
	var has []string
	for _, t := range f.log.tracks {
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
	return source.Usage(fmt.Sprintf("none of the texts in these %d commits looks like a policy", f.log.commits), do)
}

// historyNotes returns facts about the history that may surprise the user.
func (f *Found) historyNotes() (notes []history.Note) {
	h := f.log
	if f.repo.shallow {
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
	if len(h.submodules) > 0 && len(f.search.Paths) == 0 {
		notes = append(notes, history.Note{Text: "not read, because submodules have their own histories",
			Files: h.submodules})
	}
	return notes
}

// otherNotes returns notes about other texts that the user may want: policies that
// were removed, and versions in files.
func (f *Found) otherNotes() []history.Note {
	if len(f.search.Paths) > 0 || f.search.Archive {
		return nil
	}
	var pasts, gone []string
	for _, t := range f.log.tracks {
		name, ours := strings.CutPrefix(t.path, f.repo.prefix)
		if !t.gone || !ours || !likely(t.path) || slices.Contains(f.chosen, t) {
			continue
		}
		last := t.last().commit.author.Format(time.DateOnly)
		if heir := f.heirOf(t); heir != nil {
			pasts = append(pasts, fmt.Sprintf("%s (%s, until %s) of %s: --join %s=%s", name,
				source.Count(len(t.states)-1, "change"), last, heir.path, name, f.repo.short(heir.path)))
			continue
		}
		gone = append(gone, fmt.Sprintf("%s (until %s)", name, last))
	}
	return withFiles(
		history.Note{Decide: true, Files: pasts, Text: "files that may be the past of a policy"},
		history.Note{Decide: true, Files: f.datedFolders(), Text: "folders with files that are named by their dates, " +
			"so each is already a version; to import one: privgen import snapshots FOLDER"},
		history.Note{Decide: true, Files: gone,
			Text: "not imported, because they were removed; to import one, name it"},
		history.Note{Files: f.log.joined,
			Text: "files that one commit removed as it added another, which have one past"})
}

// heirOf returns the document that may continue a removed file: the one with its
// name, or else the only one of its kind that began when the file ended or later.
func (f *Found) heirOf(t *track) *track {
	end := t.last().commit.index
	var ofKind []*track
	kind, _ := naming.Kind(key(t.path))
	for _, c := range f.chosen {
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

// datedFolders returns the folders that have versions as files, named by their dates.
func (f *Found) datedFolders() (dirs []string) {
	for _, t := range f.log.tracks {
		dir, base := path.Dir(t.path), path.Base(t.path)
		if !t.gone && strings.HasPrefix(t.path, f.repo.prefix) && byDate().MatchString(base) &&
			!slices.Contains(dirs, dir) && likely(path.Join(dir, "privacy.md")) {
			dirs = append(dirs, dir)
		}
	}
	return dirs
}
