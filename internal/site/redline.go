package site

import (
	"bytes"
	"html/template"
	"strings"

	"github.com/privgen/privgen/internal/locale"
	"github.com/privgen/privgen/internal/markdown"
	"github.com/privgen/privgen/internal/policy"
	"github.com/privgen/privgen/internal/redline"
	"github.com/privgen/privgen/internal/theme"
	"github.com/privgen/privgen/internal/tree"
)

// This file plans and draws the redlines: the pages that show what changed from
// one version to another. There is one in every language in which both have a
// text; the authoritative one is always among them. Which pairs have one is said
// in pair.go; the pages that lead to the version in force are in since.go.

// both gives the texts that a redline compares for somebody who reads lang: in
// that language, else in the site's, else in the authoritative one.
func (s *Site) both(st *standing, at pair, lang string) (before, after *policy.Text) {
	a, b := st.Versions[at.before], st.Versions[at.after]
	for _, lang := range []string{lang, s.language} {
		if x, y := a.In(lang), b.In(lang); x != nil && y != nil {
			return x, y
		}
	}
	return a.Authoritative(), b.Authoritative()
}

// redlinePath is the page of what changed from one text to another of the same
// language.
func (s *Site) redlinePath(before, after *policy.Text) string {
	return s.policyPath(after.Version.Policy, after.Lang) + "redline/" + before.Version.ID + ".." + after.Version.ID + "/"
}

// redlineFor gives the path of a redline for somebody who reads lang, or
// nothing where the site has none.
func (p *plan) redlineFor(st *standing, at pair, lang string) string {
	if !st.redlines[at] {
		return ""
	}
	return p.redlinePath(p.both(st, at, lang))
}

// redlineHref is the same as an address on the host.
func (p *plan) redlineHref(st *standing, at pair, lang string) string {
	if path := p.redlineFor(st, at, lang); path != "" {
		return p.href(path)
	}
	return ""
}

func (p *plan) planRedlines(st *standing) {
	// How much changed is said whether it has a page or not.
	for i := 1; i < len(st.Versions); i++ {
		for _, lang := range p.pageLanguages(st.Policy) {
			p.memory.want(p.both(st, pair{i - 1, i}, lang))
		}
	}
	for at := range st.redlines {
		for _, after := range st.Versions[at.after].Texts {
			before := st.Versions[at.before].In(after.Lang)
			if before == nil {
				continue
			}
			p.memory.want(before, after)
			path := p.redlinePath(before, after)
			page := marked{at: at, before: before, after: after, path: path, canonical: path}
			p.addAt(st.turn+at.after, file(path), typeHTML, tree.Leaf, p.redlineKey("redline", st, &page), p.drawRedline(st, &page))
			p.keepBoth(st.Policy.Slug, before, after)
		}
	}
}

// A marked is a page that shows what changed from one text to another.
type marked struct {
	at              pair
	before, after   *policy.Text
	path, canonical string
	correction      int  // the number of the correction that the page shows, from 1; 0 for another version
	inForce         bool // the page always leads to the version in force, whichever that is
}

func (p *plan) redlineKey(kind string, st *standing, m *marked) tree.Key {
	return tree.NewHash(kind).Key(p.key).Key(st.key).Texts(m.after.Lang, m.canonical).
		Key(st.around(m.at.before)).Key(st.around(m.at.after)).Key(p.refsKey(m.before)).Key(p.refsKey(m.after)).
		Bool(st.shared[labelOf(m.before)]).Bool(st.shared[labelOf(m.after)]).
		Bool(st.redlines[pair{m.at.before - 1, m.at.before}]).Bool(st.redlines[pair{m.at.after, m.at.after + 1}]).Sum()
}

