package pages

import (
	"encoding/hex"

	"github.com/privgen/privgen/internal/day"
)

// This file has policies.json, the list of a site's policies for programs.

// The URLs of the JSON Schemas of versions.json and policies.json. A member that
// is added keeps the number at the end; what programs would misread changes it.
const (
	historySchema  = "https://github.com/privgen/privgen/docs/schemas/versions-1.json"
	policiesSchema = "https://github.com/privgen/privgen/docs/schemas/policies-1.json"
)

// Policies is a policies.json: the policies of a site, in the order of its home
// page. It has the rules of History: members may be added to it, none is renamed
// or changes its meaning, and URLs are absolute.
type Policies struct {
	Schema   string          `json:"$schema"`   // the JSON Schema of this file, whose name has the number of the format
	Title    string          `json:"title"`     // the site's title, in its own language
	URL      string          `json:"url"`       // the home page
	Language string          `json:"language"`  // the site's own language, a BCP 47 tag
	TimeZone string          `json:"time_zone"` // the zone in which days begin, an IANA name
	Policies []PoliciesEntry `json:"policies"`  // the policies that have a published version
}

// A PoliciesEntry is a policy in a Policies.
type PoliciesEntry struct {
	Policy        string            `json:"policy"`                   // the policy's slug, as in its URLs
	Kind          string            `json:"kind"`                     // one of privacy, cookies, terms, and other
	Language      string            `json:"language"`                 // the authoritative language, a BCP 47 tag
	Titles        map[string]string `json:"titles"`                   // the title in each language that the policy has pages in, by BCP 47 tag
	URL           string            `json:"url"`                      // the page of the version in force, in the site's language
	Archive       string            `json:"archive"`                  // the page of all versions, in the site's language
	Versions      string            `json:"versions"`                 // the policy's versions.json
	Withdrawn     string            `json:"withdrawn,omitempty"`      // the day on which the policy ended
	InForce       *PoliciesVersion  `json:"in_force,omitempty"`       // the version in force on the day of the build; absent before the first takes effect, and after the policy ended
	Upcoming      *PoliciesVersion  `json:"upcoming,omitempty"`       // the next version that takes effect
	MaterialSince string            `json:"material_since,omitempty"` // as in versions.json
}

// A PoliciesVersion is a version in a Policies.
type PoliciesVersion struct {
	ID        string `json:"id"`              // unique in the policy, and never changed
	Label     string `json:"label,omitempty"` // the name of the version, if it is not its date
	Effective string `json:"effective"`       // when it takes effect: a day or an instant
	URL       string `json:"url"`             // the permalink of the authoritative text
	SHA256    string `json:"sha256"`          // of the authoritative text in its normal form, as in versions.json
}

// policies returns the list of the policies.
func (hi *histories) policies(now *instant) Policies {
	out := Policies{
		Schema:   policiesSchema,
		Title:    hi.config.Site.Title,
		URL:      hi.paths.URL(""),
		Language: hi.paths.Default,
		TimeZone: hi.zone.String(),
		Policies: []PoliciesEntry{},
	}
	for i := range now.statuses {
		st := &now.statuses[i]
		one := PoliciesEntry{
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
			version := &PoliciesVersion{
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
