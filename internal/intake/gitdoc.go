package intake

import (
	"cmp"
	"context"
	"fmt"
	"maps"
	"path"
	"regexp"
	"slices"
	"strings"

	"github.com/privgen/privgen/internal/source"
)

// This file makes documents of a history in git.

// A Search says which files of a history are documents.
type Search struct {
	Paths    []string          // files, folders and patterns, as the user gave them; none: what looks like a policy
	Names    map[string]string // slugs that the user gave, by path
	Archive  bool              // a collection: every text is a document, its folder is a service
	Language string            // of the site, a BCP 47 tag
	Check    func(slug string) *source.Problem
	Progress func(doing string, done, total int)
}

// A Find is what a search found. Its documents can be read until it is closed.
type Find struct {
	Documents []*Document
	Notes     []string
	Commits   int // of the history

	paths map[string]bool // of all files that are documents, as they are and were

	history *history
	blobs   *blobs
}

// Close ends the reading of texts.
func (f *Find) Close() {
	if f.blobs != nil {
		f.blobs.close()
	}
}

// Find reads the history and finds the documents in it.
func (r *Repo) Find(ctx context.Context, s Search) (*Find, error) {
	patterns := make([]*regexp.Regexp, len(s.Paths))
	for i, p := range s.Paths {
		patterns[i] = glob(path.Join(r.prefix, strings.TrimPrefix(p, "./")))
	}
	named := func(file string) bool {
		return slices.ContainsFunc(patterns, func(re *regexp.Regexp) bool { return re.MatchString(file) })
	}
	h, err := r.history(ctx, func(file string) bool { return textFile(file) || named(file) },
		func(done, total int) { s.Progress("reading commit", done, total) })
	if err != nil {
		return nil, r.missing(err)
	}
	chosen, err := s.choose(r, h, patterns)
	if err != nil {
		return nil, err
	}
	f := &Find{Notes: r.notes(h, s), Commits: h.commits, paths: map[string]bool{}, history: h}
	for _, t := range chosen {
		for _, p := range t.paths {
			f.paths[p] = true
		}
	}
	f.Notes = append(f.Notes, s.others(r, h, chosen)...)
	if f.blobs, err = r.blobs(ctx); err != nil {
		return nil, err
	}
	if err := f.weigh(ctx, r, chosen); err != nil {
		f.Close()
		return nil, err
	}
	if s.Archive {
		err = f.collect(s, chosen)
	} else {
		err = f.assemble(s, chosen)
	}
	if err != nil {
		f.Close()
		return nil, err
	}
	return f, nil
}

// missing words the error of a repository that does not hold all its texts.
func (r *Repo) missing(err error) error {
	if r.Partial && (strings.Contains(err.Error(), "promisor") || strings.Contains(err.Error(), "not allowed") || strings.Contains(err.Error(), "missing")) {
		return &Refusal{"the repository is a partial clone: some of its texts are not on this machine", "fetch them first: git fetch --refetch --no-filter\nor clone the repository whole"}
	}
	return err
}

// choose tells the files that are documents.
func (s Search) choose(r *Repo, h *history, patterns []*regexp.Regexp) ([]*track, error) {
	var list []*track
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
		default:
			ok = ours && !t.gone && likely(t.path)
		}
		if ok {
			list = append(list, t)
		}
	}
	for i, ok := range hit {
		if !ok {
			return nil, s.unknown(r, h, s.Paths[i])
		}
	}
	if len(list) == 0 {
		if dirs := r.dated(h); len(dirs) > 0 && !s.Archive {
			return nil, &Refusal{"the texts in this history are named by their dates, so each is a version already", "import them as files: privgen import snapshots " + path.Join(r.dir, strings.TrimPrefix(dirs[0], r.prefix))}
		}
		return nil, s.nothing(h)
	}
	return list, nil
}

// unknown is the refusal of a path that no commit knows.
func (s Search) unknown(r *Repo, h *history, p string) error {
	for _, sub := range h.submodules {
		if p == sub || strings.HasPrefix(path.Join(r.prefix, p), sub+"/") {
			return &Refusal{fmt.Sprintf("%q is in the submodule %s, which has a history of its own", p, sub), "import it by itself: privgen import git " + path.Join(r.dir, sub)}
		}
	}
	if slices.Contains(h.links, path.Join(r.prefix, p)) {
		return &Refusal{fmt.Sprintf("%q is a symbolic link, which has no text of its own", p), "name the file that it leads to"}
	}
	do := "paths are as git log writes them, from the folder that was named; patterns may hold * and **"
	for _, t := range h.tracks {
		if strings.EqualFold(path.Base(t.path), path.Base(p)) {
			do = fmt.Sprintf("did you mean %s?", strings.TrimPrefix(t.path, r.prefix))
			break
		}
	}
	return &Refusal{fmt.Sprintf("no commit knows the path %q", p), do}
}

