package markdown_test

import (
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"golang.org/x/net/html"
	rsc "rsc.io/markdown"

	"github.com/privgen/privgen/internal/markdown"
	"github.com/privgen/privgen/internal/source"
)

// The examples of CommonMark 0.31 and of extensions are read from goldmark's module, and
// those of GFM (CommonMark 0.29 with extensions) from rsc.io/markdown.

// An example is Markdown and the HTML that a specification has for it.
type example struct {
	Name, Markdown, HTML string
	Example              int
}

func examples(t *testing.T) (out []example) {
	t.Helper()
	root := moduleDir(t, "github.com/yuin/goldmark")
	data, err := os.ReadFile(filepath.Join(root, "_test", "spec.json"))
	if err != nil {
		t.Fatal(err)
	}
	if err := json.Unmarshal(data, &out); err != nil {
		t.Fatal(err)
	}
	for i := range out {
		out[i].Name = fmt.Sprintf("commonmark %d", out[i].Example)
	}
	if len(out) != 652 {
		t.Fatalf("have %d examples of CommonMark", len(out))
	}
	for _, name := range []string{"table", "strikethrough", "linkify", "tasklist", "definition_list"} {
		data, err := os.ReadFile(filepath.Join(root, "extension", "_test", name+".txt"))
		if err != nil {
			t.Fatal(err)
		}
		for _, m := range extensionExample.FindAllStringSubmatch(string(data), -1) {
			out = append(out, example{Name: name + " " + m[1], Markdown: m[2] + "\n", HTML: m[3]})
		}
	}
	out = append(out, gfmExamples(t)...)
	if len(out) < 1360 {
		t.Fatalf("have %d examples", len(out))
	}
	return out
}

// moduleDir returns the folder of a module of go.mod.
func moduleDir(t *testing.T, module string) string {
	t.Helper()
	dir, err := exec.Command("go", "list", "-m", "-f", "{{.Dir}}", module).Output()
	if err != nil {
		t.Fatal(err)
	}
	return strings.TrimSpace(string(dir))
}

// gfmExamples returns the examples of GFM's specification, without the one of the tag
// filter: privgen refuses or sanitizes HTML instead.
func gfmExamples(t *testing.T) (out []example) {
	t.Helper()
	_ = rsc.Parser{} // keeps the module in go.mod
	decode := strings.NewReplacer("^J\n", "\n", "^M", "\r", "^D\n", "", "^@", "\x00").Replace
	for _, name := range []string{"spec0.29", "table", "task", "del", "autoext"} {
		data, err := os.ReadFile(filepath.Join(moduleDir(t, "rsc.io/markdown"), "testdata", name+".txt"))
		if err != nil {
			t.Fatal(err)
		}
		parts := gfmExample.FindAllStringSubmatchIndex(string(data)+"-- end.md --\n", -1)
		for i := 0; i+2 < len(parts); i += 2 {
			label := string(data[parts[i][2]:parts[i][3]])
			if name != "spec0.29" && !strings.HasPrefix(label, "gfm") {
				continue // not of the specification
			}
			out = append(out, example{Name: "gfm " + strings.TrimPrefix(label, "gfm"),
				Markdown: decode(string(data[parts[i][1]:parts[i+1][0]])),
				HTML:     decode(string(data[parts[i+1][1]:min(parts[i+2][0], len(data))]))})
			if name != "spec0.29" {
				out[len(out)-1].Name = "gfm-" + name + " " + strings.TrimPrefix(label, "gfm")
			}
		}
	}
	if len(out) != 676 {
		t.Fatalf("have %d examples of GFM", len(out))
	}
	return out
}

var gfmExample = regexp.MustCompile(`(?m)^-- (\w+)\.(?:md|html) --\n`)

var extensionExample = regexp.MustCompile(`(?ms)^(\d+)[^\n]*\n(?:OPTIONS[^\n]*\n)?//(?:- )+-*//\n(.*?)\n//(?:- )+-*//\n(.*?)\n//(?:= )+=*//`)

