package pages

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/privgen/privgen/internal/config"
	"github.com/privgen/privgen/internal/policy"
	"github.com/privgen/privgen/internal/site"
)

// hosts fills the files that hosts and crawlers read: _headers and _redirects,
// sitemap.xml, and a page at each path that a policy had under a former name.
type hosts struct {
	config *config.Config
	zone   *time.Location
	paths  site.Paths
	now    *instant
}

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

// headers returns the _headers file. Its size does not depend on the policies,
// because Cloudflare Pages reads 100 rules. No two rules set the same header for
// one path: hosts would join the values, and a joined policy has another meaning.
func (ho *hosts) headers() string {
	var b strings.Builder
	base := ho.config.BasePath()
	rule := func(pattern string, headers ...string) {
		fmt.Fprintf(&b, "%s%s\n", base, pattern)
		for _, h := range headers {
			fmt.Fprintf(&b, "  %s\n", h)
		}
	}
	csp := policyCSP
	if ho.config.Output.Search {
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
	if ho.config.Output.Writes("json") {
		rule("*/links.json", everyone, "Content-Type: "+typeLinks)
		rule("*/timemap.link", everyone, "Content-Type: "+typeTimeMap)
		rule("*/versions.json", everyone)
		rule("policies.json", everyone)
	}
	if ho.config.Output.Writes("feed") {
		rule("*/feed.json", everyone, "Content-Type: "+typeJSONFeed)
		rule("feed.json", everyone, "Content-Type: "+typeJSONFeed)
	}
	if ho.config.Output.Writes("markdown") {
		rule("*/index.md", everyone)
	}
	if ho.config.Output.Writes("fragment") {
		rule("*/fragment.html", everyone, "X-Robots-Tag: noindex")
	}
	return b.String()
}

// redirects returns the _redirects file: former names lead to the policy. Each
// rule has its status code, since hosts have different defaults. When no more
// wildcards fit, a rule leads from the policy's page only. It also returns the
// former names that have no rule for every page.
func (ho *hosts) redirects() (rules string, without []string) {
	var wildcards, plain []string
	for i := range ho.now.statuses {
		pol := ho.now.statuses[i].Policy
		for _, slug := range pol.Settings.Formerly {
			prefixes := ho.prefixes(pol, slug)
			if len(wildcards)+len(prefixes) <= maxWildcardRedirects {
				for _, prefix := range prefixes {
					wildcards = append(wildcards, fmt.Sprintf("%s/* %s/:splat 301\n",
						ho.paths.Href(prefix+slug), ho.paths.Href(prefix+pol.Slug)))
				}
				continue
			}
			without = append(without, slug)
			for _, lang := range ho.paths.Languages(pol) {
				if len(plain) < maxPlainRedirects {
					plain = append(plain, fmt.Sprintf("%s/ %s 301\n", ho.paths.Href(ho.paths.Prefix(lang)+slug),
						ho.paths.Href(ho.paths.Policy(pol, lang))))
				}
			}
		}
	}
	return strings.Join(append(plain, wildcards...), ""), without
}

// prefixes returns the beginnings of the paths that a policy had under a former
// name. A placeholder stands for several languages, unless a version has the
// name too: its path would match.
func (ho *hosts) prefixes(pol *policy.Policy, slug string) []string {
	var out []string
	for _, lang := range ho.paths.Languages(pol) {
		if prefix := ho.paths.Prefix(lang); prefix != "" {
			out = append(out, prefix)
		}
	}
	taken := func(st status) bool { return st.Policy.Version(slug) != nil }
	if len(out) > 1 && !slices.ContainsFunc(ho.now.statuses, taken) {
		out = []string{":lang/"}
	}
	return append(out, "")
}

// Unredirected returns the former names of policies for which _redirects has no
// rule that covers every page, because hosts limit the number of rules. Their
// pages lead to the present ones without it.
func Unredirected(s *site.Site, now time.Time) []string {
	if !slices.ContainsFunc(s.Library.Policies, func(p *policy.Policy) bool { return len(p.Settings.Formerly) > 0 }) {
		return nil
	}
	ho := &hosts{paths: s.Paths, now: newInstant(s, now, Preview{})}
	_, without := ho.redirects()
	return without
}

// llms returns llms.txt: the policies in Markdown, each with its text in force, if
// there are files of texts, and its past versions.
func (ho *hosts) llms(title string) string {
	var b strings.Builder
	plain := strings.NewReplacer("[", "\\[", "]", "\\]", "\n", " ")
	fmt.Fprintf(&b, "# %s\n\n> %s\n\n## Policies\n\n", plain.Replace(title), plain.Replace(ho.config.Organization.Name))
	for i := range ho.now.statuses {
		st, lang := &ho.now.statuses[i], ho.paths.Default
		url := ho.paths.URL(ho.paths.Policy(st.Policy, lang))
		if ho.config.Output.Writes("markdown") {
			url += "index.md"
		}
		fmt.Fprintf(&b, "- [%s](%s)", plain.Replace(st.Policy.Title(lang)), url)
		if about := st.Policy.Description(lang); about != "" {
			fmt.Fprintf(&b, ": %s", plain.Replace(about))
		}
		b.WriteByte('\n')
	}
	b.WriteString("\n## Optional\n\n")
	for i := range ho.now.statuses {
		st, lang := &ho.now.statuses[i], ho.paths.Default
		title, archive := plain.Replace(st.Policy.Title(lang)), ho.paths.URL(ho.paths.Archive(st.Policy, lang))
		fmt.Fprintf(&b, "- [%s, all versions](%s)\n", title, archive)
	}
	return b.String()
}

// leadingOn returns a page that redirects to another page of a policy.
func (ho *hosts) leadingOn(pol *policy.Policy, path string) string {
	to := escape(ho.paths.URL(path))
	return fmt.Sprintf(`<!doctype html>
<html lang="%s">
<meta charset="utf-8">
<meta http-equiv="refresh" content="0; url=%s">
<link rel="canonical" href="%s">
<title>%s</title>
<p><a href="%s">%s</a></p>
</html>
`, ho.paths.Default, to, to, escape(pol.Title(ho.paths.Default)), to, to)
}
