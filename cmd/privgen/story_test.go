package main

import (
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

// Stories document the program: each begins with a comment that describes it. Those of
// problems compare the exact output, and check that the site did not change.
func TestStories(t *testing.T) {
	t.Parallel()
	names, err := filepath.Glob("testdata/script/*.txtar")
	if err != nil || len(names) == 0 {
		t.Fatal("no stories", err)
	}
	for _, name := range names {
		raw, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		text := string(raw)
		script, _, _ := strings.Cut(text, "\n-- ")
		if !strings.HasPrefix(text, "# ") {
			t.Errorf("%s does not begin with a comment that tells the story", name)
		}
		if strings.Contains(text, "internal error") {
			t.Errorf("%s holds an internal error for what is right", name)
		}
		if !strings.HasPrefix(filepath.Base(name), "problem_") {
			continue
		}
		if !strings.Contains(script, "cmp stderr ") && !strings.Contains(script, "cmp stdout want.txt") || !strings.Contains(text, "-- want.txt --\n") {
			t.Errorf("%s does not compare what is printed with want.txt", name)
		}
		if !strings.Contains(script, "! exists ") && !strings.Contains(script, "cmp stdout before.txt") && !strings.Contains(script, "grep '") {
			t.Errorf("%s does not look whether anything was written", name)
		}
	}
}

// There are at least thirty numbered mistakes of newcomers. Each has a command that
// fails and its whole output.
func TestNewcomers(t *testing.T) {
	t.Parallel()
	raw, err := os.ReadFile("testdata/script/newcomers.txtar")
	if err != nil {
		t.Fatal(err)
	}
	script, _, _ := strings.Cut(string(raw), "\n-- ")
	mistakes := regexp.MustCompile(`(?m)^# \d+\. `).FindAllStringIndex(script, -1)
	for i, at := range mistakes {
		one := script[at[0]:]
		if i+1 < len(mistakes) {
			one = script[at[0]:mistakes[i+1][0]]
		}
		if !strings.HasPrefix(one, fmt.Sprintf("# %d. ", i+1)) || !regexp.MustCompile(`\nexits [1-3] privgen .*\ncmp(env)? stderr `).MatchString(one) {
			t.Errorf("mistake %d has another number, or no answer: %s", i+1, one)
		}
		if _, answer, ok := strings.Cut(string(raw), fmt.Sprintf("\n-- %02d.txt --\n", i+1)); ok && !strings.Contains(answer[:strings.Index(answer+"\n-- ", "\n-- ")], "\n\t") {
			t.Errorf("mistake %d has an answer without a fix", i+1)
		}
	}
	if len(mistakes) < 30 {
		t.Errorf("there are %d mistakes", len(mistakes))
	}
}