// shape returns HTML in a form for comparison: without what privgen adds to elements, and
// with one space for white space.
func shape(t *testing.T, text string) string {
	t.Helper()
	root, err := html.Parse(strings.NewReader(text))
	if err != nil {
		t.Fatal(err)
	}
	var b strings.Builder
	var walk func(n *html.Node)
	walk = func(n *html.Node) {
		if n.Type == html.TextNode {
			b.WriteString(n.Data)
		}
		if n.Type != html.ElementNode {
			for c := range n.ChildNodes() {
				walk(c)
			}
			return
		}
		name, attr, skip := n.Data, "", false
		for _, a := range n.Attr {
			switch a.Key {
			case "data-added":
				skip = true
			case "href", "src", "alt", "title", "start", "value":
				attr += fmt.Sprintf(" %s=%q", a.Key, a.Val)
			}
		}
		switch {
		case skip:
			return
		case len(name) == 2 && name[0] == 'h' && name[1] >= '1' && name[1] <= '6':
			name = "h"
		case name == "del":
			name = "s"
		case name == "div", name == "html", name == "head", name == "body":
			for c := range n.ChildNodes() {
				walk(c)
			}
			return
		}
		b.WriteString("<" + name + attr + ">")
		for c := range n.ChildNodes() {
			walk(c)
		}
		b.WriteString("</" + name + ">")
	}
	walk(root)
	return strings.NewReplacer(" <", "<", "> ", ">").Replace(oneSpace(strings.ReplaceAll(b.String(), "\n", " ")))
}

// others lists the examples with other results in privgen, with the reason.
var others = []struct{ reason, names string }{
	{"an image has no title: nobody sees it on paper or on a phone", "commonmark 572 573 576 577 579 584 585 586 587 588 589 591, " +
		"gfm 568 569 572 573 575 580 581 582 583 584 585 587"},
	{"the browser writes an address of the site in ASCII", "commonmark 32 33 195 202 206 489 502 503 504 507, " +
		"gfm 164 171 175 318 319 486 498 499 500 503"},
	{"a link without an address is its words", "commonmark 200 485 486 487 567, gfm 169 483 484 563"},
	{"a link to a clause that the text does not have is its words", "commonmark 501, gfm 497"},
	{"a link with a scheme that policies do not use is its words", "commonmark 500 596 598 599 601, linkify 7, " +
		"gfm 496 592 594 595 597, gfm-autoext 633 634 635"},
	{"a host that cannot be one makes no link", "commonmark 346, gfm 346"},
	{"bare addresses are links, as GFM has it", "commonmark 608 611 612, gfm 604 607 608"},
	{"a cell without a column is shown, and is a mistake", "table 7, gfm-table 204"},
	{"one tilde does not strike out: 3~5 days", "strikethrough 3, gfm-del 491"},
	{"a definition that nothing refers to is shown, and is a mistake", "commonmark 207 208 210 317 545, " +
		"gfm 176 177 179 188 287 541"},
	{"a definition without an address is a sentence", "commonmark 194 203 204, gfm 163 172 173"},
	{"words behind the language of code are shown, and are a mistake", "commonmark 143 146, strikethrough 5, gfm 113 116"},
	{"a box to tick is a sign", "tasklist 1 2 4, gfm-task 279 280"},
}

func TestSpecifications(t *testing.T) {
	t.Parallel()
	differ := map[string]bool{}
	for _, o := range others {
		for _, part := range strings.Split(o.names, ", ") {
			kind, numbers, _ := strings.Cut(part, " ")
			for _, n := range strings.Fields(numbers) {
				differ[kind+" "+n] = true
			}
		}
	}
	equal := 0
	for _, e := range examples(t) {
		b, problems := parseWith(e.Markdown, markdown.Rules{DeadLinks: "keep", Mistakes: "keep"})
		if slices.ContainsFunc(problems, func(p *source.Problem) bool { return p.Code == "raw-html" }) {
			continue // refused
		}
		page, _ := b.HTML(nil, &markdown.RenderOptions{})
		have, want := shape(t, string(page)), shape(t, e.HTML)
		if (have != want) != differ[e.Name] {
			t.Errorf("%s: %q\n\thave %s\n\twant %s", e.Name, e.Markdown, have, want)
		}
		if have == want {
			equal++
		}
	}
	if t.Logf("%d examples are as specified", equal); equal < 500 {
		t.Errorf("only %d examples are as specified", equal)
	}
}

// TestSpecificationsTogether checks that several examples in one text render block by
// block as they do in one block.
func TestSpecificationsTogether(t *testing.T) {
	t.Parallel()
	all := examples(t)
	p := markdown.NewRenderer(1 << 20)
	for seed := range uint64(2000) {
		r := rand.New(rand.NewPCG(seed, 5))
		text, names := "", ""
		for range 1 + r.IntN(5) {
			e := all[r.IntN(len(all))]
			text += e.Markdown + strings.Repeat("\n", r.IntN(3))
			names += e.Name + ", "
		}
		sameWhole(t, p, names, []byte(strings.ReplaceAll(text, "\x00", "")))
	}
}
