package hint_test

import (
	"testing"

	"github.com/privgen/privgen/internal/hint"
)

func TestRedline(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		args []string
		want string
	}{
		{[]string{"privacy", "2024-03-01", "2026-01-01"}, "privgen redline privacy 2024-03-01..2026-01-01"},
		{[]string{"2024-03-01", "2026-01-01.2"}, "privgen redline 2024-03-01..2026-01-01.2"},
		{[]string{"in-force", "draft"}, "privgen redline in-force..draft"},
		{[]string{"privacy", "2024-03-01...draft"}, "privgen redline privacy 2024-03-01..draft"},
		{[]string{"2024-03-01->2026-01-01"}, "privgen redline 2024-03-01..2026-01-01"},
		{[]string{"privacy", "2024-03-01..2026-01-01"}, ""},
		{[]string{"privacy", "draft"}, ""},
		{[]string{"old.md", "new.md"}, ""},
		{[]string{"privacy"}, ""},
		{nil, ""},
	} {
		have := hint.Redline(c.args)
		if c.want == "" && have != "" || c.want != "" && (len(have) < len(c.want) || have[len(have)-len(c.want):] != c.want) {
			t.Errorf("%q: have %q, want %q", c.args, have, c.want)
		}
	}
}

func TestFlag(t *testing.T) {
	t.Parallel()
	if hint.Flag("serve", "port") == "" || hint.Flag("serve", "addr") != "" || hint.Flag("none", "port") != "" {
		t.Error("a flag of another tool has a hint, and others have none")
	}
}