// nothing is the refusal of a history without policies.
func (s Search) nothing(h *history) error {
	if s.Archive {
		return &Refusal{"this is no collection of recorded terms: there is no text SERVICE/DOCUMENT.md in it",
			"name the repository of the versions, not that of the snapshots or the declarations;\nfor other histories: privgen import git REPO"}
	}
	do := "name them: privgen import git REPO legal/privacy.md 'docs/**/*.md'"
	var some []string
	for _, t := range h.tracks {
		if !t.gone && len(some) < 5 {
			some = append(some, t.path)
		}
	}
	if len(some) > 0 {
		do += "\nit has " + strings.Join(some, ", ")
	}
	return &Refusal{fmt.Sprintf("none of the texts in these %d commits looks like a policy by its name", h.commits), do}
}

// notes say what of the history is not as it seems.
func (r *Repo) notes(h *history, s Search) (notes []string) {
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
func (s Search) others(r *Repo, h *history, chosen []*track) (notes []string) {
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
	if n := len(gone); n > 0 {
		more := ""
		if n > 5 {
			gone, more = gone[:5], fmt.Sprintf(" and %d more", n-5)
		}
		notes = append(notes, "removed in the meantime, so not imported unless you name them: "+strings.Join(gone, ", ")+more)
	}
	return notes
}

// dated gives the folders that hold versions as files, named by their dates.
func (r *Repo) dated(h *history) (dirs []string) {
	for _, t := range h.tracks {
		dir := path.Dir(t.path)
		if !t.gone && strings.HasPrefix(t.path, r.prefix) && byDate.MatchString(path.Base(t.path)) && likely(path.Join(dir, "privacy.md")) && !slices.Contains(dirs, dir) {
			dirs = append(dirs, dir)
		}
	}
	return dirs
}

// weigh asks for the size of every text before any is read.
func (f *Find) weigh(ctx context.Context, r *Repo, chosen []*track) error {
	var hashes []string
	for _, t := range chosen {
		for _, s := range t.states {
			if s.blob != "" {
				hashes = append(hashes, s.blob)
			}
		}
	}
	sizes, err := r.sizes(ctx, hashes)
	if err != nil {
		return r.missing(err)
	}
	i := 0
	for _, t := range chosen {
		for k := range t.states {
			if t.states[k].blob == "" {
				continue
			}
			if sizes[i] < 0 {
				return r.missing(fmt.Errorf("the text %s of %s is missing from the repository", t.states[k].blob[:10], t.states[k].path))
			}
			t.states[k].size = sizes[i]
			i++
		}
	}
	return nil
}

// assemble makes documents of files, those in several languages of one.
func (f *Find) assemble(s Search, chosen []*track) error {
	files := make([]string, len(chosen))
	for i, t := range chosen {
		files[i] = t.path
	}
	list := families(files)
	slices.SortFunc(list, func(a, b family) int {
		return strings.Compare(path.Join(a.name.dir, a.name.stem), path.Join(b.name.dir, b.name.stem))
	})
	given := make([]name, len(list))
	byName := map[name]family{}
	for i, one := range list {
		given[i] = name{one.name.dir, one.name.stem, ""}
		byName[given[i]] = one
	}
	told := func(n name) string {
		for _, i := range byName[n].members {
			for _, p := range chosen[i].paths {
				if slug := s.Names[p]; slug != "" {
					return slug
				}
			}
		}
		return ""
	}
	names, notes, err := slugs(given, told, s.Check)
	if err != nil {
		return err
	}
	f.Notes = append(f.Notes, notes...)
	for i, one := range list {
		own := one.authority(s.Language)
		d := &Document{Slug: names[i], Kind: kindOf(path.Join(one.name.dir, one.name.stem)), Language: own, Origin: chosen[one.members[own]].path}
		for _, lang := range slices.Sorted(maps.Keys(one.members)) {
			k := one.members[lang]
			if lang == own {
				lang = ""
			}
			f.fill(d, chosen[k], lang)
		}
		f.Documents = append(f.Documents, d)
	}
	return nil
}

// authority tells the language of a family that prevails: that of the file
// that names none, else the site's, else English, else the first.
func (f family) authority(site string) string {
	langs := make([]string, 0, len(f.members))
	for lang := range f.members {
		langs = append(langs, lang)
	}
	slices.Sort(langs)
	for _, want := range []string{"", site, strings.Split(site, "-")[0], "en"} {
		if slices.Contains(langs, want) {
			return want
		}
	}
	return langs[0]
}

// collect makes documents of a collection: SERVICE/DOCUMENT.md.
func (f *Find) collect(s Search, chosen []*track) error {
	given := make([]name, len(chosen))
	for i, t := range chosen {
		given[i] = name{"", strings.ReplaceAll(strings.TrimSuffix(t.path, path.Ext(t.path)), "/", " "), ""}
	}
	names, notes, err := slugs(given, func(n name) string {
		for i, t := range chosen {
			if given[i] == n {
				return s.Names[t.path]
			}
		}
		return ""
	}, s.Check)
	if err != nil {
		return err
	}
	f.Notes = append(f.Notes, notes...)
	for i, t := range chosen {
		service, _, _ := strings.Cut(t.path, "/")
		document := strings.TrimSuffix(strings.TrimPrefix(t.path, service+"/"), path.Ext(t.path))
		d := &Document{Slug: names[i], Title: service + " " + strings.ReplaceAll(document, "/", " "), Group: service,
			Kind: kindOf(document), Origin: t.path}
		f.fill(d, t, "")
		f.Documents = append(f.Documents, d)
	}
	return nil
}

var snapshot = regexp.MustCompile(`(?m)snapshot\s+(https?://\S+)`)

// fill adds the states of a file to a document.
func (f *Find) fill(d *Document, t *track, lang string) {
	for i := range t.states {
		s := &t.states[i]
		when, basis := s.commit.author, ByAuthor
		if when.Year() < 1985 && s.commit.committer.Year() >= 1985 {
			when, basis = s.commit.committer, ByCommitter
		}
		origin := fmt.Sprintf("%s at %s", s.path, s.commit.hash[:min(10, len(s.commit.hash))])
		if s.blob == "" {
			if i+1 < len(t.states) {
				d.LeftOut = append(d.LeftOut, Omission{Gone, origin, lang, when, "until " + t.states[i+1].commit.author.Format("2006-01-02")})
			}
			continue
		}
		if s.size > source.MaxSize {
			unfit := tooLarge(s.size).(*Unfit)
			d.LeftOut = append(d.LeftOut, Omission{unfit.Reason, origin, lang, when, unfit.Note})
			continue
		}
		state := State{Lang: lang, When: when, Basis: basis, Source: s.path, Commit: s.commit.hash, Origin: origin}
		if r := f.history.release(s.commit); r != nil {
			state.Tag, state.Released = r.name, r.when
		}
		if m := snapshot.FindStringSubmatch(s.commit.message); m != nil {
			state.Archived = strings.TrimRight(m[1], ".,;)")
		}
		state.Read = f.reader(d, len(d.States), s.blob)
		d.States = append(d.States, state)
	}
}

// reader gives the function that reads the text of a state. The first time it
// fills in what only the file can tell.
func (f *Find) reader(d *Document, i int, blob string) func() ([]byte, error) {
	known := false
	return func() ([]byte, error) {
		raw, err := f.blobs.read(blob)
		if err != nil {
			return nil, err
		}
		text, from, err := Decode(raw)
		if err != nil {
			return nil, err
		}
		m, text := SplitMatter(text)
		if known {
			return text, nil
		}
		known = true
		s := &d.States[i]
		s.Changed = from
		if !m.Effective.IsZero() {
			s.Date, s.Basis = m.Effective, ByMatter
		}
		s.Updated = m.Updated
		s.Label = cmp.Or(m.Label, s.Label)
		if s.Lang == "" && m.Title != "" && d.Group == "" {
			d.Title = m.Title
		}
		return text, nil
	}
}

// glob makes a pattern of a path: one that ends in a folder means all in it.
func glob(p string) *regexp.Regexp {
	var b strings.Builder
	b.WriteString(`^`)
	for i := 0; i < len(p); i++ {
		switch {
		case strings.HasPrefix(p[i:], "**/"):
			b.WriteString(`(?:.*/)?`)
			i += 2
		case strings.HasPrefix(p[i:], "**"):
			b.WriteString(`.*`)
			i++
		case p[i] == '*':
			b.WriteString(`[^/]*`)
		case p[i] == '?':
			b.WriteString(`[^/]`)
		default:
			b.WriteString(regexp.QuoteMeta(p[i : i+1]))
		}
	}
	b.WriteString(`(?:/.*)?$`)
	re, err := regexp.Compile(b.String())
	if err != nil { // a byte of a character alone
		return regexp.MustCompile(`^` + regexp.QuoteMeta(p) + `$`)
	}
	return re
}

// Named reports whether a file of this path, as it is or was, is a document.
func (f *Find) Named(file string) bool { return f.paths[file] }
