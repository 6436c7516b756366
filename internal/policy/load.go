package policy

import (
	"bytes"
	"cmp"
	"crypto/sha256"
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"path"
	"slices"
	"strings"
	"time"

	"golang.org/x/text/language"

	"github.com/privgen/privgen/internal/day"
	"github.com/privgen/privgen/internal/markdown"
	"github.com/privgen/privgen/internal/resolve"
	"github.com/privgen/privgen/internal/source"
	"github.com/privgen/privgen/internal/toml"
)

// Options say how to load policies.
type Options struct {
	Folder   string         // where they are: content
	Language string         // the site's language: authoritative where policy.toml names none
	Reserved []string       // slugs that the site's own addresses take
	Zone     *time.Location // in which days begin
	Rules    markdown.Rules // what texts may hold, where policy.toml does not say
	Renderer *markdown.Renderer
	Memory   *Memory // what was learned the last time; Load brings it up to date. May be nil

	// Fingerprint makes the fingerprint of a file that was looked at, and will
	// be read after that. Nil knows none: then every file is read.
	Fingerprint func(fs.FileInfo) source.Fingerprint

	// Drafts says whose drafts to load too, by slug. Others are not even read; nil loads none.
	Drafts func(slug string) bool

	Values map[string]any                      // what texts may insert, by full name: organization.name; see package resolve
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

// reservedIDs are what an address holds in the place of a version's id, today or
// by the plan of addresses.
var reservedIDs = []string{"archive", "redline", "draft", "in-force", "index.html", "index.md", "index.txt", "versions.json", "links.json",
	"feed.atom", "feed.json", "timemap.link"}

// draftID is the id of drafts, and the name of their files.
const draftID = "draft"

// A loader is the state of one Load.
type loader struct {
	Options
	fsys     fs.FS
	files    []*versionFile
	shelves  map[string]*shelf
	resolver *resolve.Resolver
	touched  map[string]bool // slugs of what changed since Last; empty for what is no policy
	problems source.Problems
}

// A shelf is a policy while its files are being found.
type shelf struct {
	slug  string
	dir   string // its folder, or empty for the short form
	toml  string // its policy.toml, or empty
	short string // the file of the short form, or empty
	files []*versionFile
	draft bool    // a draft was found, whether it is read or not
	kept  *Policy // what it was the last time, and is again
	wrong bool    // a file was found that is none of them, for a reason that is a problem

	settings Settings
	places   *toml.Places // of the settings; nil without policy.toml
	language string
	rules    markdown.Rules
	own      map[string]any // values that the policy's texts see before those of the site
}

// A versionFile is a file that holds a version in one language.
type versionFile struct {
	name     string
	id, lang string // as the name says; lang is empty for the authoritative one
	shelf    *shelf
	info     fs.FileInfo

	matter   Matter
	facts    Facts
	sum      [sha256.Size]byte  // of the file
	print    source.Fingerprint // of the file, if it has one
	uses     []resolve.Use      // what its text depends on beside the file
	problems source.Problems
	failed   bool // nothing else can be said of it
}

// Load reads the policies of a site. All problems of all files are given
// together; with any, the library is nil.
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
	l := &loader{Options: o, fsys: fsys, shelves: map[string]*shelf{}}
	l.resolver = resolve.New(resolve.Options{
		Files: fsys, Clauses: path.Join(o.Folder, "_clauses"), Data: path.Join(o.Folder, "_data"), Language: o.Language, Values: o.Values, Date: o.Date,
	})
	l.find()
	for _, s := range l.sorted() {
		if s.kept == nil && !l.unread(s) {
			l.settings(s)
		}
	}
	l.Each(len(l.files), func(i int) { l.read(l.files[i]) })
	for _, f := range l.files {
		l.problems = append(l.problems, f.problems...)
	}
	lib := &Library{fsys: fsys, folder: o.Folder, renderer: o.Renderer, zone: o.Zone, resolver: l.resolver, files: map[string]pinned{}, ids: map[*Text]map[string]bool{}}
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
	l.formerly(lib.Policies)
	l.successors(lib.Policies)
	l.languageNames(lib.Policies)
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
	l.remember()
	if len(l.problems) > 0 {
		return nil, oncePerPlace(l.problems.Sort())
	}
	return lib, nil
}

func (l *loader) problem(at source.Pos, code, what, do string) {
	l.problems = append(l.problems, source.NewProblem(at, code, what, do))
}

