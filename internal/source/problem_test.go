package source_test

import (
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"strings"
	"testing"

	"github.com/privgen/privgen/internal/source"
)

func TestFix(t *testing.T) {
	t.Parallel()
	first := source.Fix(fmt.Errorf("write a: %w", fs.ErrPermission), "ask for the right")
	both := source.Fix(fmt.Errorf("the deploy stopped: %w", first), "deploy again;\nit goes on")
	want := "the deploy stopped: write a: permission denied\n\task for the right\n\tdeploy again;\n\tit goes on"
	if both.Error() != want || !errors.Is(both, fs.ErrPermission) {
		t.Errorf("have %q\nwant %q, and its cause", both, want)
	}
}

func TestProblemOf(t *testing.T) {
	t.Parallel()
	in := source.NewProblem(source.In("a.md"), "unreadable", "it is a folder", "rename it")
	for _, test := range []struct {
		name string
		err  error
		want *source.Problem
	}{
		{"none", errors.New("a"), nil},
		{"nil", nil, nil},
		{"itself", in, in},
		{"wrapped", fmt.Errorf("read: %w", in), in},
		{"below a fix", source.Fix(fmt.Errorf("read: %w", in), "do it again"), in},
		{"only a fix", source.Fix(errors.New("a"), "b"), nil},
		{"a command line", source.Usage("a", "b"), nil},
	} {
		if have := source.ProblemOf(test.err); have != test.want {
			t.Errorf("%s: have %v, want %v", test.name, have, test.want)
		}
	}
}

func TestProblemJSON(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		p    *source.Problem
		want string
	}{
		{source.NewProblem(source.In("a.md"), "unreadable", "it is a folder", "rename it"),
			`{"code":"unreadable","file":"a.md","line":1,"col":1,"what":"it is a folder","do":"rename it"}`},
		{source.Refuse("foreign", "there are two", "move them", "a", "b"),
			`{"kind":"foreign","what":"there are two","do":"move them","list":["a","b"]}`},
	} {
		if have, err := json.Marshal(test.p); err != nil || string(have) != test.want {
			t.Errorf("have %s, %v\nwant %s", have, err, test.want)
		}
	}
}

func TestOncePerPlace(t *testing.T) {
	t.Parallel()
	at := source.In("a.html")
	list := source.Problems{source.NewProblem(at, "one", "c", "x"), source.NewProblem(at, "two", "b", "x"),
		source.NewProblem(at, "one", "a", "x"), source.NewProblem(source.In("b.html"), "one", "a", "x")}
	have := ""
	for _, p := range list.OncePerPlace() {
		have += p.File + " " + p.Code + " " + p.What + "; "
	}
	if want := "a.html one a; a.html two b; b.html one a; "; have != want {
		t.Errorf("have %s\nwant %s", have, want)
	}
}

// File names and quoted texts cannot add lines to a problem, so nobody can forge a
// message of privgen.
func TestProblemCannotBeForged(t *testing.T) {
	t.Parallel()
	p := source.NewProblem(source.In("content/a\nprivgen.toml:1:1: all is well"), "x", "the name b\nc is wrong", "rename it\nor not")
	if have := p.String(); strings.Count(have, "\n") != 2 || !strings.Contains(have, "a<U+000A>privgen.toml") {
		t.Errorf("have:\n%s", have)
	}
}
