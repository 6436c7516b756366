// Package history turns texts from elsewhere into version files: a history in
// git, a collection of recorded terms, snapshots of pages, saved pages.
//
// Its two fundamental types are Document, what is to become a policy, with the
// texts that it had one after the other, and Plan, the files that the
// documents of an import are in a site: which are new, which are there
// already, and what is left out and why.
//
// # The way of a text
//
// A reader of a source (a git history, a folder of snapshots) makes Documents:
// every state of every text, in the order in which they stood. Choose tells
// which of these states are versions: it leaves out those that are blank, that
// say what was said before, that were broken for a day or taken back at once,
// and groups the rest as it is told. NewPlan gives the versions their names
// and front matter, and compares them with what the site holds. Whoever shows
// a plan and carries it out is the program; here nothing is written.
//
// # What is kept
//
// The text of a version is byte for byte the source's, after its front matter
// if it had one. What had to be changed so that it is a text at all (another
// encoding, a page) is said in the plan. Words come in for tags of another
// program only where the user gives them. Nothing is left out without a reason, and the
// reasons of a document and its versions add up to its states.
//
// # Where dates come from
//
// A date is only as good as its source, so each says its Basis, and a version
// file says it too: a stamp in the text is the author's word, a file's name is
// somebody's, the date of a commit is a clock's.
package history

import (
	"crypto/sha256"
	"time"

	"github.com/privgen/privgen/internal/day"
)

// A Document is what is to become a policy.
type Document struct {
	Slug     string
	Title    string            // the policy's name; empty: what its newest text says
	Titles   map[string]string // in other languages, by BCP 47 tag
	Kind     string            // privacy, cookies, terms or other; empty: what the slug says
	Group    string            // the heading under which a home page lists it; may be empty
	Language string            // of the texts whose Lang is empty, a BCP 47 tag; empty: the site's
	Origin   string            // where it comes from, for the report: legal/privacy.md

	// States are the texts that the document had, in the order in which they
	// stood; those of a translation among them, told by Lang.
	States []State

	// LeftOut are the states that were given up before they had a text: a
	// file that is too large, a day on which there was none.
	LeftOut []Omission
}

// A State is one text of a document, in one language.
type State struct {
	Lang string // of a translation, a BCP 47 tag; empty: the document's own

	// Text is the Markdown without front matter, valid UTF-8 as source.Parse
	// wants it. It may be nil, and then Read gives it each time anew: long
	// histories do not fit into a memory. Whoever is given the bytes does not
	// change them.
	Text []byte
	Read func() ([]byte, error)

	Date    day.Date  // from which it counts; zero: the day of When, or none that is known
	When    time.Time // the moment at which it came to be, for the order and for how long it stood; zero: the beginning of Date
	Basis   Basis     // where Date comes from
	Note    string    // more about the date, for people: "two commits later than its child"; may be empty
	Updated day.Day   // the day that a stamp in the text tells, or zero

	Tag      string    // the name of the release that the text first came out in; may be empty
	Released time.Time // the moment of that release

	Label    string // what people call the version; may be empty
	Source   string // the address of the original, or its path; may be empty
	Archived string // the address of an archived copy; may be empty
	Commit   string // the commit that it comes from, in full; may be empty
	Origin   string // where it comes from, for the report: legal/privacy.md at 3f9c2b1
	Changed  string // what had to be done so that it is a text: "from windows-1252"; mostly empty
}

// A Basis says where a date comes from. It is written into version files, as
// the key dated.
type Basis string

// The bases, the surest first.
const (
	ByStamp     Basis = "stamp"        // the text itself says it
	ByMatter    Basis = "front matter" // the front matter of the source says it
	ByName      Basis = "file name"
	BySnapshot  Basis = "snapshot" // the day on which a copy of the text was taken
	ByTag       Basis = "tag"      // of the commit that stands for a release
	ByAuthor    Basis = "author date"
	ByCommitter Basis = "committer date" // where the author date cannot be true
	ByNeighbor  Basis = "neighbor"       // that of the version before it, where its own cannot be true
)

// An Omission is a state that becomes no version, and why.
type Omission struct {
	Reason Reason
	Origin string    // of the state, as in State
	Lang   string    // as in State
	When   time.Time // as in State; zero where it is not known
	Note   string    // what else there is to say: the language, the size; may be empty

	// Doubtful tells of one that was judged, and may have been judged wrong:
	// a whole text in the language of the others.
	Doubtful bool
}

// A Reason is why a state is no version. It is printed, and given in JSON.
type Reason string

// The reasons.
const (
	Blank    Reason = "blank"     // there is no word in it
	Same     Reason = "same"      // the text is that of the version before
	Reverted Reason = "reverted"  // taken back at once: the text before it came back
	Restored Reason = "restored"  // the text that came back
	Broken   Reason = "broken"    // another text for a short while, then again like the one before
	Grouped  Reason = "grouped"   // a later state stands for its group
	Outside  Reason = "outside"   // before --since or after --until
	NotText  Reason = "not text"  // binary, or of an encoding that cannot be told
	TooLarge Reason = "too large" // above source.MaxSize
	NoDate   Reason = "no date"   // nothing says when it was
	Orphan   Reason = "orphan"    // a translation of which there is no original
	Gone     Reason = "gone"      // the file was not there for a while
	Replaced Reason = "replaced"  // a translation that was changed before its original was
	Clash    Reason = "clash"     // the site holds another text under its name
	Ignored  Reason = "ignored"   // the site says that it does not want it
)

// Bytes gives the text of a state.
func (s *State) Bytes() ([]byte, error) {
	if s.Text != nil || s.Read == nil {
		return s.Text, nil
	}
	return s.Read()
}

// Digest is the SHA-256 of a text.
type Digest [sha256.Size]byte

// Day gives the civil day from which the state counts; the zero Day is none.
func (s *State) Day() day.Day {
	switch {
	case !s.Date.Day.IsZero():
		return s.Date.Day
	case !s.Date.Instant.IsZero():
		return day.Of(s.Date.Instant, s.Date.Instant.Location())
	case !s.When.IsZero():
		return day.Of(s.When, s.When.Location())
	}
	return day.Day{}
}

// moment gives the instant of the state, for the order and for how long it
// stood.
func (s *State) moment() time.Time {
	if s.When.IsZero() {
		t, _ := s.Date.Begin(time.UTC)
		return t
	}
	return s.When
}
