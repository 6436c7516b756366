package policy

import (
	"cmp"
	"crypto/sha256"
	"io/fs"
	"path"
	"slices"
	"time"

	"github.com/privgen/privgen/internal/day"
	"github.com/privgen/privgen/internal/markdown"
	"github.com/privgen/privgen/internal/resolve"
	"github.com/privgen/privgen/internal/source"
)

// Options are how to load policies.
type Options struct {
	Folder   string         // where they are: content
	Language string         // the site's language: authoritative where policy.toml names none
	Reserved []string       // slugs that the site's own addresses take
	Zone     *time.Location // in which days begin
	Rules    markdown.Rules // what texts may hold, where policy.toml does not say
	Renderer *markdown.Renderer
	Cache    *Cache // what was learned the last time; Load brings it up to date. May be nil

	// Fingerprint makes the fingerprint of a file that was looked at, and will
	// be read after that. Nil knows none: then every file is read.
	Fingerprint func(fs.FileInfo) source.Fingerprint

	// Drafts says whose drafts to load too, by slug. Others are not even read; nil
	// loads none.
	Drafts func(slug string) bool

	// what texts may insert, by full name: organization.name; see package resolve
	Values map[string]any
	Date   func(d day.Day, lang string) string // writes a day in words; see package resolve

	// Last is what was loaded before from the same files with the same options,
	// or nil, and Changed says which paths were changed, made or removed since,
	// or lie in folders that were. Policies that these do not touch are taken
	// from Last and not looked at.
	Last    *Library
	Changed Changes

	// Each does a thing for every i below n, side by side or one after the
	// other. Nil is one after the other.
	Each func(n int, do func(i int))
}

// reservedIDs are names that a path has, or will have, in the place of a version's id.
var reservedIDs = []string{"archive", "redline", "draft", "in-force", "index.html", "index.md", "index.txt",
	"versions.json", "links.json",
	"feed.atom", "feed.json", "timemap.link"}

// draftID is the id of drafts, and the name of their files.
const draftID = "draft"

// A loader is the state of one Load.
type loader struct {
	Options
	fsys     fs.FS
	files    []*versionFile
	policies map[string]*policyFiles
	texts    *textReader
	touched  map[string]bool // slugs of what changed since Last; empty for what is no policy
	problems source.Problems
}

// Load reads the policies of a site. It returns all problems of all files; with
// any, the library is nil.
func Load(fsys fs.FS, o Options) (*Library, source.Problems) {
	if o.Each == nil {
		o.Each = func(n int, do func(int)) {
			for i := range n {
				do(i)
			}
		}
	}
	if o.Fingerprint == nil {
		o.Fingerprint = func(fs.FileInfo) source.Fingerprint { return source.Fingerprint{} }
	}
	l := &loader{Options: o, fsys: fsys, policies: map[string]*policyFiles{}}
	l.texts = &textReader{fsys: fsys, renderer: o.Renderer}
	l.texts.resolver = resolve.New(resolve.Options{
		Files: fsys, Clauses: path.Join(o.Folder, "_clauses"), Data: path.Join(o.Folder, "_data"),
		Language: o.Language, Values: o.Values, Date: o.Date,
	})
	l.find()
	for _, s := range l.sorted() {
		if s.kept == nil && !l.unread(s) {
			l.readSettings(s)
		}
	}
	l.Each(len(l.files), func(i int) { l.read(l.files[i]) })
	for _, f := range l.files {
		l.problems = append(l.problems, f.problems...)
	}
	lib := &Library{
		fsys: fsys, folder: o.Folder, language: o.Language, zone: o.Zone, texts: l.texts,
		files: map[string]pinned{}, ids: map[*Text]map[string]bool{},
	}
	for _, s := range l.sorted() {
		if s.kept != nil {
			lib.Policies = append(lib.Policies, s.kept)
		} else if l.unread(s) {
			lib.Unpublished = append(lib.Unpublished, s.slug)
		} else if p := l.policy(s); p != nil {
			lib.Policies = append(lib.Policies, p)
		}
	}
	l.keepClauses(lib)
	l.problems = append(l.problems, checkFormer(lib.Policies)...)
	l.successors(lib.Policies)
	l.problems = append(l.problems, checkLanguageNames(lib.Policies, l.Language)...)
	if len(l.problems) == 0 { // a link to a file that has a problem would look dead
		for _, p := range lib.Policies {
			for t := range p.Texts() {
				l.problems = append(l.problems, lib.checkRefs(t)...)
			}
		}
		if err := lib.Err(); err != nil { // links would look dead
			l.problems = source.Problems{source.ReadProblem(lib.failedAt, err)}
		}
	}
	l.updateCache()
	if len(l.problems) > 0 {
		return nil, oncePerPlace(l.problems.Sort())
	}
	return lib, nil
}

