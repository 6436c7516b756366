package snapshots

import (
	"bytes"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/privgen/privgen/internal/imports/dates"
	"github.com/privgen/privgen/internal/lazyregexp"
	"github.com/privgen/privgen/internal/markdown/lines"
)

// This file finds headings without markup: texts that were copied from web pages
// have them as short lines, bold or plain, often numbered.

// A madeHeading is a line that became a heading.
type madeHeading struct {
	line  int    // in the text, from 1
	level int    // 1 to 6
	title string // the words of the heading
}

// makeHeadings adds markup to lines that are headings without it. It changes no
// word. A text that has three headings below its title is returned unchanged: its
// other bold lines are something else.
//
// A line becomes a heading if it is a block, is short, does not end like a
// sentence, and has text under it; and if it is all bold, numbered, in capitals,
// or one of at least two such plain lines. Labels of a page's buttons and menus
// are excluded, and so are lines that appear three times without bold or a number.
func makeHeadings(text []byte) ([]byte, []madeHeading) {
	blocks := splitBlocks(text)
	below, title := 0, false
	for _, b := range blocks {
		title = title || b.level == 1
		if b.level > 1 {
			below++
		}
	}
	if below >= 3 {
		return text, nil
	}
	var list []candidate
	plain := 0
	seen := map[string]int{} // lines that repeat are labels of a page
	for i := range blocks {
		t, ok := candidateAt(blocks, i)
		if !ok {
			continue
		}
		seen[t.words]++
		if t.plain {
			plain++
		}
		list = append(list, t)
	}
	var out bytes.Buffer
	var made []madeHeading
	at := 0
	for _, t := range list {
		if t.plain && plain < 2 || t.number == "" && !t.bold && seen[t.words] > 2 {
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
		made = append(made, madeHeading{bytes.Count(text[:b.from], []byte("\n")) + 1, level, words})
	}
	if made == nil {
		return text, nil
	}
	out.Write(text[at:])
	return out.Bytes(), made
}

// isRegular reports whether the lines that became headings are certainly headings:
// there are at least three of them, the text has no other heading below its title,
// and at least three in four short lines without a final period are among them.
func isRegular(text []byte, made []madeHeading) bool {
	short := 0
	for _, b := range splitBlocks(text) {
		line := strings.TrimSpace(b.line)
		switch {
		case b.level > 1:
			return false
		case b.level == 1 || b.fence || len(b.lines) > 1 || listLine().MatchString(b.line) || dates.HasYear(line):
		case couldBeTitle(strings.Trim(line, "*_")) && len(strings.Fields(line)) <= 12:
			short++
		}
	}
	return len(made) >= 3 && short*3 <= len(made)*4
}

// A textBlock is a part of a text between blank lines.
type textBlock struct {
	from  int    // the offset of its first line
	line  string // its first line, without its line feed
	lines []string
	fence bool // it is a code block
	level int  // of a heading, or 0
}

func splitBlocks(text []byte) (out []textBlock) {
	open := false // in a block
	for _, l := range lines.Of(text) {
		if l.Kind == lines.Blank {
			open = false
			continue
		}
		line := string(bytes.TrimSuffix(text[l.Start:l.End], []byte("\n")))
		if !open {
			out = append(out, textBlock{from: l.Start, line: strings.TrimRight(line, "\r"),
				fence: l.Kind == lines.Code})
			if open = true; l.Kind == lines.Heading {
				out[len(out)-1].level = l.Level
			}
		}
		last := &out[len(out)-1]
		last.lines = append(last.lines, line)
	}
	return out
}

// A candidate is a block that may become a heading.
type candidate struct {
	block  int
	words  string
	number string // 4.1
	depth  int    // below the title: 1, 2 ...
	plain  bool   // neither bold, numbered, nor in capitals
	bold   bool
}

var (
	boldLine   = lazyregexp.New(`^(?:\*\*([^*]+)\*\*|__([^_]+)__)\s*(:?)\s*\\?$`)
	numberLine = lazyregexp.New(`^(?:§+\s*)?((?:\d{1,2}|[IVX]{1,5}|[A-Z])(?:\.\d{1,2})*)(\\?[.)])?\s+(\S.*)$`)
	listLine   = lazyregexp.New(`^\s*(?:[-+*•]|\d{1,9}[.)])\s`)
)

// candidateAt reports whether block i can be a heading, by its line and the block
// after it.
func candidateAt(blocks []textBlock, i int) (candidate, bool) {
	t := candidate{block: i, depth: 1}
	b := blocks[i]
	if b.fence || len(b.lines) != 1 || b.level > 0 || i+1 >= len(blocks) || strings.HasPrefix(b.line, "  ") {
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
	if !couldBeTitle(words) || !bold && strings.ContainsAny(line, "|<>[]*") ||
		t.number == "" && listLine().MatchString(line) {
		return t, false
	}
	next := blocks[i+1]
	follows := next.level == 0 && !next.fence && !strings.HasPrefix(next.line, "|")
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

// couldBeTitle reports whether a line can be the words of a heading.
func couldBeTitle(s string) bool {
	if isLeftover(s) || strings.HasSuffix(s, " and") || strings.HasSuffix(s, " or") {
		return false
	}
	first, _ := utf8.DecodeRuneInString(s)
	last, _ := utf8.DecodeLastRuneInString(s)
	n := utf8.RuneCountInString(s)
	return n >= 3 && n <= 100 && len(strings.Fields(s)) <= 16 && !unicode.IsLower(first) &&
		(unicode.IsLetter(first) || unicode.IsDigit(first) || unicode.Is(unicode.Pi, first) || first == '"') &&
		!strings.ContainsRune(".,;!…。，；", last) && !strings.Contains(s, "@") && !strings.Contains(s, "://") &&
		!strings.HasSuffix(s, "\\") &&
		!dates.HasYear(s) && !telephone().MatchString(s) && !strings.Contains(s, ". ")
}

var telephone = lazyregexp.New(`\+?\d[\d ()/-]{6,}`)

// isProse reports whether a block is running text, not another short line.
func isProse(b textBlock) bool {
	line := strings.TrimSpace(b.line)
	if listLine().MatchString(b.line) {
		return true
	}
	last, _ := utf8.DecodeLastRuneInString(strings.TrimRight(line, "*_ \\"))
	words := strings.Fields(line)
	sentence := strings.ContainsRune(".:;!?", last) && len(words) > 4 ||
		// A name such as Fernhill Instruments Co. Ltd. has only capitals.
		strings.ContainsRune(".!?", last) && len(words) > 2 && slices.ContainsFunc(words, startsLower) ||
		strings.ContainsRune("。：！？", last) && utf8.RuneCountInString(line) > 5 // has no spaces
	return !boldLine().MatchString(line) && (utf8.RuneCountInString(line) >= 60 || len(b.lines) > 1 || sentence)
}

func startsLower(word string) bool {
	first, _ := utf8.DecodeRuneInString(word)
	return unicode.IsLower(first)
}
