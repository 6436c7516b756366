package toml

import (
	"bytes"
	"errors"
	"fmt"
	"regexp"
	"slices"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	burnt "github.com/BurntSushi/toml"

	"github.com/privgen/privgen/internal/day"
)

// This file converts the library's syntax errors to problems. The library says
// what it expected, but the author wants to know what to type. So the text at
// the position is checked for common mistakes.

// syntax adds the problem of a mistake that the library found in text. If
// decoding can continue after it, syntax returns a text of the same length
// without the mistake, otherwise nil.
func (d *decoder) syntax(text []byte, err error) (mended []byte) {
	var pe burnt.ParseError
	if !errors.As(err, &pe) {
		pe.Message = err.Error()
	}
	at := max(0, min(pe.Position.Start, len(text)))
	at -= partOfRune(text, at)
	switch {
	case strings.HasPrefix(pe.Message, "invalid datetime"):
		return d.badDate(text, at)
	case strings.Contains(pe.Message, "already been defined"), strings.Contains(pe.Message, "was already created"),
		strings.HasSuffix(pe.Message, "is not a table"):
		return d.duplicate(text, at)
	}
	m := &mistake{text: text, at: at, message: pe.Message}
	m.key, m.list, _ = scan(text).root.named(m.valueStart())
	what, do := m.explain()
	d.add(d.places.file.Pos(d.places.start+m.at), "bad-toml", what, do)
	return nil
}

// partOfRune returns the number of bytes by which at is inside a character.
func partOfRune(text []byte, at int) int {
	n := 0
	for at-n > 0 && at-n < len(text) && !utf8.RuneStart(text[at-n]) && n < utf8.UTFMax {
		n++
	}
	return n
}

// duplicate adds the problem of a duplicate key. Decoding continues without the
// second one, unless tables depend on it.
func (d *decoder) duplicate(text []byte, at int) []byte {
	s := scan(text)
	line := bytes.Count(text[:at], []byte("\n"))
	i := slices.IndexFunc(s.twice, func(t twice) bool { return bytes.Count(text[:t.second], []byte("\n")) >= line })
	if i < 0 {
		d.add(d.places.file.Pos(d.places.start+at), "duplicate-key", "this key is both a value and a table",
			"keep one of the two: a key = value, or a table with keys")
		return nil
	}
	t := s.twice[i]
	names := make([]string, len(t.path))
	for i, p := range t.path {
		names[i] = bare(p.name)
	}
	key := strings.Join(names, ".")
	first := d.places.file.Pos(d.places.start + t.first).Line
	what := fmt.Sprintf("the key %q is here twice; the first is in line %d", key, first)
	do := "take out one of them"
	if t.to == 0 && lineBegins(text, t.second, "[") {
		what = fmt.Sprintf("the table [%s] is here twice; the first is in line %d", key, first)
		do = "move the keys below this line to the first"
		if lineBegins(text, t.second, "[[") {
			what = fmt.Sprintf("[[%s]] is a list here, but line %d says that it is not", key, first)
			do = "use double brackets in both places, or in neither"
		}
	}
	d.add(d.places.file.Pos(d.places.start+t.second), "duplicate-key", what, do)
	if t.to == 0 {
		return nil
	}
	return blanked(text, t.from, t.to)
}

func lineBegins(text []byte, at int, prefix string) bool {
	start := bytes.LastIndexByte(text[:at], '\n') + 1
	return bytes.HasPrefix(bytes.TrimLeft(text[start:], " \t"), []byte(prefix))
}

// blanked returns text with spaces instead of everything except line feeds.
func blanked(text []byte, from, to int) []byte {
	out := bytes.Clone(text)
	for i := from; i < to; i++ {
		if out[i] != '\n' {
			out[i] = ' '
		}
	}
	return out
}

// badDate adds the problem of an invalid date. Decoding continues with another
// day if only the day does not exist.
func (d *decoder) badDate(text []byte, at int) []byte {
	end := at
	for end < len(text) && bytes.IndexByte([]byte(",]}#\n"), text[end]) < 0 {
		end++
	}
	token := string(bytes.TrimSpace(text[at:end]))
	key, entry, ok := scan(text).root.named(at)
	assign := ""
	if ok && !entry {
		assign = bare(key) + " = "
	}
	place := d.places.file.Pos(d.places.start + at)
	head, rest := token[:min(10, len(token))], token[min(10, len(token)):]
	if datePattern.MatchString(head) {
		if _, err := day.Parse(head); err != nil {
			near := nearDay(head)
			d.add(place, "no-such-day", fmt.Sprintf("the day %s does not exist", head),
				fmt.Sprintf("%v; write %s%s%s", err, assign, near, short(rest)))
			mended := bytes.Clone(text)
			copy(mended[at:], near)
			return mended
		}
	}
	do := "write " + assign + "2026-01-31, or with a time and its offset from UTC: 2026-01-31T09:00:00+01:00"
	if datePattern.MatchString(head) && rest != "" {
		do = "hours go from 00 to 23, minutes and seconds from 00 to 59; write it as 09:00:00, and the offset as " +
			"+01:00 or Z"
	}
	d.add(place, "bad-toml", fmt.Sprintf("%q is not a date", short(token)), do)
	return nil
}

