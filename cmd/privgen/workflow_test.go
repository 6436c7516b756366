package main

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/privgen/privgen/internal/lazyregexp"
)

var (
	usesLine   = lazyregexp.New(`(?m)^\s*-?\s*uses:\s*(.*)$`)
	pinned     = lazyregexp.New(`^[\w./-]+@[0-9a-f]{40} # v\d+\.\d+\.\d+$`)
	yamlBlock  = lazyregexp.New("(?s)```yaml\n(.*?)```")
	newest     = lazyregexp.New(`@latest|@main\b|@master\b|npm install(?: --global| -g) [\w/-]+(?:\s|$)|npx(?: --yes)? [a-z][\w/-]*(?:\s|$)`)
	shellValue = lazyregexp.New(`(?m)^\s*(?:- )?run:.*\$\{\{|--[\w-]+=\$\{\{`)
)

// unsafe returns the parts of a workflow, or of its steps, that could run unpinned code
// or that have more rights than they need.
func unsafe(workflow string) (list []string) {
	for _, m := range usesLine().FindAllStringSubmatchIndex(workflow, -1) {
		action := workflow[m[2]:m[3]]
		if !pinned().MatchString(action) {
			list = append(list, action+" is not pinned by a digest, with its version behind it")
		}
		if next, _, _ := strings.Cut(workflow[m[1]:], "- "); strings.HasPrefix(action, "actions/checkout@") && !strings.Contains(next, "persist-credentials: false") {
			list = append(list, "the checkout leaves its token behind")
		}
	}
	if m := newest().FindString(workflow); m != "" {
		list = append(list, m+" runs whatever is newest")
	}
	if m := shellValue().FindString(workflow); m != "" {
		list = append(list, m+": a value is written into a command; pass it through env")
	}
	if strings.Contains(workflow, "jobs:") {
		if !strings.Contains(workflow, "\npermissions:") {
			list = append(list, "the workflow has no permissions at its top")
		}
		for _, all := range []string{"read-all", "write-all"} {
			if strings.Contains(workflow, all) {
				list = append(list, "the permissions are "+all)
			}
		}
	}
	return list
}

func TestWorkflows(t *testing.T) {
	t.Parallel()
	names, err := filepath.Glob("../../.github/workflows/*.yml")
	if err != nil || len(names) == 0 {
		t.Fatal("there are no workflows", err)
	}
	texts := map[string]string{}
	pages, err := filepath.Glob("../../docs/deploy/*.md")
	if err != nil || len(pages) == 0 {
		t.Fatal("there are no pages about hosts", err)
	}
	for _, name := range append(append(names, pages...), "../../docs/ci.md") {
		text, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		if filepath.Ext(name) == ".yml" {
			texts[name] = string(text)
			continue
		}
		for i, block := range yamlBlock().FindAllStringSubmatch(string(text), -1) {
			texts[fmt.Sprintf("%s, block %d", name, i+1)] = block[1]
		}
	}
	for name, text := range texts {
		for _, what := range unsafe(text) {
			t.Errorf("%s: %s", name, what)
		}
	}
}

// The check finds each kind of mistake.
func TestUnsafeWorkflows(t *testing.T) {
	t.Parallel()
	const digest = "08c6903cd8c0fde910a37f88322edcfb5dd907a8"
	for _, c := range []struct{ text, want string }{
		{"      - uses: actions/setup-go@v5\n", "not pinned"},
		{"      - uses: actions/setup-go@" + digest + "\n", "not pinned"},
		{"      - uses: actions/setup-go@" + digest[:12] + " # v5.0.0\n", "not pinned"},
		{"      - uses: actions/checkout@" + digest + " # v5.0.0\n      - run: true\n        with: { persist-credentials: false }\n", "token"},
		{"      - run: go install example.com/x@latest\n", "newest"},
		{"      - run: npm install --global vercel\n", "newest"},
		{"      - run: npx wrangler deploy\n", "newest"},
		{"      - run: x --token=${{ secrets.X }}\n", "env"},
		{"on: push\njobs:\n", "no permissions"},
		{"on: push\npermissions: read-all\njobs:\n", "read-all"},
		{"on: push\npermissions: {}\njobs:\n  a:\n    steps:\n      - uses: actions/checkout@" + digest + " # v5.0.0\n        with:\n          persist-credentials: false\n      - run: npx --yes wrangler@4.1.0 x\n", ""},
	} {
		if have := strings.Join(unsafe(c.text), "; "); have != c.want && (c.want == "" || !strings.Contains(have, c.want)) {
			t.Errorf("%q: have %q, want %q", c.text, have, c.want)
		}
	}
}
