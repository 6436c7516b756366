package resolve

import (
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"

	"github.com/privgen/privgen/internal/day"
	"github.com/privgen/privgen/internal/source"
)

// A Value is the value of a name, in the language of a text.
type Value struct {
	text  string
	shown string // what readers see instead of text: a formatted day; may be empty
	yes   *bool  // nil for a text
	lang  string
}

func (v Value) empty() bool { return v.yes == nil && strings.TrimSpace(v.text) == "" }

func (v Value) truth() bool {
	if v.yes != nil {
		return *v.yes
	}
	return !v.empty()
}

// plain returns the value as conditions compare it.
func (v Value) plain() string {
	if v.yes != nil {
		return strconv.FormatBool(*v.yes)
	}
	return v.text
}

// words returns the value as readers see it.
func (v Value) words() string {
	if v.yes != nil {
		return yesNo(v.lang, *v.yes)
	}
	if v.shown != "" {
		return v.shown
	}
	return strings.TrimSpace(v.text)
}

func (v Value) sum() []byte {
	return []byte(fmt.Sprint(v.yes != nil, "\x00", v.plain(), "\x00", v.shown))
}

// valueOf converts a TOML value to a Value in a language. A value without a text
// in that language is empty, and others lists the languages that it has.
// CheckValues finds all other mistakes.
func (s *Resolver) valueOf(raw any, lang string) (v Value, others []string) {
	switch raw := raw.(type) {
	case bool:
		return Value{yes: &raw, lang: lang}, nil
	case map[string]any:
		if in, ok := pick(raw, lang); ok {
			return s.valueOf(in, lang)
		}
		return Value{}, slices.Sorted(maps.Keys(raw))
	case day.Date:
		v = Value{text: raw.String(), lang: lang}
		if s.Date != nil && !raw.Day.IsZero() {
			v.shown = s.Date(raw.Day, lang)
		}
		return v, nil
	}
	return Value{text: textOf(raw), lang: lang}, nil
}

func textOf(raw any) string {
	switch raw := raw.(type) {
	case string:
		return raw
	case int64:
		return strconv.FormatInt(raw, 10)
	case float64:
		return strconv.FormatFloat(raw, 'f', -1, 64)
	case nil:
		return ""
	}
	panic(fmt.Sprintf("privgen: internal error: a value of type %T", raw))
}

// pick returns the text for a language: its own, the one without a region, or the
// first of another region.
func pick(texts map[string]any, lang string) (any, bool) {
	if v, ok := texts[lang]; ok {
		return v, true
	}
	base, _, _ := strings.Cut(lang, "-")
	if v, ok := texts[base]; ok {
		return v, true
	}
	for _, tag := range slices.Sorted(maps.Keys(texts)) {
		if b, _, _ := strings.Cut(tag, "-"); b == base {
			return texts[tag], true
		}
	}
	return nil, false
}

// value returns the value of a name, and false if there is none. If the value has no
// text in the language, missing says what to do.
func (s *Resolver) value(name string, r Reader) (v Value, ok bool, missing string) {
	raw, ok := r.Own[name]
	if !ok {
		raw, ok = s.Values[name]
	}
	if !ok {
		return v, false, ""
	}
	v, there := s.valueOf(raw, r.Lang)
	if there != nil {
		return v, true, addText(there, r.Lang)
	}
	return v, true, ""
}

// addText returns advice about a value that has texts in other languages only.
func addText(others []string, lang string) string {
	return fmt.Sprintf("it has one in %s; add one: %s = \"...\"", strings.Join(others, ", "), lang)
}

// names returns all names of values, in order.
func (s *Resolver) names(r Reader) []string {
	all := map[string]any{}
	maps.Copy(all, s.Values)
	maps.Copy(all, r.Own)
	return slices.Sorted(maps.Keys(all))
}

// CheckValues checks the types and names in a decoded table of values. The function
// at returns the position of an entry.
func CheckValues(values map[string]any, at func(path ...string) source.Pos) source.Problems {
	var problems source.Problems
	add := func(code, what, do string, path ...string) {
		problems = append(problems, source.NewProblem(at(path...), code, what, do))
	}
	for _, name := range slices.Sorted(maps.Keys(values)) {
		if !isName(name) {
			add("bad-name", fmt.Sprintf("%q cannot be the name of a value", name),
				"use lower case letters, digits, hyphens and underscores, such as retention_days", name)
			continue
		}
		if list, ok := values[name].(map[string]any); ok {
			if len(list) == 0 {
				add("wrong-type", fmt.Sprintf("the value %s has no text in any language", name),
					`write a text, or texts by language: { en = "...", de = "..." }`, name)
			}
			for _, lang := range slices.Sorted(maps.Keys(list)) {
				if _, ok := list[lang].(string); !ok || !isTag(lang) {
					add("wrong-type", fmt.Sprintf("%q is not a text in a language", name+"."+lang),
						`write a text after the tag of a language: de = "..."`, name, lang)
				}
			}
			continue
		}
		switch values[name].(type) {
		case string, bool, int64, float64, day.Date:
		default:
			add("wrong-type", fmt.Sprintf("the value %s is a list", name),
				"write a text, a number, a day, true or false, or texts by language;\nlists of things are tables: "+
					"content/_data/NAME.toml", name)
		}
	}
	return problems
}

func isName(s string) bool {
	for i := range len(s) {
		c := s[i]
		if !(c >= 'a' && c <= 'z' || i > 0 && (c >= '0' && c <= '9' || c == '_' || c == '-')) {
			return false
		}
	}
	return s != "" && len(s) <= 60
}

// isTag reports whether a key looks like the tag of a language. An unknown tag is
// harmless: nothing looks it up.
func isTag(s string) bool {
	base, _, _ := strings.Cut(s, "-")
	return isName(base) && (len(base) == 2 || len(base) == 3)
}
