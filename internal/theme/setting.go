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
	Name        string              `toml:"name" doc:"What the theme is called."`
	Description string              `toml:"description" doc:"The look, in a sentence."`
	Settings    map[string]declared `toml:"settings" doc:"What a site may set, by name."`
}

// A declared is a table [settings.NAME].
type declared struct {
	Type        string   `toml:"type,required" enum:"text,color,length,number,bool,choice" doc:"What its values are."`
	Default     any      `toml:"default" doc:"The value of a site that sets none."`
	Choices     []string `toml:"choices" doc:"Of a choice: the values."`
	Contrast    []string `toml:"contrast" doc:"Of a color: colors, and names of settings that are, on which it must be readable."`
	Description string   `toml:"description" doc:"What it is for, in a sentence."`
}

// A setting is a setting that a theme declares, with its value.
type setting struct {
	name    string
	typ     string // text, color, length, number, bool or choice
	choices []string
	// colors, and names of settings that are colors, on which the color must be readable
	contrast []string
	value    any // string, int, float64 or bool
}

// valueType returns the type of the value for the check of templates.
func (s *setting) valueType() reflect.Type {
	switch s.typ {
	case "bool":
		return boolType
	case "number":
		return numberType
	}
	return textType
}

// css returns the value for a style sheet, or "" if it has no form there.
func (s *setting) css() string {
	switch s.typ {
	case "color", "length", "number":
		return fmt.Sprint(s.value)
	}
	return ""
}

// A Manifest is what theme.toml says about a theme.
type Manifest struct {
	Name        string
	Description string
	Settings    []Setting // by name
}

// A Setting is a setting that a theme declares.
type Setting struct {
	Name        string
	Type        string   // text, color, length, number, bool, or choice
	Choices     []string // of a choice
	Default     any      // string, int, float64, or bool
	Description string
}

// ReadManifest reads the theme.toml of a theme's folder, which has this name in
// problems.
func ReadManifest(files fs.FS, shown string) (Manifest, source.Problems) {
	m, settings, _, problems := readManifest(layer{files: files, name: shown})
	out := Manifest{Name: m.Name, Description: m.Description}
	for _, name := range slices.Sorted(maps.Keys(settings)) {
		s := settings[name]
		out.Settings = append(out.Settings, Setting{name, s.typ, s.choices, s.value, m.Settings[name].Description})
	}
	return out, problems
}

// readManifest reads theme.toml. It returns the settings with their defaults, and
// where these are.
func readManifest(l layer) (m manifest, settings map[string]*setting, at map[string]source.Pos,
	problems source.Problems) {
	settings, at = map[string]*setting{}, map[string]source.Pos{}
	name := path.Join(l.name, "theme.toml")
	raw, err := fs.ReadFile(l.files, "theme.toml")
	if err != nil {
		return m, settings, at, source.Problems{source.NewProblem(source.In(name), "no-theme",
			"the theme has no theme.toml", fmt.Sprintf("write one that says at least: name = %q", path.Base(l.name)))}
	}
	f, p := source.Parse(name, raw)
	if p != nil {
		return m, settings, at, source.Problems{p}
	}
	places, problems := toml.Decode(f, 0, len(f.Text), &m)
	for _, name := range slices.Sorted(maps.Keys(m.Settings)) { // none after a problem
		s, ps := declare(name, m.Settings[name], places)
		if problems = append(problems, ps...); len(ps) == 0 {
			settings[name] = s
			at[name] = places.Value("settings", name, "default")
		}
	}
	return m, settings, at, problems
}

// readSettings reads theme.toml and sets the site's values.
func readSettings(l layer, values map[string]any, place func(string) source.Pos) (map[string]*setting,
	source.Problems) {
	if l.files == nil {
		return map[string]*setting{}, nil
	}
	_, settings, at, problems := readManifest(l)
	if len(problems) > 0 {
		return settings, problems
	}
	for _, name := range slices.Sorted(maps.Keys(values)) {
		s := settings[name]
		if s == nil {
			problems = append(problems, source.NewProblem(place(name), "no-such-setting",
				fmt.Sprintf("the theme %q has no setting %q", path.Base(l.name), name),
				suggest(name, slices.Sorted(maps.Keys(settings)), "it has", "take it out; this theme has no settings")))
			continue
		}
		at[name] = place(name)
		if p := s.take(values[name], place(name)); p != nil {
			problems = append(problems, p)
		}
	}
	if slices.ContainsFunc(problems, func(p *source.Problem) bool { return p.Code != "no-such-setting" }) {
		return settings, problems // a color or its background is not known
	}
	return settings, append(problems, unreadable(settings, at, values)...)
}

