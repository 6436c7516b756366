package choices_test

import (
	"reflect"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/privgen/privgen/internal/day"
	"github.com/privgen/privgen/internal/imports/choices"
	"github.com/privgen/privgen/internal/source"
)

func slug(s string) *source.Problem {
	if strings.Contains(s, " ") {
		return source.NewProblem(source.In("x"), "bad-slug", "the slug has a space", "write a hyphen")
	}
	return nil
}

func load(t *testing.T, text string) (*choices.File, source.Problems) {
	t.Helper()
	f, problems, err := choices.Load(fstest.MapFS{choices.Name: {Data: []byte(text)}}, slug)
	if err != nil {
		t.Fatal(err)
	}
	return f, problems
}

// Choices that are written can be read again, and the rest of the file is unchanged.
func TestWith(t *testing.T) {
	t.Parallel()
	all := choices.Choices{Paths: []string{"legal/**/*.md", `a "b".md`}, Exclude: []string{"old"}, Branch: "main", Date: "stamp",
		Group: "6-hours", Since: day.Day{Year: 2020, Month: 1, Dom: 2}, Until: day.Day{Year: 2021, Month: 1, Dom: 2}, KeepAll: true,
		Summaries: true, Language: "de", Select: "#a", Address: "https://www.example.com/", Names: map[string]string{"a.md": "a"},
		Join: map[string]string{"b.md": "c.md"}, Set: map[string]string{"site.name": "Fernhill \"&\" Sons"}}
	const others = "# Mine.\nexclude = [\"content/privacy/2021-*\"]\n\n[git.other]\ngroup = \"day\" # why\n\n[html.website]\nselect = \"main\"\n"
	for _, c := range []struct {
		name, before string
		choices      choices.Choices
		want         string // the new text; "" to compare only what is read again
	}{
		{"a new file", "", choices.Choices{Group: "day"}, "[git.website]\ngroup = \"day\"\n"},
		{"everything", "", all, ""},
		{"beside others", others, all, ""},
		{"appended", others, choices.Choices{Group: "week"}, others + "\n[git.website]\ngroup = \"week\"\n"},
		{"in its place", "[git.website]\n# Every week.\ngroup = \"day\"\n\n[git.website.names]\n\"a.md\" = \"a\"\n\n[git.zoo]\ngroup = \"tag\"\n",
			choices.Choices{Group: "week"}, "# Every week.\n[git.website]\ngroup = \"week\"\n\n[git.zoo]\ngroup = \"tag\"\n"},
		{"before another", "[git.website]\ngroup = \"day\"\n# Odd.\nlanguage = \"en\"\n\n# Tags.\n[git.zoo]\ngroup = \"tag\"\n",
			choices.Choices{Group: "week"}, "# Odd.\n[git.website]\ngroup = \"week\"\n\n# Tags.\n[git.zoo]\ngroup = \"tag\"\n"},
		{"quoted", "[\"git\".'website']\ngroup = \"day\"\n", choices.Choices{Group: "week"}, "[git.website]\ngroup = \"week\"\n"},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			f, problems := load(t, c.before)
			if problems != nil {
				t.Fatal(problems[0])
			}
			text, changed, problem := f.With("git", "website", c.choices)
			if problem != nil || !changed {
				t.Fatalf("changed %v: %v", changed, problem)
			}
			if c.want != "" && string(text) != c.want {
				t.Errorf("have\n%s\nwant\n%s", text, c.want)
			}
			again, problems := load(t, string(text))
			if problems != nil {
				t.Fatalf("%v\n%s", problems[0], text)
			}
			if have, _ := again.Of("git", "website"); !reflect.DeepEqual(have, c.choices) {
				t.Errorf("have %+v\nwant %+v", have, c.choices)
			}
			if _, changed, _ := again.With("git", "website", c.choices); changed {
				t.Error("the same choices change the file")
			}
			for _, other := range strings.Split(c.before, "\n") {
				if strings.HasPrefix(c.before, others) && !strings.Contains(string(text), other) {
					t.Errorf("%q is lost", other)
				}
			}
		})
	}
}

