package history

import (
	"bytes"
	"cmp"
	"context"
	"fmt"
	"io/fs"
	"maps"
	"path"
	"slices"
	"strings"
	"time"
	"unicode"

	"github.com/privgen/privgen/internal/day"
	"github.com/privgen/privgen/internal/imports/textfile"
	"github.com/privgen/privgen/internal/lang"
	"github.com/privgen/privgen/internal/markdown"
	"github.com/privgen/privgen/internal/source"
	"github.com/privgen/privgen/internal/toml"
)

// A Plan is what an import would write to a site.
type Plan struct {
	Language string     // the site's language
	Policies []*Planned // by slug
	Notes    []Note
	Problems source.Problems // texts that the import cannot write, or only in part; they do not stop it
}

// A Planned is a policy of a plan.
type Planned struct {
	*Document
	Exists   bool   // the site has the policy already; its policy.toml is not changed
	Settings []byte // the policy.toml to write; nil if the policy exists
	Versions []*Version
	LeftOut  []Omission // versions and omissions add up to the states

	byLang   map[string][]*choice // the states that become versions; "" is the document's own language
	there    *policyFiles
	rules    markdown.Rules
	problems source.Problems
}

// A Version is one file of a plan.
type Version struct {
	*choice
	ID     string
	Lang   string // of a translation; empty: the policy's own
	File   string // path in the site: content/privacy/2024-01-31.md
	Status Status
	Before *Version // the version before it in its language, or nil
}

// A Status reports whether the site has a version already.
type Status string

// The values of Status.
const (
	New     Status = "new"
	Present Status = "there"  // with the same text
	Edited  Status = "edited" // it was imported, and its text was changed since
)

// A Site has what a plan needs to know about the site.
type Site struct {
	Files    fs.FS  // its folder; nil: it does not exist yet
	Content  string // the folder of the policies in it: content
	Language string // a BCP 47 tag; empty: the language of most texts, or English
	Rules    markdown.Rules
	Ignored  func(file string) bool // reports whether a version file is not wanted; nil: all are
}

// NewPlan chooses the versions of documents, names them, and compares them with
// the files of the site. It reads every text once and completes the documents
// with what their texts show: language, title, and the slug of an earlier import.
// The error comes from reading a text or the site, or is a *source.Problem.
func NewPlan(ctx context.Context, docs []*Document, site Site, o Options) (*Plan, error) {
	total, done := 0, 0
	for _, d := range docs {
		total += len(d.States)
	}
	tick := func() {
		if done++; o.Progress != nil {
			o.Progress(done, total)
		}
	}
	if err := findRenamed(docs, site); err != nil {
		return nil, err
	}
	p := &Plan{}
	links := newLinker(docs)
	count := map[string]int{} // of documents by language
	for _, d := range docs {
		there, err := readPolicy(site.Files, path.Join(site.Content, d.Slug))
		if err != nil {
			return nil, err
		}
		one := &Planned{Document: d, Exists: there.exists, byLang: map[string][]*choice{}, there: there}
		for _, language := range languages(d) {
			kept, out, err := choose(ctx, d, language, o, there, tick)
			if err != nil {
				return nil, err
			}
			one.byLang[language], one.LeftOut = kept, append(one.LeftOut, out...)
		}
		if problem := one.ofOther(); problem != nil {
			return nil, problem
		}
		if d.Language == "" {
			d.Language = majority(one.byLang[""])
		}
		count[d.Language]++
		if err := one.addTitle(); err != nil {
			return nil, err
		}
		p.Policies = append(p.Policies, one)
	}
	p.Language = cmp.Or(site.Language, mostFrequent(count), "en")
	site.Language = p.Language
	for _, one := range p.Policies {
		one.plan(site)
		p.Problems = append(p.Problems, one.problems...)
	}
	slices.SortFunc(p.Policies, func(a, b *Planned) int { return strings.Compare(a.Slug, b.Slug) })
	p.noteTags()
	p.noteDates(o)
	if links.linked+links.left > 0 {
		p.note(false, "links in all texts from one imported text to another, which lead to its policy: %d; links to "+
			"other places of the source, of which pages show the words alone: %d", links.linked, links.left)
	}
	p.noteEnded(site)
	return p, nil
}

