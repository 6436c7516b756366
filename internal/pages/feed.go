package pages

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/privgen/privgen/internal/day"
	"github.com/privgen/privgen/internal/formats"
	"github.com/privgen/privgen/internal/locale"
	"github.com/privgen/privgen/internal/policy"
	"github.com/privgen/privgen/internal/redline/view"
	"github.com/privgen/privgen/internal/site"
	"github.com/privgen/privgen/internal/theme"
)

// feeds fills the feeds: one for each policy and language of its pages, and one
// for the site, with all policies in the site's own language. Each is written as
// Atom (RFC 4287) and as JSON Feed 1.1.
//
// A feed has a version from its publication on, so that subscribers learn of it
// before it takes effect. The entry does not change on that day, so it does not
// have the version's state. The date of an entry is that of the publication,
// otherwise the day of taking effect, and never the day of a build. The entry of
// a corrected version also has the day of the last correction.
type feeds struct {
	*linker
	describe    *describer
	comparisons *comparer

	mu   sync.Mutex
	late [2 * mostMarked]markedText // the latest, since both forms of a feed have the same
}

// A markedText is what changed between two texts, as HTML.
type markedText struct {
	before, after *policy.Text
	page, html    string
}

const (
	mostEntries = 50       // versions of a feed, which has the newest, and of each archive (RFC 5005)
	mostMarked  = 5        // entries of a feed that show what changed in the text
	maxMarked   = 48 << 10 // bytes that show this in an entry
)

// tag returns an id that never changes: a tag URI (RFC 4151) of the config's authority.
func (fe *feeds) tag(parts ...string) string {
	return "tag:" + fe.config.TagAuthority() + ":" + strings.Join(parts, "/")
}

// policyTag returns the id of a policy in a language, or of one of its versions.
// A renamed policy keeps the ids of its first name, which no other policy can
// have.
func (fe *feeds) policyTag(pol *policy.Policy, lang string, version ...string) string {
	slug := pol.Slug
	if former := pol.Settings.Formerly; len(former) > 0 {
		slug = former[0]
	}
	return fe.tag(append([]string{"policy", slug, lang}, version...)...)
}

// A place is a version in a list of versions of several policies.
type place struct {
	st *status
	i  int
}

// newestFirst returns the versions of policies in the order of feeds.
func newestFirst(policies ...*status) []place {
	var places []place
	for _, st := range policies {
		for i := range st.Versions {
			places = append(places, place{st, i})
		}
	}
	slices.SortFunc(places, func(a, b place) int {
		return cmp.Or(appeared(b.st.Versions[b.i]).Compare(appeared(a.st.Versions[a.i])), a.st.turn-b.st.turn, b.i-a.i)
	})
	return places
}

// items returns entries for versions. The first of those of a feed, but not of an
// archive, which stays as it is, show what changed in the text.
func (fe *feeds) items(places []place, archive bool, lang string) ([]formats.FeedItem, error) {
	var out []formats.FeedItem
	for _, at := range places {
		item, err := fe.item(at.st, at.i, lang)
		if err == nil && item.Redline != "" && !archive && len(out) < mostMarked {
			var marked string
			marked, err = fe.marked(at.st, at.i, lang, item.Redline)
			item.Content += marked
		}
		if err != nil {
			return nil, err
		}
		out = append(out, item)
	}
	return out, nil
}

// appeared returns the instant that feeds have for a version: its publication,
// or if that is not known, when it takes effect.
func appeared(v *policy.Version) time.Time {
	if !v.Published.IsZero() {
		return v.Published
	}
	return v.Begin
}

func (fe *feeds) item(st *status, i int, lang string) (formats.FeedItem, error) {
	v, l := st.Versions[i], fe.locales[lang]
	t := fe.paths.TextFor(v, lang)
	extent, err := fe.comparisons.extent(st, i, lang)
	if err != nil {
		return formats.FeedItem{}, err
	}
	item := formats.FeedItem{
		ID: fe.policyTag(st.Policy, lang, v.ID),
		Title: fillText(l.Words.VersionTitle, "{policy}", st.Policy.Title(lang), "{version}",
			fe.describe.name(t, l)),
		Href:     fe.paths.URL(fe.paths.Text(t)),
		Hreflang: t.Lang,
		When:     appeared(v).Format(time.RFC3339),
		Content:  fe.content(t, l, extent),
		Policy:   st.Policy.Slug, Version: v.ID, Effective: v.Effective().String(),
		Updated: day.On(v.Updated(fe.zone)).String(), Material: v.FrontMatter.Material,
	}
	item.Modified = item.When
	if d, ok := fe.released.corrected(v).Start(fe.zone); ok && d.After(appeared(v)) {
		item.Modified = d.Format(time.RFC3339)
	}
	if i > 0 {
		item.Before = fe.paths.URL(fe.paths.Text(fe.paths.TextFor(st.Versions[i-1], t.Lang)))
	}
	if path := fe.redlinePath(st, pair{i - 1, i}, lang); path != "" {
		item.Redline = fe.paths.URL(path)
	}
	return item, nil
}