// A table that cannot be found by its header is not replaced.
func TestWithRefuses(t *testing.T) {
	t.Parallel()
	for _, before := range []string{
		"git = { website = { group = \"day\" } }\n",
		"git.website.group = \"day\"\n",
		"[git]\nwebsite = { group = \"day\" }\n",
		"[git]\nwebsite.group = \"day\"\n",
		"[\"gi\\u0074\".website]\ngroup = \"day\"\n",
	} {
		f, problems := load(t, before)
		if problems != nil {
			t.Fatal(problems[0])
		}
		text, _, problem := f.With("git", "website", choices.Choices{Group: "week"})
		if problem == nil || !strings.HasSuffix(problem.Do, "[git.website]\ngroup = \"week\"") {
			t.Errorf("%s: have %s, %v", before, text, problem)
		}
	}
}

func TestOver(t *testing.T) {
	t.Parallel()
	base := choices.Choices{Group: "day", Branch: "main", Exclude: []string{"b", "a"}, Names: map[string]string{"a": "1", "b": "2"}}
	have := choices.Choices{Group: "week", Exclude: []string{"a", "c"}, Names: map[string]string{"b": "3"}, KeepAll: true}.Over(base)
	want := choices.Choices{Group: "week", Branch: "main", Exclude: []string{"a", "b", "c"}, KeepAll: true,
		Names: map[string]string{"a": "1", "b": "3"}}
	if !reflect.DeepEqual(have, want) {
		t.Errorf("have %+v\nwant %+v", have, want)
	}
	if base.Names["b"] != "2" {
		t.Error("the base was changed")
	}
	if got, want := have.Describe(), "exclude (3), branch main, group week, keep_all, names (2)"; got != want {
		t.Errorf("have %q, want %q", got, want)
	}
}

// Each mistake in the file has its position.
func TestLoadProblems(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ text, want string }{
		{"[git.a]\ngrup = \"day\"\n", "import.toml:2:1: unknown key"},
		{"[git.a]\ngroup = \"year\"\n", "import.toml:2:9: year: there is no such grouping"},
		{"[git.a]\ndate = \"snapshot\"\n", "import.toml:2:8: snapshot: there is no such basis"},
		{"[html.a]\njoin = { \"a.md\" = \"b.md\" }\n", "import.toml:2:1: an import of html does not have the key join"},
		{"[git.a]\nsince = 2021-01-01\nuntil = 2020-01-01\n", "import.toml:3:9: 2020-01-01 is before since 2021-01-01"},
		{"[git.a]\nsince = \"2021\"\n", "import.toml:2:9:"},
		{"[git.a.names]\n\"a.md\" = \"a b\"\n", "import.toml:2:10: the slug has a space"},
		{"[html.a]\naddress = \"www.example.com\"\n", "import.toml:2:11: www.example.com is not the URL of a page"},
		{"[git.a]\nlanguage = \"German\"\n", "import.toml:2:12: German is not a language"},
	} {
		_, problems := load(t, c.text)
		if len(problems) != 1 || !strings.HasPrefix(problems[0].String(), c.want) {
			t.Errorf("%s: have %v, want %s", c.text, problems, c.want)
		}
	}
	if f, problems, err := choices.Load(nil, slug); err != nil || problems != nil || f == nil {
		t.Errorf("a site without a folder: %v %v %v", f, problems, err)
	}
}

func TestFlags(t *testing.T) {
	t.Parallel()
	var have choices.Choices
	flags := choices.Flags{Since: "2020-01-02", Names: []string{"a.md=a"}, Join: []string{"b.md=c.md"}, Set: []string{"{{ x }}=", "y=1=2"}}
	if err := flags.Parse(&have); err != nil {
		t.Fatal(err)
	}
	want := choices.Choices{Since: day.Day{Year: 2020, Month: 1, Dom: 2}, Names: map[string]string{"a.md": "a"},
		Join: map[string]string{"b.md": "c.md"}, Set: map[string]string{"x": "", "y": "1=2"}}
	if !reflect.DeepEqual(have, want) {
		t.Errorf("have %+v\nwant %+v", have, want)
	}
	for _, wrong := range []choices.Flags{{Until: "May"}, {Names: []string{"a"}}, {Names: []string{"a="}}, {Join: []string{"=b"}}, {Set: []string{"a"}}} {
		if err := wrong.Parse(&choices.Choices{}); err == nil {
			t.Errorf("%+v is accepted", wrong)
		}
	}
}
