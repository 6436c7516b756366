package theme_test

import (
	"bytes"
	"html/template"
	"io/fs"
	"path"
	"strings"
	"sync"
	"testing"
	"testing/fstest"

	"github.com/privgen/privgen/internal/locale"
	"github.com/privgen/privgen/internal/source"
	"github.com/privgen/privgen/internal/theme"
	"github.com/privgen/privgen/templates"
	"github.com/privgen/privgen/themes"
)

// small is a base of a few lines.
var small = map[string]string{
	"base.html": `{{define "head"}}<head><title>{{.Title}}</title>
{{with .Canonical}}<link rel="canonical" href="{{.}}">{{end}}
{{with .Robots}}<meta name="robots" content="{{.}}">{{end}}
{{range .Relations}}<link rel="{{.Rel}}" href="{{.Href}}"{{with .Type}} type="{{.}}"{{end}}{{with .Title}} title="{{.}}"{{end}}{{with .Hreflang}} hreflang="{{.}}"{{end}}>{{end}}
{{range .Styles}}<link rel="stylesheet" href="{{.}}">{{end}}
{{.JSONLD}}</head>{{end}}
{{define "top"}}<p>{{.Site.Title}}</p>{{end}}
{{define "text"}}<article data-policy="{{.Text.Policy}}" data-version="{{.Text.Version}}" lang="{{.Text.Lang}}" dir="{{.Text.Dir}}">{{.Text.Heading}}{{.Text.Body}}</article>{{end}}
`,
	"home.html":     page(`<h1>{{.Title}}</h1>{{range .Policies}}{{.Title}}{{end}}`),
	"policy.html":   page(`{{template "text" .}}`),
	"version.html":  page(`{{template "text" .}}`),
	"archive.html":  page(`<h1>{{.Name}}</h1>{{range .Versions}}{{.Name}}{{end}}`),
	"redline.html":  page(`{{template "text" .}}`),
	"unmarked.html": page(`<h1>{{.Title}}</h1>`),
	"notfound.html": page(`<h1>{{.Title}}</h1>`),
}

func page(main string) string {
	return `<!doctype html><html lang="{{.Lang}}" dir="{{.Dir}}">{{template "head" .}}<body>{{template "top" .}}<main>` + main + `</main></body></html>`
}

func folder(files map[string]string) fstest.MapFS {
	m := fstest.MapFS{}
	for name, text := range files {
		m[name] = &fstest.MapFile{Data: []byte(text)}
	}
	return m
}

// load loads the small base with a theme and a site's own files over it.
func load(th, own map[string]string, settings map[string]any) (*theme.Theme, source.Problems) {
	src := theme.Source{Base: folder(small), BaseName: "base", Own: folder(own), OwnName: "templates", Root: "/legal/"}
	if th != nil {
		if th["theme.toml"] == "" {
			th["theme.toml"] = "name = \"Quiet\"\n"
		}
		src.Theme, src.ThemeName = folder(th), "themes/quiet"
	}
	return theme.Load(src, settings, func(name string) source.Pos { return source.Pos{File: "privgen.toml", Line: 9, Col: 1} })
}

func mustLoad(t *testing.T, th, own map[string]string, settings map[string]any) *theme.Theme {
	t.Helper()
	loaded, problems := load(th, own, settings)
	if loaded == nil {
		t.Fatal(text(problems))
	}
	return loaded
}

func text(problems source.Problems) string {
	var b strings.Builder
	for _, p := range problems {
		b.WriteString(p.Code + " " + p.String() + "\n")
	}
	return b.String()
}

func notFound(th *theme.Theme) theme.NotFound {
	return theme.NotFound{Frame: theme.Frame{Title: "Nothing <here>", Lang: "en", Dir: "ltr", Settings: th.Settings(), Styles: th.Styles(), Words: &locale.Words{}}}
}

func draw(t *testing.T, th *theme.Theme, kind string, page any) string {
	t.Helper()
	var b bytes.Buffer
	if err := th.Render(&b, kind, page); err != nil {
		t.Fatal(err)
	}
	return b.String()
}

