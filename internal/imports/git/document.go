package git

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"maps"
	"path"
	"regexp"
	"slices"
	"strings"

	"github.com/privgen/privgen/internal/day"
	"github.com/privgen/privgen/internal/imports/history"
	"github.com/privgen/privgen/internal/imports/naming"
	"github.com/privgen/privgen/internal/imports/textfile"
	"github.com/privgen/privgen/internal/imports/webpage"
	"github.com/privgen/privgen/internal/lang"
	"github.com/privgen/privgen/internal/lazyregexp"
	"github.com/privgen/privgen/internal/source"
)

// The bases of dates, and the reason, that only histories have.
const (
	byAuthor    history.Basis  = "author date"
	byCommitter history.Basis  = "committer date" // if the author date cannot be true
	gone        history.Reason = "gone"
	beside      history.Reason = "beside"
)

// A Search selects the files of a history that are documents.
type Search struct {
	Paths    []string          // files, folders and patterns that the user named; none: what looks like a policy
	Names    map[string]string // slugs that the user chose, by path
	Archive  bool              // a collection: every text is a document, its folder is a service
	Page     webpage.Options   // for files that are HTML
	Set      map[string]string // the words that replace template tags in double braces, by content
	Language string            // the site's, a BCP 47 tag
	Exclude  []string          // paths and patterns of files that are no documents
	Join     map[string]string // files that continue others: the path of the new one by that of the old one
	Imported map[string]string // the policies that the site has, by commit and path of a version
	Check    func(slug string) *source.Problem
	Progress func(doing string, done, total int)
}

// A Found has the documents of a history. They can be read until it is closed.
type Found struct {
	Documents []*history.Document
	Notes     []history.Note
	Commits   int // of the history

	paths map[string]bool // of all files that are documents, now and before

	search Search
	log    *log
	blobs  *blobs
}

// Close stops the git process that reads texts.
func (f *Found) Close() {
	if f.blobs != nil {
		f.blobs.close()
	}
}

// Find reads the history and finds the documents in it.
func (r *Repo) Find(ctx context.Context, s Search) (*Found, error) {
	patterns := make([]*regexp.Regexp, len(s.Paths))
	for i, p := range s.Paths {
		patterns[i] = naming.Glob(path.Join(r.prefix, strings.TrimPrefix(p, "./")))
	}
	named := func(file string) bool {
		return slices.ContainsFunc(patterns, func(re *regexp.Regexp) bool { return re.MatchString(file) })
	}
	h, err := r.log(ctx, func(file string) bool {
		return naming.IsText(file) || naming.IsWebPage(file) || naming.IsOther(file) && likelyName(file) || named(file)
	},
		func(done, total int) { s.Progress("reading commit", done, total) })
	if err != nil {
		return nil, r.missing(err)
	}
	f := &Found{Commits: h.commits, paths: map[string]bool{}, log: h, search: s}
	if f.blobs, err = r.blobs(ctx); err != nil {
		return nil, err
	}
	if err := f.fillIn(ctx, r, patterns); err != nil {
		f.Close()
		return nil, err
	}
	return f, nil
}

// fillIn adds the documents of the history.
func (f *Found) fillIn(ctx context.Context, r *Repo, patterns []*regexp.Regexp) error {
	s, h := f.search, f.log
	for _, old := range slices.Sorted(maps.Keys(s.Join)) {
		if err := h.join(path.Join(r.prefix, old), path.Join(r.prefix, s.Join[old])); err != nil {
			return err
		}
	}
	chosen, notes, err := f.choose(ctx, r, patterns)
	if err != nil {
		return err
	}
	for _, t := range chosen {
		for _, p := range t.paths {
			f.paths[p] = true
		}
	}
	f.Notes = slices.Concat(s.others(r, h, chosen), notes, r.notes(h, s))
	if err := f.weigh(ctx, r, chosen); err != nil {
		return err
	}
	if s.Archive {
		return f.collect(s, chosen)
	}
	return f.assemble(s, chosen)
}

// missing returns a refusal if err comes from a partial clone, or err.
func (r *Repo) missing(err error) error {
	if r.Partial && isMissing(err) {
		return source.Usage("the repository is a partial clone: some of its texts are not on this machine",
			"fetch them first: git fetch --refetch --no-filter\nor clone the whole repository")
	}
	return err
}

