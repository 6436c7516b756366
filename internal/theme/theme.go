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

// A Source is where a theme comes from. A folder that is nil is empty. The
// names are what problems call the folders.
type Source struct {
	Base      fs.FS // the page kinds and their base look: *.html, assets/
	BaseName  string
	Theme     fs.FS // the chosen theme: theme.toml, templates/*.html, assets/
	ThemeName string
	Own       fs.FS // the site's own: *.html, assets/
	OwnName   string

	Root string // the path of the site on its host, for asset: / or /legal/; empty is /
}

// A Theme is a look, ready to draw pages. It is not changed after Load and may
// be used by several goroutines.
type Theme struct {
	pages    map[string]*template.Template // by page kind
	set      *set
	marks    marks
	settings Settings
	assets   []Asset
	styles   []string
	key      [32]byte
	pens     *sync.Pool // of *pen
	steps    int        // maxSteps, save in tests
}

// Load reads a theme, gives its settings the values of the site's config and
// checks it. Everything that is wrong is reported at once; the Theme is nil
// when anything is. The place of a value is asked for when it is wrong.
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
	c := &checker{set: set, base: src.BaseName, settings: declared, assets: addresses, funcs: functions()}
	checked := slices.DeleteFunc(c.check(), func(p *source.Problem) bool {
		// What follows from another problem is not reported.
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
	c.spell()
	t := &Theme{set: set, marks: marks{}, assets: assets, settings: Settings{}, steps: maxSteps}
	for name, s := range declared {
		t.settings[name] = s.value
	}
	if len(assets) > 0 && strings.HasPrefix(assets[0].Type, "text/css") {
		t.styles = []string{assets[0].Path}
	}
	t.key = t.digest(root)
	t.pens = &sync.Pool{New: func() any { return &pen{marks: t.marks} }}
	t.build(addresses)
	if problems := t.try(); len(problems) > 0 {
		return nil, problems.Sort()
	}
	return t, nil
}

// build makes the templates that draw of the blocks.
func (t *Theme) build(assets map[string]string) {
	root := template.New("").Option("missingkey=error").Funcs(funcMap(assets))
	for _, name := range slices.Sorted(maps.Keys(t.set.blocks)) {
		b := t.set.blocks[name]
		t.marks.put(b)
		if _, err := root.AddParseTree(name, b.tree); err != nil {
			panic("privgen: internal error: a checked template cannot be added: " + err.Error())
		}
	}
	t.pages = map[string]*template.Template{}
	for _, k := range kinds() {
		t.pages[k.name] = root.Lookup(k.file())
	}
}

// digest is of everything that a page's bytes take from the theme.
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

// Key gives a digest of the theme: its templates, assets and settings. Themes
// with the same key draw the same page of the same data.
func (t *Theme) Key() [32]byte { return t.key }

// Assets gives what pages load, to be put into the site. Every asset's name
// tells its content.
func (t *Theme) Assets() []Asset { return slices.Clone(t.assets) }

// Styles gives the paths of the style sheets in the site, of which Frame.Styles
// has the addresses. There is one, since all are joined, or none.
func (t *Theme) Styles() []string { return slices.Clone(t.styles) }

// Settings gives the values of the settings, for Frame.Settings. The map is
// shared and must not be changed.
func (t *Theme) Settings() Settings { return t.settings }

// Render appends a page to b. The kind is one of Frame.Kind and the page of its
// type, or a pointer to one; anything else panics. The error has a method
// Problem, which gives the *source.Problem that it is; then b is as it was.
func (t *Theme) Render(b *bytes.Buffer, kind string, page any) error {
	t.mustFit(kind, page)
	p := t.pens.Get().(*pen)
	before := b.Len()
	p.b, p.bytes, p.steps, p.depth, p.stack = b, before+maxBytes, t.steps, 0, p.stack[:0]
	err := t.pages[kind].Execute(p, page)
	p.b = nil
	t.pens.Put(p)
	if err != nil {
		b.Truncate(before)
		return &failure{t.failed(kind, err)}
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
