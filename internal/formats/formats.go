// Package formats has the formats for programs: the types of versions.json,
// policies.json, and links.json, and the encodings of feeds, sitemaps, and time maps.
// Package pages fills the types.
//
// Its two fundamental types are History, a versions.json, and Feed, the input of
// both forms of a feed.
//
// The JSON Schemas in docs/schemas and the tables in docs/formats.md are generated
// from the types, their tags, and their comments.
package formats

import (
	"bytes"
	"encoding/json"
)

// The URLs of the JSON Schemas of versions.json and policies.json. The number at the
// end changes only with a change that programs would misread, not with a new member.
const (
	HistorySchema  = "https://github.com/privgen/privgen/docs/schemas/versions-1.json"
	PoliciesSchema = "https://github.com/privgen/privgen/docs/schemas/policies-1.json"
)

// Policies is a policies.json: the policies of a site, in the order of its home
// page. The rules are those of History: members may be added, none is renamed or
// changes its meaning, and URLs are absolute.
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
	SHA256    string `json:"sha256"`          // the digest of the authoritative text, as in versions.json
}

// WriteJSON appends a value to b as JSON, indented.
func WriteJSON(b *bytes.Buffer, v any) error {
	e := json.NewEncoder(b)
	e.SetEscapeHTML(false)
	e.SetIndent("", "  ")
	return e.Encode(v)
}
