package theme

import (
	"reflect"

	"github.com/privgen/privgen/internal/locale"
)

// A probe creates pages with made-up data, to test a theme before the first
// page of the site is rendered. There is a full one, with everything, and a
// bare one, without everything optional.
type probe struct {
	full     bool
	settings Settings
	styles   []string
}

const probeHost = "https://probe.example"

// probeText is the body of the probe's text, and probeHeading its heading if
// the text has its own.
const (
	probeText    = "What we collect Only what you type & send <here>. What we keep Nothing."
	probeHeading = "Probe of privacy"
)

func (p probe) frame(kind string) Frame {
	f := Frame{
		Kind: kind, Lang: "en-GB", Dir: "ltr",
		Title:    "Probe of " + kind + " & title",
		Site:     Site{Title: "Probe", Home: "/", Organization: Organization{Name: "Example Ltd"}},
		Words:    probeWords(),
		Settings: p.settings,
		Styles:   p.styles,
	}
	if !p.full {
		return f
	}
	f.Lang, f.Dir = "ar", "rtl"
	f.Description = "A probe."
	f.Canonical = probeHost + "/" + kind + "/"
	f.Robots = "noindex"
	f.JSONLD = `<script type="application/ld+json">{"@context":"https://schema.org"}</script>`
	f.Relations = []Relation{
		{Rel: "version-history", Href: probeHost + "/probe/archive/"},
		{Rel: "alternate", Href: probeHost + "/feed.atom", Type: "application/atom+xml", Title: "Probe"},
		{Rel: "alternate", Href: probeHost + "/de/probe/", Hreflang: "de"},
	}
	f.Languages = []LanguageLink{
		{Lang: "ar", Dir: "rtl", Name: "العربية", Href: "/ar/", Current: true},
		{Lang: "de", Dir: "ltr", Name: "Deutsch", Href: "/de/"},
	}
	f.Site.Policies = []Link{{Text: "Probe", Href: "/probe/", Current: true, Rel: "privacy-policy"}}
	f.Site.Header = []Link{{Text: "Elsewhere", Href: "https://elsewhere.example/"}}
	f.Site.Footer = f.Site.Header
	f.Site.Organization = Organization{
		Name: "Example Ltd", URL: "https://elsewhere.example/", Email: "a@example.com", Phone: "+44 20 7946 0000",
		Address:  []string{"1 Example Street", "Exampleton"},
		Contacts: []Contact{{"Officer", "A. Person", "b@example.com", "+44 20 7946 0001", "https://elsewhere.example/b"}, {Role: "Nobody"}},
	}
	return f
}

// probeWords returns words that are their own names.
func probeWords() *locale.Words {
	var w locale.Words
	v := reflect.ValueOf(&w).Elem()
	for i := range v.NumField() {
		if f := v.Field(i); f.Kind() == reflect.String && f.CanSet() {
			f.SetString(v.Type().Field(i).Name)
		}
	}
	return &w
}

func (p probe) versionOf(state string) *Version {
	v := &Version{
		ID: "2026-01-01", Name: "Version of 1 January 2026", State: state, StateName: state,
		Effective: Date{"2026-01-01", "1 January 2026"}, Updated: Date{"2025-12-15", "15 December 2025"},
		Href: "/probe/2026-01-01/", Lang: "en-GB", Words: probeWords(),
	}
	if p.full {
		v.Label = "3.2"
		v.Published, v.Reviewed, v.Until = Date{"2025-12-16T09:00:00+01:00", "16 December 2025"}, v.Updated, v.Updated
		v.Recorded = v.Updated
		v.Foreign, v.Summary, v.Changes, v.Material = "English", "Less.", []string{"Less of <this>"}, true
		v.Generated = true
		v.Source, v.SourceURL, v.Archived = "https://elsewhere.example/old", "https://elsewhere.example/old", "https://archive.example/old"
		v.Corrections = []Correction{{Date{"2026-02-03", "3 February 2026"}, "Two <digits> were swapped.", "/"}}
		v.Redline, v.Since, v.Extent = "/probe/redline/1..2/", "/probe/redline/2..in-force/",
			&Extent{Verdict: "Rewritten.", Counts: []string{"+12 −3 words"}}
	}
	return v
}

func (p probe) home() any {
	h := Home{Frame: p.frame("home")}
	e := PolicyEntry{Slug: "probe", Title: "Probe", Href: "/probe/", Archive: "/probe/archive/",
		Versions: "1 version", Words: probeWords()}
	if p.full {
		e.Description, e.InForce, e.Upcoming = "A probe.", p.versionOf("in-force"), p.versionOf("upcoming")
	}
	h.Policies = []PolicyEntry{e, e}
	if p.full {
		e.Short = e.Title
		h.Groups = []PolicyGroup{{ID: "pg:group-1", Name: "Group", Count: "1", Policies: []PolicyEntry{e}}}
		h.Formats = []Link{{Text: "Feed", Href: "/feed.atom"}}
		h.Latest = []Latest{{Policy: "Probe", Href: "/probe/", Version: *p.versionOf("in-force")}}
	}
	return h
}

