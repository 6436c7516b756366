package markdown

import (
	"bytes"
	"fmt"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/yuin/goldmark/ast"
	east "github.com/yuin/goldmark/extension/ast"
	"github.com/yuin/goldmark/util"

	"github.com/privgen/privgen/internal/lazyregexp"
	"github.com/privgen/privgen/internal/markdown/lines"
	"github.com/privgen/privgen/internal/markdown/syntax"
	"github.com/privgen/privgen/internal/numbering"
	"github.com/privgen/privgen/internal/source"
)

// This file finds mistakes in Markdown: words that no page would show, marks that
// would be shown as characters, and paragraphs that became something else.
// Markdown accepts all of them. For a text that must not be changed any more,
// mistakes = "keep" accepts them, too.

// A flaw is something in a block that a text must not contain.
type flaw struct {
	at             int
	code, what, do string
}

func (f flaw) problem(at source.Pos) *source.Problem {
	if isMistake(f.code) {
		f.do += "\nif the text may no longer be changed, write mistakes = \"keep\" in its front matter"
	}
	return source.NewProblem(at, f.code, f.what, f.do)
}

// isMistake reports whether mistakes = "keep" accepts problems of a code.
func isMistake(code string) bool {
	switch code {
	case "lost-words", "broken-markup", "empty-heading", "accidental-markup":
		return true
	}
	return false
}

// A mistakeFinder finds the mistakes in a block.
type mistakeFinder struct{ w *blockBuffer }

// find finds the mistakes in a block.
func (f mistakeFinder) find(doc ast.Node, unused []syntax.Unused) {
	for _, note := range unused {
		f.w.flaw(note.At, "lost-words", note.What, note.Do)
	}
	ast.Walk(doc, func(n ast.Node, entering bool) (ast.WalkStatus, error) {
		if !entering {
			return ast.WalkContinue, nil
		}
		switch n := n.(type) {
		case *ast.Heading:
			f.headingMistakes(n)
		case *ast.Blockquote:
			f.quoteMistakes(n)
		case *ast.CodeBlock:
			f.codeMistakes(n)
		case *east.TableRow:
			f.rowMistakes(n)
		case *ast.HTMLBlock:
			f.htmlMistakes(n)
			return ast.WalkSkipChildren, nil
		case *ast.RawHTML:
			f.tagMistakes(n)
		case *ast.Emphasis:
			f.emphasisMistakes(n)
		case *ast.Paragraph, *ast.TextBlock:
			f.numberMistakes(n)
		}
		if n.Type() == ast.TypeBlock && n.FirstChild() != nil && n.FirstChild().Type() == ast.TypeInline {
			f.wordMistakes(n)
		}
		return ast.WalkContinue, nil
	})
}

// box matches the beginning of what an author meant as a box.
var box = lazyregexp.New(`^\[![A-Za-z]+\]`)

// quoteMistakes reports a box with a mistake in its first line, and an empty
// box.
func (f mistakeFinder) quoteMistakes(n *ast.Blockquote) {
	if syntax.IsSummary(n) && !n.HasChildren() {
		f.w.flaw(n.Pos(), "broken-markup", "this box has no words", "write them below, in lines that begin with >")
		return
	}
	p, ok := n.FirstChild().(*ast.Paragraph)
	if !ok || p.Lines().Len() == 0 {
		return
	}
	line := p.Lines().At(0)
	if name := box().Find(line.Value(f.w.source)); name != nil {
		f.w.flaw(line.Start, "broken-markup", fmt.Sprintf("there is no box %s", name),
			"for a summary, write "+syntax.SummaryMarker+" in a separate line;\n"+
				"if the brackets are text, put a backslash before them")
	}
}

// idMark matches an id that Markdown took for words.
var idMark = lazyregexp.New(`(?:^|[^\\])(\{#[^{}]*\})\s*$`)

