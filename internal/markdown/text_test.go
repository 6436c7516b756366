package markdown_test

import (
	"testing"

	"github.com/privgen/privgen/internal/markdown"
	"github.com/privgen/privgen/internal/source"
)

// A line feed between two words is a space for readers, with any markup of the second
// word. Between two Chinese characters, it is nothing.
func TestLineFeeds(t *testing.T) {
	t.Parallel()
	for in, want := range map[string]string{
		"see\n*our* terms\n":          "<p>see\n<em>our</em> terms</p>\n",
		"see\n`code`\n":               "<p>see\n<code>code</code></p>\n",
		"see\n[a](https://a.test/)\n": "<p>see\n<a href=\"https://a.test/\">a</a></p>\n",
		"see\nhttps://a.test/\n":      "<p>see\n<a class=\"url\" href=\"https://a.test/\">https://a.test/</a></p>\n",
		"*a*\nb\\\nc\n":               "<p><em>a</em>\nb<br>\nc</p>\n",
		"我们\n保留\n":                    "<p>我们保留</p>\n",
		"我们\n**保留**\n":                "<p>我们<strong>保留</strong></p>\n",
		"我们\nkeep\n":                  "<p>我们\nkeep</p>\n",
	} {
		b, problems := markdown.NewRenderer(1<<12).Parse(&source.File{Name: "a.md", Text: []byte(in)}, 0, markdown.Rules{})
		if problems != nil {
			t.Fatal(problems)
		}
		if have, _ := b.HTML(nil, &markdown.RenderOptions{}); string(have) != want {
			t.Errorf("%q: have %q, want %q", in, have, want)
		}
	}
}
