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

// This file finds the codes of problems in the source, and holds them against
// the stories in cmd/privgen/testdata/script: problem_unknown-key.txtar shows a
// site with that mistake and, byte for byte, what is printed.
//
// A code is found where a text stands for something that is called code: an
// argument of a parameter code, a field code, a variable code, a result code.

const stories = "cmd/privgen/testdata/script/"

var kebab = regexp.MustCompile(`^[a-z0-9]+(-[a-z0-9]+)*$`)

func untoldProblems(r *repo) (complaints []string) {
	found, complaints := codes(r)
	told := map[string]bool{}
	names, _ := fs.Glob(r.root, stories+"problem_*.txtar") // the pattern is not malformed
	for _, name := range names {
		// problem_dead-link.txtar, problem_dead-link_fragment.txtar
		code, _, _ := strings.Cut(strings.TrimSuffix(strings.TrimPrefix(path.Base(name), "problem_"), ".txtar"), "_")
		told[code] = true
	}
	for _, code := range slices.Sorted(maps.Keys(found)) {
		if !kebab.MatchString(code) {
			complaints = append(complaints, r.at(found[code], "the code %q; write it in small letters with hyphens", code))
		}
		if !told[code] {
			complaints = append(complaints, r.at(found[code], "the problem %s has no story; write %sproblem_%s.txtar", code, stories, code))
		}
	}
	for _, code := range slices.Sorted(maps.Keys(told)) {
		if found[code] == token.NoPos {
			complaints = append(complaints, fmt.Sprintf("%sproblem_%s.txtar: no code in the source is %q", stories, code, code))
		}
	}
	return complaints
}

// codes gives every code with the first place at which it stands. What is
// given as a code and is neither a text nor called code cannot be followed, and
// is a complaint.
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
	takers := map[string]map[string]int{} // by room: what takes a code, and in which place
	for _, f := range r.code() {
		if takers[f.room] == nil {
			takers[f.room] = map[string]int{}
		}
		codeTakers(f, takers[f.room])
	}
	for _, f := range r.code() {
		if f.room == "internal/archtest" {
			continue
		}
		ast.Inspect(f.File, func(n ast.Node) bool {
			switch n := n.(type) {
			case *ast.CallExpr:
				i, ok := takers[f.room][called(n.Fun)]
				if called(n.Fun) == "NewProblem" {
					i, ok = 1, true
				}
				if ok && i < len(n.Args) && !take(n.Args[i]) && called(n.Args[i]) != "code" && called(n.Fun) == "NewProblem" {
					complaints = append(complaints, r.at(n.Args[i].Pos(), "a code is a text, or something called code, so that it can be found"))
				}
			case *ast.CompositeLit:
				if i, ok := takers[f.room][called(n.Type)]; ok && i < len(n.Elts) {
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

// codeTakers notes the functions, the closures and the structs of a file that
// take a code, with the place in which they take it.
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

// takeResults takes what a function returns for a result that is called code.
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

// position gives the place of the name code in a list of parameters, results
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

// called gives the last name of an expression: f for f, x.f and *x.f.
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
