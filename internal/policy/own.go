package policy

import (
	"cmp"
	"net/url"
	"path"
	"slices"
	"strings"

	"github.com/privgen/privgen/internal/markdown"
)

// This file follows links into the site that are written as URLs: from the root of
// its host, or in full.

// siteFiles are the files of a site that belong to no policy. Each has the format of the
// config without which the site does not have it, or "".
var siteFiles = map[string]string{"404.html": "", "sitemap.xml": "", "robots.txt": "", "policies.json": "json",
	"feed.atom": "feed", "feed.json": "feed", "llms.txt": "llms"}

// historyFiles are the files of a policy besides its pages of texts, and programFiles
// those that it has only in the site's language. The formats are as in siteFiles.
var (
	historyFiles = map[string]string{"archive": "", "archive/": "", "archive/index.html": "", "index.md": "markdown",
		"index.txt": "text", "fragment.html": "fragment", "feed.atom": "feed", "feed.json": "feed", "timemap.link": "json"}
	programFiles = map[string]string{"versions.json": "json", "links.json": "json"}
)

// formats reports whether the site offers a format of the config. If it is nil, it offers all.
type formats func(format string) bool

// write reports whether the site has files of a format; it always has those of "".
func (f formats) write(format string) bool { return format == "" || f == nil || f(format) }

// writeOne reports whether a name is that of one of some files, and the site has it.
func (f formats) writeOne(files map[string]string, name string) bool {
	format, ok := files[name]
	return ok && f.write(format)
}

// formatOf returns the format of the config without which the site does not have a file,
// or "" if the name is not that of such a file.
func (l *Library) formatOf(name string) string {
	if format := siteFiles[name]; format != "" {
		return format
	}
	first, rest, _ := strings.Cut(name, "/")
	if l.languages[first] {
		first, rest, _ = strings.Cut(rest, "/")
	}
	p := l.Named(first)
	if p == nil {
		return ""
	}
	if id, file, _ := strings.Cut(rest, "/"); p.Version(id) != nil && (file == "index.md" || file == "index.txt") {
		rest = file
	}
	return cmp.Or(historyFiles[rest], programFiles[rest])
}

// page returns the target at a path of the site.
func (l *Library) page(name, clause string) (Target, bool) {
	lang, rest := l.language, name
	first, more, _ := strings.Cut(name, "/")
	if first != l.language && l.languages[first] {
		lang, rest = first, more
		first, more, _ = strings.Cut(rest, "/")
	}
	if rest == "" || rest == "index.html" || l.formats.writeOne(siteFiles, name) ||
		strings.HasPrefix(name, "assets/") || l.static[name] || l.static[path.Join(name, "index.html")] {
		return Target{Page: "/" + name, Clause: clause}, true
	}
	p := l.Named(first)
	if p == nil || lang != l.language && !slices.Contains(p.Languages(), lang) {
		return Target{}, false
	}
	part, file, _ := strings.Cut(more, "/")
	v := p.Version(part)
	if v != nil && lang != l.language && v.In(lang) == nil {
		v = nil
	}
	switch {
	case more == "" || more == "index.html":
		return Target{Policy: p, Lang: lang, Clause: clause}, true
	case v != nil && (file == "" || file == "index.html"):
		return Target{Policy: p, Version: v, Lang: lang, Clause: clause}, true
	case v != nil && ((file == "index.md" || file == "index.txt") && l.formats.writeOne(historyFiles, file) ||
		strings.HasPrefix(file, "earlier/")):
	case l.formats.writeOne(historyFiles, more), lang == l.language && l.formats.writeOne(programFiles, more),
		part == "redline" && l.compares(p, file):
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
