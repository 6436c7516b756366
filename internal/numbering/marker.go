package numbering

import (
	"regexp"
	"strings"
	"unicode/utf8"

	"github.com/privgen/privgen/internal/lang"
)

var (
	letterMarker = regexp.MustCompile(`^(\pL|[ivxlc]{2,6}|[IVXLC]{2,6})([.)])[ \t]`)
	dottedMarker = regexp.MustCompile(`^((?:\d{1,3}\.)+)(\d{1,3})\.?[ \t]`)
)

// Marker returns the style and the possible numbers of the list marker at the beginning of
// a line: "()" and 1 or the letter i for "(i) x", "1." and 2 for "1.2 x". Without a marker,
// the style is empty. Letters are 1000 plus their code point.
func Marker(line string) (style string, values []int) {
	if n := enclosed(line); n > 0 {
		if r, _ := utf8.DecodeRuneInString(line[n:]); space(line[n:]) == 0 && !lang.Spaceless(r) {
			return "", nil
		}
		if line[0] == '[' {
			return "[]", numbersIn(line[1 : n-1])
		}
		return "()", numbersIn(strings.Trim(line[:n], "()（）"))
	}
	if m := dottedMarker.FindStringSubmatch(line); m != nil {
		_, v := value(m[2])
		return m[1], []int{v}
	}
	if m := letterMarker.FindStringSubmatch(line); m != nil {
		return m[2], numbersIn(m[1])
	}
	return "", nil
}

// numbersIn returns the possible numbers of a marker without its delimiters.
func numbersIn(s string) (values []int) {
	if n, v := value(s); n == len(s) {
		return []int{v}
	}
	if n, v := roman(strings.ToUpper(s)); n == len(s) {
		values = append(values, v)
	}
	if r, n := utf8.DecodeRuneInString(s); n == len(s) {
		values = append(values, 1000+int(r)) // no Roman number is as large
	}
	return values
}
