package pages

import (
	"encoding/hex"

	"github.com/privgen/privgen/internal/day"
	"github.com/privgen/privgen/internal/formats"
)

// This file has policies.json, the list of a site's policies for programs.

// policies returns the list of the policies.
func (hi *histories) policies() formats.Policies {
	out := formats.Policies{
		Schema:   formats.PoliciesSchema,
		Title:    hi.config.Site.Title,
		URL:      hi.paths.URL(""),
		Language: hi.paths.Default,
		TimeZone: hi.zone.String(),
		Policies: []formats.PoliciesEntry{},
	}
	for _, st := range hi.now.statuses {
		one := formats.PoliciesEntry{
			Policy:        st.Policy.Slug,
			Kind:          st.Policy.Settings.Kind,
			Language:      st.Policy.Language,
			Titles:        hi.titles(st),
			URL:           hi.paths.URL(hi.paths.Policy(st.Policy, hi.paths.Default)),
			Archive:       hi.paths.URL(hi.paths.Archive(st.Policy, hi.paths.Default)),
			MaterialSince: materialSince(st),
		}
		one.Versions = one.URL + "versions.json"
		if st.Ended {
			one.Withdrawn = day.On(st.Policy.Settings.Withdrawn).String()
		}
		for j, v := range st.Versions {
			version := &formats.PoliciesVersion{
				ID:        v.ID,
				Label:     v.FrontMatter.Label,
				Effective: v.FrontMatter.Effective.String(),
				URL:       hi.paths.URL(hi.paths.Text(v.Authoritative())),
				SHA256:    hex.EncodeToString(v.Authoritative().Normal[:]),
			}
			switch {
			case v == st.Current():
				one.InForce = version
			case v == st.Status.Upcoming() && j > st.InForce:
				one.Upcoming = version
			}
		}
		out.Policies = append(out.Policies, one)
	}
	return out
}

// titles returns the policy's title in each language of its pages.
func (hi *histories) titles(st *status) map[string]string {
	out := map[string]string{}
	for _, lang := range hi.paths.Languages(st.Policy) {
		out[lang] = st.Policy.Title(lang)
	}
	return out
}

// materialSince returns the id of the newest version with a material change
// among the version in force and those before it, otherwise of the first of
// them. It is empty if none has taken effect.
func materialSince(st *status) string {
	first := ""
	for i := st.InForce; i >= 0; i-- {
		v := st.Versions[i]
		if v.FrontMatter.Withdrawn.IsZero() {
			if first = v.ID; v.FrontMatter.Material {
				break
			}
		}
	}
	return first
}
