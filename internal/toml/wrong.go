package toml

import (
	"bytes"
	"fmt"
	"reflect"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/privgen/privgen/internal/day"
)

// This file describes what is wrong with keys and values, and what to write
// instead.

// wrong adds the problem of a value of the wrong type. It always returns false.
func (d *decoder) wrong(raw any, n *node, f field) bool {
	what := fmt.Sprintf("%s is %s, and should be %s", n.label(), given(raw), wanted(f.typ))
	if number, ok := raw.(int64); ok && f.typ.Kind() == reflect.Int {
		what = fmt.Sprintf("%s is %d, which is too large a number", n.label(), number)
	}
	d.add(n.value, "wrong-type", what, d.instead(raw, n, f))
	return false
}

// given describes a value.
func given(raw any) string {
	switch raw := raw.(type) {
	case string:
		return "a text"
	case bool:
		return strconv.FormatBool(raw)
	case int64:
		return "a number"
	case float64:
		if raw != raw || raw > 1e308 || raw < -1e308 {
			return "no finite number"
		}
		return "a number"
	case time.Time:
		switch kindOf(raw) {
		case localDate:
			return "a day"
		case localTime:
			return "a time of day"
		}
		return "a day with a time"
	case []map[string]any:
		return "a list of tables"
	case []any:
		return "a list"
	}
	return "a table"
}

// wanted describes the type of a field.
func wanted(t reflect.Type) string {
	switch {
	case t == dayType:
		return "a day"
	case t == dateType:
		return "a date"
	}
	switch t.Kind() {
	case reflect.String:
		return "a text"
	case reflect.Bool:
		return "true or false"
	case reflect.Int:
		return "a whole number"
	case reflect.Float64:
		return "a number"
	case reflect.Slice:
		if t.Elem().Kind() == reflect.String {
			return "a list of texts"
		}
		return "a list of tables"
	}
	return "a table"
}

// instead returns what to write in place of a value of the wrong type.
func (d *decoder) instead(raw any, n *node, f field) string {
	text := "" // the value's text, if it is short
	if n.end > n.value && n.end-n.value <= 100 && !bytes.Contains(d.text[n.value:n.end], []byte("\n")) {
		text = string(d.text[n.value:n.end])
	}
	write := func(value string) string { return "write " + n.assign(value) }
	s, isText := raw.(string)
	_, table := raw.(map[string]any)
	_, tables := raw.([]map[string]any)
	kind := f.typ.Kind()
	switch {
	case kind == reflect.String && text != "" && !table && text[0] != '[':
		return write(quoted(text))
	case f.typ == dayType || f.typ == dateType:
		return insteadOfDate(raw, n, f)
	case kind == reflect.Bool:
		switch strings.ToLower(s) {
		case "true", "yes", "on", "1":
			return write("true") + ", without quotation marks"
		case "false", "no", "off", "0":
			return write("false") + ", without quotation marks"
		}
		return write("true") + " or " + n.assign("false")
	case kind == reflect.Int || kind == reflect.Float64:
		if number, err := strconv.Atoi(strings.TrimSpace(s)); err == nil {
			return write(strconv.Itoa(number)) + ", without quotation marks"
		}
	case kind == reflect.Slice && f.typ.Elem().Kind() == reflect.String:
		if isText && text != "" {
			return write("[" + text + "]")
		}
	case kind == reflect.Slice && table:
		return "write " + n.header(true) + " with two brackets, once for each"
	case kind == reflect.Map && isTable(f.typ.Elem()) && !tables:
		return "write " + n.child("NAME").header(false) + " on a separate line for each, and its keys below it"
	case kind == reflect.Slice, kind == reflect.Map && !tables, kind == reflect.Struct && !tables:
		return "write " + n.header(kind == reflect.Slice) + " on a separate line, and its keys below it"
	case kind == reflect.Map || kind == reflect.Struct:
		return "write " + n.header(false) + " with single brackets, and only once"
	}
	return write(f.sample())
}

func insteadOfDate(raw any, n *node, f field) string {
	switch raw := raw.(type) {
	case string:
		text := strings.TrimSpace(raw)
		_, err := day.Parse(text)
		if _, moment := time.Parse(time.RFC3339, text); err == nil || moment == nil && f.typ == dateType {
			return "write " + n.assign(text) + ", without quotation marks"
		}
	case time.Time:
		if kindOf(raw) != localTime {
			return "write " + n.assign(dayOf(raw).String()) + ", without a time"
		}
	}
	return "write " + n.assign(f.sample()) + ": year, month and day, without quotation marks"
}

// unknown adds the problem of an unknown key. It returns the name of the key that was
// probably meant, or "".
func (d *decoder) unknown(raw any, n *node, fields []field) string {
	_, table := raw.(map[string]any)
	_, tables := raw.([]map[string]any)
	what := fmt.Sprintf("unknown key %q", short(n.name))
	if table || tables {
		what = "unknown table " + n.header(tables)
	} else if n.up.up != nil {
		what += " in " + n.up.here()
	}
	near, do := d.meant(n, table || tables, fields)
	d.add(n.key, "unknown-key", what, do)
	return near
}

