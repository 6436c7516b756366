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
// text; the authoritative one is always among them.

// A pair is two versions of a policy, by index.
type pair struct{ before, after int }

// pairs gives the pairs that have a redline by the config, the most asked for
// first, and how many there would be without its limit.
func (s *Site) pairs(st *policy.Standing) (kept []pair, all int) {
	c := s.Config.Redlines
	if c.Pairs == "none" {
		return nil, 0
	}
	add := func(before, after int) {
		if all++; all <= c.Limit {
			kept = append(kept, pair{before, after})
		}
	}
	newest := len(st.Versions) - 1
	for i := newest; i > 0; i-- {
		add(i-1, i)
	}
	oldest := max(0, st.InForce-c.AgainstCurrent)
	for i := st.InForce - 2; i >= oldest; i-- {
		add(i, st.InForce)
	}
	if c.Pairs != "all" {
		return kept, all
	}
	for j := newest; j > 1; j-- {
		for i := j - 2; i >= 0; i-- {
			if j != st.InForce || i < oldest {
				add(i, j)
			}
		}
	}
	return kept, all
}

// LeftOut gives how many redlines of a policy the config's limit leaves out, as
// it stands.
func (s *Site) LeftOut(st policy.Standing) int {
	kept, all := s.pairs(&st)
	return all - len(kept)
}

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
	for at := range st.redlines {
		a, b := st.Versions[at.before], st.Versions[at.after]
		for _, after := range b.Texts {
			before := a.In(after.Lang)
			if before == nil {
				continue
			}
			p.memory.want(before, after)
			key := tree.NewHash("redline").Key(p.key).Key(st.key).Text(after.Lang).Key(st.around(at.before)).Key(st.around(at.after)).
				Key(p.refsKey(before)).Key(p.refsKey(after)).Bool(st.shared[labelOf(before)]).Bool(st.shared[labelOf(after)]).
				Bool(st.redlines[pair{at.before - 1, at.before}]).Bool(st.redlines[pair{at.after, at.after + 1}])
			p.add(file(p.redlinePath(before, after)), typeHTML, tree.Leaf, key.Sum(), p.drawRedline(st, at, before, after))
			p.keepBoth(st.Policy.Slug, before, after)
		}
	}
}

func (p *plan) drawRedline(st *standing, at pair, before, after *policy.Text) drawing {
	return func(b *bytes.Buffer) error {
		r, err := p.compare(before, after)
		if err != nil {
			return err
		}
		lang := after.Lang
		l := p.locales[lang]
		page := theme.RedlinePage{
			Frame:   p.frame("redline", lang, p.redlinePath(before, after), st.Policy),
			Slug:    st.Policy.Slug,
			Name:    st.Policy.Title(lang),
			Href:    p.href(p.policyPath(st.Policy, lang)),
			Archive: p.href(p.archivePath(st.Policy, lang)),
			Before:  p.version(st, at.before, lang),
			After:   p.version(st, at.after, lang),
			Extent:  extentOf(r.Verdict, &r.Extent, l),
		}
		page.Title = fillText(l.Words.VersionTitle, "{policy}", page.Name, "{version}",
			l.Words.Redline+" ("+p.ownName(st, before, l)+" – "+p.ownName(st, after, l)+")") + " – " + page.Site.Title
		page.Robots = "noindex"
		page.Languages = p.languageLinks(lang, func(other string) (string, bool) {
			x, y := before.Version.In(other), after.Version.In(other)
			if x == nil || y == nil {
				return "", false
			}
			return p.redlinePath(x, y), true
		})
		page.Relations = append(p.redlineRelations(st, before, after), page.Relations...)
		page.Changes, page.Minor = changes(r, l)
		page.Legend = legend(r, &l.Words)
		page.Previous = p.redlineLink(st, pair{at.before - 1, at.before}, lang)
		page.Next = p.redlineLink(st, pair{at.after, at.after + 1}, lang)

		buf := bodies.Get().(*[]byte)
		defer bodies.Put(buf)
		set := r.HTML((*buf)[:0], p.redlineSetting(before, after, l, &page.Folded))
		*buf = set
		set = scrolling(set, l.Words.Table)
		title := titleEnd(set)
		page.Text = theme.Text{
			Policy: st.Policy.Slug, Version: after.Version.ID, Lang: lang, Dir: l.Dir,
			Heading: template.HTML(bytes.TrimSpace(set[:title])), Body: template.HTML(set[title:]),
		}
		if title == 0 {
			page.Text.Heading = template.HTML("<h1 data-added>" + escape(page.Name) + "</h1>")
		}
		return p.theme.Draw(b, "redline", &page)
	}
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
	p.memory.learn(before, after, learned{r.Verdict, r.Extent})
	return r, nil
}

