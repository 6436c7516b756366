package theme

import (
	"errors"
	"fmt"
	"html/template"
	"maps"
	"reflect"
	"slices"
	"strings"
	"text/template/parse"

	"github.com/privgen/privgen/internal/locale"
)

// This file implements the functions that templates can call. The list is short
// on purpose: the site decides what a page shows, not a theme, and no function
// runs a program, opens a file, or reads a clock. Go's own functions for escaping
// are not available, because html/template escapes by context. Neither is call,
// because no page has a function.

var wordsType = reflect.TypeFor[locale.Words]()

// maxText is the maximum length of a text that print, printf, and join return.
// A text that is doubled in a loop would otherwise exhaust memory before it
// reaches the limitWriter.
const maxText = 1 << 20

var errLong = errors.New("the text is longer than 1 MB")

// A function is a function that templates can call.
type function struct {
	name     string
	use      string // how to write it
	min, max int    // arguments; max < 0: any number

	// result returns the type of the value, nil if it is unknown, and what is
	// wrong with the arguments.
	result func(args []reflect.Type) (t reflect.Type, wrong string)
}

// functions returns the functions in the order of the manual.
func functions() []function {
	return []function{
		{"and", "and A B", 1, -1, same},
		{"or", "or A B", 1, -1, same},
		{"not", "not A", 1, 1, returns(boolType)},
		{"eq", "eq A B", 2, -1, equal},
		{"ne", "ne A B", 2, 2, equal},
		{"lt", "lt A B", 2, 2, ordered},
		{"le", "le A B", 2, 2, ordered},
		{"gt", "gt A B", 2, 2, ordered},
		{"ge", "ge A B", 2, 2, ordered},
		{"len", "len LIST", 1, 1, length},
		{"index", "index LIST NUMBER", 2, -1, indexed},
		{"slice", "slice LIST FROM TO", 1, 4, first},
		{"print", "print A B", 0, -1, returns(textType)},
		{"printf", `printf "%s: %d" TEXT NUMBER`, 1, -1, formatted},
		{"join", `join LIST ", "`, 2, 2, joined},
		{"asset", `asset "logo.svg"`, 1, 1, returns(textType)},
	}
}

// funcMap returns the functions that differ from Go's own.
func funcMap(assets map[string]string) template.FuncMap {
	return template.FuncMap{
		"print": func(args ...any) (string, error) { return short(fmt.Sprint(args...)) },
		"printf": func(format string, args ...any) (string, error) {
			return short(fmt.Sprintf(format, args...))
		},
		"join": func(list []string, sep string) (string, error) {
			return short(strings.Join(list, sep))
		},
		"asset": func(name string) (string, error) {
			if address := assets[name]; address != "" {
				return address, nil
			}
			return "", fmt.Errorf("there is no asset %q", name)
		},
	}
}

func short(s string) (string, error) {
	if len(s) > maxText {
		return "", errLong
	}
	return s, nil
}

func (c *checker) functionNames() (names []string) {
	for _, f := range c.funcs {
		names = append(names, f.name)
	}
	return names
}

// function checks the call of a function and returns the type of its value.
func (w *walk) function(dot reflect.Type, n *parse.IdentifierNode, args []parse.Node, last reflect.Type,
	piped bool) reflect.Type {
	var types []reflect.Type
	for _, a := range args {
		types = append(types, w.arg(dot, a))
	}
	if piped {
		types = append(types, last)
	}
	for _, f := range w.funcs {
		if f.name == n.Ident {
			return w.apply(f, n, args, types)
		}
	}
	w.say(n.Pos, "no-such-function", fmt.Sprintf("there is no function %q", n.Ident),
		suggest(n.Ident, w.functionNames(), "there are", "remove it"))
	return nil
}

