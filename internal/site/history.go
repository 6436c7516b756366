package site

import (
	"bytes"
	"encoding/hex"
	"encoding/json"

	"github.com/privgen/privgen/internal/day"
	"github.com/privgen/privgen/internal/policy"
	"github.com/privgen/privgen/internal/theme"
	"github.com/privgen/privgen/internal/tree"
)

// This file plans the history of a policy for programs: versions.json, which
// says what is known of every version, and links.json, a link set (RFC 9264),
// which says how its pages hang together (RFC 5829). Both stand once for each
// policy, beside its page in the site's language.
//
// The link set has no relations of Memento (RFC 7089): they are promises about
// the headers of answers, which files cannot keep on every host.

// A History is a versions.json: the public history of a policy. Members may be
// added to it, but none is renamed or changes its meaning. What is not known is
// left out. Addresses are absolute. A date is a day of the calendar in TimeZone
// (2026-01-01), or an instant (2026-01-01T09:00:00+01:00), as it was written by
// the author and as every page shows it.
type History struct {
	Policy   string            `json:"policy"`    // the policy's slug, as in its addresses
	Kind     string            `json:"kind"`      // privacy, cookies, terms or other
	Language string            `json:"language"`  // the authoritative language, a BCP 47 tag
	Titles   map[string]string `json:"titles"`    // the policy's title in each language that it has pages in, by BCP 47 tag
	URL      string            `json:"url"`       // the page of the version in force, in the site's language
	Archive  string            `json:"archive"`   // the page of all versions, in the site's language
	TimeZone string            `json:"time_zone"` // the zone in which days begin, an IANA name
	Versions []HistoryVersion  `json:"versions"`  // those that have been published, newest first; at least one
}

// A HistoryVersion is a version in a History.
type HistoryVersion struct {
	ID        string        `json:"id"`                  // unique in the policy, and never changed
	Label     string        `json:"label,omitempty"`     // what people call the version, if not its date
	State     string        `json:"state"`               // upcoming, in-force (one version at most), superseded or withdrawn
	Effective string        `json:"effective"`           // when it takes effect: a day or an instant
	Updated   string        `json:"updated"`             // the day on which its text was last changed
	Published string        `json:"published,omitempty"` // when it first appeared: a day or an instant
	Reviewed  string        `json:"reviewed,omitempty"`  // the day on which it was last reviewed without a change
	Withdrawn string        `json:"withdrawn,omitempty"` // the day on which it was withdrawn, before it took effect
	Until     string        `json:"until,omitempty"`     // superseded: when the next version took effect; withdrawn with its policy: when that ended
	Summary   string        `json:"summary,omitempty"`   // what changed, in the author's words and the authoritative language
	Changes   []string      `json:"changes,omitempty"`   // the same, point by point
	Material  bool          `json:"material"`            // whether the author calls the change material
	Source    string        `json:"source,omitempty"`    // where an imported text came from
	Archived  string        `json:"archived,omitempty"`  // the address of an archived copy of it
	Commit    string        `json:"commit,omitempty"`    // that it came from
	Dated     string        `json:"dated,omitempty"`     // what its date was taken from
	Generated bool          `json:"generated,omitempty"` // the summary counts what changed, and nobody wrote it
	Texts     []HistoryText `json:"texts"`               // the authoritative text, then its translations by language
}

// A HistoryText is a version in one language in a History.
type HistoryText struct {
	Lang     string   `json:"lang"`                       // BCP 47 tag
	Title    string   `json:"title"`                      // the text's own title, or the policy's where it has none
	Summary  string   `json:"summary,omitempty"`          // of a translation: what changed, in its language
	Changes  []string `json:"changes,omitempty"`          // of a translation: the same, point by point
	URL      string   `json:"url"`                        // the permalink
	Markdown string   `json:"markdown,omitempty"`         // address of the text as Markdown, if the site offers it
	Text     string   `json:"text,omitempty"`             // address of the text as plain text, if the site offers it
	SHA256   string   `json:"sha256"`                     // of the file at Markdown, which is the text in its normal form; in hexadecimal, as in the record
	Redline  string   `json:"redline,omitempty"`          // page of what changed since the version before, where that has a text in this language
	Since    string   `json:"redline_in_force,omitempty"` // superseded: page of what changed from here to the version in force, where that is drawn in this language

	Recorded string `json:"recorded,omitempty"` // the day on which it was added to a history that was recorded before, when it had taken effect

	Corrections []HistoryCorrection `json:"corrections,omitempty"` // of slips of the pen since it was released, the oldest first

	Extent *HistoryExtent `json:"extent,omitempty"` // how much that is
}

