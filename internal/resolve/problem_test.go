package resolve_test

import (
	"strings"
	"testing"

	"github.com/privgen/privgen/internal/resolve"
	"github.com/privgen/privgen/internal/source"
)

// All mistakes of a text are reported at once: malformed tags, and names that do not
// exist. After a malformed tag that may belong to a condition, names are not checked.
func TestAllProblems(t *testing.T) {
	t.Parallel()
	s := testResolver()
	for text, want := range map[string]string{
		"{{a b}} {{}} {{nothing}}\n\n{{clause}}\n{{table cookies columns=\"x}}\n{{also}}\n":                  "1:5 1:9 1:16 3:3 4:25 5:3",
		"{{end}}\n\n{{else}} {{if site.title}}{{else}}{{else}}{{end}}\n\n{{if site.title}}\n\n{{nothing}}\n": "1:1 3:1 3:35 5:1 7:3",
		"{{if site.title is}} a {{end}} {{end}} {{a b}}\n":                                                   "1:6 1:44",
		"{{ and {{if}} {{end}}\n\n{{nothing}}\n":                                                             "1:8 1:10",
	} {
		_, problems := s.Resolve(&source.File{Name: "t.md", Text: []byte(text)}, 0, resolve.Reader{Lang: "en"})
		var have []string
		for _, p := range problems {
			have = append(have, strings.TrimPrefix(p.Pos.String(), "t.md:"))
		}
		if strings.Join(have, " ") != want {
			t.Errorf("%s: have %v, want %s\n%v", text, have, want, problems)
		}
	}
}
