package theme

import (
	"fmt"
	"io/fs"
	"maps"
	"path"
	"reflect"
	"slices"
	"strconv"
	"strings"

	"github.com/privgen/privgen/internal/source"
	"github.com/privgen/privgen/internal/toml"
)

// A manifest is a theme.toml.
type manifest struct {
	Name        string             `toml:"name" doc:"What the theme is called."`
	Description string             `toml:"description" doc:"The look, in a sentence."`
	Settings    map[string]Setting `toml:"settings" doc:"What a site may set, by name."`
}

// A Setting is a setting that a theme declares in a table [settings.NAME].
type Setting struct {
	Name        string
	Type        string   `toml:"type,required" enum:"text,color,length,number,bool,choice" doc:"What its values are."`
	Default     any      `toml:"default" doc:"The value of a site that sets none."`
	Choices     []string `toml:"choices" doc:"Of a choice: the values."`
	Contrast    []string `toml:"contrast" doc:"Of a color: colors, and names of settings that are, on which it must be readable."`
	Description string   `toml:"description" doc:"What it is for, in a sentence."`

	value any        // string, int, float64, or bool: the default, or what the site sets
	at    source.Pos // of the value
}

// valueType returns the type of the value for the check of templates.
func (s *Setting) valueType() reflect.Type {
	switch s.Type {
	case "bool":
		return boolType
	case "number":
		return numberType
	}
	return textType
}

// css returns the value for a style sheet, or "" if it has no form there.
func (s *Setting) css() string {
	switch s.Type {
	case "color", "length", "number":
		return fmt.Sprint(s.value)
	}
	return ""
}

// A Manifest has the content of a theme.toml.
type Manifest struct {
	Name        string
	Description string
	Settings    []Setting // sorted by name
}

// ReadManifest reads the theme.toml in the folder of a theme. Problems show the
// folder under the name shown.
func ReadManifest(files fs.FS, shown string) (Manifest, source.Problems) {
	m, settings, problems := readManifest(layer{files: files, name: shown})
	out := Manifest{Name: m.Name, Description: m.Description}
	for _, name := range slices.Sorted(maps.Keys(settings)) {
		out.Settings = append(out.Settings, *settings[name])
	}
	return out, problems
}

// readManifest reads theme.toml. The settings have their defaults.
func readManifest(l layer) (m manifest, settings map[string]*Setting, problems source.Problems) {
	settings = map[string]*Setting{}
	name := path.Join(l.name, "theme.toml")
	raw, err := fs.ReadFile(l.files, "theme.toml")
	if err != nil {
		return m, settings, source.Problems{source.NewProblem(source.In(name), "no-theme",
			"the theme has no theme.toml", fmt.Sprintf("write one that says at least: name = %q", path.Base(l.name)))}
	}
	f, p := source.Parse(name, raw)
	if p != nil {
		return m, settings, source.Problems{p}
	}
	places, problems := toml.Decode(f, 0, len(f.Text), &m)
	for _, name := range slices.Sorted(maps.Keys(m.Settings)) { // none after a problem
		s := m.Settings[name]
		s.Name = name
		ps := s.declare(places)
		if problems = append(problems, ps...); len(ps) == 0 {
			settings[name] = &s
		}
	}
	return m, settings, problems
}

// readSettings reads theme.toml and sets the site's values.
func readSettings(l layer, values map[string]any, place func(string) source.Pos) (map[string]*Setting,
	source.Problems) {
	if l.files == nil {
		return map[string]*Setting{}, nil
	}
	_, settings, problems := readManifest(l)
	if len(problems) > 0 {
		return settings, problems
	}
	for _, name := range slices.Sorted(maps.Keys(values)) {
		s := settings[name]
		if s == nil {
			problems = append(problems, source.NewProblem(place(name), "no-such-setting",
				fmt.Sprintf("the theme %q has no setting %q", path.Base(l.name), name),
				suggest(name, slices.Sorted(maps.Keys(settings)), "it has", "remove it; this theme has no settings")))
		} else if p := s.take(values[name], place(name)); p != nil {
			problems = append(problems, p)
		}
	}
	if slices.ContainsFunc(problems, func(p *source.Problem) bool { return p.Code != "no-such-setting" }) {
		return settings, problems // a color or its background is not known
	}
	return settings, append(problems, unreadable(settings, values)...)
}

