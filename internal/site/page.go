package site

import (
	"bytes"
	"html/template"
	"slices"
	"sync"

	"github.com/privgen/privgen/internal/day"
	"github.com/privgen/privgen/internal/locale"
	"github.com/privgen/privgen/internal/markdown"
	"github.com/privgen/privgen/internal/policy"
	"github.com/privgen/privgen/internal/theme"
)

// This file draws the pages. Each function gives a drawing, which holds only
// what it needs to make the page when it is asked for.

// A drawing appends the bytes of an entry.
type drawing func(b *bytes.Buffer) error

func bytesOf(content []byte) drawing {
	return func(b *bytes.Buffer) error {
		b.Write(content)
		return nil
	}
}

// bodies are buffers for the text of a page while it is drawn.
var bodies = sync.Pool{New: func() any { return new([]byte) }}

func (p *plan) drawPolicy(st *standing, i int, lang string) drawing {
	return func(b *bytes.Buffer) error {
		v := st.Versions[i]
		path := p.policyPath(st.Policy, lang)
		page := theme.Policy{Frame: p.frame("policy", lang, path, st.Policy)}
		page.Title = st.Policy.Title(lang) + " – " + page.Site.Title
		page.Description = st.Policy.Description(lang)
		page.Languages = p.languageLinks(lang, func(other string) (string, bool) {
			return p.policyPath(st.Policy, other), p.hasPages(st.Policy, other)
		})
		text := p.textFor(v, lang)
		page.Relations = append(p.policyRelations(st, i, text, lang), page.Relations...)
		page.JSONLD = p.jsonLD(st, i, text, page.Title, path)
		return p.document(&page.Document, st, i, text, lang, func() error {
			page.Notices = p.policyNotices(st, i, text, lang)
			if err := p.trace(&page.Text, st, i, text, lang); err != nil {
				return err
			}
			return p.theme.Render(b, "policy", &page)
		})
	}
}

func (p *plan) drawVersion(st *standing, i int, t *policy.Text) drawing {
	return func(b *bytes.Buffer) error {
		path := p.textPath(t)
		page := theme.VersionPage{Frame: p.frame("version", t.Lang, path, st.Policy)}
		l := p.locales[t.Lang]
		page.Title = fillText(l.Words.VersionTitle, "{policy}", st.Policy.Title(t.Lang), "{version}", p.ownName(st, t, l)) + " – " + page.Site.Title
		page.Description = t.Matter.Summary
		if p.Config.Site.Superseded != "index" {
			page.Robots = "noindex"
		}
		page.Languages = p.languageLinks(t.Lang, func(other string) (string, bool) {
			if in := t.Version.In(other); in != nil {
				return p.textPath(in), true
			}
			return "", false
		})
		page.Relations = append(p.versionRelations(st, i, t), page.Relations...)
		page.JSONLD = p.jsonLD(st, i, t, page.Title, path)
		return p.document(&page.Document, st, i, t, t.Lang, func() error {
			page.Notices = p.versionNotices(st, i, t)
			return p.theme.Render(b, "version", &page)
		})
	}
}

func (p *plan) hasPages(pol *policy.Policy, lang string) bool {
	return lang == p.language || p.pageLanguage(pol, lang) == lang
}

// document fills in what the pages that show a text have in common, and draws
// the page while the text is at hand.
func (p *plan) document(d *theme.Document, st *standing, i int, t *policy.Text, lang string, draw func() error) error {
	l := p.locales[lang]
	body, err := p.Library.Body(t)
	if err != nil {
		return err
	}
	buf := bodies.Get().(*[]byte)
	defer bodies.Put(buf)
	set, title := body.HTML((*buf)[:0], p.setting(t, &l.Words))
	*buf = set

	d.Slug = st.Policy.Slug
	d.Name = st.Policy.Title(lang)
	d.Href = p.href(p.policyPath(st.Policy, lang))
	d.Archive = p.href(p.archivePath(st.Policy, lang))
	d.Version = p.version(st, i, lang)
	d.Version.Redline = p.redlineHref(st, pair{i - 1, i}, lang)
	d.Version.Since = p.since(st, i, lang)
	d.Text = theme.Text{
		Policy: st.Policy.Slug, Version: t.Version.ID, Lang: t.Lang, Dir: p.locales[t.Lang].Dir,
		Heading: template.HTML(bytes.TrimSpace(set[:title])), Body: template.HTML(set[title:]), Contents: contents(body),
	}
	if title == 0 {
		d.Text.Heading = template.HTML("<h1 data-added>" + escape(st.Policy.Title(t.Lang)) + "</h1>")
	}
	if i > 0 {
		before := p.version(st, i-1, lang)
		d.Previous = &before
	}
	if i+1 < len(st.Versions) {
		after := p.version(st, i+1, lang)
		d.Next = &after
	}
	d.Formats = p.textFormats(t, &l.Words)
	return draw()
}

