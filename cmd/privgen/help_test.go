package main

import (
	"os"
	"regexp"
	"slices"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/spf13/cobra"

	"github.com/privgen/privgen/internal/lazyregexp"
)

// commands returns the program and every command, by the words of its command line.
func commands() map[string]*cobra.Command {
	all := map[string]*cobra.Command{}
	var add func(c *cobra.Command)
	add = func(c *cobra.Command) {
		all[c.CommandPath()] = c
		for _, sub := range c.Commands() {
			if !sub.Hidden {
				add(sub)
			}
		}
	}
	add((&program{}).root())
	return all
}

func helpOf(t *testing.T, path string) string {
	t.Helper()
	code, out, errOut := privgen(t, append(strings.Fields(path)[1:], "--help")...)
	if code != exitDone || errOut != "" {
		t.Fatalf("%s --help exits with %d and says %q", path, code, errOut)
	}
	return out
}

var helpFlag = lazyregexp.New(`(?m)^  (--[a-z-]+)(?:=false| [A-Z:]+)? `)

func TestHelp(t *testing.T) {
	t.Parallel()
	for path, c := range commands() {
		t.Run(path, func(t *testing.T) { // not parallel, because a command's LocalFlags changes its parents
			help := helpOf(t, path)
			if !strings.HasPrefix(help, "Usage:\n  "+path+" ") && !strings.HasPrefix(help, "Usage:\n  "+path+"\n") {
				t.Errorf("the help does not begin with how to type %s:\n%s", path, help)
			}
			lines := strings.Split(strings.TrimSuffix(help, "\n"), "\n")
			if len(lines) > 45 {
				t.Errorf("the help has %d lines, which is more than a screen", len(lines))
			}
			for i, line := range lines {
				if n := utf8.RuneCountInString(line); n > 78 || strings.TrimRight(line, " ") != line || strings.Contains(line, "\t") {
					t.Errorf("line %d has %d columns, a tab or a space at its end: %q", i+1, n, line)
				}
			}
			var inHelp, inProgram []string
			for _, m := range helpFlag().FindAllStringSubmatch(help, -1) {
				inHelp = append(inHelp, m[1])
			}
			for _, word := range strings.Fields(c.LocalFlags().FlagUsages()) {
				if strings.HasPrefix(word, "--") {
					inProgram = append(inProgram, word)
				}
			}
			slices.Sort(inHelp)
			slices.Sort(inProgram)
			if !slices.Equal(inHelp, inProgram) {
				t.Errorf("the help has the flags %v, the program %v", inHelp, inProgram)
			}
		})
	}
}

// The help of the program lists exactly its commands.
func TestHelpNamesCommands(t *testing.T) {
	t.Parallel()
	help := helpOf(t, "privgen")
	var listed, there []string
	for _, m := range regexp.MustCompile(`(?m)^  privgen ([a-z-]+) `).FindAllStringSubmatch(help[:strings.Index(help, "Example:")], -1) {
		listed = append(listed, m[1])
	}
	for path := range commands() {
		if name, ok := strings.CutPrefix(path, "privgen "); ok && !strings.Contains(name, " ") {
			there = append(there, name)
		}
	}
	slices.Sort(listed)
	slices.Sort(there)
	if !slices.Equal(listed, there) {
		t.Errorf("the help lists %v, there are %v", listed, there)
	}
}

// A story runs the example of every help.
func TestHelpExamples(t *testing.T) {
	t.Parallel()
	story, err := os.ReadFile("testdata/script/help_examples.txtar")
	if err != nil {
		t.Fatal(err)
	}
	for path := range commands() {
		_, example, ok := strings.Cut(helpOf(t, path), "\nExample:\n")
		if !ok {
			t.Errorf("%s --help has no example", path)
		}
		for line := range strings.Lines(example) {
			line = strings.TrimSpace(line)
			if !strings.Contains(string(story), "\nexec "+line+"\n") && !strings.Contains(string(story), "exec sh -c '"+line+"'\n") {
				t.Errorf("no story runs the example of %s --help: %s", path, line)
			}
		}
	}
}
