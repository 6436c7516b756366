package config_test

import (
	"encoding/json"
	"fmt"
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"

	burnt "github.com/BurntSushi/toml"
	"github.com/santhosh-tekuri/jsonschema/v6"

	"github.com/privgen/privgen/internal/config"
	"github.com/privgen/privgen/internal/day"
	"github.com/privgen/privgen/internal/source"
)

// least is the shortest config without problems.
const least = `[site]
title = "Example policies"
base_url = "https://example.com"
[organization]
name = "Example GmbH"
`

// full is a config with every key.
const full = `[site]
title = "Policies of Example"
base_url = "https://WWW.Example.com:8443/legal/texts"
language = "en-GB"
time_zone = "Europe/Berlin"
day = 2026-02-01T09:00:00.5+01:00
policies = ["privacy", "cookies"]
superseded = "index"
tag_authority = "policies@example.com,2019-03"

[organization]
name = "Example GmbH"
url = "https://example.com/"
address = """
1 Example Street
10115 Berlin"""
email = "privacy@example.com"
phone = "+49 (30) 901820"
[[organization.contacts]]
role = "Data protection officer"
name = "Ada Example"
email = "dpo@example.com"
phone = "+4930901821"
url = "https://example.com/dpo"

[theme]
name = "grand"
[theme.settings]
accent = "#123456"
"wide margin" = true
columns = 2
scale = 1.25
since = 2020-02-29
list = ["a", {b = 1}]
more.deep = "x"

[output]
folder = "dist/site"
formats = ["text", "feed"]

[markdown]
html = "sanitize"
dead_links = "keep"
active_files = "publish"
mistakes = "keep"
images = "link"

[[header]]
text = "Home"
href = "https://example.com/"
[[footer]]
text = "Imprint"
href = "/imprint"
[[footer]]
text = "Write"
href = "mailto:info@example.com"

[languages.de]
title = "Richtlinien"
[[languages.de.header]]
text = "Start"
href = "/de/"
[[languages.de.footer]]
text = "Anruf"
href = "tel:+4930901820"
[languages.ar]
`

func parse(t *testing.T, text string) (*config.Config, source.Problems) {
	t.Helper()
	f, p := source.Parse("privgen.toml", []byte(text))
	if p != nil {
		t.Fatal(p)
	}
	return config.Parse(f)
}

func TestParse(t *testing.T) {
	t.Parallel()
	c, problems := parse(t, full)
	for _, p := range problems {
		t.Error(p)
	}
	if have, want := c.Site.BaseURL, "https://www.example.com:8443/legal/texts/"; have != want {
		t.Errorf("base URL: have %s, want %s", have, want)
	}
	for _, test := range []struct{ have, want string }{
		{c.BasePath(), "/legal/texts/"},
		{c.URL("/privacy/"), "https://www.example.com:8443/legal/texts/privacy/"},
		{c.URL("feed.atom"), "https://www.example.com:8443/legal/texts/feed.atom"},
		{c.URL(""), "https://www.example.com:8443/legal/texts/"},
		{c.Zone().String(), "Europe/Berlin"},
		{c.At("site", "policies", "1").String(), "privgen.toml:7:24"},
		{c.At("languages", "de", "title").String(), "privgen.toml:59:9"},
		{c.At("languages", "fr").String(), "privgen.toml:58:1"},
		{fmt.Sprint(c.Theme.Settings["since"]), "2020-02-29"},
	} {
		if test.have != test.want {
			t.Errorf("have %s, want %s", test.have, test.want)
		}
	}
}

