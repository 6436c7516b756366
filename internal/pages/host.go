package pages

import (
	"slices"
	"strings"
	"time"

	"github.com/privgen/privgen/internal/formats"
	"github.com/privgen/privgen/internal/hostfile"
	"github.com/privgen/privgen/internal/policy"
	"github.com/privgen/privgen/internal/site"
)

// sitemap returns the pages that can be indexed, sorted. The date of a page is the
// stamp of its version, never the day of the build.
func (ln *linker) sitemap() []formats.URL {
	var out []formats.URL
	add := func(path, day string) { out = append(out, formats.URL{Loc: ln.paths.URL(path), LastMod: day}) }
	for _, lang := range ln.now.languages() {
		if ln.now.home(ln.config.Site.Home, lang) == nil { // else the page repeats a policy's
			add(ln.paths.Prefix(lang), "")
		}
	}
	for _, st := range ln.now.statuses {
		v := st.Versions[st.shown()]
		for _, lang := range ln.paths.Languages(st.Policy) {
			if ln.paths.TextFor(v, lang).Lang == lang { // else the page repeats another's text
				add(ln.paths.Policy(st.Policy, lang), v.Updated(ln.zone).String())
			}
			add(ln.paths.Archive(st.Policy, lang), "")
		}
		if ln.config.Site.Superseded != "index" {
			continue
		}
		for _, v := range st.Versions {
			for _, t := range v.Texts {
				add(ln.paths.Text(t), v.Updated(ln.zone).String())
			}
		}
	}
	slices.SortFunc(out, func(a, b formats.URL) int { return strings.Compare(a.Loc, b.Loc) })
	return out
}

// Unredirected returns the former names of policies for which _redirects has no
// rule that covers every page, because hosts limit the number of rules. Their
// pages lead to the present ones without it.
func Unredirected(s *site.Site, now time.Time) []string {
	if !slices.ContainsFunc(s.Library.Policies, func(p *policy.Policy) bool { return len(p.Settings.Formerly) > 0 }) {
		return nil
	}
	_, without := hostfile.Redirects(s.Paths, newInstant(s, now, Preview{}).policies)
	return without
}
