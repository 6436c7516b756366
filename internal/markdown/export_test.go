package markdown

import "golang.org/x/text/unicode/norm"

// For the tests in policy_test: what a text looks like cut into blocks, and
// in one block.

func Cut(text []byte) (blocks []string) {
	at := 0
	for _, end := range blockEnds(text) {
		blocks = append(blocks, string(text[at:end]))
		at = end
	}
	return blocks
}

func (r *Renderer) Loose(stretch string) (html, plain string, holes, heads, links int) {
	b := r.block([]byte(stretch))
	return string(b.html.text), string(b.plain.text), len(b.html.holes), len(b.heads), len(b.links)
}

// Slugs returns the ids of headings of one level, as a text has them.
func Slugs(titles ...string) (ids []string) {
	var of []numbering
	for _, t := range titles {
		of = append(of, numberingOf(t))
	}
	for i := range titles {
		titles[i] = norm.NFC.String(titles[i])
	}
	for i, yes := range counted(of, make([]int, len(of))) {
		n := 0
		if yes {
			n = of[i].end
		}
		ids = append(ids, slug(titles[i], n))
	}
	return ids
}

var FormerSlug = formerSlug

// Number returns the number that a heading begins with by itself.
func Number(title string) string {
	if nb := numberingOf(title); nb.sure {
		return title[:nb.end]
	}
	return ""
}
