// Package resolve converts a text that uses values, shared clauses, conditions,
// and tables of data to plain Markdown.
//
// Its two fundamental types are Resolver, which knows what the texts of a site may use, and
// Text, a resolved text with the position at which each of its bytes was written.
//
// # Tags
//
// A tag is between {{ and }}. There are four kinds:
//
//	{{organization.name}}                      a value
//	{{if values.eu}} ... {{else}} ... {{end}}  a condition
//	{{clause contact email="a@b.example"}}     a shared clause
//	{{table cookies columns="name, purpose"}}  a table of data
//
// Tags cannot count, repeat, or call anything, and they can read only the files of
// content/_clauses and content/_data. Resolving always ends: clauses are nested at most 8
// deep, no clause includes itself, and the resolved text has at most source.MaxSize bytes.
//
// Two opening braces that do not begin a tag are a problem with a position, not text: a
// misspelled tag must not be published. For literal braces, write a backslash before them,
// as for other signs in Markdown: \{{. The backslash stays in the resolved text, and
// Markdown removes it. Code has no tags, whether it is between backticks, fenced, or
// indented. Neither has a version with tags = "keep" in its front matter, such as an
// imported version with the tags of another program.
//
// A text without tags resolves to itself, byte for byte, and so does a resolved text.
//
// # Values
//
// The values are site.title, site.url; organization.name, .url, .address,
// .email, .phone; policy.title, policy.description; and values.NAME for those
// of the table [values] in privgen.toml or, for one policy, in its policy.toml.
// A draft also has version.effective, version.updated, and version.label. Its release
// fills them in; until then they are shown in brackets.
//
// A value is a text, a number, a day, true or false, or texts by language. A day is
// written in the long format of the language: 31 January 2026. In conditions, it is
// 2026-01-31.
//
//	[values]
//	retention = { en = "ten years", de = "zehn Jahre" }
//	sells_data = false
//
// A value is text, not Markdown. Characters that would be markup at its place are escaped,
// so that A*B* [x] appears as written. Line breaks are kept where a line can be broken; in
// a heading, a table, or the title of a link they become commas. In the URL of a link, a
// value is escaped as a URL. An empty value cannot be inserted; use a condition to test
// for it.
//
// # Conditions
//
//	{{if organization.phone}}            the value is true, or a text that is not empty
//	{{if not values.sells_data}}
//	{{if values.region is "eu"}}
//	{{if values.region is not "eu"}}
//	{{if data.cookies}}                  the table has rows
//	{{else if values.region is "uk"}}
//
// A line that has only tags of conditions is removed with its line feed.
//
// # Shared clauses
//
// A clause is content/_clauses/NAME.md; NAME.de.md is its German translation,
// which German texts use. A clause without a language in its name is in the
// site's language. Its front matter declares its parameters:
//
//	+++
//	parameters = ["email", "days"]
//	[defaults]
//	days = "thirty days"
//	+++
//	## Contact {#contact}
//
//	Write to {{email}}. We answer within {{days}}.
//
// The argument for a parameter is a text in quotation marks or the name of a value:
// email=organization.email. In a clause, parameters have their bare names. The
// parameters of the text that includes the clause are not visible in it.
//
// A clause that is alone on its line is inserted as blocks: each of its lines
// gets the prefix that its quote or list item needs. Within a line, it must be a single
// paragraph. The levels of headings are adjusted. If a clause begins with a heading, it
// begins at the level of the heading before it (at level two below a title). If it begins
// with text, its headings are one level below the heading before it.
// {{clause contact level=3}} sets the level. Ids do not change.
//
// Links in a clause are relative to the text that includes it: ../cookies.md is right
// in the folder of every policy.
//
// # Tables
//
// The file content/_data/cookies.toml has rows, and optionally the titles of
// columns, in the order in which they are shown:
//
//	markdown = ["provider"]            # columns whose cells are Markdown
//
//	[columns]
//	name      = "Name"
//	essential = { en = "Essential", de = "Notwendig" }
//
//	[[cookies]]
//	name      = "fh_session"
//	essential = true
//
// columns="name, essential" selects columns and their order, where="essential" selects
// rows (COLUMN, not COLUMN, COLUMN is TEXT, COLUMN is not TEXT), and sort="name" or
// sort="-name" sorts them. Rows with equal values keep the order of the file. A table
// without rows is a problem, unless empty="We use none." has the text for this case.
package resolve

