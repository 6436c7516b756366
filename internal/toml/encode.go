package toml

import (
	"bytes"
	"fmt"
	"iter"
	"reflect"
	"slices"
	"strings"
)

// Encode returns a struct as TOML, in the order of its fields. It omits fields that
// are zero or empty. Tables come last. The path is the name of the struct's own table;
// a whole file has none.
//
// Decode decodes the result to the same struct, unless a default is not zero.
func Encode(v any, path ...string) []byte {
	var b bytes.Buffer
	encodeTable(&b, reflect.ValueOf(v), path)
	return b.Bytes()
}

func encodeTable(b *bytes.Buffer, v reflect.Value, path []string) {
	header := len(path) > 0
	var tables []func()
	for name, v := range entries(v) {
		if v.Kind() == reflect.Map || isTable(v.Type()) {
			tables = append(tables, func() { encodeTable(b, v, append(slices.Clone(path), name)) })
			continue
		}
		if header {
			if b.Len() > 0 {
				b.WriteByte('\n')
			}
			fmt.Fprintf(b, "[%s]\n", dottedKey(path))
			header = false
		}
		fmt.Fprintf(b, "%s = %s\n", dottedKey([]string{name}), encodeValue(v))
	}
	for _, write := range tables {
		write()
	}
}

// entries returns the fields of a struct that are set, or all keys of a map.
func entries(v reflect.Value) iter.Seq2[string, reflect.Value] {
	return func(yield func(string, reflect.Value) bool) {
		if v.Kind() == reflect.Map {
			byName := func(a, b reflect.Value) int { return strings.Compare(a.String(), b.String()) }
			for _, key := range slices.SortedFunc(slices.Values(v.MapKeys()), byName) {
				e := v.MapIndex(key)
				if e.Kind() == reflect.Interface {
					e = e.Elem()
				}
				if !yield(key.String(), e) {
					return
				}
			}
			return
		}
		for _, f := range fieldsOf(v.Type()) {
			e := v.Field(f.index)
			empty := e.IsZero() || (e.Kind() == reflect.Slice || e.Kind() == reflect.Map) && e.Len() == 0
			if !empty && !yield(f.name, e) {
				return
			}
		}
	}
}

func encodeValue(v reflect.Value) string {
	switch {
	case v.Kind() == reflect.String:
		return Quote(v.String())
	case v.Kind() != reflect.Slice:
		return fmt.Sprint(v.Interface())
	}
	list := make([]string, v.Len())
	for i := range list {
		list[i] = encodeValue(v.Index(i))
	}
	if line := "[" + strings.Join(list, ", ") + "]"; len(line) <= 80 || len(list) == 1 {
		return line
	}
	return "[\n  " + strings.Join(list, ",\n  ") + ",\n]"
}

// dottedKey returns a key or the name of a table, with quotes where TOML needs them.
func dottedKey(path []string) string {
	names := make([]string, len(path))
	for i, name := range path {
		if names[i] = name; !isBareKey(name) {
			names[i] = Quote(name)
		}
	}
	return strings.Join(names, ".")
}
