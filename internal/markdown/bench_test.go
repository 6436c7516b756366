package markdown_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/privgen/privgen/internal/markdown"
	"github.com/privgen/privgen/internal/source"
)

// long returns a policy of about 100 KB with headings, prose, links, lists, and tables. No
// two of its blocks are equal. Versions differ in one paragraph.
func long(tb testing.TB, version int) *source.File {
	var b strings.Builder
	b.WriteString("# Privacy policy\n")
	for i := range 120 {
		fmt.Fprintf(&b, "\n## %d. What we keep in case %d\n\n", i+1, i)
		fmt.Fprintf(&b, "In case %d we keep what you send us, for as long as the **law** asks us to and no longer. "+
			"How long that is depends on what it is: see [the schedule](https://www.example.com/schedule/%d) "+
			"or ask us at <privacy@example.com>, and you will have an answer within %d days.\n\n", i, i, i%30+1)
		fmt.Fprintf(&b, "* your name, and the name of whoever acts for you in case %d;\n* your address;\n* what you bought, "+
			"and when, and what you paid for it (number %d of *our* list).\n\n", i, i)
		if i%10 == 0 {
			fmt.Fprintf(&b, "| what | how long |\n|---|--:|\n| invoices | %d years |\n| letters | %d years |\n\n", i%7+3, i%5+1)
		}
		fmt.Fprintf(&b, "Nothing of this leaves the country in which you are, unless you ask for it or case %d applies.\n", i)
	}
	fmt.Fprintf(&b, "\nThis is version %d.\n", version)
	f, problem := source.Parse("content/privacy/2026-01-01.md", []byte(b.String()))
	if problem != nil {
		tb.Fatal(problem)
	}
	return f
}

// BenchmarkRenderer parses and renders a long text: one that is new to the renderer, and
// the next version of a known one.
func BenchmarkRenderer(b *testing.B) {
	rules := markdown.Rules{HTML: "refuse", DeadLinks: "refuse", Images: "refuse"}
	draw := func(b *testing.B, p *markdown.Renderer, f *source.File, dst []byte) []byte {
		body, problems := p.Parse(f, 0, rules)
		if problems != nil {
			b.Fatal(problems)
		}
		dst, _ = body.HTML(dst[:0], setting)
		return dst
	}
	b.Run("cold", func(b *testing.B) {
		f := long(b, 0)
		b.ReportAllocs()
		b.SetBytes(int64(len(f.Text)))
		var dst []byte
		for b.Loop() {
			b.StopTimer()
			p := markdown.NewRenderer(16 << 20)
			b.StartTimer()
			dst = draw(b, p, f, dst)
		}
	})
	b.Run("warm", func(b *testing.B) {
		versions := make([]*source.File, 64)
		for i := range versions {
			versions[i] = long(b, i)
		}
		p := markdown.NewRenderer(16 << 20)
		b.ReportAllocs()
		b.SetBytes(int64(len(versions[0].Text)))
		var dst []byte
		for i := 0; b.Loop(); i++ {
			dst = draw(b, p, versions[i%len(versions)], dst)
		}
	})
}
