package lang

import (
	"unicode"
	"unicode/utf8"
)

// Spaceless reports whether a character is of a script without spaces between words.
func Spaceless(r rune) bool {
	return r >= 0x0E00 && unicode.In(r, unicode.Han, unicode.Hiragana, unicode.Katakana, unicode.Thai, unicode.Lao,
		unicode.Khmer, unicode.Myanmar)
}

// SpacelessWord reports whether a word is of such a script. There, a "word" of markdown.Word
// is only one or a few characters.
func SpacelessWord(word string) bool {
	r, _ := utf8.DecodeRuneInString(word)
	return Spaceless(r)
}