func TestLaterLayersWin(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name    string
		th, own map[string]string
		want    string // in the body of the 404 page
	}{
		{"the base alone", nil, nil, `<p></p><main><h1>Nothing &lt;here&gt;</h1></main>`},
		{"a theme's block replaces the base's",
			map[string]string{"templates/blocks.html": `{{define "top"}}<p>theme</p>{{end}}`}, nil,
			`<p>theme</p><main><h1>Nothing &lt;here&gt;</h1></main>`},
		{"the site's block replaces the theme's",
			map[string]string{"templates/blocks.html": `{{define "top"}}<p>theme</p>{{end}}`},
			map[string]string{"mine.html": `{{define "top"}}<p>site</p>{{end}}`},
			`<p>site</p><main><h1>Nothing &lt;here&gt;</h1></main>`},
		{"a theme's file replaces the base's",
			map[string]string{"templates/notfound.html": page(`<h1>gone</h1>`)}, nil,
			`<p></p><main><h1>gone</h1></main>`},
		{"a file can be drawn by name",
			nil, map[string]string{"notfound.html": page(`<h1>{{template "gone.html"}}</h1>`), "gone.html": "gone"},
			`<p></p><main><h1>gone</h1></main>`},
		{"functions",
			nil, map[string]string{"notfound.html": page(`<h1>{{join (slice .Site.Organization.Address) ", " | printf "%s;%s" "a" | len}} {{print 1 "a"}}</h1>`)},
			`<p></p><main><h1>2 1a</h1></main>`},
		{"a replaced file cannot be wrong",
			map[string]string{"templates/notfound.html": "{{end}}"},
			map[string]string{"notfound.html": page(`<h1>gone</h1>`)},
			`<p></p><main><h1>gone</h1></main>`},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			th := mustLoad(t, tt.th, tt.own, nil)
			got := draw(t, th, "notfound", notFound(th))
			_, got, _ = strings.Cut(got, "<body>")
			if got, _, _ = strings.Cut(got, "</body>"); got != tt.want {
				t.Errorf("have %s\nwant %s", got, tt.want)
			}
		})
	}
}

func TestSettings(t *testing.T) {
	t.Parallel()
	th := mustLoad(t, map[string]string{
		"theme.toml": `name = "Quiet"
[settings.accent]
type = "color"
default = "navy"
[settings.scale]
type = "number"
default = 1.25
[settings.measure]
type = "length"
default = "65ch"
[settings.motto]
type = "text"
default = ""
[settings.face]
type = "choice"
choices = ["serif", "sans"]
default = "serif"
[settings.lines]
type = "bool"
default = true
`,
		"templates/blocks.html": `{{define "top"}}<p class="{{.Settings.face}}{{if .Settings.lines}} lines{{end}}">{{.Settings.motto}}</p>{{end}}`,
		"assets/look.css":       "a { color: var(--setting-accent) }",
	}, nil, map[string]any{"accent": "light-dark(#0A58CA, rgb(138 180 248 / 90%))", "motto": "<b>", "scale": int64(2)})
	if got, want := draw(t, th, "notfound", notFound(th)), `<p class="serif lines">&lt;b&gt;</p>`; !strings.Contains(got, want) {
		t.Errorf("have %s, want %s in it", got, want)
	}
	css := string(th.Assets()[0].Bytes)
	want := ":root{--setting-accent:light-dark(#0A58CA, rgb(138 180 248 / 90%));--setting-measure:65ch;--setting-scale:2}a{color:var(--setting-accent)}"
	if css != want {
		t.Errorf("have %s\nwant %s", css, want)
	}
}

func TestAssets(t *testing.T) {
	t.Parallel()
	th := mustLoad(t,
		map[string]string{
			"assets/b.css":            "/* b */ b { background : url( img/dot.png ) no-repeat }",
			"assets/img/dot.png":      "dot",
			"assets/fonts/f.css":      `@font-face { font-family: F; src: url("../fonts/f.woff2?v=1#x") format("woff2") } i { background: image-set("../img/dot.png" 1x) }`,
			"assets/fonts/f.woff2":    "font",
			"assets/.DS_Store":        "no",
			"templates/notfound.html": page(`<h1>{{.Title}}</h1><img src="{{asset "img/dot.png"}}" alt="">`),
		},
		map[string]string{"assets/b.css": "u{color:red}b{background:url(#here)}", "words/en.toml": "no"}, nil)
	var got []string
	for _, a := range th.Assets() {
		got = append(got, a.Path+" "+a.Type)
	}
	want := []string{"assets/style.49bbd25a4c7c.css text/css; charset=utf-8", "assets/fonts/f.795ea3efa43d.woff2 font/woff2", "assets/img/dot.e392dad8b085.png image/png"}
	if strings.Join(got, "\n") != strings.Join(want, "\n") {
		t.Errorf("have %q\nwant %q", got, want)
	}
	if css, want := string(th.Assets()[0].Bytes), `u{color:red}b{background:url(#here)}@font-face{font-family:F;src:url(fonts/f.795ea3efa43d.woff2#x)format("woff2")}i{background:image-set("img/dot.e392dad8b085.png" 1x)}`; css != want {
		t.Errorf("have %s\nwant %s", css, want)
	}
	if got := draw(t, th, "notfound", notFound(th)); !strings.Contains(got, `<img src="/legal/assets/img/dot.`) || !strings.Contains(got, `href="assets/style.`) {
		t.Error(got)
	}
}

