package redline

import (
	"fmt"
	"maps"
	"slices"
	"strings"
	"unicode"

	"github.com/privgen/privgen/internal/markdown"
)

// This file says what changed in numbers: for programs, and in a line or two for
// people.

// A Report is a redline as JSON.
type Report struct {
	Verdict string           `json:"verdict"` // see Verdict.String
	Extent  ReportedExtent   `json:"extent"`
	Clauses []ReportedClause `json:"clauses"` // those that changed
}

// A ReportedExtent is an Extent as JSON.
type ReportedExtent struct {
	ClausesChanged    int `json:"clauses_changed"`
	ClausesAdded      int `json:"clauses_added"`
	ClausesRemoved    int `json:"clauses_removed"`
	ClausesMoved      int `json:"clauses_moved"`
	WordsAdded        int `json:"words_added"`
	WordsRemoved      int `json:"words_removed"`
	WordsMoved        int `json:"words_moved"`
	WordsRestructured int `json:"words_restructured"`
	Links             int `json:"links"`
	Images            int `json:"images"`
	ListNumbers       int `json:"list_numbers"`
	Markup            int `json:"markup"`
	WordsBefore       int `json:"words_before"`
	WordsAfter        int `json:"words_after"`

	// Words of scripts without spaces are counted by character.
	Approximate bool `json:"approximate,omitempty"`
}

// A ReportedClause is a Clause that changed, as JSON.
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

// String returns the verdict in a word: same, rewrapped, relinked, restyled,
// changed, rewritten or swapped.
func (v Verdict) String() string {
	return [...]string{"same", "rewrapped", "relinked", "restyled", "changed", "rewritten", "swapped"}[v]
}

// Names returns what happened to a clause, a word each: added, removed, moved,
// renamed, renumbered, changed, links, markup. The result is never nil.
func (s State) Names() []string {
	out := []string{}
	for _, one := range []struct {
		state State
		name  string
	}{
		{Added, "added"}, {Removed, "removed"}, {Moved, "moved"}, {Renamed, "renamed"},
		{Renumbered, "renumbered"}, {TextChanged, "changed"}, {LinksChanged, "links"}, {StyleChanged, "markup"},
	} {
		if s.Has(one.state) {
			out = append(out, one.name)
		}
	}
	return out
}

// Report returns the redline as JSON.
func (r *Redline) Report() Report {
	e := &r.Extent
	out := Report{
		Verdict: r.Verdict.String(),
		Extent: ReportedExtent{
			e.ClausesChanged, e.ClausesAdded, e.ClausesRemoved, e.ClausesMoved,
			e.WordsAdded, e.WordsRemoved, e.WordsMoved, e.WordsRestructured,
			e.Links, e.Images, e.ListNumbers, e.Styles, e.WordsBefore, e.WordsAfter, e.Approximate,
		},
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
func (r *Redline) Summary() string {
	e := &r.Extent
	var parts []string
	switch r.Verdict {
	case Same:
		parts = append(parts, "the same text")
	case Rewrapped:
		parts = append(parts, "nothing that is read changed, only how it is written")
		parts = append(parts, r.spaces()...)
	case Rewritten:
		parts = append(parts, fmt.Sprintf("rewritten: %d %% of the words are new", e.Share()))
	case Swapped:
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
			parts = append(parts, quantity(one.n, one.noun)+one.does)
		}
	}
	if e.Approximate {
		parts = append(parts, "words of scripts without spaces are counted by character")
	}
	return strings.Join(parts, ", ")
}

// spaces names the spaces other than U+0020 of which one text has more.
func (r *Redline) spaces() (parts []string) {
	more := map[rune]int{}
	for sign, b := range map[int]*markdown.Body{1: r.after, -1: r.before} {
		for _, c := range string(b.Markdown()) {
			if c != ' ' && unicode.Is(unicode.Zs, c) {
				more[c] += sign
			}
		}
	}
	for _, c := range slices.Sorted(maps.Keys(more)) {
		switch n := more[c]; {
		case n > 0:
			parts = append(parts, fmt.Sprintf("%d <U+%04X> added", n, c))
		case n < 0:
			parts = append(parts, fmt.Sprintf("%d <U+%04X> removed", -n, c))
		}
	}
	return parts
}

// Stat returns a line for each clause that changed: how many words were added and
// removed, and what happened to it.
func (r *Redline) Stat() string {
	var b strings.Builder
	for _, c := range r.Clauses {
		if c.State == 0 {
			continue
		}
		title := c.Title
		if title == "" {
			title = "(beginning)"
		}
		states := strings.Join(c.State.Names(), ", ")
		fmt.Fprintf(&b, "  +%-5d -%-5d %s (%s)\n", c.WordsAdded, c.WordsRemoved, title, states)
	}
	return b.String()
}
