package resolve

import (
	"bytes"
	"fmt"
	"regexp"
	"strings"

	"github.com/privgen/privgen/internal/markdown/lines"
)

// This file escapes values in Markdown so that readers see them unchanged. What a
// character means depends on its place, which the text before it determines: the
// URL of a link, its title, the beginning of a line, a row of a table.

// A spot is the place where a value is inserted.
type spot struct {
	before  []byte // the text before it in its line
	after   byte   // the byte after it, or 0
	oneLine bool   // the line cannot be broken here
	heading bool   // the line is a heading
}

// insert writes the value of a tag.
func (r *run) insert(fr *frame, n *node, v Value) {
	r.w.seam, r.w.apart = false, false
	s := spot{before: r.w.line(r.start)}
	// If the line is empty, the writer will first write the prefix of its quote or item.
	if len(s.before) == 0 {
		s.before = []byte(r.w.prefix)
	}
	src := fr.file.Text
	if n.end < fr.end {
		s.after = src[n.end]
	}
	rest, _, _ := bytes.Cut(src[n.end:min(fr.end, n.end+longLine)], []byte("\n"))
	content := s.before[min(len(s.before), len(continuation(s.before))):]
	first := lines.Of(content)
	s.heading = len(first) > 0 && first[0].Kind == lines.Heading
	s.oneLine = fr.inLine || s.heading || hasBar(s.before) || hasBar(rest)
	prefix := r.w.prefix
	r.w.prefix += n.prefix
	r.w.fixed(fr.file, n.start, s.write(v.words()))
	r.w.prefix = prefix
}

func hasBar(line []byte) bool {
	return bytes.Contains(bytes.ReplaceAll(line, []byte(`\|`), nil), []byte("|"))
}

// write returns a text as Markdown for the spot.
func (s spot) write(words string) string {
	switch inAddress, inTitle := linkPart(s.before); {
	case inAddress:
		return address(words)
	case inTitle:
		s.oneLine = true
		return strings.NewReplacer(`"`, `\"`, `'`, `\'`, `(`, `\(`, `)`, `\)`).Replace(s.escape(words))
	}
	return s.escape(words)
}

// linkPart reports whether a line ends in the URL of a link, or after the URL, where
// the title is.
func linkPart(line []byte) (inAddress, inTitle bool) {
	i := bytes.LastIndex(line, []byte("]("))
	if i >= 0 && escaped(line, i) {
		i = -1
	}
	angle := bytes.LastIndexByte(line, '<')
	if angle >= 0 && angle > i && !escaped(line, angle) && !bytes.ContainsAny(line[angle:], "> \t") {
		return true, false
	}
	if i >= 0 {
		rest := line[i+2:]
		if bytes.HasPrefix(rest, []byte("<")) {
			if j := bytes.IndexByte(rest, '>'); j < 0 {
				return true, false
			}
		}
		switch {
		case bytes.IndexByte(rest, ')') >= 0:
		case bytes.ContainsAny(bytes.TrimLeft(rest, " \t"), " \t"):
			return false, true
		default:
			return true, false
		}
	}
	// A definition: [name]: URL
	if begin := bytes.TrimLeft(line, " >"); len(begin) > 0 && begin[0] == '[' {
		if _, rest, ok := bytes.Cut(begin, []byte("]:")); ok && begin[1] != '^' {
			rest = bytes.TrimLeft(rest, " \t")
			return !bytes.ContainsAny(rest, " \t"), bytes.ContainsAny(rest, " \t")
		}
	}
	return false, false
}

// escaped reports whether a backslash escapes the byte at an offset.
func escaped(line []byte, at int) bool {
	n := 0
	for n < at && line[at-1-n] == '\\' {
		n++
	}
	return n%2 == 1
}

// address returns a text, escaped as part of the URL of a link.
func address(words string) string {
	var b strings.Builder
	for i := range len(words) {
		switch c := words[i]; {
		case c == '\n':
		case c <= ' ' || c == 0x7f || strings.IndexByte("()<>\"'\\`|{}[]*^", c) >= 0:
			fmt.Fprintf(&b, "%%%02X", c)
		case c == '&' && entity.MatchString(words[i:]):
			b.WriteString("&amp;")
		default:
			b.WriteByte(c)
		}
	}
	return b.String()
}

var entity = regexp.MustCompile(`^&(#[0-9]{1,7}|#[xX][0-9a-fA-F]{1,6}|[A-Za-z][A-Za-z0-9]*);`)

// escape returns a text, escaped for a paragraph, a heading, or a cell.
func (s spot) escape(words string) string {
	var lines []string
	for line := range strings.SplitSeq(words, "\n") {
		if line = strings.TrimSpace(line); line != "" {
			lines = append(lines, line)
		}
	}
	for i := range lines {
		at := s
		if i > 0 {
			at.before = nil
		}
		if i < len(lines)-1 {
			at.after = '\n'
		}
		lines[i] = at.escapeLine(lines[i])
	}
	if s.oneLine {
		return strings.Join(lines, ", ")
	}
	return strings.Join(lines, "\\\n")
}

func (s spot) escapeLine(line string) string {
	var b strings.Builder
	first := isMarkers(s.before) // only the signs of quotes and items
	for i := range len(line) {
		c := line[i]
		prev, next := byte(' '), byte(' ')
		if i > 0 {
			prev = line[i-1]
		} else if len(s.before) > 0 {
			prev = s.before[len(s.before)-1]
		}
		if i+1 < len(line) {
			next = line[i+1]
		} else if s.after != 0 {
			next = s.after
		}
		switch {
		case i == 0 && first && isDigit(c) && s.startsItem(line):
			// An ordinal at the beginning of a line would begin a list.
			fmt.Fprintf(&b, "&#%d;", c)
			continue
		case c == '`': // in code, a backslash does not escape it
			b.WriteString("&#96;")
			continue
		case strings.IndexByte("\\*[]<>|{}", c) >= 0,
			c == '#' && s.heading,
			c == '_' && !(isAlnum(prev) && isAlnum(next)),
			c == '~' && prev != '/',
			c == '!' && (next == '[' || i == len(line)-1),
			c == '&' && entity.MatchString(line[i:]),
			c == '&' && i == len(line)-1 && s.after != 0 && s.after != '\n' && s.after != ' ',
			c == '$' && next == '{',
			i == 0 && (first || isPunct(prev)) && isPunct(c):
			b.WriteByte('\\')
		}
		b.WriteByte(c)
	}
	return b.String()
}

// startsItem reports whether a line, with the byte after it, begins like an item of
// an ordered list.
func (s spot) startsItem(line string) bool {
	digits := strings.TrimLeft(line, "0123456789")
	if len(line)-len(digits) > 9 {
		return false
	}
	if digits == "" {
		return s.after == '.' || s.after == ')'
	}
	return (digits[0] == '.' || digits[0] == ')') && (len(digits) == 1 || digits[1] == ' ' || digits[1] == '\t')
}

func isDigit(c byte) bool { return c >= '0' && c <= '9' }

func isAlnum(c byte) bool {
	return isDigit(c) || c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c >= 0x80
}

func isPunct(c byte) bool { return c > ' ' && c < 0x7f && !isAlnum(c) }