// titleEnd gives where the title of a text ends that was set as a redline: it
// is the first heading, and the one that it replaced may stand before it.
func titleEnd(set []byte) int {
	end := 0
	for {
		rest := bytes.TrimLeft(set[end:], "\n")
		if !bytes.HasPrefix(rest, []byte("<h1")) {
			return end
		}
		i := bytes.Index(rest, []byte("</h1>"))
		if i < 0 {
			return end
		}
		end = len(set) - len(rest) + i + len("</h1>")
	}
}

// scrolling puts each table into a region that scrolls by itself, as it stands on
// the page of the text. A redline is of the text, and has no such regions.
func scrolling(set []byte, label string) []byte {
	if !bytes.Contains(set, []byte("<table")) || bytes.Contains(set, []byte(`<div class="table"`)) {
		return set
	}
	region := `<div class="table" role="group" tabindex="0" aria-label="` + escape(label) + "\">\n<table"
	set = bytes.ReplaceAll(set, []byte("<table"), []byte(region))
	return bytes.ReplaceAll(set, []byte("</table>"), []byte("</table>\n</div>"))
}

// redlineSetting is what differs between redlines; folded is set when clauses
// are folded.
func (p *plan) redlineSetting(before, after *policy.Text, l *locale.Locale, folded *bool) *redline.Setting {
	w := &l.Words
	set := WordsOf(w)
	set.Setting = *p.setting(after, w)
	set.Before = func(dest string) (string, bool) { return p.address(before, dest) }
	set.Unchanged = func(clauses []*redline.Clause) string {
		*folded = true
		title := clauseTitle(clauses[0], w)
		if n := len(clauses); n > 1 {
			title += " – " + clauseTitle(clauses[n-1], w)
		}
		return fillText(w.Unchanged, "{n}", l.Number(len(clauses))) + " (" + title + ")"
	}
	return set
}

// WordsOf gives a setting that says at the marks what a language says there.
func WordsOf(w *locale.Words) *redline.Setting {
	return &redline.Setting{
		Setting:   markdown.Setting{Clause: w.Clause, Table: w.Table, Footnotes: w.Footnotes, Back: w.Back},
		Insertion: w.InsertionStart, InsertionEnd: w.InsertionEnd,
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

// changes lists the clauses that changed: those of which words did, and those
// of which only links, markup or the number did.
func changes(r *redline.Redline, l *locale.Locale) (words, minor []theme.Change) {
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
		if c.State&^small == 0 {
			minor = append(minor, change)
			continue
		}
		change.Before, change.After = strings.TrimSpace(c.Before()), strings.TrimSpace(c.After())
		words = append(words, change)
	}
	return words, minor
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
// reads lang; nil where the site has no such redline.
func (p *plan) extent(st *standing, i int, lang string) (*theme.Extent, error) {
	at := pair{i - 1, i}
	if !st.redlines[at] {
		return nil, nil
	}
	before, after := p.both(st, at, lang)
	known, ok := p.memory.recall(before, after)
	if !ok {
		r, err := p.compare(before, after)
		if err != nil {
			return nil, err
		}
		known = learned{r.Verdict, r.Extent}
	}
	e := extentOf(known.Verdict, &known.Extent, p.locales[lang])
	return &e, nil
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
func (p *plan) redlineRelations(st *standing, before, after *policy.Text) []theme.Relation {
	out := []theme.Relation{{Rel: "version-history", Href: p.url(p.archivePath(st.Policy, after.Lang))}}
	var others []theme.Relation
	for _, t := range after.Version.Texts {
		if old := before.Version.In(t.Lang); old != nil {
			others = append(others, theme.Relation{Rel: "alternate", Hreflang: t.Lang, Href: p.url(p.redlinePath(old, t))})
		}
	}
	if len(others) > 1 {
		x := theme.Relation{Rel: "alternate", Hreflang: "x-default", Href: p.url(p.redlinePath(before.Version.Authoritative(), after.Version.Authoritative()))}
		out = append(append(out, others...), x)
	}
	return out
}
