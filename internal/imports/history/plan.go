package history

import (
	"bytes"
	"cmp"
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"path"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/privgen/privgen/internal/day"
	"github.com/privgen/privgen/internal/policy"
	"github.com/privgen/privgen/internal/source"
)

// A Plan is what an import would write into a site.
type Plan struct {
	Policies []*Planned // by slug
	Notes    []string   // what else there is to know: submodules, a history that is cut off
}

// A Planned is a policy of a plan.
type Planned struct {
	*Document
	Exists   bool   // the site has the policy already; then its policy.toml is left as it is
	Settings []byte // of a policy.toml to write; nil where it exists
	Versions []*Version
	LeftOut  []Omission
	States   int // how many there were: versions and what was left out
	needs    needs
}

// A Version is a version of a plan: a file.
type Version struct {
	*Choice
	ID       string
	Lang     string // of a translation; empty: the policy's own
	File     string // path in the site: content/privacy/2024-01-31.md
	Standing Standing
	Before   *Version // the version before it in its language, or nil
	Carried  bool     // a translation that did not change when its original did
}

// A Standing is how a version of a plan stands in the site.
type Standing string

// The standings.
const (
	New    Standing = "new"
	There  Standing = "there"  // with the same text
	Edited Standing = "edited" // it was imported, and its text was changed since
)

// A Site is what a plan has to know of the site that is imported into.
type Site struct {
	Files    fs.FS  // its folder; nil: there is none yet
	Content  string // where policies are in it: content
	Language string // a BCP 47 tag; empty: as the texts are
	Check    func(slug string) *source.Problem
	Rules    Rules
	Ignored  func(file string) bool // reports whether a version file is not wanted; nil: all are
}

// Rules say what the site's config lets texts hold already.
type Rules struct{ HTML, DeadLinks, Images string }

// A Chosen is a document with its versions, by language; the empty one is its
// own.
type Chosen struct {
	Document *Document
	ByLang   map[string][]*Choice
	LeftOut  []Omission
}

// NewPlan gives the versions of documents their names, and compares them with
// what stands in the site. The error is of reading the site.
func NewPlan(docs []*Chosen, site Site) (*Plan, error) {
	p := &Plan{}
	if err := settle(docs, site); err != nil {
		return nil, err
	}
	for _, c := range docs {
		one, err := plan(c, site)
		if err != nil {
			return nil, err
		}
		p.Policies = append(p.Policies, one)
	}
	slices.SortFunc(p.Policies, func(a, b *Planned) int { return strings.Compare(a.Slug, b.Slug) })
	p.noteTags()
	return p, nil
}

// noteTags tells of the tags of another program that texts hold.
func (p *Plan) noteTags() {
	var tags []string
	texts, do := 0, ""
	for _, one := range p.Policies {
		for _, v := range one.Versions {
			if v.Standing != New || len(v.tags) == 0 {
				continue
			}
			texts++
			for _, tag := range v.tags {
				if !slices.Contains(tags, tag) {
					tags = append(tags, tag)
				}
			}
			if v.needs.tags && v.Commit != "" {
				do = "; to put words in their place: --set 'site.name=Fernhill Instruments', for {{ site.name }}"
			}
		}
	}
	if texts > 0 {
		p.Notes = append(p.Notes, fmt.Sprintf("%s tags of another program, which stay as they are: %s%s", holding(texts), some(tags), do))
	}
}

func holding(texts int) string {
	if texts == 1 {
		return "1 text holds"
	}
	return fmt.Sprintf("%d texts hold", texts)
}

func plan(c *Chosen, site Site) (*Planned, error) {
	p := &Planned{Document: c.Document, LeftOut: slices.Clone(c.LeftOut)}
	folder := path.Join(site.Content, p.Slug)
	there, err := readShelf(site.Files, folder)
	if err != nil {
		return nil, err
	}
	p.Exists = there.exists
	p.name(c.ByLang[""], there, site)
	own := slices.Clone(p.Versions)
	langs := make([]string, 0, len(c.ByLang))
	for lang := range c.ByLang {
		if lang != "" {
			langs = append(langs, lang)
		}
	}
	slices.Sort(langs)
	for _, lang := range langs {
		if base(lang) == base(cmp.Or(p.Language, site.Language)) && lang != "" && !strings.Contains(lang, "-") {
			for _, c := range c.ByLang[lang] {
				p.LeftOut = append(p.LeftOut, Omission{Orphan, c.Origin, lang, c.moment, "its original is in the same language", false})
			}
			continue
		}
		p.translate(own, c.ByLang[lang], lang, there, site)
	}
	p.LeftOut = append(p.LeftOut, p.Document.LeftOut...)
	p.States = len(p.LeftOut)
	for _, v := range p.Versions {
		p.needs = p.needs.or(v.needs)
		if !v.Carried {
			p.States++
		}
	}
	if !p.Exists && len(p.Versions) > 0 {
		p.Settings = p.settings(own, site)
	}
	return p, nil
}

