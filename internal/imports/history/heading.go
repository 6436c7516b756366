package history

import (
	"bytes"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/privgen/privgen/internal/imports/dates"
)

// This file finds headings that are headings in all but markup: texts that were
// taken from pages have them as short lines, bold or plain, often numbered.

// A MadeHeading is a line that was made a heading.
type MadeHeading struct {
	Line  int    // in the text, from 1
	Level int    // 1 to 6
	Title string // as it reads now
}

// MakeHeadings gives a text in which lines that are headings in all but markup
// are headings. No word changes. A text that has three headings below its title
// is left as it is: there the other bold lines are something else.
//
// A line is taken when it stands alone, is short, does not end like a sentence
// and has text under it; and when it is bold as a whole, numbered, in capitals,
// or one of at least two such plain lines. Lines that a page's buttons and menus
// left behind are none, nor are plain lines that stand there three times.
func MakeHeadings(text []byte) ([]byte, []MadeHeading) {
	blocks := splitBlocks(text)
	below, title := 0, false
	for _, b := range blocks {
		switch level := b.heading(); {
		case level == 1:
			title = true
		case level > 1:
			below++
		}
	}
	if below >= 3 {
		return text, nil
	}
	var takes []taken
	plain := 0
	said := map[string]int{} // lines that come again and again are labels of a page
	for i := range blocks {
		t, ok := blocks[i].take(blocks, i)
		if !ok {
			continue
		}
		said[t.words]++
		if t.plain {
			plain++
		}
		takes = append(takes, t)
	}
	var out bytes.Buffer
	var made []MadeHeading
	at := 0
	for _, t := range takes {
		if t.plain && plain < 2 || t.number == "" && !t.bold && said[t.words] > 2 {
			continue
		}
		b := blocks[t.block]
		level := 1 + t.depth
		if t.block == 0 && !title && t.number == "" {
			level, title = 1, true
		}
		words := strings.TrimSpace(t.words)
		out.Write(text[at:b.from])
		out.WriteString(strings.Repeat("#", level) + " " + words)
		at = b.from + len(b.line)
		made = append(made, MadeHeading{bytes.Count(text[:b.from], []byte("\n")) + 1, level, words})
	}
	if made == nil {
		return text, nil
	}
	out.Write(text[at:])
	return out.Bytes(), made
}

// A textBlock is a stretch of a text between blank lines.
type textBlock struct {
	from  int    // offset of its first line
	line  string // its first line, without its line feed
	lines []string
	fence bool // it is in a block of code
}

func splitBlocks(text []byte) (out []textBlock) {
	fence := ""
	open := false // a block goes on
	for at := 0; at < len(text); {
		end := len(text)
		if i := bytes.IndexByte(text[at:], '\n'); i >= 0 {
			end = at + i
		}
		line := string(text[at:end])
		trimmed := strings.TrimSpace(line)
		marks := strings.HasPrefix(trimmed, "```") || strings.HasPrefix(trimmed, "~~~")
		switch {
		case trimmed == "" && fence == "":
			open = false
		case !open:
			out = append(out, textBlock{from: at, line: strings.TrimRight(line, "\r"), lines: []string{line}, fence: marks})
			open = true
		default:
			last := &out[len(out)-1]
			last.lines = append(last.lines, line)
		}
		if marks && fence == "" {
			fence = trimmed[:3]
		} else if marks && strings.HasPrefix(trimmed, fence) {
			fence = ""
		}
		at = end + 1
	}
	return out
}

// heading gives the level of a block that is a heading, or 0.
func (b *textBlock) heading() int {
	if b.fence {
		return 0
	}
	if n := len(b.line) - len(strings.TrimLeft(b.line, "#")); n > 0 && n <= 6 && strings.HasPrefix(b.line[n:]+" ", " ") {
		return n
	}
	if len(b.lines) == 2 {
		switch s := strings.TrimSpace(b.lines[1]); {
		case len(s) >= 2 && strings.Trim(s, "=") == "":
			return 1
		case len(s) >= 2 && strings.Trim(s, "-") == "":
			return 2
		}
	}
	return 0
}