func TestKeyTellsThemesApart(t *testing.T) {
	t.Parallel()
	seen := map[[32]byte]string{}
	add := func(name string, th *theme.Theme) {
		if old, ok := seen[th.Key()]; ok {
			t.Errorf("%s has the key of %s", name, old)
		}
		seen[th.Key()] = name
	}
	manifest := "[settings.a]\ntype = \"text\"\ndefault = \"\"\n"
	add("base", mustLoad(t, nil, nil, nil))
	add("theme", mustLoad(t, map[string]string{"theme.toml": manifest}, nil, nil))
	add("setting", mustLoad(t, map[string]string{"theme.toml": manifest}, nil, map[string]any{"a": "b"}))
	add("own", mustLoad(t, nil, map[string]string{"x.html": `{{define "top"}}{{end}}`}, nil))
	add("css", mustLoad(t, nil, map[string]string{"assets/x.css": `a{color:red}`}, nil))
	if a, b := mustLoad(t, nil, nil, nil), mustLoad(t, nil, nil, nil); a.Key() != b.Key() {
		t.Error("the same theme has two keys")
	}
}

// Load does not try a theme again that it tried before, but tries any other.
func TestTried(t *testing.T) {
	t.Parallel()
	base := theme.Source{Base: templates.FS, BaseName: "templates"}
	own := base
	own.Own = fstest.MapFS{"archive.html": {Data: []byte("<p>no page</p>")}}
	own.OwnName = "templates"
	th, _ := theme.Load(base, nil, nil)
	base.Tried, own.Tried = th.Key(), th.Key()
	if again, problems := theme.Load(base, nil, nil); again == nil || again.Key() != th.Key() {
		t.Errorf("have %v", problems)
	}
	if again, problems := theme.Load(own, nil, nil); again != nil || len(problems) == 0 {
		t.Error("another theme is not tried")
	}
}

// A theme that ships has no problem with any settings, so Load need not try it.
func TestShipped(t *testing.T) {
	t.Parallel()
	names, err := fs.Glob(themes.FS, "*/theme.toml")
	if err != nil || len(names) == 0 {
		t.Fatal("no themes", err)
	}
	place := func(string) source.Pos { return source.Pos{} }
	for _, name := range names {
		files, _ := fs.Sub(themes.FS, path.Dir(name))
		src := theme.Source{Base: templates.FS, BaseName: "templates", Theme: files, ThemeName: path.Dir(name)}
		manifest, problems := theme.ReadManifest(files, name)
		if len(problems) > 0 {
			t.Fatal(text(problems))
		}
		values := []map[string]any{nil}
		for _, s := range manifest.Settings {
			switch s.Type {
			case "bool":
				values = append(values, map[string]any{s.Name: s.Default != true})
			case "choice":
				for _, choice := range s.Choices {
					values = append(values, map[string]any{s.Name: choice})
				}
			case "text":
				values = append(values, map[string]any{s.Name: "</main> & more"})
			}
		}
		for _, v := range values {
			tried, problems := theme.Load(src, v, place)
			if len(problems) > 0 {
				t.Errorf("%s with %v: %s", src.ThemeName, v, text(problems))
			}
			shipped := src
			shipped.Shipped = true
			if th, _ := theme.Load(shipped, v, place); th.Key() != tried.Key() {
				t.Errorf("%s with %v has another key if it ships", src.ThemeName, v)
			}
		}
	}
}

func TestDrawSideBySide(t *testing.T) {
	t.Parallel()
	th := mustLoad(t, nil, nil, nil)
	want := draw(t, th, "notfound", notFound(th))
	var wg sync.WaitGroup
	for range 8 {
		wg.Go(func() {
			for range 50 {
				var b bytes.Buffer
				b.WriteString("before ")
				if err := th.Render(&b, "notfound", notFound(th)); err != nil || b.String() != "before "+want {
					t.Errorf("have %s, %v", b.String(), err)
				}
			}
		})
	}
	wg.Wait()
}

