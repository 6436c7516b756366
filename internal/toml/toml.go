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
//	int                    a whole number
//	float64                a finite number
//	day.Day                a day: 2026-01-31
//	day.Date               a day, or an instant with its offset
//	[]string               a list of strings
//	struct                 a table
//	[]struct               a list of tables, written [[name]] or inline
//	map[string]string      a table whose keys the author chooses
//	map[string]struct      tables whose names the author chooses
//	map[string]any         a free table
//	any                    a value as in a free table
//
// A free table has values of the types string, bool, int64, float64, day.Date,
// []any, and map[string]any. A missing table is filled with its defaults; if it
// has required keys, the table is itself required.
//
// # What is rejected
//
// Everything that the struct does not allow is a problem, and all problems of a
// text are reported at once: an unknown key (unknown-key), a value of another
// type, or not finite (wrong-type), a string that is not in an enumeration (not-one-of), a
// missing required key (missing-key), a date that does not exist (no-such-day),
// a time that is ambiguous because it has no offset from UTC (no-offset), a key
// or table that is defined twice (duplicate-key), and a syntax error (bad-toml).
// After a syntax error in a list or text of several lines, the rest of the text
// is not read. There is no leniency: a policy must not take effect on a
// misspelled day.
//
// The root struct can have a method Elsewhere(key string) string. For an unknown key that
// belongs in another file, it returns what to do; for others, "".
//
// After a problem, the struct has what could be decoded and defaults for the
// rest, so that a caller can go on to check the values. A key whose value has a
// syntax error is not missing.
//
// # TOML
//
// The library reads TOML 1.1, in which every text of TOML 1.0 means the same. It
// accepts some tables that are defined twice, which both versions forbid. The
// scanner rejects them.
package toml

import (
	"bytes"
	"cmp"
	"errors"
	"fmt"
	"reflect"
	"slices"
	"strings"

	burnt "github.com/BurntSushi/toml"

	"github.com/privgen/privgen/internal/source"
)

const (
	maxDepth    = 32  // tables in tables, lists in lists, parts of a dotted key
	maxProblems = 100 // problems of one text; more are reported when these are fixed
)

// Decode decodes the TOML of f.Text[start:end] into the struct that v points
// to, strictly. The positions are those of f: front matter passes its own
// range, a whole file passes 0 and len(f.Text). The Places are never nil, and
// keep f in memory.
//
// It panics if v is not a pointer to a struct that this package can fill.
func Decode(f *source.File, start, end int, v any) (*Places, source.Problems) {
	ptr := reflect.ValueOf(v)
	if ptr.Kind() != reflect.Pointer || ptr.IsNil() || ptr.Elem().Kind() != reflect.Struct {
		panic(fmt.Sprintf("privgen: internal error: toml.Decode into %T", v))
	}
	start = max(0, min(start, len(f.Text)))
	end = max(start, min(end, len(f.Text)))
	// The library skips a byte order mark.
	if bytes.HasPrefix(f.Text[start:end], []byte("\uFEFF")) {
		start += len("\uFEFF")
	}
	s := scan(f.Text[start:end])
	places := &Places{file: f, start: start, root: s.root}
	d := &decoder{places: places, text: f.Text[start:end], root: ptr.Elem().Type()}
	table := s.parse()
	d.places.incomplete = s.incomplete
	for _, m := range s.mistakes {
		d.add(m.at, m.code, m.what, m.do)
	}
	d.table(table, s.root, ptr.Elem())
	return d.places, d.problems.Sort()
}

// Free decodes the TOML of a text to a free table in which dates are of the type
// time.Time. It reports false if the text has a mistake.
func Free(text []byte) (table map[string]any, ok bool) {
	s := scan(text)
	table = s.parse()
	return table, len(s.mistakes) == 0
}

// FrontMatter returns the bounds of the TOML between two lines of +++ at the beginning of
// a text, and the offset after the second line. It reports false if a line is missing.
func FrontMatter(text []byte) (from, to, rest int, ok bool) {
	at := 0
	for line := range bytes.Lines(text) {
		fence := string(bytes.TrimRight(line, " \t\r\n")) == "+++"
		switch {
		case at == 0 && !fence:
			return 0, 0, 0, false
		case at == 0:
			from = len(line)
		case fence:
			return from, at, at + len(line), true
		}
		at += len(line)
	}
	return 0, 0, 0, false
}

// A decoder has the state of one call of Decode.
type decoder struct {
	places   *Places
	text     []byte
	root     reflect.Type
	problems source.Problems
}

// add adds a problem. Past maxProblems it does nothing, because positions are
// expensive to compute.
func (d *decoder) add(at int, code, what, do string) {
	if len(d.problems) < maxProblems {
		d.problems = append(d.problems, source.NewProblem(d.places.pos(at), code, what, do))
	}
}

// parse decodes the text without its mistakes. It adds the mistakes that only the
// library finds.
func (s *scanner) parse() map[string]any {
	table, err := decodeText(s.mended())
	if err == nil {
		return table
	}
	for _, n := range s.values {
		if token := string(s.text[n.value:n.end]); !isValue(token) {
			s.noValue(n, token)
		}
	}
	if table, err = decodeText(s.mended()); err != nil {
		var pe burnt.ParseError
		errors.As(err, &pe)
		s.fail(min(pe.Position.Start, len(s.text)), "bad-toml",
			"this is not TOML: "+strings.TrimSpace(cmp.Or(pe.Message, err.Error())),
			`TOML has lines such as title = "..." below headers such as [site]; see https://toml.io`)
		s.incomplete = true
	}
	return table
}

// mended returns the text with the cuts applied.
func (s *scanner) mended() string {
	slices.SortStableFunc(s.cuts, func(a, b cut) int { return cmp.Or(a.from-b.from, b.to-a.to) })
	var b strings.Builder
	at := 0
	for _, c := range s.cuts {
		if c.from >= at && c.to > at {
			b.Write(s.text[at:c.from])
			b.WriteString(c.by)
			at = c.to
		}
	}
	b.Write(s.text[at:])
	return b.String()
}

// isValue reports whether the library accepts a value.
func isValue(token string) bool {
	_, err := decodeText("v = " + token)
	return err == nil
}

// decodeText calls the library. A panic in the library becomes an error, so that
// no text can stop the program.
func decodeText(text string) (table map[string]any, err error) {
	defer func() {
		if r := recover(); r != nil {
			table, err = nil, fmt.Errorf("%v", r)
		}
	}()
	var v any // faster than a map
	_, err = burnt.Decode(text, &v)
	table, _ = v.(map[string]any)
	return table, err
}

// unquoted returns the content of a string with its quotation marks.
func unquoted(text []byte) string {
	if bytes.IndexByte(text, '\\') < 0 || text[0] != '"' {
		return string(text[1 : len(text)-1])
	}
	table, _ := decodeText("v = " + string(text))
	s, _ := table["v"].(string)
	return s
}