// languages returns the languages of a document's states, its own ("") first.
func languages(d *Document) []string {
	list := []string{""}
	for i := range d.States {
		if !slices.Contains(list, d.States[i].Lang) {
			list = append(list, d.States[i].Lang)
		}
	}
	return list
}

// majority returns the language that more than half of the texts are in, or "".
func majority(list []*choice) string {
	count := map[string]int{}
	for _, c := range list {
		count[c.Detected]++
	}
	if best := mostFrequent(count); count[best]*2 > len(list) {
		return best
	}
	return ""
}

// mostFrequent returns the language with the highest count, or "". Of several, it
// returns the first in alphabetical order.
func mostFrequent(count map[string]int) (best string) {
	for _, language := range slices.Sorted(maps.Keys(count)) {
		if language != "" && (best == "" || count[language] > count[best]) {
			best = language
		}
	}
	return best
}

// ofOther returns a problem if the site has the policy from the commits of another
// repository: none of its versions is a state of this document. The user decides by
// choosing the slug.
func (p *Planned) ofOther() error {
	commits := map[string]bool{}
	for i := range p.States {
		commits[p.States[i].Commit] = true
	}
	other := ""
	for _, name := range slices.Sorted(maps.Keys(p.there.files)) {
		f := p.there.files[name]
		if commits[f.origin] || p.there.known[f.digest] {
			return nil
		}
		if f.origin != "" && !strings.Contains(f.origin, ":") {
			other = f.name
		}
	}
	if other == "" || p.Named || len(p.States) == 0 || p.States[0].Commit == "" {
		return nil
	}
	return source.Usage(fmt.Sprintf("the site has the policy %s from another repository: %s", p.Slug, other),
		fmt.Sprintf("choose another slug for %s: --name %s=SLUG\nor add its texts to that policy: --name %s=%s",
			p.Origin, p.Origin, p.Origin, p.Slug))
}

// addTitle names a document by its slug if neither its source nor its newest text
// has a title.
func (p *Planned) addTitle() error {
	own := p.byLang[""]
	if p.Title != "" || len(own) == 0 {
		return nil
	}
	text, err := own[len(own)-1].Bytes()
	if err != nil {
		return err
	}
	if line, _, _ := bytes.Cut(bytes.TrimLeft(text, "\n\r "), []byte("\n")); bytes.HasPrefix(line, []byte("# ")) {
		return nil // the page uses that title, including when it changes
	}
	words := []rune(strings.ReplaceAll(p.Slug, "-", " "))
	words[0] = unicode.ToUpper(words[0])
	p.Title = string(words)
	return nil
}

func (p *Plan) note(decide bool, format string, args ...any) {
	p.Notes = append(p.Notes, Note{Text: fmt.Sprintf(format, args...), Decide: decide})
}

// noteTags adds a note about the template tags in new texts.
func (p *Plan) noteTags() {
	var tags []string
	texts, expressions, do := 0, 0, ""
	for _, one := range p.Policies {
		for _, v := range one.Versions {
			if v.Status != New {
				continue
			}
			if strings.Contains(v.Changed, textfile.Unknown) {
				expressions++
			}
			if len(v.tags) > 0 {
				texts++
			}
			for _, tag := range v.tags {
				if !slices.Contains(tags, tag) {
					tags = append(tags, tag)
				}
			}
			if len(v.tags) > 0 && v.needs.tags != "" && v.Commit != "" {
				do = "; to replace {{ site.name }}: --set 'site.name=Fernhill Instruments'"
			}
		}
	}
	if expressions > 0 {
		p.note(false, "texts with expressions of MDX, which are published as they are: %d; for each of them: --verbose",
			expressions)
	}
	if texts > 0 {
		p.Notes = append(p.Notes, Note{Decide: do != "", Files: tags,
			Text: fmt.Sprintf("texts with tags of another program, left unchanged: %d%s", texts, do)})
	}
}

