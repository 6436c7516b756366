package pages_test

import (
	"strings"
	"testing"
)

// A theme can show the short versions of clauses above the text, each with a link to
// its clause. That above the text is there anyway.
func TestGlance(t *testing.T) {
	t.Parallel()
	text := "# Rules\n\n> [!summary]\n> All.\n\n## 1. *Data*\n\n> [!summary]\n> We keep **little**.\n>\n> - your [name](#rights)\n> - no age\n\nMore.\n\n" +
		"## Rights\n\n> [!summary]\n> Ask\n> us.\n\n### None\n\nNone.\n"
	files := with("content/rules/2026-01-01.md", text)
	files["privgen.toml"] = strings.Replace(files["privgen.toml"], "[organization]", "[theme]\nname = \"center\"\n[organization]", 1)
	d := drawAll(t, "https://example.com/legal/", plan(t, files))
	var have []string
	for _, li := range all(find(d.pages["rules/index.html"], "section", "class", "glance"), "li") {
		line := attr(find(li, "a"), "href") + " " + words(find(li, "a"))
		for _, p := range all(li, "p") {
			line += " | " + words(p)
		}
		have = append(have, line)
	}
	want := "#data 1. Data | We keep little. | your name | no age\n#rights Rights | Ask us."
	if have := strings.Join(have, "\n"); have != want {
		t.Errorf("have %s\nwant %s", have, want)
	}
}
