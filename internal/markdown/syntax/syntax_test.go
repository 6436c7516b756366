package syntax_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/yuin/goldmark/ast"
	east "github.com/yuin/goldmark/extension/ast"

	"github.com/privgen/privgen/internal/markdown/syntax"
	"github.com/privgen/privgen/internal/source"
)

// names has short names of nodes. Others have goldmark's names.
var names = map[ast.NodeKind]string{
	ast.KindParagraph: "p", ast.KindTextBlock: "t", ast.KindHeading: "h", ast.KindListItem: "item",
	ast.KindBlockquote: "quote", ast.KindFencedCodeBlock: "fence", ast.KindCodeSpan: "code",
	ast.KindLinkReferenceDefinition: "definition", east.KindStrikethrough: "~",
	east.KindTable: "table", east.KindTableHeader: "head", east.KindTableRow: "row", east.KindTableCell: "c",
	east.KindFootnoteList: "notes", east.KindFootnote: "note", east.KindFootnoteLink: "ref",
	east.KindFootnoteBacklink: "back", east.KindDefinitionList: "dl", east.KindDefinitionTerm: "dt",
	east.KindDefinitionDescription: "dd",
}

// tree returns the name of a node, with its children in parentheses.
func tree(n ast.Node, src []byte) string {
	name, ok := names[n.Kind()]
	if !ok {
		name = n.Kind().String()
	}
	switch n := n.(type) {
	case *ast.Text:
		return string(n.Segment.Value(src))
	case *ast.AutoLink:
		return "<" + string(n.Label(src)) + ">"
	case *ast.Link:
		name = "to " + string(n.Destination) + ": "
	case *ast.List:
		name = string(n.Marker)
	case *ast.Emphasis:
		name = strings.Repeat("*", n.Level)
	case *ast.Blockquote:
		if syntax.IsSummary(n) {
			name = "summary"
		}
	case *east.TaskCheckBox:
		return fmt.Sprintf("[%t]", n.IsChecked)
	}
	var in []string
	for c := n.FirstChild(); c != nil; c = c.NextSibling() {
		in = append(in, tree(c, src))
	}
	if n.Kind() == ast.KindDocument {
		return strings.Join(in, " ")
	}
	return name + "(" + strings.Join(in, " ") + ")"
}

// TestParse checks what differs from CommonMark, and what a text does not refer to.
func TestParse(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ text, want, unused string }{
		// Emphasis beside Chinese, Japanese, and Korean characters, and two tildes.
		{"当社は**個人情報（氏名等）**を", "p(当社は **(個人情報（氏名等）) を)", ""},
		{"葛\U000E0100**(城)**市 “\uFE01**(a)**", "p(葛󠄀 **((城)) 市 “︁ **((a)))", ""},
		{"a**(b)**c", "p(a** (b)** c)", ""},
		{"_a_b_ c**😀**", "p(*(a_ b)  c** 😀**)", ""},
		{"~a~ ~~b~~ 3~5", "p(~a ~  ~(b)  3 ~ 5)", ""},
		// Bare URLs and e-mail addresses, with escapes.
		{"www.a.example/b\\_c https://d.example", `p(<www.a.example/b\_c>   <https://d.example>)`, ""},
		{"(a\\_b@c.example) mailto:d-e@f.example. g\\_h@i", `p(( <a\_b@c.example> )  <mailto:d-e@f.example> .  g\_h@i)`, ""},
		{"[mailto:a_b@c.example](d)", "p(to d: (mailto:a_ b@c.example))", ""},
		// Definitions of links, and sentences that look like them.
		{"[a]: /b\n[Fees]: 10.50\n\n[A]", "definition() p([ Fees ]: 10.50) p(to /b: (A))", ""},
		{"[//]: # (a comment)\n\na\n", "definition() p(a)", ""},
		{"[Note]: important\nmore\n", "p([ Note ]: important more)", ""},
		{"> [a]: <b c>\n", "quote(p(to b c: (a) :  RawHTML()))", "2 the text does not refer to [a], so readers would see this line;"},
		// Footnotes.
		{"a[^1]\n\n[^1]: b\n    [^2]: c\n[^3]: d\n", "p(a ref()) notes(note(p(b [ ^2 ]: c back())) note(p(d back())))", "27 the text does not refer to the footnote [^3];"},
		{"a[^1]\n\n[^1]: b\n\n[^1]: c\n", "p(a ref()) notes(note(p(b back())) note(p(c back())))", "16 there are two footnotes [^1], and the text refers to the first;"},
		// Tables.
		{"a\n| b |\n|---|\n| c | d \\| e | |\n", `p(a) table(head(c(b)) row(c(c) c(d \| e)))`, ""},
		{"- a\n  --\n", "-(item(h(a)))", ""},
		{"(a) b\n(b) c\n| d |\n|---|\n", "L(item(t((a) b)) item(t((b) c))) table(head(c(d)))", ""},
		// Lists as lawyers write them.
		{"You may\n(a) copy:\n    (i) it;\n    (ii) parts \\\n(b) show.\n", "p(You may) L(item(t((a) copy:) L(item(t((i) it;)) item(t((ii) parts)))) item(t((b) show.)))", ""},
		{"1.1 a\n1.2 b\n1.4 c\n", "L(item(t(1.1 a)) item(t(1.2 b)) item(t(1.4 c)))", ""},
		{"(a) ask, (b) tell;\n(c) show.\n", "p((a) ask, (b) tell; (c) show.)", ""},
		{"(a) b\nc\n(x) d\n", "p((a) b c (x) d)", ""},
		// Boxes, code, and definitions of terms.
		{"- [x] a\n- [ ] b\n- [x](c)\n", "-(item(t([true] a)) item(t([false] b)) item(t(to c: (x))))", ""},
		{"> [!Summary]\n> a\n\n> [!summary]\n\n> a\n> [!summary]\n", "summary(p(a)) summary() quote(p(a [ !summary ]))", ""},
		{"``` go home\nx\n```\n\n~~~ go\n~~~\n", "p(go home) fence() fence()", "4 words are after the mark that begins code, so readers would see them above the code;"},
		{"a\n: b\n\n## c {#d}\n", "dl(dt(a) dd(t(b))) h(c)", ""},
	} {
		doc, cost, unused := syntax.Parse([]byte(c.text))
		said := ""
		for _, u := range unused {
			said += fmt.Sprintf("%d %s;", u.At, u.What)
		}
		if have := tree(doc, []byte(c.text)); have != c.want || said != c.unused || cost.Over != 0 {
			t.Errorf("%q\n\thave %s, %s\n\twant %s, %s", c.text, have, said, c.want, c.unused)
		}
	}
}

