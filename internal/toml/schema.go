package toml

import (
	"bytes"
	"encoding/json"
	"fmt"
	"reflect"
	"strconv"
	"strings"
)

// Schema returns the JSON Schema (draft 2020-12) of the struct v, for editors
// that complete and check TOML. It contains what the tags define: keys in their
// order, types, descriptions, enumerations, defaults, examples, and required keys.
// Other keys are not allowed. Dates, for which JSON has no type, are strings with a
// format. The map more has lists of schemas that tables must also match, by the name
// of the table.
func Schema(v any, id, title string, more map[string]any) []byte {
	t := reflect.TypeOf(v)
	if t.Kind() == reflect.Pointer {
		t = t.Elem()
	}
	s := schemaOf(t, "")
	for name, schemas := range more {
		if schemas != nil {
			s.extend(name, schemas)
		}
	}
	all := object{{"$schema", "https://json-schema.org/draft/2020-12/schema"}, {"$id", id}, {"title", title}}
	var out bytes.Buffer
	enc := json.NewEncoder(&out)
	enc.SetEscapeHTML(false)
	enc.SetIndent("", "  ")
	if err := enc.Encode(append(all, s...)); err != nil {
		panic(fmt.Sprintf("privgen: internal error: schema: %v", err))
	}
	return out.Bytes()
}

// An object is a JSON object whose keys keep their order.
type object []member

type member struct {
	name  string
	value any
}

// extend adds schemas to the table with a name.
func (o object) extend(name string, schemas any) {
	for i, m := range o {
		if m.name == "properties" {
			m.value.(object).extend(name, schemas)
		} else if table, ok := m.value.(object); ok && m.name == name {
			o[i].value = append(table, member{"allOf", schemas})
		}
	}
}

// MarshalJSON writes the members in order.
func (o object) MarshalJSON() ([]byte, error) {
	var b bytes.Buffer
	b.WriteByte('{')
	for i, m := range o {
		if i > 0 {
			b.WriteByte(',')
		}
		name, _ := json.Marshal(m.name)
		b.Write(name)
		b.WriteByte(':')
		enc := json.NewEncoder(&b)
		enc.SetEscapeHTML(false)
		if err := enc.Encode(m.value); err != nil {
			return nil, err
		}
	}
	b.WriteByte('}')
	return b.Bytes(), nil
}

// schemaOf returns the schema of a type, with the tags of its field.
func schemaOf(t reflect.Type, tag reflect.StructTag) object {
	var s object
	if doc := tag.Get("doc"); doc != "" {
		s = append(s, member{"description", doc})
	}
	f := field{typ: t, tag: tag}
	switch {
	case t == dayType:
		s = append(s, member{"type", "string"}, member{"format", "date"})
	case t == dateType:
		s = append(s, member{"type", "string"}, member{"anyOf",
			[]object{{{"format", "date"}}, {{"format", "date-time"}}}})
	case t.Kind() == reflect.String:
		s = append(s, member{"type", "string"})
		if enum := f.enum(); enum != nil {
			s = append(s, member{"enum", enum})
		}
	case t.Kind() == reflect.Bool:
		s = append(s, member{"type", "boolean"})
	case t.Kind() == reflect.Int:
		s = append(s, member{"type", "integer"})
	case t.Kind() == reflect.Float64:
		s = append(s, member{"type", "number"})
	case t.Kind() == reflect.Slice:
		items := schemaOf(t.Elem(), reflect.StructTag(enumTag(tag)))
		s = append(s, member{"type", "array"}, member{"items", items})
	case t.Kind() == reflect.Map && t.Elem().Kind() == reflect.Interface:
		s = append(s, member{"type", "object"})
	case t.Kind() == reflect.Map:
		s = append(s, member{"type", "object"}, member{"additionalProperties", schemaOf(t.Elem(), "")})
	default:
		s = append(s, tableSchema(t)...)
	}
	if text, ok := tag.Lookup("default"); ok {
		s = append(s, member{"default", literal(t, text)})
	}
	if text, ok := tag.Lookup("example"); ok {
		s = append(s, member{"examples", []any{literal(t, text)}})
	}
	return s
}

// enumTag returns the tag of a list's entries: the enumeration, if the list has one.
func enumTag(tag reflect.StructTag) string {
	if enum := tag.Get("enum"); enum != "" {
		return "enum:" + strconv.Quote(enum)
	}
	return ""
}

func tableSchema(t reflect.Type) object {
	properties, required := object{}, []string{}
	for _, f := range fieldsOf(t) {
		properties = append(properties, member{f.name, schemaOf(f.typ, f.tag)})
		if f.required || isTable(f.typ) && needy(f.typ) {
			required = append(required, f.name)
		}
	}
	s := object{{"type", "object"}, {"properties", properties}}
	if len(required) > 0 {
		s = append(s, member{"required", required})
	}
	return append(s, member{"additionalProperties", false})
}

// literal returns the value of a default or an example in JSON.
func literal(t reflect.Type, text string) any {
	var v any
	switch t.Kind() {
	case reflect.Bool, reflect.Int, reflect.Float64:
		if err := json.Unmarshal([]byte(text), &v); err != nil {
			panic(fmt.Sprintf("privgen: internal error: %q is no %v", text, t))
		}
		return v
	case reflect.Slice:
		return strings.Split(text, ",")
	}
	return text
}
