package notice

import (
	_ "embed"
	"fmt"
	"html"

	"github.com/privgen/privgen/internal/locale"
	"github.com/privgen/privgen/internal/markdown/direction"
	"github.com/privgen/privgen/internal/pages"
	"github.com/privgen/privgen/internal/redline"
	"github.com/privgen/privgen/internal/redline/view"
	"github.com/privgen/privgen/internal/source"
)

// A Comparison describes the two texts of a redline, and how Standalone shows it.
type Comparison struct {
	Name          string // what is compared
	Before, After string // the names of the two texts
	Lang          string // the language of the page's words; if privgen has none in it, they are English
	Table         bool   // whether the page is a table of the old and the new text, by clause
}

// Standalone returns a redline as a complete page without a site around it.
func Standalone(r *redline.Redline, d *Comparison) []byte {
	lang := d.Lang
	if lang == "" {
		lang = "en"
	}
	l, list := locale.Load(lang, source.In("privgen.toml"), nil)
	if len(list) > 0 {
		l, _ = locale.Load("en", source.In("privgen.toml"), nil) // only a site has words in this language
	}
	title, class := html.EscapeString(d.Name), ""
	heading := "<p>" + title + "</p>"
	if d.Table {
		class, heading = ` class="table"`, "<h1>"+html.EscapeString(l.Words.Summary)+"</h1>"
	}
	b := fmt.Appendf(nil, standalonePage, lang, l.Dir, class, title, markStyle+standaloneStyle, heading)
	set := pages.WordsOf(&l.Words)
	set.Unchanged = ""
	set.Address = func(dest string) (string, bool) { return dest, true } // as written: there is no site to resolve it
	if d.Table {
		from := len(b)
		b = view.Table(b, r, set, &view.TableOptions{
			Before: l.Words.Before + " (" + d.Before + ")", After: l.Words.After + " (" + d.After + ")",
			Added: l.Words.Added, Removed: l.Words.Removed,
		})
		b = append(b[:from], direction.Set(b[from:], l.Dir)...)
	} else {
		b, _ = view.HTML(b, r, set)
	}
	return append(b, "</article>\n</html>\n"...)
}

const standalonePage = `<!doctype html>
<html lang="%s" dir="%s"%s>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>%s</title>
<style>
%s</style>
%s
<article>
`

// markStyle is the style of a redline's marks in a file without a site around it.
//
//go:embed marks.css
var markStyle string

// standaloneStyle is the rest of the style of a page without a site around it.
//
//go:embed standalone.css
var standaloneStyle string
