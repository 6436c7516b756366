package site

import (
	"bytes"
	"encoding/xml"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/privgen/privgen/internal/day"
	"github.com/privgen/privgen/internal/locale"
	"github.com/privgen/privgen/internal/policy"
	"github.com/privgen/privgen/internal/theme"
	"github.com/privgen/privgen/internal/tree"
)

// This file plans the feeds: one for each policy and language that it has
// pages in, and the site's, over all policies in its own language; each as
// Atom (RFC 4287) and as JSON Feed 1.1.
//
// A version is in a feed from when it is public, so that subscribers hear of it
// before it takes effect, and its entry does not change when it does: how a
// version stands is not in it. The date of an entry is that of its publication,
// else that of its taking effect, and never that of a build; when the version was
// corrected, an entry also says when it changed last.

// mostEntries is how many versions a feed has, the newest.
const mostEntries = 50

// A feed is what its two forms are made of.
type feed struct {
	id, title, about, lang string
	page, dir              string // paths of the page that it goes with, and of the folder it stands in
	items                  []feedItem
}

// A feedItem is a version in a feed.
type feedItem struct {
	id, title, href string
	hreflang        string // language of the text that href leads to
	before          string // address of the version before, or empty
	redline         string // address of what changed since, or empty
	when            string
	modified        string // the same, or the day of the last correction
	content         string // HTML
	version         *policy.Version
}

// planPolicyFeed plans the feeds of a policy in a language.
func (p *plan) planPolicyFeed(st *standing, lang string) {
	key := tree.NewHash("feed").Text(lang).Key(p.key).Key(st.feedKey())
	dir := p.policyPath(st.Policy, lang)
	p.addFeed(dir, key, func() (feed, error) {
		f := feed{
			id:    p.policyTag(st.Policy, lang),
			title: st.Policy.Title(lang) + " – " + p.siteFor(lang, nil).Title,
			about: st.Policy.Description(lang),
			lang:  lang, page: dir, dir: dir,
		}
		var err error
		f.items, err = p.feedItems(lang, st)
		return f, err
	})
}

// planFeed plans the site's feeds.
func (p *plan) planFeed() {
	if !p.writes("feed") || len(p.standings) == 0 {
		return
	}
	key := tree.NewHash("site feed").Key(p.key)
	var all []*standing
	for i := range p.standings {
		key.Key(p.ready(&p.standings[i]).feedKey())
		all = append(all, &p.standings[i])
	}
	p.addFeed("", key, func() (feed, error) {
		items, err := p.feedItems(p.language, all...)
		return feed{id: p.tag("site"), title: p.siteFor(p.language, nil).Title, lang: p.language, items: items}, err
	})
}

// feedKey is the key of all that a policy's feeds show of it.
func (st *standing) feedKey() tree.Key {
	key := tree.NewHash("feed").Key(st.key).Texts(st.Policy.Settings.Formerly...)
	for i, k := range st.versionKeys {
		key.Key(k).Bool(st.redlines[pair{i - 1, i}])
	}
	return key.Sum()
}

func (p *plan) addFeed(dir string, key *tree.Hash, make func() (feed, error)) {
	p.add(dir+"feed.atom", typeAtom, tree.List, key.Text("atom").Sum(), func(b *bytes.Buffer) error {
		f, err := make()
		if err != nil {
			return err
		}
		return p.writeAtom(b, f)
	})
	p.add(dir+"feed.json", typeJSONFeed, tree.List, key.Text("json").Sum(), func(b *bytes.Buffer) error {
		f, err := make()
		if err != nil {
			return err
		}
		return writeJSON(b, p.jsonFeed(f))
	})
}

// modified gives when the newest of what the feed shows changed.
func (f *feed) modified() string {
	last := f.items[0].modified
	at, _ := time.Parse(time.RFC3339, last) // as it was formatted
	for _, item := range f.items[1:] {
		if item.modified == item.when {
			continue
		}
		if t, err := time.Parse(time.RFC3339, item.modified); err == nil && t.After(at) {
			at, last = t, item.modified
		}
	}
	return last
}

// tag makes an id that never changes: a tag URI (RFC 4151) of the config's
// authority.
func (p *plan) tag(parts ...string) string {
	return "tag:" + p.Config.TagAuthority() + ":" + strings.Join(parts, "/")
}

// policyTag makes the id of a policy in a language, or of one of its versions.
// A policy that was renamed keeps the ids that it had under its first name,
// which nobody else can have.
func (p *plan) policyTag(pol *policy.Policy, lang string, version ...string) string {
	slug := pol.Slug
	if former := pol.Settings.Formerly; len(former) > 0 {
		slug = former[0]
	}
	return p.tag(append([]string{"policy", slug, lang}, version...)...)
}

