package formats

import (
	"bytes"
	"encoding/xml"
	"fmt"
	"html"
)

// Search engines read sitemaps of the protocol sitemaps.org 0.9 with 50,000 URLs and
// 50 MB. Smaller files are easier to read and to cache for everybody else.
const (
	maxURLs  = 50_000
	maxBytes = 1_000_000
)

const sitemapSpace = "http://www.sitemaps.org/schemas/sitemap/0.9"

// A URL is a page in a sitemap, or a sitemap in an index.
type URL struct{ Loc, LastMod string }

// A SitemapFile is a file at the root of the site.
type SitemapFile struct{ Path, Content string }

// Sitemaps returns sitemap.xml of a site with this URL. If the pages are too many or too large for one
// file, it is an index, and the files that the index lists follow it.
func Sitemaps(root string, pages []URL) []SitemapFile {
	return sitemaps(root, pages, maxURLs, maxBytes)
}

func sitemaps(root string, pages []URL, most, size int) []SitemapFile {
	const name = "sitemap.xml"
	parts := encodeSitemaps("urlset", "url", pages, most, size)
	if len(parts) == 1 {
		return []SitemapFile{{name, parts[0]}}
	}
	out := []SitemapFile{{Path: name}}
	var index []URL
	for i, part := range parts {
		f := SitemapFile{fmt.Sprintf("sitemap-%d.xml", i+1), part}
		out, index = append(out, f), append(index, URL{Loc: root + f.Path})
	}
	out[0].Content = encodeSitemaps("sitemapindex", "sitemap", index, len(index), maxBytes)[0]
	return out
}

// encodeSitemaps returns one or more files of at most so many entries and bytes.
func encodeSitemaps(root, element string, entries []URL, most, size int) []string {
	begin, end := xml.Header+"<"+root+" xmlns=\""+sitemapSpace+"\">", "</"+root+">\n"
	var out []string
	var b, one bytes.Buffer
	b.WriteString(begin)
	n := 0
	for _, e := range entries {
		one.Reset()
		fmt.Fprintf(&one, "\n  <%s>\n    <loc>%s</loc>", element, html.EscapeString(e.Loc))
		if e.LastMod != "" {
			fmt.Fprintf(&one, "\n    <lastmod>%s</lastmod>", e.LastMod)
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
