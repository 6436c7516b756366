package policy

import (
	"maps"

	"github.com/privgen/privgen/internal/day"
	"github.com/privgen/privgen/internal/resolve"
	"github.com/privgen/privgen/internal/source"
)

// This file fills in the values that a draft can use but only its release decides:
// its dates and its label.

// unsettled has the placeholders for these values, as a draft shows them.
var unsettled = [3]any{"[effective]", "[updated]", "[label]"}

// withStamp returns the values of a policy and those of a stamp.
func withStamp(own map[string]any, stamp [3]any) map[string]any {
	all := map[string]any{}
	maps.Copy(all, own)
	for i, name := range []string{"version.effective", "version.updated", "version.label"} {
		all[name] = stamp[i]
	}
	return all
}

// Settle returns the version that a draft becomes with a front matter: its texts
// have the dates and the label of the stamp. The draft does not change.
func (l *Library) Settle(draft *Version, m FrontMatter) (*Version, source.Problems, error) {
	v := *draft
	v.FrontMatter = m
	v.own = withStamp(draft.Policy.own, [3]any{day.On(v.Effective().In(l.zone)), day.On(v.Updated(l.zone)), m.Label})
	v.Texts = nil
	var problems source.Problems
	for i, t := range draft.Texts {
		settled := *t
		settled.Version = &v
		if i == 0 {
			settled.FrontMatter = m
		}
		f, problem, err := l.texts.open(t.File)
		if err != nil {
			return nil, nil, err
		}
		if problem != nil {
			return nil, source.Problems{problem}, nil
		}
		matter, places, start, _ := readFrontMatter(f)
		who := resolve.Reader{Lang: t.Lang, Own: v.own, Keep: matter.Tags == "keep"}
		text, list := l.texts.parse(f, start, who, matter.rules(v.Policy.Rules))
		problems = append(problems, list...)
		if text == nil {
			continue
		}
		problems = append(problems, checkAliases(&matter, places, text.body)...)
		settled.Facts = text.facts()
		v.Texts = append(v.Texts, &settled)
	}
	return &v, problems, nil
}
