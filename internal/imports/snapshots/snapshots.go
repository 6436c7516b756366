// Package snapshots reads files that each hold a past text of a document: Markdown
// files and saved web pages.
//
// Its two fundamental types are File, a snapshot to read, and Found, the documents
// that snapshots make.
//
// # What belongs together
//
// Snapshots are states of one document if their paths differ only in dates and in
// the extension, or if they come from one URL. A language in a name marks a
// translation, as package naming describes.
//
// # Dates
//
// The date of a snapshot is the first of these that is known: the version's date
// on a page that privgen made; the effective date in the front matter; the day on
// which the Wayback Machine took it; the date in the front matter; a date in the
// file's name or its folders; the date that the text states; the last update in
// the front matter or in the head of a page; the date that the user gave. For saved
// pages, the date that the text states comes second. If a name has only a month,
// a date that the text states in that month comes before it. A file without any
// date is a problem if no file has one.
package snapshots

import (
	"bytes"
	"cmp"
	"context"
	"errors"
	"fmt"
	"path"
	"strings"
	"time"

	"github.com/privgen/privgen/internal/day"
	"github.com/privgen/privgen/internal/imports/history"
	"github.com/privgen/privgen/internal/imports/textfile"
	"github.com/privgen/privgen/internal/imports/webpage"
	"github.com/privgen/privgen/internal/lang"
	"github.com/privgen/privgen/internal/source"
)

// A File is a snapshot to read.
type File struct {
	Name string // its path, with forward slashes; in a folder that the user named, it begins with that folder's name
	Size int64
	Read func() ([]byte, error) // may be called several times
}

// A Search configures how snapshots are read.
type Search struct {
	Pages    bool              // the files are saved pages, whose own dates come first
	Page     webpage.Options   // for files that are HTML
	Headings bool              // lines that are headings except for their markup become headings
	Lines    bool              // no line becomes a heading
	When     day.Day           // the date of files without a date; may be zero
	Language string            // the site's, for numeric dates; may be empty
	As       string            // the slug of the one policy to which all files belong; may be empty
	Names    map[string]string // slugs that the user chose, by path
	Check    func(slug string) *source.Problem
	Progress func(doing string, done, total int) // may be nil
}

// A Found has the documents that snapshots make.
type Found struct {
	Documents []*history.Document
	Notes     []history.Note
	Problems  source.Problems // files that could not be read or lost words; all that could be read are documents
	paths     map[string]bool
	made      []string // lines that became headings
}

// Named reports whether a file is part of a document.
func (f *Found) Named(file string) bool { return f.paths[file] }

// Find reads snapshots and groups them into documents. The error is a
// *source.Problem of a slug that the user chose, or that of the context.
func Find(ctx context.Context, files []File, s Search) (*Found, error) {
	f := &Found{paths: map[string]bool{}}
	var shots []*snapshot
	for i, file := range files {
		if s.Progress != nil {
			s.Progress("reading file", i, len(files))
		}
		if err := ctx.Err(); err != nil {
			return nil, err
		}
		one, problem := s.open(file)
		if problem != nil {
			f.Problems = append(f.Problems, problem)
			continue
		}
		f.note(one)
		shots = append(shots, one)
	}
	f.noteAll(shots, s)
	docs, notes, err := s.documents(shots)
	if err != nil {
		return nil, err
	}
	var undated []string
	for _, one := range shots {
		f.paths[one.file.Name] = true
		if one.date.IsZero() {
			undated = append(undated, one.file.Name)
		}
	}
	f.Notes = append(f.Notes, notes...)
	if len(undated) == len(shots) {
		for _, name := range undated {
			f.Problems = append(f.Problems, source.NewProblem(source.In(name), "no-date", "the text has no date",
				"add it: --effective 2026-01-31; or put the day into the file's name"))
		}
		return f, nil
	}
	if undated != nil {
		f.Notes = append(f.Notes, history.Note{Decide: true, Files: undated,
			Text: "not imported, because no date is known; to use one for all of them: --effective DAY; " +
				"or put the day into the file's name"})
	}
	f.Documents = docs
	return f, nil
}

