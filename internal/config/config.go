// Package config parses privgen.toml, the config of a site.
//
// Its two fundamental types are Config, the checked content of the file, and
// its tables, such as Organization. The struct tags are the only definition of
// the file: the decoder, the messages, and the JSON Schema that editors use are
// derived from them.
//
// # What is checked
//
// Parse decodes strictly, as package toml describes, and then validates the
// values. Everything that is wrong is a problem with a position:
//
//   - base_url is an http or https URL without user, query, or fragment
//     (bad-url). It is normalized to a lower-case host and a slash at the end,
//     so that a URL can be built by appending a path.
//   - language, and the names of the tables in [languages], are canonical BCP 47
//     tags, because they are part of URLs and file names. The site's own language
//     has no table (bad-language).
//   - time_zone is a name of the IANA time zone database (no-such-zone), and the
//     day of the site exists in that zone (no-such-day).
//   - The output folder is a clean path inside the site, outside the folders of
//     its sources; the theme's name is the name of a folder (bad-folder).
//   - The shared folder is a relative path (bad-shared).
//   - Numbers are in their ranges, and the periods of notices and reviews are
//     valid (wrong-value).
//   - Lists that are sets have no duplicates, and deploy targets have different
//     names (duplicate-entry).
//   - Links of headers and footers work on every page: they are http, https,
//     mailto, tel, or sms, or begin with a slash (bad-url).
//   - The prefix of ids is an authority and a date (bad-authority).
//   - Deploy targets are folders, buckets, containers, or folders on SSH hosts,
//     without credentials (bad-target).
//   - E-mail addresses and telephone numbers are plausible (bad-email,
//     bad-phone).
//
// References to policies, themes, and their settings are checked by the
// packages that load them; At returns the positions for their problems.
//
// A Config that is written as TOML, with its defaults, parses to the same
// Config.
package config

import (
	"slices"
	"strings"
	"time"

	"github.com/privgen/privgen/internal/day"
	"github.com/privgen/privgen/internal/duty"
	"github.com/privgen/privgen/internal/markdown"
	"github.com/privgen/privgen/internal/source"
	"github.com/privgen/privgen/internal/toml"
)

// A Config is a checked privgen.toml with its defaults filled in.
type Config struct {
	Site         Site                `toml:"site" doc:"The site's title, URL, language, and time zone."`
	Organization Organization        `toml:"organization" doc:"The organization that publishes the policies."`
	Theme        Theme               `toml:"theme" doc:"How the site looks."`
	Output       Output              `toml:"output" doc:"What is written, and where to."`
	Markdown     markdown.Rules      `toml:"markdown" doc:"What policy texts can contain."`
	Redlines     Redlines            `toml:"redlines" doc:"Which pages show what changed."`
	Header       []Link              `toml:"header" doc:"Links at the top of every page, before the list of policies."`
	Values       map[string]any      `toml:"values" doc:"Your values for use in texts: {{values.NAME}}. Each is a text, a number, a day, true or false, or texts by language."`
	Footer       []Link              `toml:"footer" doc:"Links at the foot of every page."`
	Deploy       []Deploy            `toml:"deploy" doc:"Targets that privgen deploy uploads the site to."`
	Notices      []duty.Notice       `toml:"notice" also:"notice_days" doc:"How much notice readers get before a version takes effect. Every rule that concerns a version applies. Rules in policy.toml replace these."`
	Reviews      []duty.Review       `toml:"review" doc:"How often policies must be changed or reviewed. Rules in policy.toml replace these."`
	Shared       Shared              `toml:"shared" doc:"A folder that several sites use."`
	Languages    map[string]Language `toml:"languages" doc:"The site's title and links in its other languages, by language tag."`

	places *toml.Places
	zone   *time.Location
	base   string
}

// Parse parses a privgen.toml. The Config is never nil. If there are problems,
// it has what could be decoded and must not be built.
func Parse(f *source.File) (*Config, source.Problems) {
	c := &Config{zone: time.UTC, base: "/"}
	var problems source.Problems
	c.places, problems = toml.Decode(f, 0, len(f.Text), c)
	k := &check{c, problems}
	k.site()
	k.organization()
	k.output()
	k.redlines()
	k.shared()
	k.problems = append(k.problems, c.Duties().Check(false, c.At)...)
	k.links("header", c.Header)
	k.links("footer", c.Footer)
	k.languages()
	k.deploy()
	return c, k.problems.Sort()
}

