// Package report describes the plan of an import, for people and for programs.
//
// Its two fundamental types are Report, which is also the output of --json, and
// Policy, the part about one policy. The versions and omissions of a policy add up
// to its states. A report is printed before anything is written; the fields Written,
// Builds, and Seconds are set afterwards.
package report

import (
	"fmt"
	"io"
	"maps"
	"slices"
	"strings"
	"time"
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
	Notes    []string               `json:"notes"`
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
	Files        []File         `json:"files"`
	LeftOut      []Not          `json:"left_out"`
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

// A Not is a state that becomes no version.
type Not struct {
	Reason history.Reason `json:"reason"`
	Origin string         `json:"origin"`
	When   string         `json:"when,omitempty"`
	Note   string         `json:"note,omitempty"`

	// Doubtful marks a judgment that may be wrong.
	Doubtful bool `json:"doubtful,omitempty"`
}

// New returns the report of a plan: from a source, with a number of commits or 0,
// to the folder of a site.
func New(plan *history.Plan, from string, commits int, to string, newSite bool) *Report {
	v := &Report{From: from, To: to, NewSite: newSite, Commits: commits, Edited: []string{},
		LeftOut: map[history.Reason]int{}, Notes: append([]string{}, plan.Notes...)}
	for _, p := range plan.Policies {
		one := &Policy{Slug: p.Slug, Origin: p.Origin, Exists: p.Exists, States: p.States,
			Translations: map[string]int{},
			Files:        []File{}, LeftOut: []Not{}}
		for _, n := range p.Versions {
			f := File{File: n.File, Standing: n.Status, Origin: n.Origin, From: n.Changed}
			if n.Lang == "" {
				f.Dated, f.Note = n.Basis, n.Note
				one.Versions++
				if one.First == "" {
					one.First = n.ID
				}
				one.Last = n.ID
			} else {
				one.Translations[n.Lang]++
				v.Texts++
			}
			switch n.Status {
			case history.New:
				one.New++
				if n.Lang == "" && n.ID < lastThere(p) {
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
			not := Not{Reason: o.Reason, Origin: o.Origin, Note: o.Note, Doubtful: o.Doubtful}
			if !o.When.IsZero() {
				not.When = o.When.Format(time.RFC3339)
			}
			one.LeftOut = append(one.LeftOut, not)
			v.LeftOut[o.Reason]++
		}
		slices.SortStableFunc(one.LeftOut, func(a, b Not) int { return strings.Compare(a.When, b.When) })
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

// mostListed is the number of policies and files that are listed.
const mostListed = 20

// Print writes the plan in lines of at most 78 columns if the names allow it.
func (v *Report) Print(w io.Writer, verbose bool) {
	fmt.Fprintf(w, "%s: ", v.From)
	if v.Commits > 0 {
		fmt.Fprintf(w, "%s, ", source.Count(v.Commits, "commit"))
	}
	fmt.Fprintf(w, "%s, %s, of which %s\n\n",
		source.Count(len(v.Policies), "policy"), source.Count(v.States, "text"), v.become())
	width := len("policy")
	shown := v.Policies
	if !verbose && len(shown) > mostListed {
		shown = shown[:mostListed]
	}
	for _, p := range shown {
		width = max(width, min(utf8.RuneCountInString(p.Slug), 34))
	}
	fmt.Fprintf(w, "  %-*s  versions  first       last          new  left out\n", width, "policy")
	for _, p := range shown {
		p.print(w, width, verbose)
	}
	if n := len(v.Policies) - len(shown); n > 0 {
		fmt.Fprintf(w, "  and %s more; for all of them: --verbose\n", source.Count(n, "policy"))
	}
	if len(v.LeftOut) > 0 {
		fmt.Fprintf(w, "\nleft out, %d in all:\n", total(v.LeftOut))
		for _, reason := range slices.Sorted(maps.Keys(v.LeftOut)) {
			fmt.Fprintf(w, "  %5d  %s\n", v.LeftOut[reason], reason.Describe())
		}
		if !verbose {
			fmt.Fprintf(w, "  for each of them: --verbose\n")
		}
	}
	v.printDoubtful(w)
	list(w, "\nnew between existing versions; if you deleted them, write them into import.toml: exclude = [...]",
		v.between, len(v.between))
	list(w, "\nedited since they were imported, and left as they are", v.Edited, len(v.Edited))
	for _, n := range v.Notes {
		fmt.Fprintf(w, "\nnote: %s\n", n)
	}
	fmt.Fprintln(w)
}

// printDoubtful lists what may have been left out by mistake.
func (v *Report) printDoubtful(w io.Writer) {
	var lines []string
	for _, p := range v.Policies {
		for _, o := range p.LeftOut {
			if o.Doubtful {
				lines = append(lines, fmt.Sprintf("%.10s %s: %s, %s", o.When, o.Origin, o.Reason, o.Note))
			}
		}
	}
	list(w, "\nleft out, but check them: each is a whole text (--keep-all keeps them)",
		lines[:min(len(lines), mostListed)], len(lines))
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

func (p *Policy) print(w io.Writer, width int, verbose bool) {
	slug := p.Slug
	if r := []rune(slug); len(r) > width {
		slug = string(r[:width-1]) + "…"
	}
	day := func(id string) string { return fmt.Sprintf("%-10.10s", id) }
	fmt.Fprintf(w, "  %-*s  %8d  %s  %s  %5d  %8d\n",
		width, slug, p.Versions, day(p.First), day(p.Last), p.New, len(p.LeftOut))
	for _, lang := range slices.Sorted(maps.Keys(p.Translations)) {
		fmt.Fprintf(w, "  %-*s  %8d\n", width, "  in "+lang, p.Translations[lang])
	}
	if !verbose {
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
		fmt.Fprintf(w, "    left out: %.10s %s, %s%s\n", o.When, o.Origin, o.Reason, note)
	}
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

// list prints a list of at most ten lines, with the number of the rest.
func list(w io.Writer, what string, lines []string, n int) {
	if n == 0 {
		return
	}
	fmt.Fprintf(w, "%s:\n", what)
	shown := lines[:min(len(lines), 10)]
	for _, line := range shown {
		fmt.Fprintf(w, "  %s\n", line)
	}
	if n > len(shown) {
		fmt.Fprintf(w, "  and %d more\n", n-len(shown))
	}
}

func total(m map[history.Reason]int) (n int) {
	for _, k := range m {
		n += k
	}
	return n
}
