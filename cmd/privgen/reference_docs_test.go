package main

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// written separates the handwritten part of a page from the generated part.
const written = "<!-- Generated from here on: go test ./cmd/privgen -run TestReference -update -->\n"

// The references in docs/ have exactly the keys, the commands, and the theme types of the
// program.
func TestReference(t *testing.T) {
	t.Parallel()
	of := schemas()
	keys := "\n## privgen.toml\n\n" + tables(t, of["config"]) +
		"## policy.toml\n\nIn the folder of a policy, `content/POLICY/`.\n\n" + tables(t, of["policy"]) +
		"## Front matter\n\nAt the top of a version's file or a draft, between two lines of `+++`.\n\n" + tables(t, of["front-matter"])
	for name, generated := range map[string]string{
		"configuration.md": strings.TrimSuffix(keys, "\n"), "commands.md": commandsOf(t), "theme-manual.md": themeReference(t),
	} {
		name = filepath.Join(repo, "docs", name)
		raw, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		head, _, ok := strings.Cut(string(raw), written)
		if !ok {
			t.Fatalf("%s has no line %s", name, written)
		}
		want := head + written + generated
		if string(raw) == want {
			continue
		}
		if !*update {
			t.Errorf("%s is not what the program has; write it with: go test ./cmd/privgen -run TestReference -update", name)
		} else if err := os.WriteFile(name, []byte(want), 0o666); err != nil {
			t.Fatal(err)
		}
	}
}

// commandsOf returns the help of every command.
func commandsOf(t *testing.T) string {
	t.Helper()
	out := new(bytes.Buffer)
	root := (&program{out: out, err: io.Discard}).root()
	add := func(name string, help ...string) {
		out.Reset()
		root.SetArgs(append(help, "--help"))
		if err := root.Execute(); err != nil {
			t.Fatal(err)
		}
	}
	all := &strings.Builder{}
	add("privgen")
	fmt.Fprintf(all, "\n## privgen\n\n```text\n%s```\n", out)
	for _, c := range root.Commands() {
		if c.Hidden || c.Name() == "help" {
			continue
		}
		add(c.Name(), c.Name())
		fmt.Fprintf(all, "\n## privgen %s\n\n```text\n%s```\n", c.Name(), out)
	}
	return all.String()
}

// A node is a value of a JSON Schema whose keys keep their order.
type node struct {
	keys  []string
	of    map[string]*node
	value any
}

func readNode(d *json.Decoder) *node {
	n := &node{of: map[string]*node{}}
	token, err := d.Token()
	if err != nil {
		panic(err)
	}
	switch token {
	case json.Delim('{'):
		for d.More() {
			key, _ := d.Token()
			n.keys = append(n.keys, key.(string))
			n.of[key.(string)] = readNode(d)
		}
		_, _ = d.Token()
	case json.Delim('['):
		var list []any
		for d.More() {
			one := readNode(d)
			list = append(list, one.value)
			if one.value == nil {
				list[len(list)-1] = one
			}
		}
		_, _ = d.Token()
		n.value = list
	default:
		n.value = token
	}
	return n
}

// text returns a string of the schema, or "".
func (n *node) text(key string) string {
	if one := n.of[key]; one != nil {
		s, _ := one.value.(string)
		return s
	}
	return ""
}

// tables returns the keys of a schema as Markdown tables, one for each TOML table.
func tables(t *testing.T, schema []byte) string {
	t.Helper()
	out := &strings.Builder{}
	table(out, "", readNode(json.NewDecoder(bytes.NewReader(schema))))
	return out.String()
}

// table writes the keys of one table, and then the tables in it.
func table(out *strings.Builder, at string, n *node) {
	properties, required := n.of["properties"], ""
	if r := n.of["required"]; r != nil {
		required = fmt.Sprint(r.value)
	}
	head, inner := false, &strings.Builder{}
	for _, key := range properties.keys {
		one := properties.of[key]
		path := strings.TrimPrefix(at+"."+key, ".")
		switch items, values := one.of["items"], one.of["additionalProperties"]; {
		case one.of["properties"] != nil:
			fmt.Fprintf(inner, "### `[%s]`\n\n%s\n\n", path, one.text("description"))
			table(inner, path, one)
			continue
		case items != nil && items.of["properties"] != nil:
			fmt.Fprintf(inner, "### `[[%s]]`\n\n%s\n\n", path, one.text("description"))
			table(inner, path, items)
			continue
		case values != nil && values.of["properties"] != nil:
			path += ".NAME"
			fmt.Fprintf(inner, "### `[%s]`\n\n%s\n\n", path, one.text("description"))
			table(inner, path, values)
			continue
		case one.text("type") == "object":
			fmt.Fprintf(inner, "### `[%s]`\n\n%s\n\n", path, one.text("description"))
			continue
		}
		if !head {
			head = true
			out.WriteString("| Key | Type | Default | What it is |\n|---|---|---|---|\n")
		}
		fmt.Fprintf(out, "| `%s` | %s | %s | %s |\n", key, kind(one), preset(one, strings.Contains(required, key)),
			strings.ReplaceAll(one.text("description"), "|", "\\|"))
	}
	if head {
		out.WriteString("\n")
	}
	out.WriteString(inner.String())
}

// kind returns the type of a key in words.
func kind(n *node) string {
	of := n
	if items := n.of["items"]; items != nil {
		of = items
	}
	var values []string
	if enum := of.of["enum"]; enum != nil {
		for _, v := range enum.value.([]any) {
			values = append(values, fmt.Sprintf("`%s`", v))
		}
	}
	switch {
	case n.text("type") == "array" && values != nil:
		return "list of " + strings.Join(values, ", ")
	case n.text("type") == "array":
		return "list of texts"
	case values != nil:
		return strings.Join(values, ", ")
	case n.of["anyOf"] != nil:
		return "day or instant"
	case n.text("format") == "date":
		return "day"
	}
	return map[string]string{"string": "text", "integer": "number", "number": "number", "boolean": "`true`, `false`"}[n.text("type")]
}

// preset returns the default of a key.
func preset(n *node, required bool) string {
	d := n.of["default"]
	switch {
	case required:
		return "**required**"
	case d == nil:
		return ""
	}
	if list, ok := d.value.([]any); ok {
		var all []string
		for _, v := range list {
			all = append(all, fmt.Sprintf("`%v`", v))
		}
		return strings.Join(all, ", ")
	}
	return fmt.Sprintf("`%v`", d.value)
}
