package textfile_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/privgen/privgen/internal/imports/textfile"
	"github.com/privgen/privgen/internal/source"
)

func TestDecode(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ raw, text, from, why string }{
		{"plain", "plain", "", ""},
		{"gr\u00f6\u00dfe", "größe", "", ""},
		{"a long enough text with one gr\xf6\xdfe in it", "a long enough text with one größe in it", "windows-1252", ""},
		{"we say \x93no\x94 \x96 and keep nothing at all", "we say “no” – and keep nothing at all", "windows-1252", ""},
		{"\xff\xfeh\x00i\x00", "hi", "utf-16", ""},
		{"\xfe\xff\x00h\x00i", "hi", "utf-16", ""},
		{"\xff\xfeh\x00i", "", "", textfile.NotText},
		{"PNG\x00\x01", "", "", textfile.NotText},
		{"mo\xbf\xe6 \xb6wiat \xb1\xb3\xbc, nie wiem co to jest", "", "", textfile.NotText},
		{strings.Repeat("x", source.MaxSize+1), "", "", textfile.TooLarge},
	} {
		text, from, err := textfile.Decode([]byte(c.raw))
		why := ""
		if u, ok := err.(*textfile.Unfit); ok {
			why = u.Reason
		}
		if string(text) != c.text || from != c.from || why != c.why {
			t.Errorf("%.40q\nhave %q from %q, %q\nwant %q from %q, %q", c.raw, text, from, why, c.text, c.from, c.why)
		}
	}
}

func TestSplit(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ file, front, text string }{
		{"# A\n", "|||||", "# A\n"},
		{"---\ntitle: \"A: b\"\nlast_updated: 2024-02-03\nversion: 3.2\nlayout: x\n---\n\ntext\n", "A: b||2024-02-03||3.2|", "\ntext\n"},
		{"+++\ntitle = \"A\"\neffective = 2024-02-03\nlang = \"de\"\n+++\ntext", "A|2024-02-03||||de", "text"},
		{"---\r\ntitle: A\r\ndate: 2024-02-03T10:00:00Z\r\n---\r\ntext\r\n", "A|||2024-02-03||", "text\r\n"},
		{"---\na line, not a field\n---\ntext", "|||||", "---\na line, not a field\n---\ntext"},
		{"---\nversion: 3.0\nname: 007\ntags: [a]\nlang: &l de\ntitle:\n---\ntext", "007||||3.0|de", "text"},
		{"---\ntitle: [\n---\ntext", "|||||", "---\ntitle: [\n---\ntext"},
		{"---\ntitle: A\ntext without an end", "|||||", "---\ntitle: A\ntext without an end"},
		{"---\n---\ntext", "|||||", "text"},
		{"+++", "|||||", "+++"},
	} {
		front, text := textfile.Split([]byte(c.file))
		have := fmt.Sprintf("%s|%s|%s|%s|%s|%s", front.Title, front.Effective, front.Updated, front.Date, front.Label, front.Language)
		if have != c.front || string(text) != c.text {
			t.Errorf("%q\nhave %s %q\nwant %s %q", c.file, have, text, c.front, c.text)
		}
	}
}

func TestTags(t *testing.T) {
	t.Parallel()
	const text = "{{ site.name }} and {{-  site.name -}}, {{other}} {% if x %}{# no #}<?php echo 1 ?>"
	words := map[string]string{"site.name": "A & B"}
	have := string(textfile.ReplaceTags([]byte(text), words, strings.ToLower))
	if want := "a & b and a & b, {{other}} {% if x %}{# no #}<?php echo 1 ?>"; have != want {
		t.Errorf("ReplaceTags: have %q, want %q", have, want)
	}
	if have := textfile.ReplaceTags([]byte(text), nil, strings.ToLower); string(have) != text {
		t.Errorf("without words, ReplaceTags changes the text to %q", have)
	}
	bare, n := textfile.RemoveStatements([]byte(text))
	if want := "{{ site.name }} and {{-  site.name -}}, {{other}} "; string(bare) != want || n != 3 {
		t.Errorf("RemoveStatements: have %q, %d, want %q, 3", bare, n, want)
	}
	want := "{{ site.name }}|{{- site.name -}}|{{other}}|{% if x %}|{# no #}|<?php echo 1 ?>"
	if have := strings.Join(textfile.Tags([]byte(text)), "|"); have != want {
		t.Errorf("Tags: have %q, want %q", have, want)
	}
	if have := textfile.Tags([]byte("no tags")); have != nil {
		t.Errorf("Tags: have %q of a text without tags", have)
	}
}

func TestFrontMatterFields(t *testing.T) {
	t.Parallel()
	for field, want := range map[string]string{
		"effective_date: 1 March 2024":    "2024-03-01||",
		"Last-Modified: 2024-03-02 10:00": "|2024-03-02|",
		"validFrom: 02.03.2024":           "2024-03-02||",
		"updated: soon":                   "||",
		"url: https://fernhill.example/":  "||https://fernhill.example/",
		"source: ftp://fernhill.example/": "||",
	} {
		f, _ := textfile.Split([]byte("---\n" + field + "\n---\ntext"))
		if have := fmt.Sprintf("%v|%v|%s", f.Effective.Day, f.Updated, f.Source); have != want {
			t.Errorf("%s: have %q, want %q", field, have, want)
		}
	}
}

// The front matter of an index.md has the id and the label of a version. An id that is the
// version's date is not a label.
func TestFrontMatterLabel(t *testing.T) {
	t.Parallel()
	for fields, want := range map[string]string{
		"version: 3": "3", "version: 2.1": "2.1", "version: 2024-01\nlabel: \"3.0\"": "3.0", "label: v1\nversion: 2": "v1",
		"version: \"2024-03-01\"\neffective: \"2024-03-01\"": "", "version: \"2024-03-01\"\neffective: \"2024-03-02\"": "2024-03-01",
		"version: 2024-03-01.2\neffective: 2024-03-01": "", "version: 2024-03-01.b\neffective: 2024-03-01": "2024-03-01.b", "title: x": "",
	} {
		for range 20 { // the order of fields must not matter
			if f, _ := textfile.Split([]byte("---\n" + fields + "\n---\ntext")); f.Label != want {
				t.Fatalf("%s: have %q, want %q", fields, f.Label, want)
			}
		}
	}
}

func ExampleSplit() {
	front, text := textfile.Split([]byte("---\ntitle: Privacy\nlast_updated: 2024-02-03\n---\nWe keep little."))
	fmt.Println(front.Title, front.Updated, string(text))
	// Output: Privacy 2024-02-03 We keep little.
}
