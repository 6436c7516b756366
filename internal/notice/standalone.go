package notice

import (
	"fmt"
	"html"

	"github.com/privgen/privgen/internal/locale"
	"github.com/privgen/privgen/internal/pages"
	"github.com/privgen/privgen/internal/redline"
	"github.com/privgen/privgen/internal/redline/view"
	"github.com/privgen/privgen/internal/source"
)

// Standalone returns a redline as a complete page without a site around it, with
// the words of a language, or the English ones.
func Standalone(r *redline.Redline, name, lang string) []byte {
	if lang == "" {
		lang = "en"
	}
	l, list := locale.Load(lang, source.In("privgen.toml"), nil)
	if len(list) > 0 {
		l, _ = locale.Load("en", source.In("privgen.toml"), nil) // a language with words of the site's own
	}
	title := html.EscapeString(name)
	b := fmt.Appendf(nil, standalonePage, lang, l.Dir, title, title)
	set := pages.WordsOf(&l.Words)
	set.Unchanged = ""
	set.Address = func(dest string) (string, bool) { return dest, true } // as written: there is no site around
	b, _ = view.HTML(b, r, set)
	return append(b, "</article>\n</html>\n"...)
}

const standalonePage = `<!doctype html>
<html lang="%s" dir="%s">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>%s</title>
<style>
` + standaloneStyle + `</style>
<p>%s</p>
<article>
`

// standaloneStyle is the style of a page that has no site around it.
const standaloneStyle = `:root { color-scheme: light dark }
body { max-width: 42rem; margin: 2rem auto; padding: 0 1rem; font: 1rem/1.6 sans-serif }
ins { background: light-dark(#e2f5e6, #12351c); color: light-dark(#0b4a1e, #b6f0c4); text-decoration: underline double }
del { background: light-dark(#fce8e8, #4a1414); color: light-dark(#7a1212, #ffc9c9); text-decoration: line-through }
[data-moved] { text-decoration-style: dotted }
.space { background: none; text-decoration: none }
.sign, [data-href-was], [data-markup-was] { border-bottom: 2px dotted #b26a00 }
.sign::before { content: attr(data-sign) " " }
.break::before { content: " ¶" / "" }
.line::before { content: "↵" / "" }
[data-say]:not(.break, .line)::before, [data-said]::after { position: absolute; width: 1px; height: 1px; clip-path: inset(50%%); overflow: hidden; white-space: nowrap }
[data-say]:not(.break, .line)::before { content: attr(data-say) " " }
[data-said]::after { content: " " attr(data-said) }
td, th { text-align: start; vertical-align: top; padding: .25rem .5rem }
`
