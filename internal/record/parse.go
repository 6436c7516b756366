package record

import (
	"bytes"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/privgen/privgen/internal/day"
	"github.com/privgen/privgen/internal/source"
)

// Parse reads a record, strictly. With problems, the record is nil.
func Parse(raw []byte) (*Record, source.Problems) {
	p := &parser{record: &Record{entries: make(map[Key]*Entry, bytes.Count(raw, []byte("\n")))}}
	if !utf8.Valid(raw) {
		p.problem(1, "bad-record", "the record is not UTF-8 text", restore)
		return nil, p.problems
	}
	text := strings.TrimPrefix(string(raw), "\uFEFF")
	n := 0
	for line := range strings.Lines(text) {
		n++
		line = strings.TrimRight(line, "\r\n")
		if line == "" || line[0] == '#' {
			continue
		}
		if !p.line(n, line) {
			break
		}
	}
	if !p.known && len(p.problems) == 0 {
		p.problem(1, "bad-record", "the record does not say its format", restore)
	}
	p.attach()
	if len(p.problems) > 0 {
		return nil, p.problems.Sort()
	}
	return p.record, nil
}

const restore = "put back the file as it was committed: git checkout " + File

// A parser is the state of one Parse.
type parser struct {
	record      *Record
	corrections []entryCorrection
	problems    source.Problems
	known       bool         // the format was said
	list        []fieldValue // of the last fact, to be used again
	merge       bool         // a mark of a merge was found
}

type entryCorrection struct {
	key Key
	c   Correction
}

func (p *parser) problem(line int, code, what, do string) {
	p.problems = append(p.problems, source.NewProblem(source.Pos{File: File, Line: line, Col: 1}, code, what, do))
}

// line reads a line. It is false when nothing that follows can be read.
func (p *parser) line(n int, line string) bool {
	if marks(line) {
		if !p.merge {
			p.problem(n, "unmerged-record", "a merge was begun here and not finished",
				"keep the lines of both sides: remove the lines that begin with <<<<<<<, =======, ||||||| and >>>>>>>;\nto have git do that by itself, write to .gitattributes: "+File+" merge=union")
		}
		p.merge = true
		return true
	}
	if version, ok := strings.CutPrefix(line, "format "); ok && !p.known {
		p.known = true
		if f, err := strconv.Atoi(version); err == nil && f > format {
			p.problem(n, "newer-record", fmt.Sprintf("the record is of format %d; this privgen reads format %d", f, format),
				"use the privgen that wrote it, or a newer one")
			return false
		}
		if version != strconv.Itoa(format) {
			p.problem(n, "bad-record", fmt.Sprintf("there is no format %q", version), restore)
			return false
		}
		return true
	}
	if !p.known {
		p.problem(n, "bad-record", "the record does not begin with its format", restore)
		return false
	}
	if why := p.fact(n, line); why != "" {
		p.problem(n, "bad-record", why, restore)
	}
	return len(p.problems) < 20
}

// marks tells the lines that an unfinished merge leaves.
func marks(line string) bool {
	for _, m := range []string{"<<<<<<<", "=======", ">>>>>>>", "|||||||"} {
		if strings.HasPrefix(line, m) {
			return true
		}
	}
	return false
}

// fact reads a fact, and says what is wrong with it, if anything.
func (p *parser) fact(n int, line string) string {
	var word [4]string
	rest := line
	for i := range word {
		var ok bool
		word[i], rest, ok = strings.Cut(rest, " ")
		if word[i] == "" || !ok {
			return "this is no fact: it has to begin with a policy, a version, a language and released or corrected"
		}
	}
	key := Key{word[0], word[1], word[2]}
	f := fields{rest: rest, list: p.list[:0]}
	for f.next() {
	}
	p.list = f.list
	if f.why != "" {
		return f.why
	}
	switch word[3] {
	case "released":
		e := &Entry{Key: key, line: n}
		f.released(e)
		if f.why == "" {
			f.leftover()
		}
		if old := p.record.entries[key]; old != nil && f.why == "" {
			p.problem(n, "duplicate-record", fmt.Sprintf("%v is released in %s already", key, place(old.line)),
				"remove the line that is not right; if both branches released the version, with the same text, either will do;\nelse rename the file of one of them")
			return ""
		}
		p.record.entries[key] = e
	case "corrected":
		c := Correction{line: n}
		f.corrected(&c)
		if f.why == "" {
			f.leftover()
		}
		p.corrections = append(p.corrections, entryCorrection{key, c})
	default:
		return fmt.Sprintf("%q is neither released nor corrected", word[3])
	}
	return f.why
}

// attach gives the corrections to their entries.
func (p *parser) attach() {
	for _, c := range p.corrections {
		e := p.record.entries[c.key]
		if e == nil {
			if len(p.problems) == 0 {
				p.problem(c.c.line, "bad-record", fmt.Sprintf("%v is corrected and was never released", c.key), restore)
			}
			continue
		}
		e.Corrections = append(e.Corrections, c.c)
	}
	for _, e := range p.record.entries {
		if len(e.Corrections) > 1 {
			slices.SortStableFunc(e.Corrections, func(a, b Correction) int { return a.Day.Compare(b.Day) })
		}
	}
}

