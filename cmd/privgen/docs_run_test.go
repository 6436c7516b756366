package main

import (
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"

	"github.com/rogpeppe/go-internal/testscript"

	"github.com/privgen/privgen/internal/lazyregexp"
)

// seconds matches times, which differ in every run. bytesOf matches sizes, which differ
// after every change of a style sheet; documents need not show the exact ones.
var (
	seconds = lazyregexp.New(`\(\d+\.\d+ s\)`)
	bytesOf = lazyregexp.New(`\b[\d.,]+ [KM]?B\b`)
)

// document FILE runs the commands of a document of the repository, from its beginning to its end, in
// the folder of the story:
//
//   - A block console is a session. Each command after "$ " runs in a shell, and its output must be the
//     lines below it. With -update, the output is written there.
//   - The commands of a block sh run, and their output is ignored.
//   - A block of any language with the words "file NAME" is written to that file. With
//     "append NAME", it is added at the end.
//
// A command must succeed, except in a block with the word "fails", in which one must fail. The next
// command runs in the folder to which the last one changed.
func document(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) != 1 {
		ts.Fatalf("usage: document FILE")
	}
	name := filepath.Join(repo, filepath.FromSlash(args[0]))
	raw, err := os.ReadFile(name)
	ts.Check(err)
	doc := string(raw)
	var have strings.Builder
	between, blocks := fences(doc)
	for i, block := range blocks {
		have.WriteString(between[i])
		text := block.text
		switch {
		case len(block.words) == 2 && (block.words[0] == "file" || block.words[0] == "append"):
			before := ""
			if block.words[0] == "append" {
				before = ts.ReadFile(block.words[1]) + "\n"
			}
			file := ts.MkAbs(block.words[1])
			ts.Check(os.MkdirAll(filepath.Dir(file), 0o777))
			ts.Check(os.WriteFile(file, []byte(before+block.text), 0o666))
		case block.lang == "sh", block.lang == "console":
			session := documented(ts, args[0], block)
			if block.lang == "console" {
				text = session
			}
		}
		for line := range strings.Lines(text) {
			if line != "\n" {
				have.WriteString(block.indent)
			}
			have.WriteString(line)
		}
	}
	have.WriteString(between[len(blocks)])
	plain := func(doc string) string { return bytesOf().ReplaceAllString(doc, "N B") }
	switch {
	case plain(have.String()) == plain(doc):
	case *update:
		ts.Check(os.WriteFile(name, []byte(have.String()), 0o666))
	default:
		lines, at := strings.Split(plain(have.String()), "\n"), 0
		for i, line := range strings.Split(plain(doc), "\n") {
			if at = i; i >= len(lines) || lines[i] != line {
				break
			}
		}
		ts.Fatalf("%s:%d: the commands print something else; write it with: go test ./cmd/privgen -run TestScript/%s -update\n%s",
			args[0], at+1, ts.Name(), have.String())
	}
}

// documented runs the commands of a block and returns the session.
func documented(ts *testscript.TestScript, doc string, block *fence) string {
	var session strings.Builder
	failed, mustFail := false, slices.Contains(block.words, "fails")
	for _, command := range block.commands() {
		if !runs(command) {
			continue
		}
		out, code := inShell(ts, command)
		if failed = failed || code != 0; code != 0 && !mustFail {
			ts.Fatalf("%s:%d: %s: exit code %d\n%s", doc, block.line, command, code, out)
		}
		session.WriteString("$ " + command + "\n" + out)
		if out != "" && !strings.HasSuffix(out, "\n") {
			session.WriteString("\n")
		}
	}
	if mustFail && !failed {
		ts.Fatalf("%s:%d: no command fails\n%s", doc, block.line, session.String())
	}
	return session.String()
}

// inShell runs a command in the story's folder. If the command changes the folder, so does
// the story.
func inShell(ts *testscript.TestScript, command string) (out string, code int) {
	left := ts.MkAbs(filepath.Join(ts.Getenv("WORK"), ".tmp", "folder"))
	err := ts.Exec("sh", "-c", "exec 2>&1; trap 'pwd >\""+left+"\"' EXIT\n"+command)
	if e := new(exec.ExitError); errors.As(err, &e) {
		code = e.ExitCode()
	} else {
		ts.Check(err)
	}
	folder := strings.TrimSpace(ts.ReadFile(left))
	ts.Check(os.Remove(left))
	ts.Check(ts.Chdir(folder))
	out = seconds().ReplaceAllString(ts.ReadFile("stdout"), "(0.1 s)")
	return strings.ReplaceAll(out, ts.Getenv("WORK"), "/home/ann"), code
}
