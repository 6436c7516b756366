package theme

import (
	"html/template"

	"github.com/privgen/privgen/internal/locale"
	"github.com/privgen/privgen/internal/redline"
)

// This file holds the page types: what a template can show. A theme is checked
// against them when it loads, so a field that is not here is a problem with a
// place before the first page is drawn.

// A Frame is what every page has around its own matter. It is embedded in each
// page type, so a template writes {{.Title}}, not {{.Frame.Title}}.
type Frame struct {
	Kind        string         // home, policy, version, archive, redline, unmarked or notfound
	Site        Site           // the site, in the language of the page
	Lang        string         // language of the page, a BCP 47 tag
	Dir         string         // ltr or rtl
	Title       string         // for <title>; unique in the site
	Description string         // for <meta name=description>; may be empty
	Canonical   string         // the page's own absolute address, or that of the same page which lasts; empty on the 404 page
	Robots      string         // noindex, or empty
	Relations   []Relation     // <link> elements of the head: versions, translations, feeds
	JSONLD      template.HTML  // the whole <script type="application/ld+json"> element, or empty
	Styles      []string       // addresses of the style sheets, in order
	Words       *locale.Words  // the program's own words, in the language of the page
	Settings    Settings       // the theme's settings: the declared defaults and the site's values
	Languages   []LanguageLink // this page in the site's other languages; empty when there is one language
}

// Settings are a theme's settings by name. A template writes .Settings.accent;
// texts, colors, lengths and choices are strings, a number is an int or a
// float64, and a bool is a bool.
type Settings map[string]any

// A Site is the site as every page shows it.
type Site struct {
	Title        string
	Home         string // address of the home page in the language of the page
	Organization Organization
	Policies     []Link // every policy's page in force, in the site's order; where that is too long a list, the list's page and the page's own policy
	Header       []Link // the site's own links for the top
	Footer       []Link // and for the foot
}

// An Organization is who stands by the texts.
type Organization struct {
	Name, URL, Email, Phone string
	Address                 []string // line by line
	Contacts                []Contact
}

// A Contact is somebody to turn to.
type Contact struct{ Role, Name, Email, Phone, URL string }

// A Link is a link in the frame of a page.
type Link struct {
	Text    string
	Href    string
	Current bool   // the link leads to the page it stands on, or to its policy
	Rel     string // privacy-policy or terms-of-service where it leads to one (RFC 6903), or empty
	Lang    string // the language of Text, where it is not the page's, or empty
}

// A LanguageLink leads to the same page in another language.
type LanguageLink struct {
	Lang    string // BCP 47 tag
	Dir     string // ltr or rtl
	Name    string // the language's own name: Deutsch
	Href    string
	Current bool // the language of this page
}

// A Relation is a <link> element. Empty attributes are left out.
type Relation struct{ Rel, Href, Type, Title, Hreflang string }

// A Date is one day as a page shows it, twice: for programs and for people.
// Both forms come from one value. The zero Date is no date.
type Date struct {
	Datetime string // for <time datetime>: 2026-01-01, or with time and offset
	Text     string // in the language and region of the page: 1 January 2026
}

// A Sentence is a sentence of the program's own words with links and dates in
// it, in the order of the page's language. The block "sentence" draws it.
type Sentence []Part

// A Part is a piece of a Sentence: plain text, a link or a date.
type Part struct {
	Text     string
	Href     string // not empty: a link
	Datetime string // not empty: a date
	Lang     string // not empty: the language of this piece, where it is another
}

// A Version is one version as pages show it.
type Version struct {
	ID        string
	Name      string // what people call it: "Version 3.2", else "Version of 1 January 2026"
	Label     string // the author's label, or empty
	State     string // in-force, upcoming, superseded or withdrawn
	StateName string // the state in the language of the page
	Effective Date
	Updated   Date
	Published Date // zero when not known
	Reviewed  Date // zero when not known
	Recorded  Date // zero, or the day on which it was added to a history that was recorded before, when it had taken effect
	Until     Date // superseded: the day on which the next version took effect
	Href      string
	Lang      string   // language of the text that Href leads to
	Foreign   string   // that language's own name, when it is not the language of the page
	Summary   string   // what changed, in the author's words, or empty
	Generated bool     // a program counted what Summary says, and nobody wrote it
	Changes   []string // the same, point by point
	Material  bool     // the author calls the change material
	Source    string   // where an imported text came from: an address or a path; or empty
	SourceURL string   // Source, where it is an address, or empty
	Archived  string   // the address of an archived copy of it, or empty

	Corrections []Correction // of slips of the pen since it was released, the oldest first

	// In the archive, and of the version whose text a page shows: what changed
	// from the version before, and from this one to the version in force. They
	// are empty where the site has no such page.
	Redline string  // address of the redline from the version before
	Since   string  // superseded: address of the redline to the version in force
	Extent  *Extent // how much changed from the version before; in the archive only, and nil of the first version

	Words *locale.Words // in the language of the page, so that a block which is given only a version can name its dates
}

// A Correction is an editorial correction of a version: when, and in the
// author's words, why.
type Correction struct {
	Date   Date
	Reason string
	Href   string // address of what it changed in the text, or empty
}

