package source_test

import (
	"bytes"
	"encoding/json"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/privgen/privgen/internal/source"
)

func TestParse(t *testing.T) {
	t.Parallel()
	for _, test := range []struct{ name, raw, want string }{
		{"empty", "", ""},
		{"plain", "One.\nTwo.\n", "One.\nTwo.\n"},
		{"no line feed at the end", "One.", "One."},
		{"byte order mark", "\uFEFFOne.\n", "One.\n"},
		{"only a byte order mark", "\uFEFF", ""},
		{"a second byte order mark is text", "\uFEFF\uFEFFOne.", "\uFEFFOne."},
		{"Windows", "One.\r\nTwo.\r\n", "One.\nTwo.\n"},
		{"old Macintosh", "One.\rTwo.\r", "One.\nTwo.\n"},
		{"all together", "\uFEFFOne.\r\n\r\nTwo.\rThree.\n\r", "One.\n\nTwo.\nThree.\n\n"},
		{"other writing", "Straße, 日本語, العربية, 🇩🇪\n", "Straße, 日本語, العربية, 🇩🇪\n"},
		{"the replacement character is a character", "a \uFFFD b", "a \uFFFD b"},
	} {
		f, problem := source.Parse("a.md", []byte(test.raw))
		if problem != nil {
			t.Errorf("%s: %v", test.name, problem)
			continue
		}
		if string(f.Text) != test.want || f.Name != "a.md" {
			t.Errorf("%s: have %s with %q\nwant %q", test.name, f.Name, f.Text, test.want)
		}
	}
}

func TestParseKeepsBytes(t *testing.T) {
	t.Parallel()
	raw := []byte("Nothing to mend.\n")
	f, _ := source.Parse("a.md", raw)
	if &f.Text[0] != &raw[0] {
		t.Error("a text without anything to normalize was copied")
	}
	raw = []byte("One.\r\nTwo.\r\n")
	before := bytes.Clone(raw)
	if _, problem := source.Parse("a.md", raw); problem != nil || !bytes.Equal(raw, before) {
		t.Error("the caller's bytes were changed")
	}
}

func TestParseProblems(t *testing.T) {
	t.Parallel()
	for _, test := range []struct{ name, raw, code, want string }{
		{"NUL", "One.\nTw\x00o.", "not-text",
			"a.md:2:3: the text has a NUL byte\n\tthis looks like a binary file, or like UTF-16; save it as UTF-8 text"},
		{"UTF-16", "\xff\xfeO\x00n\x00e\x00", "not-text",
			"a.md:1:4: the text has a NUL byte\n\tthis looks like a binary file, or like UTF-16; save it as UTF-8 text"},
		{"Latin-1", "Straße\r\nStra\xdfe", "not-utf8",
			"a.md:2:5: the byte 0xDF is not UTF-8\n\tsave the file as UTF-8, for example with: iconv -f WINDOWS-1252 -t UTF-8"},
		{"a character cut off", "日本\xe8\xaa", "not-utf8",
			"a.md:1:3: the byte 0xE8 is not UTF-8\n\tsave the file as UTF-8, for example with: iconv -f WINDOWS-1252 -t UTF-8"},
		{"a surrogate", "\xed\xa0\x80", "not-utf8",
			"a.md:1:1: the byte 0xED is not UTF-8\n\tsave the file as UTF-8, for example with: iconv -f WINDOWS-1252 -t UTF-8"},
		{"one byte too long", strings.Repeat("a", source.MaxSize+1), "too-large",
			"a.md:1:1: the file has 5 MB; a text may have at most 4 MB\n\tsplit the text into several policies, or remove what is not text"},
	} {
		f, problem := source.Parse("a.md", []byte(test.raw))
		if f != nil || problem == nil {
			t.Errorf("%s: have a file, want a problem", test.name)
			continue
		}
		if problem.Code != test.code || problem.String() != test.want {
			t.Errorf("%s: have %s %v\nwant %s %s", test.name, problem.Code, problem, test.code, test.want)
		}
	}
	if _, problem := source.Parse("a.md", bytes.Repeat([]byte("a"), source.MaxSize)); problem != nil {
		t.Errorf("a text of the greatest size: %v", problem)
	}
}

func TestPos(t *testing.T) {
	t.Parallel()
	f, _ := source.Parse("a.md", []byte("aß日\n\n🇩🇪b\n"))
	for _, test := range []struct {
		before string // the text up to the position
		want   string
	}{
		{"", "a.md:1:1"},
		{"a", "a.md:1:2"},
		{"aß", "a.md:1:3"},
		{"aß日", "a.md:1:4"},
		{"aß日\n", "a.md:2:1"},
		{"aß日\n\n", "a.md:3:1"},
		{"aß日\n\n🇩🇪", "a.md:3:3"}, // a flag is two characters
		{"aß日\n\n🇩🇪b", "a.md:3:4"},
		{"aß日\n\n🇩🇪b\n", "a.md:4:1"},
	} {
		if have := f.Pos(len(test.before)).String(); have != test.want {
			t.Errorf("Pos after %q is %s, want %s", test.before, have, test.want)
		}
	}
	if have := f.Pos(1 << 20); have != f.Pos(len(f.Text)) {
		t.Errorf("Pos past the end is %v", have)
	}
	if have := f.Pos(-1); have != source.In("a.md") {
		t.Errorf("Pos before the start is %v", have)
	}
	for n, want := range []string{"", "aß日", "", "🇩🇪b", "", "", ""} {
		if have := f.Line(n); have != want {
			t.Errorf("Line(%d) is %q, want %q", n, have, want)
		}
	}
	if have := f.Line(-1); have != "" {
		t.Errorf("Line(-1) is %q", have)
	}
}

