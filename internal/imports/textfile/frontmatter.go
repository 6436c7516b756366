package textfile

import (
	"bytes"
	"fmt"
	"slices"
	"strings"
	"time"

	"go.yaml.in/yaml/v3"

	"github.com/privgen/privgen/internal/day"
	"github.com/privgen/privgen/internal/lang"
	"github.com/privgen/privgen/internal/toml"
)

// A FrontMatter has the fields of a file's front matter that a version can use.
// Fields that the file does not have are zero.
type FrontMatter struct {
	Title     string
	Effective day.Date // the date on which the text takes effect
	Updated   day.Day  // the date of its last update
	Date      day.Day  // a date whose meaning the file does not state
	Label     string   // the version's name
	Language  string   // a BCP 47 tag
	Source    string   // the URL of the original
}

// maxFrontMatter is the largest front matter, in bytes. A longer block is text.
const maxFrontMatter = 32 << 10

// Split returns the front matter of a file and the text after it.
func Split(file []byte) (FrontMatter, []byte) {
	body := bytes.TrimPrefix(file, []byte("\uFEFF"))
	first, rest, _ := bytes.Cut(body, []byte("\n"))
	fence := string(bytes.TrimRight(first, " \t\r"))
	if fence != "---" && fence != "+++" {
		return FrontMatter{}, file
	}
	at := 0
	for line := range bytes.Lines(rest) {
		end := string(bytes.TrimRight(line, " \t\r\n"))
		if end != fence && (fence != "---" || end != "...") {
			at += len(line)
			continue
		}
		var fields map[string]any
		var ok bool
		if block := rest[:at]; fence == "---" {
			fields, ok = yamlFields(block)
		} else if len(block) <= maxFrontMatter {
			fields, ok = toml.Free(bytes.ReplaceAll(block, []byte("\r\n"), []byte("\n")))
		}
		if !ok {
			return FrontMatter{}, file
		}
		return fromFields(fields), rest[at+len(line):]
	}
	return FrontMatter{}, file
}

// yamlFields returns the scalar values at the top level of a block of YAML, as
// written. It reports false for a block that is not a table, such as a paragraph
// between two rules. The library bounds nesting and aliases. A table is not decoded
// to a map, because then the library compares each key with all others.
func yamlFields(block []byte) (fields map[string]any, ok bool) {
	var document yaml.Node
	if len(block) > maxFrontMatter || yaml.Unmarshal(block, &document) != nil {
		return nil, false
	}
	if len(document.Content) == 0 {
		return nil, len(bytes.TrimSpace(block)) == 0
	}
	top := document.Content[0]
	if top.Kind != yaml.MappingNode || len(top.Content) == 0 {
		return nil, false
	}
	fields = map[string]any{}
	for pair := range slices.Chunk(top.Content, 2) {
		key, value := pair[0], pair[1]
		if value.Kind == yaml.AliasNode {
			value = value.Alias
		}
		if value.Kind == yaml.ScalarNode && value.Tag != "!!null" {
			fields[key.Value] = value.Value
		}
	}
	return fields, true
}

// fromFields returns the fields that have known names.
func fromFields(fields map[string]any) (f FrontMatter) {
	for key, v := range fields {
		switch strings.NewReplacer("_", "", "-", "", " ", "").Replace(strings.ToLower(key)) {
		case "title", "name":
			if s, ok := v.(string); ok && (f.Title == "" || strings.EqualFold(key, "title")) {
				f.Title = strings.TrimSpace(s)
			}
		case "effective", "effectivedate", "effectivefrom", "effectiveon", "inforcefrom", "validfrom":
			f.Effective = dateOf(v)
		case "updated", "updatedat", "lastupdated", "lastupdatedat", "lastmod", "lastmodified", "lastmodifiedat",
			"modified":
			f.Updated = dateOf(v).In(time.UTC)
		case "date":
			f.Date = dateOf(v).In(time.UTC)
		case "version", "label":
			switch v.(type) {
			case string, int, int64, uint64, float64:
				if f.Label == "" || strings.EqualFold(key, "label") {
					f.Label = fmt.Sprint(v)
				}
			}
		case "lang", "language", "locale":
			if s, ok := v.(string); ok {
				f.Language = lang.Tag(s)
			}
		case "source", "originalurl", "url":
			if s, ok := v.(string); ok && (strings.HasPrefix(s, "https://") || strings.HasPrefix(s, "http://")) {
				f.Source = s
			}
		}
	}
	if id, count, _ := strings.Cut(f.Label, "."); id != "" && id == f.Effective.String() &&
		strings.Trim(count, "0123456789") == "" {
		f.Label = "" // it is the id of a version, in index.md
	}
	return f
}

// dateOf parses the value of a date field: a date, an instant, or a string in a
// common format. It returns the zero Date for anything else.
func dateOf(v any) day.Date {
	switch v := v.(type) {
	case time.Time:
		return day.On(day.Of(v, v.Location()))
	case string:
		v = strings.TrimSpace(v)
		for _, form := range []string{
			"2006-01-02", "2 January 2006", "January 2, 2006", "Jan 2, 2006", "2 Jan 2006", "2006/01/02", "02.01.2006",
		} {
			if t, err := time.Parse(form, v); err == nil {
				return day.On(day.Of(t, time.UTC))
			}
		}
		if len(v) > 10 {
			if d, err := day.Parse(v[:10]); err == nil && (v[10] == 'T' || v[10] == ' ') {
				return day.On(d)
			}
		}
	}
	return day.Date{}
}
