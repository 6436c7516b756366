// Package toml reads TOML strictly, and knows where everything stands.
//
// Its two fundamental types are Places, where the keys and values of a text
// are, and source.Problem: Decode gives the one and finds the others. It is
// the only room that sees the TOML library.
//
// # What is read
//
// Decode fills a struct. A field belongs to a key when it has the tag
//
//	toml:"name"            the key
//	toml:"name,required"   the key has to be there, and a text must not be blank
//	default:"..."          its value when it is not there; of lists, with commas
//	enum:"a,b,c"           the only texts that it, or its entries, may be
//	doc:"..."              what it is, for messages and for the schema
//	example:"..."          a value that could stand there, for the same
//
// and fields without the first are left alone. These types can be filled:
//
//	string                 a text
//	bool                   true or false
//	int, float64           a number; a float64 takes whole numbers too
//	day.Day                a day: 2026-01-31
//	day.Date               a day, or an instant with its offset
//	[]string               a list of texts
//	struct                 a table
//	[]struct               a list of tables, written [[name]] or in line
//	map[string]string      a table whose keys are the author's
//	map[string]struct      tables whose names are the author's
//	map[string]any         a free table
//
// A free table holds string, bool, int64, float64, day.Date, []any and
// map[string]any, and nothing else. A table that is not there is filled with its
// defaults; when it has required keys, it is itself required.
//
// # What is refused
//
// Everything that is not meant by the struct is a problem, all of a text at
// once: a key that nobody knows (unknown-key), a value of another type
// (wrong-type), a text that is not one of an enumeration (not-one-of), a
// required key that is not there (missing-key), a date that the calendar does
// not have (no-such-day), a time that names no moment because it has no offset
// from UTC (no-offset), a key that is there twice (duplicate-key). Of mistakes
// of syntax (bad-toml) only the first is found. There is no leniency: a privacy
// policy that takes effect on a misspelled day is not worth a convenience.
// Numbers that are not numbers (nan, inf) are refused as well.
//
// After a problem the struct holds what could be read and defaults in place of
// the rest, so a caller may go on to look for problems of meaning. After a
// problem of syntax it holds only the defaults.
//
// # Places
//
// Places are found when somebody asks for one, by a second walk over the text:
// ten thousand texts without mistakes are never walked twice. See Places.
package toml

import (
	"bytes"
	"fmt"
	"reflect"

	burnt "github.com/BurntSushi/toml"

	"github.com/privgen/privgen/internal/source"
)

// Texts that nobody writes are refused before they cost anything: some are
// quadratic in the library, or exhaust the stack.
const (
	maxDepth    = 32  // tables in tables, lists in lists, parts of a dotted key
	maxProblems = 100 // of one text; whoever has mended these is told the rest
	maxMends    = 10  // times that a text is read again after a mistake that can be stepped over
)

// Decode reads the TOML of f.Text[start:end] into the struct that v points to,
// strictly. Places are those of f: front matter passes its own range, a whole
// file passes 0 and len(f.Text). The Places are never nil, and hold on to f.
//
// It panics when v is not a pointer to a struct that this package can fill.
func Decode(f *source.File, start, end int, v any) (*Places, source.Problems) {
	start = max(0, min(start, len(f.Text)))
	end = max(start, min(end, len(f.Text)))
	// The library skips a byte order mark and then counts from behind it.
	if bytes.HasPrefix(f.Text[start:end], []byte("\uFEFF")) {
		start += len("\uFEFF")
	}
	places := &Places{file: f, start: start, end: end}
	ptr := reflect.ValueOf(v)
	if ptr.Kind() != reflect.Pointer || ptr.IsNil() || ptr.Elem().Kind() != reflect.Struct {
		panic(fmt.Sprintf("privgen: internal error: toml.Decode into %T", v))
	}
	d := &decoder{places: places, root: ptr.Elem().Type()}
	table, ok := d.parse()
	if !ok {
		fill(ptr.Elem())
		return places, d.problems
	}
	d.table(table, ptr.Elem())
	return places, d.problems.Sort()
}

// A decoder carries one Decode: what it found, and the path at which it is.
type decoder struct {
	places   *Places
	root     reflect.Type
	problems source.Problems
	path     []string
	entry    []bool // entry[i]: path[i] is the number of an entry, not a key
}

// parse gives the text as a table. It is false when the text has a mistake
// that cannot be stepped over; the mistake is then among the problems.
func (d *decoder) parse() (map[string]any, bool) {
	text := d.places.text()
	if at, deep := tooDeep(text); deep {
		d.add(d.places.file.Pos(d.places.start+at), "bad-toml",
			fmt.Sprintf("this is nested more than %d deep", maxDepth), "write fewer brackets, braces or dots")
		return nil, false
	}
	for range maxMends {
		table, err := parseText(text)
		if err == nil {
			return table, true
		}
		mended := d.syntax(text, err)
		if mended == nil {
			break
		}
		text = mended
	}
	d.problems = d.problems.Sort()
	return nil, false
}

// parseText is the library's door. What the library says about mistakes of its
// own becomes a mistake of syntax without a place: no text may stop the
// program.
func parseText(text []byte) (table map[string]any, err error) {
	defer func() {
		if r := recover(); r != nil {
			table, err = nil, burnt.ParseError{Message: fmt.Sprint(r), Position: burnt.Position{Line: 1, Col: 1}}
		}
	}()
	var v any
	if _, err := burnt.Decode(string(text), &v); err != nil {
		return nil, err
	}
	return v.(map[string]any), nil
}

// add notes a problem.
func (d *decoder) add(at source.Pos, code, what, do string) {
	if len(d.problems) < maxProblems {
		d.problems = append(d.problems, source.NewProblem(at, code, what, do))
	}
}

// at gives the place of the value at hand. When nothing is noted any more it
// gives none: places are dear.
func (d *decoder) at() source.Pos {
	if d.full() {
		return source.Pos{}
	}
	return d.places.Value(d.path...)
}

func (d *decoder) full() bool { return len(d.problems) >= maxProblems }

func (d *decoder) push(step string, entry bool) {
	d.path, d.entry = append(d.path, step), append(d.entry, entry)
}

func (d *decoder) pop() {
	d.path, d.entry = d.path[:len(d.path)-1], d.entry[:len(d.entry)-1]
}
