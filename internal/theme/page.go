package theme

import (
	"html/template"

	"github.com/privgen/privgen/internal/locale"
	"github.com/privgen/privgen/internal/redline"
)

// This file defines the page types: what a template can show. A theme is
// checked against them when it loads, so a field that does not exist is a
// problem with a position before the first page is rendered.

// A Frame has the fields that every page has around its content. It is embedded in each
// page type, so a template has {{.Title}}, not {{.Frame.Title}}.
type Frame struct {
	Kind        string // home, policy, version, archive, redline, unmarked or notfound
	Site        Site   // the site, in the language of the page
	Lang        string // language of the page, a BCP 47 tag
	Dir         string // ltr or rtl
	Title       string // for <title>; unique in the site
	Description string // for <meta name=description>; can be empty
	// the page's own absolute URL, or that of the permanent page with the same content; empty on the 404 page
	Canonical string
	Robots    string         // noindex, or empty
	Relations []Relation     // <link> elements of the head: versions, translations, feeds
	JSONLD    template.HTML  // the whole <script type="application/ld+json"> element, or empty
	Styles    []string       // URLs of the style sheets, in order
	Words     *locale.Words  // privgen's words, in the language of the page
	Settings  Settings       // the theme's settings: the declared defaults and the site's values
	Languages []LanguageLink // this page in the site's other languages; empty if there is one language
}

// Settings are a theme's settings by name. A template uses .Settings.accent.
// Texts, colors, lengths, and choices are strings, a number is an int or a
// float64, and a bool is a bool.
type Settings map[string]any

// A Site is the site as every page shows it.
type Site struct {
	Title        string
	Home         string // URL of the home page in the language of the page
	Logo         string // URL of the picture instead of the title, or empty
	LogoDark     string // the same in dark mode, or empty
	Icon         string // URL of the icon for browsers, or empty
	Search       bool   // mark the texts in force for a search of this site
	Organization Organization
	// every policy's current page, in the site's order; if there are too many, the
	// page with the list and the current policy
	Policies []Link
	Header   []Link // the site's own links for the header
	Footer   []Link // and for the footer
}

// An Organization is the publisher of the policies.
type Organization struct {
	Name, URL, Email, Phone string
	Address                 []string // line by line
	Contacts                []Contact
}

// A Contact is a person or office to contact.
type Contact struct{ Role, Name, Email, Phone, URL string }

// A Link is a link in the frame of a page. Its Href is a path of the site or was
// checked by package config, so html/template does not check it: it would replace
// schemes that it does not know, such as tel.
type Link struct {
	Text    string
	Href    template.URL
	Current bool   // the link leads to the page that it is on, or to its policy
	Rel     string // privacy-policy or terms-of-service if it leads to one (RFC 6903), or empty
	Lang    string // the language of Text if it is not the page's, or empty
}

// A LanguageLink leads to the same page in another language.
type LanguageLink struct {
	Lang    string // BCP 47 tag
	Dir     string // ltr or rtl
	Name    string // the language's own name: Deutsch
	Href    string
	Current bool // the language of this page
}

// A Relation is a <link> element. Empty attributes are omitted.
type Relation struct{ Rel, Href, Type, Title, Hreflang string }

// A Date is a date as a page shows it, for programs and for people. The zero
// Date means that there is none.
type Date struct {
	Datetime string // for <time datetime>: 2026-01-01, or with time and offset
	Text     string // in the language and region of the page: 1 January 2026
}

// A Sentence is one of privgen's sentences with links and dates in it, in the
// word order of the page's language. The block "sentence" renders it.
type Sentence []Part

// A Part is a part of a Sentence: plain text, a link, or a date.
type Part struct {
	Text     string
	Href     string // if not empty, a link
	Datetime string // if not empty, a date
	Lang     string // if not empty, the language of this part, which differs from the page's
}

