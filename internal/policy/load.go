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
	Folder   string         // the folder of policies: content
	Language string         // the site's language: authoritative where policy.toml names none
	Reserved []string       // slugs that the site's own paths take
	Zone     *time.Location // in which days begin
	Rules    markdown.Rules // what texts can contain, unless policy.toml says otherwise
	Renderer *markdown.Renderer
	Cache    *Cache // of the last load, or nil; Load updates it

	// Fingerprint returns the fingerprint of a file before the file is read. If
	// it is nil, every file is read.
	Fingerprint func(fs.FileInfo) source.Fingerprint

	// Drafts reports whether to load the draft of the policy with a slug. Other
	// drafts are not read. If it is nil, none is.
	Drafts func(slug string) bool

	// Values are the values that texts can insert, by full name:
	// organization.name; see package resolve.
	Values map[string]any
	Date   func(d day.Day, lang string) string // writes a day in words; see package resolve
	Static map[string]bool                     // paths of other files of the site, to which texts can link

	// Writes reports whether the site offers a format of the config, such as
	// "feed": texts can link to the files of these. If it is nil, it offers all.
	Writes func(format string) bool

	// Last is the result of an earlier load of the same files with the same
	// options, or nil. Changed has the paths that have changed since. Policies
	// without a changed path are copied from Last.
	Last    *Library
	Changed Changes

	// Each calls do for every i below n, concurrently or in sequence. Nil means
	// in sequence.
	Each func(n int, do func(i int))
}

// reservedIDs are names that paths have, or may have later, in place of a version's id.
var reservedIDs = []string{"archive", "redline", "draft", "in-force", "index.html", "index.md", "index.txt", "fragment.html",
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
	touched  map[string]bool // slugs of policies that changed since Last; "" for other files
	problems source.Problems
	strays   []*Text // texts that a problem excludes from all versions
}

// Load reads the policies of a site. It returns all problems of all files. If there
// are any, the library is incomplete and must not be built.
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
			had := len(l.problems)
			l.readSettings(s)
			s.unsure = len(l.problems) > had
		}
	}
	l.Each(len(l.files), func(i int) { l.read(l.files[i]) })
	for _, s := range l.policies {
		s.readFormer(l)
	}
	for _, f := range l.files {
		l.problems = append(l.problems, f.problems...)
	}
	lib := &Library{
		fsys: fsys, folder: o.Folder, language: o.Language, zone: o.Zone, texts: l.texts,
		files: map[string]pinned{}, ids: map[*Text]map[string]bool{}, static: o.Static, formats: o.Writes,
	}
	for _, s := range l.sorted() {
		if s.kept != nil {
			lib.Policies = append(lib.Policies, s.kept)
		} else if l.unread(s) {
			lib.Unpublished = append(lib.Unpublished, s.slug)
		} else {
			p := l.policy(s)
			if p != nil {
				lib.Policies = append(lib.Policies, p)
			}
			texts, doubtful := s.strays(p)
			l.strays, lib.doubtful = append(l.strays, texts...), append(lib.doubtful, doubtful...)
			lib.unnamed = lib.unnamed || s.unsure && (s.places == nil || !s.places.Whole() ||
				s.places.Has("formerly") && len(s.settings.Formerly) == 0)
		}
	}
	lib.languages = map[string]bool{}
	for _, p := range lib.Policies {
		for _, lang := range p.Languages() {
			lib.languages[lang] = true
		}
	}
	l.keepClauses(lib)
	l.problems = append(l.problems, checkFormer(lib.Policies)...)
	l.successors(lib.Policies)
	l.problems = append(l.problems, checkLanguageNames(lib.Policies, l.Language)...)
	l.checkRefs(lib)
	l.updateCache()
	return lib, oncePerPlace(l.problems.Sort())
}

