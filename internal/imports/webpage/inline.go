package webpage

import (
	"cmp"

	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"

	"github.com/privgen/privgen/internal/lazyregexp"
)

// This file writes words and their marks: emphasis, code, links.
//
// In Markdown, the characters beside a star decide what it is, so not every
// emphasis of a page can be written: not one that starts with a quote after a letter,
// and not one right after another. Such words are written without it. Each paragraph
// and heading is parsed to check that.

// A style is a set of marks.
type style uint8

const (
	bold style = 1 << iota
	italic
	strike
	code
)

// A format has what words inherit from the elements around them.
type format struct {
	style style
	dest  string // of the link around them
}

// A run has words in one format, a footnote reference, or a line break.
type run struct {
	format
	text string
	note string // the label of a footnote reference
	brk  bool
}

// gather collects the runs of an inline node.
func (w *writer) gather(n *html.Node, m format, out []run) []run {
	say := func(s string) { out = append(out, run{format: m, text: s}) }
	if n.Type == html.TextNode {
		say(n.Data)
	}
	if n.Type != html.ElementNode {
		return out
	}
	switch n.DataAtom {
	case atom.Br:
		return append(out, run{brk: true})
	case atom.Wbr:
		return out
	case atom.Img:
		return append(out, w.image(n, m)...)
	case atom.A:
		if label, ok := w.notes.refs[n]; ok {
			return append(out, run{note: label})
		}
		if w.notes.backs[n] {
			return out
		}
	case atom.Q:
		say("“")
	}
	if sub := n.DataAtom == atom.Sub; (sub || n.DataAtom == atom.Sup) && !w.notes.in(n) {
		m.dest = cmp.Or(m.dest, w.follow(attr(first(n, "a"), "href")))
		say(raised(words(n), sub, lastRune(out)))
		return out
	}
	inner := w.format(n, m)
	block := isBlock(n) // in a heading, where it is invalid
	if block {
		out = append(out, run{brk: true})
	}
	for c := range n.ChildNodes() {
		out = w.gather(c, inner, out)
	}
	if block {
		out = append(out, run{brk: true})
	}
	if n.DataAtom == atom.Q {
		say("”")
	}
	return out
}

// lastRune returns the last character of runs, or 0.
func lastRune(runs []run) rune {
	for i := len(runs) - 1; i >= 0; i-- {
		if runs[i].brk || runs[i].note != "" {
			return 0
		}
		if runs[i].text != "" {
			r, _ := utf8.DecodeLastRuneInString(runs[i].text)
			return r
		}
	}
	return 0
}

// format returns the format of the words in an element.
func (w *writer) format(n *html.Node, m format) format {
	switch n.DataAtom {
	case atom.B, atom.Strong:
		m.style |= bold
	case atom.I, atom.Em, atom.Cite, atom.Dfn, atom.Var:
		m.style |= italic
	case atom.S, atom.Strike, atom.Del:
		m.style |= strike
	case atom.Code, atom.Kbd, atom.Samp, atom.Tt:
		m.style |= code
	case atom.A:
		if href := w.follow(attr(n, "href")); href != "" {
			m.dest = href
		}
	}
	return m
}

// image returns the alternative text of an image, as a link to it: pages load
// nothing from other hosts.
func (w *writer) image(n *html.Node, m format) []run {
	alt := collapse(attr(n, "alt"))
	if alt == "" {
		w.images++
		return nil
	}
	if src := attr(n, "src"); m.dest == "" && ParseURL(src) != nil {
		m.dest = src
	}
	return []run{{format: m, text: alt}}
}

// indents matches several spaces with a no-break space among them: they are for
// layout. A single no-break space is kept.
var indents = lazyregexp.New(`\x{a0}[\s\x{a0}]+|\s+\x{a0}[\s\x{a0}]*`)