// A Version is one version as pages show it.
type Version struct {
	ID        string
	Name      string // what people call it: "Version 3.2" or "Version of 1 January 2026"
	Label     string // the author's label, or empty
	State     string // in-force, upcoming, superseded or withdrawn
	StateName string // the state in the language of the page
	Effective Date
	Updated   Date
	Published Date // zero if not known
	Reviewed  Date // zero if not known
	Recorded  Date // the day on which it was added to the lock file if that was after it took effect; otherwise zero
	Until     Date // superseded: the last day on which it was in force, or the instant at which that ended
	Href      string
	Lang      string   // language of the text that Href leads to
	Foreign   string   // that language's own name if it is not the language of the page
	Summary   string   // what changed, in the author's words, or empty
	Generated bool     // a program counted the content of Summary
	Changes   []string // the same, point by point
	Material  bool     // the author calls the change material
	Source    string   // where an imported text came from: a URL or a path; or empty
	SourceURL string   // Source if it is a URL, or empty
	Archived  string   // the URL of an archived copy of it, or empty

	Corrections []Correction // of typos since the release, oldest first

	// Only in the archive, and for the version whose text a page shows.
	Redline string  // URL of the redline from the version before, or empty
	Since   string  // superseded: URL of the redline to the version in force, or empty
	Extent  *Extent // how much changed from the version before; only in the archive, and nil for the first version

	// in the language of the page, for blocks that get only a version
	Words *locale.Words
}

// A Correction is an editorial correction of a version: its date and the
// author's reason.
type Correction struct {
	Date   Date
	Reason string
	Href   string // URL of the redline of the correction, or empty
}

// An Extent is how much changed from one version to another.
type Extent struct {
	redline.Extent          // in numbers
	Verdict        string   // a sentence if there is more to say than the counts, or empty
	Counts         []string // in words: "+12 −3 words"; without zeros
}

// A Glance is the short version of a clause: its box in the text, in plain lines.
type Glance struct {
	ID    string // of the clause
	Title string // plain text
	Lines []string
}

// A Clause is a line of the contents list: a heading of the text and its id.
type Clause struct {
	ID      string
	Title   string // plain text
	Clauses []Clause
}

// A Text is the text of a version as HTML. The page that shows it has one
//
//	<article data-policy="SLUG" data-version="ID" lang="LANG" dir="DIR">
//
// with Heading and then Body in it. Everything else in the article has the
// attribute data-added, or is in an element that has it.
type Text struct {
	Policy   string        // slug
	Version  string        // id
	Lang     string        // of the text; can differ from the page's
	Dir      string        // ltr or rtl
	Heading  template.HTML // the h1: the text's own, or one with data-added if the text has none
	Body     template.HTML // the rest of the text
	Contents []Clause      // empty if the text has fewer than three headings
	Glance   []Glance      // the short versions of its clauses
}

// A Home is the page that lists the policies.
type Home struct {
	Frame
	Policies []PolicyEntry // policies without a group; all policies if there are no groups
	Groups   []PolicyGroup // from policy.toml; empty if no policy has one
	Latest   []Latest      // the latest versions of all policies, newest first; only with groups
	Formats  []Link        // the feed of all policies
}

// A PolicyGroup is a heading of the home page and the policies below it.
type PolicyGroup struct {
	ID       string // for links to it on the page
	Name     string
	Count    string // the number of policies, formatted for the language
	Policies []PolicyEntry
}

// A Latest is a version in the list of the latest changes.
type Latest struct {
	Policy  string // the policy's title
	Lang    string // the language of Policy if it is not the page's, or empty
	Href    string // the policy's current page
	Version Version
}

