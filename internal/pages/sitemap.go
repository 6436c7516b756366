package pages

import (
	"slices"
	"strings"

	"github.com/privgen/privgen/internal/formats"
)

// pages returns the pages that can be indexed, sorted. The date of a page is the
// stamp of its version, never the day of the build.
func (ho *hosts) pages() []formats.URL {
	var out []formats.URL
	add := func(path, day string) { out = append(out, formats.URL{Loc: ho.paths.URL(path), LastMod: day}) }
	for _, lang := range ho.now.languages() {
		if ho.now.home(ho.config.Site.Home, lang) == nil { // else the page repeats a policy's
			add(ho.paths.Prefix(lang), "")
		}
	}
	for i := range ho.now.statuses {
		st := &ho.now.statuses[i]
		v := st.Versions[st.shown()]
		for _, lang := range ho.paths.Languages(st.Policy) {
			if ho.paths.TextFor(v, lang).Lang == lang { // else the page repeats another's text
				add(ho.paths.Policy(st.Policy, lang), v.Updated(ho.zone).String())
			}
			add(ho.paths.Archive(st.Policy, lang), "")
		}
		if ho.config.Site.Superseded != "index" {
			continue
		}
		for _, v := range st.Versions {
			for _, t := range v.Texts {
				add(ho.paths.Text(t), v.Updated(ho.zone).String())
			}
		}
	}
	slices.SortFunc(out, func(a, b formats.URL) int { return strings.Compare(a.Loc, b.Loc) })
	return out
}
