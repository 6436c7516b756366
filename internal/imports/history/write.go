package history

import (
	"cmp"
	"fmt"
	"slices"

	"github.com/privgen/privgen/internal/day"
	"github.com/privgen/privgen/internal/lang"
	"github.com/privgen/privgen/internal/markdown"
	"github.com/privgen/privgen/internal/policy"
	"github.com/privgen/privgen/internal/toml"
)

// This file writes the TOML of a plan: policy.toml and front matter.

// settings returns the policy.toml of a new policy.
func (p *Planned) settings(site Site) []byte {
	set := policy.Settings{Title: p.Title, Kind: cmp.Or(p.Kind, "other"), Group: p.Group, Withdrawn: p.Ended,
		Translations: map[string]policy.Translation{}}
	base := lang.Base(p.Language)
	if base != "" && p.Language != site.Language && (base != lang.Base(site.Language) || base != p.Language) {
		set.Language = p.Language
	}
	for language, title := range p.Titles {
		if slices.ContainsFunc(p.Versions, func(v *Version) bool { return v.Lang == language }) {
			set.Translations[language] = policy.Translation{Title: title}
		}
	}
	rules := p.rules
	if rules.HTML == site.Rules.HTML {
		rules.HTML = ""
	}
	if rules.Images == site.Rules.Images {
		rules.Images = ""
	}
	return append(toml.Encode(set), rulesTable(rules)...)
}

// FrontMatter returns the front matter of a version file, with its fences. The
// summary may be empty.
func (v *Version) FrontMatter(summary string) []byte {
	m := policy.FrontMatter{Label: v.Label, Summary: summary, Generated: summary != "", Source: v.Source,
		Archived: v.Archived, Commit: v.Commit,
		Tags: v.needs.tags, DeadLinks: v.needs.text.DeadLinks, Mistakes: v.needs.text.Mistakes}
	if v.Lang == "" {
		m.Effective, m.Dated = day.On(v.Date), string(v.Basis)
		if v.Updated != v.Date {
			m.Updated = v.Updated
		}
		if v.Note != "" {
			m.Dated += ": " + v.Note
		}
	}
	return fmt.Appendf(nil, "+++\n%s+++\n", toml.Encode(m))
}

// Table returns the [markdown] table that the texts of all policies together need
// in the config of a new site, or "" if they need none.
func (p *Plan) Table() string {
	var all markdown.Rules
	for _, one := range p.Policies {
		all = joined(all, one.rules)
	}
	return rulesTable(all)
}

func rulesTable(r markdown.Rules) string {
	if r == (markdown.Rules{}) {
		return ""
	}
	return "\n[markdown]   # these texts were published before and stay as they are\n" + string(toml.Encode(r))
}
