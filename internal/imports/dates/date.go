package dates

import (
	"slices"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"

	"github.com/privgen/privgen/internal/day"
	"github.com/privgen/privgen/internal/locale"
)

// This file parses dates as people write them: 1. Mai 2024, May 1st, 2024,
// 2024年5月1日, ngày 1 tháng 5 năm 2024, 01/05/2024.

// A written date is a date found in a view.
type written struct {
	from, to int       // offsets in the view
	readings []day.Day // one, or two if day and month are ambiguous
	order    byte      // of a numeric date: day ('d') or month ('m') first, or 0
	sep      byte      // of a numeric date: . / or -
}

// A token is a number, a word, or a sign of a line.
type token struct {
	from, to int
	n        int    // the number, or -1
	word     string // a word after fold, or a sign
	first    int    // the length of its first letter
}

func (t token) number(low, high, digits int) bool {
	return t.n >= low && t.n <= high && t.to-t.from <= digits
}

func (t token) year() bool { return t.to-t.from == 4 && t.number(1990, 2100, 4) }

// tokens splits a text into tokens, without spaces.
func tokens(s string, offset int) (out []token) {
	for i := 0; i < len(s); {
		r, n := utf8.DecodeRuneInString(s[i:])
		switch {
		case '0' <= r && r <= '9':
			end, value := i, 0
			for end < len(s) && '0' <= s[end] && s[end] <= '9' {
				value = min(value*10+int(s[end]-'0'), 1<<20)
				end++
			}
			out = append(out, token{offset + i, offset + end, value, "", 1})
			i = end
		case unicode.IsLetter(r):
			end := i + n
			for end < len(s) {
				r2, n2 := utf8.DecodeRuneInString(s[end:])
				letter := unicode.IsLetter(r2) || unicode.IsMark(r2)
				if !letter || unicode.In(r2, unicode.Han) != unicode.In(r, unicode.Han) {
					break
				}
				end += n2
			}
			out = append(out, token{offset + i, offset + end, -1, fold(s[i:end]), n})
			i = end
		case unicode.IsSpace(r):
			i += n
		default:
			out = append(out, token{offset + i, offset + i + n, -1, s[i : i+n], n})
			i += n
		}
	}
	return out
}

// fold removes case and accents, which are often omitted.
func fold(s string) string {
	return strings.Map(func(r rune) rune {
		switch {
		case unicode.Is(unicode.Mn, r):
			return -1
		case r == 'ı':
			return 'i'
		}
		return r
	}, norm.NFD.String(strings.ToLower(s)))
}

// A calendar has the names of months in a few languages.
type calendar map[string]time.Month

func calendarOf(langs []string) calendar {
	c := calendar{"sept": 9}
	for _, lang := range slices.Backward(langs) { // the first language wins
		wide, short := locale.Months(lang)
		for _, names := range [][]string{short, wide} {
			for i, name := range names {
				words := tokens(name, 0)
				for _, w := range words {
					if w.n < 0 && (utf8.RuneCountInString(w.word) >= 3 || w.word[0] >= 0x80) {
						c[w.word] = time.Month(i + 1)
					}
				}
			}
		}
	}
	return c
}

// month returns the month that a token names, or 0.
func (c calendar) month(t token) time.Month {
	if t.n >= 0 {
		return 0
	}
	if m := c[t.word]; m != 0 {
		return m
	}
	return c[strings.TrimPrefix(t.word, "ב")] // in Hebrew, "in" is a prefix of the month
}

// A part is a year ('y'), or one that may be of the Thai calendar ('Y'), a month by
// number ('m') or name ('n'), a day ('d'), or the Vietnamese word for month ('t').
type part struct {
	kind byte
	skip [][]string // words and signs that may be before it, at most three of each list
}

// ordinals follow the number of a day, and between are inside dates.
var (
	ordinals = strings.Fields("st nd rd th er ère ere re e o º ª ° . , go gia jen ja tes ter")
	between  = strings.Fields("of de del d ta fomhair da do di den der la le the el af från fra dnia . , - / ’ ' º ª ° g a e")
)

// forms are the dates with a month's name, and the Vietnamese ones.
var forms = [][]part{
	// 2024. május 1., 2024 m. gegužės 1 d., 2024-May-01
	{{kind: 'y'}, {'n', [][]string{{".", ",", "-", "m", "年"}}}, {'d', [][]string{{"-", ".", ","}}}},
	// 1. Mai 2024, 1st of May, 2024, 1 de mayo de 2024
	{{kind: 'd'}, {'n', [][]string{ordinals, between}}, {'Y', [][]string{append([]string{"ค", "ศ", "พ"}, between...)}}},
	// May 1, 2024, May 1st 2024
	{{kind: 'n'}, {'d', [][]string{{".", "the", "-"}}}, {'y', [][]string{ordinals, {",", "-", ".", "of"}}}},
	// 1 tháng 5 năm 2024, 1 tháng 5, 2024
	{{kind: 'd'}, {kind: 't'}, {kind: 'm'}, {'y', [][]string{{",", "nam"}}}},
}

// match parses a date of a form that starts at token i. It returns the index of the
// token after the date, or i if there is no date.
func (c calendar) match(form []part, ts []token, i int) (y, m, d, next int) {
	at := i
	for _, p := range form {
		for _, words := range p.skip {
			for n := 0; n < 3 && at < len(ts) && ts[at].n < 0 && slices.Contains(words, ts[at].word); n++ {
				at++
			}
		}
		if at >= len(ts) {
			return 0, 0, 0, i
		}
		t, ok := ts[at], true
		switch p.kind {
		case 'y', 'Y':
			y, ok = t.n, t.year() || p.kind == 'Y' && t.number(2533, 2643, 4)
		case 'm':
			m, ok = t.n, t.number(1, 12, 2)
		case 'n':
			m = int(c.month(t))
			ok = m != 0
		case 'd':
			d, ok = t.n, t.number(1, 31, 2)
		case 't':
			ok = t.word == "thang"
		}
		if !ok {
			return 0, 0, 0, i
		}
		at++
	}
	return y, m, d, at
}

