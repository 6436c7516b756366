package resolve

import (
	"fmt"
	"strings"
	"unicode/utf8"

	"github.com/privgen/privgen/internal/source"
	"github.com/privgen/privgen/internal/toml"
)

// A kind is the kind of a node.
type kind uint8

const (
	text      kind = iota
	value          // {{name}}
	condition      // {{if name}}, with its branches
	otherwise      // {{else}}
	ending         // {{end}}
	include        // {{clause name}}
	rows           // {{table name}}
	heading        // the number signs of a heading, or the beginning of an underlined one
	underline      // the line that underlines a heading
)

// A tag is a parsed tag.
type tag struct {
	kind  kind
	name  string // of the value, the clause, or the table; of the value that a condition tests
	test  *test  // of a condition, and of an else if
	given []argument
}

// A test is the test of a value in a condition, or of a column in a choice of rows.
type test struct {
	name string
	at   int // offset of the name
	not  bool
	is   *string // the text to compare with; nil tests whether the value is true or not empty
}

func (t *test) holds(v Value) bool {
	is := v.truth()
	if t.is != nil {
		is = v.plain() == *t.is
	}
	return is != t.not
}

// An argument is the value of a parameter in a tag.
type argument struct {
	name   string
	at     int
	text   string
	quoted bool // text is a text in quotation marks; otherwise it is a name
}

// A token is a word, a text in quotation marks, or a sign.
type token struct {
	text string
	kind byte // w for a word, " for a text, or the sign
	at   int
}

// scanTag parses the tag that begins at an offset, and returns the offset after it.
func scanTag(f *source.File, at, limit int) (t *tag, after int, problem *source.Problem) {
	var tokens []token
	src := f.Text
	for i := at + 2; i < limit; {
		c := src[i]
		switch {
		case c == ' ' || c == '\t':
			i++
		case c == '\n' && i+1 < limit && src[i+1] != '\n':
			i++
		case c == '}' && i+1 < limit && src[i+1] == '}':
			t, problem := readTag(f, at, tokens)
			return t, i + 2, problem
		case c == '=' || c == ',':
			tokens = append(tokens, token{string(c), c, i})
			i++
		case c == '"':
			s, n, ok := scanText(src[i:limit])
			if !ok {
				return nil, limit, source.NewProblem(f.Pos(i), "bad-tag", "this quotation mark has no other",
					`close it before the end of the line: "..."`)
			}
			tokens = append(tokens, token{s, '"', i})
			i += n
		case isWord(c):
			j := i
			for j < limit && isWord(src[j]) {
				j++
			}
			tokens = append(tokens, token{string(src[i:j]), 'w', i})
			i = j
		default:
			if i == at+2 || len(tokens) == 0 || c == '\n' {
				return nil, limit, notATag(f, at)
			}
			wrong, _ := utf8.DecodeRune(src[i:])
			return nil, limit, source.NewProblem(f.Pos(i), "bad-tag",
				fmt.Sprintf("%q cannot be in a tag", string(wrong)),
				"a tag is made of names and texts in quotation marks, and ends with }}")
		}
	}
	return nil, limit, notATag(f, at)
}

func notATag(f *source.File, at int) *source.Problem {
	return source.NewProblem(f.Pos(at), "bad-tag", `"{{" begins a tag here, and none follows`,
		`write one, such as {{organization.name}}, {{clause contact}} or {{if values.eu}};`+"\n"+`where braces are `+
			`meant, put a backslash before them: \{{`)
}

// scanText parses a text in quotation marks, with the escapes \" and \\. It returns
// the number of bytes read.
func scanText(src []byte) (s string, n int, ok bool) {
	var b strings.Builder
	for i := 1; i < len(src) && src[i] != '\n'; i++ {
		switch {
		case src[i] == '"':
			return b.String(), i + 1, true
		case src[i] == '\\' && i+1 < len(src) && (src[i+1] == '"' || src[i+1] == '\\'):
			i++
		}
		b.WriteByte(src[i])
	}
	return "", 0, false
}

func isWord(c byte) bool {
	return c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c >= '0' && c <= '9' || c == '_' || c == '-' || c == '.'
}

var keywords = []string{"if", "else", "end", "clause", "table"}

