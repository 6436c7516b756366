package history

import (
	"bytes"
	"strings"
	"unicode/utf8"

	bcp "golang.org/x/text/language"
)

// little are words that hardly a sentence of a language is without, and that
// its neighbors do not have.
const little = `
en the and of to we you your our with that
de und der die wir ihre nicht mit werden für oder
fr les des vous nous vos pour est une dans sur
es los las una para sus usted nosotros con del por
it che gli della per sono nostri con dei nel una
pt uma para você nós dos das não com seus ou
nl het een wij uw van voor zijn niet wordt onze
sv och att vi du som för är inte dina av
da og vi du til ikke dine der af med kan
no og vi du til ikke dine som av med kan
fi ja ei että tai ovat sekä kun sinun olemme voimme
pl się nie oraz jest lub dla przez które naszych w
cs se nebo jsou jako které vaše pro při není na
tr ve bir bu için olarak ile veya kişisel verileri da
ru и в на что не вы мы для с или
uk і та що не ви ми для або з у
`

// languageOf tells the language of a text by its little words and its script,
// as a BCP 47 tag; nothing where it cannot be told. It reads the beginning.
func languageOf(text []byte) string {
	if len(text) > 20_000 {
		text = text[:20_000]
	}
	if tag := byScript(text); tag != "" {
		return tag
	}
	counts := map[string]int{}
	all := 0
	for _, w := range bytes.FieldsFunc(bytes.ToLower(text), func(r rune) bool { return r < 'a' && r != '\'' || r > 'z' && r < 0xC0 }) {
		counts[string(w)]++
		all++
	}
	best, second, tag := 0, 0, ""
	for line := range strings.Lines(strings.TrimSpace(little)) {
		words := strings.Fields(line)
		n := 0
		for _, w := range words[1:] {
			n += counts[w]
		}
		if n > best {
			best, second, tag = n, best, words[0]
		} else if n > second {
			second = n
		}
	}
	if best < 5 || best*12 < all || best*4 < second*5 {
		return ""
	}
	return tag
}

// byScript tells the languages that have a script of their own.
func byScript(text []byte) string {
	var kana, han, hangul, arabic, hebrew, greek, thai, devanagari, all int
	for i := 0; i < len(text); {
		r, n := utf8.DecodeRune(text[i:])
		i += n
		switch {
		case r < 0x80:
			if r >= 'A' && r <= 'z' {
				all++
			}
			continue
		case r >= 0x3040 && r <= 0x30FF:
			kana++
		case r >= 0x4E00 && r <= 0x9FFF:
			han++
		case r >= 0xAC00 && r <= 0xD7A3:
			hangul++
		case r >= 0x0600 && r <= 0x06FF:
			arabic++
		case r >= 0x0590 && r <= 0x05FF:
			hebrew++
		case r >= 0x0370 && r <= 0x03FF:
			greek++
		case r >= 0x0E00 && r <= 0x0E7F:
			thai++
		case r >= 0x0900 && r <= 0x097F:
			devanagari++
		}
		all++
	}
	for _, s := range []struct {
		n   int
		tag string
	}{{kana * 3, "ja"}, {han * 2, "zh"}, {hangul, "ko"}, {arabic, "ar"}, {hebrew, "he"}, {greek, "el"}, {thai, "th"}, {devanagari, "hi"}} {
		if s.n*2 > all && all > 0 {
			return s.tag
		}
	}
	return ""
}

// languageTag gives the canonical form of what stands for a language in a
// name: de, de-DE, de_DE, pt_BR. What is hardly meant as one is none.
func languageTag(s string) string {
	s = strings.ReplaceAll(s, "_", "-")
	base, _, _ := strings.Cut(s, "-")
	if len(s) > 11 || !known[strings.ToLower(base)] {
		return ""
	}
	t, err := bcp.Parse(s)
	if err != nil {
		return ""
	}
	return t.String()
}

// known are the languages that names of files are taken to mean. The list is
// closed, since two letters mean many things: legal/us, docs/v2, tos.eu.md.
var known = wordSet(`aa af am ar az be bg bn bs ca cs cy da de el en es et eu fa fi fil fr ga gl gu ha hi hr hu hy
	id is it ja ka kk km kn ko ky lb lo lt lv mk ml mn mr ms mt my nb ne nl nn no pa pl ps pt ro ru si sk sl sq sr sv
	sw ta te th tr uk ur uz vi zh zu he iw`)

func wordSet(s string) map[string]bool {
	m := map[string]bool{}
	for _, w := range strings.Fields(s) {
		m[w] = true
	}
	return m
}
