package pages

import (
	"bytes"
	"encoding/xml"
	"slices"
	"strings"
)

// A urlSet is a sitemap of the sitemap protocol, sitemaps.org 0.9.
type urlSet struct {
	XMLName xml.Name   `xml:"http://www.sitemaps.org/schemas/sitemap/0.9 urlset"`
	URLs    []urlEntry `xml:"url"`
}

type urlEntry struct {
	Loc     string `xml:"loc"`
	LastMod string `xml:"lastmod,omitempty"`
}

// sitemap lists the pages that can be indexed. The date of a page is the stamp
// of its version, never the day of the build.
func (ho *hosts) sitemap() string {
	var set urlSet
	add := func(path, day string) { set.URLs = append(set.URLs, urlEntry{ho.paths.URL(path), day}) }
	for _, lang := range ho.now.languages() {
		if ho.now.home(ho.config.Site.Home, lang) == nil { // else the page repeats a policy's
			add(ho.paths.Prefix(lang), "")
		}
	}
	for i := range ho.now.statuses {
		st := &ho.now.statuses[i]
		v := st.Versions[st.shown()]
		for _, lang := range ho.paths.Languages(st.Policy) {
			if ho.paths.TextFor(v, lang).Lang == lang { // else the page repeats another's text
				add(ho.paths.Policy(st.Policy, lang), v.Updated(ho.zone).String())
			}
			add(ho.paths.Archive(st.Policy, lang), "")
		}
		if ho.config.Site.Superseded != "index" {
			continue
		}
		for _, v := range st.Versions {
			for _, t := range v.Texts {
				add(ho.paths.Text(t), v.Updated(ho.zone).String())
			}
		}
	}
	slices.SortFunc(set.URLs, func(a, b urlEntry) int { return strings.Compare(a.Loc, b.Loc) })
	var b bytes.Buffer
	b.WriteString(xml.Header)
	e := xml.NewEncoder(&b)
	e.Indent("", "  ")
	if err := e.Encode(set); err != nil {
		panic("privgen: internal error: writing the sitemap: " + err.Error())
	}
	b.WriteByte('\n')
	return b.String()
}