// A HistoryCorrection is an editorial correction of a text in a History.
type HistoryCorrection struct {
	Date   string `json:"date"`          // the day on which it was made
	Reason string `json:"reason"`        // in the author's words
	Was    string `json:"was"`           // the sha256 of the text until then
	URL    string `json:"url,omitempty"` // page of what it changed; index.md there is the earlier text
}

// A HistoryExtent is how much changed from a text to the next, in a History.
type HistoryExtent struct {
	ClausesChanged int `json:"clauses_changed"`
	ClausesAdded   int `json:"clauses_added"`
	ClausesRemoved int `json:"clauses_removed"`
	ClausesMoved   int `json:"clauses_moved"`
	WordsAdded     int `json:"words_added"`
	WordsRemoved   int `json:"words_removed"`
	WordsMoved     int `json:"words_moved"`
	Links          int `json:"links"`  // places where only a link's target changed
	Markup         int `json:"markup"` // places where only the markup changed
}

func (p *plan) planHistory(st *standing) {
	if p.writes("feed") {
		for _, lang := range p.pageLanguages(st.Policy) {
			p.planPolicyFeed(st, lang)
		}
	}
	if !p.writes("json") {
		return
	}
	dir := p.policyPath(st.Policy, p.language)
	p.add(dir+"versions.json", typeJSON, tree.List, p.historyKey("versions", st), func(b *bytes.Buffer) error {
		h, err := p.history(st)
		if err != nil {
			return err
		}
		return writeJSON(b, h)
	})
	p.add(p.linksPath(st), typeLinks, tree.List, p.historyKey("links", st), func(b *bytes.Buffer) error {
		return writeJSON(b, linkSet{p.links(st)})
	})
}

// linksPath is the link set of a policy.
func (p *plan) linksPath(st *standing) string {
	return p.policyPath(st.Policy, p.language) + "links.json"
}

// historyKey is the key of what shows all versions of a policy and how they
// stand.
func (p *plan) historyKey(kind string, st *standing) tree.Key {
	key := tree.NewHash(kind).Key(p.key).Key(st.key)
	for i := range st.Versions {
		key.Key(st.versionKeys[i]).Text(string(st.State(i))).Bool(st.redlines[pair{i - 1, i}]).Bool(p.drawsSince(st, i))
	}
	return key.Sum()
}

func writeJSON(b *bytes.Buffer, v any) error {
	e := json.NewEncoder(b)
	e.SetEscapeHTML(false)
	e.SetIndent("", "  ")
	return e.Encode(v)
}

func (p *plan) history(st *standing) (History, error) {
	h := History{
		Policy:   st.Policy.Slug,
		Kind:     st.Policy.Settings.Kind,
		Language: st.Policy.Language,
		Titles:   map[string]string{},
		URL:      p.url(p.policyPath(st.Policy, p.language)),
		Archive:  p.url(p.archivePath(st.Policy, p.language)),
		TimeZone: p.zone.String(),
	}
	for _, lang := range p.pageLanguages(st.Policy) {
		h.Titles[lang] = st.Policy.Title(lang)
	}
	for i := len(st.Versions) - 1; i >= 0; i-- {
		v, err := p.historyVersion(st, i)
		if err != nil {
			return h, err
		}
		h.Versions = append(h.Versions, v)
	}
	return h, nil
}

func (p *plan) historyVersion(st *standing, i int) (HistoryVersion, error) {
	v := st.Versions[i]
	m := &v.Matter
	out := HistoryVersion{
		ID:        v.ID,
		Label:     m.Label,
		State:     string(st.State(i)),
		Effective: m.Effective.String(),
		Updated:   day.On(v.Updated(p.zone)).String(),
		Published: m.Published.String(),
		Reviewed:  day.On(m.Reviewed).String(),
		Withdrawn: day.On(m.Withdrawn).String(),
		Summary:   m.Summary,
		Changes:   m.Changes,
		Material:  m.Material,
		Source:    m.Source,
		Archived:  m.Archived,
		Commit:    m.Commit,
		Dated:     m.Dated,
		Generated: m.Generated,
	}
	if state := st.State(i); state == policy.Superseded || state == policy.Withdrawn && i == st.InForce {
		out.Until = p.until(st, i).String()
	}
	for _, t := range v.Texts {
		text, err := p.historyText(st, i, t)
		if err != nil {
			return out, err
		}
		out.Texts = append(out.Texts, text)
	}
	return out, nil
}