// feedItems gives the newest versions of policies, newest first.
func (p *plan) feedItems(lang string, policies ...*standing) ([]feedItem, error) {
	type place struct {
		st   *standing
		i    int
		when time.Time
	}
	var places []place
	for _, st := range policies {
		for i := len(st.Versions) - 1; i >= 0; i-- {
			places = append(places, place{st, i, appeared(st.Versions[i])})
		}
	}
	slices.SortStableFunc(places, func(a, b place) int { return b.when.Compare(a.when) })
	var out []feedItem
	for _, at := range places[:min(len(places), mostEntries)] {
		item, err := p.feedItem(at.st, at.i, lang)
		if err != nil {
			return nil, err
		}
		out = append(out, item)
	}
	return out, nil
}

// appeared gives the instant that the feeds have for a version: when it was
// published, or where nobody says, when it takes effect.
func appeared(v *policy.Version) time.Time {
	if !v.Published.IsZero() {
		return v.Published
	}
	return v.Begin
}

func (p *plan) feedItem(st *standing, i int, lang string) (feedItem, error) {
	v, l := st.Versions[i], p.locales[lang]
	t := p.textFor(v, lang)
	extent, err := p.extent(st, i, lang)
	if err != nil {
		return feedItem{}, err
	}
	item := feedItem{
		id:       p.policyTag(st.Policy, lang, v.ID),
		title:    fillText(l.Words.VersionTitle, "{policy}", st.Policy.Title(lang), "{version}", p.name(t, l)),
		href:     p.url(p.textPath(t)),
		hreflang: t.Lang,
		when:     appeared(v).Format(time.RFC3339),
		content:  p.feedContent(t, l, extent),
		version:  v,
	}
	item.modified = item.when
	if d, ok := p.corrected(v).Start(p.zone); ok && d.After(appeared(v)) {
		item.modified = d.Format(time.RFC3339)
	}
	if i > 0 {
		item.before = p.url(p.textPath(p.textFor(st.Versions[i-1], t.Lang)))
	}
	if path := p.redlineFor(st, pair{i - 1, i}, lang); path != "" {
		item.redline = p.url(path)
	}
	return item, nil
}

// feedContent makes the HTML of an entry: what changed in the author's words,
// how much it is, and the stamp. It says its language itself, since readers show it among
// others.
func (p *plan) feedContent(t *policy.Text, l *locale.Locale, extent *theme.Extent) string {
	var b strings.Builder
	fmt.Fprintf(&b, `<div lang="%s" dir="%s">`, l.Tag, l.Dir)
	own := ""
	if t.Lang != l.Tag {
		own = fmt.Sprintf(` lang="%s" dir="%s"`, t.Lang, p.locales[t.Lang].Dir)
	}
	if t.Matter.Summary != "" {
		fmt.Fprintf(&b, "<p%s>%s</p>", own, escape(t.Matter.Summary))
		if t.Matter.Generated {
			fmt.Fprintf(&b, "<p><small>%s</small></p>", escape(l.Words.Counted))
		}
	}
	if len(t.Matter.Changes) > 0 {
		fmt.Fprintf(&b, "<ul%s>", own)
		for _, c := range t.Matter.Changes {
			fmt.Fprintf(&b, "<li>%s</li>", escape(c))
		}
		b.WriteString("</ul>")
	}
	v := t.Version
	if v.Matter.Material {
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
	}{{l.Words.Effective, v.Effective()}, {l.Words.Updated, day.On(v.Updated(p.zone))}} {
		date := p.date(d.date, l)
		fmt.Fprintf(&b, `<dt>%s</dt><dd><time datetime="%s">%s</time></dd>`, escape(d.label), date.Datetime, escape(date.Text))
	}
	for _, c := range p.corrections(t) {
		date := p.date(day.On(c.Day), l)
		fmt.Fprintf(&b, `<dt>%s</dt><dd><time datetime="%s">%s</time> <span dir="auto">%s</span></dd>`, escape(l.Words.Corrected), date.Datetime, escape(date.Text), escape(c.Reason))
	}
	b.WriteString("</dl></div>")
	return b.String()
}

// Atom, RFC 4287. The order of elements is free; this one reads well.
type atomFeed struct {
	XMLName  xml.Name    `xml:"http://www.w3.org/2005/Atom feed"`
	Lang     string      `xml:"xml:lang,attr"`
	ID       string      `xml:"id"`
	Title    string      `xml:"title"`
	Subtitle string      `xml:"subtitle,omitempty"`
	Updated  string      `xml:"updated"`
	Author   atomPerson  `xml:"author"`
	Links    []atomLink  `xml:"link"`
	Entries  []atomEntry `xml:"entry"`
}

