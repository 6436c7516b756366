package history

import (
	"bytes"
	"cmp"
	"context"
	"errors"
	"fmt"
	"path"
	"slices"
	"strings"
	"time"

	"github.com/privgen/privgen/internal/day"
	"github.com/privgen/privgen/internal/imports/dates"
	"github.com/privgen/privgen/internal/imports/webpage"
	"github.com/privgen/privgen/internal/source"
)

// This file makes documents of snapshots: files that hold a text as it stood on
// a day, and say in their names, in their front matter or in their first line
// which day that was. Saved pages are snapshots too; they are read in page.go.

// ByHand is the basis of a date that the user gave for all texts that tell none.
const ByHand Basis = "given at import"

// A Snapshot is a file to read.
type Snapshot struct {
	Name string // its path, with forward slashes, from the folder that was named on
	Size int64
	Read func() ([]byte, error) // may be called several times
}

// A SnapshotSearch says how snapshots are read.
type SnapshotSearch struct {
	Pages    bool              // they are saved pages: what the text says counts more than the file's name
	Page     webpage.Options   // of those that are pages
	Headings bool              // make headings of lines that are headings in all but markup
	When     day.Day           // of those that say no date; may be zero
	Language string            // of the site, for dates in numbers; may be empty
	Names    map[string]string // slugs that the user gave, by path
	Check    func(slug string) *source.Problem
	Progress func(doing string, done, total int)
}

// Snapshots are the documents that snapshots make.
type Snapshots struct {
	Documents []*Document
	Notes     []string
	Problems  source.Problems // of files that could not be read as what they are; the others are documents, if any can be
	paths     map[string]bool
}

// Named reports whether a file is among those that became a document.
func (f *Snapshots) Named(file string) bool { return f.paths[file] }

// FindSnapshots reads snapshots and tells which are of one document: those of
// one folder whose names differ in the date alone, and those of one address.
// The error is of reading.
func FindSnapshots(ctx context.Context, files []Snapshot, s SnapshotSearch) (*Snapshots, error) {
	f := &Snapshots{paths: map[string]bool{}}
	var shots []*shot
	led, lost, images := 0, 0, 0
	for i, file := range files {
		if s.Progress != nil {
			s.Progress("reading file", i, len(files))
		}
		if err := ctx.Err(); err != nil {
			return nil, err
		}
		one, problem, err := s.shoot(file)
		if err != nil {
			return nil, err
		}
		if problem != nil {
			f.Problems = append(f.Problems, problem)
			continue
		}
		led += one.led
		f.note(one)
		if one.page != nil {
			lost += one.page.Links
			images += one.page.Images
		}
		shots = append(shots, one)
	}
	for _, n := range []struct {
		count int
		what  string
	}{
		{led, "%s led back from the Wayback Machine to where they led"},
		{lost, "%s left out that have no address, or one that no page may have; their words stay"},
	} {
		if n.count > 0 {
			f.Notes = append(f.Notes, fmt.Sprintf(n.what, counted(n.count, "link")))
		}
	}
	if images > 0 {
		f.Notes = append(f.Notes, counted(images, "image")+" without words left out")
	}
	docs, notes, err := s.documents(shots)
	if err != nil {
		return nil, err
	}
	for _, one := range shots {
		f.paths[one.file.Name] = true
	}
	f.Documents, f.Notes = docs, append(f.Notes, notes...)
	if !slices.ContainsFunc(shots, func(one *shot) bool { return !one.date.IsZero() }) {
		for _, one := range shots {
			f.Problems = append(f.Problems, source.NewProblem(source.In(one.file.Name), "no-date", "nothing says from which day this text counts",
				"say it: --effective 2026-01-31; or put the day into the file's name"))
		}
		f.Documents = nil
	}
	return f, nil
}

func counted(n int, noun string) string {
	if n == 1 {
		return "1 " + noun
	}
	return fmt.Sprintf("%d %ss", n, noun)
}

