package policy

import (
	"cmp"
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"

	"github.com/privgen/privgen/internal/source"
)

// This file assembles a policy from its files: it determines the version and the
// language of each file, when versions take effect, and their order.

// policy returns the policy that files make up, or nil without a usable version or draft.
func (l *loader) policy(s *policyFiles) *Policy {
	p := &Policy{Slug: s.slug, Settings: s.settings, Language: s.language, Rules: s.rules,
		File: cmp.Or(s.toml, s.short, s.dir), own: s.own}
	switch {
	case s.dir != "" && s.short != "":
		l.problem(source.In(s.short), "two-files", fmt.Sprintf("the policy %q is both a file and a folder", s.slug),
			fmt.Sprintf("move the file into the folder as a version: %s/DATE.md", s.dir))
		return nil
	case s.dir != "" && len(s.files) == 0 && s.wrong:
		return nil
	case s.dir != "" && len(s.files) == 0:
		l.problem(source.In(s.dir), "no-version", fmt.Sprintf("the policy %q has no version", s.slug),
			fmt.Sprintf("write its text to %s/DATE.md, such as %s/2026-01-31.md,\n"+
				"or to %s/draft.md, to publish it later",
				s.dir, s.dir, s.dir))
		return nil
	}
	if s.dir == "" {
		l.nameShort(s)
	}
	byID := map[string]map[string]*versionFile{}
	for _, f := range s.files {
		if f.lang != "" {
			l.checkTag(f.lang, source.In(f.name))
		}
		lang := cmp.Or(f.lang, s.language)
		if byID[f.id] == nil {
			byID[f.id] = map[string]*versionFile{}
		}
		if other := byID[f.id][lang]; other != nil {
			l.problem(source.In(f.name), "two-files",
				fmt.Sprintf("%s is the same version in the same language", other.name),
				"remove one of them; if both were in force, name the later one "+f.id+".2.md")
			continue
		}
		byID[f.id][lang] = f
	}
	for _, id := range slices.Sorted(maps.Keys(byID)) {
		v := l.version(p, id, byID[id])
		if v != nil && s.dir != "" && id == draftID {
			p.Draft = v
		} else if v != nil {
			p.Versions = append(p.Versions, v)
		}
	}
	slices.SortFunc(p.Versions, compareVersions)
	l.sameDay(p)
	l.end(p, s)
	if len(p.Versions) == 0 && p.Draft == nil {
		return nil
	}
	return p
}

// nameShort sets the id of the version of a policy in the short form: the day on
// which it takes effect.
func (l *loader) nameShort(s *policyFiles) {
	id := ""
	for _, f := range s.files {
		if f.lang == "" && !f.matter.Effective.IsZero() {
			id = f.matter.Effective.In(l.Zone).String()
		}
	}
	for _, f := range s.files {
		f.id = id
	}
}

// version returns the version of the files with one id, by language, or nil.
func (l *loader) version(p *Policy, id string, files map[string]*versionFile) *Version {
	original := files[p.Language]
	if original == nil {
		for _, lang := range slices.Sorted(maps.Keys(files)) {
			f := files[lang]
			if p := noDate(f.name, id); p.Code == "no-such-day" {
				l.problems = append(l.problems, p)
				continue
			}
			l.problem(source.In(f.name), "no-original",
				fmt.Sprintf("there is no text in %s that this one translates", p.Language),
				fmt.Sprintf("write %s, or name the authoritative language of %q in its policy.toml: language = %q",
					strings.TrimSuffix(f.name, "."+lang+".md")+".md", p.Slug, lang))
		}
		return nil
	}
	effective, ok := l.when(original)
	if !ok && id != draftID && !original.failed && !original.unsure {
		l.problems = append(l.problems, noDate(original.name, cmp.Or(id, p.Slug)))
	}
	if original.failed || !ok && id != draftID {
		for _, f := range files {
			f.failed = true // there is no version for it
		}
		return nil
	}
	v := &Version{Policy: p, ID: id, FrontMatter: original.matter, own: p.own}
	if id == draftID {
		v.own = withStamp(p.own, unsettled)
	}
	v.FrontMatter.Effective = effective
	if effective.IsZero() {
		// A draft: the day is chosen when it is released.
	} else if v.Begin, ok = effective.Begin(l.Zone); !ok {
		l.problems = append(l.problems, skipped(l.place(original.name, "effective"), effective, l.Zone, orInstant))
		return nil
	}
	if !v.FrontMatter.Published.IsZero() {
		if v.Published, ok = v.FrontMatter.Published.Begin(l.Zone); !ok {
			l.problems = append(l.problems,
				skipped(l.place(original.name, "published"), v.FrontMatter.Published, l.Zone, orInstant))
		}
	}
	l.withdrawn(v, original.name)
	v.Texts = []*Text{{Version: v, Lang: p.Language, File: original.name, FrontMatter: v.FrontMatter,
		Facts: original.facts}}
	for _, lang := range slices.Sorted(maps.Keys(files)) {
		if f := files[lang]; lang != p.Language && !f.failed {
			if !original.unsure && !f.unsure {
				l.sameDates(v, f)
			}
			v.Texts = append(v.Texts, &Text{Version: v, Lang: lang, File: f.name, FrontMatter: f.matter,
				Facts: f.facts})
		}
	}
	return v
}

const orInstant = ", or an instant with its offset"

// skipped returns the problem of a day that a time zone skipped.
func skipped(at source.Pos, d fmt.Stringer, zone *time.Location, or string) *source.Problem {
	return source.NewProblem(at, "no-such-day", fmt.Sprintf("%s does not exist in %s: the zone skipped it", d, zone),
		"write the day before or after"+or)
}

// sameDates checks that a translation has the dates of its original.
func (l *loader) sameDates(v *Version, f *versionFile) {
	m, o := f.matter, v.FrontMatter
	for _, d := range []struct{ key, own, original string }{
		{"effective", m.Effective.String(), o.Effective.String()},
		{"updated", m.Updated.String(), o.Updated.String()},
		{"published", m.Published.String(), o.Published.String()},
		{"reviewed", m.Reviewed.String(), o.Reviewed.String()},
		{"withdrawn", m.Withdrawn.String(), o.Withdrawn.String()},
	} {
		if d.own == "" || d.own == d.original {
			continue
		}
		l.problem(l.place(f.name, d.key), "translation-date",
			fmt.Sprintf("the translation says %s = %s; in the original it is %s", d.key, d.own,
				cmp.Or(d.original, "not given")),
			"remove the key here: a translation has the dates of its original")
	}
}

// sameDay checks that the ids of versions that take effect at the same instant
// determine their order.
func (l *loader) sameDay(p *Policy) {
	for i, v := range p.Versions {
		if i == 0 || !p.Versions[i-1].Begin.Equal(v.Begin) {
			continue
		}
		w := p.Versions[i-1]
		baseV, _ := splitID(v.ID)
		baseW, _ := splitID(w.ID)
		if baseV == baseW {
			continue
		}
		name := v.Effective().In(l.Zone)
		l.problem(source.In(v.Authoritative().File), "same-day",
			fmt.Sprintf("the versions %q and %q take effect at the same time, and nothing says which came first",
				w.ID, v.ID),
			fmt.Sprintf("name the earlier one %s.md and the later one %s.2.md, or give one of them another date",
				name, name))
	}
}
