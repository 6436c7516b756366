package policy

import (
	"net/url"
	"path"
	"slices"
	"strings"

	"github.com/privgen/privgen/internal/markdown"
)

// This file follows links into the site that are written as URLs: from the root of
// its host, or in full.

// formats reports whether the site offers a format of the config. If it is nil, it offers all.
type formats func(format string) bool

// write reports whether the site has files of a format; it always has those of "".
func (f formats) write(format string) bool { return format == "" || f == nil || f(format) }

// siteFiles maps the files of a site that belong to no policy to the format that they
// need, or "".
var siteFiles = map[string]string{"404.html": "", "sitemap.xml": "", "robots.txt": "", "policies.json": "json",
	"feed.atom": "feed", "feed.json": "feed", "llms.txt": "llms"}

// Formats of the files of a policy, as in siteFiles. Those in programFiles exist in the
// site's language only, and those in textFiles also beside each version.
var (
	textFiles    = map[string]string{"index.md": "markdown", "index.txt": "text"}
	historyFiles = map[string]string{"archive": "", "archive/": "", "archive/index.html": "",
		"fragment.html": "fragment", "feed.atom": "feed", "feed.json": "feed", "timemap.link": "json"}
	programFiles = map[string]string{"versions.json": "json", "links.json": "json"}
)

// page returns the target at a path of the site.
func (l *Library) page(name, clause string) (Target, bool) {
	t, format, ok := l.locate(name, clause)
	return t, ok && l.formats.write(format)
}

// locate returns the target at a path of the site, and the format that the site must
// offer to have it, or "".
func (l *Library) locate(name, clause string) (t Target, format string, ok bool) {
	lang, rest := l.language, name
	first, more, _ := strings.Cut(name, "/")
	if first != l.language && l.languages[first] {
		lang, rest = first, more
		first, more, _ = strings.Cut(rest, "/")
	}
	format, ok = siteFiles[name]
	if l.static[name] || l.static[path.Join(name, "index.html")] {
		format, ok = "", true
	}
	if ok || rest == "" || rest == "index.html" || strings.HasPrefix(name, "assets/") {
		return Target{Page: "/" + name, Clause: clause}, format, true
	}
	p := l.Named(first)
	if p == nil || lang != l.language && !slices.Contains(p.Languages(), lang) {
		return Target{}, "", false
	}
	if more == "" || more == "index.html" {
		return Target{Policy: p, Lang: lang, Clause: clause}, "", true
	}
	part, file, _ := strings.Cut(more, "/")
	if v := p.Version(part); v != nil && (lang == l.language || v.In(lang) != nil) {
		if file == "" || file == "index.html" {
			return Target{Policy: p, Version: v, Lang: lang, Clause: clause}, "", true
		}
		format, ok = textFiles[file]
		ok = ok || strings.HasPrefix(file, "earlier/")
	} else if format, ok = historyFiles[more]; !ok {
		if format, ok = textFiles[more]; !ok && lang == l.language {
			format, ok = programFiles[more]
		}
		ok = ok || part == "redline" && l.compares(p, file)
	}
	// A policy's pages are below the name that it has now.
	return Target{Page: "/" + strings.TrimSuffix(name, rest) + p.Slug + strings.TrimPrefix(rest, first)}, format, ok
}

// Leads reports whether a URL in the config leads out of the site, or to a page or
// clause of the site. The rules are those of the site. If the page may be missing only
// because of a problem, Leads reports true.
func (l *Library) Leads(rules markdown.Rules, dest string) bool {
	name, inside, own := rules.Own(dest)
	if !own || !inside {
		return true
	}
	_, clause, _ := strings.Cut(dest, "#")
	name, err := url.PathUnescape(name)
	if err != nil {
		return false
	}
	t, ok := l.page(name, markdown.Fragment(clause))
	if l.unnamed || l.doubtsPage(name, true) {
		return true
	}
	if !ok || t.Clause == "" || t.Policy == nil {
		return ok
	}
	versions := t.Policy.Versions
	if t.Version != nil {
		versions = []*Version{t.Version}
	}
	return l.Newest(versions, t.Clause, t.Lang) != nil
}

// compares reports whether a policy has the versions of a redline's path: A..B/.
func (l *Library) compares(p *Policy, name string) bool {
	before, after, ok := strings.Cut(strings.TrimSuffix(strings.TrimSuffix(name, "index.html"), "/"), "..")
	return ok && p.Version(before) != nil && (after == "in-force" || p.Version(after) != nil)
}