func (f mistakeFinder) headingMistakes(h *ast.Heading) {
	if h.FirstChild() == nil {
		f.w.flaw(h.Pos(), "empty-heading", "this heading has no words", "write them after the #, or remove the line")
		return
	}
	if n := h.Lines().Len(); n > 0 {
		line := h.Lines().At(n - 1)
		if m := idMark().FindSubmatch(line.Value(f.w.source)); m != nil {
			what := fmt.Sprintf("%s is not an id, so readers would see it", m[1])
			do := "an id has letters, digits, and hyphens, without spaces: {#data-retention}\n" +
				"if it is text, put a backslash before the {"
			if len(h.Attributes()) > 0 {
				what = fmt.Sprintf("a heading has one id, so readers would see %s", m[1])
				do = "keep one of the two; links to the other lead here with [aliases] in the front matter"
			}
			f.w.flaw(line.Stop-len(m[1]), "broken-markup", what, do)
		}
	}
	if h.Level != 2 || h.Lines().Len() == 0 || h.Lines().At(0).Start != h.Pos() {
		return
	}
	// An author who means a heading underlines all of it.
	last := h.Lines().At(h.Lines().Len() - 1)
	rest := f.w.source[min(last.Stop, len(f.w.source)):]
	if f.w.source[min(last.Stop, len(f.w.source))-1] != '\n' {
		_, rest, _ = bytes.Cut(rest, []byte("\n"))
	}
	underline, _, _ := bytes.Cut(rest, []byte("\n"))
	words := strings.TrimSpace(f.w.words(h))
	if bytes.Count(underline, []byte("-")) > 5 || numbering.Of(words).End > 0 {
		return
	}
	end, _ := utf8.DecodeLastRuneInString(words)
	if strings.ContainsRune(".。;；！!？?", end) && len(words) > 15 {
		f.w.flaw(h.Pos(), "accidental-markup", "the line of hyphens below makes this sentence a heading",
			"put a blank line before the hyphens; for a heading, write ## before its words")
	}
}

// codeMistakes reports indented code that reads like a sentence.
func (f mistakeFinder) codeMistakes(n *ast.CodeBlock) {
	all := bytes.TrimSpace(n.Lines().Value(f.w.source))
	r, _ := utf8.DecodeRune(all)
	last, _ := utf8.DecodeLastRune(all)
	words := len(bytes.Fields(all))
	wide := util.IsEastAsianWideRune(r) && utf8.RuneCount(all) >= 8
	if !unicode.IsLetter(r) || words < 5 && !wide || bytes.ContainsAny(all, "{}<>=;$\\|`#") ||
		!strings.ContainsRune(".!?:,。！？：，", last) {
		return
	}
	f.w.flaw(n.Lines().At(0).Start, "accidental-markup",
		"this paragraph is code, because it is indented by a tab, or by four spaces or more",
		"remove what is before it; for code, put it between lines of ```")
}

// rowMistakes reports cells of a row that have no column.
func (f mistakeFinder) rowMistakes(row *east.TableRow) {
	if row.ChildCount() <= len(row.Alignments) {
		return
	}
	cell := row.FirstChild()
	for range row.Alignments {
		cell = cell.NextSibling()
	}
	line := cell.Lines().At(0)
	f.w.flaw(line.Start, "lost-words", fmt.Sprintf("this row has more cells than the table has columns: %q is in none",
		shorten(string(line.Value(f.w.source)))),
		"give the first row of the table another cell, or put a backslash before a | that is text")
}

// These match marks that Markdown took for words.
var (
	noSuchReference = lazyregexp.New(`\[[^\[\]\x00]+\]\[([^\[\]\x00]*\pL[^\[\]\x00]*)\]|\[([^\[\]\x00]*\pL[^\[\]\x00]*)\]\[\]`)
	noSuchNote      = lazyregexp.New(`\[\^[^\[\]\s\x00]+\]`)
	brokenLink      = lazyregexp.New(`\[[^\[\]\x00]+\]\((?:https?:|mailto:|tel:|www\.|\.{0,2}/|#)[^()\x00]*\)`)
)

// A runningText is the words of a paragraph, with a NUL for each node that is
// no text.
type runningText struct {
	strings.Builder
	stretches [][2]int // where each begins, here and in the source
}

func (t *runningText) put(s string, from int) {
	t.stretches = append(t.stretches, [2]int{t.Len(), from})
	t.WriteString(s)
}

// at returns the offset of a byte in the source.
func (t *runningText) at(i int) int {
	n, _ := slices.BinarySearchFunc(t.stretches, i+1, func(s [2]int, i int) int { return s[0] - i })
	return t.stretches[n-1][1] + i - t.stretches[n-1][0]
}

