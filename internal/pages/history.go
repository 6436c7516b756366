package pages

import (
	"bytes"
	"encoding/hex"
	"encoding/json"
	"time"

	"github.com/privgen/privgen/internal/config"
	"github.com/privgen/privgen/internal/day"
	"github.com/privgen/privgen/internal/policy"
	"github.com/privgen/privgen/internal/site"
	"github.com/privgen/privgen/internal/theme"
)

// This file has the history of a policy for programs: versions.json, which has
// what is known of every version, and links.json, a link set (RFC 9264) with the
// relations between its pages (RFC 5829). Each policy has both once, beside its
// page in the site's language.
//
// The link set has no relations of Memento (RFC 7089): they are promises about
// response headers, which files cannot keep on every host.

// histories fills versions.json and links.json.
type histories struct {
	config      *config.Config
	zone        *time.Location
	paths       site.Paths
	links       *linker
	released    *released
	describe    *describer
	relations   *relations
	comparisons *comparer
}

// A History is a versions.json: the public history of a policy. Members may be
// added to it, but none is renamed or changes its meaning. What is not known is
// left out. Addresses are absolute. A date is a day of the calendar in TimeZone
// (2026-01-01), or an instant (2026-01-01T09:00:00+01:00), as it was written by
// the author and as every page shows it.
type History struct {
	Schema   string            `json:"$schema"`   // the JSON Schema of this file, whose name has the number of the format
	Policy   string            `json:"policy"`    // the policy's slug, as in its URLs
	Kind     string            `json:"kind"`      // one of privacy, cookies, terms, and other
	Language string            `json:"language"`  // the authoritative language, a BCP 47 tag
	Titles   map[string]string `json:"titles"`    // the title in each language that the policy has pages in, by BCP 47 tag
	URL      string            `json:"url"`       // the page of the version in force, in the site's language
	Archive  string            `json:"archive"`   // the page of all versions, in the site's language
	TimeZone string            `json:"time_zone"` // the zone in which days begin, an IANA name

	Withdrawn string `json:"withdrawn,omitempty"` // the day on which the policy ended

	// The newest version with a material change among the version in force and
	// those before it, by its id, otherwise the first version. Who agreed to this
	// version or a later one knows every material change. Absent if no version has
	// taken effect.
	MaterialSince string `json:"material_since,omitempty"`

	Versions []HistoryVersion `json:"versions"` // the published versions, newest first; at least one
}

// A HistoryVersion is a version in a History.
type HistoryVersion struct {
	ID        string        `json:"id"`                  // unique in the policy, and never changed
	Label     string        `json:"label,omitempty"`     // the name of the version, if it is not its date
	State     string        `json:"state"`               // one of upcoming, in-force (at most one version), superseded, or withdrawn
	Effective string        `json:"effective"`           // when it takes effect: a day or an instant
	Updated   string        `json:"updated"`             // the day on which its text was last changed
	Published string        `json:"published,omitempty"` // when it first appeared: a day or an instant
	Reviewed  string        `json:"reviewed,omitempty"`  // the day on which it was last reviewed, without a change
	Withdrawn string        `json:"withdrawn,omitempty"` // the day on which it was withdrawn, before it took effect
	Until     string        `json:"until,omitempty"`     // of a superseded version: when the next version took effect; of the last version of a policy that ended: when it ended
	Summary   string        `json:"summary,omitempty"`   // what changed, in the author's words and the authoritative language
	Changes   []string      `json:"changes,omitempty"`   // what changed, point by point
	Material  bool          `json:"material"`            // whether the author calls the change material
	Source    string        `json:"source,omitempty"`    // where an imported text came from
	Archived  string        `json:"archived,omitempty"`  // the URL of an archived copy of it
	Commit    string        `json:"commit,omitempty"`    // the commit that an imported text came from
	Dated     string        `json:"dated,omitempty"`     // what the date of an imported version was taken from
	Generated bool          `json:"generated,omitempty"` // whether the summary was generated from counts of what changed
	Texts     []HistoryText `json:"texts"`               // the authoritative text, then its translations by language
}

