package toml

import (
	"bytes"
	"fmt"
	"regexp"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"github.com/privgen/privgen/internal/day"
)

// This file describes the mistakes that the scanner finds. The library says what
// it expected, but the author wants to know what to type.

// twice adds the mistake of a key that already exists. The last part of path is the
// key, first its node, and here says what it is now.
func (s *scanner) twice(path []part, first *node, here string) {
	s.drop = true
	at := path[len(path)-1].at
	names := make([]string, len(path))
	for i, p := range path {
		names[i] = bare(p.name)
	}
	name := strings.Join(names, ".")
	line := 1 + bytes.Count(s.text[:first.key], []byte("\n"))
	there := "a table"
	switch {
	case first.kind == tables:
		there = "a list of tables"
	case first.kind == value && here == "a value", first.kind == value && first.keys == nil:
		there = "a value"
	}
	what := fmt.Sprintf("%s is %s here, but %s in line %d", name, here, there, line)
	do := "keep one of the two, or change a name"
	first.bad = there != here
	switch {
	case there == "a value" && here == there:
		what = fmt.Sprintf("the key %q is here twice; the first is in line %d", name, line)
		do = "remove one of them"
	case there == "a table" && here == there:
		what = fmt.Sprintf("the table [%s] is here twice; the first is in line %d", name, line)
		do = "move the keys below this line to the first"
		if s.text[s.i-1] != ']' {
			do = "move this key to the first"
		}
	case there != "a value" && here != "a value":
		do = "use double brackets in both places, or in neither"
	}
	s.fail(at, "duplicate-key", what, do)
}

func (s *scanner) tooDeep() bool {
	return s.fail(s.i, "bad-toml", fmt.Sprintf("this is nested more than %d deep", maxDepth),
		"write fewer brackets, braces or dots")
}

func (s *scanner) unclosed(at int) bool {
	return s.fail(at, "bad-toml", "this text has no closing quotation mark in its line",
		`close it with the mark that it begins with; a text of several lines is between """ and """`)
}

func (s *scanner) controlCharacter(at int) {
	s.fail(at, "bad-toml", fmt.Sprintf("the text has the control character U+%04X", s.text[at]),
		"remove it; it cannot be seen in most editors, so write the line anew")
}

// lineFrom returns the text from an offset to the end of the line, without spaces
// around it.
func (s *scanner) lineFrom(at int) string {
	line, _, _ := bytes.Cut(s.text[at:], []byte("\n"))
	return strings.TrimSpace(string(line))
}

func (s *scanner) noHeader() bool {
	return s.fail(s.i, "bad-toml", "this is not the header of a table",
		"write it as [name], or as [[name]] for an entry of a list, on a separate line")
}

func (s *scanner) noKey() bool {
	if s.peek() == ']' {
		return s.noHeader()
	}
	return s.fail(s.i, "bad-toml", "there is no key here", "write a key, an equals sign and a value: title = \"...\"")
}

// conflict reports whether the line begins an unfinished merge. If so, it adds the
// mistake and skips both sides.
func (s *scanner) conflict() bool {
	rest := s.text[s.i:]
	if !bytes.HasPrefix(rest, []byte("<<<<<<< ")) {
		return false
	}
	s.fail(s.i, "bad-toml", "a merge was begun here and not finished",
		"keep the right lines, and remove those that begin with <<<<<<<, =======, and >>>>>>>")
	s.i += max(0, bytes.Index(rest, []byte("\n>>>>>>>"))+1)
	s.skipLine()
	s.incomplete = true
	return true
}

// noEquals adds the mistake of a key without an equals sign.
func (s *scanner) noEquals(from int) bool {
	line := s.lineFrom(from)
	key, value, colon := strings.Cut(line, ":")
	if colon && !strings.ContainsAny(key, " =\"'") {
		value = strings.TrimSpace(value)
		if value != "" && (unicode.IsLetter(rune(value[0])) || value[0] == '/') && value != "true" && value != "false" {
			value = quoted(short(value))
		}
		return s.fail(s.i, "bad-toml",
			fmt.Sprintf("there is a colon after %s where an equals sign should be", bare(key)),
			strings.TrimSpace("write "+bare(key)+" = "+short(value)))
	}
	return s.fail(s.i, "bad-toml", fmt.Sprintf("%q is not a key with a value", short(line)),
		`write a key, an equals sign and a value: title = "..."; a key has letters, digits, _ and -, `+
			"or is in quotation marks")
}

// behindValue adds the mistake of a value that is followed by something else.
func (s *scanner) behindValue() bool {
	start := bytes.LastIndexByte(s.text[:s.i], '\n') + 1
	if _, value, ok := strings.Cut(s.lineFrom(start), "="); ok && strings.HasPrefix(strings.TrimSpace(value), `"`) &&
		strings.Count(value, `"`) > 2 {
		return s.fail(s.i, "bad-toml", "there is more after the end of this text",
			"put the text between single quotation marks if it has double ones, "+
				"or a backslash before each of these")
	}
	return s.fail(s.i, "bad-toml", fmt.Sprintf("%q is after the end of the value", short(s.lineFrom(s.i))),
		"begin a new line for each key, and put # before a comment")
}