// tidy collapses white space, and removes it at the ends and beside line breaks. It
// removes line breaks at the ends.
func tidy(runs []run) []run {
	var out []run
	space := true // at the start of a line
	for _, r := range runs {
		switch {
		case r.brk:
			trimRight(out)
			out = append(out, r)
			space = true
		case r.note != "":
			out = append(out, r)
			space = false
		default:
			var b strings.Builder
			for _, c := range indents().ReplaceAllString(r.text, " ") {
				white := c == ' ' || c == '\n' || c == '\t' || c == '\r' || c == '\f'
				if white && !space {
					b.WriteByte(' ')
				} else if !white {
					b.WriteRune(c)
				}
				space = white || space && (c == '\u00a0' || c == '\u200b') && b.Len() == 0
			}
			if r.text = b.String(); r.text != "" {
				out = append(out, r)
			}
		}
	}
	trimRight(out)
	return strip(out)
}

// trimRight trims the white space at the end of the last run.
func trimRight(runs []run) {
	for i := len(runs) - 1; i >= 0 && !runs[i].brk && runs[i].note == ""; i-- {
		if runs[i].text = strings.TrimRightFunc(runs[i].text, unicode.IsSpace); runs[i].text != "" {
			return
		}
	}
}

// strip removes empty runs, white space at the start, and line breaks at the ends.
func strip(runs []run) []run {
	var out []run
	for _, r := range runs {
		if len(out) == 0 {
			if r.brk {
				continue
			}
			r.text = strings.TrimLeftFunc(r.text, unicode.IsSpace)
		}
		if r.brk || r.note != "" || r.text != "" {
			out = append(out, r)
		}
	}
	for len(out) > 0 && out[len(out)-1].brk {
		out = out[:len(out)-1]
	}
	return out
}

// A lineKind is a kind of line: different characters are escaped in each.
type lineKind uint8

const (
	inParagraph lineKind = iota
	inHeading
	inCell
)

// line writes tidy runs as Markdown that parses to the same words: with their marks
// if possible, else without.
func (w *writer) line(runs []run, at lineKind) string {
	want := plainWords(runs)
	for _, careful := range []bool{false, true} {
		s := spell(runs, at, careful)
		if at == inCell || w.reads(s, at, want) {
			return s
		}
	}
	bare := slices.Clone(runs)
	for i := range bare {
		bare[i].style = 0
	}
	return spell(bare, at, true)
}

func plainWords(runs []run) string {
	var b strings.Builder
	for _, r := range runs {
		b.WriteString(r.text)
		if r.brk {
			b.WriteByte('\n')
		}
	}
	return b.String()
}

// A piece is a part of Markdown: words, or a mark that opens or closes emphasis.
type piece struct {
	s     string
	sign  rune // '(' opens, ')' closes; 0 for words
	other int  // the index of the matching mark
}

// A speller writes runs as Markdown.
type speller struct {
	at      lineKind
	careful bool // escape all ASCII punctuation
	pieces  []piece
}

// spell writes the runs of a line.
func spell(runs []run, at lineKind, careful bool) string {
	p := speller{at: at, careful: careful}
	for len(runs) > 0 {
		n, first := 1, runs[0]
		switch {
		case first.brk:
			p.words(lineBreak[at])
		case first.note != "":
			p.words("[^" + first.note + "]")
		default:
			for n < len(runs) && runs[n].dest == first.dest && !runs[n].brk && runs[n].note == "" {
				n++
			}
			if first.dest == "" {
				p.emphasize(runs[:n], allStyles)
			} else {
				p.link(runs[:n])
			}
		}
		runs = runs[n:]
	}
	return startLines(join(p.pieces), at)
}

var lineBreak = map[lineKind]string{inHeading: " ", inCell: "<br>", inParagraph: "\\\n"}

func (p *speller) words(s string) { p.pieces = append(p.pieces, piece{s: s}) }

func (p *speller) link(runs []run) {
	dest := runs[0].dest
	lead, text, tail := cutSpace(plainWords(runs))
	p.words(lead)
	switch {
	case text == "":
	case (text == dest || "mailto:"+text == dest) && !strings.ContainsAny(dest, " <>\\*_`[]|") && isASCII(dest):
		p.words("<" + text + ">")
	default:
		p.words("[")
		p.emphasize(trimRuns(runs), allStyles)
		p.words("](" + destinationOf(dest) + ")")
	}
	p.words(tail)
}

