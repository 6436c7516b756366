package lines_test

import (
	"slices"
	"strings"
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
		"a `b` c\n":                   "a ` ` c\n",
		"~~~\n```\n~~~\n\nXX\n":       "   \n   \n   \n\nXX\n",
		"a `b\nc` d\n":                "a ` \n ` d\n",
		"a\n\n    b\n":                "a\n\n     \n",
		"\\`a\\`\n":                   "\\`a\\`\n",
		"see https://a.example/`b`\n": "see https://a.example/`b`\n", // the backticks are in the URL
	} {
		if have := string(lines.Prose([]byte(text))); have != want {
			t.Errorf("%q\n\thave %q\n\twant %q", text, have, want)
		}
	}
}

// TestCuts checks where a text is cut into blocks. Tests of package markdown check that
// the blocks render as in the whole text.
func TestCuts(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name   string
		blocks []string
	}{
		{"nothing", nil},
		{"paragraphs", []string{"a\nb\n\n", "c\n\n\n", "d"}},
		{"headings need no blank line", []string{"a\n", "# b\n", "c\n", "### d\n"}},
		{"hashes that are no heading", []string{"a\n#b\n####### c\n # d\n"}},
		{"a list and what is in it", []string{"- a\n\n- b\n\n  c\n\n", "d\n\n", "10) e\n\n11) f\n"}},
		{"numbers that are no items", []string{"a\n\n", "2024 b\n\n", "1234567890. c\n\n", "1.5 d\n"}},
		{"a fence", []string{"```\n# a\n\nb\n``` \n\n", "c\n\n", "~~~ `x`\n```\n\nd\n~~~\n"}},
		{"backticks that are no fence", []string{"``` a`b\n\n", "c\n"}},
		{"a fence in a list", []string{"a\n\n", "- b\n\n  ```\n  c\n\n# d\n\ne\n"}},
		{"a tab", []string{"a\n\n\t- b\n\n", "c\n"}},
		{"indented code", []string{"a\n\n    b\n\n    c\n\n", "d\n"}},
		{"a definition of a link", []string{"# a\n\n[b]: c\n\nd\n"}},
		{"a footnote", []string{"a[^1]\n\n# b\n"}},
		{"a definition", []string{"a\n: b\n\n# c\n"}},
		{"HTML", []string{"a\n\n</b>\n\n# c\n"}},
		{"no HTML", []string{"a < b\n\n", "c\n"}},
	} {
		var have []string
		text := strings.Join(c.blocks, "")
		at := 0
		for _, end := range lines.Cuts([]byte(text)) {
			have, at = append(have, text[at:end]), end
		}
		if !slices.Equal(have, c.blocks) {
			t.Errorf("%s\n\thave %q\n\twant %q", c.name, have, c.blocks)
		}
	}
}

func TestContent(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		line string
		at   int
		item bool
	}{
		{"a", 0, false}, {"  a", 2, false}, {"> > a", 4, false}, {"- a", 2, true}, {"> 12) a", 6, true},
		{": a", 2, true}, {"-a", 0, false}, {"1.a", 0, false}, {"-", 1, true}, {"", 0, false}, {"* - a", 4, true},
	} {
		if at, item := lines.Content([]byte(c.line)); at != c.at || item != c.item {
			t.Errorf("%q: have %d, %t, want %d, %t", c.line, at, item, c.at, c.item)
		}
	}
}
