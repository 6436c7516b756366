package toml_test

import (
	"reflect"
	"strings"
	"testing"
	"time"

	"github.com/privgen/privgen/internal/day"
	"github.com/privgen/privgen/internal/source"
	"github.com/privgen/privgen/internal/toml"
)

// A sheet has a field of every type that can be filled.
type sheet struct {
	Title    string            `toml:"title" doc:"What it is called."`
	Look     string            `toml:"look" enum:"plain,grand" default:"plain" doc:"How it looks."`
	Material bool              `toml:"material"`
	Order    int               `toml:"order" default:"7"`
	Width    float64           `toml:"width"`
	Day      day.Day           `toml:"day"`
	Date     day.Date          `toml:"date"`
	Changes  []string          `toml:"changes"`
	Formats  []string          `toml:"formats" enum:"html,text" default:"html,text"`
	Site     part              `toml:"site" doc:"A table."`
	Header   []link            `toml:"header"`
	Names    map[string]string `toml:"names"`
	Parts    map[string]part   `toml:"parts"`
	Free     map[string]any    `toml:"free"`

	Untagged string
}

type part struct {
	Name string `toml:"name" also:"label,called"`
	Time string `toml:"time_zone" default:"UTC"`
	Sub  struct {
		Deep string `toml:"deep"`
	} `toml:"sub"`
}

type link struct {
	Text string `toml:"text,required" doc:"The text of the link."`
	Href string `toml:"href,required" example:"/privacy/"`
}

func decode(t *testing.T, text string, v any) (*toml.Places, source.Problems) {
	t.Helper()
	f, p := source.Parse("a.toml", []byte(text))
	if p != nil {
		t.Fatal(p)
	}
	return toml.Decode(f, 0, len(f.Text), v)
}

// empty is the sheet of a text without keys.
func empty() sheet {
	s := sheet{Look: "plain", Order: 7, Formats: []string{"html", "text"}}
	s.Site.Time = "UTC"
	return s
}

var good = []struct {
	name string
	text string
	want func(*sheet)
}{
	{"an empty text gives the defaults", "", func(*sheet) {}},
	{"scalars", "title = \"Ä\"\nlook = 'grand'\nmaterial = true\norder = 0x10\nwidth = 1.5", func(s *sheet) {
		s.Title, s.Look, s.Material, s.Order, s.Width = "Ä", "grand", true, 16, 1.5
	}},
	{"a float takes a whole number", "width = 3", func(s *sheet) { s.Width = 3 }},
	{"days", "day = 2026-01-31\ndate = 2024-02-29", func(s *sheet) {
		s.Day, s.Date = day.Day{Year: 2026, Month: 1, Dom: 31}, day.On(day.Day{Year: 2024, Month: 2, Dom: 29})
	}},
	{"an instant keeps its offset", "date = 2026-01-01 09:00:00+01:00", func(s *sheet) {
		s.Date = day.At(time.Date(2026, 1, 1, 9, 0, 0, 0, time.FixedZone("", 3600)))
	}},
	{"an instant in UTC", "date = 2026-01-01t09:00z", func(s *sheet) {
		s.Date = day.At(time.Date(2026, 1, 1, 9, 0, 0, 0, time.UTC))
	}},
	{"lists", "changes = [ # why\n 'a', \"b\",\n]\nformats = []", func(s *sheet) {
		s.Changes, s.Formats = []string{"a", "b"}, []string{}
	}},
	{"tables of all kinds", "site.name = 'x'\n[[header]]\ntext='a'\nhref='/'\n[[header]]\ntext='b'\nhref='/b'\n[names]\n\"a b\" = 'c'\n[parts.de.sub]\ndeep = 'd'", func(s *sheet) {
		s.Site.Name = "x"
		s.Header = []link{{"a", "/"}, {"b", "/b"}}
		s.Names = map[string]string{"a b": "c"}
		p := part{Time: "UTC"}
		p.Sub.Deep = "d"
		s.Parts = map[string]part{"de": p}
	}},
	{"tables in line", "header = [{text = 'a', href = '/'}, {\n text = 'b',\n href = '/b', # end\n}]\nsite = {sub = {deep = 'x'}}", func(s *sheet) {
		s.Header = []link{{"a", "/"}, {"b", "/b"}}
		s.Site.Sub.Deep = "x"
	}},
	{"a free table", "[free]\na = 1\nb = 1.5\nc = 'x'\nd = true\ne = 2026-01-01\nf = [1, {g = 'h'}]\n[free.i]\nj = 2\n[[free.k]]\nl = 1", func(s *sheet) {
		s.Free = map[string]any{
			"a": int64(1), "b": 1.5, "c": "x", "d": true, "e": day.On(day.Day{Year: 2026, Month: 1, Dom: 1}),
			"f": []any{int64(1), map[string]any{"g": "h"}}, "i": map[string]any{"j": int64(2)},
			"k": []any{map[string]any{"l": int64(1)}},
		}
	}},
	{"a second byte order mark", "\uFEFF\uFEFFtitle = 'x'", func(s *sheet) { s.Title = "x" }},
}