// content returns the HTML of an entry: the author's summary, how much changed,
// and the stamp. It has its language, since feed readers show it among others.
func (fe *feeds) content(t *policy.Text, l *locale.Locale, extent *theme.Extent) string {
	var b strings.Builder
	fmt.Fprintf(&b, `<div lang="%s" dir="%s">`, l.Tag, l.Dir)
	own := ""
	if t.Lang != l.Tag {
		own = fmt.Sprintf(` lang="%s" dir="%s"`, t.Lang, fe.locales[t.Lang].Dir)
	}
	if t.FrontMatter.Summary != "" {
		fmt.Fprintf(&b, "<p%s>%s</p>", own, escape(t.FrontMatter.Summary))
		if t.FrontMatter.Generated {
			fmt.Fprintf(&b, "<p><small>%s</small></p>", escape(l.Words.Counted))
		}
	}
	if len(t.FrontMatter.Changes) > 0 {
		fmt.Fprintf(&b, "<ul%s>", own)
		for _, c := range t.FrontMatter.Changes {
			fmt.Fprintf(&b, "<li>%s</li>", escape(c))
		}
		b.WriteString("</ul>")
	}
	v := t.Version
	if v.FrontMatter.Material {
		fmt.Fprintf(&b, "<p>%s</p>", escape(l.Words.Material))
	}
	if extent != nil {
		for _, line := range append([]string{extent.Verdict}, strings.Join(extent.Counts, " · ")) {
			if line != "" {
				fmt.Fprintf(&b, "<p>%s</p>", escape(line))
			}
		}
	}
	b.WriteString("<dl>")
	for _, d := range []struct {
		label string
		date  day.Date
	}{{l.Words.Effective, v.Effective()}, {l.Words.Updated, day.On(v.Updated(fe.zone))}} {
		date := fe.describe.date(d.date, l)
		fmt.Fprintf(&b, `<dt>%s</dt><dd><time datetime="%s">%s</time></dd>`, escape(d.label), date.Datetime,
			escape(date.Text))
	}
	for _, c := range fe.released.corrections(t) {
		date := fe.describe.date(day.On(c.Day), l)
		fmt.Fprintf(&b, `<dt>%s</dt><dd><time datetime="%s">%s</time> <span dir="auto">%s</span></dd>`,
			escape(l.Words.Corrected), date.Datetime, escape(date.Text), escape(c.Reason))
	}
	b.WriteString("</dl></div>")
	return b.String()
}

// marked returns what changed in the text of a version, as HTML for feed readers.
func (fe *feeds) marked(st *status, i int, lang, page string) (string, error) {
	m := markedText{page: page}
	m.before, m.after = fe.both(st, pair{i - 1, i}, lang)
	fe.mu.Lock()
	for _, late := range fe.late {
		if late.before == m.before && late.after == m.after && late.page == page {
			fe.mu.Unlock()
			return late.html, nil
		}
	}
	fe.mu.Unlock()
	var err error
	if m.html, err = fe.mark(m.before, m.after, page); err != nil {
		return "", err
	}
	fe.mu.Lock()
	copy(fe.late[1:], fe.late[:])
	fe.late[0] = m
	fe.mu.Unlock()
	return m.html, nil
}

func (fe *feeds) mark(before, after *policy.Text, page string) (string, error) {
	r, err := fe.comparisons.compare(before, after)
	if err != nil {
		return "", err
	}
	l := fe.locales[after.Lang]
	set := WordsOf(&l.Words)
	set.Address, set.Before = fe.absolute(after), fe.absolute(before)
	set.Permalink, set.Fragment = fe.paths.URL(fe.paths.Text(after)), site.Fragment
	marked, left := view.Styled(r, *set, maxMarked)
	if len(marked) == 0 && left == 0 {
		return "", nil
	}
	return fmt.Sprintf(`<hr><div lang="%s" dir="%s">%s%s</div>`, l.Tag, l.Dir, marked, moreChanges(l, left, page)), nil
}

// moreChanges returns a link to the page of a redline for changes that are not shown.
func moreChanges(l *locale.Locale, left int, page string) string {
	words := l.Words.OneChange
	switch {
	case left == 0:
		return ""
	case left > 1:
		words = fillText(l.Words.ManyChanges, "{n}", l.Number(left))
	}
	return fmt.Sprintf(`<p>&hellip; <a href="%s">%s: %s</a></p>`, escape(page), escape(words), escape(l.Words.Redline))
}
