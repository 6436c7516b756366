package archtest_test

import (
	"fmt"
	"go/ast"
	"regexp"
	"slices"
	"strconv"
	"strings"
)

// This file holds what is written about the repository to the repository.

const floorPlan = "internal/README.md"

// missingRooms holds that the floor plan has a line for every room: a row of a
// table, or a line of a list, that begins with the room's name in backquotes.
func missingRooms(r *repo) (complaints []string) {
	plan := r.text(floorPlan)
	for _, room := range r.rooms() {
		line := regexp.MustCompile("(?m)^(\\| |- )`" + regexp.QuoteMeta(roomName(room)) + "/?`")
		if !line.MatchString(plan) {
			complaints = append(complaints, fmt.Sprintf("%s: no line for %s; say what it holds, and why it is not a file in another room", floorPlan, room))
		}
	}
	return complaints
}

var requirement = regexp.MustCompile(`(?m)^(?:require)?\s+([a-z0-9.-]+\.[a-z]+/\S+) v\S+(.*)$`)

var explanation = regexp.MustCompile("(?m)^\\| `([a-z0-9.-]+\\.[a-z]+/[^`]+)` \\|")

// unexplainedDependencies holds that go.mod's direct dependencies and the table
// in the floor plan are the same set.
func unexplainedDependencies(r *repo) (complaints []string) {
	plan := r.text(floorPlan)
	direct := map[string]bool{}
	for _, m := range requirement.FindAllStringSubmatch(r.text("go.mod"), -1) {
		if strings.Contains(m[2], "// indirect") {
			continue
		}
		direct[m[1]] = true
		if !strings.Contains(plan, "| `"+m[1]+"` |") {
			complaints = append(complaints, fmt.Sprintf("%s: no line for %s; say what it spares us that we would do worse", floorPlan, m[1]))
		}
	}
	for _, m := range explanation.FindAllStringSubmatch(plan, -1) {
		if !direct[m[1]] {
			complaints = append(complaints, fmt.Sprintf("%s: %s is no direct dependency; take its line out", floorPlan, m[1]))
		}
	}
	return complaints
}

// A command in the README stands behind a prompt, or in backquotes.
var commandLine = regexp.MustCompile("(?m)(?:^\\$ |`)(?:privgen|go run \\./cmd/privgen) ([a-z]+)([^`\n]*)")
var longFlag = regexp.MustCompile(`(?:^|[ \[])--([a-z][a-z-]*)`)

func brokenReadme(r *repo) (complaints []string) {
	readme := r.text("README.md")
	if n := strings.Count(readme, "\n"); n >= 120 {
		complaints = append(complaints, fmt.Sprintf("README.md: %d lines, want fewer than 120", n))
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

// programWords gives the commands of the program, from the field Use of each,
// and every text in its source, among which the names of flags are.
func programWords(r *repo) (commands []string, words map[string]bool) {
	words = map[string]bool{}
	text := func(e ast.Expr) string {
		if lit, ok := e.(*ast.BasicLit); ok {
			s, _ := strconv.Unquote(lit.Value) // a number is no text, and gives none
			return s
		}
		return ""
	}
	for _, f := range r.code() {
		if f.room != program {
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
