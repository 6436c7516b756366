package complete

import (
	"bytes"
	"html"
	"slices"
	"strconv"
	"unicode/utf8"
)

// A textReader reads the words of a text.
type textReader struct {
	source []byte
	notes  map[int]int
	out    []piece
	plain  []byte // the text in lower case with single spaces; nil before count needs it
}

// readText returns the words of a text.
func readText(from Text) []piece {
	t := &textReader{source: from.Source, notes: from.Notes, out: make([]piece, 0, len(from.Source)/5+8)}
	start := true
	for at := 0; at < len(t.source); {
		if start {
			at = t.lineStart(at)
			if start = false; at >= len(t.source) {
				break
			}
		}
		c := t.source[at]
		switch {
		case c == '\n':
			start = true
			at++
		case c >= utf8.RuneSelf || inWord(c) || c == '%' || c == '$' || c == '&':
			at = t.stretch(at)
		case c == '[' || c == ']' || c == '<' || c == '{':
			at = t.mark(at)
		case c == '\\' && at+1 < len(t.source) && t.source[at+1] != '\n':
			at++
			if c := t.source[at]; c < utf8.RuneSelf && !inWord(c) && c != '%' && c != '$' {
				at++ // escaped, so it is not a mark
			}
		default:
			at++
		}
	}
	return t.out
}

// words appends the words of a passage.
func (t *textReader) words(from, to int) {
	cutWords(t.source[from:to], func(i, j int) {
		t.out = append(t.out, piece{sum: wordSum(t.source[from+i : from+j]), at: from + i, end: from + j})
	})
}

// maybe appends the words of a passage that can be markup, and returns its end.
func (t *textReader) maybe(from, to int) int {
	i := len(t.out)
	t.out = append(t.out, piece{kind: choice})
	t.words(from, to)
	if t.out[i].n = len(t.out) - i - 1; t.out[i].n == 0 {
		t.out = t.out[:i]
	}
	return to
}

// stretch reads up to the next character that is not part of a word. If there are
// character references, the page has their characters or, in code, the references.
func (t *textReader) stretch(at int) int {
	end, refers := at, false
	for end < len(t.source) {
		c := t.source[end]
		if c == '&' {
			n := referenceLength(t.source[end:])
			if n == 0 {
				break
			}
			refers = true
			end += n
			continue
		}
		if c < utf8.RuneSelf && !inWord(c) && c != '%' && c != '$' {
			break
		}
		end++
	}
	if end == at {
		return at + 1
	}
	if !refers {
		t.words(at, end)
		return end
	}
	i := len(t.out)
	t.out = append(t.out, piece{kind: choice})
	read := html.UnescapeString(string(t.source[at:end]))
	cutWords(read, func(i, j int) { t.out = append(t.out, piece{sum: wordSum(read[i:j]), at: at, end: end}) })
	t.out[i].n = len(t.out) - i - 1
	t.words(at, end)
	t.out[i].m = len(t.out) - i - 1 - t.out[i].n
	return end
}

// referenceLength returns the length of the character reference that s begins
// with, or 0.
func referenceLength(s []byte) int {
	n := 1
	for n < len(s) && n < 34 && (inWord(s[n]) || n == 1 && s[n] == '#') {
		n++
	}
	if n < 3 || n == len(s) || s[n] != ';' || html.UnescapeString(string(s[:n+1])) == string(s[:n+1]) {
		return 0
	}
	return n + 1
}

func isSpace(c byte) bool { return c == ' ' || c == '\n' || c == '\t' || c == '\r' || c == '\f' }

// skip returns the offset after the white space at an offset, or, if space is false,
// after the other characters.
func skip(s []byte, at int, space bool) int {
	for at < len(s) && isSpace(s[at]) == space {
		at++
	}
	return at
}

