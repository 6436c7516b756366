package toml_test

import (
	"io/fs"
	"slices"
	"strings"
	"testing"

	tomltest "github.com/toml-lang/toml-test/v2"

	"github.com/privgen/privgen/internal/source"
	"github.com/privgen/privgen/internal/toml"
)

// newer lists the texts that TOML 1.0 forbids and TOML 1.1 allows: times without
// seconds, inline tables on several lines, and escapes with two digits.
var newer = strings.Fields(`
invalid/datetime/no-secs.toml
invalid/inline-table/linebreak-01.toml
invalid/inline-table/linebreak-02.toml
invalid/inline-table/linebreak-03.toml
invalid/inline-table/linebreak-04.toml
invalid/inline-table/trailing-comma.toml
invalid/local-datetime/no-secs.toml
invalid/local-time/no-secs.toml
invalid/string/basic-byte-escapes.toml
`)

// TestSuite runs the public test suite of TOML, with the lists for TOML 1.0 and
// 1.1.
func TestSuite(t *testing.T) {
	t.Parallel()
	files := tomltest.TestCases()
	for _, list := range []string{"files-toml-1.0.0", "files-toml-1.1.0"} {
		names, err := fs.ReadFile(files, list)
		if err != nil {
			t.Fatal(err)
		}
		count := 0
		for name := range strings.FieldsSeq(string(names)) {
			if !strings.HasSuffix(name, ".toml") {
				continue
			}
			count++
			raw, err := fs.ReadFile(files, name)
			if err != nil {
				t.Fatal(err)
			}
			mistakes := accept(raw)
			switch valid := strings.HasPrefix(name, "valid/"); {
			case valid && mistakes != nil:
				t.Errorf("%s: rejected: %q", name, mistakes)
			case !valid && mistakes == nil && !slices.Contains(newer, name):
				t.Errorf("%s: accepted\n%s", name, raw)
			case !valid && mistakes != nil && slices.Contains(newer, name):
				t.Errorf("%s: rejected; take it off the list: %q", name, mistakes)
			}
		}
		if count < 650 {
			t.Errorf("%s: %d files", list, count)
		}
	}
}

// accept returns the mistakes of a file.
func accept(raw []byte) []string {
	f, p := source.Parse("a.toml", raw)
	if p != nil {
		return []string{p.What}
	}
	_, _, mistakes := toml.Table(f.Text)
	return mistakes
}