// note tells what was done to a snapshot that its reader may want to look at.
func (f *Snapshots) note(one *shot) {
	if one.page != nil {
		what := fmt.Sprintf("%s: the text is %s", one.file.Name, one.page.Found)
		if n := len(one.page.Dropped); n > 0 {
			var list []string
			for _, d := range one.page.Dropped[:min(n, 6)] {
				list = append(list, fmt.Sprintf("%s (%s)", d.What, counted(d.Words, "word")))
			}
			if n > 6 {
				list = append(list, fmt.Sprintf("%d more", n-6))
			}
			what += "; left out: " + strings.Join(list, ", ")
		}
		f.Notes = append(f.Notes, what)
		if one.page.Differs != "" {
			f.Notes = append(f.Notes, fmt.Sprintf("%s: look at this text before you publish it: %s", one.file.Name, one.page.Differs))
		}
	}
	if n := len(one.made); n > 0 {
		var list []string
		for _, m := range one.made {
			list = append(list, fmt.Sprintf("%d: %s %s", m.Line, strings.Repeat("#", m.Level), m.Title))
		}
		f.Notes = append(f.Notes, fmt.Sprintf("%s: %s made of lines:\n\t%s", one.file.Name, counted(n, "heading"), strings.Join(list, "\n\t")))
	}
	for _, n := range one.notes {
		f.Notes = append(f.Notes, one.file.Name+": "+n)
	}
}

// A shot is what a snapshot tells, without its text.
type shot struct {
	file     Snapshot
	date     day.Day
	when     time.Time // the moment, when the Wayback Machine's stamp has it
	basis    Basis
	note     string // about the date
	updated  day.Day
	source   string
	archived string
	front    Front
	lang     string
	title    string
	stem     string // the file's path without dates, for what belongs together
	text     []byte // nil after it was looked at
	led      int    // links that were led back
	made     []MadeHeading
	page     *webpage.Page // nil for Markdown
	notes    []string
}

// shoot reads one snapshot.
func (s *SnapshotSearch) shoot(file Snapshot) (*shot, *source.Problem, error) {
	one := &shot{file: file}
	if file.Size > webpage.MaxSize || !isPage(file.Name, nil) && file.Size > source.MaxSize {
		if isPage(file.Name, nil) {
			return nil, webpage.TooLarge(file.Name, file.Size), nil
		}
		return nil, source.TooLarge(file.Name, file.Size), nil
	}
	problem, err := s.read(one)
	if err != nil || problem != nil {
		return nil, problem, err
	}
	s.dateOf(one)
	one.text = nil
	return one, nil, nil
}

// read gives a snapshot its text, and all that stands around it.
func (s *SnapshotSearch) read(one *shot) (*source.Problem, error) {
	raw, err := one.file.Read()
	if err != nil {
		return source.ReadProblem(one.file.Name, err), nil
	}
	one.stem, _, _ = withoutDate(one.file.Name)
	if isPage(one.file.Name, raw) {
		p, problem := webpage.Read(one.file.Name, raw, s.Page)
		if problem != nil {
			return problem, nil
		}
		one.page, one.text, one.lang, one.title = p, p.Text, languageTag(p.Lang), p.Title
		one.source, one.archived, one.led = p.Address, p.Archived, p.Led
	} else if problem, err := s.readMarkdown(one, raw); problem != nil || err != nil {
		return problem, err
	}
	if s.Headings {
		one.text, one.made = MakeHeadings(one.text)
	}
	return nil, nil
}

func (s *SnapshotSearch) readMarkdown(one *shot, raw []byte) (*source.Problem, error) {
	text, from, err := Decode(raw)
	if unfit := (*Unfit)(nil); errors.As(err, &unfit) {
		if _, problem := source.Parse(one.file.Name, raw); problem != nil {
			return problem, nil
		}
		return source.NewProblem(source.In(one.file.Name), "not-text", unfit.Note, "save it as UTF-8 text, or leave it out"), nil
	} else if err != nil {
		return nil, err
	}
	if from != "" {
		one.notes = append(one.notes, "its text was "+from)
	}
	one.front, text = SplitMatter(text)
	one.lang, one.title, one.source = one.front.Language, one.front.Title, one.front.Source
	text = one.takeQuote(text)
	one.text, one.led = leadBack(text)
	if one.title == "" {
		one.title = firstTitle(one.text)
	}
	if a, ok := webpage.ParseWayback(one.source); ok {
		one.source, one.archived = a.Original, cmp.Or(one.archived, one.source)
	}
	return nil, nil
}

