package policy

import (
	"bytes"
	"fmt"
	"strings"

	"github.com/privgen/privgen/internal/day"
	"github.com/privgen/privgen/internal/source"
	"github.com/privgen/privgen/internal/toml"
)

// A FrontMatter is the front matter of a version file.
type FrontMatter struct {
	Effective day.Date `toml:"effective" doc:"When the version takes effect: a day in the site's time zone, or an instant with its offset. Without it, the file's name must be a date."`
	Updated   day.Day  `toml:"updated" doc:"The day on which the text was last changed; without it, the day it takes effect."`
	Published day.Date `toml:"published" doc:"When the version first appeared. Before then no page shows it."`
	Reviewed  day.Day  `toml:"reviewed" doc:"The day on which the text was last reviewed without a change."`
	Label     string   `toml:"label" doc:"What people call the version, if not its date."`
	Summary   string   `toml:"summary" doc:"What changed, in a sentence or two."`
	Changes   []string `toml:"changes" doc:"What changed, point by point."`
	Material  bool     `toml:"material" doc:"The change is material: it matters to the reader's rights or duties."`
	Source    string   `toml:"source" doc:"Where an imported text came from: an address, or a path in the repository of its commit."`
	Archived  string   `toml:"archived" doc:"The address of an archived copy of what was imported."`
	Commit    string   `toml:"commit" doc:"The commit that an imported text came from. A second import knows the version by it."`
	Dated     string   `toml:"dated" doc:"What the date of an imported version was taken from, and what is not sure about it."`
	Generated bool     `toml:"generated" doc:"The summary was made by a program that counted what changed, not written by a person."`
	Tags      string   `toml:"tags" enum:"resolve,keep" doc:"Tags in double braces are resolved (resolve), or are text like any other (keep): those of another program in an imported text."`
	Withdrawn day.Day  `toml:"withdrawn" doc:"The day on which a version that had not taken effect yet was withdrawn. It never takes effect; its page stays."`

	Aliases map[string]string `toml:"aliases" doc:"Ids that clauses had in earlier versions, each with the id of the clause that a link to it leads to now."`
	Removed []string          `toml:"removed_clauses" doc:"Ids of clauses of the version before that this one gives up on purpose."`
}

const fence = "+++"

// splitFrontMatter finds the front matter of a version file: the offsets of its TOML
// and the offset at which the text begins. A file that does not begin with a
// line of +++ has none.
func splitFrontMatter(f *source.File) (from, to, text int, problem *source.Problem) {
	first, _, _ := bytes.Cut(f.Text, []byte("\n"))
	switch string(bytes.TrimRight(first, " \t")) {
	case fence:
	case "---":
		if yamlLine(f.Line(2)) {
			return 0, 0, 0, source.NewProblem(source.In(f.Name), "yaml-front-matter", "the front matter is YAML",
				"write it as TOML between lines of +++, with = for the colon: effective = 2026-01-31")
		}
		return 0, 0, 0, nil
	default:
		return 0, 0, 0, nil
	}
	from = min(len(first)+1, len(f.Text))
	for at := from; at < len(f.Text); {
		line, _, more := bytes.Cut(f.Text[at:], []byte("\n"))
		if string(bytes.TrimRight(line, " \t")) == fence {
			end := at + len(line)
			if more {
				end++
			}
			return from, at, end, nil
		}
		at += len(line) + 1
	}
	return 0, 0, 0, source.NewProblem(source.In(f.Name), "front-matter-open", "the front matter that begins here is not closed",
		"write a line of +++ after its last key, before the text")
}

func yamlLine(line string) bool {
	key, _, ok := strings.Cut(line, ":")
	return ok && key != "" && !strings.ContainsAny(key, " #*[")
}

// readFrontMatter reads the front matter of a version file. It gives the offset at
// which the text begins.
func readFrontMatter(f *source.File) (m FrontMatter, places *toml.Places, text int, problems source.Problems) {
	from, to, text, problem := splitFrontMatter(f)
	if problem != nil {
		return m, nil, 0, source.Problems{problem}
	}
	places, problems = toml.Decode(f, from, to, &m)
	if len(bytes.TrimSpace(f.Text[text:])) == 0 && len(problems) == 0 {
		problems = append(problems, source.NewProblem(f.Pos(text), "no-text", "the file holds no text",
			"write the policy's text after the front matter, or remove the file"))
	}
	return m, places, text, problems
}

// ReadFrontMatter reads the front matter of a file that may become a version, and
// holds the file to having a text.
func ReadFrontMatter(f *source.File) (FrontMatter, source.Problems) {
	m, _, _, problems := readFrontMatter(f)
	return m, problems
}

// noDate is the problem of a version of which nobody says when it takes effect.
func noDate(file, id string) *source.Problem {
	return source.NewProblem(source.In(file), "no-date", fmt.Sprintf("nothing says when the version %q takes effect", id),
		"write effective = 2026-01-31 in its front matter, between lines of +++,\nor name the file by its date: 2026-01-31.md")
}

// TextStart gives the offset at which the text of a version file begins: after
// its front matter, if it has one.
func TextStart(f *source.File) (int, *source.Problem) {
	_, _, start, problem := splitFrontMatter(f)
	return start, problem
}
