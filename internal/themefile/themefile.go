// Package themefile lists, describes, and starts themes, and copies files of the
// base and of shipped themes into a site, where they can be changed.
//
// Its two fundamental types are Themes, the folders that have themes, and Theme,
// one theme. Package theme renders with them.
package themefile

import (
	_ "embed"
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"path"
	"slices"
	"strconv"
	"strings"

	"github.com/privgen/privgen/internal/source"
	"github.com/privgen/privgen/internal/theme"
	"github.com/privgen/privgen/internal/toml"
)

// Themes are the folders that have themes.
type Themes struct {
	Base    fs.FS  // the page kinds and their blocks
	Shipped fs.FS  // a folder for each theme
	Site    fs.FS  // the files of a site, with its own themes; nil for none
	Used    string // the theme that the site uses
}

// folder is the folder with a site's own themes.
const folder = "themes"

// A Theme is a theme that a site can choose.
type Theme struct {
	theme.Manifest
	ID    string // the name of its folder, the value of [theme] name
	Own   bool   // it is the site's own
	files fs.FS
}

// List returns the themes that ship, then those of the site. A theme of the site
// replaces a shipped theme of the same name.
func (t Themes) List() (list []Theme, problems source.Problems) {
	for _, own := range []bool{false, true} {
		files, dir := t.Shipped, "."
		if own {
			files, dir = t.Site, folder
		}
		if files == nil {
			continue
		}
		entries, err := fs.ReadDir(files, dir)
		if err != nil && !errors.Is(err, fs.ErrNotExist) {
			return nil, append(problems, source.ReadProblem(dir, err))
		}
		for _, e := range entries {
			if !e.IsDir() {
				continue
			}
			sub, err := fs.Sub(files, path.Join(dir, e.Name()))
			if err != nil {
				return nil, append(problems, source.ReadProblem(e.Name(), err))
			}
			m, ps := theme.ReadManifest(sub, path.Join(folder, e.Name()))
			problems = append(problems, ps...)
			list = slices.DeleteFunc(list, func(other Theme) bool { return other.ID == e.Name() })
			list = append(list, Theme{m, e.Name(), own, sub})
		}
	}
	return list, problems
}

// Find returns the theme with a name.
func (t Themes) Find(name string) (Theme, error) {
	list, problems := t.List()
	var names []string
	for _, th := range list {
		if th.ID == name {
			return th, nil
		}
		names = append(names, th.ID)
	}
	if len(problems) > 0 {
		return Theme{}, problems[0]
	}
	do := toml.Suggest(name, names, "%q", "there are "+strings.Join(names, ", "))
	return Theme{}, source.Usage(fmt.Sprintf("there is no theme %q", name), do)
}

// Files returns the names of a theme's files, sorted.
func (t Theme) Files() (names []string) {
	// A file that cannot be read is a problem when the theme is loaded.
	_ = fs.WalkDir(t.files, ".", func(name string, d fs.DirEntry, err error) error {
		if err == nil && !d.IsDir() {
			names = append(names, name)
		}
		return nil
	})
	return names
}

// New returns the files of a new theme: a copy of the theme from, or a theme of a
// few lines if from is "".
func (t Themes) New(name, from string) (map[string][]byte, error) {
	if name == "" || strings.Trim(name, "abcdefghijklmnopqrstuvwxyz0123456789-") != "" {
		return nil, source.Usage(fmt.Sprintf("%q cannot be the name of a theme", name),
			"use small letters, digits, and hyphens: acme")
	}
	out := map[string][]byte{}
	put := func(file string, text []byte) { out[path.Join(folder, name, file)] = text }
	if from != "" {
		th, err := t.Find(from)
		if err != nil {
			return nil, err
		}
		for _, file := range th.Files() {
			text, err := fs.ReadFile(th.files, file)
			if err != nil {
				return nil, err
			}
			put(file, text)
		}
		return out, nil
	}
	put("theme.toml", fmt.Appendf(nil, startManifest, name))
	put("assets/"+name+".css", startSheet)
	put("templates/blocks.html", startBlocks)
	return out, nil
}

// The files of a new theme. The manifest has a verb for the name.
var (
	//go:embed start/theme.toml
	startManifest string
	//go:embed start/sheet.css
	startSheet []byte
	//go:embed start/blocks.html
	startBlocks []byte
)

// Conditions returns the JSON Schemas of the table [theme], one for each theme,
// because its settings depend on its name. It panics if a theme has a problem.
func (t Themes) Conditions() any {
	list, problems := t.List()
	if len(problems) > 0 {
		panic("privgen: internal error: a shipped theme has a problem: " + problems[0].String())
	}
	var out []any
	for _, th := range list {
		properties := map[string]any{}
		for _, s := range th.Settings {
			one := map[string]any{"description": s.Description, "default": s.Default, "type": "string"}
			switch s.Type {
			case "bool":
				one["type"] = "boolean"
			case "number":
				one["type"] = "number"
			case "choice":
				one["enum"] = s.Choices
			}
			properties[s.Name] = one
		}
		when := map[string]any{"properties": map[string]any{"name": map[string]any{"const": th.ID}}}
		if th.ID != "plain" { // the default
			when["required"] = []string{"name"}
		}
		out = append(out, map[string]any{"if": when, "then": map[string]any{"properties": map[string]any{
			"settings": map[string]any{"properties": properties, "additionalProperties": false}}}})
	}
	return out
}

// Comments returns the settings of a theme as comments in privgen.toml, below its
// table [theme].
func (t Theme) Comments() string {
	var b strings.Builder
	for _, s := range t.Settings {
		choices := ""
		if len(s.Choices) > 0 {
			choices = " One of " + strings.Join(s.Choices, ", ") + "."
		}
		fmt.Fprintf(&b, "\n# %s%s\n# settings.%s = %s\n", s.Description, choices, s.Name, valueOf(s))
	}
	return b.String()
}

// valueOf returns the default of a setting, as TOML writes it.
func valueOf(s theme.Setting) string {
	if text, ok := s.Default.(string); ok {
		return strconv.Quote(text)
	}
	return fmt.Sprint(s.Default)
}

// Describe returns the settings and files of a theme as lines of text.
func (t Theme) Describe() string {
	var b strings.Builder
	fmt.Fprintf(&b, "%s: %s\n\nSettings, for [theme] settings in privgen.toml:\n\n", t.Name, t.Description)
	for _, s := range t.Settings {
		kind := s.Type
		if len(s.Choices) > 0 {
			kind = strings.Join(s.Choices, " | ")
		}
		fmt.Fprintf(&b, "  %s = %s  (%s)\n      %s\n", s.Name, valueOf(s), kind, s.Description)
	}
	if len(t.Settings) == 0 {
		b.WriteString("  none\n")
	}
	b.WriteString("\nFiles:\n\n")
	for _, name := range t.Files() {
		fmt.Fprintf(&b, "  %s\n", name)
	}
	return b.String()
}

// names returns the names that Eject accepts, sorted.
func (t Themes) names() []string {
	names := map[string]bool{}
	for _, f := range t.sources(t.Used) {
		names[path.Base(f.name)] = true
		for name := range f.blocks() {
			names[name] = true
		}
	}
	delete(names, baseFile)
	return slices.Sorted(maps.Keys(names))
}
