package markdown

import (
	"bytes"
	"fmt"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/privgen/privgen/internal/lazyregexp"
	"github.com/privgen/privgen/internal/markdown/lines"
	"github.com/privgen/privgen/internal/source"
)

// This file finds placeholders. Of 5,877 published texts of 194 documents,
// only one looks as if it had one: a filler text.

// placeholder matches what writers put into a text to replace it later. A
// single ordinary word is no placeholder, because people write about to-do
// lists. Escaped brackets are none either.
var placeholder = lazyregexp.New(`\A(?:` + strings.Join([]string{
	`\[\[[^\[\]]{1,400}\]\]`,                          // [[what to write here]], in the texts that privgen writes
	`\\\[\\\[[^\[\]]{1,400}\\\]\\\]`,                  // the same in a value that a text inserts
	`(?:TODO|FIXME|TBD|TBC|XXX)\b`,                    // marks of programmers and lawyers, in capitals
	`(?i:lorem ipsum\b)`,                              // sample text
	`\[[A-Z][A-Z0-9'&/.,_-]*(?: [A-Z0-9'&/.,_-]+)*\]`, // [COMPANY], [DATE OF RELEASE]
	`(?i:\[(?:insert|your|enter|add|name of|company|date)\b[^\]\n\\]{0,60}\])`, // [insert date], [your company]
	`(?:XX+|NN)\b ?(?i:days?|weeks?|months?|years?|%|percent|euros?|dollars?)`, // XX days
	`_{4,}`, // ______, a line to write on
	`(?i:(?:acme corp|example company|company name here)\b)`,
	`<{7} [^\n]{1,100}`, // <<<<<<< HEAD, of a merge in git
}, "|") + ")")

// hints are in every placeholder that does not begin with a bracket, after skip
// bytes.
var hints = []struct {
	text string
	skip int
}{
	{"TODO", 0}, {"FIXME", 0}, {"TBD", 0}, {"TBC", 0}, {"XX", 0}, {"NN ", 0}, {"NNd", 0}, {"____", 0}, {`\[\[`, 0},
	{"orem ipsum", 1}, {"orem Ipsum", 1}, {"OREM IPSUM", 1}, {"cme corp", 1}, {"cme Corp", 1},
	{"xample company", 1}, {"xample Company", 1}, {"ompany name here", 1}, {"ompany Name Here", 1}, {"<<<<<<< ", 0},
}

// longest is more than the number of bytes of any placeholder.
const longest = 500

// suspects returns the offsets of a text at which a placeholder may begin, in
// order. Most texts have none, and the pattern is slow.
func suspects(text []byte) (offsets []int) {
	for _, hint := range hints {
		for at := 0; ; at++ {
			i := bytes.Index(text[at:], []byte(hint.text))
			if i < 0 {
				break
			}
			at += i
			begin := max(0, at-hint.skip)
			if begin == 0 || !isWordByte(text[begin-1]) {
				offsets = append(offsets, begin)
			}
		}
	}
	for at := 0; ; at++ {
		i := bytes.IndexByte(text[at:], '[')
		if i < 0 {
			slices.Sort(offsets)
			return offsets
		}
		at += i
		end := bytes.IndexByte(text[at:min(len(text), at+longest)], ']')
		if end > 1 && !isLinkAfter(text, at+end+1) && !isEscaped(text, at) {
			offsets = append(offsets, at)
		}
	}
}

// isWordByte reports whether a byte of a word, or a line to write on, would begin
// before what follows it.
func isWordByte(c byte) bool {
	return c == '_' || c >= '0' && c <= '9' || c >= 'A' && c <= 'Z' || c >= 'a' && c <= 'z' || c >= utf8.RuneSelf
}

func isEscaped(text []byte, at int) bool { return at > 0 && text[at-1] == '\\' }

// isLinkAfter reports whether brackets that end at an offset are the words of a
// link, or its definition.
func isLinkAfter(text []byte, at int) bool {
	return at < len(text) && (text[at] == '(' || text[at] == '[' || text[at] == ':' && text[at-2] != ']')
}

// placeholders returns where a text has placeholders outside of code, in order.
func placeholders(text []byte) (found [][2]int) {
	var prose []byte
	after := 0
	for _, begin := range suspects(text) {
		n := len(placeholder().Find(text[begin:min(len(text), begin+longest)]))
		at := [2]int{begin, begin + n}
		if n == 0 || begin < after || text[begin] == '[' && isLinkAfter(text, at[1]) ||
			isUpper(text[begin:at[1]]) && isShouted(text, at) {
			continue
		}
		if prose == nil {
			prose = lines.Prose(text)
		}
		if bytes.Equal(prose[begin:at[1]], text[begin:at[1]]) {
			found, after = append(found, at), at[1]
		}
	}
	return found
}

// isShouted reports whether a word is one of a passage in capitals, which can be
// an ordinary word (in Spanish), or of a telephone number without its digits.
func isShouted(text []byte, m [2]int) bool {
	before, after := text[:m[0]], text[m[1]:]
	if bytes.HasSuffix(before, []byte("-")) || bytes.HasSuffix(before, []byte("(")) ||
		bytes.HasSuffix(before, []byte(`\[`)) || bytes.HasPrefix(after, []byte("-")) {
		return true
	}
	space := func(r rune) bool { return r == ' ' || r == '\n' }
	if n := len(before) - 1; n > 0 && space(rune(before[n])) {
		if isUpper(before[bytes.LastIndexFunc(before[:n], space)+1 : n]) {
			return true
		}
	}
	if len(after) > 1 && space(rune(after[0])) {
		after = after[1:]
		if i := bytes.IndexFunc(after, space); i >= 0 {
			after = after[:i]
		}
		return isUpper(bytes.TrimRight(after, ".,;:!?"))
	}
	return false
}

// isUpper reports whether a word has two letters or more, and all are capitals.
func isUpper(word []byte) bool {
	n := 0
	for _, r := range string(word) {
		if !unicode.IsUpper(r) {
			return false
		}
		n++
	}
	return n > 1
}

// longPlaceholder is the number of characters of a placeholder that a message
// shows.
const longPlaceholder = 60

// Placeholders returns a problem for each of the first ten placeholders of a
// text, except in code. With mistakes = "keep" it returns none.
func (b *Body) Placeholders() source.Problems {
	if b.rules.Mistakes == "keep" {
		return nil
	}
	text := b.Markdown()
	var problems source.Problems
	for _, m := range placeholders(text) {
		what := strings.ReplaceAll(strings.Join(strings.Fields(string(text[m[0]:m[1]])), " "), `\`, "")
		if r := []rune(what); len(r) > longPlaceholder {
			what = strings.TrimSpace(string(r[:longPlaceholder])) + " ..."
		}
		what, do := fmt.Sprintf("%q looks like a placeholder", what),
			"replace it; if the text is meant literally, put it in a code span, between backticks"
		if text[m[0]] == '<' {
			what = "a merge was begun here and not finished"
			do = "keep the right lines, and remove those that begin with <<<<<<<, =======, and >>>>>>>"
		}
		problems = append(problems, source.NewProblem(b.Pos(b.start+m[0]), "placeholder", what, do))
		if len(problems) == 10 {
			break
		}
	}
	return problems
}
