// Package record holds what was released, so that it cannot change unnoticed:
// the file privgen.lock.
//
// Its two fundamental types are Record, the file, and Entry, what it says of one
// version in one language.
//
// # The file
//
// A privgen.lock is UTF-8 text in lines that end in a line feed. Blank lines and
// lines that begin with # say nothing. The first other line is
//
//	format 1
//
// and every other line is one fact, complete in itself: words with one space
// between them. Three words name a version and its language, the fourth says
// what the fact is, and then come fields, name=value, each at most once. A value
// is a word without spaces and quotes, or a JSON string. Here a fact stands on
// several lines, to be read; in the file each is one line.
//
//	privacy 2026-01-01 en-GB released effective=2026-01-01 updated=2025-12-15
//	    label="3.2" address=privacy/2026-01-01/ sha256=9d0…(64 hex digits)
//	    clauses=1f0a:41,77c3:118
//	privacy 2026-01-01 en-GB corrected day=2026-02-03 was=4be…(64 hex digits)
//	    reason="The telephone number had two digits swapped."
//
// released: effective and updated are the stamp, as every page shows it;
// published, withdrawn and label are there when the front matter has them;
// reason says why it was released sooner than the policy's notice period.
// address is the permalink below the address of the site. sha256 is the digest
// of the text, clauses what helps to name what changed.
//
// corrected: on that day the text or the stamp was corrected, and was is the
// digest that it had until then. The released fact has what holds now. When the
// stamp was corrected, the fields effective-was, updated-was, published-was,
// withdrawn-was and label-was hold what changed in it, "-" what was not there.
//
// Facts are written in the order of policy, version (see policy.CompareIDs),
// language, released before corrected, corrected by day; there is a blank line
// between policies. They may be read in any order: two branches that released
// versions of different policies merge by themselves, of the same policy by
// keeping the lines of both sides, which is what git does alone when
// .gitattributes says "privgen.lock merge=union". What a merge may have broken
// (its marks, two facts where there can be one) is a problem with a place.
//
// # The digest
//
// What is digested is the text after the front matter, resolved (templated
// drafts are resolved when they are released), in its normal form:
//
//  1. UTF-8, without a byte order mark
//  2. line ends are line feeds: a CR LF or a CR becomes LF
//  3. blank lines (nothing but spaces and tabs) before the first other are gone
//  4. spaces, tabs and line feeds at the end are gone, then comes one line feed
//  5. Unicode Normalization Form C (UAX #15)
//
// and the digest is SHA-256 (FIPS 180-4), in lower case hexadecimal. The front
// matter is not digested: its dates and label stand in the record themselves, and
// a summary may be added later. The file index.md beside a version's page is the
// text in its normal form, so whoever has the record can check what a site
// shows with nothing but standard tools:
//
//	curl -s https://legal.example/privacy/2026-01-01/index.md | sha256sum
//
// prints the sha256 of the fact whose address is privacy/2026-01-01/.
// testdata/vectors.txt has texts with their digests.
//
// # Clauses
//
// The old words are not in the record. That a refusal can still name the clause
// and count its words, there is a short print of every clause: the first four
// digits of the SHA-256 of its normal form, a colon, and how many words it has
// (as redlines count them, Unicode's word boundaries). A clause is a heading and
// what follows up to the next one; what stands before the first is the first
// clause, if it is not blank. Nothing is judged by a print: it only words what
// the digest has found.
package record

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"github.com/privgen/privgen/internal/day"
	"github.com/privgen/privgen/internal/policy"
	"github.com/privgen/privgen/internal/source"
)

// File is the name of the record in a site's folder.
const File = "privgen.lock"

// format is the format of the file that this package writes, and the newest it
// reads.
const format = 1

// A Record is what was released. The zero Record is empty and ready. It is not
// safe for several goroutines while it is changed.
type Record struct {
	entries map[Key]*Entry
}

// A Key names a version in a language.
type Key struct {
	Policy  string // the slug under which it was released
	Version string // id
	Lang    string // BCP 47 tag
}

func (k Key) String() string { return k.Policy + " " + k.Version + " (" + k.Lang + ")" }