// name gives the versions of the document's own language their ids: the day,
// and a number where there are several of one day. A version that an earlier
// import wrote keeps its name, whatever the file is called by now.
func (p *Planned) name(list []*Choice, there *shelf, site Site) {
	var last *Version
	lastDay, n := day.Day{}, 0
	for _, c := range list {
		v := &Version{Choice: c, Before: last}
		if f := there.find(c); f != nil {
			v.ID, v.File, v.Standing = f.id, f.name, f.standing(c)
			if d, k, ok := splitID(f.id); ok {
				lastDay, n = d, k
			}
		} else {
			if c.Date == lastDay {
				n++
			} else {
				lastDay, n = c.Date, 1
			}
			v.ID = c.Date.String()
			if n > 1 {
				v.ID += "." + strconv.Itoa(n)
			}
			v.File = path.Join(site.Content, p.Slug, v.ID+".md")
			v.Standing = New
			if f := there.files[v.ID+".md"]; f != nil {
				if v.Standing = f.standing(c); v.Standing == Edited {
					p.LeftOut = append(p.LeftOut, Omission{Clash, c.Origin, c.State.Lang, c.moment, f.name, false})
					continue
				}
			}
		}
		if v.Standing == New && site.Ignored != nil && site.Ignored(v.File) {
			p.LeftOut = append(p.LeftOut, Omission{Reason: Ignored, Origin: c.Origin, Lang: c.State.Lang, When: c.moment, Note: v.File})
			continue
		}
		p.Versions = append(p.Versions, v)
		last = v
	}
}

// translate gives each version the text that stood in another language while
// it did: the last one before the next version. Where the original changed and
// the translation did not, the text stays what it was, as it did for readers.
func (p *Planned) translate(own []*Version, list []*Choice, lang string, there *shelf, site Site) {
	var at *Choice
	var last *Version
	used := map[*Choice]bool{}
	i := 0
	for k, o := range own {
		for i < len(list) && (k+1 == len(own) || list[i].moment.Before(until(o, own[k+1], at != nil))) {
			if at != nil && !used[at] {
				p.LeftOut = append(p.LeftOut, Omission{Replaced, at.Origin, lang, at.moment, "", false})
			}
			at = list[i]
			i++
		}
		if at == nil {
			continue
		}
		v := &Version{Choice: at, ID: o.ID, Lang: lang, Before: last, Carried: used[at], Standing: New,
			File: strings.TrimSuffix(o.File, ".md") + "." + lang + ".md"}
		used[at] = true
		if f := there.files[path.Base(v.File)]; f != nil {
			v.Standing = f.standing(at)
		} else if site.Ignored != nil && site.Ignored(v.File) {
			if !v.Carried {
				p.LeftOut = append(p.LeftOut, Omission{Reason: Ignored, Origin: at.Origin, Lang: lang, When: at.moment, Note: v.File})
			}
			continue
		}
		p.Versions = append(p.Versions, v)
		last = v
	}
	for _, c := range list[i:] { // all of them, when there is no version
		p.LeftOut = append(p.LeftOut, Omission{Orphan, c.Origin, lang, c.moment, "", false})
	}
}

// until gives the moment up to which a translation belongs to a version and
// not to the next. One that is finished on the day before its original is
// published belongs to the new text, unless there is no other for the old one.
func until(v, next *Version, another bool) time.Time {
	if !another {
		return next.moment
	}
	if day := next.moment.Add(-24 * time.Hour); day.After(v.moment) {
		return day
	}
	return v.moment.Add(next.moment.Sub(v.moment) / 2)
}

// settings writes the policy.toml of a new policy.
func (p *Planned) settings(own []*Version, site Site) []byte {
	var b bytes.Buffer
	if p.Title != "" {
		fmt.Fprintf(&b, "title = %s\n", quote(p.Title))
	}
	fmt.Fprintf(&b, "kind = %s\n", quote(cmp.Or(p.Kind, kindOf(p.Slug))))
	if p.Group != "" {
		fmt.Fprintf(&b, "group = %s\n", quote(p.Group))
	}
	if p.Language != "" && p.Language != site.Language && (base(p.Language) != base(site.Language) || base(p.Language) != p.Language) {
		fmt.Fprintf(&b, "language = %s\n", quote(p.Language))
	}
	for _, lang := range slices.Sorted(maps.Keys(p.Titles)) {
		if slices.ContainsFunc(p.Versions, func(v *Version) bool { return v.Lang == lang }) {
			fmt.Fprintf(&b, "\n[translations.%s]\ntitle = %s\n", lang, quote(p.Titles[lang]))
		}
	}
	rules := p.needs.rules()
	for _, f := range []struct{ own, site *string }{
		{&rules.HTML, &site.Rules.HTML}, {&rules.DeadLinks, &site.Rules.DeadLinks}, {&rules.Images, &site.Rules.Images},
	} {
		if *f.own == *f.site {
			*f.own = ""
		}
	}
	b.WriteString(rules.Table())
	return b.Bytes()
}

// base gives the language of a tag, without script and region.
func base(tag string) string {
	lang, _, _ := strings.Cut(tag, "-")
	return lang
}

