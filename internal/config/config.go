// Package config holds privgen.toml, the config of a site.
//
// Its two fundamental types are Config, what the file says, checked, and the
// sub-tables of it, such as Organization. The struct tags are the one
// description of the file: the strict reader, the messages and the JSON Schema
// that editors use are all made from them.
//
// # What is checked
//
// Parse reads strictly, as package toml says, and then holds what it read to
// what it means; everything that is wrong is a problem with a place:
//
//   - base_url is an http or https address without user, query or fragment
//     (bad-url). It is brought into one form, with a lower-case host and a slash
//     at the end, so that addresses can be made by appending.
//   - language, and the names of the tables in [languages], are BCP 47 tags in
//     their canonical form, since they stand in addresses and file names; the
//     site's own language has no table (bad-language).
//   - time_zone is a name of the IANA time zone database (no-such-zone), and the
//     day of the site is one that the zone had (no-such-day).
//   - The output folder is a clean path inside the site, and not one of the
//     folders that the site is made of; the theme's name is that of one folder
//     (bad-folder).
//   - How many versions are compared is not below nothing (wrong-value).
//   - Lists that are sets name nothing twice (duplicate-entry).
//   - Links of headers and footers lead somewhere from every page: they are
//     http, https, mailto or tel, or begin with a slash (bad-url).
//   - What ids begin with is an authority and a date (bad-authority).
//   - Targets of deploys have names of their own and are folders or buckets,
//     without credentials (bad-target).
//   - E-mail addresses and telephone numbers could be such (bad-email,
//     bad-phone).
//
// What the config names elsewhere, policies and themes and their settings, is
// checked by the rooms that know them; At gives them the places.
//
// A Config that is written out as TOML, defaults included, parses to the same
// Config.
package config

import (
	"strings"
	"time"

	"github.com/privgen/privgen/internal/day"
	"github.com/privgen/privgen/internal/markdown"
	"github.com/privgen/privgen/internal/source"
	"github.com/privgen/privgen/internal/toml"
)

// A Config is a checked privgen.toml with its defaults filled in.
type Config struct {
	Site         Site                `toml:"site" doc:"What the site is and where it will stand."`
	Organization Organization        `toml:"organization" doc:"Who stands by the texts."`
	Theme        Theme               `toml:"theme" doc:"How the site looks."`
	Output       Output              `toml:"output" doc:"What is written, and where."`
	Markdown     markdown.Rules      `toml:"markdown" doc:"What policy texts may hold."`
	Redlines     Redlines            `toml:"redlines" doc:"Which pages show what changed."`
	Header       []Link              `toml:"header" doc:"Links at the top of every page, before the list of policies."`
	Values       map[string]any      `toml:"values" doc:"Values of your own that texts can use: {{values.NAME}}. Each is a text, a number, a day, true or false, or texts by language."`
	Footer       []Link              `toml:"footer" doc:"Links at the foot of every page."`
	Deploy       []Deploy            `toml:"deploy" doc:"Places that privgen deploy brings the site to."`
	Languages    map[string]Language `toml:"languages" doc:"What the site is called in its other languages, by language tag."`

	places *toml.Places
	zone   *time.Location
	base   string
}

// Parse reads a privgen.toml. The Config is never nil; when there are problems
// it holds what could be read and must not be built from.
func Parse(f *source.File) (*Config, source.Problems) {
	c := &Config{zone: time.UTC, base: "/"}
	var problems source.Problems
	c.places, problems = toml.Decode(f, 0, len(f.Text), c)
	k := &check{c, problems}
	k.site()
	k.organization()
	k.output()
	k.redlines()
	k.links("header", c.Header)
	k.links("footer", c.Footer)
	k.languages()
	k.deploy()
	return c, k.problems.Sort()
}

// At gives the place of a value in privgen.toml: At("site", "language"). An
// entry of a list is named by its number from 0. See toml.Places.
// A Config that was not parsed has no places but the file.
func (c *Config) At(path ...string) source.Pos {
	if c.places == nil {
		return source.In("privgen.toml")
	}
	return c.places.Value(path...)
}

// Zone gives the time zone in which the site's days begin. In a Config that was
// not parsed it is UTC.
func (c *Config) Zone() *time.Location {
	if c.zone == nil {
		return time.UTC
	}
	return c.zone
}

// BasePath gives the path at which the site stands on its host, with a slash
// at both ends: "/" or "/legal/". In a Config that was not parsed it is "/".
func (c *Config) BasePath() string {
	if c.base == "" {
		return "/"
	}
	return c.base
}

// URL gives the absolute address of a path of the site, such as "privacy/" or
// "/privacy/"; of the empty path, the site's own.
func (c *Config) URL(path string) string {
	return c.Site.BaseURL + strings.TrimPrefix(path, "/")
}