// An Extent is how much changed from one version to another.
type Extent struct {
	redline.Extent          // in numbers
	Verdict        string   // a sentence, where there is more to say than the counts, or empty
	Counts         []string // in words: "Words added: 3"; nothing that is zero
}

// A Clause is a line of the contents list: a heading of the text and its id.
type Clause struct {
	ID      string
	Title   string // plain text
	Clauses []Clause
}

// A Text is the text of a version, ready to be shown. The page that shows it
// has one
//
//	<article data-policy="SLUG" data-version="ID" lang="LANG" dir="DIR">
//
// with Heading and then Body in it. Whatever else stands in the article
// carries data-added, on itself or on an element around it.
type Text struct {
	Policy   string        // slug
	Version  string        // id
	Lang     string        // of the text; may differ from the page's
	Dir      string        // ltr or rtl
	Heading  template.HTML // the h1: the text's own, or one marked data-added when the text has none
	Body     template.HTML // all the rest of the text
	Contents []Clause      // empty when the text has fewer than three headings
}

// A Home is the page that lists the policies.
type Home struct {
	Frame
	Policies []PolicyEntry // those of no group; all, when there are no groups
	Groups   []PolicyGroup // by policy.toml; empty when no policy has one
	Latest   []Latest      // the newest versions of all policies, the newest first; only with groups
}

// A PolicyGroup is a heading of the home page and the policies below it.
type PolicyGroup struct {
	ID       string // for links to it on the page
	Name     string
	Count    string // how many policies there are, as a number of the language
	Policies []PolicyEntry
}

// A Latest is a version in the list of the latest changes.
type Latest struct {
	Policy  string // the policy's title
	Lang    string // the language of Policy, where it is not the page's, or empty
	Href    string // the policy's page in force
	Version Version
}

// A PolicyEntry is a policy in a list.
type PolicyEntry struct {
	Slug        string
	Title       string
	Short       string // the title without the name of the group that it begins with
	Lang        string // the language of Title, where it is not the page's, or empty
	Description string // or empty
	Href        string
	Archive     string
	InForce     *Version // nil when no version is in force yet
	Upcoming    *Version // the next version that is to take effect, or nil
	Versions    string   // how many versions there are, in words: "5 versions"

	Words *locale.Words // in the language of the page, as in Version
}

// A Policy is the page of the version in force.
type Policy struct {
	Frame
	Document
}

// A VersionPage is the permalink of a version.
type VersionPage struct {
	Frame
	Document
}

// A Document is what the pages that show a text have in common.
type Document struct {
	Slug     string
	Name     string // the policy's title
	Href     string // its page in force; empty for a policy that has nothing but a draft
	Archive  string // the archive page; empty likewise
	Version  Version
	Text     Text
	Notices  []Notice // above the text: upcoming, superseded, translated
	Previous *Version // the version before, or nil
	Next     *Version // the version after, or nil
	Formats  []Link   // the same text as Markdown and as plain text
}

// A Notice is a banner above the text.
type Notice struct {
	Kind string // upcoming, superseded, translation or untranslated
	Text Sentence
}

// An Archive is the page that lists all versions of a policy.
type Archive struct {
	Frame
	Slug     string
	Name     string    // the policy's title
	Href     string    // its page in force
	Versions []Version // newest first
	Formats  []Link    // the history for programs: feeds, JSON
}

// A RedlinePage shows what changed from one version to another. Its Text is
// that of After with the marks in it: what was taken away in del, what was
// added in ins. Programs get the text back by leaving out del and every element
// with data-mark="del".
type RedlinePage struct {
	Frame
	Slug    string
	Name    string // the policy's title
	Href    string // its page in force
	Archive string // the archive page
	Before  Version
	After   Version
	Text    Text // with the id of After; no contents list
	Extent  Extent
	Legend  []Mark   // the kinds of marks on the page
	Folded  bool     // some clauses are folded; what unfolds them all is a link to #pg:all
	Changes []Change // the clauses with words that changed, in order
	Minor   []Change // the clauses in which only links or markup changed

	Renumbered   []Change // the clauses of which only the number changed
	Renumberings string   // their heading, with how many there are: "Only renumbered: 3"

	Previous *RedlineLink
	Next     *RedlineLink
}

// A Mark is an entry of the legend of a redline: "added", "removed", or "moved",
// with the words for it.
type Mark struct{ Mark, Words string }

// An Unmarked is the page at the address of what changed from a superseded
// version to the one in force, where that is not drawn.
type Unmarked struct {
	Frame
	Slug    string
	Name    string // the policy's title
	Href    string // its page in force
	Archive string // the archive page
	Before  Version
	Next    *RedlineLink // what changed from the version to the next, or nil
}

// A Change is what happened to a clause.
type Change struct {
	Title  string
	ID     string        // of the clause's place on the page
	States []string      // in words: changed, moved, new
	Counts []string      // in words: "Words added: 3"
	Before template.HTML // the clause as it was: plain text in <p> elements; empty if it is new
	After  template.HTML // and as it is now; empty if it was removed
}

// A RedlineLink leads to another redline of the policy.
type RedlineLink struct{ Before, After, Href string }

// A NotFound is the 404 page.
type NotFound struct{ Frame }
