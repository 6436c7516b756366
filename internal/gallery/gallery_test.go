package gallery_test

import (
	"bytes"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/privgen/privgen/internal/gallery"
	"github.com/privgen/privgen/internal/pages"
	"github.com/privgen/privgen/internal/site"
	"github.com/privgen/privgen/internal/source"
	"github.com/privgen/privgen/templates"
	"github.com/privgen/privgen/themes"
)

// load loads a site with a [theme] table and more files, then its gallery.
func load(t *testing.T, table string, files map[string]string) (*pages.View, source.Problems) {
	t.Helper()
	fsys := fstest.MapFS{
		"privgen.toml": {Data: []byte("[site]\ntitle = \"Acme\"\nbase_url = \"https://acme.example/\"\n[organization]\nname = \"Acme Ltd\"\n" + table)},
		"content/a.md": {Data: []byte("+++\neffective = 2026-01-01\n+++\n# Ours alone\n")},
	}
	for name, text := range files {
		fsys[name] = &fstest.MapFile{Data: []byte(text)}
	}
	in := site.Input{Files: fsys, Templates: templates.FS, Themes: themes.FS, Program: "test"}
	s, problems := site.Load(in)
	if problems != nil {
		t.Fatal(problems[0])
	}
	return gallery.Load(in, s)
}

func page(t *testing.T, v *pages.View, path string) string {
	t.Helper()
	e := v.Find(path)
	if e == nil {
		t.Fatalf("there is no page %s", path)
	}
	var b bytes.Buffer
	if err := e.Render(&b); err != nil {
		t.Fatal(err)
	}
	return b.String()
}

// Every page that the gallery's list links to exists, in every theme.
func TestGallery(t *testing.T) {
	t.Parallel()
	for _, name := range []string{"plain", "gazette", "center"} {
		v, problems := load(t, "[theme]\nname = \""+name+"\"\nsettings = { contents = false, size = \"1.25rem\" }\n", nil)
		if problems != nil {
			t.Fatal(problems[0])
		}
		list := page(t, v, "gallery/index.html")
		n := 0
		for part := range strings.SplitSeq(list, `href="/.privgen/gallery/`) {
			to, _, _ := strings.Cut(part, `"`)
			to, _, _ = strings.Cut(to, "#")
			if strings.HasSuffix(to, "/") {
				n++
				page(t, v, to+"index.html")
			}
		}
		if n < 20 || strings.Contains(list, "Ours alone") || strings.Contains(page(t, v, "text/index.html"), `class="contents"`) {
			t.Errorf("%s: %d links, or not the site's theme", name, n)
		}
		for path, want := range map[string]string{
			"history/archive/index.html": "Version 300", "retired/index.html": "no longer applies", "ar/text/index.html": `dir="rtl"`,
			"changes/redline/2024-01-01..2025-01-01/index.html": "only link targets", "404.html": "Page not found",
		} {
			if !strings.Contains(page(t, v, path), want) {
				t.Errorf("%s: %s has no %q", name, path, want)
			}
		}
	}
}

// The site's own theme and templates are shown.
func TestOwnTheme(t *testing.T) {
	t.Parallel()
	v, problems := load(t, "[theme]\nname = \"mine\"\nsettings = { motto = \"\\\"Ours\\\"\", n = 2 }\n", map[string]string{
		"themes/mine/theme.toml":           "name = \"Mine\"\n[settings.motto]\ntype = \"text\"\ndefault = \"\"\n[settings.n]\ntype = \"number\"\ndefault = 1\n",
		"themes/mine/templates/brand.html": `{{define "brand"}}<p>{{.Settings.motto}} {{.Settings.n}}</p>{{end}}`,
		"templates/foot.html":              `{{define "footer"}}<footer>Foot</footer>{{end}}`,
	})
	if problems != nil {
		t.Fatal(problems[0])
	}
	home := page(t, v, "index.html")
	if !strings.Contains(home, "<p>&#34;Ours&#34; 2</p>") || !strings.Contains(home, "<footer>Foot</footer>") {
		t.Error(home)
	}
}
