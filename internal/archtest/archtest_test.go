package archtest_test

import (
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"os"
	"path"
	"slices"
	"strings"
	"testing"
)

// A rule is what the whole repository keeps to.
type rule struct {
	name   string
	broken func(*repo) []string
}

// rules is everything that is held. The functions stand in the files beside
// this one, by subject.
var rules = []rule{
	{"rooms look down, through their doors only", brokenDoors},
	{"pure rooms have no disk, no network, no clock", brokenPurity},
	{"a library is seen in its rooms only", brokenWalls},
	{"nothing happens before main", initFunctions},
	{"packages have no state", packageState},
	{"files have at most 600 lines", longFiles},
	{"functions have at most 80 lines", longFunctions},
	{"every package has a comment", packageComments},
	{"rooms and files are called after what they hold", emptyNames},
	{"one word for one thing", otherWords},
	{"TODO names an issue", looseTodos},
	{"gofmt has been run", unformatted},
	{"the floor plan has every room", missingRooms},
	{"every dependency says what it spares us", unexplainedDependencies},
	{"every kind of problem has a story", untoldProblems},
	{"the README is short, and its commands exist", brokenReadme},
}

func TestRepository(t *testing.T) {
	t.Parallel()
	r, err := load(os.DirFS("../.."))
	if err != nil {
		t.Fatal(err)
	}
	for _, rule := range rules {
		t.Run(rule.name, func(t *testing.T) {
			t.Parallel()
			for _, complaint := range rule.broken(r) {
				t.Error(complaint)
			}
		})
	}
}

const module = "github.com/privgen/privgen/"

// A repo is the repository: its files, the Go ones parsed.
type repo struct {
	root  fs.FS
	fset  *token.FileSet
	files []*file // Go files, sorted by name
}

// A file is a Go file.
type file struct {
	name string // from the root: internal/policy/clause.go
	room string // its folder: internal/policy
	test bool
	src  []byte
	*ast.File
}

// load reads a repository. Folders that hold no code of ours, or code that is
// data for tests, are left out.
func load(root fs.FS) (*repo, error) {
	r := &repo{root: root, fset: token.NewFileSet()}
	err := fs.WalkDir(root, ".", func(name string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		if base := path.Base(name); d.IsDir() && name != "." && (base[0] == '.' || base == "testdata" || base == "public" || base == "node_modules") {
			return fs.SkipDir
		}
		if d.IsDir() || !strings.HasSuffix(name, ".go") {
			return nil
		}
		src, err := fs.ReadFile(root, name)
		if err != nil {
			return err
		}
		tree, err := parser.ParseFile(r.fset, name, src, parser.ParseComments)
		if err != nil {
			return err
		}
		r.files = append(r.files, &file{name, path.Dir(name), strings.HasSuffix(name, "_test.go"), src, tree})
		return nil
	})
	return r, err
}

// code gives the files that are not tests.
func (r *repo) code() []*file {
	return slices.DeleteFunc(slices.Clone(r.files), func(f *file) bool { return f.test })
}

// rooms gives the folders that hold code, sorted.
func (r *repo) rooms() []string {
	var rooms []string
	for _, f := range r.code() {
		rooms = append(rooms, f.room)
	}
	slices.Sort(rooms)
	return slices.Compact(rooms)
}

// at words a complaint about a place in a Go file.
func (r *repo) at(pos token.Pos, format string, args ...any) string {
	return fmt.Sprintf("%v: ", r.fset.Position(pos)) + fmt.Sprintf(format, args...)
}

// text gives a file of the repository that is no Go, or nothing.
func (r *repo) text(name string) string {
	b, err := fs.ReadFile(r.root, name)
	if err != nil {
		return ""
	}
	return string(b)
}