// noteDates adds a note about texts that state another date than that of their
// version.
func (p *Plan) noteDates(o Options) {
	texts, other, applied := 0, 0, 0
	for _, one := range p.Policies {
		for _, v := range one.Versions {
			if v.Lang != "" {
				continue
			}
			texts++
			if v.Basis == ByText && !v.State.Dated && v.Date == v.applies {
				applied++
			} else if !v.stated.IsZero() && v.stated != v.Date && v.stated != v.Updated && !v.Dated {
				other++
			}
		}
	}
	if other > 0 && !o.Stated {
		p.note(true, "texts that state another date than that of their version: %d of %d; to use the stated dates: "+
			"--date stamp", other, texts)
	}
	if applied > 0 && !o.Stated {
		p.note(false, "versions that take effect on the day that their text states, and not on that of the commit or "+
			"snapshot: %d of %d", applied, texts)
	}
}

// noteEnded adds a note for each policy that the source archived or removed. A new
// policy is written as withdrawn; one that exists is not changed.
func (p *Plan) noteEnded(site Site) {
	for _, one := range p.Policies {
		if one.Ended.IsZero() || len(one.Versions) == 0 {
			continue
		}
		do := "it is imported as withdrawn on that day"
		if one.Exists {
			file := path.Join(site.Content, one.Slug, "policy.toml")
			if raw, err := fs.ReadFile(site.Files, file); err == nil && bytes.Contains(raw, []byte("withdrawn")) {
				continue
			}
			do = fmt.Sprintf("to end the policy: withdrawn = %s in %s", one.Ended, file)
		}
		p.note(one.Exists, "%s: the source %s on %s; %s", one.Slug, one.Why, one.Ended, do)
	}
}

// plan names the versions of a policy and compares them with the files of the site.
func (p *Planned) plan(site Site) {
	all := p.name(site)
	for _, language := range slices.Sorted(maps.Keys(p.byLang)) {
		switch {
		case language == "":
		case language == lang.Base(cmp.Or(p.Language, site.Language)):
			for _, one := range p.byLang[language] {
				p.leaveOut(one, orphan, "its original is in the same language")
			}
		default:
			p.translate(all, language, site)
		}
	}
	p.LeftOut = append(p.LeftOut, p.Document.LeftOut...)
	for _, v := range p.Versions {
		p.rules = joined(p.rules, v.needs.policy)
	}
	p.findUnfit(path.Join(site.Content, p.Slug))
	p.findLost()
	if !p.Exists && len(p.Versions) > 0 {
		p.Settings = p.settings(site)
	}
}

// unreadable are the reasons for which the newest text may be unknown.
var unreadable = []Reason{textfile.NotText, textfile.TooLarge, "missing"}

// findUnfit adds a problem for each language whose newest text cannot be read.
func (p *Planned) findUnfit(folder string) {
	newest := map[string]Omission{}
	for _, v := range p.Versions {
		newest[v.Lang] = Omission{When: v.instant}
	}
	for _, o := range p.LeftOut {
		if !o.When.Before(newest[o.Lang].When) {
			newest[o.Lang] = o
		}
	}
	for _, language := range slices.Sorted(maps.Keys(newest)) {
		if o := newest[language]; slices.Contains(unreadable, o.Reason) {
			p.problems = append(p.problems, source.NewProblem(source.In(folder), "newest-left-out",
				fmt.Sprintf("the newest text of %s is not in the site: %s; %s", p.Slug, o.Origin, o.Note),
				"correct that file in the source and import again"))
		}
	}
}

// findLost adds a problem for the newest of the versions that lack the same words of
// their source. It skips versions that were edited since.
func (p *Planned) findLost() {
	type loss struct{ lang, what string }
	count := map[loss]int{}
	for _, v := range p.Versions {
		if v.Lost != "" && v.Status != Edited {
			count[loss{v.Lang, v.Lost}]++
		}
	}
	for _, v := range slices.Backward(p.Versions) {
		n := count[loss{v.Lang, v.Lost}]
		if n == 0 {
			continue
		}
		count[loss{v.Lang, v.Lost}] = 0
		what := fmt.Sprintf("the version does not have all words of %s: %s", v.Origin, v.Lost)
		if n > 1 {
			what += fmt.Sprintf("; the same is true of %s", source.Count(n-1, "earlier version"))
		}
		p.problems = append(p.problems, source.NewProblem(source.In(v.File), "lost-text", what,
			"compare the version with the page and add the missing words, or choose the element with --select"))
	}
}

func (p *Planned) leaveOut(c *choice, why Reason, note string) {
	p.LeftOut = append(p.LeftOut, Omission{why, c.Origin, c.State.Lang, c.instant, note, false})
}

