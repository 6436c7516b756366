package pages

import (
	"strings"

	"github.com/privgen/privgen/internal/day"
	"github.com/privgen/privgen/internal/locale"
	"github.com/privgen/privgen/internal/policy"
	"github.com/privgen/privgen/internal/theme"
)

// A describer describes versions, names, and dates in the words of a page's
// language.
type describer struct {
	*linker
}

// correctedName returns the name of a version after one of its corrections.
func (ds *describer) correctedName(t *policy.Text, name string, n int, l *locale.Locale) string {
	c := ds.released.corrections(t)
	if n < 1 || n > len(c) {
		return name
	}
	return name + " (" + l.Words.Corrected + " " + l.Date(c[n-1].Day) + ")"
}

// date returns what pages show of a day or an instant, for programs and for
// people. Every date on every page is made here, from one value.
func (ds *describer) date(d day.Date, l *locale.Locale) theme.Date {
	if d.IsZero() {
		return theme.Date{}
	}
	text := l.Date(d.In(ds.zone))
	if !d.Instant.IsZero() {
		// Where the hour matters, so does whose hour it is.
		text += d.Instant.In(ds.zone).Format(", 15:04 (") + ds.zone.String() + ")"
	}
	return theme.Date{Datetime: d.String(), Text: text}
}

// onWeb returns a string that is a web URL, and otherwise nothing.
func onWeb(s string) string {
	if scheme, _, ok := strings.Cut(s, "://"); ok && (strings.EqualFold(scheme, "https") || strings.EqualFold(scheme, "http")) {
		return s
	}
	return ""
}

// name returns what people call a version, in a language.
func (ds *describer) name(t *policy.Text, l *locale.Locale) string {
	v := t.Version
	if label := labelOf(t); label != "" {
		return fillText(l.Words.VersionLabel, "{version}", label)
	}
	if v.IsDraft() {
		return l.Words.Draft
	}
	name := fillText(l.Words.VersionOf, "{date}", l.Date(v.Effective().In(ds.zone)))
	// A number distinguishes versions of one day, as in their URLs.
	if n := v.Number(); n > 1 {
		name += " (" + l.Number(n) + ")"
	}
	return name
}

// ownName returns a name that no other version of the policy has, for the title
// of its page.
func (ds *describer) ownName(st *status, t *policy.Text, l *locale.Locale) string {
	name := ds.name(t, l)
	if st.shared[labelOf(t)] {
		name += " (" + t.Version.ID + ")"
	}
	return name
}

func labelOf(t *policy.Text) string {
	if t.FrontMatter.Label != "" {
		return t.FrontMatter.Label
	}
	return t.Version.FrontMatter.Label
}

// version returns what pages in a language show of the i-th version.
func (ds *describer) version(st *status, i int, lang string) theme.Version {
	v, l := st.Versions[i], ds.locales[lang]
	t := ds.paths.TextFor(v, lang)
	m := &v.FrontMatter
	out := theme.Version{
		ID:        v.ID,
		Name:      ds.name(t, l),
		Label:     labelOf(t),
		State:     string(st.State(i)),
		Effective: ds.date(m.Effective, l),
		Updated:   ds.date(day.On(v.Updated(ds.zone)), l),
		Reviewed:  ds.date(day.On(m.Reviewed), l),
		Href:      ds.paths.Href(ds.paths.Text(t)),
		Lang:      t.Lang,
		Summary:   t.FrontMatter.Summary,
		Generated: t.FrontMatter.Generated,
		Changes:   t.FrontMatter.Changes,
		Material:  m.Material,
		Source:    m.Source,
		SourceURL: onWeb(m.Source),
		Archived:  onWeb(m.Archived),
		Words:     &l.Words,
	}
	if !m.Published.IsZero() {
		// The page that announces a version needs no hour: the day it appeared
		// is what people ask for. Programs get the whole.
		out.Published = theme.Date{Datetime: m.Published.String(), Text: l.Date(m.Published.In(ds.zone))}
	}
	switch st.State(i) {
	case policy.InForce:
		out.StateName = l.Words.InForce
	case policy.Upcoming:
		out.StateName = l.Words.Upcoming
		if m.Updated.IsZero() {
			out.Updated = theme.Date{} // nobody updated it on the day on which it will take effect
		}
	case policy.Superseded:
		out.StateName = l.Words.Superseded
		out.Until = ds.date(ds.last(st, i), l)
	case policy.Withdrawn:
		out.StateName = l.Words.Withdrawn
		if i == st.InForce {
			out.Until = ds.date(ds.last(st, i), l)
		}
	}
	for i, c := range ds.released.corrections(t) {
		out.Corrections = append(out.Corrections,
			theme.Correction{Date: ds.date(day.On(c.Day), l), Reason: c.Reason, Href: ds.earlierHref(t, i+1)})
	}
	if d := ds.released.late(t); !d.IsZero() {
		out.Recorded = ds.date(day.On(d), l)
	}
	if v.IsDraft() {
		out.State, out.StateName = "draft", l.Words.Draft
	}
	if t.Lang != lang {
		out.Foreign = ds.locales[t.Lang].Name
	}
	return out
}

// until returns when a version ceased, or will cease, to be in force; the zero
// Date if that is not known.
func (ds *describer) until(st *status, i int) day.Date {
	if next := st.After(i); next != nil {
		return next.Effective()
	}
	return day.On(st.Policy.Settings.Withdrawn)
}

// last returns the last day on which a version is in force, or the instant at
// which that ends: "until 1 April" could mean a day that is the next version's.
func (ds *describer) last(st *status, i int) day.Date {
	end := ds.until(st, i)
	if end.IsZero() || !end.Instant.IsZero() {
		return end
	}
	first := st.Versions[i].Effective().In(ds.zone)
	if d := end.Day.Add(-1); d.Compare(first) >= 0 {
		return day.On(d)
	}
	return day.On(first)
}

func (ds *describer) redlineLink(st *status, at pair, lang string) *theme.RedlineLink {
	href := ds.redlineHref(st, at, lang)
	if href == "" {
		return nil
	}
	before, after := ds.both(st, at, lang)
	l := ds.locales[lang]
	return &theme.RedlineLink{Before: ds.name(before, l), After: ds.name(after, l), Href: href}
}
