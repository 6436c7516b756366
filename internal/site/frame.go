package site

import (
	"slices"
	"strings"

	"github.com/privgen/privgen/internal/config"
	"github.com/privgen/privgen/internal/day"
	"github.com/privgen/privgen/internal/locale"
	"github.com/privgen/privgen/internal/policy"
	"github.com/privgen/privgen/internal/theme"
)

// This file makes what every page has around its own matter.

// frame makes the frame of a page: its kind, language and path, and the policy
// it belongs to, if any.
func (p *plan) frame(kind, lang, path string, of *policy.Policy) theme.Frame {
	l := p.locales[lang]
	return theme.Frame{
		Kind:      kind,
		Site:      p.siteFor(lang, of),
		Lang:      lang,
		Dir:       l.Dir,
		Canonical: p.url(path),
		Relations: p.legalRelations(lang),
		Styles:    p.styles(),
		Words:     &l.Words,
		Settings:  p.theme.Settings(),
	}
}

// mostLinks is how many policies the frame of a page leads to. Where there are
// more, it leads to the list of them, and to the page's own.
const mostLinks = 8

func (p *plan) siteFor(lang string, of *policy.Policy) theme.Site {
	c, own := p.Config, p.Config.Languages[lang]
	s := theme.Site{
		Title:        c.Site.Title,
		Home:         p.href(p.prefix(lang)),
		Organization: organization(c.Organization),
		Header:       links(c.Header),
		Footer:       links(c.Footer),
	}
	if own.Title != "" {
		s.Title = own.Title
	}
	if own.Header != nil {
		s.Header = links(own.Header)
	}
	if own.Footer != nil {
		s.Footer = links(own.Footer)
	}
	for _, st := range p.standings {
		if len(p.standings) <= mostLinks || st.Policy == of {
			s.Policies = append(s.Policies, theme.Link{
				Text: st.Policy.Title(lang), Href: p.href(p.policyPath(st.Policy, p.pageLanguage(st.Policy, lang))),
				Current: st.Policy == of, Rel: legalRel(st.Policy), Lang: foreign(st.Policy.TitleLanguage(lang), lang),
			})
		}
	}
	if len(p.standings) > mostLinks && of != nil {
		s.Policies = slices.Insert(s.Policies, 0, theme.Link{Text: p.locales[lang].Words.Home, Href: s.Home})
	}
	return s
}

// foreign gives a language where it is not that of the page.
func foreign(lang, page string) string {
	if lang == page {
		return ""
	}
	return lang
}

// legalRel is the link relation of a policy (RFC 6903), or nothing.
func legalRel(p *policy.Policy) string {
	switch p.Settings.Kind {
	case "privacy":
		return "privacy-policy"
	case "terms":
		return "terms-of-service"
	}
	return ""
}

// legalRelations lead from any page to the policies that cover it: of each
// kind the first in the site's order.
func (p *plan) legalRelations(lang string) []theme.Relation {
	var out []theme.Relation
	for _, st := range p.standings {
		rel := legalRel(st.Policy)
		if rel == "" || slices.ContainsFunc(out, func(r theme.Relation) bool { return r.Rel == rel }) {
			continue
		}
		out = append(out, theme.Relation{Rel: rel, Href: p.url(p.policyPath(st.Policy, p.pageLanguage(st.Policy, lang)))})
	}
	return out
}

func (p *plan) styles() []string {
	var out []string
	for _, s := range p.theme.Styles() {
		out = append(out, p.href(s))
	}
	return out
}

func organization(o config.Organization) theme.Organization {
	out := theme.Organization{Name: o.Name, URL: o.URL, Email: o.Email, Phone: o.Phone}
	for line := range strings.Lines(strings.TrimSpace(o.Address)) {
		out.Address = append(out.Address, strings.TrimSpace(line))
	}
	for _, c := range o.Contacts {
		out.Contacts = append(out.Contacts, theme.Contact(c))
	}
	return out
}

func links(list []config.Link) []theme.Link {
	var out []theme.Link
	for _, l := range list {
		out = append(out, theme.Link{Text: l.Text, Href: l.Href})
	}
	return out
}

// languageLinks leads to a page in the site's languages: where gives its path
// in one of them, or false.
func (p *plan) languageLinks(current string, where func(lang string) (string, bool)) []theme.LanguageLink {
	return p.linksIn(p.languages(), current, where)
}

// linksIn is languageLinks for a page that may be in other languages than what
// is published.
func (p *plan) linksIn(languages []string, current string, where func(lang string) (string, bool)) []theme.LanguageLink {
	var out []theme.LanguageLink
	for _, lang := range languages {
		if path, ok := where(lang); ok {
			l := p.locales[lang]
			out = append(out, theme.LanguageLink{Lang: lang, Dir: l.Dir, Name: l.Name, Href: p.href(path), Current: lang == current})
		}
	}
	if len(out) < 2 {
		return nil
	}
	return out
}

// A date is what the pages show of a day or an instant, for programs and for
// people. Every date on every page is made here, from one value.
func (p *plan) date(d day.Date, l *locale.Locale) theme.Date {
	if d.IsZero() {
		return theme.Date{}
	}
	text := l.Date(d.In(p.zone))
	if !d.Instant.IsZero() {
		// Where the hour matters, so does whose hour it is.
		text += d.Instant.In(p.zone).Format(", 15:04 (") + p.zone.String() + ")"
	}
	return theme.Date{Datetime: d.String(), Text: text}
}

// sentence fills in a sentence of the program's own words.
func sentence(words string, fill map[string]theme.Part) theme.Sentence {
	var out theme.Sentence
	for words != "" {
		before, rest, ok := strings.Cut(words, "{")
		name, after, closed := strings.Cut(rest, "}")
		part, known := fill[name]
		if !ok || !closed || !known {
			return append(out, theme.Part{Text: words})
		}
		if before != "" {
			out = append(out, theme.Part{Text: before})
		}
		out = append(out, part)
		words = after
	}
	return out
}

// fillText fills in words that hold no links: {name} for each pair.
func fillText(words string, pairs ...string) string {
	return strings.NewReplacer(pairs...).Replace(words)
}