func FuzzParse(f *testing.F) {
	for _, s := range []string{"", "a\r\nb\rc\n", "\uFEFFx", "日本\xe8", "a\x00b", "\r", "\n\n"} {
		f.Add([]byte(s))
	}
	f.Fuzz(func(t *testing.T, raw []byte) {
		file, problem := source.Parse("a.md", bytes.Clone(raw))
		if problem != nil {
			if file != nil || problem.Line < 1 || problem.Col < 1 {
				t.Fatalf("%q: %v", raw, problem)
			}
			return
		}
		if !utf8.Valid(file.Text) || bytes.ContainsAny(file.Text, "\r\x00") {
			t.Fatalf("%q: the text is not normal: %q", raw, file.Text)
		}
		// Positions increase from character to character, and the joined lines
		// are the text.
		last := source.Pos{}
		for i := range string(file.Text) {
			p := file.Pos(i)
			if p.Line < last.Line || p.Line == last.Line && p.Col <= last.Col {
				t.Fatalf("%q: %v after %v", raw, p, last)
			}
			if line := []rune(file.Line(p.Line)); p.Col > len(line)+1 {
				t.Fatalf("%q: %v is past the end of its line %q", raw, p, string(line))
			}
			last = p
		}
		var lines []string
		for n := range bytes.Count(file.Text, []byte("\n")) + 1 {
			lines = append(lines, file.Line(n+1))
		}
		if have := strings.Join(lines, "\n"); have != string(file.Text) {
			t.Fatalf("%q: the lines are %q", raw, have)
		}
		// Parsing a parsed text changes nothing, unless it begins with a byte
		// order mark that was text.
		if bytes.HasPrefix(file.Text, []byte("\uFEFF")) {
			return
		}
		again, problem := source.Parse("a.md", file.Text)
		if problem != nil || !bytes.Equal(again.Text, file.Text) {
			t.Fatalf("%q: parsing the text again gives %v", raw, problem)
		}
	})
}

func TestProblem(t *testing.T) {
	t.Parallel()
	p := source.NewProblem(source.Pos{File: "privgen.toml", Line: 4, Col: 1}, "unknown-key",
		`unknown key "titel" in [site]`, "did you mean \"title\"?\nthe keys are title and language")
	want := "privgen.toml:4:1: unknown key \"titel\" in [site]\n\tdid you mean \"title\"?\n\tthe keys are title and language"
	if have := p.String(); have != want {
		t.Errorf("have %s\nwant %s", have, want)
	}
	data, err := json.Marshal(p)
	wantJSON := `{"code":"unknown-key","file":"privgen.toml","line":4,"col":1,` +
		`"what":"unknown key \"titel\" in [site]","do":"did you mean \"title\"?\nthe keys are title and language"}`
	if err != nil || string(data) != wantJSON {
		t.Errorf("have %s %v\nwant %s", data, err, wantJSON)
	}
}

func TestProblemNeedsAWayOut(t *testing.T) {
	t.Parallel()
	for _, test := range [][3]string{{"", "what", "do"}, {"code", "", "do"}, {"code", "what", ""}} {
		func() {
			defer func() {
				if recover() == nil {
					t.Errorf("NewProblem of %q does not panic", test)
				}
			}()
			source.NewProblem(source.In("a.md"), test[0], test[1], test[2])
		}()
	}
}

func TestSort(t *testing.T) {
	t.Parallel()
	at := func(file string, line, col int, what string) *source.Problem {
		return source.NewProblem(source.Pos{File: file, Line: line, Col: col}, "code", what, "do")
	}
	problems := source.Problems{
		at("b.md", 1, 1, "one"),
		at("a.md", 10, 1, "one"),
		at("a.md", 9, 12, "one"),
		at("a.md", 9, 2, "said first"),
		at("a.md", 9, 2, "said next"),
		at("a.md", 9, 2, "said next"), // twice
	}
	var have []string
	problems = problems.Sort()
	for _, p := range problems {
		have = append(have, p.Pos.String()+" "+p.What)
	}
	want := "a.md:9:2 said first, a.md:9:2 said next, a.md:9:12 one, a.md:10:1 one, b.md:1:1 one"
	if strings.Join(have, ", ") != want {
		t.Errorf("have %s\nwant %s", strings.Join(have, ", "), want)
	}
	if have := problems.Files(); have != 2 {
		t.Errorf("Files gives %d, want 2", have)
	}
	if have := source.Problems(nil).Sort(); len(have) != 0 {
		t.Errorf("Sort of nothing gives %v", have)
	}
}

// A problem without a position begins with what is wrong, and can be an error.
func TestUsage(t *testing.T) {
	t.Parallel()
	var err error = source.Usage("there is no\nfile", "name one\nor two")
	if have, want := err.Error(), "there is no<U+000A>file\n\tname one\n\tor two"; have != want {
		t.Errorf("have %q, want %q", have, want)
	}
}
