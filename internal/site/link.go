package site

import (
	"fmt"
	"maps"
	"slices"

	"github.com/privgen/privgen/internal/config"
	"github.com/privgen/privgen/internal/source"
	"github.com/privgen/privgen/internal/toml"
)

// checkLinks checks the links in headers and footers that lead into the site.
func (s *Site) checkLinks() (problems source.Problems) {
	var pages []string
	for _, p := range s.Library.Policies {
		pages = append(pages, s.Paths.Href(s.Paths.Policy(p, p.Language)))
	}
	check := func(list []config.Link, path ...string) {
		for i, l := range list {
			if l.Href == "" || s.Library.Leads(s.Config.Markdown, l.Href) {
				continue
			}
			do := toml.Suggest(l.Href, pages, "%q",
				fmt.Sprintf("link to a page of this site, such as %q, or to another host in full", s.Paths.Href("")))
			at := s.Config.At(append(slices.Clone(path), fmt.Sprint(i), "href")...)
			problems = append(problems, source.NewProblem(at, "dead-link",
				fmt.Sprintf("the link to %q leads nowhere", l.Href), do))
		}
	}
	check(s.Config.Header, "header")
	check(s.Config.Footer, "footer")
	for _, tag := range slices.Sorted(maps.Keys(s.Config.Languages)) {
		check(s.Config.Languages[tag].Header, "languages", tag, "header")
		check(s.Config.Languages[tag].Footer, "languages", tag, "footer")
	}
	return problems
}
