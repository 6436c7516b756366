package policy

import (
	"bytes"
	"cmp"
	"fmt"
	"net/url"
	"slices"
	"strings"

	"github.com/privgen/privgen/internal/day"
	"github.com/privgen/privgen/internal/lazyregexp"
	"github.com/privgen/privgen/internal/markdown"
	"github.com/privgen/privgen/internal/source"
	"github.com/privgen/privgen/internal/toml"
)

// A FrontMatter is the front matter of a version file.
type FrontMatter struct {
	Effective day.Date `toml:"effective" also:"date,effective_date,valid_from" doc:"When the version takes effect: a day in the site's time zone, or an instant with its offset. The default is the date that is the file's name."`
	Updated   day.Day  `toml:"updated" also:"lastmod,last_updated,last_modified,modified" doc:"The day on which the text was last changed. The default is the day it takes effect."`
	Published day.Date `toml:"published" doc:"When the version first appears on the site."`
	Reviewed  day.Day  `toml:"reviewed" doc:"The day on which the text was last reviewed without a change."`
	Label     string   `toml:"label" also:"version" doc:"The name of the version, such as 3.0. The default is its date."`
	Summary   string   `toml:"summary" doc:"What changed, in a sentence or two."`
	Generated bool     `toml:"generated" doc:"Whether the summary was generated from counts of what changed, not written by a person."`
	Changes   []string `toml:"changes" doc:"What changed, point by point."`
	Material  bool     `toml:"material" doc:"Whether the change is material: it affects rights or duties of the reader."`
	Source    string   `toml:"source" doc:"Where an imported text came from: a URL, or a path in the repository of its commit."`
	Archived  string   `toml:"archived" doc:"The URL of an archived copy of what was imported."`
	Commit    string   `toml:"commit" doc:"The commit that an imported text came from. A later import recognizes the version by it."`
	Tags      string   `toml:"tags" enum:"resolve,keep" doc:"Whether tags in double braces are replaced (resolve, the default) or are ordinary text (keep): for an imported text with tags of another program."`
	DeadLinks string   `toml:"dead_links" enum:"refuse,keep" doc:"Whether a dead link of this version is a problem (refuse, the default) or is shown as plain text (keep): for a text that may no longer be changed."`
	Mistakes  string   `toml:"mistakes" enum:"refuse,keep" doc:"Whether mistakes in the Markdown of this version are problems (refuse, the default) or the text is rendered as it is (keep): for a text that may no longer be changed."`
	Dated     string   `toml:"dated" doc:"What the date of an imported version was taken from, and what is uncertain about it."`
	Withdrawn day.Day  `toml:"withdrawn" doc:"The day on which an upcoming version was withdrawn. It never takes effect. Its page stays."`

	Aliases map[string]string `toml:"aliases" doc:"Ids that clauses had in earlier versions, each with the id of the clause to which links to it now lead."`
	Removed []string          `toml:"removed_clauses" doc:"Ids of clauses of the previous version that this one omits on purpose."`
}

// Elsewhere returns where a key of policy.toml belongs.
func (FrontMatter) Elsewhere(key string) string {
	switch key {
	case "title":
		return "the title is the text's first heading; for another one, write title in the policy's policy.toml"
	case "kind", "description", "group", "order", "formerly", "successor", "withdrawn_reason":
		return key + " belongs in the policy's policy.toml, because it applies to all versions"
	}
	return ""
}

const fence = "+++"

// formerUntil is the day on which the rule for ids changed: since then ids omit every
// form of a clause's number. A policy that an earlier build of privgen published may
// have had other ids. They stay as anchors in all its versions and translations. A newer
// policy does not get them: it never had them, and each release that renumbers clauses
// would have to add aliases.
//
// Nothing records which build published a page, so the dates of the policy's versions
// decide: when they take effect, were last changed, and were published. They miss only
// a version written by hand that was upcoming on that day and has neither of the last
// two dates.
const formerUntil = "2026-11-28"

// former reports whether a version may have been published before formerUntil.
func (m *FrontMatter) former() bool {
	return slices.ContainsFunc([]string{m.Effective.String(), m.Updated.String(), m.Published.String()},
		func(date string) bool { return date != "" && date < formerUntil })
}

// rules returns the rules for a text: those of its policy, and what its front matter changes.
func (m *FrontMatter) rules(of markdown.Rules) markdown.Rules {
	of.Mistakes = cmp.Or(m.Mistakes, of.Mistakes)
	of.DeadLinks = cmp.Or(m.DeadLinks, of.DeadLinks)
	of.Former = of.Former || m.former()
	return of
}

// splitFrontMatter finds the front matter of a version file: the offsets of its
// TOML, and the offset at which the text begins. A file that does not begin with
// a line of +++ has none.
func splitFrontMatter(f *source.File) (from, to, text int, problem *source.Problem) {
	if from, to, text, ok := toml.FrontMatter(f.Text); ok {
		return from, to, text, nil
	}
	first, _, _ := bytes.Cut(f.Text, []byte("\n"))
	switch start := string(bytes.TrimRight(first, " \t")); {
	case start == "---" && yamlLine(f.Line(2)):
		return 0, 0, 0, source.NewProblem(source.In(f.Name), "yaml-front-matter", "the front matter is YAML",
			"write it as TOML between lines of +++, with = for the colon: effective = 2026-01-31")
	case start != fence:
		return 0, 0, 0, nearMatter(f)
	}
	return 0, 0, 0, source.NewProblem(source.In(f.Name), "front-matter-open",
		"the front matter that begins here is not closed",
		"write a line of +++ after its last key, before the text")
}