// collect appends the words of a node.
func (f mistakeFinder) collect(t *runningText, n ast.Node) {
	for c := n.FirstChild(); c != nil; c = c.NextSibling() {
		switch c := c.(type) {
		case *ast.Text:
			t.put(hideEscapes(string(c.Segment.Value(f.w.source))), c.Segment.Start)
			if c.SoftLineBreak() || c.HardLineBreak() {
				t.put(" ", c.Segment.Stop)
			}
		case *ast.AutoLink:
			t.put(string(c.Label(f.w.source)), f.w.pos(c.Pos()))
		case *ast.Link, *ast.Image, *ast.CodeSpan, *ast.RawHTML, *east.FootnoteLink, *ast.String,
			*east.FootnoteBacklink:
			t.put("\x00", f.w.pos(c.Pos()))
		default:
			t.put("\x00", f.w.pos(c.Pos()))
			f.collect(t, c)
			t.put("\x00", f.w.pos(c.Pos()))
		}
	}
}

// wordMistakes reports marks of Markdown that stayed words of a paragraph.
func (f mistakeFinder) wordMistakes(block ast.Node) {
	var t runningText
	f.collect(&t, block)
	if s := t.String(); strings.IndexByte(s, '[') >= 0 {
		f.bracketMistakes(s, t.at)
	}
	f.markMistakes(t.String(), t.at)
}

const bracketsAsText = "if the brackets are text, put a backslash before them"

func (f mistakeFinder) bracketMistakes(s string, at func(int) int) {
	for _, m := range noSuchReference().FindAllStringSubmatchIndex(s, -1) {
		if m[2] < 0 { // [label][]
			m[2], m[3] = m[4], m[5]
		}
		f.w.flaw(at(m[0]), "broken-markup",
			fmt.Sprintf("%q refers to a URL that the text does not define", shorten(s[m[0]:m[1]])),
			fmt.Sprintf("write its URL below: [%s]: https://example.com/\n", s[m[2]:m[3]])+bracketsAsText)
	}
	for _, m := range noSuchNote().FindAllStringIndex(s, -1) {
		note := s[m[0]:m[1]]
		what, do := "the text has no footnote "+shorten(note), fmt.Sprintf("write it below: %s: what it says\n", note)
		if strings.HasPrefix(s[m[1]:], ":") {
			what, do = shorten(note)+": does not begin a footnote here",
				"remove the spaces before it, and put a blank line above it;\n"
		}
		f.w.flaw(at(m[0]), "broken-markup", what, do+bracketsAsText)
	}
	for _, m := range brokenLink().FindAllStringIndex(s, -1) {
		f.w.flaw(at(m[0]), "broken-markup",
			fmt.Sprintf("%q is not a link, because its URL has a space or a line break in it",
				shorten(s[m[0]:m[1]])),
			"write %20 for the space, or put the URL between < and >")
	}
}

// hideEscapes replaces escaped characters, so that they are not taken for
// marks.
func hideEscapes(s string) string {
	if strings.IndexByte(s, '\\') < 0 {
		return s
	}
	b := []byte(s)
	for i := 0; i+1 < len(b); i++ {
		if b[i] == '\\' && util.IsPunct(b[i+1]) {
			b[i], b[i+1] = '.', '.'
			i++
		}
	}
	return string(b)
}

// swallowing are the elements whose content a browser or the sanitizer does not
// show as text.
var swallowing = lazyregexp.New(`(?i)<(script|style|title|iframe|noscript|object|noembed|noframes|frame|frameset|nostyle|textarea|xmp|plaintext)(?:[\s/>]|$)`)

func (f mistakeFinder) openHTML(at int, element string) {
	f.w.flaw(at, "open-html", fmt.Sprintf("<%s> begins here and does not end in the same paragraph, so what follows "+
		"would be on no page", element),
		fmt.Sprintf("if the tag is text, put a backslash before it: \\<%s>", element))
}

func (f mistakeFinder) openComment(at int) {
	f.w.flaw(at, "open-html", "the comment that begins here has no end, so what follows would be on no page",
		"write --> where it ends")
}

// hidesWords reports whether the content of an element may be words. The content of
// scripts and style sheets is code, unless it has no sign of code.
func hidesWords(element string, in []byte) bool {
	return element != "script" && element != "style" ||
		len(bytes.Fields(in)) > 1 && !bytes.ContainsAny(in, "{}()=;<>")
}