// Duties returns the rules about notices and reviews.
func (c *Config) Duties() duty.Rules { return duty.Rules{Notices: c.Notices, Reviews: c.Reviews} }

// At returns the position of a value in privgen.toml: At("site", "language").
// An entry of a list is named by its index. See toml.Places. A Config that was
// not parsed has only the position of the file.
func (c *Config) At(path ...string) source.Pos {
	if c.places == nil {
		return source.In("privgen.toml")
	}
	return c.places.Value(path...)
}

// Zone returns the time zone in which the site's days begin. It is UTC in a
// Config that was not parsed.
func (c *Config) Zone() *time.Location {
	if c.zone == nil {
		return time.UTC
	}
	return c.zone
}

// BasePath returns the path of the site on its host, with a slash at both ends:
// "/" or "/legal/". It is "/" in a Config that was not parsed.
func (c *Config) BasePath() string {
	if c.base == "" {
		return "/"
	}
	return c.base
}

// URL returns the absolute URL of a path of the site, such as "privacy/" or
// "/privacy/". For the empty path it is the site's URL.
func (c *Config) URL(path string) string {
	return c.Site.BaseURL + strings.TrimPrefix(path, "/")
}

// SetBaseURL replaces base_url, as a flag does. The error says what is wrong
// with the URL and what to write; the Config is unchanged then.
func (c *Config) SetBaseURL(raw string) error {
	base, path, wrong := baseURL(raw)
	if wrong != nil {
		return source.Usage(wrong.what, wrong.do)
	}
	c.Site.BaseURL, c.base = base, path
	return nil
}

// CheckBaseURL returns the error that SetBaseURL would return.
func CheckBaseURL(raw string) error { return (&Config{}).SetBaseURL(raw) }

// Schema returns the JSON Schema of privgen.toml, for editors, with schemas of
// the table [theme] that depend on its name.
func Schema(themes any) []byte {
	return toml.Schema(Config{}, "https://github.com/privgen/privgen/privgen.schema.json", "privgen.toml",
		map[string]any{"theme": themes})
}

// Site is the table [site].
type Site struct {
	Title        string   `toml:"title,required" example:"Example policies" doc:"The site's name, as the home page and every page title show it."`
	BaseURL      string   `toml:"base_url,required" example:"https://example.com/legal/" doc:"The site's URL, with a path if the site is not at the root of its host."`
	Language     string   `toml:"language" default:"en" doc:"The language of the site, a BCP 47 tag with a region where dates differ: en-GB, de, pt-BR."`
	TimeZone     string   `toml:"time_zone" default:"UTC" doc:"The zone in which days begin, an IANA name: Europe/Berlin."`
	Day          day.Date `toml:"day" doc:"Build the site as of this day or instant instead of today. For samples and tests."`
	Policies     []string `toml:"policies" doc:"The order of the policies on the home page, by slug. Those not named follow by their order and slug."`
	Home         string   `toml:"home" example:"privacy" doc:"A policy, by slug, that the home page shows instead of the list of policies. Its own URL stays, and is the canonical one."`
	Logo         string   `toml:"logo" example:"static/logo.svg" doc:"A picture that every page shows at the top instead of the title: the path of a file in static or content."`
	LogoDark     string   `toml:"logo_dark" example:"static/logo-dark.svg" doc:"The logo in dark mode. Without it, the logo has a white background there."`
	Icon         string   `toml:"icon" example:"static/favicon.ico" doc:"The icon that browsers show beside the title of a page: the path of a file in static or content."`
	TagAuthority string   `toml:"tag_authority" example:"example.com,2026" doc:"The prefix of the ids in feeds, so that they stay the same when the site moves (RFC 4151): your host or e-mail address, and a year, month, or day at whose beginning you already controlled it. Sites that share a host need different dates. The default is what privgen.lock has, or the host of base_url and 2026."`
	Superseded   string   `toml:"superseded" enum:"noindex,index" default:"noindex" doc:"Whether search engines may list permalinks."`
}

