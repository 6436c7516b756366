package main

import (
	"os"
	"strings"
	"testing"
)

// The commands of docs/import.md are those of a story, so that each of them
// does what the document says.
func TestImportDocs(t *testing.T) {
	t.Parallel()
	doc, err := os.ReadFile("../../docs/import.md")
	if err != nil {
		t.Fatal(err)
	}
	story, err := os.ReadFile("testdata/script/import_docs.txtar")
	if err != nil {
		t.Fatal(err)
	}
	commands, rest := 0, string(story)
	for line := range strings.Lines(string(doc)) {
		command, ok := strings.CutPrefix(line, "$ ")
		if !ok {
			continue
		}
		commands++
		_, after, found := strings.Cut(rest, "\nexec "+command)
		if !found {
			t.Errorf("the story does not run, after the commands before it: %s", command)
			continue
		}
		rest = "\n" + after
	}
	if commands == 0 {
		t.Error("the document has no command")
	}
}