// A mistake that depends on data is found when a page is rendered.
func TestDrawFails(t *testing.T) {
	t.Parallel()
	versions := func(n int) theme.Archive { return theme.Archive{Name: "P", Versions: make([]theme.Version, n)} }
	tests := []struct {
		name, archive string
		page          theme.Archive
		want          string
	}{
		{"an entry that is not there", page("<h1>ä</h1>\n<p>ä{{if gt (len .Versions) 4}}{{(index .Versions 9).Name}}{{end}}"), versions(5),
			"template-failed templates/archive.html:2:35: the template stops here on an archive page: index out of range: 9\n\task first how long the list is, as in {{if gt (len .Versions) 1}}\n"},
		{"a long loop", page("<h1>a</h1>\n{{if gt (len .Versions) 4}}{{range .Versions}}{{range 2000000000}}{{end}}{{end}}{{end}}"), versions(5),
			"endless-template templates/archive.html:2:30: the template never ends, on an archive page\n\tlet each {{range}} go through a list of the page, and no block use itself\n"},
		{"a long loop that calls", page("<h1>a</h1>{{range .Versions}}{{end}}\n{{if gt (len .Versions) 4}}{{range $i := 2000000000}}{{template \"x\" $}}{{end}}{{end}}") + "{{define \"x\"}}{{range .Versions}}{{.Name}}{{end}}{{end}}", versions(5),
			"endless-template templates/archive.html:1:119: the template never ends, on an archive page\n\tlet each {{range}} go through a list of the page, and no block use itself\n"},
		{"a block that draws itself", page("<h1>a</h1>{{if gt (len .Versions) 4}}{{template \"x\" .}}{{end}}") + "\n{{define \"x\"}}{{template \"x\" .}}{{end}}", versions(5),
			"endless-template templates/archive.html:1:1: the template never ends, on an archive page\n\tlet each {{range}} go through a list of the page, and no block use itself\n"},
		{"much", page("<h1>a</h1>{{if gt (len .Versions) 4}}{{range 100000}}{{printf \"%100000d\" 1}}{{end}}{{end}}"), versions(5),
			"endless-template templates/archive.html:1:146: the template writes more than 64 MB, on an archive page\n\tlet each {{range}} go through a list of the page, and no block use itself\n"},
		{"a text that doubles", page("<h1>a</h1>{{if gt (len .Versions) 4}}{{$x := \"12345678\"}}{{range 60}}{{$x = print $x $x}}{{end}}{{end}}"), versions(5),
			"template-failed templates/archive.html:1:183: the template stops here on an archive page: print: the text is longer than 1 MB\n\twrite the parts one after the other, not as one text\n"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			th := mustLoad(t, nil, map[string]string{"archive.html": tt.archive}, nil)
			th.Limit(100_000)
			b := bytes.NewBufferString("before")
			err := th.Render(b, "archive", tt.page)
			p := source.ProblemOf(err)
			if p == nil {
				t.Fatalf("have %v, want a problem", err)
			}
			if got := text(source.Problems{p}); got != tt.want {
				t.Errorf("have %s\nwant %s", got, tt.want)
			}
			if b.String() != "before" {
				t.Errorf("%d bytes are left of the page", b.Len())
			}
			if err := th.Render(b, "archive", versions(1)); err != nil {
				t.Errorf("the next page fails: %v", err)
			}
		})
	}
}

func TestThemesThatShip(t *testing.T) {
	t.Parallel()
	names, err := fs.ReadDir(themes.FS, ".")
	if err != nil || len(names) < 2 {
		t.Fatalf("have %d themes, %v", len(names), err)
	}
	for _, d := range append(names, nil) {
		src := theme.Source{Base: templates.FS, BaseName: "templates"}
		if d != nil {
			src.ThemeName = "themes/" + d.Name()
			src.Theme, _ = fs.Sub(themes.FS, d.Name())
		}
		th, problems := theme.Load(src, nil, nil)
		if problems != nil {
			t.Error(text(problems))
			continue
		}
		if len(th.Styles()) != 1 {
			t.Errorf("%s has %d style sheets", src.ThemeName, len(th.Styles()))
		}
	}
}

func BenchmarkLoad(b *testing.B) {
	for b.Loop() {
		theme.Load(theme.Source{Base: templates.FS, BaseName: "templates"}, nil, nil)
	}
}

func BenchmarkDraw(b *testing.B) {
	th, _ := theme.Load(theme.Source{Base: templates.FS, BaseName: "templates"}, nil, nil)
	words := &locale.Words{}
	v := theme.Version{ID: "2026-01-01", Name: "Version of 1 January 2026", Effective: theme.Date{Datetime: "2026-01-01", Text: "1 January 2026"}, Words: words}
	p := &theme.Policy{Frame: theme.Frame{Title: "Privacy", Lang: "en", Dir: "ltr", Canonical: "https://example.com/privacy/", Words: words, Styles: th.Styles()}}
	p.Site = theme.Site{Title: "Example", Home: "/", Policies: make([]theme.Link, 3)}
	p.Relations = make([]theme.Relation, 6)
	p.Version, p.Previous, p.Next = v, &v, &v
	p.Text = theme.Text{Policy: "privacy", Lang: "en", Heading: "<h1>Privacy</h1>", Body: template.HTML(strings.Repeat("<p>We keep what we need.</p>\n", 50_000/28)), Contents: make([]theme.Clause, 30)}
	b.ReportAllocs()
	b.RunParallel(func(pb *testing.PB) {
		var out bytes.Buffer
		for pb.Next() {
			out.Reset()
			if err := th.Render(&out, "policy", p); err != nil {
				b.Error(err)
			}
		}
	})
}
