package markdown_test

import (
	"fmt"
	"math/rand/v2"
	"regexp"
	"strings"
	"testing"

	"github.com/privgen/privgen/internal/markdown"
	"github.com/privgen/privgen/internal/markdown/lines"
	"github.com/privgen/privgen/internal/source"
)

// TestLinesAreThoseOfThePage creates texts of random lines with a word each, and
// compares the kinds that lines.Of returns with where the page has the words.
func TestLinesAreThoseOfThePage(t *testing.T) {
	t.Parallel()
	for seed := range uint64(3000) {
		linesAsRead(t, randomText(rand.New(rand.NewPCG(seed, 1))))
	}
}

func FuzzLines(f *testing.F) {
	f.Add(uint64(1))
	f.Fuzz(func(t *testing.T, seed uint64) { linesAsRead(t, randomText(rand.New(rand.NewPCG(seed, 2)))) })
}

func randomText(r *rand.Rand) string {
	shapes := []string{"", "", "", "w", "w", "    w", "\tw", "  w", "      w", "- w", "  - w", "* w", "-   w", "1. w", "3) w", "> w", "> > w", ">     w", "> - w",
		"```", "~~~", "````", "  ```", "> ```", "# w", "### w", "- # w", "===", "---", "***", "| w | x |", "|---|---|", ": w", "[^1]: w", "w[^1]", "-", ">", "(a) w", "(b) w", "(d) w"}
	return fill(r, shapes)
}

// fill returns a text of random lines, each with a unique word for w.
func fill(r *rand.Rand, shapes []string) string {
	var b strings.Builder
	for i := range 2 + r.IntN(14) {
		word := fmt.Sprintf("word%dx", i)
		b.WriteString(oneW.ReplaceAllString(shapes[r.IntN(len(shapes))], word) + "\n")
	}
	return b.String()
}

var oneW = regexp.MustCompile(`\bw\b`)

func linesAsRead(t *testing.T, text string) {
	t.Helper()
	body, _ := markdown.NewRenderer(1<<16).Parse(&source.File{Name: "x.md", Text: []byte(text)}, 0, markdown.Rules{})
	read := map[string]markdown.Kind{}
	var walk func(ps []*markdown.Passage)
	walk = func(ps []*markdown.Passage) {
		for _, p := range ps {
			for _, w := range p.Words {
				read[w.Text] = p.Kind
			}
			walk(p.Kids)
		}
	}
	for _, p := range body.Parts() {
		walk([]*markdown.Passage{p.Passage})
	}
	for i, l := range lines.Of([]byte(text)) {
		kind, ok := read[fmt.Sprintf("word%dx", i)]
		if !ok {
			continue
		}
		if (kind == markdown.Code) != (l.Kind == lines.Code) || (kind == markdown.Heading) != (l.Kind == lines.Heading) {
			t.Fatalf("line %d of\n%s\nis %d, and on the page it is in %d", i+1, text, l.Kind, kind)
		}
		if l.Content < l.Start || l.Content > l.End {
			t.Fatalf("line %d of\n%s\nhas its content at %d, outside of %d to %d", i+1, text, l.Content, l.Start, l.End)
		}
	}
}
