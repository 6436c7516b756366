package site

import (
	"net/url"
	"slices"
	"strings"

	"github.com/privgen/privgen/internal/policy"
)

// This file holds the addresses. A path is where a page stands in the tree,
// without a leading slash and with a trailing one (privacy/archive/); href
// makes an address on the host of it, and the config an absolute one.

// prefix is what the paths of a language begin with.
func (s *Site) prefix(lang string) string {
	if lang == s.language {
		return ""
	}
	return lang + "/"
}

// href gives the address of a path on the site's host.
func (s *Site) href(p string) string { return s.Config.BasePath() + p }

// url gives the absolute address of a path.
func (s *Site) url(p string) string { return s.Config.URL(p) }

// pageLanguages gives the languages in which a policy has pages: the site's
// own, and those of its texts.
func (s *Site) pageLanguages(p *policy.Policy) []string {
	out := p.Languages()
	if !slices.Contains(out, s.language) {
		out = append(out, s.language)
	}
	slices.Sort(out)
	return out
}

// pageLanguage is the language in which a policy's pages are read by somebody
// who reads lang: that one if the policy has it, else the site's.
func (s *Site) pageLanguage(p *policy.Policy, lang string) string {
	if slices.Contains(p.Languages(), lang) {
		return lang
	}
	return s.language
}

// policyPath is the page of the version in force.
func (s *Site) policyPath(p *policy.Policy, lang string) string {
	return s.prefix(lang) + p.Slug + "/"
}

// archivePath is the page of all versions.
func (s *Site) archivePath(p *policy.Policy, lang string) string {
	return s.policyPath(p, lang) + "archive/"
}

// textPath is the permalink of a version in a language.
func (s *Site) textPath(t *policy.Text) string {
	return s.policyPath(t.Version.Policy, t.Lang) + t.Version.ID + "/"
}

// textFor gives the text of a version for somebody who reads lang: in that
// language, else in the site's, else the authoritative one.
func (s *Site) textFor(v *policy.Version, lang string) *policy.Text {
	if t := v.In(lang); t != nil {
		return t
	}
	if t := v.In(s.language); t != nil {
		return t
	}
	return v.Authoritative()
}

// file gives the file in the tree that shows a path.
func file(p string) string { return p + "index.html" }

// fragment writes a clause's id for an address.
func fragment(id string) string {
	if id == "" {
		return ""
	}
	return "#" + strings.ReplaceAll(url.PathEscape(id), "%3A", ":")
}