func (p probe) document() Document {
	d := Document{
		Slug: "probe", Name: "Probe", Href: "/probe/", Archive: "/probe/archive/",
		Version: *p.versionOf("superseded"),
		Text: Text{
			Policy: "probe", Version: "2026-01-01", Lang: "en-GB", Dir: "ltr",
			Heading: `<h1 data-added>` + probeHeading + `</h1>`,
			Body: `<h2 id="a">What we collect</h2><p>Only what you type &amp; send &lt;here&gt;.</p>` +
				`<h2 id="b">What we keep</h2><p>Nothing.</p>`,
		},
	}
	if !p.full {
		return d
	}
	d.Text.Heading = `<h1 id="probe">` + probeHeading + `<a href="#probe" data-added>#</a></h1>`
	d.Text.Contents = []Clause{{ID: "a", Title: "What we collect", Clauses: []Clause{{ID: "a1", Title: "More"}}},
		{ID: "b", Title: "What we keep"}}
	d.Text.Glance = []Glance{{ID: "a", Title: "What we collect", Lines: []string{"Only <this>."}},
		{ID: "b", Title: "What we keep", Lines: []string{"Nothing.", "Really."}}}
	d.Notices = []Notice{{Kind: "superseded", Text: Sentence{
		{Text: "Replaced on "}, {Text: "1 June 2026", Datetime: "2026-06-01"}, {Text: ". "},
		{Text: "See", Href: "/probe/"}, {Text: "Deutsch", Lang: "de"}}}}
	d.Previous, d.Next = p.versionOf("superseded"), p.versionOf("in-force")
	d.Formats = []Link{{Text: "Markdown", Href: "/probe/index.md"}}
	d.Permalink, d.Feed = probeHost+"/probe/2026-01-01/", "/probe/feed.atom"
	return d
}

func (p probe) policy() any  { return Policy{p.frame("policy"), p.document()} }
func (p probe) version() any { return VersionPage{p.frame("version"), p.document()} }

func (p probe) archive() any {
	a := Archive{Frame: p.frame("archive"), Slug: "probe", Name: "Probe", Href: "/probe/",
		Versions: []Version{*p.versionOf("in-force")}}
	if p.full {
		a.Versions = append(a.Versions, *p.versionOf("superseded"))
		a.Formats = []Link{{Text: "JSON", Href: "/probe/versions.json"}}
		a.Years = []Year{{ID: "pg:2026", Name: "2026", Count: "2", Versions: a.Versions}}
		a.Comparisons = []Comparison{{"Version 2", []Link{{Text: "Version 1", Href: "/probe/redline/1..2/"}}}}
	}
	return a
}

// redline returns a page whose text is the same as on the others, because the
// redline engine adds the marks.
func (p probe) redline() any {
	r := RedlinePage{
		Frame: p.frame("redline"), Slug: "probe", Name: "Probe", Href: "/probe/", Archive: "/probe/archive/",
		Before: *p.versionOf("superseded"), After: *p.versionOf("in-force"), Text: p.document().Text,
	}
	r.Text.Contents, r.Heading = nil, "What changed"
	if !p.full {
		return r
	}
	r.Summary, r.Points = "We say <more>.", []string{"A point."}
	r.Verdict, r.Counts, r.Folded, r.Gaps = "Rewritten.", []string{"3 changes", "+3 −4 words"}, true, true
	c := ChangedClause{"What <we> collect", "#a", []string{"moved"}, []string{"link changed: 3"},
		[]Change{{"#pg:1", "moved", "We <del>&lt;keep&gt;</del><ins>sell</ins>"}},
		[]Link{{Text: "1 January 2026", Href: "/probe/redline/1..2/#a"}}}
	r.Clauses, r.Cosmetic = []ChangedClause{c, {Title: "New", Changes: c.Changes}}, []ChangedClause{c}
	r.Renumbered, r.Renumberings = []ChangedClause{{Title: "3. Scope"}}, "Only renumbered: 1"
	r.Previous, r.Next = &RedlineLink{"Version 1", "Version 2", "/probe/redline/1..2/"},
		&RedlineLink{"Version 3", "Version 4", "/probe/redline/3..4/"}
	return r
}

func (p probe) unmarked() any {
	u := Unmarked{Frame: p.frame("unmarked"), Slug: "probe", Name: "Probe", Href: "/probe/", Heading: "What changed",
		Sentence: "Nothing.", Links: []Link{{Text: "Version 1", Href: "/probe/1/"}}}
	if p.full {
		u.Next = &RedlineLink{"Version 1", "Version 2", "/probe/redline/1..2/"}
		u.Previous = u.Next
	}
	return u
}

func (p probe) notFound() any { return NotFound{p.frame("notfound")} }

// own returns the text that the article of a probe has outside of added
// elements.
func (p probe) own() string {
	if p.full {
		return probeHeading + probeText
	}
	return probeText
}
