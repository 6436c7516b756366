// Package policy loads policies and their versions from the files of a site, and
// checks them.
//
// Its two fundamental types are Policy, one document with a history, and
// Version, one frozen text of it with the day it takes effect.
//
// # Files
//
// A policy is a folder of content, or one file if it has a single version. A
// folder contains an optional policy.toml and the versions: the file's name is
// the version's id, with a language tag before .md for a translation.
//
//	content/privacy/policy.toml
//	content/privacy/2026-01-01.md      a version
//	content/privacy/2026-01-01.de.md   its German translation
//	content/cookies.md                 the short form
//
//	content/privacy/draft.md           the draft of the next version
//	content/privacy/draft.de.md        its translation
//
// Names that begin with a dot or an underscore are not policies, nor are backup
// files of editors (names that end in ~). Other files, such as images and PDFs,
// are not versions; texts can show them or link to them.
//
// # Texts
//
// A text can use values, shared clauses, and tables of data (package resolve).
// The text of a version is the plain Markdown that results: Facts describe it,
// and Library.Body parses it. It exists in these stages:
//
//	source.File       the bytes of the file
//	FrontMatter       its TOML
//	resolve.Text      the Markdown without tags
//	markdown.Body     the Markdown, parsed
//	Text              what is known about it without reading it again
//
// # Drafts
//
// A draft is the working copy of the next version. It is loaded into Policy.Draft
// only if Options.Drafts requests it. Then its problems count like those of
// versions. Otherwise its file is not opened, so its content cannot stop a build.
// A draft can use the dates and the label of its stamp, which Library.Settle fills
// in at its release. If a policy has only a draft and drafts are not requested, its
// slug is in Library.Unpublished.
//
// # Dates
//
// A version takes effect at an instant: that of its front matter, or the start of
// its day in the site's time zone (see package day). Without either, the day in
// its file name counts. Versions are in the order in which they take effect.
// Those of one instant are in the order of their ids, which must determine it:
// 2026-01-01, 2026-01-01.2.
//
// The status of versions at an instant (Policy.At) depends only on that instant.
// It includes the versions published by then. The last of them that has taken
// effect is in force.
//
// # Ends
//
// A policy ends on the day that its policy.toml has as withdrawn: its last
// version is withdrawn then, and its pages stay. A version whose front matter has
// that key was withdrawn before it took effect, and never does.
//
// If a text no longer has the id of a clause, its front matter can keep it as an
// alias of the id that replaced it.
//
// # Translations
//
// A translation belongs to a version and cannot have other dates than the
// original. One language of a policy is authoritative: the site's, unless
// policy.toml names another.
package policy

import (
	"iter"
	"slices"
	"strings"
	"time"

	"github.com/privgen/privgen/internal/day"
	"github.com/privgen/privgen/internal/duty"
	"github.com/privgen/privgen/internal/markdown"
)

// A Policy is one document with a history.
type Policy struct {
	Slug     string
	Settings Settings
	Language string         // the authoritative one, a BCP 47 tag
	Versions []*Version     // in the order in which they take effect; none only when there is a draft
	Draft    *Version       // the working copy, with the id "draft"; nil if there is none or it was not requested
	End      time.Time      // the instant at which the policy is withdrawn, or zero
	Rules    markdown.Rules // what its texts can contain
	File     string         // policy.toml, or the only version, or the folder
	own      map[string]any // its own values, which take precedence over those of the site
}

