package textfile_test

import (
	"errors"
	"fmt"
	"strings"
	"testing"

	"github.com/privgen/privgen/internal/imports/textfile"
)

// Front matter in TOML that would take minutes is refused where it is too much. In YAML,
// which the library bounds, it is text, or what is nested is skipped.
func TestFrontMatterBounds(t *testing.T) {
	t.Parallel()
	const ok = -1
	x := strings.Repeat
	laughs := "a0: &a0 [x, x]\n"
	for i := range 30 {
		laughs += fmt.Sprintf("a%d: &a%d [*a%d, *a%d]\n", i+1, i+1, i, i)
	}
	for _, c := range []struct {
		name, fence, block string
		at                 int
	}{
		{"lists in lists", "---", "a: " + x("[", 100000) + x("]", 100000), ok},
		{"lists that never end", "---", x("[", 10000), ok},
		{"tables in tables", "---", "a: " + x("{b: ", 20000) + x("}", 20000), ok},
		{"lists and tables in turn", "---", "a: " + x("[{b: ", 10000), ok},
		{"dashes in a row", "---", "a:\n  " + x("- ", 10000) + "b", ok},
		{"dashes with tabs", "---", x("-\t", 10000) + "b", ok},
		{"question marks in a row", "---", x("? ", 10000) + "b", ok},
		{"aliases of aliases", "---", laughs, ok},
		{"merged tables", "---", "a: &a {b: c}\n" + x("d: {<<: *a}\n", 2000), ok},
		{"the same key again and again", "---", x("a:\n ", 8000), ok},
		{"a TOML list of lists", "+++", "a = " + x("[", 10000) + x("]", 10000), 4 + 4 + 32},
		{"a dotted TOML key", "+++", x("a.", 30000) + "a = 1", 4 + 2*32 + 1},
		{"a dotted TOML table", "+++", "[" + x("a.", 30000) + "a]", 4 + 1 + 2*32 + 1},
	} {
		_, _, err := textfile.Split([]byte(c.fence + "\n" + c.block + "\n" + c.fence + "\n# Terms\n"))
		unfit := (*textfile.Unfit)(nil)
		if c.at == ok && err != nil {
			t.Errorf("%s: %v", c.name, err)
		}
		if c.at != ok && (!errors.As(err, &unfit) || unfit.Reason != textfile.TooComplex || unfit.At != c.at) {
			t.Errorf("%s: have %+v, want the offset %d", c.name, unfit, c.at)
		}
	}
}

// A text between two rules is text however long it is and whatever it holds.
func TestTextBetweenRules(t *testing.T) {
	t.Parallel()
	for _, text := range []string{
		"---\n" + strings.Repeat("We process [data](#a) and *more*.\n\n", 20000) + "---\nend",
		"---\nLast updated: 2024\n\n" + strings.Repeat("- We keep *it* & more.\n", 2000) + "---\nend",
		"---\nnote: " + strings.Repeat("wait ... ", 2000) + ": & so\n---\nend",
	} {
		if _, have, err := textfile.Split([]byte(text)); err != nil || string(have) != text {
			t.Errorf("%.40q: %v, %d of %d bytes", text, err, len(have), len(text))
		}
	}
	front, _, err := textfile.Split([]byte("---\ntitle: A\ntags: [a, [b, {c: d}]]\nbase: &x 1\ncopy: *x\n---\ntext"))
	if err != nil || front.Title != "A" {
		t.Errorf("have %v, %v", front, err)
	}
}