// unreadable returns a problem for each color without enough contrast. It skips
// a color if its background is a setting with such a problem.
func unreadable(settings map[string]*Setting, set map[string]any) source.Problems {
	var problems source.Problems
	wrong := map[string]bool{}
	isSetting := func(name string) bool { return settings[name] != nil }
	isWrong := func(name string) bool { return wrong[name] }
	names := slices.Sorted(maps.Keys(settings))
	for _, late := range []bool{false, true} {
		for _, name := range names {
			s := settings[name]
			if slices.ContainsFunc(s.Contrast, isSetting) != late || slices.ContainsFunc(s.Contrast, isWrong) {
				continue
			}
			if p := s.readable(settings, set); p != nil {
				problems, wrong[name] = append(problems, p), true
			}
		}
	}
	return problems
}

// declare checks the declaration of a setting, and sets its value to the default.
func (s *Setting) declare(places *toml.Places) source.Problems {
	at := places.Key("settings", s.Name)
	value := func(key string) source.Pos { return places.Value("settings", s.Name, key) }
	var problems source.Problems
	say := func(at source.Pos, code, what, do string) {
		problems = append(problems, source.NewProblem(at, code, fmt.Sprintf(what, s.Name), do))
	}
	switch {
	case !isSettingName(s.Name):
		say(at, "wrong-setting", "%q cannot be the name of a setting",
			"use small letters, digits and underscores, beginning with a letter, so that templates can write "+
				".Settings.name")
		return problems
	case s.Type == "choice" && len(s.Choices) == 0:
		say(value("choices"), "wrong-setting", "the setting %q has no list of choices",
			`write choices = ["serif", "sans"] with the texts that a site may choose from`)
		return problems
	case s.Type != "color" && s.Contrast != nil:
		say(value("contrast"), "wrong-setting", "the setting %q is not a color to be readable on others",
			`write contrast = ["#ffffff"] at a setting of the type color, or remove it`)
	}
	if s.Default == nil {
		say(at, "missing-key", "the setting %q has no default", "write default = "+s.example())
	} else if p := s.take(s.Default, value("default")); p != nil {
		problems = append(problems, p)
	}
	s.Default = s.value
	return problems
}

func isSettingName(name string) bool {
	const letters = "abcdefghijklmnopqrstuvwxyz"
	return strings.Trim(name, letters+"0123456789_") == "" && strings.IndexAny(name, letters) == 0
}

// example returns a value of the setting's type, as TOML writes it.
func (s *Setting) example() string {
	switch s.Type {
	case "color":
		return `"#0a58ca"`
	case "length":
		return `"42rem"`
	case "number":
		return "1.5"
	case "bool":
		return "true"
	case "choice":
		return strconv.Quote(s.Choices[0])
	}
	return `"..."`
}

// take sets the value of the setting to v if it is valid.
func (s *Setting) take(v any, at source.Pos) *source.Problem {
	text, isText := v.(string)
	text = strings.TrimSpace(text)
	var valid bool
	var kind, do string
	switch s.Type {
	case "text":
		valid, kind, do = isText, "a text", `put it in quotes: "..."`
	case "color":
		valid, kind = isText && isColor(text), "a color"
		do = `write it as CSS does: "#0a58ca", "rgb(10 88 202)", "navy" or "light-dark(#0a58ca, #8ab4f8)"`
	case "length":
		valid, kind = isText && isLength(text), "a length"
		do = `write a number with its unit, as CSS does: "42rem", "640px" or "65ch"`
	case "choice":
		valid, kind = isText && slices.Contains(s.Choices, text), "a choice"
		do = suggest(text, s.Choices, "choose one of", "remove it")
	case "bool":
		_, valid = v.(bool)
		kind, do = "true or false", "write true or false, without quotes"
	case "number":
		kind, do = "a number", "write digits, without quotes: 1.5"
		switch n := v.(type) {
		case int64:
			v, valid = int(n), true
		case int:
			valid = true
		case float64:
			valid = n-n == 0 // it is finite
		}
	}
	if valid {
		s.at = at
		if s.value = v; isText && s.Type != "text" {
			s.value = text
		}
		return nil
	}
	shown := "this is none"
	if isText {
		shown = fmt.Sprintf("%q is none", v)
	}
	return source.NewProblem(at, "wrong-setting", fmt.Sprintf("the setting %q is %s, and %s", s.Name, kind, shown), do)
}
