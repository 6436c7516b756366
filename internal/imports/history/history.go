// Package history decides which past texts of a document become versions of a
// policy, and plans the files of an import.
//
// Its two fundamental types are Document, a future policy with all texts that it
// had, and Plan, the files that an import would write to a site: which are new,
// which exist already, and what is left out and why.
//
// # From a text to a file
//
// The packages beside this one read sources (a git repository, a folder of
// snapshots) and return Documents: every state of every text, in order. NewPlan
// chooses the states that become versions. It leaves out states that are blank,
// repeat the state before, were broken for a short time, or were reverted at
// once, and it groups the rest as Options ask. It then names the versions and
// compares them with the files of the site. The program shows the plan and
// writes the files; this package writes nothing.
//
// # Guarantees
//
//   - A version's text is the source's, byte for byte, without its front matter.
//     Only links to other imported texts get new destinations. State.Changed records
//     every conversion (another encoding, HTML).
//   - Nothing is left out without a reason. The versions and omissions of a
//     document add up to its states.
//   - A file that exists is never changed, so an import can run again.
//
// # Dates
//
// A date is as reliable as its source. Each state has a Basis, which the version
// file records as the key dated. The date from which a text says that it applies
// comes first, if it agrees with the order of the states: its author wrote it, and
// a commit date is only that of a clock. A date that contradicts the order is
// replaced by the date of a state beside it.
package history

import (
	"cmp"
	"time"

	"github.com/privgen/privgen/internal/day"
)

// A Document is a text with its history: a future policy.
type Document struct {
	Slug     string
	Named    bool              // the user chose the slug
	Title    string            // the policy's name; empty: the title of its newest text
	Titles   map[string]string // in other languages, by BCP 47 tag
	Kind     string            // privacy, cookies, terms, or other; empty: other
	Group    string            // the heading under which a home page lists it; may be empty
	Language string            // of the texts whose Lang is empty, a BCP 47 tag; empty: detected
	Origin   string            // where it comes from, for the report: legal/privacy.md

	// States are the texts that the document had, in order. Those of translations
	// are among them.
	States []State

	// LeftOut are states that the reader of the source left out: a file that is
	// too large, a time without a file.
	LeftOut []Omission

	Ended day.Day // the day on which the source archived or removed the text, or zero
	Why   string  // what the source did then: moved to archive/hubs.md
}

// A State is one text of a document, in one language.
type State struct {
	Lang string // of a translation, a BCP 47 tag; empty: the document's own

	// Text is the Markdown without front matter, in UTF-8. If it is nil, Read
	// returns the text; it may be called several times, since long histories do
	// not fit into memory. The caller must not change the bytes. An error of type
	// *textfile.Unfit leaves the state out.
	Text []byte
	Read func() ([]byte, error)

	Date    day.Date  // the date it takes effect; zero: the day of When, or unknown
	When    time.Time // when it was made, for the order and duration; zero: the start of Date
	Basis   Basis     // where Date comes from
	Dated   bool      // somebody dated this text, for example in its file's name; dates in the text do not count
	Note    string    // more about the date, for people; may be empty
	Updated day.Day   // the date of the last update that the text states, or zero

	Tag      string    // the first release that has the text; may be empty
	Released time.Time // when that was

	Label    string // the version's name; may be empty
	Source   string // the URL or path of the original; may be empty
	Archived string // the URL of an archived copy; may be empty
	Commit   string // the full hash of its commit; may be empty
	Origin   string // where it comes from, for the report: legal/privacy.md at 3f9c2b1
	Changed  string // how the source was converted to this text: "windows-1252"; mostly empty

	Lost string // content of the source that this text lacks; mostly empty

	link func(text []byte) []byte // makes links to other policies; may be nil
}

// A Basis is where a date comes from, in words for people. Readers of sources add
// their own: file name, snapshot, author date.
type Basis string

// The bases that readers share.
const (
	ByText        Basis = "stamp" // the text states it
	ByFrontMatter Basis = "front matter"
)

const (
	byTag      Basis = "tag"      // the date of a release
	byNeighbor Basis = "neighbor" // the date of a state beside it, because its own cannot be true
)

// A Note is a fact about an import for people.
type Note struct {
	Text   string   `json:"text"`
	Files  []string `json:"files,omitempty"` // what it is about, one line each
	Decide bool     `json:"decide"`          // the user may want another result; the text names the flag
}

// An Omission is a state that does not become a version, and why.
type Omission struct {
	Reason Reason    `json:"reason"`
	Origin string    `json:"origin"`         // as in State
	Lang   string    `json:"-"`              // as in State
	When   time.Time `json:"when,omitzero"`  // as in State; zero if unknown
	Note   string    `json:"note,omitempty"` // details: the language, the size; may be empty

	// Doubtful marks a whole text in the usual language that was judged broken
	// or reverted. The judgment may be wrong.
	Doubtful bool `json:"doubtful,omitempty"`
}

// Day returns the day of the state, or the zero Day.
func (o *Omission) Day() day.Day { return (&State{When: o.When}).Day() }

// A Reason is why a state does not become a version. JSON reports contain it;
// Describe returns it for people. Readers of sources add their own.
type Reason string

const (
	blank    Reason = "blank"
	same     Reason = "same"
	reverted Reason = "reverted"
	restored Reason = "restored"
	broken   Reason = "broken"
	grouped  Reason = "grouped"
	outside  Reason = "outside"
	noDate   Reason = "no date"
	orphan   Reason = "orphan"
	replaced Reason = "replaced"
	clash    Reason = "clash"
	ignored  Reason = "ignored"
)

// Describe returns the reason as words in a report.
func (r Reason) Describe() string { return cmp.Or(described[r], string(r)) }

var described = map[Reason]string{
	same:        "the same text as before",
	reverted:    "reverted within three days",
	restored:    "the text that came back then",
	broken:      "broken: another text for a while, then the one before again",
	grouped:     "a later one represents the group",
	outside:     "before --since or after --until",
	"not text":  "not text, or in an unknown encoding",
	"too large": "too large for a text",
	noDate:      "no date is known",
	orphan:      "a translation without an original in another language",
	"missing":   "missing from the repository, which is damaged",
	"gone":      "the file did not exist for a while",
	"beside":    "of a file that was joined, while the other had the text",
	replaced:    "a translation that changed again before its original did",
	ignored:     "excluded by import.toml",
	clash:       "the site has another text of this name, which stays",
}

// Bytes returns the text of a state, with links to other policies.
func (s *State) Bytes() ([]byte, error) {
	text := s.Text
	if text == nil && s.Read != nil {
		var err error
		if text, err = s.Read(); err != nil {
			return nil, err
		}
	}
	if s.link != nil {
		text = s.link(text)
	}
	return text, nil
}

// Day returns the date on which the state takes effect, or the zero Day.
func (s *State) Day() day.Day {
	if s.Date.IsZero() && !s.When.IsZero() {
		return day.Of(s.When, s.When.Location())
	}
	return s.Date.In(s.Date.Instant.Location())
}

// instant returns when the state was made, for the order and for durations.
func (s *State) instant() time.Time {
	if s.When.IsZero() {
		t, _ := s.Date.Begin(time.UTC)
		return t
	}
	return s.When
}
