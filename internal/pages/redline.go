package pages

import (
	"bytes"
	"html/template"
	"maps"
	"slices"
	"strings"

	"github.com/privgen/privgen/internal/config"
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
			Frame:   re.frames.of("redline", lang, m.canonical, st.Policy),
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
		re.fillFrame(&page.Frame, st, m, page.Name)
		listChanges(&page, r, list, l)
		if err := re.traceChanges(&page, r, list, st, m, l); err != nil {
			return err
		}
		if m.correction > 0 {
			t := m.before.Version.In(lang)
			page.Before.Name = re.describe.correctedName(t, page.Before.Name, m.correction-1, l)
			page.After.Name = re.describe.correctedName(t, page.After.Name, m.correction, l)
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
		if c := re.describe.released.corrections(m.before.Version.In(m.before.Lang)); m.correction <= len(c) {
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

// settings returns what differs between redlines.
func (re *redlines) settings(st *status, m *marked, l *locale.Locale) *view.RenderOptions {
	w := &l.Words
	set := WordsOf(w)
	set.RenderOptions = *re.links.renderOptions(m.after, w)
	set.Before = func(dest string) (string, bool) { return re.links.address(m.before, dest) }
	set.Fragment = site.Fragment
	if !re.whole(st, m) {
		set.Permalink = re.paths.Href(re.paths.Text(m.after))
	}
	return set
}

// WordsOf returns options with the words at the marks in a language.
func WordsOf(w *locale.Words) *view.RenderOptions {
	return &view.RenderOptions{
		RenderOptions: markdown.RenderOptions{Clause: w.Clause, Table: w.Table, Footnotes: w.Footnotes, Back: w.Back,
			Short: w.Short},
		Insertion: w.InsertionStart, InsertionEnd: w.InsertionEnd,
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

// listChanges fills in the counts and the lists of changes by clause.
func listChanges(page *theme.RedlinePage, r *redline.Redline, list []view.Change, l *locale.Locale) {
	w := &l.Words
	marks := map[*redline.Clause]template.URL{} // the first cosmetic mark of a clause
	n := 0
	var words []byte
	at := map[*redline.Clause]int{}
	for i, c := range changedClauses(r, list) {
		at[c] = i
		page.Clauses = append(page.Clauses, theme.ChangedClause{Title: clauseTitle(c, w), States: states(c, w)})
	}
	for _, c := range list {
		if c.Kind == view.Cosmetic {
			if marks[c.Clause] == "" {
				marks[c.Clause] = template.URL("#" + c.ID)
			}
			continue
		}
		n++
		in := &page.Clauses[at[c.Clause]]
		change := theme.Change{Href: template.URL("#" + c.ID)}
		switch c.Kind {
		case view.WordsMoved:
			change.Label = w.Moved
		case view.WordsRestructured:
			change.Label = w.Restructured
		}
		words = words[:0]
		for _, p := range c.Words {
			if p.Mark == "" {
				words = append(words, escape(p.Text)...)
				continue
			}
			for _, s := range []string{"<", p.Mark, ">", escape(p.Text), "</", p.Mark, ">"} {
				words = append(words, s...)
			}
		}
		change.Words = template.HTML(words)
		in.Changes = append(in.Changes, change)
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
	if r.Extent.Hidden != "" {
		return sentenceOf(r, l) + " (" + r.Extent.Hidden + ")"
	}
	return sentenceOf(r, l)
}

func sentenceOf(r *redline.Redline, l *locale.Locale) string {
	if s := extentOf(r.Verdict, &r.Extent, l).Verdict; s != "" {
		return s
	}
	renumbered := 0
	for _, c := range r.Clauses {
		if c.State.Has(redline.Renumbered) {
			renumbered++
		}
	}
	if renumbered > 0 {
		return fillText(l.Words.Renumberings, "{n}", l.Number(renumbered))
	}
	return l.Words.Restyled // a line break or a space
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
	page := theme.Unmarked{
		Frame:   re.frames.of("unmarked", lang, m.canonical, st.Policy),
		Slug:    st.Policy.Slug,
		Name:    st.Policy.Title(lang),
		Href:    re.paths.Href(re.paths.Policy(st.Policy, lang)),
		Heading: re.heading(st, m, re.locales[lang]), Sentence: sentence,
	}
	re.fillFrame(&page.Frame, st, m, page.Name)
	for _, i := range []int{m.at.before, m.at.after} {
		v := re.describe.version(st, i, lang)
		page.Links = append(page.Links, theme.Link{Text: v.Name, Href: template.URL(v.Href)})
	}
	if m.correction == 0 {
		page.Previous, page.Next = re.neighbors(st, m)
	}
	return re.theme.Render(b, "unmarked", &page)
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
		page := theme.Unmarked{
			Frame:    re.frames.of("unmarked", lang, m.path, st.Policy),
			Slug:     st.Policy.Slug,
			Name:     st.Policy.Title(lang),
			Href:     re.paths.Href(re.paths.Policy(st.Policy, lang)),
			Heading:  w.CompareInForce,
			Sentence: w.NotDrawn,
			Links: []theme.Link{
				{Text: before.Name, Href: template.URL(before.Href)},
				{Text: w.InForceLink, Href: template.URL(re.paths.Href(re.paths.Policy(st.Policy, lang)))},
				{Text: w.Archive, Href: template.URL(re.paths.Href(re.paths.Archive(st.Policy, lang)))},
			},
			Next: re.describe.redlineLink(st, pair{m.at.before, m.at.before + 1}, lang),
		}
		if same := sameAsNext(st, m); same != nil {
			page.Sentence = w.Same
			next := re.describe.version(st, m.at.before+1, lang)
			page.Links = append(page.Links[:1], theme.Link{Text: next.Name + ": " + w.CompareInForce,
				Href: template.URL(re.paths.Href(re.paths.Since(same)))})
		}
		m := *m
		m.after = nil
		re.fillFrame(&page.Frame, st, &m, page.Name)
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
