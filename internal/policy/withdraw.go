package policy

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/privgen/privgen/internal/markdown"
	"github.com/privgen/privgen/internal/source"
	"github.com/privgen/privgen/internal/toml"
)

// This file checks what policy.toml and front matter say about withdrawn policies and
// versions, and aliases of clause ids.

// end sets when a policy ends, and checks what its policy.toml says about that and
// about notices, reviews, and translations.
func (l *loader) end(p *Policy, s *policyFiles) {
	set := &p.Settings
	l.problems = append(l.problems, set.Duties().Check(true, func(path ...string) source.Pos {
		return l.settingPos(s, path...)
	})...)
	for i, lang := range set.Required {
		at := l.settingPos(s, "required_translations", fmt.Sprint(i))
		l.checkTag(lang, at)
		if lang == p.Language {
			l.problem(at, "wrong-value", fmt.Sprintf("%s is the authoritative language of %q, and no translation",
				lang, p.Slug), "remove it from the list")
		}
	}
	if set.Withdrawn.IsZero() {
		for _, key := range []struct{ name, value string }{{"withdrawn_reason", set.Why},
			{"successor", set.Successor}} {
			if key.value != "" {
				l.problem(l.settingPos(s, key.name), "bad-withdrawal",
					key.name+" is there, and no day on which the policy ends",
					"write withdrawn = 2027-03-31 too, or remove "+key.name)
			}
		}
		return
	}
	at := l.settingPos(s, "withdrawn")
	var ok bool
	if p.End, ok = set.Withdrawn.Start(l.Zone); !ok {
		l.problems = append(l.problems, skipped(at, set.Withdrawn, l.Zone, ""))
		return
	}
	for _, v := range p.Versions {
		if !v.never() && !v.Begin.Before(p.End) {
			l.problem(at, "bad-withdrawal",
				fmt.Sprintf("the policy is withdrawn on %s, and its version %s takes effect on %s or later",
					set.Withdrawn, v.ID, set.Withdrawn),
				fmt.Sprintf("write a later day here, or withdraw that version: "+
					"withdrawn = DAY in the front matter of %s",
					v.Authoritative().File))
			break
		}
	}
}

// successors checks that the successors of policies exist.
func (l *loader) successors(policies []*Policy) {
	var slugs []string
	for _, p := range policies {
		slugs = append(slugs, p.Slug)
	}
	for _, p := range policies {
		if to := p.Settings.Successor; to != "" && (to == p.Slug || !slices.Contains(slugs, to)) {
			l.problem(l.settingPos(l.policies[p.Slug], "successor"), "no-such-policy",
				fmt.Sprintf("no other policy is called %q", to),
				"the policies are: "+strings.Join(slugs, ", "))
		}
	}
}

// withdrawn sets when a version was withdrawn, and checks that this was before
// it took effect.
func (l *loader) withdrawn(v *Version, file string) {
	d := v.FrontMatter.Withdrawn
	if d.IsZero() || v.ID == draftID {
		return
	}
	at, ok := d.Start(l.Zone)
	switch {
	case !ok:
		l.problems = append(l.problems, skipped(l.place(file, "withdrawn"), d, l.Zone, ""))
	case !at.Before(v.Begin):
		l.problem(l.place(file, "withdrawn"), "bad-withdrawal",
			fmt.Sprintf("the version is withdrawn on %s, when it has taken effect", d),
			"what has taken effect was in force: publish a version that replaces it,\n"+
				"or end the policy: withdrawn = "+d.String()+" in its policy.toml")
	default:
		v.Withdrawn = at
	}
}

// settingPos returns the position of a key in a policy's policy.toml.
func (l *loader) settingPos(s *policyFiles, path ...string) source.Pos {
	if s.places == nil {
		return source.In(s.toml)
	}
	return s.places.Value(path...)
}

// checkAliases checks that the aliases of a text are ids and lead to its clauses.
func checkAliases(m *FrontMatter, places *toml.Places, b *markdown.Body) source.Problems {
	if len(m.Aliases) == 0 {
		return nil
	}
	ids := b.IDs()
	var problems source.Problems
	for _, alias := range slices.Sorted(maps.Keys(m.Aliases)) {
		to := m.Aliases[alias]
		switch {
		case ids[alias]:
			problems = append(problems, source.NewProblem(places.Key("aliases", alias), "bad-alias",
				fmt.Sprintf("a clause of the text has the id %q itself", alias),
				"remove the alias: links find the clause"))
		case alias == "" || strings.ContainsAny(alias, " \t\n\"'<>&#%") || strings.HasPrefix(alias, "pg:") ||
			strings.HasPrefix(alias, "fn"):
			problems = append(problems, source.NewProblem(places.Key("aliases", alias), "bad-alias",
				fmt.Sprintf("%q was never the id of a clause", alias),
				"write the id as it was in URLs, after the #: letters, digits and hyphens"))
		case !ids[to]:
			do := toml.Suggest(to, slices.Sorted(maps.Keys(ids)), "%q",
				"write the id of a clause of this text: look at its heading, or give it one, {#"+to+"}")
			problems = append(problems, source.NewProblem(places.Value("aliases", alias), "bad-alias",
				fmt.Sprintf("the alias %q leads to %q, and no clause of the text has that id", alias, to), do))
		}
	}
	return problems
}