func (p *plan) drawRedline(st *standing, m *marked) drawing {
	return func(b *bytes.Buffer) error {
		r, err := p.compare(m.before, m.after)
		if err != nil {
			return err
		}
		lang := m.after.Lang
		l := p.locales[lang]
		page := theme.RedlinePage{
			Frame:   p.frame("redline", lang, m.canonical, st.Policy),
			Slug:    st.Policy.Slug,
			Name:    st.Policy.Title(lang),
			Href:    p.href(p.policyPath(st.Policy, lang)),
			Archive: p.href(p.archivePath(st.Policy, lang)),
			Before:  p.version(st, m.at.before, lang),
			After:   p.version(st, m.at.after, lang),
			Extent:  extentOf(r.Verdict, &r.Extent, l),
		}
		p.redlineFrame(&page.Frame, st, m, page.Name)
		page.Changes, page.Minor, page.Renumbered = changes(r, l)
		page.Renumberings = fillText(l.Words.Renumberings, "{n}", l.Number(len(page.Renumbered)))
		page.Legend = legend(r, &l.Words)
		if m.correction > 0 {
			t := m.before.Version.In(lang)
			page.Before.Name = p.correctedName(t, page.Before.Name, m.correction-1, l)
			page.After.Name = p.correctedName(t, page.After.Name, m.correction, l)
			if p.writes("markdown") {
				page.Before.Href = p.href(m.path + "index.md")
			}
		} else {
			page.Previous = p.redlineLink(st, pair{m.at.before - 1, m.at.before}, lang)
			page.Next = p.redlineLink(st, pair{m.at.after, m.at.after + 1}, lang)
		}

		buf := bodies.Get().(*[]byte)
		defer bodies.Put(buf)
		set, title := r.HTML((*buf)[:0], p.redlineSetting(m.before, m.after, l, &page.Folded))
		*buf = set
		page.Text = theme.Text{
			Policy: st.Policy.Slug, Version: m.after.Version.ID, Lang: lang, Dir: l.Dir,
			Heading: template.HTML(bytes.TrimSpace(set[:title])), Body: template.HTML(set[title:]),
		}
		if title == 0 {
			page.Text.Heading = template.HTML("<h1 data-added>" + escape(page.Name) + "</h1>")
		}
		return p.theme.Render(b, "redline", &page)
	}
}

// redlineFrame fills in what the frame of a redline says.
func (p *plan) redlineFrame(f *theme.Frame, st *standing, m *marked, policy string) {
	lang := m.before.Lang
	l := p.locales[lang]
	var after string
	if m.inForce {
		after = l.Words.InForce
	} else {
		after = p.ownName(st, m.after, l)
	}
	before := p.ownName(st, m.before, l)
	if m.correction > 0 {
		before, after = p.correctedName(m.before.Version.In(lang), before, m.correction-1, l), p.correctedName(m.before.Version.In(lang), after, m.correction, l)
	}
	f.Title = fillText(l.Words.VersionTitle, "{policy}", policy, "{version}",
		l.Words.Redline+" ("+before+" – "+after+")") + " – " + f.Site.Title
	f.Robots = "noindex"
	f.Languages = p.languageLinks(lang, func(other string) (string, bool) {
		t := m.before.Version.In(other)
		if t == nil || m.correction > 0 && other != lang || !m.inForce && m.after.Version.In(other) == nil {
			return "", false
		}
		return p.otherRedline(m, t), true
	})
	f.Relations = append(p.redlineRelations(st, m), f.Relations...)
}

// otherRedline gives the path of a redline in the language of another text of
// the version before.
func (p *plan) otherRedline(m *marked, before *policy.Text) string {
	if m.inForce {
		return p.sincePath(before)
	}
	if m.correction > 0 {
		return m.path
	}
	return p.redlinePath(before, m.after.Version.In(before.Lang))
}

// compare compares two texts, and remembers how much changed.
func (p *plan) compare(before, after *policy.Text) (*redline.Redline, error) {
	a, err := p.Library.Body(before)
	if err != nil {
		return nil, err
	}
	b, err := p.Library.Body(after)
	if err != nil {
		return nil, err
	}
	r := redline.Compare(a, b)
	l := learned{Verdict: r.Verdict, Extent: r.Extent, Traced: p.traces}
	if p.traces {
		l.Clauses = tracesOf(r)
	}
	p.memory.learn(before, after, l)
	return r, nil
}

// redlineSetting is what differs between redlines; folded is set when clauses
// are folded.
func (p *plan) redlineSetting(before, after *policy.Text, l *locale.Locale, folded *bool) *redline.Setting {
	w := &l.Words
	set := WordsOf(w)
	set.RenderOptions = *p.setting(after, w)
	set.Before = func(dest string) (string, bool) { return p.address(before, dest) }
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
		return strings.Join(counts(l, counted{w.Unchanged, len(clauses) - renumbered}, counted{w.Renumberings, renumbered}), " · ") + " (" + title + ")"
	}
	return set
}