// meant returns the key of this table that was probably meant, or "", and what to do
// about the unknown key.
func (d *decoder) meant(n *node, table bool, fields []field) (near, do string) {
	names, headers := make([]string, len(fields)), make([]string, len(fields))
	for i, f := range fields {
		names[i], headers[i] = f.name, headerOf(n.up, f)
	}
	if homes := homesOf(d.root, n.name, ""); len(homes) == 1 && homes[0] != n.up.here() && !table {
		if homes[0] == "" {
			return "", fmt.Sprintf("%s belongs before the first table; move it there", bare(n.name))
		}
		return "", fmt.Sprintf("%s belongs in %s; move it below that line", bare(n.name), homes[0])
	}
	also := func(f field) bool { return slices.Contains(strings.Split(f.tag.Get("also"), ","), n.name) }
	for _, f := range fieldsOf(d.root) {
		if f.typ.Kind() == reflect.Slice && isTable(f.typ.Elem()) && also(f) {
			key := fieldsOf(f.typ.Elem())[0]
			return "", fmt.Sprintf("[[%s]] replaces it: write this line at the end of the file, and below it %s = %s",
				f.name, key.name, key.sample())
		}
	}
	if i := slices.IndexFunc(fields, also); i >= 0 {
		return names[i], fmt.Sprintf("did you mean %q?", names[i])
	}
	if e, ok := reflect.Zero(d.root).Interface().(interface{ Elsewhere(key string) string }); ok {
		if do := e.Elsewhere(n.name); do != "" {
			return "", do
		}
	}
	if near := Nearest(n.name, names); near != "" {
		if header := headers[slices.Index(names, near)]; header != "" && table {
			return near, "did you mean " + header + "?"
		}
		return near, fmt.Sprintf("did you mean %q?", near)
	}
	switch {
	case len(names) == 0:
		return "", "remove it; there are no keys here"
	case n.up.up == nil && !slices.Contains(headers, ""):
		return "", "the tables here are " + join(headers, func(s string) string { return s }, "and")
	}
	return "", "the keys here are " + join(names, bare, "and")
}

// headerOf returns the header of a field that is a table or a list of tables,
// and otherwise "".
func headerOf(n *node, f field) string {
	switch {
	case isTable(f.typ), f.typ.Kind() == reflect.Map:
		return n.child(f.name).header(false)
	case f.typ.Kind() == reflect.Slice && isTable(f.typ.Elem()):
		return n.child(f.name).header(true)
	}
	return ""
}

// homesOf returns the headers of the tables that can have a key; "" is the top of the file.
// It ignores keys that are maps of tables.
func homesOf(t reflect.Type, key, path string) []string {
	var homes []string
	for _, f := range fieldsOf(t) {
		sub := strings.TrimPrefix(path+"."+f.name, ".")
		switch {
		case f.typ.Kind() == reflect.Map && isTable(f.typ.Elem()):
		case f.name == key && path == "":
			homes = append(homes, "")
		case f.name == key:
			homes = append(homes, "["+path+"]")
		}
		if isTable(f.typ) {
			homes = append(homes, homesOf(f.typ, key, sub)...)
		}
	}
	return homes
}

// missing adds the problem of a missing required key.
func (d *decoder) missing(n *node, f field) {
	what := fmt.Sprintf("the key %q is missing", f.name)
	do := "add " + f.name + " = " + f.sample()
	if header := headerOf(n.up, f); header != "" {
		what, do = "the table "+header+" is missing", "add "+header+" and its keys below it"
	} else if n.up.up != nil {
		what = fmt.Sprintf("%s has no key %q", n.up.here(), f.name)
	}
	d.add(n.value, "missing-key", what, do+describe(f))
}

// missingTable adds the problem of a missing table with required keys.
func (d *decoder) missingTable(n *node, f field) {
	do := "add:\n" + n.header(false)
	for _, need := range needs(f.typ) {
		do += "\n" + need.name + " = " + need.sample()
	}
	d.add(n.value, "missing-key", "the table "+n.header(false)+" is missing", do)
}

// describe returns the purpose of a key as a separate line.
func describe(f field) string {
	if doc := f.tag.Get("doc"); doc != "" {
		return "\n" + strings.TrimSuffix(doc, ".")
	}
	return ""
}

// join formats words as a list in a sentence.
func join(words []string, as func(string) string, last string) string {
	list := make([]string, len(words))
	for i, w := range words {
		list[i] = as(w)
	}
	if n := len(list) - 1; n > 0 {
		return strings.Join(list[:n], ", ") + " " + last + " " + list[n]
	}
	return strings.Join(list, "")
}
