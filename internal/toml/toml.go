// Package toml decodes TOML strictly, with the position of every key and value.
//
// Its two fundamental types are Places, the positions of the keys and values of
// a text, and source.Problem: Decode returns both. Only this package imports
// the TOML library.
//
// # What is decoded
//
// Decode fills a struct. A field belongs to a key if it has the tag
//
//	toml:"name"            the key
//	toml:"name,required"   the key is required, and a string must not be blank
//	default:"..."          its value if it is missing; for lists, with commas
//	enum:"a,b,c"           the allowed strings, of the value or its entries
//	doc:"..."              a description, for messages and the schema
//	example:"..."          an example of a value, for both
//
// Fields without the first tag are not changed. These types can be filled:
//
//	string                 a string
//	bool                   true or false
//	int, float64           a number; a float64 can be a whole number
//	day.Day                a day: 2026-01-31
//	day.Date               a day, or an instant with its offset
//	[]string               a list of strings
//	struct                 a table
//	[]struct               a list of tables, written [[name]] or inline
//	map[string]string      a table whose keys the author chooses
//	map[string]struct      tables whose names the author chooses
//	map[string]any         a free table
//
// A free table has values of the types string, bool, int64, float64, day.Date,
// []any, and map[string]any. A missing table is filled with its defaults; if it
// has required keys, the table is itself required.
//
// # What is rejected
//
// Everything that the struct does not allow is a problem, and all problems of a
// text are reported at once: an unknown key (unknown-key), a value of another
// type (wrong-type), a string that is not in an enumeration (not-one-of), a
// missing required key (missing-key), a date that does not exist (no-such-day),
// a time that is ambiguous because it has no offset from UTC (no-offset), and a
// duplicate key (duplicate-key). For syntax errors (bad-toml) only the first is
// found. There is no leniency: a policy must not take effect on a misspelled
// day. Numbers that are not numbers (nan, inf) are rejected as well.
//
// After a problem, the struct has what could be decoded and defaults for the
// rest, so that a caller can go on to check the values. After a syntax error it
// has only the defaults.
//
// # Positions
//
// Positions are found on request, by a second scan of the text, so that texts
// without mistakes are never scanned twice. See Places.
package toml

import (
	"bytes"
	"fmt"
	"reflect"

	burnt "github.com/BurntSushi/toml"

	"github.com/privgen/privgen/internal/source"
)

// Unusual texts are rejected before they are decoded: some take quadratic time
// in the library, or exhaust the stack.
const (
	maxDepth    = 32  // tables in tables, lists in lists, parts of a dotted key
	maxProblems = 100 // problems of one text; more are reported when these are fixed
	maxMends    = 10  // how often a text is decoded again after a mistake that can be skipped
)

// Decode decodes the TOML of f.Text[start:end] into the struct that v points
// to, strictly. The positions are those of f: front matter passes its own
// range, a whole file passes 0 and len(f.Text). The Places are never nil, and
// keep f in memory.
//
// It panics if v is not a pointer to a struct that this package can fill.
func Decode(f *source.File, start, end int, v any) (*Places, source.Problems) {
	start = max(0, min(start, len(f.Text)))
	end = max(start, min(end, len(f.Text)))
	// The library skips a byte order mark, and does not count it in offsets.
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

// A decoder has the state of one call of Decode: the problems, and the path of
// the current value.
type decoder struct {
	places   *Places
	root     reflect.Type
	problems source.Problems
	path     []string
	entry    []bool // entry[i]: path[i] is the index of an entry, not a key
}

// parse returns the text as a table. It returns false if the text has a mistake
// that cannot be skipped, and adds its problem.
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

// parseText calls the library. A panic in the library becomes a syntax error
// without a position, so that no text can stop the program.
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

// add adds a problem.
func (d *decoder) add(at source.Pos, code, what, do string) {
	if len(d.problems) < maxProblems {
		d.problems = append(d.problems, source.NewProblem(at, code, what, do))
	}
}

// at returns the position of the current value. Past the problem limit it
// returns the zero Pos, because positions are expensive to compute.
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
