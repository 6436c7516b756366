package formats

// A History is a versions.json: the public history of a policy. Members may be
// added to it, but none is renamed or changes its meaning. An unknown value is
// omitted. URLs are absolute. A date is a day in TimeZone (2026-01-01) or an instant
// (2026-01-01T09:00:00+01:00), as the author wrote it.
type History struct {
	Schema   string            `json:"$schema"`   // the JSON Schema of this file, whose name has the number of the format
	Policy   string            `json:"policy"`    // the policy's slug, as in its URLs
	Kind     string            `json:"kind"`      // one of privacy, cookies, terms, and other
	Language string            `json:"language"`  // the authoritative language, a BCP 47 tag
	Titles   map[string]string `json:"titles"`    // the title in each language that the policy has pages in, by BCP 47 tag
	URL      string            `json:"url"`       // the page of the version in force, in the site's language
	Archive  string            `json:"archive"`   // the page of all versions, in the site's language
	TimeZone string            `json:"time_zone"` // the zone in which days begin, an IANA name

	Withdrawn string `json:"withdrawn,omitempty"` // the day on which the policy ended

	// The newest version with a material change among the version in force and
	// those before it, by its id, otherwise the first version. A user
	// who agreed to this version or to a later one has agreed to every material
	// change. Absent if no version has taken effect.
	MaterialSince string `json:"material_since,omitempty"`

	Parts []string `json:"parts,omitempty"` // if the history is long: the URLs of files like this one, the newest first; each has the versions of one year, and together they have all versions
	Whole string   `json:"whole,omitempty"` // in one of these parts: the URL of the versions.json that lists it

	Versions []HistoryVersion `json:"versions"` // the published versions, newest first; at least one. With parts: only the newest
}

// A HistoryVersion is a version in a History.
type HistoryVersion struct {
	ID        string        `json:"id"`                  // unique in the policy, and never changed
	Label     string        `json:"label,omitempty"`     // the name of the version, if it is not its date
	State     string        `json:"state"`               // one of upcoming, in-force (at most one version), superseded, or withdrawn
	Effective string        `json:"effective"`           // when it takes effect: a day or an instant
	Updated   string        `json:"updated"`             // the day on which its text was last changed
	Published string        `json:"published,omitempty"` // when it first appeared: a day or an instant
	Reviewed  string        `json:"reviewed,omitempty"`  // the day on which it was last reviewed, without a change
	Withdrawn string        `json:"withdrawn,omitempty"` // the day on which it was withdrawn, before it took effect
	Until     string        `json:"until,omitempty"`     // when the version ceased to be in force: when the next version took effect, or when the policy ended
	Summary   string        `json:"summary,omitempty"`   // what changed, in the author's words and the authoritative language
	Changes   []string      `json:"changes,omitempty"`   // what changed, point by point
	Material  bool          `json:"material"`            // whether the author calls the change material
	Source    string        `json:"source,omitempty"`    // where an imported text came from
	Archived  string        `json:"archived,omitempty"`  // the URL of an archived copy of it
	Commit    string        `json:"commit,omitempty"`    // the commit that an imported text came from
	Dated     string        `json:"dated,omitempty"`     // what the date of an imported version was taken from
	Generated bool          `json:"generated,omitempty"` // whether the summary was generated from counts of what changed
	Texts     []HistoryText `json:"texts"`               // the authoritative text, then its translations by language
}

// A HistoryText is a version in one language in a History.
type HistoryText struct {
	Lang     string   `json:"lang"`                       // the language of the text, a BCP 47 tag
	Title    string   `json:"title"`                      // the title of the text, otherwise of the policy
	Summary  string   `json:"summary,omitempty"`          // if this is a translation: what changed, in its language
	Changes  []string `json:"changes,omitempty"`          // if this is a translation: what changed, point by point, in its language
	URL      string   `json:"url"`                        // the permalink
	Markdown string   `json:"markdown,omitempty"`         // the URL of the text as Markdown, if the site has it
	Text     string   `json:"text,omitempty"`             // the URL of the text as plain text, if the site has it
	SHA256   string   `json:"sha256"`                     // the SHA-256 digest of the text in the file at markdown, without its head; the lock file has the same digest
	Redline  string   `json:"redline,omitempty"`          // the page that shows what changed since the previous version, if that version has a text in this language
	Since    string   `json:"redline_in_force,omitempty"` // if the version is superseded: the page that shows what changed from it to the version in force, if there is one in this language

	Redlines map[string]string `json:"redlines,omitempty"` // with pairs = "all": the pages that show what changed since earlier versions, by the ids of these versions

	Recorded string `json:"recorded,omitempty"` // the day on which the version was recorded, if that was after it took effect and after later versions were recorded

	Corrections []HistoryCorrection `json:"corrections,omitempty"` // corrections since the release, the oldest first

	Extent *HistoryExtent `json:"extent,omitempty"` // how much changed since the previous version
}

// A HistoryCorrection is an editorial correction of a text in a History.
type HistoryCorrection struct {
	Date   string `json:"date"`          // the day on which it was made
	Reason string `json:"reason"`        // why, in the author's words
	Was    string `json:"was"`           // the SHA-256 digest of the earlier text
	URL    string `json:"url,omitempty"` // the page that shows what the correction changed; the file index.md below this URL is the earlier text
}

// A HistoryExtent is how much changed from a text to the next, in a History.
type HistoryExtent struct {
	ClausesChanged int `json:"clauses_changed"`
	ClausesAdded   int `json:"clauses_added"`
	ClausesRemoved int `json:"clauses_removed"`
	ClausesMoved   int `json:"clauses_moved"`
	WordsAdded     int `json:"words_added"`
	WordsRemoved   int `json:"words_removed"`
	WordsMoved     int `json:"words_moved"`
	Restructured   int `json:"words_restructured"` // words whose structure changed, such as from a paragraph to a list
	Links          int `json:"links"`              // places where only the target of a link changed
	Images         int `json:"images"`             // images that were replaced by others
	ListNumbers    int `json:"list_numbers"`       // groups of successive list items whose numbers changed
	Markup         int `json:"markup"`             // places where only the markup changed
}

// A LinkSet is a links.json: a link set as JSON (RFC 9264, part 4.2).
type LinkSet struct {
	LinkSet []LinkContext `json:"linkset"`
}

// A LinkContext has the links of one page, by relation.
type LinkContext struct {
	Anchor      string       `json:"anchor"`
	History     []LinkTarget `json:"version-history,omitempty"`
	Latest      []LinkTarget `json:"latest-version,omitempty"`
	Predecessor []LinkTarget `json:"predecessor-version,omitempty"`
	Successor   []LinkTarget `json:"successor-version,omitempty"`
	Alternate   []LinkTarget `json:"alternate,omitempty"`
	LinkSets    []LinkTarget `json:"linkset,omitempty"` // of a long history: the link sets of earlier versions, by year
}

type LinkTarget struct {
	Href     string   `json:"href"`
	Hreflang []string `json:"hreflang,omitempty"`
	Type     string   `json:"type,omitempty"`
	Title    string   `json:"title,omitempty"`
}
