package archtest_test

import (
	"fmt"
	"go/ast"
	"regexp"
	"slices"
	"strconv"
	"strings"
)

// This file compares the documents with the code.

const packageMap = "internal/README.md"

// unlistedPackages returns packages without a line in the package map: a table row
// or a list item that begins with the package's name in backquotes.
func unlistedPackages(r *repo) (complaints []string) {
	plan := r.text(packageMap)
	for _, dir := range r.packages() {
		line := regexp.MustCompile("(?m)^(\\| |- )`" + regexp.QuoteMeta(shortName(dir)) + "/?`")
		if !line.MatchString(plan) {
			complaints = append(complaints, fmt.Sprintf("%s: no line for %s; say what it contains, and why it is not a file in another package", packageMap, dir))
		}
	}
	return complaints
}

var requirement = regexp.MustCompile(`(?m)^(?:require)?\s+([a-z0-9.-]+\.[a-z]+/\S+) v\S+(.*)$`)

var explanation = regexp.MustCompile("(?m)^\\| `([a-z0-9.-]+\\.[a-z]+/[^`]+)` \\|")

// unexplainedDependencies compares go.mod's direct dependencies with the table in
// the package map.
func unexplainedDependencies(r *repo) (complaints []string) {
	plan := r.text(packageMap)
	direct := map[string]bool{}
	for _, m := range requirement.FindAllStringSubmatch(r.text("go.mod"), -1) {
		if strings.Contains(m[2], "// indirect") {
			continue
		}
		direct[m[1]] = true
		if !strings.Contains(plan, "| `"+m[1]+"` |") {
			complaints = append(complaints, fmt.Sprintf("%s: no line for %s; say what it saves us", packageMap, m[1]))
		}
	}
	for _, m := range explanation.FindAllStringSubmatch(plan, -1) {
		if !direct[m[1]] {
			complaints = append(complaints, fmt.Sprintf("%s: %s is not a direct dependency; remove its line", packageMap, m[1]))
		}
	}
	return complaints
}

// commandLine matches a command in the README, after a prompt or in backquotes.
var commandLine = regexp.MustCompile("(?m)(?:^\\$ |`)(?:privgen|go run \\./cmd/privgen) ([a-z]+)([^`\n]*)")
var longFlag = regexp.MustCompile(`(?:^|[ \[])--([a-z][a-z-]*)`)

func brokenReadme(r *repo) (complaints []string) {
	readme := r.text("README.md")
	if n := strings.Count(readme, "\n"); n > 130 {
		complaints = append(complaints, fmt.Sprintf("README.md: %d lines, want at most 130", n))
	}
	commands, words := programWords(r)
	for _, m := range commandLine.FindAllStringSubmatch(readme, -1) {
		if !slices.Contains(commands, m[1]) {
			complaints = append(complaints, fmt.Sprintf("README.md: there is no command %q; there are %s", m[1], strings.Join(commands, ", ")))
		}
		for _, flag := range longFlag.FindAllStringSubmatch(m[2], -1) {
			if !words[flag[1]] {
				complaints = append(complaints, fmt.Sprintf("README.md: there is no flag --%s", flag[1]))
			}
		}
	}
	return complaints
}

// programWords returns the commands of the program, from the field Use of each,
// and every string literal in its source, which include the names of flags.
func programWords(r *repo) (commands []string, words map[string]bool) {
	words = map[string]bool{}
	text := func(e ast.Expr) string {
		if lit, ok := e.(*ast.BasicLit); ok {
			s, _ := strconv.Unquote(lit.Value) // "" for a number
			return s
		}
		return ""
	}
	for _, f := range r.code() {
		if f.dir != program {
			continue
		}
		ast.Inspect(f.File, func(n ast.Node) bool {
			switch n := n.(type) {
			case *ast.KeyValueExpr:
				if use := strings.Fields(text(n.Value)); called(n.Key) == "Use" && len(use) > 0 && use[0] != "privgen" {
					commands = append(commands, use[0])
				}
			case *ast.BasicLit:
				words[text(n)] = true
			}
			return true
		})
	}
	slices.Sort(commands)
	return commands, words
}
