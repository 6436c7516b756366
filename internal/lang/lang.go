// Package lang detects the language of a text and reads language tags and digits.
//
// It declares no types: a text is bytes, and a language is a BCP 47 tag. The empty
// tag means that the language is unknown.
//
// # How a language is detected
//
// First, the script can decide: Hangul is Korean, kana are Japanese, and Han
// characters without kana are Chinese. Other texts are detected by function words
// ("the", "und", "los"), which are a tenth to a half of every text. A language is
// returned only if it has clearly more of these than the second one. Detect knows
// every language that package locale has words for, and Thai. Norwegian is "no",
// and variants (pt-PT, zh-Hant) are not distinguished.
package lang

import (
	"bytes"
	_ "embed"
	"strings"
	"sync"
	"unicode"
	"unicode/utf8"

	bcp "golang.org/x/text/language"
)

// wordsFile has a line of function words for each language. Languages may share words, so
// similar languages need words that only one of them has.
//
//go:embed words.txt
var wordsFile string

// wordIndex returns, for each function word, the languages that have it, as
// indices into tags.
var wordIndex = sync.OnceValue(func() (index struct {
	tags  []string
	langs map[string][]int
}) {
	index.langs = map[string][]int{}
	for line := range strings.Lines(wordsFile) {
		words := strings.Fields(line)
		for _, w := range words[1:] {
			index.langs[w] = append(index.langs[w], len(index.tags))
		}
		index.tags = append(index.tags, words[0])
	}
	return index
})

// Detect returns the language of a text, or "" if it is uncertain: the text is short,
// mixed, or in an unknown language. It reads the first 20,000 bytes.
func Detect(text []byte) string {
	text = text[:min(len(text), 20_000)]
	if tag := byScript(text); tag != "" {
		return tag
	}
	index := wordIndex()
	counts := make([]int, len(index.tags))
	all := 0
	between := func(r rune) bool { return !unicode.IsLetter(r) && r != '\'' }
	for _, w := range bytes.FieldsFunc(bytes.ToLower(text), between) {
		for _, i := range index.langs[string(w)] {
			counts[i]++
		}
		all++
	}
	best, second, tag := 0, 0, ""
	for i, n := range counts {
		if n > best {
			best, second, tag = n, best, index.tags[i]
		} else if n > second {
			second = n
		}
	}
	if best < 5 || best*12 < all || best*4 < second*5 {
		return ""
	}
	return tag
}

// scripts are ranges of characters that decide a language. Their counts are multiplied by
// the factor: a Japanese text has more Han characters than kana, and a character of
// these scripts is more text than a letter.
var scripts = []struct {
	tag      string
	from, to rune
	factor   int
}{
	{"ja", 0x3040, 0x30FF, 3},
	{"zh", 0x4E00, 0x9FFF, 2},
	{"ko", 0xAC00, 0xD7A3, 1},
	{"ar", 0x0600, 0x06FF, 1},
	{"he", 0x0590, 0x05FF, 1},
	{"el", 0x0370, 0x03FF, 1},
	{"th", 0x0E00, 0x0E7F, 1},
	{"hi", 0x0900, 0x097F, 1},
}

// byScript returns the language of a script that more than half of a text is in, or "".
func byScript(text []byte) string {
	counts := make([]int, len(scripts))
	all, persian := 0, 0
	for i := 0; i < len(text); {
		r, n := utf8.DecodeRune(text[i:])
		i += n
		if r < 0x80 {
			if r >= 'A' && r <= 'z' {
				all++
			}
			continue
		}
		all++
		for k, s := range scripts {
			if r >= s.from && r <= s.to {
				counts[k]++
				break
			}
		}
		if strings.ContainsRune("پچژگی", r) {
			persian++
		}
	}
	for k, s := range scripts {
		switch {
		case counts[k]*s.factor*2 <= all:
		case s.tag == "ar" && persian*20 > counts[k]: // letters that Arabic does not have
			return "fa"
		default:
			return s.tag
		}
	}
	return ""
}

// Tag returns the canonical BCP 47 tag for a language in a file name or front matter:
// de, de-DE, de_DE, pt_BR. It returns "" for strings that probably do not mean a
// language, such as us in legal/us or v2 in docs/v2.
func Tag(s string) string {
	s = strings.ReplaceAll(s, "_", "-")
	if len(s) > 11 || !strings.Contains(known, " "+strings.ToLower(Base(s))+" ") {
		return ""
	}
	t, err := bcp.Parse(s)
	if err != nil {
		return ""
	}
	return t.String()
}

// known lists the languages that Tag accepts, each between spaces.
const known = " aa af am ar az be bg bn bs ca cs cy da de el en es et eu fa fi fil fr ga gl gu ha hi hr hu hy id is" +
	" it iw ja ka kk km kn ko ky lb lo lt lv mk ml mn mr ms mt my nb ne nl nn no pa pl ps pt ro ru si sk sl sq sr sv" +
	" sw ta te th tr uk ur uz vi zh zu he "

// Digit returns the value of a decimal digit of any script, and whether r is one. In
// Unicode, the digits of a script are ten consecutive characters. The sets of
// mathematical digits are consecutive, too, so the value is taken modulo 10.
func Digit(r rune) (value int, ok bool) {
	if !unicode.Is(unicode.Nd, r) {
		return 0, false
	}
	for unicode.Is(unicode.Nd, r-rune(value)-1) {
		value++
	}
	return value % 10, true
}

// Base returns the language of a tag, without script and region: "pt" for
// "pt-BR".
func Base(tag string) string {
	base, _, _ := strings.Cut(tag, "-")
	return base
}