// A PolicyEntry is a policy in a list.
type PolicyEntry struct {
	Slug        string
	Title       string
	Short       string // the title without the name of the group with which it begins
	Lang        string // the language of Title if it is not the page's, or empty
	Description string // or empty
	Href        string
	Archive     string
	InForce     *Version // nil if no version is in force yet
	Upcoming    *Version // the next version to take effect, or nil
	Draft       *Version // in a preview: the draft, if the policy has no version; or nil
	Versions    string   // the number of versions in words: "5 versions"; empty if there is only a draft

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

// A Document has the fields that all pages with a text have.
type Document struct {
	Slug     string
	Name     string // the policy's title
	Href     string // its current page; empty for a policy that has only a draft
	Archive  string // the archive page; empty in the same case
	Version  Version
	Text     Text
	Notices  []Notice // above the text: upcoming, superseded, translated
	Previous *Version // the version before, or nil
	Next     *Version // the version after, or nil
	Formats  []Link   // the same text as Markdown and as plain text

	Permalink string // the absolute URL of the version's own page
	Feed      string // on the current page: the URL of the policy's feed; or empty
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
	Href     string    // its current page
	Versions []Version // newest first
	Years    []Year    // the same by year, newest first, if there are many; or empty
	Formats  []Link    // the history for programs: feeds, JSON

	Comparisons []Comparison // with pairs = "all": which two versions can be compared, newest first
}

// A Year has the versions of an archive that took effect in a year.
type Year struct {
	ID       string // for links to it on the page
	Name     string
	Count    string // the number of versions, formatted for the language
	Versions []Version
}

// A RedlinePage shows what changed from one version to another. Its Text is
// that of After with marks: deletions in del, additions in ins. Programs get
// the text by omitting del and every element with data-mark="del". If Gaps is
// true, unchanged text is left out, and an element with data-gap is in its place.
type RedlinePage struct {
	Frame
	Slug    string
	Name    string // the policy's title
	Href    string // its current page
	Archive string // the archive page
	Heading string // "What changed on 1 January 2026"
	Before  Version
	After   Version
	Summary string   // what changed, in the author's words, or empty
	Points  []string // the same, point by point
	Text    Text     // with the id of After; no contents list
	Verdict string   // a sentence if there is more to say than the counts, or empty
	Counts  []string // in words: "12 changes in 5 clauses", "+377 −142 words"; without zeros
	Folded  bool     // some text is collapsed; the checkbox with the id pg:all shows it
	Gaps    bool

	Clauses  []ChangedClause // with changes of words, in order
	Cosmetic []ChangedClause // in which only links, formatting, or line breaks changed, or those too

	Renumbered   []ChangedClause // whose numbers changed, and nothing else
	Renumberings string          // their heading, with how many there are: "Only renumbered: 3"

	Previous *RedlineLink
	Next     *RedlineLink
}

// A ChangedClause is a clause in a list of changes.
type ChangedClause struct {
	Title   string
	Href    template.URL // of its first mark on the page, or empty
	States  []string     // what happened to the clause, in words: added, moved
	Counts  []string     // in words: "link changed: 3"
	Changes []Change
	History []Link // if the theme has clause_history: earlier redlines in which it changed, newest first
}

// A Change is one change of a clause.
type Change struct {
	Href  template.URL  // of its place on the page
	Label string        // what changed, in words, or empty for words that were added or removed
	Words template.HTML // the words, shortened, in ins and del elements if they were added or removed
}

// An Unmarked is the page at the URL of a redline in which no words changed, or of
// one that is not rendered.
type Unmarked struct {
	Frame
	Slug     string
	Name     string // the policy's title
	Href     string // the page in force
	Heading  string
	Sentence string
	Links    []Link // to the two versions, or to where the changes are
	Previous *RedlineLink
	Next     *RedlineLink // what changed after that
}

// A Comparison is a version in the list of all redlines of a policy, with links
// to what changed since earlier versions.
type Comparison struct {
	Name  string
	Since []Link
}

// A RedlineLink leads to another redline of the policy.
type RedlineLink struct{ Before, After, Href string }

// A NotFound is the 404 page.
type NotFound struct{ Frame }