// WordsOf gives a setting that says at the marks what a language says there.
func WordsOf(w *locale.Words) *redline.Setting {
	return &redline.Setting{
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

// changes lists the clauses that changed: those of which words did, those of
// which only links or markup did, and those of which only the number did.
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

// paragraphs sets the plain text of a clause, which has a line for each.
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

// states says in words what happened to a clause.
func states(c *redline.Clause, w *locale.Words) []string {
	var out []string
	for _, s := range []struct {
		state redline.State
		words string
	}{
		{redline.Added, w.Added}, {redline.Removed, w.Removed}, {redline.Moved, w.Moved}, {redline.Renamed, w.Renamed},
		{redline.Renumbered, w.Renumbered}, {redline.TextChanged, w.Changed}, {redline.LinksChanged, w.LinkChanged}, {redline.StyleChanged, w.StyleChanged},
	} {
		if c.State.Has(s.state) {
			out = append(out, s.words)
		}
	}
	return out
}

func legend(r *redline.Redline, w *locale.Words) []string {
	e := &r.Extent
	var out []string
	if e.WordsAdded+e.ClausesAdded > 0 {
		out = append(out, w.LegendAdded)
	}
	if e.WordsRemoved+e.ClausesRemoved > 0 {
		out = append(out, w.LegendRemoved)
	}
	if e.WordsMoved+e.ClausesMoved > 0 {
		out = append(out, w.LegendMoved)
	}
	return out
}

// A counted is a number and the words that say what it counts, with {n}.
type counted struct {
	words string
	n     int
}

// counts says numbers in words, but for those that are zero.
func counts(l *locale.Locale, list ...counted) []string {
	var out []string
	for _, c := range list {
		if c.n > 0 {
			out = append(out, fillText(c.words, "{n}", l.Number(c.n)))
		}
	}
	return out
}

// extentOf says how much changed.
func extentOf(v redline.Verdict, e *redline.Extent, l *locale.Locale) theme.Extent {
	w := &l.Words
	out := theme.Extent{Extent: *e}
	switch v {
	case redline.Same:
		out.Verdict = w.Same
	case redline.Rewrapped:
		out.Verdict = w.Rewrapped
	case redline.Relinked:
		out.Verdict = w.Relinked
	case redline.Restyled:
		out.Verdict = w.Restyled
	case redline.Rewritten:
		out.Verdict = fillText(w.Rewritten, "{n}", l.Number(e.Share()))
	case redline.Swapped:
		out.Verdict = w.Swapped
	}
	out.Counts = counts(l,
		counted{w.ClausesChanged, e.ClausesChanged}, counted{w.ClausesAdded, e.ClausesAdded},
		counted{w.ClausesRemoved, e.ClausesRemoved}, counted{w.ClausesMoved, e.ClausesMoved},
		counted{w.WordsAdded, e.WordsAdded}, counted{w.WordsRemoved, e.WordsRemoved},
		counted{w.LinkChanged + ": {n}", e.Links}, counted{w.StyleChanged + ": {n}", e.Styles})
	return out
}

// extent gives how much changed from the version before, for somebody who
// reads lang; nil of the first version.
func (p *plan) extent(st *standing, i int, lang string) (*theme.Extent, error) {
	if i == 0 {
		return nil, nil
	}
	before, after := p.both(st, pair{i - 1, i}, lang)
	known, err := p.learned(before, after)
	if err != nil {
		return nil, err
	}
	e := extentOf(known.Verdict, &known.Extent, p.locales[lang])
	return &e, nil
}

// learned gives what is remembered of a comparison, and compares if nothing is.
func (p *plan) learned(before, after *policy.Text) (learned, error) {
	if known, ok := p.memory.recall(before, after); ok && (known.Traced || !p.traces) {
		return known, nil
	}
	if _, err := p.compare(before, after); err != nil {
		return learned{}, err
	}
	known, _ := p.memory.recall(before, after)
	return known, nil
}

func (p *plan) redlineLink(st *standing, at pair, lang string) *theme.RedlineLink {
	href := p.redlineHref(st, at, lang)
	if href == "" {
		return nil
	}
	before, after := p.both(st, at, lang)
	l := p.locales[lang]
	return &theme.RedlineLink{Before: p.name(before, l), After: p.name(after, l), Href: href}
}

// redlineRelations lead to the history, and to the same redline in the
// languages in which both versions have a text.
func (p *plan) redlineRelations(st *standing, m *marked) []theme.Relation {
	out := []theme.Relation{{Rel: "version-history", Href: p.url(p.archivePath(st.Policy, m.before.Lang))}}
	if m.after == nil || m.canonical != m.path || m.correction > 0 {
		return out
	}
	var others []theme.Relation
	for _, t := range m.after.Version.Texts {
		if old := m.before.Version.In(t.Lang); old != nil {
			others = append(others, theme.Relation{Rel: "alternate", Hreflang: t.Lang, Href: p.url(p.otherRedline(m, old))})
		}
	}
	if len(others) > 1 {
		x := theme.Relation{Rel: "alternate", Hreflang: "x-default", Href: p.url(p.otherRedline(m, m.before.Version.Authoritative()))}
		out = append(append(out, others...), x)
	}
	return out
}