// cutSpace splits a text into the white space around it and the rest.
func cutSpace(s string) (lead, text, tail string) {
	text = strings.TrimSpace(s)
	lead, tail, _ = strings.Cut(s, text)
	return lead, text, tail
}

func isASCII(s string) bool {
	return strings.IndexFunc(s, func(r rune) bool { return r > 0x7f }) < 0
}

// trimRuns returns runs without white space at the ends.
func trimRuns(runs []run) []run {
	out := strip(runs)
	trimRight(out)
	return strip(out)
}

// destinationOf writes a URL as a Markdown link destination.
func destinationOf(dest string) string {
	dest = strings.NewReplacer(" ", "%20", "\"", "%22", "\\", "%5C", "|", "%7C", "<", "%3C", ">", "%3E").Replace(dest)
	if strings.Count(dest, "(") != strings.Count(dest, ")") || strings.Index(dest, ")") < strings.Index(dest, "(") {
		return "<" + dest + ">"
	}
	return dest
}

var (
	signs     = map[style]string{bold: "**", italic: "*", strike: "~~"}
	allStyles = []style{bold, strike, italic} // from the outermost
)

// emphasize writes runs with the marks of styles, the first one outermost.
func (p *speller) emphasize(runs []run, styles []style) {
	if len(styles) == 0 {
		for _, r := range runs {
			if r.style&code != 0 && strings.TrimSpace(r.text) != "" {
				p.words(codeSpan(r.text, p.at))
			} else {
				p.words(p.escape(r.text))
			}
		}
		return
	}
	mark := styles[0]
	for len(runs) > 0 {
		n := 1
		for n < len(runs) && runs[n].style&mark == runs[0].style&mark {
			n++
		}
		group, inner := runs[:n], trimRuns(runs[:n])
		runs = runs[n:]
		if group[0].style&mark == 0 || len(inner) == 0 {
			p.emphasize(group, styles[1:])
			continue
		}
		lead, _, tail := cutSpace(plainWords(group))
		p.words(lead)
		begin := len(p.pieces)
		p.pieces = append(p.pieces, piece{s: signs[mark], sign: '('})
		p.emphasize(inner, styles[1:])
		p.pieces[begin].other = len(p.pieces)
		p.pieces = append(p.pieces, piece{s: signs[mark], sign: ')', other: begin})
		p.words(tail)
	}
}

// join joins pieces, without the marks that would not parse as such.
func join(ps []piece) string {
	gone := make([]bool, len(ps))
	for i, p := range ps {
		if p.sign == '(' && !(flanks(ps, i, 1, gone) && flanks(ps, p.other, -1, gone)) {
			gone[i], gone[p.other] = true, true
		}
	}
	var b strings.Builder
	for i, p := range ps {
		if !gone[i] {
			b.WriteString(p.s)
		}
	}
	return b.String()
}

// flanks reports whether a mark parses as one that opens (inward is 1) or closes
// (-1) emphasis: CommonMark's left- and right-flanking delimiter runs.
func flanks(ps []piece, i, inward int, gone []bool) bool {
	inside, ok := beside(ps, i, inward, gone)
	outside, ok2 := beside(ps, i, -inward, gone)
	if !ok || !ok2 || unicode.IsSpace(inside) {
		return false
	}
	if ps[i].s != "**" && wordRune(inside) && wordRune(outside) && outside != ' ' {
		return ps[i].s == "*" // inside a word: stars only
	}
	return !punctuation(inside) || unicode.IsSpace(outside) || punctuation(outside)
}

func wordRune(r rune) bool { return unicode.IsLetter(r) || unicode.IsDigit(r) }

func punctuation(r rune) bool { return unicode.IsPunct(r) || unicode.IsSymbol(r) }

