package markdown_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	. "github.com/privgen/privgen/internal/markdown"
	"github.com/privgen/privgen/internal/source"
)

// lax allows all that rules can allow, so that only a limit can refuse a text.
var lax = Rules{HTML: "sanitize", DeadLinks: "keep", Images: "link"}

// numbered repeats a line with a number in it.
func numbered(format string, n int) string {
	var b strings.Builder
	for i := range n {
		fmt.Fprintf(&b, format, i)
	}
	return b.String()
}

// nested returns a list that is n deep.
func nested(n int) string {
	var b strings.Builder
	for i := range n {
		b.WriteString(strings.Repeat("  ", i) + "- a\n")
	}
	return b.String()
}

// stairs repeats a line n times, each time indented by step more spaces.
func stairs(line string, step, n int) string {
	var b strings.Builder
	for i := range n {
		b.WriteString(strings.Repeat(" ", i*step) + line + "\n")
	}
	return b.String()
}

// A text over a limit is refused at the position where it exceeds the limit, before it
// costs much. Without the limits, most of these take minutes.
func TestBounds(t *testing.T) {
	t.Parallel()
	x := strings.Repeat
	for _, c := range []struct{ name, text, want string }{
		{"quotes on one line", "a\n\n" + x(">", 100000), "3:102 nested"},
		{"quotes and lists in turn", x("> - ", 50000) + "a", "1:137 nested"},
		{"bullets on one line", x("- ", 100000) + "a", "1:103 nested"},
		{"numbers on one line", x("1. ", 100000) + "a", "1:154 nested"},
		{"a list below each item", nested(300), "nested"},
		{"numbers and quotes below each item", stairs("1. > a", 3, 200), "nested"},
		{"bullets and quotes below each item", stairs("- > a", 2, 200), "nested"},
		{"bullets below quotes, with a step too far", stairs("- a", 1, 400) + stairs("1) > - a", 4, 200), "nested"},
		{"empty items", stairs("-", 2, 300), "nested"},
		{"empty numbers, and a text below", stairs("1.", 3, 300) + "\n\n" + x(" ", 900) + "a", "nested"},
		{"quotes with tabs", x(">\t", 100000), "nested"},
		{"definitions in definitions", x(":  ", 10) + "a\n" + x("> ", 200) + "b", "nested"},
		{"emphasis in emphasis", x("*a ", 300) + x("b* ", 300), "nested"},
		{"strong emphasis in emphasis", x("**a *b ", 200) + x("c* d** ", 200), "nested"},
		{"struck out in emphasis", x("~~a *b ", 200) + x("c* d~~ ", 200), "nested"},

		{"brackets that open", x("[", 200000), "marks"},
		{"brackets in brackets", x("[", 100000) + x("]", 100000), "marks"},
		{"images that never end", x("![a](", 100000), "marks"},
		{"links with parentheses", x("[a]((((((", 50000), "marks"},
		{"links with titles that never end", x("[a](b \"", 50000), "marks"},
		{"two kinds of emphasis", x("*_", 100000), "marks"},
		{"emphasis that never closes", x("*a_ ", 100000), "marks"},
		{"backticks", numbered("`a``%d```", 100000), "marks"},
		{"tags that never end", x("<a ", 200000), "marks"},
		{"comments that never end", x("a <!-- ", 100000), "marks"},
		{"a heading", "# " + x("*a_ ", 100000), "marks"},
		{"a cell", "|a|\n|-|\n|" + x("*a_ ", 100000) + "|", "marks"},
		{"many paragraphs", x(x("*a_ ", 3000)+"\n\n", 20), "marks"},

		{"a table with more columns than cells", x("|a", 3000) + "|\n" + x("|-", 3000) + "|\n" + x("|\n", 3000), "cells"},
		{"tables with more columns than cells", x(x("|a", 300)+"|\n"+x("|-", 300)+"|\n"+x("|\n", 300)+"\n", 30), "cells"},
		{"a table in a quote", "> " + x("|a", 3000) + "|\n> " + x("|-", 3000) + "|\n" + x("> |\n", 3000), "cells"},

		{"references to one footnote", x("a[^1] ", 20000) + "\n\n[^1]: b", "footnotes"},
		{"footnotes", numbered("a[^%[1]d]\n\n[^%[1]d]: b\n\n", 20000), "footnotes"},
		{"footnotes that are nowhere", numbered("[^%d]: b\n", 20000), "footnotes"},
		{"footnotes in footnotes", "[^0]\n\n" + numbered("[^%d]: [^0]\n\n", 20000), "footnotes"},
		{"definitions of links", numbered("[a%d]: b\n", 20000), "definitions"},
		{"one definition again and again", x("[a]: b\n", 20000), "definitions"},
		{"definitions on two lines", x("[a\n]: b\n", 20000), "definitions"},
		{"a long address used often", "[a]: https://a.example/" + x("b", 5000) + "\n\n" + x("[a] b\n\n", 20000), "URLs"},
		{"a long address", "[a](https://a.example/" + x("b", 100000) + ")", "URL of a link"},
		{"a long bare address", "https://a.example/" + x("b", 100000), "URL of a link"},
	} {
		f, problem := source.Parse("x.md", []byte(c.text))
		if problem != nil {
			t.Fatal(problem)
		}
		body, list := NewRenderer(1<<20).Parse(f, 0, lax)
		if len(list) != 1 || list[0].Code != "too-complex" || body == nil {
			t.Errorf("%s: %d problems", c.name, len(list))
			continue
		}
		place, words, _ := strings.Cut(c.want, " ")
		if words == "" || !strings.Contains(place, ":") {
			place, words = "", c.want
		}
		if said := list[0].String(); !strings.Contains(said, words) || !strings.HasPrefix(said, "x.md:"+place) {
			t.Errorf("%s: have %s\nwant %s", c.name, said, c.want)
		}
	}
}

