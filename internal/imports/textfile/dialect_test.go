package textfile_test

import (
	"testing"

	"github.com/privgen/privgen/internal/imports/textfile"
)

func TestPlain(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name, text string
		mdx        bool
		want, told string
	}{
		{"nothing to convert", "# A\n\n{{ site.name }} {x}\n", false, "# A\n\n{{ site.name }} {x}\n", ""},
		{"an attribute list", "Effective May 4\n{: datetime=\"2026-05-04\" }\n\nText\n", false, "Effective May 4\n\nText\n", "attribute lists"},
		{"an id of a heading", "## Security {: #security .big }\n", false, "## Security {#security}\n", "attribute lists"},
		{"a class of a paragraph", "Réduit {: .no_toc}\n", false, "Réduit\n", "attribute lists"},
		{"an id below a heading", "## Two\r\n{: #two .x}\r\nText\n", false, "## Two {#two}\r\nText\n", "attribute lists"},
		{"a class beside an id", "## Three {#three .x}\n\n## Four {#four}\n", false, "## Three {#three}\n\n## Four {#four}\n", "attribute lists"},
		{"lists of links and words", "See [a](b.md){:target=\"_blank\"}, *more*{: .x} and <https://a.example>{:rel=\"x\"}.\n", false, "See [a](b.md), *more* and <https://a.example>.\n", "attribute lists"},
		{"a list in code", "Write `*a*{: .x}` here\n", false, "Write `*a*{: .x}` here\n", ""},
		{"a comment", "A\n\n{::comment}\nto do\n{:/comment}\n\nB\n", false, "A\n\n\nB\n", "comments"},
		{"a comment without an end", "{::comment}\nB\n", false, "B\n", "attribute lists"},
		{"marks", "{::options parse_block_html=\"true\" /}\n{::nomarkdown}a{:/}\n", false, "a\n", "attribute lists"},
		{"a set that is no list", "x {:n} in {a: b}\n\n## Fees {per year}\n", false, "x {:n} in {a: b}\n\n## Fees {per year}\n", ""},
		{"contents", "1. list\n{:toc}\n\n* TOC\n{:toc}\nText\n", false, "\nText\n", "a table of contents"},
		{"a box", ":::note\n\nMind this.\n\n:::\nText\n", false, "\nMind this.\n\nText\n", "boxes"},
		{"a box with a title", ":::tip[Kurz gesagt]\nWir löschen.\n:::\n", false, "**Kurz gesagt**\n\nWir löschen.\n", "boxes"},
		{"colons that are no box", "Times::: 3\n:::\n", false, "Times::: 3\n:::\n", ""},
		{"code", "```\n{:toc}\n:::note\n:::\n```\n", false, "```\n{:toc}\n:::note\n:::\n```\n", ""},
		{"MDX", "import X from \"../x\";\nexport const y = 1\n\n<Callout kind=\"a\">\n\n  Read **this**.\n\n</Callout>\n{/* no */}\n", true, "\n\n  Read **this**.\n\n", "imports of MDX, components of MDX"},
		{"a component in a line", "<Callout>Read {props.name}</Callout>\n", true, "Read {props.name}\n", "components of MDX; words to write in place of {props.name}"},
		{"words that begin like MDX", "import duties are yours\n", true, "import duties are yours\n", ""},
	} {
		have, told := textfile.Plain([]byte(c.text), c.mdx)
		if string(have) != c.want || told != c.told {
			t.Errorf("%s:\nhave %q, %q\nwant %q, %q", c.name, have, told, c.want, c.told)
		}
	}
}
