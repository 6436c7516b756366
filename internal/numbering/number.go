// Package numbering distinguishes the number of a clause from other numbers, and derives
// the id of a clause from the words of its heading without the number.
//
// Its fundamental type is Number. The number of a clause has a delimiter ("1.", "1.2", "2)",
// "(b)"), is after a numbering word ("Article 5", "§ 7", "第5条"), or is a bare integer that
// continues those of the headings around it. Every other number is one of the words: "18
// years or older" is not "16 years or older".
package numbering

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/privgen/privgen/internal/lang"
)

// A Number is the possible number at the beginning of a heading.
type Number struct {
	End  int    // its length in bytes, with the delimiter and the space after it; 0 for none
	Sure bool   // it is a clause number, whatever the headings around it are
	Word string // the numbering word before it, in lower case
	N    int    // its value, to compare it with those of the headings around it
}

// Of returns the possible number at the beginning of a heading.
func Of(title string) Number {
	if i := circumfix(title); i > 0 {
		return Number{End: i + delimiter(title[i:], false), Sure: true}
	}
	if i := wordBefore(title); i > 0 {
		if nb := behindWord(title, i, false); nb.End > 0 {
			return nb
		}
	}
	if i := wordIn(title, labels()); i > 0 {
		if nb := behindWord(title, i, true); nb.End > 0 {
			return nb
		}
	}
	if nb := ordinalNumber(title); nb.End > 0 {
		return nb
	}
	if i := enclosed(title); i > 0 {
		return Number{End: i + space(title[i:]), Sure: true}
	}
	return plainNumber(title)
}

// circumfix returns the length of a number between two characters: 第5条, 第一章, 제3조의2.
func circumfix(s string) int {
	at := 0
	for {
		units, joints := "条條章节節款项項部编編回号號篇", "のノ之"
		rest, ok := strings.CutPrefix(s[at:], "第")
		if !ok {
			if rest, ok = strings.CutPrefix(s[at:], "제"); !ok {
				return at
			}
			units, joints = "조장절항호관편부", "의"
		}
		rest = rest[space(rest):]
		n, _ := value(rest)
		if n == 0 {
			return at
		}
		rest = rest[n:]
		rest = rest[space(rest):]
		unit, size := utf8.DecodeRuneInString(rest)
		if !strings.ContainsRune(units, unit) {
			return at
		}
		rest = rest[size:]
		if joint, size := utf8.DecodeRuneInString(rest); strings.ContainsRune(joints, joint) {
			if n, _ := value(rest[size:]); n > 0 {
				rest = rest[size+n:]
			}
		}
		at = len(s) - len(rest)
	}
}

// behindWord parses the number after a numbering word of n bytes, or after a label such as
// "Table", whose number needs a delimiter to be sure.
func behindWord(title string, n int, label bool) Number {
	word := strings.ToLower(strings.TrimRight(title[:n], "."))
	at := n + space(title[n:])
	spaced := at > n
	size, v := value(title[at:])
	letter := false
	if n := enclosed(title[at:]); n > 0 { // المادة (4)
		_, open := utf8.DecodeRuneInString(title[at:])
		if in, v := value(title[at+open:]); in > 0 {
			end := at + n
			end += delimiter(title[end:], false)
			return Number{End: end, Sure: true, Word: word, N: v}
		}
	}
	if size == 0 && spaced {
		size, v = ordinal(title[at:])
	}
	if size == 0 && (spaced || word[0] >= utf8.RuneSelf) {
		if size, v = roman(title[at:]); size == 0 {
			if r, one := utf8.DecodeRuneInString(title[at:]); unicode.IsUpper(r) ||
				unicode.Is(unicode.Lo, r) && !lang.Spaceless(r) && !startsWord(title[at+one:]) {
				size, v, letter = one, int(r), true
			}
		}
	}
	if size == 0 {
		return Number{}
	}
	long := digits(title[at:]) > 2 // Section 230 immunity
	at += size
	at += suffix(title[at:])
	nb := Number{Word: word, N: v, Sure: true}
	for { // Article 6(1)(f)
		i := enclosed(title[at:])
		if i == 0 {
			break
		}
		at, nb.Sure = at+i, false
	}
	rest := title[at:]
	next, _ := utf8.DecodeRuneInString(rest)
	switch d := delimiter(rest, false); {
	case rest == "":
		nb.End = at
	case d > space(rest):
		nb.End, nb.Sure = at+d, true
	case d > 0:
		nb.End = at + d
		nb.Sure = nb.Sure && !long && !label && !cited(title, title[nb.End:]) && !(letter && word == "schedule")
	case lang.Spaceless(next) || next == '(' || next == '（' || next == '【' || next == '「':
		nb.End = at
	}
	return nb
}

