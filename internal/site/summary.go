package site

import (
	"strings"

	"github.com/privgen/privgen/internal/locale"
	"github.com/privgen/privgen/internal/redline"
)

// Summary says how much changed in a line, for the front matter of a version
// of which nobody wrote what changed. It is in the words of the locale, the
// ones that the archive has.
func Summary(r *redline.Redline, l *locale.Locale) string {
	e := extentOf(r.Verdict, &r.Extent, l)
	var parts []string
	if e.Verdict != "" {
		parts = append(parts, strings.TrimRight(e.Verdict, "."))
	}
	return strings.Join(append(parts, e.Counts...), "; ")
}
