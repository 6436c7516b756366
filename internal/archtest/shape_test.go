package archtest_test

import (
	"bytes"
	"fmt"
	"go/ast"
	"go/format"
	"go/token"
	"maps"
	"path"
	"regexp"
	"slices"
	"strings"
)

// This file has the rules for sizes, package comments, names, and state.

// longer lists the functions that can have more than 80 lines, with the reason:
// tables, and switches that only dispatch. A name that is not needed is a complaint.
var longer = map[string]string{}

func initFunctions(r *repo) (complaints []string) {
	for _, f := range r.code() {
		for _, d := range f.Decls {
			if fn, ok := d.(*ast.FuncDecl); ok && fn.Recv == nil && fn.Name.Name == "init" {
				complaints = append(complaints, r.at(fn.Pos(), "no init functions; make the value where it is used"))
			}
		}
	}
	return complaints
}

// packageState returns assignments to package variables or to their elements. A
// variable that is set only where it is declared is a table.
func packageState(r *repo) (complaints []string) {
	vars := map[string]map[string]bool{}
	for _, f := range r.code() {
		for _, d := range f.Decls {
			g, ok := d.(*ast.GenDecl)
			if !ok || g.Tok != token.VAR {
				continue
			}
			for _, s := range g.Specs {
				for _, name := range s.(*ast.ValueSpec).Names {
					if vars[f.dir] == nil {
						vars[f.dir] = map[string]bool{}
					}
					vars[f.dir][name.Name] = name.Name != "_"
				}
			}
		}
	}
	for _, f := range r.code() {
		check := func(target ast.Expr) {
			id := root(target)
			if id == nil || !vars[f.dir][id.Name] || isLocal(f, id) {
				return
			}
			complaints = append(complaints, r.at(target.Pos(), "%s belongs to the package; packages have no state, so pass it as a value", id.Name))
		}
		ast.Inspect(f.File, func(n ast.Node) bool {
			switch n := n.(type) {
			case *ast.AssignStmt:
				if n.Tok != token.DEFINE {
					for _, target := range n.Lhs {
						check(target)
					}
				}
			case *ast.IncDecStmt:
				check(n.X)
			}
			return true
		})
	}
	return complaints
}

// root returns the first name of an assignable expression, or nil: x for x, x.f,
// x[i], and *x.
func root(e ast.Expr) *ast.Ident {
	for {
		switch x := e.(type) {
		case *ast.Ident:
			return x
		case *ast.SelectorExpr:
			e = x.X
		case *ast.IndexExpr:
			e = x.X
		case *ast.StarExpr:
			e = x.X
		case *ast.ParenExpr:
			e = x.X
		default:
			return nil
		}
	}
}

// isLocal reports whether a name is declared in a function of its file. The parser
// resolves names within a file.
func isLocal(f *file, id *ast.Ident) bool {
	return id.Obj != nil && f.Scope.Lookup(id.Name) != id.Obj
}

func longFiles(r *repo) (complaints []string) {
	for _, f := range r.code() {
		if n := bytes.Count(f.src, []byte("\n")); n > 600 {
			complaints = append(complaints, fmt.Sprintf("%s: %d lines, want at most 600; split it by noun", f.name, n))
		}
	}
	return complaints
}

func largePackages(r *repo) (complaints []string) {
	lines := map[string]int{}
	for _, f := range r.code() {
		lines[f.dir] += bytes.Count(f.src, []byte("\n"))
	}
	for _, dir := range slices.Sorted(maps.Keys(lines)) {
		if n := lines[dir]; n > 4500 {
			complaints = append(complaints, fmt.Sprintf("%s: %d lines, want at most 4500; move a part out", dir, n))
		}
	}
	return complaints
}