func TestDecode(t *testing.T) {
	t.Parallel()
	for _, test := range good {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			want := empty()
			test.want(&want)
			var have sheet
			_, problems := decode(t, test.text, &have)
			for _, p := range problems {
				t.Error(p)
			}
			if !reflect.DeepEqual(have, want) {
				t.Errorf("have %+v\nwant %+v", have, want)
			}
		})
	}
}

// bad lists mistakes with their problems as printed, each with its code.
var bad = []struct {
	name string
	text string
	want string
}{
	{"an unknown key with a near one", `titel = "x"`, `
unknown-key a.toml:1:1: unknown key "titel"
	did you mean "title"?`},
	{"an unknown key in a table", "[site]\nnmae = 'x'", `
unknown-key a.toml:2:1: unknown key "nmae" in [site]
	did you mean "name"?`},
	{"a key of another table", "[site]\nchanges = ['x']", `
unknown-key a.toml:2:1: unknown key "changes" in [site]
	changes belongs before the first table; move it there`},
	{"a list with the name of a table of tables", "[site]\nparts = ['de']", `
unknown-key a.toml:2:1: unknown key "parts" in [site]
	the keys here are name, time_zone and sub`},
	{"a list that should be a table of tables", "parts = ['de']", `
wrong-type a.toml:1:9: parts is a list, and should be a table
	write [parts.NAME] on a separate line for each, and its keys below it`},
	{"a key of a table, at the top", "deep = 'x'", `
unknown-key a.toml:1:1: unknown key "deep"
	deep belongs in [site.sub]; move it below that line`},
	{"a key under the name of other programs", "[site]\nlabel = 'x'", `
unknown-key a.toml:2:1: unknown key "label" in [site]
	did you mean "name"?`},
	{"a key that is misspelled is not missing", "[[header]]\ntext = 'ä'\nhreff = '/'", `
unknown-key a.toml:3:1: unknown key "hreff" in [[header]]
	did you mean "href"?`},
	{"a date in words", "day = 1 May 2026\ndate = May 1, 2026", `
bad-toml a.toml:1:7: "1 May 2026" is not a date
	write year, month and day: day = 2026-01-31
bad-toml a.toml:2:8: "May 1, 2026" is not a date
	write year, month and day: date = 2026-01-31`},
	{"an unknown key with nothing near", "[[header]]\ntext = 'ä'\nhref = '/'\nqqq = 1", `
unknown-key a.toml:4:1: unknown key "qqq" in [[header]]
	the keys here are text and href`},
	{"an unknown table", "[sites]\nname = 'x'\n[[headers]]", `
unknown-key a.toml:1:2: unknown table [sites]
	did you mean [site]?
unknown-key a.toml:3:3: unknown table [[headers]]
	did you mean [[header]]?`},
	{"an unknown key in an inline table", "site = {name = 'ä', sub = {deeper = 1}}", `
unknown-key a.toml:1:28: unknown key "deeper" in [site.sub]
	did you mean "deep"?`},
	{"a number for a text", "title = 2026", `
wrong-type a.toml:1:9: title is a number, and should be a text
	write title = "2026"`},
	{"a list for a text", "title = ['a']", `
wrong-type a.toml:1:9: title is a list, and should be a text
	write title = "..."`},
	{"yes for true", "material = 'yes'", `
wrong-type a.toml:1:12: material is a text, and should be true or false
	write material = true, without quotation marks`},
	{"a number for true", "material = 3", `
wrong-type a.toml:1:12: material is a number, and should be true or false
	write material = true or material = false`},
	{"a text for a number", "order = '3'\nwidth = inf", `
wrong-type a.toml:1:9: order is a text, and should be a whole number
	write order = 3, without quotation marks
wrong-type a.toml:2:9: width is no finite number, and should be a number
	write width = 1.5`},
	{"a text for a date", "date = \"2026-01-01\"\nday = '1 May 2026'", `
wrong-type a.toml:1:8: date is a text, and should be a date
	write date = 2026-01-01, without quotation marks
wrong-type a.toml:2:7: day is a text, and should be a day
	write day = 2026-01-31: year, month and day, without quotation marks`},
	{"an instant for a day", "day = 2026-01-01T00:00:00Z", `
wrong-type a.toml:1:7: day is a day with a time, and should be a day
	write day = 2026-01-01, without a time`},
	{"a time for a date", "date = 10:00:00", `
wrong-type a.toml:1:8: date is a time of day, and should be a date
	write date = 2026-01-31: year, month and day, without quotation marks`},
	{"a time without offset", "date = 2026-01-01 09:00:00", `
no-offset a.toml:1:8: date has a time without an offset from UTC
	09:00:00 is another moment in every time zone; write date = 2026-01-01T09:00:00Z if this is UTC, else end it in the offset that held, such as +01:00`},
	{"an offset of a day", "date = 2026-01-01T09:00:00+24:00", `
no-offset a.toml:1:8: there is no offset +24:00 from UTC
	offsets go from -12:00 to +14:00, and their minutes from 00 to 59`},
	{"a text for a list", "changes = 'a'", `
wrong-type a.toml:1:11: changes is a text, and should be a list of texts
	write changes = ['a']`},
	{"a number in a list", "changes = ['a',\n  2]", `
wrong-type a.toml:2:3: entry 2 of changes is a number, and should be a text
	write "2"`},
	{"single brackets for a list of tables", "[header]\ntext = 'a'", `
wrong-type a.toml:1:1: header is a table, and should be a list of tables
	write [[header]] with two brackets, once for each`},
	{"double brackets for a table", "[[site]]\nname = 'a'", `
wrong-type a.toml:1:1: site is a list of tables, and should be a table
	write [site] with single brackets, and only once`},
	{"not one of an enumeration", "look = 'Plain'\nformats = ['html', 'pdf']", `
not-one-of a.toml:1:8: "Plain" is not a value of look
	did you mean "plain"?
not-one-of a.toml:2:20: "pdf" is not a value of entry 2 of formats
	write one of "html" or "text"`},
	{"required keys", "[[header]]\ntext = ' '", `
missing-key a.toml:1:1: [[header]] has no key "href"
	add href = "/privacy/"
missing-key a.toml:2:8: text is empty
	write text = "..."
	The text of the link`},
	{"a day that does not exist, and what follows", "date = 2026-02-30\ntitel = 'x'\nday = 2025-13-01", `
no-such-day a.toml:1:8: the day 2026-02-30 does not exist
	February 2026 has 28 days; write date = 2026-02-28
unknown-key a.toml:2:1: unknown key "titel"
	did you mean "title"?
no-such-day a.toml:3:7: the day 2025-13-01 does not exist
	2025 has no month 13; months go from 01 to 12; write day = 2025-12-01`},
	{"a day that does not exist, with a time", "date = 2026-02-29T10:00:00Z", `
no-such-day a.toml:1:8: the day 2026-02-29 does not exist
	February 2026 has 28 days; write date = 2026-02-28T10:00:00Z`},
	{"a time that does not exist", "date = 2026-02-28T25:00:00Z", `
bad-toml a.toml:1:8: "2026-02-28T25:00:00Z" is not a date
	hours go from 00 to 23, minutes and seconds from 00 to 59; write it as 09:00:00, and the offset as +01:00 or Z`},
	{"a key twice, and what follows", "title = 'a'\n# ä\ntitle = 'b'\ntitel = 'c'", `
duplicate-key a.toml:3:1: the key "title" is here twice; the first is in line 1
	remove one of them
unknown-key a.toml:4:1: unknown key "titel"
	did you mean "title"?`},
	{"a key twice in line", "site = {name = 'a', \"name\" = 'b'}", `
duplicate-key a.toml:1:21: the key "name" is here twice; the first is in line 1
	remove one of them`},
	{"a table twice", "[site]\nname = 'a'\n[site]\nname = 'b'", `
duplicate-key a.toml:3:2: the table [site] is here twice; the first is in line 1
	move the keys below this line to the first`},
	{"a table and a list", "[header]\n[[header]]", `
duplicate-key a.toml:2:3: header is a list of tables here, but a table in line 1
	use double brackets in both places, or in neither`},
	{"a text, and keys in it", "names.de = 'a'\nnames = 'b'", `
duplicate-key a.toml:2:1: names is a value here, but a table in line 1
	keep one of the two, or change a name`},
	{"keys in a text", "title = 'a'\ntitle.de = 'b'\nsite.name = 'c'\n[site]\ntime_zone = 'UTC'", `
duplicate-key a.toml:2:1: title is a table here, but a value in line 1
	keep one of the two, or change a name
duplicate-key a.toml:4:2: the table [site] is here twice; the first is in line 3
	move the keys below this line to the first`},
	{"a key in an inline table", "names = {de = 'a'}\nnames.en = 'b'", `
duplicate-key a.toml:2:1: the table [names] is here twice; the first is in line 1
	move this key to the first`},
	{"a list that is written, and one of tables", "header = []\n[[header]]\ntext = 'a'", `
duplicate-key a.toml:2:3: header is a list of tables here, but a value in line 1
	keep one of the two, or change a name`},
	{"an offset of too many minutes", "date = 2026-01-01T09:00:00+05:60", `
no-offset a.toml:1:8: there is no offset +05:60 from UTC
	offsets go from -12:00 to +14:00, and their minutes from 00 to 59`},
	{"mistakes of different kinds", `title = “Terms”
order: 3
look = plain
material = yes
date = 2026-02-30
width = 1.2.3.4
changes = ["a\q", on, 3]
lok = "plain"
[site
name = "a"
[site.sub]
deep = "b" "c"`, `
bad-toml a.toml:1:9: the quotation mark “ cannot begin a text
	use straight quotation marks: title = "Terms"
bad-toml a.toml:2:6: there is a colon after order where an equals sign should be
	write order = 3
bad-toml a.toml:3:8: "plain" has no quotation marks
	write look = "plain"
bad-toml a.toml:4:12: "yes" is not a value
	write material = true
no-such-day a.toml:5:8: the day 2026-02-30 does not exist
	February 2026 has 28 days; write date = 2026-02-28
bad-toml a.toml:6:9: "1.2.3.4" is not a date
	write year, month and day: width = 2026-01-31
bad-toml a.toml:7:14: a backslash in this text is before a character that it cannot escape
	write two backslashes for one, or put the text between single quotation marks: 'C:\texts'
bad-toml a.toml:7:19: "on" is not a value
	write true
wrong-type a.toml:7:23: entry 3 of changes is a number, and should be a text
	write "3"
unknown-key a.toml:8:1: unknown key "lok"
	did you mean "look"?
bad-toml a.toml:9:6: this is not the header of a table
	write it as [name], or as [[name]] for an entry of a list, on a separate line
bad-toml a.toml:12:12: there is more after the end of this text
	put the text between single quotation marks if it has double ones, or a backslash before each of these`},
	{"no quotation marks", "title = The terms # of use\n", `
bad-toml a.toml:1:9: "The terms" has no quotation marks
	write title = "The terms"`},
	{"an address without quotation marks", "[site]\nname = https://example.com/", `
bad-toml a.toml:2:8: "https://example.com/" has no quotation marks
	write name = "https://example.com/"`},
	{"curly quotation marks", "title = “Terms”", `
bad-toml a.toml:1:9: the quotation mark “ cannot begin a text
	use straight quotation marks: title = "Terms"`},
	{"a colon", "title: Terms\n", `
bad-toml a.toml:1:6: there is a colon after title where an equals sign should be
	write title = "Terms"`},
	{"True", "material = True", `
bad-toml a.toml:1:12: "True" is not a value
	write material = true`},
	{"a date of another country", "date = 01.02.2026", `
bad-toml a.toml:1:8: "01.02.2026" is not a date
	write year, month and day: date = 2026-01-31`},
	{"a date of a third country", "date = 1/2/2026", `
bad-toml a.toml:1:8: "1/2/2026" is not a date
	write year, month and day: date = 2026-01-31`},
	{"no value", "title =\nlook = 'plain'", `
bad-toml a.toml:1:8: there is no value here
	write title = "...", or remove the key`},
	{"a text that is not closed", "title = \"Terms\nlook = 'plain'", `
bad-toml a.toml:1:15: this text has no closing quotation mark in its line
	close it with the mark that it begins with; a text of several lines is between """ and """`},
	{"a path of Windows", `title = "C:\Users"`, `
bad-toml a.toml:1:12: a backslash in this text is before a character that it cannot escape
	write two backslashes for one, or put the text between single quotation marks: 'C:\texts'`},
	{"a control character", "title = 'ä\x01'", `
bad-toml a.toml:1:11: the text has the control character U+0001
	remove it; it cannot be seen in most editors, so write the line anew`},
	{"a list without commas", "changes = ['a' 'b']", `
bad-toml a.toml:1:16: this list goes on without a comma or a closing bracket
	put a comma between its entries, and ] after the last`},
	{"leading zeros", "order = 007", `
bad-toml a.toml:1:9: "007" is not a number
	write it with digits only, as 10 or 2.5; put quotation marks around what is a text: order = "007"`},
	{"a word alone", "title", `
bad-toml a.toml:1:6: "title" is not a key with a value
	write a key, an equals sign and a value: title = "..."; a key has letters, digits, _ and -, or is in quotation marks`},
	{"nested without end", "changes = " + strings.Repeat("[", 99999), `
bad-toml a.toml:1:43: this is nested more than 32 deep
	write fewer brackets, braces or dots`},
	{"dotted without end", strings.Repeat("a.", 99999) + "a = 1", `
bad-toml a.toml:1:64: this is nested more than 32 deep
	write fewer brackets, braces or dots`},
}