import (
	"bytes"
	"io/fs"
	"maps"
	"slices"
	"sync"

	"github.com/privgen/privgen/internal/day"
	"github.com/privgen/privgen/internal/source"
)

// A Resolver resolves the texts of a site. It is safe for concurrent use. It reads each
// file once, when a text needs it.
type Resolver struct {
	Options

	mu      sync.Mutex
	clauses map[string]*clause
	tables  map[string]*table
}

// Options say what the texts of a site may use.
type Options struct {
	Files    fs.FS
	Clauses  string         // the folder of the shared clauses
	Data     string         // the folder of the tables
	Language string         // of clauses that have none in their name
	Values   map[string]any // by full name, such as organization.name; CheckValues must accept them

	// Date formats a day in a language. If it is nil, days are formatted as in TOML.
	Date func(d day.Day, lang string) string
}

// New returns a Resolver. The caller must not change the maps of o afterward.
func New(o Options) *Resolver {
	return &Resolver{Options: o, clauses: map[string]*clause{}, tables: map[string]*table{}}
}

// A Reader is the audience that a text is resolved for.
type Reader struct {
	Lang string         // the language of the text, a BCP 47 tag
	Own  map[string]any // values of this text; they override those of the resolver
	Keep bool           // the text has no tags: its braces are text
}

// A Text is a resolved text.
type Text struct {
	File *source.File // the front matter and plain Markdown, with the positions of what was written
	Uses []Use        // all that it depends on besides its own file; nil for a text without tags
}

// A Use is a value or file that a text depends on, or its language, with a digest.
type Use struct {
	Name string
	Sum  [32]byte
}

// HasTags reports whether resolving a text may change it or find a problem.
func HasTags(text []byte) bool { return bytes.Contains(text, []byte("{{")) }

// Resolve resolves the text of a file from an offset on, and keeps what is before it.
// The Text is nil if there are problems. The Text of a file without tags has the file
// itself.
func (s *Resolver) Resolve(f *source.File, start int, r Reader) (*Text, source.Problems) {
	if r.Keep || !HasTags(f.Text[start:]) {
		return &Text{File: f}, nil
	}
	d, problems := parse(f, start, len(f.Text))
	if !d.tags && problems == nil {
		return &Text{File: f}, nil
	}
	w := &writer{}
	w.verbatim(f, 0, start)
	e := &run{resolver: s, reader: r, w: w, start: start, uses: map[string][32]byte{}, problems: problems}
	e.use("language", []byte(r.Lang))
	e.nodes(d.nodes, &frame{doc: d})
	if w.seam && bytes.HasSuffix(w.out[start:], []byte("\n\n")) {
		w.trim(max(start, len(w.out)-1))
	}
	if w.full && len(e.problems) == 0 {
		e.problems = append(e.problems, tooLong(f, len(f.Text)))
	}
	if len(e.problems) > 0 {
		return nil, e.problems.Sort()
	}
	out := &source.File{Name: f.Name, Text: w.out, Spans: w.spans}
	if p := e.leftover(out, start); p != nil {
		return nil, source.Problems{p}
	}
	t := &Text{File: out}
	for _, name := range slices.Sorted(maps.Keys(e.uses)) {
		t.Uses = append(t.Uses, Use{name, e.uses[name]})
	}
	return t, nil
}

// Holds reports whether nothing that a text used has changed.
func (s *Resolver) Holds(uses []Use, r Reader) bool {
	for _, u := range uses {
		if s.sum(u.Name, r) != u.Sum {
			return false
		}
	}
	return true
}
