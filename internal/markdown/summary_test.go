package markdown_test

import (
	"bytes"
	"strings"
	"testing"

	"github.com/privgen/privgen/internal/markdown"
	"github.com/privgen/privgen/internal/source"
)

func TestSummary(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct{ name, text, want, plain string }{
		{"words and a list", "> [!summary]\n> We keep **little**.\n>\n> - a\n\nAll.\n",
			`<aside class="summary" role="note"> <span class="label" data-added>Short</span> <p>We keep <strong>little</strong>.</p> <ul> <li>a</li> </ul> </aside> <p>All.</p>`,
			"> [!summary]\n> We keep little.\n\n> - a\n\nAll.\n\n"},
		{"a list alone, in an item", "- x\n\n  > [!SUMMARY]\n  > - a\n",
			`<ul> <li> <p>x</p> <aside class="summary" role="note"> <span class="label" data-added>Short</span> <ul> <li>a</li> </ul> </aside> </li> </ul>`, ""},
		{"right to left", "> [!summary]\n> نحتفظ بالقليل.\n",
			`<aside class="summary" role="note" dir="rtl"> <span class="label" data-added>Short</span> <p>نحتفظ بالقليل.</p> </aside>`, ""},
		{"not first, not alone, not in a quote", "> a\n> [!summary]\n\n> \\[!summary] b\n\n[!summary]\n",
			`<blockquote> <p>a [!summary]</p> </blockquote> <blockquote> <p>[!summary] b</p> </blockquote> <p>[!summary]</p>`, ""},
	} {
		for _, html := range []string{"refuse", "sanitize"} {
			text := tt.text
			if html == "sanitize" {
				text += "\n<hr>\n"
			}
			f, _ := source.Parse("a.md", []byte(text))
			b, problems := markdown.NewRenderer(1<<20).Parse(f, 0, markdown.Rules{HTML: html})
			out, _ := b.HTML(nil, &markdown.RenderOptions{Short: "Short", Dir: "ltr"})
			out = bytes.ReplaceAll(out, []byte(`data-added=""`), []byte("data-added"))
			have := strings.TrimSuffix(strings.Join(strings.Fields(string(out)), " "), " <hr>")
			if have = strings.TrimSuffix(have, " <hr/>"); have != tt.want || problems != nil {
				t.Errorf("%s, %s: have %s %v\nwant %s", tt.name, html, have, problems, tt.want)
			}
			if plain := string(b.Plain(nil, &markdown.RenderOptions{})); tt.plain != "" && html == "refuse" && plain != tt.plain {
				t.Errorf("%s: have %q\nwant %q", tt.name, plain, tt.plain)
			}
		}
	}
}

func TestSummaryMistakes(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]string{
		"> [!summary]\n":           "a.md:1:1: this box has no words",
		"> [!summry]\n> a\n":       "a.md:1:3: there is no box [!summry]",
		"> [!summary] We keep.\n":  "a.md:1:3: there is no box [!summary]",
		"> \\[!summary] We keep\n": "",
	} {
		f, _ := source.Parse("a.md", []byte(text))
		_, problems := markdown.NewRenderer(1<<20).Parse(f, 0, markdown.Rules{})
		have := ""
		if len(problems) > 0 {
			have, _, _ = strings.Cut(problems[0].String(), "\n")
		}
		if have != want {
			t.Errorf("%q: have %q, want %q", text, have, want)
		}
	}
}
