package markdown

import "github.com/privgen/privgen/internal/markdown/lines"

// For the tests in policy_test: what a text looks like cut into blocks, and
// in one block.

func Cut(text []byte) (blocks []string) {
	at := 0
	for _, end := range lines.Cuts(text) {
		blocks = append(blocks, string(text[at:end]))
		at = end
	}
	return blocks
}

func (r *Renderer) Loose(stretch string) (html, plain string, holes, heads, links int) {
	b := r.block([]byte(stretch), true)
	return string(b.html.text), string(b.plain.text), len(b.html.holes), len(b.heads), len(b.links)
}
