package main

import (
	"fmt"
	"html"
	"io"

	"github.com/privgen/privgen/internal/locale"
	"github.com/privgen/privgen/internal/pages"
	"github.com/privgen/privgen/internal/redline"
	"github.com/privgen/privgen/internal/source"
)

// This file prints redlines: as text, as JSON, and as a page.

// A redlineView is a redline with what it is of.
type redlineView struct {
	what          string // the policy's slug, or empty
	before, after side
	redline       *redline.Redline
}

// A redlineReport is a redline as JSON, with what it is of.
type redlineReport struct {
	Policy string `json:"policy,omitempty"`
	Before string `json:"before"`
	After  string `json:"after"`
	redline.Report
}

func (v *redlineView) report() redlineReport {
	return redlineReport{v.what, v.before.name, v.after.name, v.redline.Report()}
}

// name returns what the redline is of.
func (v *redlineView) name() string {
	name := v.before.name + " to " + v.after.name
	if v.what != "" {
		name = v.what + " " + name
	}
	return name
}

// summary returns two lines: what it is of, and how much changed.
func (v *redlineView) summary() string { return v.name() + "\n" + v.redline.Summary() + "\n" }

func (v *redlineView) stat(w io.Writer) error {
	_, err := io.WriteString(w, v.summary()+v.redline.Stat())
	return err
}

// print prints the marked text. The redline makes control sequences of the texts
// visible, so its own colors can pass.
func (v *redlineView) print(w io.Writer, color bool) error {
	b := []byte(source.Visible(v.summary()))
	if v.redline.Verdict > redline.Rewrapped {
		b = v.redline.Text(append(b, '\n'), color)
	}
	_, err := behind(w).Write(b)
	return err
}

// page prints a complete page.
func (v *redlineView) page(w io.Writer) error {
	lang := v.after.lang
	if lang == "" {
		lang = "en"
	}
	l, list := locale.Load(lang, source.In("privgen.toml"), nil)
	if len(list) > 0 {
		l, _ = locale.Load("en", source.In("privgen.toml"), nil) // a language with words of the site's own
	}
	title := html.EscapeString(v.name())
	b := fmt.Appendf(nil, redlinePage, lang, l.Dir, title, title)
	set := pages.WordsOf(&l.Words)
	set.Unchanged = ""
	set.Address = func(dest string) (string, bool) { return dest, true } // as written: there is no site around
	b, _ = v.redline.HTML(b, set)
	_, err := w.Write(append(b, "</article>\n</html>\n"...))
	return err
}

const redlinePage = `<!doctype html>
<html lang="%s" dir="%s">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>%s</title>
<style>
:root { color-scheme: light dark }
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
</style>
<p>%s</p>
<article>
`
