// Package record has the lock file, privgen.lock. It records what was released, so that it
// cannot change unnoticed.
//
// Its two fundamental types are Record, the file, and Entry, what it records about one
// version in one language.
//
// # The file
//
// A privgen.lock is UTF-8 text in lines that end in a line feed. Blank lines and
// lines that begin with # are comments. The first other line is
//
//	format 2
//
// and every other line is one complete fact: words with one space between them.
// Three words name a version and its language, and the fourth names the kind of
// fact. Fields follow, name=value, each at most once. A value is a word without
// spaces and quotes, a JSON string, or a JSON array of strings. Here a fact is
// divided into several lines; in the file it is one line.
//
//	privacy 2026-01-01 en-GB released on=2025-12-16 effective=2026-01-01
//	    updated=2025-12-15 label="3.2" material=true summary="Ten years, not six."
//	    files=["img/flow.png 77c3…(64 hex digits)"] address=privacy/2026-01-01/
//	    sha256=9d0…(64 hex digits) reads=5b1…(32 hex digits) clauses=1f0a:41,77c3:118
//	    after=51b…(64 hex digits) sum=e02…(64 hex digits)
//	privacy 2026-01-01 en-GB corrected on=2026-02-03 of=e02…
//	    reason="The telephone number had two digits swapped." effective=…
//
// Facts are only added. A fact that was written is never changed or removed.
//
// released: the version was recorded on the day in on. effective and updated are the dates
// that every page shows. published, withdrawn, label, summary, changes, material,
// generated, source, archived, commit, dated, and aliases exist if the front matter has
// them. files names the files that the text shows or links to, each with its SHA-256.
// reason says why the version was released before the policy's notice period ended.
// address is the path of the permalink, relative to the URL of the site. sha256 is the
// digest of the text, reads identifies what its readers see, and clauses helps to name
// what changed.
//
// corrected: the version was corrected on the day in on. of is the sum of the fact that it
// corrects. reason is that of the correction. All other fields are those of released,
// after the correction. The earlier text is kept in the file that EarlierFile names.
//
// removed: the version was removed from the site on the day in on, for the reason in
// reason. of is the sum of the fact that was valid until then.
//
// policy and site: what readers see besides the texts (titles, organization, the day on
// which a policy ends), as of the day in on. The version and the language are "-", and the
// policy is "-" for the site. These facts may change; a site is compared with the last one.
//
// by, instead of on or beside it, is in facts that were upgraded from format 1, which did
// not record that day. The fact was recorded on that day or before. Fields that format 1
// did not have are as of that day.
//
// # The chain
//
// sum is the SHA-256 of the bytes of the line before " sum=". after has the sums of the
// facts that no other fact followed when this one was written: one, several after a merge,
// or none in the first fact. So every fact confirms all facts that were recorded before
// it. A fact that was altered or removed is found (altered-record, lost-record), unless it
// and all later facts were rewritten. docs/record.md explains what this proves.
//
// The order of lines has no meaning. A new fact is written below those of the same policy.
// To merge two branches that recorded facts, keep the lines of both sides; git does this
// if .gitattributes has "privgen.lock merge=union". The next fact then has both ends of
// the chain in its after.
//
// # The digest
//
// The digest is that of the text after the front matter, with its tags resolved (a release
// resolves the draft), in its normal form:
//
//  1. UTF-8, without a byte order mark
//  2. line ends are line feeds: a CR LF or a CR becomes LF
//  3. blank lines (only spaces and tabs) before the first other line are removed
//  4. spaces, tabs, and line feeds at the end are replaced by one line feed
//  5. Unicode Normalization Form C (UAX #15)
//
// The digest is SHA-256 (FIPS 180-4), in lower-case hexadecimal. The file index.md beside a
// version's page has the text in its normal form, below a head that is not part of the
// digest. So anyone who has the lock file can check a site with standard tools:
//
//	curl -s https://legal.example/privacy/2026-01-01/index.md | sed '1,/^---$/d' | sha256sum
//
// prints the sha256 of the last fact whose address is privacy/2026-01-01/, if the lines of
// the source were not reflowed since. testdata/vectors.txt has texts with their digests.
//
// # The reading
//
// A text with another digest is the same text if its reads are the same, see
// markdown.Same. It then keeps the recorded digest. Facts that were recorded
// before reads existed have only the digest.
//
// # Clauses
//
// The record does not have the old words. To name the changed clause and count its words,
// it has a short print of every clause: the first four digits of the SHA-256 of its normal
// form, a colon, and its number of words (as redlines count them, by Unicode's word
// boundaries). A clause is a heading and the text up to the next heading; text before the
// first heading is the first clause, if it is not blank. Prints only help to describe a
// difference that the digest found.
package record

