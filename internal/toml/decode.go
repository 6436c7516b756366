package toml

import (
	"fmt"
	"maps"
	"math"
	"reflect"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/privgen/privgen/internal/day"
)

// table fills a struct from a table. Missing keys are reported last, so that
// they do not push unknown keys past the problem limit.
func (d *decoder) table(m map[string]any, v reflect.Value) {
	t := v.Type()
	known := 0
	for i := range t.NumField() {
		f, ok := fieldOf(t, i)
		if !ok {
			continue
		}
		raw, there := m[f.name]
		if !there {
			continue
		}
		known++
		d.push(f.name, false)
		if !d.value(raw, f, v.Field(i)) && !isTable(f.typ) {
			v.Field(i).SetZero()
			f.fill(v.Field(i))
		}
		d.pop()
	}
	if known < len(m) {
		d.strangers(m, fieldsOf(t))
	}
	for i := range t.NumField() {
		f, ok := fieldOf(t, i)
		if _, there := m[f.name]; ok && !there {
			d.absent(f, v.Field(i))
		}
	}
}

// strangers reports the keys that a table does not have.
func (d *decoder) strangers(m map[string]any, fields []field) {
	for _, key := range slices.Sorted(maps.Keys(m)) {
		if d.full() {
			return
		}
		if !slices.ContainsFunc(fields, func(f field) bool { return f.name == key }) {
			d.unknown(key, m[key], fields)
		}
	}
}

// absent fills a field whose key is missing.
func (d *decoder) absent(f field, v reflect.Value) {
	switch {
	case f.required:
		f.fill(v)
		d.missing(f)
	case !isTable(f.typ):
		f.fill(v)
	case len(needs(f.typ)) > 0:
		f.fill(v)
		d.missingTable(f)
	default:
		// A table in it may have required keys.
		d.push(f.name, false)
		d.table(nil, v)
		d.pop()
	}
}

// value fills v from a value. It returns false if the value has a problem.
func (d *decoder) value(raw any, f field, v reflect.Value) bool {
	switch f.typ {
	case dayType:
		if t, ok := raw.(time.Time); ok && kindOf(t) == localDate {
			v.Set(reflect.ValueOf(dayOf(t)))
			return true
		}
		return d.wrong(raw, f)
	case dateType:
		t, ok := raw.(time.Time)
		if !ok {
			return d.wrong(raw, f)
		}
		date, ok := d.date(t, f)
		v.Set(reflect.ValueOf(date))
		return ok
	}
	switch v.Kind() {
	case reflect.String:
		s, ok := raw.(string)
		if !ok {
			return d.wrong(raw, f)
		}
		v.SetString(s)
		return d.text(s, f)
	case reflect.Bool:
		b, ok := raw.(bool)
		if !ok {
			return d.wrong(raw, f)
		}
		v.SetBool(b)
	case reflect.Int:
		n, ok := raw.(int64)
		if !ok || v.OverflowInt(n) {
			return d.wrong(raw, f)
		}
		v.SetInt(n)
	case reflect.Float64:
		n, ok := raw.(float64)
		if whole, is := raw.(int64); is {
			n, ok = float64(whole), true
		}
		if !ok || math.IsNaN(n) || math.IsInf(n, 0) {
			return d.wrong(raw, f)
		}
		v.SetFloat(n)
	case reflect.Slice:
		return d.list(raw, f, v)
	case reflect.Struct:
		m, ok := raw.(map[string]any)
		if !ok {
			fill(v)
			return d.wrong(raw, f)
		}
		d.table(m, v)
	case reflect.Map:
		return d.names(raw, f, v)
	default:
		panic(fmt.Sprintf("privgen: internal error: the key %s has the type %v", f.name, f.typ))
	}
	return true
}

// text checks a string against its enumeration, and rejects blank ones.
func (d *decoder) text(s string, f field) bool {
	if enum := f.enum(); enum != nil && !slices.Contains(enum, s) {
		do := "write one of " + join(enum, quoted, "or")
		if near := Nearest(s, enum); near != "" {
			do = "did you mean " + quoted(near) + "?"
		}
		d.add(d.at(), "not-one-of", fmt.Sprintf("%q is not a value of %s", short(s), d.label()), do)
		return false
	}
	if f.required && strings.TrimSpace(s) == "" {
		d.add(d.at(), "missing-key", d.label()+" is empty", d.write(f.sample())+describe(f))
		return false
	}
	return true
}

