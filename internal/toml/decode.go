package toml

import (
	"fmt"
	"maps"
	"math"
	"reflect"
	"slices"
	"strings"
	"time"

	"github.com/privgen/privgen/internal/day"
)

// table fills a struct from a table. Missing keys are reported last, so that
// they do not push unknown keys past the problem limit.
func (d *decoder) table(m map[string]any, n *node, v reflect.Value) {
	fields := fieldsOf(v.Type())
	known := 0
	for _, f := range fields {
		if raw, there := m[f.name]; there {
			known++
			d.fill(raw, n.child(f.name), f, v.Field(f.index))
		}
	}
	var meant []string // fields whose keys are misspelled, not missing
	if known < len(m) {
		for _, key := range slices.Sorted(maps.Keys(m)) {
			if !slices.ContainsFunc(fields, func(f field) bool { return f.name == key }) {
				meant = append(meant, d.unknown(m[key], n.child(key), fields))
			}
		}
	}
	for _, f := range fields {
		if _, there := m[f.name]; slices.Contains(meant, f.name) {
			f.fill(v.Field(f.index))
		} else if !there {
			d.absent(n.child(f.name), f, v.Field(f.index))
		}
	}
}

// fill fills a field from a value, or with its default if the value has a
// problem.
func (d *decoder) fill(raw any, n *node, f field, v reflect.Value) {
	if !d.value(raw, n, f, v) && !isTable(f.typ) {
		v.SetZero()
		f.fill(v)
	}
}

// absent fills a field that has no value: its key is missing, or has a mistake.
func (d *decoder) absent(n *node, f field, v reflect.Value) {
	missing := n.kind == none && d.places.Whole()
	switch {
	case isTable(f.typ) && (!missing || !f.required && len(needs(f.typ)) == 0):
		d.table(nil, n, v) // a table in it may have required keys
		return
	case missing && f.required:
		d.missing(n, f)
	case missing && isTable(f.typ):
		d.missingTable(n, f)
	}
	f.fill(v)
}

// value fills v from a value, and reports whether the value has no problem.
func (d *decoder) value(raw any, n *node, f field, v reflect.Value) bool {
	if n.bad {
		return false
	}
	kind := v.Kind()
	if kind == reflect.Interface {
		free, ok := d.free(raw, n)
		if ok {
			v.Set(reflect.ValueOf(free))
		}
		return ok
	}
	switch raw := raw.(type) {
	case string:
		if kind == reflect.String {
			v.SetString(raw)
			return d.checkText(raw, n, f)
		}
	case bool:
		if kind == reflect.Bool {
			v.SetBool(raw)
			return true
		}
	case int64:
		switch {
		case kind == reflect.Int && !v.OverflowInt(raw):
			v.SetInt(raw)
			return true
		case kind == reflect.Float64:
			v.SetFloat(float64(raw))
			return true
		}
	case float64:
		if kind == reflect.Float64 && !math.IsNaN(raw) && !math.IsInf(raw, 0) {
			v.SetFloat(raw)
			return true
		}
	case time.Time:
		switch {
		case f.typ == dayType && kindOf(raw) == localDate:
			v.Set(reflect.ValueOf(dayOf(raw)))
			return true
		case f.typ == dateType:
			date, ok := d.date(raw, n, f)
			v.Set(reflect.ValueOf(date))
			return ok
		}
	case map[string]any:
		switch {
		case kind == reflect.Map:
			return d.names(raw, n, f, v)
		case isTable(f.typ):
			d.table(raw, n, v)
			return true
		}
	default:
		if kind == reflect.Slice {
			return d.list(listOf(raw), n, f, v)
		}
	}
	if isTable(f.typ) {
		fill(v)
	}
	return d.wrong(raw, n, f)
}

// checkText checks a string against its enumeration. A required one must not be blank.
func (d *decoder) checkText(s string, n *node, f field) bool {
	if enum := f.enum(); enum != nil && !slices.Contains(enum, s) {
		do := Suggest(s, enum, `"%s"`, "write one of "+join(enum, quoted, "or"))
		d.add(n.value, "not-one-of", fmt.Sprintf("%q is not a value of %s", short(s), n.label()), do)
		return false
	}
	if f.required && strings.TrimSpace(s) == "" {
		d.add(n.value, "missing-key", n.label()+" is empty", "write "+n.assign(f.sample())+describe(f))
		return false
	}
	return true
}

