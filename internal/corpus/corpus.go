// Package corpus provides the published policies of real companies to tests and
// benchmarks.
//
// Such texts never enter the repository. They are read from the folder that
// PRIVGEN_CORPORA names, or from ../shared/corpora beside the repository. If
// neither exists, a test that needs them is skipped with a message.
//
// Its fundamental types are Version, one recorded state of one document, and the
// bundle that has it: a git repository with one commit for each state.
package corpus

import (
	"os"
	"path/filepath"
	"testing"
)

// A Version is one recorded state of a document.
type Version struct {
	Document string // the document's name as a slug: facebook-privacy-policy
	ID       string // the day it was recorded, with a number if it was not the first on that day: 2023-05-01.2
	Text     []byte
}

// Dir returns the folder with the corpora, or skips the test.
func Dir(t testing.TB) string {
	t.Helper()
	dir := os.Getenv("PRIVGEN_CORPORA")
	if dir == "" {
		_, err := os.Stat("go.mod")
		for dir = "."; err != nil && len(dir) < 30; _, err = os.Stat(filepath.Join(dir, "go.mod")) {
			dir = filepath.Join("..", dir)
		}
		dir = filepath.Join(dir, "..", "shared", "corpora")
	}
	if _, err := os.Stat(dir); err != nil {
		t.Skipf("no corpora of real policies here; set PRIVGEN_CORPORA to try them")
	}
	return dir
}

// Bundle calls each for every version of a bundle of the corpora, like Read.
func Bundle(t testing.TB, name string, each func(Version)) {
	t.Helper()
	if err := Read(filepath.Join(Dir(t), name+".bundle"), each); err != nil {
		t.Fatal(err)
	}
}
