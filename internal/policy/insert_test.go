package policy_test

import (
	"html"
	"regexp"
	"strings"
	"testing"
	"testing/fstest"
	"time"

	"github.com/privgen/privgen/internal/markdown"
	"github.com/privgen/privgen/internal/policy"
)

// places are texts with a value, each with other Markdown around it.
var places = []string{
	"{{values.x}}\n",
	"{{values.x}}. So it is.\n",
	"a\n{{values.x}}\n",
	"{{values.x}}\n===\n",
	"We are {{values.x}}, you know.\n",
	"- {{values.x}}\n- b\n",
	"1. {{values.x}}\n",
	"> {{values.x}}\n> b\n",
	"## {{values.x}}\n",
	"## a {{values.x}} {#id}\n",
	"*{{values.x}}* and **{{values.x}}**\n",
	"| a | b |\n| --- | --- |\n| {{values.x}} | c |\n",
	"[{{values.x}}](https://a.example/)\n",
	"!{{values.x}}[a](https://a.example/)\n",
	"[a]{{values.x}}\n",
	"[{{values.x}}]: b\n",
	"a{{values.x}}b\n",
	"Term\n: {{values.x}}\n",
	"`a{{values.x}}\n",
	"{{values.x}}{{values.x}}\n",
}

var tags = regexp.MustCompile(`<[^>]*>`)
var spaces = regexp.MustCompile(`\s+`)

// read returns the words that readers see of a text in which x is a value. It reports
// false if the text has a problem.
func read(t testing.TB, text, x string) (string, bool) {
	t.Helper()
	lib, problems := policy.Load(fstest.MapFS{"content/a/2026-01-01.md": {Data: []byte(text)}}, policy.Options{
		Folder: "content", Language: "en", Zone: time.UTC, Renderer: markdown.NewRenderer(1 << 12), Rules: markdown.Rules{Mistakes: "keep"},
		Values: map[string]any{"values.x": x},
	})
	if problems != nil {
		for _, p := range problems {
			if p.Code != "empty-value" && p.Code != "duplicate-id" && p.Code != "lost-words" {
				t.Errorf("%q with %q: %v [%s]", text, x, p, p.Code)
			}
		}
		return "", false
	}
	b, err := lib.Body(lib.Policies[0].Versions[0].Authoritative())
	if err != nil {
		t.Fatal(err)
	}
	set, _ := b.HTML(nil, &markdown.RenderOptions{})
	words := html.UnescapeString(tags.ReplaceAllString(strings.ReplaceAll(string(set), ` data-added aria-label="">#</a>`, "></a>"), ""))
	return strings.TrimSpace(spaces.ReplaceAllString(words, " ")), true
}

// Readers see a value as it was written, wherever a text has it.
func FuzzInsert(f *testing.F) {
	for _, x := range []string{
		"A*B* [x]", "# a", "- a", "+ a", "1. a", "1) a", "2026", "***", "---", "===", "> a", "```", "~~~", "~~a~~", "a|b", "|", "<b>a</b>", "<!-- -->",
		"&amp;", "&", "a & b", "\\", "a\\", "!", "![a](b)", "[a](javascript:b)", "[^1]", "^1", ": a", "(b)", "{#id}", "{{x}}", "{", "_a_", "a_b_c", "__", "`a`", "``", "\"q\"",
		"https://a.example/x_y?z=1&w=2", "a@b.example", "Ä ö – é", "a  b", "\ta", "$", "'", "[a]: b", "0", "a<b>c", "*", "_", "x*", "*x", "a:", "www.a.example", "10.", "+44 1", "#", "=", "-", "~", "&#65;",
	} {
		f.Add(x)
	}
	f.Fuzz(func(t *testing.T, x string) {
		x = strings.ToValidUTF8(x, "")
		if strings.ContainsFunc(x, func(r rune) bool { return r < ' ' && r != '\t' || r == 0x7f || r == '\u00a0' || r == 0xfeff }) {
			return // characters that nobody types, and white space, which HTML collapses
		}
		for _, text := range places {
			have, ok := read(t, text, x)
			plain, _ := read(t, text, "QQQ")
			want := strings.TrimSpace(spaces.ReplaceAllString(strings.ReplaceAll(plain, "QQQ", strings.TrimSpace(x)), " "))
			if ok && have != want {
				t.Errorf("%q with %q is read as\n%q, want\n%q", text, x, have, want)
			}
		}
	})
}
