// Package choices reads and writes import.toml, a file of a site with the choices
// for its imports: names, dates, files to leave out. An import with such a file
// needs no flags.
//
// Its two fundamental types are Choices, the choices for one import, and File, an
// import.toml.
//
// # The file
//
// Each source has a table, named by the kind of import and the name of the
// repository, folder, or file. The table has no path of the source, so the file
// works for everybody who has a copy of the site and the source:
//
//	exclude = ["content/privacy/2021-03-01.*"]
//
//	[git.website]
//	group = "day"
//
//	[git.website.names]
//	"pages/shop.md" = "shop-rules"
//
// A flag overrides the file. The program writes the file only if the user asks for
// it, and then changes only the table of that source.
package choices

import (
	"fmt"
	"maps"
	"path/filepath"
	"reflect"
	"slices"
	"strings"

	"github.com/privgen/privgen/internal/day"
	"github.com/privgen/privgen/internal/imports/history"
	"github.com/privgen/privgen/internal/lazyregexp"
	"github.com/privgen/privgen/internal/source"
)

// Name is the name of the file, in the folder of the site.
const Name = "import.toml"

// Choices are the choices for one import. The struct tag only lists the kinds of
// import that have a choice; without it, all have it.
type Choices struct {
	Paths     []string          `toml:"paths" only:"git" doc:"The files, folders, and patterns to import; without them, policies are found."`
	Exclude   []string          `toml:"exclude" doc:"Files of the source to leave out: paths, folders, or patterns."`
	Branch    string            `toml:"branch" only:"git archive" doc:"The branch to read."`
	Date      string            `toml:"date" only:"git archive snapshots" doc:"Where dates come from."`
	Group     string            `toml:"group" doc:"Which texts together become one version."`
	Since     day.Day           `toml:"since" doc:"Texts from before this day are left out."`
	Until     day.Day           `toml:"until" doc:"Texts from after this day are left out."`
	KeepAll   bool              `toml:"keep_all" doc:"Texts that were broken or reverted are kept."`
	Summaries bool              `toml:"summaries" doc:"How much changed is the summary of each version."`
	Headings  bool              `toml:"headings" only:"snapshots html" doc:"Lines that are headings except for their markup become headings."`
	Lines     bool              `toml:"lines" only:"snapshots" doc:"No line becomes a heading."`
	Language  string            `toml:"language" doc:"The language of the original texts."`
	Select    string            `toml:"select" only:"git snapshots html" doc:"The element of a page that has the text, as a CSS selector."`
	Address   string            `toml:"address" only:"git snapshots html" doc:"The URL of the pages."`
	Effective day.Day           `toml:"effective" only:"snapshots html" doc:"The date of files without a date."`
	As        string            `toml:"as" only:"snapshots" doc:"The slug of the one policy of which all files are versions."`
	Names     map[string]string `toml:"names" doc:"Slugs, by the path of a file."`
	Join      map[string]string `toml:"join" only:"git" doc:"Files that continue others: the new path by the old one."`
	Set       map[string]string `toml:"set" only:"git" doc:"The words that replace template tags, by the content of the tag."`
}

// Flags are the flags of an import that must be parsed to become choices.
type Flags struct {
	Since, Until, Effective string
	Names, Join, Set        []string
}

