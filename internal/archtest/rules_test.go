package archtest_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"testing/fstest"
)

// TestRules breaks every rule at least once. The first file breaks it; the others
// support that.
func TestRules(t *testing.T) {
	t.Parallel()
	const tree = "// Package tree holds trees.\npackage tree\n"
	cases := []struct {
		rule  string
		files string // NAME: text, separated by lines of --
		want  string // part of the first complaint
	}{
		{"packages import only what the package map allows", "internal/tree/a.go: package tree\nimport _ \"github.com/privgen/privgen/internal/site\"", "internal/tree must not import internal/site"},
		{"packages import only what the package map allows", "internal/site/a.go: package site\nimport _ \"github.com/privgen/privgen/templates\"", "must not import templates"},
		{"packages import only what the package map allows", "cmd/privgen/a.go: package main\nimport _ \"github.com/privgen/privgen/internal/corpus\"", "must not import internal/corpus"},
		{"packages import only what the package map allows", "internal/attic/a.go: package attic", "no import rule for internal/attic"},
		{"pure packages use no files, network, or clock", "internal/site/a.go: package site\nimport _ \"os/exec\"", "must not import os/exec"},
		{"pure packages use no files, network, or clock", "internal/site/a.go: package site\nimport \"time\"\nvar now = time.Now", "must not use time.Now"},
		{"a library is imported by few packages", "internal/site/a.go: package site\nimport _ \"github.com/yuin/goldmark/ast\"", "only markdown/... can import"},
		{"a library is imported by few packages", "internal/site/a.go: package site\nimport _ \"github.com/tdewolff/minify/v2\"", "only theme can import"},
		{"there are no init functions", "internal/tree/a.go: package tree\nfunc init() {}", "no init functions"},
		{"packages have no state", "internal/tree/a.go: package tree\nvar n = map[string]int{}\nfunc f() { n[\"a\"]++ }", "n belongs to the package"},
		{"packages have no state", "internal/tree/a.go: package tree\nfunc f() { n = 1 }\n--\ninternal/tree/b.go: package tree\nvar n int", "n belongs to the package"},
		{"files have at most 600 lines", "internal/tree/a.go: package tree" + strings.Repeat("\n", 602), "split it by noun"},
		{"packages have at most 4500 lines", "internal/tree/a.go: package tree" + strings.Repeat("\n", 4502), "move a part out"},
		{"functions have at most 80 lines", "internal/tree/a.go: package tree\nfunc f() {" + strings.Repeat("\n", 80) + "}", "internal/tree.f has 81 lines"},
		{"types have at most 30 methods", "internal/tree/a.go: package tree\ntype leaf int\n" + methods("leaf", 31), "internal/tree.leaf has 31 methods"},
		{"types have at most 30 methods", "internal/tree/a.go: package tree\ntype leaf struct { *Twig }\n" + methods("leaf", 11) + "--\ninternal/tree/b.go: package tree\ntype Twig struct { site.Site }\n" + methods("Twig", 10) + "--\ninternal/site/a.go: package site\ntype Site int\n" + methods("Site", 10), "internal/tree.leaf has 31 methods"},
		{"packages export at most 20 names", "internal/tree/a.go: package tree\n" + exports(21), "internal/tree exports 21 names"},
		{"every package has a comment", "internal/tree/a.go: package tree", "no package comment"},
		{"every package has a comment", "internal/tree/a.go: // Trees.\npackage tree", `begins with "Trees."`},
		{"every package has a comment", "internal/tree/a.go: " + tree + "--\ninternal/tree/b.go: " + tree, "2 package comments"},
		{"package and file names say what they contain", "internal/tree/clause_helpers.go: package tree", `"helpers" is vague`},
		{"package and file names say what they contain", "internal/tree/clause2.go: package tree", "a number is not a name"},
		{"each thing has one name", "internal/tree/a.go: package tree\ntype oldRevision int", `write "version"`},
		{"each thing has one name", "internal/tree/a.go: package tree\nvar s = \"this section is gone\"", `write "clause"`},
		{"each thing has one name", "README.md: Every edition.", `README.md:1: "edition"`},
		{"TODO names an issue", "internal/tree/a.go: package tree\n// TODO: later", "write TODO(#123)"},
		{"files are formatted", "internal/tree/a.go: package  tree\n", "run gofmt -w internal/tree/a.go"},
		{"the package map lists every package", "internal/tree/a.go: package tree\n--\ninternal/README.md: the package `tree`", "no line for internal/tree"},
		{"every dependency is justified", "go.mod: module m\nrequire (\n\tgithub.com/a/b v1.0.0\n\tgithub.com/c/d v1.0.0 // indirect\n)", "no line for github.com/a/b"},
		{"every dependency is justified", "internal/README.md: | `github.com/a/b` | everything |\n--\ngo.mod: module m", "github.com/a/b is not a direct dependency"},
		{"every problem code has a script", "internal/tree/a.go: package tree\nvar p = source.NewProblem(at, \"bad-thing\", what, do)", "problem_bad-thing.txtar"},
		{"every problem code has a script", "internal/tree/a.go: package tree\nfunc say(at, code string) {}\nfunc f() { say(\"\", \"bad-thing\") }", "problem_bad-thing.txtar"},
		{"every problem code has a script", "internal/tree/a.go: package tree\ntype flaw struct{ at int; code string }\nvar f = &flaw{1, \"bad-thing\"}", "problem_bad-thing.txtar"},
		{"every problem code has a script", "internal/tree/a.go: package tree\nfunc f() (code, what string) { return \"bad-thing\", \"\" }", "problem_bad-thing.txtar"},
		{"every problem code has a script", "internal/tree/a.go: package tree\nvar p = source.NewProblem(at, kind(), what, do)", "so that it can be found"},
		{"every problem code has a script", scripts + "problem_gone.txtar: # a script", "no code in the source"},
		{"only problems carry a fix", "internal/tree/a.go: package tree\nvar err = errors.New(\"it is broken\\n\" + \"\\tmend it\")", "use source.Fix"},
		{"only problems carry a fix", "internal/tree/a.go: package tree\nvar do = \"\\n\\tmend it\"", "use source.Fix"},
		{"only problems carry a fix", "internal/tree/a.go: package tree\nfunc (e *bad) Error() string { return e.what + \"\\n\\t\" + e.do }", "use source.Fix"},
		{"the README is short, and its commands exist", "README.md: ```\n$ privgen sing\n```", `no command "sing"`},
		{"the README is short, and its commands exist", "README.md: `privgen build --loud`\n--\ncmd/privgen/a.go: package main\nvar c = &cobra.Command{Use: \"build\"}", "no flag --loud"},
		{"the README is short, and its commands exist", "README.md: " + strings.Repeat("\n", 131), "want at most 130"},
		{"doc comments begin with the declared name", "internal/tree/a.go: package tree\n// It draws.\nfunc draw() {}", `draw begins with "It"`},
		{"doc comments begin with the declared name", "internal/tree/a.go: package tree\n// A Leaf is green.\ntype Tree int", `Tree begins with "Leaf"`},
		{"functions return and report", "internal/tree/a.go: package tree\n// draw gives a tree.\nfunc draw() int { return 0 }", "draw gives; write returns"},
		{"functions return and report", "internal/tree/a.go: package tree\n// draw makes a tree.\nfunc draw() int { return 0 }", "draw makes; write returns"},
		{"links in doc comments lead to a declaration", "internal/tree/a.go: package tree\n// A Tree has a [Leaf].\ntype Tree int", "[Leaf] is not declared"},
		{"links in doc comments lead to a declaration", "internal/tree/a.go: package tree\n// A Tree has a [Tree.Leaf].\ntype Tree struct{}", "[Tree.Leaf] is not declared"},
		{"links in doc comments lead to a declaration", "internal/tree/a.go: package tree\n// A Tree is like a [site.Bush].\ntype Tree int\n--\ninternal/site/b.go: package site", "[site.Bush] is not declared"},
		{"comments, messages, and documents use plain words", "internal/tree/a.go: package tree\nfunc f() {\n\t// a key of its own\n}", `"of its own" in a comment`},
		{"comments, messages, and documents use plain words", "internal/tree/a.go: package tree\nvar s = \"the file was taken in\"", `"taken in" in a message; write parse`},
		{"comments, messages, and documents use plain words", "docs/a.md: the way out", `docs/a.md:1: "way out"; write fix`},
		{"lines have at most 120 columns", "internal/tree/a.go: package tree\n\n\t// " + strings.Repeat("x", 114), "internal/tree/a.go:3: 121 columns"},
	}
	all := slices.Concat(rules, textRules)
	for _, b := range cases {
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
			i := slices.IndexFunc(all, func(r rule) bool { return r.name == b.rule })
			have := all[i].broken(r)
			if len(have) == 0 || !strings.Contains(have[0], b.want) {
				t.Errorf("%s\n\thave %q\n\twant %q", b.rule, have, b.want)
			}
		})
	}
	for _, r := range all {
		if !slices.ContainsFunc(cases, func(b struct{ rule, files, want string }) bool { return b.rule == r.name }) {
			t.Errorf("the rule %q is not broken in any case here", r.name)
		}
	}
}