// cited reports whether the words after a number show that it is a clause of another
// document: § 312 BGB, Article 6 of the GDPR.
func cited(title, rest string) bool {
	word, _, _ := strings.Cut(rest, " ")
	word = strings.TrimRight(word, ".,:;)")
	switch strings.ToLower(word) {
	case "of", "abs", "absatz", "satz", "lit", "al", "par", "para", "paragraph", "ust", "odst", "du", "de", "del",
		"della", "der", "des", "do", "da", "van", "bis", "to", "and", "und", "et", "y", "e", "o’r", "o'r":
		return true
	}
	if word == "den" { // in Irish; with a capital letter, a heading in Swedish begins with it
		return true
	}
	capitals := 0
	for _, r := range word {
		if unicode.IsUpper(r) {
			capitals++
		}
	}
	lettered := title[0] < utf8.RuneSelf // not a § before an abbreviation, so it may be a heading in capitals
	return capitals >= 2 && (strings.ToUpper(title) != title || !lettered && len(word) <= 6)
}

// ordinalNumber parses an ordinal with a delimiter after it: PRIMERA.- or, with a numbering
// word, Erster Abschnitt:
func ordinalNumber(title string) Number {
	at, v := ordinal(title)
	if at == 0 {
		return Number{}
	}
	if n := space(title[at:]); n > 0 {
		if word := wordBefore(title[at+n:]); word > 0 {
			at += n + word
		}
	}
	d := delimiter(title[at:], true)
	if rest := title[at:]; d <= space(rest) && title[at-1] != '.' && (rest != "" || !strings.Contains(title, " ")) {
		return Number{}
	}
	return Number{End: at + d, Sure: true, N: v}
}

// coded parses a letter and a number with a delimiter after them: Q3. A1)
func coded(title string) Number {
	if title[0] < 'A' || title[0] > 'Z' {
		return Number{}
	}
	size, v := value(title[1:])
	if size == 0 || digits(title[1:]) > 3 {
		return Number{}
	}
	rest := title[1+size:]
	d := delimiter(rest, true)
	question := strings.IndexByte("QFPDAR", title[0]) >= 0 // questions and answers, in several languages
	if d <= space(rest) || rest[0] != '.' && rest[0] != ')' && (rest[0] != ':' || !question) {
		return Number{}
	}
	return Number{End: 1 + size + d, Sure: true, Word: title[:1], N: v}
}

// plainNumber parses a number without a word before it.
func plainNumber(title string) Number {
	if title == "" {
		return Number{}
	}
	if nb := coded(title); nb.End > 0 {
		return nb
	}
	size, v := value(title)
	if size == 0 {
		return lettered(title)
	}
	r, _ := utf8.DecodeRuneInString(title)
	rest := title[size:]
	switch {
	case unicode.Is(unicode.No, r): // a circled number needs no delimiter
		return Number{End: size + space(rest), Sure: true}
	case unicode.IsLetter(r): // 一、
		next, n := utf8.DecodeRuneInString(rest)
		if strings.ContainsRune("、．.：:，", next) {
			return Number{End: size + n + space(rest[n:]), Sure: true}
		}
		if n := space(rest); n > 0 && size < len(title) {
			return Number{End: size + n, N: v}
		}
		return Number{}
	case digits(title) > 3:
		return Number{}
	}
	if n := suffix(rest); n > 0 { // 1º
		size, rest = size+n, rest[n:]
	}
	dotted := strings.ContainsRune(title[:size], '.')
	d := delimiter(rest, true)
	if d > space(rest) {
		end := size + d
		if n := wordAfter(title[end:]); n > 0 { // 5. cikk
			end += n + delimiter(title[end+n:], false)
		}
		return Number{End: end, Sure: true, N: v}
	}
	if n := wordAfter(rest[space(rest):]); n > 0 { // 5 §
		end := size + space(rest) + n
		return Number{End: end + delimiter(title[end:], false), Sure: true, N: v}
	}
	if d == 0 || quantity(rest[d:]) {
		return Number{}
	}
	return Number{End: size + d, Sure: dotted, N: v}
}