func TestDefaults(t *testing.T) {
	t.Parallel()
	c, problems := parse(t, least)
	if problems != nil {
		t.Fatal(problems[0])
	}
	want := config.Config{
		Site:         config.Site{Title: "Example policies", BaseURL: "https://example.com/", Language: "en", TimeZone: "UTC", Superseded: "noindex"},
		Organization: config.Organization{Name: "Example GmbH"},
		Theme:        config.Theme{Name: "plain"},
		Output: config.Output{Folder: "public", Formats: []string{"markdown", "json", "feed"},
			FragmentLevel: 2},
	}
	if have := said(c); !reflect.DeepEqual(have, want) {
		t.Errorf("have %+v\nwant %+v", have, want)
	}
	if c.Zone() != time.UTC || c.BasePath() != "/" || c.URL("/") != "https://example.com/" {
		t.Errorf("have %v %s %s", c.Zone(), c.BasePath(), c.URL("/"))
	}
}

// A Config that was not parsed, as in tests of other packages, has defaults.
func TestNotParsed(t *testing.T) {
	t.Parallel()
	c := &config.Config{Site: config.Site{BaseURL: "https://example.com/"}}
	if c.Zone() != time.UTC || c.BasePath() != "/" || c.At("site") != source.In("privgen.toml") {
		t.Errorf("have %v %s %v", c.Zone(), c.BasePath(), c.At("site"))
	}
}

// said returns the decoded fields of a config, without those that Parse computes.
func said(c *config.Config) config.Config {
	return config.Config{Site: c.Site, Organization: c.Organization, Theme: c.Theme, Output: c.Output,
		Markdown: c.Markdown, Header: c.Header, Footer: c.Footer, Languages: c.Languages}
}

func TestSetBaseURL(t *testing.T) {
	t.Parallel()
	c, _ := parse(t, least)
	err := c.SetBaseURL("example.org")
	if want := "\"example.org\" is not a URL that begins with https:// or http://\n\twrite \"https://example.org\""; err == nil || err.Error() != want {
		t.Errorf("have %v, want %v", err, want)
	}
	if check := config.CheckBaseURL("example.org"); check == nil || check.Error() != err.Error() {
		t.Errorf("have %v, want %v", check, err)
	}
	if err := config.CheckBaseURL("https://example.org/a"); err != nil {
		t.Error(err)
	}
	if err := c.SetBaseURL("http://localhost:8080/x"); err != nil || c.URL("a") != "http://localhost:8080/x/a" || c.BasePath() != "/x/" {
		t.Errorf("have %v %s %s", err, c.URL("a"), c.BasePath())
	}
}

// again checks that a config that is written as TOML parses to the same config.
func again(t *testing.T, c *config.Config) {
	t.Helper()
	text := written(c)
	c2, problems := parse(t, text)
	for _, p := range problems {
		t.Errorf("%v\nin %s", p, text)
	}
	if a, b := said(c), said(c2); !reflect.DeepEqual(a, b) {
		t.Errorf("have %#v\nwant %#v\nin %s", b, a, text)
	}
	if c.BasePath() != c2.BasePath() || c.Zone().String() != c2.Zone().String() {
		t.Errorf("have %s %v, want %s %v", c2.BasePath(), c2.Zone(), c.BasePath(), c.Zone())
	}
}

func TestWrittenParses(t *testing.T) {
	t.Parallel()
	for _, text := range []string{least, full, least + "[site.none]\n"} {
		if c, problems := parse(t, text); problems == nil {
			again(t, c)
		}
	}
}

func FuzzParseConfig(f *testing.F) {
	f.Add(least)
	f.Add(full)
	for _, test := range wrong {
		f.Add(test.text)
	}
	f.Fuzz(func(t *testing.T, text string) {
		file, p := source.Parse("privgen.toml", []byte(text))
		if p != nil {
			t.Skip()
		}
		c, problems := config.Parse(file)
		if problems == nil {
			again(t, c)
		}
		lines := strings.Split(string(file.Text), "\n")
		for _, p := range problems {
			if p.Line < 1 || p.Line > len(lines) || p.Col < 1 || p.Col > len([]rune(lines[p.Line-1]))+1 {
				t.Errorf("%v is outside of the file", p)
			}
		}
	})
}

