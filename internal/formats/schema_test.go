package formats_test

import (
	"bytes"
	"encoding/json"
	"flag"
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"testing"

	"github.com/privgen/privgen/internal/formats"
)

var update = flag.Bool("update", false, "write docs/schemas and the tables of docs/formats.md anew")

// A member describes a member of one of our JSON objects.
type member struct {
	name     string
	doc      string
	optional bool
	typ      reflect.Type
}

// described returns the comments of this package's fields, by the names of struct and field.
func described(t *testing.T) map[string]map[string]string {
	t.Helper()
	docs := map[string]map[string]string{}
	files, err := filepath.Glob("*.go")
	if err != nil {
		t.Fatal(err)
	}
	for _, name := range files {
		f, err := parser.ParseFile(token.NewFileSet(), name, nil, parser.ParseComments)
		if err != nil {
			t.Fatal(err)
		}
		ast.Inspect(f, func(n ast.Node) bool {
			spec, ok := n.(*ast.TypeSpec)
			if !ok {
				return true
			}
			fields, ok := spec.Type.(*ast.StructType)
			if !ok {
				return false
			}
			docs[spec.Name.Name] = map[string]string{}
			for _, field := range fields.Fields.List {
				text := strings.Join(strings.Fields(field.Doc.Text()+" "+field.Comment.Text()), " ")
				for _, name := range field.Names {
					docs[spec.Name.Name][name.Name] = text
				}
			}
			return false
		})
	}
	return docs
}

// members returns the members of a struct.
func members(t *testing.T, docs map[string]map[string]string, typ reflect.Type) []member {
	t.Helper()
	var out []member
	for i := range typ.NumField() {
		f := typ.Field(i)
		name, options, _ := strings.Cut(f.Tag.Get("json"), ",")
		doc := docs[typ.Name()][f.Name]
		if doc == "" && typ.Name() == "HistoryExtent" {
			doc = strings.ReplaceAll(name, "_", " ")
		}
		if doc == "" {
			t.Errorf("%s.%s has no comment, which is its description", typ.Name(), f.Name)
		}
		out = append(out, member{name, strings.ToUpper(doc[:1]) + strings.TrimSuffix(doc[1:], ".") + ".",
			strings.Contains(options, "omitempty"), f.Type})
	}
	return out
}

// schemaFor returns the JSON Schema of a type. It allows unknown members, because we
// may add members to our formats.
func schemaFor(t *testing.T, docs map[string]map[string]string, typ reflect.Type) map[string]any {
	t.Helper()
	switch typ.Kind() {
	case reflect.Pointer:
		return schemaFor(t, docs, typ.Elem())
	case reflect.Slice:
		return map[string]any{"type": "array", "items": schemaFor(t, docs, typ.Elem())}
	case reflect.Map:
		return map[string]any{"type": "object", "additionalProperties": schemaFor(t, docs, typ.Elem())}
	case reflect.Struct:
		properties, required := map[string]any{}, []string{}
		for _, m := range members(t, docs, typ) {
			one := schemaFor(t, docs, m.typ)
			one["description"] = m.doc
			narrow(m.name, one)
			properties[m.name] = one
			if !m.optional {
				required = append(required, m.name)
			}
		}
		return map[string]any{"type": "object", "properties": properties, "required": required}
	}
	return map[string]any{"type": map[reflect.Kind]string{reflect.String: "string", reflect.Bool: "boolean",
		reflect.Int: "integer"}[typ.Kind()]}
}