// datesIn returns the dates in a line of a view.
func (c calendar) datesIn(s string, offset int) (out []written) {
	ts := tokens(s, offset)
	for i := 0; i < len(ts); {
		if w, next := c.dateAt(ts, i); next > i {
			out = append(out, w)
			i = next
			continue
		}
		i++
	}
	return out
}

// In returns all dates in a text, whatever they are about, in the order of their
// offsets. It sets only their readings and offsets. The digits of the text must be
// ASCII.
func In(text, lang string) (out []StatedDate) {
	for _, w := range calendarOf([]string{lang, "en"}).datesIn(text, 0) {
		out = append(out, StatedDate{Readings: w.readings, Start: w.from, End: w.to})
	}
	return out
}

// dateAt parses a date that starts at token i. It returns the index of the token
// after the date, or i if there is no date.
func (c calendar) dateAt(ts []token, i int) (written, int) {
	made := func(y, m, d, next int) (written, int) {
		date, ok := Civil(y, m, d)
		if !ok || next == i {
			return written{}, i
		}
		last := ts[next-1]
		if last.n < 0 {
			last.to = last.from + last.first // 日より: the rest is part of the sentence
		}
		return written{from: ts[i].from, to: last.to, readings: []day.Day{date}}, next
	}
	if w, next := made(asian(ts, i)); next > i {
		return w, next
	}
	if w, next := made(yearFirst(ts, i)); next > i {
		return w, next
	}
	for _, form := range forms {
		if w, next := made(c.match(form, ts, i)); next > i {
			return w, next
		}
	}
	return numeric(ts, i)
}

// Civil returns the day with these numbers; ok reports whether it exists and is in
// the years 1990 to 2100. Years above 2500 are those of the Thai calendar.
func Civil(y, m, d int) (date day.Day, ok bool) {
	if y > 2500 {
		y -= 543
	}
	if y < 1990 || y > 2100 || m < 1 || m > 12 || d < 1 || d > day.DaysIn(y, time.Month(m)) {
		return day.Day{}, false
	}
	return day.Day{Year: y, Month: time.Month(m), Dom: d}, true
}

// asian parses 2024年5月1日, 令和6年5月1日, and 2024년 5월 1일.
func asian(ts []token, i int) (y, m, d, next int) {
	start, era := i, 0
	if era = map[string]int{"令和": 2018, "平成": 1988}[ts[i].word]; era != 0 {
		i++
	}
	if i+6 > len(ts) || ts[i].n < 0 || ts[i+2].n < 0 || ts[i+4].n < 0 {
		return 0, 0, 0, start
	}
	for k, sign := range []string{"年년", "月월", "日일号號"} {
		r, _ := utf8.DecodeRuneInString(norm.NFC.String(ts[i+1+2*k].word))
		if !strings.ContainsRune(sign, r) {
			return 0, 0, 0, start
		}
	}
	return ts[i].n + era, ts[i+2].n, ts[i+4].n, i + 6
}

// yearFirst parses 2024-05-01, 2024/5/1, and 2024. 5. 1.
func yearFirst(ts []token, i int) (y, m, d, next int) {
	if i+5 > len(ts) || !ts[i].year() || !separated(ts, i) || !ts[i+2].number(1, 12, 2) || !ts[i+4].number(1, 31, 2) {
		return 0, 0, 0, i
	}
	return ts[i].n, ts[i+2].n, ts[i+4].n, i + 5
}

// separated reports whether the tokens i+1 and i+3 are the same separator, next to
// the numbers.
func separated(ts []token, i int) bool {
	sep := ts[i+1].word
	if sep != ts[i+3].word || sep != "." && sep != "/" && sep != "-" {
		return false
	}
	loose := 0
	if sep == "." {
		loose = 1 // 1. 5. 2024
	}
	return ts[i+1].from == ts[i].to && ts[i+3].from == ts[i+2].to &&
		ts[i+2].from-ts[i+1].to <= loose && ts[i+4].from-ts[i+3].to <= loose
}

// numeric parses 01/05/2024, with both readings if both are possible.
func numeric(ts []token, i int) (written, int) {
	if i+5 > len(ts) || !ts[i].number(1, 31, 2) || !ts[i+2].number(1, 31, 2) || !ts[i+4].year() ||
		!separated(ts, i) {
		return written{}, i
	}
	if i > 0 && ts[i-1].to == ts[i].from && (ts[i-1].word == ts[i+1].word || ts[i-1].word == "§") {
		return written{}, i // a part of a longer number: 10.1.5.2024
	}
	w := written{from: ts[i].from, to: ts[i+4].to, sep: ts[i+1].word[0]}
	a, aOK := Civil(ts[i+4].n, ts[i+2].n, ts[i].n)
	b, bOK := Civil(ts[i+4].n, ts[i].n, ts[i+2].n)
	switch {
	case aOK && bOK && a != b:
		w.readings = []day.Day{a, b} // the day first, the month first
	case aOK:
		w.readings = []day.Day{a}
		w.order = 'd'
	case bOK:
		w.readings = []day.Day{b}
		w.order = 'm'
	default:
		return written{}, i
	}
	if a == b {
		w.order = 0
	}
	return w, i + 5
}