func readTag(f *source.File, at int, tokens []token) (*tag, *source.Problem) {
	if len(tokens) == 0 || tokens[0].kind != 'w' {
		return nil, notATag(f, at)
	}
	first, rest := tokens[0], tokens[1:]
	bad := func(t token, do string) (*tag, *source.Problem) {
		return nil, source.NewProblem(f.Pos(t.at), "bad-tag", fmt.Sprintf("%q cannot be here", t.text), do)
	}
	switch first.text {
	case "if":
		return readTest(f, condition, first, rest)
	case "else":
		if len(rest) > 0 && rest[0].text == "if" {
			return readTest(f, otherwise, rest[0], rest[1:])
		}
		if len(rest) > 0 {
			return bad(rest[0], "write {{else}}, or {{else if NAME}}")
		}
		return &tag{kind: otherwise}, nil
	case "end":
		if len(rest) > 0 {
			return bad(rest[0], "write {{end}}")
		}
		return &tag{kind: ending}, nil
	case "clause", "table":
		t := &tag{kind: include}
		if first.text == "table" {
			t.kind = rows
		}
		if len(rest) == 0 || rest[0].kind == '=' {
			return nil, source.NewProblem(f.Pos(first.at), "bad-tag",
				fmt.Sprintf("nothing says which %s is meant", first.text),
				fmt.Sprintf("write its name: {{%s NAME}}", first.text))
		}
		t.name = rest[0].text
		return readArguments(f, t, rest[1:])
	}
	if len(rest) > 0 {
		if near := toml.Nearest(first.text, keywords); near != "" {
			return bad(first, fmt.Sprintf("did you mean {{%s ...}}?", near))
		}
		return bad(rest[0], "a value is its name alone: {{"+first.text+"}};\na shared clause is {{clause NAME}}, a "+
			"table {{table NAME}}, a condition {{if NAME}}")
	}
	return &tag{kind: value, name: first.text}, nil
}

func readTest(f *source.File, k kind, first token, rest []token) (*tag, *source.Problem) {
	const do = `write {{if NAME}}, {{if not NAME}}, {{if NAME is "TEXT"}} or {{if NAME is not "TEXT"}}`
	t := &test{}
	take := func(word string) bool {
		if len(rest) > 0 && rest[0].kind == 'w' && rest[0].text == word {
			rest = rest[1:]
			return true
		}
		return false
	}
	t.not = take("not")
	at := first
	if len(rest) > 0 {
		at = rest[0]
	}
	if len(rest) == 0 || at.kind != 'w' {
		return nil, source.NewProblem(f.Pos(at.at), "bad-tag", "the condition asks for nothing", do)
	}
	t.name, t.at, rest = at.text, at.at, rest[1:]
	if !t.not && take("is") {
		t.not = take("not")
		if len(rest) == 0 || rest[0].kind != '"' {
			return nil, source.NewProblem(f.Pos(at.at), "bad-tag",
				fmt.Sprintf("nothing says what %s should be", t.name), do)
		}
		t.is, rest = &rest[0].text, rest[1:]
	}
	if len(rest) > 0 {
		return nil, source.NewProblem(f.Pos(rest[0].at), "bad-tag", fmt.Sprintf("%q cannot be here", rest[0].text), do)
	}
	return &tag{kind: k, name: t.name, test: t}, nil
}

func readArguments(f *source.File, t *tag, rest []token) (*tag, *source.Problem) {
	for len(rest) > 0 {
		if len(rest) < 3 || rest[0].kind != 'w' || rest[1].kind != '=' || rest[2].kind != '"' && rest[2].kind != 'w' {
			return nil, source.NewProblem(f.Pos(rest[0].at), "bad-tag", fmt.Sprintf("%q cannot be here", rest[0].text),
				`write what is given as NAME="TEXT", or NAME=VALUE with the name of a value`)
		}
		for _, a := range t.given {
			if a.name == rest[0].text {
				return nil, source.NewProblem(f.Pos(rest[0].at), "wrong-parameter",
					fmt.Sprintf("%s is given twice", a.name), "remove one of them")
			}
		}
		t.given = append(t.given, argument{rest[0].text, rest[0].at, rest[2].text, rest[2].kind == '"'})
		rest = rest[3:]
	}
	return t, nil
}
