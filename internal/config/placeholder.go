package config

import (
	"fmt"
	"net/url"
	"regexp"
	"strings"

	"github.com/privgen/privgen/internal/source"
)

// This file finds the placeholders that privgen init writes if it does not
// know the organization or the URL.

var unfilled = regexp.MustCompile(`\[\[[^\[\]]*\]\]`)

// Placeholders returns a problem for each placeholder in a text that every page shows.
func (c *Config) Placeholders() (problems source.Problems) {
	for _, text := range []struct{ table, key, value string }{
		{"site", "title", c.Site.Title}, {"organization", "name", c.Organization.Name},
		{"organization", "address", c.Organization.Address},
	} {
		if what := unfilled.FindString(text.value); what != "" {
			problems = append(problems, source.NewProblem(c.At(text.table, text.key), "placeholder",
				fmt.Sprintf("%q looks like a placeholder", what), "replace it: every page shows it"))
		}
	}
	return problems
}

// StandIns returns a problem for each text of the config that suits only a preview: a URL
// for examples, and a folder's name, which an import writes as the organization's name.
func (c *Config) StandIns() (problems source.Problems) {
	if p := c.PlaceholderURL(); p != nil {
		problems = append(problems, p)
	}
	if c.Site.Title == "Policies: "+c.Organization.Name {
		problems = append(problems, source.NewProblem(c.At("organization", "name"), "placeholder",
			fmt.Sprintf("%q is the name of the folder whose texts were imported", c.Organization.Name),
			"write the name of your organization, and the title of the site: every page shows both"))
	}
	return problems
}

// PlaceholderURL returns a problem if the host of the site's URL is reserved for
// examples, or nil.
func (c *Config) PlaceholderURL() *source.Problem {
	u, err := url.Parse(c.Site.BaseURL)
	if err != nil {
		return nil // a problem of Parse
	}
	for _, host := range []string{"example.com", "example.org", "example.net"} {
		if strings.HasSuffix("."+u.Hostname(), "."+host) {
			return source.NewProblem(c.At("site", "base_url"), "placeholder",
				fmt.Sprintf("%q looks like a placeholder", c.Site.BaseURL),
				"write the URL at which readers find the site: links between pages, feeds, and sitemaps have it")
		}
	}
	return nil
}