// name names the versions of the document's own language: by their date, with a
// number if several have the same. A version that an earlier import wrote keeps
// its name, even if its file was renamed. It returns all versions, including those
// left out because of their file.
func (p *Planned) name(site Site) (all []*Version) {
	list, there := p.byLang[""], p.there
	var last *Version
	lastDay, n := day.Day{}, 0
	for i, c := range list {
		v := &Version{choice: c, Before: last, Status: New}
		if f := there.find(c); f != nil {
			v.ID, v.File, v.Status = f.id, f.name, f.status(c)
			if d, k, ok := splitID(f.id); ok {
				lastDay, n = d, k
			}
		} else {
			if c.Date != lastDay {
				lastDay, n = c.Date, 0
			}
			for v.ID == "" || there.ofOther(v.ID+".md", c) {
				if n++; n == 1 {
					v.ID = c.Date.String()
				} else {
					v.ID = fmt.Sprintf("%s.%d", c.Date, n)
				}
			}
			v.File = path.Join(site.Content, p.Slug, v.ID+".md")
			if f := there.files[v.ID+".md"]; f != nil {
				v.Status = f.status(c)
			}
			if v.Status == Edited {
				p.refuse(c, i+1 == len(list), v.File, site)
				all = append(all, v)
				continue
			}
		}
		if v.Status == New && site.ignores(v.File) {
			p.leaveOut(c, ignored, v.File)
			all = append(all, v)
			continue
		}
		p.Versions, all = append(p.Versions, v), append(all, v)
		last = v
	}
	return all
}

func (s Site) ignores(file string) bool { return s.Ignored != nil && s.Ignored(file) }

// refuse leaves out a choice because the site has another text in its file. If that
// is the newest text of the source, the site would show an older one as the newest,
// which is a problem.
func (p *Planned) refuse(c *choice, newest bool, file string, site Site) {
	if site.ignores(file) {
		p.leaveOut(c, ignored, file)
		return
	}
	p.leaveOut(c, clash, file)
	if newest {
		p.problems = append(p.problems, source.NewProblem(source.In(file), "newest-left-out",
			fmt.Sprintf("the newest text of %s is not in the site: %s; this file has another text", p.Slug, c.Origin),
			"move the file away and import again; to keep it instead of the newest text, write into import.toml: "+
				"exclude = ["+toml.Quote(file)+"]"))
	}
}

// translate adds to each version the translation that readers saw with it: the
// last one before the next version. If the original changed and the translation
// did not, the version has none: an older text does not translate it. Its page
// says so and links to the last version that has a translation.
func (p *Planned) translate(own []*Version, language string, site Site) {
	list, there := p.byLang[language], p.there
	var last *Version
	i := 0
	for k, o := range own {
		var at *choice
		for i < len(list) && (k+1 == len(own) || list[i].instant.Before(until(o, own[k+1], at != nil))) {
			if at != nil {
				p.leaveOut(at, replaced, "")
			}
			at = list[i]
			i++
		}
		if at == nil {
			continue
		}
		v := &Version{choice: at, ID: o.ID, Lang: language, Before: last, Status: New,
			File: strings.TrimSuffix(o.File, ".md") + "." + language + ".md"}
		if f := there.files[path.Base(v.File)]; f != nil {
			v.Status = f.status(at)
			if v.Status == Edited && there.known[f.digest] { // an older text of the source
				p.refuse(at, at == list[len(list)-1], v.File, site)
				continue
			}
		} else if site.ignores(v.File) || o.Status == New && site.ignores(o.File) {
			p.leaveOut(at, ignored, v.File)
			continue
		}
		p.Versions = append(p.Versions, v)
		last = v
	}
	for _, c := range list[i:] { // all of them, if there is no version
		p.leaveOut(c, orphan, "")
	}
}

// until returns the time from which translations belong to the next version. If v
// has another translation, that is a day before the next version, or halfway if
// the versions are closer: a translation may be finished before its original.
func until(v, next *Version, another bool) time.Time {
	if !another {
		return next.instant
	}
	if day := next.instant.Add(-24 * time.Hour); day.After(v.instant) {
		return day
	}
	return v.instant.Add(next.instant.Sub(v.instant) / 2)
}
