package toml

import (
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
func (d *decoder) wrong(raw any, f field) bool {
	if d.full() {
		return false
	}
	what := fmt.Sprintf("%s is %s, and should be %s", d.label(), given(raw), wanted(f.typ))
	if n, ok := raw.(int64); ok && f.typ.Kind() == reflect.Int {
		what = fmt.Sprintf("%s is %d, which is too large a number", d.label(), n)
	}
	d.add(d.at(), "wrong-type", what, d.instead(raw, f))
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
func (d *decoder) instead(raw any, f field) string {
	text := d.places.raw(d.path...)
	if strings.Contains(text, "\n") || len(text) > 100 {
		text = ""
	}
	s, isText := raw.(string)
	switch {
	case f.typ.Kind() == reflect.String && text != "" && slices.Contains([]string{"a number", "a day",
		"a day with a time", "a time of day", "true", "false"}, given(raw)):
		return d.write(quoted(text))
	case f.typ == dayType || f.typ == dateType:
		return d.insteadOfDate(raw, f)
	case f.typ.Kind() == reflect.Bool:
		switch strings.ToLower(s) {
		case "true", "yes", "on", "1":
			return d.write("true") + ", without quotation marks"
		case "false", "no", "off", "0":
			return d.write("false") + ", without quotation marks"
		}
		return d.write("true") + " or " + d.assign("false")
	case f.typ.Kind() == reflect.Int || f.typ.Kind() == reflect.Float64:
		if n, err := strconv.Atoi(strings.TrimSpace(s)); err == nil {
			return d.write(strconv.Itoa(n)) + ", without quotation marks"
		}
	case f.typ.Kind() == reflect.Slice && f.typ.Elem().Kind() == reflect.String:
		if isText && text != "" {
			return d.write("[" + text + "]")
		}
	case f.typ.Kind() == reflect.Slice:
		if given(raw) == "a table" {
			return "write " + d.header(true) + " with two brackets, once for each"
		}
		return "write " + d.header(true) + " on a separate line, and its keys below it"
	case f.typ.Kind() == reflect.Map || f.typ.Kind() == reflect.Struct:
		if given(raw) == "a list of tables" {
			return "write " + d.header(false) + " with single brackets, and only once"
		}
		return "write " + d.header(false) + " on a separate line, and its keys below it"
	}
	return d.write(f.sample())
}

func (d *decoder) insteadOfDate(raw any, f field) string {
	switch raw := raw.(type) {
	case string:
		text := strings.TrimSpace(raw)
		_, err := day.Parse(text)
		if _, moment := time.Parse(time.RFC3339, text); err == nil || moment == nil && f.typ == dateType {
			return d.write(text) + ", without quotation marks"
		}
	case time.Time:
		if kindOf(raw) != localTime {
			return d.write(dayOf(raw).String()) + ", without a time"
		}
	}
	return d.write(f.sample()) + ": year, month and day, without quotation marks"
}

// unknown adds the problem of an unknown key.
func (d *decoder) unknown(key string, raw any, fields []field) {
	d.push(key, false)
	at := d.places.Key(d.path...)
	table := given(raw) == "a table" || given(raw) == "a list of tables"
	what := fmt.Sprintf("unknown key %q", short(key))
	if table {
		what = "unknown table " + d.header(given(raw) != "a table")
	}
	d.pop()
	if len(d.path) > 0 && !table {
		what += " in " + d.here()
	}
	names := make([]string, len(fields))
	for i, f := range fields {
		names[i] = f.name
	}
	d.add(at, "unknown-key", what, d.meant(key, table, names, fields))
}

// meant returns a sentence with the key that was probably meant.
func (d *decoder) meant(key string, table bool, names []string, fields []field) string {
	if near := Nearest(key, names); near != "" {
		f := fields[slices.Index(names, near)]
		if header, ok := d.headerOf(f); ok && table {
			return "did you mean " + header + "?"
		}
		return fmt.Sprintf("did you mean %q?", near)
	}
	if homes := homesOf(d.root, key, ""); len(homes) == 1 && homes[0] != d.here() {
		if homes[0] == "" {
			return fmt.Sprintf("%s stands before the first table; move it there", bare(key))
		}
		return fmt.Sprintf("%s belongs in %s; move it below that line", bare(key), homes[0])
	}
	if len(d.path) == 0 && d.tablesOnly(fields) {
		for i := range names {
			names[i], _ = d.headerOf(fields[i])
		}
		return "the tables here are " + join(names, bareWord, "and")
	}
	if len(names) == 0 {
		return "take it out; there are no keys here"
	}
	return "the keys here are " + join(names, bare, "and")
}

func (d *decoder) tablesOnly(fields []field) bool {
	return !slices.ContainsFunc(fields, func(f field) bool { _, ok := d.headerOf(f); return !ok })
}

// headerOf returns the header of a field that is a table or a list of tables.
func (d *decoder) headerOf(f field) (string, bool) {
	d.push(f.name, false)
	defer d.pop()
	switch {
	case isTable(f.typ), f.typ.Kind() == reflect.Map:
		return d.header(false), true
	case f.typ.Kind() == reflect.Slice && isTable(f.typ.Elem()):
		return d.header(true), true
	}
	return "", false
}

// homesOf returns the headers of the tables that have a key.
func homesOf(t reflect.Type, key, path string) []string {
	var homes []string
	for _, f := range fieldsOf(t) {
		sub := strings.TrimPrefix(path+"."+f.name, ".")
		switch {
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
func (d *decoder) missing(f field) {
	what := fmt.Sprintf("the key %q is missing", f.name)
	do := "add " + f.name + " = " + f.sample()
	if header, ok := d.headerOf(f); ok {
		what, do = "the table "+header+" is missing", "add "+header+" and its keys below it"
	} else if len(d.path) > 0 {
		what = fmt.Sprintf("%s has no key %q", d.here(), f.name)
	}
	d.add(d.at(), "missing-key", what, do+describe(f))
}

// missingTable adds the problem of a missing table with required keys.
func (d *decoder) missingTable(f field) {
	header, _ := d.headerOf(f)
	do := "add:\n" + header
	for _, need := range needs(f.typ) {
		do += "\n" + need.name + " = " + need.sample()
	}
	d.add(d.at(), "missing-key", "the table "+header+" is missing", do)
}

// describe returns the purpose of a key as a separate line.
func describe(f field) string {
	if doc := f.tag.Get("doc"); doc != "" {
		return "\n" + strings.TrimSuffix(doc, ".")
	}
	return ""
}

// label returns the name of the current value: title, or entry 2 of changes.
func (d *decoder) label() string {
	label := ""
	for i := len(d.path) - 1; i >= 0; i-- {
		if !d.entry[i] {
			return label + bare(d.path[i])
		}
		n, _ := strconv.Atoi(d.path[i])
		label += "entry " + strconv.Itoa(n+1) + " of "
	}
	return label + "the text"
}

// here returns the name of the current table: [site], [[header]].
func (d *decoder) here() string {
	if len(d.path) == 0 {
		return ""
	}
	return d.header(d.entry[len(d.entry)-1])
}

// header returns the line that opens the current table.
func (d *decoder) header(list bool) string {
	var names []string
	for i, step := range d.path {
		if !d.entry[i] {
			names = append(names, bare(step))
		}
	}
	name := strings.Join(names, ".")
	if list {
		return "[[" + name + "]]"
	}
	return "[" + name + "]"
}

// assign returns the text to type for the current value.
func (d *decoder) assign(value string) string {
	last := len(d.path) - 1
	if last < 0 || d.entry[last] {
		return value
	}
	return bare(d.path[last]) + " = " + value
}

func (d *decoder) write(value string) string { return "write " + d.assign(value) }

// join formats words as a list in a sentence.
func join(words []string, as func(string) string, last string) string {
	var b strings.Builder
	for i, w := range words {
		switch {
		case i > 0 && i == len(words)-1:
			b.WriteString(" " + last + " ")
		case i > 0:
			b.WriteString(", ")
		}
		b.WriteString(as(w))
	}
	return b.String()
}

func bareWord(s string) string { return s }
