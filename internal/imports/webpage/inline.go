package webpage

import (
	"html"
	"strings"
	"unicode"
	"unicode/utf8"

	nethtml "golang.org/x/net/html"
	"golang.org/x/net/html/atom"

	"github.com/privgen/privgen/internal/imports/lazyregexp"
)

// This file writes words and what is marked in them: emphasis, code, links.
//
// Markdown's stars are read by what stands beside them, so not every emphasis
// of a page can be written: none inside a word, none that begins with a quote
// behind a letter. Where it cannot, the words are written without. That is
// checked for each paragraph by reading it back.

// A style is the marks that words stand in.
type style uint8

const (
	bold style = 1 << iota
	italic
	strike
	code
)

// A stretch is words in one style, or a line break.
type stretch struct {
	text  string
	style style
	dest  string // of the link they stand in
	note  string // the label of a footnote that is referred to here
	brk   bool
}

// A manner is what words take over from the elements around them.
type manner struct {
	style style
	dest  string
}

// gather collects the runs of an inline node.
func (w *pageWriter) gather(n *nethtml.Node, m manner, out []stretch) []stretch {
	if n.Type == nethtml.TextNode {
		return append(out, stretch{text: n.Data, style: m.style, dest: m.dest})
	}
	if n.Type != nethtml.ElementNode {
		return out
	}
	switch n.DataAtom {
	case atom.Br:
		return append(out, stretch{brk: true})
	case atom.Wbr:
		return out
	case atom.Img:
		return append(out, w.image(n, m)...)
	case atom.A:
		if label, ok := w.notes.refs[n]; ok {
			return append(out, stretch{note: label})
		}
		if w.notes.backs[n] {
			return out
		}
	case atom.Q:
		out = append(out, stretch{text: "“", style: m.style, dest: m.dest})
	}
	inner := w.manner(n, m)
	block := isBlock(n) // in a heading, where there is no room for it
	if block {
		out = append(out, stretch{brk: true})
	}
	for c := n.FirstChild; c != nil; c = c.NextSibling {
		out = w.gather(c, inner, out)
	}
	if block {
		out = append(out, stretch{brk: true})
	}
	if n.DataAtom == atom.Q {
		out = append(out, stretch{text: "”", style: m.style, dest: m.dest})
	}
	return out
}

