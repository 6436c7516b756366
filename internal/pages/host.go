package pages

import (
	"slices"
	"strings"
	"time"

	"github.com/privgen/privgen/internal/config"
	"github.com/privgen/privgen/internal/formats"
	"github.com/privgen/privgen/internal/hostfile"
	"github.com/privgen/privgen/internal/policy"
	"github.com/privgen/privgen/internal/site"
)

// sitemaps finds the pages of sitemap.xml.
type sitemaps struct {
	config *config.Config
	zone   *time.Location
	paths  site.Paths
	now    *instant
}

// pages returns the pages that can be indexed, sorted. The date of a page is the
// stamp of its version, never the day of the build.
func (si *sitemaps) pages() []formats.URL {
	var out []formats.URL
	add := func(path, day string) { out = append(out, formats.URL{Loc: si.paths.URL(path), LastMod: day}) }
	for _, lang := range si.now.languages() {
		if si.now.home(si.config.Site.Home, lang) == nil { // else the page repeats a policy's
			add(si.paths.Prefix(lang), "")
		}
	}
	for i := range si.now.statuses {
		st := &si.now.statuses[i]
		v := st.Versions[st.shown()]
		for _, lang := range si.paths.Languages(st.Policy) {
			if si.paths.TextFor(v, lang).Lang == lang { // else the page repeats another's text
				add(si.paths.Policy(st.Policy, lang), v.Updated(si.zone).String())
			}
			add(si.paths.Archive(st.Policy, lang), "")
		}
		if si.config.Site.Superseded != "index" {
			continue
		}
		for _, v := range st.Versions {
			for _, t := range v.Texts {
				add(si.paths.Text(t), v.Updated(si.zone).String())
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