// An Entry is what the record says of a version in one language.
type Entry struct {
	Key
	Stamp
	Address string   // of the permalink, below that of the site: privacy/2026-01-01/
	Digest  [32]byte // SHA-256 of the text in its normal form
	Reason  string   // why it was released sooner than the notice period, or empty

	Corrections []Correction // by day

	clauses string // the prints of its clauses, as the file has them: they are read when something is wrong
	line    int    // of the file it was read from, from 1; 0 when it is new
}

// A Stamp is what a version says of itself that must not change unnoticed.
type Stamp struct {
	Effective day.Date
	Updated   day.Day // as pages show it: never zero
	Published day.Date
	Withdrawn day.Day
	Label     string
}

// A Correction is an editorial correction of what was released.
type Correction struct {
	Day    day.Day
	Reason string
	Was    [32]byte // the digest until then
	Stamp  []Moved  // what changed in the stamp
	line   int
}

// A Moved is a change of a field of a stamp.
type Moved struct{ Field, Was, Is string }

// fields gives the stamp as words: a field that is not there is empty.
func (s *Stamp) fields() []Moved {
	return []Moved{
		{Field: "effective", Is: s.Effective.String()},
		{Field: "updated", Is: s.Updated.String()},
		{Field: "published", Is: s.Published.String()},
		{Field: "withdrawn", Is: s.Withdrawn.String()},
		{Field: "label", Is: s.Label},
	}
}

// Since gives what changed in the stamp since another.
func (s *Stamp) Since(old *Stamp) []Moved {
	var out []Moved
	was := old.fields()
	for i, f := range s.fields() {
		if f.Is != was[i].Is {
			out = append(out, Moved{f.Field, was[i].Is, f.Is})
		}
	}
	return out
}

// Len gives the number of entries.
func (r *Record) Len() int {
	if r == nil {
		return 0
	}
	return len(r.entries)
}

// Entries gives the entries in the order in which they are written.
func (r *Record) Entries() []*Entry {
	if r == nil {
		return nil
	}
	out := make([]*Entry, 0, len(r.entries))
	for _, e := range r.entries {
		out = append(out, e)
	}
	slices.SortFunc(out, func(a, b *Entry) int { return compareKeys(a.Key, b.Key) })
	return out
}

func compareKeys(a, b Key) int {
	return cmp.Or(strings.Compare(a.Policy, b.Policy), policy.CompareIDs(a.Version, b.Version), strings.Compare(a.Lang, b.Lang))
}

// Find gives the entry of a text, also when its policy had another name then;
// nil when the text is not in the record.
func (r *Record) Find(t *policy.Text) *Entry {
	if r.Len() == 0 {
		return nil
	}
	p := t.Version.Policy
	if e := r.entries[Key{p.Slug, t.Version.ID, t.Lang}]; e != nil {
		return e
	}
	for _, slug := range slices.Backward(p.Settings.Formerly) {
		if e := r.entries[Key{slug, t.Version.ID, t.Lang}]; e != nil {
			return e
		}
	}
	return nil
}

// Add takes in an entry. It panics when there is one for the same text: what was
// released is corrected, never released again.
func (r *Record) Add(e *Entry) {
	if r.entries == nil {
		r.entries = map[Key]*Entry{}
	}
	if r.entries[e.Key] != nil {
		panic("privgen: internal error: released twice: " + e.Key.String())
	}
	r.entries[e.Key] = e
}

// SetClauses gives the entry the prints of a text's clauses.
func (e *Entry) SetClauses(prints []Print) { e.clauses = formatPrints(prints) }

// Clauses gives the prints of the clauses, in order.
func (e *Entry) Clauses() []Print {
	prints, _ := parsePrints(e.clauses)
	return prints
}

// Correct puts what holds now in the place of what was released, and remembers
// what was. It is false when there is nothing to correct.
func (e *Entry) Correct(now *Entry, on day.Day, reason string) bool {
	c := Correction{Day: on, Reason: reason, Was: e.Digest, Stamp: now.Since(&e.Stamp)}
	if c.Was == now.Digest && len(c.Stamp) == 0 {
		return false
	}
	e.Stamp, e.Digest, e.clauses = now.Stamp, now.Digest, now.clauses
	e.Corrections = append(e.Corrections, c)
	return true
}

// at is the place of an entry.
func (e *Entry) at() source.Pos { return source.Pos{File: File, Line: max(1, e.line), Col: 1} }

func place(line int) string { return fmt.Sprintf("line %d", line) }
