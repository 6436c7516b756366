package pages

import (
	"bytes"
	"cmp"
	"html/template"
	"slices"
	"strings"
	"sync"

	"github.com/privgen/privgen/internal/locale"
	"github.com/privgen/privgen/internal/markdown"
	"github.com/privgen/privgen/internal/policy"
	"github.com/privgen/privgen/internal/theme"
)

// documents fills the pages that show one text: the page of a policy,
// permalinks, and drafts.
type documents struct {
	*linker
	describe    *describer
	frames      *frames
	relations   *relations
	comparisons *comparer
	notices     *notices
}

func (do *documents) draft(st, with *status, at pair, t *policy.Text) drawing {
	return func(b *bytes.Buffer) error {
		l := do.locales[t.Lang]
		page := theme.VersionPage{Frame: do.frames.of("version", t.Lang, do.paths.Text(t), st.Policy)}
		page.Title = fillText(l.Words.VersionTitle, "{policy}", with.Policy.Title(t.Lang), "{version}",
			l.Words.Draft) + " – " + page.Site.Title
		page.Description = t.FrontMatter.Summary
		if !slices.Contains(do.now.languages(), t.Lang) { // nothing else is in it
			page.Site.Home = do.paths.Href(do.paths.Prefix(do.paths.Default))
		}
		page.Robots = "noindex"
		page.Languages = do.frames.linksIn(t.Version.Languages(), t.Lang, do.in(t.Version))
		return do.fill(&page.Document, with, at.after, t, t.Lang, func() error {
			page.Document.Version.Redline = do.redlineHref(with, at, t.Lang)
			if len(st.Versions) == 0 {
				page.Document.Href, page.Document.Archive = "", ""
			}
			page.Notices = append(do.notices.ofDraft(with, at, t), do.notices.translation(t)...)
			return do.theme.Render(b, "version", &page)
		})
	}
}

// in returns a function with the path of a version's text in a language.
func (do *documents) in(v *policy.Version) func(lang string) (string, bool) {
	return func(lang string) (string, bool) {
		if t := v.In(lang); t != nil {
			return do.paths.Text(t), true
		}
		return "", false
	}
}

func (do *documents) textFormats(t *policy.Text, w *locale.Words) []theme.Link {
	var out []theme.Link
	if do.config.Output.Writes("markdown") {
		out = append(out, do.link("Markdown", do.paths.Text(t)+"index.md"))
	}
	if do.config.Output.Writes("text") {
		out = append(out, do.link(w.Plain, do.paths.Text(t)+"index.txt"))
	}
	return out
}

// A contents list helps from three headings on. A long one has only its upper
// levels, since one longer than a page is a second text.
const (
	fewestContents = 3
	mostContents   = 60
)

// contents returns the contents list of a text: its headings below its title.
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

// nest returns the clauses below a level as a tree, and how many clauses it read.
func nest(clauses []markdown.Clause, above, deepest int) (out []theme.Clause, i int) {
	for i < len(clauses) {
		c := clauses[i]
		if c.Level > 0 && c.Level <= above {
			break
		}
		i++
		if c.Level == 0 || c.Level > deepest || strings.TrimSpace(c.Title) == "" {
			continue
		}
		below, n := nest(clauses[i:], c.Level, deepest)
		i += n
		out = append(out, theme.Clause{ID: c.ID, Title: c.Title, Clauses: below})
	}
	return out, i
}

// bodies are buffers for the text of a page while it is drawn.
var bodies = sync.Pool{New: func() any { return new([]byte) }}

