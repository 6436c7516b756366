package redline_test

import (
	"strings"
	"testing"

	"github.com/privgen/privgen/internal/markdown"
	"github.com/privgen/privgen/internal/redline"
	"github.com/privgen/privgen/internal/redline/view"
)

// A redline does not depend on earlier ones, even if these had the same gap: which headings
// are paired depends on the rest of the texts.
func TestEarlierRedlinesChangeNothing(t *testing.T) {
	t.Parallel()
	const (
		before = "# Terms\n\n@ starts here.\n\n## Payment and @ fees\n\nYou pay @ within a month.\n"
		after  = "# Terms\n\n@ starts here.\n\n## Payment and @ costs\n\nYou pay @ within a year.\n"
		moved  = "\nOther @ words.\n\n## Payment and @ fees\n\nThe fees of @ are listed apart.\n"
		quoted = "> @ is said.\n>\n> ## Payment and @ fees\n>\n> All of it is paid by @ within a month.\n"
		now    = "> @ was said.\n>\n> ## Payment and @ costs\n>\n> All of it is paid by @ within a year.\n"
	)
	pairs := [][2]string{{before, after}, {before, after + moved}, {before + moved, after}, {quoted, now}, {quoted, now + moved}}
	redlines := func(name string, order ...int) []string {
		out := make([]string, len(pairs))
		p := markdown.NewRenderer(1 << 20) // all texts share passages
		for _, i := range order {
			text := func(s string) *markdown.Body { return take(p, strings.ReplaceAll(s, "@", name)) }
			page, _ := view.HTML(nil, redline.Compare(text(pairs[i][0]), text(pairs[i][1])), setting)
			out[i] = strings.ReplaceAll(string(page), name, "@")
		}
		return out
	}
	want := redlines("alice", 0, 1, 2, 3, 4)
	for i, got := range redlines("carol", 4, 3, 2, 1, 0, 4, 3, 2) {
		if got != want[i] {
			t.Errorf("pair %d is\n%s\nafter other redlines, want\n%s", i, got, want[i])
		}
	}
}
