package theme

import (
	"bytes"
	"cmp"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"path"
	"slices"
	"strings"

	"github.com/tdewolff/minify/v2"
	"github.com/tdewolff/minify/v2/css"

	"github.com/privgen/privgen/internal/source"
)

// An Asset is a file that pages load: the style sheet, a font, an image.
type Asset struct {
	Path  string // in the site: assets/style.0123456789.css
	Type  string // media type, as in Content-Type
	Bytes []byte // must not be changed
}

// A rawAsset is an asset file as written in its layer.
type rawAsset struct {
	name  string // within the folder: fonts/text.woff2
	shown string // in messages
	raw   []byte
}

// readAssets reads the assets of all layers. A file replaces one of the same
// name in an earlier layer, in its position.
func readAssets(layers []layer) (files []rawAsset, problems source.Problems) {
	index := map[string]int{}
	for _, l := range layers {
		if l.files == nil {
			continue
		}
		err := fs.WalkDir(l.files, l.assets, func(p string, d fs.DirEntry, err error) error {
			if err == nil && d.IsDir() && strings.HasPrefix(d.Name(), ".") {
				return fs.SkipDir
			}
			if err != nil || d.IsDir() || strings.HasPrefix(d.Name(), ".") {
				return err
			}
			a := rawAsset{name: strings.TrimPrefix(p, l.assets+"/"), shown: path.Join(l.name, p)}
			if !isAddress(a.name) {
				problems = append(problems, source.NewProblem(source.In(a.shown), "bad-asset",
					fmt.Sprintf("the name %q cannot be part of a URL", a.name),
					"rename the file with letters, digits, hyphens, underscores and dots"))
				return nil
			}
			if device := source.Device(a.name); device != "" {
				problems = append(problems, source.NewProblem(source.In(a.shown), "bad-asset",
					fmt.Sprintf("no file on Windows can have the name %q", device), "rename the file"))
				return nil
			}
			if a.raw, err = fs.ReadFile(l.files, p); err != nil {
				problems = append(problems, source.ReadProblem(a.shown, err))
				return nil
			}
			if i, ok := index[a.name]; ok {
				files[i] = a
				return nil
			}
			index[a.name] = len(files)
			files = append(files, a)
			return nil
		})
		if err != nil && !errors.Is(err, fs.ErrNotExist) {
			problems = append(problems, source.ReadProblem(path.Join(l.name, l.assets), err))
		}
	}
	return files, problems
}

func isAddress(name string) bool {
	return strings.Trim(name, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_./") == ""
}

// finish returns the assets of the site: the style sheets joined into one, and
// every file with a digest of its content in its name, so that browsers can cache
// it permanently. The map has the path for each name.
func finish(files []rawAsset, settings map[string]*Setting) (assets []Asset, paths map[string]string,
	problems source.Problems) {
	paths = map[string]string{}
	var sheets []*sheet
	for _, f := range files {
		if path.Ext(f.name) == ".css" {
			text, p := source.Parse(f.shown, f.raw)
			if p != nil {
				problems = append(problems, p)
				continue
			}
			sheets = append(sheets, &sheet{File: text, name: f.name})
			continue
		}
		a := Asset{"assets/" + fingerprint(f.name, f.raw), mediaType(f.name), f.raw}
		assets = append(assets, a)
		paths[f.name] = a.Path
	}
	joined := []byte(rootRule(settings))
	for _, s := range sheets {
		text, ps := s.rewrite(paths)
		problems = append(problems, ps...)
		joined = append(joined, text...)
		joined = append(joined, '\n')
	}
	if problems == nil {
		problems = checkNames(sheets, settings)
	}
	if len(problems) > 0 || len(bytes.TrimSpace(joined)) == 0 {
		return assets, paths, problems
	}
	var out bytes.Buffer
	// The minifier modifies its input; joined is not used afterwards.
	if err := css.Minify(minify.New(), &out, bytes.NewReader(joined), nil); err != nil {
		out.Reset()
		out.Write(joined)
	}
	style := Asset{"assets/" + fingerprint("style.css", out.Bytes()), mediaType("style.css"), out.Bytes()}
	paths["style.css"] = style.Path
	return append([]Asset{style}, assets...), paths, nil
}

// rootRule returns a rule with the settings as custom properties. It comes
// first, so that style sheets can rely on them.
func rootRule(settings map[string]*Setting) string {
	var b strings.Builder
	for _, name := range slices.Sorted(maps.Keys(settings)) {
		if v := settings[name].css(); v != "" {
			fmt.Fprintf(&b, "--setting-%s:%s;", name, v)
		}
	}
	if b.Len() == 0 {
		return ""
	}
	return ":root{" + b.String() + "}\n"
}

// fingerprint inserts a digest of the bytes into a file name.
func fingerprint(name string, b []byte) string {
	sum := sha256.Sum256(b)
	ext := path.Ext(name)
	return strings.TrimSuffix(name, ext) + "." + hex.EncodeToString(sum[:6]) + ext
}

// mediaTypes are the types for extensions. Package mime also reads tables of the system.
var mediaTypes = map[string]string{
	".css": "text/css; charset=utf-8", ".txt": "text/plain; charset=utf-8", ".webmanifest": "application/manifest+json",
	".svg": "image/svg+xml", ".png": "image/png", ".jpg": "image/jpeg", ".jpeg": "image/jpeg", ".gif": "image/gif",
	".webp": "image/webp", ".avif": "image/avif", ".ico": "image/x-icon",
	".woff2": "font/woff2", ".woff": "font/woff", ".ttf": "font/ttf", ".otf": "font/otf",
}

func mediaType(name string) string {
	return cmp.Or(mediaTypes[strings.ToLower(path.Ext(name))], "application/octet-stream")
}
