package toml_test

import (
	"fmt"
	"io/fs"
	"reflect"
	"strconv"
	"strings"
	"testing"
	"unicode/utf8"

	burnt "github.com/BurntSushi/toml"
	tomltest "github.com/toml-lang/toml-test/v2"

	"github.com/privgen/privgen/internal/source"
	"github.com/privgen/privgen/internal/toml"
)

func TestPlaces(t *testing.T) {
	t.Parallel()
	text := strings.Join([]string{
		`title = """`, // 1
		`[site] "" '''`,
		`"""`,
		`[site] # ]`, // 4
		`name = 'ä' # "`,
		`sub . "de\u0065p" = [ {a = 1}, [2, 3], # [`, // 6
		`   "x" ]`,
		`[[header]]`, // 8
		`text = '''a'''''`,
		`  [[ header ]]`, // 10
		`'href' = 2026-01-01 10:00:00Z # x`,
		`[header.more]`, // 12
		`z = { y.x = 1, # c`,
		`  w = "}" }`, // 14
		`[a.b]`,
		`c = ""`, // 16
	}, "\n")
	var v struct{}
	places, _ := decode(t, text, &v)
	for _, test := range []struct {
		path       string
		key, value string
		has        bool
	}{
		{"", "1:1", "1:1", true},
		{"title", "1:1", "1:9", true},
		{"site", "4:2", "4:1", true},
		{"site/name", "5:1", "5:8", true},
		{"site/sub", "6:1", "6:1", true},
		{"site/sub/deep", "6:7", "6:21", true},
		{"site/sub/deep/0", "6:23", "6:23", true},
		{"site/sub/deep/0/a", "6:24", "6:28", true},
		{"site/sub/deep/1/1", "6:36", "6:36", true},
		{"site/sub/deep/2", "7:4", "7:4", true},
		{"site/sub/deep/3", "6:21", "6:21", false},
		{"site/other", "4:1", "4:1", false},
		{"header", "8:3", "8:1", true},
		{"header/0", "8:3", "8:1", true},
		{"header/0/text", "9:1", "9:8", true},
		{"header/1", "10:6", "10:3", true},
		{"header/1/href", "11:1", "11:10", true},
		{"header/1/text", "10:3", "10:3", false},
		{"header/01", "8:1", "8:1", false},
		{"header/1/more/z/y/x", "13:9", "13:13", true},
		{"header/1/more/z/w", "14:3", "14:7", true},
		{"a", "15:2", "15:1", true},
		{"a/b", "15:4", "15:1", true},
		{"a/b/c", "16:1", "16:5", true},
		{"nowhere/at/all", "1:1", "1:1", false},
	} {
		path := strings.Split(test.path, "/")
		if test.path == "" {
			path = nil
		}
		key, value, has := places.Key(path...).String(), places.Value(path...).String(), places.Has(path...)
		if key != "a.toml:"+test.key || value != "a.toml:"+test.value || has != test.has {
			t.Errorf("%s: have %s %s %t, want %s %s %t", test.path, key, value, has, test.key, test.value, test.has)
		}
	}
}

func TestNearest(t *testing.T) {
	t.Parallel()
	keys := []string{"title", "base_url", "language", "time_zone", "policies", "day"}
	for _, test := range []struct{ word, want string }{
		{"titel", "title"}, {"Title", "title"}, {"tilte", "title"}, {"baseurl", "base_url"}, {"base-url", "base_url"},
		{"baseURL", "base_url"}, {"timezone", "time_zone"}, {"lang", "language"}, {"time", "time_zone"}, {"dya", "day"},
		{"title", "title"}, {"", ""}, {"x", ""}, {"organization", ""}, {"name", ""}, {"zzz", ""}, {"añd", ""},
		{strings.Repeat("title", 1000), ""},
	} {
		if have := toml.Nearest(test.word, keys); have != test.want {
			t.Errorf("%.20q: have %q, want %q", test.word, have, test.want)
		}
	}
}