func longFunctions(r *repo) (complaints []string) {
	needed := map[string]bool{}
	for _, f := range r.code() {
		for _, d := range f.Decls {
			fn, ok := d.(*ast.FuncDecl)
			if !ok {
				continue
			}
			n := r.fset.Position(fn.End()).Line - r.fset.Position(fn.Pos()).Line + 1
			name := f.dir + "." + fn.Name.Name
			needed[name] = needed[name] || n > 80
			if n > 80 && longer[name] == "" {
				complaints = append(complaints, r.at(fn.Pos(), "%s has %d lines, want at most 80; a table or a switch can be listed in longer, with the reason", name, n))
			}
		}
	}
	for name := range longer {
		if !needed[name] {
			complaints = append(complaints, fmt.Sprintf("longer: %s has at most 80 lines, or does not exist; remove it", name))
		}
	}
	return complaints
}

// mostMethods is the maximum number of methods of a type, including those of embedded
// types of the repository.
const mostMethods = 30

func largeTypes(r *repo) (complaints []string) {
	types := methodSets(r)
	for _, n := range slices.SortedFunc(maps.Keys(types), func(a, b typeName) int {
		return strings.Compare(a.pkg+"."+a.name, b.pkg+"."+b.name)
	}) {
		t, total := types[n], methodsOf(types, n, 0)
		if t.dir == "" {
			continue // of another package of the same name
		}
		if total > mostMethods {
			complaints = append(complaints, r.at(t.pos, "%s.%s has %d methods, want at most %d; divide it by what they need",
				t.dir, n.name, total, mostMethods))
		}
	}
	return complaints
}

// mostExports is the maximum number of names that a package exports. Constants with a
// type count with the type.
const mostExports = 20

// wider lists the packages that export more, with the maximum for each, so that they
// do not grow.
var wider = map[string]int{
	"internal/theme": 43, // the types of pages, which themes use; manifests
}

func wideAPIs(r *repo) (complaints []string) {
	names := map[string]int{}
	for _, f := range r.code() {
		for _, d := range f.Decls {
			switch d := d.(type) {
			case *ast.FuncDecl:
				if d.Recv == nil && d.Name.IsExported() {
					names[f.dir]++
				}
			case *ast.GenDecl:
				names[f.dir] += exported(d)
			}
		}
	}
	for _, dir := range slices.Sorted(maps.Keys(names)) {
		if most := max(mostExports, wider[dir]); names[dir] > most {
			complaints = append(complaints, fmt.Sprintf("%s exports %d names, want at most %d; what is used together "+
				"can be methods of one type", dir, names[dir], most))
		}
		if wider[dir] > 0 && names[dir] <= mostExports {
			complaints = append(complaints, fmt.Sprintf("wider: %s exports %d names; remove it", dir, names[dir]))
		}
	}
	return complaints
}

// exported returns how many names a declaration of types, variables, or constants
// exports. Constants with a type count with the type.
func exported(d *ast.GenDecl) (n int) {
	typed := false
	for _, s := range d.Specs {
		switch s := s.(type) {
		case *ast.TypeSpec:
			if s.Name.IsExported() {
				n++
			}
		case *ast.ValueSpec:
			typed = s.Type != nil || typed && s.Values == nil
			for _, name := range s.Names {
				if name.IsExported() && !(d.Tok == token.CONST && typed) {
					n++
				}
			}
		}
	}
	return n
}

// A typeName is a type and the name of its package.
type typeName struct{ pkg, name string }

// A methodSet is what a type declares: the number of its methods, and the types
// that it embeds.
type methodSet struct {
	dir     string
	pos     token.Pos
	methods int
	embeds  []typeName
}

// methodSets returns the method sets of the repository's types.
func methodSets(r *repo) map[typeName]*methodSet {
	types := map[typeName]*methodSet{}
	of := func(pkg, name string) *methodSet {
		n := typeName{pkg, name}
		if types[n] == nil {
			types[n] = &methodSet{}
		}
		return types[n]
	}
	for _, f := range r.code() {
		pkg := f.Name.Name
		for _, d := range f.Decls {
			switch d := d.(type) {
			case *ast.FuncDecl:
				if d.Recv != nil {
					of(pkg, called(d.Recv.List[0].Type)).methods++
				}
			case *ast.GenDecl:
				for _, s := range d.Specs {
					if s, ok := s.(*ast.TypeSpec); ok {
						t := of(pkg, s.Name.Name)
						t.dir, t.pos, t.embeds = f.dir, s.Pos(), embeddedTypes(pkg, s)
					}
				}
			}
		}
	}
	return types
}

