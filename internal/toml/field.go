package toml

import (
	"cmp"
	"encoding/json"
	"fmt"
	"reflect"
	"strings"

	"github.com/privgen/privgen/internal/day"
)

var (
	dayType  = reflect.TypeFor[day.Day]()
	dateType = reflect.TypeFor[day.Date]()
)

// A field is a key of a struct. Only the tags that every decoding needs are parsed;
// the others are looked up when they are needed.
type field struct {
	index    int // in its struct
	name     string
	required bool
	typ      reflect.Type
	tag      reflect.StructTag
}

// fieldsOf returns the fields of a struct that have keys, in order.
func fieldsOf(t reflect.Type) []field {
	fields := make([]field, 0, t.NumField())
	for i := range t.NumField() {
		sf := t.Field(i)
		tag := sf.Tag.Get("toml")
		if tag == "" || tag == "-" {
			continue
		}
		if !sf.IsExported() {
			panic(fmt.Sprintf("privgen: internal error: the key of %v.%s cannot be filled", t, sf.Name))
		}
		name, options, _ := strings.Cut(tag, ",")
		fields = append(fields, field{i, name, options == "required", sf.Type, sf.Tag})
	}
	return fields
}

func (f field) enum() []string {
	if list := f.tag.Get("enum"); list != "" {
		return strings.Split(list, ",")
	}
	return nil
}

// sample returns an example of the key's value, as written in TOML.
func (f field) sample() string {
	text := cmp.Or(f.tag.Get("example"), f.tag.Get("default"))
	if enum := f.enum(); text == "" && enum != nil {
		text = enum[0]
	}
	switch {
	case f.typ == dayType || f.typ == dateType:
		return cmp.Or(text, "2026-01-31")
	case f.typ.Kind() == reflect.String:
		return quoted(cmp.Or(text, "..."))
	case f.typ.Kind() == reflect.Slice:
		list := strings.Split(cmp.Or(text, "..."), ",")
		for i := range list {
			list[i] = quoted(list[i])
		}
		return "[" + strings.Join(list, ", ") + "]"
	case text != "":
		return text
	}
	switch f.typ.Kind() {
	case reflect.Bool:
		return "true"
	case reflect.Float64:
		return "1.5"
	}
	return "1"
}

// isTable reports whether a type is a struct that is filled from a table.
func isTable(t reflect.Type) bool {
	return t.Kind() == reflect.Struct && t != dayType && t != dateType
}

// needs returns the required keys of a table.
func needs(t reflect.Type) []field {
	var list []field
	for _, f := range fieldsOf(t) {
		if f.required {
			list = append(list, f)
		}
	}
	return list
}

// needy reports whether a table has required keys, or a table in it has.
func needy(t reflect.Type) bool {
	for _, f := range fieldsOf(t) {
		if f.required || isTable(f.typ) && needy(f.typ) {
			return true
		}
	}
	return false
}

// fill sets the fields of a table to their defaults.
func fill(v reflect.Value) {
	for _, f := range fieldsOf(v.Type()) {
		f.fill(v.Field(f.index))
	}
}

// fill sets v to the field's default. It panics on a default of another type.
func (f field) fill(v reflect.Value) {
	if isTable(f.typ) {
		fill(v)
		return
	}
	text, ok := f.tag.Lookup("default")
	if !ok {
		return
	}
	var err error
	switch {
	case f.typ.Kind() == reflect.String:
		v.SetString(text)
	case f.typ.Kind() == reflect.Bool, f.typ.Kind() == reflect.Int, f.typ.Kind() == reflect.Float64:
		err = json.Unmarshal([]byte(text), v.Addr().Interface())
	case f.typ == reflect.TypeFor[[]string]():
		v.Set(reflect.ValueOf(strings.Split(text, ",")))
	default:
		err = fmt.Errorf("%v has no default", f.typ)
	}
	if err != nil {
		panic(fmt.Sprintf("privgen: internal error: default of %s: %v", f.name, err))
	}
}

// quoted returns a string as TOML, in single quotation marks if that avoids escapes.
func quoted(s string) string {
	if strings.ContainsAny(s, `"\`) && !strings.ContainsAny(s, "'\n\t") {
		return "'" + s + "'"
	}
	return Quote(s)
}

// Quote returns a string as TOML, in quotation marks and with escapes.
func Quote(s string) string {
	var b strings.Builder
	b.WriteByte('"')
	for _, r := range s {
		switch {
		case r == '"' || r == '\\':
			b.WriteByte('\\')
			b.WriteRune(r)
		case r == '\n':
			b.WriteString(`\n`)
		case r == '\t':
			b.WriteString(`\t`)
		case r < ' ' || r == 0x7f:
			fmt.Fprintf(&b, `\u%04X`, r)
		default:
			b.WriteRune(r)
		}
	}
	b.WriteByte('"')
	return b.String()
}

// bare returns a key as TOML, shortened for a message, in quotation marks if it needs
// them.
func bare(key string) string {
	if isBareKey(key) {
		return short(key)
	}
	return Quote(short(key))
}

// isBareKey reports whether a key needs no quotation marks.
func isBareKey(key string) bool {
	return key != "" && !strings.ContainsFunc(key, func(r rune) bool { return r > 0x7f || !isBare(byte(r)) })
}

func isBare(c byte) bool {
	return c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c >= '0' && c <= '9' || c == '_' || c == '-'
}

// short shortens a text to 60 characters, for a message.
func short(s string) string {
	if r := []rune(s); len(r) > 60 {
		return string(r[:60]) + "…"
	}
	return s
}
