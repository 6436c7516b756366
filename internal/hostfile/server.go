package hostfile

import (
	"fmt"
	"maps"
	"net/url"
	"regexp"
	"slices"
	"strings"

	"github.com/privgen/privgen/internal/policy"
	"github.com/privgen/privgen/internal/site"
	"github.com/privgen/privgen/internal/source"
)

// Former returns the beginnings of the paths that policies had under their former
// names, each with the beginning that it has now: de/privacy-notice/ with de/privacy/.
func Former(paths site.Paths, policies []*policy.Policy) map[string]string {
	out := map[string]string{}
	for _, pol := range policies {
		for _, slug := range pol.Settings.Formerly {
			for _, lang := range paths.Languages(pol) {
				out[paths.Prefix(lang)+slug+"/"] = paths.Policy(pol, lang)
			}
		}
	}
	return out
}

// rules are permanent redirects in the syntax of web servers, which keep the rest of
// a path and the query. A server compares decoded paths; all other paths are encoded.
var rules = map[string]func(decoded, from, to string) string{
	"nginx": func(decoded, _, to string) string {
		return fmt.Sprintf("rewrite \"^%s(.*)$\" \"%s$1\" permanent;\n", regexp.QuoteMeta(decoded), to)
	},
	"caddy": func(decoded, from, to string) string { // {uri} is what is left, with its slash
		return fmt.Sprintf("route \"%s*\" {\n\turi strip_prefix %s\n\tredir * %s{uri} permanent\n}\n", decoded,
			strings.TrimSuffix(from, "/"), strings.TrimSuffix(to, "/"))
	},
	"apache": func(decoded, _, to string) string {
		return fmt.Sprintf("Redirect permanent \"%s\" \"%s\"\n", decoded, to)
	},
}

// odd finds the characters of a path that a server's settings could misread: all of
// ASCII but letters, digits, and a few others.
var odd = regexp.MustCompile(`[^a-zA-Z0-9/ ~_.\x{80}-\x{10FFFF}-]`)

// Servers returns the names of the web servers that ServerRules knows.
func Servers() []string { return []string{"nginx", "caddy", "apache"} }

// ServerRules returns redirects from the former names of policies in the syntax of a
// web server, to include in its settings.
func ServerRules(server string, paths site.Paths, policies []*policy.Policy) (string, error) {
	rule := rules[server]
	if rule == nil {
		return "", source.Usage(fmt.Sprintf("there are no redirects for %q", server), "choose one of "+
			strings.Join(Servers(), ", ")+"; other hosts read public/_redirects, or show the pages at former names")
	}
	former := Former(paths, policies)
	if len(former) == 0 {
		return "# No policy has a former name.\n", nil
	}
	base, err := url.PathUnescape(paths.Base)
	if err != nil || odd.MatchString(base) {
		return "", source.Usage("the path "+paths.Base+
			" of base_url has a character with a meaning in the settings of servers",
			"use letters, digits, hyphens, dots, and underscores")
	}
	var b strings.Builder
	fmt.Fprintf(&b, "# Former names of policies. Written by: privgen redirects %s\n", server)
	for _, from := range slices.Sorted(maps.Keys(former)) {
		b.WriteString(rule(base+from, paths.Href(from), paths.Href(former[from])))
	}
	return b.String(), nil
}
