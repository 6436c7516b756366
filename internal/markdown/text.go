package markdown

import (
	"unicode/utf8"

	"github.com/yuin/goldmark/ast"
	"github.com/yuin/goldmark/renderer/html"
	"github.com/yuin/goldmark/util"
)

// This file renders words, and the line feeds between them. goldmark can omit a
// line feed between two characters of a script without spaces. But then it also
// omits it before every link and emphasis, and joins separate words.

func renderText(w *blockBuffer, n ast.Node) {
	t := n.(*ast.Text)
	value := t.Segment.Value(w.source)
	if t.IsRaw() {
		html.DefaultWriter.RawWrite(w, value)
		return
	}
	html.DefaultWriter.Write(w, value)
	switch {
	case t.HardLineBreak():
		w.WriteString("<br>\n")
	case t.SoftLineBreak() && !w.wide(t, value):
		w.WriteByte('\n')
	}
}

// wide reports whether a line ends and the next begins with a character of a
// script that is written without spaces.
func (w *blockBuffer) wide(t *ast.Text, value []byte) bool {
	last, _ := utf8.DecodeLastRune(value)
	if !util.IsEastAsianWideRune(last) || t.NextSibling() == nil {
		return false
	}
	first, _ := utf8.DecodeRuneInString(w.words(t.NextSibling()))
	return util.IsEastAsianWideRune(first)
}
