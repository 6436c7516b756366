package theme

import (
	"html/template"
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

// probeText is the body of the probe's text, and probeHeading its heading if
// the text has its own.
const (
	probeText    = "What we collect Only what you type & send <here>. What we keep Nothing."
	probeHeading = "Probe of privacy"
)

// maxFilled is the maximum depth of fill: a Clause has a list of clauses.
const maxFilled = 8

// fill sets the empty fields of a page if the probe is full. A string becomes a path with
// a character to escape, because some strings are URLs.
func (p probe) fill(v reflect.Value, name string, depth int) {
	if !p.full || depth > maxFilled {
		return
	}
	empty := v.IsZero()
	switch value := v.Addr().Interface().(type) {
	case **locale.Words:
		*value = probeWords()
		return
	case *Version:
		if empty {
			*value = p.versionOf("in-force")
			return
		}
	case *template.HTML:
		if empty {
			*value = "We <del>&lt;keep&gt;</del><ins>sell</ins>"
		}
		return
	}
	switch {
	case v.Kind() == reflect.Struct:
		for i := range v.NumField() {
			p.fill(v.Field(i), v.Type().Field(i).Name, depth+1)
		}
	case !empty:
	case v.Kind() == reflect.String:
		v.SetString("/" + name + "?a&b")
	case v.Kind() == reflect.Bool:
		v.SetBool(true)
	case v.Kind() == reflect.Int:
		v.SetInt(3)
	case v.Kind() == reflect.Pointer:
		v.Set(reflect.New(v.Type().Elem()))
		p.fill(v.Elem(), name, depth+1)
	case v.Kind() == reflect.Slice:
		v.Set(reflect.MakeSlice(v.Type(), 2, 2))
		for i := range 2 {
			p.fill(v.Index(i), name, depth+1)
		}
	}
}

// filled returns a page that the probe has filled.
func filled[Page any](p probe, page Page) Page {
	p.fill(reflect.ValueOf(&page).Elem(), "", 0)
	return page
}

func (p probe) frame(kind string) Frame {
	f := Frame{
		Kind: kind, Lang: "en-GB", Dir: "ltr",
		Title:    "Probe of " + kind + " & title",
		Site:     Site{Title: "Probe", Home: "/", Organization: Organization{Name: "Example Ltd"}},
		Words:    probeWords(),
		Settings: p.settings,
		Styles:   append([]string{}, p.styles...), // not nil, so that fill does not change it
	}
	if p.full {
		f.Lang, f.Dir = "ar", "rtl"
		f.JSONLD = `<script type="application/ld+json">{"@context":"https://schema.org"}</script>`
	}
	return f
}

// probeWords returns words; the value of each is its name.
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

func (p probe) versionOf(state string) Version {
	return filled(p, Version{
		ID: "2026-01-01", Name: "Version of 1 January 2026", State: state, StateName: state,
		Effective: Date{"2026-01-01", "1 January 2026"}, Updated: Date{"2025-12-15", "15 December 2025"},
		Href: "/probe/2026-01-01/", Lang: "en-GB", Words: probeWords(),
	})
}

func (p probe) home() any {
	e := PolicyEntry{Slug: "probe", Title: "Probe", Href: "/probe/", Archive: "/probe/archive/",
		Versions: "1 version", Words: probeWords()}
	return filled(p, Home{Frame: p.frame("home"), Policies: []PolicyEntry{e, e}})
}

func (p probe) document() Document {
	d := Document{
		Slug: "probe", Name: "Probe", Href: "/probe/", Archive: "/probe/archive/",
		Version: p.versionOf("superseded"),
		Text: Text{
			Policy: "probe", Version: "2026-01-01", Lang: "en-GB", Dir: "ltr",
			Heading: `<h1 data-added>` + probeHeading + `</h1>`,
			Body: `<h2 id="a">What we collect</h2><p>Only what you type &amp; send &lt;here&gt;.</p>` +
				`<h2 id="b">What we keep</h2><p>Nothing.</p>`,
		},
	}
	if p.full {
		d.Text.Heading = `<h1 id="probe">` + probeHeading + `<a href="#probe" data-added>#</a></h1>`
		d.Notices = []Notice{{Kind: "superseded", Text: Sentence{
			{Text: "Replaced on "}, {Text: "1 June 2026", Datetime: "2026-06-01"}, {Text: ". "},
			{Text: "See", Href: "/probe/"}, {Text: "Deutsch", Lang: "de"}}}}
	}
	return filled(p, d)
}

func (p probe) policy() any  { return filled(p, Policy{p.frame("policy"), p.document()}) }
func (p probe) version() any { return filled(p, VersionPage{p.frame("version"), p.document()}) }

func (p probe) archive() any {
	return filled(p, Archive{Frame: p.frame("archive"), Slug: "probe", Name: "Probe", Href: "/probe/",
		Versions: []Version{p.versionOf("in-force")}})
}

// redline returns a page with the same text as the others, because the redline
// engine, not the theme, adds the marks. It has no contents list.
func (p probe) redline() any {
	r := filled(p, RedlinePage{
		Frame: p.frame("redline"), Slug: "probe", Name: "Probe", Href: "/probe/", Archive: "/probe/archive/",
		Heading: "What changed", Before: p.versionOf("superseded"), After: p.versionOf("in-force"),
		Text: p.document().Text,
	})
	r.Text.Contents = nil
	return r
}

func (p probe) unmarked() any {
	return filled(p, Unmarked{Frame: p.frame("unmarked"), Slug: "probe", Name: "Probe", Href: "/probe/",
		Heading: "What changed", Sentence: "Nothing.", Links: []Link{{Text: "Version 1", Href: "/probe/1/"}}})
}

func (p probe) notFound() any { return filled(p, NotFound{p.frame("notfound")}) }

// own returns the text of a probe's article without added elements.
func (p probe) own() string {
	if p.full {
		return probeHeading + probeText
	}
	return probeText
}