// lineStart reads the markup that a line can begin with: marks of quotes and items,
// numbers, footnotes, code fences, and definitions of links.
func (t *textReader) lineStart(at int) int {
	for at < len(t.source) {
		rest := t.source[at:]
		switch c := rest[0]; {
		case c == ' ' || c == '\t' || c == '>' || c == '-' || c == '+' || c == '*' || c == ':':
			at++
		case c >= '0' && c <= '9':
			n := 0
			for n < len(rest) && rest[n] >= '0' && rest[n] <= '9' {
				n++
			}
			if n > 9 || n+1 < len(rest) && !bytes.ContainsRune([]byte(" \t\n"), rune(rest[n+1])) ||
				n == len(rest) || rest[n] != '.' && rest[n] != ')' {
				return at
			}
			value, _ := strconv.Atoi(string(rest[:n]))
			t.out = append(t.out, piece{kind: choice, n: 1, m: 1},
				piece{kind: number, n: value, at: at, end: at + n},
				piece{sum: wordSum(rest[:n]), at: at, end: at + n})
			at += n + 1
		case c == '`' || c == '~':
			n := len(rest) - len(bytes.TrimLeft(rest, string(rest[:1])))
			if n < 3 {
				return at
			}
			return t.info(at + n)
		case len(rest) > 3 && c == '[' && rest[2] == ']' && isSpace(rest[3]):
			t.box(at)
			return at + 3
		case c == '[' && isSummary(rest):
			return t.maybe(at, at+len(summaryMarker))
		case c == '[':
			next := t.target(at)
			if next == at {
				return at
			}
			at = next
		default:
			return at
		}
	}
	return at
}

// summaryMarker is the first line of a box with a summary.
const summaryMarker = "[!summary]"

func isSummary(rest []byte) bool {
	line, _, _ := bytes.Cut(rest, []byte("\n"))
	return bytes.EqualFold(bytes.TrimSpace(line), []byte(summaryMarker))
}

// box reads [ ] or [x]: the page has a sign instead, or the same characters.
func (t *textReader) box(at int) {
	sign := "☐"
	if t.source[at+1] != ' ' {
		sign = "☑"
	}
	i := len(t.out)
	t.out = append(t.out, piece{kind: choice, n: 1}, piece{sum: wordSum(sign), at: at, end: at + 3})
	t.words(at, at+3)
	t.out[i].m = len(t.out) - i - 2
}

// info reads the name of a language after a code fence, and returns its end.
func (t *textReader) info(at int) int {
	rest := bytes.TrimLeft(t.source[at:], " \t")
	return t.maybe(at, skip(t.source, len(t.source)-len(rest), false))
}

// target reads the label of a footnote's text, or the whole definition of a link, and
// returns its end. If there is neither, it returns at.
func (t *textReader) target(at int) int {
	end := bytes.IndexByte(t.source[at:], ']')
	if end < 2 || at+end+1 >= len(t.source) || t.source[at+end+1] != ':' {
		return at
	}
	end += at + 2
	if n, ok := t.notes[at]; ok {
		t.out = append(t.out, piece{kind: note, n: n, at: at, end: end})
		return end
	}
	label := t.source[at : end-1]
	if label[1] == '^' {
		return at
	}
	from := skip(t.source, end, true)
	i := skip(t.source, from, false)
	// A definition that is not used or has no URL is a sentence, unless it is a comment.
	to := t.source[from:i]
	if string(to) != "#" && string(to) != "<>" && (!isAddress(to) || t.count(label) < 2) {
		return at
	}
	next := skip(t.source, i, true)
	if n := titleEnd(t.source[next:]); n > 0 && endOfLine(t.source[next+n:]) {
		i = next + n
	}
	return t.maybe(at, i)
}

// count returns how often the text has a label. Case and white space do not matter.
func (t *textReader) count(label []byte) int {
	plain := func(s []byte) []byte { return bytes.Join(bytes.Fields(bytes.ToLower(s)), []byte(" ")) }
	if t.plain == nil {
		t.plain = plain(t.source)
	}
	return bytes.Count(t.plain, plain(label))
}