// unreadable returns a problem for each color without enough contrast. A color
// whose background is a problem is measured when the background is right.
func unreadable(settings map[string]*setting, at map[string]source.Pos, set map[string]any) source.Problems {
	var problems source.Problems
	wrong := map[string]bool{}
	isSetting := func(name string) bool { return settings[name] != nil }
	isWrong := func(name string) bool { return wrong[name] }
	names := slices.Sorted(maps.Keys(settings))
	for _, late := range []bool{false, true} {
		for _, name := range names {
			s := settings[name]
			if slices.ContainsFunc(s.contrast, isSetting) != late || slices.ContainsFunc(s.contrast, isWrong) {
				continue
			}
			if p := s.readable(settings, at, set); p != nil {
				problems, wrong[name] = append(problems, p), true
			}
		}
	}
	return problems
}

// declare returns the setting of a table [settings.NAME].
func declare(name string, d declared, places *toml.Places) (*setting, source.Problems) {
	s := &setting{name: name, typ: d.Type, choices: d.Choices, contrast: d.Contrast}
	at := places.Key("settings", name)
	value := func(key string) source.Pos { return places.Value("settings", name, key) }
	var problems source.Problems
	say := func(at source.Pos, code, what, do string) {
		problems = append(problems, source.NewProblem(at, code, fmt.Sprintf(what, name), do))
	}
	switch {
	case !isSettingName(name):
		say(at, "wrong-setting", "%q cannot be the name of a setting",
			"use small letters, digits and underscores, beginning with a letter, so that templates can write "+
				".Settings.name")
		return nil, problems
	case s.typ == "choice" && len(s.choices) == 0:
		say(value("choices"), "wrong-setting", "the setting %q has no list of choices",
			`write choices = ["serif", "sans"] with the texts that a site may choose from`)
		return nil, problems
	case s.typ != "color" && d.Contrast != nil:
		say(value("contrast"), "wrong-setting", "the setting %q is no color to be readable on others",
			`write contrast = ["#ffffff"] at a setting of the type color, or take it out`)
	}
	if d.Default == nil {
		say(at, "missing-key", "the setting %q has no default", "write default = "+s.example())
	} else if p := s.take(d.Default, value("default")); p != nil {
		problems = append(problems, p)
	}
	return s, problems
}

func isSettingName(name string) bool {
	for i, c := range []byte(name) {
		if !(c >= 'a' && c <= 'z' || i > 0 && (c >= '0' && c <= '9' || c == '_')) {
			return false
		}
	}
	return name != ""
}

// example returns a value of the setting's type, as TOML writes it.
func (s *setting) example() string {
	switch s.typ {
	case "color":
		return `"#0a58ca"`
	case "length":
		return `"42rem"`
	case "number":
		return "1.5"
	case "bool":
		return "true"
	case "choice":
		return strconv.Quote(s.choices[0])
	}
	return `"..."`
}

// take sets the value of the setting to v if it is valid.
func (s *setting) take(v any, at source.Pos) *source.Problem {
	text, isText := v.(string)
	text = strings.TrimSpace(text)
	var valid bool
	var kind, do string
	switch s.typ {
	case "text":
		valid, kind, do = isText, "a text", `put it in quotes: "..."`
	case "color":
		valid, kind = isText && isColor(text), "a color"
		do = `write it as CSS does: "#0a58ca", "rgb(10 88 202)", "navy" or "light-dark(#0a58ca, #8ab4f8)"`
	case "length":
		valid, kind = isText && isLength(text), "a length"
		do = `write a number with its unit, as CSS does: "42rem", "640px" or "65ch"`
	case "choice":
		valid, kind = isText && slices.Contains(s.choices, text), "a choice"
		do = suggest(text, s.choices, "choose one of", "take it out")
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
		if s.value = v; isText && s.typ != "text" {
			s.value = text
		}
		return nil
	}
	shown := "this is none"
	if isText {
		shown = fmt.Sprintf("%q is none", v)
	}
	return source.NewProblem(at, "wrong-setting", fmt.Sprintf("the setting %q is %s, and %s", s.name, kind, shown), do)
}
