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

// A Stamp is what a version says of itself, and shows beside its words, that must
// not change unnoticed.
type Stamp struct {
	Effective day.Date
	Updated   day.Day // as pages show it: never zero
	Published day.Date
	Withdrawn day.Day
	Label     string

	// What format 1 does not have.
	Material, Generated             bool
	Summary                         string
	Changes                         []string
	Source, Archived, Commit, Dated string
	Aliases                         []string // old id, a space, the id that it leads to; sorted
	Files                           []string // a file that the text shows or links to, a space, its SHA-256
}

// oldFields is how many of the fields of a stamp format 1 has.
const oldFields = 5

// A Moved is a change of a field of a stamp, or of the settings of a policy.
type Moved struct{ Field, Was, Is string }

// fields returns the stamp as words: a field that is not there is empty.
func (s *Stamp) fields() []Moved {
	return []Moved{
		{Field: "effective", Is: s.Effective.String()},
		{Field: "updated", Is: s.Updated.String()},
		{Field: "published", Is: s.Published.String()},
		{Field: "withdrawn", Is: s.Withdrawn.String()},
		{Field: "label", Is: s.Label},
		{Field: "material", Is: yes(s.Material)},
		{Field: "summary", Is: s.Summary},
		{Field: "changes", Is: list(s.Changes)},
		{Field: "generated", Is: yes(s.Generated)},
		{Field: "source", Is: s.Source},
		{Field: "archived", Is: s.Archived},
		{Field: "commit", Is: s.Commit},
		{Field: "dated", Is: s.Dated},
		{Field: "aliases", Is: list(s.Aliases)},
		{Field: "files", Is: list(s.Files)},
	}
}

// quoted are the fields whose values somebody worded: they are always quoted.
var quoted = []string{"label", "summary", "source", "archived", "commit", "dated", "reason", "title",
	"withdrawn_reason", "organization"}

func yes(b bool) string {
	if b {
		return "true"
	}
	return ""
}

// list writes texts as a JSON array, nothing for none.
func list(texts []string) string {
	if len(texts) == 0 {
		return ""
	}
	return quote(texts)
}

// unlist reads what list wrote.
func unlist(s string) (texts []string, err error) {
	if s == "" {
		return nil, nil
	}
	return texts, json.Unmarshal([]byte(s), &texts)
}

// Since returns what changed in the stamp since another.
func (s *Stamp) Since(old *Stamp) []Moved { return moved(old.fields(), s.fields()) }

// moved compares two lists of the same fields.
func moved(was, is []Moved) []Moved {
	var out []Moved
	for i, f := range is {
		if f.Is != was[i].Is {
			out = append(out, Moved{f.Field, was[i].Is, f.Is})
		}
	}
	return out
}

// movedSince returns what changed in a stamp since it was recorded, as far as the
// record, which may be of format 1, has it.
func movedSince(now *Stamp, e *Entry, old bool) []Moved {
	if old {
		return moved(e.Stamp.fields()[:oldFields], now.fields()[:oldFields])
	}
	return now.Since(&e.Stamp)
}

// StampOf returns the stamp of a text. What the version as a whole says is part of
// that of its authoritative text.
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

// changedList names the parts of a list that differ.
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

// shown is a part of a list as messages name it.
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

// mostShown is how many characters of a value a message has.
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