var (
	datePattern = regexp.MustCompile(`^\d{4}-\d\d-\d\d$`)
	// otherDate matches other formats of dates: 1.2.2026, 01/02/2026.
	otherDate = regexp.MustCompile(`^\d{1,4}[./-]\d{1,2}[./-]\d{1,4}\b`)
)

// nearDay returns the existing day that is nearest to one that does not exist.
func nearDay(s string) string {
	var y, m, dom int
	fmt.Sscanf(s, "%d-%d-%d", &y, &m, &dom)
	month := time.Month(max(1, min(m, 12)))
	return day.Day{Year: y, Month: month, Dom: max(1, min(dom, day.DaysIn(y, month)))}.String()
}

// A mistake is a position at which the library stopped.
type mistake struct {
	text    []byte
	at      int
	message string
	key     string // the key whose value it is in, if any
	list    bool   // whether the value is an entry of a list
}

// valueStart returns the offset of the value around the mistake, if it begins
// after an equals sign in the same line.
func (m *mistake) valueStart() int {
	start, _ := m.line()
	if i := bytes.IndexByte(m.text[start:m.at], '='); i >= 0 {
		rest := m.text[start+i+1:]
		return start + i + 1 + len(rest) - len(bytes.TrimLeft(rest, " \t"))
	}
	return m.at
}

func (m *mistake) line() (start, end int) {
	start = bytes.LastIndexByte(m.text[:m.at], '\n') + 1
	end = bytes.IndexByte(m.text[start:], '\n')
	if end < 0 {
		return start, len(m.text)
	}
	return start, start + end
}

// value returns the value around the mistake up to the end of the line.
func (m *mistake) value() string {
	_, end := m.line()
	return strings.TrimSpace(string(m.text[min(m.valueStart(), end):end]))
}

func (m *mistake) assign(value string) string {
	if m.key == "" || m.list {
		return value
	}
	return bare(m.key) + " = " + value
}

// explain returns what is wrong, and what to do.
func (m *mistake) explain() (what, do string) {
	has := func(s string) bool { return strings.Contains(m.message, s) }
	switch {
	case has("control characters"):
		return m.control()
	case has("strings cannot contain newlines"), has(`unexpected EOF; expected '"'`),
		has(`unexpected EOF; expected "'"`):
		return "this text has no closing quotation mark in its line",
			`close it with the mark that it begins with; a text of several lines stands between """ and """`
	case has("unexpected EOF; expected '\"\"\"'"), has(`unexpected EOF; expected "'''"`):
		return "this text is not closed before the end", "close it with the three marks that it begins with"
	case has("invalid escape"), has("hexadecimal digits after"), has("Escaped character"):
		m.at = badEscape(m.text, m.at)
		return "a backslash in this text stands before what it cannot stand before",
			`write two backslashes for one, or put the text between single quotation marks: 'C:\texts'`
	case has("expected value but found"), has("unexpected EOF; expected value"):
		return m.noValue()
	case has("expected '.' or '='"), has("expected key separator"):
		return m.noEquals()
	case has("top-level item to end"):
		return m.noEnd()
	case has("key name appears blank"), has("keys cannot start with"):
		return "there is no key here", "write a key, an equals sign and a value: title = \"...\""
	case has("table name"), has("table array name"):
		return "this is not the header of a table",
			"write it as [name], or as [[name]] for an entry of a list, on a separate line"
	case has("unexpected comma"):
		return "there is a comma without a value before it", "take the comma out"
	case has("array terminator"):
		return "this list goes on without a comma or a closing bracket",
			"put a comma between its entries, and ] behind the last"
	case has("inline table terminator"):
		return "this table goes on without a comma or a closing brace",
			"put a comma between its keys, and } behind the last"
	}
	return m.number()
}

// badEscape finds the invalid backslash in a string. The library reports only
// the beginning of the string.
func badEscape(text []byte, at int) int {
	for loc := escape.FindIndex(text[at:]); loc != nil; loc = escape.FindIndex(text[at:]) {
		if loc[1]-loc[0] == 1 {
			return at + loc[0]
		}
		at += loc[1]
	}
	return at
}

