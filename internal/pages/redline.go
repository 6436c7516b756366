package pages

import (
	"bytes"
	"html/template"
	"strings"

	"github.com/privgen/privgen/internal/config"
	"github.com/privgen/privgen/internal/locale"
	"github.com/privgen/privgen/internal/markdown"
	"github.com/privgen/privgen/internal/policy"
	"github.com/privgen/privgen/internal/redline"
	"github.com/privgen/privgen/internal/site"
	"github.com/privgen/privgen/internal/theme"
)

// redlines fills the pages that show what changed from one version to another.
// Each language that both versions have a text in has such a page; the
// authoritative language is always among them. pair.go decides which pairs of
// versions have a page.
type redlines struct {
	config      *config.Config
	theme       *theme.Theme
	locales     map[string]*locale.Locale
	paths       site.Paths
	links       *linker
	describe    *describer
	frames      *frames
	relations   *relations
	comparisons *comparer
}

// A marked is a page that shows what changed from one text to another.
type marked struct {
	at              pair
	before, after   *policy.Text
	path, canonical string
	correction      int  // the number of the correction that the page shows, from 1; 0 for another version
	inForce         bool // the page always leads to the version in force, whichever that is
}

func (re *redlines) page(st *status, m *marked) drawing {
	return func(b *bytes.Buffer) error {
		r, err := re.comparisons.compare(m.before, m.after)
		if err != nil {
			return err
		}
		lang := m.after.Lang
		l := re.locales[lang]
		page := theme.RedlinePage{
			Frame:   re.frames.of("redline", lang, m.canonical, st.Policy),
			Slug:    st.Policy.Slug,
			Name:    st.Policy.Title(lang),
			Href:    re.paths.Href(re.paths.Policy(st.Policy, lang)),
			Archive: re.paths.Href(re.paths.Archive(st.Policy, lang)),
			Before:  re.describe.version(st, m.at.before, lang),
			After:   re.describe.version(st, m.at.after, lang),
			Extent:  extentOf(r.Verdict, &r.Extent, l),
		}
		re.fillFrame(&page.Frame, st, m, page.Name)
		page.Changes, page.Minor, page.Renumbered = changes(r, l)
		page.Renumberings = fillText(l.Words.Renumberings, "{n}", l.Number(len(page.Renumbered)))
		page.Legend = legend(r, &l.Words)
		if m.correction > 0 {
			t := m.before.Version.In(lang)
			page.Before.Name = re.describe.correctedName(t, page.Before.Name, m.correction-1, l)
			page.After.Name = re.describe.correctedName(t, page.After.Name, m.correction, l)
			if re.config.Output.Writes("markdown") {
				page.Before.Href = re.paths.Href(m.path + "index.md")
			}
		} else {
			page.Previous = re.describe.redlineLink(st, pair{m.at.before - 1, m.at.before}, lang)
			page.Next = re.describe.redlineLink(st, pair{m.at.after, m.at.after + 1}, lang)
		}

		buf := bodies.Get().(*[]byte)
		defer bodies.Put(buf)
		set, title := r.HTML((*buf)[:0], re.settings(m.before, m.after, l, &page.Folded))
		*buf = set
		page.Text = theme.Text{
			Policy: st.Policy.Slug, Version: m.after.Version.ID, Lang: lang, Dir: l.Dir,
			Heading: template.HTML(bytes.TrimSpace(set[:title])), Body: template.HTML(set[title:]),
		}
		if title == 0 {
			page.Text.Heading = template.HTML("<h1 data-added>" + escape(page.Name) + "</h1>")
		}
		return re.theme.Render(b, "redline", &page)
	}
}

// fillFrame fills in the frame of a redline.
func (re *redlines) fillFrame(f *theme.Frame, st *status, m *marked, policy string) {
	lang := m.before.Lang
	l := re.locales[lang]
	var after string
	if m.inForce {
		after = l.Words.InForce
	} else {
		after = re.describe.ownName(st, m.after, l)
	}
	before := re.describe.ownName(st, m.before, l)
	if m.correction > 0 {
		before, after = re.describe.correctedName(m.before.Version.In(lang), before, m.correction-1, l),
			re.describe.correctedName(m.before.Version.In(lang), after, m.correction, l)
	}
	f.Title = fillText(l.Words.VersionTitle, "{policy}", policy, "{version}",
		l.Words.Summary+" ("+before+" – "+after+")") + " – " + f.Site.Title
	f.Robots = "noindex"
	f.Languages = re.frames.languages(lang, func(other string) (string, bool) {
		t := m.before.Version.In(other)
		if t == nil || m.correction > 0 && other != lang || !m.inForce && m.after.Version.In(other) == nil {
			return "", false
		}
		return re.relations.otherRedline(m, t), true
	})
	f.Relations = append(re.relations.ofRedline(st, m), f.Relations...)
}

