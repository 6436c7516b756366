package main

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// The stories are a page of the manual: each begins by saying in plain words
// what it is about, and those of problems show what is printed, byte for byte,
// and that the site stayed as it was.
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