func (f mistakeFinder) hiddenHTML(at int, element string) {
	f.w.flaw(at, "open-html", fmt.Sprintf("what is in <%s> would be on no page", element),
		fmt.Sprintf("write the words outside of it; if the tag is text, put a backslash before it: \\<%s>", element))
}

// htmlMistakes reports elements of a block of HTML that do not end in it.
func (f mistakeFinder) htmlMistakes(n *ast.HTMLBlock) {
	var b []byte
	for _, line := range htmlLines(n) {
		b = append(b, line.Value(f.w.source)...)
	}
	start := n.Lines().At(0).Start
	for mark, end := range map[string]string{"<![CDATA[": "]]>", "<?": "?>", "<!DOCTYPE": ">"} {
		if bytes.HasPrefix(bytes.TrimSpace(b), []byte(mark)) && !bytes.Contains(b, []byte(end)) {
			f.w.flaw(start, "open-html",
				fmt.Sprintf("the %s that begins here has no end, so what follows would be no Markdown", mark),
				fmt.Sprintf("if it is text, put a backslash before it: \\%s", mark))
			return
		}
	}
	for at := 0; at < len(b); {
		comment := bytes.Index(b[at:], []byte("<!--"))
		m := swallowing().FindSubmatchIndex(b[at:])
		if comment >= 0 && (m == nil || comment < m[0]) {
			end := bytes.Index(b[at+comment:], []byte("-->"))
			if end < 0 || bytes.Contains(b[at+comment+1:at+comment+end], []byte("<!--")) {
				f.openComment(start + at + comment)
				return
			}
			at += comment + end + 3
			continue
		}
		if m == nil {
			return
		}
		name := string(bytes.ToLower(b[at+m[2] : at+m[3]]))
		end := bytes.Index(bytes.ToLower(b[at+m[1]:]), []byte("</"+name))
		in := b[at+m[1] : at+m[1]+max(end, 0)]
		again := !hidesWords(name, nil) && bytes.Contains(bytes.ToLower(in), []byte("<"+name))
		if end < 0 && name != "frame" || again {
			f.openHTML(start+at+m[0], name)
			return
		}
		words := htmlTags().ReplaceAll(in, nil)
		if hidesWords(name, words) && len(bytes.Trim(words, " \t\n>")) > 0 {
			f.hiddenHTML(start+at+m[0], name)
		}
		at += m[1] + max(end, 0)
	}
}

// tagMistakes reports a tag in running text whose element does not end in the
// same paragraph.
func (f mistakeFinder) tagMistakes(n *ast.RawHTML) {
	value := n.Segments.Value(f.w.source)
	if bytes.LastIndex(value, []byte("<!--")) > 0 && bytes.HasPrefix(value, []byte("<!--")) {
		f.openComment(n.Segments.At(0).Start)
		return
	}
	m := swallowing().FindSubmatch(value)
	if m == nil || !bytes.HasPrefix(value, m[0][:1]) {
		return
	}
	name := bytes.ToLower(m[1])
	at, prose := n.Segments.At(0).Start, false
	for c := n.NextSibling(); c != nil; c = c.NextSibling() {
		if words := f.w.words(c); c.Kind() != ast.KindRawHTML && strings.TrimSpace(words) != "" {
			if hidesWords(string(name), nil) {
				f.hiddenHTML(at, string(name))
				return
			}
			prose = prose || hidesWords(string(name), []byte(words))
		}
		raw, ok := c.(*ast.RawHTML)
		if !ok {
			continue
		}
		tag := bytes.ToLower(raw.Segments.Value(f.w.source))
		if bytes.HasPrefix(tag, append([]byte("</"), name...)) {
			if prose {
				f.hiddenHTML(at, string(name))
			}
			return
		}
		if !hidesWords(string(name), nil) && bytes.HasPrefix(tag, append([]byte("<"), name...)) {
			break // the end is that of another one
		}
	}
	f.openHTML(at, string(name))
}

// HasMistakes reports whether a text has a mistake or a placeholder that
// mistakes = "keep" accepts.
func HasMistakes(text []byte) bool {
	if len(placeholders(text)) > 0 {
		return true
	}
	at := 0
	for _, end := range lines.Cuts(text) {
		if slices.ContainsFunc(renderBlock(text[at:end], true).flaws, func(f flaw) bool { return isMistake(f.code) }) {
			return true
		}
		at = end
	}
	return false
}