// Parse adds the flags to choices. The error is a *source.Problem.
func (f *Flags) Parse(c *Choices) error {
	for _, one := range []struct {
		flag, text string
		day        *day.Day
	}{{"--since", f.Since, &c.Since}, {"--until", f.Until, &c.Until}, {"--effective", f.Effective, &c.Effective}} {
		if one.text == "" {
			continue
		}
		var err error
		if *one.day, err = day.Parse(one.text); err != nil {
			return source.Usage(fmt.Sprintf("%s %s: %v", one.flag, one.text, err),
				"write a day: "+one.flag+" 2024-01-31")
		}
	}
	for _, one := range []struct {
		flag, lacks, do string
		list            []string
		to              *map[string]string
	}{
		{"--name", "has no slug", "write --name legal/datenschutz.md=privacy", f.Names, &c.Names},
		{"--join", "does not name two files", "write --join terms.md=legal/terms.md, the old path first",
			f.Join, &c.Join},
		{"--set", "has no words", "write --set 'site.name=Fernhill Instruments' for {{ site.name }}", f.Set, &c.Set},
	} {
		for _, s := range one.list {
			key, value, ok := strings.Cut(s, "=")
			if one.flag == "--set" {
				key = strings.TrimSpace(strings.TrimSuffix(strings.TrimPrefix(strings.TrimSpace(key), "{{"), "}}"))
			} else {
				key = filepath.ToSlash(key)
			}
			if !ok || key == "" || value == "" && one.flag != "--set" {
				return source.Usage(fmt.Sprintf("%s %s %s", one.flag, s, one.lacks), one.do)
			}
			if *one.to == nil {
				*one.to = map[string]string{}
			}
			(*one.to)[key] = value
		}
	}
	return nil
}

// Over returns the choices c, and those of the base that c does not have. Lists of
// excluded files and tables are joined.
func (c Choices) Over(base Choices) Choices {
	exclude := slices.Concat(base.Exclude, c.Exclude)
	slices.Sort(exclude)
	to := fields(&base)
	for i, f := range fields(&c) {
		table, isTable := f.value.Interface().(map[string]string)
		switch {
		case f.isEmpty():
		case isTable:
			merged := map[string]string{}
			maps.Copy(merged, to[i].value.Interface().(map[string]string))
			maps.Copy(merged, table)
			to[i].value.Set(reflect.ValueOf(merged))
		default:
			to[i].value.Set(f.value)
		}
	}
	base.Exclude = slices.Compact(exclude)
	return base
}

// Check checks the values of choices for a kind of import. It returns the keys that
// lead to the first wrong value, what is wrong with it, and the fix. The keys are nil
// if all values are right.
func (c *Choices) Check(kind string, slug func(string) *source.Problem) (at []string, what, do string) {
	if _, ok := history.ParseGrouping(c.Group); !ok {
		return []string{"group"}, c.Group + ": there is no such grouping",
			"write day, week, tag, stamp or a number of hours: 6-hours"
	}
	if c.Date != "" && !slices.Contains(Bases[kind], c.Date) {
		return []string{"date"}, c.Date + ": there is no such basis", "write " + strings.Join(Bases[kind], " or ")
	}
	if !c.Since.IsZero() && !c.Until.IsZero() && c.Until.Compare(c.Since) < 0 {
		return []string{"until"}, fmt.Sprintf("%s is before --since %s", c.Until, c.Since), "exchange the two days"
	}
	if c.Address != "" && !strings.HasPrefix(c.Address, "https://") && !strings.HasPrefix(c.Address, "http://") {
		return []string{"address"}, c.Address + " is not the URL of a page",
			"write it with its scheme: https://www.example.com/privacy"
	}
	if c.Language != "" && !languageTag().MatchString(c.Language) {
		return []string{"language"}, c.Language + " is not a language", "write its tag, such as de or pt-BR"
	}
	if p := slug(c.As); c.As != "" && p != nil {
		return []string{"as"}, p.What, p.Do
	}
	for _, file := range slices.Sorted(maps.Keys(c.Names)) {
		if p := slug(c.Names[file]); p != nil {
			return []string{"names", file}, p.What, p.Do
		}
	}
	return nil, "", ""
}

// Bases lists the values of the choice date, by kind of import. The first is the
// default.
var Bases = map[string][]string{"git": {"author", "stamp"}, "archive": {"author", "stamp"},
	"snapshots": {"snapshot", "stamp"}, "html": {"snapshot", "stamp"}}

var languageTag = lazyregexp.New(`^[a-z]{2,3}(-[A-Za-z0-9]{2,8})*$`)