// firstTitle gives the heading of level one that a text begins with.
func firstTitle(text []byte) string {
	blocks := splitBlocks(text[:min(len(text), 2000)])
	if len(blocks) > 0 && blocks[0].heading() == 1 {
		return strings.TrimSpace(strings.TrimLeft(blocks[0].line, "#"))
	}
	return ""
}

// dateOf tells the day of a snapshot. Of one that was taken from the Wayback
// Machine it is the day it was taken; else the front matter counts, then the
// name. Of a saved page the text's own word comes first.
func (s *SnapshotSearch) dateOf(one *shot) {
	lang := cmp.Or(one.lang, s.Language)
	stamps := dates.Find(one.text, lang)
	if one.page != nil && stamps == (dates.Stamps{}) {
		stamps = dates.Find(one.page.Around, lang) // in the page's head or foot
	}
	best := stamps.Effective
	if best == nil || best.Day.IsZero() {
		best = stamps.Best()
	}
	named, month := dateInName(one.file.Name)
	taken, _ := webpage.ParseWayback(one.archived)
	set := func(d day.Day, basis Basis, note string) {
		if one.date.IsZero() && !d.IsZero() {
			one.date, one.basis, one.note = d, basis, note
		}
	}
	said := func() {
		if best == nil {
			return
		}
		note := ""
		if best.Kind == dates.Updated {
			note = "the day of its last change; the text says no other"
		}
		set(best.Day, ByStamp, note)
	}
	if one.page != nil {
		set(one.page.Version, ByMatter, "")
	}
	if s.Pages {
		said()
	}
	set(one.front.Effective.In(time.UTC), ByMatter, "")
	if !taken.Day.IsZero() {
		set(taken.Day, BySnapshot, "")
		one.when = taken.When
	}
	set(one.front.Date, ByMatter, "")
	if month {
		set(named, ByName, "the name tells the month only")
	}
	set(named, ByName, "")
	said()
	set(one.front.Updated, ByMatter, "the day of its last change")
	if one.page != nil {
		set(one.page.Modified, ByMatter, "the day on which the page says that it was changed")
	}
	set(s.When, ByHand, "")
	if one.basis != BySnapshot {
		one.when = time.Time{}
	}
	s.update(one, stamps)
}

// update tells the day of the last change, when the text says one that can be.
func (s *SnapshotSearch) update(one *shot, stamps dates.Stamps) {
	one.updated = one.front.Updated
	u := stamps.Updated
	if !one.updated.IsZero() || u == nil {
		return
	}
	switch {
	case u.Day.IsZero():
		one.notes = append(one.notes, fmt.Sprintf("its date can be read as %s; write updated = into the version's front matter", either(u.Readings)))
	case !one.date.IsZero() && u.Day.Compare(one.date) > 0 && one.basis != ByStamp:
		one.notes = append(one.notes, fmt.Sprintf("the text says that it was changed on %s, after the day of the snapshot, %s", u.Day, one.date))
	case u.Day != one.date:
		one.updated = u.Day
	}
}

func either(days []day.Day) string {
	var list []string
	for _, d := range days {
		list = append(list, d.String())
	}
	return strings.Join(list, " or ")
}