// written returns a config as TOML.
func written(c *config.Config) string {
	var b strings.Builder
	write(&b, reflect.ValueOf(said(c)))
	return b.String()
}

// write writes a value. Tables are inline; the outermost has no braces.
func write(b *strings.Builder, v reflect.Value) {
	if v.Kind() == reflect.Interface {
		v = v.Elem()
	}
	if d, ok := v.Interface().(day.Date); ok {
		if d.Instant.IsZero() {
			b.WriteString(d.String())
		} else {
			b.WriteString(d.Instant.Format(time.RFC3339Nano))
		}
		return
	}
	switch v.Kind() {
	case reflect.Struct:
		outer := b.Len() == 0
		open, between, end := "{", ", ", "}"
		if outer {
			open, between, end = "", "\n", "\n"
		}
		b.WriteString(open)
		for i := range v.NumField() {
			tag, ok := v.Type().Field(i).Tag.Lookup("toml")
			f := v.Field(i)
			if !ok || f.IsZero() && f.Kind() != reflect.String {
				continue
			}
			name, _, _ := strings.Cut(tag, ",")
			b.WriteString(name + " = ")
			write(b, f)
			b.WriteString(between)
		}
		b.WriteString(end)
	case reflect.Map:
		b.WriteString("{")
		keys := v.MapKeys()
		slices.SortFunc(keys, func(a, b reflect.Value) int { return strings.Compare(a.String(), b.String()) })
		for _, k := range keys {
			write(b, k)
			b.WriteString(" = ")
			write(b, v.MapIndex(k))
			b.WriteString(", ")
		}
		b.WriteString("}")
	case reflect.Slice:
		b.WriteString("[")
		for i := range v.Len() {
			write(b, v.Index(i))
			b.WriteString(", ")
		}
		b.WriteString("]")
	case reflect.String:
		b.WriteByte('"')
		for _, r := range v.String() {
			fmt.Fprintf(b, `\U%08X`, r)
		}
		b.WriteByte('"')
	case reflect.Float64:
		s := fmt.Sprintf("%.17e", v.Float())
		b.WriteString(s)
	default:
		fmt.Fprint(b, v.Interface())
	}
}

// The schema accepts the full config, and rejects what Parse rejects for its form.
func TestSchema(t *testing.T) {
	t.Parallel()
	doc, err := jsonschema.UnmarshalJSON(strings.NewReader(string(config.Schema(nil))))
	if err != nil {
		t.Fatal(err)
	}
	compiler := jsonschema.NewCompiler()
	compiler.AssertFormat()
	if err := compiler.AddResource("schema.json", doc); err != nil {
		t.Fatal(err)
	}
	schema, err := compiler.Compile("schema.json")
	if err != nil {
		t.Fatal(err)
	}
	for _, test := range []struct {
		name, text string
		good       bool
	}{
		{"full", full, true},
		{"least", least, true},
		{"no title", strings.Replace(least, "title = ", "#", 1), false},
		{"no organization", least[:strings.Index(least, "[org")], false},
		{"unknown key", least + "nmae = 'x'", false},
		{"wrong type", least + "phone = 1", false},
		{"not one of", least + "[output]\nformats = ['pdf']", false},
		{"no date", strings.Replace(least, "[org", "day = 'x'\n[org", 1), false},
	} {
		if err := schema.Validate(asJSON(t, test.text)); (err == nil) != test.good {
			t.Errorf("%s: have %v", test.name, err)
		}
	}
}

// asJSON returns TOML as the JSON that editors validate: dates are strings.
func asJSON(t *testing.T, text string) any {
	t.Helper()
	var v map[string]any
	if _, err := burnt.Decode(text, &v); err != nil {
		t.Fatal(err)
	}
	raw, err := json.Marshal(v)
	if err != nil {
		t.Fatal(err)
	}
	out, err := jsonschema.UnmarshalJSON(strings.NewReader(string(raw)))
	if err != nil {
		t.Fatal(err)
	}
	return out
}
