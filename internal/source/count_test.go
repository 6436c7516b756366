package source_test

import (
	"testing"

	"github.com/privgen/privgen/internal/source"
)

func TestCount(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		n    int
		noun string
		want string
	}{
		{0, "word", "0 words"},
		{1, "policy", "1 policy"},
		{2, "policy", "2 policies"},
		{1_000, "file", "1000 files"},
	} {
		if have := source.Count(tt.n, tt.noun); have != tt.want {
			t.Errorf("%d %s: have %q, want %q", tt.n, tt.noun, have, tt.want)
		}
	}
}
