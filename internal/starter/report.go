package starter

import (
	"fmt"
	"io"
	"maps"
	"path"
	"slices"
	"strings"

	"github.com/privgen/privgen/internal/day"
	"github.com/privgen/privgen/internal/site"
)

// Report prints what was created in a folder, and what to type next.
func Report(w io.Writer, dir string, policies []*Policy, today day.Day) {
	fmt.Fprintf(w, "created a site in %s:\n", dir)
	width := len(site.ConfigFile)
	for _, p := range policies {
		width = max(width, len(p.Draft()))
	}
	fmt.Fprintf(w, "  %-*s  your organization, the URL, the theme\n", width, site.ConfigFile)
	for _, p := range policies {
		fmt.Fprintf(w, "  %-*s  a draft; replace what is in [[double brackets]]\n", width, p.Draft())
	}
	if _, known := policies[0].textLanguage(); !known {
		fmt.Fprintf(w, "there are no starter texts in %q: the drafts are in English, and cannot be released before "+
			"you translate them;\nthe words around them, such as \"In force\", are in that language already\n"+
			"starter texts are in: %s\n", policies[0].Language, strings.Join(slices.Sorted(maps.Keys(titles)), ", "))
	}
	enter := "cd " + path.Clean(dir) + " && "
	if path.Clean(dir) == "." {
		enter = ""
	}
	fmt.Fprintf(w, "\nsee the drafts in a browser while you write:\n  %sprivgen serve --watch --open\n"+
		"when nothing is left to replace, publish one:\n  privgen release %s --effective %s && privgen build\n",
		enter, policies[0].Slug, today)
}
