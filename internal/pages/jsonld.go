package pages

import (
	"encoding/json"
	"html/template"

	"github.com/privgen/privgen/internal/day"
	"github.com/privgen/privgen/internal/policy"
)

// This file has the JSON-LD of pages that show a text.

// A webPage is the description of a page for programs (schema.org WebPage; there
// is no type for a policy, and Legislation means statutes).
type webPage struct {
	Context          string    `json:"@context"`
	Type             string    `json:"@type"`
	ID               string    `json:"@id"`
	URL              string    `json:"url"`
	Name             string    `json:"name"`
	Version          string    `json:"version"`
	InLanguage       string    `json:"inLanguage"`
	DatePublished    string    `json:"datePublished,omitempty"`
	DateModified     string    `json:"dateModified"`
	LastReviewed     string    `json:"lastReviewed,omitempty"`
	TemporalCoverage string    `json:"temporalCoverage,omitempty"`
	Expires          string    `json:"expires,omitempty"`
	IsBasedOn        string    `json:"isBasedOn,omitempty"`
	TranslationOf    *creative `json:"translationOfWork,omitempty"`
	ArchivedAt       string    `json:"archivedAt"`
	Publisher        publisher `json:"publisher"`
}

type creative struct {
	Type string `json:"@type"`
	ID   string `json:"@id"`
}

type publisher struct {
	Type string `json:"@type"`
	Name string `json:"name"`
	URL  string `json:"url,omitempty"`
}

// jsonLD returns the data block of a page that shows a text. It is data, not a
// script, and encoding/json escapes < > &, so no text can end it.
func (do *documents) jsonLD(st *status, i int, t *policy.Text, title, at string) template.HTML {
	v, m := t.Version, &t.Version.FrontMatter
	page := webPage{
		Context: "https://schema.org", Type: "WebPage", ID: do.paths.URL(at), URL: do.paths.URL(at), Name: title,
		Version: v.ID, InLanguage: t.Lang,
		DatePublished:    m.Published.String(),
		DateModified:     day.On(v.Updated(do.zone)).String(),
		LastReviewed:     m.Reviewed.String(),
		TemporalCoverage: v.Effective().String() + "/..",
		ArchivedAt:       do.paths.URL(do.paths.Archive(st.Policy, t.Lang)),
		Publisher:        publisher{"Organization", do.config.Organization.Name, do.config.Organization.URL},
	}
	if p := m.Published; !p.IsZero() && p.In(do.zone).Compare(v.Updated(do.zone)) >= 0 {
		page.DateModified = page.DatePublished // a page is not modified before it exists
	}
	if !do.paths.Has(st.Policy, t.Lang) {
		page.ArchivedAt = do.paths.URL(do.paths.Archive(st.Policy, do.paths.Default))
	}
	if st.State(i) == policy.Withdrawn && i != st.InForce {
		page.TemporalCoverage = "" // it never takes effect
	} else if end := do.describe.until(st, i); !end.IsZero() {
		until := end.String()
		page.TemporalCoverage = v.Effective().String() + "/" + until
		if st.State(i) != policy.InForce && st.State(i) != policy.Upcoming {
			page.Expires = until
		}
	}
	if i > 0 {
		page.IsBasedOn = do.paths.URL(do.paths.Text(do.paths.TextFor(st.Versions[i-1], t.Lang)))
	}
	if original := v.Authoritative(); original != t {
		page.TranslationOf = &creative{"WebPage", do.paths.URL(do.paths.Text(original))}
	}
	data, err := json.Marshal(page)
	if err != nil {
		panic("privgen: internal error: writing JSON-LD: " + err.Error())
	}
	return template.HTML(`<script type="application/ld+json">` + string(data) + `</script>`)
}
