package numbering

import (
	_ "embed"
	"strings"
	"sync"
	"unicode"
	"unicode/utf8"
)

// wordsFile has a line for each language and kind of word:
//
//   - before: words before the number of a clause (article, section)
//   - after: words after it (cikk)
//   - label: words before the number of a step or table, which needs a delimiter to be sure
//   - ordinal: ordinals in the order of their values, from 1; forms are separated by slashes
//   - quantity: units; a number before one is not the number of a clause
//
// An abbreviation that ends in a period matches only with the period.
//
//go:embed words.txt
var wordsFile string

func wordSet(kind string) func() map[string]int {
	return sync.OnceValue(func() map[string]int {
		set := map[string]int{}
		for line := range strings.Lines(wordsFile) {
			words := strings.Fields(line)
			if words[0] != kind {
				continue
			}
			for i, forms := range words[2:] {
				for word := range strings.SplitSeq(forms, "/") {
					set[word] = i + 1
				}
			}
		}
		return set
	})
}

var (
	before     = wordSet("before")
	after      = wordSet("after")
	labels     = wordSet("label")
	ordinals   = wordSet("ordinal")
	quantities = wordSet("quantity")
)

// wordBefore returns the length of the numbering word at the beginning of s, in any
// language: Article, Art., §, ข้อ. It returns 0 if there is none.
func wordBefore(s string) int { return wordIn(s, before()) }

// wordAfter returns the length of the word at the beginning of s that follows numbers of
// clauses: cikk, §. It returns 0 if there is none.
func wordAfter(s string) int { return wordIn(s, after()) }

// ordinal returns the length and the value of an ordinal: premier, Second, الأولى.
func ordinal(s string) (size, v int) {
	for size < len(s) {
		r, n := utf8.DecodeRuneInString(s[size:])
		if !unicode.IsLetter(r) && !unicode.IsMark(r) && r != '’' {
			break
		}
		size += n
	}
	if v = ordinals()[strings.ToLower(s[:size])]; v == 0 {
		return 0, 0
	}
	return size, v
}

// quantity reports whether s begins with a unit of time, money, or size.
func quantity(s string) bool {
	r, _ := utf8.DecodeRuneInString(s)
	if unicode.Is(unicode.Sc, r) || strings.ContainsRune("%‰°日天歳岁歲年週周月時时円元人일세년개월시원만명", r) {
		return true
	}
	return wordIn(s, quantities()) > 0 ||
		strings.HasPrefix(s, "か月") || strings.HasPrefix(s, "个") || strings.HasPrefix(s, "個")
}

func wordIn(s string, set map[string]int) int {
	if n := len(s) - len(strings.TrimLeft(s, "§¶")); n > 0 {
		return n
	}
	n := 0
	for n < len(s) {
		r, size := utf8.DecodeRuneInString(s[n:])
		if !unicode.IsLetter(r) && !unicode.IsMark(r) && !(r == '.' && strings.HasPrefix(s, "n.º")) && r != 'º' {
			break
		}
		n += size
	}
	if n == 0 || n > 60 {
		return 0
	}
	word := strings.ToLower(s[:n])
	if n < len(s) && s[n] == '.' && (set[word+"."] > 0 || set[word] > 0) && !strings.HasPrefix(s[n:], "..") {
		return n + 1
	}
	if set[word] > 0 {
		return n
	}
	if r, one := utf8.DecodeRuneInString(word); unicode.Is(unicode.Han, r) { // 附件一, without a space
		if _, two := utf8.DecodeRuneInString(word[one:]); set[word[:one+two]] > 0 {
			return one + two
		}
	}
	return 0
}