// TestBlocks checks that Blocks finds the same blocks as Parse, without inlines.
func TestBlocks(t *testing.T) {
	t.Parallel()
	const text = "# a\n\n(a) *b*\n(b) c\n\n| d |\n|---|\n\ne\n: f[^1]\n\n[^1]: g\n"
	have := tree(syntax.Blocks([]byte(text)), []byte(text))
	if want := "h(a) L(item(t((a) *b*)) item(t((b) c))) table(head(c(d))) dl(dt(e) dd(t(f[^1]))) notes(note(p(g)))"; have != want {
		t.Errorf("have %s\nwant %s", have, want)
	}
}

// TestLimits checks where a text exceeds a limit.
func TestLimits(t *testing.T) {
	t.Parallel()
	x := strings.Repeat
	for _, c := range []struct{ name, text, want string }{
		{"depth of quotes", "a\n\n" + x(">", 1000), "1:105: quotes"},
		{"depth of emphasis", x("*a ", 300) + x("b* ", 300), "nested"},
		{"marks", x("*a_ ", 100000), "marks"},
		{"cells", x("|a", 3000) + "|\n" + x("|-", 3000) + "|\n" + x("|\n", 3000), "cells"},
		{"addresses", "[a]: https://a.example/" + x("b", 5000) + "\n\n" + x("[a] b\n\n", 2000), "URLs"},
		{"nothing", x("> ", 50) + "a", ""},
	} {
		_, cost, _ := syntax.Parse([]byte(c.text))
		have := ""
		if cost.Over != 0 {
			have = cost.Over.Problem(source.Pos{File: "a.md", Line: 1, Col: cost.At + 1}).String()
		}
		if !strings.Contains(have, c.want) || have == "" != (c.want == "") {
			t.Errorf("%s: have %s, want %s", c.name, have, c.want)
		}
	}
	if at, e := syntax.TooMany([]byte(x("a[^1]", 5000))); at != 4096*5+1 || !strings.Contains(e.Problem(source.Pos{}).String(), "4096 footnotes") {
		t.Errorf("too many footnotes at %d, %d", at, e)
	}
	if _, e := syntax.TooMany([]byte("[a]: b")); e != 0 {
		t.Error("one definition is too many")
	}
	if e := syntax.LongAddress([]byte(x("a", 9000))); !strings.Contains(e.Problem(source.Pos{}).String(), "8 KB") {
		t.Errorf("a long address: %d", e)
	}
	sum := syntax.Cost{Steps: 1 << 27}
	if sum.Add(syntax.Cost{Steps: 1 << 26}) != 0 || sum.Add(syntax.Cost{Steps: 1 << 27}) == 0 {
		t.Error("stretches have the limit each")
	}
}

func TestReadText(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]string{
		"plain": "plain", `\*a\b`: `*a\b`, "&eacute;&#8364;&#x20AC;": "é€€", "&amp;lt;": "&lt;", "&nosuch; &": "&nosuch; &",
		"&#0;&#x110000;": "\uFFFD\uFFFD", "&#12345678;&#x1234567;&#;&#x;": "&#12345678;&#x1234567;&#;&#x;",
	} {
		if have := syntax.ReadText(text); have != want {
			t.Errorf("%q: have %q, want %q", text, have, want)
		}
	}
}
