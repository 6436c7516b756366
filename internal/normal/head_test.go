package normal

import (
	"encoding/json"
	"strings"
	"testing"

	"go.yaml.in/yaml/v3"
)

// A YAML parser and a JSON parser read the same values, and SkipHead returns the text after
// the head.
func TestHead(t *testing.T) {
	t.Parallel()
	for _, title := range []string{
		"Terms", "Terms: all of them", "# Terms", "- Terms", "---", "...", `"Terms"`, `it's \ "so"`, "true", "null", "~", "2026-01-01", "1e3",
		"{a: b}", "[x]", "*x", "&x", "!x", "%x", "@x", "`x`", "> x", "| x", "? x", " x ", "a: b # c", "x\ny\n---\nz", "tab\there", "<b>&</b>",
		"Politique de confidentialité", "سياسة الخصوصية", "\u200fמדיניות\u200e", "👩\u200d⚖️ Terms", "a\u0085b\u2028c\u2029d", "\x7f\x01\ufeff\uffff", "개인정보",
	} {
		const text = "---\n\nText: it.\n---\n"
		head := Head("title", title, "label", "", "lang", "en")
		var fields map[string]string
		lines := strings.Split(strings.TrimSuffix(head, "\n"), "\n")
		if len(lines) != 4 || lines[0] != "---" || lines[2] != `lang: "en"` || lines[3] != "---" {
			t.Errorf("%q: %q", title, head)
			continue
		}
		if err := yaml.Unmarshal([]byte(strings.Join(lines[1:3], "\n")), &fields); err != nil || fields["title"] != title || len(fields) != 2 {
			t.Errorf("%q is read as %q by YAML: %v", title, fields, err)
		}
		var value string
		if err := json.Unmarshal([]byte(strings.TrimPrefix(lines[1], "title: ")), &value); err != nil || value != title {
			t.Errorf("%q is read as %q by JSON: %v", title, value, err)
		}
		for _, r := range lines[1] {
			if r < ' ' || r >= 0x7f && r < 0xa0 || r == 0x2028 || r == 0x2029 || r == 0xfeff || r == 0xffff {
				t.Errorf("%q: YAML does not allow %U: %s", title, r, lines[1])
			}
		}
		if rest := string(SkipHead([]byte(head + text))); rest != text {
			t.Errorf("%q: the text is %q", title, rest)
		}
	}
}

// A thematic break at the beginning of a text is not a head.
func TestSkipHead(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]string{
		"": "", "# T\n": "# T\n", "---\na: b\n---\n# T\n": "# T\n", "---\na: \"b\"\n---\n---\nc: d\n---\n": "---\nc: d\n---\n",
		"---\n\na: b\n---\nT\n": "---\n\na: b\n---\nT\n", "---\n": "---\n", "---\n---\nT\n": "---\n---\nT\n", "---\na: b\n": "---\na: b\n",
		"---\nwords\n---\nT\n": "---\nwords\n---\nT\n", "T\n\n---\na: b\n---\n": "T\n\n---\na: b\n---\n",
	} {
		if have := string(SkipHead([]byte(text))); have != want {
			t.Errorf("%q: have %q, want %q", text, have, want)
		}
	}
}
