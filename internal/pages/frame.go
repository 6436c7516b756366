package pages

import (
	"html"
	"html/template"
	"slices"
	"strings"

	"github.com/privgen/privgen/internal/config"
	"github.com/privgen/privgen/internal/policy"
	"github.com/privgen/privgen/internal/theme"
)

// frames fills what every page has around its content: the site's names,
// navigation, and styles.
type frames struct {
	*linker

	// What the frames of all pages have in common, by language. Otherwise each page would
	// go through all policies. Pages add to these lists, so they have no spare capacity.
	sites  map[string]theme.Site // without policies
	legal  map[string][]theme.Relation
	styles []string
}

func newFrames(ln *linker) *frames {
	fr := &frames{linker: ln, sites: map[string]theme.Site{}, legal: map[string][]theme.Relation{}}
	for lang := range ln.locales {
		fr.sites[lang], fr.legal[lang] = fr.names(lang), slices.Clip(fr.relations(lang))
	}
	for _, s := range ln.theme.Styles() {
		fr.styles = append(fr.styles, ln.paths.Href(s))
	}
	fr.styles = slices.Clip(fr.styles)
	return fr
}

// picture returns the URL of a picture of the config, or "" for none.
func (fr *frames) picture(name string) string {
	if name == "" {
		return ""
	}
	return fr.paths.Href(fr.files[name].Path)
}

func escape(s string) string { return html.EscapeString(s) }

// of returns the frame of a page: its kind, language, and path, and the policy
// it belongs to, if any.
func (fr *frames) of(kind, lang, path string, of *policy.Policy) theme.Frame {
	l := fr.locales[lang]
	return theme.Frame{
		Kind:      kind,
		Site:      fr.site(lang, of),
		Lang:      lang,
		Dir:       l.Dir,
		Canonical: fr.paths.URL(path),
		Relations: fr.legal[lang],
		Styles:    fr.styles,
		Words:     &l.Words,
		Settings:  fr.theme.Settings(),
	}
}

// mostLinks is how many policies the frame of a page links to. With more, it
// links to the list of them and to the page's own policy.
const mostLinks = 8

// names returns the names of the site in a language, and its header and footer.
func (fr *frames) names(lang string) theme.Site {
	c, own := fr.config, fr.config.Languages[lang]
	s := theme.Site{
		Title:        c.Site.Title,
		Home:         fr.paths.Href(fr.paths.Prefix(lang)),
		Logo:         fr.picture(c.Site.Logo),
		LogoDark:     fr.picture(c.Site.LogoDark),
		Search:       c.Output.Search,
		Icon:         fr.picture(c.Site.Icon),
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
	return s
}

// site returns what a page shows of the site: all policies if there are few, or if
// the home page does not list them; otherwise the home page and the page's own policy, if any.
func (fr *frames) site(lang string, of *policy.Policy) theme.Site {
	s := fr.sites[lang]
	if len(fr.now.policies) > mostLinks && fr.now.home(fr.config.Site.Home, lang) == nil {
		if of != nil {
			s.Policies = []theme.Link{{Text: fr.locales[lang].Words.Home, Href: template.URL(s.Home)}}
		}
		if st := fr.now.of(of); st != nil {
			s.Policies = append(s.Policies, fr.policyLink(st.Policy, lang, true))
		}
		return s
	}
	for _, pol := range fr.now.policies {
		s.Policies = append(s.Policies, fr.policyLink(pol, lang, pol == of))
	}
	return s
}

func (fr *frames) policyLink(pol *policy.Policy, lang string, current bool) theme.Link {
	l := fr.link(pol.Title(lang), fr.paths.Policy(pol, fr.paths.Language(pol, lang)))
	l.Current, l.Rel, l.Lang = current, legalRel(pol), foreign(pol.TitleLanguage(lang), lang)
	return l
}

// foreign returns a language if it is not that of the page.
func foreign(lang, page string) string {
	if lang == page {
		return ""
	}
	return lang
}

// legalRel returns the link relation of a policy (RFC 6903), or nothing.
func legalRel(p *policy.Policy) string {
	switch p.Settings.Kind {
	case "privacy":
		return "privacy-policy"
	case "terms":
		return "terms-of-service"
	}
	return ""
}

// relations returns links to the policies that cover every page: of each kind the
// first in the site's order.
func (fr *frames) relations(lang string) []theme.Relation {
	var out []theme.Relation
	for _, pol := range fr.now.policies {
		rel := legalRel(pol)
		if rel == "" || slices.ContainsFunc(out, func(r theme.Relation) bool { return r.Rel == rel }) {
			continue
		}
		out = append(out, theme.Relation{Rel: rel,
			Href: fr.paths.URL(fr.paths.Policy(pol, fr.paths.Language(pol, lang)))})
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
		out = append(out, theme.Link{Text: l.Text, Href: template.URL(l.Href)})
	}
	return out
}

// languages returns links to a page in the site's languages. The function where
// returns its path in a language, or false.
func (fr *frames) languages(current string, where func(lang string) (string, bool)) []theme.LanguageLink {
	return fr.linksIn(fr.now.languages(), current, where)
}

// linksIn is like languages, for a page that may be in other languages than
// those published.
func (fr *frames) linksIn(languages []string, current string,
	where func(lang string) (string, bool)) []theme.LanguageLink {
	var out []theme.LanguageLink
	for _, lang := range languages {
		if path, ok := where(lang); ok {
			l := fr.locales[lang]
			out = append(out, theme.LanguageLink{Lang: lang, Dir: l.Dir, Name: l.Name, Href: fr.paths.Href(path),
				Current: lang == current})
		}
	}
	if len(out) < 2 {
		return nil
	}
	return out
}

// sentence fills in a sentence of the program's words.
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

// fillText fills in words without links: {name} for each pair.
func fillText(words string, pairs ...string) string {
	for i := 0; i < len(pairs); i += 2 {
		if before, after, ok := strings.Cut(words, pairs[i]); ok {
			return fillText(before, pairs...) + pairs[i+1] + fillText(after, pairs...)
		}
	}
	return words
}
