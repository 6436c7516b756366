package toml_test

import (
	"reflect"
	"testing"
	"time"

	"github.com/privgen/privgen/internal/day"
	"github.com/privgen/privgen/internal/source"
	"github.com/privgen/privgen/internal/toml"
)

type written struct {
	Text  string               `toml:"text"`
	Other string               `toml:"other"`
	Yes   bool                 `toml:"yes"`
	No    bool                 `toml:"no"`
	Count int                  `toml:"count"`
	Day   day.Day              `toml:"day"`
	At    day.Date             `toml:"at"`
	List  []string             `toml:"list"`
	Long  []string             `toml:"long"`
	Table struct{ Own string } `toml:"table"`
	Names map[string]string    `toml:"names"`
	Each  map[string]one       `toml:"each"`
	Free  map[string]any       `toml:"free"`
	End   string               `toml:"end"`
}

type one struct {
	Title string `toml:"title"`
}

// An encoded struct decodes to the same struct. Strings keep every character.
func TestEncode(t *testing.T) {
	t.Parallel()
	d, _ := day.Parse("2026-11-28")
	long := []string{"We keep the data of your account for ten years, not six.", "Our office has another address."}
	v := written{Text: "ten \"years\"", Other: "a\\b\tc\n<b> & é \u2028\x7f\x01", Yes: true, Count: 3, Day: d,
		At: day.At(time.Date(2026, 1, 2, 3, 4, 5, 0, time.UTC)), List: []string{"a", `b"`}, Long: long,
		Names: map[string]string{"pages/shop.md": "shop", "": "empty", "bare-key_1": "", "é": "e"},
		Each:  map[string]one{"de": {"Titel"}, "pt-BR": {"Título"}},
		Free:  map[string]any{"width": int64(3), "on": false, "name": "x"}, End: "end"}
	want := `text = "ten \"years\""
other = "a\\b\tc\n<b> & é ` + "\u2028" + `\u007F\u0001"
yes = true
count = 3
day = 2026-11-28
at = 2026-01-02T03:04:05Z
list = ["a", "b\""]
long = [
  "We keep the data of your account for ten years, not six.",
  "Our office has another address.",
]
end = "end"

[names]
"" = "empty"
bare-key_1 = ""
"pages/shop.md" = "shop"
"é" = "e"

[each.de]
title = "Titel"

[each.pt-BR]
title = "Título"

[free]
name = "x"
on = false
width = 3
`
	have := toml.Encode(v)
	if string(have) != want {
		t.Errorf("have\n%s\nwant\n%s", have, want)
	}
	var again written
	_, problems := toml.Decode(&source.File{Name: "a.toml", Text: have}, 0, len(have), &again)
	if len(problems) > 0 || !reflect.DeepEqual(again, v) {
		t.Errorf("decoded as %+v\nwant %+v\n%v", again, v, problems)
	}
	if have := string(toml.Encode(one{"x"}, "git", "my site")); have != "[git.\"my site\"]\ntitle = \"x\"\n" {
		t.Errorf("with a path: %q", have)
	}
	if have := toml.Encode(written{}, "table"); len(have) > 0 {
		t.Errorf("of an empty struct: %q", have)
	}
}