// listOf returns the entries of a list, or of a list of tables.
func listOf(raw any) []any {
	list, _ := raw.([]any)
	tables, _ := raw.([]map[string]any)
	for _, t := range tables {
		list = append(list, t)
	}
	return list
}

// list fills a slice.
func (d *decoder) list(raw []any, n *node, f field, v reflect.Value) bool {
	out := reflect.MakeSlice(f.typ, len(raw), len(raw))
	elem := field{name: f.name, typ: f.typ.Elem(), tag: f.tag}
	good := true
	for i, r := range raw {
		good = d.value(r, n.entries[i], elem, out.Index(i)) && good
	}
	v.Set(out)
	return good
}

// names fills a map, whose keys the author chooses.
func (d *decoder) names(m map[string]any, n *node, f field, v reflect.Value) bool {
	out := reflect.MakeMapWithSize(f.typ, len(m))
	good := true
	for _, key := range slices.Sorted(maps.Keys(m)) {
		elem := reflect.New(f.typ.Elem()).Elem()
		ok := d.value(m[key], n.child(key), field{name: key, typ: elem.Type(), tag: f.tag}, elem)
		if ok || elem.Kind() != reflect.Interface {
			out.SetMapIndex(reflect.ValueOf(key), elem)
		}
		good = good && ok
	}
	v.Set(out)
	return good
}

// free returns a value of a free table.
func (d *decoder) free(raw any, n *node) (any, bool) {
	if n.bad {
		return nil, false
	}
	good := true
	switch raw := raw.(type) {
	case float64:
		if math.IsNaN(raw) || math.IsInf(raw, 0) {
			return nil, d.wrong(raw, n, field{typ: reflect.TypeFor[float64]()})
		}
	case time.Time:
		if kindOf(raw) == localTime {
			return nil, d.wrong(raw, n, field{typ: reflect.TypeFor[string]()})
		}
		return d.date(raw, n, field{typ: dateType})
	case []any, []map[string]any:
		out := listOf(raw)
		for i := range out {
			v, ok := d.free(out[i], n.entries[i])
			out[i], good = v, good && ok
		}
		return out, good
	case map[string]any:
		out := make(map[string]any, len(raw))
		for _, key := range slices.Sorted(maps.Keys(raw)) {
			v, ok := d.free(raw[key], n.child(key))
			if good = good && ok; ok {
				out[key] = v
			}
		}
		return out, good
	}
	return raw, true
}

// date converts a date to a day or an instant, as it was written.
func (d *decoder) date(t time.Time, n *node, f field) (day.Date, bool) {
	switch kindOf(t) {
	case localDate:
		return day.On(dayOf(t)), true
	case localTime:
		return day.Date{}, d.wrong(t, n, f)
	case localDateTime:
		d.add(n.value, "no-offset", n.label()+" has a time without an offset from UTC",
			t.Format("15:04:05")+" is another moment in every time zone; write "+
				n.assign(t.Format("2006-01-02T15:04:05Z"))+" if this is UTC, else end it in "+
				"the offset that held, such as +01:00")
		return day.Date{}, false
	}
	// The library uses the computer's own zone for an instant with the same offset.
	// Keep only the offset, which is what was written.
	if _, offset := t.Zone(); offset != 0 {
		return day.At(t.In(time.FixedZone("", offset))), true
	}
	return day.At(t.UTC()), true
}

// A dateKind is one of the four kinds of date that TOML has.
type dateKind int

const (
	instant dateKind = iota
	localDate
	localDateTime
	localTime
)

// kindOf returns the kind of a date. The library marks dates without an offset by
// the names of their zones.
func kindOf(t time.Time) dateKind {
	switch t.Location().String() {
	case "date-local":
		return localDate
	case "datetime-local":
		return localDateTime
	case "time-local":
		return localTime
	}
	return instant
}

func dayOf(t time.Time) day.Day {
	y, m, dom := t.Date()
	return day.Day{Year: y, Month: m, Dom: dom}
}
