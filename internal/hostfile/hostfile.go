// Package hostfile writes the files that hosts and crawlers read, and the pages for
// hosts that do not: _headers, _redirects, llms.txt, and a page at a former URL that
// leads to the present one. For web servers it writes redirects in their own syntax.
//
// Its input is a site's Config and the policies that it shows. Hosts limit these files,
// so their rules are patterns, and Redirects returns what no rule covers.
package hostfile

import (
	"fmt"
	"html"
	"slices"
	"strings"

	"github.com/privgen/privgen/internal/config"
	"github.com/privgen/privgen/internal/policy"
	"github.com/privgen/privgen/internal/site"
)

// The media types that hosts do not know by a file's name.
const (
	TypeLinks    = "application/linkset+json" // RFC 9264
	TypeTimeMap  = "application/link-format"  // RFC 7089
	TypeJSONFeed = "application/feed+json"    // JSON Feed 1.1
)

// policyCSP lets a page load its own style sheet and images, and nothing else
// do anything.
const policyCSP = "default-src 'none'; style-src 'self'; img-src 'self'; font-src 'self'; " +
	"base-uri 'none'; form-action 'none'; frame-ancestors 'none'"

// searchCSP lets a search page run the scripts of this site, and read its index.
const searchCSP = "; script-src 'self' 'wasm-unsafe-eval'; connect-src 'self'"

// Hosts limit the rules of a _redirects file. Cloudflare Pages, the narrowest,
// reads 100 rules with a wildcard and ignores the lines after them. It counts
// other rules separately, if they are written first.
const (
	maxWildcardRedirects = 100
	maxPlainRedirects    = 2000
)

// Headers returns the _headers file. Its size does not depend on the policies,
// because Cloudflare Pages reads 100 rules. No two rules set the same header for
// one path: hosts would join the values, and a joined policy has another meaning.
func Headers(c *config.Config) string {
	var b strings.Builder
	base := c.BasePath()
	rule := func(pattern string, headers ...string) {
		fmt.Fprintf(&b, "%s%s\n", base, pattern)
		for _, h := range headers {
			fmt.Fprintf(&b, "  %s\n", h)
		}
	}
	csp := policyCSP
	if c.Output.Search {
		csp += searchCSP
	}
	rule("*",
		"Content-Security-Policy: "+csp,
		"Cross-Origin-Opener-Policy: same-origin",
		"Permissions-Policy: camera=(), geolocation=(), microphone=()",
		"Referrer-Policy: no-referrer",
		"X-Content-Type-Options: nosniff",
	)
	rule("assets/*", "Cache-Control: public, max-age=31536000, immutable")
	// Programs on pages of other hosts may read what is written for programs. Hosts
	// know most media types by the file's name, but not all.
	const everyone = "Access-Control-Allow-Origin: *"
	if c.Output.Writes("json") {
		rule("*/links.json", everyone, "Content-Type: "+TypeLinks)
		rule("*/timemap.link", everyone, "Content-Type: "+TypeTimeMap)
		rule("*/versions.json", everyone)
		rule("policies.json", everyone)
	}
	if c.Output.Writes("feed") {
		rule("*/feed.json", everyone, "Content-Type: "+TypeJSONFeed)
		rule("feed.json", everyone, "Content-Type: "+TypeJSONFeed)
	}
	if c.Output.Writes("markdown") {
		rule("*/index.md", everyone)
	}
	if c.Output.Writes("fragment") {
		rule("*/fragment.html", everyone, "X-Robots-Tag: noindex")
	}
	return b.String()
}

// Redirects returns the _redirects file: former names lead to the policy. Each
// rule has its status code, since hosts have different defaults. When no more
// wildcards fit, a rule leads from the policy's page only. It also returns the
// former names that have no rule for every page.
func Redirects(paths site.Paths, policies []*policy.Policy) (rules string, without []string) {
	var wildcards, plain []string
	for _, pol := range policies {
		for _, slug := range pol.Settings.Formerly {
			beginnings := prefixes(paths, policies, pol, slug)
			if len(wildcards)+len(beginnings) <= maxWildcardRedirects {
				for _, prefix := range beginnings {
					wildcards = append(wildcards, fmt.Sprintf("%s/* %s/:splat 301\n",
						paths.Href(prefix+slug), paths.Href(prefix+pol.Slug)))
				}
				continue
			}
			without = append(without, slug)
			for _, lang := range paths.Languages(pol) {
				if len(plain) < maxPlainRedirects {
					plain = append(plain, fmt.Sprintf("%s/ %s 301\n", paths.Href(paths.Prefix(lang)+slug),
						paths.Href(paths.Policy(pol, lang))))
				}
			}
		}
	}
	return strings.Join(append(plain, wildcards...), ""), without
}

// prefixes returns the beginnings of the paths that a policy had under a former
// name. A placeholder stands for several languages, unless a version has the
// name too: its path would match.
func prefixes(paths site.Paths, policies []*policy.Policy, pol *policy.Policy, slug string) []string {
	var out []string
	for _, lang := range paths.Languages(pol) {
		if prefix := paths.Prefix(lang); prefix != "" {
			out = append(out, prefix)
		}
	}
	taken := func(p *policy.Policy) bool { return p.Version(slug) != nil }
	if len(out) > 1 && !slices.ContainsFunc(policies, taken) {
		out = []string{":lang/"}
	}
	return append(out, "")
}

// LLMs returns llms.txt: the policies in Markdown, each with its text in force, if
// there are files of texts, and its past versions.
func LLMs(c *config.Config, paths site.Paths, title string, policies []*policy.Policy) string {
	lang := paths.Default
	var b strings.Builder
	plain := strings.NewReplacer("[", "\\[", "]", "\\]", "\n", " ")
	fmt.Fprintf(&b, "# %s\n\n> %s\n\n## Policies\n\n", plain.Replace(title), plain.Replace(c.Organization.Name))
	for _, pol := range policies {
		url := paths.URL(paths.Policy(pol, lang))
		if c.Output.Writes("markdown") {
			url += "index.md"
		}
		fmt.Fprintf(&b, "- [%s](%s)", plain.Replace(pol.Title(lang)), url)
		if about := pol.Description(lang); about != "" {
			fmt.Fprintf(&b, ": %s", plain.Replace(about))
		}
		b.WriteByte('\n')
	}
	b.WriteString("\n## Optional\n\n")
	for _, pol := range policies {
		title, archive := plain.Replace(pol.Title(lang)), paths.URL(paths.Archive(pol, lang))
		fmt.Fprintf(&b, "- [%s, all versions](%s)\n", title, archive)
	}
	return b.String()
}

// Page returns a page that redirects to another page of a policy.
func Page(paths site.Paths, pol *policy.Policy, path string) string {
	to := html.EscapeString(paths.URL(path))
	return fmt.Sprintf(`<!doctype html>
<html lang="%s">
<meta charset="utf-8">
<meta http-equiv="refresh" content="0; url=%s">
<link rel="canonical" href="%s">
<title>%s</title>
<p><a href="%s">%s</a></p>
</html>
`, paths.Default, to, to, html.EscapeString(pol.Title(paths.Default)), to, to)
}