import (
	"cmp"
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"

	"github.com/privgen/privgen/internal/day"
	"github.com/privgen/privgen/internal/policy"
	"github.com/privgen/privgen/internal/source"
)

// File is the name of the record in a site's folder.
const File = "privgen.lock"

// format is the format that this package writes, and the newest that it reads.
const format = 2

// A Record is the content of a lock file. The zero Record is empty and ready to use.
// No other goroutine may use it while it is changed.
type Record struct {
	entries  map[Key]*Entry
	bases    map[Key][]*Entry   // by the base of their language: en for en-GB
	settings map[string][]Field // as recorded last, by policy, "-" for the site
	chain    chain
	first    map[string]day.Day // the first day on which a version was recorded, by policy
	newest   day.Day            // the last day on which anything was recorded
	old      bool               // the file has format 1
}

// A Key names a version in a language.
type Key struct {
	Policy  string // the slug under which it was released
	Version string // id
	Lang    string // BCP 47 tag
}

func (k Key) String() string { return k.Policy + " " + k.Version + " (" + k.Lang + ")" }

// An Entry is what was recorded about a version in one language.
type Entry struct {
	Key
	Stamp
	Address string   // path of the permalink, relative to the URL of the site: privacy/2026-01-01/
	Digest  [32]byte // SHA-256 of the text in its normal form
	Reads   string   // digest of what readers see, see markdown.Body.Reading; empty if it was not recorded
	Reason  string   // why it was released before the notice period ended, or empty
	On      day.Day  // when it was recorded; zero if that is not known
	By      day.Day  // when it was recorded at the latest, if On is zero

	Corrections []Correction // the oldest first
	Removed     *Removal     // nil while it is on the site

	clauses string   // the prints of its clauses as the file has them, which are parsed only for messages
	line    int      // in the file, from 1; 0 if it is new
	sums    []string // of the facts that are valid now: one, or those of branches that recorded the same
	first   []string // of the facts that released it
}

// A Correction is an editorial correction of a released version.
type Correction struct {
	Day    day.Day
	Reason string
	Was    [32]byte // the digest before
	Is     [32]byte // and after
	Stamp  []Moved  // what changed in the stamp
	Lost   bool     // the earlier text was not kept, because the correction is older than format 2
}

// A Removal records that a version was removed from the site.
type Removal struct {
	Day    day.Day
	Reason string
}

// Len returns the number of entries.
func (r *Record) Len() int {
	if r == nil {
		return 0
	}
	return len(r.entries)
}

// Old reports whether the file has format 1, which has no chain and protects
// less. Such a record must not be changed; Upgrade converts it.
func (r *Record) Old() bool { return r != nil && r.old }

// Newest returns the last day on which anything was recorded, or the zero Day.
func (r *Record) Newest() day.Day {
	if r == nil {
		return day.Day{}
	}
	return r.newest
}

// Entries returns the entries by policy, version and language.
func (r *Record) Entries() []*Entry {
	if r == nil {
		return nil
	}
	return slices.SortedFunc(maps.Values(r.entries), func(a, b *Entry) int {
		return cmp.Or(strings.Compare(a.Policy, b.Policy), policy.CompareIDs(a.Version, b.Version),
			strings.Compare(a.Lang, b.Lang))
	})
}

// Find returns the entry of a text, or nil. It finds texts that were recorded under
// a former name of their policy, or with another region of their language.
func (r *Record) Find(t *policy.Text) *Entry {
	if r.Len() == 0 {
		return nil
	}
	p := t.Version.Policy
	if e := r.find(p.Slug, t); e != nil {
		return e
	}
	for _, slug := range slices.Backward(p.Settings.Formerly) {
		if e := r.find(slug, t); e != nil {
			return e
		}
	}
	return nil
}

// find returns the entry of a text that was recorded under a slug, or nil. Its language
// may have had another region or script: en-GB for en. But the entry must not be that of
// another text of the version.
func (r *Record) find(slug string, t *policy.Text) *Entry {
	k := Key{slug, t.Version.ID, t.Lang}
	if e := r.entries[k]; e != nil {
		return e
	}
	for _, e := range r.bases[baseKey(k)] {
		if t.Version.In(e.Lang) == nil {
			return e
		}
	}
	return nil
}

func baseKey(k Key) Key {
	k.Lang, _, _ = strings.Cut(strings.ToLower(k.Lang), "-")
	return k
}

