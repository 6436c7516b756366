package markdown_test

import (
	"os"
	"regexp"
	"strings"
	"testing"

	"github.com/privgen/privgen/internal/corpus"
	"github.com/privgen/privgen/internal/markdown"
)

// sameWhole checks that a text rendered block by block is the text rendered as a whole.
func sameWhole(t *testing.T, p *markdown.Renderer, name string, text []byte) {
	t.Helper()
	wantHTML, wantPlain, wantHoles, wantHeads, wantLinks := p.Loose(string(text))
	var html, plain strings.Builder
	var holes, heads, links int
	for _, b := range markdown.Cut(text) {
		h, pl, n, hd, l := p.Loose(b)
		html.WriteString(h)
		plain.WriteString(pl)
		holes += n
		heads += hd
		links += l
	}
	if strings.Join(markdown.Cut(text), "") != string(text) {
		t.Fatalf("%s: the blocks do not give back the text", name)
	}
	// The parser with bare URLs keeps a space at the end of a line, and the others
	// drop it. Readers see no difference.
	haveHTML := spacesAtEnd.ReplaceAllString(html.String(), "$1\n")
	wantHTML = spacesAtEnd.ReplaceAllString(wantHTML, "$1\n")
	if haveHTML != wantHTML || holes != wantHoles || heads != wantHeads || links != wantLinks {
		t.Fatalf("%s: cut into blocks the text is set otherwise than whole:\n%s", name, firstDifference(haveHTML, wantHTML))
	}
	if oneSpace(plain.String()) != oneSpace(wantPlain) {
		t.Fatalf("%s: cut into blocks the plain text is otherwise than whole:\n%s", name, firstDifference(plain.String(), wantPlain))
	}
}

var spacesAtEnd = regexp.MustCompile(` +(<br>)?\n`)

func oneSpace(s string) string { return strings.Join(strings.Fields(s), " ") }

func firstDifference(have, want string) string {
	i := 0
	for i < len(have) && i < len(want) && have[i] == want[i] {
		i++
	}
	from := max(0, i-200)
	return "have ..." + have[from:min(len(have), i+200)] + "\nwant ..." + want[from:min(len(want), i+200)]
}

var cuts = []struct{ name, text string }{
	{"paragraphs", "One.\n\nTwo.\n\n\nThree.\n"},
	{"a list goes on over blank lines", "- a\n\n- b\n\n  more\n\n- c\n\nEnd.\n"},
	{"a fence holds a heading", "```\n# no\n\nno\n```\n\n# yes\n\nText\n"},
	{"a fence with tildes and a longer one", "~~~\n```\n\n# no\n~~~\n\nText\n\n````\n```\n\n# no\n````\n"},
	{"a fence in a list", "- a\n\n  ```\n  x\n\n  # y\n  ```\n\nText\n"},
	{"a fence in a list that the list's end closes", "- ```\n  x\n\nText\n\n# H\n"},
	{"setext", "Title\n=====\n\nText\n\nTwo\n---\nmore\n"},
	{"heading without blank lines", "text\n# H\nmore\n## I\n- a\n- b\n# J\n1. x\n"},
	{"numbers and lists", "1. a\n\n2. b\n\n2024 was a year.\n\n3) c\n\n4) d\n"},
	{"two kinds of list", "- a\n\n* b\n\n+ c\n"},
	{"a quote, then another", "> a\n\n> b\n>\n> c\n\nText\n"},
	{"a table", "| a | b |\n|---|---|\n| 1 | 2 |\n\n| c | d |\n|---|---|\n| 3 | 4 |\n"},
	{"indented code", "Text\n\n    code\n\n    # more\n\nText\n"},
	{"a reference", "[a]\n\n# H\n\n[a]: https://example.com\n"},
	{"a footnote", "A[^1].\n\n# H\n\n[^1]: Note\n\n    more\n\nB\n"},
	{"a definition list", "Term\n\n: what it is\n\nOther\n: and this\n\nText\n"},
	{"a comment", "Text\n\n<!--\n\n# no\n\n-->\n\nText\n"},
	{"thematic breaks", "a\n\n***\n\n- - -\n\nb\n\n---\n"},
	{"a fence that ends a list and its fence", "*\n  ```\n```\n\n0"},
	{"a heading in a list", "- # a\n\n  text\n\n- b\n\n# c\n"},
	{"marker alone", "-\n\n- a\n\n1.\n\nb\n"},
	{"tabs", "-\ta\n\n\tb\n\nc\n"},
	{"only blank lines", "\n\n\n"},
	{"no line feed at the end", "# a\n\nb"},
}

func TestBlocksSetAsTheWhole(t *testing.T) {
	t.Parallel()
	p := markdown.NewRenderer(1 << 20)
	for _, c := range cuts {
		sameWhole(t, p, c.name, []byte(c.text))
	}
}

// One in ten real texts, or all of the bundle with PRIVGEN_ALL_TEXTS=1.
func TestBlocksSetAsTheWholeOnRealTexts(t *testing.T) {
	if testing.Short() {
		t.Skip("reads 70 MB of real policies")
	}
	p := markdown.NewRenderer(64 << 20)
	n, every := 0, 10
	if os.Getenv("PRIVGEN_ALL_TEXTS") != "" {
		every = 1
	}
	corpus.Bundle(t, "genai-eu-versions", func(v corpus.Version) {
		if n++; n%every == 0 {
			sameWhole(t, p, v.Document+" "+v.ID, v.Text)
		}
	})
}

func FuzzBlocks(f *testing.F) {
	for _, c := range cuts {
		f.Add(c.text)
	}
	f.Fuzz(func(t *testing.T, text string) {
		if strings.ContainsRune(text, 0) || strings.ContainsRune(text, '\r') || len(text) > 4000 {
			t.Skip()
		}
		sameWhole(t, markdown.NewRenderer(1<<16), "fuzzed", []byte(strings.ToValidUTF8(text, "?")))
	})
}
