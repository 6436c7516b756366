package locale

import (
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

// setCLDR finds CLDR's data for the tag.
func (l *Locale) setCLDR(t language.Tag) {
	for _, name := range names(t) {
		if l.cldr = golocales.New(name); l.cldr != nil {
			break
		}
	}
	if l.cldr == nil {
		return
	}
	months := l.cldr.MonthsWide()
	if months[0] == "M01" {
		// This is the name of January in CLDR's root: the locale exists but has
		// no data.
		l.cldr = nil
		return
	}
	base, _, region := t.Raw()
	script, _ := t.Script()
	l.mend = mending(base.String(), months)
	l.digit = zero(base.String(), script.String(), region.String())
	separator := strings.Trim(l.cldr.FormatNumber(1234, 0), "1234")
	if l.digit == '٠' || l.digit == '۰' {
		separator = "٬" // CLDR's group symbol of arab and arabext
	}
	l.number = number{separator, late(base.String(), region.String()),
		lakh(base.String(), script.String(), region.String())}
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

// zero returns the digit zero of CLDR's default numbering system for a
// language, or 0 if that is Latin.
func zero(base, script, region string) rune {
	switch base {
	case "ar":
		switch region {
		case "BH", "DJ", "EG", "ER", "IL", "IQ", "JO", "KM", "KW", "LB", "MR",
			"OM", "PS", "QA", "SA", "SD", "SO", "SS", "SY", "TD", "YE":
			return '٠'
		}
	case "ckb":
		return '٠'
	case "sd":
		if script == "Arab" {
			return '٠'
		}
	case "fa", "lrc", "mzn", "ps":
		return '۰'
	case "ks", "pa", "uz":
		if script == "Arab" {
			return '۰'
		}
	case "ur":
		if region == "IN" {
			return '۰'
		}
	case "as", "bn", "mni":
		return '০'
	case "bgc", "bho", "mr", "ne", "raj", "sa":
		return '०'
	case "my":
		return '၀'
	case "dz":
		return '༠'
	case "ccp":
		return '𑄶'
	case "ff":
		if script == "Adlm" {
			return '𞥐'
		}
	case "nqo":
		return '߀'
	case "sat":
		return '᱐'
	}
	return 0
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

// late reports whether CLDR's minimumGroupingDigits is 2.
func late(base, region string) bool {
	switch base {
	case "be", "bg", "et", "hu", "hy", "ia", "ie", "it", "ka", "lv", "pl", "sl", "sq":
		return true
	case "es":
		switch region {
		case "ZZ", "EA", "ES", "GQ", "IC", "PH":
			return true
		}
	case "pt":
		switch region {
		case "CH", "CV", "GQ", "GW", "LU", "MO", "MZ", "PT", "ST", "TL":
			return true
		}
	case "ru":
		return region == "UA"
	}
	return false
}

// lakh reports whether CLDR's decimal pattern is #,##,##0.
func lakh(base, script, region string) bool {
	switch base {
	case "as", "bn", "brx", "ccp", "dz", "gu", "hi", "kok", "kxv", "ml", "mr", "ne", "or", "sa", "te", "xnr":
		return true
	case "pa":
		return script == "Guru"
	case "ta":
		return region == "ZZ" || region == "IN" || region == "LK"
	case "en":
		return region == "IN"
	}
	return false
}
