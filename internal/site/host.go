package site

import (
	"bytes"
	"encoding/xml"
	"fmt"
	"slices"
	"strings"

	"github.com/privgen/privgen/internal/policy"
	"github.com/privgen/privgen/internal/tree"
)

// This file plans the files that hosts and crawlers read: _headers and
// _redirects, robots.txt, sitemap.xml, and a page at each address that a
// policy had under a former name.

// policyCSP lets a page load its own style sheet and images, and nothing else
// do anything.
const policyCSP = "default-src 'none'; style-src 'self'; img-src 'self'; font-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"

// maxHeaderRules is how many rules a _headers file may have (Cloudflare Pages,
// the narrowest host known).
const maxHeaderRules = 100

// maxRedirects is how many rules a _redirects file may have (the same host).
const maxRedirects = 2000

func (p *plan) planHost() {
	p.text("_headers", typeText, p.headers())
	if r := p.redirects(); r != "" {
		p.text("_redirects", typeText, r)
	}
	p.text("robots.txt", typeText, "User-agent: *\nAllow: /\n\nSitemap: "+p.url("sitemap.xml")+"\n")
}

func (p *plan) planSitemap() { p.text("sitemap.xml", typeXML, p.sitemap()) }

// text adds a file that is made while planning; its key is its content.
func (p *plan) text(path, media, content string) {
	p.add(path, media, tree.List, tree.NewHash("text").Text(content).Sum(), bytesOf([]byte(content)))
}

// headers makes the _headers file. No two rules set the same header for one
// address: hosts would join the values, and a joined policy means another.
func (p *plan) headers() string {
	var b strings.Builder
	base := p.Config.BasePath()
	fmt.Fprintf(&b, "%s*\n", base)
	for _, h := range []string{
		"Content-Security-Policy: " + policyCSP,
		"Cross-Origin-Opener-Policy: same-origin",
		"Permissions-Policy: camera=(), geolocation=(), microphone=()",
		"Referrer-Policy: no-referrer",
		"X-Content-Type-Options: nosniff",
	} {
		fmt.Fprintf(&b, "  %s\n", h)
	}
	fmt.Fprintf(&b, "%sassets/*\n  Cache-Control: public, max-age=31536000, immutable\n", base)
	rules := 2
	for i := range p.standings {
		// Hosts know most media types by the file's name; a link set's they cannot.
		if p.writes("json") && rules < maxHeaderRules {
			fmt.Fprintf(&b, "%s%s\n  Content-Type: %s\n", base, p.linksPath(&p.standings[i]), typeLinks)
			rules++
		}
	}
	return b.String()
}

// redirects makes the _redirects file: former names lead to the policy. Each
// rule names its status, since hosts differ in what they take for granted.
func (p *plan) redirects() string {
	var b strings.Builder
	n := 0
	for i := range p.standings {
		st := &p.standings[i]
		for _, slug := range st.Policy.Settings.Formerly {
			for _, lang := range p.pageLanguages(st.Policy) {
				if n++; n <= maxRedirects {
					fmt.Fprintf(&b, "%s%s/* %s:splat 301\n", p.href(p.prefix(lang)), slug, p.href(p.policyPath(st.Policy, lang)))
				}
			}
		}
	}
	return b.String()
}

// planFormer plans a page at each address that a policy had under a former
// name, for hosts that read no _redirects. What is no page is there once more:
// programs that read feeds and histories follow no page.
func (p *plan) planFormer(st *standing, slug string) {
	pol := st.Policy
	for _, lang := range p.pageLanguages(pol) {
		dir, old := p.policyPath(pol, lang), p.prefix(lang)+slug+"/"
		for _, e := range p.entries {
			rest, of := strings.CutPrefix(e.Path, dir)
			switch {
			case !of:
			case e.Type == typeHTML:
				p.text(old+rest, typeHTML, p.leadingOn(pol, strings.TrimSuffix(e.Path, "index.html")))
				last := &p.entries[len(p.entries)-1]
				last.Keeps, last.Text = e.Keeps, e.Text // it leads to what is kept
			default:
				e.Path = old + rest
				p.entries = append(p.entries, e)
			}
		}
	}
}

// leadingOn makes a page that leads on to another of a policy.
func (p *plan) leadingOn(pol *policy.Policy, path string) string {
	to := escape(p.url(path))
	return fmt.Sprintf(`<!doctype html>
<html lang="%s">
<meta charset="utf-8">
<meta http-equiv="refresh" content="0; url=%s">
<link rel="canonical" href="%s">
<title>%s</title>
<p><a href="%s">%s</a></p>
</html>
`, p.language, to, to, escape(pol.Title(p.language)), to, to)
}

// The sitemap protocol, sitemaps.org 0.9.
type urlSet struct {
	XMLName xml.Name   `xml:"http://www.sitemaps.org/schemas/sitemap/0.9 urlset"`
	URLs    []urlEntry `xml:"url"`
}

type urlEntry struct {
	Loc     string `xml:"loc"`
	LastMod string `xml:"lastmod,omitempty"`
}

// sitemap lists the pages that may be indexed. The date of a page is the stamp
// of the version it shows, never that of the build.
func (p *plan) sitemap() string {
	var set urlSet
	add := func(path, day string) { set.URLs = append(set.URLs, urlEntry{p.url(path), day}) }
	for _, lang := range p.languages() {
		add(p.prefix(lang), "")
	}
	for i := range p.standings {
		st := &p.standings[i]
		v := st.Versions[p.shown(st)]
		for _, lang := range p.pageLanguages(st.Policy) {
			if p.textFor(v, lang).Lang == lang { // else the page repeats another's text
				add(p.policyPath(st.Policy, lang), v.Updated(p.zone).String())
			}
			add(p.archivePath(st.Policy, lang), "")
		}
		if p.Config.Site.Superseded != "index" {
			continue
		}
		for _, v := range st.Versions {
			for _, t := range v.Texts {
				add(p.textPath(t), v.Updated(p.zone).String())
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