// settings returns what differs between redlines. It sets folded when clauses are folded.
func (re *redlines) settings(before, after *policy.Text, l *locale.Locale, folded *bool) *redline.RenderOptions {
	w := &l.Words
	set := WordsOf(w)
	set.RenderOptions = *re.links.renderOptions(after, w)
	set.Before = func(dest string) (string, bool) { return re.links.address(before, dest) }
	set.Unchanged = func(clauses []*redline.Clause) string {
		*folded = true
		title := clauseTitle(clauses[0], w)
		if n := len(clauses); n > 1 {
			title += " – " + clauseTitle(clauses[n-1], w)
		}
		renumbered := 0
		for _, c := range clauses {
			if c.State.Has(redline.Renumbered) {
				renumbered++
			}
		}
		return strings.Join(counts(l, counted{w.Unchanged, len(clauses) - renumbered},
			counted{w.Renumberings, renumbered}), " · ") + " (" + title + ")"
	}
	return set
}

// WordsOf returns options with the words at the marks in a language.
func WordsOf(w *locale.Words) *redline.RenderOptions {
	return &redline.RenderOptions{
		RenderOptions: markdown.RenderOptions{Clause: w.Clause, Table: w.Table, Footnotes: w.Footnotes, Back: w.Back},
		Insertion:     w.InsertionStart, InsertionEnd: w.InsertionEnd,
		Deletion: w.DeletionStart, DeletionEnd: w.DeletionEnd,
		MovedHere: w.MovedHere, MovedHereEnd: w.MovedEnd,
		MovedAway: w.MovedAway, MovedAwayEnd: w.MovedEnd,
		LinkChanged: w.LinkChanged, StyleChanged: w.StyleChanged,
	}
}

func clauseTitle(c *redline.Clause, w *locale.Words) string {
	if title := strings.TrimSpace(c.Title); title != "" {
		return title
	}
	return w.Beginning
}

// changes returns the clauses that changed: those with changed words, those with
// only changed links or markup, and those with only a changed number.
func changes(r *redline.Redline, l *locale.Locale) (words, minor, renumbered []theme.Change) {
	const small = redline.LinksChanged | redline.StyleChanged | redline.Renumbered
	for _, c := range r.Clauses {
		if c.State == 0 {
			continue
		}
		change := theme.Change{
			Title:  clauseTitle(c, &l.Words),
			ID:     c.Anchor,
			States: states(c, &l.Words),
			Counts: counts(l, counted{l.Words.WordsAdded, c.WordsAdded}, counted{l.Words.WordsRemoved, c.WordsRemoved}),
		}
		switch {
		case c.State == redline.Renumbered:
			change.States = nil
			renumbered = append(renumbered, change)
			continue
		case c.State&^small == 0:
			minor = append(minor, change)
			continue
		}
		change.Before, change.After = paragraphs(c.Before()), paragraphs(c.After())
		words = append(words, change)
	}
	return words, minor, renumbered
}

// paragraphs converts the plain text of a clause, which has a line for each
// paragraph, to HTML.
func paragraphs(text string) template.HTML {
	var b strings.Builder
	b.Grow(len(text) + len(text)/8)
	for line := range strings.Lines(text) {
		if line = strings.TrimSpace(line); line != "" {
			b.WriteString("<p>")
			b.WriteString(escape(line))
			b.WriteString("</p>\n")
		}
	}
	return template.HTML(b.String())
}

// states returns the words for what happened to a clause.
func states(c *redline.Clause, w *locale.Words) []string {
	var out []string
	for _, s := range []struct {
		state redline.State
		words string
	}{
		{redline.Added, w.Added}, {redline.Removed, w.Removed}, {redline.Moved, w.Moved}, {redline.Renamed, w.Renamed},
		{redline.Renumbered, w.Renumbered}, {redline.TextChanged, w.Changed}, {redline.LinksChanged, w.LinkChanged},
		{redline.StyleChanged, w.StyleChanged},
	} {
		if c.State.Has(s.state) {
			out = append(out, s.words)
		}
	}
	return out
}

// legend returns the kinds of marks of a redline.
func legend(r *redline.Redline, w *locale.Words) []theme.Mark {
	e := &r.Extent
	var out []theme.Mark
	if e.WordsAdded+e.ClausesAdded > 0 {
		out = append(out, theme.Mark{Mark: "added", Words: w.LegendAdded})
	}
	if e.WordsRemoved+e.ClausesRemoved > 0 {
		out = append(out, theme.Mark{Mark: "removed", Words: w.LegendRemoved})
	}
	if e.WordsMoved+e.ClausesMoved > 0 {
		out = append(out, theme.Mark{Mark: "moved", Words: w.LegendMoved})
	}
	return out
}

// unmarked returns the page at the path of a redline that is not rendered. It
// has nothing of the version in force, so it stays the same when another takes
// effect.
func (re *redlines) unmarked(st *status, m *marked) drawing {
	return func(b *bytes.Buffer) error {
		lang := m.before.Lang
		page := theme.Unmarked{
			Frame:   re.frames.of("unmarked", lang, m.path, st.Policy),
			Slug:    st.Policy.Slug,
			Name:    st.Policy.Title(lang),
			Href:    re.paths.Href(re.paths.Policy(st.Policy, lang)),
			Archive: re.paths.Href(re.paths.Archive(st.Policy, lang)),
			Before:  re.describe.version(st, m.at.before, lang),
			Next:    re.describe.redlineLink(st, pair{m.at.before, m.at.before + 1}, lang),
		}
		m := *m
		m.after = nil
		re.fillFrame(&page.Frame, st, &m, page.Name)
		return re.theme.Render(b, "unmarked", &page)
	}
}