// oncePerPlace leaves out what was found again in a shared clause, for another
// text that includes it.
func oncePerPlace(list source.Problems) source.Problems {
	return slices.CompactFunc(list, func(a, b *source.Problem) bool { return a.Pos == b.Pos && a.What == b.What })
}

func (l *loader) sorted() []*shelf {
	out := make([]*shelf, 0, len(l.shelves))
	for _, s := range l.shelves {
		out = append(out, s)
	}
	slices.SortFunc(out, func(a, b *shelf) int { return strings.Compare(a.slug, b.slug) })
	return out
}

// find looks for policies and the files of their versions.
func (l *loader) find() {
	entries, err := fs.ReadDir(l.fsys, l.Folder)
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		l.problems = append(l.problems, source.ReadProblem(l.Folder, err))
		return
	}
	if len(entries) == 0 {
		l.problem(source.In(l.Folder), "no-policies", fmt.Sprintf("the folder %q holds no policies", l.Folder),
			"start one with: privgen new privacy")
		return
	}
	for _, e := range entries {
		name := path.Join(l.Folder, e.Name())
		if skip(e.Name()) || l.keep(e) {
			continue
		}
		info, ok := l.stat(name, e)
		if !ok {
			continue
		}
		switch stem, isText := strings.CutSuffix(e.Name(), ".md"); {
		case info.IsDir():
			s := l.shelf(e.Name(), name)
			l.findVersions(s, name)
		case isText:
			slug, lang := splitLanguage(stem)
			s := l.shelf(slug, name)
			if lang == "" {
				s.short = name
			}
			l.add(s, &versionFile{name: name, lang: lang, info: info})
		}
	}
	if len(l.shelves) == 0 && len(l.problems) == 0 {
		l.problem(source.In(l.Folder), "no-policies", fmt.Sprintf("the folder %q holds no policies", l.Folder),
			"start one with: privgen new privacy")
	}
}

// skip tells names that are not part of a site: hidden files, shared passages
// and data, what editors leave behind.
func skip(name string) bool {
	return strings.HasPrefix(name, ".") || strings.HasPrefix(name, "_") || strings.HasSuffix(name, "~") || strings.HasPrefix(name, "#")
}

func (l *loader) stat(name string, e fs.DirEntry) (fs.FileInfo, bool) {
	info, err := e.Info()
	if err == nil && e.Type()&fs.ModeSymlink != 0 {
		info, err = fs.Stat(l.fsys, name)
	}
	if err != nil {
		l.problems = append(l.problems, source.ReadProblem(name, err))
	}
	return info, err == nil
}

func (l *loader) shelf(slug, name string) *shelf {
	s := l.shelves[slug]
	if s == nil {
		if p := checkSlug(source.In(name), "name", slug, l.Reserved); p != nil {
			l.problems = append(l.problems, p)
		}
		s = &shelf{slug: slug}
		l.shelves[slug] = s
	}
	return s
}

func (l *loader) add(s *shelf, f *versionFile) {
	f.shelf = s
	s.files = append(s.files, f)
	l.files = append(l.files, f)
}

func (l *loader) findVersions(s *shelf, dir string) {
	s.dir = dir
	entries, err := fs.ReadDir(l.fsys, dir)
	if err != nil {
		l.problems = append(l.problems, source.ReadProblem(dir, err))
		s.wrong = true
		return
	}
	for _, e := range entries {
		name := path.Join(dir, e.Name())
		stem, isText := strings.CutSuffix(e.Name(), ".md")
		id, lang := splitLanguage(stem)
		switch {
		case e.Name() == "policy.toml":
			s.toml = name
		case skip(e.Name()) || !isText:
		case id == draftID && (l.Drafts == nil || !l.Drafts(s.slug)):
			s.draft = true
		case id == draftID:
			s.draft = true
			if info, ok := l.stat(name, e); ok {
				l.add(s, &versionFile{name: name, id: id, lang: lang, info: info})
			} else {
				s.wrong = true
			}
		default:
			if p := checkSlug(source.In(name), "version", id, reservedIDs); p != nil {
				l.problems = append(l.problems, p)
				s.wrong = true
				continue
			}
			info, ok := l.stat(name, e)
			if !ok {
				s.wrong = true
				continue
			}
			l.add(s, &versionFile{name: name, id: id, lang: lang, info: info})
		}
	}
}

