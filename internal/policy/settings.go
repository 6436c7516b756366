package policy

import (
	"fmt"
	"io/fs"
	"slices"

	"github.com/privgen/privgen/internal/resolve"
	"github.com/privgen/privgen/internal/source"
	"github.com/privgen/privgen/internal/toml"
	"golang.org/x/text/language"
)

// readSettings reads a policy's policy.toml.
func (l *loader) readSettings(s *policyFiles) {
	s.language, s.rules = l.Language, l.Rules
	defer func() {
		s.rules.Former = slices.ContainsFunc(s.files, func(f *versionFile) bool {
			return f.id != "" && f.id < formerUntil && f.id[0] >= '0' && f.id[0] <= '9'
		})
		if s.settings.Kind == "" {
			s.settings.Kind = "other"
			if slices.Contains([]string{"privacy", "cookies", "terms"}, s.slug) {
				s.settings.Kind = s.slug
			}
		}
	}()
	if s.toml == "" {
		return
	}
	raw, err := fs.ReadFile(l.fsys, s.toml)
	if err != nil {
		l.problems = append(l.problems, source.ReadProblem(s.toml, err))
		return
	}
	f, problem := source.Parse(s.toml, raw)
	if problem != nil {
		l.problems = append(l.problems, problem)
		return
	}
	places, problems := toml.Decode(f, 0, len(f.Text), &s.settings)
	s.places = places
	l.problems = append(l.problems, problems...)
	if s.settings.Language != "" {
		l.checkTag(s.settings.Language, places.Value("language"))
		s.language = s.settings.Language
	}
	for tag := range s.settings.Translations {
		l.checkTag(tag, places.Key("translations", tag))
	}
	for i, slug := range s.settings.Formerly {
		if p := CheckSlug(places.Value("formerly", fmt.Sprint(i)), "former name", slug, l.Reserved); p != nil {
			l.problems = append(l.problems, p)
		}
	}
	s.rules = s.settings.Markdown.Over(l.Rules)
	if list := resolve.CheckValues(s.settings.Values, func(path ...string) source.Pos {
		return places.Key(append([]string{"values"}, path...)...)
	}); list != nil {
		l.problems = append(l.problems, list...)
		s.settings.Values = nil // texts cannot use them
	}
	s.own = ownValues(&s.settings, s.language)
}

// ownValues returns the values that a policy.toml defines.
func ownValues(s *Settings, lang string) map[string]any {
	own := map[string]any{}
	for name, v := range s.Values {
		own["values."+name] = v
	}
	titles, descriptions := map[string]any{}, map[string]any{}
	for tag, t := range s.Translations {
		titles[tag], descriptions[tag] = t.Title, t.Description
	}
	titles[lang], descriptions[lang] = s.Title, s.Description
	own["policy.title"], own["policy.description"] = titles, descriptions
	return own
}

// checkTag checks that a language tag is in its canonical form, so that each language
// has one URL, and that its folder can exist on Windows.
func (l *loader) checkTag(tag string, at source.Pos) {
	t, err := language.Parse(tag)
	switch {
	case err != nil:
		l.problem(at, "bad-language", fmt.Sprintf("%q is not a language", tag),
			"write a BCP 47 tag, such as de, en-GB or zh-Hant")
	case source.Device(tag) != "":
		l.problem(at, "bad-language",
			fmt.Sprintf("pages in the language %q would be in a folder that Windows cannot have", tag),
			`add the region where it is spoken to the tag, as in "aux-BR"`)
	case t.String() != tag:
		l.problem(at, "bad-language", fmt.Sprintf("the language %q is written %q", tag, t), fmt.Sprintf("write %s", t))
	}
}