func (r *Record) put(e *Entry) {
	if r.entries == nil {
		r.entries, r.bases, r.first = map[Key]*Entry{}, map[Key][]*Entry{}, map[string]day.Day{}
	}
	r.entries[e.Key] = e
	k := baseKey(e.Key)
	r.bases[k] = append(r.bases[k], e)
	on := cmp.Or(e.On, e.By)
	if first, ok := r.first[e.Policy]; !ok || on.Compare(first) < 0 {
		r.first[e.Policy] = on
	}
	r.seen(on)
}

// seen updates newest for a day on which something was recorded.
func (r *Record) seen(d day.Day) {
	if d.Compare(r.newest) > 0 {
		r.newest = d
	}
}

// Add records an entry on a day. It panics if the text has an entry: a released
// text is corrected, never released again.
func (r *Record) Add(e *Entry, on day.Day) {
	if r.entries[e.Key] != nil {
		panic("privgen: internal error: released twice: " + e.Key.String())
	}
	e.On = on
	r.put(e)
	r.release(e)
}

func (r *Record) release(e *Entry) {
	fields := []Field{{"on", e.On.String()}, {"by", e.By.String()}, {"reason", e.Reason}}
	r.write(e, "released", append(fields, e.snapshot()...))
}

// Correct records on a day that now replaces the text and the stamp of e, and updates
// e. It reports false if nothing changes.
func (r *Record) Correct(e, now *Entry, on day.Day, reason string) bool {
	return r.correct(e, now, Correction{Day: on, Reason: reason}, day.Day{})
}

func (r *Record) correct(e, now *Entry, c Correction, by day.Day) bool {
	c.Was, c.Is, c.Stamp, c.Lost = e.Digest, now.Digest, now.Since(&e.Stamp), !by.IsZero()
	if c.Was == c.Is && len(c.Stamp) == 0 {
		return false
	}
	e.Stamp, e.Digest, e.Reads, e.clauses = now.Stamp, now.Digest, now.Reads, now.clauses
	e.Corrections = append(e.Corrections, c)
	r.seen(c.Day)
	fields := []Field{{"on", c.Day.String()}, {"by", by.String()}, {"of", e.sums[0]}, {"reason", c.Reason}}
	r.write(e, "corrected", append(fields, e.snapshot()...))
	return true
}

// Remove records on a day that a text was removed from the site.
func (r *Record) Remove(e *Entry, on day.Day, reason string) {
	e.Removed = &Removal{on, reason}
	r.seen(on)
	r.write(e, "removed", []Field{{"on", on.String()}, {"of", e.sums[0]}, {"reason", reason}})
}

func (r *Record) write(e *Entry, kind string, fields []Field) {
	e.sums = []string{r.chain.add(e.Key, kind, fields)}
}

// snapshot returns the fields that describe a text in a fact.
func (e *Entry) snapshot() []Field {
	return append(e.Stamp.fields(), Field{"address", e.Address}, Field{"sha256", fmt.Sprintf("%x", e.Digest)},
		Field{"reads", e.Reads}, Field{"clauses", e.clauses})
}

// SetClauses sets the prints of a text's clauses.
func (e *Entry) SetClauses(prints []Print) { e.clauses = formatPrints(prints) }

// Clauses returns the prints of the clauses, in order.
func (e *Entry) Clauses() []Print { return parsePrints(e.clauses) }

// Late returns the day on which a text was recorded, if the text had taken effect
// before and other texts of the policy were recorded earlier. Otherwise it reports
// false.
func (r *Record) Late(t *policy.Text, zone *time.Location) (day.Day, bool) {
	e := r.Find(t)
	if e == nil || e.On.IsZero() || e.On.Compare(e.Effective.In(zone)) <= 0 {
		return day.Day{}, false
	}
	if first, _ := begun(r.first, t.Version.Policy); first.Compare(e.On) >= 0 {
		return day.Day{}, false
	}
	return e.On, true
}

// begun returns the first day on which a version of a policy was recorded, under any of
// its names. byName has the first day of each name.
func begun(byName map[string]day.Day, p *policy.Policy) (first day.Day, ok bool) {
	for _, slug := range append([]string{p.Slug}, p.Settings.Formerly...) {
		if d, has := byName[slug]; has && (!ok || d.Compare(first) < 0) {
			first, ok = d, true
		}
	}
	return first, ok
}

// at is the position of an entry.
func (e *Entry) at() source.Pos { return source.Pos{File: File, Line: max(1, e.line), Col: 1} }

func place(line int) string { return fmt.Sprintf("line %d", line) }
