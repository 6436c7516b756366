package redline_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/rogpeppe/go-internal/txtar"

	"github.com/privgen/privgen/internal/markdown"
	"github.com/privgen/privgen/internal/redline"
	"github.com/privgen/privgen/internal/redline/view"
)

// plainSetting has no words for screen readers.
var plainSetting = &view.RenderOptions{RenderOptions: setting.RenderOptions}

// eachCase calls do for each case in testdata; testdata/README.md describes the format.
func eachCase(t testing.TB, do func(name, before, after string)) {
	t.Helper()
	names, err := filepath.Glob("testdata/*.txtar")
	if err != nil || len(names) == 0 {
		t.Fatal("no cases", err)
	}
	for _, name := range names {
		a, err := txtar.ParseFile(name)
		if err != nil {
			t.Fatal(err)
		}
		for i := 2; i < len(a.Files); i += 3 {
			do(a.Files[i].Name, string(a.Files[i-2].Data), string(a.Files[i-1].Data))
		}
	}
}

func TestLawsOnCases(t *testing.T) {
	t.Parallel()
	eachCase(t, func(name, before, after string) {
		p := markdown.NewRenderer(1 << 20)
		old, now := take(p, before), take(p, after)
		if s := lawful(t, old, now, redline.Compare(old, now)); s != "" {
			t.Errorf("%s: %s", name, s)
		}
		if s := lawful(t, now, old, redline.Compare(now, old)); s != "" {
			t.Errorf("%s, backwards: %s", name, s)
		}
		if s := unmarked(redline.Compare(now, now)); s != "" {
			t.Errorf("%s: %s", name, s)
		}
	})
}

// Each kind of change has its verdict, and changes that nobody reads are no change.
func TestVerdicts(t *testing.T) {
	t.Parallel()
	long := strings.Repeat("We keep the data that you give us for as long as we need it. ", 10)
	other := strings.Repeat("Cookies help partners measure advertising across many devices; disable them anytime. ", 10)
	german := strings.Repeat("Wir speichern die Daten, die Sie uns geben, und wir geben sie nicht an Dritte weiter. ", 10)
	for _, c := range []struct {
		name, before, after string
		want                redline.Verdict
	}{
		{"equal", "# A\n\ntext\n", "# A\n\ntext\n", redline.Same},
		{"lines flow otherwise", "one two\nthree\n", "one\ntwo three\n", redline.Same},
		{"headings and markers are written otherwise", "A\n=\n\n* a\n* b\n", "# A\n\n- a\n- b\n", redline.Same},
		{"a tight list became loose", "- a\n- b\n", "- a\n\n- b\n", redline.Rewrapped},
		{"escapes", "a\\.b & c\n", "a.b &amp; c\n", redline.Same},
		{"a space at which no line breaks", "10 km\n", "10\u00a0km\n", redline.Rewrapped},
		{"soft hyphens", "Datenschutz\n", "Daten\u00ADschutz\n", redline.Changed},
		{"a zero width space", "個人情報\n", "個人\u200B情報\n", redline.Changed},
		{"a direction override", "pay 100\n", "pay \u202E100\n", redline.Changed},
		{"composed characters", "Той café\n", "Тои\u0306 cafe\u0301\n", redline.Same},
		{"a byte order mark, blanks and line endings", "# T\n\na\nb\n", "\uFEFF# T  \r\n\r\na \r\nb\r\n\r\n", redline.Same},
		{"blanks that break a line", "a\nb\n", "a  \nb\n", redline.Changed},
		{"an id", "# A\n\n## B {#b1}\n", "# A\n\n## B {#b2}\n", redline.Rewrapped},
		{"a link", "see [here](https://a.example)\n", "see [here](https://b.example)\n", redline.Relinked},
		{"emphasis", "see *here*\n", "see **here**\n", redline.Restyled},
		{"a level", "# A\n\n## B\n\n## C\n", "# A\n\n## B\n\n### C\n", redline.Restyled},
		{"a word", "see here\n", "see there\n", redline.Changed},
		{"a number of a heading", "# A\n\n## 1. B\n", "# A\n\n## 2. B\n", redline.Changed},
		{"written anew", long, other, redline.Rewritten},
		{"another language", long, german, redline.Swapped},
	} {
		p := markdown.NewRenderer(1 << 20)
		if r := redline.Compare(take(p, c.before), take(p, c.after)); r.Verdict != c.want {
			t.Errorf("%s: verdict %d, want %d: %+v", c.name, r.Verdict, c.want, r.Extent)
		}
	}
}