var (
	datePattern = regexp.MustCompile(`^\d{4}-\d\d-\d\d`)
	// clockTime matches the beginning of a time of day, with or without a date.
	clockTime = regexp.MustCompile(`^(?:\d{4}-\d\d-\d\d[Tt ])?\d\d:\d`)
	// otherDate matches other formats of dates: 1.2.2026, 01/02/2026, 1 May 2026, May 1, 2026.
	otherDate = regexp.MustCompile(`^\d{1,4}[./-]\d{1,2}[./-]\d{1,4}\b|(?i)^(?:\d{1,2}(?:\.|st|nd|rd|th)? ?)?` +
		`(?:jan|feb|m[aä]r|apr|ma[iy]|jun|jul|aug|sep|o[ck]t|nov|de[cz])\pL*\.? (?:\d{1,2}, ?)?\d{4}\b`)
	// wrongOffset matches a time whose offset has 24 hours or more, or more than 59 minutes.
	wrongOffset = regexp.MustCompile(`:\d\d(?:\.\d+)?([+-](?:2[4-9]|[3-9]\d|\d\d:[6-9])[\d:]*)$`)
)

// noValue adds the mistake of a missing or invalid value, and the cut with which the
// library reads another value instead.
func (s *scanner) noValue(n *node, token string) {
	code, what := "bad-toml", fmt.Sprintf("%q is not a value", short(token))
	var do string
	first, _ := utf8.DecodeRuneInString(token)
	word := strings.ToLower(token)
	digit := unicode.IsDigit(first) || first == '+' || first == '-'
	switch {
	case token == "":
		what, do = "there is no value here", "write "+n.assign(`"..."`)+", or remove the key"
	case strings.ContainsRune("“”„‟«»‘’‚", first):
		what = fmt.Sprintf("the quotation mark %c cannot begin a text", first)
		do = "use straight quotation marks: " + n.assign(quoted(short(strings.Trim(token, "“”„‟«»‘’‚"))))
	case word == "true", word == "yes", word == "on":
		do = "write " + n.assign("true")
	case word == "false", word == "no", word == "off":
		do = "write " + n.assign("false")
	case word == "null", word == "nil", word == "none":
		do = "remove the key; what is not there has no value"
	case wrongOffset.MatchString(token):
		code = "no-offset"
		what = fmt.Sprintf("there is no offset %s from UTC", wrongOffset.FindStringSubmatch(token)[1])
		do = "offsets go from -12:00 to +14:00, and their minutes from 00 to 59"
	case datePattern.MatchString(token) && s.noSuchDay(n, token):
		return
	case clockTime.MatchString(token):
		what = fmt.Sprintf("%q is not a date", short(token))
		do = "hours go from 00 to 23, minutes and seconds from 00 to 59; write it as 09:00:00, and the offset as " +
			"+01:00 or Z"
	case otherDate.MatchString(token), word == "today", word == "tomorrow", word == "now":
		what = fmt.Sprintf("%q is not a date", short(token))
		do = "write year, month and day: " + n.assign("2026-01-31")
	case !digit && (n.index > 0 || strings.ContainsAny(token, "[]{}")):
		do = "put texts between quotation marks"
	case !digit, s.depth == 0 && strings.Contains(token, " "):
		what, do = fmt.Sprintf("%q has no quotation marks", short(token)), "write "+n.assign(quoted(short(token)))
	case strings.Contains(token, " "):
		do = "put a comma between values"
	default:
		what = fmt.Sprintf("%q is not a number", short(token))
		do = "write it with digits only, as 10 or 2.5; put quotation marks around what is a text: " +
			n.assign(quoted(short(token)))
	}
	n.bad = true
	s.cuts = append(s.cuts, cut{n.value, n.end, "0"})
	s.fail(n.value, code, what, do)
}

// noSuchDay reports whether the day of a date does not exist. If so, it adds the
// mistake, and a cut with which the library reads the nearest day.
func (s *scanner) noSuchDay(n *node, token string) bool {
	head, rest := token[:10], token[10:]
	_, err := day.Parse(head)
	if err == nil {
		return false
	}
	var y, m, dom int
	fmt.Sscanf(head, "%d-%d-%d", &y, &m, &dom)
	month := time.Month(max(1, min(m, 12)))
	near := day.Day{Year: y, Month: month, Dom: max(1, min(dom, day.DaysIn(y, month)))}.String()
	if !isValue(near + rest) {
		return false
	}
	s.cuts = append(s.cuts, cut{n.value, n.value + 10, near})
	s.fail(n.value, "no-such-day", fmt.Sprintf("the day %s does not exist", head),
		fmt.Sprintf("%v; write %s", err, n.assign(near+short(rest))))
	return true
}
