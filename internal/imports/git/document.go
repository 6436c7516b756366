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
	"time"

	"github.com/privgen/privgen/internal/day"
	"github.com/privgen/privgen/internal/imports/history"
	"github.com/privgen/privgen/internal/imports/naming"
	"github.com/privgen/privgen/internal/imports/textfile"
	"github.com/privgen/privgen/internal/imports/webpage"
	"github.com/privgen/privgen/internal/lang"
	"github.com/privgen/privgen/internal/lazyregexp"
	"github.com/privgen/privgen/internal/source"
)

// The bases of dates, and the reasons, that only this package has.
const (
	byAuthor    history.Basis  = "author date"
	byCommitter history.Basis  = "committer date" // if the author date cannot be true
	gone        history.Reason = "gone"
	beside      history.Reason = "beside"
)

// A Search selects the files of a history that are documents.
type Search struct {
	Paths    []string          // files, folders, and patterns that the user named; none: what looks like a policy
	Names    map[string]string // slugs that the user chose, by path
	Archive  bool              // a collection: every text is a document, its folder is a service
	Page     webpage.Options   // for files that are HTML
	Set      map[string]string // the words that replace template tags in double braces, by content
	Language string            // the site's, a BCP 47 tag
	Exclude  []string          // paths and patterns of files that are not documents
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

	chosen []*track // the files that are documents
	repo   *Repo
	search Search
	log    *log
	blobs  *blobs
}

// Named reports whether a document has or had this path.
func (f *Found) Named(file string) bool {
	return slices.ContainsFunc(f.chosen, func(t *track) bool { return slices.Contains(t.paths, file) })
}

// Close stops the git process that reads texts.
func (f *Found) Close() { f.blobs.close() }

// Find reads the history and finds the documents in it.
func (r *Repo) Find(ctx context.Context, s Search) (*Found, error) {
	patterns := make([]*regexp.Regexp, len(s.Paths))
	for i, p := range s.Paths {
		patterns[i] = naming.Glob(path.Join(r.prefix, strings.TrimPrefix(p, "./")))
	}
	want := func(file string) bool {
		return naming.IsText(file) || naming.IsWebPage(file) || naming.IsOther(file) && likelyName(file) ||
			slices.ContainsFunc(patterns, func(re *regexp.Regexp) bool { return re.MatchString(file) })
	}
	h, err := r.log(ctx, want, func(done, total int) { s.Progress("reading commit", done, total) })
	if err != nil {
		return nil, r.missing(err)
	}
	f := &Found{Commits: h.commits, repo: r, log: h, search: s}
	if f.blobs, err = r.blobs(ctx); err != nil {
		return nil, err
	}
	if err := f.fillIn(ctx, patterns); err != nil {
		f.Close()
		return nil, err
	}
	return f, nil
}

// fillIn adds the documents of the history.
func (f *Found) fillIn(ctx context.Context, patterns []*regexp.Regexp) error {
	join, prefix := f.search.Join, f.repo.prefix
	for _, old := range slices.Sorted(maps.Keys(join)) {
		if err := f.log.join(path.Join(prefix, old), path.Join(prefix, join[old])); err != nil {
			return err
		}
	}
	var notes []history.Note
	var err error
	if f.chosen, notes, err = f.choose(ctx, patterns); err != nil {
		return err
	}
	f.Notes = slices.Concat(f.otherNotes(), notes, f.historyNotes())
	if err := f.weigh(ctx); err != nil {
		return err
	}
	if f.search.Archive {
		return f.assemble(f.recorded())
	}
	return f.assemble(f.families())
}

// missing returns a refusal if err comes from a partial clone, or err.
func (r *Repo) missing(err error) error {
	if r.partial && isMissing(err) {
		return source.Usage("the repository is a partial clone: some of its texts are not on this machine",
			"fetch them first: git fetch --refetch --no-filter\nor clone the whole repository")
	}
	return err
}

// weigh looks up the size of every text of the documents. In a partial clone, a
// missing text is an error.
func (f *Found) weigh(ctx context.Context) error {
	var texts []*tracked
	var hashes []string
	for _, t := range f.chosen {
		for i := range t.states {
			if s := &t.states[i]; s.blob != "" {
				texts, hashes = append(texts, s), append(hashes, s.blob)
			}
		}
	}
	sizes, err := f.repo.sizes(ctx, hashes)
	if err == nil && f.repo.partial && slices.Contains(sizes, -1) {
		err = errors.New("missing")
	}
	if err != nil {
		return f.repo.missing(err)
	}
	for i, s := range texts {
		s.size = sizes[i]
	}
	return nil
}

// A family has the files of a document by language. The key "" is for a file without
// a language in its name.
type family struct {
	naming.Wish
	tracks map[string]*track
}

