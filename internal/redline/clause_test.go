package redline_test

import (
	"testing"

	"github.com/privgen/privgen/internal/markdown"
	"github.com/privgen/privgen/internal/redline"
)

// compare compares two texts.
func compare(before, after string) *redline.Redline {
	p := markdown.NewRenderer(1 << 20)
	return redline.Compare(take(p, before), take(p, after))
}

// Text under a moved heading that did not move with it is removed from the moved clause.
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
