package site

import (
	"slices"

	"github.com/privgen/privgen/internal/policy"
	"github.com/privgen/privgen/internal/theme"
)

// This file makes the links between pages that programs follow: version
// navigation (RFC 5829), translations (hreflang), feeds and link sets.

// policyRelations are those of the page in force. Its latest version is the
// permalink of the version that it shows; one that takes effect later is that
// version's successor (RFC 5829, section 3).
func (p *plan) policyRelations(st *standing, i int, t *policy.Text, lang string) []theme.Relation {
	out := []theme.Relation{
		{Rel: "version-history", Href: p.url(p.archivePath(st.Policy, lang))},
		{Rel: "latest-version", Href: p.url(p.textPath(t))},
	}
	if i > 0 {
		out = append(out, theme.Relation{Rel: "predecessor-version", Href: p.url(p.textPath(p.textFor(st.Versions[i-1], lang)))})
	}
	if i+1 < len(st.Versions) {
		out = append(out, theme.Relation{Rel: "successor-version", Href: p.url(p.textPath(p.textFor(st.Versions[i+1], lang)))})
	}
	if t.Lang == lang {
		out = append(out, p.translations(t.Version, func(t *policy.Text) string { return p.policyPath(st.Policy, t.Lang) })...)
	}
	return append(out, p.historyRelations(st, lang)...)
}

// versionRelations are those of a permalink. It names no successor: that
// would change a page that is to stay as it is. The link set has it.
func (p *plan) versionRelations(st *standing, i int, t *policy.Text) []theme.Relation {
	out := []theme.Relation{
		{Rel: "version-history", Href: p.url(p.archivePath(st.Policy, t.Lang))},
		{Rel: "latest-version", Href: p.url(p.policyPath(st.Policy, t.Lang))},
	}
	if i > 0 {
		out = append(out, theme.Relation{Rel: "predecessor-version", Href: p.url(p.textPath(p.textFor(st.Versions[i-1], t.Lang)))})
	}
	return append(out, p.translations(t.Version, p.textPath)...)
}

// translations leads to the texts of one version in all its languages, the
// page's own among them, and to the authoritative one for everybody else.
func (p *plan) translations(v *policy.Version, path func(*policy.Text) string) []theme.Relation {
	if len(v.Texts) < 2 {
		return nil
	}
	var out []theme.Relation
	for _, t := range v.Texts {
		out = append(out, theme.Relation{Rel: "alternate", Hreflang: t.Lang, Href: p.url(path(t))})
	}
	return append(out, theme.Relation{Rel: "alternate", Hreflang: "x-default", Href: p.url(path(v.Authoritative()))})
}

func (p *plan) archiveRelations(st *standing, lang string) []theme.Relation {
	var out []theme.Relation
	langs := p.pageLanguages(st.Policy)
	if len(langs) > 1 {
		for _, l := range langs {
			out = append(out, theme.Relation{Rel: "alternate", Hreflang: l, Href: p.url(p.archivePath(st.Policy, l))})
		}
		out = append(out, theme.Relation{Rel: "alternate", Hreflang: "x-default", Href: p.url(p.archivePath(st.Policy, p.language))})
	}
	return append(out, p.historyRelations(st, lang)...)
}

func (p *plan) homeRelations(lang string) []theme.Relation {
	var out []theme.Relation
	if len(p.others) > 0 {
		for _, l := range p.languages() {
			out = append(out, theme.Relation{Rel: "alternate", Hreflang: l, Href: p.url(p.prefix(l))})
		}
		out = append(out, theme.Relation{Rel: "alternate", Hreflang: "x-default", Href: p.url("")})
	}
	if p.writes("feed") && len(p.standings) > 0 {
		out = append(out, theme.Relation{Rel: "alternate", Type: typeAtom, Title: p.siteFor(lang, nil).Title, Href: p.url("feed.atom")})
	}
	return out
}

// historyRelations lead to the history of a policy for programs.
func (p *plan) historyRelations(st *standing, lang string) []theme.Relation {
	var out []theme.Relation
	if p.writes("json") {
		out = append(out, theme.Relation{Rel: "linkset", Type: typeLinks, Href: p.url(p.policyPath(st.Policy, p.language) + "links.json")})
	}
	if p.writes("feed") {
		title := st.Policy.Title(lang)
		dir := p.policyPath(st.Policy, lang)
		out = append(out,
			theme.Relation{Rel: "alternate", Type: typeAtom, Title: title, Href: p.url(dir + "feed.atom")},
			theme.Relation{Rel: "alternate", Type: typeJSONFeed, Title: title, Href: p.url(dir + "feed.json")})
	}
	return out
}

// writes reports whether the site offers a format: all of them, unless the
// config names some.
func (s *Site) writes(format string) bool {
	return s.Config.Output.Formats == nil || slices.Contains(s.Config.Output.Formats, format)
}
