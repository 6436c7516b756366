package view_test

import (
	"strings"
	"testing"

	"github.com/privgen/privgen/internal/markdown"
	"github.com/privgen/privgen/internal/redline"
	"github.com/privgen/privgen/internal/redline/view"
)

// The text has all changes. Those that are not words are in parentheses.
func TestText(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ name, before, after, want string }{
		{"a footnote mark is no digit", "In 30[^1] days.\n\n[^1]: Working days.\n", "In 14[^1] days.\n\n[^1]: Working days.\n",
			"In [-30-] {+14+}[1] days.\n1. Working days.\n"},
		{"a link", "See [it](https://a.example/).\n", "See [it](https://b.example/).\n",
			"See it (link https://a.example/ → https://b.example/).\n"},
		{"a link that is new", "See it.\n", "See it, [here](a.md).\n", "See it{+, here <a.md>+}.\n"},
		{"an image in a link", "[![Seal](/a.png)](https://a.example/)\n", "[![Seal](/b.png)](https://a.example/)\n",
			"![Seal](/b.png) (image /a.png → /b.png)\n"},
		{"an image", "![Seal](a.png) here\n", "![Seal](b.png) here\n", "![Seal](b.png) (image a.png → b.png) here\n"},
		{"emphasis", "See *it*.\n", "See **it**.\n", "See it (markup em → strong).\n"},
		{"a rule", "A text.\n\nB text.\n", "A text.\n\n---\n\nB text.\n", "A text.\n{+* * *+}\nB text.\n"},
		{"items that moved", "- Alpha is the name of the first one.\n- Beta is the name of the second one.\n",
			"- Beta is the name of the second one.\n- Alpha is the name of the first one.\n",
			"- {+Beta is the name of the second one.+} (moved here, 1)\n- Alpha is the name of the first one.\n" +
				"- [-Beta is the name of the second one.-] (moved away, 1)\n"},
		{"numbers of a list", "3. Alpha\n7. Beta\n", "3. Alpha\n9. Beta\n", "(list numbers 7 → 9)\n3. Alpha\n9. Beta\n"},
		{"numbers of a Japanese list", "1. 一\n2. 二\n", "3. 一\n4. 二\n", "(list numbers 1–2 → 3–4)\n3. 一\n4. 二\n"},
		{"numbers of a German list in a quote", "> 2. eins\n> 5. zwei\n", "> 2. eins\n> 6. zwei\n",
			"> (list numbers 5 → 6)\n  2. eins\n  6. zwei\n"},
		{"numbers of a list in an item", "- a\n\n  1. un\n  2. deux\n", "- a\n\n  1. un\n  4. deux\n",
			"- a\n  (list numbers 2 → 4)\n  1. un\n  4. deux\n"},
		{"a list that got numbers", "- Alpha\n- Beta\n", "1. Alpha\n2. Beta\n",
			"(was a list without numbers, is a list with numbers)\n1. Alpha\n2. Beta\n"},
		{"nested items", "- Alpha is first\n- Beta is second\n", "- Alpha is first\n    - also here\n- Beta is second\n",
			"- Alpha is first\n  - {+also here+}\n- Beta is second\n"},
		{"rows", "| a | b |\n|---|---|\n| c | 1 |\n", "| a | b |\n|---|---|\n| c | 2 |\n", "a | b\nc | [-1-]{+2+}\n"},
		{"a paragraph behind a table", "| a | b |\n|---|---|\n| c | 1 |\n\nIt ends.\n", "| a | b |\n|---|---|\n| c | 2 |\n\nIt ends.\n",
			"a | b\nc | [-1-]{+2+}\nIt ends.\n"},
		{"a word that hides a character", "To a\u200bb now.\n", "To ab now.\n", "To [-a<U+200B>b-] {+ab+} now.\n"},
		{"a control sequence", "We \x1b[2J.\n", "We x.\n", "We [-<U+001B>[2J-] {+x+}.\n"},
		{"code that was a paragraph", "Write to York now.\n", "    Write to York now.\n", "Write to York now. (was a paragraph, is a code block)\n"},
		{"a line break", "Mill Lane, York\n", "Mill Lane,\\\nYork\n", "Mill Lane,{+↵+}\nYork\n"},
		{"a space that is gone", "We store, and keep.\n", "We store ,and keep.\n", "We store{+ +},[- -]and keep.\n"},
	} {
		p := markdown.NewRenderer(1 << 16)
		r := redline.Compare(take(p, c.before), take(p, c.after))
		if have := string(view.Text(nil, r, false)); have != c.want {
			t.Errorf("%s:\nhave %q\nwant %q", c.name, have, c.want)
		}
		colored := string(view.Text(nil, r, true))
		plain := strings.NewReplacer("\x1b[31;9m", "[-", "\x1b[32;4m", "{+", "\x1b[0m", "").Replace(colored)
		if want := strings.NewReplacer("-]", "", "+}", "").Replace(c.want); plain != want {
			t.Errorf("%s, in color:\nhave %q\nwant %q", c.name, plain, want)
		}
	}
}