// A HistoryText is a version in one language in a History.
type HistoryText struct {
	Lang     string   `json:"lang"`                       // BCP 47 tag
	Title    string   `json:"title"`                      // the title of the text, otherwise of the policy
	Summary  string   `json:"summary,omitempty"`          // of a translation: what changed, in its language
	Changes  []string `json:"changes,omitempty"`          // of a translation: what changed, point by point
	URL      string   `json:"url"`                        // the permalink
	Markdown string   `json:"markdown,omitempty"`         // the URL of the text as Markdown, if the site has it
	Text     string   `json:"text,omitempty"`             // the URL of the text as plain text, if the site has it
	SHA256   string   `json:"sha256"`                     // the digest of the file at markdown, which is the text in its normal form; as in the lock file
	Redline  string   `json:"redline,omitempty"`          // the page of what changed since the previous version, if that has a text in this language
	Since    string   `json:"redline_in_force,omitempty"` // of a superseded version: the page of what changed from it to the version in force, if there is one in this language

	Redlines map[string]string `json:"redlines,omitempty"` // with pairs = "all": the pages of what changed since earlier versions, by their ids

	Recorded string `json:"recorded,omitempty"` // the day on which the version was recorded, if that was after it took effect and after later versions were recorded

	Corrections []HistoryCorrection `json:"corrections,omitempty"` // corrections since the release, the oldest first

	Extent *HistoryExtent `json:"extent,omitempty"` // how much changed since the previous version
}

// A HistoryCorrection is an editorial correction of a text in a History.
type HistoryCorrection struct {
	Date   string `json:"date"`          // the day on which it was made
	Reason string `json:"reason"`        // why, in the author's words
	Was    string `json:"was"`           // the sha256 of the text until then
	URL    string `json:"url,omitempty"` // the page of what it changed; index.md there is the earlier text
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
	Restructured   int `json:"words_restructured"` // words whose structure changed, such as from a paragraph to a list
	Links          int `json:"links"`              // places where only the target of a link changed
	Images         int `json:"images"`             // images that were replaced by others
	ListNumbers    int `json:"list_numbers"`       // rows of list items with other numbers
	Markup         int `json:"markup"`             // places where only the markup changed
}

func writeJSON(b *bytes.Buffer, v any) error {
	e := json.NewEncoder(b)
	e.SetEscapeHTML(false)
	e.SetIndent("", "  ")
	return e.Encode(v)
}

func (hi *histories) of(st *status) (History, error) {
	h := History{
		Schema:   historySchema,
		Policy:   st.Policy.Slug,
		Kind:     st.Policy.Settings.Kind,
		Language: st.Policy.Language,
		Titles:   hi.titles(st),
		URL:      hi.paths.URL(hi.paths.Policy(st.Policy, hi.paths.Default)),
		Archive:  hi.paths.URL(hi.paths.Archive(st.Policy, hi.paths.Default)),
		TimeZone: hi.zone.String(),

		MaterialSince: materialSince(st),
	}
	for i := len(st.Versions) - 1; i >= 0; i-- {
		v, err := hi.version(st, i)
		if err != nil {
			return h, err
		}
		h.Versions = append(h.Versions, v)
	}
	if st.Ended {
		h.Withdrawn = day.On(st.Policy.Settings.Withdrawn).String()
	}
	return h, nil
}

func (hi *histories) version(st *status, i int) (HistoryVersion, error) {
	v := st.Versions[i]
	m := &v.FrontMatter
	out := HistoryVersion{
		ID:        v.ID,
		Label:     m.Label,
		State:     string(st.State(i)),
		Effective: m.Effective.String(),
		Updated:   day.On(v.Updated(hi.zone)).String(),
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
		out.Until = hi.describe.until(st, i).String()
	}
	for _, t := range v.Texts {
		text, err := hi.text(st, i, t)
		if err != nil {
			return out, err
		}
		out.Texts = append(out.Texts, text)
	}
	return out, nil
}