// checkRefs checks the links of all texts.
func (l *loader) checkRefs(lib *Library) {
	texts := l.strays
	for _, p := range lib.Policies {
		texts = slices.AppendSeq(texts, p.Texts())
	}
	var dead source.Problems
	for _, t := range texts {
		dead = append(dead, lib.checkRefs(t)...)
	}
	if err := lib.Err(); err != nil { // links would look dead
		dead = source.Problems{source.ReadProblem(lib.failedAt, err)}
	}
	l.problems = append(l.problems, dead...)
}

// strays returns the texts of a policy that a problem excludes from all versions, and
// the names of files that may be loaded wrongly. If any is, the slug is among the
// names, since links to the policy may look dead.
func (s *policyFiles) strays(p *Policy) (texts []*Text, doubtful []string) {
	of := p
	if of == nil {
		of = &Policy{Slug: s.slug, Language: s.language, Rules: s.rules}
	}
	if p == nil || s.unsure {
		doubtful = append(doubtful, s.slug)
	}
	for _, f := range s.files {
		if s.unsure || f.failed || f.unsure {
			doubtful = append(doubtful, s.slug, f.name)
		}
		if f.failed {
			texts = append(texts, &Text{Version: &Version{Policy: of, ID: f.id}, Lang: cmp.Or(f.lang, s.language),
				File: f.name, FrontMatter: f.matter, Facts: f.facts})
		}
	}
	return texts, doubtful
}

func (l *loader) problem(at source.Pos, code, what, do string) {
	l.problems = append(l.problems, source.NewProblem(at, code, what, do))
}

// oncePerPlace removes duplicate problems in shared clauses, which are found for
// each text that includes them.
func oncePerPlace(list source.Problems) source.Problems {
	return slices.CompactFunc(list, func(a, b *source.Problem) bool { return a.Pos == b.Pos && a.What == b.What })
}

// reader returns the language and the values for which a file is resolved.
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
	var text *parsedText
	if f.unsure = len(problems) > 0; places != nil {
		reader.Keep = matter.Tags == "keep"
		text, problems = l.texts.parse(file, start, reader, matter.rules(f.of.rules))
		f.problems = append(f.problems, problems...)
	}
	if text == nil {
		f.failed = true
		reader.Keep = true // to find other mistakes
		if places == nil && start == 0 {
			return // where the text begins is not known
		}
		if text, problems = l.texts.parse(file, start, reader, matter.rules(f.of.rules)); text != nil {
			f.problems = append(f.problems, slices.DeleteFunc(problems, besideTags)...)
			f.facts = text.facts()
		}
		return
	}
	f.uses, f.facts = text.uses, text.facts()
	f.problems = append(f.problems, checkAliases(&f.matter, places, text.body)...)
	if f.id != draftID {
		for _, p := range text.body.Placeholders() {
			p.Do += "\nif the text may no longer be changed, write mistakes = \"keep\" in its front matter"
			f.problems = append(f.problems, p)
		}
	}
	for _, p := range f.problems {
		f.elsewhere(p)
	}
}

// readFormer reads files of a policy again with Rules.Former, if only the front matter
// of another file shows that the policy was published before formerUntil. In most
// policies the file names are dates and show it before the files are read.
func (s *policyFiles) readFormer(l *loader) {
	older := func(f *versionFile) bool { return f.matter.former() }
	if s.kept != nil || s.rules.Former || !slices.ContainsFunc(s.files, older) {
		return
	}
	for _, f := range s.files {
		if !older(f) {
			s.rules.Former = true
			f.problems, f.failed, f.unsure = nil, false, false
			l.read(f)
		}
	}
}

// besideTags reports whether a problem may exist only because tags are not resolved:
// a link can lead to a heading in a shared clause.
func besideTags(p *source.Problem) bool {
	return p.Code == "dead-link" || p.Code == "lost-words" || p.Code == "duplicate-id"
}

// elsewhere adds to a problem in a shared clause or table the name of the text that
// includes it.
func (f *versionFile) elsewhere(p *source.Problem) {
	if p.File != f.name {
		p.Do += "\n(this is part of " + f.name + ")"
	}
}

// place returns the position of a key in the front matter of a file. It reads the
// file, whose facts may be from the cache.
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
