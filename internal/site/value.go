package site

import "github.com/privgen/privgen/internal/config"

// values returns the values that texts can insert, by full name: the site, the
// organization, and the values of the config.
func values(c *config.Config) map[string]any {
	titles := map[string]any{c.Site.Language: c.Site.Title}
	for tag, l := range c.Languages {
		if l.Title != "" {
			titles[tag] = l.Title
		}
	}
	o := &c.Organization
	all := map[string]any{
		"site.title":           titles,
		"site.url":             c.Site.BaseURL,
		"organization.name":    o.Name,
		"organization.url":     o.URL,
		"organization.address": o.Address,
		"organization.email":   o.Email,
		"organization.phone":   o.Phone,
	}
	for name, v := range c.Values {
		all["values."+name] = v
	}
	return all
}
