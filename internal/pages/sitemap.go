package pages

import (
	"bytes"
	"encoding/xml"
	"fmt"
	"slices"
	"strings"

	"github.com/privgen/privgen/internal/site"
)

// Search engines read sitemaps of the protocol sitemaps.org 0.9 within these
// limits.
const (
	maxSitemapURLs  = 50_000
	maxSitemapBytes = 50_000_000
)

const sitemapSpace = "http://www.sitemaps.org/schemas/sitemap/0.9"

// A urlEntry is a page in a sitemap, or a sitemap in an index.
type urlEntry struct{ loc, lastMod string }

// pages returns the pages that can be indexed, sorted. The date of a page is the
// stamp of its version, never the day of the build.
func (ho *hosts) pages() []urlEntry {
	var out []urlEntry
	add := func(path, day string) { out = append(out, urlEntry{ho.paths.URL(path), day}) }
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
	slices.SortFunc(out, func(a, b urlEntry) int { return strings.Compare(a.loc, b.loc) })
	return out
}

// A sitemapFile is a file at the root of the site.
type sitemapFile struct{ path, content string }

// sitemaps returns sitemap.xml. If the pages are too many or too large for one
// file, it is an index, and the files that the index lists follow it.
func sitemaps(paths site.Paths, pages []urlEntry, most, size int) []sitemapFile {
	const name = "sitemap.xml"
	parts := encodeSitemaps("urlset", "url", pages, most, size)
	if len(parts) == 1 {
		return []sitemapFile{{name, parts[0]}}
	}
	out := []sitemapFile{{path: name}}
	var index []urlEntry
	for i, part := range parts {
		f := sitemapFile{fmt.Sprintf("sitemap-%d.xml", i+1), part}
		out, index = append(out, f), append(index, urlEntry{loc: paths.URL(f.path)})
	}
	out[0].content = encodeSitemaps("sitemapindex", "sitemap", index, len(index), maxSitemapBytes)[0]
	return out
}

// encodeSitemaps returns one or more files of at most so many entries and bytes.
func encodeSitemaps(root, element string, entries []urlEntry, most, size int) []string {
	begin, end := xml.Header+"<"+root+" xmlns=\""+sitemapSpace+"\">", "</"+root+">\n"
	var out []string
	var b, one bytes.Buffer
	b.WriteString(begin)
	n := 0
	for _, e := range entries {
		one.Reset()
		fmt.Fprintf(&one, "\n  <%s>\n    <loc>%s</loc>", element, escape(e.loc))
		if e.lastMod != "" {
			fmt.Fprintf(&one, "\n    <lastmod>%s</lastmod>", e.lastMod)
		}
		fmt.Fprintf(&one, "\n  </%s>", element)
		if n > 0 && (n == most || b.Len()+one.Len()+len("\n"+end) > size) {
			out = append(out, b.String()+"\n"+end)
			b.Reset()
			b.WriteString(begin)
			n = 0
		}
		b.Write(one.Bytes())
		n++
	}
	if n > 0 {
		b.WriteByte('\n')
	}
	return append(out, b.String()+end)
}
