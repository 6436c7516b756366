package textfile_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/privgen/privgen/internal/imports/textfile"
)

// Front matter that would take minutes to parse is text, or its nested values are skipped.
func TestFrontMatterBounds(t *testing.T) {
	t.Parallel()
	x := strings.Repeat
	laughs := "a0: &a0 [x, x]\n"
	for i := range 30 {
		laughs += fmt.Sprintf("a%d: &a%d [*a%d, *a%d]\n", i+1, i+1, i, i)
	}
	for _, c := range []struct{ name, fence, block string }{
		{"lists in lists", "---", "a: " + x("[", 100000) + x("]", 100000)},
		{"lists that never end", "---", x("[", 10000)},
		{"tables in tables", "---", "a: " + x("{b: ", 20000) + x("}", 20000)},
		{"lists and tables in turn", "---", "a: " + x("[{b: ", 10000)},
		{"dashes in a row", "---", "a:\n  " + x("- ", 10000) + "b"},
		{"dashes with tabs", "---", x("-\t", 10000) + "b"},
		{"question marks in a row", "---", x("? ", 10000) + "b"},
		{"aliases of aliases", "---", laughs},
		{"merged tables", "---", "a: &a {b: c}\n" + x("d: {<<: *a}\n", 2000)},
		{"the same key again and again", "---", x("a:\n ", 8000)},
		{"a TOML list of lists", "+++", "a = " + x("[", 10000) + x("]", 10000)},
		{"a TOML list of lists behind a key in other letters", "+++", "größe = " + x("[", 10000)},
		{"a dotted TOML key behind another one", "+++", "größe = 1\n" + x("ä.", 10000) + "a = 1"},
		{"a dotted TOML key", "+++", x("a.", 30000) + "a = 1"},
		{"a dotted TOML table", "+++", "[" + x("a.", 30000) + "a]"},
	} {
		file := c.fence + "\n" + c.block + "\n" + c.fence + "\n# Terms\n"
		if front, text := textfile.Split([]byte(file)); front != (textfile.FrontMatter{}) || !strings.HasSuffix(file, string(text)) {
			t.Errorf("%s: have %+v and %d bytes of text", c.name, front, len(text))
		}
	}
}

// A text between two rules is not front matter, whatever its length and content.
func TestTextBetweenRules(t *testing.T) {
	t.Parallel()
	for _, text := range []string{
		"---\n" + strings.Repeat("We process [data](#a) and *more*.\n\n", 20000) + "---\nend",
		"---\nLast updated: 2024\n\n" + strings.Repeat("- We keep *it* & more.\n", 2000) + "---\nend",
		"---\nnote: " + strings.Repeat("wait ... ", 2000) + ": & so\n---\nend",
	} {
		if _, have := textfile.Split([]byte(text)); string(have) != text {
			t.Errorf("%.40q: %d of %d bytes", text, len(have), len(text))
		}
	}
	front, _ := textfile.Split([]byte("---\ntitle: A\ntags: [a, [b, {c: d}]]\nbase: &x 1\ncopy: *x\n---\ntext"))
	if front.Title != "A" {
		t.Errorf("have %v", front)
	}
}
