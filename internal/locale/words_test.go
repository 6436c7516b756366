package locale_test

import (
	"fmt"
	"os"
	"reflect"
	"regexp"
	"slices"
	"strings"
	"testing"

	"golang.org/x/text/feature/plural"
	"golang.org/x/text/language"

	"github.com/privgen/privgen/internal/day"
	"github.com/privgen/privgen/internal/locale"
	"github.com/privgen/privgen/internal/source"
)

func parse(t *testing.T, name, text string) *source.File {
	t.Helper()
	f, problem := source.Parse(name, []byte(text))
	if problem != nil {
		t.Fatal(problem)
	}
	return f
}

// ownWords returns the English words as a site's own file.
func ownWords(t *testing.T, tag string) *source.File {
	t.Helper()
	raw, err := os.ReadFile("words/en.toml")
	if err != nil {
		t.Fatal(err)
	}
	return parse(t, "templates/words/"+tag+".toml", string(raw))
}

func TestLoadChooses(t *testing.T) {
	t.Parallel()
	for _, test := range []struct{ tag, name string }{
		{"en", "English"}, {"en-GB", "English"}, {"EN_us", "English"}, {"en-XX", "English"},
		{"de-CH", "Deutsch"}, {"de-Latn-AT", "Deutsch"}, {"de-1996", "Deutsch"},
		{"pt-BR", "Português"}, {"zh", "简体中文"}, {"zh-CN", "简体中文"}, {"zh-Hans-HK", "简体中文"},
		{"zh-TW", "繁體中文"}, {"zh-HK", "繁體中文"}, {"zh-Hant", "繁體中文"},
		{"no", "Norsk bokmål"}, {"nb-NO", "Norsk bokmål"}, {"iw", "עברית"}, {"in", "Bahasa Indonesia"}, {"mo", "Română"},
		// No words are better than words in a related language or another script.
		{"nn", ""}, {"gl", ""}, {"en-Shaw", ""}, {"uk-Latn", ""}, {"und", ""}, {"qaa", ""}, {"x-house", ""}, {"", ""}, {"e", ""}, {"english", ""},
	} {
		l, problems := locale.Load(test.tag, source.In("privgen.toml"), nil)
		switch {
		case test.name == "":
			if len(problems) != 1 || problems[0].Code != "no-words" {
				t.Errorf("Load(%q) gives %v, %v, want the problem no-words", test.tag, l, problems)
			}
		case len(problems) > 0:
			t.Errorf("Load(%q): %v", test.tag, problems[0])
		case l.Name != test.name || l.Tag != test.tag:
			t.Errorf("Load(%q) gives %q with the tag %q, want %q with the tag as asked for", test.tag, l.Name, l.Tag, test.name)
		}
	}
}

func TestLoadPortugal(t *testing.T) {
	t.Parallel()
	if have, want := load(t, "pt-PT").Words.Next, "Versão seguinte"; have != want {
		t.Errorf("pt-PT has %q, want its own word %q", have, want)
	}
	if have, want := load(t, "pt-AO").Words.Next, "Próxima versão"; have != want {
		t.Errorf("pt-AO has %q, want the word of pt, %q", have, want)
	}
}

func TestLoadOwn(t *testing.T) {
	t.Parallel()
	l, problems := locale.Load("de-AT", source.In("privgen.toml"),
		parse(t, "templates/words/de-AT.toml", "home = \"Alle Bestimmungen\"\nversion_of = \"Stand: {date}\"\n"))
	if len(problems) > 0 {
		t.Fatal(problems[0])
	}
	want := load(t, "de").Words
	want.Home, want.VersionOf = "Alle Bestimmungen", "Stand: {date}"
	if l.Words != want {
		t.Errorf("have %+v\nwant %+v", l.Words, want)
	}

	l, problems = locale.Load("ku-Arab", source.In("privgen.toml"), ownWords(t, "ku-Arab"))
	if len(problems) > 0 {
		t.Fatal(problems[0])
	}
	if l.Dir != "rtl" || l.Words != load(t, "en").Words {
		t.Errorf("a language of the site's own has the direction %s and the words %+v", l.Dir, l.Words)
	}
}