// A taken block is to become a heading.
type taken struct {
	block  int
	words  string
	number string // 4.1
	depth  int    // below the title: 1, 2 ...
	plain  bool   // nothing but its place says so
	bold   bool
}

var (
	boldLine   = pattern(`^(?:\*\*([^*]+)\*\*|__([^_]+)__)\s*(:?)\s*\\?$`)
	numberLine = pattern(`^(?:§+\s*)?((?:\d{1,2}|[IVX]{1,5}|[A-Z])(?:\.\d{1,2})*)(\\?[.)])?\s+(\S.*)$`)
	listLine   = pattern(`^\s*(?:[-+*•]|\d{1,9}[.)])\s`)
)

// take judges whether a block is a heading, by its line and what comes after.
func (b *textBlock) take(blocks []textBlock, i int) (taken, bool) {
	t := taken{block: i, depth: 1}
	if b.fence || len(b.lines) != 1 || b.heading() > 0 || i+1 >= len(blocks) || strings.HasPrefix(b.line, "  ") {
		return t, false
	}
	line := strings.TrimSpace(b.line)
	bold := false
	if m := boldLine().FindStringSubmatch(line); m != nil {
		bold, line = true, strings.TrimSpace(m[1]+m[2]+m[3])
	}
	words := line
	if m := numberLine().FindStringSubmatch(line); m != nil && (m[2] != "" || strings.Contains(m[1], ".") || bold) {
		t.number, words = m[1], m[3]
		t.depth = min(1+strings.Count(m[1], "."), 4)
	}
	if !titleLike(words) || !bold && strings.ContainsAny(line, "|<>[]*") || listLine().MatchString(line) && t.number == "" {
		return t, false
	}
	next := blocks[i+1]
	follows := next.heading() == 0 && !next.fence && !strings.HasPrefix(next.line, "|")
	capital := strings.ToUpper(words) == words && strings.ToLower(words) != words && utf8.RuneCountInString(words) > 3
	t.words, t.bold = line, bold
	switch {
	case !follows:
		return t, false
	case bold, capital && t.number == "":
		return t, true
	case t.number != "":
		// Several numbered lines in a row are a list.
		return t, !numberLine().MatchString(strings.TrimSpace(next.line)) && isProse(next)
	}
	t.plain = true
	return t, isProse(next) && !strings.HasSuffix(words, ":") && len(strings.Fields(words)) <= 12
}

// titleLike reports whether a line can be the words of a heading.
func titleLike(s string) bool {
	if isLeftover(s) || strings.HasSuffix(s, " and") || strings.HasSuffix(s, " or") {
		return false
	}
	first, _ := utf8.DecodeRuneInString(s)
	last, _ := utf8.DecodeLastRuneInString(s)
	n := utf8.RuneCountInString(s)
	return n >= 3 && n <= 100 && len(strings.Fields(s)) <= 16 && !unicode.IsLower(first) && (unicode.IsLetter(first) || unicode.IsDigit(first) || unicode.Is(unicode.Pi, first) || first == '"') &&
		!strings.ContainsRune(".,;!…。，；", last) && !strings.Contains(s, "@") && !strings.Contains(s, "://") && !strings.HasSuffix(s, "\\") &&
		!dates.HasYear(s) && !telephone().MatchString(s) && !strings.Contains(s, ". ")
}

var telephone = pattern(`\+?\d[\d ()/-]{6,}`)

// isProse reports whether a block is text, not another short line.
func isProse(b textBlock) bool {
	line := strings.TrimSpace(b.line)
	if listLine().MatchString(b.line) {
		return true
	}
	last, _ := utf8.DecodeLastRuneInString(strings.TrimRight(line, "*_ \\"))
	return !boldLine().MatchString(line) && (utf8.RuneCountInString(line) >= 60 || len(b.lines) > 1 || strings.ContainsRune(".:;!?。：", last) && len(strings.Fields(line)) > 4)
}
