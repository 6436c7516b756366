package locale

import (
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/bep/golocales"
	"golang.org/x/text/language"

	"github.com/privgen/privgen/internal/day"
)

// This file writes dates and numbers with the tables of golocales, and adds
// what the library does not have: native digits, the grouping of numbers, three
// patterns, and which of its locales are empty.

// Date returns a day in the format of the language and region, with the name of
// the month. It returns "" for the zero Day.
func (l *Locale) Date(d day.Day) string {
	if l.cldr == nil || d.IsZero() {
		return d.String()
	}
	s := l.cldr.FormatDateLong(time.Date(d.Year, d.Month, d.Dom, 0, 0, 0, 0, time.UTC))
	if l.mend != nil {
		s = l.mend(s, d.Month)
	}
	return l.native(s)
}

// Date returns a day in the format of a language. Privgen need not have words in it.
func Date(d day.Day, lang string) string {
	t, _ := language.Parse(lang)
	l := &Locale{Tag: lang}
	l.setCLDR(t)
	return l.Date(d)
}

// Number returns a number, grouped as in the language: 1,234 or 1.234 or 1234.
func (l *Locale) Number(n int) string {
	s := strconv.Itoa(n)
	sign := ""
	if n < 0 {
		sign, s = s[:1], s[1:]
	}
	return sign + l.native(l.number.group(s))
}

// native replaces Latin digits with those of the locale.
func (l *Locale) native(s string) string {
	if l.digit == 0 {
		return s
	}
	return strings.Map(func(r rune) rune {
		if '0' <= r && r <= '9' {
			return l.digit + r - '0'
		}
		return r
	}, s)
}

// translator returns CLDR's data for a tag, or nil if it has no names of months. M01 is the
// name of January in CLDR's root: then the locale exists but has no data.
func translator(t language.Tag) golocales.Translator {
	for _, name := range names(t) {
		if c := golocales.New(name); c != nil && c.MonthsWide()[0] != "M01" {
			return c
		}
	}
	return nil
}

// setCLDR sets what depends on CLDR's data for the tag.
func (l *Locale) setCLDR(t language.Tag) {
	if l.cldr = translator(t); l.cldr == nil {
		return
	}
	base, _ := t.Base()
	l.mend = mending(base.String(), l.cldr.MonthsWide())
	for zero, list := range digits {
		if isIn(list, t) {
			l.digit = zero
		}
	}
	separator := strings.Trim(l.cldr.FormatNumber(1234, 0), "1234")
	if l.digit == '٠' || l.digit == '۰' {
		separator = "٬" // CLDR's group symbol of arab and arabext
	}
	l.number = number{separator, isIn(late, t), isIn(lakh, t)}
}

// mending returns a function that corrects the long dates that golocales writes
// in a language, or nil if they are right.
func mending(base string, months []string) func(s string, m time.Month) string {
	switch base {
	case "th":
		// CLDR's pattern is "d MMMM G y", with the era, which golocales does
		// not replace; this is CLDR's eraAbbr for AD.
		return func(s string, _ time.Month) string { return strings.Replace(s, "G", "ค.ศ.", 1) }
	case "la":
		// CLDR's pattern is "'die' d MMMM y G"; the era is not needed for
		// present years.
		return func(s string, _ time.Month) string { return strings.TrimSuffix(s, " G") }
	case "yo":
		// CLDR's pattern is "d MMM y", and its abbreviated months are the full
		// names; golocales has no data for them.
		return func(s string, m time.Month) string { return strings.Replace(s, "  ", " "+months[m-1]+" ", 1) }
	}
	return nil
}

// digits lists the locales whose default numbering system in CLDR is not Latin, by the
// digit zero of that system. A locale is a language (ckb), a language in a script
// (sd-Arab), or a language in a region (ar-EG).
var digits = map[rune]string{
	'٠': "ar-BH ar-DJ ar-EG ar-ER ar-IL ar-IQ ar-JO ar-KM ar-KW ar-LB ar-MR ar-OM ar-PS ar-QA ar-SA ar-SD ar-SO " +
		"ar-SS ar-SY ar-TD ar-YE ckb sd-Arab",
	'۰': "fa lrc mzn ps ks-Arab pa-Arab uz-Arab ur-IN",
	'০': "as bn mni",
	'०': "bgc bho mr ne raj sa",
	'၀': "my",
	'༠': "dz",
	'𑄶': "ccp",
	'𞥐': "ff-Adlm",
	'߀': "nqo",
	'᱐': "sat",
}

// Locales, written as in digits. ZZ is the region of a tag without one.
const (
	// late lists those whose minimumGroupingDigits in CLDR is 2.
	late = "be bg et hu hy ia ie it ka lv pl sl sq es-ZZ es-EA es-ES es-GQ es-IC es-PH " +
		"pt-CH pt-CV pt-GQ pt-GW pt-LU pt-MO pt-MZ pt-PT pt-ST pt-TL ru-UA"
	// lakh lists those whose decimal pattern in CLDR is #,##,##0.
	lakh = "as bn brx ccp dz gu hi kok kxv ml mr ne or sa te xnr pa-Guru ta-ZZ ta-IN ta-LK en-IN"
)

// isIn reports whether a list has the locale of a tag.
func isIn(list string, t language.Tag) bool {
	base, _, region := t.Raw()
	script, _ := t.Script()
	return slices.ContainsFunc(strings.Fields(list), func(name string) bool {
		lang, part, _ := strings.Cut(name, "-")
		return lang == base.String() && (part == "" || part == script.String() || part == region.String())
	})
}

// A number describes how a locale groups digits.
type number struct {
	separator string
	late      bool // four digits are not grouped: 1234, 12.345
	lakh      bool // groups of two above the thousands: 12,34,567
}

func (n number) group(s string) string {
	if n.separator == "" || len(s) < 4 || len(s) == 4 && n.late {
		return s
	}
	size := 3
	if n.lakh {
		size = 2
	}
	head, tail := s[:len(s)-3], n.separator+s[len(s)-3:]
	for len(head) > size {
		head, tail = head[:len(head)-size], n.separator+head[len(head)-size:]+tail
	}
	return head + tail
}