func TestLoadProblems(t *testing.T) {
	t.Parallel()
	for _, test := range []struct{ name, tag, text, want string }{
		{"no words", "gl", "",
			"privgen.toml:3:1: privgen has no words in the language \"gl\"\n\twrite templates/words/gl.toml with all of them, or choose one of " +
				strings.Join(locale.Languages(), ", ")},
		{"a placeholder is missing", "de", "home = \"Start\"\nversion_of = \"Fassung\"",
			"templates/words/de.toml:2:14: \"version_of\" lacks {date}\n\twrite {date} in it, as the English words do: \"Version of {date}\""},
		{"one of two is missing", "de", `upcoming_notice = "Neu: {link}"`,
			"templates/words/de.toml:1:19: \"upcoming_notice\" lacks {date}\n\twrite {date} and {link} in it, as the English words do: \"A new version takes effect on {date}. {link}\""},
		{"a placeholder that is not filled in", "de", `home = "Start, {date}"`,
			"templates/words/de.toml:1:8: nothing is filled in for {date} in \"home\"\n\twrite it without braces, as the English words do: \"All policies\""},
		{"a misspelt placeholder", "de", `version_of = "Fassung vom {Date}"`,
			"templates/words/de.toml:1:14: nothing is filled in for {Date} in \"version_of\"\n\twrite {date} in it, as the English words do: \"Version of {date}\""},
		{"half a placeholder", "de", `version_of = "Fassung vom {date"`,
			"templates/words/de.toml:1:14: nothing is filled in for { in \"version_of\"\n\twrite {date} in it, as the English words do: \"Version of {date}\""},
		{"words left out of a language of the site's own", "gl", `home = "Todo"`, "missing-key"},
		{"an unknown key", "de", `hom = "Start"`, "unknown-key"},
		{"not a text", "de", `version_of = 1`, "wrong-type"},
		{"broken", "de", "version_of = \"Fassung vom {date}\"\nhome = ", "bad-toml"},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			var own *source.File
			if test.text != "" {
				own = parse(t, "templates/words/"+test.tag+".toml", test.text)
			}
			l, problems := locale.Load(test.tag, source.Pos{File: "privgen.toml", Line: 3, Col: 1}, own)
			if l != nil || len(problems) == 0 {
				t.Fatalf("have %v, %v, want problems and no locale", l, problems)
			}
			if !strings.Contains(test.want, " ") {
				if i := slices.IndexFunc(problems, func(p *source.Problem) bool { return p.Code != test.want }); i >= 0 {
					t.Errorf("have %v (%s), want only %s", problems[i], problems[i].Code, test.want)
				}
				return
			}
			if len(problems) != 1 || problems[0].String() != test.want {
				t.Errorf("have %v\nwant %s", problems, test.want)
			}
		})
	}
}

func TestMissingWordsAreAllNamed(t *testing.T) {
	t.Parallel()
	// At most a hundred are reported at once.
	_, problems := locale.Load("gl", source.In("privgen.toml"), parse(t, "templates/words/gl.toml", "home = \"Todo\"\nname = \"Galego\"\nskip = \"Ao texto\"\nafter = \"Despois\"\nbefore = \"Antes\""))
	if have, want := len(problems), min(100, reflect.TypeFor[locale.Words]().NumField()-5); have != want {
		t.Errorf("%d problems, want one for each of the %d keys that are not there", have, want)
	}
}

// TestShippedWords checks every language that ships by the rules for a site's own
// file, and by rules of typography whose violations a reviewer would miss.
func TestShippedWords(t *testing.T) {
	t.Parallel()
	names := map[string]string{}
	for _, tag := range locale.Languages() {
		l, problems := locale.Load(tag, source.In("privgen.toml"), nil)
		if len(problems) > 0 {
			t.Errorf("%s: %v", tag, problems[0])
			continue
		}
		raw, err := os.ReadFile("words/" + tag + ".toml")
		if err != nil {
			t.Fatal(err)
		}
		// As the own file of a language that does not ship, all keys are
		// required and all placeholders checked.
		if _, problems := locale.Load("qaa", source.In("privgen.toml"), parse(t, "words/"+tag+".toml", string(raw))); len(problems) > 0 {
			t.Errorf("%s: %v", tag, problems[0])
		}
		if other, ok := names[l.Name]; ok && tag[:2] != other[:2] {
			t.Errorf("%s and %s have the same name %s", tag, other, l.Name)
		}
		names[l.Name] = tag
		if strings.Contains(l.Date(day.Day{Year: 2026, Month: 1, Dom: 1}), "-") {
			t.Errorf("%s has words and no dates", tag)
		}
		for problem := range faults(l) {
			t.Errorf("words/%s.toml: %s", tag, problem)
		}
	}
}

// There are words in the languages of the European Union and of its neighbors.
func TestEurope(t *testing.T) {
	t.Parallel()
	shipped := locale.Languages()
	for tag := range strings.FieldsSeq("bg cs da de el en es et fi fr ga hr hu it lt lv mt nl pl pt ro sk sl sv" +
		" ca cy is nb tr uk") {
		if !slices.Contains(shipped, tag) {
			t.Errorf("there are no words in %s", tag)
		}
	}
}