// Invisible characters are no changes of words, unless they change the direction of text.
func TestHiddenCharactersAreNoWords(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		before, after string
		words         int
	}{
		{"A long Daten\u00ADschutz text.\n", "A long Datenschutz text.\n", 0},
		{"See example\u200B.org now.\n", "See example.org now.\n", 0},
		{"To pay 100.\n", "To pay \u202E100.\n", 1},
	} {
		for range 2 {
			r := compare(c.before, c.after)
			if max(r.Extent.WordsAdded, r.Extent.WordsRemoved) != c.words || r.Verdict != redline.Changed {
				t.Errorf("%q to %q: verdict %d, %+v", c.before, c.after, r.Verdict, r.Extent)
			}
			listed := 0
			options := *setting
			options.Change = func(c view.Change) {
				if c.Kind == view.WordsChanged {
					listed++
				}
			}
			view.HTML(nil, r, &options)
			if listed > 0 != (c.words > 0) {
				t.Errorf("%q to %q: %d changes of words are listed", c.before, c.after, listed)
			}
			c.before, c.after = c.after, c.before
		}
	}
}

// Words of scripts without spaces are counted by character. If they changed, the counts
// are approximate.
func TestApproximateCounts(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		before, after string
		want          bool
	}{
		{"我们收集您的姓名。\n", "我们收集您的姓名和地址。\n", true},
		{"เราเก็บข้อมูลหกปี\n", "เราเก็บข้อมูลสิบปี\n", true},
		{"text\n", "text\n\n- 我们收集您的姓名。\n", true},
		{"- 我们收集您的姓名。\n\ntext\n", "text\n", true},
		{"我们收集您的姓名。\n\nWe write.\n", "我们收集您的姓名。\n\nWe call.\n", false},
		{"회사는 이름을 수집합니다.\n", "회사는 주소를 수집합니다.\n", false},
	} {
		p := markdown.NewRenderer(1 << 20)
		r := redline.Compare(take(p, c.before), take(p, c.after))
		if r.Extent.Approximate != c.want || view.NewReport(r).Extent.Approximate != c.want ||
			strings.Contains(view.Summary(r), "by character") != c.want {
			t.Errorf("%q to %q: %+v, want %v", c.before, c.after, r.Extent, c.want)
		}
	}
}

// A text in any detected language, compared with an English one, has the verdict Swapped.
func TestSwappedLanguage(t *testing.T) {
	t.Parallel()
	raw, err := os.ReadFile("../lang/testdata/texts.txt")
	if err != nil {
		t.Fatal(err)
	}
	texts := map[string]string{}
	for line := range strings.Lines(string(raw)) {
		tag, text, _ := strings.Cut(line, " ")
		texts[tag] += strings.Repeat(text, 4) // longer than the shortest rewrite
	}
	for tag, text := range texts {
		want := redline.Swapped
		if tag == "en" {
			want = redline.Same
		}
		p := markdown.NewRenderer(1 << 20)
		if r := redline.Compare(take(p, texts["en"]), take(p, text)); r.Verdict != want {
			t.Errorf("English and %s: verdict %d, want %d: %+v", tag, r.Verdict, want, r.Extent)
		}
	}
}

// A word that a reader would not divide is one word.
func TestWordsAreNotDivided(t *testing.T) {
	t.Parallel()
	for _, word := range []string{"1,000.50", "2024-01-02", "01/02/2024", "me@example.com", "https://example.com/a?b=c#d", "www.example.com",
		"e-mail", "don't", "d’une", "well-known", "example.com/privacy", "6(1)"[:1], "3.4.1", "U.S"} {
		p := markdown.NewRenderer(1 << 16)
		b := take(p, "a "+strings.ReplaceAll(word, "_", `\_`)+" b\n")
		if ws := b.Parts()[0].Words; len(ws) != 3 || ws[1].Text != word {
			t.Errorf("%q is divided: %+v", word, ws)
		}
	}
}

func FuzzCompare(f *testing.F) {
	eachCase(f, func(_, before, after string) { f.Add(before, after) })
	f.Fuzz(func(t *testing.T, before, after string) {
		if len(before)+len(after) > 4000 || strings.ContainsAny(before+after, "\x00\r") {
			t.Skip()
		}
		p := markdown.NewRenderer(1 << 16)
		a, b := take(p, strings.ToValidUTF8(before, "?")), take(p, strings.ToValidUTF8(after, "?"))
		if s := lawful(t, a, b, redline.Compare(a, b)); s != "" {
			t.Error(s)
		}
		if s := unmarked(redline.Compare(a, a)); s != "" {
			t.Error(s)
		}
	})
}
