package locale

import (
	"strings"
	"time"

	"github.com/bep/golocales"
	"golang.org/x/text/language"
)

// This file gives what reading dates of other people's texts takes: the names
// of months, and whether a numeric date begins with the month. Writing dates is
// in cldr.go.

// Months gives CLDR's names of the twelve months in a language, as they stand
// in dates: written out, and shortened. Both are nil for a tag that CLDR has no
// names for. They are the caller's.
func Months(tag string) (wide, short []string) {
	t, _ := language.Parse(tag)
	for _, name := range names(t) {
		if c := golocales.New(name); c != nil && c.MonthsWide()[0] != "M01" {
			return append(wide, c.MonthsWide()...), append(short, c.MonthsAbbreviated()...)
		}
	}
	return nil, nil
}

// MonthFirst reports whether people of a language and region write 3/4/2026
// for the fourth of March. It is not known for a language whose numeric dates
// begin with the year, for one that CLDR has no dates for, and for English
// without a region: both sides of the ocean write that.
func MonthFirst(tag string) (first, known bool) {
	t, _ := language.Parse(tag)
	base, _, region := t.Raw()
	if base.String() == "en" && region.String() == "ZZ" {
		return false, false
	}
	for _, name := range names(t) {
		c := golocales.New(name)
		if c == nil || c.MonthsWide()[0] == "M01" {
			continue
		}
		s := c.FormatDateShort(time.Date(2033, 12, 25, 0, 0, 0, 0, time.UTC))
		year, month, dom := strings.Index(s, "33"), strings.Index(s, "12"), strings.Index(s, "25")
		return month < dom, year > month && year > dom && month >= 0 && dom >= 0
	}
	return false, false
}