// Needs gives the rules for Markdown that the texts of all policies together
// need, for the config of a new site.
func (p *Plan) Needs() Rules {
	var n needs
	for _, one := range p.Policies {
		n = n.or(one.needs)
	}
	return n.rules()
}

// Matter gives the front matter of a version, with its fences, as a person
// would have written it.
func (v *Version) Matter(summary string) []byte {
	var b bytes.Buffer
	b.WriteString("+++\n")
	if v.Lang == "" {
		fmt.Fprintf(&b, "effective = %s\n", v.Date)
		if !v.Updated.IsZero() && v.Updated != v.Date {
			fmt.Fprintf(&b, "updated = %s\n", v.Updated)
		}
	}
	if v.Label != "" {
		fmt.Fprintf(&b, "label = %s\n", quote(v.Label))
	}
	if summary != "" {
		fmt.Fprintf(&b, "summary = %s\ngenerated = true\n", quote(summary))
	}
	for _, kv := range [][2]string{{"source", v.Source}, {"archived", v.Archived}, {"commit", v.Commit}} {
		if kv[1] != "" {
			fmt.Fprintf(&b, "%s = %s\n", kv[0], quote(kv[1]))
		}
	}
	if v.needs.tags {
		b.WriteString("tags = \"keep\"\n")
	}
	if v.Lang == "" {
		dated := string(v.Basis)
		if v.Note != "" {
			dated += ": " + v.Note
		}
		fmt.Fprintf(&b, "dated = %s\n", quote(dated))
	}
	b.WriteString("+++\n")
	return b.Bytes()
}

// quote writes a TOML string.
func quote(s string) string {
	var b strings.Builder
	b.WriteByte('"')
	for _, r := range s {
		switch {
		case r == '"' || r == '\\':
			b.WriteByte('\\')
			b.WriteRune(r)
		case r < ' ' || r == 0x7F:
			fmt.Fprintf(&b, "\\u%04X", r)
		default:
			b.WriteRune(r)
		}
	}
	b.WriteByte('"')
	return b.String()
}

// A shelf is what stands in the folder of a policy.
type shelf struct {
	exists   bool
	files    map[string]*standing // by file name
	byCommit map[string]*standing // those of the policy's own language, by commit or by the address of the archived copy
}

// A standing is a version file of the site.
type standing struct {
	name, id string
	digest   Digest // of its text
	lines    Digest // the same with line feeds only
}

// readShelf reads the folder of a policy. A file that is no version file is
// passed over: whether it may stand there is for a build to say.
func readShelf(files fs.FS, folder string) (*shelf, error) {
	s := &shelf{files: map[string]*standing{}, byCommit: map[string]*standing{}}
	if files == nil {
		return s, nil
	}
	entries, err := fs.ReadDir(files, folder)
	if errors.Is(err, fs.ErrNotExist) {
		return s, nil
	}
	if err != nil {
		return nil, err
	}
	for _, e := range entries {
		stem, ok := strings.CutSuffix(e.Name(), ".md")
		if e.Name() == "policy.toml" {
			s.exists = true
		}
		if !ok || e.IsDir() || strings.HasPrefix(stem, ".") || stem == "draft" {
			continue
		}
		s.exists = true
		name := path.Join(folder, e.Name())
		raw, err := fs.ReadFile(files, name)
		if err != nil {
			return nil, err
		}
		id, lang := splitLanguage(stem)
		f := &standing{name: name, id: id}
		f.digest, f.lines = digests(textOf(raw))
		s.files[e.Name()] = f
		if file, problem := source.Parse(name, raw); problem == nil {
			if m, _ := policy.ReadMatter(file); lang == "" && (m.Commit != "" || m.Archived != "") {
				s.byCommit[cmp.Or(m.Commit, m.Archived)] = f
			}
		}
	}
	return s, nil
}

// splitLanguage parts the stem of a version file into its id and language.
func splitLanguage(stem string) (id, lang string) {
	if i := strings.LastIndexByte(stem, '.'); i > 0 && languageTag(stem[i+1:]) != "" {
		return stem[:i], stem[i+1:]
	}
	return stem, ""
}

// splitID reads an id that is a day, with or without a number.
func splitID(id string) (d day.Day, n int, ok bool) {
	base, number, numbered := strings.Cut(id, ".")
	n = 1
	if numbered {
		var err error
		if n, err = strconv.Atoi(number); err != nil {
			return d, 0, false
		}
	}
	d, err := day.Parse(base)
	return d, n, err == nil
}

// find gives the file that an earlier import made of a state, or nil.
func (s *shelf) find(c *Choice) *standing {
	key := cmp.Or(c.Commit, c.Archived)
	if key == "" {
		return nil
	}
	return s.byCommit[key]
}

// standing tells whether a file of the site holds a text still.
func (f *standing) standing(c *Choice) Standing {
	if f.digest == c.Digest {
		return There
	}
	if text, err := c.Bytes(); err == nil {
		// What stores files may change how lines end, and is no editor.
		if _, lines := digests(text); lines == f.lines {
			return There
		}
	}
	return Edited
}
