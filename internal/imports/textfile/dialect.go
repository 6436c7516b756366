package textfile

import (
	"bytes"
	"fmt"
	"slices"
	"strings"

	"github.com/privgen/privgen/internal/lazyregexp"
)

// This file converts the constructs of other Markdown dialects that would be
// published as words: attribute lists of kramdown and Python-Markdown, boxes of
// documentation generators, and imports, comments, and components of MDX.

var (
	attributeLine = lazyregexp.New(`^ {0,3}\{:{1,2}[^{}]*\}\s*$`)
	tocMark       = lazyregexp.New(`^ {0,3}\{:\s*toc\b[^{}]*\}\s*$`)
	listItem      = lazyregexp.New(`^ {0,3}(?:[-*+]|\d+[.)])\s`)
	attributes    = lazyregexp.New(`\s*\{:\s*([^{}:/][^{}]*)\}\s*$`)
	spanList      = lazyregexp.New(`([])*_>])\{:[^{}:/][^{}]*\}`)
	headingList   = lazyregexp.New(`^(#{1,6}\s.*\{#[^\s{}]+)\s[^{}]*\}\s*$`)
	commentLine   = lazyregexp.New(`^ {0,3}\{::comment\}\s*$`)
	commentEnd    = lazyregexp.New(`^ {0,3}\{:/(?:comment)?\}\s*$`)
	extension     = lazyregexp.New(`\{::(?:nomarkdown|options)\b[^{}]*\}|\{:/(?:nomarkdown)?\}`)
	headingLine   = lazyregexp.New(`^#{1,6}\s`)
	box           = lazyregexp.New(`^ {0,3}(:{3,})\s*([A-Za-z]+)(?:\s*\[(.*)\]|\s+(.*))?$`)
	boxEnd        = lazyregexp.New(`^ {0,3}:{3,}\s*$`)
	mdxLine       = lazyregexp.New(`^(?:import\s(?:.*\sfrom\s)?['"].*['"];?|import\s.*\sfrom\s+['"].*|export\s+(?:const|default|let|function)\s.*)$`)
	mdxComment    = lazyregexp.New(`\{/\*[^{}]*\*/\}`)
	component     = lazyregexp.New(`</?[A-Z][A-Za-z0-9.]*(?:\s[^<>]*)?/?>|</?>`)
	expression    = lazyregexp.New(`\{[A-Za-z_][^{}"]*\}`)
)

// Plain returns a text in the Markdown that privgen reads, and what it converted:
// "attribute lists, boxes"; or "" if it converted nothing. Code is unchanged.
func Plain(text []byte, mdx bool) (plain []byte, converted string) {
	has := func(sign string) bool { return bytes.Contains(text, []byte(sign)) }
	if !mdx && !slices.ContainsFunc([]string{"{:", "{#", ":::"}, has) {
		return text, ""
	}
	d := dialect{mdx: mdx}
	lines := strings.SplitAfter(string(text), "\n")
	fence := ""
	for i, line := range lines {
		bare := strings.TrimRight(line, "\r\n")
		mark := strings.TrimLeft(bare, " ")
		switch {
		case d.comment:
			d.comment = !commentEnd().MatchString(bare)
			continue
		case fence != "":
			if strings.HasPrefix(mark, fence) && strings.Trim(mark, fence[:1]+" ") == "" {
				fence = ""
			}
		case strings.HasPrefix(mark, "```") || strings.HasPrefix(mark, "~~~"):
			fence = mark[:3]
		default:
			if have, ok := d.line(bare, lines[i+1:]); !ok {
				continue
			} else if have != bare {
				line = have + line[len(bare):]
			}
		}
		d.out = append(d.out, line)
	}
	return []byte(strings.Join(d.out, "")), d.describe()
}

// Unknown precedes the list of expressions in the second result of Plain. Only the
// program that makes the source's pages knows their values.
const Unknown = "words to write in place of"

// A dialect is the conversion of one text.
type dialect struct {
	mdx     bool
	out     []string
	boxes   int      // the number of open ones
	comment bool     // in a comment of kramdown
	found   []string // what was converted
	left    []string // expressions, whose values are unknown
}

func (d *dialect) note(what string) {
	if !slices.Contains(d.found, what) {
		d.found = append(d.found, what)
	}
}

// line converts a line outside of code, given the lines after it. The result ok is
// false if nothing is left.
func (d *dialect) line(s string, after []string) (have string, ok bool) {
	switch {
	case tocMark().MatchString(s):
		if n := len(d.out); n > 0 && listItem().MatchString(d.out[n-1]) {
			d.out = d.out[:n-1] // the item that the contents replace
		}
		d.note("a table of contents")
		return "", false
	case commentLine().MatchString(s) && slices.ContainsFunc(after, commentEnd().MatchString):
		d.note("comments")
		d.comment = true
		return "", false
	case attributeLine().MatchString(s):
		d.note("attribute lists")
		if n := len(d.out); n > 0 && headingLine().MatchString(d.out[n-1]) && !strings.Contains(d.out[n-1], "{#") {
			before := strings.TrimRight(d.out[n-1], "\r\n")
			d.out[n-1] = before + idIn(s) + d.out[n-1][len(before):]
		}
		return "", false
	case d.boxes > 0 && boxEnd().MatchString(s):
		d.boxes--
		return "", false
	case strings.Contains(s, ":::"):
		if m := box().FindStringSubmatch(s); m != nil && slices.ContainsFunc(after, boxEnd().MatchString) {
			d.boxes++
			d.note("boxes")
			if title := strings.TrimSpace(m[3] + m[4]); title != "" {
				return "**" + title + "**\n", true
			}
			return "", false
		}
	}
	bare := s
	if m := attributes().FindStringSubmatchIndex(s); m != nil {
		bare = s[:m[0]]
		if headingLine().MatchString(s) {
			bare += idIn(s[m[0]:])
		}
	}
	bare = headingList().ReplaceAllString(bare, "$1}")
	if !strings.Contains(bare, "`") {
		bare = extension().ReplaceAllString(spanList().ReplaceAllString(bare, "$1"), "")
	}
	if bare != s {
		d.note("attribute lists")
		if strings.TrimSpace(bare) == "" {
			return "", false
		}
	}
	if !d.mdx {
		return bare, true
	}
	return d.mdxLine(bare)
}

// idIn returns the id in an attribute list in the form for a heading, or "".
func idIn(list string) string {
	for word := range strings.FieldsSeq(strings.Trim(list, " {:}")) {
		if strings.HasPrefix(word, "#") {
			return " {" + word + "}"
		}
	}
	return ""
}

func (d *dialect) mdxLine(s string) (string, bool) {
	if mdxLine().MatchString(s) {
		d.note("imports of MDX")
		return "", false
	}
	bare := mdxComment().ReplaceAllString(s, "")
	bare = component().ReplaceAllString(bare, "")
	if bare != s {
		d.note("components of MDX")
		if strings.TrimSpace(bare) == "" {
			return "", false
		}
		bare = strings.TrimLeft(bare, " ")
	}
	for _, e := range expression().FindAllString(bare, -1) {
		if !strings.HasPrefix(e, "{#") && !slices.Contains(d.left, e) {
			d.left = append(d.left, e)
		}
	}
	return bare, true
}

func (d *dialect) describe() string {
	s := strings.Join(d.found, ", ")
	if len(d.left) > 0 {
		s = strings.TrimPrefix(fmt.Sprintf("%s; %s %s", s, Unknown, strings.Join(d.left, ", ")), "; ")
	}
	return s
}