func (do *documents) policy(st *status, i int, lang string) drawing {
	return func(b *bytes.Buffer) error {
		v := st.Versions[i]
		path := do.paths.Policy(st.Policy, lang)
		page := theme.Policy{Frame: do.frames.of("policy", lang, path, st.Policy)}
		page.Title = st.Policy.Title(lang) + " – " + page.Site.Title
		page.Description = cmp.Or(st.Policy.Description(lang), page.Title)
		page.Languages = do.frames.languages(lang, func(other string) (string, bool) {
			return do.paths.Policy(st.Policy, other), do.paths.Has(st.Policy, other)
		})
		text := do.paths.TextFor(v, lang)
		page.Relations = append(do.relations.ofPolicy(st, i, text, lang), page.Relations...)
		page.JSONLD = do.jsonLD(st, i, text, page.Title, path)
		return do.fill(&page.Document, st, i, text, lang, func() error {
			page.Notices = do.notices.ofPolicy(st, i, text, lang)
			if do.config.Output.Writes("feed") {
				page.Feed = do.paths.Href(path + "feed.atom")
			}
			if err := do.trace(&page.Text, st, i, text, lang); err != nil {
				return err
			}
			return do.theme.Render(b, "policy", &page)
		})
	}
}

func (do *documents) version(st *status, i int, t *policy.Text) drawing {
	return func(b *bytes.Buffer) error {
		path := do.paths.Text(t)
		page := theme.VersionPage{Frame: do.frames.of("version", t.Lang, path, st.Policy)}
		l := do.locales[t.Lang]
		page.Title = fillText(l.Words.VersionTitle, "{policy}", st.Policy.Title(t.Lang), "{version}",
			do.describe.ownName(st, t, l)) + " – " + page.Site.Title
		page.Description = cmp.Or(t.FrontMatter.Summary, page.Title)
		if do.config.Site.Superseded != "index" {
			page.Robots = "noindex"
		}
		page.Languages = do.frames.languages(t.Lang, do.in(t.Version))
		page.Relations = slices.Concat(do.relations.ofVersion(st, i, t), do.relations.feeds(st, t.Lang), page.Relations)
		page.JSONLD = do.jsonLD(st, i, t, page.Title, path)
		return do.fill(&page.Document, st, i, t, t.Lang, func() error {
			page.Notices = do.notices.ofVersion(st, i, t)
			if !st.redlines[pair{i - 1, i}] { // the archive needs the result, and would read both texts again
				do.comparisons.extent(st, i, t.Lang)
			}
			return do.theme.Render(b, "version", &page)
		})
	}
}

// fill fills in what all pages that show a text have in common, then calls draw.
func (do *documents) fill(d *theme.Document, st *status, i int, t *policy.Text, lang string, draw func() error) error {
	l := do.locales[lang]
	body, err := do.library.Body(t)
	if err != nil {
		return err
	}
	buf := bodies.Get().(*[]byte)
	defer bodies.Put(buf)
	options := do.renderOptions(t, &l.Words)
	options.Dir = do.locales[t.Lang].Dir
	options.Short = do.locales[t.Lang].Words.Short // it has no lang attribute
	set, title := body.HTML((*buf)[:0], options)
	*buf = set

	d.Slug = st.Policy.Slug
	d.Name = st.Policy.Title(lang)
	d.Href = do.paths.Href(do.paths.Policy(st.Policy, lang))
	d.Archive = do.paths.Href(do.paths.Archive(st.Policy, lang))
	d.Permalink = do.paths.URL(do.paths.Text(t))
	d.Version = do.describe.version(st, i, lang)
	d.Version.Redline = do.redlineHref(st, pair{i - 1, i}, lang)
	d.Version.Since = do.since(st, i, lang)
	d.Text = theme.Text{
		Policy: st.Policy.Slug, Version: t.Version.ID, Lang: t.Lang, Dir: do.locales[t.Lang].Dir,
		Heading: template.HTML(bytes.TrimSpace(set[:title])), Body: template.HTML(set[title:]),
		Contents: contents(body), Glance: glance(set[title:], body),
	}
	if title == 0 {
		d.Text.Heading = template.HTML("<h1 data-added>" + escape(st.Policy.Title(t.Lang)) + "</h1>")
	}
	if i > 0 {
		before := do.describe.version(st, i-1, lang)
		d.Previous = &before
	}
	if i+1 < len(st.Versions) {
		after := do.describe.version(st, i+1, lang)
		d.Next = &after
	}
	d.Formats = do.textFormats(t, &l.Words)
	return draw()
}
