package main

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// Every command that docs/ shows is typed in a story: docs.txtar, but for what
// docs/import.md shows, which has a story and a test of its own.
func TestDocs(t *testing.T) {
	t.Parallel()
	story, err := os.ReadFile("testdata/script/docs.txtar")
	if err != nil {
		t.Fatal(err)
	}
	docs, err := filepath.Glob(filepath.Join(repo, "docs", "*.md"))
	if err != nil {
		t.Fatal(err)
	}
	n := 0
	for _, name := range docs {
		if filepath.Base(name) == "import.md" {
			continue
		}
		raw, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		for line := range strings.Lines(string(raw)) {
			if command, ok := strings.CutPrefix(line, "$ privgen"); ok {
				n++
				typed := "privgen" + strings.ReplaceAll(command, `"`, "'")
				shell := "'privgen" + strings.TrimSuffix(command, "\n") + "'" // exec sh -c
				if !strings.Contains(string(story), " "+typed) && !strings.Contains(string(story), shell) {
					t.Errorf("%s shows what no story types: privgen%s", name, command)
				}
			}
		}
	}
	if n < 8 {
		t.Errorf("docs/ shows %d commands", n)
	}
}
