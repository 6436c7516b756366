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

	"github.com/privgen/privgen/internal/markdown"
	"github.com/privgen/privgen/internal/source"
)

// The examples of CommonMark 0.31 and of GFM's extensions come with goldmark's module,
// so they are read from there.

// An example is Markdown and the HTML that a specification has for it.
type example struct {
	Name, Markdown, HTML string
	Example              int
}

func examples(t *testing.T) (out []example) {
	t.Helper()
	dir, err := exec.Command("go", "list", "-m", "-f", "{{.Dir}}", "github.com/yuin/goldmark").Output()
	if err != nil {
		t.Fatal(err)
	}
	root := strings.TrimSpace(string(dir))
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
	if len(out) < 690 {
		t.Fatalf("have %d examples", len(out))
	}
	return out
}

var extensionExample = regexp.MustCompile(`(?ms)^(\d+)[^\n]*\n(?:OPTIONS[^\n]*\n)?//(?:- )+-*//\n(.*?)\n//(?:- )+-*//\n(.*?)\n//(?:= )+=*//`)

// shape returns HTML as the comparison reads it: without what a policy's page adds to
// every element, and with one space for white space.
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

// others are the examples whose result is another one here, by the reason.
var others = []struct{ reason, names string }{
	{"an image has no title: nobody sees it on paper or on a phone", "commonmark 572 573 576 577 579 584 585 586 587 588 589 591"},
	{"the browser writes an address of the site in ASCII", "commonmark 32 33 195 202 206 489 502 503 504 507"},
	{"a link without an address is its words", "commonmark 200 485 486 487 567"},
	{"a link to a clause that the text does not have is its words", "commonmark 501"},
	{"a link with a scheme that policies do not use is its words", "commonmark 500 596 598 599 601, linkify 7"},
	{"a host that cannot be one makes no link", "commonmark 346"},
	{"bare addresses are links, as GFM has it", "commonmark 608 611 612"},
	{"a cell without a column is shown, and is a mistake", "table 7"},
	{"one tilde does not strike out: 3~5 days", "strikethrough 3"},
	{"a box to tick is a sign", "tasklist 1 2 4"},
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

// TestSpecificationsTogether holds that examples beside each other are rendered block
// by block as in one text.
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