// escape matches a valid escape as a whole, and of an invalid one only the
// backslash.
var escape = regexp.MustCompile(`\\(?:[btnfre"\\\s]|x[0-9A-Fa-f]{2}` +
	`|u(?:[0-9ABCEFabcef][0-9A-Fa-f]|[Dd][0-7])[0-9A-Fa-f]{2}|U00(?:0[0-9A-Fa-f]|10)[0-9A-Fa-f]{4})?`)

func (m *mistake) control() (what, do string) {
	// The library's offset is before the character, not at it.
	for i := m.at; i < len(m.text) && i < m.at+utf8.UTFMax+1; i++ {
		if c := m.text[i]; c < ' ' && c != '\n' && c != '\t' || c == 0x7f {
			m.at = i
			return fmt.Sprintf("the text holds the control character U+%04X", c),
				"take it out; it cannot be seen in most editors, so write the line anew"
		}
	}
	return "the text holds a control character",
		"take it out; it cannot be seen in most editors, so write the line anew"
}

// noValue explains a missing or invalid value.
func (m *mistake) noValue() (what, do string) {
	value := m.value()
	switch first, _ := utf8.DecodeRuneInString(value); {
	case value == "" || value[0] == '#':
		return "there is no value here", "write " + m.assign(`"..."`) + ", or take the key out"
	case strings.ContainsRune("“”„‟«»‘’‚", first):
		return fmt.Sprintf("the quotation mark %c cannot begin a text", first),
			"use straight quotation marks: " + m.assign(quoted(short(strings.Trim(value, "“”„‟«»‘’‚"))))
	}
	word, _, _ := strings.Cut(value, "#")
	word = strings.TrimSpace(word)
	switch strings.ToLower(word) {
	case "true", "yes", "on":
		return fmt.Sprintf("%q is not a value", word), "write " + m.assign("true")
	case "false", "no", "off":
		return fmt.Sprintf("%q is not a value", word), "write " + m.assign("false")
	case "null", "nil", "none":
		return fmt.Sprintf("%q is not a value", word), "take the key out; what is not there has no value"
	}
	if m.list || strings.ContainsAny(value, "[]{},") {
		return fmt.Sprintf("%q is not a value", short(word)), "put texts between quotation marks"
	}
	return fmt.Sprintf("%q has no quotation marks", short(word)), "write " + m.assign(quoted(short(word)))
}

// noEquals explains a key without an equals sign.
func (m *mistake) noEquals() (what, do string) {
	start, end := m.line()
	line := strings.TrimSpace(string(m.text[start:end]))
	key, value, colon := strings.Cut(line, ":")
	if colon && !strings.ContainsAny(key, " =\"'") {
		value = strings.TrimSpace(value)
		if value != "" && (unicode.IsLetter(rune(value[0])) || value[0] == '/') && value != "true" && value != "false" {
			value = quoted(short(value))
		}
		return fmt.Sprintf("there is a colon behind %s where an equals sign should be", bare(key)),
			strings.TrimSpace("write " + bare(key) + " = " + short(value))
	}
	return fmt.Sprintf("%q is not a key with a value", short(line)),
		`write a key, an equals sign and a value: title = "..."; a key has letters, digits, _ and -, ` +
			"or is in quotation marks"
}

// noEnd explains a value that is followed by something else.
func (m *mistake) noEnd() (what, do string) {
	value := m.value()
	if otherDate.MatchString(value) {
		return fmt.Sprintf("%q is not a date", short(value)), "write year, month and day: " + m.assign("2026-01-31")
	}
	if value != "" && (unicode.IsDigit(rune(value[0])) || unicode.IsLetter(rune(value[0]))) {
		return fmt.Sprintf("%q has no quotation marks", short(value)), "write " + m.assign(quoted(short(value)))
	}
	if strings.HasPrefix(value, `"`) && strings.Count(value, `"`) > 2 {
		return "there is more behind the end of this text",
			"put the text between single quotation marks when it holds double ones, or a backslash before each of these"
	}
	_, end := m.line()
	return fmt.Sprintf("%q stands behind the end of the value", short(strings.TrimSpace(string(m.text[m.at:end])))),
		"begin a new line for each key, and put # before a comment"
}

// number explains the remaining mistakes: numbers that are not valid in TOML.
func (m *mistake) number() (what, do string) {
	value := m.value()
	switch {
	case otherDate.MatchString(value):
		return fmt.Sprintf("%q is not a date", short(value)), "write year, month and day: " + m.assign("2026-01-31")
	case value != "" && m.key != "":
		return fmt.Sprintf("%q is not a number", short(value)),
			"write it with digits only, as 10 or 2.5; put quotation marks around what is a text: " +
				m.assign(quoted(short(value)))
	}
	return "this is not TOML: " + strings.ToLower(strings.TrimSpace(m.message)),
		`TOML has lines such as title = "..." below headers such as [site]; see https://toml.io`
}
