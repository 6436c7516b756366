// Package gallery shows the theme of a site with every kind of page, and with long,
// deep, and wide texts. serve shows it at /.privgen/gallery/.
//
// It has two functions: Files returns the files of a made-up site with the theme of
// another site, and Load loads it.
package gallery

import (
	"embed"
	"fmt"
	"io/fs"
	"path"
	"slices"
	"strings"
	"testing/fstest"
	"time"

	"github.com/privgen/privgen/internal/config"
	"github.com/privgen/privgen/internal/pages"
	"github.com/privgen/privgen/internal/site"
	"github.com/privgen/privgen/internal/source"
	"github.com/privgen/privgen/internal/toml"
)

//go:embed site
var embedded embed.FS

// history is how many versions the policy with the longest history has.
const history = 300

// Files returns the files of the gallery: its own texts, and the theme, the templates,
// and the settings of a site.
func Files(of fs.FS, th config.Theme) fs.FS {
	files := fstest.MapFS{}
	// Embedded files can be read.
	_ = fs.WalkDir(embedded, "site", func(name string, d fs.DirEntry, _ error) error {
		if text, err := embedded.ReadFile(name); err == nil { // not a folder
			files[strings.TrimPrefix(name, "site/")] = &fstest.MapFile{Data: text, Mode: 0o644}
		}
		return nil
	})
	first := time.Date(2002, 1, 15, 0, 0, 0, 0, time.UTC)
	for i := range history {
		text := fmt.Sprintf("+++\nlabel = \"%d\"\n+++\n\n# A history of %d versions\n\nThis is version %[1]d.\n",
			i+1, history)
		name := path.Join(site.Content, "history", first.AddDate(0, 0, 30*i).Format(time.DateOnly)+".md")
		files[name] = &fstest.MapFile{Data: []byte(text), Mode: 0o644}
	}
	c := files[site.ConfigFile]
	c.Data = slices.Concat(c.Data, []byte("\n"), toml.Encode(th, "theme"))
	return layered{files, of}
}

// A layered is a file system with the texts of the gallery and the theme of a site.
type layered struct{ texts, theme fs.FS }

// Open opens a file of the theme if it is in one of its folders, otherwise of the texts.
func (l layered) Open(name string) (fs.File, error) {
	if top, _, _ := strings.Cut(name, "/"); top == site.Templates || top == site.Themes {
		return l.theme.Open(name)
	}
	return l.texts.Open(name)
}

// Load loads the gallery with the theme of a loaded site. In is the input with which
// that site was loaded.
func Load(in site.Input, of *site.Site) (*pages.View, source.Problems) {
	loaded, problems := site.Load(site.Input{
		Files: Files(in.Files, of.Config.Theme), Templates: in.Templates, Themes: in.Themes, Program: in.Program,
		Each: in.Each,
	})
	if len(problems) > 0 {
		return nil, problems
	}
	now, _ := loaded.Config.Site.Day.Begin(time.UTC)
	return pages.NewView(loaded, now, pages.Preview{}), nil
}