// exports returns declarations of n exported names.
func exports(n int) string {
	var b strings.Builder
	for i := range n {
		fmt.Fprintf(&b, "func F%d() {}\n", i)
	}
	return b.String()
}

// methods returns the declarations of n methods of a type.
func methods(of string, n int) string {
	var b strings.Builder
	for i := range n {
		fmt.Fprintf(&b, "func (*%s) M%s%d() {}\n", of, of, i)
	}
	return b.String()
}

// TestAllowedText checks text that the rules for text must not report.
func TestAllowedText(t *testing.T) {
	t.Parallel()
	const src = `// Package tree is about [Tree.Leaf], [Draw], [fs.FS], and the table [redlines].
package tree

// A Tree has leaves.
type Tree struct {
	Leaf, Twig int ` + "`json:\"leaf,omitempty\" toml:\"leaf\" description:\"the leaf of a tree, with a description that is longer than a line\"`" + `
}

// These are kinds of trees.
const (
	Oak = 1
	// the other one
	Elm = 2
)

// width, height are sizes.
var width, height int

// Draw draws. See https://example.com/a/very/long/path/that/does/not/fit/in/a/line/of/one/hundred/and/twenty/columns/at/all
//
//	[Bush] is an example.
func Draw() {}

// grow makes a tree grow.
func grow(t *Tree) {}

var table = []string{
	"a row of a table can have more than a hundred and twenty columns, since breaking it makes it hard to read in an editor",
}
`
	r, err := load(fstest.MapFS{"internal/tree/a.go": &fstest.MapFile{Data: []byte(src)}})
	if err != nil {
		t.Fatal(err)
	}
	for _, rule := range textRules {
		for _, complaint := range rule.broken(r) {
			t.Error(complaint)
		}
	}
}