// A text has one form for all numbers from 2. If a language needs several, the number
// follows a label: Versions: 5.
func TestNumbersInWords(t *testing.T) {
	t.Parallel()
	label := regexp.MustCompile(`: \{\w+\}(?:[,،] .*: \{\w+\})?$`)
	for _, tag := range locale.Languages() {
		parsed := language.Make(tag)
		forms := map[plural.Form]bool{}
		for n := 2; n <= 200; n++ {
			forms[plural.Cardinal.MatchPlural(parsed, n, 0, 0, 0, 0)] = true
		}
		if len(forms) == 1 || tag == "he" { // Hebrew's dual is for words: after the digit 2, it uses the plural
			continue
		}
		w := load(t, tag).Words
		for _, text := range []string{w.ManyVersions, w.ManyChanges, w.ChangesIn} {
			if !label.MatchString(text) {
				t.Errorf("%s needs %d forms of a noun after a number, so %q is to be a label", tag, len(forms), text)
			}
		}
	}
}

func faults(l *locale.Locale) map[string]bool {
	bad := map[string]bool{}
	w := reflect.ValueOf(l.Words)
	english := reflect.ValueOf(func() locale.Words {
		en, _ := locale.Load("en", source.In("privgen.toml"), nil)
		return en.Words
	}())
	date := l.Date(day.Day{Year: 2026, Month: 1, Dom: 1})
	count := regexp.MustCompile(`\{\w+\}`)
	for i := range w.NumField() {
		key, text := w.Type().Field(i).Tag.Get("toml"), w.Field(i).String()
		model := english.Field(i).String()
		filled := strings.ReplaceAll(text, "{date}", date)
		switch {
		case key == "frame":
			if text != "" {
				bad["frame is for files whose words are not translated"] = true
			}
		case text == "" || text != strings.TrimSpace(text) || strings.Contains(text, "  "):
			bad[fmt.Sprintf("%s has spaces too many or no text: %q", key, text)] = true
		case strings.Contains(filled, ".."):
			bad[fmt.Sprintf("%s has two full stops when the date is filled in: %q", key, filled)] = true
		case strings.ContainsAny(text, `'"<>&`):
			bad[fmt.Sprintf("%s has a straight quote or markup: %q", key, text)] = true
		case len(count.FindAllString(text, -1)) != len(count.FindAllString(model, -1)):
			bad[fmt.Sprintf("%s has a placeholder twice: %q", key, text)] = true
		case strings.Contains(model, "{link}") && !strings.HasSuffix(text, "{link}"):
			bad[fmt.Sprintf("%s does not end with its link: %q", key, text)] = true
		case !strings.Contains(model, ". ") && !strings.HasSuffix(model, ".") && regexp.MustCompile(`[.。।]$`).MatchString(text):
			bad[fmt.Sprintf("%s is a label and ends with a full stop: %q", key, text)] = true
		}
	}
	return bad
}

// A file for a language without words has the words of another language and a notice
// about it, and a site can load it.
func TestStopgap(t *testing.T) {
	t.Parallel()
	frames := map[string]bool{}
	for _, tag := range locale.Languages() {
		if locale.Stopgap(tag, "en") != nil {
			t.Errorf("%s has words", tag)
		}
		raw := locale.Stopgap("ms", tag)
		l, problems := locale.Load("ms", source.In("privgen.toml"), parse(t, "templates/words/ms.toml", string(raw)))
		if len(problems) > 0 {
			t.Errorf("%s: %v\n%s", tag, problems[0], raw)
			continue
		}
		own, _ := locale.Load(tag, source.In("privgen.toml"), nil)
		if l.Words.Home != own.Words.Home || l.Words.Frame == "" || frames[l.Words.Frame] || strings.TrimSpace(l.Words.Frame) != l.Words.Frame {
			t.Errorf("%s: the words are %q, the notice is %q", tag, l.Words.Home, l.Words.Frame)
		}
		frames[l.Words.Frame] = true
	}
	if raw := string(locale.Stopgap("ms", "qaa")); !strings.Contains(raw, "are in English.") {
		t.Errorf("for a language that has no words either, have\n%s", raw)
	}
}

func BenchmarkLoad(b *testing.B) {
	for b.Loop() {
		if _, problems := locale.Load("de-AT", source.In("privgen.toml"), nil); problems != nil {
			b.Fatal(problems)
		}
	}
}
