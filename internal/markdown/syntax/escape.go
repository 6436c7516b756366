package syntax

import (
	"bytes"
	"strconv"
	"strings"
	"unicode/utf8"

	"github.com/yuin/goldmark/ast"
	"github.com/yuin/goldmark/parser"
	"github.com/yuin/goldmark/text"
	"github.com/yuin/goldmark/util"

	"github.com/privgen/privgen/internal/lazyregexp"
)

// ReadText returns Markdown text as readers see it: with backslash escapes and character
// references resolved once.
func ReadText(s string) string {
	if strings.IndexByte(s, '\\') < 0 && strings.IndexByte(s, '&') < 0 {
		return s
	}
	var b strings.Builder
	for i := 0; i < len(s); {
		switch c := s[i]; {
		case c == '\\' && i+1 < len(s) && util.IsPunct(s[i+1]):
			b.WriteByte(s[i+1])
			i += 2
		case c == '&':
			text, n := reference(s[i:])
			b.WriteString(text)
			i += n
		default:
			b.WriteByte(c)
			i++
		}
	}
	return b.String()
}

// reference resolves the character reference at the beginning of s, and returns its
// length. If there is none, it returns the ampersand.
func reference(s string) (text string, n int) {
	end := strings.IndexByte(s[:min(len(s), 34)], ';')
	if end < 2 {
		return "&", 1
	}
	name := s[1:end]
	if name[0] != '#' {
		if e, ok := util.LookUpHTML5EntityByName(name); ok {
			return string(e.Characters), end + 1
		}
		return "&", 1
	}
	base, digits := 10, name[1:]
	if digits != "" && digits[0]|0x20 == 'x' {
		base, digits = 16, digits[1:]
	}
	v, err := strconv.ParseUint(digits, base, 32)
	if err != nil || base == 10 && len(digits) > 7 || base == 16 && len(digits) > 6 {
		return "&", 1
	}
	r := rune(0xFFFD)
	if v > 0 && v <= utf8.MaxRune {
		r = util.ToValidRune(rune(v))
	}
	return string(r), end + 1
}

// Bare URLs, as goldmark finds them, but with backslash escapes: the URL of opt\_out has
// opt_out.
const (
	hostPattern = `(?:[-a-zA-Z0-9@:%._\+~#=]|\\[-._~]){1,256}\.[a-z]+`
	pathPattern = "(?:[/#?](?:[-a-zA-Z0-9@:%_+.~#$!?&/=\\(\\);,'\">\\^{}\\[\\]`]|\\\\[!-/:-;=?@\\[-`{-~])*)?"
)

var (
	bareAddress = lazyregexp.New(`^(?:http|https|ftp)://` + hostPattern + `(?::\d+)?` + pathPattern)
	bareDomain  = lazyregexp.New(`^www\.` + hostPattern + pathPattern)
)

// escapedEmail finds bare e-mail addresses with backslash escapes, or after mailto:.
// goldmark finds the others; it would begin these in the middle, at a trigger character.
type escapedEmail struct{}

const mailto = "mailto:"

func (escapedEmail) Trigger() []byte { return []byte(" *_~(") }

func (escapedEmail) Parse(parent ast.Node, block text.Reader, pc parser.Context) ast.Node {
	line, segment := block.PeekLine()
	skip := 0
	if strings.IndexByte(" *_~(", line[0]) >= 0 {
		skip = 1
	}
	from := skip
	if bytes.EqualFold(line[skip:min(len(line), skip+len(mailto))], []byte(mailto)) {
		from += len(mailto)
	}
	end, at, escapes := from, -1, 0
	for end < len(line) && line[end] > ' ' && line[end] < 0x7f && strings.IndexByte("()<>,;:[]\"", line[end]) < 0 {
		if line[end] == '\\' && end+1 < len(line) && util.IsPunct(line[end+1]) {
			end++
			escapes++
		}
		if line[end] == '@' && at < 0 {
			at = end
		}
		end++
	}
	for end > from && strings.IndexByte("?!.*_~/\\", line[end-1]) >= 0 {
		end--
	}
	if escapes == 0 && from == skip || at < 0 || pc.IsInLinkLabel() {
		return nil
	}
	email := []byte(ReadText(string(line[from:end])))
	_, host, _ := bytes.Cut(email, []byte("@"))
	if len(email) == 0 || util.IsPunct(email[0]) || util.FindEmailIndex(email) != len(email) ||
		!bytes.Contains(host, []byte(".")) {
		if from > skip { // otherwise goldmark would find an address in it
			block.Advance(end)
			return ast.NewTextSegment(segment.WithStop(segment.Start + end))
		}
		return nil
	}
	if skip > 0 {
		ast.MergeOrAppendTextSegment(parent, segment.WithStop(segment.Start+skip))
	}
	block.Advance(end)
	words := text.NewSegment(segment.Start+skip, segment.Start+end)
	return ast.NewAutoLink(ast.AutoLinkEmail, ast.NewTextSegment(words))
}
