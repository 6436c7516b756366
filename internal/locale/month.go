package locale

import (
	"slices"
	"strings"
	"time"

	"golang.org/x/text/language"
)

// This file helps to parse dates in other texts: it has the names of months, and
// whether a numeric date begins with the month. cldr.go writes dates.

// Months returns CLDR's names of the twelve months in a language, in the form
// that dates use: full and abbreviated. Both are nil for a tag without names in
// CLDR. The caller owns the slices.
func Months(tag string) (wide, short []string) {
	t, _ := language.Parse(tag)
	c := translator(t)
	if c == nil {
		return nil, nil
	}
	return slices.Clone(c.MonthsWide()), slices.Clone(c.MonthsAbbreviated())
}

// MonthFirst reports whether 3/4/2026 is the fourth of March in a language and
// region. It is not known for a language whose numeric dates begin with the
// year, for one without dates in CLDR, and for English without a region, where
// both orders are usual.
func MonthFirst(tag string) (first, known bool) {
	t, _ := language.Parse(tag)
	base, _, region := t.Raw()
	if base.String() == "en" && region.String() == "ZZ" {
		return false, false
	}
	c := translator(t)
	if c == nil {
		return false, false
	}
	s := c.FormatDateShort(time.Date(2033, 12, 25, 0, 0, 0, 0, time.UTC))
	year, month, dom := strings.Index(s, "33"), strings.Index(s, "12"), strings.Index(s, "25")
	return month < dom, year > month && year > dom && month >= 0 && dom >= 0
}
