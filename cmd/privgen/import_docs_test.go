package main

import (
	"os"
	"path/filepath"
	"regexp"
	"strings"

	"github.com/rogpeppe/go-internal/testscript"
)

// seconds matches what differs from run to run.
var seconds = regexp.MustCompile(`\(\d+\.\d+ s\)`)

// document FILE runs each command that a document of the repository shows after "$ ",
// and compares what it prints with the lines below it. With -update, it writes them.
func document(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) != 1 {
		ts.Fatalf("usage: document FILE")
	}
	name := filepath.Join(repo, filepath.FromSlash(args[0]))
	raw, err := os.ReadFile(name)
	ts.Check(err)
	var out strings.Builder
	commands, shown, fenced := 0, false, false
	for line := range strings.Lines(string(raw)) {
		if strings.HasPrefix(line, "```") {
			fenced = !fenced
			shown = false
		}
		command, ok := strings.CutPrefix(line, "$ ")
		if !fenced || !ok {
			if !shown {
				out.WriteString(line)
			}
			continue
		}
		shown = true
		commands++
		out.WriteString(line + documented(ts, argumentsOf(command)))
	}
	switch have := out.String(); {
	case commands == 0:
		ts.Fatalf("%s has no command", args[0])
	case have == string(raw):
	case *update:
		ts.Check(os.WriteFile(name, []byte(have), 0o666))
	default:
		wrong := ""
		lines := strings.Split(have, "\n")
		for i, line := range strings.Split(string(raw), "\n") {
			if i >= len(lines) || lines[i] != line {
				wrong = line
				break
			}
		}
		ts.Fatalf("%s shows another output at %q; write it with: go test ./cmd/privgen -run TestScript/import_docs -update\n%s",
			args[0], wrong, have)
	}
}

// documented runs a command and returns what it prints.
func documented(ts *testscript.TestScript, command []string) string {
	if command[0] == "cat" {
		return ts.ReadFile(command[1])
	}
	_ = ts.Exec(command[0], command[1:]...) // problems are printed
	return seconds.ReplaceAllString(ts.ReadFile("stdout")+ts.ReadFile("stderr"), "(0.1 s)")
}

// argumentsOf divides a command at blanks that are not in single quotes.
func argumentsOf(command string) (list []string) {
	for i, part := range strings.Split(strings.TrimSpace(command), "'") {
		if i%2 == 1 {
			list[len(list)-1] += part
			continue
		}
		for k, word := range strings.Split(part, " ") {
			if k > 0 || i == 0 {
				list = append(list, word)
			} else {
				list[len(list)-1] += word
			}
		}
	}
	return list
}