func (hi *histories) text(st *status, i int, t *policy.Text) (HistoryText, error) {
	path := hi.paths.Text(t)
	out := HistoryText{
		Lang:   t.Lang,
		Title:  t.Facts.Title,
		URL:    hi.paths.URL(path),
		SHA256: hex.EncodeToString(t.Normal[:]),
	}
	if out.Title == "" {
		out.Title = st.Policy.Title(t.Lang)
	}
	if t != t.Version.Authoritative() {
		out.Summary, out.Changes = t.FrontMatter.Summary, t.FrontMatter.Changes
	}
	if hi.config.Output.Writes("markdown") {
		out.Markdown = hi.paths.URL(path + "index.md")
	}
	if hi.config.Output.Writes("text") {
		out.Text = hi.paths.URL(path + "index.txt")
	}
	for i, c := range hi.released.corrections(t) {
		one := HistoryCorrection{Date: c.Day.String(), Reason: c.Reason, Was: hex.EncodeToString(c.Was[:])}
		if hi.links.earlierHref(t, i+1) != "" {
			one.URL = hi.paths.URL(hi.paths.Earlier(t, i+1))
		}
		out.Corrections = append(out.Corrections, one)
	}
	out.Recorded = hi.released.late(t).String()
	if hi.links.drawsSince(st, i) && st.Versions[st.InForce].In(t.Lang) != nil {
		out.Since = hi.paths.URL(hi.paths.Since(t))
	}
	for j := range i {
		if st.redlines[pair{j, i}] && hi.config.Redlines.Pairs == "all" && st.Versions[j].In(t.Lang) != nil {
			if out.Redlines == nil {
				out.Redlines = map[string]string{}
			}
			out.Redlines[st.Versions[j].ID] = hi.paths.URL(hi.paths.Redline(st.Versions[j].In(t.Lang), t))
		}
	}
	if i == 0 || st.Versions[i-1].In(t.Lang) == nil {
		return out, nil
	}
	if path := hi.links.redlinePath(st, pair{i - 1, i}, t.Lang); path != "" {
		out.Redline = hi.paths.URL(path)
	}
	e, err := hi.comparisons.extent(st, i, t.Lang)
	if err != nil {
		return out, err
	}
	out.Extent = &HistoryExtent{
		e.ClausesChanged, e.ClausesAdded, e.ClausesRemoved, e.ClausesMoved, e.WordsAdded, e.WordsRemoved,
		e.WordsMoved, e.WordsRestructured, e.Links, e.Images, e.ListNumbers, e.Styles,
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

// linksOf returns the links of a policy's pages: those of the pages in force,
// and those of the permalinks. Permalinks have one more here, to the next
// version: the pages themselves never change.
func (hi *histories) linksOf(st *status) []linkContext {
	var out []linkContext
	shown := st.shown()
	for _, lang := range hi.paths.Languages(st.Policy) {
		t := hi.paths.TextFor(st.Versions[shown], lang)
		out = append(out, newLinkContext(hi.paths.URL(hi.paths.Policy(st.Policy, lang)),
			hi.relations.ofPolicy(st, shown, t, lang)))
	}
	for i := len(st.Versions) - 1; i >= 0; i-- {
		for _, t := range st.Versions[i].Texts {
			relations := hi.relations.ofVersion(st, i, t)
			if i+1 < len(st.Versions) {
				next := hi.paths.TextFor(st.Versions[i+1], t.Lang)
				relations = append(relations,
					theme.Relation{Rel: "successor-version", Href: hi.paths.URL(hi.paths.Text(next))})
			}
			out = append(out, newLinkContext(hi.paths.URL(hi.paths.Text(t)), relations))
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