// lettered parses a letter or a Roman number with its delimiter: A. IV) b.
func lettered(title string) Number {
	size, _ := roman(title)
	upper := size > 0
	if size == 0 {
		size, _ = roman(strings.ToUpper(title[:min(len(title), 8)]))
	}
	if size == 0 || size < len(title) && title[size] != '.' && title[size] != ')' {
		r, one := utf8.DecodeRuneInString(title)
		if unicode.IsLetter(r) && !unicode.Is(unicode.Han, r) && (size == 0 || size > one) {
			size, upper = one, false
		}
	}
	if size == 0 {
		return Number{}
	}
	rest := title[size:]
	d := delimiter(rest, true)
	if d <= space(rest) || rest[0] == ':' || rest[0] == '-' || rest[0] == ' ' && !upper {
		return Number{}
	}
	end := size + d
	if n := wordAfter(title[end:]); n > 0 && upper { // II. fejezet
		end += n + delimiter(title[end+n:], false)
	}
	return Number{End: end, Sure: true}
}

// enclosed returns the length of a number in parentheses or brackets: (3), (b), （一）,
// [3].
func enclosed(s string) int {
	open, size := utf8.DecodeRuneInString(s)
	in := s[size:]
	if open == '[' {
		if n := digits(in); n > 0 && n < 4 && strings.HasPrefix(in[n:], "]") {
			return n + 2
		}
		return 0
	}
	if open != '(' && open != '（' {
		return 0
	}
	n, _ := value(in)
	if n == 0 || digits(in) > 3 {
		if n, _ = roman(strings.ToUpper(in[:min(len(in), 8)])); n == 0 || !closes(in[n:]) {
			r, one := utf8.DecodeRuneInString(in)
			if n = one; !unicode.IsLetter(r) {
				return 0
			}
		}
	}
	if !closes(in[n:]) {
		return 0
	}
	_, last := utf8.DecodeRuneInString(in[n:])
	return size + n + last
}

func closes(s string) bool { return strings.HasPrefix(s, ")") || strings.HasPrefix(s, "）") }

// delimiter returns the length of the delimiter after a number: punctuation marks with
// spaces around them, or only a space. After a plain number, a period, parenthesis, or
// colon must not have a space before it.
func delimiter(s string, plain bool) int {
	at := space(s)
	spaced := at > 0
	marks := 0
	for at < len(s) {
		r, size := utf8.DecodeRuneInString(s[at:])
		next, _ := utf8.DecodeRuneInString(s[at+size:])
		end := at+size == len(s)
		var ok bool
		switch r {
		case '.', ')', ']', ':', ';':
			ok = (!spaced || marks > 0 || !plain) &&
				(end || unicode.IsSpace(next) || lang.Spaceless(next) || strings.ContainsRune(".):-–—", next))
		case '-', '–', '—', '|', '/':
			ok = end || unicode.IsSpace(next)
			ok = ok && (r != '|' || spaced)
		case '、', '．', '。', '：', '）', '，', '،', '؛':
			ok = true
		}
		if !ok {
			break
		}
		at += size
		marks++
		if n := space(s[at:]); n > 0 {
			at += n
			spaced = true
		}
	}
	return at
}

