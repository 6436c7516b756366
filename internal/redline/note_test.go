package redline_test

import (
	"strings"
	"testing"

	"github.com/privgen/privgen/internal/redline/view"
)

// A changed, added, or removed footnote counts for the first clause that refers to it.
func TestFootnotesOfClauses(t *testing.T) {
	t.Parallel()
	const text = "# T\n\n## A\n\nWe keep it.[^1]\n\n## B\n\nWe store it.[^2]\n\nMore.[^1]\n\n## C\n\nText.\n\n"
	const notes = "[^1]: We keep it for one year after the order.\n\n[^2]: It is in York behind a wall.\n"
	for _, c := range []struct {
		name, before, after string
		want                map[string][2]int // words added and removed, by clause
		listed              string            // the clauses of the list of changes
	}{
		{"a note", text + notes, text + strings.Replace(notes, "one", "two", 1), map[string][2]int{"A": {1, 1}}, "A"},
		{"both", text + notes, text + strings.NewReplacer("one", "two", "York", "Hull").Replace(notes), map[string][2]int{"A": {1, 1}, "B": {1, 1}}, "A B"},
		{"all notes", strings.NewReplacer("[^1]", "", "[^2]", "").Replace(text), text + notes,
			map[string][2]int{"A": {9, 0}, "B": {7, 0}}, "A B"},
	} {
		for _, back := range []bool{false, true} {
			if back {
				c.before, c.after = c.after, c.before
			}
			r := compare(c.before, c.after)
			for _, clause := range r.Clauses {
				want := c.want[clause.Title]
				if back {
					want = [2]int{want[1], want[0]}
				}
				if have := [2]int{clause.WordsAdded, clause.WordsRemoved}; have != want || (clause.State != 0) != (want != [2]int{}) {
					t.Errorf("%s, back %v: %s has %v, state %v, want %v", c.name, back, clause.Title, have, clause.State.Names(), want)
				}
			}
			var listed []string
			options := *setting
			options.Change = func(one view.Change) {
				if k := len(listed); one.Kind != view.Cosmetic && (k == 0 || listed[k-1] != one.Clause.Title) {
					listed = append(listed, one.Clause.Title)
				}
			}
			view.HTML(nil, r, &options)
			if have := strings.Join(listed, " "); c.name != "all notes" && have != c.listed {
				t.Errorf("%s, back %v: changes of %s are listed, want %s", c.name, back, have, c.listed)
			}
			if lines := string(view.Text(nil, r, false)); !strings.Contains(lines, "year") {
				t.Errorf("%s, back %v: the footnotes are left out:\n%s", c.name, back, lines)
			}
		}
	}
}
