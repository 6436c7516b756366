package record

import (
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/privgen/privgen/internal/day"
	"github.com/privgen/privgen/internal/policy"
)

// A Stamp has the dates and other facts that pages show with a version's text. Like the
// text, they must not change unnoticed.
type Stamp struct {
	Effective day.Date
	Updated   day.Day // as pages show it: never zero
	Published day.Date
	Withdrawn day.Day
	Label     string

	// Format 1 does not have these.
	Material, Generated             bool
	Summary                         string
	Changes                         []string
	Source, Archived, Commit, Dated string
	Aliases                         []string // old id, a space, the id that it leads to; sorted
	Files                           []string // a file that the text shows or links to, a space, its SHA-256
}

const (
	requiredFields = 2 // the number of fields, from the first, that every fact has
	oldFields      = 5 // the number of fields, from the first, that format 1 has
)

// A Field is a field of a fact: its name, and its value as the file has it.
type Field struct{ Name, Value string }

// A Moved is a change of a field of a stamp, or of the settings of a policy.
type Moved struct{ Field, Was, Is string }

// A stampField is a field of a stamp: its name, and a pointer to its value.
type stampField struct {
	name string
	to   any
}

// list returns the fields of the stamp in the order of the file.
func (s *Stamp) list() []stampField {
	return []stampField{
		{"effective", &s.Effective},
		{"updated", &s.Updated},
		{"published", &s.Published},
		{"withdrawn", &s.Withdrawn},
		{"label", &s.Label},
		{"material", &s.Material},
		{"summary", &s.Summary},
		{"changes", &s.Changes},
		{"generated", &s.Generated},
		{"source", &s.Source},
		{"archived", &s.Archived},
		{"commit", &s.Commit},
		{"dated", &s.Dated},
		{"aliases", &s.Aliases},
		{"files", &s.Files},
	}
}

// fields returns the stamp as the file has it. Missing fields are empty.
func (s *Stamp) fields() []Field {
	list := s.list()
	out := make([]Field, len(list))
	for i, f := range list {
		out[i] = Field{f.name, written(f.to)}
	}
	return out
}

// written returns a value as the file has it.
func written(to any) string {
	switch v := to.(type) {
	case *string:
		return *v
	case *bool:
		if *v {
			return "true"
		}
		return ""
	case *[]string:
		return list(*v)
	}
	return to.(fmt.Stringer).String() // a day or a date
}

// parse sets the value to that in the file, and returns what is wrong with it, or "".
func (f stampField) parse(s string) (wrong string) {
	var err error
	switch v := f.to.(type) {
	case *string:
		*v = s
	case *bool:
		if *v = s == "true"; s != "" && !*v {
			return fmt.Sprintf("%s is %q, and can be true only", f.name, s)
		}
	case *[]string:
		if *v, err = unlist(s); err != nil {
			return fmt.Sprintf("the value of %s is not a JSON array of strings", f.name)
		}
	case *day.Day:
		*v, err = day.Parse(s)
	case *day.Date:
		*v, err = ParseDate(s)
	}
	if err != nil {
		return fmt.Sprintf("%s: %v", f.name, err)
	}
	return ""
}

// quoted are the fields with free text, whose values are always quoted.
var quoted = []string{"label", "summary", "source", "archived", "commit", "dated", "reason", "title",
	"withdrawn_reason", "organization"}

// list returns texts as a JSON array, or "" for none.
func list(texts []string) string {
	if len(texts) == 0 {
		return ""
	}
	return quote(texts)
}

// unlist parses what list returned.
func unlist(s string) (texts []string, err error) {
	if s == "" {
		return nil, nil
	}
	return texts, json.Unmarshal([]byte(s), &texts)
}

// Since returns what differs in the stamp from an old one.
func (s *Stamp) Since(old *Stamp) []Moved { return moved(old.fields(), s.fields()) }