// noteAll adds notes about all snapshots together.
func (f *Found) noteAll(shots []*snapshot, s Search) {
	links, likely, lost, images := 0, 0, 0, 0
	for _, one := range shots {
		links += one.links
		likely += one.likely
		if one.page != nil {
			lost += one.page.Links
			images += one.page.Images
		}
	}
	if links > 0 {
		f.addNote(false, "%s into the Wayback Machine replaced with original URLs", source.Count(links, "link"))
	}
	if likely > 0 && !s.Lines {
		f.addNote(true, "lines that look like headings and stay as they are: %d; to make headings of them: --headings",
			likely)
	}
	if len(f.made) > 0 {
		n := history.Note{Text: "lines that became headings", Files: f.made, Decide: !s.Headings}
		if n.Decide {
			n.Text += ", since each short line is above a paragraph; to keep lines, add --lines"
		}
		f.Notes = append(f.Notes, n)
	}
	if lost > 0 {
		f.addNote(false, "%s removed that have no URL, or one that a page must not have; their words stay",
			source.Count(lost, "link"))
	}
	if images > 0 {
		f.addNote(false, "%s without words left out", source.Count(images, "image"))
	}
}

func (f *Found) addNote(decide bool, format string, args ...any) {
	f.Notes = append(f.Notes, history.Note{Text: fmt.Sprintf(format, args...), Decide: decide})
}

// note adds notes about one snapshot that its reader may want to check.
func (f *Found) note(one *snapshot) {
	if one.page != nil {
		n := history.Note{Text: fmt.Sprintf("%s: the text is %s", one.file.Name, one.page.Found)}
		if len(one.page.Dropped) > 0 {
			n.Text += "; left out:"
			for _, d := range one.page.Dropped {
				n.Files = append(n.Files, d.String())
			}
		}
		f.Notes = append(f.Notes, n)
		if lost := one.page.Lost(); lost != "" {
			f.Problems = append(f.Problems, source.NewProblem(source.In(one.file.Name), "lost-text",
				"the version does not have all words of the page's text: "+lost,
				"compare the version with the page and add the missing words, or choose the element with --select"))
		}
	}
	for _, m := range one.made {
		f.made = append(f.made,
			fmt.Sprintf("%s:%d: %s %s", one.file.Name, m.line, strings.Repeat("#", m.level), m.title))
	}
	for _, n := range one.notes {
		f.addNote(false, "%s: %s", one.file.Name, n)
	}
}

// A snapshot has the known facts about a file.
type snapshot struct {
	file     File
	date     day.Day
	when     time.Time // the instant, if the date is that of the Wayback Machine
	basis    history.Basis
	note     string // about the date
	updated  day.Day
	source   string
	archived string
	front    textfile.FrontMatter
	lang     string
	title    string
	stem     string // the file's path without dates; snapshots of one document share it
	text     []byte // nil after the file was examined
	links    int    // links that were changed back from the Wayback Machine
	made     []madeHeading
	likely   int           // the number of lines that --headings would make headings
	page     *webpage.Page // nil for Markdown
	notes    []string
	quoted   bool // the text begins with a quote that says where it was extracted from
}

// open reads and examines one file. It keeps no text: all texts may not fit into
// memory.
func (s *Search) open(file File) (*snapshot, *source.Problem) {
	if isWebPage(file.Name, nil) {
		if file.Size > webpage.MaxSize {
			return nil, webpage.TooLarge(file.Name, file.Size)
		}
	} else if file.Size > source.MaxSize {
		return nil, source.TooLarge(file.Name, file.Size)
	}
	one := &snapshot{file: file}
	if problem := s.read(one); problem != nil {
		return nil, problem
	}
	s.findDate(one)
	one.text = nil
	if one.page != nil {
		one.page.Text, one.page.Around = bytes.Clone(one.page.Text[:min(len(one.page.Text), 2)]), nil
	}
	return one, nil
}

