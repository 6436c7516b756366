package view

import (
	"cmp"
	"fmt"
	"strings"

	"github.com/privgen/privgen/internal/redline"
	"github.com/privgen/privgen/internal/source"
)

// This file writes the counts of a redline, for programs and for people.

// A Report is a redline as JSON.
type Report struct {
	Verdict string           `json:"verdict"` // see redline.Verdict.String
	Extent  redline.Extent   `json:"extent"`
	Clauses []ReportedClause `json:"clauses"` // those that changed
}

// A ReportedClause is a changed clause as JSON.
type ReportedClause struct {
	ID                string   `json:"id,omitempty"`
	Title             string   `json:"title,omitempty"`
	OldTitle          string   `json:"old_title,omitempty"`
	States            []string `json:"states"`
	WordsAdded        int      `json:"words_added"`
	WordsRemoved      int      `json:"words_removed"`
	WordsMoved        int      `json:"words_moved,omitempty"`
	WordsRestructured int      `json:"words_restructured,omitempty"`
	Before            string   `json:"before"`
	After             string   `json:"after"`
}

// NewReport returns the report of a redline.
func NewReport(r *redline.Redline) Report {
	out := Report{
		Verdict: r.Verdict.String(),
		Extent:  r.Extent,
		Clauses: []ReportedClause{},
	}
	for _, c := range r.Clauses {
		if c.State == 0 {
			continue
		}
		one := ReportedClause{
			ID: c.ID, Title: c.Title, States: c.State.Names(), WordsAdded: c.WordsAdded, WordsRemoved: c.WordsRemoved,
			WordsMoved: c.WordsMoved, WordsRestructured: c.WordsRestructured, Before: c.Before(), After: c.After(),
		}
		if c.OldTitle != c.Title {
			one.OldTitle = c.OldTitle
		}
		out.Clauses = append(out.Clauses, one)
	}
	return out
}

// Summary returns how much changed, on one line.
func Summary(r *redline.Redline) string {
	e := &r.Extent
	var parts []string
	switch r.Verdict {
	case redline.Same:
		parts = append(parts, "the same text")
	case redline.Rewrapped:
		parts = append(parts, "nothing that is read changed, only how it is written")
	case redline.Rewritten:
		parts = append(parts, fmt.Sprintf("rewritten: %d %% of the words are new", e.Share()))
	case redline.Swapped:
		parts = append(parts, "texts in different languages")
	}
	for _, one := range []struct {
		n          int
		noun, does string
	}{
		{e.ClausesChanged, "clause", " changed"}, {e.ClausesAdded, "clause", " added"},
		{e.ClausesRemoved, "clause", " removed"}, {e.ClausesMoved, "clause", " moved"},
		{e.WordsAdded, "word", " added"}, {e.WordsRemoved, "word", " removed"},
		{e.WordsMoved, "word", " moved"}, {e.WordsRestructured, "word", " restructured"},
		{e.Links, "link", " changed"}, {e.Images, "image", " changed"},
		{e.ListNumbers, "list number", " changed"}, {e.Styles, "place", " with other markup"},
	} {
		if one.n > 0 {
			parts = append(parts, source.Count(one.n, one.noun)+one.does)
		}
	}
	if e.Hidden != "" {
		parts = append(parts, e.Hidden)
	}
	if e.Approximate {
		parts = append(parts, "words of scripts without spaces are counted by character")
	}
	return strings.Join(parts, ", ")
}

// Stat returns a line for each changed clause: how many words were added and removed, and
// its states.
func Stat(r *redline.Redline) string {
	var b strings.Builder
	for _, c := range r.Clauses {
		if c.State == 0 {
			continue
		}
		fmt.Fprintf(&b, "  +%-5d -%-5d %s (%s)\n", c.WordsAdded, c.WordsRemoved,
			cmp.Or(c.Title, "(beginning)"), strings.Join(c.State.Names(), ", "))
	}
	return b.String()
}