// weigh reads the size of every text before any text is read.
func (f *Found) weigh(ctx context.Context, r *Repo, chosen []*track) error {
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
			if sizes[i] < 0 && r.Partial {
				return r.missing(errors.New("missing"))
			}
			t.states[k].size = sizes[i]
			i++
		}
	}
	return nil
}

// assemble makes documents of files: one of each family.
func (f *Found) assemble(s Search, chosen []*track) error {
	files := make([]string, len(chosen))
	for i, t := range chosen {
		files[i] = t.path
	}
	list := naming.Families(files)
	slices.SortStableFunc(list, func(a, b naming.Family) int { return strings.Compare(a.Path(), b.Path()) })
	file := make([]naming.Name, len(list))
	given := make([]string, len(list))
	for i, one := range list {
		file[i] = naming.Name{Dir: one.Dir, Stem: one.Stem}
		for _, l := range one.Languages() {
			for _, p := range chosen[one.Members[l]].paths {
				given[i] = cmp.Or(given[i], s.Names[p])
			}
		}
	}
	list, file, given = joinNamed(list, file, given, chosen)
	names, notes, err := naming.Slugs(file, given, s.Check)
	if err != nil {
		return err
	}
	f.noteNames(notes)
	for i, one := range list {
		own := authority(one, s.Language)
		kind, _ := naming.Kind(one.Path())
		d := &history.Document{Slug: names[i], Named: given[i] != "", Kind: kind, Language: own,
			Origin: chosen[one.Members[own]].path}
		for _, lang := range one.Languages() {
			k := one.Members[lang]
			if lang == own {
				lang = ""
			}
			f.fill(d, chosen[k], lang)
			if lang == "" {
				d.Ended, d.Why = chosen[k].ended()
			}
		}
		f.Documents = append(f.Documents, d)
	}
	return nil
}

func (f *Found) noteNames(notes []string) {
	for _, n := range notes {
		f.Notes = append(f.Notes, history.Note{Text: n, Decide: true})
	}
}

// joinNamed joins families to which the user gave one slug: the file that began
// earlier is the past of the other in the same language.
func joinNamed(list []naming.Family, file []naming.Name, given []string, chosen []*track) (
	[]naming.Family, []naming.Name, []string) {
	for i := 0; i < len(list); i++ {
		k := slices.Index(given[:i], given[i])
		if given[i] == "" || k < 0 {
			continue
		}
		for _, l := range list[i].Languages() {
			a, b := list[i].Members[l], list[k].Members[l]
			if _, both := list[k].Members[l]; !both {
				list[k].Members[l] = a
				continue
			}
			if chosen[a].states[0].commit.index > chosen[b].states[0].commit.index {
				a, b = b, a
			}
			chosen[b].follow(chosen[a])
			list[k].Members[l] = b
		}
		list, file, given = slices.Delete(list, i, i+1), slices.Delete(file, i, i+1), slices.Delete(given, i, i+1)
		i--
	}
	return list, file, given
}

// ended returns the day on which a file was removed or moved to an archive, and what
// happened, or zero.
func (t *track) ended() (day.Day, string) {
	for i := range t.states {
		s := &t.states[i]
		what := "moved it to " + s.path
		if s.blob == "" {
			what = "removed " + s.path
		}
		isCurrent := func(s tracked) bool { return !s.archived() }
		if t.gone && i+1 == len(t.states) || !slices.ContainsFunc(t.states[i:], isCurrent) {
			at := s.commit.author
			return day.Of(at, at.Location()), what
		}
	}
	return day.Day{}, ""
}

var archives = lazyregexp.New(`(?i)(^|/)_?(archived?|old|retired|deprecated|obsolete|withdrawn|discontinued|superseded)/`)

func (s *tracked) archived() bool { return archives().MatchString(s.path) }

// authority returns the language of a family's authoritative text: that of the file
// without a language in its name, the site's, English, or the first.
func authority(f naming.Family, site string) string {
	langs := f.Languages()
	for _, want := range []string{"", site, lang.Base(site), "en"} {
		if slices.Contains(langs, want) {
			return want
		}
	}
	return langs[0]
}

