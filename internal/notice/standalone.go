package notice

import (
	"fmt"
	"html"

	"github.com/privgen/privgen/internal/locale"
	"github.com/privgen/privgen/internal/markdown"
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
	b := fmt.Appendf(nil, standalonePage, lang, l.Dir, class, title, standaloneStyle, heading)
	set := pages.WordsOf(&l.Words)
	set.Unchanged = ""
	set.Address = func(dest string) (string, bool) { return dest, true } // as written: there is no site around
	if d.Table {
		from := len(b)
		b = view.Table(b, r, set, &view.TableOptions{
			Before: l.Words.Before + " (" + d.Before + ")", After: l.Words.After + " (" + d.After + ")",
			Added: l.Words.Added, Removed: l.Words.Removed,
		})
		b = append(b[:from], markdown.Direct(b[from:], l.Dir)...)
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
const markStyle = `ins { background: light-dark(#e2f5e6, #12351c); color: light-dark(#0b4a1e, #b6f0c4); text-decoration: underline double }
del { background: light-dark(#fce8e8, #4a1414); color: light-dark(#7a1212, #ffc9c9); text-decoration: line-through }
[data-moved] { text-decoration-style: dotted }
.space { background: none; text-decoration: none }
.sign, [data-href-was], [data-markup-was] { border-bottom: 2px dotted #b26a00 }
.sign::before { content: attr(data-sign) " " }
.break::before { content: " ¶" / "" }
.line::before { content: "↵" / "" }
[data-say]:not(.break, .line)::before, [data-said]::after { position: absolute; width: 1px; height: 1px; clip-path: inset(50%); overflow: hidden; white-space: nowrap }
[data-say]:not(.break, .line)::before { content: attr(data-say) " " }
[data-said]::after { content: " " attr(data-said) }
`

// standaloneStyle is the style of a page that has no site around it.
const standaloneStyle = `:root { color-scheme: light dark }
body { max-width: 42rem; margin: 2rem auto; padding: 0 1rem; font: 1rem/1.6 sans-serif }
` + markStyle + `td, th { text-align: start; vertical-align: top; padding: .25rem .5rem }
.table body { max-width: 64rem }
h1 { font-size: 1.4rem }
.versions { width: 100%; table-layout: fixed; border-collapse: collapse; overflow-wrap: anywhere; hyphens: auto }
.versions > * > tr > * { width: 50%; border: 1px solid; padding: .5rem .75rem }
.versions > thead { display: table-header-group }
.versions :is(h1, h2, h3, h4, h5, h6) { font-size: 1em; margin: 0 0 .5em }
.versions td > :last-child { margin-bottom: 0 }
.versions del { text-decoration: underline }
.versions ul, .versions ol { padding-inline-start: 1.5em }
@page { size: A4; margin: 18mm 16mm }
@media (max-width: 40rem) { .versions { font-size: .875rem } .versions > * > tr > * { padding: .35rem } }
@media print { body { margin: 0; padding: 0; max-width: none !important; font-size: 9.5pt } :is(h1, h2, h3) { break-after: avoid } }
`