// moved compares two lists of the same fields.
func moved(was, is []Field) []Moved {
	var out []Moved
	for i, f := range is {
		if f != was[i] {
			out = append(out, Moved{f.Name, was[i].Value, f.Value})
		}
	}
	return out
}

// movedSince returns what changed in a stamp since it was recorded. If the record is
// old, it compares only the fields of format 1.
func movedSince(now *Stamp, e *Entry, old bool) []Moved {
	if old {
		return moved(e.Stamp.fields()[:oldFields], now.fields()[:oldFields])
	}
	return now.Since(&e.Stamp)
}

// StampOf returns the stamp of a text. Where a version came from, and whether it is
// material, is only in the stamp of its authoritative text.
func (s *Site) StampOf(t *policy.Text) Stamp {
	out := StampOf(t, s.Zone)
	if s.Files != nil {
		out.Files = s.Files(t)
	}
	return out
}

// StampOf returns the stamp of a text without the files that it shows.
func StampOf(t *policy.Text, zone *time.Location) Stamp {
	v, m := t.Version, &t.FrontMatter
	s := Stamp{Effective: v.Effective(), Updated: v.Updated(zone), Published: v.FrontMatter.Published,
		Withdrawn: v.FrontMatter.Withdrawn, Label: m.Label, Summary: m.Summary, Changes: m.Changes,
		Generated: m.Generated}
	if s.Label == "" {
		s.Label = v.FrontMatter.Label
	}
	for _, alias := range slices.Sorted(maps.Keys(m.Aliases)) {
		s.Aliases = append(s.Aliases, alias+" "+m.Aliases[alias])
	}
	if t.Lang == v.Policy.Language {
		m := &v.FrontMatter
		s.Material, s.Source, s.Archived, s.Commit, s.Dated = m.Material, m.Source, m.Archived, m.Commit, m.Dated
	}
	return s
}

// String describes the change, for a message.
func (m Moved) String() string {
	if strings.HasPrefix(m.Was+m.Is, "[") {
		return m.Field + ": " + changedList(m)
	}
	return fmt.Sprintf("%s is %s, and %s was released", m.Field, short(m.Is, "not given"), short(m.Was, "none"))
}

// changedList describes the items of a list that differ.
func changedList(m Moved) string {
	was, _ := unlist(m.Was)
	is, _ := unlist(m.Is)
	var out []string
	for _, one := range is {
		if name := nameOf(one); m.Field == "files" && !slices.Contains(was, one) && hasFile(was, name) {
			out = append(out, strconv.Quote(name)+" is not the file that was released")
		} else if !slices.Contains(was, one) {
			out = append(out, short(shown(m.Field, one), "")+" was not released")
		}
	}
	for _, one := range was {
		name := nameOf(one)
		if !slices.Contains(is, one) && !(m.Field == "files" && hasFile(is, name)) {
			out = append(out, short(shown(m.Field, one), "")+" was released, and is not there")
		}
	}
	if len(out) == 0 {
		return "the order is another"
	}
	return strings.Join(out, ", ")
}

// hasFile reports whether Stamp.Files has a file of this name.
func hasFile(files []string, name string) bool {
	return slices.ContainsFunc(files, func(s string) bool { return strings.HasPrefix(s, name+" ") })
}

// nameOf returns the name of a file in Stamp.Files.
func nameOf(one string) string { return one[:max(0, strings.LastIndexByte(one, ' '))] }

// shown returns an item of a list as messages name it.
func shown(field, one string) string {
	name, to, ok := strings.Cut(one, " ")
	switch {
	case field == "files":
		return strconv.Quote(nameOf(one))
	case field == "aliases" && ok:
		return strconv.Quote(name) + " = " + strconv.Quote(to)
	}
	return strconv.Quote(one)
}

// mostShown is the number of characters of a value that a message shows.
const mostShown = 80

func short(s, none string) string {
	if s == "" {
		return none
	}
	if r := []rune(s); len(r) > mostShown {
		return string(r[:mostShown]) + "..."
	}
	return s
}
