package site

import (
	"cmp"
	"fmt"
	"maps"
	"net/url"
	"slices"
	"strings"

	"github.com/privgen/privgen/internal/policy"
)

// Paths computes the paths and URLs of a site's pages. A path is relative to the
// root of the site, without a leading slash and with a trailing one:
// privacy/archive/.
type Paths struct {
	Base    string // path of the site on its host, with a slash at both ends
	Root    string // URL of the site, with a trailing slash
	Default string // the site's own language, whose pages have no prefix
}

// Href returns a path from the root of the site's host, for links.
func (p Paths) Href(path string) string { return p.Base + path }

// URL returns the absolute URL of a path.
func (p Paths) URL(path string) string { return p.Root + strings.TrimPrefix(path, "/") }

// Prefix returns the beginning of the paths in a language: "" for the site's own.
func (p Paths) Prefix(lang string) string {
	if lang == p.Default {
		return ""
	}
	return lang + "/"
}

// Languages returns the languages in which a policy has pages, sorted: the
// site's own, and those of its texts.
func (p Paths) Languages(of *policy.Policy) []string {
	out := of.Languages()
	if !slices.Contains(out, p.Default) {
		out = append(out, p.Default)
	}
	slices.Sort(out)
	return out
}

// Others returns the languages of the policies' texts except the site's own,
// sorted.
func (p Paths) Others(policies []*policy.Policy) []string {
	seen := map[string]bool{}
	for _, pol := range policies {
		for _, lang := range pol.Languages() {
			seen[lang] = true
		}
	}
	delete(seen, p.Default)
	return slices.Sorted(maps.Keys(seen))
}

// Language returns the language of a policy's pages for a reader of lang: lang
// if the policy has texts in it, otherwise the site's own.
func (p Paths) Language(of *policy.Policy, lang string) string {
	if slices.Contains(of.Languages(), lang) {
		return lang
	}
	return p.Default
}

// Has reports whether a policy has pages in a language.
func (p Paths) Has(of *policy.Policy, lang string) bool { return p.Language(of, lang) == lang }

// Policy returns the path of the page of the version in force.
func (p Paths) Policy(of *policy.Policy, lang string) string {
	return p.Prefix(lang) + of.Slug + "/"
}

// Archive returns the path of the page that lists all versions.
func (p Paths) Archive(of *policy.Policy, lang string) string {
	return p.Policy(of, lang) + "archive/"
}

// TimeMap returns the path of the time map of a policy's page.
func (p Paths) TimeMap(of *policy.Policy, lang string) string {
	return p.Policy(of, lang) + "timemap.link"
}

// Year returns the path of the folder with the versions of a year, for histories and
// time maps that are divided by year.
func (p Paths) Year(of *policy.Policy, lang, year string) string {
	return p.Archive(of, lang) + year + "/"
}

// Text returns the path of a version's permalink in the language of a text.
func (p Paths) Text(t *policy.Text) string {
	return p.Policy(t.Version.Policy, t.Lang) + t.Version.ID + "/"
}

// TextFor returns the text of a version for a reader of lang: in lang, otherwise
// in the site's own language, otherwise the authoritative text.
func (p Paths) TextFor(v *policy.Version, lang string) *policy.Text {
	return cmp.Or(v.In(lang), v.In(p.Default), v.Authoritative())
}

// Redline returns the path of the page that compares two texts of one language.
func (p Paths) Redline(before, after *policy.Text) string {
	return p.Policy(after.Version.Policy, after.Lang) + "redline/" + before.Version.ID + ".." + after.Version.ID + "/"
}

// Since returns the path of the page that compares a text with the version in
// force.
func (p Paths) Since(before *policy.Text) string {
	return p.Policy(before.Version.Policy, before.Lang) + "redline/" + before.Version.ID + "..in-force/"
}

// Earlier returns the path of the page that compares a text before its n-th
// correction with the text after it. Corrections count from 1.
func (p Paths) Earlier(t *policy.Text, n int) string {
	return p.Text(t) + fmt.Sprintf("earlier/%d/", n)
}

// File returns the path in the tree of the file that hosts serve at a path.
func File(path string) string { return path + "index.html" }

// Fragment returns the fragment of a URL that leads to a clause, with its #, or ""
// for an empty id.
func Fragment(id string) string {
	if id == "" {
		return ""
	}
	return "#" + strings.ReplaceAll(url.PathEscape(id), "%3A", ":")
}