func (p *plan) historyText(st *standing, i int, t *policy.Text) (HistoryText, error) {
	path := p.textPath(t)
	out := HistoryText{
		Lang:   t.Lang,
		Title:  t.Facts.Title,
		URL:    p.url(path),
		SHA256: hex.EncodeToString(t.Normal[:]),
	}
	if out.Title == "" {
		out.Title = st.Policy.Title(t.Lang)
	}
	if t != t.Version.Authoritative() {
		out.Summary, out.Changes = t.Matter.Summary, t.Matter.Changes
	}
	if p.writes("markdown") {
		out.Markdown = p.url(path + "index.md")
	}
	if p.writes("text") {
		out.Text = p.url(path + "index.txt")
	}
	for i, c := range p.corrections(t) {
		one := HistoryCorrection{Date: c.Day.String(), Reason: c.Reason, Was: hex.EncodeToString(c.Was[:])}
		if p.earlierHref(t, i+1) != "" {
			one.URL = p.url(p.earlierPath(t, i+1))
		}
		out.Corrections = append(out.Corrections, one)
	}
	out.Recorded = p.late(t).String()
	if p.drawsSince(st, i) && st.Versions[st.InForce].In(t.Lang) != nil {
		out.Since = p.url(p.sincePath(t))
	}
	if i == 0 || st.Versions[i-1].In(t.Lang) == nil {
		return out, nil
	}
	if path := p.redlineFor(st, pair{i - 1, i}, t.Lang); path != "" {
		out.Redline = p.url(path)
	}
	e, err := p.extent(st, i, t.Lang)
	if err != nil {
		return out, err
	}
	out.Extent = &HistoryExtent{
		e.ClausesChanged, e.ClausesAdded, e.ClausesRemoved, e.ClausesMoved, e.WordsAdded, e.WordsRemoved, e.WordsMoved, e.Links, e.Styles,
	}
	return out, nil
}

// A linkSet is a links.json: a link set as JSON (RFC 9264, part 4.2).
type linkSet struct {
	LinkSet []linkContext `json:"linkset"`
}

// A linkContext holds the links of one page, by relation.
type linkContext struct {
	Anchor      string       `json:"anchor"`
	History     []linkTarget `json:"version-history,omitempty"`
	Latest      []linkTarget `json:"latest-version,omitempty"`
	Predecessor []linkTarget `json:"predecessor-version,omitempty"`
	Successor   []linkTarget `json:"successor-version,omitempty"`
	Alternate   []linkTarget `json:"alternate,omitempty"`
}

type linkTarget struct {
	Href     string   `json:"href"`
	Hreflang []string `json:"hreflang,omitempty"`
	Type     string   `json:"type,omitempty"`
	Title    string   `json:"title,omitempty"`
}

// links gives the links of a policy's pages: those that the pages in force
// have, and those of the permalinks with what a permalink itself cannot have,
// since it stays as it is: its successor.
func (p *plan) links(st *standing) []linkContext {
	var out []linkContext
	shown := p.shown(st)
	for _, lang := range p.pageLanguages(st.Policy) {
		t := p.textFor(st.Versions[shown], lang)
		out = append(out, newLinkContext(p.url(p.policyPath(st.Policy, lang)), p.policyRelations(st, shown, t, lang)))
	}
	for i := len(st.Versions) - 1; i >= 0; i-- {
		for _, t := range st.Versions[i].Texts {
			relations := p.versionRelations(st, i, t)
			if i+1 < len(st.Versions) {
				next := p.textFor(st.Versions[i+1], t.Lang)
				relations = append(relations, theme.Relation{Rel: "successor-version", Href: p.url(p.textPath(next))})
			}
			out = append(out, newLinkContext(p.url(p.textPath(t)), relations))
		}
	}
	return out
}

func newLinkContext(anchor string, relations []theme.Relation) linkContext {
	c := linkContext{Anchor: anchor}
	of := map[string]*[]linkTarget{
		"version-history": &c.History, "latest-version": &c.Latest,
		"predecessor-version": &c.Predecessor, "successor-version": &c.Successor, "alternate": &c.Alternate,
	}
	for _, r := range relations {
		list := of[r.Rel]
		// A page is no alternate of itself, x-default is no language, and the
		// link set need not lead to itself: these are for pages only.
		if list == nil || r.Rel == "alternate" && (r.Href == anchor || r.Hreflang == "x-default") {
			continue
		}
		target := linkTarget{Href: r.Href, Type: r.Type, Title: r.Title}
		if r.Hreflang != "" {
			target.Hreflang = []string{r.Hreflang}
		}
		*list = append(*list, target)
	}
	return c
}