// list fills a slice.
func (d *decoder) list(raw any, f field, v reflect.Value) bool {
	var entries []any
	switch list := raw.(type) {
	case []any:
		entries = list
	case []map[string]any:
		for _, m := range list {
			entries = append(entries, m)
		}
	default:
		return d.wrong(raw, f)
	}
	elem := field{name: f.name, typ: f.typ.Elem(), tag: f.tag}
	out := reflect.MakeSlice(f.typ, len(entries), len(entries))
	good := true
	for i, raw := range entries {
		d.push(strconv.Itoa(i), true)
		good = d.value(raw, elem, out.Index(i)) && good
		d.pop()
	}
	v.Set(out)
	return good
}

// names fills a map, whose keys the author chooses.
func (d *decoder) names(raw any, f field, v reflect.Value) bool {
	m, ok := raw.(map[string]any)
	if !ok {
		return d.wrong(raw, f)
	}
	out := reflect.MakeMapWithSize(f.typ, len(m))
	good := true
	for _, key := range slices.Sorted(maps.Keys(m)) {
		d.push(key, false)
		elem := reflect.New(f.typ.Elem()).Elem()
		if elem.Kind() == reflect.Interface {
			if free, ok := d.free(m[key]); ok {
				elem.Set(reflect.ValueOf(free))
			} else {
				good = false
			}
		} else {
			good = d.value(m[key], field{name: key, typ: elem.Type(), tag: f.tag}, elem) && good
		}
		if elem.Kind() != reflect.Interface || !elem.IsNil() {
			out.SetMapIndex(reflect.ValueOf(key), elem)
		}
		d.pop()
	}
	v.Set(out)
	return good
}

// free returns a value of a free table.
func (d *decoder) free(raw any) (any, bool) {
	good := true
	switch raw := raw.(type) {
	case string, bool, int64:
		return raw, true
	case float64:
		if math.IsNaN(raw) || math.IsInf(raw, 0) {
			return nil, d.wrong(raw, field{typ: reflect.TypeFor[float64]()})
		}
		return raw, true
	case time.Time:
		if kindOf(raw) == localTime {
			return nil, d.wrong(raw, field{typ: reflect.TypeFor[string]()})
		}
		return d.date(raw, field{typ: dateType})
	case []map[string]any:
		out := make([]any, len(raw))
		for i, m := range raw {
			d.push(strconv.Itoa(i), true)
			v, ok := d.free(m)
			out[i], good = v, good && ok
			d.pop()
		}
		return out, good
	case []any:
		out := make([]any, len(raw))
		for i, r := range raw {
			d.push(strconv.Itoa(i), true)
			v, ok := d.free(r)
			out[i], good = v, good && ok
			d.pop()
		}
		return out, good
	case map[string]any:
		out := make(map[string]any, len(raw))
		for _, key := range slices.Sorted(maps.Keys(raw)) {
			d.push(key, false)
			if v, ok := d.free(raw[key]); ok {
				out[key] = v
			} else {
				good = false
			}
			d.pop()
		}
		return out, good
	}
	panic(fmt.Sprintf("privgen: internal error: TOML gave a %T", raw))
}

// date returns what was written: a day or an instant.
func (d *decoder) date(t time.Time, f field) (day.Date, bool) {
	switch kindOf(t) {
	case localDate:
		return day.On(dayOf(t)), true
	case localTime:
		return day.Date{}, d.wrong(t, f)
	case localDateTime:
		clock := t.Format("15:04:05")
		text := t.Format("2006-01-02T15:04:05")
		d.add(d.at(), "no-offset", d.label()+" has a time without an offset from UTC",
			clock+" is another moment in every time zone; "+d.write(text+"Z")+" if this is UTC, else end it in "+
				"the offset that held, such as +01:00")
		return day.Date{}, false
	}
	_, offset := t.Zone()
	if offset <= -24*3600 || offset >= 24*3600 {
		d.add(d.at(), "no-offset", fmt.Sprintf("there is no offset %s from UTC", t.Format("-07:00")),
			"offsets go from -12:00 to +14:00; "+d.write(t.UTC().Format(time.RFC3339Nano)))
		return day.Date{}, false
	}
	// The library uses the computer's own zone for an instant if the offset is
	// the same there. Keep only the offset, which is what was written.
	if offset == 0 {
		return day.At(t.UTC()), true
	}
	return day.At(t.In(time.FixedZone("", offset))), true
}

// A dateKind is one of the four kinds of date that TOML has.
type dateKind int

const (
	instant dateKind = iota
	localDate
	localDateTime
	localTime
)

// kindOf returns the kind of a date, by the zone that the library uses for
// dates without an offset.
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
