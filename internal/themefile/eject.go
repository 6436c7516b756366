package themefile

import (
	"fmt"
	"io/fs"
	"path"
	"strconv"
	"strings"

	"github.com/privgen/privgen/internal/lazyregexp"
	"github.com/privgen/privgen/internal/source"
	"github.com/privgen/privgen/internal/toml"
)

// This file copies a block, a page kind, or an asset of the base or of a shipped
// theme into the site, where it replaces the original.

// baseFile defines the blocks of all pages. A copy of it would also replace the
// theme's blocks.
const baseFile = "base.html"

// A copyable is a file of the base or of a theme.
type copyable struct {
	name string // archive.html, assets/base.css
	text string
}

// sources returns the files that can be copied, those of the base first. A file of
// a theme has the name that it would have in the base.
func (t Themes) sources(name string) (out []copyable) {
	add := func(files fs.FS) {
		// Embedded files can be read, and files of a site's own theme are not copied.
		_ = fs.WalkDir(files, ".", func(p string, d fs.DirEntry, err error) error {
			if err != nil || d.IsDir() || path.Ext(p) == ".toml" || path.Ext(p) == ".go" {
				return nil
			}
			if text, err := fs.ReadFile(files, p); err == nil {
				out = append(out, copyable{strings.TrimPrefix(p, "templates/"), string(text)})
			}
			return nil
		})
	}
	add(t.Base)
	if th, err := t.Find(name); err == nil && !th.Own {
		add(th.files)
	}
	return out
}

var action = lazyregexp.New(`\{\{-? ?/\*(?s:.*?)\*/ ?-?\}\}\n?|\{\{-? *(define|block|if|range|with|end)\b *("(?:[^"\\]|\\.)*")?[^}]*\}\}`)

// blocks returns the blocks that a template defines, each with the comment above it.
func (f copyable) blocks() map[string]string {
	out := map[string]string{}
	if path.Ext(f.name) != ".html" {
		return out
	}
	depth, start, comment, name := 0, 0, -1, ""
	for _, m := range action().FindAllStringSubmatchIndex(f.text, -1) {
		switch word := f.text[max(m[2], 0):max(m[3], 0)]; {
		case word == "" && depth == 0:
			comment = m[0]
		case word == "":
		case word == "end":
			if depth--; depth == 0 && name != "" {
				out[name] = f.text[start:m[1]] + "\n"
			}
		default:
			if depth == 0 {
				start, name = m[0], ""
				if word == "define" && m[4] >= 0 {
					name, _ = strconv.Unquote(f.text[m[4]:m[5]])
				}
				if comment >= 0 && strings.TrimSpace(action().ReplaceAllString(f.text[comment:m[0]], "")) == "" {
					start = comment
				}
				comment = -1
			}
			depth++
		}
	}
	return out
}

// Eject returns the path and the text of a file for the site. The file replaces a
// block, a page kind, or an asset of the base or of the site's theme, and has the
// same text.
func (t Themes) Eject(name string) (file string, text []byte, err error) {
	if name == baseFile {
		return "", nil, source.Usage("a copy of base.html would replace the blocks of every theme",
			"name the block to change: privgen theme eject footer")
	}
	for _, f := range t.sources(t.Used) {
		if path.Base(f.name) == name || f.name == name {
			file, text = path.Join("templates", f.name), []byte(f.text)
		}
		if block, ok := f.blocks()[name]; ok {
			file, text = path.Join("templates", name+".html"), []byte(block)
		}
	}
	if file != "" {
		return file, text, nil
	}
	names := t.names()
	do := toml.Suggest(name, names, "%q", "there are "+strings.Join(names, ", "))
	return "", nil, source.Usage(fmt.Sprintf("no block, page, or asset is called %q", name), do)
}
