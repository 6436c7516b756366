package pages

import (
	"bytes"
	"html/template"
	"maps"
	"slices"
	"strings"

	"github.com/privgen/privgen/internal/day"
	"github.com/privgen/privgen/internal/locale"
	"github.com/privgen/privgen/internal/markdown"
	"github.com/privgen/privgen/internal/markdown/direction"
	"github.com/privgen/privgen/internal/policy"
	"github.com/privgen/privgen/internal/redline"
	"github.com/privgen/privgen/internal/redline/view"
	"github.com/privgen/privgen/internal/site"
	"github.com/privgen/privgen/internal/theme"
)

// redlines fills the pages that show what changed from one version to another.
// Each language that both versions have a text in has such a page; the
// authoritative language is always among them. pair.go decides which pairs of
// versions have a page.
type redlines struct {
	*linker
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

// page returns the page that shows what changed, or one of a sentence if no words
// did.
func (re *redlines) page(st *status, m *marked) drawing {
	return func(b *bytes.Buffer) error {
		r, err := re.comparisons.compare(m.before, m.after)
		if err != nil {
			return err
		}
		lang := m.after.Lang
		l := re.locales[lang]
		var list []view.Change
		set := re.settings(st, m, l)
		set.Change = func(c view.Change) { list = append(list, c) }

		buf := bodies.Get().(*[]byte)
		defer bodies.Put(buf)
		body, title := view.HTML((*buf)[:0], r, set)
		*buf = body
		heading, rest := direction.Set(body[:title], l.Dir), direction.Set(body[title:], l.Dir)
		if !slices.ContainsFunc(list, func(c view.Change) bool { return c.Kind != view.Cosmetic }) {
			return re.sentence(b, st, m, unchanged(r, l))
		}
		page := theme.RedlinePage{
			Frame:   re.frame("redline", st, m),
			Slug:    st.Policy.Slug,
			Name:    st.Policy.Title(lang),
			Href:    re.paths.Href(re.paths.Policy(st.Policy, lang)),
			Archive: re.paths.Href(re.paths.Archive(st.Policy, lang)),
			Heading: re.heading(st, m, l),
			Before:  re.describe.version(st, m.at.before, lang),
			After:   re.describe.version(st, m.at.after, lang),
			Verdict: extentOf(r.Verdict, &r.Extent, l).Verdict,
			Gaps:    set.Permalink != "",
		}
		page.Folded = !page.Gaps && bytes.Contains(body, []byte("<input "))
		listChanges(&page, r, list, l)
		listCosmetic(&page, r, list, l)
		if err := re.traceChanges(&page, r, list, st, m, l); err != nil {
			return err
		}
		if m.correction > 0 {
			page.Before.Name, page.After.Name = re.corrected(m, page.Before.Name, page.After.Name)
			page.Before.Href = ""
			if re.config.Output.Writes("markdown") {
				page.Before.Href = re.paths.Href(m.path + "index.md")
			}
		} else {
			page.Previous, page.Next = re.neighbors(st, m)
		}
		if m.follows(st) && !page.After.Generated {
			page.Summary, page.Points = page.After.Summary, page.After.Changes
		}
		page.Text = theme.Text{
			Policy: st.Policy.Slug, Version: m.after.Version.ID, Lang: lang, Dir: l.Dir,
			Heading: template.HTML(bytes.TrimSpace(heading)), Body: template.HTML(rest),
		}
		return re.theme.Render(b, "redline", &page)
	}
}

// neighbors returns the redlines before and after one.
func (re *redlines) neighbors(st *status, m *marked) (previous, next *theme.RedlineLink) {
	return re.describe.redlineLink(st, pair{m.at.before - 1, m.at.before}, m.before.Lang),
		re.describe.redlineLink(st, pair{m.at.after, m.at.after + 1}, m.before.Lang)
}

// follows reports whether the two versions follow each other, so that the author's
// summary of the later one is of what changed between them.
func (m *marked) follows(st *status) bool {
	if m.correction > 0 {
		return false
	}
	for i := m.at.before + 1; i < m.at.after; i++ {
		if st.Versions[i].Withdrawn.IsZero() {
			return false
		}
	}
	return true
}

// whole reports whether the page contains the text that did not change.
func (re *redlines) whole(st *status, m *marked) bool {
	switch re.config.Redlines.Unchanged {
	case "all":
		return true
	case "none":
		return false
	}
	return m.at.after >= st.InForce && !m.inForce && (m.correction > 0 || m.follows(st))
}

// heading returns the heading of a redline: what changed on the day on which the
// later version took effect, or since the earlier one if others are between them.
func (re *redlines) heading(st *status, m *marked, l *locale.Locale) string {
	words, on := l.Words.ChangedOn, day.Date{}
	switch {
	case m.correction > 0:
		if c := re.released.corrections(m.before.Version.In(m.before.Lang)); m.correction <= len(c) {
			on = day.On(c[m.correction-1].Day)
		}
	case m.inForce || !m.follows(st):
		words, on = l.Words.ChangedSince, st.Versions[m.at.before].FrontMatter.Effective
	default:
		on = st.Versions[m.at.after].FrontMatter.Effective
		if st.State(m.at.after) == policy.Upcoming {
			words = l.Words.ChangesOn
		}
	}
	if on.IsZero() {
		return l.Words.Summary // of a draft
	}
	return fillText(words, "{date}", re.describe.date(on, l).Text)
}

// frame returns the frame of a redline, or of a page in its place.
func (re *redlines) frame(kind string, st *status, m *marked) theme.Frame {
	lang := m.before.Lang
	l, f := re.locales[lang], re.frames.of(kind, lang, m.canonical, st.Policy)
	before, after := re.describe.ownName(st, m.before, l), l.Words.InForce
	if !m.inForce {
		after = re.describe.ownName(st, m.after, l)
	}
	if m.correction > 0 {
		before, after = re.corrected(m, before, after)
	}
	f.Title = fillText(l.Words.VersionTitle, "{policy}", st.Policy.Title(lang), "{version}",
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
	return f
}

// corrected returns the names of the texts before and after a correction, from the names
// of their version.
func (re *redlines) corrected(m *marked, before, after string) (string, string) {
	t, l := m.before.Version.In(m.before.Lang), re.locales[m.before.Lang]
	return re.describe.correctedName(t, before, m.correction-1, l),
		re.describe.correctedName(t, after, m.correction, l)
}

// settings returns what differs between redlines.
func (re *redlines) settings(st *status, m *marked, l *locale.Locale) *view.RenderOptions {
	w := &l.Words
	set := WordsOf(w)
	set.RenderOptions = *re.renderOptions(m.after, w)
	set.Before = func(dest string) (string, bool) { return re.address(m.before, dest) }
	set.Fragment = site.Fragment
	if !re.whole(st, m) {
		set.Permalink = re.paths.Href(re.paths.Text(m.after))
	}
	return set
}

// wordsOfText returns options with the words in a text in a language.
func wordsOfText(w *locale.Words) markdown.RenderOptions {
	return markdown.RenderOptions{Clause: w.Clause, Table: w.Table, Footnotes: w.Footnotes, Back: w.Back,
		Short: w.Short}
}

// WordsOf returns options with the words in a redline in a language.
func WordsOf(w *locale.Words) *view.RenderOptions {
	return &view.RenderOptions{
		RenderOptions: wordsOfText(w),
		Insertion:     w.InsertionStart, InsertionEnd: w.InsertionEnd,
		Deletion: w.DeletionStart, DeletionEnd: w.DeletionEnd,
		MovedHere: w.MovedHere, MovedHereEnd: w.MovedEnd,
		MovedAway: w.MovedAway, MovedAwayEnd: w.MovedEnd, Moved: w.Moved,
		LinkChanged: w.LinkChanged, StyleChanged: w.StyleChanged,
		PreviousChange: w.PreviousChange, NextChange: w.NextChange,
		Unchanged: w.Unchanged, Beginning: w.Beginning,
	}
}

func clauseTitle(c *redline.Clause, w *locale.Words) string {
	if title := strings.TrimSpace(c.Title); title != "" {
		return title
	}
	return w.Beginning
}

// listChanges fills in the number of changes of words, and these changes by clause.
func listChanges(page *theme.RedlinePage, r *redline.Redline, list []view.Change, l *locale.Locale) {
	w := &l.Words
	n := 0
	at := map[*redline.Clause]int{}
	for i, c := range changedClauses(r, list) {
		at[c] = i
		page.Clauses = append(page.Clauses, theme.ChangedClause{Title: clauseTitle(c, w), States: states(c, w)})
	}
	for _, c := range list {
		if c.Kind == view.Cosmetic {
			continue
		}
		n++
		change := theme.Change{Href: template.URL("#" + c.ID), Words: wordsOf(c)}
		switch c.Kind {
		case view.WordsMoved:
			change.Label = w.Moved
		case view.WordsRestructured:
			change.Label = w.Restructured
		}
		in := &page.Clauses[at[c.Clause]]
		in.Changes = append(in.Changes, change)
	}
	in := len(page.Clauses)
	switch {
	case n == 1:
		page.Counts = []string{w.OneChange}
	case in == 1:
		page.Counts = []string{fillText(w.ManyChanges, "{n}", l.Number(n))}
	default:
		page.Counts = []string{fillText(w.ChangesIn, "{n}", l.Number(n), "{clauses}", l.Number(in))}
	}
	page.Counts = append(page.Counts, wordCounts(&r.Extent, l)...)
}

// wordsOf returns the words of a change with their marks.
func wordsOf(c view.Change) template.HTML {
	var out []byte
	for _, p := range c.Words {
		if p.Mark == "" {
			out = append(out, escape(p.Text)...)
			continue
		}
		for _, s := range []string{"<", p.Mark, ">", escape(p.Text), "</", p.Mark, ">"} {
			out = append(out, s...)
		}
	}
	return template.HTML(out)
}

// listCosmetic fills in the clauses that have another number, and those in which links,
// formatting, line breaks, or spaces changed.
func listCosmetic(page *theme.RedlinePage, r *redline.Redline, list []view.Change, l *locale.Locale) {
	w := &l.Words
	marks := map[*redline.Clause]template.URL{} // the first of a clause
	for _, c := range list {
		if c.Kind == view.Cosmetic && marks[c.Clause] == "" {
			marks[c.Clause] = template.URL("#" + c.ID)
		}
	}
	for _, c := range r.Clauses {
		one := theme.ChangedClause{Title: clauseTitle(c, w), Href: marks[c]}
		if c.State == redline.Renumbered {
			page.Renumbered = append(page.Renumbered, one)
			continue
		}
		one.Counts = counts(l, counted{w.LinkChanged + ": {n}", c.Links}, counted{w.StyleChanged + ": {n}", c.Styles})
		if one.Href != "" && len(one.Counts) == 0 {
			one.Counts = []string{w.StyleChanged} // a line break or a space
		}
		if len(one.Counts) > 0 {
			page.Cosmetic = append(page.Cosmetic, one)
		}
	}
	page.Renumberings = fillText(w.Renumberings, "{n}", l.Number(len(page.Renumbered)))
}

// changedClauses returns the clauses with changes of words, in order. Footnotes are with
// the clauses that refer to them.
func changedClauses(r *redline.Redline, list []view.Change) []*redline.Clause {
	changed := map[*redline.Clause]bool{}
	for _, c := range list {
		changed[c.Clause] = changed[c.Clause] || c.Kind != view.Cosmetic
	}
	return slices.DeleteFunc(slices.Clone(r.Groups), func(c *redline.Clause) bool { return !changed[c] })
}

// traceChanges adds to the clauses of a redline the earlier redlines in which they
// changed, if the theme shows the history of clauses.
func (re *redlines) traceChanges(page *theme.RedlinePage, r *redline.Redline, list []view.Change, st *status,
	m *marked, l *locale.Locale,
) error {
	if !re.comparisons.traces || m.correction > 0 {
		return nil
	}
	ids := map[string]bool{}
	order := changedClauses(r, list)
	for _, c := range order {
		ids[c.ID] = c.ID != "" && !c.State.Has(redline.Removed)
	}
	maps.DeleteFunc(ids, func(_ string, there bool) bool { return !there })
	mentions, err := re.comparisons.mentions(st, m.at.after, m.after, ids)
	for i, c := range order {
		for _, e := range mentions[c.ID] {
			if e.version > m.at.before || len(page.Clauses[i].History) == mostMentions {
				continue
			}
			before, after := st.Versions[e.version-1].In(m.after.Lang), st.Versions[e.version].In(m.after.Lang)
			page.Clauses[i].History = append(page.Clauses[i].History, theme.Link{
				Text: re.describe.date(after.Version.Effective(), l).Text,
				Href: template.URL(re.paths.Href(re.paths.Redline(before, after)) + site.Fragment(e.id)),
			})
		}
	}
	return err
}

// unchanged returns a sentence about two texts between which no words changed, and the
// names of hidden characters that did.
func unchanged(r *redline.Redline, l *locale.Locale) string {
	renumbered := 0
	for _, c := range r.Clauses {
		if c.State.Has(redline.Renumbered) {
			renumbered++
		}
	}
	s := extentOf(r.Verdict, &r.Extent, l).Verdict
	switch {
	case s != "":
	case renumbered > 0:
		s = fillText(l.Words.Renumberings, "{n}", l.Number(renumbered))
	default:
		s = l.Words.Restyled // a line break or a space
	}
	if r.Extent.Hidden != "" {
		s += " (" + r.Extent.Hidden + ")"
	}
	return s
}

// states returns the words for what happened to a clause as a whole.
func states(c *redline.Clause, w *locale.Words) []string {
	var out []string
	for _, s := range []struct {
		state redline.State
		words string
	}{
		{redline.Added, w.Added}, {redline.Removed, w.Removed}, {redline.Moved, w.Moved}, {redline.Renamed, w.Renamed},
		{redline.Renumbered, w.Renumbered},
	} {
		if c.State.Has(s.state) {
			out = append(out, s.words)
		}
	}
	return out
}

// sentence writes the page of a redline in which no words changed.
func (re *redlines) sentence(b *bytes.Buffer, st *status, m *marked, sentence string) error {
	lang := m.before.Lang
	page := re.pageWithout(st, m, re.heading(st, m, re.locales[lang]), sentence)
	for _, i := range []int{m.at.before, m.at.after} {
		v := re.describe.version(st, i, lang)
		page.Links = append(page.Links, theme.Link{Text: v.Name, Href: template.URL(v.Href)})
	}
	if m.correction == 0 {
		page.Previous, page.Next = re.neighbors(st, m)
	}
	return re.theme.Render(b, "unmarked", &page)
}

// pageWithout returns a page that shows no redline.
func (re *redlines) pageWithout(st *status, m *marked, heading, sentence string) theme.Unmarked {
	lang := m.before.Lang
	return theme.Unmarked{
		Frame:   re.frame("unmarked", st, m),
		Slug:    st.Policy.Slug,
		Name:    st.Policy.Title(lang),
		Href:    re.paths.Href(re.paths.Policy(st.Policy, lang)),
		Heading: heading, Sentence: sentence,
	}
}

// unmarked returns the page at the path of a redline that is not rendered. It
// has nothing of the version in force, so it stays the same when another takes
// effect. If the next version has the same text, it leads to what changed since
// that one.
func (re *redlines) unmarked(st *status, m *marked) drawing {
	return func(b *bytes.Buffer) error {
		lang := m.before.Lang
		w := &re.locales[lang].Words
		before := re.describe.version(st, m.at.before, lang)
		own := *m
		own.after = nil
		page := re.pageWithout(st, &own, w.CompareInForce, w.NotDrawn)
		page.Links = []theme.Link{
			{Text: before.Name, Href: template.URL(before.Href)},
			re.link(w.InForceLink, re.paths.Policy(st.Policy, lang)),
			re.link(w.Archive, re.paths.Archive(st.Policy, lang)),
		}
		page.Next = re.describe.redlineLink(st, pair{m.at.before, m.at.before + 1}, lang)
		if same := sameAsNext(st, m); same != nil {
			page.Sentence = w.Same
			next := re.describe.version(st, m.at.before+1, lang)
			page.Links = append(page.Links[:1], re.link(next.Name+": "+w.CompareInForce, re.paths.Since(same)))
		}
		return re.theme.Render(b, "unmarked", &page)
	}
}

// sameAsNext returns the text of the version after the earlier one of a redline to
// the version in force, if it is the same text and superseded too; otherwise nil.
func sameAsNext(st *status, m *marked) *policy.Text {
	if m.at.before+1 >= st.InForce {
		return nil
	}
	next := st.Versions[m.at.before+1].In(m.before.Lang)
	if next == nil || next.Normal != m.before.Normal {
		return nil
	}
	return next
}
