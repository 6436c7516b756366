package archtest_test

import (
	"slices"
	"strings"
	"testing"
	"testing/fstest"
)

// TestRulesBite breaks every rule once. The first file is broken, the ones
// after it are there for it.
func TestRulesBite(t *testing.T) {
	t.Parallel()
	const tree = "// Package tree holds trees.\npackage tree\n"
	bites := []struct {
		rule  string
		files string // NAME: text, separated by lines of --
		want  string // in the first complaint
	}{
		{"rooms look down, through their doors only", "internal/tree/a.go: package tree\nimport _ \"github.com/privgen/privgen/internal/site\"", "internal/tree must not import internal/site"},
		{"rooms look down, through their doors only", "internal/site/a.go: package site\nimport _ \"github.com/privgen/privgen/templates\"", "must not import templates"},
		{"rooms look down, through their doors only", "cmd/privgen/a.go: package main\nimport _ \"github.com/privgen/privgen/internal/corpus\"", "must not import internal/corpus"},
		{"rooms look down, through their doors only", "internal/attic/a.go: package attic", "not on the floor plan"},
		{"pure rooms have no disk, no network, no clock", "internal/site/a.go: package site\nimport _ \"os/exec\"", "must not import os/exec"},
		{"pure rooms have no disk, no network, no clock", "internal/site/a.go: package site\nimport \"time\"\nvar now = time.Now", "must not use time.Now"},
		{"a library is seen in its rooms only", "internal/site/a.go: package site\nimport _ \"github.com/yuin/goldmark/ast\"", "seen in markdown only"},
		{"a library is seen in its rooms only", "internal/site/a.go: package site\nimport _ \"github.com/tdewolff/minify/v2\"", "seen in theme only"},
		{"nothing happens before main", "internal/tree/a.go: package tree\nfunc init() {}", "no init functions"},
		{"packages have no state", "internal/tree/a.go: package tree\nvar n = map[string]int{}\nfunc f() { n[\"a\"]++ }", "n belongs to the package"},
		{"packages have no state", "internal/tree/a.go: package tree\nfunc f() { n = 1 }\n--\ninternal/tree/b.go: package tree\nvar n int", "n belongs to the package"},
		{"files have at most 600 lines", "internal/tree/a.go: package tree" + strings.Repeat("\n", 602), "split it by noun"},
		{"functions have at most 80 lines", "internal/tree/a.go: package tree\nfunc f() {" + strings.Repeat("\n", 80) + "}", "internal/tree.f has 81 lines"},
		{"every package has a comment", "internal/tree/a.go: package tree", "no package comment"},
		{"every package has a comment", "internal/tree/a.go: // Trees.\npackage tree", `begins with "Trees."`},
		{"every package has a comment", "internal/tree/a.go: " + tree + "--\ninternal/tree/b.go: " + tree, "2 package comments"},
		{"rooms and files are called after what they hold", "internal/tree/clause_helpers.go: package tree", `"helpers" says nothing`},
		{"rooms and files are called after what they hold", "internal/tree/clause2.go: package tree", "a number is no name"},
		{"one word for one thing", "internal/tree/a.go: package tree\ntype oldRevision int", `our word is "version"`},
		{"one word for one thing", "internal/tree/a.go: package tree\nvar s = \"this section is gone\"", `our word is "clause"`},
		{"one word for one thing", "README.md: Every edition.", `README.md:1: "edition"`},
		{"TODO names an issue", "internal/tree/a.go: package tree\n// TODO: later", "write TODO(#123)"},
		{"gofmt has been run", "internal/tree/a.go: package  tree\n", "run gofmt -w internal/tree/a.go"},
		{"the floor plan has every room", "internal/tree/a.go: package tree\n--\ninternal/README.md: the room `tree`", "no line for internal/tree"},
		{"every dependency says what it spares us", "go.mod: module m\nrequire (\n\tgithub.com/a/b v1.0.0\n\tgithub.com/c/d v1.0.0 // indirect\n)", "no line for github.com/a/b"},
		{"every dependency says what it spares us", "internal/README.md: | `github.com/a/b` | everything |\n--\ngo.mod: module m", "github.com/a/b is no direct dependency"},
		{"every kind of problem has a story", "internal/tree/a.go: package tree\nvar p = source.NewProblem(at, \"bad-thing\", what, do)", "problem_bad-thing.txtar"},
		{"every kind of problem has a story", "internal/tree/a.go: package tree\nfunc say(at, code string) {}\nfunc f() { say(\"\", \"bad-thing\") }", "problem_bad-thing.txtar"},
		{"every kind of problem has a story", "internal/tree/a.go: package tree\ntype flaw struct{ at int; code string }\nvar f = &flaw{1, \"bad-thing\"}", "problem_bad-thing.txtar"},
		{"every kind of problem has a story", "internal/tree/a.go: package tree\nfunc f() (code, what string) { return \"bad-thing\", \"\" }", "problem_bad-thing.txtar"},
		{"every kind of problem has a story", "internal/tree/a.go: package tree\nvar p = source.NewProblem(at, kind(), what, do)", "so that it can be found"},
		{"every kind of problem has a story", stories + "problem_gone.txtar: # a story", "no code in the source"},
		{"the README is short, and its commands exist", "README.md: ```\n$ privgen sing\n```", `no command "sing"`},
		{"the README is short, and its commands exist", "README.md: `privgen build --loud`\n--\ncmd/privgen/a.go: package main\nvar c = &cobra.Command{Use: \"build\"}", "no flag --loud"},
		{"the README is short, and its commands exist", "README.md: " + strings.Repeat("\n", 121), "want fewer than 120"},
	}
	for _, b := range bites {
		t.Run(b.want, func(t *testing.T) {
			t.Parallel()
			root := fstest.MapFS{}
			for f := range strings.SplitSeq(b.files, "--\n") {
				name, text, _ := strings.Cut(f, ": ")
				root[name] = &fstest.MapFile{Data: []byte(text)}
			}
			r, err := load(root)
			if err != nil {
				t.Fatal(err)
			}
			i := slices.IndexFunc(rules, func(r rule) bool { return r.name == b.rule })
			have := rules[i].broken(r)
			if len(have) == 0 || !strings.Contains(have[0], b.want) {
				t.Errorf("%s\n\thave %q\n\twant %q", b.rule, have, b.want)
			}
		})
	}
	for _, r := range rules {
		if !slices.ContainsFunc(bites, func(b struct{ rule, files, want string }) bool { return b.rule == r.name }) {
			t.Errorf("the rule %q is not broken in any case here", r.name)
		}
	}
}
