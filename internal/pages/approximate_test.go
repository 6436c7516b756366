package pages_test

import (
	"testing"

	"github.com/privgen/privgen/internal/markdown"
	"github.com/privgen/privgen/internal/pages"
)

// Counts of words in a script without spaces are approximate, and say so.
func TestApproximateCounts(t *testing.T) {
	t.Parallel()
	s := pages.NewSummarizer(markdown.Rules{})
	for _, c := range []struct{ before, after, want string }{
		{"# T\n\nWe keep it here.\n", "# T\n\nWe keep it there.\n", "Clauses changed: 1; +1 −1 words"},
		{"# T\n\n我们收集您的姓名。\n", "# T\n\n我们收集您的姓名和地址。\n", "Clauses changed: 1; ≈ +3 −0 words"},
	} {
		if have := s.Summary([]byte(c.before), []byte(c.after), "en"); have != c.want {
			t.Errorf("%q to %q: %q, want %q", c.before, c.after, have, c.want)
		}
	}
}