func TestProblems(t *testing.T) {
	t.Parallel()
	for _, test := range bad {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			var v sheet
			_, problems := decode(t, test.text, &v)
			var have strings.Builder
			for _, p := range problems {
				have.WriteString("\n" + p.Code + " " + p.String())
			}
			if have.String() != test.want {
				t.Errorf("have %s\nwant %s", have.String(), test.want)
			}
		})
	}
}

func TestMissingTable(t *testing.T) {
	t.Parallel()
	var v struct {
		Outer struct {
			Link link `toml:"link"`
		} `toml:"outer"`
		Links []link `toml:"links,required" doc:"Where to."`
	}
	_, problems := decode(t, "", &v)
	want := `a.toml:1:1: the table [[links]] is missing
	add [[links]] and its keys below it
	Where to
a.toml:1:1: the table [outer.link] is missing
	add:
	[outer.link]
	text = "..."
	href = "/privacy/"`
	if have := printed(problems); have != want {
		t.Errorf("have %s\nwant %s", have, want)
	}
}

func printed(ps source.Problems) string {
	var lines []string
	for _, p := range ps {
		lines = append(lines, p.String())
	}
	return strings.Join(lines, "\n")
}

// Front matter is a part of a file, and its positions are those in the file.
func TestDecodePart(t *testing.T) {
	t.Parallel()
	text := "+++\ntitle = 'ä'\nlok = 1\n+++\nText = [\n"
	f := &source.File{Name: "a.md", Text: []byte(text)}
	var v sheet
	places, problems := toml.Decode(f, 4, strings.Index(text, "+++\nText"), &v)
	if have, want := printed(problems), "a.md:3:1: unknown key \"lok\"\n\tdid you mean \"look\"?"; have != want {
		t.Errorf("have %s\nwant %s", have, want)
	}
	if have, want := places.Value("title").String(), "a.md:2:9"; have != want {
		t.Errorf("have %s, want %s", have, want)
	}
	if have, want := places.Key("date").String(), "a.md:2:1"; have != want {
		t.Errorf("have %s, want %s", have, want)
	}
}

