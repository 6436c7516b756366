package theme_test

import (
	"strconv"
	"strings"
	"testing"
)

// A style sheet is refused at the position where its nesting is too deep, and only
// the first 100 of many mistakes are reported.
func TestSheetBounds(t *testing.T) {
	t.Parallel()
	for _, tt := range []problemTest{
		{name: "blocks in blocks", own: map[string]string{"assets/a.css": strings.Repeat("a{", 100000)},
			want: "bad-css templates/assets/a.css:1:131: brackets are nested more than 64 deep here\n    close them, or write fewer\n"},
		{name: "parentheses in parentheses", own: map[string]string{"assets/a.css": "a{b:" + strings.Repeat("(", 100000) + strings.Repeat(")", 100000) + "}"},
			want: "bad-css templates/assets/a.css:1:69: brackets are nested more than 64 deep here\n    close them, or write fewer\n"},
		{name: "functions in functions", own: map[string]string{"assets/a.css": "a{b:" + strings.Repeat("calc(1 + ", 50000) + "1" + strings.Repeat(")", 50000) + "}"},
			want: "bad-css templates/assets/a.css:1:577: brackets are nested more than 64 deep here\n    close them, or write fewer\n"},
		{name: "mistakes on every line", own: map[string]string{"assets/a.css": strings.Repeat("}\n", 100000)},
			want: strings.Repeat("bad-css templates/assets/a.css:%: \"}\" closes nothing\n    remove it\n", 100)},
	} {
		if strings.Contains(tt.want, "%") {
			for line := 1; strings.Contains(tt.want, "%"); line++ {
				tt.want = strings.Replace(tt.want, "%", strconv.Itoa(line)+":1", 1)
			}
		}
		tt.run(t)
	}
}
