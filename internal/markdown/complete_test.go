package markdown_test

import (
	"html"
	"math/rand/v2"
	"regexp"
	"testing"

	"github.com/privgen/privgen/internal/markdown"
)

var (
	uniqueWord = regexp.MustCompile(`word\d+x`)
	anyTag     = regexp.MustCompile(`<[^>]*>`)
)

// wordsStay holds that every word of a text is on its page and in its plain text
// as often as in the source, or that there is a problem.
func wordsStay(t *testing.T, text string) {
	t.Helper()
	b, problems := parseWith(text, markdown.Rules{})
	for _, p := range problems {
		switch p.Code {
		case "lost-words", "raw-html":
			return
		}
	}
	page, _ := b.HTML(nil, &markdown.RenderOptions{})
	for name, have := range map[string]string{
		"the page":       html.UnescapeString(anyTag.ReplaceAllString(string(page), " ")),
		"the plain text": string(b.Plain(nil, &markdown.RenderOptions{})),
	} {
		count := map[string]int{}
		for _, w := range uniqueWord.FindAllString(have, -1) {
			count[w]++
		}
		for _, w := range uniqueWord.FindAllString(text, -1) {
			count[w]--
		}
		for w, n := range count {
			if n != 0 {
				t.Fatalf("%s is %+d times in %s of\n%s\n%s", w, n, name, text, have)
			}
		}
	}
}

// TestWordsStay makes texts of random lines, also of those that lawyers write, with
// tables, footnotes and Chinese, and holds that no word is lost.
func TestWordsStay(t *testing.T) {
	t.Parallel()
	for seed := range uint64(3000) {
		r := rand.New(rand.NewPCG(seed, 3))
		wordsStay(t, randomText(r))
		wordsStay(t, randomLegalText(r))
	}
}

func FuzzWordsStay(f *testing.F) {
	f.Add(uint64(7))
	f.Fuzz(func(t *testing.T, seed uint64) {
		r := rand.New(rand.NewPCG(seed, 4))
		wordsStay(t, randomText(r))
		wordsStay(t, randomLegalText(r))
	})
}

func randomLegalText(r *rand.Rand) string {
	shapes := []string{"", "(a) w", "(b) w", "(c) w", "    (i) w", "    (ii) w", "a. w", "b. w", "1.1 w", "1.2 w", "3. w", "7. w", "w", "w \\",
		"| w | w |", "|---|---|", "| w | w | w |", "~~w~~ ~w~", "**（w）**w", "[^a]", "[^a]: w", "[^b]: w", "## w", "## 18 w", "> (a) w", "> (b) w",
		"- (a) w", "  (b) w", "https://a.example/w/w", "[w](https://a.example/)", "`w`", "&amp; w", "w<br>w"}
	return fill(r, shapes)
}