// documents groups snapshots.
func (s *SnapshotSearch) documents(shots []*shot) ([]*Document, []string, error) {
	joinAddresses(shots)
	hosts := map[string]bool{}
	byStem := map[string][]*shot{}
	var stems []string
	for _, one := range shots {
		if h := hostOf(one.source); h != "" {
			hosts[h] = true
		}
		if byStem[one.stem] == nil {
			stems = append(stems, one.stem)
		}
		byStem[one.stem] = append(byStem[one.stem], one)
	}
	slices.Sort(stems)
	files := make([]string, len(stems))
	for i, stem := range stems {
		files[i] = stem + ".md"
	}
	fams := families(files)
	named := make([]name, len(fams))
	for i, fam := range fams {
		named[i] = fam.name
		of := byStem[stems[anyMember(fam)]]
		if called := callIt(fam.name, of, len(hosts)); called != "" {
			named[i].stem = called
		}
	}
	told := map[string]string{}
	for i, fam := range fams {
		for _, member := range fam.members {
			for _, one := range byStem[stems[member]] {
				if slug := s.Names[one.file.Name]; slug != "" {
					told[path.Join(named[i].dir, named[i].stem)] = slug
				}
			}
		}
	}
	list, notes, err := slugs(named, func(n name) string { return told[path.Join(n.dir, n.stem)] }, s.Check)
	if err != nil {
		return nil, nil, err
	}
	var docs []*Document
	for i, fam := range fams {
		docs = append(docs, s.document(list[i], fam, stems, byStem, len(hosts) > 1))
	}
	return docs, notes, nil
}

func anyMember(f family) int {
	best := -1
	for _, i := range f.members {
		if best < 0 || i < best {
			best = i
		}
	}
	return best
}

// callIt names a document whose files are named by their dates alone, or by the
// host that they come from: after what it is, and after the host where there
// are several.
func callIt(n name, of []*shot, hosts int) string {
	stem := n.stem
	if generic[slugOf(stem)] && n.dir != "" {
		stem = path.Base(n.dir)
	}
	host := hostOf(of[0].source)
	says := stem != "index" && strings.Trim(stem, "0123456789") != "" && !strings.Contains(stem, ".")
	if host == "" || says || hosts > 1 && strings.Contains(stem, ".") && !strings.EqualFold(strings.TrimPrefix(stem, "www."), host) {
		return ""
	}
	kind := kindOf(slugOf(of[0].title))
	label, _, _ := strings.Cut(host, ".")
	switch {
	case hosts > 1 && kind != "other":
		return label + "-" + kind
	case hosts > 1:
		return label
	case kind != "other":
		return kind
	}
	return ""
}

func (s *SnapshotSearch) document(slug string, fam family, stems []string, byStem map[string][]*shot, group bool) *Document {
	d := &Document{Slug: slug}
	langs := make([]string, 0, len(fam.members))
	for lang := range fam.members {
		langs = append(langs, lang)
	}
	slices.Sort(langs) // the document's own first
	for _, lang := range langs {
		of := byStem[stems[fam.members[lang]]]
		slices.SortStableFunc(of, func(a, b *shot) int {
			return cmp.Or(a.date.Compare(b.date), a.when.Compare(b.when), strings.Compare(a.file.Name, b.file.Name))
		})
		for _, one := range of {
			d.States = append(d.States, s.state(one, lang))
		}
		if newest := of[len(of)-1]; lang == langs[0] {
			d.Language = cmp.Or(lang, newest.lang)
			d.Origin = newest.stem
			d.Title = plainTitle(newest)
			if kindOf(slug) == "other" {
				d.Kind = kindOf(slugOf(newest.title))
			}
			if group {
				d.Group = hostOf(newest.source)
			}
		}
	}
	return d
}

// plainTitle gives the name of a policy whose text does not begin with one.
func plainTitle(one *shot) string {
	if one.front.Title != "" || one.page != nil && !bytes.HasPrefix(one.page.Text, []byte("# ")) {
		return one.title
	}
	return ""
}

// state makes the state of a snapshot. Its text is read again when it is asked
// for, since a collection may be larger than a memory.
func (s *SnapshotSearch) state(one *shot, lang string) State {
	st := State{
		Lang: lang, Date: day.On(one.date), When: one.when, Basis: one.basis, Note: one.note, Updated: one.updated,
		Label: one.front.Label, Source: one.source, Archived: one.archived, Origin: one.file.Name,
		Read: func() ([]byte, error) {
			again := &shot{file: one.file}
			problem, err := s.read(again)
			if problem != nil {
				err = errors.New(problem.What) // the file was changed meanwhile
			}
			return again.text, err
		},
	}
	if one.date.IsZero() {
		st.Date = day.Date{}
	}
	if one.page != nil {
		one.page.Text, one.page.Around = one.page.Text[:min(len(one.page.Text), 2)], nil
	}
	return st
}
