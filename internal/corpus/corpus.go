// Package corpus gives tests and benchmarks the published policies of real
// companies.
//
// Such texts never enter the repository. They are read from outside it: from
// the folder that PRIVGEN_CORPORA names, or ../shared/corpora beside the
// repository. Where there is none, a test that asks for them is skipped, with
// a line that says so.
//
// Its fundamental types are Version, one recorded state of one document, and
// the bundle it is read from: a git repository with a commit a state.
package corpus

import (
	"os"
	"path/filepath"
	"testing"
)

// A Version is one recorded state of a document.
type Version struct {
	Document string // the document's name as a slug: facebook-privacy-policy
	ID       string // the day it was recorded, with a number when it was not the first that day: 2023-05-01.2
	Date     string // the day alone
	Text     []byte
}

// Dir gives the folder with the corpora, or skips the test.
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

// Bundle gives the versions of a bundle of the corpora to each, as Read does.
func Bundle(t testing.TB, name string, each func(Version)) {
	t.Helper()
	if err := Read(filepath.Join(Dir(t), name+".bundle"), t.TempDir(), each); err != nil {
		t.Fatal(err)
	}
}
