package redline

import (
	"strings"

	"github.com/privgen/privgen/internal/markdown"
)

// Before returns the old text of the clause as plain text, one line for each paragraph.
// It is empty for a new clause.
func (c *Clause) Before() string {
	moved := c.redline.Edits[c.First].Mark == MovedAway
	before := c.plain(func(p *Edit) []Node {
		switch {
		case p.Mark == Inserted || p.Mark == MovedAway && !moved || p.Mark == MovedHere && c.was != nil:
			return nil
		case p.Merged != nil:
			return p.olds
		}
		return []Node{p.Old}
	})
	if c.was != nil {
		return c.was.Before() + before
	}
	return before
}

// After returns the new text of the clause, in the form of Before. It is empty for a
// removed clause.
func (c *Clause) After() string {
	return c.plain(func(p *Edit) []Node {
		if !p.InNew() {
			return nil
		}
		return []Node{p.New}
	})
}

func (c *Clause) plain(side func(*Edit) []Node) string {
	var b strings.Builder
	for _, p := range c.redline.Edits[c.First:c.Last] {
		for _, n := range side(p) {
			if !n.none() {
				plain(&b, n.Passage, "")
			}
		}
	}
	return b.String()
}

// plain writes a passage as plain text, one line for each paragraph.
func plain(b *strings.Builder, p *markdown.Passage, prefix string) {
	if p.Kind.Leaf() {
		b.WriteString(prefix)
		plainWords(b, p)
		b.WriteByte('\n')
		return
	}
	if p.Kind == markdown.Row {
		b.WriteString(prefix)
		for i, cell := range p.Kids {
			if i > 0 {
				b.WriteString(" | ")
			}
			for j, k := range cell.Kids {
				if j > 0 {
					b.WriteString(" / ")
				}
				plainWords(b, k)
			}
		}
		b.WriteByte('\n')
		return
	}
	switch p.Kind {
	case markdown.Item:
		prefix += "- "
	case markdown.Quote:
		prefix += "> "
	case markdown.Meaning:
		prefix += "    "
	case markdown.Rule:
		b.WriteString(prefix + "* * *\n")
	}
	for i, k := range p.Kids {
		if i == 1 && strings.HasSuffix(prefix, "- ") {
			prefix = strings.TrimSuffix(prefix, "- ") + "  "
		}
		plain(b, k, prefix)
	}
}

// plainWords writes the words of a passage.
func plainWords(b *strings.Builder, p *markdown.Passage) {
	for i := range p.Words {
		w := &p.Words[i]
		if i > 0 {
			b.WriteString(w.Gap)
		}
		switch w.Kind {
		case markdown.Break:
			b.WriteByte(' ')
		case markdown.Note:
			b.WriteString("[" + w.Text + "]")
		default:
			b.WriteString(w.Text)
		}
	}
}