func (l *loader) problem(at source.Pos, code, what, do string) {
	l.problems = append(l.problems, source.NewProblem(at, code, what, do))
}

// oncePerPlace removes duplicate problems in shared clauses, which are found for
// each text that includes them.
func oncePerPlace(list source.Problems) source.Problems {
	return slices.CompactFunc(list, func(a, b *source.Problem) bool { return a.Pos == b.Pos && a.What == b.What })
}

// reader returns for whom a file is resolved.
func (f *versionFile) reader() resolve.Reader {
	r := resolve.Reader{Lang: cmp.Or(f.lang, f.of.language), Own: f.of.own}
	if f.id == draftID {
		r.Own = withStamp(r.Own, unsettled)
	}
	return r
}

// read loads the file of a version. It may run concurrently with others, and
// changes only f.
func (l *loader) read(f *versionFile) {
	reader := f.reader()
	f.print = l.Fingerprint(f.info)
	known, ok := l.Cache.recall(f.name, f.of.rules)
	ok = ok && l.texts.resolver.Holds(known.Uses, reader)
	recall := func() { f.matter, f.facts, f.uses, f.sum = known.FrontMatter, known.facts(), known.Uses, known.file() }
	if ok && f.print.Same(known.Print) && !l.Changed.Touch(f.name) {
		recall()
		return
	}
	fail := func(p *source.Problem) {
		f.problems, f.failed = append(f.problems, p), true
	}
	if f.info.Size() > source.MaxSize {
		fail(source.TooLarge(f.name, f.info.Size()))
		return
	}
	raw, err := fs.ReadFile(l.fsys, f.name)
	if err != nil {
		fail(source.ReadProblem(f.name, err))
		return
	}
	if f.sum = sha256.Sum256(raw); ok && f.sum == known.file() {
		recall()
		return
	}
	file, problem := source.Parse(f.name, raw)
	if problem != nil {
		fail(problem)
		return
	}
	matter, places, start, problems := readFrontMatter(file)
	f.matter, f.problems = matter, problems
	if len(problems) > 0 {
		f.failed = true
	}
	reader.Keep = matter.Tags == "keep"
	text, problems := l.texts.parse(file, start, reader, matter.rules(f.of.rules))
	f.problems = append(f.problems, problems...)
	if text == nil {
		f.failed = true
		return
	}
	f.uses, f.facts = text.uses, text.facts()
	f.problems = append(f.problems, checkAliases(&f.matter, places, text.body)...)
	for _, p := range f.problems {
		f.elsewhere(p)
	}
}

// elsewhere adds to a problem in a shared clause or a table the text that includes it.
func (f *versionFile) elsewhere(p *source.Problem) {
	if p.File != f.name {
		p.Do += "\n(this is part of " + f.name + ")"
	}
}

// place returns the position of a key in the front matter of a file that may be
// known from the cache and not read.
func (l *loader) place(name, key string) source.Pos { return placeOf(l.fsys, name, key) }

func placeOf(fsys fs.FS, name, key string) source.Pos {
	raw, err := fs.ReadFile(fsys, name)
	if err != nil {
		return source.In(name)
	}
	f, problem := source.Parse(name, raw)
	if problem != nil {
		return source.In(name)
	}
	_, places, _, _ := readFrontMatter(f)
	if places == nil || !places.Has(key) {
		return source.In(name)
	}
	return places.Value(key)
}

// when returns the date of a version: that of its front matter, otherwise that of its id.
func (l *loader) when(f *versionFile) (day.Date, bool) {
	if !f.matter.Effective.IsZero() {
		return f.matter.Effective, true
	}
	d, ok := idDay(f.id)
	return day.On(d), ok
}