// Long texts that are not deep are no problem. These are so long that parsing one in
// quadratic time would outlast the tests.
func TestLongTexts(t *testing.T) {
	t.Parallel()
	const size = 512 << 10
	for _, unit := range []string{
		"&#", "&#1234567", "👨\u200D👩", "https://a.example/?.!, ", "a.b/c@", "a-b", "# a\n\n", "- a\n", "a\n: b\n\n", "\\[", "条款", "e\u0301", "a ", "    a\n\n", "***\n",
	} {
		f, problem := source.Parse("x.md", []byte(strings.Repeat(unit, size/len(unit))))
		if problem != nil {
			t.Fatal(problem)
		}
		body, list := NewRenderer(1<<20).Parse(f, 0, lax)
		if len(list) > 0 {
			t.Errorf("%q: %v", unit, list[0])
			continue
		}
		body.HTML(nil, &RenderOptions{})
		body.Plain(nil, &RenderOptions{})
		if len(body.Parts()) == 0 {
			t.Errorf("%q has no parts", unit)
		}
	}
}

// A text with a mistake on every line is refused with some of them.
func TestManyProblems(t *testing.T) {
	t.Parallel()
	for _, line := range []string{"<b>a</b>\n\n", "# a {#b}\n\n", "[a](#nowhere)\n\n", "# a {.b}\n", "![a](https://b.example/c.png)\n\n", "[a](javascript:b)\n\n"} {
		f, _ := source.Parse("x.md", []byte(strings.Repeat(line, 30000)))
		if _, list := NewRenderer(1<<20).Parse(f, 0, Rules{}); len(list) < 100 || len(list) > 3000 {
			t.Errorf("%q: %d problems", line, len(list))
		}
	}
}

// FuzzGrowth looks for texts that take more than linear time. Four times the text may
// take ten times as long, plus two seconds.
func FuzzGrowth(f *testing.F) {
	for _, s := range []string{"[", "*a_ ", "> - a\n", "[^1] ", "|a", "&#", "a\n: b\n", "<a ", "`", "\\", "www.", "a@b."} {
		f.Add("", s, "")
		f.Add("# a\n\n", s, "]\n")
	}
	f.Fuzz(func(t *testing.T, before, unit, after string) {
		if unit == "" || len(before)+len(unit)+len(after) > 200 {
			return
		}
		took := func(n int) time.Duration {
			start := time.Now()
			file, problem := source.Parse("x.md", []byte(before+strings.Repeat(unit, n/len(unit))+strings.Repeat(after, n/len(unit))))
			if problem != nil {
				return 0
			}
			body, list := NewRenderer(1<<20).Parse(file, 0, lax)
			if len(list) == 0 {
				body.HTML(nil, &RenderOptions{})
				body.Plain(nil, &RenderOptions{})
				body.Parts()
			}
			return time.Since(start)
		}
		if one, four := took(32<<10), took(128<<10); four > 10*one+2*time.Second {
			t.Errorf("%q, %q, %q: %v, and four times the text %v", before, unit, after, one, four)
		}
	})
}