// beside returns the character next to a mark in a direction. Marks of the same
// kind are part of its delimiter run; after one of the other kind, ok is false.
func beside(ps []piece, i, step int, gone []bool) (r rune, ok bool) {
	sign := ps[i].sign
	for k := i + step; k >= 0 && k < len(ps); k += step {
		switch {
		case gone[k] || ps[k].s == "":
		case ps[k].sign == 0 && step > 0:
			r, _ := utf8.DecodeRuneInString(ps[k].s)
			return r, true
		case ps[k].sign == 0:
			r, _ := utf8.DecodeLastRuneInString(ps[k].s)
			return r, true
		case sign == ')' && step > 0 && ps[k].sign == '(':
			// join drops the marks of an emphasis that starts right after this one
		case ps[k].sign != sign:
			return 0, false
		}
	}
	return ' ', true
}

// codeSpan writes a code span between more backquotes than it contains.
func codeSpan(s string, at lineKind) string {
	s = collapse(s)
	fence := "`"
	for strings.Contains(s, fence) {
		fence += "`"
	}
	if at == inCell {
		s = strings.ReplaceAll(s, "|", `\|`)
	}
	if strings.HasPrefix(s, "`") || strings.HasSuffix(s, "`") {
		s = " " + s + " "
	}
	return fence + s + fence
}

// escape escapes characters that would parse as markup, and no others, so that the
// Markdown stays readable.
func (p *speller) escape(s string) string {
	var b strings.Builder
	runes := []rune(s)
	for i, r := range runes {
		before, after := ' ', ' '
		if i > 0 {
			before = runes[i-1]
		}
		if i+1 < len(runes) {
			after = runes[i+1]
		}
		special := false
		switch r {
		case '\\', '*', '`', '[', ']', '~':
			special = true
		case '_':
			special = !wordRune(before) || !wordRune(after)
		case '<':
			special = unicode.IsLetter(after) || strings.ContainsRune("/!?", after) || after == ' ' && i+1 == len(runes)
		case '&':
			name := entity().FindString(string(runes[i:min(len(runes), i+40)]))
			special = html.UnescapeString(name) != name
		case '|':
			special = p.at == inCell
		case '{', '}':
			special = p.at == inHeading
		}
		if special || p.careful && r < 0x80 && (unicode.IsPunct(r) || unicode.IsSymbol(r)) {
			b.WriteByte('\\')
		}
		b.WriteRune(r)
	}
	return b.String()
}

// entity matches a possible character reference: &amp; or &#169;
var entity = lazyregexp.New(`^&#?[\pL\p{Nd}]+;`)

// startLines escapes the start of lines that would parse as a heading, a list, a
// quote, a rule, or a definition.
func startLines(s string, at lineKind) string {
	switch at {
	case inHeading:
		s = strings.ReplaceAll(s, "\n", " ")
		if start, ok := strings.CutSuffix(s, "#"); ok {
			return start + `\#`
		}
		return s
	case inCell:
		return s
	}
	lines := strings.Split(s, "\n")
	for i, l := range lines {
		lines[i] = startLine(l)
	}
	return strings.Join(lines, "\n")
}

// numbered matches the marker of an ordered list.
var numbered = lazyregexp.New(`^[0-9]{1,9}[.)](?: |$)`)

func startLine(l string) string {
	if l == "" {
		return l
	}
	rest := strings.TrimLeft(l, "0123456789")
	switch {
	case numbered().MatchString(l):
		return l[:len(l)-len(rest)] + `\` + rest
	case strings.ContainsRune(">|:", rune(l[0])), strings.HasPrefix(l, "+++"), strings.HasPrefix(l, "---"):
		return `\` + l
	case l[0] == '#' && strings.HasPrefix(strings.TrimLeft(l, "#")+" ", " "),
		(l[0] == '-' || l[0] == '+') && (len(l) == 1 || l[1] == ' '),
		strings.Trim(l, "= ") == "", strings.Trim(l, "- ") == "":
		return `\` + l
	}
	return l
}
