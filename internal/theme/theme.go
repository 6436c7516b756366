package theme

import (
	"bytes"
	"crypto/sha256"
	"encoding/binary"
	"fmt"
	"html/template"
	"io/fs"
	"maps"
	"reflect"
	"slices"
	"strings"
	"sync"

	"github.com/privgen/privgen/internal/source"
)

// A Source has the folders of a theme. A nil folder is empty. Problems use the
// names for the folders.
type Source struct {
	Base      fs.FS // the page kinds and their base theme: *.html, assets/
	BaseName  string
	Theme     fs.FS // the chosen theme: theme.toml, templates/*.html, assets/
	ThemeName string
	Own       fs.FS // the site's own: *.html, assets/
	OwnName   string

	Root string // the path of the site on its host, for asset: / or /legal/; empty is /

	// Tried is the key of a theme that had no problem before. Load does not render
	// test pages for it again.
	Tried [32]byte
	// Shipped is true if all files ship with the program, whose tests have tried them.
	Shipped bool
}

// A Theme is a checked theme, ready to render pages. It does not change after
// Load, and several goroutines can use it.
type Theme struct {
	pages    map[string]*template.Template // by page kind
	flat     map[string]func() flatPage
	set      *set
	layers   []layer // for the templates of notices
	settings Settings
	assets   []Asset
	styles   []string
	key      [32]byte
	steps    int // maxSteps, except in tests
}

// Load loads a theme, sets its settings to the values of the site's config, and
// checks it. All problems are reported at once; the Theme is nil if there are
// any. settingPlace returns the position of a value. It can be nil if settings
// is empty.
func Load(src Source, settings map[string]any, settingPlace func(name string) source.Pos) (*Theme, source.Problems) {
	layers := []layer{
		{src.Base, ".", src.BaseName, "assets"},
		{src.Theme, "templates", src.ThemeName, "assets"},
		{src.Own, ".", src.OwnName, "assets"},
	}
	root := src.Root
	if root == "" {
		root = "/"
	}
	declared, settingProblems := readSettings(layers[1], settings, settingPlace)
	files, assetProblems := readAssets(layers)
	assets, paths, ps := finish(files, declared)
	assetProblems = append(assetProblems, ps...)
	addresses := map[string]string{}
	for name, path := range paths {
		addresses[name] = root + path
	}
	set, setProblems := readSet(layers)
	c := &checker{set: set, layers: layers, base: src.BaseName,
		settings: declared, assets: addresses, funcs: functions()}
	checked := slices.DeleteFunc(c.check(), func(p *source.Problem) bool {
		// Problems that follow from another one are not reported.
		switch p.Code {
		case "missing-block", "unused-block":
			return len(setProblems) > 0
		case "no-such-setting":
			return len(settingProblems) > 0
		case "no-such-asset":
			return len(assetProblems) > 0
		}
		return false
	})
	if problems := slices.Concat(settingProblems, assetProblems, setProblems, checked); len(problems) > 0 {
		return nil, problems.Sort()
	}
	t := &Theme{set: set, layers: layers, assets: assets, settings: Settings{}, steps: maxSteps}
	for name, s := range declared {
		t.settings[name] = s.value
	}
	if len(assets) > 0 && strings.HasPrefix(assets[0].Type, "text/css") {
		t.styles = []string{assets[0].Path}
	}
	t.key = t.digest(root)
	t.build(addresses)
	if !src.Shipped && t.key != src.Tried {
		if problems := t.try(); len(problems) > 0 {
			return nil, problems.Sort()
		}
	}
	return t, nil
}

// build creates the templates from the blocks.
func (t *Theme) build(assets map[string]string) {
	root := template.New("").Option("missingkey=error").Funcs(funcMap(assets))
	for _, name := range slices.Sorted(maps.Keys(t.set.blocks)) {
		b := t.set.blocks[name]
		countRounds(b)
		if _, err := root.AddParseTree(name, b.tree); err != nil {
			panic("privgen: internal error: a checked template cannot be added: " + err.Error())
		}
	}
	t.pages, t.flat = map[string]*template.Template{}, map[string]func() flatPage{}
	for _, k := range kinds() {
		t.pages[k.name] = root.Lookup(k.file())
		t.flat[k.name] = sync.OnceValue(func() flatPage { return flatten(k.page) })
	}
}

// digest returns a digest of everything in the theme that a page's bytes depend
// on.
func (t *Theme) digest(root string) [32]byte {
	h := sha256.New()
	add := func(parts ...string) {
		for _, p := range parts {
			h.Write(binary.AppendUvarint(nil, uint64(len(p))))
			h.Write([]byte(p))
		}
	}
	add(root)
	for _, name := range slices.Sorted(maps.Keys(t.set.files)) {
		f := t.set.files[name]
		add("template", fmt.Sprint(f.layer), f.name, string(f.Text))
	}
	for _, name := range slices.Sorted(maps.Keys(t.settings)) {
		add("setting", name, fmt.Sprintf("%T %v", t.settings[name], t.settings[name]))
	}
	for _, a := range t.assets {
		add("asset", a.Path, a.Type)
	}
	return [32]byte(h.Sum(nil))
}

// Key returns a digest of the theme: its templates, assets, and settings.
// Themes with the same key render the same data to the same page.
func (t *Theme) Key() [32]byte { return t.key }

// Assets returns the files that pages load, to add to the site. Every asset's
// name has a digest of its content.
func (t *Theme) Assets() []Asset { return slices.Clone(t.assets) }

// Styles returns the paths of the style sheets in the site, whose URLs are in
// Frame.Styles. There is at most one, because all are joined.
func (t *Theme) Styles() []string { return slices.Clone(t.styles) }

// Settings returns the values of the settings, for Frame.Settings. The map is
// shared and must not be changed.
func (t *Theme) Settings() Settings { return t.settings }

// Render appends a page to b. The kind is one of Frame.Kind, and the page has
// the type of that kind or is a pointer to it; otherwise Render panics. The error
// is a *source.Problem; b is then unchanged.
func (t *Theme) Render(b *bytes.Buffer, kind string, page any) error {
	before := b.Len()
	if err := t.render(b, kind, page); err != nil {
		return err
	}
	if d, ok := page.(interface{ document() Document }); ok && !d.document().isWhole(b.Bytes()[before:]) {
		b.Truncate(before)
		return t.incomplete(kindOf(kind), d.document())
	}
	return nil
}

func (t *Theme) render(b *bytes.Buffer, kind string, page any) error {
	t.mustFit(kind, page)
	before := b.Len()
	err := t.pages[kind].Execute(&limitWriter{b, before + maxBytes, t.steps}, t.flat[kind]().copyOf(page))
	if err != nil {
		b.Truncate(before)
		return t.failed(kind, err)
	}
	return nil
}

func (t *Theme) mustFit(kind string, page any) {
	typ := reflect.TypeOf(page)
	if typ != nil && typ.Kind() == reflect.Pointer {
		typ = typ.Elem()
	}
	if typ != kindOf(kind).page {
		panic(fmt.Sprintf("privgen: internal error: a page of kind %q cannot be a %T", kind, page))
	}
}
