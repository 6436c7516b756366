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

// A Comparison is what Standalone needs to know besides the redline.
type Comparison struct {
	Name          string // what is compared
	Before, After string // the names of the two texts
	Lang          string // whose words the page has; if there are none, it has the English ones
	Table         bool   // whether the page is a table of what was and what is, by clause
}

// Standalone returns a redline as a complete page without a site around it.
func Standalone(r *redline.Redline, d *Comparison) []byte {
	lang := d.Lang
	if lang == "" {
		lang = "en"
	}
	l, list := locale.Load(lang, source.In("privgen.toml"), nil)
	if len(list) > 0 {
		l, _ = locale.Load("en", source.In("privgen.toml"), nil) // a language with words of the site's own
	}
	title, class := html.EscapeString(d.Name), ""
	heading := "<p>" + title + "</p>"
	if d.Table {
		class, heading = ` class="table"`, "<h1>"+html.EscapeString(l.Words.Summary)+"</h1>"
	}
	b := fmt.Appendf(nil, standalonePage, lang, l.Dir, class, title, markStyle+standaloneStyle, heading)
	set := pages.WordsOf(&l.Words)
	set.Unchanged = ""
	set.Address = func(dest string) (string, bool) { return dest, true } // as written: there is no site around
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

// markStyle is the style of the marks of a redline in a file that has no site around it.
//
//go:embed marks.css
var markStyle string

// standaloneStyle is the rest of the style of a page that has no site around it.
//
//go:embed standalone.css
var standaloneStyle string
