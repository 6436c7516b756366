package history

import (
	"bytes"
	"fmt"
	"strings"
	"time"

	"github.com/BurntSushi/toml"
	"github.com/goccy/go-yaml"

	"github.com/privgen/privgen/internal/day"
)

// This file reads the front matter that other programs write: YAML between
// lines of ---, TOML between lines of +++, as Jekyll, Hugo and many others
// have it.

// A Front is what a source's front matter says that a version can use.
type Front struct {
	Title     string
	Effective day.Date // when it takes effect
	Updated   day.Day  // last updated
	Date      day.Day  // a date of which it is not said what for
	Label     string   // the version, if it is named
	Language  string
	Source    string
}

// SplitMatter parts a file into what its front matter says and its text. What
// looks like front matter and cannot be read is text.
func SplitMatter(file []byte) (Front, []byte) {
	body := bytes.TrimPrefix(file, []byte("\uFEFF"))
	first, _, _ := bytes.Cut(body, []byte("\n"))
	fence := string(bytes.TrimRight(first, " \t\r"))
	if fence != "---" && fence != "+++" {
		return Front{}, file
	}
	from := min(len(first)+1, len(body))
	for at := from; at < len(body); {
		line, _, more := bytes.Cut(body[at:], []byte("\n"))
		end := string(bytes.TrimRight(line, " \t\r"))
		if end == fence || fence == "---" && end == "..." {
			fields := map[string]any{}
			matter := body[from:at]
			var err error
			if fence == "+++" {
				err = toml.Unmarshal(matter, &fields)
			} else {
				err = yaml.Unmarshal(matter, &fields)
			}
			if err != nil || fence == "---" && len(fields) == 0 && len(bytes.TrimSpace(matter)) > 0 {
				return Front{}, file
			}
			rest := at + len(line)
			if more {
				rest++
			}
			return frontOf(fields), body[rest:]
		}
		at += len(line) + 1
	}
	return Front{}, file
}

// frontOf takes from the fields of a front matter what has a name that says
// what it is.
func frontOf(fields map[string]any) (f Front) {
	for key, v := range fields {
		switch strings.NewReplacer("_", "", "-", "", " ", "").Replace(strings.ToLower(key)) {
		case "title", "name":
			if s, ok := v.(string); ok && (f.Title == "" || strings.EqualFold(key, "title")) {
				f.Title = strings.TrimSpace(s)
			}
		case "effective", "effectivedate", "effectivefrom", "effectiveon", "inforcefrom", "validfrom":
			f.Effective = dateOf(v)
		case "updated", "updatedat", "lastupdated", "lastupdatedat", "lastmod", "lastmodified", "lastmodifiedat", "modified":
			f.Updated = dateOf(v).In(time.UTC)
		case "date":
			f.Date = dateOf(v).In(time.UTC)
		case "version", "label":
			switch v := v.(type) {
			case string:
				f.Label = v
			case int, int64, uint64, float64:
				f.Label = fmt.Sprint(v)
			}
		case "lang", "language", "locale":
			if s, ok := v.(string); ok {
				f.Language = languageTag(s)
			}
		case "source", "originalurl", "url":
			if s, ok := v.(string); ok && (strings.HasPrefix(s, "https://") || strings.HasPrefix(s, "http://")) {
				f.Source = s
			}
		}
	}
	return f
}

// dateOf reads a date as front matter has it: a day, an instant, or a string
// of one of the usual forms. Anything else is none.
func dateOf(v any) day.Date {
	switch v := v.(type) {
	case time.Time:
		return day.On(day.Of(v, v.Location()))
	case string:
		v = strings.TrimSpace(v)
		for _, form := range []string{"2006-01-02", "2 January 2006", "January 2, 2006", "Jan 2, 2006", "2 Jan 2006", "2006/01/02", "02.01.2006"} {
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
