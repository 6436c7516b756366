package lines_test

import (
	"testing"

	"github.com/privgen/privgen/internal/markdown/lines"
)

func TestLines(t *testing.T) {
	t.Parallel()
	const kinds = ".phuc<r" // blank, prose, heading, underline, code, HTML, rule
	for _, c := range []struct{ text, want string }{
		{"a\n\nb\n", "p.p"},
		{"# a\nb\n", "hp"},
		{"#\n#a\n", "hp"},
		{"a\nb\n===\nc\n", "hhup"},
		{"~~~\n```\n~~~\n\na\n", "ccc.p"},
		{"```\na\n", "cc"},
		{"- a\n\n      c\n\n  b\n", "p.c.p"},
		{"- a\n\n    b\n", "p.p"},
		{"a\n\n    c\n\n    c\nb\n", "p.cccp"},
		{"> ```\n> c\na\n", "ccp"},
		{"> ```\n> c\n> ```\n> a\n", "cccp"},
		{"1. a\n   ~~~\n   c\n   ~~~\n2. b\n", "pcccp"},
		{"| a | b |\n|---|---|\n| c | d |\n", "ppp"},
		{"<div>\n\na\n\n</div>\n", "<.p.<"},
		{"[^1]: a\n\n    b\n\nc[^1]\n", "p.p.p"},
		{"[a]: https://a.example\n\n***\n-\n", "p.rr"},
		{"Term\n: a\n\n      c\n", "pp.c"},
		{"> a\n>\n> b\n", "p.p"},
		{"x\n(a) a\n(b) b\n---\nc\n", "ppprp"},
		{"x\n| a |\n|---|\n| b |\n---\nc\n", "pppprp"},
	} {
		have := ""
		for _, l := range lines.Of([]byte(c.text)) {
			have += kinds[l.Kind : l.Kind+1]
		}
		if have != c.want {
			t.Errorf("%q\n\thave %s\n\twant %s", c.text, have, c.want)
		}
	}
}

func TestProse(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]string{
		"a `b` c\n":             "a ` ` c\n",
		"~~~\n```\n~~~\n\nXX\n": "   \n   \n   \n\nXX\n",
		"a `b\nc` d\n":          "a ` \n ` d\n",
		"a\n\n    b\n":          "a\n\n     \n",
		"\\`a\\`\n":             "\\`a\\`\n",
	} {
		if have := string(lines.Prose([]byte(text))); have != want {
			t.Errorf("%q\n\thave %q\n\twant %q", text, have, want)
		}
	}
}