type atomPerson struct {
	Name string `xml:"name"`
	URI  string `xml:"uri,omitempty"`
}

type atomLink struct {
	Rel      string `xml:"rel,attr"`
	Type     string `xml:"type,attr,omitempty"`
	Hreflang string `xml:"hreflang,attr,omitempty"`
	Href     string `xml:"href,attr"`
}

type atomEntry struct {
	ID        string     `xml:"id"`
	Title     string     `xml:"title"`
	Published string     `xml:"published"`
	Updated   string     `xml:"updated"`
	Links     []atomLink `xml:"link"`
	Content   atomText   `xml:"content"`
}

type atomText struct {
	Type string `xml:"type,attr"`
	Text string `xml:",chardata"`
}

func (p *plan) writeAtom(b *bytes.Buffer, f feed) error {
	out := atomFeed{
		Lang: f.lang, ID: f.id, Title: f.title, Subtitle: f.about,
		Updated: f.modified(),
		Author:  atomPerson{p.Config.Organization.Name, p.Config.Organization.URL},
		Links: []atomLink{
			{Rel: "self", Type: typeAtom, Href: p.url(f.dir + "feed.atom")},
			{Rel: "alternate", Type: "text/html", Hreflang: f.lang, Href: p.url(f.page)},
		},
	}
	for _, item := range f.items {
		e := atomEntry{
			ID: item.id, Title: item.title, Published: item.when, Updated: item.modified,
			Links:   []atomLink{{Rel: "alternate", Type: "text/html", Hreflang: item.hreflang, Href: item.href}},
			Content: atomText{"html", item.content},
		}
		if item.before != "" {
			e.Links = append(e.Links, atomLink{Rel: "predecessor-version", Type: "text/html", Href: item.before})
		}
		if item.redline != "" {
			e.Links = append(e.Links, atomLink{Rel: "related", Type: "text/html", Href: item.redline})
		}
		out.Entries = append(out.Entries, e)
	}
	b.WriteString(xml.Header)
	e := xml.NewEncoder(b)
	e.Indent("", "  ")
	if err := e.Encode(out); err != nil {
		return err
	}
	b.WriteByte('\n')
	return nil
}

// JSON Feed 1.1.
type jsonFeed struct {
	Version     string       `json:"version"`
	Title       string       `json:"title"`
	Home        string       `json:"home_page_url"`
	URL         string       `json:"feed_url"`
	Description string       `json:"description,omitempty"`
	Language    string       `json:"language"`
	Authors     []jsonAuthor `json:"authors"`
	Items       []jsonItem   `json:"items"`
}

type jsonAuthor struct {
	Name string `json:"name"`
	URL  string `json:"url,omitempty"`
}

type jsonItem struct {
	ID        string      `json:"id"`
	URL       string      `json:"url"`
	Title     string      `json:"title"`
	Content   string      `json:"content_html"`
	Published string      `json:"date_published"`
	Modified  string      `json:"date_modified"`
	Language  string      `json:"language"`
	Privgen   jsonPrivgen `json:"_privgen"`
}

// A jsonPrivgen is what JSON Feed has no member for. Its members are those of a
// HistoryVersion, and the policy's slug.
type jsonPrivgen struct {
	About     string `json:"about"` // where this is explained, as JSON Feed wants it
	Policy    string `json:"policy"`
	Version   string `json:"version"`
	Effective string `json:"effective"`
	Updated   string `json:"updated"`
	Material  bool   `json:"material"`
	Before    string `json:"predecessor_version,omitempty"` // permalink of the version before
	Redline   string `json:"redline,omitempty"`             // page of what changed since then
}

func (p *plan) jsonFeed(f feed) jsonFeed {
	org := p.Config.Organization
	out := jsonFeed{
		Version: "https://jsonfeed.org/version/1.1",
		Title:   f.title, Description: f.about, Language: f.lang,
		Home: p.url(f.page), URL: p.url(f.dir + "feed.json"),
		Authors: []jsonAuthor{{org.Name, org.URL}},
	}
	for _, item := range f.items {
		v := item.version
		out.Items = append(out.Items, jsonItem{
			ID: item.id, URL: item.href, Title: item.title, Content: item.content,
			Published: item.when, Modified: item.modified, Language: f.lang,
			Privgen: jsonPrivgen{
				About:  "https://github.com/privgen/privgen",
				Policy: v.Policy.Slug, Version: v.ID,
				Effective: v.Effective().String(), Updated: day.On(v.Updated(p.zone)).String(),
				Material: v.Matter.Material, Before: item.before, Redline: item.redline,
			},
		})
	}
	return out
}