// embeddedTypes returns the types that a struct type of a package embeds.
func embeddedTypes(pkg string, s *ast.TypeSpec) (all []typeName) {
	t, ok := s.Type.(*ast.StructType)
	if !ok {
		return nil
	}
	for _, field := range t.Fields.List {
		if field.Names != nil {
			continue
		}
		e := field.Type
		if star, ok := e.(*ast.StarExpr); ok {
			e = star.X
		}
		in := pkg
		if sel, ok := e.(*ast.SelectorExpr); ok {
			in = called(sel.X)
		}
		all = append(all, typeName{in, called(e)})
	}
	return all
}

// methodsOf returns the number of a type's methods, including promoted ones.
func methodsOf(types map[typeName]*methodSet, n typeName, depth int) int {
	t := types[n]
	if t == nil || depth > 10 { // a type can embed a pointer to itself
		return 0
	}
	total := t.methods
	for _, e := range t.embeds {
		total += methodsOf(types, e, depth+1)
	}
	return total
}

func packageComments(r *repo) (complaints []string) {
	comments := map[string]int{}
	for _, f := range r.code() {
		if f.Doc == nil {
			continue
		}
		comments[f.dir]++
		first, _, _ := strings.Cut(f.Doc.Text(), "\n")
		begin := "Package " + f.Name.Name + " "
		if f.Name.Name == "main" {
			begin = "Privgen "
		}
		if base := path.Base(f.dir); slices.Contains(tools, f.dir) {
			begin = strings.ToUpper(base[:1]) + base[1:] + " "
		}
		if !strings.HasPrefix(first, begin) {
			complaints = append(complaints, r.at(f.Doc.Pos(), "the package comment begins with %q, want %q", first, begin+"..."))
		}
	}
	for _, dir := range r.packages() {
		switch comments[dir] {
		case 0:
			complaints = append(complaints, dir+": no package comment; say what it contains, and name its two fundamental types")
		case 1:
		default:
			complaints = append(complaints, fmt.Sprintf("%s: %d package comments, want one", dir, comments[dir]))
		}
	}
	return complaints
}

// vague lists names that do not describe the content.
var vague = strings.Fields("util utils common helper helpers core type types manager managers misc const consts " +
	"constants interface interfaces lib shared base model models")

var numbered = regexp.MustCompile(`[a-z][0-9]+(_test)?\.go$`)

func vagueNames(r *repo) (complaints []string) {
	for _, f := range r.files {
		parts := strings.FieldsFunc(strings.TrimSuffix(f.name, ".go"), func(c rune) bool { return c == '/' || c == '_' || c == '.' })
		for _, part := range parts {
			if slices.Contains(vague, part) {
				complaints = append(complaints, fmt.Sprintf("%s: %q is vague; name it after its content", f.name, part))
			}
		}
		if numbered.MatchString(f.name) {
			complaints = append(complaints, f.name+": a number is not a name; split the file by noun")
		}
	}
	return complaints
}

var todo = regexp.MustCompile(`\b(TODO|FIXME|XXX|HACK)\b`)
var goodTodo = regexp.MustCompile(`\bTODO\(#[0-9]+\): \S`)

func looseTodos(r *repo) (complaints []string) {
	for _, f := range r.files {
		for _, group := range f.Comments {
			for _, c := range group.List {
				for line := range strings.SplitSeq(c.Text, "\n") {
					if todo.MatchString(line) && !goodTodo.MatchString(line) && f.dir != "internal/archtest" {
						complaints = append(complaints, r.at(c.Pos(), "write TODO(#123): and what to do, or do it"))
					}
				}
			}
		}
	}
	return complaints
}

func unformatted(r *repo) (complaints []string) {
	for _, f := range r.files {
		want, err := format.Source(f.src)
		if err != nil || !bytes.Equal(want, f.src) {
			complaints = append(complaints, f.name+": not formatted; run gofmt -w "+f.name)
		}
	}
	return complaints
}
