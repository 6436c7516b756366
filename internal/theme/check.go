package theme

import (
	"fmt"
	"maps"
	"path"
	"reflect"
	"slices"
	"strings"
	"text/template/parse"

	"github.com/privgen/privgen/internal/source"
)

// This file checks templates against the types of the pages. It walks the parse
// trees as execution would, with types instead of values, and follows every
// {{template}} call with the type of its argument. So a block that shows
// versions on one page and links on another is checked for both.
//
// If a type is unknown (a variable with values of two types), the checker stays
// silent: it reports only definite errors.

// A checker checks the blocks of a set.
type checker struct {
	set      *set
	layers   []layer
	base     string // folder of the base templates, in messages
	settings map[string]*Setting
	assets   map[string]string // names and URLs
	funcs    []function

	problems source.Problems
	said     map[said]bool
	done     map[call]bool
	drawn    map[string]bool // blocks that some page uses
}

// A said identifies a reported problem. A position can have the same problem for
// several page kinds; only the first is reported.
type said struct {
	at   source.Pos
	what string // the code; for a broken guarantee, what is wrong
}

// A call is a block with the type of its argument. The type is nil if it is
// unknown.
type call struct {
	block string
	dot   reflect.Type
}

// A caller is the call by which a later layer reached a block of an earlier one.
type caller struct {
	layer int
	at    source.Pos
	block string // the called block
}

// These types represent values without a Go type.
type (
	number  struct{} // a constant such as 1, which is an int or a float64 as needed
	nothing struct{} // the argument of a call without a pipeline
)

var (
	boolType     = reflect.TypeFor[bool]()
	intType      = reflect.TypeFor[int]()
	textType     = reflect.TypeFor[string]()
	numberType   = reflect.TypeFor[number]()
	nothingType  = reflect.TypeFor[nothing]()
	settingsType = reflect.TypeFor[Settings]()
)

// check checks everything that pages use, then the rest.
func (c *checker) check() source.Problems {
	c.said, c.done, c.drawn = map[said]bool{}, map[call]bool{}, map[string]bool{}
	for _, k := range kinds() {
		if b := c.set.blocks[k.file()]; b == nil || parse.IsEmptyTree(b.tree.Root) {
			c.missingKind(k, b)
			continue
		}
		c.block(call{k.file(), k.page}, caller{})
	}
	drawn := slices.Sorted(maps.Keys(c.drawn))
	for _, name := range slices.Sorted(maps.Keys(c.set.blocks)) {
		b := c.set.blocks[name]
		switch {
		case c.drawn[name], b.body && parse.IsEmptyTree(b.tree.Root):
		case b.file.layer > 0:
			// Its mistakes do not matter. If a later layer replaced its
			// caller, it is unused on purpose.
			if upTo, _ := readSet(c.layers[:b.file.layer+1]); !upTo.draws(name) {
				c.unused(b, drawn)
			}
		default:
			c.block(call{name, nil}, caller{}) // the base can have blocks for themes
		}
	}
	return c.problems
}

func (c *checker) missingKind(k kind, b *block) {
	if b == nil {
		c.problem(source.In(path.Join(c.base, k.file())), "missing-block",
			fmt.Sprintf("there is no template for %s", k.what), "add "+k.file()+" to the theme")
		return
	}
	c.problem(b.start(), "missing-block", fmt.Sprintf("the file has no output, and it replaces the template for %s",
		k.what),
		"give a file that only defines blocks another name, such as blocks.html")
}

func (c *checker) unused(b *block, drawn []string) {
	what := fmt.Sprintf("no page uses the block %q", b.name)
	if b.body {
		what = fmt.Sprintf("no page uses the file %q", b.name)
		drawn = slices.DeleteFunc(slices.Clone(drawn), func(name string) bool { return !isKindFile(name) })
	}
	c.problem(b.start(), "unused-block", what, suggest(b.name, drawn, "pages use", "remove it"))
}

func (c *checker) problem(at source.Pos, code, what, do string) {
	if c.said[said{at, code}] {
		return
	}
	c.said[said{at, code}] = true
	c.problems = append(c.problems, source.NewProblem(at, code, what, do))
}

// block checks a block once for each type.
func (c *checker) block(k call, from caller) {
	if c.done[k] {
		return
	}
	c.done[k] = true
	c.drawn[k.block] = true
	b := c.set.blocks[k.block]
	w := &walk{checker: c, block: b, from: from, vars: []variable{{"$", k.dot}}}
	w.list(k.dot, b.tree.Root)
}

// A walk checks one block.
type walk struct {
	*checker
	block *block
	from  caller
	vars  []variable
}

type variable struct {
	name string
	typ  reflect.Type
}

// say reports a problem at a node. If a later layer called the block of an earlier
// one, say reports the call, because the author of the later layer cannot edit the block.
func (w *walk) say(pos parse.Pos, code, what, do string) {
	if w.from.layer > w.block.file.layer {
		w.problem(w.from.at, code, fmt.Sprintf("the block %q cannot take what it is given here: %s", w.from.block,
			what), fmt.Sprintf("see how %v uses it", w.block.pos(pos)))
		return
	}
	w.problem(w.block.pos(pos), code, what, do)
}