func FuzzDecode(f *testing.F) {
	for _, test := range good {
		f.Add(test.text, 0)
	}
	for _, test := range bad {
		if len(test.text) < 1000 {
			f.Add("ä\n"+test.text, 3)
		}
	}
	f.Fuzz(func(t *testing.T, text string, start int) {
		file, p := source.Parse("a.toml", []byte(text))
		if p != nil {
			t.Skip()
		}
		// A part of a file begins at a character.
		for start > 0 && start < len(file.Text) && !utf8.RuneStart(file.Text[start]) {
			start--
		}
		var v sheet
		places, problems := toml.Decode(file, start, len(file.Text), &v)
		for _, p := range problems {
			inside(t, file, p.Pos)
		}
		_, again := toml.Decode(file, start, len(file.Text), &v)
		if printed(again) != printed(problems) {
			t.Errorf("problems differ:\n%s\n\n%s", printed(problems), printed(again))
		}
		if problems != nil {
			return
		}
		if start == 0 {
			sameAsLibrary(t, file.Text)
		}
		// All that was read has a position.
		var has func(v any, path ...string)
		has = func(v any, path ...string) {
			if !places.Has(path...) {
				t.Errorf("no place for %q", path)
			}
			inside(t, file, places.Key(path...))
			inside(t, file, places.Value(path...))
			switch v := v.(type) {
			case map[string]any:
				for k, v := range v {
					has(v, append(path[:len(path):len(path)], k)...)
				}
			case []any:
				for i, v := range v {
					has(v, append(path[:len(path):len(path)], strconv.Itoa(i))...)
				}
			}
		}
		if v.Free != nil {
			has(v.Free, "free")
		}
		for i := range v.Header {
			has(nil, "header", fmt.Sprint(i), "href")
		}
	})
}

// FuzzScan compares the scanner's tree with the library's table.
func FuzzScan(f *testing.F) {
	for _, test := range good {
		f.Add(test.text)
	}
	for _, test := range bad {
		if len(test.text) < 1000 {
			f.Add(test.text)
		}
	}
	files := tomltest.TestCases()
	names, _ := fs.Glob(files, "*/*/*.toml")
	for _, name := range names {
		raw, _ := fs.ReadFile(files, name)
		f.Add(string(raw))
	}
	f.Fuzz(func(t *testing.T, text string) {
		file, p := source.Parse("a.toml", []byte(text))
		if p != nil {
			t.Skip()
		}
		sameAsLibrary(t, file.Text)
	})
}

// sameAsLibrary checks the scanner against the library. Both have the same keys and
// entries. If the library rejects the text, the scanner finds mistakes, and the library
// accepts the text without them.
func sameAsLibrary(t *testing.T, text []byte) {
	t.Helper()
	table, places, mistakes := toml.Table(text)
	for _, m := range mistakes {
		if strings.HasPrefix(m, "this is not TOML") {
			t.Errorf("the scanner did not find the mistake: %q", m)
		}
	}
	var want any
	if _, err := burnt.Decode(strings.TrimPrefix(string(text), "\uFEFF"), &want); err != nil {
		if mistakes == nil {
			t.Errorf("accepted, but the library has: %v", err)
		}
		return
	}
	if mistakes != nil {
		return
	}
	if !reflect.DeepEqual(table, want) && !strings.Contains(fmt.Sprint(want), "NaN") {
		t.Errorf("have %v\nwant %v", table, want)
	}
	if missing := places.Differ(table); missing != "" {
		t.Errorf("the tree differs from the table at %q", missing)
	}
}

// inside checks that a position is in the file: on an existing line, at most one
// character after its end.
func inside(t *testing.T, f *source.File, p source.Pos) {
	t.Helper()
	lines := strings.Split(string(f.Text), "\n")
	if p.File != f.Name || p.Line < 1 || p.Line > len(lines) || p.Col < 1 || p.Col > len([]rune(lines[p.Line-1]))+1 {
		t.Errorf("%v is outside of the file", p)
	}
}
