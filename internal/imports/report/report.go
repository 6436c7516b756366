// Package report describes the plan of an import, for people and for programs.
//
// Its two fundamental types are Report, which is also the output of --json, and
// Policy, the part about one policy. The versions and omissions of a policy add up
// to its states. A report is printed before anything is written; the fields Written,
// Builds, and Seconds are set afterwards.
package report

import (
	"cmp"
	"fmt"
	"io"
	"maps"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/privgen/privgen/internal/imports/history"
	"github.com/privgen/privgen/internal/source"
)

// A Report is the plan of an import, and at the end its result.
type Report struct {
	From     string                 `json:"from"`
	To       string                 `json:"to"`
	NewSite  bool                   `json:"new_site"`
	Commits  int                    `json:"commits,omitempty"`
	States   int                    `json:"states"`
	Versions int                    `json:"versions"`
	Texts    int                    `json:"translations"`
	New      int                    `json:"new"`
	There    int                    `json:"there"`
	Edited   []string               `json:"edited"`
	LeftOut  map[history.Reason]int `json:"left_out"`
	Policies []*Policy              `json:"policies"`
	Notes    []history.Note         `json:"notes"`
	Written  bool                   `json:"written"`
	Builds   bool                   `json:"builds"` // after the import, the site has no problems
	Seconds  float64                `json:"seconds"`

	policies int      // with something new
	between  []string // new files that are older than existing versions of their policy
}

// A Policy is what an import does with one policy.
type Policy struct {
	Slug         string         `json:"slug"`
	Origin       string         `json:"origin"`
	Exists       bool           `json:"exists"`
	States       int            `json:"states"`
	Versions     int            `json:"versions"`
	Translations map[string]int `json:"translations,omitempty"`
	New          int            `json:"new"`
	There        int            `json:"there"`
	Edited       int            `json:"edited"`
	First        string         `json:"first,omitempty"`
	Last         string         `json:"last,omitempty"`
	Dates        map[string]int `json:"dates"` // the number of versions by the source of their date
	Files        []File         `json:"files"`

	LeftOut []history.Omission `json:"left_out"`
}

// A File is a version or translation.
type File struct {
	File     string         `json:"file"`
	Standing history.Status `json:"standing"`
	Origin   string         `json:"origin"`
	Dated    history.Basis  `json:"dated,omitempty"`
	Note     string         `json:"note,omitempty"`
	From     string         `json:"converted_from,omitempty"`
}

// New returns the report of a plan: from a source, with a number of commits or 0,
// to the folder of a site.
func New(plan *history.Plan, from string, commits int, to string, newSite bool) *Report {
	v := &Report{From: from, To: to, NewSite: newSite, Commits: commits, Edited: []string{},
		LeftOut: map[history.Reason]int{}, Notes: append([]history.Note{}, plan.Notes...)}
	for _, p := range plan.Policies {
		one := &Policy{Slug: p.Slug, Origin: p.Origin, Exists: p.Exists, States: len(p.Versions) + len(p.LeftOut),
			Translations: map[string]int{}, Dates: map[string]int{}, Files: []File{},
			LeftOut: append([]history.Omission{}, p.LeftOut...)}
		newest := lastThere(p)
		for _, n := range p.Versions {
			f := File{File: n.File, Standing: n.Status, Origin: n.Origin, From: n.Changed}
			if n.Lang == "" {
				f.Dated, f.Note = n.Basis, n.Note
				one.Versions++
				one.Dates[string(n.Basis)]++
				one.First, one.Last = cmp.Or(one.First, n.ID), n.ID
			} else {
				one.Translations[n.Lang]++
				v.Texts++
			}
			switch n.Status {
			case history.New:
				one.New++
				if n.Lang == "" && n.ID < newest {
					v.between = append(v.between, n.File)
				}
			case history.Present:
				one.There++
			case history.Edited:
				one.Edited++
				v.Edited = append(v.Edited, n.File)
			}
			one.Files = append(one.Files, f)
		}
		for _, o := range p.LeftOut {
			v.LeftOut[o.Reason]++
		}
		slices.SortStableFunc(one.LeftOut, func(a, b history.Omission) int { return a.When.Compare(b.When) })
		if one.New > 0 {
			v.policies++
		}
		v.States += one.States
		v.Versions += one.Versions
		v.New += one.New
		v.There += one.There
		v.Policies = append(v.Policies, one)
	}
	return v
}

// lastThere returns the id of the newest version that the site already has.
func lastThere(p *history.Planned) (id string) {
	for _, n := range p.Versions {
		if n.Status != history.New && n.Lang == "" {
			id = n.ID
		}
	}
	return id
}

// mostListed is the number of policies that are listed without verbose.
const mostListed = 20

