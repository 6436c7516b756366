package site

import (
	"bytes"
	"slices"
	"strings"

	"github.com/privgen/privgen/internal/locale"
	"github.com/privgen/privgen/internal/markdown"
	"github.com/privgen/privgen/internal/theme"
)

// This file draws the pages that list: the home page, archives, the contents
// of a text; and the 404 page.

func (p *plan) drawHome(lang string) drawing {
	return func(b *bytes.Buffer) error {
		page := theme.Home{Frame: p.frame("home", lang, p.prefix(lang), nil)}
		page.Title = page.Site.Title
		page.Languages = p.languageLinks(lang, func(other string) (string, bool) { return p.prefix(other), true })
		page.Relations = append(p.homeRelations(lang), page.Relations...)
		p.listPolicies(&page, lang)
		return p.theme.Render(b, "home", &page)
	}
}

// entry makes the line of a policy in a list.
func (p *plan) entry(st *standing, lang string) theme.PolicyEntry {
	l := p.locales[lang]
	in := p.pageLanguage(st.Policy, lang)
	e := theme.PolicyEntry{
		Slug:        st.Policy.Slug,
		Title:       st.Policy.Title(lang),
		Lang:        foreign(st.Policy.TitleLanguage(lang), lang),
		Description: st.Policy.Description(lang),
		Href:        p.href(p.policyPath(st.Policy, in)),
		Archive:     p.href(p.archivePath(st.Policy, in)),
		Versions:    count(len(st.Versions), l),
		Words:       &l.Words,
	}
	e.Short = shortTitle(e.Title, st.Policy.Settings.Group)
	if st.InForce >= 0 {
		v := p.version(st, st.InForce, lang)
		e.InForce = &v
	}
	if up := st.Upcoming(); up != nil {
		v := p.version(st, slices.Index(st.Versions, up), lang)
		e.Upcoming = &v
	}
	return e
}

func count(n int, l *locale.Locale) string {
	if n == 1 {
		return l.Words.OneVersion
	}
	return fillText(l.Words.ManyVersions, "{n}", l.Number(n))
}

func (p *plan) drawArchive(st *standing, lang string) drawing {
	return func(b *bytes.Buffer) error {
		l := p.locales[lang]
		path := p.archivePath(st.Policy, lang)
		page := theme.Archive{
			Frame: p.frame("archive", lang, path, st.Policy),
			Slug:  st.Policy.Slug,
			Name:  st.Policy.Title(lang),
			Href:  p.href(p.policyPath(st.Policy, lang)),
		}
		page.Title = fillText(l.Words.ArchiveTitle, "{policy}", page.Name) + " – " + page.Site.Title
		page.Languages = p.languageLinks(lang, func(other string) (string, bool) {
			return p.archivePath(st.Policy, other), p.hasPages(st.Policy, other)
		})
		page.Relations = append(p.archiveRelations(st, lang), page.Relations...)
		for i := len(st.Versions) - 1; i >= 0; i-- {
			v := p.version(st, i, lang)
			v.Redline = p.redlineHref(st, pair{i - 1, i}, lang)
			v.Since = p.since(st, i, lang)
			var err error
			if v.Extent, err = p.extent(st, i, lang); err != nil {
				return err
			}
			page.Versions = append(page.Versions, v)
		}
		page.Formats = p.historyFormats(st, lang, &l.Words)
		return p.theme.Render(b, "archive", &page)
	}
}

func (p *plan) drawNotFound() drawing {
	return func(b *bytes.Buffer) error {
		page := theme.NotFound{Frame: p.frame("notfound", p.language, "", nil)}
		page.Title = page.Words.NotFound + " – " + page.Site.Title
		page.Canonical = ""
		page.Robots = "noindex"
		return p.theme.Render(b, "notfound", &page)
	}
}

// A contents list is worth its room from three headings on; one that is longer
// than a page is a second text, so a long one shows its upper levels only.
const (
	fewestContents = 3
	mostContents   = 60
)

// contents makes the contents list of a text: its headings below its title.
func contents(body *markdown.Body) []theme.Clause {
	clauses := body.Clauses()
	if body.Title() != "" {
		title := slices.IndexFunc(clauses, func(c markdown.Clause) bool { return c.Level > 0 })
		clauses = clauses[title+1:]
	}
	deepest := 6
	for ; deepest > 1; deepest-- {
		n := 0
		for _, c := range clauses {
			if c.Level > 0 && c.Level <= deepest {
				n++
			}
		}
		if n < fewestContents {
			return nil
		}
		if n <= mostContents {
			break
		}
	}
	list, _ := nest(clauses, 0, deepest)
	return list
}

// nest gives the clauses that stand below a level, each with those below it,
// and how many it took.
func nest(clauses []markdown.Clause, above, deepest int) ([]theme.Clause, int) {
	var out []theme.Clause
	i := 0
	for i < len(clauses) {
		c := clauses[i]
		if c.Level > 0 && c.Level <= above {
			break
		}
		i++
		if c.Level == 0 || c.Level > deepest || strings.TrimSpace(c.Title) == "" {
			continue
		}
		item := theme.Clause{ID: c.ID, Title: c.Title}
		n := 0
		item.Clauses, n = nest(clauses[i:], c.Level, deepest)
		i += n
		out = append(out, item)
	}
	return out, i
}