func (w *walk) list(dot reflect.Type, list *parse.ListNode) {
	if list == nil {
		return
	}
	for _, n := range list.Nodes {
		scope := len(w.vars)
		switch n := n.(type) {
		case *parse.ActionNode:
			w.pipe(dot, n.Pipe)
			continue // its variables stay in scope
		case *parse.IfNode:
			w.pipe(dot, n.Pipe)
			w.scoped(dot, n.List)
			w.scoped(dot, n.ElseList)
		case *parse.WithNode:
			w.scoped(w.pipe(dot, n.Pipe), n.List)
			w.scoped(dot, n.ElseList)
		case *parse.RangeNode:
			w.rangeOver(dot, n)
		case *parse.TemplateNode:
			w.call(dot, n)
		}
		w.vars = w.vars[:scope]
	}
}

func (w *walk) scoped(dot reflect.Type, list *parse.ListNode) {
	scope := len(w.vars)
	w.list(dot, list)
	w.vars = w.vars[:scope]
}

func (w *walk) rangeOver(dot reflect.Type, n *parse.RangeNode) {
	t := w.pipe(dot, n.Pipe)
	index, elem := intType, reflect.Type(nil)
	switch u := under(t); {
	case u == nil, u == numberType, u.Kind() == reflect.Int:
		if u != nil {
			elem = intType
		}
	case u.Kind() == reflect.Slice, u.Kind() == reflect.Array:
		elem = u.Elem()
	case u.Kind() == reflect.Map:
		index, elem = u.Key(), known(u.Elem())
	default:
		w.say(n.Pipe.Pos, "wrong-value", fmt.Sprintf("range goes through a list, and this is %s", describe(t)),
			"use {{if}} or {{with}}, or name a list")
	}
	// Correct the types: pipe gave the variables the type of the list.
	if d := n.Pipe.Decl; len(d) > 0 {
		w.named(d[len(d)-1].Ident[0]).typ = elem
		if len(d) > 1 {
			w.named(d[0].Ident[0]).typ = index
		}
	}
	w.scoped(elem, n.List)
	w.scoped(dot, n.ElseList)
}

// named returns the innermost variable with a name.
func (w *walk) named(name string) *variable {
	for i := range slices.Backward(w.vars) {
		if w.vars[i].name == name {
			return &w.vars[i]
		}
	}
	return &variable{}
}

func (w *walk) call(dot reflect.Type, n *parse.TemplateNode) {
	t := nothingType
	if n.Pipe != nil {
		t = w.pipe(dot, n.Pipe)
	}
	if w.checker.set.blocks[n.Name] != nil {
		from := w.from
		if w.block.file.layer >= from.layer {
			from = caller{w.block.file.layer, w.block.pos(n.Pos), n.Name}
		}
		w.checker.block(call{n.Name, t}, from)
		return
	}
	do := suggest(n.Name, slices.Sorted(maps.Keys(w.checker.set.blocks)), "there are", "define it")
	if by := w.checker.set.lost[n.Name]; by != "" {
		do = fmt.Sprintf("%s replaces the file that defines it; define it there too, or give that file another name",
			by)
	}
	w.say(n.Pos, "missing-block", fmt.Sprintf("there is no block %q", n.Name), do)
}

// pipe returns the type of a pipeline's value.
func (w *walk) pipe(dot reflect.Type, p *parse.PipeNode) reflect.Type {
	if p == nil {
		return nil
	}
	var t reflect.Type
	for i, cmd := range p.Cmds {
		t = w.command(dot, cmd, t, i > 0)
	}
	for _, v := range p.Decl {
		name := v.Ident[0]
		if !p.IsAssign {
			w.vars = append(w.vars, variable{name, t})
			continue
		}
		// It is not known which branch ran, or how often.
		if v := w.named(name); v.typ != t {
			v.typ = nil
		}
	}
	return t
}

// command returns the type of a command's value. If piped is true, last is the
// type of the value that is piped into it.
func (w *walk) command(dot reflect.Type, cmd *parse.CommandNode, last reflect.Type, piped bool) reflect.Type {
	first := cmd.Args[0]
	if f, ok := first.(*parse.IdentifierNode); ok {
		return w.function(dot, f, cmd.Args[1:], last, piped)
	}
	for _, a := range cmd.Args[1:] {
		w.arg(dot, a)
	}
	if piped || len(cmd.Args) > 1 {
		w.say(first.Position(), "wrong-value", fmt.Sprintf("%q is not a function, so nothing can be passed to it",
			first.String()),
			"write it alone, or put a function before it: "+strings.Join(w.functionNames(), ", "))
	}
	return w.arg(dot, first)
}