func BenchmarkDecodeFrontMatter(b *testing.B) {
	f := &source.File{Name: "a.md", Text: []byte(`effective = 2026-01-01
updated   = 2025-12-15
published = 2025-12-16T09:00:00+01:00
label     = "3.2"
summary   = "Invoices are now kept for ten years."
changes   = ["Retention of invoices: 6 to 10 years"]
material  = true
source    = "https://example.com/privacy/"
`)}
	b.ReportAllocs()
	for b.Loop() {
		var v struct {
			Effective day.Date `toml:"effective" doc:"The day, or the instant, from which the version is in force."`
			Updated   day.Date `toml:"updated" doc:"The day of the last update. Without it, the day it takes effect."`
			Published day.Date `toml:"published" doc:"When the version first appeared, if that is known."`
			Label     string   `toml:"label" doc:"What people call this version, if not by its date."`
			Summary   string   `toml:"summary" doc:"What changed, in a sentence."`
			Changes   []string `toml:"changes" doc:"What changed, point by point."`
			Material  bool     `toml:"material" doc:"Whether the change is material."`
			Reviewed  day.Date `toml:"reviewed" doc:"When the text was last looked over."`
			Source    string   `toml:"source" doc:"Where an imported text came from."`
		}
		if _, problems := toml.Decode(f, 0, len(f.Text), &v); problems != nil {
			b.Fatal(problems)
		}
	}
}
