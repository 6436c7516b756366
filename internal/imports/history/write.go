package history

import (
	"bytes"
	"cmp"
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/privgen/privgen/internal/lang"
	"github.com/privgen/privgen/internal/markdown"
	"github.com/privgen/privgen/internal/toml"
)

// This file writes the TOML of a plan: policy.toml and front matter.

// settings returns the policy.toml of a new policy.
func (p *Planned) settings(own []*Version, site Site) []byte {
	var b bytes.Buffer
	if p.Title != "" {
		fmt.Fprintf(&b, "title = %s\n", toml.Quote(p.Title))
	}
	fmt.Fprintf(&b, "kind = %s\n", toml.Quote(cmp.Or(p.Kind, "other")))
	if p.Group != "" {
		fmt.Fprintf(&b, "group = %s\n", toml.Quote(p.Group))
	}
	if !p.Ended.IsZero() {
		fmt.Fprintf(&b, "withdrawn = %s\n", p.Ended)
	}
	base := lang.Base(p.Language)
	if base != "" && p.Language != site.Language && (base != lang.Base(site.Language) || base != p.Language) {
		fmt.Fprintf(&b, "language = %s\n", toml.Quote(p.Language))
	}
	for _, language := range slices.Sorted(maps.Keys(p.Titles)) {
		if slices.ContainsFunc(p.Versions, func(v *Version) bool { return v.Lang == language }) {
			fmt.Fprintf(&b, "\n[translations.%s]\ntitle = %s\n", language, toml.Quote(p.Titles[language]))
		}
	}
	rules := p.needs.rules()
	for _, f := range []struct{ own, site *string }{
		{&rules.HTML, &site.Rules.HTML}, {&rules.Images, &site.Rules.Images},
	} {
		if *f.own == *f.site {
			*f.own = ""
		}
	}
	b.WriteString(rulesTable(rules))
	return b.Bytes()
}

// FrontMatter returns the front matter of a version file, with its fences. The
// summary may be empty.
func (v *Version) FrontMatter(summary string) []byte {
	var b bytes.Buffer
	b.WriteString("+++\n")
	if v.Lang == "" {
		fmt.Fprintf(&b, "effective = %s\n", v.Date)
		if !v.Updated.IsZero() && v.Updated != v.Date {
			fmt.Fprintf(&b, "updated = %s\n", v.Updated)
		}
	}
	if v.Label != "" {
		fmt.Fprintf(&b, "label = %s\n", toml.Quote(v.Label))
	}
	if summary != "" {
		fmt.Fprintf(&b, "summary = %s\ngenerated = true\n", toml.Quote(summary))
	}
	for _, kv := range [][2]string{{"source", v.Source}, {"archived", v.Archived}, {"commit", v.Commit}} {
		if kv[1] != "" {
			fmt.Fprintf(&b, "%s = %s\n", kv[0], toml.Quote(kv[1]))
		}
	}
	if v.needs.tags {
		b.WriteString("tags = \"keep\"\n")
	}
	if v.needs.links {
		b.WriteString("dead_links = \"keep\"\n")
	}
	if v.needs.mistakes {
		b.WriteString("mistakes = \"keep\"\n")
	}
	if v.Lang == "" {
		dated := string(v.Basis)
		if v.Note != "" {
			dated += ": " + v.Note
		}
		fmt.Fprintf(&b, "dated = %s\n", toml.Quote(dated))
	}
	b.WriteString("+++\n")
	return b.Bytes()
}

// Config returns the config of a new site with the plan's policies.
func (p *Plan) Config(name, language string) []byte {
	return append(fmt.Appendf(nil, startConfig, "Policies: "+name, language, name), p.Table()...)
}

const startConfig = `#:schema ./privgen.schema.json

[site]
title = %q
base_url = "https://legal.example.com/"   # the URL of the site, with a path if it has one
language = %q                            # with a region where dates differ: en-GB
time_zone = "UTC"                         # for dates: Europe/London

[organization]
name = %q

[theme]
name = "plain"
`

// Table returns the [markdown] table that the texts of all policies together need
// in the config of a new site, or "" if they need none.
func (p *Plan) Table() string {
	var n needs
	for _, one := range p.Policies {
		n = n.or(one.needs)
	}
	return rulesTable(n.rules())
}

func rulesTable(r markdown.Rules) string {
	if r == (markdown.Rules{}) {
		return ""
	}
	var b strings.Builder
	b.WriteString("\n[markdown]   # these texts were published before and stay as they are\n")
	for _, kv := range [][2]string{{"html", r.HTML}, {"images", r.Images}} {
		if kv[1] != "" {
			fmt.Fprintf(&b, "%s = %s\n", kv[0], toml.Quote(kv[1]))
		}
	}
	return b.String()
}