// unread reports whether nothing of a policy is to be read: there is a draft
// only, and nobody asked for it.
func (l *loader) unread(s *shelf) bool { return s.draft && len(s.files) == 0 && !s.wrong }

// splitLanguage parts a file's stem into its name and a language tag:
// 2026-01-01.pt-BR. A last part that is no language belongs to the name.
func splitLanguage(stem string) (name, lang string) {
	i := strings.LastIndexByte(stem, '.')
	if i <= 0 || !isLanguage(stem[i+1:]) {
		return stem, ""
	}
	return stem[:i], stem[i+1:]
}

func isLanguage(tag string) bool {
	if len(tag) < 2 || tag[0] >= '0' && tag[0] <= '9' {
		return false
	}
	_, err := language.Parse(tag)
	return err == nil
}

// settings reads a policy's policy.toml.
func (l *loader) settings(s *shelf) {
	s.language, s.rules = l.Language, l.Rules
	defer func() {
		if s.settings.Kind == "" {
			s.settings.Kind = kindBySlug(s.slug)
		}
	}()
	if s.toml == "" {
		return
	}
	raw, err := fs.ReadFile(l.fsys, s.toml)
	if err != nil {
		l.problems = append(l.problems, source.ReadProblem(s.toml, err))
		return
	}
	f, problem := source.Parse(s.toml, raw)
	if problem != nil {
		l.problems = append(l.problems, problem)
		return
	}
	places, problems := toml.Decode(f, 0, len(f.Text), &s.settings)
	s.places = places
	l.problems = append(l.problems, problems...)
	if s.settings.Language != "" {
		l.checkTag(s.settings.Language, places.Value("language"))
		s.language = s.settings.Language
	}
	for tag := range s.settings.Translations {
		l.checkTag(tag, places.Key("translations", tag))
	}
	for i, slug := range s.settings.Formerly {
		if p := checkSlug(places.Value("formerly", fmt.Sprint(i)), "former name", slug, l.Reserved); p != nil {
			l.problems = append(l.problems, p)
		}
	}
	s.rules = s.settings.Markdown.Over(l.Rules)
	l.problems = append(l.problems, resolve.CheckValues(s.settings.Values, func(path ...string) source.Pos {
		return places.Key(append([]string{"values"}, path...)...)
	})...)
	s.own = ownValues(&s.settings, s.language)
}

// ownValues gives the values that a policy.toml brings.
func ownValues(s *Settings, lang string) map[string]any {
	own := map[string]any{}
	for name, v := range s.Values {
		own["values."+name] = v
	}
	titles, descriptions := map[string]any{}, map[string]any{}
	for tag, t := range s.Translations {
		titles[tag], descriptions[tag] = t.Title, t.Description
	}
	titles[lang], descriptions[lang] = s.Title, s.Description
	own["policy.title"], own["policy.description"] = titles, descriptions
	return own
}

// reader says for whom a file is resolved.
func (f *versionFile) reader() resolve.Reader {
	r := resolve.Reader{Lang: cmp.Or(f.lang, f.shelf.language), Own: f.shelf.own}
	if f.id == draftID {
		r.Own = withStamp(r.Own, unsettled)
	}
	return r
}

// kindBySlug is what a policy is about that does not say so.
func kindBySlug(slug string) string {
	switch slug {
	case "privacy", "cookies", "terms":
		return slug
	}
	return "other"
}

// checkTag holds a language tag to its canonical form, so that one language
// has one address.
func (l *loader) checkTag(tag string, at source.Pos) {
	t, err := language.Parse(tag)
	switch {
	case err != nil:
		l.problem(at, "bad-language", fmt.Sprintf("%q is not a language", tag), "write a BCP 47 tag, such as de, en-GB or zh-Hant")
	case t.String() != tag:
		l.problem(at, "bad-language", fmt.Sprintf("the language %q is written %q", tag, t), fmt.Sprintf("write %s", t))
	}
}