// keyLine matches a line of front matter in TOML.
var keyLine = lazyregexp.New(`^\s*[A-Za-z_]+\s*=\s*(?:["'\[{0-9]|true|false)`)

// nearMatter returns the problem of front matter that would be published as text,
// because the file does not begin with a line of +++.
func nearMatter(f *source.File) *source.Problem {
	n := 1 // of the first line that is not blank
	for n < 20 && strings.TrimSpace(f.Line(n)) == "" {
		n++
	}
	line, next := f.Line(n), f.Line(n+1)
	trimmed := strings.TrimSpace(line)
	pos := source.Pos{File: f.Name, Line: n, Col: 1}
	switch {
	case len(trimmed) > 1 && strings.Trim(trimmed, "+") == "" &&
		(keyLine().MatchString(next) || strings.TrimSpace(next) == trimmed):
		return source.NewProblem(pos, "near-front-matter",
			"this looks like front matter, and would be published as text",
			"front matter begins in the first line of the file, with +++ at its beginning and nothing else; "+
				"remove what is before it")
	case keyLine().MatchString(line) && strings.Contains(string(f.Text), "\n"+fence):
		return source.NewProblem(pos, "near-front-matter",
			"this looks like front matter, and would be published as text",
			"write a line of +++ before its first key")
	case len(trimmed) > 2 && strings.Trim(trimmed, "-") == "" && keyLine().MatchString(next):
		return source.NewProblem(pos, "near-front-matter",
			"this looks like front matter, and would be published as text", "write +++ in place of "+trimmed)
	case strings.HasPrefix(trimmed, "---") && strings.Trim(trimmed, "-") == "" && yamlLine(next),
		trimmed == "{" && strings.HasPrefix(strings.TrimSpace(next), `"`), jsonLine().MatchString(trimmed):
		return source.NewProblem(pos, "near-front-matter",
			"this looks like the front matter of another program, and would be published as text",
			"write it as TOML between lines of +++, with = for the colon: effective = 2026-01-31")
	}
	return nil
}

// behindMatter returns the offset after what looks like front matter, or 0 if its end
// is not certain.
func behindMatter(f *source.File) (end int) {
	at, first := 0, ""
	for n, line := range slices.Collect(bytes.Lines(f.Text)) {
		at += len(line)
		t := string(bytes.TrimSpace(line))
		switch {
		case n > 40 || n == 0 && strings.HasPrefix(t, "{"):
			return 0
		case len(t) < 3 || strings.Trim(t, "+") != "" && strings.Trim(t, "-") != "":
		case first != "" && first[0] == t[0]:
			return at
		case first == "":
			if first = t; n > 0 && keyLine().Match(f.Text) {
				return at // the line before the first key is missing
			}
		}
	}
	return 0
}

// jsonLine matches front matter in JSON on one line.
var jsonLine = lazyregexp.New(`^\{\s*"[A-Za-z_]+"\s*:.*\}$`)

func yamlLine(line string) bool {
	key, _, ok := strings.Cut(line, ":")
	return ok && key != "" && !strings.ContainsAny(key, " #*[")
}

// readFrontMatter parses the front matter of a version file. It returns the
// offset at which the text begins.
func readFrontMatter(f *source.File) (m FrontMatter, places *toml.Places, text int, problems source.Problems) {
	from, to, text, problem := splitFrontMatter(f)
	if problem != nil {
		return m, nil, behindMatter(f), source.Problems{problem}
	}
	places, problems = toml.Decode(f, from, to, &m)
	if u, err := url.Parse(m.Archived); m.Archived != "" && (err != nil || u.Host == "" ||
		!slices.Contains([]string{"http", "https"}, u.Scheme)) {
		problems = append(problems, source.NewProblem(places.Value("archived"), "bad-url",
			fmt.Sprintf("%q is not a URL that begins with https:// or http://", m.Archived),
			"write where the archived copy is on the web, or remove the key"))
	}
	if len(bytes.TrimSpace(f.Text[text:])) == 0 && len(problems) == 0 {
		problems = append(problems, source.NewProblem(f.Pos(text), "no-text", "the file has no text",
			"write the policy's text after the front matter, or remove the file"))
	}
	return m, places, text, problems
}

// ReadFrontMatter parses the front matter of a file that may become a version,
// and checks that the file has a text.
func ReadFrontMatter(f *source.File) (FrontMatter, source.Problems) {
	m, _, _, problems := readFrontMatter(f)
	return m, problems
}

// TextStart returns the offset at which the text of a version file begins: after
// its front matter, if it has one.
func TextStart(f *source.File) (int, *source.Problem) {
	_, _, start, problem := splitFrontMatter(f)
	return start, problem
}