// SetBaseURL puts another address in place of the config's, as a flag does. The
// error says what is wrong with it and what to write; the Config is then as it
// was.
func (c *Config) SetBaseURL(raw string) error {
	base, path, wrong := baseURL(raw)
	if wrong != nil {
		return wrong
	}
	c.Site.BaseURL, c.base = base, path
	return nil
}

// CheckBaseURL says what is wrong with an address for SetBaseURL, if anything.
func CheckBaseURL(raw string) error {
	if _, _, wrong := baseURL(raw); wrong != nil {
		return wrong
	}
	return nil
}

// Schema gives the JSON Schema of privgen.toml, for editors.
func Schema() []byte {
	return toml.Schema(Config{}, "https://github.com/privgen/privgen/privgen.schema.json", "privgen.toml")
}

// Site is the table [site].
type Site struct {
	Title        string   `toml:"title,required" example:"Example policies" doc:"The site's name, as the home page and every page title show it."`
	BaseURL      string   `toml:"base_url,required" example:"https://example.com/legal/" doc:"The address at which the site will stand, with a path if it does not stand at the root."`
	Language     string   `toml:"language" default:"en" doc:"The language of the site, a BCP 47 tag with a region where dates differ: en-GB, de, pt-BR."`
	TimeZone     string   `toml:"time_zone" default:"UTC" doc:"The zone in which days begin, an IANA name: Europe/Berlin."`
	Day          day.Date `toml:"day" doc:"The day, or the instant, as of which the site is built, instead of the present. For samples and tests."`
	Policies     []string `toml:"policies" doc:"The order of the policies on the home page, by slug. Those not named follow by their order and slug."`
	TagAuthority string   `toml:"tag_authority" example:"example.com,2026" doc:"What the ids in feeds begin with, so that they stay the same when the site moves (RFC 4151): a host or e-mail address of yours, and a year, month or day at whose beginning it was yours already. Sites that share a host need different dates. Without it, the host of base_url and 2026."`
	NoticeDays   int      `toml:"notice_days" doc:"How many days before it takes effect a version has to be released, where its policy does not say; 0 asks for none."`
	Superseded   string   `toml:"superseded" enum:"noindex,index" default:"noindex" doc:"Whether search engines may list permalinks."`
}

// Organization is the table [organization].
type Organization struct {
	Name     string    `toml:"name,required" example:"Example GmbH" doc:"The legal name of whoever stands by the texts."`
	URL      string    `toml:"url" doc:"The address of the organization's own site."`
	Address  string    `toml:"address" doc:"The postal address; line breaks are kept."`
	Email    string    `toml:"email" doc:"The address for questions about the policies."`
	Phone    string    `toml:"phone" doc:"The telephone number, in international form."`
	Contacts []Contact `toml:"contacts" doc:"Further people to turn to, such as a data protection officer."`
}

// Contact is an entry of [[organization.contacts]].
type Contact struct {
	Role  string `toml:"role,required" example:"Data protection officer" doc:"What the contact is for."`
	Name  string `toml:"name" doc:"A name, if there is one."`
	Email string `toml:"email" doc:"An e-mail address."`
	Phone string `toml:"phone" doc:"A telephone number, in international form."`
	URL   string `toml:"url" doc:"An address on the web."`
}

// Theme is the table [theme].
type Theme struct {
	Name     string         `toml:"name" default:"plain" doc:"A theme that ships with privgen, or a folder in themes/."`
	Settings map[string]any `toml:"settings" doc:"Values for the settings that the theme declares in its theme.toml."`
}

// Output is the table [output].
type Output struct {
	Folder  string   `toml:"folder" default:"public" doc:"The folder to write, relative to the config."`
	Formats []string `toml:"formats" enum:"markdown,text,json,feed" default:"markdown,text,json,feed" doc:"What is written beside the pages: the texts as index.md and index.txt, the history as JSON, feeds."`
}

// Redlines is the table [redlines].
type Redlines struct {
	Pairs          string `toml:"pairs" enum:"neighbors,all,none" default:"neighbors" doc:"Which two versions are compared: each with the one before it, each with each, or none."`
	AgainstCurrent int    `toml:"against_current" default:"20" doc:"From how many of the newest past versions the changes up to the version in force are drawn. For the others that address leads to the changes from version to version."`
	Limit          int    `toml:"limit" default:"100" doc:"With pairs = \"all\": with how many of the versions before it each version is compared at most. The report of a build says how many redlines were left out."`
}

// Link is an entry of [[header]] and [[footer]].
type Link struct {
	Text string `toml:"text,required" example:"Home" doc:"The words of the link."`
	Href string `toml:"href,required" example:"https://example.com/" doc:"An address, absolute or from the root of the host."`
}

// Language is a table of [languages].
type Language struct {
	Title  string `toml:"title" doc:"The site's name in this language; without it, the one of [site]."`
	Header []Link `toml:"header" doc:"Links at the top of every page in this language; without it, those of the site."`
	Footer []Link `toml:"footer" doc:"Links at the foot of every page in this language; without it, those of the site."`
}
