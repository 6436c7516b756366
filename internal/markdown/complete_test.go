package markdown_test

import (
	"fmt"
	"html"
	"math/rand/v2"
	"os"
	"regexp"
	"strings"
	"testing"

	"github.com/privgen/privgen/internal/complete"
	"github.com/privgen/privgen/internal/corpus"
	"github.com/privgen/privgen/internal/markdown"
	"github.com/privgen/privgen/internal/normal"
	"github.com/privgen/privgen/internal/source"
)

var (
	uniqueWord = regexp.MustCompile(`word\d+x|7\d{3}7`)
	anyTag     = regexp.MustCompile(`<[^>]*>`)
)

// wordsStay checks that every word and number of a text is on its page, in its plain
// text, and in its normal form as often as in the source, or that there is a problem. In a
// text without HTML, the comparison with the page must find no problem.
func wordsStay(t *testing.T, text string) {
	t.Helper()
	b, problems := parseWith(text, markdown.Rules{HTML: "sanitize", Images: "link"})
	for _, p := range problems {
		switch {
		case p.Code == "open-html", p.Code == "lost-words" && strings.Contains(text, "<"):
			return
		case p.Code == "lost-words" && strings.Contains(p.What, "the page"):
			t.Fatalf("%s: %s\n%s", p, text, p.Do)
		}
	}
	page, _ := b.HTML(nil, &markdown.RenderOptions{})
	for name, have := range map[string]string{
		"the page":        html.UnescapeString(anyTag.ReplaceAllString(string(page), " ")),
		"the plain text":  string(b.Plain(nil, &markdown.RenderOptions{})),
		"the normal form": string(normal.Form(b.Markdown())),
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

// TestWordsStay checks that no word is lost in texts of random lines, with lists as
// lawyers write them, tables, footnotes, and Chinese.
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
		"- (a) w", "  (b) w", "https://a.example/w/w", "[w](https://a.example/)", "`w`", "&amp; w", "w<br>w",
		"n days", "(n) w", "## n. w", "第n条 w", "（n）w", "§ n w", "w n% &euro;n", "**n** *w*", "\\[n\\] w", "![w](https://a.example/i.png)",
		"w &nbsp;n", "العدد n w", "w [^a] n", "1. w", "1. w", "```", "- [x] w", "- [ ] n"}
	if r.IntN(3) == 0 {
		shapes = append(shapes, "<b>w</b> n", "<div>", "</div>", "w <w> n", "<!-- c -->", "<p>w", "w <i>n", "<table><tr><td>w</td></tr></table>", "<ol start=\"4\">", "<li>w", "</ol>")
	}
	text := fill(r, shapes)
	return oneNumber.ReplaceAllStringFunc(text, func(string) string { return fmt.Sprintf("7%03d7", r.IntN(1000)) })
}

var oneNumber = regexp.MustCompile(`\bn\b`)

// TestRealTextsAreWhole checks that the pages of published policies have all words and
// numbers of their texts, that no text is near a limit, and that the comparison finds a
// word that is removed from a page. PRIVGEN_ALL_TEXTS=1 reads all corpora.
func TestRealTextsAreWhole(t *testing.T) {
	if testing.Short() {
		t.Skip("reads 70 MB of real policies")
	}
	names := []string{"genai-eu-versions"}
	if os.Getenv("PRIVGEN_ALL_TEXTS") != "" {
		names = append(names, "pga-versions")
	}
	p := markdown.NewRenderer(64 << 20)
	r := rand.New(rand.NewPCG(1, 1))
	texts, taken, found := 0, 0, 0
	for _, name := range names {
		corpus.Bundle(t, name, func(v corpus.Version) {
			f, problem := source.Parse(v.Document, v.Text)
			if problem != nil {
				t.Fatal(problem)
			}
			b, problems := p.Parse(f, 0, markdown.Rules{HTML: "sanitize", DeadLinks: "keep", Images: "link"})
			for _, p := range problems {
				if p.Code == "lost-words" || p.Code == "open-html" || p.Code == "too-complex" {
					t.Errorf("%s %s: %v", v.Document, v.ID, p)
				}
			}
			if texts++; texts%20 != 0 {
				return
			}
			page, _ := b.HTML(nil, &markdown.RenderOptions{})
			words := shownWord.FindAllSubmatchIndex(page, -1)
			if len(words) == 0 {
				return
			}
			m := words[r.IntN(len(words))]
			without := append(append([]byte{}, page[:m[2]]...), page[m[3]:]...)
			taken++
			if len(complete.Losses(complete.Text{Source: b.Markdown(), HTML: true}, complete.Page{HTML: without})) > 0 {
				found++
			}
		})
	}
	t.Logf("%d texts; of %d words taken out, %d are found", texts, taken, found)
	if found < taken {
		t.Errorf("%d words were taken out of pages, and only %d are found", taken, found)
	}
}

var shownWord = regexp.MustCompile(`>[^<]*?\b(\w+) [^<>]*<`)

// TestWordsLikeDefinitionsStay checks that a sentence that CommonMark reads as the URL or
// title of a link is on the page, even if the rules keep mistakes.
func TestWordsLikeDefinitionsStay(t *testing.T) {
	t.Parallel()
	for text, refused := range map[string]bool{
		"[Note]: word1x.\n": false, "[Fees]: 7007\n": false, "[Fees]: 7007.50\n": false, "[Until]: word1x/7007\n": false,
		"[Open]:\nword1x:30-7007\n": false, "> [Note]: word1x\n": false, "- [注]: word1x。\n": false,
		"[Mail]: mailto:a@acme.example (word1x)\n": false, "[A]: https://acme.example/\n\"word1x 7007\"\n": false,
		"[a]: https://acme.example/\n[Note]: word1x.\n\n[a]\n":     false,
		"[a]: https://acme.example/\n    [^1]: word1x\n\n[a]\n":    true,
		"A[^1]\n\n[^1]: word1x\n    [^2]: word2x\n":                true,
		"[^1]: word1x\n\n    [^2]: word2x\n\n        [^3]: 7007\n": true,
		"[a]: https://acme.example/\n\nword1x\n":                   true, "[a]: b.md\n\nword1x [A]\n": false,
		"[//]: # (a comment)\n\nword1x\n": false, "[a]: <> (a comment)\n\nword1x\n": false,
	} {
		wordsStay(t, text)
		_, problems := parseWith(text, markdown.Rules{DeadLinks: "keep"})
		if (len(problems) > 0) != refused {
			t.Errorf("%q: have %v, want a problem: %v", text, problems, refused)
		}
		b, problems := parseWith(text, markdown.Rules{Mistakes: "keep", DeadLinks: "keep"})
		page, _ := b.HTML(nil, &markdown.RenderOptions{})
		for _, w := range uniqueWord.FindAllString(text, -1) {
			if strings.Count(string(page), w) != 1 || len(problems) > 0 {
				t.Errorf("%q: %s is not on the page once, or is refused: %s %v", text, w, page, problems)
			}
		}
	}
}
