package main

import (
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"path/filepath"
	"reflect"
	"strings"
	"testing"

	"github.com/privgen/privgen/internal/lazyregexp"
	"github.com/privgen/privgen/internal/locale"
	"github.com/privgen/privgen/internal/source"
	"github.com/privgen/privgen/internal/theme"
	"github.com/privgen/privgen/templates"
	"github.com/privgen/privgen/themes"
)

// themeReference returns the tables of docs/theme-manual.md: settings of the themes
// that ship, kinds of pages, blocks, types with their fields, and words.
func themeReference(t *testing.T) string {
	t.Helper()
	out := &strings.Builder{}
	out.WriteString("\n## Settings of the themes that ship\n\n")
	folders, err := fs.ReadDir(themes.FS, ".")
	if err != nil {
		t.Fatal(err)
	}
	for _, folder := range folders {
		files, _ := fs.Sub(themes.FS, folder.Name())
		m, problems := theme.ReadManifest(files, folder.Name())
		if problems != nil {
			t.Fatal(problems)
		}
		fmt.Fprintf(out, "### `%s`\n\n%s\n\n| setting | type | default | what it is |\n|---|---|---|---|\n", folder.Name(), m.Description)
		for _, s := range m.Settings {
			typ := s.Type
			if s.Choices != nil {
				typ = "`" + strings.Join(s.Choices, "`, `") + "`"
			}
			fmt.Fprintf(out, "| `%s` | %s | `%v` | %s |\n", s.Name, typ, s.Default, s.Description)
		}
		out.WriteString("\n")
	}
	pages, blocks := templateComments(t)
	fmt.Fprintf(out, "## Pages\n\n| file | what it is |\n|---|---|\n%s\n", pages)
	fmt.Fprintf(out, "## Blocks\n\nUnless its line says otherwise, a block is given the whole page.\n\n| block | what it is |\n|---|---|\n%s\n", blocks)
	out.WriteString("## Types\n\nA type begins with a capital letter in a template, too: `.Version` is a field of the type `Version`.\n\n")
	out.WriteString(typeTables(t))
	out.WriteString(wordTable(t))
	return strings.TrimSuffix(out.String(), "\n")
}

var templateComment = lazyregexp.New(`(?s)\{\{-? ?/\*(.*?)\*/`)

// templateComments returns the rows for the kinds of pages and for the blocks, from
// the comments of the templates.
func templateComments(t *testing.T) (pages, blocks string) {
	t.Helper()
	names, err := fs.Glob(templates.FS, "*.html")
	if err != nil {
		t.Fatal(err)
	}
	for _, name := range names {
		raw, err := fs.ReadFile(templates.FS, name)
		if err != nil {
			t.Fatal(err)
		}
		for i, m := range templateComment().FindAllStringSubmatch(string(raw), -1) {
			text := strings.ReplaceAll(strings.Join(strings.Fields(m[1]), " "), "<", "&lt;")
			block, what, ok := strings.Cut(text, ": ")
			switch {
			case name != "base.html" && i == 0:
				pages += fmt.Sprintf("| `%s` | %s |\n", name, text)
			case name == "base.html" && ok && !strings.Contains(block, " "):
				blocks += fmt.Sprintf("| `%s` | %s |\n", block, strings.ToUpper(what[:1])+what[1:])
			}
		}
	}
	return pages, blocks
}

// typeTables returns a table of the fields of each type in page.go.
func typeTables(t *testing.T) string {
	t.Helper()
	file, err := parser.ParseFile(token.NewFileSet(), filepath.Join(repo, "internal/theme/page.go"), nil, parser.ParseComments)
	if err != nil {
		t.Fatal(err)
	}
	out := &strings.Builder{}
	for _, d := range file.Decls {
		g, ok := d.(*ast.GenDecl)
		if !ok || g.Tok != token.TYPE {
			continue
		}
		spec := g.Specs[0].(*ast.TypeSpec)
		doc := strings.ReplaceAll(strings.Join(strings.Fields(g.Doc.Text()), " "), "<", "&lt;")
		fmt.Fprintf(out, "### %s\n\n%s\n\n", spec.Name.Name, doc)
		s, ok := spec.Type.(*ast.StructType)
		if !ok {
			continue
		}
		rows := ""
		for _, f := range s.Fields.List {
			what := strings.Join(strings.Fields(f.Doc.Text()+" "+f.Comment.Text()), " ")
			what = strings.ReplaceAll(strings.ReplaceAll(what, "|", "\\|"), "<", "&lt;")
			typ := typeName(f.Type)
			for _, name := range f.Names {
				rows += fmt.Sprintf("| `.%s` | %s | %s |\n", name.Name, typ, what)
			}
			switch {
			case f.Names == nil && typ == "redline.Extent":
				fmt.Fprintf(out, "It also has the numbers: %s.\n\n", fieldNames(reflect.TypeFor[theme.Extent]().Field(0).Type))
			case f.Names == nil:
				fmt.Fprintf(out, "It also has the fields of [%s](#%s).\n\n", typ, strings.ToLower(typ))
			}
		}
		if rows != "" {
			fmt.Fprintf(out, "| field | type | what it is |\n|---|---|---|\n%s\n", rows)
		}
	}
	return out.String()
}

func fieldNames(of reflect.Type) string {
	var names []string
	for _, f := range reflect.VisibleFields(of) {
		if f.IsExported() && !f.Anonymous {
			names = append(names, "`."+f.Name+"`")
		}
	}
	return strings.Join(names, ", ")
}

// typeName returns a type in words for readers who do not know Go.
func typeName(e ast.Expr) string {
	switch e := e.(type) {
	case *ast.StarExpr:
		return typeName(e.X) + " or nil"
	case *ast.ArrayType:
		return "list of " + typeName(e.Elt)
	case *ast.SelectorExpr:
		switch name := e.X.(*ast.Ident).Name + "." + e.Sel.Name; name {
		case "template.HTML":
			return "HTML"
		case "template.URL":
			return "text"
		case "locale.Words":
			return "[words](#words)"
		default:
			return name
		}
	case *ast.Ident:
		if e.Name == "string" {
			return "text"
		}
		return e.Name
	}
	panic(fmt.Sprintf("a field of the type %T", e))
}

// wordTable returns the table of words on pages, with their keys in templates/words/TAG.toml.
func wordTable(t *testing.T) string {
	t.Helper()
	l, problems := locale.Load("en", source.In("en"), nil)
	if problems != nil {
		t.Fatal(problems)
	}
	out := &strings.Builder{}
	out.WriteString("## Words\n\nThe words that privgen writes on pages. A template uses `{{.Words.Contents}}`; " +
		"`templates/words/TAG.toml` changes\nwords by their keys ([Translations](translating.md#words-around-the-text)).\n\n" +
		"| field | key | in English |\n|---|---|---|\n")
	v := reflect.ValueOf(l.Words)
	for i := range v.NumField() {
		f := v.Type().Field(i)
		key, _, _ := strings.Cut(f.Tag.Get("toml"), ",")
		text := fmt.Sprint(v.Field(i))
		if !f.IsExported() || key == "" || v.Field(i).Kind() != reflect.String {
			continue
		}
		fmt.Fprintf(out, "| `.Words.%s` | `%s` | %s |\n", f.Name, key, strings.ReplaceAll(text, "|", "\\|"))
	}
	return out.String()
}
