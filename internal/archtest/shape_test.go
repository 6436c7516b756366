package archtest_test

import (
	"bytes"
	"fmt"
	"go/ast"
	"go/format"
	"go/token"
	"path"
	"regexp"
	"slices"
	"strings"
)

// This file holds how code is shaped: sizes, comments, names, state.

// longer lists the functions that may have more than 80 lines, with the reason:
// tables, and switches that only send on. It can only shrink: a name that does
// not need to be here is a complaint.
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

// packageState finds assignments to variables of a package, or to what they
// hold. A variable that is set once, where it is declared, is a table.
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
					if vars[f.room] == nil {
						vars[f.room] = map[string]bool{}
					}
					vars[f.room][name.Name] = name.Name != "_"
				}
			}
		}
	}
	for _, f := range r.code() {
		check := func(target ast.Expr) {
			id := root(target)
			if id == nil || !vars[f.room][id.Name] || isLocal(f, id) {
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

// root gives the name that an assignable expression begins with, or nil: x for
// x, x.f, x[i] and *x.
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

// isLocal reports whether a name was declared within a function of its file.
// The parser resolves names within a file, which is what it takes here.
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

func longFunctions(r *repo) (complaints []string) {
	needed := map[string]bool{}
	for _, f := range r.code() {
		for _, d := range f.Decls {
			fn, ok := d.(*ast.FuncDecl)
			if !ok {
				continue
			}
			n := r.fset.Position(fn.End()).Line - r.fset.Position(fn.Pos()).Line + 1
			name := f.room + "." + fn.Name.Name
			needed[name] = needed[name] || n > 80
			if n > 80 && longer[name] == "" {
				complaints = append(complaints, r.at(fn.Pos(), "%s has %d lines, want at most 80; a table or a switch may be named in longer, with the reason", name, n))
			}
		}
	}
	for name := range longer {
		if !needed[name] {
			complaints = append(complaints, fmt.Sprintf("longer: %s has at most 80 lines, or is gone; take it out", name))
		}
	}
	return complaints
}

func packageComments(r *repo) (complaints []string) {
	comments := map[string]int{}
	for _, f := range r.code() {
		if f.Doc == nil {
			continue
		}
		comments[f.room]++
		first, _, _ := strings.Cut(f.Doc.Text(), "\n")
		begin := "Package " + f.Name.Name + " "
		if f.Name.Name == "main" {
			begin = "Privgen "
		}
		if base := path.Base(f.room); slices.Contains(tools, f.room) {
			begin = strings.ToUpper(base[:1]) + base[1:] + " "
		}
		if !strings.HasPrefix(first, begin) {
			complaints = append(complaints, r.at(f.Doc.Pos(), "the package comment begins with %q, want %q", first, begin+"..."))
		}
	}
	for _, room := range r.rooms() {
		switch comments[room] {
		case 0:
			complaints = append(complaints, room+": no package comment; say what it holds and name its two fundamental types")
		case 1:
		default:
			complaints = append(complaints, fmt.Sprintf("%s: %d package comments, want one", room, comments[room]))
		}
	}
	return complaints
}

// empty are names that say nothing about what is inside.
var empty = strings.Fields("util utils common helper helpers core type types manager managers misc const consts " +
	"constants interface interfaces lib shared base model models")

var numbered = regexp.MustCompile(`[a-z][0-9]+(_test)?\.go$`)

func emptyNames(r *repo) (complaints []string) {
	for _, f := range r.files {
		parts := strings.FieldsFunc(strings.TrimSuffix(f.name, ".go"), func(c rune) bool { return c == '/' || c == '_' || c == '.' })
		for _, part := range parts {
			if slices.Contains(empty, part) {
				complaints = append(complaints, fmt.Sprintf("%s: %q says nothing; call it after what it holds", f.name, part))
			}
		}
		if numbered.MatchString(f.name) {
			complaints = append(complaints, f.name+": a number is no name; split by noun")
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
					if todo.MatchString(line) && !goodTodo.MatchString(line) && f.room != "internal/archtest" {
						complaints = append(complaints, r.at(c.Pos(), "write TODO(#123): and what is to be done, or do it"))
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
