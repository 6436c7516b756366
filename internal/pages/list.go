package pages

import (
	"bytes"
	"html/template"
	"slices"
	"strings"

	"github.com/privgen/privgen/internal/locale"
	"github.com/privgen/privgen/internal/theme"
)

// lists fills the pages that list policies or versions: the home page and the
// archives; and the 404 page.
type lists struct {
	*linker
	describe    *describer
	frames      *frames
	relations   *relations
	comparisons *comparer
}

func (li *lists) historyFormats(st *status, lang string, w *locale.Words) []theme.Link {
	var out []theme.Link
	if li.config.Output.Writes("feed") {
		out = append(out, li.link(w.Feed, li.paths.Policy(st.Policy, lang)+"feed.atom"))
	}
	if li.config.Output.Writes("json") {
		out = append(out, li.link("JSON", li.paths.Policy(st.Policy, li.paths.Default)+"versions.json"))
	}
	return out
}

func (li *lists) home(lang string) drawing {
	return func(b *bytes.Buffer) error {
		page := theme.Home{Frame: li.frames.of("home", lang, li.paths.Prefix(lang), nil)}
		page.Title = page.Site.Title
		page.Languages = li.frames.languages(lang,
			func(other string) (string, bool) { return li.paths.Prefix(other), true })
		page.Relations = append(li.relations.ofHome(lang), page.Relations...)
		li.listPolicies(&page, lang)
		page.Description = li.titles(lang)
		if li.config.Output.Writes("feed") && len(li.now.statuses) > 0 {
			page.Formats = []theme.Link{li.link(page.Words.Feed, "feed.atom")}
		}
		return li.theme.Render(b, "home", &page)
	}
}

// titles returns the titles of the first policies, for the description of a list.
func (li *lists) titles(lang string) string {
	var out []string
	for _, pol := range li.now.policies[:min(len(li.now.policies), mostLinks)] {
		out = append(out, pol.Title(lang))
	}
	return li.config.Organization.Name + ": " + strings.Join(out, " · ")
}

// mostInFull is how many versions an archive shows as entries. More are lines,
// grouped by year.
const mostInFull = 24

// years groups the versions of an archive by the year in which they took effect.
func years(st *status, versions []theme.Version, l *locale.Locale) []theme.Year {
	if len(versions) <= mostInFull {
		return nil
	}
	var out []theme.Year
	for i, v := range versions {
		name := st.Versions[len(versions)-1-i].Effective().String()[:len("2026")]
		if len(out) == 0 || out[len(out)-1].Name != name {
			out = append(out, theme.Year{ID: "pg:" + name, Name: name})
		}
		last := &out[len(out)-1]
		last.Versions = append(last.Versions, v)
		last.Count = l.Number(len(last.Versions))
	}
	return out
}

// entry returns the line of a policy in a list.
func (li *lists) entry(st *status, lang string) theme.PolicyEntry {
	l := li.locales[lang]
	in := li.paths.Language(st.Policy, lang)
	e := theme.PolicyEntry{
		Slug:        st.Policy.Slug,
		Title:       st.Policy.Title(lang),
		Lang:        foreign(st.Policy.TitleLanguage(lang), lang),
		Description: st.Policy.Description(lang),
		Href:        li.paths.Href(li.paths.Policy(st.Policy, in)),
		Archive:     li.paths.Href(li.paths.Archive(st.Policy, in)),
		Versions:    count(len(st.Versions), l),
		Words:       &l.Words,
	}
	e.Short = shortTitle(e.Title, st.Policy.Settings.Group)
	if st.InForce >= 0 {
		v := li.describe.version(st, st.InForce, lang)
		e.InForce = &v
	}
	if up := st.Upcoming(); up != nil {
		v := li.describe.version(st, slices.Index(st.Versions, up), lang)
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

func (li *lists) archive(st *status, lang string) drawing {
	return func(b *bytes.Buffer) error {
		l := li.locales[lang]
		path := li.paths.Archive(st.Policy, lang)
		page := theme.Archive{
			Frame: li.frames.of("archive", lang, path, st.Policy),
			Slug:  st.Policy.Slug,
			Name:  st.Policy.Title(lang),
			Href:  li.paths.Href(li.paths.Policy(st.Policy, lang)),
		}
		page.Title = fillText(l.Words.ArchiveTitle, "{policy}", page.Name) + " – " + page.Site.Title
		page.Languages = li.frames.languages(lang, func(other string) (string, bool) {
			return li.paths.Archive(st.Policy, other), li.paths.Has(st.Policy, other)
		})
		page.Relations = append(li.relations.ofArchive(st, lang), page.Relations...)
		for i := len(st.Versions) - 1; i >= 0; i-- {
			v := li.describe.version(st, i, lang)
			v.Redline = li.redlineHref(st, pair{i - 1, i}, lang)
			v.Since = li.since(st, i, lang)
			var err error
			if v.Extent, err = li.comparisons.extent(st, i, lang); err != nil {
				return err
			}
			page.Versions = append(page.Versions, v)
		}
		page.Formats = li.historyFormats(st, lang, &l.Words)
		page.Years = years(st, page.Versions, l)
		page.Description = page.Name + ": " + count(len(st.Versions), l) + ". " + li.config.Organization.Name
		if li.config.Redlines.Pairs == "all" {
			page.Comparisons = li.comparable(st, lang)
		}
		return li.theme.Render(b, "archive", &page)
	}
}

// comparable returns which two versions of a policy have a redline.
func (li *lists) comparable(st *status, lang string) []theme.Comparison {
	l := li.locales[lang]
	var out []theme.Comparison
	for i, v := range slices.Backward(st.Versions) {
		one := theme.Comparison{Name: li.describe.name(li.paths.TextFor(v, lang), l)}
		for j := i - 1; j >= 0; j-- {
			if href := li.redlineHref(st, pair{j, i}, lang); href != "" {
				name := li.describe.name(li.paths.TextFor(st.Versions[j], lang), l)
				one.Since = append(one.Since, theme.Link{Text: name, Href: template.URL(href)})
			}
		}
		if len(one.Since) > 0 {
			out = append(out, one)
		}
	}
	return out
}

func (li *lists) notFound() drawing {
	return func(b *bytes.Buffer) error {
		page := theme.NotFound{Frame: li.frames.of("notfound", li.paths.Default, "", nil)}
		page.Title = page.Words.NotFound + " – " + page.Site.Title
		page.Canonical = ""
		page.Robots = "noindex"
		return li.theme.Render(b, "notfound", &page)
	}
}
