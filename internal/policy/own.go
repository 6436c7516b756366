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

// ownPages are the pages and files of a site that belong to no policy, by path.
var ownPages = []string{"", "index.html", "404.html", "feed.atom", "feed.json", "sitemap.xml", "robots.txt",
	"policies.json"}

// page returns the target at a path of the site.
func (l *Library) page(name, clause string) (Target, bool) {
	lang, rest := l.language, name
	first, more, _ := strings.Cut(name, "/")
	if first != l.language && l.languages[first] {
		lang, rest = first, more
		first, more, _ = strings.Cut(rest, "/")
	}
	if slices.Contains(ownPages, rest) || strings.HasPrefix(name, "assets/") || l.static[name] ||
		l.static[path.Join(name, "index.html")] {
		return Target{Page: "/" + name, Clause: clause}, true
	}
	p := l.Named(first)
	if p == nil || lang != l.language && !slices.Contains(p.Languages(), lang) {
		return Target{}, false
	}
	part, file, _ := strings.Cut(more, "/")
	v := p.Version(part)
	switch {
	case part == "" || part == "index.html" && file == "":
		return Target{Policy: p, Lang: lang, Clause: clause}, true
	case v != nil && (lang == l.language || v.In(lang) != nil) && (file == "" || file == "index.html"):
		return Target{Policy: p, Version: v, Lang: lang, Clause: clause}, true
	case v != nil && (file == "index.md" || file == "index.txt" || strings.HasPrefix(file, "earlier/")):
	case file == "" && part != draftID && slices.Contains(reservedIDs, part), part == "redline" && l.compares(p, file):
	default:
		return Target{}, false
	}
	// A policy's pages are below the name that it has now.
	return Target{Page: "/" + strings.TrimSuffix(name, rest) + p.Slug + strings.TrimPrefix(rest, first)}, true
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
