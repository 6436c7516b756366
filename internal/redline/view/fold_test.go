package view_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/privgen/privgen/internal/markdown"
	"github.com/privgen/privgen/internal/redline"
	"github.com/privgen/privgen/internal/redline/view"
)

// compare compares two texts.
func compare(before, after string) *redline.Redline {
	p := markdown.NewRenderer(1 << 20)
	return redline.Compare(take(p, before), take(p, after))
}

// Unchanged text is collapsed, except the headings above each change and one block on each
// side of it.
func TestFolds(t *testing.T) {
	t.Parallel()
	const text = "# T\n\nWho we are and what we do, in twelve words or a few more than that.\n\n## 1. A\n\nOne.\n\nTwo.\n\nThree %s.\n\n" +
		"Four.\n\nFive are more words than it takes to say that nothing has changed here at all.\n\n## %d. B\n\nText of B.\n\n### B.1\n\n" +
		"Text of B.1 is long enough to be collapsed, too, as it has more than twelve words.\n\n### B.2\n\nText of %s.\n"
	for _, c := range []struct {
		name, before, after string
		want                []string // in the order of the page
	}{
		{
			"a block", fmt.Sprintf(text, "here", 2, "B.2"), fmt.Sprintf(text, "there", 2, "B.2"),
			[]string{">T<", "> Unchanged<", "<div data-kept>", "Who we are", "</div>", ">1. A<", "Two.", "<ins>there</ins>", "Four.", "> 1. A – B.2<",
				"<div data-kept>", "Five", "B.2", "</div>"},
		},
		{
			"a clause in a clause", fmt.Sprintf(text, "here", 2, "B.2"), fmt.Sprintf(text, "here", 2, "what is new"),
			[]string{">T<", "> T – 1. A<", "</div>", ">2. B<", "> 2. B – B.1<", "Text of B.", "</div>", ">B.2<", "<ins>what is new</ins>"},
		},
		{
			"other numbers alone", fmt.Sprintf(text, "here", 2, "B.2"), fmt.Sprintf(text, "here", 3, "what is new"),
			[]string{">T<", "> T – 1. A<", "data-number", "> 3. B – B.1<", ">B.2<"},
		},
	} {
		r := compare(c.before, c.after)
		page, _ := view.HTML(nil, r, &view.RenderOptions{Unchanged: "Unchanged", Beginning: "Beginning"})
		rest := strings.ReplaceAll(string(page), "Unchanged: ", "")
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
