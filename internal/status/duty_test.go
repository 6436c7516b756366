package status_test

import (
	"strings"
	"testing"

	"github.com/privgen/privgen/internal/day"
	"github.com/privgen/privgen/internal/record"
	"github.com/privgen/privgen/internal/release"
)

// lock returns files with a lock file in which all texts are recorded.
func lock(t *testing.T, files ...string) []string {
	t.Helper()
	s, _ := load(t, files...)
	l, problems, err := release.Record(s, nil, "", day.Of(now, s.Config.Zone()))
	if err != nil || problems != nil {
		t.Fatal(err, problems)
	}
	kept := []string{record.File, string(l.Replace()[record.File])}
	for i := 0; i < len(files); i += 2 {
		if files[i] != record.File {
			kept = append(kept, files[i], files[i+1])
		}
	}
	return kept
}

// Two branches each release a version from the same text, and a merge keeps both.
func TestParallel(t *testing.T) {
	t.Parallel()
	const first, six, post = "content/privacy/2026-01-01.md", "content/privacy/2026-07-01.md", "content/privacy/2026-08-01.md"
	base := lock(t, first, "# Privacy\n\n## Retention\n\nFor ten years.\n\n## Rights\n\nWrite to us.\n")
	both := "# Privacy\n\n## Retention\n\nFor six years.\n\n## Rights\n\nWrite to us by post.\n"
	one := lock(t, append(base, six, strings.Replace(both, " by post", "", 1))...)
	other := lock(t, append(base, post, strings.Replace(both, "six", "ten", 1))...)
	merged := append(other, one[4:]...)
	for line := range strings.Lines(one[1]) {
		if !strings.Contains(other[1], line) {
			merged[1] += line
		}
	}
	p := report(t, merged...).Policies[0]
	if len(p.Duties) != 1 {
		t.Fatalf("have %v", p.Duties)
	}
	const what, do = "privacy 2026-08-01 was released without 2026-07-01, and undoes what that version changed",
		"release another version, with both changes, for 2026-08-01 or later"
	if d := p.Duties[0]; d.Code != "parallel-release" || d.File != post || d.What != what || !strings.Contains(d.Do, do) {
		t.Errorf("have %s %v: %s; %s", d.Code, d.Pos, d.What, d.Do)
	}
	if have := printed(report(t, merged...), true); !strings.Contains(have, "  "+post+":1:1: "+what+"\n") {
		t.Errorf("have\n%s", have)
	}

	// Another version has both changes.
	again := lock(t, append(merged, "content/privacy/2026-08-02.md", both)...)
	if p := report(t, again...).Policies[0]; len(p.Duties) != 0 {
		t.Errorf("have %v", p.Duties)
	}
}

// A short notice is no finding if the reason is recorded.
func TestException(t *testing.T) {
	t.Parallel()
	files := []string{"content/privacy/policy.toml", "[[notice]]\nperiod = \"20 days\"\n",
		"content/privacy/2026-01-01.md", "# Privacy\n",
		"content/privacy/2026-06-11.md", "+++\npublished = 2026-05-30\n+++\n# Privacy\n\nMore.\n"}
	p := report(t, files...).Policies[0]
	if len(p.Duties) != 1 || p.Duties[0].Code != "short-notice" ||
		!strings.HasPrefix(p.Duties[0].Do, "let it take effect on 2026-06-20 or later; if it must be sooner, record why:") {
		t.Errorf("have %+v", p.Duties)
	}
	s, _ := load(t, files...)
	l, problems, err := release.Record(s, nil, "A court ordered it.", day.Of(now, s.Config.Zone()))
	if err != nil || problems != nil {
		t.Fatal(err, problems)
	}
	p = report(t, append(files, record.File, string(l.Replace()[record.File]))...).Policies[0]
	const want = "announced on 2026-05-30, 11 days of notice; the rule is 20 days; there is less because: A court ordered it."
	if have := p.Upcoming[0].Notice.String(); have != want || len(p.Duties) != 0 {
		t.Errorf("have %s, %+v", have, p.Duties)
	}
}
