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

// A rule is a sentence about the repository, and a function that returns where
// it is not true.
type rule struct {
	name   string
	broken func(*repo) []string
}

// rules lists all rules except textRules. Their functions are in the other files, by
// subject.
var rules = []rule{
	{"packages import only what the package map allows", forbiddenImports},
	{"pure packages use no files, network, or clock", impureCode},
	{"a library is imported by few packages", forbiddenLibraries},
	{"there are no init functions", initFunctions},
	{"packages have no state", packageState},
	{"files have at most 600 lines", longFiles},
	{"packages have at most 4500 lines", largePackages},
	{"functions have at most 80 lines", longFunctions},
	{"types have at most 30 methods", largeTypes},
	{"packages export at most 20 names", wideAPIs},
	{"every package has a comment", packageComments},
	{"package and file names say what they contain", vagueNames},
	{"each thing has one name", otherWords},
	{"TODO names an issue", looseTodos},
	{"files are formatted", unformatted},
	{"the package map lists every package", unlistedPackages},
	{"every dependency is justified", unexplainedDependencies},
	{"every problem code has a script", problemsWithoutScripts},
	{"only problems carry a fix", fixesInErrors},
	{"the README is short, and its commands exist", brokenReadme},
}

func TestRepository(t *testing.T) {
	t.Parallel()
	r, err := load(os.DirFS("../.."))
	if err != nil {
		t.Fatal(err)
	}
	for _, rule := range slices.Concat(rules, textRules) {
		t.Run(rule.name, func(t *testing.T) {
			t.Parallel()
			for _, complaint := range rule.broken(r) {
				t.Error(complaint)
			}
		})
	}
}

const module = "github.com/privgen/privgen/"

// A repo is the repository with its Go files parsed.
type repo struct {
	root  fs.FS
	fset  *token.FileSet
	files []*file // Go files, sorted by name
}

// A file is a Go file.
type file struct {
	name string // from the root: internal/policy/clause.go
	dir  string // internal/policy
	test bool
	src  []byte
	*ast.File
}

// load reads a repository, without test data and output folders.
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

// code returns the files that are not tests.
func (r *repo) code() []*file {
	return slices.DeleteFunc(slices.Clone(r.files), func(f *file) bool { return f.test })
}

// packages returns the folders that contain code, sorted.
func (r *repo) packages() []string {
	var dirs []string
	for _, f := range r.code() {
		dirs = append(dirs, f.dir)
	}
	slices.Sort(dirs)
	return slices.Compact(dirs)
}

// at formats a complaint about a position in a Go file.
func (r *repo) at(pos token.Pos, format string, args ...any) string {
	return fmt.Sprintf("%v: ", r.fset.Position(pos)) + fmt.Sprintf(format, args...)
}

// documents returns the names of the files that people read, without the texts of
// the sample site.
func (r *repo) documents() []string {
	var names []string
	for _, pattern := range []string{"*.md", "docs/*.md", "docs/*/*.md", "internal/*.md", "internal/*/*.md", "cmd/privgen/help/*.txt", scripts + "*.md"} {
		found, _ := fs.Glob(r.root, pattern) // the pattern is not malformed
		names = append(names, found...)
	}
	return names
}

// text returns the text of a file, or "" if it cannot be read.
func (r *repo) text(name string) string {
	b, err := fs.ReadFile(r.root, name)
	if err != nil {
		return ""
	}
	return string(b)
}
