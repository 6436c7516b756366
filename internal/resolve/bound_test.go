package resolve_test

import (
	"fmt"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/privgen/privgen/internal/resolve"
	"github.com/privgen/privgen/internal/source"
)

// A table of thousands of rows, such as the cookies of a large site, is written in linear
// time; otherwise this one would outlast the tests. Every cell has the position of its
// value.
func TestLongTable(t *testing.T) {
	t.Parallel()
	const rows = 5000
	var data strings.Builder
	for i := range rows {
		fmt.Fprintf(&data, "[[cookies]]\nname = \"c%d\"\npurpose = \"p%d\"\n", i, i)
	}
	s := resolve.New(resolve.Options{
		Files: fstest.MapFS{"_data/cookies.toml": {Data: []byte(data.String())}}, Clauses: "_clauses", Data: "_data", Language: "en",
	})
	text, problems := s.Resolve(&source.File{Name: "t.md", Text: []byte("{{table cookies}}\n")}, 0, resolve.Reader{Lang: "en"})
	if len(problems) > 0 {
		t.Fatal(problems[0])
	}
	if n := strings.Count(string(text.File.Text), "\n"); n < rows+2 {
		t.Errorf("the table has %d lines", n)
	}
	at := strings.Index(string(text.File.Text), "p4321")
	if at < 0 {
		t.Fatal("there is no row p4321")
	}
	if pos := text.File.Pos(at - 2); pos.File != "_data/cookies.toml" || pos.Line != 3*4321+3 {
		t.Errorf("the cell stands at %v", pos)
	}
}

// Of very many mistakes, only the first are reported.
func TestManyMistakes(t *testing.T) {
	t.Parallel()
	for _, text := range []string{strings.Repeat("{{", 500000), strings.Repeat("{{clause a b=\"", 100000), strings.Repeat("{{a b}}", 100000), strings.Repeat("{{a b}}\n", 100000)} {
		_, problems := testResolver().Resolve(&source.File{Name: "t.md", Text: []byte(text)}, 0, resolve.Reader{Lang: "en"})
		if len(problems) == 0 || len(problems) > 100 {
			t.Errorf("%.20q: %d problems", text, len(problems))
		}
	}
}