// Print writes the plan: a table of the policies, what the user may want to decide,
// and facts. Without verbose, it shows the beginning of each list.
func (v *Report) Print(w io.Writer, verbose bool) {
	p := &printer{w, verbose}
	fmt.Fprintf(w, "%s: ", v.From)
	if v.Commits > 0 {
		fmt.Fprintf(w, "%s, ", source.Count(v.Commits, "commit"))
	}
	fmt.Fprintf(w, "%s, %s, of which %s\n\n",
		source.Count(len(v.Policies), "policy"), source.Count(v.States, "text"), v.become())
	width := len("policy")
	shown := v.Policies
	if !verbose {
		shown = shown[:min(len(shown), mostListed)]
	}
	for _, one := range shown {
		width = max(width, min(utf8.RuneCountInString(one.Slug), 34))
	}
	fmt.Fprintf(w, "  %-*s  versions  first       last          new  left out  dates\n", width, "policy")
	for _, one := range shown {
		p.policy(one, width)
	}
	if n := len(v.Policies) - len(shown); n > 0 {
		fmt.Fprintf(w, "  and %s more; for all of them: --verbose\n", source.Count(n, "policy"))
	}
	if len(v.LeftOut) > 0 && len(v.Policies) > 1 && !verbose {
		fmt.Fprintf(w, "  left out, %d in all; for each of them: --verbose\n", v.States-v.Versions-v.Texts)
	}
	for _, decide := range []bool{true, false} {
		for _, n := range v.notes() {
			if n.Decide == decide {
				p.note(n)
			}
		}
	}
	fmt.Fprintln(w)
}

// notes returns the notes of the plan, and those about its files.
func (v *Report) notes() []history.Note {
	var doubtful []string
	for _, p := range v.Policies {
		for _, o := range p.LeftOut {
			if o.Doubtful {
				doubtful = append(doubtful, fmt.Sprintf("%s %s: %s, %s", o.Day(), o.Origin, o.Reason, o.Note))
			}
		}
	}
	list := slices.Clone(v.Notes)
	for _, n := range []history.Note{
		{Text: "left out, although each is a whole text; --keep-all keeps them", Files: doubtful, Decide: true},
		{Text: "new between existing versions; if you deleted them, write into import.toml: exclude = [...]",
			Files: v.between, Decide: true},
		{Text: "edited since they were imported, and left as they are", Files: v.Edited},
	} {
		if len(n.Files) > 0 {
			list = append(list, n)
		}
	}
	return list
}

// become returns the numbers of versions and translations.
func (v *Report) become() string {
	s := source.Count(v.Versions, "version")
	if v.Texts > 0 {
		s += " and " + source.Count(v.Texts, "translation")
	}
	if v.There+len(v.Edited) > 0 {
		s += fmt.Sprintf(", %d new", v.New)
	}
	return s
}

// Wrote returns the number of files that were written: 3 versions of 1 policy.
func (v *Report) Wrote() string {
	s := source.Count(v.New, "version")
	if v.Texts > 0 {
		s = source.Count(v.New, "text")
	}
	return s + " of " + source.Count(v.policies, "policy")
}

// A printer prints a report.
type printer struct {
	io.Writer
	verbose bool
}

func (w *printer) policy(p *Policy, width int) {
	slug := p.Slug
	if r := []rune(slug); len(r) > width {
		slug = string(r[:width-1]) + "…"
	}
	day := func(id string) string { return fmt.Sprintf("%-10.10s", id) }
	fmt.Fprintf(w, "  %-*s  %8d  %s  %s  %5d  %8d  %s\n",
		width, slug, p.Versions, day(p.First), day(p.Last), p.New, len(p.LeftOut), counts(p.Dates))
	for _, lang := range slices.Sorted(maps.Keys(p.Translations)) {
		fmt.Fprintf(w, "  %-*s  %8d\n", width, "  in "+lang, p.Translations[lang])
	}
	if len(p.LeftOut) > 0 {
		why := map[string]int{}
		for _, o := range p.LeftOut {
			why[o.Reason.Describe()]++
		}
		fmt.Fprintf(w, "    left out: %s\n", counts(why))
	}
	if !w.verbose {
		return
	}
	fmt.Fprintf(w, "    from %s\n", p.Origin)
	for _, f := range p.Files {
		if f.Note != "" || f.From != "" || f.Standing == history.Edited {
			fmt.Fprintf(w, "    %s: %s\n", f.File, f.remark())
		}
	}
	for _, o := range p.LeftOut {
		note := ""
		if o.Note != "" {
			note = ": " + o.Note
		}
		fmt.Fprintf(w, "    left out: %s %s, %s%s\n", o.Day(), o.Origin, o.Reason, note)
	}
}

// counts returns names with their counts: 2 stamp, 1 tag.
func counts(m map[string]int) string {
	var list []string
	for _, name := range slices.Sorted(maps.Keys(m)) {
		list = append(list, fmt.Sprintf("%d %s", m[name], name))
	}
	return strings.Join(list, ", ")
}

// remark returns what is special about a file.
func (f File) remark() string {
	var parts []string
	if f.Note != "" {
		parts = append(parts, "dated by "+string(f.Dated)+": "+f.Note)
	}
	if f.From != "" {
		parts = append(parts, "converted from "+f.From)
	}
	if f.Standing == history.Edited {
		parts = append(parts, "edited since it was imported")
	}
	return strings.Join(parts, "; ")
}

// note prints a note with its files, or the first of them and the number of the rest.
func (w *printer) note(n history.Note) {
	kind, end := "note", ""
	if n.Decide {
		kind = "decide"
	}
	if len(n.Files) > 0 {
		end = ":"
	}
	fmt.Fprintf(w, "\n%s: %s%s\n", kind, strings.TrimSuffix(n.Text, ":"), end)
	for i, line := range n.Files {
		if i == 10 && !w.verbose && len(n.Files) > 11 {
			fmt.Fprintf(w, "  and %d more; for all of them: --verbose\n", len(n.Files)-i)
			return
		}
		fmt.Fprintf(w, "  %s\n", line)
	}
}
