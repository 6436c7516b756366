package markdown

import "github.com/privgen/privgen/internal/markdown/lines"

// This file exports, for tests, a text cut into blocks and a text rendered as one block.

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
