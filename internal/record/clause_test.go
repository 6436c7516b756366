package record_test

import (
	"slices"
	"strings"
	"testing"

	"github.com/privgen/privgen/internal/markdown"
	"github.com/privgen/privgen/internal/record"
	"github.com/privgen/privgen/internal/source"
)

// The words of a clause are counted up to the next heading of the Markdown, whatever
// headings its raw HTML has.
func TestPrintsCount(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		text string
		want []int
	}{
		{"", nil},
		{"One two.\n", []int{2}},
		{"# A\n\nOne two.\n\n## B\n\nThree.\n", []int{3, 2}},
		{"One.\n\n## B\n\nThree four.\n\nB\n-\n\nFive.\n", []int{1, 3, 2}},
		{"\n\n# A\n\n> # Quoted\n\nOne.\n\n# B\n", []int{3, 1}},
		{"# A\n\nOne two.\n\n<h2>B</h2>\n\nThree four five.\n\n## C\n\nSix.\n\n## D\n\nSeven eight.\n", []int{7, 2, 3}},
		{"<h2>B</h2>\n\nOne.\n\n<h2 id=\"c\">C</h2>\n\nTwo.\n\n## D\n\nThree.\n", []int{4, 2}},
	} {
		for _, html := range []string{"refuse", "sanitize"} {
			if html == "refuse" && strings.Contains(c.text, "<h2") {
				continue
			}
			f, problem := source.Parse("a.md", []byte(c.text))
			if problem != nil {
				t.Fatal(problem)
			}
			body, problems := markdown.NewRenderer(1<<16).Parse(f, 0, markdown.Rules{HTML: html})
			if problems != nil {
				t.Fatal(problems)
			}
			var have []int
			for _, p := range record.PrintsOf(body) {
				have = append(have, p.Words)
			}
			if !slices.Equal(have, c.want) {
				t.Errorf("%q with html = %q: have %v, want %v", c.text, html, have, c.want)
			}
		}
	}
}