// read reads the text of a snapshot, its front matter, and its source.
func (s *Search) read(one *snapshot) *source.Problem {
	raw, err := one.file.Read()
	if err != nil {
		return source.ReadProblem(one.file.Name, err)
	}
	one.stem = withoutDate(one.file.Name)
	if isWebPage(one.file.Name, raw) {
		front, rest := textfile.Split(bytes.TrimPrefix(raw, []byte("\uFEFF")))
		if front != (textfile.FrontMatter{}) {
			one.front, raw = front, rest
		}
		p, problem := webpage.Read(one.file.Name, raw, s.Page)
		if problem != nil {
			return problem
		}
		one.page, one.text, one.lang = p, p.Text, cmp.Or(one.front.Language, lang.Tag(p.Lang))
		one.title = cmp.Or(one.front.Title, p.Title)
		one.source, one.archived, one.links = p.Address, p.Archived, p.Led
	} else if problem := one.readMarkdown(raw); problem != nil {
		return problem
	}
	if one.page != nil && !s.Headings {
		return nil
	}
	text, made := makeHeadings(one.text)
	switch extracted := one.quoted || strings.EqualFold(path.Ext(one.file.Name), ".txt"); {
	case s.Headings, extracted && !s.Lines && isRegular(one.text, made):
		one.text, one.made = text, made
	default:
		one.likely = len(made)
	}
	return nil
}

func (one *snapshot) readMarkdown(raw []byte) *source.Problem {
	text, from, err := textfile.Decode(raw)
	if err != nil {
		if _, problem := source.Parse(one.file.Name, raw); problem != nil {
			return problem
		}
		note := err.Error()
		if unfit := (*textfile.Unfit)(nil); errors.As(err, &unfit) {
			note = unfit.Note
		}
		return source.NewProblem(source.In(one.file.Name), "not-text", note, "save it as UTF-8 text, or leave it out")
	}
	if from != "" {
		one.notes = append(one.notes, "its text was "+from)
	}
	one.front, text = textfile.Split(text)
	one.lang, one.title, one.source = one.front.Language, one.front.Title, one.front.Source
	var dialect string
	if text, dialect = textfile.Plain(text, strings.HasSuffix(strings.ToLower(one.file.Name), ".mdx")); dialect != "" {
		one.notes = append(one.notes, "its text was converted from "+dialect)
	}
	text = one.takeQuote(text)
	one.text, one.links = restoreLinks(text)
	one.title = cmp.Or(one.title, firstTitle(one.text))
	if a, ok := webpage.ParseWayback(one.source); ok {
		one.source, one.archived = a.Original, cmp.Or(one.archived, one.source)
	}
	return nil
}

// firstTitle returns the heading of level 1 at the start of a text, or "".
func firstTitle(text []byte) string {
	blocks := splitBlocks(text[:min(len(text), 2000)])
	if len(blocks) > 0 && blocks[0].level == 1 {
		return strings.TrimSpace(strings.TrimLeft(blocks[0].line, "#"))
	}
	return ""
}

// state returns a snapshot as the state of a document. Its text is read again each
// time.
func (s *Search) state(one *snapshot, language string) history.State {
	st := history.State{
		Lang: language, When: one.when, Basis: one.basis, Dated: one.basis != bySnapshot,
		Note: one.note, Updated: one.updated,
		Label: one.front.Label, Source: one.source, Archived: one.archived, Origin: one.file.Name,
		Read: func() ([]byte, error) {
			again := &snapshot{file: one.file}
			if problem := s.read(again); problem != nil {
				return nil, errors.New(problem.What) // the file changed meanwhile
			}
			return again.text, nil
		},
	}
	if !one.date.IsZero() {
		st.Date = day.On(one.date)
	}
	return st
}
