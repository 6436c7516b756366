package archtest_test

import (
	"fmt"
	"go/ast"
	"go/token"
	"io/fs"
	"maps"
	"path"
	"regexp"
	"slices"
	"strconv"
	"strings"
)

// This file finds the problem codes in the source and compares them with the
// scripts in cmd/privgen/testdata/script: problem_unknown-key.txtar has a site with
// an unknown key and the exact output.
//
// A code is a string literal for something named code: an argument for a parameter,
// a field, a variable, or a result.

const scripts = "cmd/privgen/testdata/script/"

var kebab = regexp.MustCompile(`^[a-z0-9]+(-[a-z0-9]+)*$`)

func problemsWithoutScripts(r *repo) (complaints []string) {
	found, complaints := codes(r)
	scripted := map[string]bool{}
	names, _ := fs.Glob(r.root, scripts+"problem_*.txtar") // the pattern is not malformed
	for _, name := range names {
		// problem_dead-link.txtar, problem_dead-link_fragment.txtar
		code, _, _ := strings.Cut(strings.TrimSuffix(strings.TrimPrefix(path.Base(name), "problem_"), ".txtar"), "_")
		scripted[code] = true
	}
	for _, code := range slices.Sorted(maps.Keys(found)) {
		if !kebab.MatchString(code) {
			complaints = append(complaints, r.at(found[code], "the code %q; write it in lower case with hyphens", code))
		}
		if !scripted[code] {
			complaints = append(complaints, r.at(found[code], "the problem %s has no script; write %sproblem_%s.txtar", code, scripts, code))
		}
	}
	for _, code := range slices.Sorted(maps.Keys(scripted)) {
		if found[code] == token.NoPos {
			complaints = append(complaints, fmt.Sprintf("%sproblem_%s.txtar: no code in the source is %q", scripts, code, code))
		}
	}
	return complaints
}

// fixesInErrors returns error texts outside package source with a line for the
// fix: errors and methods Error that contain a line feed and a tab, and literals
// that begin with them.
func fixesInErrors(r *repo) (complaints []string) {
	const mark = "\n\t"
	text := func(n ast.Node) string {
		var b strings.Builder
		ast.Inspect(n, func(n ast.Node) bool {
			if lit, ok := n.(*ast.BasicLit); ok && lit.Kind == token.STRING {
				s, _ := strconv.Unquote(lit.Value) // the parser has accepted it
				b.WriteString(s)
			}
			return true
		})
		return b.String()
	}
	for _, f := range r.code() {
		if f.dir == "internal/source" {
			continue
		}
		ast.Inspect(f.File, func(n ast.Node) bool {
			found := false
			switch n := n.(type) {
			case *ast.CallExpr:
				name := called(n.Fun)
				found = (name == "New" || name == "Errorf") && strings.Contains(text(n), mark)
			case *ast.FuncDecl:
				found = n.Recv != nil && n.Name.Name == "Error" && strings.Contains(text(n), mark)
			case *ast.BasicLit:
				s := text(n)
				found = strings.HasPrefix(s, mark) && s != mark
			}
			if found {
				complaints = append(complaints, r.at(n.Pos(), "an error with a fix is a Problem; use source.Fix"))
			}
			return !found
		})
	}
	return complaints
}

// codes returns every code with its first position. A code that is neither a
// literal nor named code cannot be followed, and is a complaint.
func codes(r *repo) (found map[string]token.Pos, complaints []string) {
	found = map[string]token.Pos{}
	take := func(e ast.Expr) bool {
		lit, ok := e.(*ast.BasicLit)
		if !ok || lit.Kind != token.STRING {
			return false
		}
		if code, err := strconv.Unquote(lit.Value); err == nil && code != "" && found[code] == token.NoPos {
			found[code] = lit.Pos()
		}
		return true
	}
	takers := map[string]map[string]int{} // by package and function or type: the index of the code
	for _, f := range r.code() {
		if takers[f.dir] == nil {
			takers[f.dir] = map[string]int{}
		}
		codeTakers(f, takers[f.dir])
	}
	for _, f := range r.code() {
		if f.dir == "internal/archtest" {
			continue
		}
		ast.Inspect(f.File, func(n ast.Node) bool {
			switch n := n.(type) {
			case *ast.CallExpr:
				i, ok := takers[f.dir][called(n.Fun)]
				if called(n.Fun) == "NewProblem" {
					i, ok = 1, true
				}
				if ok && i < len(n.Args) && !take(n.Args[i]) && called(n.Args[i]) != "code" && called(n.Fun) == "NewProblem" {
					complaints = append(complaints, r.at(n.Args[i].Pos(), "pass a string literal or something named code, so that it can be found"))
				}
			case *ast.CompositeLit:
				if i, ok := takers[f.dir][called(n.Type)]; ok && i < len(n.Elts) {
					take(n.Elts[i])
				}
			case *ast.KeyValueExpr:
				if strings.EqualFold(called(n.Key), "code") {
					take(n.Value)
				}
			case *ast.AssignStmt:
				for i, target := range n.Lhs {
					if strings.EqualFold(called(target), "code") && i < len(n.Rhs) {
						take(n.Rhs[i])
					}
				}
			case *ast.FuncDecl:
				takeResults(n, take)
			}
			return true
		})
	}
	return found, complaints
}

// codeTakers adds the functions, closures, and structs of a file that have a code
// as a parameter or field, with its index.
func codeTakers(f *file, takers map[string]int) {
	note := func(name string, fields *ast.FieldList) {
		if i := position(fields); i >= 0 {
			takers[name] = i
		}
	}
	ast.Inspect(f.File, func(n ast.Node) bool {
		switch n := n.(type) {
		case *ast.FuncDecl:
			note(n.Name.Name, n.Type.Params)
		case *ast.AssignStmt:
			for i := range min(len(n.Lhs), len(n.Rhs)) {
				if fn, ok := n.Rhs[i].(*ast.FuncLit); ok {
					note(called(n.Lhs[i]), fn.Type.Params)
				}
			}
		case *ast.TypeSpec:
			if s, ok := n.Type.(*ast.StructType); ok {
				note(n.Name.Name, s.Fields)
			}
		}
		return true
	})
}

// takeResults calls take with what a function returns for a result named code.
func takeResults(fn *ast.FuncDecl, take func(ast.Expr) bool) {
	at := position(fn.Type.Results)
	if at < 0 || fn.Body == nil {
		return
	}
	ast.Inspect(fn.Body, func(n ast.Node) bool {
		if _, inner := n.(*ast.FuncLit); inner {
			return false
		}
		if ret, ok := n.(*ast.ReturnStmt); ok && at < len(ret.Results) {
			take(ret.Results[at])
		}
		return true
	})
}

// position returns the index of the name code in a list of parameters, results,
// or fields, or -1.
func position(fields *ast.FieldList) int {
	at := 0
	if fields == nil {
		return -1
	}
	for _, field := range fields.List {
		for _, name := range field.Names {
			if strings.EqualFold(name.Name, "code") {
				return at
			}
			at++
		}
		if len(field.Names) == 0 {
			at++
		}
	}
	return -1
}

// called returns the last name of an expression: f for f, x.f, and *x.f.
func called(e ast.Expr) string {
	switch e := e.(type) {
	case *ast.Ident:
		return e.Name
	case *ast.SelectorExpr:
		return e.Sel.Name
	case *ast.StarExpr:
		return called(e.X)
	}
	return ""
}