// suffix returns the length of the suffix of an ordinal or of a number with a letter:
// 1º, 1er, 5a.
func suffix(s string) int {
	for _, end := range []string{".º", ".ª", "º", "ª", "°", "er", "ère", "re", "ème", "e", "o", "bis", " bis", "-bis",
		" ter", "-ter"} {
		if rest, ok := strings.CutPrefix(s, end); ok && !startsWord(rest) {
			return len(end)
		}
	}
	if len(s) > 0 && s[0]|0x20 >= 'a' && s[0]|0x20 <= 'z' && !startsWord(s[1:]) {
		return 1
	}
	return 0
}

func startsWord(s string) bool {
	r, _ := utf8.DecodeRuneInString(s)
	return IsWord(r)
}

func space(s string) int {
	return len(s) - len(strings.TrimLeftFunc(s, func(r rune) bool { return unicode.IsSpace(r) || r == '\u200b' }))
}

func digits(s string) int {
	n := 0
	for _, r := range s {
		if !unicode.IsDigit(r) {
			break
		}
		n++
	}
	return n
}

const (
	hanDigits = "〇一二三四五六七八九"
	hanTens   = "十百千廿卅"
)

// value returns the length and the value of a number in digits of any script, a circled
// number, or a number in Han characters. With points between numbers, as in 4.1, the value
// is that of the last one.
func value(s string) (size, v int) {
	for at := 0; at < len(s); {
		r, n := utf8.DecodeRuneInString(s[at:])
		digit, ok := lang.Digit(r)
		if !ok {
			next, _ := utf8.DecodeRuneInString(s[at+n:])
			if r != '.' || at == 0 || size < at || !unicode.Is(unicode.Nd, next) {
				break
			}
			at, v = at+n, 0
			continue
		}
		v = min(v*10+digit, 1<<20)
		at += n
		size = at
	}
	if size > 0 {
		return size, v
	}
	if r, n := utf8.DecodeRuneInString(s); r >= '①' && r <= '⑳' || r >= '㈠' && r <= '㈩' {
		return n, int(r)
	}
	for _, r := range s {
		i := strings.IndexRune(hanDigits, r)
		switch {
		case i >= 0:
			v += i / 3
		case strings.ContainsRune(hanTens, r):
			v = max(v, 1) * 10
		default:
			return size, v
		}
		size += utf8.RuneLen(r)
	}
	return size, v
}

// roman returns the length and the value of a Roman number in capitals without D and M.
func roman(s string) (size, v int) {
	size = len(s) - len(strings.TrimLeft(s, "IVXLC"))
	if size == 0 || size > 7 || startsWord(s[size:]) {
		return 0, 0
	}
	rest := s[:size]
	for _, d := range romanDigits {
		for strings.HasPrefix(rest, d.s) {
			v, rest = v+d.v, rest[len(d.s):]
		}
	}
	if Roman(v) != s[:size] {
		return 0, 0
	}
	return size, v
}

// Roman returns a number below 4,000 as a Roman number in capitals.
func Roman(v int) string {
	var b strings.Builder
	for _, d := range romanDigits {
		for ; v >= d.v; v -= d.v {
			b.WriteString(d.s)
		}
	}
	return b.String()
}

var romanDigits = []struct {
	v int
	s string
}{{1000, "M"}, {900, "CM"}, {500, "D"}, {400, "CD"}, {100, "C"}, {90, "XC"}, {50, "L"}, {40, "XL"}, {10, "X"},
	{9, "IX"}, {5, "V"}, {4, "IV"}, {1, "I"}}

// Counted reports for each heading of a text whether it has a number, by the possible
// numbers and the levels of all headings. A number that is not sure counts if the previous
// or the next sibling has the previous or the next number.
func Counted(of []Number, levels []int) []bool {
	out := make([]bool, len(of))
	last := map[int]int{} // by level, the last sibling with a possible number
	for i, nb := range of {
		for level := range last {
			if level > levels[i] {
				delete(last, level)
			}
		}
		out[i] = nb.End > 0 && nb.Sure
		if nb.End == 0 {
			continue
		}
		if j, ok := last[levels[i]]; ok && of[j].Word == nb.Word && of[j].N+1 == nb.N {
			out[i], out[j] = true, true
		}
		last[levels[i]] = i
	}
	return out
}