// narrow adds to a schema what follows from the name of its member.
func narrow(name string, schema map[string]any) {
	const date = `^\d{4}-\d\d-\d\d`
	switch name {
	case "effective", "published", "until":
		schema["pattern"] = date + `(T\d\d:\d\d:\d\d(Z|[+-]\d\d:\d\d))?$`
	case "updated", "reviewed", "withdrawn", "recorded", "date":
		schema["pattern"] = date + "$"
	case "sha256", "was":
		schema["pattern"] = "^[0-9a-f]{64}$"
	case "url", "archive", "markdown", "text", "redline", "redline_in_force", "whole":
		schema["format"] = "uri"
	case "parts":
		schema["items"].(map[string]any)["format"] = "uri"
	case "state":
		schema["enum"] = []string{"upcoming", "in-force", "superseded", "withdrawn"}
	case "kind":
		schema["enum"] = []string{"privacy", "cookies", "terms", "other"}
	}
	if schema["type"] == "integer" {
		schema["minimum"] = 0
	}
}

// memberTable returns a table of the members of a struct, then those of the structs in it.
func memberTable(t *testing.T, docs map[string]map[string]string, typ reflect.Type) string {
	t.Helper()
	var out, inner strings.Builder
	out.WriteString("| Member | Type | What it is |\n|---|---|---|\n")
	for _, m := range members(t, docs, typ) {
		of, kind := m.typ, ""
		switch of.Kind() {
		case reflect.Slice:
			of, kind = of.Elem(), "list of "
		case reflect.Map:
			of, kind = of.Elem(), "object of "
		case reflect.Pointer:
			of = of.Elem()
		}
		if of.Kind() == reflect.Struct {
			kind += "[" + of.Name() + "](#" + strings.ToLower(of.Name()) + ")"
			if !strings.Contains(out.String(), "](#"+strings.ToLower(of.Name())+")") {
				fmt.Fprintf(&inner, "### %s\n\n%s", of.Name(), memberTable(t, docs, of))
			}
		} else {
			name := map[reflect.Kind]string{reflect.String: "string", reflect.Bool: "boolean", reflect.Int: "number"}[of.Kind()]
			if kind != "" {
				name += "s"
			}
			kind += name
		}
		if m.optional {
			kind += ", optional"
		}
		fmt.Fprintf(&out, "| `%s` | %s | %s |\n", m.name, kind, m.doc)
	}
	return out.String() + "\n" + inner.String()
}

// The schemas and tables in docs/ match the types.
func TestSchemas(t *testing.T) {
	t.Parallel()
	docs := described(t)
	tablesOf := "\n"
	for _, one := range []struct {
		file, name string
		typ        reflect.Type
	}{
		{"versions-1.json", "versions.json", reflect.TypeFor[formats.History]()},
		{"policies-1.json", "policies.json", reflect.TypeFor[formats.Policies]()},
	} {
		schema := schemaFor(t, docs, one.typ)
		schema["$schema"] = "https://json-schema.org/draft/2020-12/schema"
		schema["$id"] = "https://github.com/privgen/privgen/docs/schemas/" + one.file
		schema["title"] = one.name
		var b bytes.Buffer
		e := json.NewEncoder(&b)
		e.SetEscapeHTML(false)
		e.SetIndent("", "  ")
		if err := e.Encode(schema); err != nil {
			t.Fatal(err)
		}
		written(t, "../../docs/schemas/"+one.file, "", b.String())
		tablesOf += "## " + one.name + "\n\n" + memberTable(t, docs, one.typ)
	}
	written(t, "../../docs/formats.md", "<!-- Generated from here on: go test ./internal/formats -run TestSchemas -update -->\n",
		strings.TrimSuffix(tablesOf, "\n"))
}

// written checks the part of a file after a mark, or writes it with -update.
func written(t *testing.T, name, mark, want string) {
	t.Helper()
	raw, err := os.ReadFile(name)
	if err != nil && !*update {
		t.Fatal(err)
	}
	if mark != "" {
		head, _, ok := strings.Cut(string(raw), mark)
		if !ok {
			t.Fatalf("%s has no line %s", name, mark)
		}
		want = head + mark + want
	}
	if string(raw) == want {
		return
	}
	if !*update {
		t.Errorf("%s is not what the code describes; write it with: go test ./internal/formats -run TestSchemas -update", name)
	} else if err := os.WriteFile(name, []byte(want), 0o666); err != nil {
		t.Fatal(err)
	}
}
