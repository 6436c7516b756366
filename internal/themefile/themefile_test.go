package themefile_test

import (
	"encoding/json"
	"maps"
	"os"
	"path"
	"regexp"
	"slices"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/privgen/privgen/internal/source"
	"github.com/privgen/privgen/internal/theme"
	"github.com/privgen/privgen/internal/themefile"
	"github.com/privgen/privgen/templates"
	"github.com/privgen/privgen/themes"
)

func shipped(used string) themefile.Themes {
	return themefile.Themes{Base: templates.FS, Shipped: themes.FS, Used: used}
}

func folder(files map[string][]byte, below string) fstest.MapFS {
	out := fstest.MapFS{}
	for name, text := range files {
		out[strings.TrimPrefix(name, below+"/")] = &fstest.MapFile{Data: text}
	}
	return out
}

// load loads a theme over the base, with the site's own files.
func load(t *testing.T, th, own fstest.MapFS) {
	t.Helper()
	src := theme.Source{Base: templates.FS, BaseName: "base", Theme: th, ThemeName: "themes/x", Own: own, OwnName: "templates"}
	if _, problems := theme.Load(src, nil, func(string) source.Pos { return source.Pos{} }); len(problems) > 0 {
		t.Error(problems[0])
	}
}

// An unchanged copy of any block, page, or asset loads with each theme.
func TestEject(t *testing.T) {
	t.Parallel()
	list, problems := shipped("").List()
	if len(list) < 2 || problems != nil {
		t.Fatal(list, problems)
	}
	for _, th := range list {
		all := shipped(th.ID)
		_, _, err := all.Eject("no such block")
		_, names, _ := strings.Cut(err.(*source.Problem).Do, "there are ")
		files := map[string][]byte{}
		for name := range strings.SplitSeq(names, ", ") {
			file, text, err := all.Eject(name)
			if err != nil || files[file] != nil {
				t.Errorf("%s: %s: %v", th.ID, file, err)
			}
			files[file] = text
		}
		if len(files) < 50 {
			t.Errorf("%s: only %d files", th.ID, len(files))
		}
		copied, err := all.New("x", th.ID)
		if err != nil {
			t.Fatal(err)
		}
		for name, text := range files {
			load(t, folder(copied, "themes/x"), folder(map[string][]byte{name: text}, "templates"))
		}
	}
	if _, _, err := shipped("plain").Eject("base.html"); err == nil {
		t.Error("base.html can be copied")
	}
}

func TestNew(t *testing.T) {
	t.Parallel()
	files, err := shipped("plain").New("acme", "")
	if err != nil {
		t.Fatal(err)
	}
	load(t, folder(files, "themes/acme"), nil)
	for _, name := range []string{"", "House", "../x", "a/b"} {
		if _, err := shipped("plain").New(name, ""); err == nil {
			t.Errorf("a theme can be called %q", name)
		}
	}
	own := shipped("plain")
	own.Site = fstest.MapFS{"themes/plain/theme.toml": {Data: []byte(`name = "Mine"`)}}
	if th, err := own.Find("plain"); err != nil || !th.Own || th.Name != "Mine" {
		t.Errorf("have %v, %v", th, err)
	}
	if _, err := own.Find("planin"); err == nil || !strings.Contains(err.Error(), "planin") {
		t.Errorf("have %v", err)
	}
}

// The documented properties are those that the base style sheet sets on :root, and
// the style sheet uses each of them.
func TestProperties(t *testing.T) {
	t.Parallel()
	docs, err := os.ReadFile("../../docs/themes.md")
	if err != nil {
		t.Fatal(err)
	}
	sheet, err := templates.FS.ReadFile("assets/base.css")
	if err != nil {
		t.Fatal(err)
	}
	_, root, _ := strings.Cut(string(sheet), ":root {")
	root, _, _ = strings.Cut(root, "}")
	documented, set := map[string]bool{}, map[string]bool{}
	for _, row := range regexp.MustCompile("(?m)^\\| `--.*$").FindAllString(string(docs), -1) {
		for _, m := range regexp.MustCompile("`(--[a-z-]+)`").FindAllStringSubmatch(row, -1) {
			documented[m[1]] = true
		}
	}
	for _, m := range regexp.MustCompile(`(?m)^ *(--[a-z-]+):`).FindAllStringSubmatch(root, -1) {
		set[m[1]] = true
		if !strings.Contains(string(sheet), "var("+m[1]) {
			t.Errorf("nothing uses %s", m[1])
		}
	}
	if !maps.Equal(documented, set) {
		t.Errorf("documented %v\nset %v", slices.Sorted(maps.Keys(documented)), slices.Sorted(maps.Keys(set)))
	}
}

func TestComments(t *testing.T) {
	t.Parallel()
	th, err := shipped("").Find("gazette")
	if err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{"\n# settings.typeface = \"oldstyle\"\n", "One of oldstyle, transitional, times.\n", "# settings.numbers = false\n"} {
		if !strings.Contains(th.Comments(), want) {
			t.Errorf("have\n%swant %s", th.Comments(), want)
		}
	}
	if !slices.Contains(th.Files(), path.Join("assets", "gazette.css")) {
		t.Error(th.Files())
	}
}

// The description and the schema have all settings of a theme.
func TestSettings(t *testing.T) {
	t.Parallel()
	themes := themefile.Themes{Base: templates.FS, Shipped: fstest.MapFS{
		"acme/theme.toml": {Data: []byte(`name = "Acme"
description = "Like our site."
[settings.accent]
type = "color"
default = "#003366"
description = "Of links."
[settings.font]
type = "choice"
choices = ["serif", "sans"]
default = "sans"
[settings.wide]
type = "bool"
default = false
[settings.scale]
type = "number"
default = 1.5
`)},
		"plain/theme.toml": {Data: []byte("name = \"Plain\"\n")},
	}}
	th, err := themes.Find("acme")
	if err != nil {
		t.Fatal(err)
	}
	want := `Acme: Like our site.

Settings, for [theme] settings in privgen.toml:

  accent = "#003366"  (color)
      Of links.
  font = "sans"  (serif | sans)
      ` + `
  scale = 1.5  (number)
      ` + `
  wide = false  (bool)
      ` + `

Files:

  theme.toml
`
	if have := th.Describe(); have != want {
		t.Errorf("have %s\nwant %s", have, want)
	}
	if th, _ = themes.Find("plain"); !strings.Contains(th.Describe(), ":\n\n  none\n") {
		t.Errorf("have %s", th.Describe())
	}
	have, err := json.Marshal(themes.Conditions())
	if err != nil {
		t.Fatal(err)
	}
	schema := `[{"if":{"properties":{"name":{"const":"acme"}},"required":["name"]},"then":{"properties":{"settings":` +
		`{"additionalProperties":false,"properties":{"accent":{"default":"#003366","description":"Of links.","type":"string"},` +
		`"font":{"default":"sans","description":"","enum":["serif","sans"],"type":"string"},` +
		`"scale":{"default":1.5,"description":"","type":"number"},"wide":{"default":false,"description":"","type":"boolean"}}}}}},` +
		`{"if":{"properties":{"name":{"const":"plain"}}},"then":{"properties":{"settings":{"additionalProperties":false,"properties":{}}}}}]`
	if string(have) != schema {
		t.Errorf("have %s\nwant %s", have, schema)
	}
	if _, err := themes.Find("acne"); err == nil || err.Error() != "there is no theme \"acne\"\n\tdid you mean \"acme\"?" {
		t.Errorf("have %v", err)
	}
}