// families groups files that are one document, including those for which the user
// chose one slug. If two of these have the same language, the file that began earlier
// is the past of the other.
func (f *Found) families() (list []family) {
	files := make([]string, len(f.chosen))
	for i, t := range f.chosen {
		files[i] = t.path
	}
	groups := naming.Families(files)
	slices.SortStableFunc(groups, func(a, b naming.Family) int { return strings.Compare(a.Path(), b.Path()) })
	for _, group := range groups {
		one := family{naming.Wish{Name: group.Name}, map[string]*track{}}
		for _, language := range group.Languages() {
			t := f.chosen[group.Members[language]]
			one.tracks[language] = t
			for _, p := range t.paths {
				one.Slug = cmp.Or(one.Slug, f.search.Names[p])
			}
		}
		k := slices.IndexFunc(list, func(f family) bool { return f.Slug == one.Slug && f.Slug != "" })
		if k < 0 {
			list = append(list, one)
			continue
		}
		for language, t := range one.tracks {
			list[k].add(language, t)
		}
	}
	return list
}

// add adds a file, which may have the same language as another.
func (f *family) add(language string, t *track) {
	if other := f.tracks[language]; other != nil {
		if t.states[0].commit.index > other.states[0].commit.index {
			t, other = other, t
		}
		other.follow(t)
		t = other
	}
	f.tracks[language] = t
}

// recorded returns a family for each file of a collection: SERVICE/DOCUMENT.md.
func (f *Found) recorded() (list []family) {
	for _, t := range f.chosen {
		name := naming.Name{Stem: strings.ReplaceAll(withoutExt(t.path), "/", " ")}
		list = append(list, family{naming.Wish{Name: name, Slug: f.search.Names[t.path]}, map[string]*track{"": t}})
	}
	return list
}

func (f *Found) assemble(list []family) error {
	wishes := make([]naming.Wish, len(list))
	for i, one := range list {
		wishes[i] = one.Wish
	}
	slugs, notes, err := naming.Slugs(wishes, f.search.Check)
	if err != nil {
		return err
	}
	for _, n := range notes {
		f.Notes = append(f.Notes, history.Note{Text: n, Decide: true})
	}
	for i, one := range list {
		languages := slices.Sorted(maps.Keys(one.tracks))
		own := authority(languages, f.search.Language)
		d := &history.Document{Slug: slugs[i], Named: one.Slug != "", Language: own, Origin: one.tracks[own].path}
		if f.search.Archive {
			service, document, _ := strings.Cut(withoutExt(d.Origin), "/")
			d.Title, d.Group = service+" "+strings.ReplaceAll(document, "/", " "), service
			d.Kind, _ = naming.Kind(document)
		} else {
			d.Kind, _ = naming.Kind(one.Path())
			d.Ended, d.Why = one.tracks[own].ended()
		}
		for _, language := range languages {
			if language == own {
				f.fill(d, one.tracks[language], "")
			} else {
				f.fill(d, one.tracks[language], language)
			}
		}
		f.Documents = append(f.Documents, d)
	}
	return nil
}

// ended returns the day on which a file was removed or moved to an archive, and what
// happened, or zero values.
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
func authority(languages []string, site string) string {
	for _, want := range []string{"", site, lang.Base(site), "en"} {
		if slices.Contains(languages, want) {
			return want
		}
	}
	return languages[0]
}

// snapshot matches the URL of the snapshot in a commit message of a collection.
var snapshot = lazyregexp.New(`(?m)snapshot\s+(https?://\S+)`)

// fill adds the states of a file to a document.
func (f *Found) fill(d *history.Document, t *track, language string) {
	leaveOut := func(s *tracked, when time.Time, why history.Reason, note string) {
		d.LeftOut = append(d.LeftOut, history.Omission{Reason: why, Lang: language, When: when, Origin: s.origin(),
			Note: note})
	}
	for i := range t.beside {
		s := &t.beside[i]
		leaveOut(s, s.commit.author, beside, t.path+" existed at that time")
	}
	for i := range t.states {
		s := &t.states[i]
		when, basis := s.commit.author, byAuthor
		if when.Year() < 1985 && s.commit.committer.Year() >= 1985 {
			when, basis = s.commit.committer, byCommitter
		}
		if s.blob == "" {
			if i+1 < len(t.states) {
				leaveOut(s, when, gone, "until "+t.states[i+1].commit.author.Format(time.DateOnly))
			}
			continue
		}
		if s.size < 0 {
			leaveOut(s, when, "missing", "its object "+s.blob[:10]+" is not in the repository")
			continue
		}
		if unfit := textfile.CheckSize(s.size); unfit != nil {
			leaveOut(s, when, history.Reason(unfit.Reason), unfit.Note)
			continue
		}
		state := history.State{Lang: language, When: when, Basis: basis, Source: s.path, Commit: s.commit.hash,
			Origin: s.origin(), Read: f.reader(d, len(d.States), s.blob)}
		if r := f.log.release(s.commit); r != nil {
			state.Tag, state.Released = r.name, r.when
		}
		if m := snapshot().FindStringSubmatch(s.commit.message); m != nil {
			state.Archived = strings.TrimRight(m[1], ".,;)")
		}
		d.States = append(d.States, state)
	}
}

// origin returns where a text comes from, for people.
func (s *tracked) origin() string { return fmt.Sprintf("%s at %s", s.path, s.commit.hash[:10]) }

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
