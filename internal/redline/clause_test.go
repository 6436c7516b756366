package redline_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/privgen/privgen/internal/markdown"
	"github.com/privgen/privgen/internal/redline"
)

// compare compares two texts.
func compare(before, after string) *redline.Redline {
	p := markdown.NewRenderer(1 << 20)
	return redline.Compare(take(p, before), take(p, after))
}

// folded returns a redline with no words for screen readers, in which what is
// folded is named by the titles of its clauses, with a star where a number
// changed.
func folded(r *redline.Redline) string {
	s := &redline.RenderOptions{Unchanged: func(cs []*redline.Clause) string {
		var titles []string
		for _, c := range cs {
			if c.State.Has(redline.Renumbered) {
				titles = append(titles, c.Title+"*")
				continue
			}
			titles = append(titles, c.Title)
		}
		return strings.Join(titles, ", ")
	}}
	page, _ := r.HTML(nil, s)
	return string(page)
}

// What did not change is folded, but the headings that what changed stands
// under are seen.
func TestFolds(t *testing.T) {
	t.Parallel()
	const text = "# T\n\n## 1. A\n\nText of A.\n\n### A.1\n\nText of A.1.\n\n### A.2\n\nText of %s.\n\n## %d. B\n\nText of B.\n\n## %d. C\n\n### C.1\n\nText of %s.\n\n## %d. D\n\nText of D.\n"
	for _, c := range []struct {
		name, before, after string
		want                []string // each after the other in the page
	}{
		{
			"a clause within a clause", fmt.Sprintf(text, "A.2", 2, 3, "C.1", 4), fmt.Sprintf(text, "what is new", 2, 3, "C.1", 4),
			[]string{">1. A ", "<details", "1. A, A.1<", "Text of A.", "</details>", ">A.2 ", "<details", "2. B, 3. C, C.1, 4. D<", "</details>"},
		},
		{
			"nothing but headings above it", fmt.Sprintf(text, "A.2", 2, 3, "C.1", 4), fmt.Sprintf(text, "A.2", 2, 3, "what is new", 4),
			[]string{"<details", "1. A, A.1, A.2, 2. B<", "</details>", ">3. C ", ">C.1 ", "<ins> what is new</ins>", "<details", "4. D<"},
		},
		{
			"other numbers alone", fmt.Sprintf(text, "A.2", 2, 3, "C.1", 4), fmt.Sprintf(text, "what is new", 3, 4, "C.1", 5),
			[]string{">1. A ", "</details>", ">A.2 ", "<details", "3. B*, 4. C*, C.1, 5. D*<", "data-number", "</details>"},
		},
	} {
		page := folded(compare(c.before, c.after))
		rest := page
		for _, want := range c.want {
			_, after, found := strings.Cut(rest, want)
			if !found {
				t.Errorf("%s: no %q in %s", c.name, want, rest)
				break
			}
			rest = after
		}
	}
}

// What stood under a heading that moved, and was not taken along, is gone from
// the clause that moved.
func TestMovedAndChanged(t *testing.T) {
	t.Parallel()
	const other = "## Data\n\nWe keep the data that you give us for as long as the law asks us to keep it.\n\n" +
		"## Cookies\n\nCookies are set by nobody but us, and only while you are signed in to the shop.\n\n"
	r := compare("# T\n\n## Rights\n\nWrite to us by mail about whatever you want.\n\n"+other,
		"# T\n\n"+other+"## Rights\n\nEverything can be done online now.\n")
	if e := r.Extent; e.ClausesMoved != 1 || e.ClausesAdded+e.ClausesRemoved != 0 || e.WordsAdded != 6 || e.WordsRemoved != 9 {
		t.Errorf("extent %+v", e)
	}
	for _, c := range r.Clauses {
		if c.Title != "Rights" {
			continue
		}
		if !c.State.Has(redline.Moved | redline.TextChanged) {
			t.Errorf("state %b", c.State)
		}
		if have, want := c.Before(), "Rights\nWrite to us by mail about whatever you want.\n"; have != want {
			t.Errorf("before: %q, want %q", have, want)
		}
		if have, want := c.After(), "Rights\nEverything can be done online now.\n"; have != want {
			t.Errorf("after: %q, want %q", have, want)
		}
	}
}
