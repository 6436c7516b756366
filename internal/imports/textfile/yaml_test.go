package textfile

import (
	"strings"
	"testing"

	"github.com/goccy/go-yaml"
)

// What is read of YAML is what a parser of all of it reads.
func TestYAML(t *testing.T) {
	t.Parallel()
	for _, block := range []string{
		"title: Privacy policy\ndate: 2024-02-03\n",
		"# a comment\ntitle: \"A: \\\"b\\\" \\u00e9\" # another\nlang: 'It''s'\n\nversion: v3\n",
		"title: >\n  Privacy\n  policy\nsummary: |-\n  One.\n  Two.\nend: x\n",
		"title: Privacy\n  policy of\n  ours # a comment\nurl: https://fernhill.example/a#b\n",
		"tags:\n- legal\n- privacy\nauthors:\n  - name: A\n    url: x\nmenu:\n  main:\n    weight: 10\ntitle: A\n",
		"tags: [a, b]\nparams: {a: b,\n  c: [d]}\ntitle: A # b\nempty:\nnothing: \"\"\n",
		"base: &x one\ncopy: *x\n\"quoted key\": a\nlast-modified: 3 May 2024\nTitle Case: a:b\n",
		"title: Datenschutzerklärung\r\nsidebar_position: 10:30\r\nüber: uns\r\n",
		"list: [\n  a,\n  b\n]\ntitle: A\n", "title: \"Over\n  two lines\"\n", "title: It's #1 of 2\n", "title: 50% off - or: not\n",
		"not a field\n", "# A heading\n", "title: [\n", "title: 'open\n", "title: a: b\n", "title: A\n- item\n", "- a\n- b\n",
		"**Last updated:** 2024\n", "title: \"A\" b\n",
	} {
		have, ok := parseYAML(block)
		want := map[string]any{}
		if err := yaml.Unmarshal([]byte(block), &want); (err == nil && len(want) > 0) != ok {
			t.Errorf("%q: have %v, want %v", block, have, err)
			continue
		}
		for key, value := range want {
			if text, is := value.(string); ok && is && text != "" && key != "copy" && key != "base" && have[key] != strings.TrimSpace(text) {
				t.Errorf("%q: %s is %q, want %q", block, key, have[key], text)
			}
		}
	}
}
