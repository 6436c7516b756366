package pages

import (
	"fmt"
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

// maxHeaderRules is how many rules a _headers file may have (Cloudflare Pages,
// the narrowest host known).
const maxHeaderRules = 100

// maxRedirects is how many rules a _redirects file may have (the same host).
const maxRedirects = 2000

// headers returns the _headers file. No two rules set the same header for one
// path: hosts would join the values, and a joined policy has another meaning.
func (ho *hosts) headers() string {
	var b strings.Builder
	base := ho.config.BasePath()
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
	for i := range ho.now.statuses {
		// Hosts know most media types by the file's name; a link set's they cannot.
		if ho.config.Output.Writes("json") && rules < maxHeaderRules {
			fmt.Fprintf(&b, "%s%s\n  Content-Type: %s\n", base, ho.paths.LinkSet(ho.now.statuses[i].Policy), typeLinks)
			rules++
		}
	}
	return b.String()
}

// redirects returns the _redirects file: former names lead to the policy. Each
// rule has its status code, since hosts have different defaults.
func (ho *hosts) redirects() string {
	var b strings.Builder
	n := 0
	for i := range ho.now.statuses {
		st := &ho.now.statuses[i]
		for _, slug := range st.Policy.Settings.Formerly {
			for _, lang := range ho.paths.Languages(st.Policy) {
				if n++; n <= maxRedirects {
					fmt.Fprintf(&b, "%s%s/* %s:splat 301\n", ho.paths.Href(ho.paths.Prefix(lang)), slug,
						ho.paths.Href(ho.paths.Policy(st.Policy, lang)))
				}
			}
		}
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