// arg returns the type of an operand.
func (w *walk) arg(dot reflect.Type, n parse.Node) reflect.Type {
	switch n := n.(type) {
	case *parse.DotNode:
		return dot
	case *parse.FieldNode:
		return w.fields(dot, n.Ident, start(n.Pos, n.Ident))
	case *parse.VariableNode:
		return w.fields(w.named(n.Ident[0]).typ, n.Ident[1:], n.Pos)
	case *parse.ChainNode:
		return w.fields(w.arg(dot, n.Node), n.Field, n.Pos)
	case *parse.PipeNode:
		return w.pipe(dot, n)
	case *parse.IdentifierNode:
		return w.function(dot, n, nil, nil, false)
	case *parse.BoolNode:
		return boolType
	case *parse.StringNode:
		return textType
	case *parse.NumberNode:
		return numberType
	}
	return nil
}

// start returns the position of the first field of a chain. If there is a second,
// pos, from package parse, is the position of that.
func start(pos parse.Pos, fields []string) parse.Pos {
	if len(fields) < 2 {
		return pos
	}
	return pos - parse.Pos(len(fields[0])+len("."))
}

// fields returns the type of a chain of fields.
func (w *walk) fields(t reflect.Type, names []string, pos parse.Pos) reflect.Type {
	for _, name := range names {
		if t != nil {
			t = w.field(t, name, pos)
		}
		pos += parse.Pos(len(name) + 1)
	}
	return t
}

func (w *walk) field(t reflect.Type, name string, pos parse.Pos) reflect.Type {
	if t == settingsType {
		return w.setting(name, pos)
	}
	if m, ok := t.MethodByName(name); ok && m.Type.NumOut() > 0 {
		return known(m.Type.Out(0))
	}
	switch u := under(t); {
	case u == nil:
		return nil
	case t == nothingType:
		w.say(pos, "no-such-field", fmt.Sprintf("the block %q is given nothing here, so there is no field %q",
			w.block.name, name),
			fmt.Sprintf("pass what it draws, as in {{template %q .}}", w.block.name))
	case u.Kind() == reflect.Struct && t != numberType:
		if f, ok := u.FieldByName(name); ok && f.IsExported() {
			return known(f.Type)
		}
		w.say(pos, "no-such-field", fmt.Sprintf("%s has no field %q", describe(t), name),
			suggest(name, fieldNames(u), "it has", "remove it"))
	case u.Kind() == reflect.Map:
		return known(u.Elem())
	default:
		w.say(pos, "no-such-field", fmt.Sprintf("%s has no fields, so no %q", describe(t), name), fieldless(u))
	}
	return nil
}

func fieldless(u reflect.Type) string {
	if u.Kind() == reflect.Slice {
		return "go through the list with {{range}}, or take an entry of it with index"
	}
	return "write what is before the dot alone"
}

func (w *walk) setting(name string, pos parse.Pos) reflect.Type {
	if s := w.settings[name]; s != nil {
		return s.valueType()
	}
	w.say(pos, "no-such-setting", fmt.Sprintf("the theme has no setting %q", name),
		suggest(name, slices.Sorted(maps.Keys(w.settings)), "it has",
			fmt.Sprintf("declare [settings.%s] in theme.toml", name)))
	return nil
}

// under returns the element type of a pointer, otherwise t itself, or nil if it is unknown.
func under(t reflect.Type) reflect.Type {
	if t != nil && t.Kind() == reflect.Pointer {
		t = t.Elem()
	}
	return known(t)
}

// known returns t, or nil for an interface, which can have any value.
func known(t reflect.Type) reflect.Type {
	if t == nil || t.Kind() == reflect.Interface {
		return nil
	}
	return t
}

// fieldNames returns the names of a struct's fields in order, including those of
// embedded structs.
func fieldNames(t reflect.Type) (names []string) {
	for _, f := range reflect.VisibleFields(t) {
		if f.IsExported() && !f.Anonymous {
			names = append(names, f.Name)
		}
	}
	return names
}

// describe returns a description of a type, in the words of the manual.
func describe(t reflect.Type) string {
	u := under(t)
	for _, k := range kinds() {
		if u == k.page {
			return k.what
		}
	}
	switch {
	case u == nil:
		return "something"
	case u == numberType:
		return "a number"
	case u == nothingType:
		return "nothing"
	case u == settingsType:
		return "the table of settings"
	case u == wordsType:
		return "the table of words"
	case u.PkgPath() == "html/template":
		return "a piece of HTML"
	}
	switch u.Kind() {
	case reflect.String:
		return "a text"
	case reflect.Bool:
		return "true or false"
	case reflect.Struct:
		return article(strings.ToLower(u.Name()))
	case reflect.Slice, reflect.Array:
		if u.Name() != "" {
			return article(strings.ToLower(u.Name()))
		}
		return "a list"
	case reflect.Map:
		return "a table"
	}
	return "a number"
}

func article(noun string) string {
	if strings.ContainsRune("aeiou", rune(noun[0])) {
		return "an " + noun
	}
	return "a " + noun
}