// read takes in the file of a version. It runs beside others and touches
// nothing but f.
func (l *loader) read(f *versionFile) {
	reader := f.reader()
	f.print = l.Fingerprint(f.info)
	known, ok := l.Memory.recall(f.name, f.shelf.rules)
	ok = ok && l.resolver.Holds(known.Uses, reader)
	recall := func() { f.matter, f.facts, f.uses, f.sum = known.Matter, known.facts(), known.Uses, known.file() }
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
	matter, places, start, problems := readMatter(file)
	f.matter, f.problems = matter, problems
	if len(problems) > 0 {
		f.failed = true
	}
	reader.Keep = matter.Tags == "keep"
	text, problems := l.resolver.Resolve(file, start, reader)
	if problems != nil {
		f.problems, f.failed = append(f.problems, problems...), true
		return
	}
	f.uses = text.Uses
	b, problems := l.Renderer.Parse(text.File, start, f.shelf.rules)
	f.problems = append(append(f.problems, problems...), checkAliases(&f.matter, places, b)...)
	f.facts = factsOf(text.File, start, b)
	for _, p := range f.problems {
		f.elsewhere(p)
	}
}

// elsewhere adds to a problem in a shared clause or a table which text it is
// that includes it.
func (f *versionFile) elsewhere(p *source.Problem) {
	if p.File != f.name {
		p.Do += "\n(this is part of " + f.name + ")"
	}
}

// place gives where a key stands in the front matter of a file that may have
// been recalled and not read.
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
	_, places, _, _ := readMatter(f)
	if places == nil || !places.Has(key) {
		return source.In(name)
	}
	return places.Value(key)
}

// remember keeps what was learned of the files that have no problem.
func (l *loader) remember() {
	if l.Memory == nil {
		return
	}
	m, was := l.Memory, l.Memory.files
	if l.Last == nil || was == nil {
		m.files = make(map[string]remembered, len(l.files))
	} else {
		l.forget()
		m.changed = true
	}
	for _, f := range l.files {
		if len(f.problems) > 0 {
			continue
		}
		m.files[f.name] = remembered{f.print, f.shelf.rules, f.matter,
			slices.Concat(f.facts.Digest[:], f.facts.Normal[:], f.sum[:]), f.facts.Title, f.facts.Refs, f.uses}
		old, ok := was[f.name]
		m.changed = m.changed || !ok || old.Print != f.print || !bytes.Equal(old.Sums, m.files[f.name].Sums) ||
			old.Rules != f.shelf.rules || !slices.Equal(old.Uses, f.uses)
	}
	m.changed = m.changed || len(was) != len(m.files)
}

// forget forgets the files of policies that were looked at again. Where few
// were, it is not all that is remembered that is gone through.
func (l *loader) forget() {
	for slug := range l.touched {
		if slug == "" || l.Last.Policy(slug) == nil {
			maps.DeleteFunc(l.Memory.files, func(name string, _ remembered) bool { return l.touches(l.slugOf(name)) })
			return
		}
	}
	for slug := range l.touched {
		for t := range l.Last.Policy(slug).Texts() {
			delete(l.Memory.files, t.File)
		}
	}
}

// formerly sees to it that a name a policy once had is nobody else's.
func (l *loader) formerly(policies []*Policy) {
	owner := map[string]*Policy{}
	for _, p := range policies {
		owner[p.Slug] = p
	}
	for _, p := range policies {
		for _, slug := range p.Settings.Formerly {
			if o := owner[slug]; o != nil {
				l.problem(source.In(p.File), "name-taken", fmt.Sprintf("the former name %q is the name of %q", slug, o.File),
					"a former name leads to this policy, so no other can have it; rename one of them")
			}
			owner[slug] = p
		}
	}
}

// languageNames keeps the names of languages free in which there are texts:
// the pages in them stand under /LANG/.
func (l *loader) languageNames(policies []*Policy) {
	first := map[string]string{} // the file of a text, by language
	for _, p := range policies {
		for t := range p.Texts() {
			if t.Lang != l.Language && first[t.Lang] == "" {
				first[t.Lang] = t.File
			}
		}
	}
	for _, p := range policies {
		for _, slug := range append([]string{p.Slug}, p.Settings.Formerly...) {
			if file := first[slug]; file != "" {
				l.problem(source.In(p.File), "reserved-name",
					fmt.Sprintf("the name %q is where pages in that language stand, such as that of %s", slug, file),
					"rename the policy's folder or file")
			}
		}
	}
}

// when gives the date of a version: what its front matter says, else what its
// id says.
func (l *loader) when(f *versionFile) (day.Date, bool) {
	if !f.matter.Effective.IsZero() {
		return f.matter.Effective, true
	}
	d, ok := idDay(f.id)
	return day.On(d), ok
}