// setting is what differs between the pages that show a text.
func (p *plan) setting(t *policy.Text, w *locale.Words) *markdown.RenderOptions {
	return &markdown.RenderOptions{
		Address: func(dest string) (string, bool) { return p.address(t, dest) },
		Aliases: t.Matter.Aliases,
		Clause:  w.Clause, Table: w.Table, Footnotes: w.Footnotes, Back: w.Back,
	}
}

// address gives the address of what a text links to by its path.
func (p *plan) address(t *policy.Text, dest string) (string, bool) {
	to, ok := p.Library.Resolve(t, dest)
	if !ok {
		return "", false
	}
	if to.Policy == nil {
		f, ok := p.files[to.File]
		return p.href(f.path), ok
	}
	lang := to.Lang
	if lang == "" {
		lang = t.Lang
	}
	st := p.standing(to.Policy)
	if st == nil || to.Version != nil && !slices.Contains(st.Versions, to.Version) {
		return "", false // not published yet
	}
	if to.Version != nil {
		return p.href(p.textPath(p.textFor(to.Version, lang))) + fragment(to.Clause), true
	}
	page := p.href(p.policyPath(to.Policy, p.pageLanguage(st.Policy, lang)))
	if to.Clause == "" || p.Library.Has(p.textFor(st.Versions[p.shown(st)], lang), to.Clause) {
		return page + fragment(to.Clause), true
	}
	// The clause is gone from the version in force: lead to where it last stood.
	if v := p.Library.Newest(st.Versions, to.Clause, lang); v != nil {
		return p.href(p.textPath(p.textFor(v, lang))) + fragment(to.Clause), true
	}
	return page, true
}

func (p *plan) standing(pol *policy.Policy) *standing {
	for i := range p.standings {
		if p.standings[i].Policy.Slug == pol.Slug {
			return &p.standings[i]
		}
	}
	return nil
}

// name is what people call a version, in a language.
func (p *plan) name(t *policy.Text, l *locale.Locale) string {
	v := t.Version
	if label := labelOf(t); label != "" {
		return fillText(l.Words.VersionLabel, "{version}", label)
	}
	if v.IsDraft() {
		return l.Words.Draft
	}
	name := fillText(l.Words.VersionOf, "{date}", l.Date(v.Effective().In(p.zone)))
	// Two versions of one day are told apart as their addresses are.
	if n := v.Number(); n > 1 {
		name += " (" + l.Number(n) + ")"
	}
	return name
}

// ownName is the name of a version that no other version of the policy has: its
// page's title has to tell it from theirs.
func (p *plan) ownName(st *standing, t *policy.Text, l *locale.Locale) string {
	name := p.name(t, l)
	if st.shared[labelOf(t)] {
		name += " (" + t.Version.ID + ")"
	}
	return name
}

func labelOf(t *policy.Text) string {
	if t.Matter.Label != "" {
		return t.Matter.Label
	}
	return t.Version.Matter.Label
}

// version makes what pages in a language show of the i-th version.
func (p *plan) version(st *standing, i int, lang string) theme.Version {
	v, l := st.Versions[i], p.locales[lang]
	t := p.textFor(v, lang)
	m := &v.Matter
	out := theme.Version{
		ID:        v.ID,
		Name:      p.name(t, l),
		Label:     labelOf(t),
		State:     string(st.State(i)),
		Effective: p.date(m.Effective, l),
		Updated:   p.date(day.On(v.Updated(p.zone)), l),
		Reviewed:  p.date(day.On(m.Reviewed), l),
		Href:      p.href(p.textPath(t)),
		Lang:      t.Lang,
		Summary:   t.Matter.Summary,
		Generated: t.Matter.Generated,
		Changes:   t.Matter.Changes,
		Material:  m.Material,
		Source:    m.Source,
		SourceURL: onWeb(m.Source),
		Archived:  onWeb(m.Archived),
		Words:     &l.Words,
	}
	if !m.Published.IsZero() {
		// The page that announces a version needs no hour: the day it appeared
		// is what people ask for. Programs get the whole.
		out.Published = theme.Date{Datetime: m.Published.String(), Text: l.Date(m.Published.In(p.zone))}
	}
	switch st.State(i) {
	case policy.InForce:
		out.StateName = l.Words.InForce
	case policy.Upcoming:
		out.StateName = l.Words.Upcoming
	case policy.Superseded:
		out.StateName = l.Words.Superseded
		out.Until = p.date(p.until(st, i), l)
	case policy.Withdrawn:
		out.StateName = l.Words.Withdrawn
		if i == st.InForce {
			out.Until = p.date(p.until(st, i), l)
		}
	}
	for i, c := range p.corrections(t) {
		out.Corrections = append(out.Corrections, theme.Correction{Date: p.date(day.On(c.Day), l), Reason: c.Reason, Href: p.earlierHref(t, i+1)})
	}
	if d := p.late(t); !d.IsZero() {
		out.Recorded = p.date(day.On(d), l)
	}
	if v.IsDraft() {
		out.State, out.StateName = "draft", l.Words.Draft
	}
	if t.Lang != lang {
		out.Foreign = p.locales[t.Lang].Name
	}
	return out
}