func (w *walk) apply(f function, n *parse.IdentifierNode, args []parse.Node, types []reflect.Type) reflect.Type {
	if len(types) < f.min || f.max >= 0 && len(types) > f.max {
		w.say(n.Pos, "wrong-value", fmt.Sprintf("%s is given %s", f.name, count(len(types), "value")),
			"write it as {{"+f.use+"}}")
		return nil
	}
	if f.name == "asset" && len(args) == 1 {
		if s, ok := args[0].(*parse.StringNode); ok && w.assets[s.Text] == "" {
			w.say(s.Pos, "no-such-asset", fmt.Sprintf("there is no asset %q", s.Text),
				suggest(s.Text, slices.Sorted(maps.Keys(w.assets)), "there are",
					"put the file in the folder assets of the theme"))
		}
	}
	if f.name == "index" && types[0] == settingsType {
		if s, ok := args[1].(*parse.StringNode); ok {
			return w.setting(s.Text, s.Pos)
		}
		return nil
	}
	t, wrong := f.result(types)
	if wrong != "" {
		w.say(n.Pos, "wrong-value", f.name+" "+wrong, "write it as {{"+f.use+"}}")
	}
	return t
}

func count(n int, noun string) string {
	switch n {
	case 0:
		return "no " + noun
	case 1:
		return "one " + noun
	}
	return fmt.Sprintf("%d %ss", n, noun)
}

// returns is the result of a function whose value always has the type t.
func returns(t reflect.Type) func([]reflect.Type) (reflect.Type, string) {
	return func([]reflect.Type) (reflect.Type, string) { return t, "" }
}

func same(args []reflect.Type) (reflect.Type, string) {
	for _, t := range args[1:] {
		if t != args[0] {
			return nil, ""
		}
	}
	return args[0], ""
}

func first(args []reflect.Type) (reflect.Type, string) {
	switch u := under(args[0]); {
	case u == nil, u.Kind() == reflect.Slice, u.Kind() == reflect.Array, u.Kind() == reflect.String:
		return args[0], ""
	}
	return nil, fmt.Sprintf("takes a list or a text, and this is %s", describe(args[0]))
}

func length(args []reflect.Type) (reflect.Type, string) {
	switch u := under(args[0]); {
	case u == nil, u.Kind() == reflect.Slice, u.Kind() == reflect.Array, u.Kind() == reflect.Map,
		u.Kind() == reflect.String:
		return intType, ""
	}
	return intType, fmt.Sprintf("takes a list or a text, and this is %s", describe(args[0]))
}

func indexed(args []reflect.Type) (reflect.Type, string) {
	t := args[0]
	for range args[1:] {
		switch u := under(t); {
		case u == nil:
			return nil, ""
		case u.Kind() == reflect.Slice, u.Kind() == reflect.Array, u.Kind() == reflect.Map:
			t = known(u.Elem())
		default:
			return nil, fmt.Sprintf("takes a list, and this is %s", describe(t))
		}
	}
	return t, ""
}

func formatted(args []reflect.Type) (reflect.Type, string) {
	if c := class(args[0]); c != "" && c != "a text" {
		return textType, fmt.Sprintf("begins with a text, and this is %s", describe(args[0]))
	}
	return textType, ""
}

func joined(args []reflect.Type) (reflect.Type, string) {
	if u := under(args[0]); u != nil && u != reflect.TypeFor[[]string]() {
		return textType, fmt.Sprintf("takes a list of texts, and this is %s", describe(args[0]))
	}
	if c := class(args[1]); c != "" && c != "a text" {
		return textType, fmt.Sprintf("puts a text between, and this is %s", describe(args[1]))
	}
	return textType, ""
}

// class returns the class of a type for comparisons, or "" if it is unknown. Values of
// different classes are never equal.
func class(t reflect.Type) string {
	if known(t) == nil || t.Kind() == reflect.Pointer {
		return ""
	}
	if t.Kind() == reflect.String {
		return "a text" // including HTML
	}
	return describe(t)
}

func equal(args []reflect.Type) (reflect.Type, string) {
	for _, t := range args[1:] {
		a, b := class(args[0]), class(t)
		if a != "" && b != "" && a != b {
			return boolType, fmt.Sprintf("compares %s with %s, which are never equal", a, b)
		}
	}
	return boolType, ""
}

func ordered(args []reflect.Type) (reflect.Type, string) {
	if _, wrong := equal(args); wrong != "" {
		return boolType, strings.Replace(wrong, "are never equal", "have no order", 1)
	}
	for _, t := range args {
		if c := class(t); c != "" && c != "a number" && c != "a text" {
			return boolType, fmt.Sprintf("compares numbers or texts, and this is %s", c)
		}
	}
	return boolType, ""
}