// isAddress reports whether the text after a label can only be a URL or a path.
func isAddress(s []byte) bool {
	return slices.ContainsFunc([]string{"<", "#", "/", "?", "./", "../", "www.", "mailto:", "tel:", "sms:"},
		func(start string) bool { return bytes.HasPrefix(s, []byte(start)) }) ||
		bytes.IndexByte(s, '/') >= 0 || bytes.IndexByte(s, '@') > 0 || isFile(s)
}

// isFile reports whether a path, without its query and fragment, has a file extension.
func isFile(s []byte) bool {
	if i := bytes.IndexAny(s, "#?"); i >= 0 {
		s = s[:i]
	}
	dot := bytes.LastIndexByte(s, '.')
	return dot >= 0 && dot+1 < len(s) && (s[dot+1]|0x20 >= 'a' && s[dot+1]|0x20 <= 'z' || s[dot+1] >= utf8.RuneSelf)
}

func endOfLine(s []byte) bool {
	s = bytes.TrimLeft(s, " \t")
	return len(s) == 0 || s[0] == '\n'
}

// titleEnd returns the length of the title of a link that s begins with, or 0.
func titleEnd(s []byte) int {
	if len(s) == 0 || s[0] != '"' && s[0] != '\'' && s[0] != '(' {
		return 0
	}
	end := s[0]
	if end == '(' {
		end = ')'
	}
	for i := 1; i < len(s); i++ {
		switch {
		case s[i] == '\\':
			i++
		case s[i] == end:
			return i + 1
		case s[i] == '\n' && i+1 < len(s) && s[i+1] == '\n':
			return 0
		}
	}
	return 0
}

// mark reads a mark and the markup that it can begin: the URL or label of a link, a
// footnote's reference, a tag, a comment, or the id of a heading.
func (t *textReader) mark(at int) int {
	rest := t.source[at:]
	end := 0
	switch {
	case bytes.HasPrefix(rest, []byte("](")):
		at++
		end = addressLength(rest[1:])
	case bytes.HasPrefix(rest, []byte("][")):
		at++
		end = bytes.IndexByte(rest[1:], ']') + 1
	case bytes.HasPrefix(rest, []byte("[^")):
		end = bytes.IndexByte(rest, ']') + 1
	case rest[0] == '<':
		end = tagLength(rest)
	case rest[0] == '{':
		line, _, _ := bytes.Cut(rest, []byte("\n"))
		if line = bytes.TrimRight(line, " \t#"); line[len(line)-1] == '}' && bytes.LastIndexByte(line, '{') == 0 {
			end = len(line)
		}
	}
	if end <= 0 {
		return at + 1
	}
	return t.maybe(at, at+end)
}

// addressLength returns the length of a link's URL and title in parentheses, or 0.
func addressLength(s []byte) int {
	i := skip(s, 1, true)
	if i < len(s) && s[i] == '<' {
		for i++; i < len(s) && s[i] != '>'; i++ {
			if s[i] == '\\' {
				i++
			} else if s[i] == '\n' {
				return 0
			}
		}
		i++
	} else {
		for depth := 0; i < len(s) && !isSpace(s[i]); i++ {
			if s[i] == '\\' {
				i++
			} else if s[i] == '(' {
				depth++
			} else if s[i] == ')' {
				if depth--; depth < 0 {
					break
				}
			}
		}
	}
	i = skip(s, i, true)
	i = skip(s, i+titleEnd(s[min(i, len(s)):]), true)
	if i < len(s) && s[i] == ')' {
		return i + 1
	}
	return 0
}

// tagLength returns the length of an HTML tag or a comment, or 0. A script or style
// element is read up to its end tag.
func tagLength(s []byte) int {
	if bytes.HasPrefix(s, []byte("<!--")) {
		if bytes.HasPrefix(s, []byte("<!-->")) || bytes.HasPrefix(s, []byte("<!--->")) {
			return 5
		}
		if end := bytes.Index(s, []byte("-->")); end > 0 {
			return end + 3
		}
		return 0
	}
	n, name := TagLength(s)
	if n > 0 && s[1] != '/' && (name == "script" || name == "style") {
		n += max(0, bytes.Index(bytes.ToLower(s[n:]), []byte("</"+name)))
	}
	return n
}