// fields are the fields of a fact, in the order in which they stand.
type fields struct {
	rest string
	list []fieldValue
	why  string // what is wrong, or empty
}

type fieldValue struct{ name, value string }

// next reads a field. It is false at the end, and when something is wrong.
func (f *fields) next() bool {
	if f.rest == "" {
		return false
	}
	name, rest, ok := strings.Cut(f.rest, "=")
	if !ok || name == "" || strings.Contains(name, " ") {
		f.why = fmt.Sprintf("%q is no field: name=value", cut(f.rest))
		return false
	}
	var value string
	if strings.HasPrefix(rest, `"`) {
		value, rest, ok = unquote(rest)
		if !ok {
			f.why = fmt.Sprintf("the value of %s is no JSON string", name)
			return false
		}
		if rest != "" && rest[0] != ' ' {
			f.why = fmt.Sprintf("there is no space after the value of %s", name)
			return false
		}
		rest = strings.TrimPrefix(rest, " ")
	} else {
		value, rest, _ = strings.Cut(rest, " ")
	}
	for _, had := range f.list {
		if had.name == name {
			f.why = fmt.Sprintf("the field %s is there twice", name)
			return false
		}
	}
	f.list = append(f.list, fieldValue{name, value})
	f.rest = rest
	return true
}

// unquote reads the JSON string that s begins with.
func unquote(s string) (value, rest string, ok bool) {
	end, escaped := 1, false
	for ; end < len(s) && s[end] != '"'; end++ {
		if s[end] == '\\' {
			escaped = true
			end++
		} else if s[end] < ' ' {
			return "", "", false
		}
	}
	if end >= len(s) {
		return "", "", false
	}
	if !escaped {
		return s[1:end], s[end+1:], true
	}
	return value, s[end+1:], json.Unmarshal([]byte(s[:end+1]), &value) == nil
}

func cut(s string) string {
	if len(s) > 40 {
		return strings.ToValidUTF8(s[:40], "") + "..."
	}
	return s
}

// pull takes a field out of those that are left.
func (f *fields) pull(name string) (string, bool) {
	for i, had := range f.list {
		if had.name == name {
			f.list = slices.Delete(f.list, i, i+1)
			return had.value, true
		}
	}
	return "", false
}

func (f *fields) take(name string, required bool) string {
	v, _ := f.pull(name)
	if required && v == "" && f.why == "" {
		f.why = fmt.Sprintf("the field %s is missing", name)
	}
	return v
}

func (f *fields) leftover() {
	for _, had := range f.list {
		f.why = fmt.Sprintf("there is no field %q here; this privgen may be too old for the record", had.name)
	}
}

func (f *fields) day(name string, required bool) day.Day {
	s := f.take(name, required)
	if s == "" {
		return day.Day{}
	}
	d, err := day.Parse(s)
	if err != nil && f.why == "" {
		f.why = fmt.Sprintf("%s: %v", name, err)
	}
	return d
}

func (f *fields) date(name string, required bool) day.Date {
	s := f.take(name, required)
	if s == "" {
		return day.Date{}
	}
	d, err := ParseDate(s)
	if err != nil && f.why == "" {
		f.why = fmt.Sprintf("%s: %v", name, err)
	}
	return d
}

// ParseDate reads a day, or an instant with its offset, as day.Date writes it.
func ParseDate(s string) (day.Date, error) {
	if strings.Contains(s, "T") {
		t, err := time.Parse(time.RFC3339, s)
		return day.At(t), err
	}
	d, err := day.Parse(s)
	return day.On(d), err
}

func (f *fields) digest(name string) (sum [32]byte) {
	s := f.take(name, true)
	if len(s) != 2*len(sum) || strings.ToLower(s) != s {
		if f.why == "" {
			f.why = fmt.Sprintf("%s is no SHA-256: 64 digits, 0 to 9 and a to f", name)
		}
		return sum
	}
	if _, err := hex.Decode(sum[:], []byte(s)); err != nil && f.why == "" {
		f.why = fmt.Sprintf("%s is no SHA-256: %v", name, err)
	}
	return sum
}

func (f *fields) released(e *Entry) {
	e.Effective = f.date("effective", true)
	e.Updated = f.day("updated", true)
	e.Published = f.date("published", false)
	e.Withdrawn = f.day("withdrawn", false)
	e.Label = f.take("label", false)
	e.Reason = f.take("reason", false)
	e.Address = f.take("address", true)
	e.Digest = f.digest("sha256")
	e.clauses = f.take("clauses", true)
	if f.why == "" && !arePrints(e.clauses) {
		f.why = "clauses is no list of prints: 1f0a:41,77c3:118"
	}
}

func (f *fields) corrected(c *Correction) {
	c.Day = f.day("day", true)
	c.Was = f.digest("was")
	c.Reason = f.take("reason", true)
	var s Stamp
	for _, m := range s.fields() {
		if was, ok := f.pull(m.Field + "-was"); ok {
			if was == none {
				was = ""
			}
			c.Stamp = append(c.Stamp, Moved{Field: m.Field, Was: was})
		}
	}
}