// Organization is the table [organization].
type Organization struct {
	Name     string    `toml:"name,required" example:"Example GmbH" doc:"The legal name of the organization that publishes the policies."`
	URL      string    `toml:"url" doc:"The URL of the organization's own site."`
	Address  string    `toml:"address" doc:"The postal address; line breaks are kept."`
	Email    string    `toml:"email" doc:"The e-mail address for questions about the policies."`
	Phone    string    `toml:"phone" doc:"The telephone number, in international form."`
	Contacts []Contact `toml:"contacts" doc:"Further people to turn to, such as a data protection officer."`
}

// Contact is an entry of [[organization.contacts]].
type Contact struct {
	Role  string `toml:"role,required" example:"Data protection officer" doc:"What the contact is for."`
	Name  string `toml:"name" doc:"A name, if there is one."`
	Email string `toml:"email" doc:"An e-mail address."`
	Phone string `toml:"phone" doc:"A telephone number, in international form."`
	URL   string `toml:"url" doc:"The URL of a page about the contact, such as a form."`
}

// Theme is the table [theme].
type Theme struct {
	Name     string         `toml:"name" default:"plain" doc:"A theme that ships with privgen, or a folder in themes/."`
	Settings map[string]any `toml:"settings" doc:"Values for the settings that the theme declares in its theme.toml."`
}

// Output is the table [output].
type Output struct {
	Folder  string   `toml:"folder" default:"public" doc:"The output folder, relative to the config."`
	Formats []string `toml:"formats" enum:"markdown,text,json,feed,fragment,llms" default:"markdown,json,feed" doc:"What is written besides the pages: the texts as index.md (markdown) and index.txt (text), the history as JSON, feeds, the text in force for pages of other sites as fragment.html (fragment), and a list of the policies for language models as llms.txt (llms)."`

	FragmentLevel int  `toml:"fragment_level" default:"2" doc:"The level of the title in fragment.html, from 1 to 6. Headings below it follow."`
	Search        bool `toml:"search" doc:"Whether a search of this site, such as pagefind, can run: texts in force are marked for its index, and the Content-Security-Policy allows scripts from this site."`
}

// Writes reports whether the site has a format. If Formats is nil, it has all formats
// but text (index.md has the same words), fragment, and llms.
func (o *Output) Writes(format string) bool {
	if o.Formats == nil {
		return format != "text" && format != "fragment" && format != "llms"
	}
	return slices.Contains(o.Formats, format)
}

// Shared is the table [shared].
type Shared struct {
	Path string `toml:"path" example:"../library" doc:"A folder beside the site, relative to the site's folder, with what several sites use: _clauses, _data, themes, words. A file of the site comes first. The folder must have a file shared.toml."`
}

// Redlines is the table [redlines].
type Redlines struct {
	Pairs          string `toml:"pairs" enum:"neighbors,all,none" default:"neighbors" doc:"Which versions are compared: each with the one before it (neighbors), every two (all), or none."`
	AgainstCurrent int    `toml:"against_current" default:"20" doc:"How many of the newest past versions get a page with the changes up to the version in force. For the others, that URL leads to the changes from version to version."`
	Limit          int    `toml:"limit" default:"100" doc:"With pairs = \"all\": with how many earlier versions each version is compared at most. The report of a build says how many redlines were left out."`
	Unchanged      string `toml:"unchanged" enum:"newest,all,none" default:"newest" doc:"Which redlines contain the text that did not change, collapsed: those that lead to the version in force and to an upcoming one, all, or none. The others have links to its clauses."`
}

// Link is an entry of [[header]] and [[footer]].
type Link struct {
	Text string `toml:"text,required" example:"Home" doc:"The text of the link."`
	Href string `toml:"href,required" example:"https://example.com/" doc:"A URL, absolute or from the root of the host."`
}

// Language is a table of [languages].
type Language struct {
	Title  string `toml:"title" doc:"The site's title in this language; the default is the one in [site]."`
	Header []Link `toml:"header" doc:"Links at the top of every page in this language; the default is those of the site."`
	Footer []Link `toml:"footer" doc:"Links at the foot of every page in this language; the default is those of the site."`
}