// Settings is a policy.toml.
type Settings struct {
	Title        string                 `toml:"title" doc:"The policy's name. The default is the title of its newest text."`
	Kind         string                 `toml:"kind" enum:"privacy,cookies,terms,other" doc:"What the policy is about. The default is the slug, if it is one of these words. Links to a policy of the kind privacy or terms say so to programs (rel, RFC 6903)."`
	Description  string                 `toml:"description" doc:"A sentence for the home page and for search engines."`
	Group        string                 `toml:"group" doc:"The heading under which the home page lists the policy: a service, a product, a country. If any policy has one, the home page is a compact list by group, with the latest changes."`
	Order        int                    `toml:"order" doc:"The position on the home page, from 1. Policies without one follow those with one."`
	Language     string                 `toml:"language" doc:"The authoritative language, a BCP 47 tag. The default is the site's language."`
	Formerly     []string               `toml:"formerly" doc:"Slugs that the policy had before, the oldest first. Their URLs redirect to this policy."`
	Notices      []duty.Notice          `toml:"notice" also:"notice_days" doc:"How much notice readers get before a version takes effect. Every rule that concerns a version applies. These rules replace those of the site."`
	Reviews      []duty.Review          `toml:"review" doc:"How often the policy must be changed or reviewed. These rules replace those of the site."`
	Required     []string               `toml:"required_translations" doc:"Languages into which a version must be translated before it can be released."`
	Withdrawn    day.Day                `toml:"withdrawn" doc:"The day on which the policy ends. Its pages stay and say that it has ended."`
	Why          string                 `toml:"withdrawn_reason" doc:"Why the policy ended, in a sentence or two for its readers."`
	Successor    string                 `toml:"successor" doc:"The slug of the policy that replaces it."`
	Markdown     markdown.Rules         `toml:"markdown" doc:"What texts of this policy can contain, where that differs from the site."`
	Values       map[string]any         `toml:"values" doc:"Values for use in texts of this policy: {{values.NAME}}. They take precedence over those of the site."`
	Translations map[string]Translation `toml:"translations" doc:"The policy's name and description in other languages, by language tag."`
}

// Newest returns the newest version that was not withdrawn before it took effect, or nil.
func (p *Policy) Newest() *Version {
	for _, v := range slices.Backward(p.Versions) {
		if !v.never() {
			return v
		}
	}
	return nil
}

// Duties returns the policy's own rules about notices and reviews.
func (s *Settings) Duties() duty.Rules { return duty.Rules{Notices: s.Notices, Reviews: s.Reviews} }

// A Translation is a table of [translations].
type Translation struct {
	Title       string `toml:"title" doc:"The policy's name in this language."`
	Description string `toml:"description" doc:"A sentence for the home page and for search engines, in this language."`
}

// Title returns the policy's name in a language: that of policy.toml, otherwise
// the title of its newest text in that language, otherwise the name in the
// authoritative language, otherwise one made from the slug.
func (p *Policy) Title(lang string) string {
	title, _ := p.title(lang)
	return title
}

// TitleLanguage returns the language of Title(lang): lang, or the authoritative
// one if the policy has no name in lang.
func (p *Policy) TitleLanguage(lang string) string {
	_, in := p.title(lang)
	return in
}

func (p *Policy) title(lang string) (title, in string) {
	if t := p.Settings.Translations[lang].Title; t != "" {
		return t, lang
	}
	if lang == p.Language && p.Settings.Title != "" {
		return p.Settings.Title, lang
	}
	versions := p.Versions
	if len(versions) == 0 && p.Draft != nil {
		versions = []*Version{p.Draft}
	}
	for _, v := range slices.Backward(versions) {
		if t := v.In(lang); t != nil && t.Facts.Title != "" {
			return t.Facts.Title, lang
		}
	}
	if lang != p.Language {
		return p.title(p.Language)
	}
	words := strings.NewReplacer("-", " ", "_", " ", ".", " ").Replace(p.Slug)
	return strings.ToUpper(words[:1]) + words[1:], lang
}

// Description returns the policy's description in a language, or "".
func (p *Policy) Description(lang string) string {
	if lang == p.Language {
		return p.Settings.Description
	}
	return p.Settings.Translations[lang].Description
}

// Languages returns the languages of the policy's texts, the authoritative one first.
func (p *Policy) Languages() []string {
	out := []string{p.Language}
	for t := range p.Texts() {
		if !slices.Contains(out, t.Lang) {
			out = append(out, t.Lang)
		}
	}
	return out
}

// Texts returns every text of the policy: those of its versions in order, then
// those of its draft.
func (p *Policy) Texts() iter.Seq[*Text] {
	versions := p.Versions
	if p.Draft != nil {
		versions = append(slices.Clip(versions), p.Draft)
	}
	return func(yield func(*Text) bool) {
		for _, v := range versions {
			for _, t := range v.Texts {
				if !yield(t) {
					return
				}
			}
		}
	}
}

// Version returns the version with an id, or nil.
func (p *Policy) Version(id string) *Version {
	for _, v := range p.Versions {
		if v.ID == id {
			return v
		}
	}
	return nil
}