// collect makes documents of a collection: SERVICE/DOCUMENT.md.
func (f *Found) collect(s Search, chosen []*track) error {
	file := make([]naming.Name, len(chosen))
	given := make([]string, len(chosen))
	for i, t := range chosen {
		file[i] = naming.Name{Stem: strings.ReplaceAll(strings.TrimSuffix(t.path, path.Ext(t.path)), "/", " ")}
		given[i] = s.Names[t.path]
	}
	names, notes, err := naming.Slugs(file, given, s.Check)
	if err != nil {
		return err
	}
	f.noteNames(notes)
	for i, t := range chosen {
		service, _, _ := strings.Cut(t.path, "/")
		document := strings.TrimSuffix(strings.TrimPrefix(t.path, service+"/"), path.Ext(t.path))
		kind, _ := naming.Kind(document)
		title := service + " " + strings.ReplaceAll(document, "/", " ")
		d := &history.Document{Slug: names[i], Named: given[i] != "", Title: title, Group: service, Kind: kind,
			Origin: t.path}
		f.fill(d, t, "")
		f.Documents = append(f.Documents, d)
	}
	return nil
}

// snapshot matches the URL of the snapshot in a commit message of a collection.
var snapshot = lazyregexp.New(`(?m)snapshot\s+(https?://\S+)`)

// fill adds the states of a file to a document.
func (f *Found) fill(d *history.Document, t *track, language string) {
	for _, s := range t.beside {
		d.LeftOut = append(d.LeftOut, history.Omission{Reason: beside, Lang: language, When: s.commit.author,
			Origin: fmt.Sprintf("%s at %s", s.path, s.commit.hash[:10]), Note: t.path + " existed at that time"})
	}
	for i := range t.states {
		s := &t.states[i]
		when, basis := s.commit.author, byAuthor
		if when.Year() < 1985 && s.commit.committer.Year() >= 1985 {
			when, basis = s.commit.committer, byCommitter
		}
		origin := fmt.Sprintf("%s at %s", s.path, s.commit.hash[:min(10, len(s.commit.hash))])
		leaveOut := func(why history.Reason, note string) {
			o := history.Omission{Reason: why, Origin: origin, Lang: language, When: when, Note: note}
			d.LeftOut = append(d.LeftOut, o)
		}
		if s.blob == "" {
			if i+1 < len(t.states) {
				leaveOut(gone, "until "+t.states[i+1].commit.author.Format("2006-01-02"))
			}
			continue
		}
		if s.size < 0 {
			leaveOut("missing", "its object "+s.blob[:10]+" is not in the repository")
			continue
		}
		if unfit := textfile.CheckSize(s.size); unfit != nil {
			leaveOut(history.Reason(unfit.Reason), unfit.Note)
			continue
		}
		state := history.State{
			Lang: language, When: when, Basis: basis, Source: s.path, Commit: s.commit.hash, Origin: origin,
		}
		if r := f.log.release(s.commit); r != nil {
			state.Tag, state.Released = r.name, r.when
		}
		if m := snapshot().FindStringSubmatch(s.commit.message); m != nil {
			state.Archived = strings.TrimRight(m[1], ".,;)")
		}
		state.Read = f.reader(d, len(d.States), s.blob)
		d.States = append(d.States, state)
	}
}

// reader returns the function that reads the text of a state. Its first call
// completes the state and the document with the front matter of the file.
func (f *Found) reader(d *history.Document, i int, blob string) func() ([]byte, error) {
	known := false
	return func() ([]byte, error) {
		raw, err := f.blobs.read(blob)
		if err != nil {
			return nil, err
		}
		one, err := f.search.textIn(d.States[i].Source, raw)
		if err != nil {
			return nil, err
		}
		if known {
			return one.text, nil
		}
		known = true
		s, m := &d.States[i], one.front
		s.Changed, s.Lost = one.changed, one.lost
		if !m.Effective.IsZero() {
			s.Date, s.Basis = m.Effective, history.ByFrontMatter
		}
		s.Updated = m.Updated
		s.Label = cmp.Or(m.Label, s.Label)
		switch {
		case m.Title == "" || d.Group != "":
		case s.Lang == "":
			d.Title = m.Title
		default:
			if d.Titles == nil {
				d.Titles = map[string]string{}
			}
			d.Titles[s.Lang] = m.Title
		}
		return one.text, nil
	}
}

// Named reports whether a file is or was at this path, and is a document.
func (f *Found) Named(file string) bool { return f.paths[file] }
