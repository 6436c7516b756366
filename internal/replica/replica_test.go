package replica_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/privgen/privgen/internal/day"
	"github.com/privgen/privgen/internal/markdown"
	"github.com/privgen/privgen/internal/normal"
	"github.com/privgen/privgen/internal/record"
	"github.com/privgen/privgen/internal/replica"
	"github.com/privgen/privgen/internal/source"
)

const (
	first  = "# Terms\n\nWe sell caf\u00e9s.\n\n## Fees\n\nTen euros a month.\n\n## Law\n\nThe law of Norway.\n"
	second = "# Terms\n\nWe sell caf\u00e9s.\n\n## Fees\n\nTwelve euros a month.\n\n## Law\n\nThe law of Norway.\n"
)

// recorded returns a lock file with versions v1, v2, and so on.
func recorded(t *testing.T, texts ...string) *record.Record {
	t.Helper()
	r, list := record.Parse([]byte("format 2\n"))
	if len(list) > 0 {
		t.Fatal(list)
	}
	for i, text := range texts {
		f, problem := source.Parse("text", []byte(text))
		if problem != nil {
			t.Fatal(problem)
		}
		body, _ := markdown.NewRenderer(1<<20).Parse(f, 0, markdown.Rules{})
		e := &record.Entry{Key: record.Key{Policy: "terms", Version: fmt.Sprintf("v%d", i+1), Lang: "en"}, Reads: body.Reading()}
		e.Digest, _ = normal.Digest(f.Text)
		e.SetClauses(record.PrintsOf(body))
		r.Add(e, day.Day{Year: 2026, Month: 1, Dom: 1})
	}
	return r
}

func TestIdentify(t *testing.T) {
	t.Parallel()
	const block = "---\ntitle: A\n---\n\n# Notes\n\nA text that begins with what looks like a head.\n"
	r := recorded(t, first, second, first, block)
	for _, test := range []struct{ name, copy, version string }{
		{"as it is", second, "v2 exactly"},
		{"two versions with one text", first, "v1 exactly, v3 exactly"},
		{"other line ends, a byte order mark, blank lines", "\ufeff\r\n" + strings.ReplaceAll(second, "\n", "\r\n") + "\n\n", "v2 exactly"},
		{"decomposed", strings.ReplaceAll(second, "\u00e9", "e\u0301"), "v2 exactly"},
		{"TOML front matter", "+++\nmaterial = true\n+++\n\n" + second, "v2 exactly"},
		{"YAML front matter", "---\ntitle: Terms\nlang: en\n---\n\n" + second, "v2 exactly"},
		{"a text that begins like a head", block, "v4 exactly"},
		{"the same, with a head", "---\ntitle: \"Notes\"\n---\n" + block, "v4 exactly"},
		{"blank lines before front matter, blanks behind its lines", "\n\n+++ \nmaterial = true\n+++\t\n\n" + second, "v2 exactly"},
		{"the same in YAML", "\n---  \ntitle: Terms\n--- \n" + second, "v2 exactly"},
		{"wrapped anew", strings.ReplaceAll(second, "a month", "a\nmonth"), "v2"},
		{"a word differs", strings.ReplaceAll(second, "Twelve", "Eleven"), ""},
		{"a rule is no front matter", "---\n\n" + second + "\n---\n", ""},
	} {
		var is []string
		c := identify(t, r, test.copy)
		for _, s := range c.Same {
			if s.Exact {
				s.Version += " exactly"
			}
			is = append(is, s.Version)
		}
		if have := strings.Join(is, ", "); have != test.version || c.OK != (have != "") || c.OK == (c.Nearest != nil) {
			t.Errorf("%s: have %q, want %q: %+v", test.name, have, test.version, c)
		}
	}
	near := identify(t, r, strings.ReplaceAll(second, "Norway", "Sweden")).Nearest
	if near == nil || near.Version != "v2" || len(near.Differences) != 1 || !strings.HasPrefix(near.Differences[0], `"Law" `) {
		t.Errorf("nearest: %+v", near)
	}
	// Among equals the one that the head names, and not one that was withdrawn.
	changed := strings.ReplaceAll(first, "Norway", "Sweden")
	for head, want := range map[string]string{"": "v3", "---\npolicy: \"terms\"\nversion: \"v1\"\n---\n": "v1",
		"+++\nnever = \n": ""} {
		if near := identify(t, r, head+changed).Nearest; want != "" && (near == nil || near.Version != want) || near == nil {
			t.Errorf("nearest to a copy with the head %q: %+v", head, near)
		}
	}
	r.Entries()[2].Withdrawn = day.Day{Year: 2026, Month: 2, Dom: 1}
	if near := identify(t, r, changed).Nearest; near == nil || near.Version != "v1" {
		t.Errorf("nearest, with v3 withdrawn: %+v", near)
	}
	if c := identify(t, r, "# Cookies\n\nWe use none.\n"); c.OK || c.Nearest != nil {
		t.Errorf("another text: %+v", c)
	}
}

func TestPrint(t *testing.T) {
	t.Parallel()
	r := recorded(t, first, second, first)
	before, _ := normal.Digest([]byte(strings.ReplaceAll(first, "Ten", "Nine")))
	one := r.Entries()[0]
	one.Corrections = []record.Correction{
		{Day: day.Day{Year: 2026, Month: 2, Dom: 3}, Was: before, Is: one.Digest},
		{Day: day.Day{Year: 2026, Month: 2, Dom: 4}, Was: one.Digest, Is: one.Digest}, // of its stamp
	}
	r.Entries()[2].Removed = &record.Removal{Day: day.Day{Year: 2026, Month: 5, Dom: 6}}
	for _, test := range []struct{ copy, want string }{
		{second, "copy.md: terms v2 (en)\n"},
		{first, "copy.md: terms v1 (en); also terms v3 (en), taken off the site on 2026-05-06\n"},
		{strings.ReplaceAll(second, "a month", "a\nmonth"), "copy.md: terms v2 (en), the same text in another form\n"},
		{strings.ReplaceAll(first, "Ten", "Nine"),
			"copy.md: terms v1 (en), as it was before the correction of 2026-02-03\n"},
		{strings.ReplaceAll(second, "Norway", "Sweden"), "copy.md: no released text; the nearest is terms v2 (en)\n" +
			"  \"Law\" changed (5 words before and after)\n"},
		{"# Cookies\n\nWe use none.\n", "copy.md: no released text, and it has no clause of one\n"},
	} {
		var have strings.Builder
		if err := identify(t, r, test.copy).Print(&have); err != nil || have.String() != test.want {
			t.Errorf("have %q, want %q, %v", have.String(), test.want, err)
		}
	}
	if _, problem := replica.Identify(r, "copy.md", []byte("\xff")); problem == nil || problem.Code != "not-utf8" {
		t.Errorf("a copy that is not UTF-8: have %v", problem)
	}
	// A text in its exact form comes before one that only reads the same.
	two := recorded(t, strings.ReplaceAll(second, "a month", "a\nmonth"), second)
	if same := identify(t, two, second).Same; len(same) != 2 || same[0].Version != "v2" || same[1].Exact {
		t.Errorf("have %+v", same)
	}
}

func identify(t *testing.T, r *record.Record, text string) *replica.Replica {
	t.Helper()
	c, problem := replica.Identify(r, "copy.md", []byte(text))
	if problem != nil {
		t.Fatal(problem)
	}
	return c
}
