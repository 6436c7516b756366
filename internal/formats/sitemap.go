package formats

import (
	"bytes"
	"encoding/xml"
	"fmt"
	"html"
)

// maxBytes is the maximum size of a sitemap. The protocol (sitemaps.org 0.9) allows
// 50,000 URLs, which do not fit into this size, and 50 MB. Smaller files are easier to
// read and to cache.
const maxBytes = 1_000_000

const sitemapSpace = "http://www.sitemaps.org/schemas/sitemap/0.9"

// A URL is a page in a sitemap, or a sitemap in an index.
type URL struct{ Loc, LastMod string }

// A SitemapFile is a file at the root of the site.
type SitemapFile struct{ Path, Content string }

// Sitemaps returns the sitemap.xml of the site with the URL root. If the pages do not fit
// into one file, it is an index, and the files that it lists follow it.
func Sitemaps(root string, pages []URL) []SitemapFile {
	const name = "sitemap.xml"
	parts := encodeSitemaps("urlset", "url", pages)
	if len(parts) == 1 {
		return []SitemapFile{{name, parts[0]}}
	}
	out := []SitemapFile{{Path: name}}
	var index []URL
	for i, part := range parts {
		f := SitemapFile{fmt.Sprintf("sitemap-%d.xml", i+1), part}
		out, index = append(out, f), append(index, URL{Loc: root + f.Path})
	}
	out[0].Content = encodeSitemaps("sitemapindex", "sitemap", index)[0]
	return out
}

// encodeSitemaps returns one or more files of at most maxBytes.
func encodeSitemaps(root, element string, entries []URL) []string {
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
		if n > 0 && b.Len()+one.Len()+len("\n"+end) > maxBytes {
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