// policyNotices are what stands above the text on the policy's page.
func (p *plan) policyNotices(st *standing, i int, t *policy.Text, lang string) []theme.Notice {
	l := p.locales[lang]
	var out []theme.Notice
	if st.Ended && st.InForce >= 0 {
		out = append(out, p.endNotices(st, lang)...)
	} else if st.InForce < 0 {
		out = append(out, notice("upcoming", l.Words.NotYetNotice, map[string]theme.Part{
			"date": datePart(p.date(st.Versions[i].Effective(), l)),
			"link": {Text: l.Words.Archive, Href: p.href(p.archivePath(st.Policy, lang))},
		}))
	} else if up := st.Upcoming(); up != nil {
		out = append(out, notice("upcoming", l.Words.UpcomingNotice, map[string]theme.Part{
			"date": datePart(p.date(up.Effective(), l)),
			"link": {Text: l.Words.UpcomingLink, Href: p.href(p.textPath(p.textFor(up, lang)))},
		}))
		if href := p.redlineHref(st, pair{i, slices.Index(st.Versions, up)}, lang); href != "" {
			n := &out[len(out)-1]
			n.Text = append(n.Text, theme.Part{Text: " · "}, theme.Part{Text: l.Words.Redline, Href: href})
		}
	}
	if t.Lang != lang {
		return append(out, p.untranslated(st, i, t, lang))
	}
	return append(out, p.translationNotice(t)...)
}

// untranslated says that the text is not in the page's language, and leads to
// the last version that is.
func (p *plan) untranslated(st *standing, i int, t *policy.Text, lang string) theme.Notice {
	l := p.locales[lang]
	link := theme.Part{Text: l.Words.Archive, Href: p.href(p.archivePath(st.Policy, lang))}
	for ; i >= 0; i-- {
		if old := st.Versions[i].In(lang); old != nil {
			link = theme.Part{
				Text: fillText(l.Words.UntranslatedLink, "{version}", p.name(old, l)),
				Href: p.href(p.textPath(old)),
			}
			break
		}
	}
	own := p.locales[t.Lang]
	return notice("untranslated", l.Words.UntranslatedNotice, map[string]theme.Part{
		"language": {Text: own.Name, Lang: t.Lang}, "link": link,
	})
}

func (p *plan) translationNotice(t *policy.Text) []theme.Notice {
	original := t.Version.Authoritative()
	if t == original {
		return nil
	}
	l := p.locales[t.Lang]
	return []theme.Notice{notice("translation", l.Words.TranslationNotice, map[string]theme.Part{
		"language": {Text: p.locales[original.Lang].Name, Lang: original.Lang},
		"link":     {Text: l.Words.TranslationLink, Href: p.href(p.textPath(original))},
	})}
}

// versionNotices are what stands above the text on a permalink.
func (p *plan) versionNotices(st *standing, i int, t *policy.Text) []theme.Notice {
	l := p.locales[t.Lang]
	inForce := theme.Part{Text: l.Words.InForceLink, Href: p.href(p.policyPath(st.Policy, t.Lang))}
	var out []theme.Notice
	switch st.State(i) {
	case policy.Superseded:
		out = append(out, notice("superseded", l.Words.SupersededNotice, map[string]theme.Part{
			"date": datePart(p.date(p.until(st, i), l)), "link": inForce,
		}))
	case policy.Withdrawn:
		if i == st.InForce {
			out = append(out, p.endNotices(st, t.Lang)...)
			break
		}
		out = append(out, notice("superseded", l.Words.NeverNotice, map[string]theme.Part{
			"date": datePart(p.date(day.On(t.Version.Matter.Withdrawn), l)), "link": inForce,
		}))
	case policy.Upcoming:
		if st.InForce < 0 {
			inForce = theme.Part{Text: l.Words.Archive, Href: p.href(p.archivePath(st.Policy, t.Lang))}
		}
		out = append(out, notice("upcoming", l.Words.NotYetNotice, map[string]theme.Part{
			"date": datePart(p.date(st.Versions[i].Effective(), l)), "link": inForce,
		}))
	}
	return append(out, p.translationNotice(t)...)
}

func notice(kind, words string, fill map[string]theme.Part) theme.Notice {
	return theme.Notice{Kind: kind, Text: sentence(words, fill)}
}

func datePart(d theme.Date) theme.Part { return theme.Part{Text: d.Text, Datetime: d.Datetime} }