// manner adds what an element does to the words in it.
func (w *pageWriter) manner(n *nethtml.Node, m manner) manner {
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

// image gives the words of an image: a page loads nothing from other hosts, so
// it becomes a link to the image.
func (w *pageWriter) image(n *nethtml.Node, m manner) []stretch {
	alt := collapse(attr(n, "alt"))
	if alt == "" {
		w.images++
		return nil
	}
	if src := attr(n, "src"); m.dest == "" && ParseURL(src) != nil {
		m.dest = src
	}
	return []stretch{{text: alt, style: m.style, dest: m.dest}}
}

// indents are several spaces with one among them at which no line breaks: they
// are there for the look. One alone is kept.
var indents = lazyregexp.New(`\x{a0}[\s\x{a0}]+|\s+\x{a0}[\s\x{a0}]*`)

// tidy writes white space as it is shown: one space, none at the ends or beside
// breaks; and no break at the ends.
func tidy(runs []stretch) []stretch {
	var out []stretch
	space := true // at the beginning of a line
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

// trimRight takes the white space off the end of the last run.
func trimRight(runs []stretch) {
	for i := len(runs) - 1; i >= 0 && !runs[i].brk && runs[i].note == ""; i-- {
		if runs[i].text = strings.TrimRightFunc(runs[i].text, unicode.IsSpace); runs[i].text != "" {
			return
		}
	}
}

// strip takes away what is empty, white space at the beginning, and breaks at
// the ends.
func strip(runs []stretch) []stretch {
	var out []stretch
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

// A place is where words stand, for what has to be escaped there.
type place uint8

const (
	inParagraph place = iota
	inHeading
	inCell
)

// line writes tidy runs as Markdown, so that they are read back as the same
// words: with their marks if they can be, else without.
func (w *pageWriter) line(runs []stretch, at place) string {
	want := plainWords(runs)
	for _, careful := range []bool{false, true} {
		s := spell(runs, at, careful)
		if at == inCell || w.reads(s, at, want) {
			return s
		}
	}
	bare := make([]stretch, len(runs))
	for i, r := range runs {
		bare[i] = stretch{text: r.text, dest: r.dest, note: r.note, brk: r.brk}
	}
	return spell(bare, at, true)
}

func plainWords(runs []stretch) string {
	var b strings.Builder
	for _, r := range runs {
		b.WriteString(r.text)
		if r.brk {
			b.WriteByte('\n')
		}
	}
	return b.String()
}

// A piece is a stretch of Markdown: words, or the mark that begins or ends
// emphasis.
type piece struct {
	s     string
	sign  rune // '(' begins, ')' ends; 0 for words
	other int  // the piece that ends or begins the same
}

// spell writes runs as Markdown. Careful means to escape whatever could be
// taken for markup.
func spell(runs []stretch, at place, careful bool) string {
	var ps []piece
	for i := 0; i < len(runs); {
		j := i
		for j < len(runs) && runs[j].dest == runs[i].dest && !runs[i].brk && runs[i].note == "" && !runs[j].brk && runs[j].note == "" {
			j++
		}
		switch {
		case runs[i].brk:
			ps = append(ps, piece{s: lineBreak(at)})
			i++
		case runs[i].note != "":
			ps = append(ps, piece{s: "[^" + runs[i].note + "]"})
			i++
		case runs[i].dest == "":
			ps = emphasize(ps, runs[i:j], []style{bold, strike, italic}, at, careful)
			i = j
		default:
			ps = spellLink(ps, runs[i:j], at, careful)
			i = j
		}
	}
	return startLines(join(ps), at)
}

func lineBreak(at place) string {
	switch at {
	case inHeading:
		return " "
	case inCell:
		return "<br>"
	}
	return "\\\n"
}

func spellLink(ps []piece, runs []stretch, at place, careful bool) []piece {
	dest := runs[0].dest
	text := plainWords(runs)
	trimmed := strings.TrimSpace(text)
	if trimmed == "" {
		return append(ps, piece{s: text})
	}
	lead, tail := text[:strings.Index(text, trimmed)], text[strings.Index(text, trimmed)+len(trimmed):]
	if lead != "" {
		ps = append(ps, piece{s: lead})
	}
	if (trimmed == dest || "mailto:"+trimmed == dest) && !strings.ContainsAny(dest, " <>\\*_`[]|") && isASCII(dest) {
		ps = append(ps, piece{s: "<" + trimmed + ">"})
	} else {
		ps = append(ps, piece{s: "["})
		ps = emphasize(ps, trimRuns(runs), []style{bold, strike, italic}, at, careful)
		ps = append(ps, piece{s: "](" + destinationOf(dest) + ")"})
	}
	if tail != "" {
		ps = append(ps, piece{s: tail})
	}
	return ps
}

func isASCII(s string) bool {
	return strings.IndexFunc(s, func(r rune) bool { return r > 0x7f }) < 0
}

// trimRuns takes the white space off the ends of runs.
func trimRuns(runs []stretch) []stretch {
	out := strip(append([]stretch(nil), runs...))
	trimRight(out)
	return strip(out)
}

// destinationOf writes an address as Markdown wants it.
func destinationOf(dest string) string {
	dest = strings.NewReplacer(" ", "%20", "\"", "%22", "\\", "%5C", "|", "%7C", "<", "%3C", ">", "%3E").Replace(dest)
	if strings.Count(dest, "(") != strings.Count(dest, ")") || strings.ContainsAny(dest, "()") && strings.Index(dest, ")") < strings.Index(dest, "(") {
		return "<" + dest + ">"
	}
	return dest
}

var signs = map[style]string{bold: "**", italic: "*", strike: "~~"}

// emphasize writes runs with the marks of styles, the first outermost.
func emphasize(ps []piece, runs []stretch, styles []style, at place, careful bool) []piece {
	if len(styles) == 0 {
		for _, r := range runs {
			if r.style&code != 0 && strings.TrimSpace(r.text) != "" {
				ps = append(ps, piece{s: codeSpan(r.text, at)})
			} else {
				ps = append(ps, piece{s: escape(r.text, at, careful)})
			}
		}
		return ps
	}
	for i := 0; i < len(runs); {
		j := i + 1
		for j < len(runs) && runs[j].style&styles[0] == runs[i].style&styles[0] {
			j++
		}
		group := runs[i:j]
		i = j
		inner := trimRuns(group)
		if group[0].style&styles[0] == 0 || len(inner) == 0 {
			ps = emphasize(ps, group, styles[1:], at, careful)
			continue
		}
		text := plainWords(group)
		trimmed := strings.TrimSpace(text)
		cut := strings.Index(text, trimmed)
		ps = append(ps, piece{s: text[:cut]}, piece{s: signs[styles[0]], sign: '('})
		begin := len(ps) - 1
		ps = emphasize(ps, inner, styles[1:], at, careful)
		ps[begin].other = len(ps)
		ps = append(ps, piece{s: signs[styles[0]], sign: ')', other: begin}, piece{s: text[cut+len(trimmed):]})
	}
	return ps
}

// join puts pieces together, without the marks that would not be read as such.
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

// flanks reports whether a mark is read as one that begins (inward is 1) or
// ends (-1) emphasis: CommonMark's left- and right-flanking delimiter runs.
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

// beside gives the letter next to a mark in a direction; other marks of the
// same kind make one run with it, those of the other kind make it unreadable.
func beside(ps []piece, i, step int, gone []bool) (rune, bool) {
	sign := ps[i].sign
	for k := i + step; k >= 0 && k < len(ps); k += step {
		switch {
		case gone[k] || ps[k].s == "":
		case ps[k].sign == 0:
			if step > 0 {
				r, _ := utf8.DecodeRuneInString(ps[k].s)
				return r, true
			}
			r, _ := utf8.DecodeLastRuneInString(ps[k].s)
			return r, true
		case sign == ')' && step > 0 && ps[k].sign == '(':
			// what begins right behind this one is written without its mark
		case ps[k].sign != sign:
			return 0, false
		}
	}
	return ' ', true
}

// codeSpan writes code, with more backquotes around it than stand in it.
func codeSpan(s string, at place) string {
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

// escape writes words so that nothing in them is read as markup. What would
// not be anyway is left as it is, so that people can read it.
func escape(s string, at place, careful bool) string {
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
			special = strings.HasPrefix(entity(runes[i:]), "&")
		case '|':
			special = at == inCell
		case '{', '}':
			special = at == inHeading
		}
		if special || careful && r < 0x80 && (unicode.IsPunct(r) || unicode.IsSymbol(r)) {
			b.WriteByte('\\')
		}
		b.WriteRune(r)
	}
	return b.String()
}

// entity gives the character reference that runes begin with, or nothing.
func entity(runes []rune) string {
	for i, r := range runes {
		if r == ';' {
			s := string(runes[:i+1])
			if html.UnescapeString(s) != s {
				return s
			}
			return ""
		}
		if i > 0 && !unicode.IsLetter(r) && !unicode.IsDigit(r) && r != '#' {
			return ""
		}
	}
	return ""
}

// startLines escapes what would make the beginning of a line something else
// than words: a heading, a list, a quote, a rule, a definition.
func startLines(s string, at place) string {
	if at == inHeading {
		s = strings.ReplaceAll(s, "\n", " ")
		if strings.HasSuffix(s, "#") {
			s = s[:len(s)-1] + `\#`
		}
		return s
	}
	if at == inCell {
		return s
	}
	lines := strings.Split(s, "\n")
	for i, l := range lines {
		lines[i] = startLine(l)
	}
	return strings.Join(lines, "\n")
}

func startLine(l string) string {
	if l == "" {
		return l
	}
	rest := strings.TrimLeft(l, "0123456789")
	switch {
	case len(rest) < len(l) && len(l)-len(rest) < 10 && rest != "" && (rest[0] == '.' || rest[0] == ')') && (len(rest) == 1 || rest[1] == ' '):
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
